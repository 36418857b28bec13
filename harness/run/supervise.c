#include "harness/run/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/file.h"
#include "harness/base/limits.h"
#include "harness/drive/beat.h"
#include "harness/run/child.h"

#define START_PATIENCE_NS (30 * NS_PER_S) /* a disk or a machine that others keep busy */
#define START_WORK_NS (10 * NS_PER_S)     /* of the driver's, until its heart beats first */
#define STANDSTILL_NS (20 * NS_PER_S)     /* without a heartbeat, whatever the driver waits for */
#define OWN_PAUSE_NS (500 * NS_PER_MS)    /* between two looks of ours: we stood still as well */
#define DRAIN_PATIENCE_NS (15 * NS_PER_S)
#define MARK_EVERY_NS NS_PER_S
#define RESPONDER_ACTOR "calibration responder"
#define NOTHING "/dev/null"

struct supervisor {
    const struct run_options *o;
    struct run_end *end;
    struct child capture, responder, drive, judge;
    struct beat *beat;
    uint64_t beat_seen;
    int64_t beat_at_ns, beat_cpu_ns; /* when, and after how much work, the driver's heart beat */
    int64_t looked_ns, mark_at_ns;
    uint64_t mark_number;
    bool recording, responding, stopped; /* READY of the capture, of the responder; STOPPED */
    int sends[2];                        /* a pipe that the driver holds while it lives */
    bool stopping;                       /* the driver was told to end */
    char plan[PATH_MAX], journal[PATH_MAX], capture_file[PATH_MAX], live[PATH_MAX],
        beat_file[PATH_MAX];
};

static volatile sig_atomic_t signals_seen;

static void on_signal(int sig)
{
    (void)sig;
    signals_seen++;
}

