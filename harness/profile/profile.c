#include "harness/profile/profile.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/buf.h"
#include "harness/base/clock.h"
#include "harness/base/take.h"
#include "harness/base/xml.h"
#include "harness/profile/profile_parts.h"

#define ZONES "/usr/share/zoneinfo"
#define ZONE_MAX_BYTES (256 * 1024)
#define DAY_S 86400
#define MOST_FACTOR 86400 /* a day in a second */
#define MOST_WAIT_NS (INT64_C(366) * DAY_S * NS_PER_S)
#define NS_PER_US INT64_C(1000)
#define MOST_TRIALS 10000000
#define MOST_BYTES INT64_C(100000000) /* of one message, held in memory on both sides */

static void take_scope(struct take *t, xmlNodePtr root, struct profile *p)
{
    static const char *const kinds[SCOPE_KIND_COUNT] = {"use-case", "section", "row"};
    size_t most = 0;
    for (xmlNodePtr n = xml_child(root, NULL); n != NULL; n = xml_next(n, NULL))
        most++;
    struct profile_scope *s = take_room(t, most * sizeof *s);
    p->scope = s;
    for (xmlNodePtr n = xml_child(root, NULL); n != NULL && t->rc == ERR_OK; n = xml_next(n, NULL))
        for (int k = 0; k < SCOPE_KIND_COUNT; k++)
            if (xml_is(n, kinds[k]))
                s[p->n_scope++] = (struct profile_scope){(enum profile_scope_kind)k,
                                                         take_text(t, n, "name"), xmlGetLineNo(n)};
}

static void take_ways(struct take *t, xmlNodePtr root, struct profile *p)
{
    struct profile_path *w = take_array(t, root, "path", sizeof *w, &p->n_way);
    p->way = w;
    xmlNodePtr node = xml_child(root, "path");
    for (size_t i = 0; i < p->n_way; i++, node = xml_next(node, "path")) {
        w[i].use_case = take_text(t, node, "use-case");
        w[i].row = take_text_or(t, node, "row", "*");
        w[i].line = xmlGetLineNo(node);
        w[i].dataflow = take_text_or(t, node, "dataflow", "");
        const char **via = take_array(t, node, "via", sizeof *via, &w[i].n_via);
        w[i].via = via;
        xmlNodePtr child = xml_child(node, "via");
        for (size_t k = 0; k < w[i].n_via; k++, child = xml_next(child, "via"))
            via[k] = take_text(t, child, "actor");
    }
}

static void take_zone(struct take *t, xmlNodePtr root, struct profile *p)
{
    xmlNodePtr node = xml_child(root, "zone");
    char path[PATH_MAX];
    struct buf data;
    struct err cause = ERR_INIT;
    p->zone = take_text(t, node, "name");
    if (t->rc != ERR_OK)
        return;
    (void)snprintf(path, sizeof path, "%s/%s", ZONES, p->zone);
    buf_init(&data, ZONE_MAX_BYTES);
    if (buf_read_file(&data, path, &cause) != ERR_OK)
        take_fault(t, node, "zone \"%s\": %s; expected an IANA name, with tzdata installed",
                   p->zone, cause.text);
    else if (zone_new(data.data, data.len, &p->clock, &cause) != ERR_OK)
        take_fault(t, node, "zone \"%s\": %s: %s", p->zone, path, cause.text);
    void *room = take_room(t, data.len);
    if (room != NULL) {
        memcpy(room, data.data, data.len);
        p->tzif = room;
        p->tzif_len = data.len;
    }
    buf_release(&data);
}

/* Of HH:MM, as the schema has seen to it. */
static int32_t second_of_day(const struct take *t, const char *s)
{
    return t->rc != ERR_OK
               ? -1
               : ((s[0] - '0') * 10 + s[1] - '0') * 3600 + ((s[3] - '0') * 10 + s[4] - '0') * 60;
}

static void take_shift(struct take *t, xmlNodePtr root, struct profile *p)
{
    xmlNodePtr node = xml_child(root, "time-shift");
    p->shift_to_s = -1;
    p->shift_reason = "";
    if (node == NULL)
        return;
    const char *to = take_text(t, node, "to"); /* HH:MM, as the schema says */
    p->shift_reason = take_text(t, node, "reason");
    p->shift_to_s = second_of_day(t, to);
}

