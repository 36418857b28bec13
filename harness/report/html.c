#include "harness/report/html.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/base64.h"
#include "harness/base/clock.h"
#include "harness/base/sha256.h"
#include "harness/report/claim_text.h"
#include "harness/report/contradictions.h"
#include "harness/report/report.h"

void html_icon(struct text *t, enum outcome o)
{
    text_f(t, "<svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-%s\"/></svg>", outcome_name(o));
}

void html_chip(struct text *t, enum outcome o)
{
    text_f(t, "<span class=\"v o-%s\">", outcome_name(o));
    html_icon(t, o);
    text_f(t, "%s</span>", outcome_label(o));
}

void html_count(struct text *t, uint64_t n)
{
    char s[WORDS_SIZE];
    text_raw(t, words_count(n, s, sizeof s));
}

void html_fact(struct text *t, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    text_f(t, "<div><dt>%s</dt><dd>", name);
    text_clip(t, TEXT_MARKUP, value, 1000);
    text_raw(t, "</dd></div>");
}

/* One shape per outcome: it must be told without colour. */
void html_sprite(struct text *t)
{
    static const char *const shape[OUTCOME_COUNT] = {
        [OUTCOME_PASS] =
            "<circle cx=\"8\" cy=\"8\" r=\"7.2\"/><path d=\"M4.6 8.3l2.3 2.3 4.6-5\"/>",
        [OUTCOME_FAIL] = "<path d=\"M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5z\"/>"
                         "<path d=\"M5.4 5.4l5.2 5.2m0-5.2l-5.2 5.2\"/>",
        [OUTCOME_INCONCLUSIVE] = "<path d=\"M8 .9L15.1 8 8 15.1.9 8z\"/>"
                                 "<path d=\"M6.3 6.6c0-2.3 3.5-2.2 3.5-.1 0 1.3-1.8 1.4-1.8 2.9m0 "
                                 "1.7v.4\"/>",
        [OUTCOME_ERROR] = "<path d=\"M8 1.2L15.3 14.4H.7z\"/><path d=\"M8 5.8v4m0 1.9v.5\"/>",
        [OUTCOME_NOT_EXERCISED] =
            "<circle cx=\"8\" cy=\"8\" r=\"7.2\"/><path d=\"M4.8 11.2l6.4-6.4\"/>",
        [OUTCOME_NOT_SCORABLE] = "<rect x=\"1\" y=\"1\" width=\"14\" height=\"14\" rx=\"2.5\"/>"
                                 "<path d=\"M5 6.4h6M5 9.6h6\"/>",
        [OUTCOME_NOT_RUN] =
            "<circle cx=\"8\" cy=\"8\" r=\"7.2\"/><path d=\"M6.2 5.2v5.6m3.6-5.6v5.6\"/>",
        [OUTCOME_NOT_APPLICABLE] = "<circle cx=\"8\" cy=\"8\" r=\"7.2\"/><path d=\"M4.8 8h6.4\"/>",
        [OUTCOME_INFORMATION] =
            "<circle cx=\"8\" cy=\"8\" r=\"7.2\"/><path d=\"M8 7.4v4m0-6.7v.3\"/>",
    };
    text_raw(t, "<svg class=\"sprite\" aria-hidden=\"true\">");
    for (int o = 0; o < OUTCOME_COUNT; o++)
        text_f(t, "<symbol id=\"i-%s\" viewBox=\"0 0 16 16\">%s</symbol>",
               outcome_name((enum outcome)o), shape[o]);
    text_raw(t, "</svg>\n");
}

/* "sha256-..." as a content security policy wants it: the digest in base 64. */
void html_digest_source(struct text *t, const char *content)
{
    char hex[SHA256_HEX_BYTES];
    unsigned char raw[32] = {0};
    if (t->rc == ERR_OK)
        t->rc = sha256_bytes(content, strlen(content), hex, &t->err);
    if (t->rc != ERR_OK)
        return;
    for (int i = 0; i < 64; i++) {
        int d = hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10;
        raw[i / 2] = (unsigned char)(raw[i / 2] << 4 | d);
    }
    text_raw(t, "'sha256-");
    if (t->rc == ERR_OK)
        t->rc = base64_write(raw, sizeof raw, &t->buf, &t->err);
    text_raw(t, "'");
}

