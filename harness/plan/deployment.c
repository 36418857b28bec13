/* The profile's deployment: what its decisions leave out of the table and of the statement is out
 * of the plan, and the decisions stand in the method. */
#include <string.h>

#include "harness/plan/build_parts.h"
#include "harness/scope/deployment_profile.h"
#include "harness/scope/deployment_rows.h"

/* The equipment's devices and the played peers that take part. */
static void keep_actors(struct build *b)
{
    struct statement *s = b->statement;
    struct statement_group *g = build_room(b, s->n_group * sizeof *g);
    struct statement_endpoint *p = build_room(b, s->n_peer * sizeof *p);
    struct deployment_cause cause = {0, ""};
    const char *out = "";
    size_t n_group = 0, n_peer = 0;
    for (size_t i = 0; i < s->n_group && b->rc == ERR_OK; i++)
        if (deployment_has_actor(b->deployment, s->group[i].actor, &cause))
            g[n_group++] = s->group[i];
        else
            out = build_add_actors(b, out, &s->group[i].actor, 1);
    for (size_t i = 0; i < s->n_peer && b->rc == ERR_OK; i++)
        if (deployment_has_actor(b->deployment, s->peer[i].actor, NULL))
            p[n_peer++] = s->peer[i];
    if (b->rc != ERR_OK)
        return;
    if (n_group == 0)
        build_fault(b, ERR_SCOPE, "%s:%ld: %s leaves out %s, which is all that %s has",
                    b->profile->path, b->profile->deployment->line,
                    deployment_because(b->deployment, cause.choice, b->e), out, s->path);
    s->group = g;
    s->n_group = n_group;
    s->peer = p;
    s->n_peer = n_peer;
}

/* The decisions, in their letters' order, as the report tells them. */
static void tell(struct build *b)
{
    const struct deployment *d = b->deployment;
    struct method *m = &b->plan->method;
    struct method_decision *out = build_room(b, b->book->n_choice * sizeof *out);
    for (size_t i = 0; i < b->book->n_choice && b->rc == ERR_OK; i++) {
        const struct deployment_choice *c = &b->book->choice[i];
        const char *chosen = deployment_chosen(d, i, b->e), *programs = "";
        for (size_t k = 0; k < c->n_option; k++)
            if (d->enrolled[i] & UINT64_C(1) << k)
                programs = build_text(b, "%s%s%s", programs, programs[0] == '\0' ? "" : ", ",
                                      c->option[k].value);
        if (programs[0] != '\0')
            chosen = build_text(b, "%s; in REP programs: %s", chosen, programs);
        const char *source = d->source[i] == NULL ? "by the other decisions" : d->source[i];
        if (strncmp(source, "code ", 5) == 0)
            source = build_text(b, "%s (%s)", source, b->profile->deployment->source);
        out[i] = (struct method_decision){
            build_copy(b, c->letter), build_copy(b, c->about), build_copy(b, chosen),
            d->source[i] == NULL ? "by the other decisions" : build_copy(b, d->source[i])};
    }
    m->decision = out;
    m->n_decision = b->rc == ERR_OK ? b->book->n_choice : 0;
    m->deployment = d->code[0] != '\0' ? build_copy(b, d->code) : "no code: decisions of its own";
}

void build_deployment(struct build *b)
{
    const struct profile_deployment *p = b->profile->deployment;
    b->plan->method.deployment = "";
    if (p == NULL)
        return;
    b->deployment = build_room(b, sizeof *b->deployment);
    if (b->rc == ERR_OK)
        b->rc = deployment_book_load(NULL, &b->book, b->e);
    if (b->rc != ERR_OK)
        return;
    b->rc = deployment_of_profile(b->deployment, b->profile, b->table, b->book, b->arena, b->e);
    b->whole = b->table->row;
    if (b->rc == ERR_OK)
        b->rc = deployment_rows(b->deployment, b->table, &b->table->row, b->e);
    if (b->rc == ERR_OK)
        keep_actors(b);
    if (b->rc == ERR_OK)
        tell(b);
}
