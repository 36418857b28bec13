/* A campaign as one result: what all of its runs may claim together. */
#include <stdio.h>
#include <string.h>

#include "harness/campaign/view.h"

static bool present(const struct view *v, const struct view_run *run)
{
    return run->generation == v->ledger->generation;
}

static const struct view_run *last_counting(const struct view *v)
{
    const struct view_run *last = NULL;
    for (const struct view_run *run = v->run; run < v->run + v->n_run; run++)
        if (present(v, run) && run->state == VIEW_COUNTS)
            last = run;
    return last;
}

/* Submissions that are accounted for: the others may hide a fail. */
static uint32_t accounted(const struct view *v)
{
    uint32_t n = 0;
    for (const struct view_run *run = v->run; run < v->run + v->n_run; run++)
        n += present(v, run) && (run->state == VIEW_COUNTS || run->state == VIEW_NOT_DRIVEN);
    return n;
}

/* Whether all that count had the last one's profile and table. */
static bool alike(const struct view *v, const struct view_run *last)
{
    for (const struct view_run *run = v->run; run < v->run + v->n_run; run++)
        if (present(v, run) && run->state == VIEW_COUNTS && run->begin != NULL &&
            last->begin != NULL &&
            (strcmp(run->begin->profile_digest, last->begin->profile_digest) != 0 ||
             strcmp(run->begin->table_digest, last->begin->table_digest) != 0))
            return false;
    return true;
}

static void put_rows(const struct view *v, struct result_row *row, struct result *r)
{
    for (size_t i = 0; i < v->pooled->n_row; i++)
        row[r->n_row++] = v->pooled->row[i];
    for (size_t i = 0; i < v->n_row; i++) {
        const struct view_row *from = &v->row[i];
        struct result_row *to =
            from->pooled == NULL ? &row[r->n_row++] : &row[from->pooled - v->pooled->row];
        if (from->pooled == NULL) /* in the ledger alone */
            *to = (struct result_row){.id = from->id,
                                      .use_case = from->use_case,
                                      .section = "",
                                      .payload = "",
                                      .type = "",
                                      .role = "",
                                      .operation = "",
                                      .lacks = "",
                                      .concerns = true};
        to->verdict = from->verdict;
        to->status = from->status;
        if (from->reason[0] != '\0')
            to->reason = from->reason;
    }
    r->row = row;
}

static bool put_limit(struct view *v, struct result *r, const char *kind, const char *text)
{
    struct method_limit *l = arena_alloc(&v->arena, (r->method.n_limit + 1) * sizeof *l);
    if (l == NULL)
        return false;
    if (r->method.n_limit > 0)
        memcpy(l, r->method.limit, r->method.n_limit * sizeof *l);
    l[r->method.n_limit++] = (struct method_limit){kind, text};
    r->method.limit = l;
    return true;
}

enum err_code view_result(struct view *v, const struct result **out, struct err *e)
{
    const struct view_run *last = last_counting(v);
    *out = NULL;
    if (v->pooled == NULL || last == NULL)
        return err_set(e, ERR_DATA, "%s: no run whose records count: %s", v->ledger->path,
                       v->not_pooled[0] == '\0' ? "none was driven" : v->not_pooled);
    struct result *r = arena_alloc(&v->arena, sizeof *r);
    struct result_row *row =
        arena_alloc(&v->arena, (v->pooled->n_row + v->n_row + 1) * sizeof *row);
    if (r == NULL || row == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the claim of a campaign");
    *r = *v->pooled;
    r->n_row = 0;
    put_rows(v, row, r);
    r->campaign = v->ledger->id;
    r->ledger_head = v->ledger->head;
    r->submission = v->ledger->submissions;
    r->generation = v->ledger->generation;
    uint32_t n = accounted(v);
    r->earlier_runs = n == 0 ? 0 : n - 1;
    /* What a run cut short stands against a pass in its rows. */
    r->complete = true;
    if (!alike(v, last) &&
        !put_limit(v, r, "campaign", "runs of the campaign had another profile or table"))
        return err_set(e, ERR_NOMEM, "no memory for the claim of a campaign");
    *out = r;
    return ERR_OK;
}
