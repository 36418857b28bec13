/* fisher - whether two shares differ: Fisher's exact test of a table of two by two.
 *
 * Exact for any counts below 2^52; nothing grows with them but a sum over some standard deviations.
 * Spec: R. A. Fisher, Statistical Methods for Research Workers, 21.02.
 */
#ifndef HARNESS_FISHER_H
#define HARNESS_FISHER_H

#include <stdint.h>

/* good_a of n_a against good_b of n_b: how likely a table at least as unlikely is when both share
 * one probability, all margins given. Two-sided; 1 when a side is empty. good_x <= n_x. */
double fisher_p(uint64_t good_a, uint64_t n_a, uint64_t good_b, uint64_t n_b);

#endif
