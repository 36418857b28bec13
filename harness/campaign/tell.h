/* tell - a campaign as a person reads it.
 *
 * Errors: those of the text.
 */
#ifndef HARNESS_TELL_H
#define HARNESS_TELL_H

#include "harness/campaign/view.h"
#include "harness/report/text.h"

/* trust: whether the signers of resets were checked against an authority. */
void tell_campaign(const struct view *v, bool trust, bool colour, struct text *t);
/* One line, for a list of campaigns. */
void tell_line(const struct ledger *l, bool colour, struct text *t);

#endif
