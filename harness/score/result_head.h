/* result_head - what a result takes over from its plan, and what its rows come to.
 *
 * For whoever makes a result: the judge out of the evidence, a pool out of the records of runs.
 * Ownership: strings are copied into the result's arena, so that the plan may go first.
 * Errors:    none; *no_memory is set when there is none.
 */
#ifndef HARNESS_RESULT_HEAD_H
#define HARNESS_RESULT_HEAD_H

#include "harness/plan/plan.h"
#include "harness/score/result.h"

/* A copy in the result's arena. "" for NULL. */
const char *result_copy(struct result *r, const char *text, bool *no_memory);
/* All that the plan says at the head of a result. */
void result_head(struct result *r, const struct plan *p, bool *no_memory);

/* U is not as declared: p99 of so many calibration exchanges. */
void result_measured_uncertainty(struct result *r, int64_t ns, uint64_t exchanges, bool *no_memory);

/* A row of the plan as one of the result, with its variants, not folded yet. */
struct result_row result_row_of(struct result *r, const struct plan_row *from,
                                const struct result_variant *variant, bool *no_memory);
/* The verdict or status of a row by those of its variants. */
void result_row_fold(struct result_row *row);
/* Counts a folded row. */
void result_count(struct result_summary *s, const struct result_row *row);

#endif
