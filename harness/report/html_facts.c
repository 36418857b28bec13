/* What was tested, by whom, how and with what: facts of a test report (ISO/IEC 17025, 7.8.2). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/report/html.h"

static void fact_n(struct text *t, const char *name, uint64_t n)
{
    text_f(t, "<div><dt>%s</dt><dd>", name);
    html_count(t, n);
    text_raw(t, "</dd></div>");
}

/* A count that should be nought. */
static void fact_bad(struct text *t, const char *name, uint64_t n)
{
    text_f(t, "<div%s><dt>%s</dt><dd>", n > 0 ? " class=\"warn\"" : "", name);
    html_count(t, n);
    text_raw(t, "</dd></div>");
}

void html_equipment(struct text *t, const struct result *r)
{
    text_raw(t, "<section class=\"card\"><h2>Equipment under test</h2><dl class=\"facts\">");
    html_fact(t, "Vendor", r->vendor);
    html_fact(t, "Model", r->model);
    html_fact(t, "Hardware", r->hardware);
    html_fact(t, "Firmware", r->firmware);
    if (r->firmware_digest != NULL && r->firmware_digest[0] != '\0') {
        text_raw(t, "<div><dt>Firmware digest</dt><dd><code>");
        text_clip(t, TEXT_MARKUP, r->firmware_digest, 200);
        text_raw(t, "</code></dd></div>");
    }
    html_fact(t, "Plays", r->eut_actors);
    text_raw(t, "</dl></section>\n");
}

void html_evidence(struct text *t, const struct result *r)
{
    char a[WORDS_SIZE];
    text_raw(t, "<section class=\"card wide\"><h2>Evidence</h2><dl class=\"facts cols\">");
    html_fact(t, "Traffic",
              r->driven ? "driven and captured by this harness"
                        : "an imported capture, not driven by this harness");
    html_fact(t, "Ended", r->ended);
    html_fact(t, "Interface", r->interface);
    html_fact(t, "Filter", r->filter);
    fact_n(t, "Frames", r->frames);
    fact_n(t, "TCP connections", r->flows);
    fact_n(t, "Messages", r->messages);
    fact_bad(t, "Dropped by the capture", r->capture_dropped);
    fact_bad(t, "Gaps", r->gaps);
    fact_n(t, "Retransmitted", r->retransmitted);
    fact_bad(t, "Stalls of the harness", r->stalls);
    fact_bad(t, "Clock steps", r->clock_steps);
    fact_n(t, "Payloads that no attempt awaited", r->unmatched);
    html_fact(t, "From", r->first_ns != 0 ? clock_iso(r->first_ns, a, sizeof a) : "");
    html_fact(t, "To", r->last_ns != 0 ? clock_iso(r->last_ns, a, sizeof a) : "");
    html_fact(t, "Zone", r->zone);
    html_fact(t, "Connections of the driver", r->connections);
    if (r->pace_per_s > 0) {
        (void)snprintf(a, sizeof a, "%" PRId64 " trials a second", r->pace_per_s);
        html_fact(t, "Pace", a);
    }
    if (r->time_shift_ns != 0) {
        char shift[WORDS_SIZE];
        int64_t seconds = (r->time_shift_ns < 0 ? -r->time_shift_ns : r->time_shift_ns) / NS_PER_S;
        (void)snprintf(shift, sizeof shift,
                       "%s%" PRId64 ":%02" PRId64 ":%02" PRId64 " h, declared by the profile",
                       r->time_shift_ns < 0 ? "-" : "+", seconds / 3600, seconds / 60 % 60,
                       seconds % 60);
        html_fact(t, "Time shift", shift);
    }
    text_raw(t, "</dl></section>\n");
}

/* A fact that a report must hold: where nobody gave it, that is said. */
static void must(struct text *t, const char *name, const char *value)
{
    text_f(t, "<div><dt>%s</dt><dd", name);
    if (value == NULL || value[0] == '\0') {
        text_raw(t, " class=\"nil\">not declared");
    } else {
        text_raw(t, ">");
        text_clip(t, TEXT_MARKUP, value, 1000);
    }
    text_raw(t, "</dd></div>");
}

/* "2026-11-23 08:30:01" */
static char *second_of(int64_t ns, char *out, size_t size)
{
    clock_iso(ns, out, size);
    out[strcspn(out, ".Z")] = '\0';
    for (char *p = out; *p != '\0'; p++)
        *p = *p == 'T' ? ' ' : *p;
    return out;
}

static void dates(struct text *t, const struct result *r)
{
    char a[WORDS_SIZE], b[WORDS_SIZE], both[2 * WORDS_SIZE + 8] = "";
    if (r->first_ns != 0)
        (void)snprintf(both, sizeof both, "%s to %s UTC", second_of(r->first_ns, a, sizeof a),
                       second_of(r->last_ns, b, sizeof b));
    must(t, "Dates of the test", both);
}

static void method(struct text *t, const struct result *r)
{
    text_raw(t, "<div><dt>Method</dt><dd>");
    text_raw(t, r->driven ? "driven over the wire after plan "
                          : "an imported capture, judged after plan ");
    text_raw(t, "<code>");
    text_clip(t, TEXT_MARKUP, r->plan_digest, 12);
    text_raw(t, "</code>, judged on the captured traffic alone</dd></div>");
}

