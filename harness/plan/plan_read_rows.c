#include <stdlib.h>
#include <string.h>

#include "harness/base/num.h"
#include "harness/base/xml.h"
#include "harness/plan/plan_read.h"
#include "harness/plan/rule_io.h"
#include "harness/plan/terms.h"
#include "harness/plan/words.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static void take_answers(struct take *t, xmlNodePtr parent, struct binding *b)
{
    for (xmlNodePtr node = xml_child(parent, "answers"); node != NULL && t->rc == ERR_OK;
         node = xml_next(node, "answers")) {
        if (b->n_reply_to == BINDING_MAX_REPLY_TO) {
            take_fault(t, node, "one binding answers more than %d payloads", BINDING_MAX_REPLY_TO);
            return;
        }
        b->replies_to[b->n_reply_to++] = take_text(t, node, "payload");
    }
    b->reply_to = b->replies_to[0];
}

static void take_fields(struct take *t, xmlNodePtr parent, struct binding *b)
{
    for (xmlNodePtr node = xml_child(parent, "field"); node != NULL && t->rc == ERR_OK;
         node = xml_next(node, "field")) {
        if (b->n_field == BINDING_MAX_FIELDS) {
            take_fault(t, node, "more than %d fields in one binding", BINDING_MAX_FIELDS);
            return;
        }
        struct binding_field *f = &b->field[b->n_field++];
        f->name = take_text(t, node, "name");
        f->path = take_text(t, node, "path");
        const char *type = take_text(t, node, "type");
        int known = field_type_by_name(type, strlen(type));
        if (t->rc == ERR_OK && known == -1)
            take_fault(t, node, "type=\"%s\" is no type of a field", type);
        f->type = known == -1 ? FIELD_TEXT : (enum field_type)known;
        f->required = take_bool(t, node, "required");
        f->many = take_bool(t, node, "many");
    }
}

void plan_take_bindings(struct take *t, xmlNodePtr root, struct plan *p)
{
    struct binding *b = take_array(t, root, "binding", sizeof *b, &p->n_binding);
    p->binding = b;
    xmlNodePtr node = xml_child(root, "binding");
    for (size_t i = 0; i < p->n_binding; i++, node = xml_next(node, "binding")) {
        plan_take_index(t, node, i);
        b[i].payload = take_text(t, node, "payload");
        b[i].element = take_text(t, node, "element");
        b[i].kind =
            (enum envelope_kind)take_word(t, node, "kind", plan_kind_word, ENVELOPE_KIND_COUNT);
        b[i].verb = take_text(t, node, "verb");
        b[i].noun = take_text(t, node, "noun");
        b[i].proves = take_bool(t, node, "proves");
        take_answers(t, node, &b[i]);
        take_fields(t, node, &b[i]);
        b[i].identity = (int)take_i64(t, node, "identity", -1, (int64_t)b[i].n_field - 1);
        b[i].echo = (int)take_i64(t, node, "echo", -1, (int64_t)b[i].n_field - 1);
        b[i].cut_over = (int)take_i64_or(t, node, "cut-over", 0, (int64_t)b[i].n_field - 1, -1);
    }
}

static void take_clause(struct take *t, xmlNodePtr node, struct plan_clause *c)
{
    c->ratio_ppb = take_i64(t, node, "ratio-ppb", 0, 1000000000);
    c->period_ns = take_i64(t, node, "period-ns", 0, INT64_MAX);
    rule_take(t, node, &c->rule);
}

static void take_criterion(struct take *t, xmlNodePtr node, struct plan_variant *v)
{
    static const char *const names[] = {"reliability", "latency", "size",
                                        "window",      "rate",    "confidentiality"};
    enum plan_scored *const scored[] = {&v->scored_reliability, &v->scored_latency,
                                        &v->scored_size,        &v->scored_window,
                                        &v->scored_rate,        &v->scored_confidentiality};
    const char **const why[] = {&v->why_reliability, &v->why_latency, &v->why_size,
                                &v->why_window,      &v->why_rate,    &v->why_confidentiality};
    int which = take_word(t, node, "name", names, (int)COUNT_OF(names));
    *scored[which] =
        (enum plan_scored)take_word(t, node, "scored", plan_scored_word, PLAN_SCORED_COUNT);
    *why[which] = take_text_or(t, node, "why", NULL);
}

