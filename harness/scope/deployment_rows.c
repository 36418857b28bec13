#include "harness/scope/deployment_rows.h"

#include <stdio.h>
#include <string.h>

#define LONGEST_WHY 3000

/* Actors of a leg's end. */
struct end {
    const char **actor;
    size_t n;
};

struct filter {
    const struct deployment *d;
    struct err *e;
    enum err_code rc;
};

static void *room(struct filter *f, size_t bytes)
{
    void *p = f->rc == ERR_OK ? arena_alloc(f->d->arena, bytes + 1) : NULL;
    if (p == NULL)
        f->rc = err_set(f->e, ERR_NOMEM, "no memory for the deployment");
    return p;
}

enum keep { KEEP_ALL, KEEP_PROVIDERS, KEEP_OTHERS, KEEP_ENROLLED };

static bool kept(const struct deployment *d, const char *actor, enum keep keep)
{
    size_t choice;
    switch (keep) {
    case KEEP_PROVIDERS:
        return deployment_is_provider(d->book, actor);
    case KEEP_OTHERS:
        return !deployment_is_provider(d->book, actor);
    case KEEP_ENROLLED:
        return deployment_is_enrolled(d, actor, &choice);
    case KEEP_ALL:
        break;
    }
    return true;
}

/* Those of the actors that are in play, and are to be kept. */
static struct end take_end(struct filter *f, const char *const *actor, size_t n, enum keep keep)
{
    struct end out = {room(f, n * sizeof *out.actor), 0};
    for (size_t i = 0; i < n && f->rc == ERR_OK; i++)
        if (deployment_has_actor(f->d, actor[i], NULL) && kept(f->d, actor[i], keep))
            out.actor[out.n++] = actor[i];
    return out;
}

static void put(struct table_row *row, struct table_leg *to, const struct table_leg *leg,
                const char *id, const struct end *from, const struct end *dest)
{
    if (from->n == 0 || dest->n == 0)
        return;
    struct table_leg *l = &to[row->n_leg++];
    *l = *leg;
    l->id = id;
    l->from = from->actor;
    l->n_from = from->n;
    l->to = dest->actor;
    l->n_to = dest->n;
}

/* A provider reaches those only that are enrolled: its part of the leg stands apart. */
static void split(struct filter *f, struct table_row *row, struct table_leg *to,
                  const struct table_leg *leg, bool provider_sends)
{
    struct end from = take_end(f, leg->from, leg->n_from, provider_sends ? KEEP_OTHERS : KEEP_ALL);
    struct end dest = take_end(f, leg->to, leg->n_to, provider_sends ? KEEP_ALL : KEEP_OTHERS);
    size_t size = strlen(leg->id) + sizeof "-enrolled";
    char *id = room(f, size);
    if (f->rc != ERR_OK)
        return;
    put(row, to, leg, leg->id, &from, &dest);
    (void)snprintf(id, size, "%s-enrolled", leg->id);
    from = take_end(f, leg->from, leg->n_from, provider_sends ? KEEP_PROVIDERS : KEEP_ENROLLED);
    dest = take_end(f, leg->to, leg->n_to, provider_sends ? KEEP_ENROLLED : KEEP_PROVIDERS);
    put(row, to, leg, id, &from, &dest);
}

static bool any_provider(const struct deployment *d, const struct end *x)
{
    for (size_t i = 0; i < x->n; i++)
        if (deployment_is_provider(d->book, x->actor[i]))
            return true;
    return false;
}

static bool all_enrolled(const struct deployment *d, const struct end *x)
{
    size_t choice;
    for (size_t i = 0; i < x->n; i++)
        if (!deployment_is_enrolled(d, x->actor[i], &choice))
            return false;
    return true;
}

static void filter_leg(struct filter *f, struct table_row *row, struct table_leg *to,
                       const struct table_leg *leg)
{
    if (leg->use_case[0] != '\0' && !deployment_has_use_case(f->d, leg->use_case, NULL))
        return;
    struct end from = take_end(f, leg->from, leg->n_from, KEEP_ALL);
    struct end dest = take_end(f, leg->to, leg->n_to, KEEP_ALL);
    if (f->rc != ERR_OK)
        return;
    if (any_provider(f->d, &from) && !all_enrolled(f->d, &dest))
        split(f, row, to, leg, true);
    else if (any_provider(f->d, &dest) && !all_enrolled(f->d, &from))
        split(f, row, to, leg, false);
    else
        put(row, to, leg, leg->id, &from, &dest);
}

