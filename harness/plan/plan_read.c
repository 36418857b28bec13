#include "harness/plan/plan_read.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/address.h"
#include "harness/base/base64.h"
#include "harness/base/clock.h"
#include "harness/base/limits.h"
#include "harness/base/num.h"
#include "harness/base/xml.h"
#include "harness/plan/method_io.h"
#include "harness/plan/terms.h"

#define DAY_NS (INT64_C(86400) * NS_PER_S)

void plan_take_index(struct take *t, xmlNodePtr node, size_t index)
{
    int64_t have = take_i64(t, node, "index", 0, INT32_MAX);
    if (t->rc == ERR_OK && (size_t)have != index)
        take_fault(t, node, "<%s> has index %lld, expected %zu", (const char *)node->name,
                   (long long)have, index);
}

static void take_claim(struct take *t, xmlNodePtr root, struct plan *p)
{
    struct plan_source *s = take_array(t, root, "source", sizeof *s, &p->n_source);
    p->source = s;
    xmlNodePtr node = xml_child(root, "source");
    for (size_t i = 0; i < p->n_source; i++, node = xml_next(node, "source")) {
        s[i].kind = take_text(t, node, "kind");
        s[i].path = take_text(t, node, "path");
        s[i].digest = take_text(t, node, "sha256");
    }
    node = xml_child(root, "claim");
    p->profile_name = take_text(t, node, "profile");
    p->profile_label = take_text(t, node, "label");
    p->claimable = take_bool(t, node, "claimable");
    node = xml_child(root, "eut");
    p->vendor = take_text(t, node, "vendor");
    p->model = take_text(t, node, "model");
    p->hardware = take_text(t, node, "hardware");
    p->firmware = take_text(t, node, "firmware");
    p->firmware_digest = take_text(t, node, "firmware-sha256");
    p->eut_actors = take_text(t, node, "actors");
    method_read(t, root, &p->method);
}

static void take_zone(struct take *t, xmlNodePtr root, struct plan *p)
{
    xmlNodePtr node = xml_child(root, "tzif");
    const char *text = xml_text(node);
    uint8_t *data = take_room(t, base64_room(strlen(text)));
    if (data == NULL)
        return;
    p->tzif = data;
    if (!base64_read(text, data, &p->tzif_len))
        take_fault(t, node, "<tzif> is not base64 (RFC 4648)");
    else if (p->tzif_len < 44 || memcmp(data, "TZif", 4) != 0)
        take_fault(t, node, "<tzif> holds no zone data, expected TZif (RFC 8536)");
}

static void take_rules(struct take *t, xmlNodePtr root, struct plan *p)
{
    static const char *const replies[] = {"response", "request"};
    xmlNodePtr node = xml_child(root, "rules");
    p->confidence_ppm = take_i64(t, node, "confidence-ppm", 500000, 999999);
    p->uncertainty_ns = take_i64(t, node, "uncertainty-ns", 0, DAY_NS);
    p->linger_ns = take_i64(t, node, "linger-ns", 0, DAY_NS);
    p->zone = take_text(t, node, "zone");
    p->time_shift_ns = take_i64(t, node, "time-shift-ns", -DAY_NS, DAY_NS);
    p->window_strict = take_bool(t, node, "window-strict");
    p->time_factor = take_i64_or(t, node, "time-factor", 1, 1000000, 1);
    take_zone(t, root, p);
    node = xml_child(root, "driving");
    p->pace_per_s = take_i64(t, node, "pace-per-s", 1, 1000000);
    p->overlap_max = (uint32_t)take_i64(t, node, "overlap-max", 1, 1000000);
    p->connection_per_exchange = take_bool(t, node, "connection-per-exchange");
    p->reply_mode = replies[take_word(t, node, "reply", replies, 2)];
    p->pap02 = take_text_or(t, node, "pap02", "");
    p->tls_ca = take_text_or(t, node, "tls-ca", NULL);
    p->tls_certificate = take_text_or(t, node, "tls-certificate", NULL);
    p->tls_key = take_text_or(t, node, "tls-key", NULL);
    p->interface = take_text(t, node, "interface");
    p->filter = take_text(t, node, "filter");
}

