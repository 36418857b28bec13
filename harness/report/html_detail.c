#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/report/html.h"

#define COMMANDS_SHOWN 3

static void required(struct text *t, const struct result_variant *v, enum criterion_kind k)
{
    struct text words;
    text_init(&words);
    words_required(&words, v, k);
    text_esc(t, TEXT_MARKUP, words.buf.data);
    text_release(&words);
}

/* What a list of known failures has to say of a criterion. */
static void expected(struct text *t, const struct result_expected *x)
{
    static const char *const words[EXPECTATION_COUNT] = {
        [EXPECTATION_MET] = " <b>As expected</b>: ",
        [EXPECTATION_OTHER] = " <b>Expected in another way</b>: ",
        [EXPECTATION_PASSES] = " <b>Expected to fail</b>: ",
    };
    if (words[x->is] == NULL)
        return;
    text_raw(t, words[x->is]);
    text_esc(t, TEXT_MARKUP, x->what);
    text_raw(t, ", ");
    text_esc(t, TEXT_MARKUP, x->reason);
}

static void criteria_table(struct text *t, const struct result_variant *v)
{
    char s[WORDS_SIZE];
    text_raw(
        t, "<div class=\"scroll\"><table class=\"crit\"><thead><tr><th scope=\"col\">Criterion</th>"
           "<th scope=\"col\">Required</th><th scope=\"col\">Measured</th>"
           "<th scope=\"col\" class=\"num\">Used of at most</th><th scope=\"col\">Verdict</th>"
           "<th scope=\"col\">Why</th><th scope=\"col\">Frames</th></tr></thead><tbody>\n");
    for (int k = 0; k < CRITERION_COUNT; k++) {
        if (!result_shown(v, (enum criterion_kind)k))
            continue;
        const struct result_criterion *c = &v->criterion[k];
        enum outcome o = outcome_of(c->verdict, c->status);
        text_f(t, "<tr><th scope=\"row\">%s</th><td>", criterion_name((enum criterion_kind)k));
        required(t, v, (enum criterion_kind)k);
        text_raw(t, "</td><td>");
        words_measured(t, v, (enum criterion_kind)k);
        text_raw(t, "</td><td class=\"num\">");
        if (c->n > 0 || c->planned > 0)
            text_f(t, "%" PRIu32 " / %" PRIu32, c->n, c->planned);
        if (c->decided_at > 0)
            text_f(t, "<small>%s at %" PRIu32 "</small>",
                   c->verdict == VERDICT_INCONCLUSIVE ? "ended" : "decided", c->decided_at);
        text_raw(t, "</td><td>");
        html_chip(t, o);
        text_raw(t, "</td><td class=\"reason\">");
        text_esc(t, TEXT_MARKUP, c->reason);
        expected(t, &c->expected);
        if (c->indeterminate > 0) {
            text_raw(t, " <small>Indeterminate: ");
            words_indeterminate(t, c);
            text_raw(t, ".</small>");
        }
        text_f(t, "</td><td class=\"num\">%s</td></tr>\n",
               words_frames(c->frame_first, c->frame_last, s, sizeof s));
    }
    text_raw(t, "</tbody></table></div>\n");
}

static void clauses(struct text *t, const struct result_variant *v)
{
    char a[WORDS_SIZE], b[WORDS_SIZE];
    if (v->n_clause < 2)
        return;
    text_raw(t, "<h4>Coverage clauses</h4><div class=\"scroll\"><table class=\"crit\"><thead><tr>"
                "<th scope=\"col\">Required</th><th scope=\"col\">Period</th>"
                "<th scope=\"col\" class=\"num\">Used of at most</th>"
                "<th scope=\"col\" class=\"num\">Failures</th>"
                "<th scope=\"col\">Rule</th><th scope=\"col\" class=\"num\">Decided at</th>"
                "<th scope=\"col\">Verdict</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < v->n_clause; i++) {
        const struct result_clause *k = &v->clause[i];
        text_f(t,
               "<tr><td>&gt; %s</td><td>%s</td><td class=\"num\">%" PRIu32 " / %" PRIu32
               "</td><td class=\"num\">%" PRIu32 "</td><td>",
               words_ratio(k->ratio_ppb, a, sizeof a),
               k->period_ns > 0 ? words_limit(k->period_ns, b, sizeof b) : "per exchange", k->used,
               k->n, k->failures);
        words_clause_rule(t, k);
        text_raw(t, "</td><td class=\"num\">");
        if (k->decided_at > 0)
            text_f(t, "%" PRIu32, k->decided_at);
        text_raw(t, "</td><td>");
        html_chip(t, outcome_of(k->verdict, NOT_EXERCISED));
        text_raw(t, "</td></tr>\n");
    }
    text_raw(t, "</tbody></table></div>\n");
}

