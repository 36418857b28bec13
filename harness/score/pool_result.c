/* A pool as a result: rows of all plans, each with its pooled verdict. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/score/pool_impl.h"
#include "harness/score/result_head.h"

/* What single runs came to weighs where it is worse, or where only one run can tell. */
static void overlay(const struct pool_target *t, bool day_window, struct result_variant *v)
{
    if (day_window)
        v->criterion[CRITERION_WINDOW] = t->day[0];
    v->criterion[CRITERION_RATE] = t->day[1];
    for (int k = 0; k < CRITERION_COUNT; k++) {
        struct result_criterion *c = &v->criterion[k];
        if (t->failed[k] == NULL || c->verdict >= VERDICT_FAIL)
            continue;
        c->verdict = VERDICT_FAIL;
        c->status = NO_VERDICT_GIVEN;
        c->reason = t->failed[k];
    }
}

static enum err_code put_variant(const struct pool *p, struct pool_target *t, struct result *r,
                                 struct result_variant *out)
{
    const struct plan_row *row = &t->plan->row[t->row];
    const struct plan_variant *v = &row->variant[t->variant];
    struct spill_rank rank[CRITERIA_RANKS];
    struct criteria_context x = {.driven = true, .mismatch = t->mismatch};
    for (size_t i = 0; i < p->n_run; i++)
        x.driven = x.driven && p->run[i].driven;
    size_t n = criteria_ranks(&t->all, rank);
    enum err_code rc = criteria_result(&t->all, &x, n == 0 ? NULL : rank, &r->arena, out);
    if (rc != ERR_OK)
        return rc;
    overlay(t, v->after_ns <= 0, out);
    criteria_fold(out, row->unlisted);
    if (p->n_run > 1)
        out->earlier = t->brought;
    return ERR_OK;
}

static void put_head(const struct pool *p, struct result *r, bool *no_memory)
{
    const struct pool_run *last = &p->run[p->n_run - 1];
    result_head(r, last->of.plan, no_memory);
    /* Of a run that goes on with the others this is what its own evidence says. */
    size_t first = last->of.plan->n_earlier + 1 == p->n_run ? p->n_run - 1 : 0;
    r->claimable = last->of.plan->claimable;
    r->driven = r->complete = true;
    for (size_t i = first; i < p->n_run; i++) {
        const struct pool_run *run = &p->run[i];
        r->claimable = r->claimable && run->driven;
        r->driven = r->driven && run->driven;
        r->complete = r->complete && run->complete;
        if (r->first_ns == 0 || (run->first_ns != 0 && run->first_ns < r->first_ns))
            r->first_ns = run->first_ns;
        if (run->last_ns > r->last_ns)
            r->last_ns = run->last_ns;
        r->capture_dropped += (uint64_t)run->dropped;
    }
    char text[80];
    (void)snprintf(text, sizeof text, "%zu run%s, out of their records", p->n_run,
                   p->n_run == 1 ? "" : "s");
    r->ended = result_copy(r, text, no_memory);
    r->earlier_runs = (uint32_t)(p->n_run - 1);
    r->bias_p50_ns = r->bias_p99_ns = r->bias_worst_ns = -1;
}

static bool same_groups(const struct plan *x, const struct plan *y)
{
    for (size_t i = 0; i < x->n_group && x->n_group == y->n_group; i++)
        if (strcmp(x->group[i].actor, y->group[i].actor) != 0 ||
            strcmp(x->group[i].device_class, y->group[i].device_class) != 0 ||
            x->group[i].first_id != y->group[i].first_id || x->group[i].count != y->group[i].count)
            return false;
    return x->n_group == y->n_group;
}

/* Devices of the last plan: what other statements had counts for none. */
static bool put_populations(const struct pool *p, struct result *r)
{
    const struct plan *last = p->run[p->n_run - 1].of.plan;
    struct reach all = {0};
    bool no_memory = false;
    for (size_t i = 0; i < p->n_target && !no_memory; i++)
        if (same_groups(p->target[i]->plan, last))
            no_memory = reach_join(&all, last, &p->target[i]->all.reach, NULL) != ERR_OK;
    if (!no_memory)
        reach_tell(&all, last, r, &no_memory);
    reach_release(&all);
    return !no_memory;
}

enum err_code pool_result(struct pool *p, struct result **out, struct err *e)
{
    *out = NULL;
    if (p->n_run == 0)
        return err_set(e, ERR_DATA, "no run to tell a result of");
    struct result *r = calloc(1, sizeof *r);
    struct result_row *row = r == NULL ? NULL : arena_alloc(&r->arena, p->n_row * sizeof *row + 1);
    bool no_memory = row == NULL;
    if (!no_memory)
        put_head(p, r, &no_memory);
    for (size_t i = 0; i < p->n_row && !no_memory; i++) {
        const struct pool_row *from = &p->row[i];
        struct result_variant *v = arena_alloc(&r->arena, (from->n_target + 1) * sizeof *v);
        no_memory = v == NULL;
        for (size_t k = 0; k < from->n_target && !no_memory; k++)
            no_memory = put_variant(p, p->target[from->target[k]], r, &v[k]) != ERR_OK;
        if (no_memory)
            break;
        row[i] = result_row_of(r, from->from, v, &no_memory);
        row[i].n_variant = from->n_target;
        result_row_fold(&row[i]);
        result_count(&r->summary, &row[i]);
        r->row = row;
        r->n_row++;
    }
    no_memory = no_memory || !put_populations(p, r);
    if (no_memory) {
        result_free(r);
        return err_set(e, ERR_NOMEM, "no memory for the result of %zu runs", p->n_run);
    }
    r->summary.exit_status = result_exit(&r->summary);
    *out = r;
    return ERR_OK;
}
