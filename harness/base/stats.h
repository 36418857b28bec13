/* stats - the few pieces of statistics that decide: binomial tails and what follows from them.
 *
 * Everything over C99 lgamma; checked in tests against published values and against GSL.
 * Ratios are parts per billion, confidences parts per million.
 * Spec: Clopper and Pearson, Biometrika 26 (1934).
 */
#ifndef HARNESS_STATS_H
#define HARNESS_STATS_H

#include <stdint.h>

/* Regularised incomplete beta function I_x(a, b), a > 0, b > 0, x within [0, 1]. */
double stats_beta(double a, double b, double x);
/* The x with I_x(a, b) = p. */
double stats_beta_inverse(double a, double b, double p);

/* P(X >= k) for X binomial over n trials of probability p. */
double stats_binomial_tail(uint64_t n, uint64_t k, double p);

/* Exact two-sided interval of a success ratio, nominal: never used to stop. In parts per billion,
 * rounded outward to whole parts per million, so that no last digit hangs on a maths library. */
void stats_interval(uint64_t n, uint64_t good, int64_t confidence_ppm, int64_t *low_ppb,
                    int64_t *high_ppb);

#endif
