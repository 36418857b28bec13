/* metrology: published oracles and simulated campaigns through the engine that judges.
 *
 * Standard output is markdown, as the README has it; standard error tells progress on a terminal
 * and what fails. The numbers are the same on every machine: chance is drawn from fixed seeds. */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/err.h"
#include "harness/base/num.h"
#include "tests/metrology/bench.h"

#define CAMPAIGNS 10000
#define AT_ONCE 50 /* campaigns of a piece of work */
#define JOBS_MOST 64

static const char usage[] =
    "usage: metrology [--campaigns N] [--jobs N]\n"
    "Published numbers out of our functions, and N (10000) simulated campaigns a point through\n"
    "the engine that judges. Exit 0 all holds, 1 something does not, 2 usage, 3 no memory.\n";

struct work { /* shared by the processes */
    uint64_t next;
    struct tally tally[POINTS_MOST];
};

static void labour(const struct bench *b, struct work *w, uint64_t campaigns)
{
    const char *folder = getenv("TMPDIR");
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/gridassay-metrology.%ld",
                   folder == NULL ? "/tmp" : folder, (long)getpid());
    uint64_t a_point = (campaigns + AT_ONCE - 1) / AT_ONCE;
    for (;;) {
        uint64_t piece = __atomic_fetch_add(&w->next, 1, __ATOMIC_RELAXED);
        if (piece >= a_point * b->n_point)
            return;
        uint64_t first = piece % a_point * AT_ONCE;
        uint64_t n = campaigns - first < AT_ONCE ? campaigns - first : AT_ONCE;
        size_t i = (size_t)(piece / a_point);
        if (piece % a_point % b->point[i].fewer != 0)
            continue;
        bench_run(&b->point[i], &w->tally[i], first, n, path);
    }
}

/* Waits for all; tells how far they are where somebody watches. */
static bool attend(const struct bench *b, const struct work *w, const pid_t *pid, size_t jobs,
                   uint64_t campaigns)
{
    uint64_t all = (campaigns + AT_ONCE - 1) / AT_ONCE * b->n_point;
    int64_t began_ns = clock_mono_ns();
    bool watched = isatty(STDERR_FILENO), good = true;
    for (size_t left = jobs; left > 0;) {
        int status;
        pid_t ended = waitpid(-1, &status, WNOHANG);
        if (ended > 0) {
            for (size_t i = 0; i < jobs; i++)
                left -= pid[i] == ended;
            good = good && WIFEXITED(status) && WEXITSTATUS(status) == 0;
            continue;
        }
        if (ended == -1 && errno != EINTR)
            return false;
        uint64_t done = __atomic_load_n(&w->next, __ATOMIC_RELAXED);
        done = done > all ? all : done;
        if (watched)
            (void)fprintf(stderr, "\r%3u %% of %zu points, %lld s ",
                          (unsigned)(done * 100 / (all == 0 ? 1 : all)), b->n_point,
                          (long long)((clock_mono_ns() - began_ns) / NS_PER_S));
        (void)poll(NULL, 0, watched ? 200 : 20);
    }
    if (watched)
        (void)fprintf(stderr, "\r%40s\r", "");
    return good;
}

static bool run_all(const struct bench *b, struct work *w, size_t jobs, uint64_t campaigns)
{
    pid_t pid[JOBS_MOST];
    (void)fflush(NULL);
    for (size_t i = 0; i < jobs; i++) {
        pid[i] = fork();
        if (pid[i] == -1)
            return false;
        if (pid[i] == 0) {
            labour(b, w, campaigns);
            _exit(0);
        }
    }
    return attend(b, w, pid, jobs, campaigns);
}

/* ---- tables -------------------------------------------------------------------------------------
 */

static double share(uint64_t k, uint64_t n)
{
    return 100.0 * (double)k / (double)n;
}

/* One line a rule, from what add_characteristics put together. */
static size_t tell_risks(const struct bench *b, const struct tally *t)
{
    static const char *const name[RULE_KIND_COUNT] = {"short", "fixed", "sequential"};
    (void)printf("\nEach rule's risks, and the units that it takes on average:\n\n"
                 "| claim | rule | units at most | passes at p1 "
                 "| at 1.5 p1 | fails at p0 | at p0 "
                 "/ 2 | units at p0 | at p1 |\n|---|---|---|---|---|---|---|---|---|\n");
    size_t i = 0;
    for (; i < b->n_point && b->point[i].what == NULL; i += RATES) {
        const struct point *p = &b->point[i];
        struct rule_characteristic x[RATES];
        for (size_t k = 0; k < RATES; k++)
            if (rule_characteristic_at(p->rule, p[k].device.rate, &x[k], NULL) != ERR_OK)
                return i;
        const struct tally *q = t + i;
        (void)printf("| %s | %s | %u | %.2f (%.2f) | %.2f (%.2f) | %.2f (%.2f) | %.2f (%.2f) | "
                     "%.0f (%.0f) | %.0f (%.0f) |\n",
                     b->claim[p->claim].text, name[p->rule->kind], p->rule->n,
                     share(q[5].pass, q[5].n), 100 * x[5].accepts, share(q[6].pass, q[6].n),
                     100 * x[6].accepts, share(q[1].fail, q[1].n), 100 * x[1].rejects,
                     share(q[0].fail, q[0].n), 100 * x[0].rejects,
                     (double)q[1].units / (double)q[1].n, x[1].expected,
                     (double)q[5].units / (double)q[5].n, x[5].expected);
    }
    return i;
}