static void take_endpoints(struct take *t, xmlNodePtr root, struct plan *p)
{
    struct plan_endpoint *ep = take_array(t, root, "endpoint", sizeof *ep, &p->n_endpoint);
    p->endpoint = ep;
    xmlNodePtr node = xml_child(root, "endpoint");
    for (size_t i = 0; i < p->n_endpoint; i++, node = xml_next(node, "endpoint")) {
        uint8_t addr[ADDRESS_BYTES];
        plan_take_index(t, node, i);
        ep[i].actor = take_text(t, node, "actor");
        ep[i].eut = take_bool(t, node, "eut");
        ep[i].address = take_text(t, node, "address");
        ep[i].port = (uint16_t)take_i64(t, node, "port", 1, UINT16_MAX);
        ep[i].path = take_text(t, node, "path");
        ep[i].tls = take_bool(t, node, "tls");
        ep[i].inside = take_bool(t, node, "inside");
        if (t->rc == ERR_OK && address_read(ep[i].address, addr) == 0)
            take_fault(t, node, "address=\"%s\", expected a numeric address", ep[i].address);
    }
}

static void take_groups(struct take *t, xmlNodePtr root, struct plan *p)
{
    struct plan_device_group *g = take_array(t, root, "group", sizeof *g, &p->n_group);
    p->group = g;
    xmlNodePtr node = xml_child(root, "group");
    for (size_t i = 0; i < p->n_group; i++, node = xml_next(node, "group")) {
        plan_take_index(t, node, i);
        g[i].actor = take_text(t, node, "actor");
        g[i].device_class = take_text(t, node, "class");
        g[i].count = (uint32_t)take_i64(t, node, "count", 1, INT32_MAX);
        g[i].endpoint = (uint32_t)take_i64(t, node, "endpoint", 0, (int64_t)p->n_endpoint - 1);
        g[i].eut = !take_bool(t, node, "played");
        const char *id = take_text(t, node, "first-id");
        if (t->rc == ERR_OK &&
            (!num_hex64(id, strlen(id), &g[i].first_id) || g[i].first_id > UINT64_MAX - g[i].count))
            take_fault(t, node, "first-id=\"%s\", expected 16 hex digits with room for %u ids", id,
                       g[i].count);
    }
}

static void take_trace(struct take *t, xmlNodePtr root, struct plan *p)
{
    xmlNodePtr node = xml_child(root, "trace");
    if (node == NULL)
        return;
    p->trace.path = take_text(t, node, "path");
    p->trace.digest = take_text(t, node, "sha256");
    p->trace.payloads = (uint64_t)take_i64(t, node, "payloads", 0, INT64_MAX);
    p->trace.sent = (uint64_t)take_i64(t, node, "sent", 0, INT64_MAX);
    p->trace.length_ns = take_i64(t, node, "length-ns", 0, INT64_MAX);
}

static void take_background(struct take *t, xmlNodePtr root, struct plan *p)
{
    struct plan_background *m = take_array(t, root, "background", sizeof *m, &p->n_background);
    p->background = m;
    xmlNodePtr node = xml_child(root, "background");
    for (size_t i = 0; i < p->n_background; i++, node = xml_next(node, "background")) {
        m[i].row = take_text(t, node, "row");
        m[i].use_case = take_text(t, node, "use-case");
        m[i].leg = take_text(t, node, "leg");
        m[i].binding = (uint32_t)take_i64(t, node, "binding", 0, (int64_t)p->n_binding - 1);
        m[i].group = (uint32_t)take_i64(t, node, "group", 0, (int64_t)p->n_group - 1);
        m[i].endpoint = (uint32_t)take_i64(t, node, "endpoint", 0, (int64_t)p->n_endpoint - 1);
        m[i].times = take_i64(t, node, "times", 1, INT64_MAX);
        m[i].period_ns = take_i64(t, node, "period-ns", 1, INT64_MAX);
        m[i].reads = take_bool(t, node, "reads");
        m[i].operates = take_bool(t, node, "operates");
        if (t->rc == ERR_OK && p->endpoint[m[i].endpoint].eut)
            take_fault(t, node, "endpoint=\"%u\" is the equipment's, expected one of ours",
                       m[i].endpoint);
    }
    struct plan_unsent *u = take_array(t, root, "unsent", sizeof *u, &p->n_unsent);
    p->unsent = u;
    node = xml_child(root, "unsent");
    for (size_t i = 0; i < p->n_unsent; i++, node = xml_next(node, "unsent")) {
        u[i].row = take_text(t, node, "row");
        u[i].use_case = take_text(t, node, "use-case");
        u[i].why = take_text(t, node, "why");
    }
}

