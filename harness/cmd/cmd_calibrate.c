/* gridassay calibrate: what the harness itself needs on this machine, and whether that is little
 * enough beside the profile's shortest limit.
 *
 * The very calibration that precedes a run, standing alone: the plan's pace, connections, capture
 * and judge, and no trial. */
#include <arpa/inet.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/num.h"
#include "harness/base/where.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/options.h"
#include "harness/cmd/show.h"
#include "harness/report/words.h"
#include "harness/run/folder.h"

#define SECONDS 5
#define SECONDS_MOST 3600
#define EXCHANGES_MOST 100000u /* a judge keeps no more */
#define RESPONDER "calibration responder"
#define LOCAL "127.0.0.1"
/* The gauge maker's rule: a measurement is fit for a limit ten times its uncertainty. */
#define TIMES_FIT 10

static const char help[] =
    "usage: gridassay calibrate --profile PROFILE [OPTION]...\n"
    "Measures the harness against a responder without delay, at the profile's pace and through\n"
    "the capture that a run would have, and tells bias, uncertainty U, drops and whether this\n"
    "machine is good enough for the profile's shortest limit. Needs no equipment.\n\n"
    "  --profile FILE    the lab's deployment profile\n"
    "  --eut FILE        rows and connections of this equipment; default: the rows of all\n"
    "                    statements in fixtures/equipment, over " LOCAL "\n"
    "  --suite NAME      only this use case or section (may be repeated)\n"
    "  --row ID          only this row (may be repeated)\n"
    "  --mode MODE       baseload or highload: only rows with that flag of PAP02\n"
    "  --table FILE      another requirement table\n"
    "  --seconds N       how long, 1 to 3600 (5)\n"
    "  --out FOLDER      keep the evidence there: plan.xml, journal, capture.pcapng, run.xml\n"
    "  --force           replace what the folder holds\n"
    "  --help\n\n"
    "Good enough: U is at most a tenth of the shortest limit, every exchange was seen, and the\n"
    "capture dropped nothing. U is the profile's, or the p99 measured here where that is more.\n\n"
    "Exit status: 0 good enough, 2 usage or configuration, 3 harness error, 4 not good enough, 6 "
    "the\n"
    "scope contradicts itself.\n";

struct shortest {
    int64_t limit_ns; /* -1: no row has one */
    char row[200];
};

static void take_limits(const struct plan *p, struct shortest *s)
{
    for (size_t i = 0; i < p->n_row; i++)
        for (size_t k = 0; k < p->row[i].n_variant; k++) {
            const struct plan_variant *v = &p->row[i].variant[k];
            int64_t ns = v->latency_strict_ns;
            bool judged = v->scored_latency == PLAN_SCORED || v->scored_reliability == PLAN_SCORED;
            if (!judged || ns <= 0 || (s->limit_ns != -1 && ns >= s->limit_ns))
                continue;
            s->limit_ns = ns;
            (void)snprintf(s->row, sizeof s->row, "%s", p->row[i].id);
        }
}

static int is_xml(const struct dirent *d)
{
    size_t len = strlen(d->d_name);
    return len > 4 && strcmp(d->d_name + len - 4, ".xml") == 0;
}

/* A plan of one of the statements that ship, and the shortest limit over all of them. */
static enum err_code plan_of_all(struct plan_options *o, struct plan **out, struct shortest *s,
                                 struct err *e)
{
    char folder[PATH_MAX], path[PATH_MAX + 260];
    struct dirent **entry = NULL;
    enum err_code rc = where_data("fixtures/equipment", folder, sizeof folder, e);
    int n = rc == ERR_OK ? scandir(folder, &entry, is_xml, alphasort) : 0;
    if (rc == ERR_OK && n <= 0)
        rc = err_set(e, ERR_DATA, "%s: holds no statements; name one with --eut", folder);
    for (int i = 0; i < n; i++) {
        struct plan *p = NULL;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry[i]->d_name);
        o->statement = path;
        if (rc == ERR_OK)
            rc = plan_build(o, &p, e);
        if (rc == ERR_OK)
            take_limits(p, s);
        if (rc == ERR_OK && *out == NULL)
            *out = p;
        else
            plan_free(p);
        free(entry[i]);
    }
    free(entry);
    if (rc != ERR_OK) {
        plan_free(*out);
        *out = NULL;
    }
    return rc;
}

