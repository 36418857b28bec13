#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/take.h"
#include "harness/base/xml.h"
#include "harness/plan/method_io.h"
#include "harness/score/claim.h"
#include "harness/score/result.h"
#include "harness/score/result_fields.h"

#define SCHEMA "fixtures/schemas/run.rng"

/* Words of an enum by its name function, so that they stand in one place only. */
static int word(struct take *t, xmlNodePtr node, const char *attr, int count, enum field_kind kind)
{
    const char *names[CAUSE_COUNT];
    for (int i = 0; i < count; i++)
        names[i] = kind == RF_VERDICT     ? verdict_name((enum verdict)i)
                   : kind == RF_STATUS    ? no_verdict_name((enum no_verdict)i)
                   : kind == RF_CRITERION ? criterion_name((enum criterion_kind)i)
                                          : cause_name((enum cause)i);
    return take_word(t, node, attr, names, count);
}

static void fallback(const struct result_field *f, void *at)
{
    if (f->kind == RF_TEXT)
        *(const char **)at = "";
    else if (f->kind == RF_I64)
        *(int64_t *)at = f->fallback;
    else if (f->kind == RF_U32)
        *(uint32_t *)at = (uint32_t)f->fallback;
    else if (f->kind == RF_BOOL)
        *(bool *)at = f->fallback != 0;
}

static void field(struct take *t, xmlNodePtr node, const struct result_field *f, void *object)
{
    void *at = (char *)object + f->at;
    bool missing = f->optional && (node == NULL || xmlHasProp(node, BAD_CAST f->name) == NULL);
    if (missing) {
        fallback(f, at);
        return;
    }
    switch (f->kind) {
    case RF_TEXT:
        *(const char **)at = take_text(t, node, f->name);
        break;
    case RF_I64:
        *(int64_t *)at = take_i64(t, node, f->name, INT64_MIN, INT64_MAX);
        break;
    case RF_U64:
        *(uint64_t *)at = (uint64_t)take_i64(t, node, f->name, 0, INT64_MAX);
        break;
    case RF_U32:
        *(uint32_t *)at = (uint32_t)take_i64(t, node, f->name, 0, UINT32_MAX);
        break;
    case RF_INT:
        *(int *)at = (int)take_i64(t, node, f->name, INT32_MIN, INT32_MAX);
        break;
    case RF_BOOL:
        *(bool *)at = take_bool(t, node, f->name);
        break;
    case RF_VERDICT:
        *(enum verdict *)at = (enum verdict)word(t, node, f->name, VERDICT_COUNT, f->kind);
        break;
    case RF_STATUS:
        *(enum no_verdict *)at = (enum no_verdict)word(t, node, f->name, NO_VERDICT_COUNT, f->kind);
        break;
    case RF_CRITERION:
        *(enum criterion_kind *)at =
            (enum criterion_kind)word(t, node, f->name, CRITERION_COUNT, f->kind);
        break;
    case RF_CAUSE:
        *(enum cause *)at = (enum cause)word(t, node, f->name, CAUSE_COUNT, f->kind);
        break;
    case RF_KIND_COUNT:
        break;
    }
}

static void element(struct take *t, xmlNodePtr node, const struct result_element *el, void *object)
{
    for (const struct result_field *f = el->field; f->name != NULL && t->rc == ERR_OK; f++)
        field(t, node, f, object);
}

/* The children of one name into at most max elements of a fixed array. */
static size_t elements(struct take *t, xmlNodePtr parent, const struct result_element *el,
                       void *array, size_t bytes, size_t max)
{
    size_t n = 0;
    for (xmlNodePtr c = xml_child(parent, el->name); c != NULL && t->rc == ERR_OK;
         c = xml_next(c, el->name)) {
        if (n == max) {
            take_fault(t, c, "more than %zu <%s>", max, el->name);
            break;
        }
        element(t, c, el, (char *)array + n++ * bytes);
    }
    return n;
}

/* <bin at="" n=""/> and <hour at="" n=""/>. */
static uint64_t counted(struct take *t, xmlNodePtr c, size_t max, size_t *at)
{
    *at = (size_t)take_i64(t, c, "at", 0, (int64_t)max - 1);
    return (uint64_t)take_i64(t, c, "n", 0, INT64_MAX);
}

