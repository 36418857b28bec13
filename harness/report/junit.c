#include <inttypes.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/report/claim_text.h"
#include "harness/report/contradictions.h"
#include "harness/report/report.h"
#include "harness/report/words.h"

struct tally {
    uint64_t tests, failures, errors, skipped;
    int64_t first_ns, last_ns; /* 0: nothing observed */
};

/* A row without a reading is one case, and so is each criterion of each reading. */
static struct words_point row_point(const struct result_row *row)
{
    enum outcome o = words_row_outcome(row);
    return (struct words_point){o, outcome_spoils(o), row->reason, &row->expected};
}

/* What stands in a case. An expected failure is skipped; where one should be, a pass is a failure,
 * since a list that nobody keeps hides the next one. */
enum element { ELEMENT_NONE = 0, ELEMENT_SKIPPED, ELEMENT_FAILURE, ELEMENT_ERROR };

static enum element element_of(struct words_point p)
{
    if (p.expected->is == EXPECTATION_MET)
        return ELEMENT_SKIPPED;
    if (!p.spoils && p.expected->is == EXPECTATION_PASSES)
        return ELEMENT_FAILURE;
    if (!p.spoils)
        return p.outcome == OUTCOME_PASS ? ELEMENT_NONE : ELEMENT_SKIPPED;
    return p.outcome == OUTCOME_ERROR ? ELEMENT_ERROR : ELEMENT_FAILURE;
}

static void count_point(struct tally *n, struct words_point p)
{
    enum element e = element_of(p);
    n->tests++;
    n->errors += e == ELEMENT_ERROR;
    n->failures += e == ELEMENT_FAILURE;
    n->skipped += e == ELEMENT_SKIPPED;
}

static void count_row(struct tally *n, const struct result_row *row)
{
    if (row->n_variant == 0)
        count_point(n, row_point(row));
    for (size_t i = 0; i < row->n_variant; i++) {
        const struct result_variant *v = &row->variant[i];
        for (int k = 0; k < CRITERION_COUNT; k++)
            if (result_shown(v, (enum criterion_kind)k))
                count_point(n, words_point(row, i, (enum criterion_kind)k));
        if (v->first_ns != 0 && (n->first_ns == 0 || v->first_ns < n->first_ns))
            n->first_ns = v->first_ns;
        if (v->last_ns > n->last_ns)
            n->last_ns = v->last_ns;
    }
}

static void attribute(struct text *out, const char *name, const char *value)
{
    text_f(out, " %s=\"", name);
    text_clip(out, TEXT_MARKUP, value, 1000);
    text_raw(out, "\"");
}

static void time_attribute(struct text *out, int64_t first_ns, int64_t last_ns)
{
    char s[WORDS_SIZE];
    int64_t ns = first_ns != 0 && last_ns > first_ns ? last_ns - first_ns : 0;
    text_f(out, " time=\"%s\"", clock_seconds(ns, s, sizeof s));
}

/* Seconds are as fine as consumers take them, and none takes a zone. */
static void timestamp_attribute(struct text *out, int64_t ns)
{
    char s[WORDS_SIZE];
    if (ns == 0)
        return;
    clock_iso(ns, s, sizeof s);
    s[strcspn(s, ".Z")] = '\0';
    attribute(out, "timestamp", s);
}

static void property(struct text *out, const char *indent, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    text_f(out, "%s<property name=\"%s\"", indent, name);
    attribute(out, "value", value);
    text_raw(out, "/>\n");
}

static void contradictions(struct text *out, const struct result *r)
{
    struct text value;
    text_init(&value);
    if (r->n_contradiction > 0) {
        contradictions_value(&value, r);
        property(out, "      ", "contradictions", value.buf.data);
    }
    text_release(&value);
}

static void property_n(struct text *out, const char *name, uint64_t n)
{
    text_f(out, "        <property name=\"%s\" value=\"%" PRIu64 "\"/>\n", name, n);
}

static void case_open(struct text *out, const struct result_row *row)
{
    text_raw(out, "    <testcase classname=\"");
    text_clip(out, TEXT_MARKUP, row->section, 200);
    text_raw(out, " ");
    text_clip(out, TEXT_MARKUP, row->use_case, 200);
    text_raw(out, "\" name=\"");
    words_row(out, TEXT_MARKUP, row);
}

static void examples(struct text *out, const struct result_variant *v, enum criterion_kind k)
{
    char s[WORDS_SIZE];
    for (size_t i = 0; i < v->n_example; i++) {
        const struct result_example *x = &v->example[i];
        if (!words_proves(v, x, k))
            continue;
        text_f(out, "\ntrial %" PRIu32 ".%" PRIu32 " %s", x->trial, x->sub, cause_name(x->cause));
        if (x->latency_ns >= 0)
            text_f(out, " after %s s", clock_seconds(x->latency_ns, s, sizeof s));
        if (x->frame_first != 0)
            text_f(out, ", frames %s", words_frames(x->frame_first, x->frame_last, s, sizeof s));
        text_raw(out, ", correlation ");
        text_clip(out, TEXT_MARKUP, x->correlation, 200);
        text_raw(out, x->note != NULL && x->note[0] != '\0' ? ", " : "");
        text_clip(out, TEXT_MARKUP, x->note, 200);
    }
}