static void causes(struct text *t, const struct result_variant *v)
{
    uint64_t most = 0;
    for (int c = 0; c < CAUSE_COUNT; c++)
        most = v->by_cause[c] > most ? v->by_cause[c] : most;
    if (most == 0)
        return;
    text_raw(
        t, "<div class=\"block\"><h4>What became of the outcomes used</h4><table class=\"causes\">"
           "<thead class=\"vh\"><tr><th scope=\"col\">Cause</th><th scope=\"col\">Share</th>"
           "<th scope=\"col\">Outcomes</th></tr></thead><tbody>");
    for (int c = 0; c < CAUSE_COUNT; c++) {
        if (v->by_cause[c] == 0)
            continue;
        uint64_t width = v->by_cause[c] * 1000 / most;
        text_f(t,
               "<tr class=\"%s\"><th scope=\"row\">%s</th><td><svg aria-hidden=\"true\" "
               "viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\"><rect width=\"%" PRIu64
               "\" height=\"10\"/></svg></td><td class=\"num\">",
               c == CAUSE_OK ? "good" : "bad", cause_name((enum cause)c), width < 8 ? 8 : width);
        html_count(t, v->by_cause[c]);
        text_raw(t, "</td></tr>");
    }
    text_raw(t, "</tbody></table></div>\n");
}

/* What was delivered, with the bounds that order statistics give. */
static void percentiles(struct text *t, const struct result *r, const struct result_variant *v)
{
    static const char *const names[RESULT_PERCENTILES] = {"least", "p50",   "p90",  "p95",
                                                          "p99",   "p99.9", "worst"};
    char a[WORDS_SIZE], b[WORDS_SIZE], c[WORDS_SIZE];
    int64_t limit = v->criterion[CRITERION_LATENCY].limit_ns;
    if (v->delivered == 0)
        return;
    text_raw(t, "<div class=\"block\"><h4>Percentiles of latency and their bounds</h4>"
                "<table class=\"pcts\"><thead><tr><th scope=\"col\"></th>"
                "<th scope=\"col\" class=\"num\">Seen</th>"
                "<th scope=\"col\" class=\"num\">At least</th>"
                "<th scope=\"col\" class=\"num\">At most</th></tr></thead><tbody>");
    for (int i = 0; i < RESULT_PERCENTILES; i++) {
        if (v->percentile_ns[i] < 0)
            continue;
        text_f(t,
               "<tr><th scope=\"row\">%s</th><td class=\"num\">%s</td><td class=\"num\">%s</td>"
               "<td class=\"num\">%s</td></tr>",
               names[i], words_against(v->percentile_ns[i], limit, a, sizeof a),
               v->percentile_low_ns[i] > 0
                   ? words_against(v->percentile_low_ns[i], limit, b, sizeof b)
                   : "-",
               v->percentile_high_ns[i] > 0
                   ? words_against(v->percentile_high_ns[i], limit, c, sizeof c)
                   : "-");
    }
    text_f(t,
           "</tbody></table><p class=\"small\">Exact bounds by order statistics at %s confidence; "
           "none where %" PRIu64 " delivered are too few.</p></div>\n",
           words_risk(r->confidence_ppm, a, sizeof a), v->delivered);
}

