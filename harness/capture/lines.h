/* lines - commands in and answers out, a line each, without ever waiting for the other side.
 *
 * Answers wait in a small queue until the pipe takes them; when nobody reads they are dropped, so a
 * reader that stands still can't stop the capture.
 */
#ifndef HARNESS_LINES_H
#define HARNESS_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum command {
    COMMAND_NONE = 0,
    COMMAND_MARK,
    COMMAND_STOP,
    COMMAND_END,
    /* of the input: whoever spoke is gone */ COMMAND_BAD,
    COMMAND_COUNT
};

struct lines {
    int in, out;
    bool in_ended, out_ended;
    char command[128]; /* read, not yet taken */
    size_t command_len;
    char answer[8192];
    size_t answer_len;
};

void lines_init(struct lines *l, int in, int out);
/* Reads what there is; call when in is readable. */
void lines_read(struct lines *l);
/* The next command; *number for MARK. At the end of the input: COMMAND_END, again and again. */
enum command lines_next(struct lines *l, uint64_t *number);
/* Queues a line. minor: only when nothing waits already. */
void lines_say(struct lines *l, bool minor, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Writes what the other side takes now. */
void lines_flush(struct lines *l);

#endif
