/* truth - what the equipment itself knows of each order: when it took it and when it answered, how
 * large the answer was, or that it lost it. To measure the harness against.
 *
 * One line for each, by the correlation that the order came under:
 *   sent CORRELATION PAYLOAD TAKEN_NS LEFT_NS BYTES
 *   lost CORRELATION PAYLOAD
 * taken: when the order had come in whole; left: just before the answer goes to the socket; bytes:
 * canonical.
 * Ownership: truth_close closes the file; a struct truth of zeros writes nothing.
 * Errors:    ERR_SYS; a line that cannot be written is told by truth_close.
 * Time:      CLOCK_REALTIME nanoseconds.
 */
#ifndef HARNESS_TRUTH_H
#define HARNESS_TRUTH_H

#include <stdint.h>
#include <stdio.h>

#include "harness/base/err.h"
#include "harness/base/limits.h"

struct truth_entry { /* of the order at hand, then of its answer until that leaves */
    char correlation[LIMIT_CORRELATION_BYTES + 1]; /* "" none */
    const char *payload;
    int64_t taken_ns, bytes;
};

struct truth {
    FILE *file;
    struct truth_entry order;
};

enum err_code truth_open(struct truth *t, const char *path, struct err *e);
enum err_code truth_close(struct truth *t, struct err *e);

/* An order has come in; correlation "": nothing is written of what follows. */
void truth_taken(struct truth *t, const char *correlation, int64_t taken_ns);
void truth_lost(struct truth *t, const char *payload);
/* The answer to the order at hand, which leaves now or later. */
struct truth_entry truth_answer(const struct truth *t, const char *payload, int64_t bytes);
void truth_left(struct truth *t, const struct truth_entry *answer);

#endif