static void note(struct supervisor *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void note(struct supervisor *s, const char *fmt, ...)
{
    char text[700];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    s->o->observer->note(s->o->observer->arg, text);
}

static void fault(struct supervisor *s, const char *what, const struct child *c)
{
    s->end->harness_fault = true;
    int code = child_exit(c);
    if (code >= 128)
        note(s, "%s: ended by signal %d", what, code - 128);
    else
        note(s, "%s: ended with status %d", what, code);
}

/* "WORD a b c" with n unsigned numbers; false for another word or shape. */
static bool take(const char *line, const char *word, uint64_t *value, int n)
{
    size_t len = strlen(word);
    if (strncmp(line, word, len) != 0)
        return false;
    const char *p = line + len;
    for (int i = 0; i < n; i++) {
        if (*p++ != ' ' || *p < '0' || *p > '9')
            return false;
        for (value[i] = 0; *p >= '0' && *p <= '9'; p++)
            value[i] = value[i] * 10 + (uint64_t)(*p - '0');
    }
    return *p == '\0' || *p == ' ';
}

static void hear_capture(struct supervisor *s)
{
    const char *line;
    uint64_t v[4];
    while ((line = child_line(&s->capture)) != NULL) {
        if (strncmp(line, "READY ", 6) == 0) {
            s->recording = true;
            (void)snprintf(s->end->stamps, sizeof s->end->stamps, "%s", line + 6);
        } else if (take(line, "STOPPED", v, 4)) {
            s->stopped = true;
            s->end->frames = v[0];
            s->end->received = v[1];
            s->end->dropped = v[2];
            s->end->if_dropped = v[3];
        }
    }
}

static void hear_drive(struct supervisor *s)
{
    const char *line;
    uint64_t v[3];
    while ((line = child_line(&s->drive)) != NULL) {
        if (take(line, "PROGRESS", v, 3)) {
            struct run_counts c = {v[0], v[1], v[2]};
            s->o->observer->progress(s->o->observer->arg, &c);
        } else if (strncmp(line, "PROMPT ", 7) == 0) {
            note(s, "operator: %s", line + 7);
        }
    }
}

static void hear_judge(struct supervisor *s)
{
    const char *line;
    uint64_t v[3];
    while ((line = child_line(&s->judge)) != NULL) {
        if (strncmp(line, "DECIDED ", 8) == 0) {
            child_tell(&s->drive, line);
        } else if (take(line, "ROW", v, 1) && v[0] < s->o->plan->n_row) {
            const char *verdict = strrchr(line, ' ');
            s->o->observer->row_final(s->o->observer->arg, (uint32_t)v[0], verdict + 1, s->live);
        }
    }
}

static void kill_drive(struct supervisor *s)
{
    uint32_t scenario = beat_scenario(s->beat);
    if (scenario < s->o->plan->n_scenario)
        note(s, "%s: does not come back (no heartbeat for %d ms of its work); the driver is killed",
             s->o->plan->scenario[scenario].file, LIMIT_SCRIPT_STALL_MS);
    else
        note(s, "the driver stands still (no heartbeat) and is killed");
    child_signal(&s->drive, SIGKILL);
}

/* A script that does not come back works. Who gets no processor, or waits for a disk, does not, and
 * has longer; and the time in which we got none ourselves is nobody's. */
static void watch_beat(struct supervisor *s, int64_t now_ns)
{
    int64_t work_ns = s->beat_seen == 0 ? START_WORK_NS : LIMIT_SCRIPT_STALL_MS * NS_PER_MS;
    bool paused = now_ns - s->looked_ns > OWN_PAUSE_NS;
    s->looked_ns = now_ns;
    if (s->beat == NULL || s->drive.pid == 0 || s->drive.exited)
        return;
    uint64_t beat = beat_count(s->beat);
    int64_t cpu_ns = child_cpu_ns(&s->drive);
    if (beat != s->beat_seen || paused) {
        s->beat_seen = beat;
        s->beat_at_ns = now_ns;
        s->beat_cpu_ns = cpu_ns;
    } else if (now_ns - s->beat_at_ns > STANDSTILL_NS || cpu_ns - s->beat_cpu_ns > work_ns) {
        kill_drive(s);
        s->beat_at_ns = now_ns;
        s->beat_cpu_ns = cpu_ns;
    }
}

/* Waits for something to happen, at most 50 ms, and takes in all of it. */
static void pump(struct supervisor *s)
{
    struct child *all[] = {&s->capture, &s->responder, &s->drive, &s->judge};
    struct pollfd fds[4];
    nfds_t n = 0;
    for (size_t i = 0; i < 4; i++)
        if (all[i]->pid != 0 && all[i]->out != -1)
            fds[n++] = (struct pollfd){.fd = all[i]->out, .events = POLLIN};
    (void)poll(fds, n, 50);
    for (size_t i = 0; i < 4; i++)
        if (all[i]->pid != 0) {
            (void)child_fill(all[i]);
            (void)child_reap(all[i]);
        }
    hear_capture(s);
    hear_drive(s);
    hear_judge(s);
    const char *line;
    while (s->responder.pid != 0 && (line = child_line(&s->responder)) != NULL)
        s->responding = s->responding || strncmp(line, "READY", 5) == 0;
    int64_t now_ns = clock_mono_ns();
    watch_beat(s, now_ns);
    if (s->recording && !s->capture.exited && now_ns - s->mark_at_ns > MARK_EVERY_NS) {
        char text[40];
        (void)snprintf(text, sizeof text, "MARK %" PRIu64, ++s->mark_number);
        child_tell(&s->capture, text);
        s->mark_at_ns = now_ns;
    }
}

static void inherit(int fd, bool yes)
{
    (void)fcntl(fd, F_SETFD, yes ? 0 : FD_CLOEXEC);
}

static void close_sends(struct supervisor *s)
{
    for (int i = 0; i < 2; i++) {
        if (s->sends[i] != -1)
            (void)close(s->sends[i]);
        s->sends[i] = -1;
    }
}

static enum err_code start_capture(struct supervisor *s, struct err *e)
{
    const struct plan *p = s->o->plan;
    char until[16];
    /* When we die the capture goes on until the driver, which ends in order, is gone as well. */
    if (pipe2(s->sends, O_CLOEXEC) == -1)
        return err_sys(e, errno, "no pipe for the capture");
    (void)snprintf(until, sizeof until, "%d", s->sends[0]);
    const char *argv[] = {
        "gridassay-capture", "--interface", p->interface, "--write", s->capture_file,
        "--filter",          p->filter,     "--until",    until,     NULL};
    inherit(s->sends[0], true);
    enum err_code rc = child_start(&s->capture, "capture", argv, e);
    inherit(s->sends[0], false);
    if (rc != ERR_OK)
        return rc;
    int64_t deadline = clock_mono_ns() + START_PATIENCE_NS;
    while (!s->recording) {
        pump(s);
        if (s->capture.exited) /* it has told why on standard error */
            return err_set(e, child_exit(&s->capture) == EXIT_USAGE ? ERR_USAGE : ERR_SYS,
                           "no live capture on %s, so no trial was run; stored captures can "
                           "still be judged with gridassay score",
                           p->interface);
        if (!s->recording && (signals_seen > 0 || clock_mono_ns() > deadline))
            return err_set(e, ERR_TIMEOUT, "capture on %s did not show its own mark within %d s",
                           p->interface, (int)(START_PATIENCE_NS / NS_PER_S));
    }
    return ERR_OK;
}

static enum err_code start_responder(struct supervisor *s, struct err *e)
{
    const struct plan *p = s->o->plan;
    for (size_t i = 0; i < p->n_endpoint; i++) {
        if (strcmp(p->endpoint[i].actor, RESPONDER_ACTOR) != 0)
            continue;
        char where[128];
        (void)snprintf(where, sizeof where, "%s:%u", p->endpoint[i].address, p->endpoint[i].port);
        const char *argv[] = {"gridassay-play", "--calibrate", where, NULL};
        enum err_code rc = child_start(&s->responder, "calibration responder", argv, e);
        int64_t deadline = clock_mono_ns() + START_PATIENCE_NS;
        while (rc == ERR_OK && !s->responding) {
            pump(s);
            if (!s->responding && (s->responder.exited || clock_mono_ns() > deadline))
                rc = err_set(e, ERR_SYS, "the calibration responder cannot listen on %s", where);
        }
        return rc;
    }
    return ERR_OK;
}

static enum err_code start_drive(struct supervisor *s, struct err *e)
{
    enum err_code rc = beat_create(s->beat_file, &s->beat, e);
    if (rc != ERR_OK)
        return rc;
    char calibrations[16];
    const char *argv[11] = {"gridassay-drive", "--plan",      s->plan,     "--journal",
                            s->journal,        "--beat-file", s->beat_file};
    size_t n = 7;
    if (s->o->arm)
        argv[n++] = "--arm";
    if (s->o->calibrations > 0) {
        (void)snprintf(calibrations, sizeof calibrations, "%u", s->o->calibrations);
        argv[n++] = "--calibrations";
        argv[n++] = calibrations;
    }
    inherit(s->sends[1], true);
    rc = child_start(&s->drive, "drive", argv, e);
    close_sends(s);
    s->beat_at_ns = clock_mono_ns() + START_PATIENCE_NS; /* patience until the first beat */
    int64_t deadline = clock_mono_ns() + START_PATIENCE_NS;
    while (rc == ERR_OK && access(s->journal, R_OK) == -1) {
        pump(s);
        if (s->drive.exited)
            return err_set(e, child_exit(&s->drive) == EXIT_USAGE ? ERR_USAGE : ERR_SYS,
                           "the driver could not start, so no trial was run");
        if (clock_mono_ns() > deadline && access(s->journal, R_OK) == -1)
            return err_set(e, ERR_TIMEOUT, "the driver did not open its journal within %d s",
                           (int)(START_PATIENCE_NS / NS_PER_S));
    }
    return rc;
}

/* journal NULL: a foreign capture. */
static enum err_code start_judge(struct child *judge, const char *plan, const char *capture,
                                 const char *journal, const char *folder, bool follow,
                                 struct err *e)
{
    const char *argv[11] = {"gridassay-judge", "--plan", plan,  "--capture",
                            capture,           "--out",  folder};
    size_t n = 7;
    if (journal != NULL) {
        argv[n++] = "--journal";
        argv[n++] = journal;
    }
    if (follow)
        argv[n++] = "--follow";
    return child_start(judge, "judge", argv, e);
}

/* From the first trial until the driver has ended. */
static void attend(struct supervisor *s)
{
    int heard = 0;
    while (!s->drive.exited) {
        pump(s);
        if (signals_seen != heard) {
            heard = signals_seen;
            s->end->interrupted = true;
            if (heard == 1) {
                note(s, "interrupted: open trials end, then what was captured is scored "
                        "(once more to end the driver at once)");
                child_tell(&s->drive, "STOP");
            } else {
                child_signal(&s->drive, SIGKILL);
            }
        }
        if (s->capture.exited && !s->stopping) {
            s->stopping = true;
            fault(s, "capture", &s->capture);
            child_tell(&s->drive, "STOP");
        }
        if (s->judge.exited && s->judge.pid != 0 && !s->end->harness_fault)
            fault(s, "judge", &s->judge);
    }
    (void)child_fill(&s->drive);
    hear_drive(s);
    if (child_exit(&s->drive) != 0 && !s->end->interrupted)
        fault(s, "drive", &s->drive);
}

/* The capture is drained and closed, then the judge takes the rest. */
static enum err_code finish(struct supervisor *s, struct err *e)
{
    child_tell(&s->capture, "STOP");
    int64_t deadline = clock_mono_ns() + DRAIN_PATIENCE_NS;
    while (!s->capture.exited && clock_mono_ns() < deadline)
        pump(s);
    (void)child_fill(&s->capture);
    hear_capture(s);
    if (!s->stopped && !s->end->harness_fault)
        fault(s, "capture", &s->capture);
    child_tell(&s->judge, "FINISH");
    child_close_input(&s->judge);
    while (!s->judge.exited && signals_seen < 3)
        pump(s);
    (void)child_fill(&s->judge);
    hear_judge(s);
    if (child_exit(&s->judge) == 0)
        return ERR_OK;
    if (!s->end->harness_fault)
        fault(s, "judge", &s->judge);
    if (child_exit(&s->judge) < 128) /* it has told why, and would again */
        return err_set(e, ERR_SYS, "%s could not be scored", s->capture_file);
    return run_judge(s->plan, s->capture_file, s->journal, s->o->folder, e);
}

static enum err_code supervise(struct supervisor *s, struct err *e)
{
    enum err_code rc = start_capture(s, e);
    if (rc == ERR_OK)
        rc = start_responder(s, e);
    if (rc == ERR_OK)
        rc = start_drive(s, e);
    if (rc == ERR_OK)
        rc = start_judge(&s->judge, s->plan, s->capture_file, s->journal, s->o->folder, true, e);
    if (rc != ERR_OK)
        return rc;
    attend(s);
    return finish(s, e);
}

enum err_code run_supervise(const struct run_options *o, struct run_end *end, struct err *e)
{
    struct supervisor s = {.o = o, .end = end, .mark_at_ns = clock_mono_ns(), .sends = {-1, -1}};
    struct child *all[] = {&s.drive, &s.judge, &s.capture, &s.responder};
    for (size_t i = 0; i < 4; i++)
        *all[i] = (struct child){.in = -1, .out = -1};
    *end = (struct run_end){0};
    signals_seen = 0;
    struct sigaction act = {.sa_handler = on_signal}, was_int, was_term;
    (void)sigaction(SIGINT, &act, &was_int);
    (void)sigaction(SIGTERM, &act, &was_term);
    enum err_code rc = file_in(s.plan, o->folder, "plan.xml", e);
    if (rc == ERR_OK)
        rc = file_in(s.journal, o->folder, "journal", e);
    if (rc == ERR_OK)
        rc = file_in(s.capture_file, o->folder, "capture.pcapng", e);
    if (rc == ERR_OK)
        rc = file_in(s.live, o->folder, "run.xml.live", e);
    if (rc == ERR_OK)
        rc = file_in(s.beat_file, o->folder, "beat", e);
    if (rc == ERR_OK)
        rc = supervise(&s, e);
    for (size_t i = 0; i < 4; i++)
        child_release(all[i]);
    close_sends(&s);
    beat_release(s.beat);
    (void)unlink(s.beat_file);
    (void)unlink(s.live);
    (void)sigaction(SIGINT, &was_int, NULL);
    (void)sigaction(SIGTERM, &was_term, NULL);
    return rc;
}

enum err_code run_evidence(const char *folder, char *capture, char *journal, struct err *e)
{
    enum err_code rc = file_in(capture, folder, "capture.pcapng", e);
    if (rc == ERR_OK)
        rc = file_in(journal, folder, "journal", e);
    if (rc == ERR_OK && access(capture, F_OK) == -1)
        (void)snprintf(capture, PATH_MAX, "%s", NOTHING);
    if (rc == ERR_OK && access(journal, F_OK) == -1)
        (void)snprintf(journal, PATH_MAX, "%s", NOTHING);
    return rc;
}

enum err_code run_judge(const char *plan, const char *capture, const char *journal,
                        const char *folder, struct err *e)
{
    struct child judge;
    enum err_code rc = start_judge(&judge, plan, capture, journal, folder, false, e);
    if (rc == ERR_OK) {
        child_close_input(&judge);
        while (!child_reap(&judge)) {
            struct pollfd fd = {.fd = judge.out, .events = POLLIN};
            (void)poll(&fd, judge.out == -1 ? 0 : 1, 20);
            (void)child_fill(&judge);
            while (child_line(&judge) != NULL)
                continue;
        }
        int code = child_exit(&judge);
        if (code != 0)
            rc = err_set(e,
                         code == EXIT_USAGE      ? ERR_DATA
                         : code == EXIT_SCOPE    ? ERR_SCOPE
                         : code == EXIT_EVIDENCE ? ERR_EVIDENCE
                                                 : ERR_SYS,
                         "%s could not be scored", capture);
    }
    child_release(&judge);
    return rc;
}
