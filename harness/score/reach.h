/* reach - which devices of the plan exchanges came from or went to: for how many endpoints a
 * verdict was shown.
 *
 * One bit a device and group, made when the first of a group is met: a target seldom concerns more
 * than one. Devices that no group of the plan holds are none.
 * Ownership: reach_release frees; the plan is borrowed by each call.
 * Errors:    ERR_NOMEM.
 */
#ifndef HARNESS_REACH_H
#define HARNESS_REACH_H

#include "harness/plan/plan.h"
#include "harness/score/result.h"

struct reach {
    uint8_t **bit; /* per group of the plan; NULL before the first device */
    size_t n_group;
    uint64_t n; /* devices */
};

void reach_release(struct reach *r);

enum err_code reach_add(struct reach *r, const struct plan *p, uint64_t device, struct err *e);
/* All of from as well; both are of the same plan. */
enum err_code reach_join(struct reach *r, const struct plan *p, const struct reach *from,
                         struct err *e);
/* The groups of the plan with how many of each were reached. */
void reach_tell(const struct reach *r, const struct plan *p, struct result *out, bool *no_memory);

#endif
