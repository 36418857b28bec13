#include <stdio.h>

#include "harness/base/base64.h"
#include "harness/base/buf.h"
#include "harness/base/limits.h"
#include "harness/base/sha256.h"
#include "harness/base/xmlw.h"
#include "harness/plan/method_io.h"
#include "harness/plan/plan.h"
#include "harness/plan/rule_io.h"
#include "harness/plan/terms.h"
#include "harness/plan/words.h"

static void write_claim(struct xmlw *w, const struct plan *p)
{
    for (size_t i = 0; i < p->n_source; i++) {
        xmlw_open(w, "source");
        xmlw_attr(w, "kind", p->source[i].kind);
        xmlw_attr(w, "path", p->source[i].path);
        xmlw_attr(w, "sha256", p->source[i].digest);
        xmlw_close(w, "source");
    }
    xmlw_open(w, "claim");
    xmlw_attr(w, "profile", p->profile_name);
    xmlw_attr(w, "label", p->profile_label);
    xmlw_attr_bool(w, "claimable", p->claimable);
    xmlw_close(w, "claim");
    xmlw_open(w, "eut");
    xmlw_attr(w, "vendor", p->vendor);
    xmlw_attr(w, "model", p->model);
    xmlw_attr(w, "hardware", p->hardware);
    xmlw_attr(w, "firmware", p->firmware);
    xmlw_attr(w, "firmware-sha256", p->firmware_digest);
    xmlw_attr(w, "actors", p->eut_actors);
    xmlw_close(w, "eut");
    method_write(w, &p->method);
}

static void write_rules(struct xmlw *w, const struct plan *p)
{
    xmlw_open(w, "rules");
    xmlw_attr_i64(w, "confidence-ppm", p->confidence_ppm);
    xmlw_attr_i64(w, "uncertainty-ns", p->uncertainty_ns);
    xmlw_attr_i64(w, "linger-ns", p->linger_ns);
    xmlw_attr(w, "zone", p->zone);
    xmlw_attr_i64(w, "time-shift-ns", p->time_shift_ns);
    xmlw_attr_bool(w, "window-strict", p->window_strict);
    if (p->time_factor > 1)
        xmlw_attr_i64(w, "time-factor", p->time_factor);
    xmlw_close(w, "rules");
    struct buf text;
    buf_init(&text, LIMIT_XML_FILE_BYTES);
    if (w->rc == ERR_OK)
        w->rc = base64_write(p->tzif, p->tzif_len, &text, w->e);
    xmlw_open(w, "tzif");
    xmlw_text(w, text.data == NULL ? "" : text.data);
    xmlw_close(w, "tzif");
    buf_release(&text);
    xmlw_open(w, "driving");
    xmlw_attr_i64(w, "pace-per-s", p->pace_per_s);
    xmlw_attr_i64(w, "overlap-max", p->overlap_max);
    xmlw_attr_bool(w, "connection-per-exchange", p->connection_per_exchange);
    xmlw_attr(w, "reply", p->reply_mode);
    if (p->pap02 != NULL && p->pap02[0] != '\0')
        xmlw_attr(w, "pap02", p->pap02);
    xmlw_attr(w, "tls-ca", p->tls_ca);
    xmlw_attr(w, "tls-certificate", p->tls_certificate);
    xmlw_attr(w, "tls-key", p->tls_key);
    xmlw_attr(w, "interface", p->interface);
    xmlw_attr(w, "filter", p->filter);
    xmlw_close(w, "driving");
}

static void write_equipment(struct xmlw *w, const struct plan *p)
{
    for (size_t i = 0; i < p->n_endpoint; i++) {
        const struct plan_endpoint *ep = &p->endpoint[i];
        xmlw_open(w, "endpoint");
        xmlw_attr_u64(w, "index", i);
        xmlw_attr(w, "actor", ep->actor);
        xmlw_attr_bool(w, "eut", ep->eut);
        xmlw_attr(w, "address", ep->address);
        xmlw_attr_i64(w, "port", ep->port);
        xmlw_attr(w, "path", ep->path);
        xmlw_attr_bool(w, "tls", ep->tls);
        xmlw_attr_bool(w, "inside", ep->inside);
        xmlw_close(w, "endpoint");
    }
    for (size_t i = 0; i < p->n_group; i++) {
        char id[17];
        (void)snprintf(id, sizeof id, "%016llX", (unsigned long long)p->group[i].first_id);
        xmlw_open(w, "group");
        xmlw_attr_u64(w, "index", i);
        xmlw_attr(w, "actor", p->group[i].actor);
        xmlw_attr(w, "class", p->group[i].device_class);
        xmlw_attr(w, "first-id", id);
        xmlw_attr_u64(w, "count", p->group[i].count);
        xmlw_attr_u64(w, "endpoint", p->group[i].endpoint);
        xmlw_attr_bool(w, "played", !p->group[i].eut);
        xmlw_close(w, "group");
    }
}

