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

/* What stands where a profile or a plan says nothing. */
#define TERMS_RISK_PPM 50000
#define TERMS_DISCRIMINATION_MILLI 3000
#define TERMS_CLUSTERING_PPM 10000

#define TERMS_RISK_BELOW_PPM 500000     /* a risk lies in (0, 0.5) */
#define TERMS_DISCRIMINATION_ABOVE 1000 /* thousandths */
#define TERMS_DISCRIMINATION_MOST 1000000

/* After the element <rules>. */
void terms_take(struct take *t, xmlNodePtr root, struct plan *p);
void terms_put(struct xmlw *w, const struct plan *p);

/* The word of a unit of independence that a variant has; "exchange" where it says none. */
const char *terms_take_unit(struct take *t, xmlNodePtr variant);

#endif
