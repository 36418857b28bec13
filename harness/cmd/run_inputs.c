#include "harness/cmd/run_inputs.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/sha256.h"
#include "harness/base/where.h"

static enum err_code place_of(const struct plan_source *s, const char *given, char *out,
                              size_t size, struct err *e)
{
    if (given == NULL && where_data(s->path, out, size, NULL) == ERR_OK && access(out, R_OK) == 0)
        return ERR_OK;
    int n = snprintf(out, size, "%s", given != NULL ? given : s->path);
    return n < 0 || (size_t)n >= size ? err_set(e, ERR_USAGE, "%s: path is too long", s->path)
                                      : ERR_OK;
}

static enum err_code differs(const char *kind, const char *path, const char *nonce, struct err *e)
{
    return err_set(e, ERR_USAGE,
                   "%s: is not the %s that run %s was made with; what counts together is run "
                   "with the same inputs",
                   path, kind, nonce);
}

static enum err_code check(const struct plan *p, const char *kind, const char *path,
                           const char *want, struct err *e)
{
    char have[SHA256_HEX_BYTES];
    if (sha256_file(path, have, NULL) != ERR_OK)
        return err_set(e, ERR_USAGE, "%s: cannot be read; it is the %s that run %s was made with",
                       path, kind, p->nonce);
    return strcmp(have, want) == 0 ? ERR_OK : differs(kind, path, p->nonce, e);
}

enum err_code inputs_path(const struct plan *p, const char *kind, const char *given, char *out,
                          size_t size, struct err *e)
{
    for (size_t i = 0; i < p->n_source; i++)
        if (strcmp(p->source[i].kind, kind) == 0)
            return place_of(&p->source[i], given, out, size, e);
    return err_set(e, ERR_USAGE, "the plan of run %s names no %s", p->nonce, kind);
}

enum err_code inputs_same(const struct plan *p, const struct plan_options *o, struct err *e)
{
    char path[PATH_MAX];
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < p->n_source && rc == ERR_OK; i++) {
        const struct plan_source *s = &p->source[i];
        const char *given = strcmp(s->kind, "statement") == 0 ? o->statement
                            : strcmp(s->kind, "profile") == 0 ? o->profile
                            : strcmp(s->kind, "table") == 0   ? o->table
                                                              : NULL;
        if (strcmp(s->kind, "scenario") == 0)
            continue; /* below, where the driver reads them */
        rc = place_of(s, given, path, sizeof path, e);
        if (rc == ERR_OK)
            rc = check(p, s->kind, path, s->digest, e);
    }
    for (size_t i = 0; i < p->n_scenario && rc == ERR_OK; i++)
        rc = check(p, "scenario", p->scenario[i].path, p->scenario[i].digest, e);
    return rc;
}

/* Statement, profile and table are one of a kind, wherever they lie. */
static bool same_place(const struct plan_source *x, const struct plan_source *y)
{
    bool only = strcmp(x->kind, "statement") == 0 || strcmp(x->kind, "profile") == 0 ||
                strcmp(x->kind, "table") == 0;
    return strcmp(x->kind, y->kind) == 0 && (only || strcmp(x->path, y->path) == 0);
}

enum err_code inputs_agree(const struct plan *now, const struct plan *then, struct err *e)
{
    for (size_t i = 0; i < now->n_source; i++)
        for (size_t k = 0; k < then->n_source; k++)
            if (same_place(&now->source[i], &then->source[k]) &&
                strcmp(now->source[i].digest, then->source[k].digest) != 0)
                return differs(now->source[i].kind, now->source[i].path, then->nonce, e);
    return ERR_OK;
}
