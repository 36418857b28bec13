#include "harness/score/retell.h"

#include <stdlib.h>
#include <string.h>

#include "harness/score/criteria.h"
#include "harness/score/earlier.h"
#include "harness/score/history.h"
#include "harness/score/result_head.h"

struct telling {
    const struct plan *plan;
    struct earlier_run run;
    struct history *history;
    struct criteria *criteria; /* per variant */
    struct criteria **of;
    char (*brought)[EARLIER_TEXT_BYTES]; /* by earlier runs */
    size_t n;                            /* criteria that are initialised */
};

static struct criteria *criteria_of(void *arg, uint32_t row, uint32_t variant)
{
    struct telling *t = arg;
    return &t->criteria[t->run.first[row] + variant];
}

static void brought(void *arg, uint32_t row, uint32_t variant, const char *nonce, uint64_t n)
{
    struct telling *t = arg;
    earlier_bring(t->brought[t->run.first[row] + variant], EARLIER_TEXT_BYTES, nonce, n);
}

static enum err_code begin(struct telling *t, struct err *e)
{
    const struct plan *p = t->plan;
    enum err_code rc = ERR_OK;
    t->run.first = calloc(p->n_row + 1, sizeof *t->run.first);
    if (t->run.first != NULL) {
        earlier_index(&t->run);
        t->criteria = calloc(t->run.n_target + 1, sizeof *t->criteria);
        t->of = calloc(t->run.n_target + 1, sizeof *t->of);
        t->brought = calloc(t->run.n_target + 1, sizeof *t->brought);
    }
    if (t->criteria == NULL || t->of == NULL || t->brought == NULL)
        return err_set(e, ERR_NOMEM, "no memory to retell %s", t->run.exchanges);
    for (uint32_t i = 0; i < p->n_row; i++)
        for (uint32_t k = 0; k < p->row[i].n_variant && rc == ERR_OK; k++, t->n++) {
            rc = criteria_init(&t->criteria[t->n], p, i, k, e);
            t->criteria[t->n].grows = true;
            t->of[t->n] = &t->criteria[t->n];
        }
    return rc == ERR_OK ? history_open(t->run.exchanges, &t->history, e) : rc;
}

static void end(struct telling *t)
{
    for (size_t i = 0; i < t->n; i++)
        criteria_release(&t->criteria[i]);
    history_close(t->history);
    free(t->run.first);
    free(t->criteria);
    free(t->of);
    free(t->brought);
}

/* The time and settings of the evidence, as the records have them. */
static void put_head(const struct telling *t, struct result *r, struct criteria_context *x,
                     bool *no_memory)
{
    const struct history_context *c = history_find(t->history, CONTEXT_RUN, 0, 0);
    result_head(r, t->plan, no_memory);
    r->ended = "";
    r->bias_p50_ns = r->bias_p99_ns = r->bias_worst_ns = -1;
    r->driven = c == NULL || c->value[3] != 0;
    r->claimable = t->plan->claimable && r->driven;
    x->driven = r->driven;
    if (c == NULL)
        return;
    x->first_ns = r->first_ns = c->value[0];
    x->last_ns = r->last_ns = c->value[1];
    x->dropped = r->capture_dropped = (uint64_t)c->value[2];
    x->undated_drop = c->value[4] != 0;
    r->complete = c->value[5] != 0;
    if (c->value[7] > 0)
        result_measured_uncertainty(r, c->value[6], (uint64_t)c->value[7], no_memory);
}

