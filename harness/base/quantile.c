#include "harness/base/quantile.h"

#include "harness/base/stats.h"

void quantile_ranks(uint64_t n, uint32_t per_mille, int64_t confidence_ppm, uint64_t *low,
                    uint64_t *high)
{
    double p = per_mille / 1000.0, rest = (double)(1000000 - confidence_ppm) / 2e6;
    *low = *high = 0;
    if (n == 0 || per_mille == 0 || per_mille >= 1000)
        return;
    /* The greatest l with P(l or more below it) >= 1 - rest. */
    uint64_t from = 0, to = n + 1; /* it holds at from, not at to */
    while (to - from > 1) {
        uint64_t mid = from + (to - from) / 2;
        if (stats_binomial_tail(n, mid, p) >= 1 - rest)
            from = mid;
        else
            to = mid;
    }
    *low = from;
    /* The least u with P(u or more below it) <= rest. */
    from = 0;
    to = n + 1;
    while (to - from > 1) {
        uint64_t mid = from + (to - from) / 2;
        if (stats_binomial_tail(n, mid, p) <= rest)
            to = mid;
        else
            from = mid;
    }
    *high = to == n + 1 ? 0 : to;
}