static void write_bindings(struct xmlw *w, const struct plan *p)
{
    for (size_t i = 0; i < p->n_binding; i++) {
        const struct binding *b = &p->binding[i];
        xmlw_open(w, "binding");
        xmlw_attr_u64(w, "index", i);
        xmlw_attr(w, "payload", b->payload);
        xmlw_attr(w, "element", b->element);
        xmlw_attr(w, "kind", plan_kind_word[b->kind]);
        xmlw_attr(w, "verb", b->verb);
        xmlw_attr(w, "noun", b->noun);
        xmlw_attr_i64(w, "identity", b->identity);
        xmlw_attr_i64(w, "echo", b->echo);
        if (b->cut_over >= 0 && binding_cut_over(b) == b->cut_over)
            xmlw_attr_i64(w, "cut-over", b->cut_over);
        xmlw_attr_bool(w, "proves", b->proves);
        for (size_t a = 0; a < b->n_reply_to; a++) {
            xmlw_open(w, "answers");
            xmlw_attr(w, "payload", b->replies_to[a]);
            xmlw_close(w, "answers");
        }
        for (size_t f = 0; f < b->n_field; f++) {
            xmlw_open(w, "field");
            xmlw_attr(w, "name", b->field[f].name);
            xmlw_attr(w, "path", b->field[f].path);
            xmlw_attr(w, "type", field_type_name(b->field[f].type));
            xmlw_attr_bool(w, "required", b->field[f].required);
            xmlw_attr_bool(w, "many", b->field[f].many);
            xmlw_close(w, "field");
        }
        xmlw_close(w, "binding");
    }
}

static void write_clause(struct xmlw *w, const char *element, const struct plan_clause *c)
{
    xmlw_open(w, element);
    xmlw_attr_i64(w, "ratio-ppb", c->ratio_ppb);
    xmlw_attr_i64(w, "period-ns", c->period_ns);
    rule_put(w, &c->rule);
    xmlw_close(w, element);
}

static void write_criterion(struct xmlw *w, const char *name, enum plan_scored scored,
                            const char *why)
{
    xmlw_open(w, "criterion");
    xmlw_attr(w, "name", name);
    xmlw_attr(w, "scored", plan_scored_word[scored]);
    xmlw_attr(w, "why", why);
    xmlw_close(w, "criterion");
}

/* What few variants have: attributes that the others go without. */
static void write_seldom(struct xmlw *w, const struct plan_variant *v)
{
    if (v->population > 0)
        xmlw_attr_u64(w, "population", v->population);
    xmlw_attr_bool(w, "observed", v->observed);
    if (v->after_ns != -1) {
        xmlw_attr_i64(w, "after-ns", v->after_ns);
        xmlw_attr(w, "after-event", v->after_event);
    }
    if (v->note != NULL && v->note[0] != '\0')
        xmlw_attr(w, "note", v->note);
    if (v->rate_max != -1) {
        xmlw_attr_i64(w, "rate-min", v->rate_min);
        xmlw_attr_i64(w, "rate-max", v->rate_max);
        xmlw_attr_i64(w, "rate-period-ns", v->rate_period_ns);
    }
}

