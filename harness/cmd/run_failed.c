/* gridassay run --failed RUN: the rows of a run that did not pass, from their own start. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "harness/cmd/run_inputs.h"
#include "harness/cmd/run_resume.h"
#include "harness/score/result.h"

static bool did_not_pass(const struct result_row *r)
{
    return r->verdict != VERDICT_PASS && r->status != NOT_APPLICABLE && r->status != INFORMATION;
}

static enum err_code failed_rows(const struct result *r, const char ***out, size_t *n,
                                 struct err *e)
{
    const char **id = calloc(r->n_row + 1, sizeof(*id));
    *out = id;
    *n = 0;
    if (id == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu rows", r->n_row);
    for (size_t i = 0; i < r->n_row; i++) {
        bool known = false; /* for another use case */
        for (size_t k = 0; k < *n; k++)
            known = known || strcmp(id[k], r->row[i].id) == 0;
        if (did_not_pass(&r->row[i]) && !known)
            id[(*n)++] = r->row[i].id;
    }
    return *n == 0 ? ERR_CLOSED : ERR_OK;
}

static enum err_code read_both(const char *run, struct plan **then, struct result **r,
                               struct err *e)
{
    char plan[PATH_MAX], result[PATH_MAX];
    enum err_code rc = file_in(plan, run, "plan.xml", e);
    if (rc == ERR_OK)
        rc = file_in(result, run, "run.xml", e);
    if (rc != ERR_OK)
        return rc;
    if (access(plan, R_OK) == -1)
        return err_set(e, ERR_USAGE, "%s: not there; expected the folder of a run", plan);
    if (access(result, R_OK) == -1)
        return err_set(e, ERR_USAGE,
                       "%s: not there: that run did not end; --resume goes on with it", result);
    rc = plan_read(plan, then, e);
    return rc == ERR_OK ? result_read(result, r, e) : rc;
}

/* With the inputs of that run, where they are now. */
static enum err_code build(const struct plan *then, const struct plan_options *o,
                           const char *const *row, size_t n_row, struct plan **out, struct err *e)
{
    struct plan_options mine = *o;
    char statement[PATH_MAX], profile[PATH_MAX], table[PATH_MAX];
    enum err_code rc = inputs_path(then, "statement", o->statement, statement, sizeof statement, e);
    if (rc == ERR_OK)
        rc = inputs_path(then, "profile", o->profile, profile, sizeof profile, e);
    if (rc == ERR_OK)
        rc = inputs_path(then, "table", o->table, table, sizeof table, e);
    if (rc != ERR_OK)
        return rc;
    mine.statement = statement;
    mine.profile = profile;
    mine.table = table;
    mine.pap02 = then->pap02 == NULL || then->pap02[0] == '\0' ? NULL : then->pap02;
    if (then->trace.path != NULL)
        mine.trace = then->trace.path;
    mine.row = row;
    mine.n_row = n_row;
    rc = plan_build(&mine, out, e);
    if (rc == ERR_OK)
        rc = inputs_agree(*out, then, e);
    return rc;
}

enum err_code failed_plan(const char *run, const struct plan_options *o, struct plan **out,
                          struct err *e)
{
    struct plan *then = NULL;
    struct result *r = NULL;
    const char **row = NULL;
    size_t n_row = 0;
    *out = NULL;
    enum err_code rc = read_both(run, &then, &r, e);
    if (rc == ERR_OK && strcmp(r->plan_digest, then->digest) != 0)
        rc = err_set(e, ERR_EVIDENCE, "%s: run.xml was made by another plan than lies there", run);
    if (rc == ERR_OK)
        rc = failed_rows(r, &row, &n_row, e);
    if (rc == ERR_OK)
        rc = build(then, o, row, n_row, out, e);
    if (rc != ERR_OK) {
        plan_free(*out);
        *out = NULL;
    }
    free(row);
    result_free(r);
    plan_free(then);
    return rc;
}
