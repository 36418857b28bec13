/* ranks - whether two samples come from one distribution: the Mann-Whitney test.
 *
 * A small pair of samples is tested against all ways of dealing its ranks out, ties included; a
 * large one by the normal tail with the variance corrected for ties and for continuity. Samples are
 * given as groups of equal values in rising order, so that those of millions need not be in memory.
 * Errors:    ERR_NOMEM.
 * Spec: Mann and Whitney, Ann. Math. Statist. 18 (1947); ties: Lehmann, Nonparametrics, 1.4.
 */
#ifndef HARNESS_RANKS_H
#define HARNESS_RANKS_H

#include <stddef.h>
#include <stdint.h>

#include "harness/base/err.h"

#define RANKS_EXACT_MOST 64 /* values of both samples together that are tested exactly */

struct ranks {
    uint64_t n_a, n_b;
    double above; /* pairs in which b's value is the larger one, ties half */
    double ties;  /* sum of t^3 - t over groups of t equal values */
    /* The first groups, for the exact test. */
    size_t n_group;
    struct {
        uint32_t a, b;
    } group[RANKS_EXACT_MOST];
};

/* The next larger value: so many times in a, so many in b. */
void ranks_add(struct ranks *r, uint64_t a, uint64_t b);

/* How likely the sum of ranks is so far from its mean, either way, when nothing differs. 1 when a
 * sample is empty or all values are equal. */
enum err_code ranks_p(const struct ranks *r, double *p, struct err *e);

/* Share of the pairs in which b's value is the larger one, ties half; 0.5 for an empty sample. */
double ranks_above(const struct ranks *r);

#endif
