#include "harness/profile/statement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/address.h"
#include "harness/base/blob.h"
#include "harness/base/clock.h"
#include "harness/base/num.h"
#include "harness/base/take.h"
#include "harness/base/xml.h"
#include "harness/profile/statement_parts.h"

#define MOST_DEVICES 10000000
/* Ids of peers that the statement gives none: locally administered, one each. */
#define PEER_FIRST_ID UINT64_C(0x0200474100000000)
#define MOST_SPACING_NS (INT64_C(366) * 86400 * NS_PER_S)

static void take_endpoint(struct take *t, xmlNodePtr node, struct statement_endpoint *p)
{
    uint8_t addr[ADDRESS_BYTES];
    p->address = take_text(t, node, "address");
    p->port = (uint16_t)take_i64(t, node, "port", 1, UINT16_MAX);
    p->path = take_text(t, node, "path");
    p->tls = take_bool(t, node, "tls");
    p->line = xmlGetLineNo(node);
    if (t->rc == ERR_OK && address_read(p->address, addr) == 0)
        take_fault(t, node, "address=\"%s\", expected a numeric IPv4 or IPv6 address", p->address);
}

/* Consecutive ids of a group or of a played population. */
static void take_ids(struct take *t, xmlNodePtr node, uint64_t *first, uint32_t *count)
{
    const char *id = take_text(t, node, "first-id");
    *count = (uint32_t)take_i64(t, node, "count", 1, MOST_DEVICES);
    if (t->rc == ERR_OK && !num_hex64(id, strlen(id), first))
        take_fault(t, node, "first-id=\"%s\", expected 16 hex digits", id);
    if (t->rc == ERR_OK && *first > UINT64_MAX - *count)
        take_fault(t, node, "first-id=\"%s\" leaves no room for %u ids", id, *count);
}

static bool ids_overlap(uint64_t x, uint32_t n_x, uint64_t y, uint32_t n_y)
{
    return x < y + n_y && y < x + n_x;
}

static void take_groups(struct take *t, xmlNodePtr root, struct statement *s)
{
    struct statement_group *g = take_array(t, root, "group", sizeof *g, &s->n_group);
    s->group = g;
    xmlNodePtr node = xml_child(root, "group");
    for (size_t i = 0; i < s->n_group; i++, node = xml_next(node, "group")) {
        g[i].actor = take_text(t, node, "actor");
        g[i].device_class = take_text_or(t, node, "class", "");
        g[i].line = xmlGetLineNo(node);
        take_ids(t, node, &g[i].first_id, &g[i].count);
        for (size_t j = 0; t->rc == ERR_OK && j < i; j++)
            if (ids_overlap(g[i].first_id, g[i].count, g[j].first_id, g[j].count))
                take_fault(t, node, "ids overlap those of the group in line %ld", g[j].line);
    }
}

static void take_peers(struct take *t, xmlNodePtr root, struct statement *s)
{
    struct statement_endpoint *p = take_array(t, root, "peer", sizeof *p, &s->n_peer);
    s->peer = p;
    xmlNodePtr node = xml_child(root, "peer");
    for (size_t i = 0; i < s->n_peer; i++, node = xml_next(node, "peer")) {
        p[i].actor = take_text(t, node, "actor");
        take_endpoint(t, node, &p[i]);
        p[i].device_class = take_text_or(t, node, "class", "");
        p[i].first_id = PEER_FIRST_ID + i;
        p[i].count = 1;
        if (take_text_or(t, node, "first-id", NULL) != NULL)
            take_ids(t, node, &p[i].first_id, &p[i].count);
        for (size_t j = 0; t->rc == ERR_OK && j < i; j++)
            if (ids_overlap(p[i].first_id, p[i].count, p[j].first_id, p[j].count))
                take_fault(t, node, "ids overlap those of the peer in line %ld", p[j].line);
        for (size_t j = 0; t->rc == ERR_OK && j < s->n_group; j++) {
            const struct statement_group *g = &s->group[j];
            if (ids_overlap(p[i].first_id, p[i].count, g->first_id, g->count))
                take_fault(t, node, "ids overlap those of the group in line %ld", g->line);
        }
    }
}

