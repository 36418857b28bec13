/* run_inputs - whether the files that a plan was made from are still what they were.
 *
 * Errors: ERR_USAGE, naming the file that differs or is not there.
 */
#ifndef HARNESS_RUN_INPUTS_H
#define HARNESS_RUN_INPUTS_H

#include "harness/cmd/options.h"
#include "harness/plan/plan.h"

/* Where the plan's source of a kind is now; given: another place for it, NULL none. */
enum err_code inputs_path(const struct plan *p, const char *kind, const char *given, char *out,
                          size_t size, struct err *e);

/* All sources and scripts of the plan, at the places that o gives for statement, profile and table,
 * else at their own. */
enum err_code inputs_same(const struct plan *p, const struct plan_options *o, struct err *e);

/* The sources that both plans have. */
enum err_code inputs_agree(const struct plan *now, const struct plan *then, struct err *e);

#endif
