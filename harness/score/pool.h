/* pool - one verdict a row over several runs about one EUT: all that count for one claim.
 *
 * The outcomes of all runs enter one rule a row, run after run in the order in which they are
 * added (the ledger's), each run's in the order of its planned starts: starting again starts no
 * rule anew, so that the best of many runs is worth no more than any other. What the rule says
 * first stands. A fail that a run came to by itself, from its own start, stays whatever was pooled:
 * only false fails can grow by that. Windows of the day and rates, which only a whole day of one
 * run closes, are taken run by run: the worst of fail, then pass, then the rest.
 * Rows are told by id, use case, leg, mode and class of devices; those of all plans are in the
 * result, in the order in which they first came. One run alone gives what its run.xml says, out of
 * its records: without examples, which only the capture holds.
 * A run that goes on with earlier ones (plan_earlier) needs these to be in the pool before it.
 * Ownership: pool_free frees; plans are borrowed until then, and by results until result_free.
 * Errors:    ERR_DATA (unusable records, a rule that differs between runs, an earlier run that is
 *            not there), ERR_SYS, ERR_NOMEM.
 */
#ifndef HARNESS_POOL_H
#define HARNESS_POOL_H

#include "harness/plan/plan.h"
#include "harness/score/result.h"

struct pool;

enum err_code pool_new(struct pool **out, struct err *e);
void pool_free(struct pool *p);

/* exchanges: the path of that run's records. */
enum err_code pool_add(struct pool *p, const struct plan *plan, const char *exchanges,
                       struct err *e);

/* Whether the rules over all that was added have spoken on every criterion of a target of the plan
 * added last, and nothing but more of them could change. */
bool pool_decided(const struct pool *p, uint32_t row, uint32_t variant);

/* The result as it stands; head of the run added last. Free with result_free. */
enum err_code pool_result(struct pool *p, struct result **out, struct err *e);

#endif
