#include "harness/capture/session.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/capture/lines.h"
#include "harness/evidence/mark.h"

#define STATS_EVERY_NS (100 * NS_PER_MS)
#define FLUSH_EVERY_NS (20 * NS_PER_MS)
/* After so long the ring has handed over every frame that came before: five times its block time.
 */
#define SETTLE_NS (50 * NS_PER_MS)
#define MARK_AGAIN_NS (100 * NS_PER_MS)
#define READY_WITHIN_NS (20 * NS_PER_S) /* also where others keep the machine busy */
#define STOP_WITHIN_NS (5 * NS_PER_S)
#define DESERTED_WITHIN_NS (10 * NS_PER_S)
#define DRAIN_AT_ONCE 8192
#define MARKS 64

enum phase { STARTING = 0, RECORDING, STOPPING, DONE };

struct sent_mark {
    struct mark mark; /* real_ns 0: free */
    int64_t seen_ns;  /* 0: not yet */
};

struct session {
    struct live *live;
    struct pcapng *file;
    struct lines lines;
    enum phase phase;
    uint64_t frames;
    int until_fd; /* -1 none */
    pid_t parent;
    int64_t deserted_ns;           /* mono: since when whoever started it is gone, 0 there */
    int64_t phase_ns;              /* mono: when the phase began */
    int64_t own_mark_ns;           /* mono: when the session's own mark was last sent */
    int64_t flushed_ns;            /* mono */
    int64_t stats_ns;              /* mono: of the latest reading */
    struct capture_stats stats;    /* the latest reading */
    bool stats_wait;               /* it is not in the file yet */
    struct sent_mark marks[MARKS]; /* a ring: older ones are given up */
    size_t next_mark;
};

/* A reading holds for everything that came before it, so it stands in the file before the first
 * frame that came after. */
static enum err_code write_stats(struct session *s, struct err *e)
{
    s->stats_wait = false;
    enum err_code rc = pcapng_stats(s->file, &s->stats, e);
    if (rc == ERR_OK)
        lines_say(&s->lines, true, "STATS %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", s->stats.received,
                  s->stats.dropped, s->stats.if_dropped);
    return rc;
}

static enum err_code read_stats(struct session *s, struct err *e)
{
    enum err_code rc = ERR_OK;
    if (s->stats_wait)
        rc = write_stats(s, e);
    if (rc == ERR_OK)
        rc = live_stats(s->live, &s->stats, e);
    s->stats.ts_ns = clock_real_ns();
    s->stats_ns = clock_mono_ns();
    s->stats_wait = true;
    return rc;
}

static enum err_code send_mark(struct session *s, uint64_t number, struct err *e)
{
    uint8_t bytes[MARK_FRAME_BYTES];
    struct sent_mark *m = &s->marks[s->next_mark++ % MARKS];
    *m = (struct sent_mark){.mark = {.number = number, .real_ns = clock_real_ns()}};
    mark_build(&m->mark, live_facts(s->live)->address, bytes);
    return live_inject(s->live, bytes, sizeof bytes, e);
}

/* The session's own mark of this phase: again until one is seen, for a full ring may drop it. */
static enum err_code send_own_mark(struct session *s, struct err *e)
{
    s->own_mark_ns = clock_mono_ns();
    return send_mark(s, s->phase == STARTING ? MARK_FIRST : MARK_LAST, e);
}

/* False: somebody else's mark on the same interface, which is no business of this file. */
static bool own_mark(struct session *s, const struct mark *m, int64_t ts_ns)
{
    for (size_t i = 0; i < MARKS; i++) {
        struct sent_mark *k = &s->marks[i];
        if (k->mark.real_ns != m->real_ns || k->mark.number != m->number)
            continue;
        if (k->seen_ns == 0)
            k->seen_ns = ts_ns;
        return true;
    }
    return false;
}

static enum err_code on_frame(void *arg, const struct frame *f, struct err *e)
{
    struct session *s = arg;
    struct mark m;
    if (mark_parse(f, &m) && !own_mark(s, &m, f->ts_ns))
        return ERR_OK;
    enum err_code rc = ERR_OK;
    if (s->stats_wait && f->ts_ns > s->stats.ts_ns)
        rc = write_stats(s, e);
    if (rc == ERR_OK)
        rc = pcapng_frame(s->file, f, NULL, e);
    s->frames++;
    return rc;
}

static void enter(struct session *s, enum phase phase)
{
    s->phase = phase;
    s->phase_ns = clock_mono_ns();
}

/* Everything up to here is on disk: marks that were seen may be told. */
static void tell_marks(struct session *s)
{
    for (size_t i = 0; i < MARKS; i++) {
        struct sent_mark *k = &s->marks[i];
        if (k->mark.real_ns == 0 || k->seen_ns == 0)
            continue;
        if (k->mark.number == MARK_FIRST && s->phase == STARTING) {
            lines_say(&s->lines, false, "READY %s\n", live_facts(s->live)->stamps);
            enter(s, RECORDING);
        } else if (k->mark.number == MARK_LAST && s->phase == STOPPING) {
            enter(s, DONE);
        } else if (k->mark.number != MARK_FIRST && k->mark.number != MARK_LAST) {
            lines_say(&s->lines, false, "MARKED %" PRIu64 " %" PRId64 "\n", k->mark.number,
                      k->seen_ns);
        }
        k->mark.real_ns = 0;
    }
}

static enum err_code flush(struct session *s, struct err *e)
{
    enum err_code rc = pcapng_flush(s->file, e);
    s->flushed_ns = clock_mono_ns();
    if (rc == ERR_OK)
        tell_marks(s);
    return rc;
}

