#include "harness/score/contradict.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/address.h"
#include "harness/base/clock.h"
#include "harness/base/num.h"

#define FOUND_MOST 200         /* different ones told; more do not tell more */
#define VERSIONS_MOST 64       /* firmware versions that we have sent */
#define CONNECTIONS_MOST 65536 /* open at a time, looked at */
#define BUCKETS 4096
#define AT_ONCE_NS NS_PER_S /* after its answer a connection is closed so soon: not for idleness */
#define CONNECTIONS_LEAST 3 /* closed so, before it is told */

struct found {
    const char *kind;
    char what[120], text[400];
    uint64_t n, frame;
};

struct link {
    struct link *next;
    uint64_t flow;
    uint32_t requests, answers;
    int64_t last_ns;
};

/* Connections of one direction: those that the equipment opens, those that it takes. */
struct tally {
    uint64_t used;   /* ended with an answered request on them */
    uint64_t once;   /* closed by the equipment right after their only exchange */
    uint64_t shared; /* more than one request on them */
    uint64_t once_frame, shared_frame;
};

struct contradict {
    const struct plan *plan;
    struct found found[FOUND_MOST];
    size_t n_found;
    bool *versioned;                 /* per binding: a field of it tells a firmware version */
    uint64_t version[VERSIONS_MOST]; /* hashes */
    size_t n_version;
    struct link *bucket[BUCKETS];
    size_t n_link;
    struct tally opened, taken; /* by the equipment */
    uint8_t addr[ADDRESS_BYTES];
    size_t addr_len; /* the declared address seen last */
};

static bool tells_version(const struct binding_field *f)
{
    return strstr(f->name, "firmware version") != NULL ||
           strstr(f->name, "firmware revision") != NULL;
}

enum err_code contradict_new(const struct plan *plan, struct contradict **out, struct err *e)
{
    *out = calloc(1, sizeof **out);
    bool *versioned = calloc(plan->n_binding + 1, sizeof *versioned);
    if (*out == NULL || versioned == NULL) {
        free(versioned);
        free(*out);
        *out = NULL;
        return err_set(e, ERR_NOMEM, "no memory for contradictions");
    }
    for (size_t i = 0; i < plan->n_binding; i++)
        for (size_t k = 0; k < plan->binding[i].n_field; k++)
            versioned[i] = versioned[i] || tells_version(&plan->binding[i].field[k]);
    (*out)->plan = plan;
    (*out)->versioned = versioned;
    return ERR_OK;
}

void contradict_free(struct contradict *c)
{
    for (size_t i = 0; c != NULL && i < BUCKETS; i++)
        while (c->bucket[i] != NULL) {
            struct link *next = c->bucket[i]->next;
            free(c->bucket[i]);
            c->bucket[i] = next;
        }
    if (c != NULL)
        free(c->versioned);
    free(c);
}

/* Once for each kind and what. */
static void find(struct contradict *c, const char *kind, const char *what, uint64_t frame,
                 const char *fmt, ...) __attribute__((format(printf, 5, 6)));
static void find(struct contradict *c, const char *kind, const char *what, uint64_t frame,
                 const char *fmt, ...)
{
    for (size_t i = 0; i < c->n_found; i++)
        if (strcmp(c->found[i].kind, kind) == 0 &&
            strncmp(c->found[i].what, what, sizeof c->found[i].what - 1) == 0) {
            c->found[i].n++;
            return;
        }
    if (c->n_found == FOUND_MOST)
        return;
    struct found *f = &c->found[c->n_found++];
    f->kind = kind;
    f->n = 1;
    f->frame = frame;
    (void)snprintf(f->what, sizeof f->what, "%s", what);
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(f->text, sizeof f->text, fmt, ap);
    va_end(ap);
}

/* ---- messages -----------------------------------------------------------------------------------
 */

/* Where neither the equipment is spoken to nor speaks to us: the calibration, and what passes
 * between its own actors, of which the statement says nothing. */
static bool is_beside(const struct plan_endpoint *p)
{
    return p->inside || strcmp(p->actor, "calibration responder") == 0;
}

/* The group of the device that a message is about, NULL; *number its id, *none: it has none. */
static const struct plan_device_group *group_of(const struct plan *p, const struct sighting *s,
                                                uint64_t *number, bool *none)
{
    int at = p->binding[s->binding].identity;
    *none = at < 0 || s->field[at] != FIELD_FINE ||
            !num_hex64(s->value[at].data, s->value[at].len, number);
    for (size_t i = 0; !*none && i < p->n_group; i++)
        if (*number - p->group[i].first_id < p->group[i].count)
            return &p->group[i];
    return NULL;
}