/* The element that says why a case is not plainly good. v NULL: the row has no reading. */
static void outcome_element(struct text *out, struct words_point p, const struct result_variant *v,
                            enum criterion_kind k)
{
    enum element e = element_of(p);
    if (e == ELEMENT_NONE)
        return;
    const char *name = e == ELEMENT_SKIPPED   ? "skipped"
                       : e == ELEMENT_FAILURE ? "failure"
                                              : "error";
    text_f(out, "      <%s", name);
    if (e != ELEMENT_SKIPPED)
        text_f(out, " type=\"%s\"", p.spoils ? outcome_name(p.outcome) : "unexpected-pass");
    text_f(out, " message=\"%s: ", outcome_label(p.outcome));
    text_clip(out, TEXT_MARKUP, p.reason, 1000);
    if (p.expected->is != EXPECTATION_NONE) {
        text_f(out, "; %s: ", p.expected->is == EXPECTATION_MET ? "as expected" : "expected");
        text_clip(out, TEXT_MARKUP, p.expected->what, 200);
        text_raw(out, ", ");
        text_clip(out, TEXT_MARKUP, p.expected->reason, 1000);
    }
    if (e == ELEMENT_SKIPPED) {
        text_raw(out, "\"/>\n");
        return;
    }
    text_raw(out, "\">");
    text_clip(out, TEXT_MARKUP, p.reason, 4000);
    if (v != NULL && p.spoils)
        examples(out, v, k);
    text_f(out, "</%s>\n", name);
}

static void criterion_properties(struct text *out, const struct result *r,
                                 const struct result_row *row, const struct result_variant *v,
                                 enum criterion_kind k)
{
    const struct result_criterion *c = &v->criterion[k];
    const char *in = "        ";
    char s[WORDS_SIZE];
    struct text words;
    text_init(&words);
    text_raw(out, "      <properties>\n");
    property(out, in, "verdict", outcome_name(outcome_of(c->verdict, c->status)));
    words_required(&words, v, k);
    property(out, in, "limit", words.buf.data);
    buf_reset(&words.buf);
    words_measured(&words, v, k);
    property(out, in, "measured", words.buf.data);
    property_n(out, "n", c->n);
    property_n(out, "planned", c->planned);
    property_n(out, "bad", c->bad);
    property_n(out, "indeterminate", c->indeterminate);
    if (c->low_ppb >= 0) {
        property(out, in, "interval_low", words_bound(c->low_ppb, false, s, sizeof s));
        property(out, in, "interval_high", words_bound(c->high_ppb, true, s, sizeof s));
    }
    if (c->decided_at > 0)
        property_n(out, "decided_at", c->decided_at);
    if (c->disturbed > 0)
        property_n(out, "disturbed", c->disturbed);
    if (words_ruled(k))
        property(out, in, "unit", v->unit);
    if (c->clustering_ppm >= 0 && r->clustering_ppm > 0)
        property(out, in, "clustering", words_chance(c->clustering_ppm, s, sizeof s));
    if (k == CRITERION_LATENCY && v->delivered > 0) {
        property(out, in, "p50_s", clock_seconds(v->percentile_ns[1], s, sizeof s));
        property(out, in, "p99_s", clock_seconds(v->percentile_ns[4], s, sizeof s));
        property(out, in, "worst_s", clock_seconds(v->percentile_ns[6], s, sizeof s));
        if (v->percentile_low_ns[4] > 0)
            property(out, in, "p99_low_s", clock_seconds(v->percentile_low_ns[4], s, sizeof s));
        if (v->percentile_high_ns[4] > 0)
            property(out, in, "p99_high_s", clock_seconds(v->percentile_high_ns[4], s, sizeof s));
    }
    property(out, in, "frames", words_frames(c->frame_first, c->frame_last, s, sizeof s));
    property(out, in, "role", v->role);
    property(out, in, "span", v->span);
    property(out, in, "note", v->note);
    property(out, in, "earlier", v->earlier);
    property(out, in, "unlisted", row->unlisted ? "no table of the document holds this row" : "");
    property(out, in, "interpretations", v->interpretations);
    property(out, in, "plan", r->plan_digest);
    text_raw(out, "      </properties>\n");
    text_release(&words);
}

