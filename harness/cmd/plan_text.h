/* plan_text - a plan as text for people. For cmd_plan.c.
 *
 * Ownership: plan and table are borrowed; out grows.
 * Errors:    ERR_USAGE for a row that the table does not have; ERR_NOMEM, ERR_LIMIT.
 */
#ifndef HARNESS_PLAN_TEXT_H
#define HARNESS_PLAN_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "harness/base/buf.h"
#include "harness/plan/plan.h"
#include "harness/table/table.h"

/* A line per reading, then the totals. width 0: lines as long as they are. */
enum err_code plan_table(const struct plan *p, size_t width, struct buf *out, struct err *e);

/* One row from its cells to its rule. */
enum err_code plan_explain(const struct plan *p, const struct table *t, const char *id,
                           struct buf *out, struct err *e);

/* plan_method.c: requirements, deployment, paths, quantities, and what keeps a claim partial. */
enum err_code plan_method_text(const struct method *m, struct buf *out, struct err *e);

/* The row's reasons under each of its use cases, one from the other: the profile at that path, its
 * decisions, use case, actors, paths, role. */
enum err_code plan_chain(const struct plan *p, const struct table *t, const char *profile,
                         const char *id, struct buf *out, struct err *e);

/* "250 ms", "15 s", "4 h" or "1.5 s"; "-" for -1. */
const char *plan_duration(int64_t ns, char *out, size_t size);
/* "99.5 %". */
const char *plan_ratio(int64_t ppb, char *out, size_t size);
/* Trials of a case: the most that one of its readings wants. */
uint32_t plan_case_trials(const struct plan *p, const struct plan_case *c);
/* How long driving takes when nothing fails: pace, spacing by duty, and the last trial's wait. */
int64_t plan_expected_ns(const struct plan *p);

#endif