static void take_variant_parts(struct take *t, xmlNodePtr parent, struct plan_variant *v)
{
    for (xmlNodePtr node = xml_child(parent, NULL); node != NULL && t->rc == ERR_OK;
         node = xml_next(node, NULL)) {
        if (xml_is(node, "criterion")) {
            take_criterion(t, node, v);
        } else if (xml_is(node, "lax")) {
            take_clause(t, node, &v->lax);
        } else if (xml_is(node, "clause")) {
            if (v->n_clause == COUNT_OF(v->clause))
                take_fault(t, node, "more than %zu clauses in one variant", COUNT_OF(v->clause));
            else
                take_clause(t, node, &v->clause[v->n_clause++]);
        } else if (v->n_window == COUNT_OF(v->window)) {
            take_fault(t, node, "more than %zu windows in one variant", COUNT_OF(v->window));
        } else {
            v->window[v->n_window].from_s = (int32_t)take_i64(t, node, "from-s", 0, 86400);
            v->window[v->n_window++].to_s = (int32_t)take_i64(t, node, "to-s", 0, 86400);
        }
    }
}

static void take_seldom(struct take *t, xmlNodePtr node, struct plan_variant *v)
{
    v->population = (uint32_t)take_i64_or(t, node, "population", 1, INT32_MAX, 0);
    v->observed = take_bool(t, node, "observed");
    v->after_ns = take_i64_or(t, node, "after-ns", 0, INT64_MAX, -1);
    v->after_event = take_text_or(t, node, "after-event", NULL);
    v->note = take_text_or(t, node, "note", "");
    v->rate_min = take_i64_or(t, node, "rate-min", -1, INT64_MAX, -1);
    v->rate_max = take_i64_or(t, node, "rate-max", -1, INT64_MAX, -1);
    v->rate_period_ns = take_i64_or(t, node, "rate-period-ns", -1, INT64_MAX, -1);
}

static void take_variant(struct take *t, xmlNodePtr node, struct plan_variant *v)
{
    if (xml_attr(node, "role") != NULL)
        v->role = (enum plan_role)take_word(t, node, "role", plan_role_word, PLAN_ROLE_COUNT);
    v->leg = take_text(t, node, "leg");
    v->mode = take_text(t, node, "mode");
    v->device_class = take_text(t, node, "class");
    v->from = take_text(t, node, "from");
    v->to = take_text(t, node, "to");
    v->cause = (enum plan_cause)take_word(t, node, "cause", plan_cause_word, PLAN_CAUSE_COUNT);
    v->latency_strict_ns = take_i64(t, node, "latency-strict-ns", -1, INT64_MAX);
    v->latency_lax_ns = take_i64(t, node, "latency-lax-ns", -1, INT64_MAX);
    v->pair_strict_ns = take_i64(t, node, "pair-strict-ns", -1, INT64_MAX);
    v->pair_lax_ns = take_i64(t, node, "pair-lax-ns", -1, INT64_MAX);
    v->latency_informative = take_bool(t, node, "latency-informative");
    v->lax_ppb = take_i64(t, node, "lax-ppb", -1, 1000000000);
    v->size_min_bytes = take_i64(t, node, "size-min-bytes", -1, INT64_MAX);
    v->size_max_bytes = take_i64(t, node, "size-max-bytes", -1, INT64_MAX);
    v->size_band = take_bool(t, node, "size-band");
    v->window_always = take_bool(t, node, "window-always");
    v->window_judged = take_bool(t, node, "window-judged");
    v->interpretations = take_text(t, node, "interpretations");
    v->span = take_text(t, node, "span");
    v->share_ppm = take_i64(t, node, "share-ppm", -1, 1000000);
    v->trials = (uint32_t)take_i64(t, node, "trials", 0, INT32_MAX);
    v->trials_least = (uint32_t)take_i64_or(t, node, "trials-least", 1, INT32_MAX, 0);
    int64_t most = v->trials > v->trials_least ? v->trials : v->trials_least;
    v->trials_max = (uint32_t)take_i64(t, node, "trials-max", most, INT32_MAX);
    v->give_up_ns = take_i64(t, node, "give-up-ns", 0, INT64_MAX);
    v->unit = terms_take_unit(t, node);
    take_seldom(t, node, v);
    v->scored_rate = v->scored_confidentiality = PLAN_SCORED_NOT_APPLICABLE; /* unless it says */
    take_variant_parts(t, node, v);
    if (t->rc == ERR_OK && (v->lax_ppb != -1) != (xml_child(node, "lax") != NULL))
        take_fault(t, node, "lax-ppb and <lax> go together");
}

