/* holm - many tests at one level: Holm's step-down adjustment, which needs no independence.
 *
 * Spec: S. Holm, Scand. J. Statist. 6 (1979).
 */
#ifndef HARNESS_HOLM_H
#define HARNESS_HOLM_H

#include <stddef.h>

/* adjusted: at level L together, those with adjusted <= L differ. */
struct holm_test {
    double p, adjusted;
    size_t id; /* the caller's */
};

/* Leaves the tests sorted. */
void holm_adjust(struct holm_test *test, size_t n);

#endif
