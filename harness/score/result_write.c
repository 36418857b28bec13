#include "harness/base/limits.h"
#include "harness/base/xmlw.h"
#include "harness/plan/method_io.h"
#include "harness/score/claim.h"
#include "harness/score/result.h"
#include "harness/score/result_fields.h"

static void field(struct xmlw *w, const struct result_field *f, const void *object)
{
    const void *at = (const char *)object + f->at;
    switch (f->kind) {
    case RF_TEXT:
        xmlw_attr_foreign(w, f->name,
                          *(const char *const *)at == NULL ? "" : *(const char *const *)at);
        break;
    case RF_I64:
        xmlw_attr_i64(w, f->name, *(const int64_t *)at);
        break;
    case RF_U64:
        xmlw_attr_u64(w, f->name, *(const uint64_t *)at);
        break;
    case RF_U32:
        xmlw_attr_u64(w, f->name, *(const uint32_t *)at);
        break;
    case RF_INT:
        xmlw_attr_i64(w, f->name, *(const int *)at);
        break;
    case RF_BOOL:
        xmlw_attr(w, f->name, *(const bool *)at ? "yes" : "no");
        break;
    case RF_VERDICT:
        xmlw_attr(w, f->name, verdict_name(*(const enum verdict *)at));
        break;
    case RF_STATUS:
        xmlw_attr(w, f->name, no_verdict_name(*(const enum no_verdict *)at));
        break;
    case RF_CRITERION:
        xmlw_attr(w, f->name, criterion_name(*(const enum criterion_kind *)at));
        break;
    case RF_CAUSE:
        xmlw_attr(w, f->name, cause_name(*(const enum cause *)at));
        break;
    case RF_KIND_COUNT:
        break;
    }
}

static void open_element(struct xmlw *w, const struct result_element *el, const void *object)
{
    xmlw_open(w, el->name);
    for (const struct result_field *f = el->field; f->name != NULL; f++)
        field(w, f, object);
}

static void element(struct xmlw *w, const struct result_element *el, const void *object)
{
    open_element(w, el, object);
    xmlw_close(w, el->name);
}

/* What was counted at place i of a histogram; nothing for none. */
static void count(struct xmlw *w, const char *name, size_t i, uint64_t n)
{
    if (n == 0)
        return;
    xmlw_open(w, name);
    xmlw_attr_u64(w, "at", i);
    xmlw_attr_u64(w, "n", n);
    xmlw_close(w, name);
}

static void write_variant(struct xmlw *w, const struct result_variant *v, bool claims)
{
    open_element(w, &result_variant_element, v);
    if (claims) {
        xmlw_attr_u64(w, "endpoints", v->endpoints);
        xmlw_attr_i64(w, "share-ppm", v->share_ppm);
    }
    for (size_t i = 0; i < CRITERION_COUNT; i++)
        if (result_shown(v, (enum criterion_kind)i))
            element(w, &result_criterion_element, &v->criterion[i]);
    for (size_t i = 0; i < v->n_clause; i++)
        element(w, &result_clause_element, &v->clause[i]);
    for (size_t i = 0; i < CAUSE_COUNT; i++) {
        if (v->by_cause[i] == 0)
            continue;
        xmlw_open(w, "cause");
        xmlw_attr(w, "name", cause_name((enum cause)i));
        xmlw_attr_u64(w, "n", v->by_cause[i]);
        xmlw_close(w, "cause");
    }
    xmlw_open(w, "percentiles");
    for (size_t i = 0; i < RESULT_PERCENTILES; i++)
        xmlw_attr_i64(w, result_percentile_name[i], v->percentile_ns[i]);
    for (size_t i = 0; i < RESULT_PERCENTILES; i++) {
        xmlw_attr_i64(w, result_percentile_low_name[i], v->percentile_low_ns[i]);
        xmlw_attr_i64(w, result_percentile_high_name[i], v->percentile_high_ns[i]);
    }
    xmlw_close(w, "percentiles");
    for (size_t i = 0; i < RESULT_BINS; i++)
        count(w, "bin", i, v->bin[i]);
    for (size_t i = 0; i < 24; i++)
        count(w, "hour", i, v->hour[i]);
    for (size_t i = 0; i < v->n_example; i++)
        element(w, &result_example_element, &v->example[i]);
    if (v->n_hop > 0) {
        xmlw_open(w, "hops");
        xmlw_attr_i64(w, "budget-ns", v->budget_ns);
        for (size_t i = 0; i < v->n_hop; i++)
            element(w, &result_hop_element, &v->hop[i]);
        xmlw_close(w, "hops");
    }
    xmlw_close(w, result_variant_element.name);
}

