#include "harness/capture/lines.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/num.h"

void lines_init(struct lines *l, int in, int out)
{
    *l = (struct lines){.in = in, .out = out};
}

void lines_read(struct lines *l)
{
    if (l->in_ended || l->command_len == sizeof l->command)
        return;
    ssize_t n = read(l->in, l->command + l->command_len, sizeof l->command - l->command_len);
    if (n == -1 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n <= 0)
        l->in_ended = true;
    else
        l->command_len += (size_t)n;
}

static enum command parse(const char *line, size_t len, uint64_t *number)
{
    if (len == 4 && memcmp(line, "STOP", 4) == 0)
        return COMMAND_STOP;
    if (len > 5 && memcmp(line, "MARK ", 5) == 0 &&
        num_u64(line + 5, len - 5, 1, UINT64_MAX - 1, number))
        return COMMAND_MARK;
    return COMMAND_BAD;
}

enum command lines_next(struct lines *l, uint64_t *number)
{
    const char *end = memchr(l->command, '\n', l->command_len);
    if (end == NULL) {
        if (l->in_ended)
            return COMMAND_END;
        if (l->command_len < sizeof l->command)
            return COMMAND_NONE;
        l->command_len = 0; /* longer than any command */
        return COMMAND_BAD;
    }
    size_t len = (size_t)(end - l->command);
    enum command c = parse(l->command, len, number);
    l->command_len -= len + 1;
    memmove(l->command, end + 1, l->command_len);
    return c;
}

void lines_say(struct lines *l, bool minor, const char *fmt, ...)
{
    if (l->out_ended || (minor && l->answer_len > 0))
        return;
    char line[160];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    if (n < 0 || (size_t)n >= sizeof line || (size_t)n > sizeof l->answer - l->answer_len)
        return;
    memcpy(l->answer + l->answer_len, line, (size_t)n);
    l->answer_len += (size_t)n;
}

void lines_flush(struct lines *l)
{
    while (l->answer_len > 0 && !l->out_ended) {
        /* A pipe that polls writable takes PIPE_BUF bytes (4096) without waiting. */
        struct pollfd p = {.fd = l->out, .events = POLLOUT};
        if (poll(&p, 1, 0) != 1)
            return;
        ssize_t n = write(l->out, l->answer, l->answer_len < 4096 ? l->answer_len : 4096);
        if (n == -1 && (errno == EINTR || errno == EAGAIN))
            return;
        if (n == -1) {
            l->out_ended = true;
            return;
        }
        l->answer_len -= (size_t)n;
        memmove(l->answer, l->answer + n, l->answer_len);
    }
}
