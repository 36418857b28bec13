#include <inttypes.h>
#include <string.h>

#include "harness/plan/method_io.h"
#include "harness/report/claim_text.h"
#include "harness/report/contradictions.h"
#include "harness/report/report.h"
#include "harness/report/words.h"

#define EXAMPLES_SHOWN 3
#define TEXT_SHOWN 160

struct page {
    struct text *out;
    bool colour;
};

static const char *colour_of(enum outcome o)
{
    switch (o) {
    case OUTCOME_PASS:
        return "\033[32m";
    case OUTCOME_FAIL:
        return "\033[1;31m";
    case OUTCOME_ERROR:
        return "\033[1;35m";
    case OUTCOME_INCONCLUSIVE:
    case OUTCOME_NOT_EXERCISED:
    case OUTCOME_NOT_SCORABLE:
    case OUTCOME_NOT_RUN:
        return "\033[33m";
    case OUTCOME_NOT_APPLICABLE:
    case OUTCOME_INFORMATION:
    case OUTCOME_COUNT:
        break;
    }
    return "\033[2m";
}

static void outcome(const struct page *p, enum outcome o)
{
    if (p->colour)
        text_raw(p->out, colour_of(o));
    text_f(p->out, "%-14s", outcome_label(o));
    if (p->colour)
        text_raw(p->out, "\033[0m");
}

static void plain(const struct page *p, const char *s)
{
    text_clip(p->out, TEXT_PLAIN, s, TEXT_SHOWN);
}

static size_t characters(const char *s)
{
    size_t n = 0;
    while (text_next(&s) != 0)
        n++;
    return n;
}

/* As words_row writes it. */
static size_t name_width(const struct result_row *row)
{
    return characters(row->id) + (row->shared ? characters(row->use_case) + 3 : 0);
}

static void example(const struct page *p, const struct result_example *x, enum criterion_kind k)
{
    char s[WORDS_SIZE];
    text_f(p->out, "                trial %" PRIu32, x->trial);
    if (x->sub > 0)
        text_f(p->out, ".%" PRIu32, x->sub);
    text_f(p->out, "  %s", cause_name(x->cause));
    if (k == CRITERION_SIZE)
        text_f(p->out, "  %" PRId64 " bytes", x->size_bytes);
    else if (x->latency_ns >= 0)
        text_f(p->out, "  %s", words_exact(x->latency_ns, s, sizeof s));
    if (x->frame_first != 0)
        text_f(p->out, "  frames %s", words_frames(x->frame_first, x->frame_last, s, sizeof s));
    if (x->correlation != NULL && x->correlation[0] != '\0') {
        text_raw(p->out, "  ");
        plain(p, x->correlation);
    }
    if (x->note != NULL && x->note[0] != '\0') {
        text_raw(p->out, "  ");
        plain(p, x->note);
    }
    text_raw(p->out, "\n");
}

/* A criterion that spoils its row, with the first exchanges it rests on. */
static void criterion(const struct page *p, const struct result_row *row, size_t variant,
                      enum criterion_kind k)
{
    const struct result_variant *v = &row->variant[variant];
    const struct result_criterion *c = &v->criterion[k];
    struct words_point point = words_point(row, variant, k);
    if (!point.spoils)
        return;
    char s[WORDS_SIZE];
    text_f(p->out, "    %-12s", criterion_name(k));
    outcome(p, point.outcome);
    plain(p, point.reason);
    if (c->frame_first != 0)
        text_f(p->out, "  [frames %s]", words_frames(c->frame_first, c->frame_last, s, sizeof s));
    text_raw(p->out, "\n");
    if (c->n > 0) {
        text_raw(p->out, "                wanted ");
        words_required(p->out, v, k);
        text_raw(p->out, ", measured ");
        words_measured(p->out, v, k);
        text_raw(p->out, "\n");
    }
    unsigned shown = 0;
    for (size_t x = 0; x < v->n_example && shown < EXAMPLES_SHOWN; x++)
        if (words_proves(v, &v->example[x], k)) {
            example(p, &v->example[x], k);
            shown++;
        }
}