static void decision_rule(struct text *t, const struct result *r)
{
    char a[WORDS_SIZE], b[WORDS_SIZE], says[4 * WORDS_SIZE];
    if (words_is_short(r->rule))
        (void)snprintf(says, sizeof says, "%s, %s confidence", words_rule_name(r->rule),
                       words_risk(r->confidence_ppm, a, sizeof a));
    else
        (void)snprintf(says, sizeof says, "%s, consumer's risk %s, producer's risk %s",
                       words_rule_name(r->rule), words_risk(r->consumer_ppm, a, sizeof a),
                       words_risk(r->producer_own_ppm, b, sizeof b));
    must(t, "Decision rule", says);
}

static void uncertainty(struct text *t, const struct result *r)
{
    char a[WORDS_SIZE];
    text_f(t, "<div><dt>Measurement uncertainty</dt><dd>U = %s",
           words_duration(r->uncertainty_ns, a, sizeof a));
    if (r->uncertainty_from != NULL && r->uncertainty_from[0] != '\0') {
        text_raw(t, ", ");
        text_clip(t, TEXT_MARKUP, r->uncertainty_from, 300);
    }
    text_raw(t, "</dd></div>");
}

void html_test_report(struct text *t, const struct result *r)
{
    char id[WORDS_SIZE];
    text_raw(t, "<section class=\"card wide\" id=\"report\"><h2>Report of a conformance test</h2>\n"
                "<dl class=\"facts two\">");
    must(t, "Report", words_report_id(r, id, sizeof id));
    must(t, "Laboratory", r->laboratory);
    must(t, "Address", r->laboratory_address);
    must(t, "Accreditation", r->accreditation);
    must(t, "Customer", r->customer);
    must(t, "Authorised by", r->authorised_by);
    dates(t, r);
    method(t, r);
    must(t, "Deployment profile", r->profile_name);
    decision_rule(t, r);
    uncertainty(t, r);
    must(t, "Clock traceable to", r->clock_traced);
    must(t, "Deviations", r->claimable ? "none" : r->profile_label);
    text_raw(t, "</dl>\n<p class=\"states\">The results relate only to the item tested, as "
                "identified here. This report shall not be reproduced except in full without the "
                "laboratory&#39;s approval.</p></section>\n");
}

void html_campaign(struct text *t, const struct result *r)
{
    text_raw(t, "<section class=\"card\"><h2>Campaign</h2>\n");
    if (r->campaign == NULL || r->campaign[0] == '\0') {
        text_raw(t,
                 "<p>This run stands in no ledger: whether the same equipment was tested before, "
                 "and how that ended, can&#39;t be told from it.</p></section>\n");
        return;
    }
    text_raw(
        t, "<p>Every run about this equipment, firmware and profile counts. Starting over takes "
           "other firmware, or a signed reset.</p>\n<dl class=\"facts\"><div><dt>Campaign</dt><dd>"
           "<code>");
    text_clip(t, TEXT_MARKUP, r->campaign, 64);
    text_f(t,
           "</code></dd></div><div><dt>Submission</dt><dd>%" PRIu32 "</dd></div>"
           "<div><dt>Generation</dt><dd>%" PRIu32 " (%" PRIu32
           " %s before)</dd></div><div><dt>Ledger&#39;s head</dt><dd><code>",
           r->submission, r->generation, r->generation > 0 ? r->generation - 1 : 0,
           r->generation == 2 ? "reset" : "resets");
    text_clip(t, TEXT_MARKUP, r->ledger_head, 80);
    text_raw(t, "</code></dd></div></dl></section>\n");
}

void html_calibration(struct text *t, const struct result *r)
{
    char a[WORDS_SIZE];
    text_raw(t, "<section class=\"card\"><h2>Calibration and uncertainty</h2>\n");
    if (r->bias_n == 0) {
        text_raw(t, "<p>The harness's own latency was not measured in this run.</p>");
    } else {
        text_raw(t,
                 "<p>The harness against a responder without delay, in the same capture and at the "
                 "run's pace. Nothing of it is subtracted.</p>\n<ul class=\"bias\">");
        text_f(t, "<li><b>%s</b><span>p50</span></li>",
               words_duration(r->bias_p50_ns, a, sizeof a));
        text_f(t, "<li><b>%s</b><span>p99</span></li>",
               words_duration(r->bias_p99_ns, a, sizeof a));
        text_f(t, "<li><b>%s</b><span>worst</span></li></ul>\n<p class=\"small\">",
               words_duration(r->bias_worst_ns, a, sizeof a));
        html_count(t, r->bias_n);
        text_raw(t, " exchanges</p>");
    }
    text_raw(t, "<dl class=\"facts\">");
    uncertainty(t, r);
    text_raw(t,
             "</dl><p class=\"small\">An exchange of latency t is in time when t + U is within the "
             "limit, late when t - U is beyond it, and indeterminate between.</p></section>\n");
}
