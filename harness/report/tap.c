#include "harness/report/tap.h"

#include <inttypes.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/report/claim_text.h"
#include "harness/report/contradictions.h"
#include "harness/report/expected.h"
#include "harness/report/words.h"

#define REASON_MAX 600
#define NOTE_MAX 200

int tap_form_by_name(const char *name)
{
    static const char *const names[TAP_FORM_COUNT] = {"13", "14", "flat"};
    for (int i = 0; i < TAP_FORM_COUNT; i++)
        if (strcmp(name, names[i]) == 0)
            return i;
    return strcmp(name, "nested") == 0 ? TAP_NESTED : -1;
}

uint64_t tap_points(enum tap_form form, size_t n_criteria)
{
    return form != TAP_FLAT || n_criteria == 0 ? 1 : n_criteria;
}

void tap_begin(struct tap *t, struct text *out, enum tap_form form, uint64_t points,
               const struct tap_terms *terms)
{
    *t = (struct tap){.out = out, .form = form, .terms = *terms};
    text_f(out, "TAP version %d\n1..%" PRIu64 "%s\n", form == TAP_STRICT ? 14 : 13, points,
           points == 0 ? " # SKIP no rows" : "");
}

/* The one line of a test point, without its description. */
static void point(struct text *out, const char *indent, bool spoils, uint64_t number)
{
    text_f(out, "%s%s %" PRIu64 " - ", indent, spoils ? "not ok" : "ok", number);
}

/* The directive, if any, and the line's end. A failure that is expected is TODO, and so is a pass
 * where one is: readers tell those apart. */
static void directive(struct text *out, enum outcome o, bool spoils, const char *reason,
                      const struct result_expected *expected)
{
    if (expected->is == EXPECTATION_MET || (!spoils && expected->is == EXPECTATION_PASSES)) {
        text_raw(out, " # TODO ");
        text_clip(out, TEXT_TAP, expected->reason, REASON_MAX);
    } else if (!spoils && o != OUTCOME_PASS) {
        text_f(out, " # SKIP %s", outcome_label(o));
        if (reason != NULL && reason[0] != '\0') {
            text_raw(out, ": ");
            text_clip(out, TEXT_TAP, reason, REASON_MAX);
        }
    }
    text_raw(out, "\n");
}

static void key(struct text *out, const char *indent, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    text_f(out, "%s  %s: \"", indent, name);
    text_clip(out, TEXT_QUOTED, value, REASON_MAX);
    text_raw(out, "\"\n");
}

/* A key whose value is written by words. */
static void words_key(struct text *out, const char *indent, const char *name,
                      void (*words)(struct text *, const struct result_variant *,
                                    enum criterion_kind),
                      const struct result_variant *v, enum criterion_kind k)
{
    size_t before = out->buf.len;
    text_f(out, "%s  %s: \"", indent, name);
    size_t start = out->buf.len;
    words(out, v, k);
    if (out->buf.len > start)
        text_raw(out, "\"\n");
    else
        text_cut(out, before);
}

static void number_key(struct text *out, const char *indent, const char *name, uint64_t n)
{
    text_f(out, "%s  %s: \"%" PRIu64 "\"\n", indent, name, n);
}

static void frames_key(struct text *out, const char *indent, uint64_t first, uint64_t last)
{
    char s[WORDS_SIZE];
    key(out, indent, "frames", words_frames(first, last, s, sizeof s));
}

/* What the list of known failures had expected, where that is not what happened. */
static void expected_key(struct text *out, const char *indent, const struct result_expected *x)
{
    if (x->is == EXPECTATION_OTHER || x->is == EXPECTATION_PASSES)
        key(out, indent, "expected", x->what);
}

