#include "harness/cmd/run_resume.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/file.h"
#include "harness/base/sha256.h"
#include "harness/cmd/run_inputs.h"
#include "harness/journal/journal.h"
#include "harness/profile/profile.h"
#include "harness/run/supervise.h"
#include "harness/score/earlier.h"
#include "harness/score/pool.h"

#define ENDING_PATIENCE_NS (12 * NS_PER_S)

/* Who writes a file of the evidence holds its lock until it ends, however it ends. */
static enum err_code await_end(const char *run, struct err *e)
{
    static const char *const name[] = {"journal", "capture.pcapng"};
    int64_t deadline = clock_mono_ns() + ENDING_PATIENCE_NS;
    for (size_t i = 0; i < 2; i++) {
        char path[PATH_MAX];
        enum err_code rc = file_in(path, run, name[i], e);
        int fd = rc == ERR_OK ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        bool held = fd != -1;
        while (held && flock(fd, LOCK_SH | LOCK_NB) == -1 && errno == EWOULDBLOCK &&
               clock_mono_ns() < deadline)
            (void)poll(NULL, 0, 50);
        held = held && clock_mono_ns() >= deadline;
        if (fd != -1)
            (void)close(fd);
        if (rc == ERR_OK && held)
            rc = err_set(e, ERR_USAGE, "%s: is still being written: that run goes on", path);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

/* ---- the plan -----------------------------------------------------------------------------------
 */

static enum err_code new_nonce(struct plan *p, struct err *e)
{
    uint32_t random = 0;
    char text[9];
    do {
        if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
            return err_sys(e, errno, "no random number for the plan's nonce");
        (void)snprintf(text, sizeof text, "%08x", random);
    } while (strcmp(text, p->nonce) == 0);
    p->nonce = arena_strdup(&p->arena, text);
    return p->nonce == NULL ? err_set(e, ERR_NOMEM, "no memory for the plan") : ERR_OK;
}

/* Windows are those of now. */
static enum err_code shift_time(struct plan *p, const struct plan_options *o, struct err *e)
{
    struct profile *profile = NULL;
    char path[PATH_MAX];
    enum err_code rc = inputs_path(p, "profile", o->profile, path, sizeof path, e);
    if (rc == ERR_OK)
        rc = profile_load(path, &profile, e);
    if (rc == ERR_OK)
        p->time_shift_ns = profile_time_shift_ns(profile, clock_real_ns());
    profile_free(profile);
    return rc;
}

/* The runs before that one, and that one. */
static enum err_code list_earlier(struct plan *p, const char *run, const char *nonce, struct err *e)
{
    char real[PATH_MAX];
    struct plan_earlier *x = arena_alloc(&p->arena, (p->n_earlier + 1) * sizeof *x);
    const char *path = arena_strdup(&p->arena, realpath(run, real) == NULL ? run : real);
    if (x == NULL || path == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the plan");
    if (p->n_earlier > 0)
        memcpy(x, p->earlier, p->n_earlier * sizeof *x);
    x[p->n_earlier] = (struct plan_earlier){
        .nonce = nonce, .path = path, .plan_digest = "", .exchanges_digest = ""};
    p->earlier = x;
    p->n_earlier++;
    return ERR_OK;
}

enum err_code resume_plan(const char *run, const struct plan_options *o, struct plan **out,
                          struct err *e)
{
    char path[PATH_MAX];
    struct plan *p = NULL;
    *out = NULL;
    enum err_code rc = file_in(path, run, "plan.xml", e);
    if (rc == ERR_OK && access(path, R_OK) == -1)
        rc = err_set(e, ERR_USAGE, "%s: not there; expected the folder of a run", path);
    if (rc == ERR_OK)
        rc = await_end(run, e);
    if (rc == ERR_OK)
        rc = plan_read(path, &p, e);
    if (rc == ERR_OK)
        rc = inputs_same(p, o, e);
    if (rc == ERR_OK)
        rc = shift_time(p, o, e);
    if (rc == ERR_OK)
        rc = list_earlier(p, run, p->nonce, e);
    if (rc == ERR_OK)
        rc = new_nonce(p, e);
    if (rc == ERR_OK) {
        p->campaign = (struct plan_campaign){"", "", 0, 0};
        *out = p;
    } else {
        plan_free(p);
    }
    return rc;
}

/* ---- its records --------------------------------------------------------------------------------
 */

/* FOLDER/earlier/NONCE, made. */
static enum err_code make_place(const char *folder, const char *nonce, char *out, size_t size,
                                struct err *e)
{
    enum err_code rc = file_in(out, folder, "earlier", e);
    if (rc == ERR_OK && mkdir(out, 0777) == -1 && errno != EEXIST)
        rc = err_sys(e, errno, "folder %s cannot be made", out);
    int n = rc == ERR_OK ? snprintf(out, size, "%s/earlier/%s", folder, nonce) : 0;
    if (rc == ERR_OK && (n < 0 || (size_t)n >= size))
        rc = err_set(e, ERR_USAGE, "%s: path is too long", folder);
    if (rc == ERR_OK && mkdir(out, 0777) == -1 && errno != EEXIST)
        rc = err_sys(e, errno, "folder %s cannot be made", out);
    return rc;
}

void resume_undo(const char *folder, const struct plan *plan)
{
    static const char *const name[] = {"/plan.xml", "/exchanges", "/run.xml", ""};
    char path[PATH_MAX];
    for (size_t i = 0; i < plan->n_earlier; i++)
        for (size_t k = 0; k < sizeof name / sizeof *name; k++)
            if (snprintf(path, sizeof path, "%s/earlier/%s%s", folder, plan->earlier[i].nonce,
                         name[k]) < PATH_MAX)
                (void)remove(path);
    if (snprintf(path, sizeof path, "%s/earlier", folder) < PATH_MAX)
        (void)rmdir(path);
}

/* What that run kept of the runs before it. */
static enum err_code take_over(const char *run, const char *folder, const struct plan *p, size_t i,
                               struct err *e)
{
    static const char *const name[] = {"plan.xml", "exchanges"};
    char place[PATH_MAX], beside[PATH_MAX], from[PATH_MAX], to[PATH_MAX];
    enum err_code rc = make_place(folder, p->earlier[i].nonce, place, sizeof place, e);
    if (rc == ERR_OK)
        rc = file_in(beside, run, "capture.pcapng", e);
    for (size_t k = 0; k < 2 && rc == ERR_OK; k++) {
        rc = earlier_file(p, i, beside, name[k], from, sizeof from, e);
        if (rc == ERR_OK)
            rc = file_in(to, place, name[k], e);
        if (rc == ERR_OK)
            rc = file_copy(from, to, e);
    }
    return rc;
}

/* What that run says of itself must be what its evidence says. */
static enum err_code compare(const char *run, const char *place, const char *name, struct err *e)
{
    char theirs[PATH_MAX], ours[PATH_MAX], x[SHA256_HEX_BYTES], y[SHA256_HEX_BYTES];
    enum err_code rc = file_in(theirs, run, name, e);
    if (rc == ERR_OK)
        rc = file_in(ours, place, name, e);
    if (rc != ERR_OK || access(theirs, F_OK) == -1)
        return rc;
    rc = sha256_file(theirs, x, e);
    if (rc == ERR_OK)
        rc = sha256_file(ours, y, e);
    if (rc == ERR_OK && strcmp(x, y) != 0)
        rc = err_set(e, ERR_EVIDENCE,
                     "%s: is not what its evidence gives (%s): nothing is gone on with", theirs,
                     ours);
    return rc;
}

static enum err_code score_again(const char *run, const char *place, struct plan_earlier *x,
                                 struct plan *plan, struct err *e)
{
    char from[PATH_MAX], to[PATH_MAX], capture[PATH_MAX], journal[PATH_MAX];
    char digest[SHA256_HEX_BYTES];
    enum err_code rc = file_in(from, run, "plan.xml", e);
    if (rc == ERR_OK)
        rc = file_in(to, place, "plan.xml", e);
    if (rc == ERR_OK)
        rc = file_copy(from, to, e);
    if (rc == ERR_OK)
        rc = sha256_file(to, digest, e);
    if (rc == ERR_OK) {
        x->plan_digest = arena_strdup(&plan->arena, digest);
        rc = run_evidence(run, capture, journal, e);
    }
    if (rc == ERR_OK)
        rc = run_judge(to, capture, journal, place, e);
    if (rc == ERR_OK)
        rc = compare(run, place, "exchanges", e);
    if (rc == ERR_OK)
        rc = compare(run, place, "run.xml", e);
    if (rc == ERR_OK)
        rc = file_in(to, place, "exchanges", e);
    if (rc == ERR_OK)
        rc = sha256_file(to, digest, e);
    if (rc == ERR_OK) {
        x->exchanges_digest = arena_strdup(&plan->arena, digest);
        if (x->plan_digest == NULL || x->exchanges_digest == NULL)
            rc = err_set(e, ERR_NOMEM, "no memory for the plan");
    }
    return rc;
}

/* What that run did to the equipment, as its journal says before it does it. */
static enum err_code count_duties(const char *run, struct plan *plan, struct err *e)
{
    char capture[PATH_MAX], path[PATH_MAX];
    struct journal_reader *j = NULL;
    struct journal_record r;
    enum err_code rc = run_evidence(run, capture, path, e);
    if (rc == ERR_OK)
        rc = journal_open(path, false, &j, e);
    while (rc == ERR_OK && journal_next(j, &r, NULL) == ERR_OK) {
        bool ours = r.type == JOURNAL_ATTEMPT && r.u.attempt.role == JOURNAL_SEND &&
                    r.u.attempt.binding < plan->n_binding;
        for (size_t i = 0; ours && i < plan->n_duty; i++) {
            struct plan_duty *d = (struct plan_duty *)&plan->duty[i];
            if (strcmp(d->payload, plan->binding[r.u.attempt.binding].payload) != 0)
                continue;
            d->used++;
            d->last_ns = r.real_ns;
        }
    }
    journal_reader_close(j);
    return rc;
}

/* What is decided gets no trials. */
static void leave_out(const struct pool *pool, struct plan *plan)
{
    for (uint32_t i = 0; i < plan->n_row; i++)
        for (uint32_t k = 0; k < plan->row[i].n_variant; k++) {
            /* The plan is ours, read from a file; its tables are const to those who only use it. */
            struct plan_variant *v = (struct plan_variant *)&plan->row[i].variant[k];
            if (pool_decided(pool, i, k))
                v->trials = v->trials_least = v->trials_max = 0;
        }
}

static enum err_code find_decided(const char *folder, struct plan *plan, struct err *e)
{
    struct pool *pool = NULL;
    struct plan **then = calloc(plan->n_earlier + 1, sizeof(*then));
    enum err_code rc =
        then == NULL ? err_set(e, ERR_NOMEM, "no memory for the plan") : pool_new(&pool, e);
    for (size_t i = 0; i < plan->n_earlier && rc == ERR_OK; i++) {
        char path[PATH_MAX], beside[PATH_MAX];
        rc = file_in(beside, folder, "capture.pcapng", e);
        if (rc == ERR_OK)
            rc = earlier_file(plan, i, beside, "plan.xml", path, sizeof path, e);
        if (rc == ERR_OK)
            rc = plan_read(path, &then[i], e);
        if (rc == ERR_OK)
            rc = earlier_file(plan, i, beside, "exchanges", path, sizeof path, e);
        if (rc == ERR_OK)
            rc = pool_add(pool, then[i], path, e);
    }
    if (rc == ERR_OK)
        leave_out(pool, plan);
    pool_free(pool);
    for (size_t i = 0; then != NULL && i < plan->n_earlier; i++)
        plan_free(then[i]);
    free(then);
    return rc;
}

enum err_code resume_keep(const char *run, const char *folder, struct plan *plan, struct err *e)
{
    struct plan_earlier *last = (struct plan_earlier *)&plan->earlier[plan->n_earlier - 1];
    char place[PATH_MAX];
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i + 1 < plan->n_earlier && rc == ERR_OK; i++)
        rc = take_over(run, folder, plan, i, e);
    if (rc == ERR_OK)
        rc = make_place(folder, last->nonce, place, sizeof place, e);
    if (rc == ERR_OK)
        rc = score_again(run, place, last, plan, e);
    if (rc == ERR_OK && plan->n_duty > 0)
        rc = count_duties(run, plan, e);
    return rc == ERR_OK ? find_decided(folder, plan, e) : rc;
}
