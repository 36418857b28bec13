/* random - numbers that are the same on every machine: integers only, no library function.
 *
 * xoshiro256** (Blackman and Vigna) seeded by splitmix64, so that two streams of one seed never
 * depend on each other. An exponential variate comes by von Neumann's comparison of uniform
 * integers: exact, without a logarithm, whose last digits differ between machines.
 */
#ifndef HARNESS_RANDOM_H
#define HARNESS_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t s[4];
};

/* The stream of that name. */
void random_init(struct random *r, uint64_t seed, const char *name);
uint64_t random_next(struct random *r);
/* Uniform below n, without bias; n 0 gives 0. */
uint64_t random_below(struct random *r, uint64_t n);
/* Exponential with that mean, rounded down; at most INT64_MAX. */
int64_t random_exponential(struct random *r, int64_t mean);

#endif
