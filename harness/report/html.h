/* html - the parts of report.html, between its files only (the report itself: report.h).
 *
 * Everything foreign goes through text_esc with TEXT_MARKUP. No style attributes and no script but
 * the one whose digest stands in the page's own content security policy.
 */
#ifndef HARNESS_HTML_H
#define HARNESS_HTML_H

#include <stdint.h>

#include "harness/plan/rule.h"
#include "harness/report/text.h"
#include "harness/report/words.h"
#include "harness/score/result.h"

extern const char html_css[], html_js[];

/* The icons, once a page; and the "'sha256-...'" that lets a style or script pass the page's own
 * content security policy. */
void html_sprite(struct text *t);
void html_digest_source(struct text *t, const char *content);
void html_icon(struct text *t, enum outcome o);
/* Icon and word: never colour alone. */
void html_chip(struct text *t, enum outcome o);
/* "<dt>name</dt><dd>value</dd>", nothing for an empty value. */
void html_fact(struct text *t, const char *name, const char *value);
void html_count(struct text *t, uint64_t n);

/* Cards of facts. */
void html_test_report(struct text *t, const struct result *r);
void html_equipment(struct text *t, const struct result *r);
void html_campaign(struct text *t, const struct result *r);
void html_calibration(struct text *t, const struct result *r);
void html_evidence(struct text *t, const struct result *r);

/* How it was shown: choices, values, paths, quantities, rules, readings, capture, inputs. */
void html_method(struct text *t, const struct result *r);
/* The decision rule in sentences, and each distinct rule with its characteristic. */
void html_rules(struct text *t, const struct result *r);
/* A clause's rule from its tables, in the arena. ERR_DATA: it has none. */
enum err_code html_rule_of(struct arena *a, const struct result_clause *k, struct rule *out,
                           struct err *e);
/* rule_characteristic_at; false where that would take too long. */
bool html_characteristic(const struct rule *r, double failure_rate,
                         struct rule_characteristic *out);

/* The rows with their filters. */
void html_rows(struct text *t, const struct result *r);
/* What unfolds under a row: one block per reading. */
void html_detail(struct text *t, const struct result *r, const struct result_row *row);

/* Drawings, each a figure with a description in words; nothing when there is nothing to draw. */
void html_plot_latency(struct text *t, const struct result_variant *v);
void html_plot_reliability(struct text *t, const struct result *r, const struct result_variant *v);
/* A figure per clause: failures over units between the line that passes and the one that fails. */
void html_plot_staircase(struct text *t, const struct result_variant *v);
/* Pass and fail over the true failure rate; p0_ppb 0: the rule knows none. */
void html_plot_characteristic(struct text *t, const struct rule *r, int64_t p0_ppb, int64_t p1_ppb);
void html_plot_size(struct text *t, const struct result_variant *v);
/* Where the time went, link by link; nothing where no hop was seen. */
void html_hops(struct text *t, const struct result_variant *v);
void html_plot_hours(struct text *t, const struct result *r, const struct result_variant *v);

#endif
