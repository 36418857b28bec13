/* risk - what a plan's rules may err by, and what they take.
 *
 * True risks and expected numbers are exact (rule_characteristic_at), for failures that are
 * independent of each other; p1 is the failure rate 1 - R, p0 a discrimination-th of it.
 * Errors: as rule_characteristic_at.
 */
#ifndef HARNESS_RISK_H
#define HARNESS_RISK_H

#include "harness/plan/plan.h"

/* Rules of a variant that can fail it, each with the producer's risk: of reliability, latency and
 * size, as far as they are judged. */
size_t plan_rules_of(const struct plan_variant *v);

/* Of one rule. */
struct risk {
    double p1, p0;
    struct rule_characteristic bad, good; /* of a device at p1, at p0 */
};

enum err_code risk_of(const struct plan_risks *r, const struct plan_clause *c, struct risk *out,
                      struct err *e);

#endif