static void seen_denied(struct contradict *c, const struct sighting *s, const char *actor)
{
    const struct plan *p = c->plan;
    for (size_t i = 0; i < p->n_denied; i++) {
        const struct plan_denied *d = &p->denied[i];
        bool asked = s->answer || s->envelope.correlation_id.len > 0;
        char what[120];
        if (d->binding != (uint32_t)s->binding ||
            strcmp(actor == NULL ? p->eut_actors : actor, d->actor) != 0 ||
            (strcmp(d->mode, "push") == 0 && asked) || (strcmp(d->mode, "poll") == 0 && !asked))
            continue;
        (void)snprintf(what, sizeof what, "%s of %s", d->item, d->actor);
        find(c, d->mode[0] == '\0' ? "item" : "mode", what, s->first_frame,
             "the statement says no to item %s of %s, and the equipment sends %s%s%s", d->item,
             d->actor, d->payload, d->mode[0] == '\0' ? "" : ", mode ", d->mode);
    }
}

static void seen_id(struct contradict *c, const struct sighting *s, uint64_t number)
{
    find(c, "id", "devices", s->first_frame,
         "the equipment sends about devices that no group or peer of the statement has, the "
         "first is %016" PRIX64 " (%s)",
         number, c->plan->binding[s->binding].payload);
}

static uint64_t version_hash(const struct slice *v)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (uint32_t i = 0; i < v->len; i++)
        h = (h ^ (unsigned char)v->data[i]) * UINT64_C(1099511628211);
    return h;
}

/* What the equipment reports to run: the declared version, or one that it was given. */
static void seen_version(struct contradict *c, const struct sighting *s, bool from_eut)
{
    const struct binding *b = &c->plan->binding[s->binding];
    for (size_t i = 0; c->versioned[s->binding] && i < b->n_field; i++) {
        const struct slice *v = &s->value[i];
        bool known = false;
        if (s->field[i] != FIELD_FINE || !tells_version(&b->field[i]))
            continue;
        uint64_t hash = version_hash(v);
        for (size_t k = 0; k < c->n_version; k++)
            known = known || c->version[k] == hash;
        if (!from_eut) {
            if (!known && c->n_version < VERSIONS_MOST)
                c->version[c->n_version++] = hash;
            continue;
        }
        size_t len = strlen(c->plan->firmware);
        if (known || (v->len == len && memcmp(v->data, c->plan->firmware, len) == 0))
            continue;
        char what[120];
        (void)snprintf(what, sizeof what, "%.*s", (int)(v->len < 100 ? v->len : 100), v->data);
        find(c, "firmware", what, s->first_frame,
             "%s tells of firmware %s: the statement declares %s, and no such version was sent",
             b->payload, what, c->plan->firmware);
    }
}

static void seen_tls(struct contradict *c, const struct sighting *s, const struct plan_endpoint *p)
{
    char what[120];
    if (s->encrypted == p->tls || (!s->encrypted && s->health != SIGHT_OK))
        return;
    (void)snprintf(what, sizeof what, "%s:%u", p->address, p->port);
    find(c, "tls", what, s->first_frame,
         p->tls ? "the statement declares TLS at %s (%s), and messages pass in clear text"
                : "the statement declares clear text at %s (%s), and TLS is spoken",
         what, p->eut ? "the equipment" : p->actor);
}

static bool is_declared(const struct plan *p, const uint8_t *addr, size_t len)
{
    for (size_t i = 0; i < p->n_endpoint; i++)
        if (address_is(p->endpoint[i].address, addr, len))
            return true;
    return false;
}

static void address_text(const uint8_t *addr, size_t len, char *out, size_t size)
{
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0; i < len && n < size; i += len == 4 ? 1 : 2)
        n += (size_t)(len == 4 ? snprintf(out + n, size - n, "%s%u", i == 0 ? "" : ".", addr[i])
                               : snprintf(out + n, size - n, "%s%x", i == 0 ? "" : ":",
                                          (unsigned)(addr[i] << 8 | addr[i + 1])));
}

static void seen_address(struct contradict *c, const struct sighting *s,
                         const struct plan_endpoint *p)
{
    char what[64];
    if (s->addr_len == c->addr_len && memcmp(s->client_addr, c->addr, c->addr_len) == 0)
        return;
    if (is_declared(c->plan, s->client_addr, s->addr_len)) {
        c->addr_len = s->addr_len;
        memcpy(c->addr, s->client_addr, c->addr_len);
        return;
    }
    address_text(s->client_addr, s->addr_len, what, sizeof what);
    find(c, "address", what, s->first_frame,
         "requests to %s come from %s, an address that the statement does not declare", p->actor,
         what);
}

static void count_message(struct contradict *c, const struct sighting *s);