static void diagnose_latency(struct text *out, const char *indent, const struct result_variant *v)
{
    static const char *const names[RESULT_PERCENTILES] = {"least_s", "p50_s",  "p90_s",  "p95_s",
                                                          "p99_s",   "p999_s", "worst_s"};
    char s[WORDS_SIZE];
    const struct result_criterion *c = &v->criterion[CRITERION_LATENCY];
    if (c->limit_ns > 0)
        key(out, indent, "limit_s", clock_seconds(c->limit_ns, s, sizeof s));
    if (c->limit_lax_ns > c->limit_ns)
        key(out, indent, "limit_lax_s", clock_seconds(c->limit_lax_ns, s, sizeof s));
    for (int i = 0; v->delivered > 0 && i < RESULT_PERCENTILES; i++)
        if (v->percentile_ns[i] >= 0)
            key(out, indent, names[i], clock_seconds(v->percentile_ns[i], s, sizeof s));
    if (v->delivered > 0 && v->percentile_low_ns[4] > 0)
        key(out, indent, "p99_low_s", clock_seconds(v->percentile_low_ns[4], s, sizeof s));
    if (v->delivered > 0 && v->percentile_high_ns[4] > 0)
        key(out, indent, "p99_high_s", clock_seconds(v->percentile_high_ns[4], s, sizeof s));
}

/* How the verdict was come to. */
static void diagnose_rule(const struct tap *t, const char *indent, const struct result_variant *v,
                          enum criterion_kind k)
{
    struct text *out = t->out;
    const struct result_criterion *c = &v->criterion[k];
    char s[WORDS_SIZE];
    key(out, indent, "rule", words_is_short(t->terms.rule) ? "short" : t->terms.rule);
    if (!words_is_short(t->terms.rule)) {
        key(out, indent, "consumer_risk", words_risk(t->terms.consumer_ppm, s, sizeof s));
        key(out, indent, "producer_risk", words_risk(t->terms.producer_ppm, s, sizeof s));
    }
    if (c->decided_at > 0)
        number_key(out, indent, "decided_at", c->decided_at);
    key(out, indent, "unit", v->unit);
    if (c->clustering_ppm >= 0 && t->terms.clustering_ppm > 0)
        key(out, indent, "clustering", words_chance(c->clustering_ppm, s, sizeof s));
}

static void diagnose_causes(struct text *out, const char *indent, const struct result_variant *v)
{
    bool any = false;
    for (int c = CAUSE_OK + 1; c < CAUSE_COUNT; c++) {
        if (v->by_cause[c] == 0)
            continue;
        if (!any)
            text_f(out, "%s  failures:\n", indent);
        any = true;
        text_f(out, "%s    %s: \"%" PRIu64 "\"\n", indent, cause_name((enum cause)c),
               v->by_cause[c]);
    }
}

static void diagnose_clauses(struct text *out, const char *indent, const struct result_variant *v)
{
    char a[WORDS_SIZE], b[WORDS_SIZE];
    if (v->n_clause < 2)
        return;
    text_f(out, "%s  clauses:\n", indent);
    for (size_t i = 0; i < v->n_clause; i++) {
        const struct result_clause *k = &v->clause[i];
        text_f(out,
               "%s    - \"> %s in %s: %s, %" PRIu32 " of %" PRIu32 " used, %" PRIu32
               " failed, decided at %" PRIu32 "\"\n",
               indent, words_ratio(k->ratio_ppb, a, sizeof a),
               words_limit(k->period_ns, b, sizeof b), verdict_name(k->verdict), k->used, k->n,
               k->failures, k->decided_at);
    }
}

static void diagnose_examples(struct text *out, const char *indent, const struct result_variant *v,
                              enum criterion_kind k)
{
    char s[WORDS_SIZE];
    bool any = false;
    for (size_t i = 0; i < v->n_example; i++) {
        const struct result_example *x = &v->example[i];
        if (!words_proves(v, x, k))
            continue;
        if (!any)
            text_f(out, "%s  examples:\n", indent);
        any = true;
        text_f(out, "%s    - \"trial %" PRIu32 ".%" PRIu32 " %s", indent, x->trial, x->sub,
               cause_name(x->cause));
        if (x->size_bytes >= 0 && k == CRITERION_SIZE)
            text_f(out, ", %" PRId64 " bytes", x->size_bytes);
        if (x->latency_ns >= 0)
            text_f(out, ", %s s", clock_seconds(x->latency_ns, s, sizeof s));
        if (x->frame_first != 0)
            text_f(out, ", frames %s", words_frames(x->frame_first, x->frame_last, s, sizeof s));
        if (x->correlation != NULL && x->correlation[0] != '\0') {
            text_raw(out, ", correlation ");
            text_clip(out, TEXT_QUOTED, x->correlation, NOTE_MAX);
        }
        if (x->note != NULL && x->note[0] != '\0') {
            text_raw(out, ", ");
            text_clip(out, TEXT_QUOTED, x->note, NOTE_MAX);
        }
        text_raw(out, "\"\n");
    }
}