/* In the order of their kinds; the optional ones may be missing. */
static void read_criteria(struct take *t, xmlNodePtr node, struct result_variant *v)
{
    struct result_criterion read[CRITERION_COUNT];
    memset(read, 0, sizeof read);
    size_t n = elements(t, node, &result_criterion_element, read, sizeof *read, CRITERION_COUNT);
    for (int k = 0; k < CRITERION_COUNT; k++)
        v->criterion[k] = (struct result_criterion){.kind = (enum criterion_kind)k,
                                                    .status = NOT_APPLICABLE,
                                                    .reason = "",
                                                    .clustering_ppm = -1,
                                                    .ratio_ppb = -1,
                                                    .low_ppb = -1,
                                                    .high_ppb = -1,
                                                    .limit_ns = -1,
                                                    .limit_lax_ns = -1,
                                                    .limit_min_bytes = -1,
                                                    .limit_max_bytes = -1};
    for (size_t i = 0; i < n && t->rc == ERR_OK; i++) {
        bool fine = i < CRITERION_ALWAYS ? read[i].kind == (enum criterion_kind)i
                                         : read[i].kind > read[i - 1].kind;
        if (!fine)
            take_fault(t, node, "criteria out of order: \"%s\" in place %zu",
                       criterion_name(read[i].kind), i + 1);
        v->criterion[read[i].kind] = read[i];
    }
}

static void read_hops(struct take *t, xmlNodePtr node, struct result_variant *v)
{
    v->budget_ns = -1;
    if (node == NULL)
        return;
    v->budget_ns = take_i64(t, node, "budget-ns", -1, INT64_MAX);
    struct result_hop *hop = take_array(t, node, "hop", sizeof *hop, &v->n_hop);
    v->hop = hop;
    xmlNodePtr child = xml_child(node, "hop");
    for (size_t i = 0; i < v->n_hop && t->rc == ERR_OK; i++, child = xml_next(child, "hop"))
        element(t, child, &result_hop_element, &hop[i]);
}

static void read_variant(struct take *t, xmlNodePtr node, struct result_variant *v)
{
    element(t, node, &result_variant_element, v);
    v->endpoints = (uint64_t)take_i64_or(t, node, "endpoints", 0, INT64_MAX, 0);
    v->share_ppm = take_i64_or(t, node, "share-ppm", -1, 1000000, -1);
    read_criteria(t, node, v);
    read_hops(t, xml_child(node, "hops"), v);
    v->n_clause = elements(t, node, &result_clause_element, v->clause, sizeof *v->clause,
                           sizeof v->clause / sizeof *v->clause);
    v->n_example =
        elements(t, node, &result_example_element, v->example, sizeof *v->example, RESULT_EXAMPLES);
    for (xmlNodePtr c = xml_child(node, "cause"); c != NULL && t->rc == ERR_OK;
         c = xml_next(c, "cause")) {
        int cause = word(t, c, "name", CAUSE_COUNT, RF_CAUSE);
        uint64_t count = (uint64_t)take_i64(t, c, "n", 0, INT64_MAX);
        if (t->rc == ERR_OK)
            v->by_cause[cause] = count;
    }
    size_t at;
    for (xmlNodePtr c = xml_child(node, "bin"); c != NULL && t->rc == ERR_OK;
         c = xml_next(c, "bin")) {
        uint64_t count = counted(t, c, RESULT_BINS, &at);
        if (t->rc == ERR_OK)
            v->bin[at] = count;
    }
    for (xmlNodePtr c = xml_child(node, "hour"); c != NULL && t->rc == ERR_OK;
         c = xml_next(c, "hour")) {
        uint64_t count = counted(t, c, 24, &at);
        if (t->rc == ERR_OK)
            v->hour[at] = (uint32_t)count;
    }
    xmlNodePtr p = xml_child(node, "percentiles");
    for (size_t i = 0; i < RESULT_PERCENTILES && p != NULL && t->rc == ERR_OK; i++)
        v->percentile_ns[i] = take_i64(t, p, result_percentile_name[i], -1, INT64_MAX);
    for (size_t i = 0; i < RESULT_PERCENTILES && p != NULL && t->rc == ERR_OK; i++) {
        v->percentile_low_ns[i] =
            take_i64_or(t, p, result_percentile_low_name[i], -1, INT64_MAX, -1);
        v->percentile_high_ns[i] =
            take_i64_or(t, p, result_percentile_high_name[i], -1, INT64_MAX, -1);
    }
}

static void read_row(struct take *t, xmlNodePtr node, struct result_row *row)
{
    element(t, node, &result_row_element, row);
    row->concerns = xml_attr(node, "lacks") != NULL;
    row->lacks = take_text_or(t, node, "lacks", "");
    struct result_variant *variant =
        take_array(t, node, "variant", sizeof *variant, &row->n_variant);
    row->variant = variant;
    size_t i = 0;
    for (xmlNodePtr c = xml_child(node, "variant"); c != NULL && t->rc == ERR_OK;
         c = xml_next(c, "variant"))
        read_variant(t, c, &variant[i++]);
}

