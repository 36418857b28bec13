/* outcomes - brings outcomes into the order of their planned start before any rule sees them.
 *
 * In the order of completion a device that loses much is accepted every time: successes come at
 * once, losses after their give-up. So a trial's outcomes are used only when all trials planned
 * before it, that could count for the same target, are resolved. Within a trial: by row, variant
 * and sub. Cases that judge a common target share one queue. Trials of a foreign capture queue by
 * their row. Memory is that of the open trials. Ownership: outcomes_free frees all; an outcome is
 * borrowed by the handler for the call. Errors:    ERR_NOMEM, kept and given by outcomes_fault.
 */
#ifndef HARNESS_OUTCOMES_H
#define HARNESS_OUTCOMES_H

#include "harness/plan/plan.h"
#include "harness/score/outcome.h"

struct outcomes;

/* last: the last one of its row and variant in its trial. */
typedef void outcomes_use_fn(void *arg, const struct outcome *o, bool last);

enum err_code outcomes_new(const struct plan *plan, outcomes_use_fn *use, void *arg,
                           struct outcomes **out, struct err *e);
void outcomes_free(struct outcomes *q);

/* These fit struct attempts_handlers; arg is the struct outcomes. */
void outcomes_trial(void *arg, uint32_t scenario, uint32_t kase, uint32_t trial);
void outcomes_opened(void *arg, uint32_t scenario, uint32_t kase, uint32_t trial, uint32_t row,
                     uint32_t variant);
void outcomes_resolved(void *arg, const struct outcome *o);
void outcomes_trial_end(void *arg, uint32_t scenario, uint32_t kase, uint32_t trial);

enum err_code outcomes_fault(const struct outcomes *q, struct err *e);
size_t outcomes_waiting(const struct outcomes *q); /* trials */

#endif
