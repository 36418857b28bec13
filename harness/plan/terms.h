/* terms - risks, laboratory, campaign and earlier runs of a plan, in plan.xml.
 *
 * Each may be missing: plans of earlier versions have the short plan's risks, no laboratory, no
 * ledger, and every exchange is a unit.
 * Errors: as harness/base/take.h and xmlw.h.
 */
#ifndef HARNESS_TERMS_H
#define HARNESS_TERMS_H

#include "harness/base/take.h"
#include "harness/base/xmlw.h"
#include "harness/plan/plan.h"

/* After the element <rules>. */
void terms_take(struct take *t, xmlNodePtr root, struct plan *p);
void terms_put(struct xmlw *w, const struct plan *p);

/* The word of a unit of independence that a variant has; "exchange" where it says none. */
const char *terms_take_unit(struct take *t, xmlNodePtr variant);

#endif
