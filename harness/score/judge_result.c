/* The canonical result out of what the judge holds: rows in the order of the plan, nothing else. */
#include <stdlib.h>
#include <string.h>

#include "harness/score/judge_impl.h"

/* All wanted percentiles, row after row; *index tells where each target's begin, SIZE_MAX none. */
static enum err_code percentiles(struct judge *j, struct spill_rank **out, size_t **index,
                                 struct err *e)
{
    size_t n_target = j->first_target[j->plan->n_row], n = 0;
    *out = calloc(n_target * CRITERIA_RANKS + 1, sizeof **out);
    *index = calloc(n_target + 1, sizeof **index);
    if (*out == NULL || *index == NULL)
        return err_set(e, ERR_NOMEM, "no memory for percentiles");
    for (size_t i = 0; i < n_target; i++) {
        size_t found = criteria_ranks(&j->target[i].criteria, *out + n);
        (*index)[i] = found == 0 ? SIZE_MAX : n;
        n += found;
    }
    return j->finished ? spill_select(j->spill, *out, n, e) : ERR_OK;
}

static enum err_code put_populations(struct judge *j, struct result *r, struct err *e)
{
    struct reach all = {0};
    bool no_memory = false;
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < j->first_target[j->plan->n_row] && rc == ERR_OK; i++)
        rc = reach_join(&all, j->plan, &j->target[i].criteria.reach, e);
    if (rc == ERR_OK)
        reach_tell(&all, j->plan, r, &no_memory);
    reach_release(&all);
    return no_memory ? err_set(e, ERR_NOMEM, "no memory for the result") : rc;
}

static enum err_code put_rows(struct judge *j, struct result *r, struct err *e)
{
    const struct plan *p = j->plan;
    struct spill_rank *rank = NULL;
    size_t *index = NULL;
    bool no_memory = false;
    struct result_row *row = arena_alloc(&r->arena, (p->n_row + 1) * sizeof *row);
    enum err_code rc = percentiles(j, &rank, &index, e);
    struct criteria_context x = {.driven = j->driven,
                                 .first_ns = j->first_ns,
                                 .last_ns = j->last_ns,
                                 .deployment = j->zone == NULL ? NULL : &j->deployment,
                                 .undated_drop = j->undated_drop,
                                 .dropped = j->disturb.dropped};
    r->row = row;
    for (size_t i = 0; i < p->n_row && rc == ERR_OK && row != NULL; i++) {
        const struct plan_row *from = &p->row[i];
        struct result_variant *v = arena_alloc(&r->arena, (from->n_variant + 1) * sizeof *v);
        row[i] = result_row_of(r, from, v, &no_memory);
        no_memory = no_memory || v == NULL;
        for (size_t k = 0; k < from->n_variant && v != NULL; k++) {
            size_t t = j->first_target[i] + k;
            x.mismatch = j->target[t].mismatch[0] == '\0' ? NULL : j->target[t].mismatch;
            struct rate_count rate;
            rate_told(j->rate, (uint32_t)i, (uint32_t)k, j->first_ns, j->last_ns, &rate);
            rate.dropped = j->disturb.dropped > 0;
            x.rate = &rate;
            const struct spill_rank *own = index[t] == SIZE_MAX ? NULL : rank + index[t];
            if (criteria_result(&j->target[t].criteria, &x, own, &r->arena, &v[k]) != ERR_OK)
                no_memory = true;
            else if (hops_result(&j->target[t].criteria.hops, p, &from->variant[k], &r->arena,
                                 &v[k]) != ERR_OK)
                no_memory = true;
            else if (j->target[t].earlier[0] != '\0')
                v[k].earlier =
                    earlier_told(j->target[t].earlier, &j->target[t].criteria, r, &no_memory);
        }
        if (!no_memory) {
            result_row_fold(&row[i]);
            result_count(&r->summary, &row[i]);
            r->n_row++;
        }
    }
    free(rank);
    free(index);
    if (rc == ERR_OK && (no_memory || row == NULL))
        rc = err_set(e, ERR_NOMEM, "no memory for the result");
    return rc;
}

enum err_code judge_result(struct judge *j, struct result **out, struct err *e)
{
    *out = NULL;
    struct result *r = calloc(1, sizeof *r);
    if (r == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the result");
    bool no_memory = false;
    judge_head(j, r, &no_memory);
    enum err_code rc = put_rows(j, r, e);
    if (rc == ERR_OK)
        rc = put_populations(j, r, e);
    if (rc == ERR_OK && !contradict_told(j->contradict, r))
        no_memory = true;
    if (rc == ERR_OK && no_memory)
        rc = err_set(e, ERR_NOMEM, "no memory for the result");
    if (rc != ERR_OK) {
        result_free(r);
        return rc;
    }
    r->summary.exit_status = result_exit(&r->summary);
    *out = r;
    return ERR_OK;
}