static enum plan_proof take_proof(struct take *t, xmlNodePtr node)
{
    return xml_attr(node, "proof") == NULL
               ? PLAN_PROOF_NONE
               : (enum plan_proof)take_word(t, node, "proof", plan_proof_word, PLAN_PROOF_COUNT);
}

void plan_take_rows(struct take *t, xmlNodePtr root, struct plan *p)
{
    size_t n_scenario = 0;
    for (xmlNodePtr s = xml_child(root, "scenario"); s != NULL; s = xml_next(s, "scenario"))
        n_scenario++;
    struct plan_row *r = take_array(t, root, "row", sizeof *r, &p->n_row);
    p->row = r;
    xmlNodePtr node = xml_child(root, "row");
    for (size_t i = 0; i < p->n_row; i++, node = xml_next(node, "row")) {
        plan_take_index(t, node, i);
        r[i].id = take_text(t, node, "id");
        r[i].section = take_text(t, node, "section");
        r[i].payload = take_text(t, node, "payload");
        r[i].type = take_text(t, node, "type");
        r[i].use_case = take_text(t, node, "use-case");
        r[i].role = (enum plan_role)take_word(t, node, "role", plan_role_word, PLAN_ROLE_COUNT);
        r[i].cause =
            (enum plan_cause)take_word(t, node, "cause", plan_cause_word, PLAN_CAUSE_COUNT);
        r[i].reason = take_text(t, node, "reason");
        r[i].command = take_text_or(t, node, "command", NULL);
        r[i].reply = take_text_or(t, node, "reply", NULL);
        r[i].proof = take_proof(t, node);
        r[i].unlisted = take_bool(t, node, "unlisted");
        r[i].withheld = take_bool(t, node, "withheld");
        r[i].binding = (int)take_i64(t, node, "binding", -1, (int64_t)p->n_binding - 1);
        r[i].scenario = (int)take_i64(t, node, "scenario", -1, (int64_t)n_scenario - 1);
        r[i].operation = take_text(t, node, "operation");
        r[i].concerns = xml_attr(node, "lacks") != NULL;
        r[i].lacks = take_text_or(t, node, "lacks", "");
        struct plan_variant *v = take_array(t, node, "variant", sizeof *v, &r[i].n_variant);
        r[i].variant = v;
        xmlNodePtr child = xml_child(node, "variant");
        for (size_t k = 0; k < r[i].n_variant; k++, child = xml_next(child, "variant")) {
            v[k].role = r[i].role; /* unless it says another */
            take_variant(t, child, &v[k]);
        }
    }
}

