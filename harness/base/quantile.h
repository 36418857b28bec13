/* quantile - which of n ordered values bound a percentile of where they come from.
 *
 * Exact by the binomial count of values below it, whatever the distribution: two-sided at the
 * confidence, half of what is left on each side.
 * Spec: Hahn and Meeker, Statistical Intervals, 5.2.
 */
#ifndef HARNESS_QUANTILE_H
#define HARNESS_QUANTILE_H

#include <stdint.h>

/* Ranks from 1 to n; 0 where so few values give no bound. */
void quantile_ranks(uint64_t n, uint32_t per_mille, int64_t confidence_ppm, uint64_t *low,
                    uint64_t *high);

#endif
