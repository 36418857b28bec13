/* run_resume - going on with a run that was cut short, and running again what did not pass.
 *
 * A resumed run is one of its own: a new folder, a new nonce, the same inputs. Its plan is the
 * earlier one's; it names that run by digests, and the earlier run's records, made anew from its
 * evidence, lie in its folder under earlier/NONCE. What they decide is not driven again.
 * A run of what failed has a plan of its own with fewer rows, judged from their own start.
 * Errors: ERR_USAGE (another input than the earlier run's, named; a run that still goes on),
 *         ERR_EVIDENCE (its records or result are not those of its evidence), ERR_DATA, ERR_SYS.
 */
#ifndef HARNESS_RUN_RESUME_H
#define HARNESS_RUN_RESUME_H

#include "harness/cmd/options.h"
#include "harness/plan/plan.h"

/* The plan to go on with the run in that folder; statement, profile and table of o, where given,
 * must be the same. Waits for processes of that run that are still ending. */
enum err_code resume_plan(const char *run, const struct plan_options *o, struct plan **out,
                          struct err *e);
/* Scores that run again into the folder of the new one, and takes from the plan what is decided. */
enum err_code resume_keep(const char *run, const char *folder, struct plan *plan, struct err *e);

/* Takes back what resume_keep made in a folder in which nothing was run. */
void resume_undo(const char *folder, const struct plan *plan);

/* The plan for the rows that did not pass. ERR_CLOSED without a text: all passed. */
enum err_code failed_plan(const char *run, const struct plan_options *o, struct plan **out,
                          struct err *e);

#endif