static void row_cases(struct text *out, const struct result *r, const struct result_row *row)
{
    if (row->n_variant == 0) {
        case_open(out, row);
        text_raw(out, "\" time=\"0.000000000\">\n");
        outcome_element(out, row_point(row), NULL, CRITERION_COUNT);
        text_raw(out, "    </testcase>\n");
    }
    for (size_t i = 0; i < row->n_variant; i++) {
        const struct result_variant *v = &row->variant[i];
        for (int k = 0; k < CRITERION_COUNT; k++) {
            if (!result_shown(v, (enum criterion_kind)k))
                continue;
            case_open(out, row);
            text_f(out, " %s", criterion_name((enum criterion_kind)k));
            if (row->n_variant > 1) {
                text_raw(out, " (");
                words_variant(out, TEXT_MARKUP, row, i);
                text_raw(out, ")");
            }
            text_raw(out, "\"");
            time_attribute(out, v->first_ns, v->last_ns);
            text_raw(out, ">\n");
            criterion_properties(out, r, row, v, (enum criterion_kind)k);
            outcome_element(out, words_point(row, i, (enum criterion_kind)k), v,
                            (enum criterion_kind)k);
            text_raw(out, "    </testcase>\n");
        }
    }
}

static bool same_suite(const struct result_row *a, const struct result_row *b)
{
    return strcmp(a->section, b->section) == 0 && strcmp(a->use_case, b->use_case) == 0;
}

static void tally_attributes(struct text *out, const struct tally *n)
{
    text_f(out,
           " tests=\"%" PRIu64 "\" failures=\"%" PRIu64 "\" errors=\"%" PRIu64
           "\" skipped=\"%" PRIu64 "\"",
           n->tests, n->failures, n->errors, n->skipped);
}

/* How verdicts are come to, how sure they are, and for whom. */
static void rule_properties(struct text *out, const struct result *r)
{
    const char *in = "      ";
    char s[WORDS_SIZE];
    bool plain = words_is_short(r->rule);
    struct text words;
    text_init(&words);
    property(out, in, "rule", plain ? "short" : r->rule);
    property(out, in, "confidence", words_risk(r->confidence_ppm, s, sizeof s));
    if (!plain) {
        property(out, in, "consumer_risk", words_risk(r->consumer_ppm, s, sizeof s));
        property(out, in, "producer_risk", words_risk(r->producer_own_ppm, s, sizeof s));
        property(out, in, "producer_risk_sum", words_risk(r->producer_sum_ppm, s, sizeof s));
    }
    property(out, in, "uncertainty_s", clock_seconds(r->uncertainty_ns, s, sizeof s));
    property(out, in, "uncertainty_from", r->uncertainty_from);
    property(out, in, "laboratory", r->laboratory);
    words_campaign(&words, TEXT_PLAIN, r);
    property(out, in, "campaign", words.buf.data);
    property(out, in, "ledger_head", r->ledger_head);
    text_release(&words);
}

/* Rows from..to-1, which share section and use case. */
static void suite(struct text *out, const struct result *r, size_t from, size_t to)
{
    const struct result_row *row = &r->row[from];
    struct tally n = {0};
    for (size_t i = from; i < to; i++)
        count_row(&n, &r->row[i]);
    text_raw(out, "  <testsuite name=\"");
    text_clip(out, TEXT_MARKUP, row->section, 200);
    text_raw(out, " ");
    text_clip(out, TEXT_MARKUP, row->use_case, 200);
    text_raw(out, "\"");
    tally_attributes(out, &n);
    time_attribute(out, n.first_ns, n.last_ns);
    timestamp_attribute(out, r->first_ns);
    text_raw(out, ">\n    <properties>\n");
    property(out, "      ", "vendor", r->vendor);
    property(out, "      ", "model", r->model);
    property(out, "      ", "firmware", r->firmware);
    property(out, "      ", "firmware_digest", r->firmware_digest);
    property(out, "      ", "profile", r->profile_name);
    property(out, "      ", "profile_label", r->profile_label);
    property(out, "      ", "claimable", r->claimable ? "yes" : "no");
    claim_junit(out, r, "      ");
    contradictions(out, r);
    rule_properties(out, r);
    text_raw(out, "    </properties>\n");
    for (size_t i = from; i < to; i++)
        row_cases(out, r, &r->row[i]);
    text_raw(out, "  </testsuite>\n");
}

void report_junit(const struct result *r, struct text *out)
{
    struct tally n = {0};
    for (size_t i = 0; i < r->n_row; i++)
        count_row(&n, &r->row[i]);
    text_raw(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"gridassay\"");
    tally_attributes(out, &n);
    time_attribute(out, r->first_ns, r->last_ns);
    text_raw(out, ">\n");
    for (size_t i = 0, next; i < r->n_row; i = next) {
        for (next = i + 1; next < r->n_row && same_suite(&r->row[i], &r->row[next]);)
            next++;
        suite(out, r, i, next);
    }
    text_raw(out, "</testsuites>\n");
}