static void write_variant(struct xmlw *w, const struct plan_variant *v)
{
    xmlw_open(w, "variant");
    xmlw_attr(w, "leg", v->leg);
    xmlw_attr(w, "mode", v->mode);
    xmlw_attr(w, "class", v->device_class);
    xmlw_attr(w, "from", v->from);
    xmlw_attr(w, "to", v->to);
    xmlw_attr(w, "role", plan_role_word[v->role]);
    xmlw_attr(w, "cause", plan_cause_word[v->cause]);
    xmlw_attr_i64(w, "latency-strict-ns", v->latency_strict_ns);
    xmlw_attr_i64(w, "latency-lax-ns", v->latency_lax_ns);
    xmlw_attr_i64(w, "pair-strict-ns", v->pair_strict_ns);
    xmlw_attr_i64(w, "pair-lax-ns", v->pair_lax_ns);
    xmlw_attr_bool(w, "latency-informative", v->latency_informative);
    xmlw_attr_i64(w, "lax-ppb", v->lax_ppb);
    xmlw_attr_i64(w, "size-min-bytes", v->size_min_bytes);
    xmlw_attr_i64(w, "size-max-bytes", v->size_max_bytes);
    xmlw_attr_bool(w, "size-band", v->size_band);
    xmlw_attr_bool(w, "window-always", v->window_always);
    xmlw_attr_bool(w, "window-judged", v->window_judged);
    xmlw_attr(w, "interpretations", v->interpretations);
    xmlw_attr(w, "span", v->span);
    xmlw_attr_i64(w, "share-ppm", v->share_ppm);
    xmlw_attr_u64(w, "trials", v->trials);
    if (v->trials_least > 0)
        xmlw_attr_u64(w, "trials-least", v->trials_least);
    xmlw_attr_u64(w, "trials-max", v->trials_max);
    xmlw_attr_i64(w, "give-up-ns", v->give_up_ns);
    xmlw_attr(w, "unit", v->unit);
    write_seldom(w, v);
    write_criterion(w, "reliability", v->scored_reliability, v->why_reliability);
    write_criterion(w, "latency", v->scored_latency, v->why_latency);
    write_criterion(w, "size", v->scored_size, v->why_size);
    write_criterion(w, "window", v->scored_window, v->why_window);
    if (plan_asked(v->scored_rate, v->why_rate))
        write_criterion(w, "rate", v->scored_rate, v->why_rate);
    if (plan_asked(v->scored_confidentiality, v->why_confidentiality))
        write_criterion(w, "confidentiality", v->scored_confidentiality, v->why_confidentiality);
    for (size_t i = 0; i < v->n_clause; i++)
        write_clause(w, "clause", &v->clause[i]);
    if (v->lax_ppb != -1)
        write_clause(w, "lax", &v->lax);
    for (size_t i = 0; i < v->n_window; i++) {
        xmlw_open(w, "window");
        xmlw_attr_i64(w, "from-s", v->window[i].from_s);
        xmlw_attr_i64(w, "to-s", v->window[i].to_s);
        xmlw_close(w, "window");
    }
    xmlw_close(w, "variant");
}

static void write_rows(struct xmlw *w, const struct plan *p)
{
    for (size_t i = 0; i < p->n_row; i++) {
        const struct plan_row *r = &p->row[i];
        xmlw_open(w, "row");
        xmlw_attr_u64(w, "index", i);
        xmlw_attr(w, "id", r->id);
        xmlw_attr(w, "section", r->section);
        xmlw_attr(w, "payload", r->payload);
        xmlw_attr(w, "type", r->type);
        xmlw_attr(w, "use-case", r->use_case);
        xmlw_attr(w, "role", plan_role_word[r->role]);
        xmlw_attr(w, "cause", plan_cause_word[r->cause]);
        xmlw_attr(w, "reason", r->reason);
        xmlw_attr(w, "command", r->command);
        xmlw_attr(w, "reply", r->reply);
        if (r->proof != PLAN_PROOF_NONE)
            xmlw_attr(w, "proof", plan_proof_word[r->proof]);
        xmlw_attr_bool(w, "unlisted", r->unlisted);
        xmlw_attr_bool(w, "withheld", r->withheld);
        xmlw_attr_i64(w, "binding", r->binding);
        xmlw_attr_i64(w, "scenario", r->scenario);
        xmlw_attr(w, "operation", r->operation);
        if (r->concerns)
            xmlw_attr(w, "lacks", r->lacks);
        for (size_t v = 0; v < r->n_variant; v++)
            write_variant(w, &r->variant[v]);
        xmlw_close(w, "row");
    }
}

