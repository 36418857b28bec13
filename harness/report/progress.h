/* progress - one live line on a terminal while a run goes; nothing at all in a pipe.
 *
 * Redrawn in place, at most ten times a second, cleared at the end. Other lines for the same
 * terminal are written between progress_clear and the next update. Ownership: nothing is held; fd
 * stays the caller's. Time:      mono_ns is CLOCK_MONOTONIC, given by the caller.
 */
#ifndef HARNESS_PROGRESS_H
#define HARNESS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress_numbers {
    uint32_t rows, rows_done;
    uint64_t planned, done, open; /* trials */
    uint32_t pass, fail, inconclusive, other;
};

struct progress {
    int fd;
    bool on;    /* fd is a terminal */
    bool drawn; /* a line stands there */
    int64_t begin_ns, next_ns;
};

void progress_begin(struct progress *p, int fd, int64_t mono_ns);
void progress_update(struct progress *p, const struct progress_numbers *n, int64_t mono_ns);
void progress_clear(struct progress *p);
void progress_end(struct progress *p);

/* The line as drawn, at most width columns, without control characters. elapsed_ns since the start
 * gives the time left. Returns out. */
char *progress_line(const struct progress_numbers *n, int64_t elapsed_ns, int width, char *out,
                    int size);

#endif