static void take_clock(struct take *t, xmlNodePtr root, struct profile *p)
{
    xmlNodePtr node = xml_child(root, "clock");
    p->clock_factor = 1;
    p->clock_reason = "";
    if (node == NULL)
        return;
    p->clock_factor = take_i64(t, node, "factor", 1, MOST_FACTOR);
    p->clock_reason = take_text(t, node, "reason");
}

static void take_driving(struct take *t, xmlNodePtr root, struct profile *p)
{
    struct profile_give_up *g = take_array(t, root, "give-up", sizeof *g, &p->n_give_up);
    p->give_up = g;
    xmlNodePtr node = xml_child(root, "give-up");
    for (size_t i = 0; i < p->n_give_up; i++, node = xml_next(node, "give-up")) {
        g[i].row = take_text_or(t, node, "row", "*");
        g[i].after_ns = take_fixed(t, node, "after-s", NS_PER_S, NS_PER_MS, MOST_WAIT_NS);
        g[i].reason = take_text(t, node, "reason");
    }
    struct profile_trials *w = take_array(t, root, "trials", sizeof *w, &p->n_trials);
    p->trials = w;
    node = xml_child(root, "trials");
    for (size_t i = 0; i < p->n_trials; i++, node = xml_next(node, "trials")) {
        w[i].row = take_text_or(t, node, "row", "*");
        w[i].at_least = take_i64(t, node, "at-least", 1, MOST_TRIALS);
        w[i].reason = take_text(t, node, "reason");
        w[i].line = xmlGetLineNo(node);
    }
    node = xml_child(root, "driving");
    p->pace_per_s = take_i64(t, node, "pace-per-s", 1, 1000000);
    p->overlap_max = (uint32_t)take_i64(t, node, "overlap", 1, 1000000);
    p->population_most = (uint32_t)take_i64_or(t, node, "population", 1, 100000, 20);
    p->silent.population = t->rc == ERR_OK && xml_attr(node, "population") == NULL;
    p->calibration_port = (uint16_t)take_i64_or(t, node, "calibration-port", 1, UINT16_MAX, 0);
    node = xml_child(root, "capture");
    p->interface = take_text(t, node, "interface");
    p->uncertainty_ns = take_fixed(t, node, "uncertainty-us", NS_PER_US, 0, 60 * NS_PER_S);
    p->linger_ns = take_fixed(t, node, "linger-ms", NS_PER_MS, 0, 60 * NS_PER_S);
    if (t->rc == ERR_OK && strcmp(p->interface, "any") == 0)
        take_fault(t, node, "interface=\"any\" loses the link layer, expected one interface");
}

static void take_policies(struct take *t, xmlNodePtr root, struct profile *p)
{
    static const char *const sizes[SIZE_POLICY_COUNT] = {"ceiling", "band", "information"};
    static const char *const windows[] = {"majority", "strict"};
    xmlNodePtr node = xml_child(root, "size");
    p->size_policy =
        (enum profile_size_policy)take_word(t, node, "policy", sizes, SIZE_POLICY_COUNT);
    p->k = take_i64(t, node, "k", 1000, 1024);
    p->window_strict = take_word(t, xml_child(root, "window"), "policy", windows, 2) == 1;
    node = xml_child(root, "optional");
    p->rate = node != NULL && take_bool(t, node, "rate");
    p->confidentiality = node != NULL && take_bool(t, node, "confidentiality");
    node = xml_child(root, "highload");
    p->background = node != NULL && take_bool(t, node, "background");
}

/* What the letters stand for, and how their values may be written. */
static const struct letter {
    const char *name, *unit; /* unit "": none */
    int64_t most;
} letters[] = {{"x", "", 10000000},
               {"y", "", 10000000},
               {"z", "", 10000000},
               {"xx", "percent", 100},
               {"xMB", "bytes", MOST_BYTES},
               {"xMB", "MB", MOST_BYTES / 1000000},
               {"See REQMTS Table", "per day", 86400}};

