/* runs - whether failures come together: the exact runs test of Wald and Wolfowitz.
 *
 * Of all orders in which so many failures and successes can stand, the share that has so few runs
 * (stretches of one kind) or fewer. One-sided: few runs tell that failures stick together.
 * Spec: Wald and Wolfowitz, Annals of Mathematical Statistics 11 (1940).
 */
#ifndef HARNESS_RUNS_H
#define HARNESS_RUNS_H

#include <stdbool.h>
#include <stdint.h>

/* P(runs or fewer) over all orders; 1 where one kind is missing. */
double runs_tail(uint64_t failures, uint64_t successes, uint64_t runs);

/* The same over those orders only in which a walk is still open in front of its last unit: a rule
 * that stops early does not leave all orders equally likely. open tells whether the walk goes on
 * after so many units with so many failures. -1: more work than it is worth, or no memory. */
typedef bool runs_open_fn(const void *arg, uint32_t units, uint32_t failures);
double runs_tail_stopped(uint32_t failures, uint32_t successes, uint32_t runs, runs_open_fn *open,
                         const void *arg);

#endif