/* What the ring holds, into the file; and the statistics that wait, once nothing before them can
 * still come. */
static enum err_code record(struct session *s, struct err *e)
{
    bool drained;
    int64_t began_ns = clock_mono_ns();
    enum err_code rc = live_drain(s->live, DRAIN_AT_ONCE, on_frame, s, &drained, e);
    if (rc == ERR_OK && drained && s->stats_wait && began_ns - s->stats_ns >= SETTLE_NS)
        rc = write_stats(s, e);
    if (rc == ERR_OK && clock_mono_ns() - s->stats_ns >= STATS_EVERY_NS)
        rc = read_stats(s, e);
    if (rc == ERR_OK && (drained || clock_mono_ns() - s->flushed_ns >= FLUSH_EVERY_NS))
        rc = flush(s, e);
    return rc;
}

static enum err_code stop(struct session *s, struct err *e)
{
    if (s->phase != STARTING && s->phase != RECORDING)
        return ERR_OK;
    enter(s, STOPPING);
    return send_own_mark(s, e);
}

/* Whoever started the session is gone: others may still send. */
static enum err_code desert(struct session *s, struct err *e)
{
    if (s->until_fd == -1)
        return stop(s, e);
    if (s->deserted_ns == 0)
        s->deserted_ns = clock_mono_ns();
    return ERR_OK;
}

static enum err_code obey(struct session *s, struct err *e)
{
    uint64_t number = 0;
    enum err_code rc = ERR_OK;
    while (rc == ERR_OK) {
        switch (lines_next(&s->lines, &number)) {
        case COMMAND_NONE:
        case COMMAND_COUNT:
            return ERR_OK;
        case COMMAND_MARK:
            rc = send_mark(s, number, e);
            break;
        case COMMAND_STOP:
            return stop(s, e);
        case COMMAND_END:
            return desert(s, e);
        case COMMAND_BAD:
            lines_say(&s->lines, false, "ERROR expected \"MARK n\", n from 1, or \"STOP\"\n");
            break;
        }
    }
    return rc;
}

/* The session's own mark: sent again while it isn't seen, and given up in the end. */
static enum err_code press(struct session *s, struct err *e)
{
    int64_t now_ns = clock_mono_ns();
    if (s->phase == STARTING && now_ns - s->phase_ns > READY_WITHIN_NS)
        return err_set(e, ERR_SYS,
                       "recording is not proved: a frame sent on the interface was not "
                       "captured within 20 s");
    if (s->phase == STOPPING && now_ns - s->phase_ns > STOP_WITHIN_NS)
        return err_set(e, ERR_SYS,
                       "the end is not proved: the last mark was not captured within 5 s");
    if ((s->phase == STARTING || s->phase == STOPPING) && now_ns - s->own_mark_ns > MARK_AGAIN_NS)
        return send_own_mark(s, e);
    return ERR_OK;
}

static enum err_code wait_and_obey(struct session *s, int signal_fd, struct err *e)
{
    bool deserted = s->deserted_ns != 0 && s->phase != STOPPING;
    struct pollfd p[4] = {
        {.fd = live_fd(s->live), .events = POLLIN},
        {.fd = s->phase == STOPPING || deserted ? -1 : signal_fd, .events = POLLIN},
        {.fd = s->lines.in_ended ? -1 : s->lines.in, .events = POLLIN},
        {.fd = deserted ? s->until_fd : -1, .events = POLLIN},
    };
    if (poll(p, 4, (int)(FLUSH_EVERY_NS / NS_PER_MS)) == -1 && errno != EINTR)
        return err_sys(e, errno, "waiting for frames failed");
    if (p[1].revents != 0)
        return getppid() == s->parent ? stop(s, e) : desert(s, e);
    if (p[3].revents != 0 || (deserted && clock_mono_ns() - s->deserted_ns > DESERTED_WITHIN_NS))
        return stop(s, e);
    if (p[2].revents == 0)
        return ERR_OK;
    lines_read(&s->lines);
    return obey(s, e);
}

enum err_code session_run(struct live *l, struct pcapng *file, int signal_fd, int until_fd,
                          struct err *e)
{
    struct session s = {.live = l, .file = file, .until_fd = until_fd, .parent = getppid()};
    lines_init(&s.lines, STDIN_FILENO, STDOUT_FILENO);
    enter(&s, STARTING);
    enum err_code rc = read_stats(&s, e);
    if (rc == ERR_OK)
        rc = send_own_mark(&s, e);
    while (rc == ERR_OK && s.phase != DONE) {
        rc = wait_and_obey(&s, signal_fd, e);
        if (rc == ERR_OK)
            rc = record(&s, e);
        if (rc == ERR_OK)
            rc = press(&s, e);
        lines_flush(&s.lines);
    }
    /* Frames behind the last mark, then the counters: also after a fault, as far as it goes. */
    bool drained;
    struct err ignored = ERR_INIT;
    struct err *first = rc == ERR_OK ? e : &ignored;
    enum err_code last = live_drain(l, DRAIN_AT_ONCE, on_frame, &s, &drained, first);
    if (last == ERR_OK)
        last = read_stats(&s, first);
    if (last == ERR_OK)
        last = write_stats(&s, first);
    enum err_code closed = pcapng_close(file, rc == ERR_OK && last == ERR_OK ? e : &ignored);
    rc = rc != ERR_OK ? rc : last != ERR_OK ? last : closed;
    if (rc == ERR_OK)
        lines_say(&s.lines, false, "STOPPED %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
                  s.frames, s.stats.received, s.stats.dropped, s.stats.if_dropped);
    lines_flush(&s.lines);
    return rc;
}