void contradict_seen(struct contradict *c, const struct sighting *s)
{
    const struct plan *p = c->plan;
    if (s->endpoint < 0 || (size_t)s->endpoint >= p->n_endpoint ||
        is_beside(&p->endpoint[s->endpoint]))
        return;
    const struct plan_endpoint *at = &p->endpoint[s->endpoint];
    bool from_eut = at->eut == s->answer;
    seen_tls(c, s, at);
    if (from_eut && !s->answer)
        seen_address(c, s, at);
    count_message(c, s);
    if (s->binding < 0 || s->health != SIGHT_OK || s->encrypted)
        return;
    uint64_t number = 0;
    bool none = true;
    const struct plan_device_group *g = from_eut ? group_of(p, s, &number, &none) : NULL;
    seen_version(c, s, from_eut);
    if (!from_eut)
        return;
    if (!none && g == NULL)
        seen_id(c, s, number);
    seen_denied(c, s, g != NULL && g->eut ? g->actor : NULL);
}

/* ---- connections --------------------------------------------------------------------------------
 */

static struct link **link_of(struct contradict *c, uint64_t flow)
{
    struct link **at = &c->bucket[flow % BUCKETS];
    while (*at != NULL && (*at)->flow != flow)
        at = &(*at)->next;
    return at;
}

static struct tally *tally_of(struct contradict *c, int endpoint)
{
    return c->plan->endpoint[endpoint].eut ? &c->taken : &c->opened;
}

static void count_message(struct contradict *c, const struct sighting *s)
{
    struct link **at = link_of(c, s->flow);
    if (*at == NULL && c->n_link < CONNECTIONS_MOST && !s->encrypted) {
        *at = calloc(1, sizeof **at);
        c->n_link += *at != NULL;
        if (*at != NULL)
            (*at)->flow = s->flow;
    }
    if (*at == NULL)
        return;
    (*at)->requests += !s->answer;
    (*at)->answers += s->answer;
    (*at)->last_ns = s->last_ns;
    if (!s->answer && (*at)->requests == 2) {
        struct tally *t = tally_of(c, s->endpoint);
        t->shared_frame = t->shared++ == 0 ? s->first_frame : t->shared_frame;
    }
}

void contradict_connection(struct contradict *c, const struct connection_event *ev)
{
    if (ev->kind != CONNECTION_CLOSED || ev->pair != 0 || ev->endpoint < 0 ||
        (size_t)ev->endpoint >= c->plan->n_endpoint)
        return;
    struct link **at = link_of(c, ev->flow), *link = *at;
    if (link == NULL)
        return;
    struct tally *t = tally_of(c, ev->endpoint);
    int eut = t == &c->taken ? 2 : 1;
    t->used += link->answers > 0;
    if (link->requests == 1 && link->answers == 1 && ev->closed_by == eut &&
        ev->ts_ns - link->last_ns <= AT_ONCE_NS)
        t->once_frame = t->once++ == 0 ? ev->frame : t->once_frame;
    *at = link->next;
    c->n_link--;
    free(link);
}

/* ---- told ---------------------------------------------------------------------------------------
 */

struct telling {
    struct result *r;
    struct result_contradiction *out;
    bool no_memory;
};

static void tell(struct telling *t, const char *kind, const char *what, const char *text,
                 uint64_t n, uint64_t frame)
{
    const char *kept_what = arena_strdup(&t->r->arena, what),
               *kept_text = arena_strdup(&t->r->arena, text);
    t->no_memory = t->no_memory || kept_what == NULL || kept_text == NULL;
    if (!t->no_memory)
        t->out[t->r->n_contradiction++] =
            (struct result_contradiction){kind, kept_what, kept_text, n, frame};
}

static void tell_tally(struct telling *t, const struct contradict *c, const struct tally *k,
                       const char *which)
{
    char text[300];
    if (!c->plan->connection_per_exchange && k->once >= CONNECTIONS_LEAST && k->shared == 0 &&
        k->once * 10 >= k->used * 9) { /* some may end for other reasons */
        (void)snprintf(text, sizeof text,
                       "the statement declares keep-alive, and of %" PRIu64
                       " connections %s the equipment closes %" PRIu64
                       " right after their only exchange",
                       k->used, which, k->once);
        tell(t, "connections", which, text, k->once, k->once_frame);
    }
    /* Those that we open are as many as the statement asks for. */
    if (c->plan->connection_per_exchange && k == &c->opened && k->shared > 0) {
        (void)snprintf(text, sizeof text,
                       "the statement declares a connection for each exchange, and %" PRIu64
                       " connection%s %s carr%s more than one request",
                       k->shared, k->shared == 1 ? "" : "s", which, k->shared == 1 ? "ies" : "y");
        tell(t, "connections", which, text, k->shared, k->shared_frame);
    }
}

bool contradict_told(const struct contradict *c, struct result *r)
{
    struct telling t = {r, arena_alloc(&r->arena, (c->n_found + 3) * sizeof *t.out), false};
    r->contradiction = t.out;
    if (t.out == NULL)
        return false;
    for (size_t i = 0; i < c->n_found; i++)
        tell(&t, c->found[i].kind, c->found[i].what, c->found[i].text, c->found[i].n,
             c->found[i].frame);
    tell_tally(&t, c, &c->opened, "that it opens");
    tell_tally(&t, c, &c->taken, "that it takes");
    return !t.no_memory;
}