static bool put_variant(const struct telling *t, uint32_t row, uint32_t variant,
                        struct criteria_context x, struct result *r, struct result_variant *out)
{
    size_t at = t->run.first[row] + variant;
    struct spill_rank rank[CRITERIA_RANKS];
    struct rate_count rate = {0};
    char mismatch[200];
    bool no_memory = false;
    const struct history_context *c = history_find(t->history, CONTEXT_RATE, row, variant);
    if (c != NULL)
        history_rate(c, &rate);
    x.rate = &rate;
    c = history_find(t->history, CONTEXT_MISMATCH, row, variant);
    if (c != NULL)
        history_mismatch(c, mismatch, sizeof mismatch);
    x.mismatch = c == NULL ? NULL : mismatch;
    size_t n = criteria_ranks(&t->criteria[at], rank);
    if (criteria_result(&t->criteria[at], &x, n == 0 ? NULL : rank, &r->arena, out) != ERR_OK)
        return false;
    if (t->brought[at][0] != '\0')
        out->earlier = earlier_told(t->brought[at], &t->criteria[at], r, &no_memory);
    return !no_memory;
}

static bool put_rows(const struct telling *t, const struct criteria_context *x, struct result *r)
{
    const struct plan *p = t->plan;
    bool no_memory = false;
    struct result_row *row = arena_alloc(&r->arena, (p->n_row + 1) * sizeof *row);
    for (uint32_t i = 0; i < p->n_row && row != NULL && !no_memory; i++) {
        const struct plan_row *from = &p->row[i];
        struct result_variant *v = arena_alloc(&r->arena, (from->n_variant + 1) * sizeof *v);
        no_memory = v == NULL;
        for (uint32_t k = 0; k < from->n_variant && !no_memory; k++)
            no_memory = !put_variant(t, i, k, *x, r, &v[k]);
        if (no_memory)
            break;
        row[i] = result_row_of(r, from, v, &no_memory);
        result_row_fold(&row[i]);
        result_count(&r->summary, &row[i]);
        r->row = row;
        r->n_row++;
    }
    struct reach all = {0};
    for (size_t i = 0; i < t->n && !no_memory; i++)
        no_memory = reach_join(&all, p, &t->criteria[i].reach, NULL) != ERR_OK;
    if (row != NULL && !no_memory)
        reach_tell(&all, p, r, &no_memory);
    reach_release(&all);
    return row != NULL && !no_memory;
}

static enum err_code conclude(const struct telling *t, struct result **out, struct err *e)
{
    struct zone *zone = NULL;
    struct criteria_context x = {0};
    struct deployment *d = calloc(1, sizeof *d);
    struct result *r = calloc(1, sizeof *r);
    bool no_memory = false;
    enum err_code rc = d == NULL || r == NULL ? ERR_NOMEM : ERR_OK;
    if (rc == ERR_OK && t->plan->tzif_len > 0)
        rc = zone_new(t->plan->tzif, t->plan->tzif_len, &zone, e);
    if (rc == ERR_OK) {
        d->zone = zone;
        history_deployment(t->history, d);
        x.deployment = zone == NULL ? NULL : d;
        put_head(t, r, &x, &no_memory);
        rc = put_rows(t, &x, r) && !no_memory ? ERR_OK : ERR_NOMEM;
    }
    if (rc == ERR_NOMEM)
        (void)err_set(e, rc, "no memory to retell %s", t->run.exchanges);
    if (rc == ERR_OK) {
        r->summary.exit_status = result_exit(&r->summary);
        *out = r;
    } else {
        result_free(r);
    }
    zone_free(zone);
    free(d);
    return rc;
}

enum err_code retell(const struct plan *p, const char *exchanges, struct result **out,
                     struct err *e)
{
    struct telling t = {.plan = p, .run = {.plan = p, .exchanges = exchanges}};
    const struct earlier_sink sink = {criteria_of, brought, &t};
    *out = NULL;
    enum err_code rc = begin(&t, e);
    if (rc == ERR_OK)
        rc = earlier_replay(p, exchanges, &sink, e);
    if (rc == ERR_OK)
        rc = earlier_feed(&t.run, t.history, t.of, false, NULL, e);
    if (rc == ERR_OK)
        rc = conclude(&t, out, e);
    end(&t);
    return rc;
}