static void read_sources(struct take *t, xmlNodePtr root, struct result *r)
{
    struct result_source *s = take_array(t, root, "source", sizeof *s, &r->n_source);
    r->source = s;
    xmlNodePtr node = xml_child(root, "source");
    for (size_t i = 0; i < r->n_source && t->rc == ERR_OK; i++, node = xml_next(node, "source"))
        element(t, node, &result_source_element, &s[i]);
}

static void read_populations(struct take *t, xmlNodePtr root, struct result *r)
{
    struct result_population *p = take_array(t, root, "population", sizeof *p, &r->n_population);
    r->population = p;
    xmlNodePtr node = xml_child(root, "population");
    for (size_t i = 0; i < r->n_population && t->rc == ERR_OK;
         i++, node = xml_next(node, "population"))
        p[i] = (struct result_population){take_text(t, node, "actor"),
                                          take_text(t, node, "class"),
                                          take_bool(t, node, "equipment"),
                                          take_bool(t, node, "subject"),
                                          (uint64_t)take_i64(t, node, "devices", 0, INT64_MAX),
                                          (uint64_t)take_i64(t, node, "reached", 0, INT64_MAX)};
}

static void read_run(struct take *t, xmlNodePtr root, struct result *r)
{
    element(t, root, &result_run_element, r);
    /* The schema has seen to it that each of these is there once. */
    element(t, xml_child(root, "claim"), &result_claim_element, r);
    method_read(t, root, &r->method);
    read_sources(t, root, r);
    element(t, xml_child(root, "rules"), &result_rules_element, r);
    element(t, xml_child(root, "laboratory"), &result_laboratory_element, r);
    element(t, xml_child(root, "campaign"), &result_campaign_element, r);
    xmlNodePtr campaign = xml_child(root, "campaign");
    r->earlier_runs = campaign == NULL || t->rc != ERR_OK
                          ? 0
                          : (uint32_t)take_i64_or(t, campaign, "earlier-runs", 0, UINT32_MAX, 0);
    element(t, xml_child(root, "evidence"), &result_evidence_element, r);
    element(t, xml_child(root, "bias"), &result_bias_element, r);
    read_populations(t, root, r);
    element(t, xml_child(root, "summary"), &result_summary_element, &r->summary);
    struct result_row *row = take_array(t, root, "row", sizeof *row, &r->n_row);
    r->row = row;
    size_t i = 0;
    for (xmlNodePtr c = xml_child(root, "row"); c != NULL && t->rc == ERR_OK;
         c = xml_next(c, "row"))
        read_row(t, c, &row[i++]);
    for (size_t k = 0; k < r->n_row && t->rc == ERR_OK; k++)
        for (size_t j = 0; j < k; j++)
            if (strcmp(row[j].id, row[k].id) == 0)
                row[j].shared = row[k].shared = true;
    struct result_text *text =
        take_array(t, root, "interpretation", sizeof *text, &r->n_interpretation);
    r->interpretation = text;
    i = 0;
    for (xmlNodePtr c = xml_child(root, "interpretation"); c != NULL && t->rc == ERR_OK;
         c = xml_next(c, "interpretation"))
        element(t, c, &result_interpretation_element, &text[i++]);
    struct result_contradiction *against =
        take_array(t, root, "contradiction", sizeof *against, &r->n_contradiction);
    r->contradiction = against;
    i = 0;
    for (xmlNodePtr c = xml_child(root, "contradiction"); c != NULL && t->rc == ERR_OK;
         c = xml_next(c, "contradiction"))
        element(t, c, &result_contradiction_element, &against[i++]);
}

enum err_code result_read(const char *path, struct result **out, struct err *e)
{
    *out = NULL;
    xmlDocPtr doc = NULL;
    enum err_code rc = xml_load(path, SCHEMA, RESULT_VERSION, &doc, NULL, e);
    if (rc != ERR_OK)
        return rc;
    struct result *r = calloc(1, sizeof *r);
    if (r == NULL) {
        xmlFreeDoc(doc);
        return err_set(e, ERR_NOMEM, "no memory to read %s", path);
    }
    struct take t = {&r->arena, ERR_OK, e};
    read_run(&t, xmlDocGetRootElement(doc), r);
    claim_check(&t, xml_child(xmlDocGetRootElement(doc), "claim"), r);
    xmlFreeDoc(doc);
    if (t.rc != ERR_OK)
        result_free(r);
    else
        *out = r;
    return t.rc;
}
