#include "harness/campaign/view.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum err_code view_wrong(struct view *v, struct err *e, const char *fmt, ...)
{
    char text[600];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (v->n_wrong == v->cap_wrong) {
        size_t cap = v->cap_wrong == 0 ? 8 : 2 * v->cap_wrong;
        const char **more = realloc(v->wrong, cap * sizeof *more);
        if (more == NULL)
            return err_set(e, ERR_NOMEM, "no memory for what does not agree");
        v->wrong = more;
        v->cap_wrong = cap;
    }
    v->wrong[v->n_wrong] = arena_strdup(&v->arena, text);
    if (v->wrong[v->n_wrong] == NULL)
        return err_set(e, ERR_NOMEM, "no memory for what does not agree");
    v->n_wrong++;
    return ERR_OK;
}

/* Formats into the arena; the first fault sticks in *rc. */
__attribute__((format(printf, 4, 5))) static const char *words(struct view *v, enum err_code *rc,
                                                               struct err *e, const char *fmt, ...)
{
    char text[PATH_MAX + 200];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    const char *copy = arena_strdup(&v->arena, text);
    if (copy == NULL)
        *rc = err_set(e, ERR_NOMEM, "no memory for the runs of a campaign");
    return copy == NULL ? "" : copy;
}

static enum err_code state(struct view *v, struct view_run *run, enum view_state s, struct err *e,
                           const char *note)
{
    enum err_code rc = ERR_OK;
    run->state = s;
    run->note = words(v, &rc, e, "%s", note);
    if (rc == ERR_OK && s == VIEW_ALTERED)
        rc = view_wrong(v, e, "%s:%zu: submission %u, run %s in %s: %s", v->ledger->path,
                        run->begin->line, run->submission, run->begin->nonce, run->folder, note);
    return rc;
}

static bool there(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* Whether the file's digest is the stated one. */
static bool agrees(const char *path, const char *stated)
{
    char hex[SHA256_HEX_BYTES];
    return there(path) && sha256_file(path, hex, NULL) == ERR_OK && strcmp(hex, stated) == 0;
}

/* The entry that the run found as the ledger's last. What a cut append left was named only after
 * the run had looked. */
static const char *head_found(const struct ledger *l, const struct ledger_entry *begin)
{
    const struct ledger_entry *x = begin - 1;
    while (x > l->entry && x->kind == LEDGER_CUT)
        x--;
    return x->digest;
}

static enum err_code check_plan(struct view *v, struct view_run *run, const char *path,
                                struct err *e)
{
    const struct ledger_entry *begin = run->begin;
    struct err why = ERR_INIT;
    char text[300];
    bool same = agrees(path, begin->plan_digest);
    if (plan_read(path, &run->plan, &why) != ERR_OK) {
        run->plan = NULL;
        return same ? state(v, run, VIEW_ABSENT, e, why.text)
                    : state(v, run, VIEW_ALTERED, e, "plan.xml is not the one that began");
    }
    const struct plan_campaign *c = &run->plan->campaign;
    if (strcmp(run->plan->nonce, begin->nonce) != 0) {
        (void)snprintf(text, sizeof text, "run %s has taken its folder", run->plan->nonce);
        return state(v, run, VIEW_ABSENT, e, text);
    }
    if (!same)
        return state(v, run, VIEW_ALTERED, e, "plan.xml is not the one that began");
    if (strcmp(c->head, head_found(v->ledger, begin)) != 0) {
        (void)snprintf(text, sizeof text,
                       "it found %.16s... as the ledger's last entry, which is %.16s...: entries "
                       "before this line were replaced",
                       c->head, head_found(v->ledger, begin));
        return state(v, run, VIEW_ALTERED, e, text);
    }
    if (c->submission != run->submission || c->generation != run->generation)
        return state(v, run, VIEW_ALTERED, e, "its plan has another number for it");
    return ERR_OK;
}

static enum err_code check_end(struct view *v, struct view_run *run, const char *name,
                               const char *stated, struct err *e)
{
    char path[PATH_MAX], text[100];
    (void)snprintf(path, sizeof path, "%s/%s", run->folder, name);
    if (run->state != VIEW_COUNTS || stated[0] == '\0' || agrees(path, stated))
        return ERR_OK;
    bool is_there = there(path);
    (void)snprintf(text, sizeof text, "%s is %s", name,
                   is_there ? "not the one that it ended with" : "not there");
    return state(v, run, is_there ? VIEW_ALTERED : VIEW_ABSENT, e, text);
}

/* The run's folder as seen from here: "results/ledger/" and "../lab" make "results/lab". */
static const char *folder_of(struct view *v, const char *folder, enum err_code *rc, struct err *e)
{
    const char *path = v->ledger->path, *slash = strrchr(path, '/');
    size_t above = folder[0] == '/' || slash == NULL ? 0 : (size_t)(slash - path + 1);
    while (strncmp(folder, "../", 3) == 0 && above > 1) {
        size_t own = above - 1;
        while (own > 0 && path[own - 1] != '/')
            own--;
        if (path[own] == '.' || own + 1 == above)
            break; /* ".", "..", "//" */
        above = own;
        folder += 3;
    }
    return words(v, rc, e, "%.*s%s", (int)above, path, folder);
}

static enum err_code check_run(struct view *v, struct view_run *run, struct err *e)
{
    char path[PATH_MAX];
    struct stat st;
    enum err_code rc = ERR_OK;
    if (run->begin == NULL)
        return state(v, run, VIEW_ABSENT, e,
                     "its beginning was cut while it was written: nothing tells whose it was");
    run->folder = folder_of(v, run->begin->folder, &rc, e);
    run->exchanges = words(v, &rc, e, "%s/exchanges", run->folder);
    if (rc != ERR_OK)
        return rc;
    if (stat(run->folder, &st) == -1)
        return state(v, run, VIEW_ABSENT, e, "its folder is not there");
    (void)snprintf(path, sizeof path, "%s/plan.xml", run->folder);
    if (!there(path))
        return state(v, run, VIEW_ABSENT, e, "its plan.xml is not there");
    rc = check_plan(v, run, path, e);
    if (run->end != NULL && rc == ERR_OK)
        rc = check_end(v, run, "run.xml", run->end->result_digest, e);
    if (run->end != NULL && rc == ERR_OK)
        rc = check_end(v, run, "exchanges", run->end->exchanges_digest, e);
    if (rc != ERR_OK || run->state != VIEW_COUNTS || there(run->exchanges))
        return rc;
    (void)snprintf(path, sizeof path, "%s/journal", run->folder);
    return there(path)
               ? state(v, run, VIEW_UNSCORED, e,
                       "its records were not written: gridassay run --resume goes on with it")
               : state(v, run, VIEW_NOT_DRIVEN, e, "no trial began");
}

/* by went on with run, and has its records, made anew from its evidence: they bind a run without an
 * end, and stand for records that were never written. */
static enum err_code check_follower(struct view *v, struct view_run *run, const struct view_run *by,
                                    const char *stated, struct err *e)
{
    enum err_code rc = ERR_OK;
    if (run->state == VIEW_COUNTS && !agrees(run->exchanges, stated))
        return state(v, run, VIEW_ALTERED, e,
                     "exchanges is not the one that a later run went on with");
    if (run->state != VIEW_UNSCORED)
        return ERR_OK;
    const char *made = words(v, &rc, e, "%s/earlier/%s/exchanges", by->folder, run->begin->nonce);
    if (rc == ERR_OK && agrees(made, stated)) {
        run->exchanges = made;
        run->state = VIEW_COUNTS;
        run->note = "";
    }
    return rc;
}

static enum err_code check_earlier(struct view *v, const struct view_run *by, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; by->plan != NULL && i < by->plan->n_earlier && rc == ERR_OK; i++)
        for (struct view_run *run = v->run; run < by && rc == ERR_OK; run++)
            if (run->begin != NULL && strcmp(run->begin->nonce, by->plan->earlier[i].nonce) == 0)
                rc = check_follower(v, run, by, by->plan->earlier[i].exchanges_digest, e);
    return rc;
}

