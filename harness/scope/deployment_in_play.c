#include <stdio.h>
#include <string.h>

#include "harness/scope/deployment.h"
#include "harness/table/table.h"

/* The first choice that keeps the condition from holding: the one that it does not arise by, or its
 * own. -1: it holds. */
static int against(const struct deployment *d, const struct deployment_condition *c)
{
    const struct deployment_choice *h = &d->book->choice[c->choice];
    for (size_t i = 0; i < h->n_when; i++) {
        int at = against(d, &h->when[i]);
        if (at != -1)
            return at;
    }
    return d->chosen[c->choice] & c->any ? -1 : (int)c->choice;
}

static const struct deployment_subject *subject(const struct deployment_subject *s, size_t n,
                                                const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (table_same_name(s[i].name, name))
            return &s[i];
    return NULL;
}

/* Where none holds, the first one tells why; else the one that does, by its last condition. */
static bool in_play(const struct deployment *d, const struct deployment_subject *s,
                    struct deployment_cause *cause)
{
    struct deployment_cause first = {0, ""};
    for (size_t i = 0; s != NULL && i < s->n_where; i++) {
        int at = -1;
        for (size_t k = 0; k < s->where[i].n_is && at == -1; k++)
            at = against(d, &s->where[i].is[k]);
        if (at == -1 && cause != NULL && s->where[i].n_is > 0)
            *cause = (struct deployment_cause){s->where[i].is[s->where[i].n_is - 1].choice,
                                               s->where[i].ground};
        if (at == -1)
            return true;
        if (i == 0)
            first = (struct deployment_cause){(size_t)at, s->where[i].ground};
    }
    if (s != NULL && cause != NULL)
        *cause = first;
    return s == NULL;
}

bool deployment_has_actor(const struct deployment *d, const char *actor,
                          struct deployment_cause *cause)
{
    return in_play(d, subject(d->book->actor, d->book->n_actor, actor), cause);
}

bool deployment_is_provider(const struct deployment_book *b, const char *actor)
{
    const struct deployment_subject *s = subject(b->actor, b->n_actor, actor);
    return s != NULL && s->provider;
}

bool deployment_has_use_case(const struct deployment *d, const char *use_case,
                             struct deployment_cause *cause)
{
    const struct deployment_book *b = d->book;
    if (!in_play(d, subject(b->use_case, b->n_use_case, use_case), cause))
        return false;
    for (size_t i = 0; i < b->n_choice; i++)
        for (size_t k = 0; b->choice[i].use_cases && k < b->choice[i].n_option; k++)
            if (table_same_name(b->choice[i].option[k].value, use_case) &&
                !(d->chosen[i] & UINT64_C(1) << k)) {
                if (cause != NULL)
                    *cause = (struct deployment_cause){i, "which use cases there are"};
                return false;
            }
    return true;
}

bool deployment_on_path(const struct deployment *d, const char *actor,
                        struct deployment_cause *cause)
{
    for (size_t i = 0; i < d->book->n_choice; i++)
        for (size_t k = 0; k < d->book->choice[i].n_option; k++) {
            const struct deployment_option *o = &d->book->choice[i].option[k];
            for (size_t n = 0; d->chosen[i] & UINT64_C(1) << k && n < o->n_off_path; n++)
                if (table_same_name(o->off_path[n], actor)) {
                    if (cause != NULL)
                        *cause = (struct deployment_cause){i, "paths do not go through it"};
                    return false;
                }
        }
    return deployment_has_actor(d, actor, cause);
}

bool deployment_has_flow(const struct deployment *d, const char *flow,
                         struct deployment_cause *cause)
{
    for (size_t i = 0; i < d->book->n_choice; i++)
        for (size_t k = 0; k < d->book->choice[i].n_option; k++) {
            const struct deployment_option *o = &d->book->choice[i].option[k];
            for (size_t n = 0; n < o->n_flow; n++)
                if (strcmp(o->flow[n], flow) == 0) {
                    struct deployment_condition c = {(uint32_t)i, UINT64_C(1) << k};
                    int at = against(d, &c);
                    if (at != -1 && cause != NULL)
                        *cause = (struct deployment_cause){(size_t)at, "another path was chosen"};
                    return at == -1;
                }
        }
    return true;
}

bool deployment_is_enrolled(const struct deployment *d, const char *actor, size_t *choice)
{
    const struct deployment_book *b = d->book;
    const struct deployment_subject *s = subject(b->actor, b->n_actor, actor);
    for (size_t i = 0; s != NULL && i < s->n_where; i++)
        for (size_t k = 0; k < s->where[i].n_is; k++) {
            const struct deployment_condition *c = &s->where[i].is[k];
            if (!b->choice[c->choice].enrols)
                continue;
            *choice = c->choice;
            return (d->enrolled[c->choice] & c->any) != 0;
        }
    return true;
}

bool deployment_is_open(const struct deployment *d, size_t choice)
{
    return d->source[choice] != NULL && strcmp(d->source[choice], DEPLOYMENT_OPEN) == 0;
}

const char *deployment_because(const struct deployment *d, size_t choice, struct err *e)
{
    const struct deployment_choice *c = &d->book->choice[choice];
    char text[3000];
    (void)snprintf(text, sizeof text, "decision %s (%s: %s; %s)", c->letter, c->about,
                   deployment_is_open(d, choice) ? "all" : deployment_chosen(d, choice, e),
                   d->source[choice] == NULL ? "by the others" : d->source[choice]);
    const char *copy = arena_strdup(d->arena, text);
    if (copy == NULL)
        (void)err_set(e, ERR_NOMEM, "no memory for the deployment");
    return copy == NULL ? "" : copy;
}
