/* latencies - one side's sample of a test of two: exact while it is small, counted when it grows.
 *
 * Up to LATENCIES_EXACT values are kept; more are counted into bins no wider than 1.6 % of their
 * value (score/spill.h), so that memory does not grow with the file. Values of one bin are ties,
 * and the order in which they came is not known any more.
 * Ownership: latencies_release frees.
 * Errors:    ERR_NOMEM.
 * Time:      nanoseconds, not negative.
 */
#ifndef HARNESS_LATENCIES_H
#define HARNESS_LATENCIES_H

#include "harness/base/ranks.h"

#define LATENCIES_EXACT 4096

struct spill_histogram;

struct latencies {
    uint64_t n;
    size_t cap;
    int64_t *ns;               /* the values; NULL once they are counted */
    struct spill_histogram *h; /* NULL before */
};

enum err_code latencies_add(struct latencies *l, int64_t ns, struct err *e);
void latencies_release(struct latencies *l);

/* How many of each side lie among the largest tail_ppm of both together, or as near to that as can
 * be without splitting ties. */
struct latencies_tail {
    uint64_t a, b;
    double together; /* how likely chance leaves those of a run in so few stretches; 1 not known */
};

/* Ranks of both together, for ranks_p, and their common tail. Counts one side's values when only
 * the other's are counted. */
enum err_code latencies_rank(struct latencies *a, struct latencies *b, uint32_t tail_ppm,
                             struct ranks *ranks, struct latencies_tail *tail, struct err *e);

#endif