static void take_inside(struct take *t, xmlNodePtr root, struct statement *s)
{
    struct statement_endpoint *p = take_array(t, root, "inside", sizeof *p, &s->n_inside);
    s->inside = p;
    xmlNodePtr node = xml_child(root, "inside");
    for (size_t i = 0; i < s->n_inside; i++, node = xml_next(node, "inside")) {
        p[i].actor = take_text(t, node, "actor");
        take_endpoint(t, node, &p[i]);
        bool taken = p[i].port == s->eut.port && strcmp(p[i].address, s->eut.address) == 0;
        for (size_t k = 0; t->rc == ERR_OK && k < s->n_peer + i; k++) {
            const struct statement_endpoint *o = k < s->n_peer ? &s->peer[k] : &p[k - s->n_peer];
            taken = taken || (o->port == p[i].port && strcmp(o->address, p[i].address) == 0);
        }
        if (t->rc == ERR_OK && taken)
            take_fault(t, node,
                       "%s port %u has a meaning already, expected a place of its own: messages "
                       "there belong to no trial",
                       p[i].address, p[i].port);
    }
}

static void take_stimuli(struct take *t, xmlNodePtr root, struct statement *s)
{
    struct statement_stimulus *m = take_array(t, root, "stimulus", sizeof *m, &s->n_stimulus);
    s->stimulus = m;
    xmlNodePtr node = xml_child(root, "stimulus");
    for (size_t i = 0; i < s->n_stimulus; i++, node = xml_next(node, "stimulus")) {
        m[i].line = xmlGetLineNo(node);
        m[i].name = take_text(t, node, "name");
        m[i].method = take_text(t, node, "method");
        bool post = strcmp(m[i].method, "POST") == 0;
        m[i].url = take_text(t, node, post ? "url" : "text");
        m[i].credential = take_text_or(t, node, "credential", NULL);
        if (t->rc == ERR_OK && post && strncmp(m[i].url, "http://", 7) != 0 &&
            strncmp(m[i].url, "https://", 8) != 0)
            take_fault(t, node, "url=\"%s\", expected http:// or https://", m[i].url);
        for (size_t j = 0; t->rc == ERR_OK && j < i; j++)
            if (strcmp(m[j].name, m[i].name) == 0)
                take_fault(t, node, "stimulus \"%s\" is declared twice", m[i].name);
    }
}

static void take_duties(struct take *t, xmlNodePtr root, struct statement *s)
{
    struct statement_duty *d = take_array(t, root, "duty", sizeof *d, &s->n_duty);
    s->duty = d;
    xmlNodePtr node = xml_child(root, "duty");
    for (size_t i = 0; i < s->n_duty; i++, node = xml_next(node, "duty")) {
        d[i].payload = take_text(t, node, "payload");
        d[i].most = (uint32_t)take_i64_or(t, node, "most", 1, UINT32_MAX, 0);
        d[i].spacing_ns = take_fixed_or(t, node, "spacing-s", NS_PER_S, 0, MOST_SPACING_NS, 0);
        d[i].why = take_text(t, node, "why");
        d[i].line = xmlGetLineNo(node);
    }
}

const char *statement_beside(struct take *t, const char *name, const char *statement)
{
    const char *slash = strrchr(statement, '/');
    size_t folder = name[0] == '/' || slash == NULL ? 0 : (size_t)(slash - statement) + 1;
    size_t size = folder + strlen(name) + 1;
    char *path = take_room(t, size);
    if (path == NULL)
        return NULL;
    (void)snprintf(path, size, "%.*s%s", (int)folder, statement, name);
    return path;
}