static void take_parameter(struct take *t, xmlNodePtr node, int64_t k, struct profile_parameter *m)
{
    const struct letter *as = NULL;
    m->row = take_text_or(t, node, "row", "*");
    m->name = take_text(t, node, "name");
    m->source = take_text(t, node, "source");
    m->line = xmlGetLineNo(node);
    const char *unit = take_text_or(t, node, "unit", NULL), *expected = "";
    for (size_t i = 0; t->rc == ERR_OK && i < sizeof letters / sizeof letters[0]; i++) {
        if (strcmp(letters[i].name, m->name) != 0)
            continue;
        expected = letters[i].unit;
        if (as == NULL && (unit == NULL || strcmp(unit, letters[i].unit) == 0))
            as = &letters[i];
    }
    if (t->rc == ERR_OK && as == NULL && unit == NULL)
        take_fault(t, node, "parameter \"%s\", expected x, y, z, xx, xMB or See REQMTS Table",
                   m->name);
    else if (t->rc == ERR_OK && as == NULL)
        take_fault(t, node, "unit=\"%s\" of parameter \"%s\", expected %s%s", unit, m->name,
                   expected[0] == '\0' ? "none" : expected,
                   strcmp(expected, "MB") == 0 ? " or bytes" : "");
    if (t->rc != ERR_OK)
        return;
    m->micro = take_fixed(t, node, "value", 1000000, 1, as->most * 1000000);
    m->value = m->micro / 1000000;
    if (strcmp(as->unit, "MB") == 0)
        m->value = k == 1024 ? m->micro * 1048576 / 1000000 : m->micro;
    if (t->rc == ERR_OK && strcmp(as->unit, "percent") == 0 && m->micro == 100000000)
        take_fault(t, node, "value=\"100\", expected less than 100 per cent");
    if (t->rc == ERR_OK && strcmp(m->name, "xMB") == 0 && m->value == 0)
        take_fault(t, node, "parameter \"xMB\" is less than one byte");
    const char *value = take_text(t, node, "value");
    size_t size = strlen(value) + strlen(as->unit) + 2;
    char *text = take_room(t, size);
    if (text != NULL)
        (void)snprintf(text, size, "%s%s%s", value, as->unit[0] == '\0' ? "" : " ", as->unit);
    m->text = text;
}

static void take_values(struct take *t, xmlNodePtr root, struct profile *p)
{
    struct profile_parameter *m = take_array(t, root, "parameter", sizeof *m, &p->n_parameter);
    p->parameter = m;
    xmlNodePtr node = xml_child(root, "parameter");
    for (size_t i = 0; i < p->n_parameter; i++, node = xml_next(node, "parameter"))
        take_parameter(t, node, p->k, &m[i]);
    struct profile_campaign *g = take_array(t, root, "campaign", sizeof *g, &p->n_campaign);
    p->campaign = g;
    node = xml_child(root, "campaign");
    for (size_t i = 0; i < p->n_campaign; i++, node = xml_next(node, "campaign")) {
        g[i].row = take_text(t, node, "row");
        g[i].from_s = second_of_day(t, take_text(t, node, "from"));
        g[i].to_s = second_of_day(t, take_text(t, node, "to"));
        g[i].source = take_text(t, node, "source");
        g[i].line = xmlGetLineNo(node);
    }
    node = xml_child(root, "extrapolation");
    if (node != NULL)
        p->extrapolation = take_text(t, node, "source");
}

static void take_choices(struct take *t, xmlNodePtr root, struct profile *p)
{
    static const char *const takes[TAKE_COUNT] = {"all", "strictest", "laxest"};
    struct profile_choice *c = take_array(t, root, "interpretation", sizeof *c, &p->n_choice);
    p->choice = c;
    xmlNodePtr node = xml_child(root, "interpretation");
    for (size_t i = 0; i < p->n_choice; i++, node = xml_next(node, "interpretation")) {
        c[i].id = take_text(t, node, "id");
        c[i].take = (enum profile_take)take_word(t, node, "take", takes, TAKE_COUNT);
        c[i].reason = take_text(t, node, "reason");
        c[i].line = xmlGetLineNo(node);
    }
    struct profile_share *s = take_array(t, root, "share", sizeof *s, &p->n_share);
    p->share = s;
    node = xml_child(root, "share");
    for (size_t i = 0; i < p->n_share; i++, node = xml_next(node, "share")) {
        s[i].actor = take_text(t, node, "actor");
        s[i].ppm = take_fixed(t, node, "of", 1000000, 1, 1000000);
        s[i].source = take_text(t, node, "source");
        s[i].line = xmlGetLineNo(node);
    }
}

