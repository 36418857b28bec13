/* gridassay-judge: reads the plan, follows journal and capture, writes run.xml and exchanges.
 *
 * To standard output while it follows (--follow), for the supervisor:
 *   DECIDED row variant used       a target needs no further attempt
 *   ROW index verdict              a row is final; run.xml.live holds the result so far
 *   PROGRESS resolved open now_ns
 * From standard input: FINISH: both files are complete. Its end without that: whoever started it is
 * gone while others may still write, so no result is made.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/score/judge.h"

#define STEP_ITEMS 4096
#define IDLE_MS 10
#define PROGRESS_NS (200 * NS_PER_MS)
#define LIVE_NS NS_PER_S

struct program {
    const char *plan, *capture, *journal, *out;
    bool follow;
    char run[4096], live[4096], exchanges[4096];
    struct plan *loaded;
    struct judge *judge;
    bool *row_waits; /* final, to be told with the next live result */
    bool any_waits;
    int64_t live_ns, progress_ns; /* monotonic clock, of the last one */
    struct judge_progress told;
    bool input_open, deserted; /* deserted: it ended without FINISH */
    char input[64];
    size_t n_input;
};

static const char help[] =
    "usage: gridassay-judge --plan plan.xml --capture FILE [--journal FILE] --out DIR [--follow]\n"
    "Judges a run by its files alone and writes DIR/run.xml and DIR/exchanges.\n\n"
    "With --follow the files still grow. Standard input takes \"FINISH\" when they are whole;\n"
    "standard output gives \"DECIDED row variant used\", \"ROW index verdict\" for a row that is\n"
    "final (DIR/run.xml.live then holds it) and \"PROGRESS resolved open evidence_ns\".\n"
    "Exit 0 when a result was written, whatever the verdict; 2 for bad files, 3 when it cannot.\n";

static enum err_code parse(struct program *p, int argc, char **argv, struct err *e)
{
    for (int i = 1; i < argc; i++) {
        const char **value = strcmp(argv[i], "--plan") == 0      ? &p->plan
                             : strcmp(argv[i], "--capture") == 0 ? &p->capture
                             : strcmp(argv[i], "--journal") == 0 ? &p->journal
                             : strcmp(argv[i], "--out") == 0     ? &p->out
                                                                 : NULL;
        if (strcmp(argv[i], "--follow") == 0)
            p->follow = true;
        else if (value == NULL)
            return err_set(e, ERR_USAGE, "unknown argument \"%s\"", argv[i]);
        else if (++i == argc)
            return err_set(e, ERR_USAGE, "%s wants a value", argv[i - 1]);
        else
            *value = argv[i];
    }
    if (p->plan == NULL || p->capture == NULL || p->out == NULL)
        return err_set(e, ERR_USAGE, "--plan, --capture and --out are needed");
    if (snprintf(p->run, sizeof p->run, "%s/run.xml", p->out) >= (int)sizeof p->run ||
        snprintf(p->live, sizeof p->live, "%s/run.xml.live", p->out) >= (int)sizeof p->live ||
        snprintf(p->exchanges, sizeof p->exchanges, "%s/exchanges", p->out) >=
            (int)sizeof p->exchanges)
        return err_set(e, ERR_USAGE, "%s: path too long", p->out);
    return ERR_OK;
}

/* ---- told to the supervisor
 * ---------------------------------------------------------------------- */

static void on_decided(void *arg, uint32_t row, uint32_t variant, uint64_t used)
{
    (void)arg;
    (void)printf("DECIDED %" PRIu32 " %" PRIu32 " %" PRIu64 "\n", row, variant, used);
    (void)fflush(stdout);
}

static void on_row_final(void *arg, uint32_t row)
{
    struct program *p = arg;
    p->row_waits[row] = true;
    p->any_waits = true;
}

static void tell_rows(struct program *p, const struct result *r)
{
    for (size_t i = 0; i < r->n_row; i++) {
        if (!p->row_waits[i])
            continue;
        p->row_waits[i] = false;
        const struct result_row *row = &r->row[i];
        (void)printf("ROW %zu %s\n", i,
                     row->verdict == VERDICT_NONE ? no_verdict_name(row->status)
                                                  : verdict_name(row->verdict));
    }
    p->any_waits = false;
    (void)fflush(stdout);
}