static const char *take_file(struct take *t, xmlNodePtr node, const char *attr,
                             const char *statement)
{
    const char *name = take_text(t, node, attr);
    const char *path = statement_beside(t, name, statement);
    if (path != NULL && access(path, R_OK) == -1)
        take_fault(t, node, "%s=\"%s\": %s cannot be read", attr, name, path);
    return path;
}

static void take_content(struct take *t, xmlNodePtr node, struct statement_image *m)
{
    struct buf content;
    struct err e = ERR_INIT;
    char *digest = take_room(t, SHA256_HEX_BYTES);
    const char *given = take_text_or(t, node, "sha256", NULL);
    if (t->rc != ERR_OK)
        return;
    enum err_code rc = blob_read(m->path, &content, digest, &e);
    m->bytes = content.len;
    m->digest = digest;
    buf_release(&content);
    if (rc != ERR_OK && rc != ERR_DATA)
        t->rc = err_set(t->e, rc, "%s", e.text);
    else if (rc != ERR_OK)
        take_fault(t, node, "file=\"%s\": %s", m->file, e.text);
    else if (given != NULL && strcmp(given, digest) != 0)
        take_fault(t, node, "file=\"%s\": %s has the SHA-256 %s, expected %s", m->file, m->path,
                   digest, given);
}

static void take_images(struct take *t, xmlNodePtr root, struct statement *s)
{
    struct statement_image *m = take_array(t, root, "image", sizeof *m, &s->n_image);
    s->image = m;
    xmlNodePtr node = xml_child(root, "image");
    for (size_t i = 0; i < s->n_image && t->rc == ERR_OK; i++, node = xml_next(node, "image")) {
        m[i].payload = take_text(t, node, "payload");
        m[i].file = take_text(t, node, "file");
        m[i].version = take_text(t, node, "version");
        m[i].line = xmlGetLineNo(node);
        m[i].path = take_file(t, node, "file", s->path);
        take_content(t, node, &m[i]);
        for (size_t j = 0; t->rc == ERR_OK && j < i; j++)
            if (strcmp(m[j].payload, m[i].payload) == 0)
                take_fault(t, node, "\"%s\" has an image in line %ld already", m[i].payload,
                           m[j].line);
    }
}

static void take_tls(struct take *t, xmlNodePtr root, struct statement *s)
{
    bool wanted = s->eut.tls;
    for (size_t i = 0; i < s->n_peer; i++)
        wanted = wanted || s->peer[i].tls;
    xmlNodePtr node = xml_child(root, "tls");
    if (node == NULL) {
        if (wanted)
            take_fault(t, root, "an endpoint says tls=\"yes\", expected a <tls> with its files");
        return;
    }
    s->tls_ca = take_file(t, node, "ca", s->path);
    if (xml_attr(node, "certificate") != NULL) {
        s->tls_certificate = take_file(t, node, "certificate", s->path);
        s->tls_key = take_file(t, node, "key", s->path);
    }
}

/* The address and port of "http://127.0.0.1:18470/...", "http://[::1]:18470/...". */
static void find_control(struct take *t, struct statement *s)
{
    const char *url = NULL;
    for (size_t i = 0; url == NULL && i < s->n_stimulus; i++)
        if (strncmp(s->stimulus[i].url, "http://", 7) == 0 &&
            strcmp(s->stimulus[i].method, "POST") == 0)
            url = s->stimulus[i].url + 7;
    if (url == NULL || t->rc != ERR_OK)
        return;
    const char *end = url + strcspn(url, "/?");
    const char *host = url[0] == '[' ? url + 1 : url;
    const char *host_end = host + strcspn(host, url[0] == '[' ? "]/" : ":/?");
    const char *colon = url[0] == '[' && *host_end == ']' ? host_end + 1 : host_end;
    uint64_t port = 0;
    if (*colon != ':' || !num_u64(colon + 1, (size_t)(end - colon - 1), 1, UINT16_MAX, &port))
        return;
    uint8_t addr[ADDRESS_BYTES];
    char *address = take_room(t, (size_t)(host_end - host) + 1);
    if (address == NULL)
        return;
    memcpy(address, host, (size_t)(host_end - host));
    if (address_read(address, addr) != 0) {
        s->control_address = address;
        s->control_port = (uint16_t)port;
    }
}