/* A row that spoils the exit status, with what proves it. */
static void bad_row(const struct page *p, const struct result_row *row)
{
    outcome(p, words_row_outcome(row));
    words_row(p->out, TEXT_PLAIN, row);
    text_raw(p->out, row->unlisted ? "  (our reading)\n" : "\n");
    if (row->n_variant == 0) {
        text_raw(p->out, "    ");
        plain(p, row->reason);
        text_raw(p->out, "\n");
    }
    for (size_t i = 0; i < row->n_variant; i++) {
        const struct result_variant *v = &row->variant[i];
        if (!outcome_spoils(outcome_of(v->verdict, v->status)))
            continue;
        if (row->n_variant > 1) {
            text_raw(p->out, "  ");
            words_variant(p->out, TEXT_PLAIN, row, i);
            text_raw(p->out, "\n");
        }
        if (v->note != NULL && v->note[0] != '\0') {
            text_raw(p->out, "    ");
            plain(p, v->note);
            text_raw(p->out, "\n");
        }
        for (int k = 0; k < CRITERION_COUNT; k++)
            if (result_shown(v, (enum criterion_kind)k))
                criterion(p, row, i, (enum criterion_kind)k);
    }
}

static void good_row(const struct page *p, const struct result *r, const struct result_row *row,
                     size_t width)
{
    outcome(p, words_row_outcome(row));
    words_row(p->out, TEXT_PLAIN, row);
    if (row->n_variant > 0) {
        const struct result_variant *v = &row->variant[0];
        for (size_t n = name_width(row); n < width; n++)
            text_raw(p->out, " ");
        text_raw(p->out, "  ");
        size_t before = p->out->buf.len;
        words_decision(p->out, r, v);
        if (p->out->buf.len == before)
            words_measured(p->out, v, CRITERION_RELIABILITY);
        if (v->delivered > 0) {
            text_raw(p->out, p->out->buf.len > before ? ", " : "");
            words_measured(p->out, v, CRITERION_LATENCY);
        }
        if (row->n_variant > 1)
            text_f(p->out, "  (and %zu more readings)", row->n_variant - 1);
        if (v->earlier != NULL && v->earlier[0] != '\0') {
            text_raw(p->out, ", with ");
            plain(p, v->earlier);
        }
    }
    text_raw(p->out, "\n");
}

/* The method in two lines; the report has it whole. */
static void method(const struct page *p, const struct method *m)
{
    if (!method_given(m))
        return;
    text_raw(p->out, "method: ");
    plain(p, m->table);
    text_raw(p->out, ", edition ");
    plain(p, m->table_edition);
    text_raw(p->out, ", deployment ");
    plain(p, m->deployment[0] == '\0' ? "not declared" : m->deployment);
    text_raw(p->out, ", planned by gridassay ");
    plain(p, m->tool);
    text_f(p->out, m->certification ? ", settings fixed for certification\n" : "\n");
    text_f(p->out,
           "        %zu decisions, %zu values with their sources, %zu path%s, %zu use case%s: see "
           "Method in the report\n",
           m->n_decision, m->n_value, m->n_way, m->n_way == 1 ? "" : "s", m->n_prerequisite,
           m->n_prerequisite == 1 ? "" : "s");
}

static void head(const struct page *p, const struct result *r)
{
    char a[WORDS_SIZE], b[WORDS_SIZE], c[WORDS_SIZE];
    words_equipment(p->out, TEXT_PLAIN, r);
    text_raw(p->out, r->firmware != NULL && r->firmware[0] != '\0' ? ", firmware " : "");
    plain(p, r->firmware);
    text_raw(p->out, ", profile ");
    plain(p, r->profile_name);
    text_raw(p->out, "\n");
    if (!r->claimable) {
        text_raw(p->out, "no claim can be made from this run: ");
        plain(p, r->profile_label);
        text_raw(p->out, "\n");
    }
    method(p, &r->method);
    if (r->bias_n > 0)
        text_f(p->out, "the harness itself: p50 %s, p99 %s, worst %s (%" PRIu64 " exchanges)\n",
               words_duration(r->bias_p50_ns, a, sizeof a),
               words_duration(r->bias_p99_ns, b, sizeof b),
               words_duration(r->bias_worst_ns, c, sizeof c), r->bias_n);
    text_f(p->out, "uncertainty %s", words_duration(r->uncertainty_ns, a, sizeof a));
    if (r->uncertainty_from != NULL && r->uncertainty_from[0] != '\0') {
        text_raw(p->out, ", ");
        plain(p, r->uncertainty_from);
    }
    text_raw(p->out, "\n");
    if (!words_is_short(r->rule))
        text_f(p->out,
               "each row a %s: consumer's risk %s, producer's risk %s, which over %" PRIu32
               " judgements add up to %s\n",
               words_rule_name(r->rule), words_risk(r->consumer_ppm, a, sizeof a),
               words_risk(r->producer_own_ppm, b, sizeof b), r->judgements,
               words_risk_sum(r, c, sizeof c));
    if (r->campaign != NULL && r->campaign[0] != '\0') {
        text_raw(p->out, "campaign ");
        words_campaign(p->out, TEXT_PLAIN, r);
        text_raw(p->out, ", ledger's head ");
        text_clip(p->out, TEXT_PLAIN, r->ledger_head, 16);
        text_raw(p->out, "\n");
    }
    if (r->capture_dropped > 0)
        text_f(p->out, "the capture dropped %" PRIu64 " of %" PRIu64 " packets\n",
               r->capture_dropped, r->capture_received);
    if (!r->complete) {
        text_raw(p->out, "the run did not reach its end: ");
        plain(p, r->ended);
        text_raw(p->out, "\n");
    }
    text_raw(p->out, "\n");
}