/* The wanted port, or any other of the address when somebody holds it. */
static enum err_code free_port(const char *address, uint16_t wanted, uint16_t *out, struct err *e)
{
    bool v6 = strchr(address, ':') != NULL;
    struct sockaddr_in six4 = {.sin_family = AF_INET};
    struct sockaddr_in6 six6 = {.sin6_family = AF_INET6};
    struct sockaddr *to = v6 ? (struct sockaddr *)&six6 : (struct sockaddr *)&six4;
    socklen_t len = v6 ? sizeof six6 : sizeof six4;
    uint16_t *port = v6 ? &six6.sin6_port : &six4.sin_port;
    int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    bool done = fd != -1 && inet_pton(v6 ? AF_INET6 : AF_INET, address,
                                      v6 ? (void *)&six6.sin6_addr : (void *)&six4.sin_addr) == 1;
    if (done)
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    *port = htons(wanted);
    if (done && bind(fd, to, len) == -1) {
        *port = 0;
        done = bind(fd, to, len) == 0;
    }
    done = done && getsockname(fd, to, &len) == 0;
    *out = ntohs(*port);
    if (fd != -1)
        (void)close(fd);
    return done ? ERR_OK
                : err_set(e, ERR_SYS, "no port of %s for the calibration responder", address);
}