/* "0 2 5" */
static void write_list(struct xmlw *w, const char *attr, const uint32_t *item, size_t n)
{
    char list[4096] = "";
    size_t used = 0;
    for (size_t i = 0; i < n && used < sizeof list; i++)
        used +=
            (size_t)snprintf(list + used, sizeof list - used, "%s%u", i == 0 ? "" : " ", item[i]);
    if (w->rc == ERR_OK && used >= sizeof list)
        w->rc = err_set(w->e, ERR_LIMIT, "%zu %s in one case of the plan", n, attr);
    xmlw_attr(w, attr, list);
}

static void write_case(struct xmlw *w, const struct plan_case *c)
{
    xmlw_open(w, "case");
    xmlw_attr(w, "mode", c->mode);
    xmlw_attr(w, "use-case", c->use_case);
    write_list(w, "groups", c->group, c->n_group);
    if (c->n_peer > 0)
        write_list(w, "peers", c->peer, c->n_peer);
    if (c->population > 0)
        xmlw_attr_u64(w, "population", c->population);
    xmlw_attr_bool(w, "whole-day", c->whole_day);
    for (size_t i = 0; i < c->n_target; i++) {
        xmlw_open(w, "target");
        xmlw_attr_u64(w, "row", c->target[i].row);
        xmlw_attr_u64(w, "variant", c->target[i].variant);
        if (c->target[i].endpoint != -1)
            xmlw_attr_i64(w, "endpoint", c->target[i].endpoint);
        xmlw_close(w, "target");
    }
    for (size_t i = 0; i < c->n_support; i++) {
        const struct plan_support *s = &c->support[i];
        xmlw_open(w, "support");
        xmlw_attr(w, "payload", s->payload);
        xmlw_attr(w, "role", plan_role_word[s->role]);
        if (s->proof != PLAN_PROOF_NONE)
            xmlw_attr(w, "proof", plan_proof_word[s->proof]);
        xmlw_attr_i64(w, "binding", s->binding);
        if (s->endpoint != -1)
            xmlw_attr_i64(w, "endpoint", s->endpoint);
        xmlw_close(w, "support");
    }
    xmlw_close(w, "case");
}

static void write_scenarios(struct xmlw *w, const struct plan *p)
{
    for (size_t i = 0; i < p->n_scenario; i++) {
        const struct plan_scenario *s = &p->scenario[i];
        xmlw_open(w, "scenario");
        xmlw_attr_u64(w, "index", i);
        xmlw_attr(w, "file", s->file);
        xmlw_attr(w, "path", s->path);
        xmlw_attr(w, "sha256", s->digest);
        xmlw_attr(w, "section", s->section);
        xmlw_attr(w, "use-case", s->use_case);
        xmlw_attr(w, "suite", s->suite);
        xmlw_attr_bool(w, "exclusive", s->exclusive);
        xmlw_attr_bool(w, "power", s->power);
        for (size_t c = 0; c < s->n_case; c++)
            write_case(w, &s->kase[c]);
        xmlw_close(w, "scenario");
    }
}

static void write_background(struct xmlw *w, const struct plan *p)
{
    if (p->trace.path != NULL) {
        xmlw_open(w, "trace");
        xmlw_attr(w, "path", p->trace.path);
        xmlw_attr(w, "sha256", p->trace.digest);
        xmlw_attr_u64(w, "payloads", p->trace.payloads);
        xmlw_attr_u64(w, "sent", p->trace.sent);
        xmlw_attr_i64(w, "length-ns", p->trace.length_ns);
        xmlw_close(w, "trace");
    }
    for (size_t i = 0; i < p->n_background; i++) {
        const struct plan_background *m = &p->background[i];
        xmlw_open(w, "background");
        xmlw_attr(w, "row", m->row);
        xmlw_attr(w, "use-case", m->use_case);
        xmlw_attr(w, "leg", m->leg);
        xmlw_attr_u64(w, "binding", m->binding);
        xmlw_attr_u64(w, "group", m->group);
        xmlw_attr_u64(w, "endpoint", m->endpoint);
        xmlw_attr_i64(w, "times", m->times);
        xmlw_attr_i64(w, "period-ns", m->period_ns);
        xmlw_attr_bool(w, "reads", m->reads);
        xmlw_attr_bool(w, "operates", m->operates);
        xmlw_close(w, "background");
    }
    for (size_t i = 0; i < p->n_unsent; i++) {
        xmlw_open(w, "unsent");
        xmlw_attr(w, "row", p->unsent[i].row);
        xmlw_attr(w, "use-case", p->unsent[i].use_case);
        xmlw_attr(w, "why", p->unsent[i].why);
        xmlw_close(w, "unsent");
    }
}