/* "0 2 5": indices below n. */
static const uint32_t *take_indices(struct take *t, xmlNodePtr node, const char *attr, size_t n,
                                    size_t *out)
{
    const char *text = take_text_or(t, node, attr, "");
    uint32_t *index = take_room(t, (strlen(text) / 2 + 1) * sizeof *index);
    *out = 0;
    while (t->rc == ERR_OK && *text != '\0') {
        size_t len = strcspn(text, " ");
        uint64_t value;
        if (n == 0 || !num_u64(text, len, 0, n - 1, &value)) {
            take_fault(t, node, "%s: \"%.*s\" is no index of the %zu", attr, (int)len, text, n);
            return index;
        }
        index[(*out)++] = (uint32_t)value;
        text += len + (text[len] == ' ');
    }
    return index;
}

static void take_supports(struct take *t, xmlNodePtr parent, const struct plan *p,
                          struct plan_case *c)
{
    struct plan_support *s = take_array(t, parent, "support", sizeof *s, &c->n_support);
    c->support = s;
    xmlNodePtr node = xml_child(parent, "support");
    for (size_t i = 0; i < c->n_support; i++, node = xml_next(node, "support")) {
        s[i].payload = take_text(t, node, "payload");
        s[i].role = (enum plan_role)take_word(t, node, "role", plan_role_word, PLAN_ROLE_COUNT);
        s[i].proof = take_proof(t, node);
        s[i].binding = (int)take_i64(t, node, "binding", -1, (int64_t)p->n_binding - 1);
        s[i].endpoint = (int)take_i64_or(t, node, "endpoint", 0, (int64_t)p->n_endpoint - 1, -1);
    }
}

static void take_case(struct take *t, xmlNodePtr node, const struct plan *p, const char *use_case,
                      struct plan_case *c)
{
    c->mode = take_text(t, node, "mode");
    c->use_case = take_text_or(t, node, "use-case", use_case);
    c->group = take_indices(t, node, "groups", p->n_group, &c->n_group);
    c->peer = take_indices(t, node, "peers", p->n_endpoint, &c->n_peer);
    c->population = (uint32_t)take_i64_or(t, node, "population", 1, INT32_MAX, 0);
    c->whole_day = take_bool(t, node, "whole-day");
    struct plan_target *g = take_array(t, node, "target", sizeof *g, &c->n_target);
    c->target = g;
    xmlNodePtr child = xml_child(node, "target");
    for (size_t i = 0; i < c->n_target; i++, child = xml_next(child, "target")) {
        g[i].row = (uint32_t)take_i64(t, child, "row", 0, (int64_t)p->n_row - 1);
        if (t->rc == ERR_OK)
            g[i].variant =
                (uint32_t)take_i64(t, child, "variant", 0, (int64_t)p->row[g[i].row].n_variant - 1);
        g[i].endpoint = (int)take_i64_or(t, child, "endpoint", 0, (int64_t)p->n_endpoint - 1, -1);
    }
    take_supports(t, node, p, c);
}

void plan_take_scenarios(struct take *t, xmlNodePtr root, struct plan *p)
{
    struct plan_scenario *s = take_array(t, root, "scenario", sizeof *s, &p->n_scenario);
    p->scenario = s;
    xmlNodePtr node = xml_child(root, "scenario");
    for (size_t i = 0; i < p->n_scenario; i++, node = xml_next(node, "scenario")) {
        plan_take_index(t, node, i);
        s[i].file = take_text(t, node, "file");
        s[i].path = take_text(t, node, "path");
        s[i].digest = take_text(t, node, "sha256");
        s[i].section = take_text(t, node, "section");
        s[i].use_case = take_text(t, node, "use-case");
        s[i].suite = take_text(t, node, "suite");
        s[i].exclusive = take_bool(t, node, "exclusive");
        s[i].power = take_bool(t, node, "power");
        struct plan_case *c = take_array(t, node, "case", sizeof *c, &s[i].n_case);
        s[i].kase = c;
        xmlNodePtr child = xml_child(node, "case");
        for (size_t k = 0; k < s[i].n_case; k++, child = xml_next(child, "case"))
            take_case(t, child, p, s[i].use_case, &c[k]);
    }
}
