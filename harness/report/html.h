/* html - the parts of report.html, between its files only (the report itself: report.h).
 *
 * Everything foreign goes through text_esc with TEXT_MARKUP. No style attributes and no script but
 * the one whose digest stands in the page's own content security policy.
 */
#ifndef HARNESS_HTML_H
#define HARNESS_HTML_H

#include <stdint.h>

#include "harness/report/text.h"
#include "harness/report/words.h"
#include "harness/score/result.h"

extern const char html_css[], html_js[];

void html_icon(struct text *t, enum outcome o);
/* Icon and word: never colour alone. */
void html_chip(struct text *t, enum outcome o);
/* "<dt>name</dt><dd>value</dd>", nothing for an empty value. */
void html_fact(struct text *t, const char *name, const char *value);
void html_count(struct text *t, uint64_t n);

/* The rows with their filters. */
void html_rows(struct text *t, const struct result *r);
/* What unfolds under a row: one block per reading. */
void html_detail(struct text *t, const struct result *r, const struct result_row *row);

/* Drawings, each a figure with a description in words; nothing when there is nothing to draw. */
void html_plot_latency(struct text *t, const struct result_variant *v);
void html_plot_reliability(struct text *t, const struct result *r, const struct result_variant *v);
void html_plot_size(struct text *t, const struct result_variant *v);
void html_plot_hours(struct text *t, const struct result *r, const struct result_variant *v);

#endif
