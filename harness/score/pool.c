#include "harness/score/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/score/pool_impl.h"

enum err_code pool_new(struct pool **out, struct err *e)
{
    *out = calloc(1, sizeof **out);
    return *out == NULL ? err_set(e, ERR_NOMEM, "no memory for a pool of runs") : ERR_OK;
}

void pool_free(struct pool *p)
{
    if (p == NULL)
        return;
    for (size_t i = 0; i < p->n_target; i++)
        criteria_release(&p->target[i]->all);
    for (size_t i = 0; i < p->n_row; i++)
        free(p->row[i].target);
    free(p->run);
    free(p->row);
    free(p->target);
    arena_release(&p->arena);
    free(p);
}

const struct pool_run *pool_run_by_nonce(const struct pool *p, const char *nonce)
{
    for (size_t i = 0; i < p->n_run; i++)
        if (strcmp(p->run[i].of.plan->nonce, nonce) == 0)
            return &p->run[i];
    return NULL;
}

/* ---- the same reading in two plans --------------------------------------------------------------
 */

static struct pool_row *row_for(struct pool *p, const struct plan_row *from, struct err *e)
{
    for (size_t i = 0; i < p->n_row; i++) {
        struct pool_row *row = &p->row[i];
        if (!earlier_same_row(row->from, from))
            continue;
        if (row->from->n_variant == 0) /* outside that run's selection: this one tells more */
            row->from = from;
        return row;
    }
    struct pool_row *more = realloc(p->row, (p->n_row + 1) * sizeof *more);
    if (more == NULL) {
        (void)err_set(e, ERR_NOMEM, "no memory for %zu rows", p->n_row);
        return NULL;
    }
    p->row = more;
    p->row[p->n_row] = (struct pool_row){.from = from};
    return &p->row[p->n_row++];
}