static void example_row(struct text *t, const struct result_example *x, int64_t limit_ns)
{
    char s[WORDS_SIZE];
    text_f(t, "<tr class=\"%s\"><td><span class=\"cause\">%s</span></td><td class=\"num\">%" PRIu32,
           x->cause == CAUSE_OK ? "good" : "bad", cause_name(x->cause), x->trial);
    if (x->sub > 0)
        text_f(t, ".%" PRIu32, x->sub);
    text_raw(t, "</td><td><code>");
    text_clip(t, TEXT_MARKUP, x->device, 60);
    text_raw(t, "</code></td><td class=\"num\">");
    if (x->origin_ns != 0)
        text_raw(t, clock_iso(x->origin_ns, s, sizeof s));
    text_raw(t, "</td><td class=\"num\">");
    if (x->latency_ns >= 0)
        text_f(t, "<span title=\"%s s\">", clock_seconds(x->latency_ns, s, sizeof s));
    if (x->latency_ns >= 0)
        text_f(t, "%s</span>", words_against(x->latency_ns, limit_ns, s, sizeof s));
    text_raw(t, "</td><td class=\"num\">");
    if (x->size_bytes >= 0)
        text_f(t, "%" PRId64, x->size_bytes);
    text_f(t, "</td><td class=\"num\">%s</td><td>",
           words_frames(x->frame_first, x->frame_last, s, sizeof s));
    text_clip(t, TEXT_MARKUP, x->note, 400);
    text_raw(t, "<code class=\"corr\">");
    text_clip(t, TEXT_MARKUP, x->correlation, 120);
    text_raw(t, "</code></td></tr>\n");
}

static void commands(struct text *t, const struct result_variant *v)
{
    unsigned shown = 0;
    for (size_t i = 0; i < v->n_example && shown < COMMANDS_SHOWN; i++) {
        const struct result_example *x = &v->example[i];
        if (x->frame_first == 0)
            continue;
        text_raw(t, shown == 0
                        ? "<p class=\"hint\">To see the packets, in the folder of the run:</p>"
                          "<pre><code>"
                        : "\n");
        text_f(t,
               "tshark -r capture.pcapng -Y &#39;frame.number &gt;= %" PRIu64
               " &amp;&amp; frame.number &lt;= %" PRIu64 "&#39;   # %s, trial %" PRIu32,
               x->frame_first, x->frame_last > x->frame_first ? x->frame_last : x->frame_first,
               cause_name(x->cause), x->trial);
        shown++;
    }
    if (shown > 0)
        text_raw(t, "</code></pre>\n");
}