/* Nothing is left in the plan but the responder: no trial runs, nobody else's port is taken. */
static enum err_code strip(struct plan *p, bool local, struct err *e)
{
    size_t i = 0;
    while (i < p->n_endpoint && strcmp(p->endpoint[i].actor, RESPONDER) != 0)
        i++;
    struct plan_endpoint *ep = arena_alloc(&p->arena, sizeof *ep);
    struct plan_device_group *g = arena_alloc(&p->arena, sizeof *g);
    char *filter = arena_alloc(&p->arena, 120);
    if (i == p->n_endpoint || p->n_group == 0)
        return err_set(e, ERR_DATA, "the plan has no calibration responder");
    if (ep == NULL || g == NULL || filter == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the plan");
    *ep = p->endpoint[i];
    if (local)
        ep->address = LOCAL;
    enum err_code rc = free_port(ep->address, ep->port, &ep->port, e);
    (void)snprintf(filter, 120, "tcp and host %.64s and port %u", ep->address, ep->port);
    *g = p->group[0];
    g->endpoint = 0;
    p->endpoint = ep;
    p->group = g;
    p->n_endpoint = p->n_group = 1;
    p->filter = filter;
    p->n_row = p->n_scenario = p->n_background = p->n_unsent = 0;
    p->n_stimulus = p->n_duty = p->n_image = p->n_interpretation = 0;
    p->tls_ca = p->tls_certificate = p->tls_key = NULL;
    return rc;
}

static void on_row_final(void *arg, uint32_t row, const char *verdict, const char *live_result)
{
    (void)arg, (void)row, (void)verdict, (void)live_result;
}

static void on_progress(void *arg, const struct run_counts *c)
{
    (void)arg, (void)c;
}

static void on_note(void *arg, const char *text)
{
    (void)arg;
    (void)fprintf(stderr, "gridassay calibrate: %s\n", text);
}

static void tell_fitness(struct text *t, const struct shortest *s, int64_t u_ns)
{
    char a[WORDS_SIZE];
    if (s->limit_ns == -1) {
        text_raw(t, "shortest limit     none: no row in scope has a latency\n");
        return;
    }
    text_f(t, "shortest limit     %s, of ", words_limit(s->limit_ns, a, sizeof a));
    text_esc(t, TEXT_PLAIN, s->row);
    if (u_ns > 0)
        text_f(t, ": %lld.%lld times U", (long long)(s->limit_ns / u_ns),
               (long long)(s->limit_ns % u_ns * 10 / u_ns));
    text_raw(t, "\n");
}

/* The figures, and what they mean. Returns the exit status. */
static int tell(struct text *t, const struct plan *p, const struct result *r,
                const struct run_end *end, const struct shortest *s, uint32_t wanted)
{
    char a[WORDS_SIZE], b[WORDS_SIZE], c[WORDS_SIZE];
    int64_t u_ns = r->uncertainty_ns;
    uint64_t dropped = end->dropped + end->if_dropped;
    text_f(t, "pace               %lld exchanges a second, %s\n", (long long)p->pace_per_s,
           p->connection_per_exchange ? "a connection each" : "connections kept open");
    text_f(t, "exchanges          %llu of %u seen\n", (unsigned long long)r->bias_n, wanted);
    text_f(t, "bias               p50 %s, p99 %s, worst %s; nothing of it is subtracted\n",
           words_duration(r->bias_p50_ns, a, sizeof a), words_duration(r->bias_p99_ns, b, sizeof b),
           words_duration(r->bias_worst_ns, c, sizeof c));
    text_f(t, "uncertainty U      %s, ", words_duration(u_ns, a, sizeof a));
    text_esc(t, TEXT_PLAIN, r->uncertainty_from);
    text_raw(t, "\n");
    text_f(t, "capture            %s, stamps %s\n", p->interface, end->stamps);
    text_f(t, "packets            %llu received, %llu dropped\n", (unsigned long long)end->received,
           (unsigned long long)dropped);
    text_f(t, "disturbances       %llu stalls of the harness, %llu steps of the clock\n",
           (unsigned long long)r->stalls, (unsigned long long)r->clock_steps);
    tell_fitness(t, s, u_ns);
    const char *why = r->bias_n < wanted
                          ? "not every exchange was answered in time and seen by the capture"
                      : dropped > 0 ? "the capture dropped packets"
                      : s->limit_ns != -1 && s->limit_ns / TIMES_FIT < u_ns
                          ? "U is more than a tenth of the shortest limit"
                          : NULL;
    text_f(t, "this machine is %s%s%s\n",
           why == NULL ? "good enough for this profile" : "not good enough: ",
           why == NULL ? "" : why, dropped > 0 || r->bias_n < wanted ? "; try a lower pace" : "");
    return why == NULL ? EXIT_ALL_PASS : EXIT_INCONCLUSIVE;
}

static enum err_code measure(struct plan *p, const char *folder, uint32_t wanted,
                             struct run_end *end, struct result **r, struct err *e)
{
    char path[PATH_MAX + 16];
    const struct run_observer observer = {on_row_final, on_progress, on_note, NULL};
    const struct run_options ro = {
        .plan = p, .folder = folder, .calibrations = wanted, .observer = &observer};
    (void)snprintf(path, sizeof path, "%s/plan.xml", folder);
    enum err_code rc = plan_write(p, path, e);
    if (rc == ERR_OK)
        rc = run_supervise(&ro, end, e);
    if (rc == ERR_OK)
        rc = show_result(folder, r, e);
    if (rc == ERR_OK && end->interrupted)
        rc = err_set(e, ERR_CLOSED, "interrupted");
    if (rc == ERR_OK && (*r)->bias_n == 0)
        rc = err_set(e, ERR_SYS,
                     "no exchange with %s was seen on %s: a host talks to its own addresses over "
                     "lo, so name that as the profile's interface to calibrate",
                     p->endpoint[0].address, p->interface);
    return rc;
}

static int calibrate(struct options *o, int64_t seconds, struct err *e)
{
    const char *base = getenv("TMPDIR");
    char folder[PATH_MAX];
    struct plan *plan = NULL;
    struct result *r = NULL;
    struct run_end end = {0};
    struct shortest s = {.limit_ns = -1};
    struct text t;
    int status = EXIT_HARNESS;
    bool made = false, all = o->plan.statement == NULL;
    text_init(&t);
    o->plan.arm = true; /* no operation is carried out */
    enum err_code rc = all ? plan_of_all(&o->plan, &plan, &s, e) : plan_build(&o->plan, &plan, e);
    if (rc != ERR_OK)
        goto out;
    take_limits(plan, &s);
    rc = strip(plan, all, e);
    if (rc != ERR_OK)
        goto out;
    (void)snprintf(folder, sizeof folder, "%s/gridassay-calibrate-%s", base == NULL ? "/tmp" : base,
                   plan->nonce);
    if (o->out != NULL)
        (void)snprintf(folder, sizeof folder, "%s", o->out);
    rc = folder_make(folder, o->force, e);
    made = rc == ERR_OK;
    int64_t wanted = seconds * plan->pace_per_s;
    if (wanted > EXCHANGES_MOST)
        wanted = EXCHANGES_MOST;
    if (rc == ERR_OK && isatty(STDERR_FILENO))
        (void)fprintf(stderr, "calibrating: %lld exchanges at %lld a second on %s\n",
                      (long long)wanted, (long long)plan->pace_per_s, plan->interface);
    if (rc == ERR_OK)
        rc = measure(plan, folder, (uint32_t)wanted, &end, &r, e);
    if (rc == ERR_OK) {
        status = tell(&t, plan, r, &end, &s, (uint32_t)wanted);
        rc = show_text(&t, stdout, e);
    }
    if (made && o->out == NULL)
        folder_undo(folder);
out:
    if (rc != ERR_OK) {
        (void)fprintf(stderr, "gridassay calibrate: %s\n", e->text);
        status = err_exit(rc);
    }
    text_release(&t);
    result_free(r);
    plan_free(plan);
    return status;
}

int cmd_calibrate(int argc, char **argv)
{
    enum { SECONDS_OPTION = OPTION_OWN };
    static const struct option table[] = {
        OPTIONS_OF_SCOPE,
        {"seconds", required_argument, NULL, SECONDS_OPTION},
        {"out", required_argument, NULL, OPTION_OUT},
        {"force", no_argument, NULL, OPTION_FORCE},
        OPTIONS_END,
    };
    struct options o;
    int64_t seconds = SECONDS;
    int c, status = -1;
    options_init(&o, argv[0], help);
    while (status == -1 && (c = getopt_long(argc, argv, OPTIONS_SHORT, table, NULL)) != -1)
        if (c != SECONDS_OPTION)
            status = options_take(&o, c, argv);
        else if (!num_i64(optarg, strlen(optarg), 1, SECONDS_MOST, &seconds))
            return options_usage(&o, "--seconds takes 1 to 3600, not", optarg);
    if (status != -1)
        return status;
    if (optind < argc)
        return options_usage(&o, "unexpected argument", argv[optind]);
    if (o.plan.profile == NULL)
        return options_usage(&o, "missing", "--profile FILE");
    struct err e = ERR_INIT;
    return calibrate(&o, seconds, &e);
}