static void take_overlays(struct take *t, xmlNodePtr root, struct profile *p)
{
    struct profile_overlay *o = take_array(t, root, "overlay", sizeof *o, &p->n_overlay);
    p->overlay = o;
    xmlNodePtr node = xml_child(root, "overlay");
    if (node != NULL && p->label[0] == '\0')
        take_fault(t, node, "overlaid limits, expected a label on <profile>: no claim can be made");
    for (size_t i = 0; i < p->n_overlay; i++, node = xml_next(node, "overlay")) {
        o[i].row = take_text(t, node, "row");
        o[i].latency_ns = take_fixed_or(t, node, "latency-s", NS_PER_S, 1, MOST_WAIT_NS, -1);
        o[i].ratio_ppb = take_fixed_or(t, node, "reliability-percent", 10000000, 1, 999999999, -1);
        o[i].size_max_bytes = take_i64_or(t, node, "size-max-bytes", 1, INT64_MAX, -1);
        o[i].source = take_text_or(t, node, "source", "");
        o[i].line = xmlGetLineNo(node);
    }
}

enum err_code profile_load(const char *path, struct profile **out, struct err *e)
{
    xmlDocPtr doc = NULL;
    *out = NULL;
    struct profile *p = calloc(1, sizeof *p);
    if (p == NULL)
        return err_set(e, ERR_NOMEM, "no memory to read %s", path);
    struct take t = {&p->arena, ERR_OK, e};
    t.rc = xml_load(path, "fixtures/schemas/profile.rng", "1", &doc, p->digest, e);
    if (t.rc == ERR_OK && (p->path = arena_strdup(&p->arena, path)) == NULL)
        t.rc = err_set(e, ERR_NOMEM, "no memory to read %s", path);
    if (t.rc == ERR_OK) {
        xmlNodePtr root = xmlDocGetRootElement(doc);
        p->name = take_text(&t, root, "name");
        p->label = take_text_or(&t, root, "label", "");
        profile_take_deployment(&t, root, p);
        take_scope(&t, root, p);
        take_ways(&t, root, p);
        take_zone(&t, root, p);
        take_shift(&t, root, p);
        take_clock(&t, root, p);
        take_driving(&t, root, p);
        profile_take_rule(&t, root, p);
        profile_take_laboratory(&t, root, p);
        profile_take_endpoints(&t, root, p);
        take_policies(&t, root, p);
        take_values(&t, root, p);
        take_choices(&t, root, p);
        take_overlays(&t, root, p);
        profile_take_traffic(&t, root, p);
    }
    xmlFreeDoc(doc);
    if (t.rc == ERR_OK)
        *out = p;
    else
        profile_free(p);
    return t.rc;
}

void profile_free(struct profile *p)
{
    if (p == NULL)
        return;
    zone_free(p->clock);
    arena_release(&p->arena);
    free(p);
}

bool profile_covers(const char *name, const char *row_id, const char *section)
{
    size_t len = strlen(name);
    return strcmp(name, "*") == 0 || strcmp(name, row_id) == 0 ||
           (strncmp(section, name, len) == 0 && (section[len] == '\0' || section[len] == '.'));
}

int64_t profile_time_shift_ns(const struct profile *p, int64_t real_ns)
{
    if (p->shift_to_s == -1)
        return 0;
    int32_t now_s = zone_second_of_day(p->clock, real_ns);
    int32_t by_s = (p->shift_to_s - now_s + DAY_S) % DAY_S;
    if (by_s > DAY_S / 2)
        by_s -= DAY_S;
    return (int64_t)by_s * NS_PER_S - real_ns % NS_PER_S;
}
