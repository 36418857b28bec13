/* What verdicts lean on beside the outcomes, as records behind them: so that a run can be told from
 * its records alone. */
#include <stdio.h>
#include <string.h>

#include "harness/score/earlier.h"
#include "harness/score/judge_impl.h"

static enum err_code put(struct judge *j, enum history_context_kind kind, uint32_t row,
                         uint32_t variant, const int64_t *value, size_t n, struct err *e)
{
    struct history_context c = {
        .row = RECORDS_CONTEXT, .kind = (uint32_t)kind, .of_row = row, .of_variant = variant};
    struct exchange_record record;
    memcpy(c.value, value, n * sizeof *value);
    memcpy(&record, &c, sizeof record);
    return spill_put(j->spill, &record, e);
}

static enum err_code put_rate(struct judge *j, uint32_t row, uint32_t variant, struct err *e)
{
    struct rate_count n;
    rate_told(j->rate, row, variant, j->first_ns, j->last_ns, &n);
    int64_t value[] = {(int64_t)n.originators, (int64_t)n.silent,     (int64_t)n.periods,
                       (int64_t)n.good,        (int64_t)n.edge,       (int64_t)n.bad,
                       (int64_t)n.frame_first, (int64_t)n.frame_last, j->disturb.dropped > 0};
    return put(j, CONTEXT_RATE, row, variant, value, sizeof value / sizeof *value, e);
}

enum err_code judge_put_context(struct judge *j, struct err *e)
{
    const struct plan *p = j->plan;
    int64_t run[] = {
        j->first_ns,     j->last_ns,  (int64_t)j->disturb.dropped, j->driven,
        j->undated_drop, j->complete, j->uncertainty_ns,           (int64_t)j->uncertainty_n};
    enum err_code rc = put(j, CONTEXT_RUN, 0, 0, run, sizeof run / sizeof *run, e);
    for (size_t i = 0; i < j->deployment.n && rc == ERR_OK; i++) {
        int64_t base[] = {j->deployment.base[i].from_ns, j->deployment.base[i].shift_ns,
                          j->deployment.base[i].factor};
        rc = put(j, CONTEXT_CLOCK, 0, 0, base, 3, e);
    }
    for (uint32_t i = 0; i < p->n_row; i++)
        for (uint32_t k = 0; k < p->row[i].n_variant && rc == ERR_OK; k++) {
            const struct judge_target *t = &j->target[j->first_target[i] + k];
            if (p->row[i].variant[k].scored_rate == PLAN_SCORED)
                rc = put_rate(j, i, k, e);
            if (rc == ERR_OK && t->mismatch[0] != '\0')
                rc = put(j, CONTEXT_MISMATCH, i, k, t->differs.value, 3, e);
        }
    return rc;
}

void judge_mismatch(struct judge_target *t, const struct journal_record *r)
{
    t->differs.value[0] = r->u.decided.used;
    t->differs.value[1] = t->criteria.decided;
    t->differs.value[2] = (int64_t)t->criteria.used;
    history_mismatch(&t->differs, t->mismatch, sizeof t->mismatch);
}

/* ---- runs that this one goes on with ------------------------------------------------------------
 */

static struct criteria *criteria_of(void *arg, uint32_t row, uint32_t variant)
{
    return &judge_target_of(arg, row, variant)->criteria;
}

static void brought(void *arg, uint32_t row, uint32_t variant, const char *nonce, uint64_t n)
{
    earlier_bring(judge_target_of(arg, row, variant)->earlier, EARLIER_TEXT_BYTES, nonce, n);
}

enum err_code judge_earlier(struct judge *j, const char *capture, struct err *e)
{
    const struct earlier_sink sink = {criteria_of, brought, j};
    enum err_code rc = earlier_replay(j->plan, capture, &sink, e);
    for (uint32_t i = 0; i < j->plan->n_row && rc == ERR_OK && j->plan->n_earlier > 0; i++)
        judge_review_row(j, i);
    return rc;
}
