#include "harness/scope/deployment_profile.h"

#include <limits.h>
#include <stdio.h>

/* "file:line" of a declaration. */
struct place {
    char text[PATH_MAX + 30];
};

static const char *at(struct place *out, const struct profile *p, long line)
{
    (void)snprintf(out->text, sizeof out->text, "%s:%ld", p->path, line);
    return out->text;
}

static enum err_code take(struct deployment *d, const struct profile *p, struct err *e)
{
    const struct profile_deployment *from = p->deployment;
    enum err_code rc = ERR_OK;
    struct place place = {{0}};
    if (from->code[0] != '\0')
        rc = deployment_take_code(d, from->code, at(&place, p, from->line), e);
    for (size_t i = 0; i < from->n_select && rc == ERR_OK; i++) {
        const struct profile_select *s = &from->select[i];
        const char *where = at(&place, p, s->line);
        rc = deployment_take(d, s->letter, s->value, s->source, where, e);
        if (rc == ERR_OK && s->enrolment)
            rc = deployment_enrol(d, s->letter, s->value, s->enrolled, where, e);
    }
    return rc;
}

/* The line of the profile that takes a use case, -1: none does. */
static long taken_at(const struct profile *p, const struct table *t, const char *name)
{
    const struct table_use_case *use;
    for (size_t i = 0; i < p->n_scope; i++)
        for (size_t from = 0; (use = table_use_case_named(t, p->scope[i].name, &from)) != NULL;)
            if (table_same_name(use->name, name))
                return p->scope[i].line;
    return -1;
}

static enum err_code take_use_cases(struct deployment *d, const struct profile *p,
                                    const struct table *t, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < p->n_scope; i++)
        if (p->scope[i].kind != SCOPE_USE_CASE)
            return ERR_OK; /* parts of use cases: no decision about whole ones */
    for (size_t i = 0; i < d->book->n_choice; i++)
        if (d->book->choice[i].use_cases && d->source[i] != NULL)
            return ERR_OK;
    for (size_t i = 0; i < d->book->n_use_case && rc == ERR_OK; i++) {
        struct place place = {{0}};
        size_t option;
        const char *name = d->book->use_case[i].name;
        long line = taken_at(p, t, name);
        for (size_t k = 0; k < d->book->n_choice && line != -1 && rc == ERR_OK; k++)
            if (d->book->choice[k].use_cases &&
                deployment_option_at(d->book, d->book->choice[k].letter, name, &option) == (int)k)
                rc = deployment_take(d, d->book->choice[k].letter, name, "the profile's use cases",
                                     at(&place, p, line), e);
    }
    return rc;
}

enum err_code deployment_of_profile(struct deployment *d, const struct profile *p,
                                    const struct table *t, const struct deployment_book *b,
                                    struct arena *a, struct err *e)
{
    struct place place = {{0}};
    deployment_start(d, b, a);
    enum err_code rc = take(d, p, e);
    if (rc == ERR_OK)
        rc = take_use_cases(d, p, t, e);
    return rc == ERR_OK ? deployment_settle(d, at(&place, p, p->deployment->line), e) : rc;
}