/* The YAML block of one criterion. Scalars are all double-quoted, one key a line: the readers in
 * the field take no more. */
static void diagnose(const struct tap *t, const char *indent, const struct result_variant *v,
                     enum criterion_kind k, const struct words_point *p)
{
    struct text *out = t->out;
    const struct result_criterion *c = &v->criterion[k];
    char a[WORDS_SIZE], b[WORDS_SIZE];
    text_f(out, "%s  ---\n", indent);
    key(out, indent, "severity", outcome_name(p->outcome));
    key(out, indent, "message", p->reason);
    expected_key(out, indent, p->expected);
    words_key(out, indent, "limit", words_required, v, k);
    words_key(out, indent, "measured", words_measured, v, k);
    if (k == CRITERION_LATENCY)
        diagnose_latency(out, indent, v);
    number_key(out, indent, "n", c->n);
    number_key(out, indent, "planned", c->planned);
    number_key(out, indent, "good", c->good);
    number_key(out, indent, "bad", c->bad);
    if (c->indeterminate > 0)
        number_key(out, indent, "indeterminate", c->indeterminate);
    if (c->disturbed > 0)
        number_key(out, indent, "disturbed", c->disturbed);
    if (words_ruled(k))
        diagnose_rule(t, indent, v, k);
    if (k == CRITERION_RELIABILITY) {
        number_key(out, indent, "fail_at", c->fail_at);
        diagnose_clauses(out, indent, v);
    }
    if (c->low_ppb >= 0)
        text_f(out,
               "%s  interval: \"%s to %s, nominal Clopper-Pearson at %" PRId64 ".%02" PRId64
               " %%\"\n",
               indent, words_bound(c->low_ppb, false, a, sizeof a),
               words_bound(c->high_ppb, true, b, sizeof b), t->terms.confidence_ppm / 10000,
               t->terms.confidence_ppm % 10000 / 100);
    if (p->spoils && k == CRITERION_RELIABILITY)
        diagnose_causes(out, indent, v);
    key(out, indent, "measured_at", v->measured);
    key(out, indent, "role", v->role);
    key(out, indent, "span", v->span);
    key(out, indent, "note", v->note);
    key(out, indent, "earlier", v->earlier);
    frames_key(out, indent, c->frame_first, c->frame_last);
    key(out, indent, "interpretations", v->interpretations);
    if (p->spoils)
        diagnose_examples(out, indent, v, k);
    text_f(out, "%s  ...\n", indent);
}

static void criterion(const struct tap *t, const char *indent, uint64_t number,
                      const struct result_row *row, size_t variant, enum criterion_kind k)
{
    struct text *out = t->out;
    const struct result_variant *v = &row->variant[variant];
    struct words_point p = words_point(row, variant, k);
    point(out, indent, p.spoils, number);
    if (t->form == TAP_FLAT) {
        words_row(out, TEXT_TAP, row);
        text_raw(out, " ");
    }
    text_f(out, "%s ", criterion_name(k));
    size_t start = out->buf.len;
    words_required(out, v, k);
    if (out->buf.len == start)
        text_cut(out, start - 1);
    if (row->n_variant > 1) {
        text_raw(out, " (");
        words_variant(out, TEXT_TAP, row, variant);
        text_raw(out, ")");
    }
    directive(out, p.outcome, p.spoils, p.reason, p.expected);
    if (p.outcome != OUTCOME_NOT_APPLICABLE)
        diagnose(t, indent, v, k, &p);
}