static void take_statement(struct take *t, xmlNodePtr root, struct statement *s)
{
    static const char *const connections[] = {"keep-alive", "per-exchange"};
    static const char *const replies[] = {"response", "request"};
    static const char *const modes[] = {"push", "poll", "both"};
    xmlNodePtr node = xml_child(root, "identity");
    s->identity_line = xmlGetLineNo(node);
    s->vendor = take_text(t, node, "vendor");
    s->model = take_text(t, node, "model");
    s->hardware = take_text(t, node, "hardware");
    s->firmware = take_text(t, node, "firmware");
    s->firmware_digest = take_text(t, node, "firmware-sha256");
    take_groups(t, root, s);
    node = xml_child(root, "http");
    s->http_line = xmlGetLineNo(node);
    take_endpoint(t, node, &s->eut);
    s->connection_per_exchange = take_word(t, node, "connection", connections, 2) == 1;
    s->reply_by_request = take_word(t, node, "reply", replies, 2) == 1;
    s->read_back = take_bool(t, node, "read-back");
    take_peers(t, root, s);
    take_inside(t, root, s);
    take_tls(t, root, s);
    node = xml_child(root, "interval-reads");
    int mode = node == NULL ? 2 : take_word(t, node, "mode", modes, 3);
    s->push = mode != 1;
    s->poll = mode != 0;
    s->own_schedule = xml_child(root, "own-schedule") != NULL;
    take_stimuli(t, root, s);
    take_duties(t, root, s);
    take_images(t, root, s);
    statement_take_items(t, root, s);
    find_control(t, s);
}

enum err_code statement_load(const char *path, struct statement **out, struct err *e)
{
    xmlDocPtr doc = NULL;
    *out = NULL;
    struct statement *s = calloc(1, sizeof *s);
    if (s == NULL)
        return err_set(e, ERR_NOMEM, "no memory to read %s", path);
    struct take t = {&s->arena, ERR_OK, e};
    t.rc = xml_load(path, "fixtures/schemas/statement.rng", "1", &doc, s->digest, e);
    if (t.rc == ERR_OK && (s->path = arena_strdup(&s->arena, path)) == NULL)
        t.rc = err_set(e, ERR_NOMEM, "no memory to read %s", path);
    if (t.rc == ERR_OK)
        take_statement(&t, xmlDocGetRootElement(doc), s);
    xmlFreeDoc(doc);
    if (t.rc == ERR_OK)
        *out = s;
    else
        statement_free(s);
    return t.rc;
}

void statement_free(struct statement *s)
{
    if (s == NULL)
        return;
    arena_release(&s->arena);
    free(s);
}

const struct statement_endpoint *statement_peer(const struct statement *s, const char *actor)
{
    for (size_t i = 0; i < s->n_peer; i++)
        if (strcmp(s->peer[i].actor, actor) == 0)
            return &s->peer[i];
    return NULL;
}

const struct statement_stimulus *statement_stimulus_by_name(const struct statement *s,
                                                            const char *name)
{
    const struct statement_stimulus *any = NULL;
    for (size_t i = 0; i < s->n_stimulus; i++)
        if (strcmp(s->stimulus[i].name, name) == 0)
            return &s->stimulus[i];
        else if (strcmp(s->stimulus[i].name, "*") == 0)
            any = &s->stimulus[i];
    return any;
}

const struct statement_image *statement_image_for(const struct statement *s, const char *payload)
{
    for (size_t i = 0; i < s->n_image; i++)
        if (strcmp(s->image[i].payload, payload) == 0)
            return &s->image[i];
    return NULL;
}
