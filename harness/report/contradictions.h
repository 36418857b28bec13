/* contradictions - what the capture shows against the statement, in each report.
 *
 * Nothing where there is none. Errors: stick in out. */
#ifndef HARNESS_CONTRADICTIONS_H
#define HARNESS_CONTRADICTIONS_H

#include "harness/report/text.h"
#include "harness/score/result.h"

/* A card of its own. */
void contradictions_html(struct text *out, const struct result *r);
/* Lines "prefix" and a sentence: comments of TAP, lines on a terminal. */
void contradictions_lines(struct text *out, enum text_style style, const char *prefix,
                          const struct result *r);
/* "3: first; second; ..." as one value. */
void contradictions_value(struct text *out, const struct result *r);

#endif
