/* claim_text - the claim in each report: what score/claim.h makes of the result, told and no more.
 *
 * Nothing where the result does not say how it was shown: it is of before claims were computed.
 */
#ifndef HARNESS_CLAIM_TEXT_H
#define HARNESS_CLAIM_TEXT_H

#include "harness/report/text.h"
#include "harness/score/result.h"

/* A section of its own, for the top of the page. */
void claim_html(struct text *out, const struct result *r);
/* "# claim: partial" and the sentences, as comments. */
void claim_tap(struct text *out, const struct result *r);
/* For a terminal: the sentences, and each reason against a whole claim on a line of its own. */
void claim_plain(struct text *out, const struct result *r);
/* The sentences alone, on one line. */
void claim_line(struct text *out, const struct result *r);
/* Properties "claim" and "claim_wording", as JUnit has them. */
void claim_junit(struct text *out, const struct result *r, const char *indent);

#endif
