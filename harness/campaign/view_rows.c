/* What all submissions of a generation say together about each row. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/campaign/view.h"
#include "harness/score/result_head.h"

static bool present(const struct view *v, const struct view_run *run)
{
    return run->generation == v->ledger->generation;
}

static const char *copy(struct view *v, const char *text, enum err_code *rc, struct err *e)
{
    const char *out = arena_strdup(&v->arena, text);
    if (out == NULL)
        *rc = err_set(e, ERR_NOMEM, "no memory for the rows of a campaign");
    return out == NULL ? "" : out;
}

/* A run goes on with others: without them its rules would begin in the middle. */
static const char *misses(const struct view *v, const struct view_run *run)
{
    for (size_t i = 0; i < run->plan->n_earlier; i++) {
        const struct view_run *y = v->run;
        while (y < run && (y->begin == NULL || y->state != VIEW_COUNTS || !present(v, y) ||
                           strcmp(y->begin->nonce, run->plan->earlier[i].nonce) != 0))
            y++;
        if (y == run)
            return run->plan->earlier[i].nonce;
    }
    return NULL;
}

static enum err_code add_runs(struct view *v, struct pool *p, size_t *n, struct err *e)
{
    struct err why = ERR_INIT;
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < v->n_run && rc == ERR_OK; i++) {
        struct view_run *run = &v->run[i];
        if (run->state != VIEW_COUNTS || !present(v, run))
            continue;
        const char *missed = misses(v, run);
        if (missed != NULL) {
            char text[100];
            (void)snprintf(text, sizeof text, "goes on with run %s, whose records do not count",
                           missed);
            run->state = VIEW_ABSENT;
            run->note = copy(v, text, &rc, e);
            continue;
        }
        if (pool_add(p, run->plan, run->exchanges, &why) != ERR_OK) {
            v->not_pooled = copy(v, why.text, &rc, e);
            return rc;
        }
        ++*n;
    }
    return rc;
}

/* The first submission that can hide a fail, NULL none. */
static const struct view_run *hidden(const struct view *v)
{
    for (const struct view_run *run = v->run; run < v->run + v->n_run; run++)
        if (present(v, run) && run->state != VIEW_COUNTS && run->state != VIEW_NOT_DRIVEN)
            return run;
    return NULL;
}

static struct view_row *row_of(struct view *v, const struct ledger_failed *f)
{
    struct view_row *row = v->row;
    while (row < v->row + v->n_row &&
           (strcmp(row->id, f->row) != 0 || strcmp(row->use_case, f->use_case) != 0))
        row++;
    if (row == v->row + v->n_row) {
        *row = (struct view_row){.id = f->row, .use_case = f->use_case, .reason = ""};
        v->n_row++;
    }
    return row;
}

/* What the ledger holds as failed stays so. */
static enum err_code keep_fails(struct view *v, struct err *e)
{
    char text[100];
    enum err_code rc = ERR_OK;
    const size_t most = v->n_row + LIMIT_LEDGER_ROWS;
    for (const struct view_run *run = v->run; run < v->run + v->n_run; run++)
        for (size_t i = 0; run->end != NULL && present(v, run) && i < run->end->n_failed; i++) {
            struct view_row *row = row_of(v, &run->end->failed[i]);
            if (v->n_row > most)
                return err_set(e, ERR_LIMIT, "%s:%zu: more rows failed than the %d of any table",
                               v->ledger->path, run->end->line, LIMIT_LEDGER_ROWS);
            if (row->failed == 0)
                row->failed = run->submission;
            if (row->verdict == VERDICT_FAIL)
                continue;
            row->verdict = VERDICT_FAIL;
            row->status = NO_VERDICT_GIVEN;
            (void)snprintf(text, sizeof text, "failed in submission %u", run->submission);
            row->reason = copy(v, text, &rc, e);
        }
    return rc;
}

static size_t most_rows(const struct view *v)
{
    size_t n = v->pooled == NULL ? 0 : v->pooled->n_row;
    for (size_t i = 0; i < v->n_run; i++)
        n += v->run[i].end == NULL ? 0 : v->run[i].end->n_failed;
    return n;
}

static enum err_code take_rows(struct view *v, struct err *e)
{
    char text[100];
    const struct view_run *veil = hidden(v);
    enum err_code rc = ERR_OK;
    v->row = calloc(most_rows(v) + 1, sizeof *v->row);
    if (v->row == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the rows of a campaign");
    for (size_t i = 0; v->pooled != NULL && i < v->pooled->n_row; i++) {
        const struct result_row *from = &v->pooled->row[i];
        if (from->verdict == VERDICT_NONE && from->status == NOT_APPLICABLE)
            continue;
        struct view_row *row = &v->row[v->n_row++];
        *row = (struct view_row){.id = from->id,
                                 .use_case = from->use_case,
                                 .verdict = from->verdict,
                                 .status = from->status,
                                 .reason = "",
                                 .pooled = from};
        if (veil == NULL || row->verdict != VERDICT_PASS)
            continue;
        row->verdict = VERDICT_INCONCLUSIVE;
        (void)snprintf(text, sizeof text, "submission %u cannot be counted", veil->submission);
        row->reason = copy(v, text, &rc, e);
    }
    if (rc == ERR_OK)
        rc = keep_fails(v, e);
    for (size_t i = 0; i < v->n_row; i++) {
        struct view_row *row = &v->row[i];
        const struct result_row counted = {.verdict = row->verdict, .status = row->status};
        result_count(&v->summary, &counted);
        for (size_t k = 0; k < v->n_row; k++)
            row->shared = row->shared || (k != i && strcmp(row->id, v->row[k].id) == 0);
    }
    v->summary.exit_status = result_exit(&v->summary);
    return rc;
}

enum err_code view_pool(struct view *v, struct err *e)
{
    struct err why = ERR_INIT;
    size_t n = 0;
    enum err_code rc = pool_new(&v->pool, e);
    if (rc == ERR_OK)
        rc = add_runs(v, v->pool, &n, e);
    if (rc == ERR_OK && n > 0 && v->not_pooled[0] == '\0' &&
        pool_result(v->pool, &v->pooled, &why) != ERR_OK)
        v->not_pooled = copy(v, why.text, &rc, e);
    if (rc == ERR_OK)
        rc = take_rows(v, e);
    /* Nothing shown is nothing passed. */
    if ((v->not_pooled[0] != '\0' || v->n_row == 0) && v->summary.exit_status != EXIT_FAIL)
        v->summary.exit_status = EXIT_INCONCLUSIVE;
    return rc;
}

enum outcome view_outcome(const struct view *v)
{
    return v->summary.exit_status == EXIT_INCONCLUSIVE ? OUTCOME_INCONCLUSIVE
                                                       : words_whole(&v->summary);
}