static void take_rest(struct take *t, xmlNodePtr root, struct plan *p)
{
    struct plan_stimulus *m = take_array(t, root, "stimulus", sizeof *m, &p->n_stimulus);
    p->stimulus = m;
    xmlNodePtr node = xml_child(root, "stimulus");
    for (size_t i = 0; i < p->n_stimulus; i++, node = xml_next(node, "stimulus")) {
        m[i].name = take_text(t, node, "name");
        m[i].method = take_text(t, node, "method");
        m[i].url = take_text(t, node, "url");
        m[i].secret_file = take_text_or(t, node, "secret-file", NULL);
        m[i].secret_env = take_text_or(t, node, "secret-env", NULL);
    }
    struct plan_duty *d = take_array(t, root, "duty", sizeof *d, &p->n_duty);
    p->duty = d;
    node = xml_child(root, "duty");
    for (size_t i = 0; i < p->n_duty; i++, node = xml_next(node, "duty")) {
        d[i].payload = take_text(t, node, "payload");
        d[i].most = (uint32_t)take_i64(t, node, "most", 0, UINT32_MAX);
        d[i].spacing_ns = take_i64(t, node, "spacing-ns", 0, INT64_MAX);
        d[i].used = (uint32_t)take_i64_or(t, node, "used", 1, UINT32_MAX, 0);
        d[i].last_ns = take_i64_or(t, node, "last-ns", 0, INT64_MAX, 0);
    }
    struct plan_denied *no = take_array(t, root, "denied", sizeof *no, &p->n_denied);
    p->denied = no;
    node = xml_child(root, "denied");
    for (size_t i = 0; i < p->n_denied; i++, node = xml_next(node, "denied")) {
        no[i].item = take_text(t, node, "item");
        no[i].actor = take_text(t, node, "actor");
        no[i].payload = take_text(t, node, "payload");
        no[i].mode = take_text(t, node, "mode");
        no[i].binding = (uint32_t)take_i64(t, node, "binding", 0, (int64_t)p->n_binding - 1);
    }
    struct plan_image *f = take_array(t, root, "image", sizeof *f, &p->n_image);
    p->image = f;
    node = xml_child(root, "image");
    for (size_t i = 0; i < p->n_image; i++, node = xml_next(node, "image")) {
        f[i].payload = take_text(t, node, "payload");
        f[i].path = take_text(t, node, "path");
        f[i].version = take_text(t, node, "version");
        f[i].bytes = (uint64_t)take_i64(t, node, "bytes", 1, LIMIT_IMAGE_BYTES);
        f[i].digest = take_text(t, node, "sha256");
    }
    struct plan_text *x = take_array(t, root, "interpretation", sizeof *x, &p->n_interpretation);
    p->interpretation = x;
    node = xml_child(root, "interpretation");
    for (size_t i = 0; i < p->n_interpretation; i++, node = xml_next(node, "interpretation")) {
        x[i].id = take_text(t, node, "id");
        x[i].section = take_text(t, node, "section");
        x[i].reading = take_text(t, node, "reading");
        x[i].ground = take_text(t, node, "ground");
    }
}

enum err_code plan_read(const char *path, struct plan **out, struct err *e)
{
    xmlDocPtr doc = NULL;
    *out = NULL;
    struct plan *p = calloc(1, sizeof *p);
    if (p == NULL)
        return err_set(e, ERR_NOMEM, "no memory to read %s", path);
    struct take t = {&p->arena, ERR_OK, e};
    t.rc = xml_load(path, "fixtures/schemas/plan.rng", "1", &doc, p->digest, e);
    if (t.rc == ERR_OK) {
        xmlNodePtr root = xmlDocGetRootElement(doc);
        p->nonce = take_text(&t, root, "nonce");
        take_claim(&t, root, p);
        take_rules(&t, root, p);
        terms_take(&t, root, p);
        take_endpoints(&t, root, p);
        take_groups(&t, root, p);
        plan_take_bindings(&t, root, p);
        plan_take_rows(&t, root, p);
        plan_take_scenarios(&t, root, p);
        take_trace(&t, root, p);
        take_background(&t, root, p);
        take_rest(&t, root, p);
    }
    xmlFreeDoc(doc);
    if (t.rc == ERR_OK)
        *out = p;
    else
        plan_free(p);
    return t.rc;
}