static void write_rest(struct xmlw *w, const struct plan *p)
{
    for (size_t i = 0; i < p->n_stimulus; i++) {
        xmlw_open(w, "stimulus");
        xmlw_attr(w, "name", p->stimulus[i].name);
        xmlw_attr(w, "method", p->stimulus[i].method);
        xmlw_attr(w, "url", p->stimulus[i].url);
        xmlw_attr(w, "secret-file", p->stimulus[i].secret_file);
        xmlw_attr(w, "secret-env", p->stimulus[i].secret_env);
        xmlw_close(w, "stimulus");
    }
    for (size_t i = 0; i < p->n_duty; i++) {
        xmlw_open(w, "duty");
        xmlw_attr(w, "payload", p->duty[i].payload);
        xmlw_attr_u64(w, "most", p->duty[i].most);
        xmlw_attr_i64(w, "spacing-ns", p->duty[i].spacing_ns);
        if (p->duty[i].used > 0) {
            xmlw_attr_u64(w, "used", p->duty[i].used);
            xmlw_attr_i64(w, "last-ns", p->duty[i].last_ns);
        }
        xmlw_close(w, "duty");
    }
    write_background(w, p);
    for (size_t i = 0; i < p->n_denied; i++) {
        xmlw_open(w, "denied");
        xmlw_attr(w, "item", p->denied[i].item);
        xmlw_attr(w, "actor", p->denied[i].actor);
        xmlw_attr(w, "payload", p->denied[i].payload);
        xmlw_attr(w, "mode", p->denied[i].mode);
        xmlw_attr_u64(w, "binding", p->denied[i].binding);
        xmlw_close(w, "denied");
    }
    for (size_t i = 0; i < p->n_image; i++) {
        xmlw_open(w, "image");
        xmlw_attr(w, "payload", p->image[i].payload);
        xmlw_attr(w, "path", p->image[i].path);
        xmlw_attr(w, "version", p->image[i].version);
        xmlw_attr_u64(w, "bytes", p->image[i].bytes);
        xmlw_attr(w, "sha256", p->image[i].digest);
        xmlw_close(w, "image");
    }
    for (size_t i = 0; i < p->n_interpretation; i++) {
        xmlw_open(w, "interpretation");
        xmlw_attr(w, "id", p->interpretation[i].id);
        xmlw_attr(w, "section", p->interpretation[i].section);
        xmlw_attr(w, "reading", p->interpretation[i].reading);
        xmlw_attr(w, "ground", p->interpretation[i].ground);
        xmlw_close(w, "interpretation");
    }
}

enum err_code plan_format(struct plan *p, struct buf *out, struct err *e)
{
    struct xmlw w;
    size_t before = out->len;
    xmlw_begin(&w, out, e);
    xmlw_open(&w, "plan");
    xmlw_attr(&w, "xmlns", "urn:gridassay:plan:1");
    xmlw_attr(&w, "version", "1");
    xmlw_attr(&w, "nonce", p->nonce);
    write_claim(&w, p);
    write_rules(&w, p);
    terms_put(&w, p);
    write_equipment(&w, p);
    write_bindings(&w, p);
    write_rows(&w, p);
    write_scenarios(&w, p);
    write_rest(&w, p);
    xmlw_close(&w, "plan");
    return w.rc != ERR_OK ? w.rc
                          : sha256_bytes(out->data + before, out->len - before, p->digest, e);
}

enum err_code plan_write(struct plan *p, const char *path, struct err *e)
{
    struct buf text;
    buf_init(&text, LIMIT_XML_FILE_BYTES);
    enum err_code rc = plan_format(p, &text, e);
    if (rc == ERR_OK)
        rc = buf_write_file(path, text.data, text.len, e);
    buf_release(&text);
    return rc;
}