static void examples(struct text *t, const struct result_variant *v)
{
    if (v->n_example == 0)
        return;
    text_raw(t, "<h4>Exchanges, what failed first, then the slowest</h4><div class=\"scroll\">"
                "<table class=\"ex\"><thead><tr><th scope=\"col\">Cause</th>"
                "<th scope=\"col\" class=\"num\">Trial</th><th scope=\"col\">Device</th>"
                "<th scope=\"col\" class=\"num\">Sent (UTC)</th>"
                "<th scope=\"col\" class=\"num\">Latency</th>"
                "<th scope=\"col\" class=\"num\">Bytes</th>"
                "<th scope=\"col\" class=\"num\">Frames</th>"
                "<th scope=\"col\">What is wrong, correlation</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < v->n_example; i++)
        example_row(t, &v->example[i], v->criterion[CRITERION_LATENCY].limit_ns);
    text_raw(t, "</tbody></table></div>\n");
    commands(t, v);
}

static const struct result_text *registered(const struct result *r, const char *id, size_t len)
{
    for (size_t i = 0; i < r->n_interpretation; i++)
        if (strlen(r->interpretation[i].id) == len && memcmp(r->interpretation[i].id, id, len) == 0)
            return &r->interpretation[i];
    return NULL;
}

/* The blank-separated ids of a variant, each with its text from the register. */
static void interpretations(struct text *t, const struct result *r, const struct result_variant *v)
{
    if (v->interpretations == NULL || v->interpretations[0] == '\0')
        return;
    text_raw(t, "<h4>Interpretations these verdicts lean on</h4><dl class=\"reads\">");
    for (const char *p = v->interpretations + strspn(v->interpretations, " "); *p != '\0';) {
        size_t len = strcspn(p, " ");
        char id[120];
        (void)snprintf(id, sizeof id, "%.*s", (int)(len < sizeof id ? len : sizeof id - 1), p);
        const struct result_text *x = registered(r, p, len);
        text_raw(t, "<dt>");
        text_esc(t, TEXT_MARKUP, id);
        text_raw(t, "</dt><dd>");
        text_esc(t, TEXT_MARKUP, x != NULL ? x->reading : "no text in this result");
        text_raw(t, " <span class=\"ground\">");
        text_esc(t, TEXT_MARKUP, x != NULL ? x->ground : "");
        text_raw(t, "</span></dd>");
        p += len;
        p += strspn(p, " ");
    }
    text_raw(t, "</dl>\n");
}

/* A fact whose value is made of words. */
static void fact_of(struct text *t, const char *name, struct text *words)
{
    html_fact(t, name, words->buf.data);
    buf_reset(&words->buf);
}

/* What the rule said, and what could shake it. */
static void decision(struct text *t, const struct result *r, const struct result_variant *v)
{
    struct text words;
    text_init(&words);
    words_decision(&words, r, v);
    fact_of(t, "Reliability", &words);
    if (v->n_clause == 1)
        words_clause_rule(&words, &v->clause[0]);
    fact_of(t, "Rule", &words);
    html_fact(t, "Unit of independence", v->unit);
    words_clustering(&words, r, &v->criterion[CRITERION_RELIABILITY]);
    fact_of(t, "Clustering of failures", &words);
    html_fact(t, "Earlier runs", v->earlier);
    text_release(&words);
}

static void facts(struct text *t, const struct result *r, const struct result_variant *v)
{
    char n[64];
    text_raw(t, "<dl class=\"facts line\">");
    html_fact(t, "Role", v->role);
    html_fact(t, "From", v->from);
    html_fact(t, "To", v->to);
    html_fact(t, "Span", v->span);
    html_fact(t, "Measured", v->measured);
    if (v->attempts > 0) {
        (void)snprintf(n, sizeof n, "%" PRIu64 ", of which %" PRIu64 " used", v->attempts, v->used);
        html_fact(t, "Attempts", n);
    }
    decision(t, r, v);
    html_fact(t, "Note", v->note);
    text_raw(t, "</dl>\n");
}

void html_detail(struct text *t, const struct result *r, const struct result_row *row)
{
    text_raw(t, "<div class=\"in\">");
    if (row->reason != NULL && row->reason[0] != '\0') {
        text_raw(t, "<p class=\"scope\">");
        text_esc(t, TEXT_MARKUP, row->reason);
        if (row->operation != NULL && row->operation[0] != '\0') {
            text_raw(t, " <b class=\"arm\">needs --arm: ");
            text_esc(t, TEXT_MARKUP, row->operation);
            text_raw(t, "</b>");
        }
        text_raw(t, "</p>\n");
    }
    for (size_t i = 0; i < row->n_variant; i++) {
        const struct result_variant *v = &row->variant[i];
        text_raw(t, "<article class=\"variant\">");
        if (row->n_variant > 1) {
            text_f(t, "<h3>Reading %zu of %zu: ", i + 1, row->n_variant);
            words_variant(t, TEXT_MARKUP, row, i);
            text_raw(t, " ");
            html_chip(t, outcome_of(v->verdict, v->status));
            text_raw(t, "</h3>\n");
        }
        facts(t, r, v);
        criteria_table(t, v);
        clauses(t, v);
        text_raw(t, "<div class=\"plots\">\n");
        html_plot_latency(t, v);
        html_plot_hours(t, r, v);
        html_plot_staircase(t, v);
        html_plot_reliability(t, r, v);
        percentiles(t, r, v);
        html_hops(t, v);
        html_plot_size(t, v);
        causes(t, v);
        text_raw(t, "</div>\n");
        examples(t, v);
        interpretations(t, r, v);
        text_raw(t, "</article>\n");
    }
    text_raw(t, "</div>");
}
