/* What each run of a pool came to by itself: a fail stays, whatever is pooled behind it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/score/pool_impl.h"

/* The targets of one run, judged from its own start. */
struct own {
    struct criteria *criteria; /* per variant of its plan */
    struct criteria **of;
    size_t n;
};

static void own_free(struct own *o)
{
    for (size_t i = 0; o->criteria != NULL && i < o->n; i++)
        criteria_release(&o->criteria[i]);
    free(o->criteria);
    free(o->of);
}

static enum err_code own_make(struct own *o, const struct pool_run *run, struct err *e)
{
    enum err_code rc = ERR_OK;
    const struct plan *p = run->of.plan;
    *o = (struct own){.criteria = calloc(run->of.n_target + 1, sizeof *o->criteria),
                      .of = calloc(run->of.n_target + 1, sizeof *o->of)};
    if (o->criteria == NULL || o->of == NULL)
        return err_set(e, ERR_NOMEM, "no memory to pool runs");
    for (uint32_t i = 0; i < p->n_row; i++)
        for (uint32_t k = 0; k < p->row[i].n_variant && rc == ERR_OK; k++, o->n++) {
            rc = criteria_init(&o->criteria[o->n], p, i, k, e);
            o->of[o->n] = &o->criteria[o->n];
        }
    return rc;
}

/* The outcomes of a run that this one goes on with; readings that this one does not judge are left
 * out. */
static enum err_code feed_earlier(struct own *o, const struct pool_run *run,
                                  const struct pool_run *earlier, struct err *e)
{
    struct history *h = NULL;
    struct criteria **of = calloc(earlier->of.n_target + 1, sizeof *of);
    enum err_code rc = of == NULL ? err_set(e, ERR_NOMEM, "no memory to pool runs")
                                  : history_open(earlier->of.exchanges, &h, e);
    for (size_t i = 0; i < earlier->of.n_target && rc == ERR_OK; i++)
        for (size_t k = 0; k < run->of.n_target; k++)
            if (run->target[k] == earlier->target[i])
                of[i] = o->of[k];
    if (rc == ERR_OK)
        rc = earlier_feed(&earlier->of, h, of, true, NULL, e);
    history_close(h);
    free(of);
    return rc;
}

static enum err_code feed(struct pool *p, struct own *o, const struct pool_run *run,
                          struct history *h, struct err *e)
{
    const struct plan *plan = run->of.plan;
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < plan->n_earlier && rc == ERR_OK; i++)
        rc = feed_earlier(o, run, pool_run_by_nonce(p, plan->earlier[i].nonce), e);
    for (size_t i = 0; i < o->n && rc == ERR_OK && plan->n_earlier > 0; i++)
        if (o->criteria[i].v->trials == 0)
            o->criteria[i].decided = true;
    return rc == ERR_OK ? earlier_feed(&run->of, h, o->of, false, NULL, e) : rc;
}

/* ---- what it came to ----------------------------------------------------------------------------
 */

/* fail is worst, then a pass: without either, what kept it from one. */
static bool is_better_told(const struct result_criterion *was, const struct result_criterion *now)
{
    static const int rank[VERDICT_COUNT] = {[VERDICT_NONE] = 0,
                                            [VERDICT_INCONCLUSIVE] = 1,
                                            [VERDICT_PASS] = 2,
                                            [VERDICT_FAIL] = 3,
                                            [VERDICT_ERROR] = 1};
    return rank[now->verdict] > rank[was->verdict];
}

static enum err_code keep(struct pool *p, const struct pool_run *run, struct pool_target *t,
                          const struct result_variant *v, struct err *e)
{
    for (int k = 0; k < CRITERION_COUNT; k++) {
        const struct result_criterion *c = &v->criterion[k];
        char text[900];
        if (c->verdict != VERDICT_FAIL || t->failed[k] != NULL)
            continue;
        (void)snprintf(text, sizeof text, "failed in run %s: %s", run->of.plan->nonce, c->reason);
        t->failed[k] = arena_strdup(&p->arena, text);
        if (t->failed[k] == NULL)
            return err_set(e, ERR_NOMEM, "no memory to pool runs");
    }
    const struct result_criterion *day[] = {&v->criterion[CRITERION_WINDOW],
                                            &v->criterion[CRITERION_RATE]};
    for (int i = 0; i < 2; i++)
        if (!t->has_day || is_better_told(&t->day[i], day[i]))
            t->day[i] = *day[i];
    t->has_day = true;
    return ERR_OK;
}

static enum err_code conclude(struct pool *p, struct own *o, const struct pool_run *run,
                              struct history *h, struct err *e)
{
    const struct plan *plan = run->of.plan;
    struct zone *zone = NULL;
    struct deployment *d = calloc(1, sizeof *d);
    if (d == NULL)
        return err_set(e, ERR_NOMEM, "no memory to pool runs");
    enum err_code rc =
        plan->tzif_len == 0 ? ERR_OK : zone_new(plan->tzif, plan->tzif_len, &zone, e);
    d->zone = zone;
    history_deployment(h, d);
    const struct history_context *whole = history_find(h, CONTEXT_RUN, 0, 0);
    struct criteria_context x = {.driven = run->driven,
                                 .first_ns = run->first_ns,
                                 .last_ns = run->last_ns,
                                 .deployment = zone == NULL ? NULL : d,
                                 .dropped = (uint64_t)run->dropped,
                                 .undated_drop = whole != NULL && whole->value[4] != 0};
    for (uint32_t i = 0; i < plan->n_row && rc == ERR_OK; i++)
        for (uint32_t k = 0; k < plan->row[i].n_variant && rc == ERR_OK; k++) {
            size_t at = run->of.first[i] + k;
            struct pool_target *t = p->target[run->target[at]];
            struct rate_count rate = {0};
            struct result_variant v;
            const struct history_context *c = history_find(h, CONTEXT_RATE, i, k);
            if (c != NULL)
                history_rate(c, &rate);
            x.rate = &rate;
            c = history_find(h, CONTEXT_MISMATCH, i, k);
            if (c != NULL && t->mismatch == NULL) {
                char text[200];
                history_mismatch(c, text, sizeof text);
                t->mismatch = arena_strdup(&p->arena, text);
            }
            rc = criteria_result(&o->criteria[at], &x, NULL, &p->arena, &v);
            if (rc == ERR_OK)
                rc = keep(p, run, t, &v, e);
            else
                rc = err_set(e, ERR_NOMEM, "no memory to pool runs");
        }
    zone_free(zone);
    free(d);
    return rc;
}

enum err_code pool_own(struct pool *p, const struct pool_run *run, struct err *e)
{
    struct own o;
    struct history *h = NULL;
    enum err_code rc = own_make(&o, run, e);
    if (rc == ERR_OK)
        rc = history_open(run->of.exchanges, &h, e);
    if (rc == ERR_OK)
        rc = feed(p, &o, run, h, e);
    if (rc == ERR_OK)
        rc = conclude(p, &o, run, h, e);
    history_close(h);
    own_free(&o);
    return rc;
}
