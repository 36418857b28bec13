#include "harness/report/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/report/words.h"

#define REDRAW_NS (NS_PER_S / 10)
#define SETTLE_NS (2 * NS_PER_S) /* before that a forecast is noise */
#define BAR 20

char *progress_line(const struct progress_numbers *n, int64_t elapsed_ns, int width, char *out,
                    int size)
{
    char bar[BAR + 1], left[WORDS_SIZE] = "";
    uint64_t planned = n->planned > n->done ? n->planned : n->done;
    unsigned filled = planned == 0 ? 0 : (unsigned)(n->done * BAR / planned);
    for (unsigned i = 0; i < BAR; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[BAR] = '\0';
    if (n->done > 0 && planned > n->done && elapsed_ns >= SETTLE_NS) {
        uint64_t elapsed_ms = (uint64_t)(elapsed_ns / NS_PER_MS);
        uint64_t s = elapsed_ms * (planned - n->done) / n->done / 1000;
        (void)snprintf(left, sizeof left, "  %" PRIu64 ":%02" PRIu64 " left", s / 60, s % 60);
    }
    (void)snprintf(out, (size_t)size,
                   "[%s] rows %" PRIu32 "/%" PRIu32 "  trials %" PRIu64 "/%" PRIu64 ", %" PRIu64
                   " open  %" PRIu32 " pass %" PRIu32 " fail %" PRIu32 " inconclusive%s",
                   bar, n->rows_done, n->rows, n->done, planned, n->open, n->pass, n->fail,
                   n->inconclusive + n->other, left);
    if (width > 0 && (size_t)width < strlen(out))
        out[width] = '\0';
    return out;
}

static void put(const struct progress *p, const char *s)
{
    /* A terminal that takes no more loses a frame of a display, nothing else. */
    ssize_t ignored = write(p->fd, s, strlen(s));
    (void)ignored;
}

void progress_begin(struct progress *p, int fd, int64_t mono_ns)
{
    *p =
        (struct progress){.fd = fd, .on = isatty(fd) == 1, .begin_ns = mono_ns, .next_ns = mono_ns};
}

void progress_update(struct progress *p, const struct progress_numbers *n, int64_t mono_ns)
{
    if (!p->on || mono_ns < p->next_ns)
        return;
    p->next_ns = mono_ns + REDRAW_NS;
    struct winsize window;
    int width = 80;
    if (ioctl(p->fd, TIOCGWINSZ, &window) == 0 && window.ws_col > 1)
        width = window.ws_col;
    char line[300], draw[320];
    (void)snprintf(draw, sizeof draw, "\r%s\033[K",
                   progress_line(n, mono_ns - p->begin_ns, width - 1, line, sizeof line));
    put(p, draw);
    p->drawn = true;
}

void progress_clear(struct progress *p)
{
    if (p->drawn)
        put(p, "\r\033[K");
    p->drawn = false;
    p->next_ns = 0;
}

void progress_end(struct progress *p)
{
    progress_clear(p);
    p->on = false;
}
