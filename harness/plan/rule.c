#include "harness/plan/rule.h"

#include <math.h>

#include "harness/base/stats.h"

static bool is_rule(int64_t ratio_ppb, int64_t confidence_ppm)
{
    return ratio_ppb > 0 && ratio_ppb < 1000000000 && confidence_ppm > 0 &&
           confidence_ppm < 1000000;
}

/* log(1 - failure rate), exact for rates that double cannot subtract from one well. */
static double log_success(int64_t ratio_ppb)
{
    return log1p(-(double)(1000000000 - ratio_ppb) / 1e9);
}

uint32_t rule_zero_failure_n(int64_t ratio_ppb, int64_t confidence_ppm)
{
    if (!is_rule(ratio_ppb, confidence_ppm))
        return 0;
    double n = ceil(log((double)(1000000 - confidence_ppm) / 1e6) / log_success(ratio_ppb));
    return n > RULE_MOST_TRIALS ? 0 : (uint32_t)n;
}

static double alpha_of(int64_t confidence_ppm)
{
    return (double)(1000000 - confidence_ppm) / 1e6;
}

static double failure_of(int64_t ratio_ppb)
{
    return (double)(1000000000 - ratio_ppb) / 1e9;
}

/* Least f with P(f or more of n fail) <= alpha; n + 1 when there is none. */
static uint32_t least_excluded(uint32_t n, double failure, double alpha)
{
    uint32_t low = 0, high = n + 1; /* tail(low) > alpha >= tail(high) */
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (stats_binomial_tail(n, mid, failure) <= alpha)
            high = mid;
        else
            low = mid;
    }
    return high;
}

uint32_t rule_fail_at(uint32_t n, int64_t ratio_ppb, int64_t confidence_ppm)
{
    return is_rule(ratio_ppb, confidence_ppm)
               ? least_excluded(n, failure_of(ratio_ppb), alpha_of(confidence_ppm))
               : n + 1;
}

uint32_t rule_fail_at_clusters(uint32_t n, int64_t ratio_ppb, int64_t confidence_ppm)
{
    if (!is_rule(ratio_ppb, confidence_ppm))
        return n + 1;
    double failure = failure_of(ratio_ppb), alpha = alpha_of(confidence_ppm);
    uint32_t f = least_excluded(n, failure, alpha / exp(1.0));
    /* All of everything lost is one outcome, and needs no such margin. */
    return f == n + 1 && pow(failure, n) <= alpha ? n : f;
}

uint32_t rule_accept_clusters(uint32_t n, int64_t ratio_ppb, int64_t confidence_ppm)
{
    uint32_t a = 0;
    if (!is_rule(ratio_ppb, confidence_ppm))
        return 0;
    double failure = failure_of(ratio_ppb), alpha = alpha_of(confidence_ppm) / exp(1.0);
    while (a < n && 1.0 - stats_binomial_tail(n, a + 2, failure) <= alpha)
        a++;
    return a;
}

/* ---- a rule as two tables ----------------------------------------------------------------------
 */

enum rule_word rule_judge(const struct rule *r, uint32_t used, uint32_t failures)
{
    if (failures >= r->steps || used <= r->reject[failures])
        return RULE_REJECTS;
    if (r->accept[failures] > 0 && used >= r->accept[failures])
        return RULE_ACCEPTS;
    return used >= r->n ? RULE_ENDS : RULE_GOES_ON;
}

uint32_t rule_rejects_from(const struct rule *r)
{
    uint32_t f = 0;
    while (f < r->steps && r->reject[f] < r->n)
        f++;
    return f;
}

uint32_t rule_accepts_up_to(const struct rule *r)
{
    uint32_t f = r->steps;
    while (f > 0 && (r->accept[f - 1] == 0 || r->accept[f - 1] > r->n))
        f--;
    return f == 0 ? 0 : f - 1;
}

uint32_t rule_least_accept(const struct rule *r)
{
    return r->n == 0 || r->steps == 0 || r->accept[0] > r->n ? 0 : r->accept[0];
}

uint32_t rule_least_reject(const struct rule *r)
{
    uint32_t f = 1;
    while (f < r->steps && f > r->reject[f])
        f++;
    return f <= r->n ? f : 0;
}

enum err_code rule_short_of(struct arena *a, uint32_t n, uint32_t fail_at, uint32_t accept,
                            struct rule *out, struct err *e)
{
    if (fail_at > RULE_MOST_STEPS)
        return err_set(e, ERR_LIMIT, "a rule that bears %u failures, expected at most %u", fail_at,
                       RULE_MOST_STEPS);
    uint32_t *table = arena_alloc(a, 2 * (size_t)fail_at * sizeof *table);
    if (table == NULL)
        return err_set(e, ERR_NOMEM, "no memory for a rule of %u trials", n);
    *out = (struct rule){RULE_SHORT, n, fail_at, table, table + fail_at};
    for (uint32_t f = 0; f < fail_at; f++) {
        table[f] = f <= accept ? n : 0;
        table[fail_at + f] = 0;
    }
    return ERR_OK;
}

enum err_code rule_short(struct arena *a, int64_t ratio_ppb, int64_t confidence_ppm, bool clusters,
                         struct rule *out, struct err *e)
{
    uint32_t n = rule_zero_failure_n(ratio_ppb, confidence_ppm);
    *out = (struct rule){.kind = RULE_SHORT};
    if (n == 0)
        return ERR_OK;
    return clusters ? rule_short_of(a, n, rule_fail_at_clusters(n, ratio_ppb, confidence_ppm),
                                    rule_accept_clusters(n, ratio_ppb, confidence_ppm), out, e)
                    : rule_short_of(a, n, rule_fail_at(n, ratio_ppb, confidence_ppm), 0, out, e);
}
