/* spill - the exchanges file: one fixed-size record per judged attempt, and exact percentiles from
 * it.
 *
 * Written to a temporary name and renamed by spill_finish, so no half file is ever seen. A
 * percentile of the used and delivered ones is found by a histogram kept while writing, then by
 * passes over the file that look only into the bin it fell into: memory does not grow with the
 * number of exchanges. Ownership: spill_close frees; an unfinished file is removed. Errors:
 * ERR_SYS, ERR_NOMEM. Time:      nanoseconds.
 */
#ifndef HARNESS_SPILL_H
#define HARNESS_SPILL_H

#include "harness/score/outcome.h"

#define SPILL_MAGIC "GAEXCH1\n"
#define SPILL_HEADER_BYTES 16
#define SPILL_SUB_BITS 6
#define SPILL_HISTOGRAM_BINS ((64 - SPILL_SUB_BITS) << SPILL_SUB_BITS)

/* Bins of equal width within an octave: 64 of them. Values below 64 have a bin each. */
struct spill_histogram {
    uint64_t n;
    uint64_t bin[SPILL_HISTOGRAM_BINS];
};

void spill_count(struct spill_histogram *h, int64_t value);

/* One wanted order statistic of the latencies of a target. */
struct spill_rank {
    uint32_t row, variant;
    uint64_t rank; /* 1-based among the target's; fills value_ns */
    int64_t value_ns;
    int64_t low, width; /* where it lies: set by spill_locate, narrowed by spill_select */
    uint64_t below;     /* rank within [low, low + width) */
    uint32_t *count;
};

/* Fills low, width and below from the histogram; value_ns is the bin's lower edge until selected.
 */
void spill_locate(const struct spill_histogram *h, struct spill_rank *r);

struct spill;

enum err_code spill_create(const char *path, struct spill **out, struct err *e);
enum err_code spill_put(struct spill *s, const struct exchange_record *r, struct err *e);
/* Exact values for n located ranks. */
enum err_code spill_select(struct spill *s, struct spill_rank *rank, size_t n, struct err *e);
/* Gives the file its name. */
enum err_code spill_finish(struct spill *s, struct err *e);
void spill_close(struct spill *s);

#endif
