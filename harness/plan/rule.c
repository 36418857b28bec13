#include "harness/plan/rule.h"

#include <math.h>

#include "harness/base/stats.h"

/* log(1 - failure rate), exact for rates that double cannot subtract from one well. */
static double log_success(int64_t ratio_ppb)
{
    return log1p(-(double)(1000000000 - ratio_ppb) / 1e9);
}

uint32_t rule_zero_failure_n(int64_t ratio_ppb, int64_t confidence_ppm)
{
    if (ratio_ppb <= 0 || ratio_ppb >= 1000000000 || confidence_ppm <= 0 ||
        confidence_ppm >= 1000000)
        return 0;
    double n = ceil(log((double)(1000000 - confidence_ppm) / 1e6) / log_success(ratio_ppb));
    return n > RULE_MOST_TRIALS ? 0 : (uint32_t)n;
}

uint32_t rule_fail_at(uint32_t n, int64_t ratio_ppb, int64_t confidence_ppm)
{
    if (ratio_ppb <= 0 || ratio_ppb >= 1000000000 || confidence_ppm <= 0 ||
        confidence_ppm >= 1000000)
        return n + 1;
    double alpha = (double)(1000000 - confidence_ppm) / 1e6;
    double failure = (double)(1000000000 - ratio_ppb) / 1e9;
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
