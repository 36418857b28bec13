/* rule - the short fixed plan: how many successes in a row show a reliability, how many failures
 * refute it.
 *
 * For a claim "> R" at a confidence C: pass after n trials without a failure, where R^n <= 1 - C;
 * fail at f failures within n, where P(f or more | R) <= 1 - C; between them inconclusive.
 * Where a trial reaches many devices at once they share its luck: it is one unit, which counts with
 * the share that it lost, anywhere between none and all. The sum of such shares over n trials has a
 * tail at most e times that of the binomial count (Bentkus 2004), so that clusters need more.
 * Ratios are parts per billion, confidences parts per million.
 * Spec: IEC 61123 (fixed plans with acceptance number zero).
 */
#ifndef HARNESS_RULE_H
#define HARNESS_RULE_H

#include <stdint.h>

#define RULE_MOST_TRIALS 10000000u

/* 149 for 98 %, 299 for 99 %, 598 for 99.5 %, 29 for 90 %, all at 95 %. 0 when there is none: a
 * ratio of 0 or 100 %, or more than RULE_MOST_TRIALS. */
uint32_t rule_zero_failure_n(int64_t ratio_ppb, int64_t confidence_ppm);

/* Least failures in n that exclude the ratio: 7 in 598 for 99.5 % at 95 %. n + 1 when not even n
 * failures do. */
uint32_t rule_fail_at(uint32_t n, int64_t ratio_ppb, int64_t confidence_ppm);

/* The same for a sum of lost shares, rounded down, over n clusters. */
uint32_t rule_fail_at_clusters(uint32_t n, int64_t ratio_ppb, int64_t confidence_ppm);

/* Most failures in n, after rounding a sum of lost shares up, with which n clusters still show the
 * ratio; 0 also where only no loss at all does. */
uint32_t rule_accept_clusters(uint32_t n, int64_t ratio_ppb, int64_t confidence_ppm);

#endif
