/* plan_chain - the reasons of a row, one from the other: profile, decision, use case, actor, path
 * and role. For cmd_plan.c. */
#include <stdio.h>
#include <string.h>

#include "harness/cmd/plan_text.h"
#include "harness/scope/deployment_profile.h"
#include "harness/scope/deployment_rows.h"

struct chain {
    const struct plan *plan;
    const struct table *table;
    const struct table_row *row;
    struct profile *profile;
    struct deployment_book *book;
    struct deployment deployment; /* where book is not NULL */
    struct arena arena;
    struct buf *out;
    struct err *e;
    enum err_code rc;
};

__attribute__((format(printf, 3, 4))) static void line(struct chain *c, const char *name,
                                                       const char *fmt, ...)
{
    char text[4000];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (c->rc == ERR_OK)
        c->rc = buf_printf(c->out, c->e, "    %-12s %s\n", name, text);
}

static const char *because(struct chain *c, const struct deployment_cause *cause)
{
    return deployment_because(&c->deployment, cause->choice, c->e);
}

/* The same behind the word "decision". */
static const char *letter_and_choice(struct chain *c, size_t choice)
{
    return deployment_because(&c->deployment, choice, c->e) + sizeof "decision";
}

static void tell_profile(struct chain *c)
{
    const struct profile *p = c->profile;
    if (p->deployment == NULL) {
        line(c, "profile", "%s (%s) declares no deployment: every actor is in play", p->name,
             p->path);
        return;
    }
    line(c, "profile", "%s (%s:%ld): deployment %s, from %s", p->name, p->path, p->deployment->line,
         c->deployment.code[0] == '\0' ? "without a code" : c->deployment.code,
         p->deployment->source);
}

/* The choice whose options are the use cases, where somebody chose. */
static int chosen_use_cases(const struct chain *c)
{
    for (size_t i = 0; i < c->book->n_choice; i++)
        if (c->book->choice[i].use_cases)
            return (int)i;
    return -1;
}

static bool tell_use_case(struct chain *c, const char *use_case)
{
    struct deployment_cause cause = {SIZE_MAX, ""};
    if (c->book == NULL)
        return true;
    bool in = deployment_has_use_case(&c->deployment, use_case, &cause);
    int k = chosen_use_cases(c);
    if (cause.choice != SIZE_MAX)
        line(c, "decision", "%s", letter_and_choice(c, cause.choice));
    if (in && k != -1 && (size_t)k != cause.choice)
        line(c, "", "%s", letter_and_choice(c, (size_t)k));
    line(c, "use case", "%s: %s%s%s%s", use_case, in ? "in play" : "left out",
         cause.ground[0] == '\0' ? "" : " (", cause.ground, cause.ground[0] == '\0' ? "" : ")");
    return in;
}

/* One line for each actor of the row, as the decisions leave it. */
static void tell_actors(struct chain *c, const char *use_case)
{
    const char *told[200];
    size_t n = 0;
    for (size_t i = 0; i < c->row->n_leg; i++) {
        const struct table_leg *l = &c->row->leg[i];
        if (l->use_case[0] != '\0' && strcmp(l->use_case, use_case) != 0)
            continue;
        for (size_t k = 0; k < l->n_from + l->n_to; k++) {
            const char *actor = k < l->n_from ? l->from[k] : l->to[k - l->n_from];
            struct deployment_cause cause = {SIZE_MAX, ""};
            bool seen = n == sizeof told / sizeof told[0];
            for (size_t j = 0; j < n && !seen; j++)
                seen = strcmp(told[j], actor) == 0;
            if (seen)
                continue;
            bool in = deployment_has_actor(&c->deployment, actor, &cause);
            size_t enrols;
            bool enrolled = deployment_is_enrolled(&c->deployment, actor, &enrols);
            line(c, n == 0 ? "actor" : "", "%s: %s%s%s%s", actor, in ? "in play" : "left out",
                 cause.choice == SIZE_MAX ? "" : " by ",
                 cause.choice == SIZE_MAX ? "" : because(c, &cause),
                 in && !enrolled && deployment_is(&c->deployment, "rep", "with")
                     ? "; in no program of a retail provider"
                     : "");
            told[n++] = actor;
        }
    }
}

static void tell_paths(struct chain *c, const char *use_case)
{
    const struct method *m = &c->plan->method;
    size_t n = 0;
    for (size_t i = 0; i < m->n_way; i++) {
        const struct method_way *w = &m->way[i];
        if (!table_same_name(w->use_case, use_case) ||
            !profile_covers(w->where, c->row->id, c->row->section))
            continue;
        line(c, n++ == 0 ? "path" : "", "through %s%s%s%s", w->via,
             w->dataflow[0] == '\0' ? "" : " (", w->dataflow, w->dataflow[0] == '\0' ? "" : ")");
    }
    if (n == 0)
        line(c, "path", "none is declared: from end to end");
}

static const struct plan_row *row_of(const struct plan *p, const char *id, const char *use_case)
{
    for (size_t i = 0; i < p->n_row; i++)
        if (strcmp(p->row[i].id, id) == 0 && table_same_name(p->row[i].use_case, use_case))
            return &p->row[i];
    return NULL;
}

static void tell(struct chain *c, const char *name)
{
    size_t at = 0;
    const struct table_use_case *use = table_use_case_named(c->table, name, &at);
    const char *use_case = use == NULL ? name : use->name;
    const struct plan_row *r = row_of(c->plan, c->row->id, use_case);
    if (c->rc == ERR_OK)
        c->rc = buf_printf(c->out, c->e, "  %-12s under %s\n", "chain", use_case);
    tell_profile(c);
    bool in = tell_use_case(c, use_case);
    if (r == NULL) {
        line(c, "scope", "the profile takes no row of it under this use case");
        return;
    }
    if (in && c->book != NULL)
        tell_actors(c, use_case);
    if (in)
        tell_paths(c, use_case);
    line(c, "role", "%s%s", r->role == PLAN_NOT_APPLICABLE ? "not applicable: " : "", r->reason);
}

static void load(struct chain *c, const char *profile)
{
    c->rc = profile_load(profile, &c->profile, c->e);
    if (c->rc != ERR_OK || c->profile->deployment == NULL)
        return;
    c->rc = deployment_book_load(NULL, &c->book, c->e);
    if (c->rc == ERR_OK)
        c->rc =
            deployment_of_profile(&c->deployment, c->profile, c->table, c->book, &c->arena, c->e);
}

enum err_code plan_chain(const struct plan *p, const struct table *t, const char *profile,
                         const char *id, struct buf *out, struct err *e)
{
    struct chain c = {
        .plan = p, .table = t, .row = table_row_by_id(t, id), .out = out, .e = e, .rc = ERR_OK};
    if (c.row != NULL)
        load(&c, profile);
    for (size_t i = 0; c.row != NULL && i < c.row->n_use_case && c.rc == ERR_OK; i++)
        tell(&c, c.row->use_case[i]);
    deployment_book_free(c.book);
    profile_free(c.profile);
    arena_release(&c.arena);
    return c.rc;
}