static void counts(const struct page *p, const struct result_summary *s)
{
    const struct {
        uint32_t n;
        const char *name;
    } part[] = {{s->pass, "pass"},
                {s->fail, "fail"},
                {s->error, "error"},
                {s->inconclusive, "inconclusive"},
                {s->not_exercised, "not exercised"},
                {s->not_scorable, "not scorable"},
                {s->not_run, "not run"}};
    text_f(p->out, "%" PRIu32 " rows in scope", s->applicable);
    const char *before = ": ";
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++)
        if (part[i].n > 0) {
            text_f(p->out, "%s%" PRIu32 " %s", before, part[i].n, part[i].name);
            before = ", ";
        }
    text_f(p->out, "; %" PRIu32 " not applicable\n", s->not_applicable);
}

/* How to see the packets of the first example of a failed row. */
static void packets(const struct page *p, const struct result *r, const char *folder)
{
    for (size_t i = 0; i < r->n_row; i++)
        for (size_t j = 0; j < r->row[i].n_variant; j++) {
            const struct result_variant *v = &r->row[i].variant[j];
            for (size_t x = 0; v->verdict >= VERDICT_INCONCLUSIVE && x < v->n_example; x++) {
                const struct result_example *e = &v->example[x];
                if (e->cause == CAUSE_OK || e->frame_first == 0)
                    continue;
                text_raw(p->out, "packets  tshark -r '");
                text_esc(p->out, TEXT_PLAIN, folder);
                text_f(p->out,
                       "/capture.pcapng' -Y 'frame.number >= %" PRIu64
                       " && frame.number <= %" PRIu64 "'\n",
                       e->frame_first,
                       e->frame_last > e->frame_first ? e->frame_last : e->frame_first);
                return;
            }
        }
}

void report_summary(const struct result *r, const char *folder, bool colour, struct text *out)
{
    struct page p = {out, colour};
    head(&p, r);
    size_t width = 0;
    for (size_t i = 0; i < r->n_row; i++)
        if (outcome_spoils(words_row_outcome(&r->row[i])))
            bad_row(&p, &r->row[i]);
        else if (r->row[i].n_variant > 0 && name_width(&r->row[i]) > width)
            width = name_width(&r->row[i]);
    for (size_t i = 0; i < r->n_row; i++) {
        enum outcome o = words_row_outcome(&r->row[i]);
        if (!outcome_spoils(o) && o != OUTCOME_NOT_APPLICABLE)
            good_row(&p, r, &r->row[i], width < 80 ? width : 80);
    }
    text_raw(out, "\n");
    counts(&p, &r->summary);
    contradictions_lines(out, TEXT_PLAIN, "contradiction: ", r);
    claim_plain(out, r);
    if (folder[0] != '\0') {
        packets(&p, r, folder);
        text_raw(out, "report   ");
        text_esc(out, TEXT_PLAIN, folder);
        text_raw(out, "/report.html\n");
    }
    enum outcome whole = words_whole(&r->summary);
    text_f(out, "verdict  %s%s%s (exit status %d: %s)\n", colour ? colour_of(whole) : "",
           outcome_label(whole), colour ? "\033[0m" : "", r->summary.exit_status,
           words_exit(r->summary.exit_status));
}