static enum err_code add_target(struct pool *p, struct pool_row *row, const struct plan *plan,
                                uint32_t r, uint32_t v, size_t *out, struct err *e)
{
    struct pool_target *t = arena_alloc(&p->arena, sizeof *t);
    struct pool_target **all = realloc(p->target, (p->n_target + 1) * sizeof(*all));
    if (all != NULL)
        p->target = all;
    size_t *own = realloc(row->target, (row->n_target + 1) * sizeof *own);
    if (own != NULL)
        row->target = own;
    if (t == NULL || all == NULL || own == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu readings", p->n_target);
    memset(t, 0, sizeof *t);
    t->plan = plan;
    t->row = r;
    t->variant = v;
    t->brought = "";
    enum err_code rc = criteria_init(&t->all, plan, r, v, e);
    if (rc != ERR_OK)
        return rc;
    *out = row->target[row->n_target++] = p->n_target;
    p->target[p->n_target++] = t;
    return ERR_OK;
}

/* The pool's target for a reading of the run's plan, made when it is new. */
static enum err_code match(struct pool *p, struct pool_row *row, const struct plan *plan,
                           uint32_t r, uint32_t v, size_t *out, struct err *e)
{
    const struct plan_variant *mine = &plan->row[r].variant[v];
    for (size_t i = 0; i < row->n_target; i++) {
        const struct pool_target *t = p->target[row->target[i]];
        const struct plan_variant *theirs = &t->plan->row[t->row].variant[t->variant];
        if (!earlier_same_reading(mine, theirs))
            continue;
        if (!earlier_same_rules(mine, theirs))
            return earlier_differs(plan, &plan->row[r], mine, t->plan, e);
        *out = row->target[i];
        return ERR_OK;
    }
    return add_target(p, row, plan, r, v, out, e);
}

static enum err_code match_all(struct pool *p, struct pool_run *run, struct err *e)
{
    const struct plan *plan = run->of.plan;
    size_t n = 0;
    run->of.first = arena_alloc(&p->arena, (plan->n_row + 1) * sizeof *run->of.first);
    if (run->of.first != NULL) {
        earlier_index(&run->of);
        run->target = arena_alloc(&p->arena, (run->of.n_target + 1) * sizeof *run->target);
    }
    if (run->target == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu rows", plan->n_row);
    for (uint32_t i = 0; i < plan->n_row; i++) {
        struct pool_row *row = row_for(p, &plan->row[i], e);
        if (row == NULL)
            return ERR_NOMEM;
        for (uint32_t k = 0; k < plan->row[i].n_variant; k++) {
            enum err_code rc = match(p, row, plan, i, k, &run->target[n++], e);
            if (rc != ERR_OK)
                return rc;
        }
    }
    return ERR_OK;
}

/* ---- feeding ------------------------------------------------------------------------------------
 */

static void take_context(struct pool_run *run, const struct history *h)
{
    const struct history_context *c = history_find(h, CONTEXT_RUN, 0, 0);
    run->driven = true;
    if (c == NULL)
        return;
    run->first_ns = c->value[0];
    run->last_ns = c->value[1];
    run->dropped = c->value[2];
    run->driven = c->value[3] != 0;
    run->complete = c->value[5] != 0;
    run->uncertainty_ns = c->value[6];
    run->calibrations = c->value[7];
}

/* What each target got of the run, in words. */
static enum err_code tell_brought(struct pool *p, const struct pool_run *run, const uint64_t *n,
                                  struct err *e)
{
    for (size_t i = 0; i < run->of.n_target; i++) {
        struct pool_target *t = p->target[run->target[i]];
        char text[1000];
        if (n[i] == 0)
            continue;
        (void)snprintf(text, sizeof text, "%s%s%llu outcomes of run %s", t->brought,
                       t->n_run == 0 ? "" : ", ", (unsigned long long)n[i], run->of.plan->nonce);
        t->brought = arena_strdup(&p->arena, text);
        t->n_run++;
        if (t->brought == NULL)
            return err_set(e, ERR_NOMEM, "no memory to pool runs");
    }
    return ERR_OK;
}

static enum err_code feed_all(struct pool *p, struct pool_run *run, struct err *e)
{
    struct history *h = NULL;
    struct criteria **of = calloc(run->of.n_target + 1, sizeof *of);
    uint64_t *n = calloc(run->of.n_target + 1, sizeof *n);
    enum err_code rc = of == NULL || n == NULL ? err_set(e, ERR_NOMEM, "no memory to pool runs")
                                               : history_open(run->of.exchanges, &h, e);
    for (size_t i = 0; i < run->of.n_target && rc == ERR_OK; i++)
        of[i] = &p->target[run->target[i]]->all;
    if (rc == ERR_OK) {
        take_context(run, h);
        rc = earlier_feed(&run->of, h, of, false, n, e);
    }
    if (rc == ERR_OK)
        rc = tell_brought(p, run, n, e);
    history_close(h);
    free(of);
    free(n);
    return rc;
}

enum err_code pool_add(struct pool *p, const struct plan *plan, const char *exchanges,
                       struct err *e)
{
    if (pool_run_by_nonce(p, plan->nonce) != NULL)
        return err_set(e, ERR_DATA, "%s: run %s is in the pool already", exchanges, plan->nonce);
    for (size_t i = 0; i < plan->n_earlier; i++)
        if (pool_run_by_nonce(p, plan->earlier[i].nonce) == NULL)
            return err_set(e, ERR_DATA,
                           "run %s goes on with run %s (%s), which is not among the runs before it",
                           plan->nonce, plan->earlier[i].nonce, plan->earlier[i].path);
    struct pool_run *more = realloc(p->run, (p->n_run + 1) * sizeof *more);
    if (more == NULL)
        return err_set(e, ERR_NOMEM, "no memory to pool runs");
    p->run = more;
    struct pool_run *run = &p->run[p->n_run];
    *run = (struct pool_run){.of = {.plan = plan, .exchanges = arena_strdup(&p->arena, exchanges)}};
    if (run->of.exchanges == NULL)
        return err_set(e, ERR_NOMEM, "no memory to pool runs");
    enum err_code rc = match_all(p, run, e);
    if (rc == ERR_OK)
        rc = feed_all(p, run, e);
    if (rc == ERR_OK)
        rc = pool_own(p, run, e);
    if (rc == ERR_OK)
        p->n_run++;
    return rc;
}

bool pool_decided(const struct pool *p, uint32_t row, uint32_t variant)
{
    const struct pool_run *run = p->n_run == 0 ? NULL : &p->run[p->n_run - 1];
    if (run == NULL || row >= run->of.plan->n_row || variant >= run->of.plan->row[row].n_variant)
        return false;
    const struct plan_variant *v = &run->of.plan->row[row].variant[variant];
    bool day =
        (v->scored_window == PLAN_SCORED && v->after_ns <= 0 && v->cause != PLAN_CAUSE_STIMULUS) ||
        (v->scored_rate == PLAN_SCORED && v->cause != PLAN_CAUSE_STIMULUS);
    return !day && p->target[run->target[run->of.first[row] + variant]]->all.decided;
}