/* The report's id at the foot of every printed page: letters, digits and minus alone. */
static void page_foot(const struct result *r, struct text *out)
{
    char id[WORDS_SIZE];
    text_raw(out, "@page{@bottom-left{content:\"gridassay conformance report ");
    for (const char *p = words_report_id(r, id, sizeof id); *p != '\0'; p++)
        if (isalnum((unsigned char)*p) || *p == '-')
            text_f(out, "%c", *p);
    text_raw(out, "\";font:8pt sans-serif;color:#444}}\n");
}

static void page_head(struct text *t, const struct result *r)
{
    struct text foot;
    text_init(&foot);
    page_foot(r, &foot);
    const char *foot_css = foot.buf.data == NULL ? "" : (const char *)foot.buf.data;
    text_raw(
        t, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ");
    html_digest_source(t, html_css);
    text_raw(t, " ");
    html_digest_source(t, foot_css);
    text_raw(t, "; script-src ");
    html_digest_source(t, html_js);
    text_raw(t, "; base-uri 'none'; form-action 'none'\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta name=\"color-scheme\" content=\"light dark\">\n"
                "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    text_f(t, "%s: ", outcome_label(words_whole(&r->summary)));
    words_equipment(t, TEXT_MARKUP, r);
    text_raw(t, " - conformance report</title>\n<style>");
    text_raw(t, html_css);
    text_raw(t, "</style>\n<style>");
    text_raw(t, foot_css);
    text_raw(t, "</style>\n</head>\n<body>\n");
    if (text_done(&foot, &t->err) != ERR_OK)
        t->rc = foot.rc;
    text_release(&foot);
    html_sprite(t);
    text_raw(t, "<a class=\"skip\" href=\"#rows\">To the rows</a>\n");
}

static void band(struct text *t, const struct result *r)
{
    if (!r->claimable) {
        text_raw(t, "<div class=\"band\" role=\"note\"><strong>No claim can be made from this "
                    "run.</strong> ");
        text_esc(t, TEXT_MARKUP, r->profile_label);
        text_raw(t, "</div>\n");
    }
    if (!r->complete) {
        text_raw(t, "<div class=\"band\" role=\"note\"><strong>The run did not reach its "
                    "end:</strong> ");
        text_esc(t, TEXT_MARKUP, r->ended);
        text_raw(t, ". What was captured until then is judged here.</div>\n");
    }
}

static void masthead(struct text *t, const struct result *r)
{
    char s[WORDS_SIZE];
    text_raw(
        t, "<header class=\"top\"><div class=\"wrap\"><p class=\"brand\"><svg aria-hidden=\"true\" "
           "viewBox=\"0 0 24 24\"><path d=\"M2 13h4l3-8 5 14 3-6h5\"/></svg>gridassay "
           "<span>conformance report</span></p>\n<h1>");
    words_equipment(t, TEXT_MARKUP, r);
    text_raw(t, "</h1>\n<p class=\"sub\">");
    if (r->firmware != NULL && r->firmware[0] != '\0') {
        text_raw(t, "Firmware ");
        text_clip(t, TEXT_MARKUP, r->firmware, 120);
        text_raw(t, " &middot; ");
    }
    text_raw(t, "Profile ");
    text_clip(t, TEXT_MARKUP, r->profile_name, 200);
    if (r->first_ns != 0) {
        clock_iso(r->first_ns, s, sizeof s);
        s[strcspn(s, ".")] = '\0';
        for (char *p = s; *p != '\0'; p++)
            *p = *p == 'T' ? ' ' : *p;
        text_f(t, " &middot; Evidence from %s UTC", s);
    }
    text_raw(t, "</p></div></header>\n");
}

static void tile(struct text *t, enum outcome o, uint32_t n, bool always)
{
    if (n == 0 && !always)
        return;
    text_f(t, "<li class=\"o-%s%s\"><b>%" PRIu32 "</b><span>", outcome_name(o),
           n == 0 ? " nil" : "", n);
    html_icon(t, o);
    text_f(t, "%s</span></li>", outcome_label(o));
}

static void verdict_card(struct text *t, const struct result *r)
{
    const struct result_summary *s = &r->summary;
    enum outcome whole = words_whole(&r->summary);
    const struct {
        enum outcome o;
        uint32_t n;
        bool always;
    } part[] = {{OUTCOME_PASS, s->pass, true},
                {OUTCOME_FAIL, s->fail, true},
                {OUTCOME_ERROR, s->error, false},
                {OUTCOME_INCONCLUSIVE, s->inconclusive, true},
                {OUTCOME_NOT_EXERCISED, s->not_exercised, false},
                {OUTCOME_NOT_SCORABLE, s->not_scorable, false},
                {OUTCOME_NOT_RUN, s->not_run, false},
                {OUTCOME_NOT_APPLICABLE, s->not_applicable, false}};
    const size_t n_part = sizeof part / sizeof part[0];
    text_f(t, "<section class=\"hero o-%s\" aria-label=\"Verdict\">\n<div class=\"word\">",
           outcome_name(whole));
    html_icon(t, whole);
    text_f(
        t,
        "<div><p class=\"big\">%s</p><p>%s.</p><p class=\"exit\">Exit status %d</p></div></div>\n",
        outcome_label(whole), words_exit(s->exit_status), s->exit_status);
    text_raw(t, "<ul class=\"tiles\">");
    for (size_t i = 0; i < n_part; i++)
        tile(t, part[i].o, part[i].n, part[i].always);
    text_f(t,
           "</ul>\n<svg class=\"share\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
           "role=\"img\" aria-label=\"%" PRIu32 " rows in scope, %" PRIu32 " of them passed\">",
           s->applicable, s->pass);
    uint32_t before = 0;
    for (size_t i = 0; i + 1 < n_part && s->applicable > 0; i++) {
        text_f(t, "<rect class=\"o-%s\" x=\"%" PRIu32 "\" width=\"%" PRIu32 "\" height=\"10\"/>",
               outcome_name(part[i].o), (uint32_t)((uint64_t)before * 1000 / s->applicable),
               (uint32_t)((uint64_t)part[i].n * 1000 / s->applicable));
        before += part[i].n;
    }
    text_f(t,
           "</svg>\n<p class=\"scope\">%" PRIu32 " of %" PRIu32
           " rows are in scope for this equipment under this profile.</p>\n",
           s->applicable, s->rows);
    if (r->submission > 1)
        text_f(t,
               "<p class=\"scope\"><b>Submission %" PRIu32
               "</b> of its campaign: what the %s before "
               "came to counts as well, and a claim rests on all of them, not on this run "
               "alone.</p>\n",
               r->submission, r->submission == 2 ? "one" : "ones");
    text_raw(t, "</section>\n");
}

void report_html(const struct result *r, struct text *out)
{
    page_head(out, r);
    band(out, r);
    masthead(out, r);
    text_raw(out, "<main class=\"wrap\">\n");
    claim_html(out, r);
    verdict_card(out, r);
    text_raw(out, "<div class=\"cards three\">\n");
    html_test_report(out, r);
    html_equipment(out, r);
    html_campaign(out, r);
    html_calibration(out, r);
    html_evidence(out, r);
    text_raw(out, "</div>\n");
    contradictions_html(out, r);
    html_rows(out, r);
    html_method(out, r);
    text_raw(out, "</main>\n<footer class=\"wrap\"><p>Derived from run.xml alone; plan <code>");
    text_clip(out, TEXT_MARKUP, r->plan_digest, 80);
    text_raw(out, "</code>, run <code>");
    text_clip(out, TEXT_MARKUP, r->nonce, 40);
    text_raw(out, "</code>.</p><p>End of the report.</p></footer>\n<script>");
    text_raw(out, html_js);
    text_raw(out, "</script>\n</body>\n</html>\n");
}