static enum err_code tell(struct program *p, struct err *e)
{
    int64_t now_ns = clock_mono_ns();
    enum err_code rc = ERR_OK;
    if (p->any_waits && now_ns - p->live_ns >= LIVE_NS) {
        struct result *r;
        rc = judge_result(p->judge, &r, e);
        if (rc == ERR_OK) {
            rc = result_write(r, p->live, e);
            if (rc == ERR_OK)
                tell_rows(p, r);
            result_free(r);
        }
        p->live_ns = clock_mono_ns();
    }
    struct judge_progress at = judge_progress(p->judge);
    if (now_ns - p->progress_ns >= PROGRESS_NS && memcmp(&at, &p->told, sizeof at) != 0) {
        (void)printf("PROGRESS %" PRIu64 " %" PRIu64 " %" PRId64 "\n", at.resolved, at.open,
                     at.evidence_ns);
        (void)fflush(stdout);
        p->told = at;
        p->progress_ns = now_ns;
    }
    return rc;
}

/* Reads standard input for at most wait_ms; true when both files are complete. */
static bool told_to_finish(struct program *p, int wait_ms)
{
    if (!p->input_open)
        return true;
    struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&fd, 1, wait_ms) <= 0)
        return false;
    ssize_t n = read(STDIN_FILENO, p->input + p->n_input, sizeof p->input - 1 - p->n_input);
    if (n == -1 && (errno == EINTR || errno == EAGAIN))
        return false;
    if (n > 0)
        p->n_input += (size_t)n;
    p->input[p->n_input] = '\0';
    bool finish = strstr(p->input, "FINISH\n") != NULL;
    p->deserted = n <= 0 && !finish;
    if (p->n_input == sizeof p->input - 1)
        p->n_input = 0; /* nothing that is known: start over */
    if (finish || p->deserted)
        p->input_open = false;
    return finish || p->deserted;
}

/* ---- the work
 * ------------------------------------------------------------------------------------ */

static enum err_code follow(struct program *p, struct err *e)
{
    bool complete = false;
    for (;;) {
        enum err_code rc = judge_step(p->judge, STEP_ITEMS, e);
        if (rc != ERR_OK && rc != ERR_AGAIN)
            return rc;
        if (!complete && told_to_finish(p, rc == ERR_AGAIN ? IDLE_MS : 0)) {
            if (p->deserted)
                return err_set(e, ERR_TIMEOUT, "%s: was left alone before the run ended", p->plan);
            complete = true;
            judge_complete(p->judge);
        }
        rc = tell(p, e);
        if (rc != ERR_OK)
            return rc;
    }
}

/* Following, the files may not be there yet. */
static void await_files(struct program *p)
{
    while (p->follow && (access(p->capture, R_OK) == -1 ||
                         (p->journal != NULL && access(p->journal, R_OK) == -1)))
        if (told_to_finish(p, IDLE_MS))
            return;
}

static enum err_code judge(struct program *p, struct err *e)
{
    enum err_code rc = plan_read(p->plan, &p->loaded, e);
    if (rc != ERR_OK)
        return rc;
    p->row_waits = calloc(p->loaded->n_row + 1, sizeof *p->row_waits);
    if (p->row_waits == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu rows", p->loaded->n_row);
    struct judge_options options = {p->capture, p->journal, p->exchanges, p->follow};
    struct judge_observer observer = {on_decided, on_row_final, p};
    await_files(p);
    if (p->deserted)
        return err_set(e, ERR_TIMEOUT, "%s: was left alone before the run began", p->plan);
    rc = judge_new(p->loaded, &options, p->follow ? &observer : NULL, &p->judge, e);
    if (rc != ERR_OK)
        return rc;
    if (p->follow)
        rc = follow(p, e);
    else
        while (rc == ERR_OK)
            rc = judge_step(p->judge, STEP_ITEMS, e);
    if (rc != ERR_CLOSED)
        return rc;
    rc = judge_finish(p->judge, e);
    struct result *r = NULL;
    if (rc == ERR_OK)
        rc = judge_result(p->judge, &r, e);
    if (rc == ERR_OK)
        rc = result_write(r, p->run, e);
    if (rc == ERR_OK && p->follow) {
        rc = result_write(r, p->live, e);
        for (size_t i = 0; i < r->n_row; i++)
            p->row_waits[i] = p->row_waits[i] || !judge_row_told(p->judge, (uint32_t)i);
        tell_rows(p, r);
    }
    result_free(r);
    return rc;
}

int main(int argc, char **argv)
{
    struct program p = {.input_open = true};
    struct err e = ERR_INIT;
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        (void)fputs(help, stdout);
        return EXIT_ALL_PASS;
    }
    enum err_code rc = parse(&p, argc, argv, &e);
    if (rc == ERR_OK)
        rc = judge(&p, &e);
    judge_free(p.judge);
    plan_free(p.loaded);
    free(p.row_waits);
    if (rc == ERR_OK)
        return EXIT_ALL_PASS;
    (void)fprintf(stderr, "gridassay-judge: %s\n", e.text);
    if (rc == ERR_USAGE)
        (void)fputs(help, stderr);
    return (int)err_exit(rc);
}