/* Of a result that says how it was shown; others stay as they were, to the byte. */
static void write_claim(struct xmlw *w, const struct result *r)
{
    struct claim c;
    open_element(w, &result_claim_element, r);
    if (method_given(&r->method) && w->rc == ERR_OK) {
        w->rc = claim_make(r, &c, w->e);
        if (w->rc == ERR_OK) {
            claim_write(w, &c);
            claim_release(&c);
        }
    }
    xmlw_close(w, result_claim_element.name);
}

static void write_populations(struct xmlw *w, const struct result *r)
{
    for (size_t i = 0; i < r->n_population; i++) {
        const struct result_population *p = &r->population[i];
        xmlw_open(w, "population");
        xmlw_attr_foreign(w, "actor", p->actor);
        xmlw_attr_foreign(w, "class", p->device_class);
        xmlw_attr_bool(w, "equipment", p->equipment);
        xmlw_attr_bool(w, "subject", p->subject);
        xmlw_attr_u64(w, "devices", p->devices);
        xmlw_attr_u64(w, "reached", p->reached);
        xmlw_close(w, "population");
    }
}

static void write_run(struct xmlw *w, const struct result *r)
{
    xmlw_open(w, result_run_element.name);
    xmlw_attr(w, "version", RESULT_VERSION);
    for (const struct result_field *f = result_run_element.field; f->name != NULL; f++)
        field(w, f, r);
    write_claim(w, r);
    method_write(w, &r->method);
    for (size_t i = 0; i < r->n_source; i++)
        element(w, &result_source_element, &r->source[i]);
    element(w, &result_rules_element, r);
    element(w, &result_laboratory_element, r);
    open_element(w, &result_campaign_element, r);
    if (r->earlier_runs > 0 && method_given(&r->method))
        xmlw_attr_u64(w, "earlier-runs", r->earlier_runs);
    xmlw_close(w, result_campaign_element.name);
    element(w, &result_evidence_element, r);
    element(w, &result_bias_element, r);
    write_populations(w, r);
    element(w, &result_summary_element, &r->summary);
    for (size_t i = 0; i < r->n_row; i++) {
        open_element(w, &result_row_element, &r->row[i]);
        if (r->row[i].concerns)
            xmlw_attr_foreign(w, "lacks", r->row[i].lacks);
        for (size_t k = 0; k < r->row[i].n_variant; k++)
            write_variant(w, &r->row[i].variant[k], method_given(&r->method));
        xmlw_close(w, result_row_element.name);
    }
    for (size_t i = 0; i < r->n_interpretation; i++)
        element(w, &result_interpretation_element, &r->interpretation[i]);
    for (size_t i = 0; i < r->n_contradiction; i++)
        element(w, &result_contradiction_element, &r->contradiction[i]);
    xmlw_close(w, result_run_element.name);
}

enum err_code result_write(const struct result *r, const char *path, struct err *e)
{
    struct buf text;
    struct xmlw w;
    buf_init(&text, LIMIT_XML_FILE_BYTES);
    xmlw_begin(&w, &text, e);
    write_run(&w, r);
    enum err_code rc = w.rc;
    if (rc == ERR_OK)
        rc = buf_write_file(path, text.data, text.len, e);
    buf_release(&text);
    return rc;
}
