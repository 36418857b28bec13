#include <string.h>

#include "harness/plan/build_parts.h"

/* The role of a payload in a case: of its targets, or as a supporting one. */
static enum plan_role role_in(const struct build *b, const struct build_case *c,
                              const char *payload)
{
    for (size_t i = 0; i < c->n_target; i++) {
        const struct build_row *r = &b->row[c->target[i].row];
        if (strcmp(r->source->payload, payload) == 0)
            return r->leg[c->target[i].variant].at.role;
    }
    for (size_t i = 0; i < c->n_support; i++)
        if (strcmp(c->support[i].payload, payload) == 0)
            return c->support[i].role;
    return PLAN_NOT_APPLICABLE;
}

/* What shows in a case that a payload was consumed, and the payload that does. */
static enum plan_proof proof_in(const struct build *b, const struct build_scenario *x,
                                const struct build_case *c, const struct table_row *row,
                                const char **reply)
{
    *reply = build_reply(b, row, x);
    if (*reply != NULL && role_in(b, c, *reply) == PLAN_FROM_EUT)
        return PLAN_PROOF_REPLY;
    *reply = NULL;
    return b->statement->read_back ? PLAN_PROOF_READ_BACK : PLAN_PROOF_NONE;
}

static void prove_targets(struct build *b, const struct build_scenario *x,
                          const struct build_case *c)
{
    for (size_t i = 0; i < c->n_target; i++) {
        const struct build_row *r = &b->row[c->target[i].row];
        struct plan_row *p = &b->plan_row[c->target[i].row];
        const char *reply;
        if (r->leg[c->target[i].variant].at.role != PLAN_TO_EUT || p->proof == PLAN_PROOF_REPLY)
            continue;
        p->proof = proof_in(b, x, c, r->source, &reply);
        p->reply = build_copy(b, reply);
    }
}

static void prove_supports(struct build *b, const struct build_scenario *x, struct build_case *c)
{
    for (size_t i = 0; i < c->n_support; i++) {
        const struct scenario_payload *p = build_listed(x->script, c->support[i].payload);
        const char *reply;
        if (c->support[i].role == PLAN_TO_EUT)
            c->support[i].proof = proof_in(b, x, c, x->row[p - x->script->payload], &reply);
        c->support[i].payload = build_copy(b, c->support[i].payload);
    }
}

/* Devices that one trial reaches at once. */
static void reach_of(const struct build *b, struct build_case *c)
{
    uint64_t n = 0;
    for (size_t g = 0; g < c->n_group && c->population; g++)
        n += build_group_count(b, c->group[g]);
    c->reach = n < b->profile->population_most ? (uint32_t)n : b->profile->population_most;
    for (size_t t = 0; t < c->n_target; t++) {
        struct build_leg *l = &b->row[c->target[t].row].leg[c->target[t].variant];
        if (c->reach > l->reach)
            l->reach = c->reach;
        for (size_t g = 0; g < c->n_group; g++)
            l->devices += build_group_count(b, c->group[g]);
    }
}

void build_proofs(struct build *b)
{
    for (size_t i = 0; i < b->n_scenario && b->rc == ERR_OK; i++)
        for (size_t c = 0; c < b->scenario[i].n_case; c++) {
            reach_of(b, &b->scenario[i].kase[c]);
            prove_targets(b, &b->scenario[i], &b->scenario[i].kase[c]);
            prove_supports(b, &b->scenario[i], &b->scenario[i].kase[c]);
        }
}

static void emit(struct build *b, const struct build_scenario *x, struct plan_scenario *p)
{
    struct plan_case *kase = build_room(b, x->n_case * sizeof *kase);
    for (size_t i = 0; i < x->n_case && kase != NULL; i++) {
        const struct build_case *c = &x->kase[i];
        kase[i] = (struct plan_case){.mode = c->mode,
                                     .group = c->group,
                                     .n_group = c->n_group,
                                     .target = c->target,
                                     .n_target = c->n_target,
                                     .support = c->support,
                                     .n_support = c->n_support,
                                     .use_case = build_copy(b, c->use_case),
                                     .peer = c->peer,
                                     .n_peer = c->n_peer,
                                     .population = c->reach,
                                     .whole_day = c->whole_day};
    }
    *p = (struct plan_scenario){
        .file = x->file,
        .path = x->path,
        .digest = x->digest,
        .section = build_copy(b, x->script->section),
        .use_case = build_copy(b, x->script->use_case),
        .suite = x->suite,
        .exclusive = x->script->exclusive,
        .power = x->script->power,
        .kase = kase,
        .n_case = x->n_case,
    };
}

void build_emit(struct build *b)
{
    struct plan_scenario *all = build_room(b, b->n_scenario * sizeof *all);
    b->plan->scenario = all;
    for (size_t i = 0; i < b->n_scenario && b->rc == ERR_OK; i++) {
        if (b->scenario[i].n_case == 0)
            continue;
        for (size_t r = 0; r < b->n_row; r++)
            if (b->row[r].scenario == (int)i && b->row[r].n_leg > 0)
                b->plan_row[r].scenario = (int)b->plan->n_scenario;
        emit(b, &b->scenario[i], &all[b->plan->n_scenario++]);
    }
}