/* The closing point of a row, or its only one when it has no variant. */
static void row_point(struct tap *t, const struct result_row *row)
{
    struct text *out = t->out;
    enum outcome o = words_row_outcome(row);
    point(out, "", outcome_spoils(o), ++t->number);
    words_row(out, TEXT_TAP, row);
    directive(out, o, outcome_spoils(o), row->reason, &row->expected);
    if (!outcome_spoils(o))
        return;
    text_raw(out, "  ---\n");
    key(out, "", "severity", outcome_name(o));
    key(out, "", "message", row->reason);
    expected_key(out, "", &row->expected);
    text_raw(out, "  ...\n");
}

void tap_row(struct tap *t, const struct result_row *row)
{
    if (row->n_variant == 0) {
        row_point(t, row);
        return;
    }
    if (t->form == TAP_FLAT) {
        for (size_t i = 0; i < row->n_variant; i++)
            for (int k = 0; k < CRITERION_COUNT; k++)
                if (result_shown(&row->variant[i], (enum criterion_kind)k))
                    criterion(t, "", ++t->number, row, i, (enum criterion_kind)k);
        return;
    }
    text_raw(t->out, "# Subtest: ");
    words_row(t->out, TEXT_TAP, row);
    text_f(t->out, "\n    1..%zu\n", result_row_criteria(row));
    uint64_t inner = 0;
    for (size_t i = 0; i < row->n_variant; i++)
        for (int k = 0; k < CRITERION_COUNT; k++)
            if (result_shown(&row->variant[i], (enum criterion_kind)k))
                criterion(t, "    ", ++inner, row, i, (enum criterion_kind)k);
    row_point(t, row);
}

void tap_end(struct tap *t, const struct result *r)
{
    const struct result_summary *s = &r->summary;
    text_f(t->out,
           "# %" PRIu32 " rows, %" PRIu32 " in scope: %" PRIu32 " pass, %" PRIu32 " fail, %" PRIu32
           " inconclusive, %" PRIu32 " error, %" PRIu32 " not exercised, %" PRIu32
           " not scorable, %" PRIu32 " not run; %" PRIu32 " not applicable\n",
           s->rows, s->applicable, s->pass, s->fail, s->inconclusive, s->error, s->not_exercised,
           s->not_scorable, s->not_run, s->not_applicable);
    if (r->campaign != NULL && r->campaign[0] != '\0') {
        text_raw(t->out, "# campaign ");
        words_campaign(t->out, TEXT_TAP, r);
        text_raw(t->out, ", ledger's head ");
        text_clip(t->out, TEXT_TAP, r->ledger_head, 80);
        text_raw(t->out, "\n");
    }
    contradictions_lines(t->out, TEXT_TAP, "# contradiction: ", r);
    claim_tap(t->out, r);
    text_f(t->out, "# exit status %d: %s\n", s->exit_status, words_exit(s->exit_status));
}

void tap_expected(struct tap *t, const struct result *r)
{
    if (r->expected.list == NULL)
        return;
    text_f(t->out,
           "# expected failures: %" PRIu32 " as listed, %" PRIu32 " in another way, %" PRIu32
           " pass, %" PRIu32 " expired\n# with them: exit status %d: %s\n",
           r->expected.met, r->expected.other, r->expected.passes, r->expected.expired,
           r->expected.exit_status, expected_exit_words(r->expected.exit_status));
}

void tap_bail(struct tap *t, const char *reason)
{
    text_raw(t->out, "Bail out! ");
    text_clip(t->out, TEXT_TAP, reason, REASON_MAX);
    text_raw(t->out, "\n");
}

void report_tap(const struct result *r, enum tap_form form, struct text *out)
{
    struct tap t;
    uint64_t points = 0;
    for (size_t i = 0; i < r->n_row; i++)
        points += tap_points(form, result_row_criteria(&r->row[i]));
    const struct tap_terms terms = {r->rule, r->confidence_ppm, r->consumer_ppm,
                                    r->producer_own_ppm, r->clustering_ppm};
    tap_begin(&t, out, form, points, &terms);
    for (size_t i = 0; i < r->n_row; i++)
        tap_row(&t, &r->row[i]);
    tap_end(&t, r);
    tap_expected(&t, r);
}