static enum err_code take_runs(struct view *v, struct err *e)
{
    const struct ledger *l = v->ledger;
    uint32_t generation = 1, submission = 0;
    v->run = calloc(l->n_entry + 1, sizeof *v->run);
    if (v->run == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the runs of a campaign");
    for (size_t i = 0; i < l->n_entry; i++) {
        const struct ledger_entry *x = &l->entry[i];
        struct view_run *run = &v->run[v->n_run];
        const struct view_run fresh = {
            .generation = generation, .folder = "", .note = "", .exchanges = ""};
        if (x->kind == LEDGER_RESET) {
            generation++;
            submission = 0;
        } else if (x->kind == LEDGER_BEGIN || (x->kind == LEDGER_CUT && x->cut_begin)) {
            *run = fresh;
            run->submission = ++submission;
            run->begin = x->kind == LEDGER_BEGIN ? x : NULL;
            v->n_run++;
        } else if (x->kind == LEDGER_END) {
            while (run > v->run &&
                   (run[-1].begin == NULL || strcmp(run[-1].begin->nonce, x->nonce) != 0))
                run--;
            if (run > v->run)
                run[-1].end = x;
        }
    }
    if (l->tail_begin)
        v->run[v->n_run++] = (struct view_run){.generation = generation,
                                               .submission = submission + 1,
                                               .folder = "",
                                               .note = "",
                                               .exchanges = ""};
    return ERR_OK;
}

enum err_code view_new(const struct ledger *l, struct view **out, struct err *e)
{
    *out = NULL;
    struct view *v = calloc(1, sizeof *v);
    if (v == NULL)
        return err_set(e, ERR_NOMEM, "no memory for a campaign");
    v->ledger = l;
    v->not_pooled = "";
    enum err_code rc = take_runs(v, e);
    for (size_t i = 0; i < v->n_run && rc == ERR_OK; i++)
        rc = check_run(v, &v->run[i], e);
    for (size_t i = 0; i < v->n_run && rc == ERR_OK; i++)
        rc = check_earlier(v, &v->run[i], e);
    if (rc == ERR_OK)
        rc = view_pool(v, e);
    if (rc == ERR_OK)
        *out = v;
    else
        view_free(v);
    return rc;
}

void view_free(struct view *v)
{
    if (v == NULL)
        return;
    result_free(v->pooled);
    pool_free(v->pool);
    for (size_t i = 0; i < v->n_run; i++)
        plan_free(v->run[i].plan);
    free(v->run);
    free(v->row);
    free(v->wrong);
    arena_release(&v->arena);
    free(v);
}
