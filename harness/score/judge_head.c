/* What stands at the head of a result: what was tested, on what evidence, with which U. */
#include <stdlib.h>
#include <string.h>

#include "harness/score/judge_impl.h"

static int compare_ns(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Of the sorted calibration exchanges, of which there are some. */
static int64_t at_percent(const struct judge *j, size_t percent)
{
    return j->calibration[(j->n_calibration * percent + 99) / 100 - 1];
}

static void put_bias(struct judge *j, struct result *r)
{
    size_t n = j->n_calibration;
    r->bias_n = n;
    r->bias_p50_ns = r->bias_p99_ns = r->bias_worst_ns = -1;
    if (n == 0)
        return;
    qsort(j->calibration, n, sizeof *j->calibration, compare_ns);
    r->bias_p50_ns = at_percent(j, 50);
    r->bias_p99_ns = at_percent(j, 99);
    r->bias_worst_ns = at_percent(j, 100);
}

void judge_settle_uncertainty(struct judge *j)
{
    if (j->uncertainty_known)
        return;
    j->uncertainty_known = true;
    j->uncertainty_ns = j->plan->uncertainty_ns;
    if (j->n_calibration == 0)
        return;
    qsort(j->calibration, j->n_calibration, sizeof *j->calibration, compare_ns);
    if (at_percent(j, 99) <= j->uncertainty_ns)
        return;
    j->uncertainty_ns = at_percent(j, 99);
    j->uncertainty_n = j->n_calibration;
    attempts_uncertainty(j->attempts, j->uncertainty_ns);
}

void judge_head(struct judge *j, struct result *r, bool *no_memory)
{
    const struct plan *p = j->plan;
    const struct exchange_counts *n = exchange_reader_counts(j->reader);
    result_head(r, p, no_memory);
    r->claimable = p->claimable && j->driven;
    r->driven = j->driven;
    r->complete = j->complete;
    r->ended = result_copy(r, j->finished ? j->how : "running", no_memory);
    r->first_ns = j->first_ns;
    r->last_ns = j->last_ns;
    r->frames = n->frames;
    r->flows = n->flows;
    r->messages = n->messages;
    r->retransmitted = n->retransmitted;
    r->gaps = n->gaps;
    r->unmatched = attempts_unmatched(j->attempts) - j->n_observed;
    r->capture_received = j->disturb.received;
    r->capture_dropped = j->disturb.dropped;
    r->stalls = j->disturb.count[DISTURB_STALL];
    r->clock_steps = j->disturb.count[DISTURB_STEP];
    if (j->uncertainty_n > 0)
        result_measured_uncertainty(r, j->uncertainty_ns, j->uncertainty_n, no_memory);
    put_bias(j, r);
}