static void tell_characteristics(const struct bench *b, const struct tally *t, size_t n)
{
    static const char *const name[RULE_KIND_COUNT] = {"short", "fixed", "sequential"};
    (void)printf("\nIts operating characteristic, the share that passes:\n\n"
                 "| claim | rule | p0 / 2 | p0 | 0.45 p1 | 0.6 p1 | 0.8 p1 | p1 | 1.5 p1 "
                 "|\n|---|---|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < n; i += RATES) {
        const struct point *p = &b->point[i];
        (void)printf("| %s | %s |", b->claim[p->claim].text, name[p->rule->kind]);
        for (size_t k = 0; k < RATES; k++) {
            struct rule_characteristic x = {0};
            (void)rule_characteristic_at(p->rule, p[k].device.rate, &x, NULL);
            (void)printf(" %.2f (%.2f) |", share(t[i + k].pass, t[i + k].n), 100 * x.accepts);
        }
        (void)printf("\n");
    }
}

static void tell_courses(const struct bench *b, const struct tally *t, size_t first)
{
    static const char *const name[RULE_KIND_COUNT] = {"short", "fixed", "sequential"};
    (void)printf("\nWhat happens on the way, and what people try:\n\n"
                 "| course | claim | rule | failing | pass "
                 "| of these with one failure at most | fail | "
                 "inconclusive |\n|---|---|---|---|---|---|---|---|\n");
    for (size_t i = first; i < b->n_point; i++) {
        const struct point *p = &b->point[i];
        char clean[16] = "";
        if ((p->must & MUST_DOUBT) != 0)
            (void)snprintf(clean, sizeof clean, "%.2f", share(t[i].clean, t[i].n));
        (void)printf("| %s | %s | %s | %.2f | %.2f | %s | %.2f | %.2f |\n", p->what,
                     b->claim[p->claim].text, name[p->rule->kind], 100 * p->device.rate,
                     share(t[i].pass, t[i].n), clean, share(t[i].fail, t[i].n),
                     share(t[i].n - t[i].pass - t[i].fail, t[i].n));
    }
}

static unsigned tell_faults(const struct bench *b, const struct tally *t)
{
    unsigned faults = 0;
    char why[200];
    for (size_t i = 0; i < b->n_point; i++) {
        const struct point *p = &b->point[i];
        const char *fault = bench_check(p, &t[i], why, sizeof why);
        if (fault == NULL)
            continue;
        faults++;
        (void)fprintf(stderr, "metrology: %s, rule of %u, failing %.4f%s%s: %s\n",
                      b->claim[p->claim].text, p->rule->n, p->device.rate,
                      p->what == NULL ? "" : ", ", p->what == NULL ? "" : p->what, fault);
    }
    return faults;
}

static bool take_number(const char *text, uint64_t most, uint64_t *out)
{
    return num_u64(text, strlen(text), 1, most, out);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"campaigns", required_argument, NULL, 'c'},
                                            {"jobs", required_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t campaigns = CAMPAIGNS, jobs = cores < 1 ? 1 : cores > 8 ? 8 : (uint64_t)cores;
    bool good = true;
    int c;
    while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (c == 'h') {
            (void)fputs(usage, stdout);
            return EXIT_ALL_PASS;
        }
        good = good && ((c == 'c' && take_number(optarg, 1000000, &campaigns)) ||
                        (c == 'j' && take_number(optarg, JOBS_MOST, &jobs)));
    }
    if (!good || optind != argc) {
        (void)fputs(usage, stderr);
        return EXIT_USAGE;
    }
    struct bench *b = calloc(1, sizeof *b);
    struct work *w =
        mmap(NULL, sizeof *w, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (b == NULL || w == MAP_FAILED || !bench_make(b) || !run_all(b, w, (size_t)jobs, campaigns)) {
        (void)fputs("metrology: no memory, or a process ended\n", stderr);
        return EXIT_HARNESS;
    }
    (void)printf("%llu campaigns a point; per cent; in brackets what is exact.\n\n",
                 (unsigned long long)campaigns);
    unsigned faults = oracles(stdout);
    if (faults > 0)
        (void)fprintf(stderr, "metrology: %u published lines do not come out\n", faults);
    size_t n = tell_risks(b, w->tally);
    tell_characteristics(b, w->tally, n);
    tell_courses(b, w->tally, n);
    faults += tell_faults(b, w->tally);
    if (faults == 0)
        (void)fprintf(stderr, "metrology: all %zu points hold\n", b->n_point);
    arena_release(&b->arena);
    free(b);
    (void)munmap(w, sizeof *w);
    return faults == 0 ? EXIT_ALL_PASS : EXIT_FAIL;
}
