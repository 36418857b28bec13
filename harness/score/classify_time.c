/* From how long it took to whether that was in time, how sure that is, and what takes it back. */
#include <stdarg.h>
#include <stdio.h>

#include "harness/score/attempts_impl.h"

void outcome_note(struct outcome *o, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(o->note, sizeof o->note, fmt, ap);
    va_end(ap);
}

/* The pair rule: command and reply share one turnaround T. In time when T is within the strictest
 * admissible limit of this half alone; late when it is beyond the laxest of both halves together;
 * between them nothing tells which half used the time. U is granted to both sides. */
enum timing classify_timing(const struct plan_variant *v, bool pair, int64_t uncertainty_ns,
                            int64_t took_ns)
{
    if (v->latency_strict_ns < 0)
        return TIMING_NONE;
    int64_t lax = v->latency_lax_ns + (pair && v->pair_lax_ns > 0 ? v->pair_lax_ns : 0);
    if (took_ns + uncertainty_ns <= v->latency_strict_ns)
        return TIMING_IN;
    return took_ns - uncertainty_ns > lax ? TIMING_LATE : TIMING_BETWEEN;
}

/* resent_ns: so long behind the origin our own side had to send again. What is late from the first
 * time and would not be from the second tells nothing of the equipment. */
void classify_took(const struct attempts *a, const struct attempt *t, struct outcome *o, bool pair,
                   int64_t took_ns, int64_t resent_ns)
{
    const struct plan_variant *v = &a->plan->row[t->row].variant[t->variant];
    int64_t u = a->uncertainty_ns;
    o->rec.latency_ns = took_ns < 0 ? 0 : took_ns;
    if (v->latency_informative)
        return;
    enum timing timing = classify_timing(v, pair, u, took_ns);
    /* Between the limits it is the document's doubt; only within U of one it is ours. */
    if (timing == TIMING_BETWEEN && classify_timing(v, pair, 0, took_ns) != TIMING_BETWEEN)
        o->rec.doubt |= DOUBT_UNCERTAINTY;
    if (timing == TIMING_LATE && resent_ns > 0 &&
        classify_timing(v, pair, u, took_ns - resent_ns) != TIMING_LATE) {
        timing = TIMING_BETWEEN;
        o->rec.doubt |= DOUBT_SENT_AGAIN;
    }
    o->rec.timing = (uint8_t)timing;
}

/* Scheduled reads: each clause asks for arrival within its period, on the deployment's clock where
 * the equipment picks the time by that. */
void classify_clauses(const struct attempts *a, const struct attempt *t, struct outcome *o)
{
    const struct plan_variant *v = &a->plan->row[t->row].variant[t->variant];
    int64_t took = o->rec.latency_ns;
    if (v->cause == PLAN_CAUSE_OWN && t->provoked && t->in.there)
        took = a->deployment == NULL
                   ? t->in.last_ns - t->stimulus_ns
                   : deployment_between(a->deployment, t->stimulus_ns, t->in.last_ns);
    enum cause cause = (enum cause)o->rec.cause;
    uint8_t all = (uint8_t)((1u << v->n_clause) - 1);
    o->rec.clause_failed = cause_is_failure(cause) ? all : 0;
    o->rec.clause_unsure = cause_is_unsure(cause) ? all : 0;
    if (cause != CAUSE_OK || took < 0)
        return;
    for (size_t i = 0; i < v->n_clause; i++) {
        int64_t period = v->clause[i].period_ns;
        if (period > 0 && took - a->uncertainty_ns > period)
            o->rec.clause_failed |= (uint8_t)(1u << i);
        else if (period > 0 && took + a->uncertainty_ns > period)
            o->rec.clause_unsure |= (uint8_t)(1u << i);
    }
    if (o->rec.clause_failed != 0) {
        o->rec.cause = CAUSE_LATE;
        outcome_note(o, "beyond the period of a clause");
    } else if (o->rec.clause_unsure != 0) {
        o->rec.cause = CAUSE_BETWEEN;
        o->rec.doubt |= DOUBT_UNCERTAINTY;
    }
}

/* A stall of the harness delays by no more than itself, and forges nothing: what it cannot explain
 * stands. */
static bool stall_explains(const struct plan_variant *v, const struct exchange_record *r,
                           int64_t stalled_ns, int64_t uncertainty_ns)
{
    if (r->cause == CAUSE_LOST)
        return stalled_ns > v->give_up_ns / 10;
    if (r->cause != CAUSE_LATE)
        return r->cause == CAUSE_HARNESS;
    int64_t lax = v->latency_lax_ns + (v->pair_lax_ns > 0 ? v->pair_lax_ns : 0);
    return r->latency_ns - stalled_ns - uncertainty_ns <= lax;
}

/* Packets dropped by the capture can hide anything, a copy even behind a whole exchange, and a step
 * of the clock makes its times worthless: such an exchange is indeterminate whatever was seen. */
void classify_disturbed(const struct attempts *a, unsigned flags, int64_t stalled_ns,
                        struct outcome *o)
{
    struct exchange_record *r = &o->rec;
    const struct plan_variant *v = &a->plan->row[r->row].variant[r->variant];
    r->flags |= (uint8_t)flags;
    bool hard = (flags & (OUTCOME_DROP | OUTCOME_STEP)) != 0;
    if (!hard &&
        ((flags & OUTCOME_STALL) == 0 || !stall_explains(v, r, stalled_ns, a->uncertainty_ns)))
        return;
    if (r->timing != TIMING_NONE && (hard || r->timing != TIMING_IN))
        r->timing = TIMING_BETWEEN;
    if (r->placed != PLACED_NONE && (hard || r->placed != PLACED_INSIDE))
        r->placed = PLACED_BETWEEN;
    if (r->cause != CAUSE_CUT)
        r->cause = CAUSE_HARNESS;
    r->clause_unsure = UINT8_MAX;
    r->clause_failed = 0;
    (void)snprintf(o->note, sizeof o->note, "%s",
                   (flags & OUTCOME_DROP) != 0   ? "the capture dropped packets during it"
                   : (flags & OUTCOME_STEP) != 0 ? "the clock was stepped during it"
                                                 : "the harness stood still during it");
}
