/* marks - which exchange a packet belongs to, in the order of packets, in bounded memory.
 *
 * Exchanges lie in the order in which the rules used them. Their packets are sorted in pieces of
 * MARKS_PIECE in memory, each piece written to a nameless temporary file, and merged while read.
 * Ownership: marks_free frees and removes the file.
 * Errors:    ERR_NOMEM; ERR_SYS where the temporary folder takes no more; ERR_LIMIT above some
 *            thousand million packets.
 */
#ifndef HARNESS_MARKS_H
#define HARNESS_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/base/err.h"

#define MARKS_PIECE (256u * 1024)

struct mark_of {
    uint64_t frame, other; /* other: the exchange's other end, 0 not seen */
    int64_t latency_ns;    /* -1 none */
    uint32_t row, variant, trial, sub;
    uint8_t cause;
    bool end, used; /* end: frame is its last one, else its first */
};

struct marks;

enum err_code marks_new(struct marks **out, struct err *e);
enum err_code marks_put(struct marks *m, const struct mark_of *x, struct err *e);
/* No more come: the first can be taken. */
enum err_code marks_sort(struct marks *m, struct err *e);
/* The next in order of packets, borrowed until marks_take; NULL at the end or after a fault. */
const struct mark_of *marks_first(const struct marks *m);
enum err_code marks_take(struct marks *m, struct err *e);
void marks_free(struct marks *m);

#endif
