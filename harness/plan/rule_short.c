/* The short plan: none may fail, so many failures refuse. */
#include <math.h>

#include "harness/base/stats.h"
#include "harness/plan/rule.h"

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