enum err_code deployment_rows(const struct deployment *d, const struct table *t,
                              const struct table_row **out, struct err *e)
{
    struct filter f = {d, e, ERR_OK};
    struct table_row *row = room(&f, t->n_row * sizeof *row);
    for (size_t i = 0; i < t->n_row && f.rc == ERR_OK; i++) {
        struct table_leg *leg = room(&f, 2 * t->row[i].n_leg * sizeof *leg);
        row[i] = t->row[i];
        row[i].leg = leg;
        row[i].n_leg = 0;
        for (size_t k = 0; k < t->row[i].n_leg && f.rc == ERR_OK; k++)
            filter_leg(&f, &row[i], leg, &t->row[i].leg[k]);
    }
    *out = row;
    return f.rc;
}

/* What each decision left out of a row, gathered. */
struct blame {
    const char *actor[DEPLOYMENT_CHOICES][40];
    size_t n[DEPLOYMENT_CHOICES];
    bool unenrolled[DEPLOYMENT_CHOICES];
};

static void blame_actor(struct blame *b, size_t choice, const char *actor)
{
    for (size_t i = 0; i < b->n[choice]; i++)
        if (strcmp(b->actor[choice][i], actor) == 0)
            return;
    if (b->n[choice] < sizeof b->actor[choice] / sizeof b->actor[choice][0])
        b->actor[choice][b->n[choice]++] = actor;
}

/* An end that nobody is left of; false: somebody is. */
static bool blame_end(const struct deployment *d, struct blame *b, const char *const *actor,
                      size_t n)
{
    struct deployment_cause cause;
    for (size_t i = 0; i < n; i++)
        if (deployment_has_actor(d, actor[i], NULL))
            return false;
    for (size_t i = 0; i < n; i++)
        if (!deployment_has_actor(d, actor[i], &cause))
            blame_actor(b, cause.choice, actor[i]);
    return true;
}

static void blame_enrolment(const struct deployment *d, struct blame *b,
                            const struct table_leg *leg)
{
    size_t choice;
    for (size_t i = 0; i < leg->n_from + leg->n_to; i++) {
        const char *actor = i < leg->n_from ? leg->from[i] : leg->to[i - leg->n_from];
        if (!deployment_is_enrolled(d, actor, &choice))
            b->unenrolled[choice] = true;
    }
}

/* "decision f (...) leaves out A, B; decision g (...) ...". */
static const char *tell(const struct deployment *d, const struct blame *b, struct err *e)
{
    char text[LONGEST_WHY] = "";
    size_t used = 0;
    for (size_t c = 0; c < DEPLOYMENT_CHOICES && c < d->book->n_choice; c++) {
        for (size_t i = 0; i < b->n[c] && used < sizeof text; i++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s%s%s",
                                     i == 0 && used > 0 ? "; " : "",
                                     i == 0 ? deployment_because(d, c, e) : "",
                                     i == 0 ? " leaves out " : ", ", b->actor[c][i]);
        if (b->unenrolled[c] && used < sizeof text)
            used +=
                (size_t)snprintf(text + used, sizeof text - used,
                                 "%sdecision %s has nothing of it enrolled with a retail provider",
                                 used > 0 ? "; " : "", d->book->choice[c].letter);
    }
    const char *copy = arena_strdup(d->arena, text);
    if (copy == NULL)
        (void)err_set(e, ERR_NOMEM, "no memory for the deployment");
    return copy;
}

enum err_code deployment_row_out(const struct deployment *d, const struct table_row *whole,
                                 const struct table_row *left, const char *use_case,
                                 const char **why, struct err *e)
{
    struct deployment_cause cause;
    struct blame b = {0};
    char text[LONGEST_WHY];
    bool any = false;
    *why = "";
    if (!deployment_has_use_case(d, use_case, &cause)) {
        (void)snprintf(text, sizeof text, "%s leaves out the use case %s (%s)",
                       deployment_because(d, cause.choice, e), use_case, cause.ground);
        *why = arena_strdup(d->arena, text);
        return *why == NULL ? err_set(e, ERR_NOMEM, "no memory for the deployment") : ERR_OK;
    }
    for (size_t i = 0; i < left->n_leg; i++)
        if (left->leg[i].use_case[0] == '\0' || strcmp(left->leg[i].use_case, use_case) == 0)
            return ERR_OK;
    for (size_t i = 0; i < whole->n_leg; i++) {
        const struct table_leg *l = &whole->leg[i];
        if (l->use_case[0] != '\0' && strcmp(l->use_case, use_case) != 0)
            continue;
        any = true;
        bool from = blame_end(d, &b, l->from, l->n_from), to = blame_end(d, &b, l->to, l->n_to);
        if (!from && !to)
            blame_enrolment(d, &b, l);
    }
    if (any)
        *why = tell(d, &b, e);
    return *why == NULL ? ERR_NOMEM : ERR_OK;
}
