#include <string.h>

#include "harness/plan/build_parts.h"

/* While a scenario's cases are made: which leg each of its rows has for one group and mode. */
struct pick {
    size_t row; /* in build.row */
    size_t leg[BUILD_MAX_LEGS];
    size_t n_leg;
};

static void find_picks(const struct build *b, int scenario, const char *mode, size_t group,
                       struct pick *pick, size_t *n, size_t *most)
{
    *n = *most = 0;
    for (size_t i = 0; i < b->n_row; i++) {
        const struct build_row *r = &b->row[i];
        struct pick *p = &pick[*n];
        if (r->scenario != scenario)
            continue;
        p->row = i;
        p->n_leg = 0;
        for (size_t k = 0; k < r->n_leg; k++)
            if ((r->leg[k].groups & UINT64_C(1) << group) &&
                build_takes_mode(b, r->source, r->leg[k].leg, mode))
                p->leg[p->n_leg++] = k;
        if (p->n_leg == 0)
            continue;
        if (p->n_leg > *most)
            *most = p->n_leg;
        (*n)++;
    }
}

static bool same_targets(const struct build_case *c, const struct plan_target *t, size_t n)
{
    return c->n_target == n && memcmp(c->target, t, n * sizeof *t) == 0;
}

/* Adds the group to the case of this mode with just these targets, made where there is none. */
static void add(struct build *b, struct build_scenario *x, const char *mode, size_t group,
                const struct plan_target *target, size_t n_target)
{
    struct build_case *c = NULL;
    for (size_t i = 0; i < x->n_case && c == NULL; i++)
        if (strcmp(x->kase[i].mode, mode) == 0 && same_targets(&x->kase[i], target, n_target))
            c = &x->kase[i];
    if (c == NULL) {
        struct plan_target *own = build_room(b, n_target * sizeof *own);
        uint32_t *groups = build_room(b, BUILD_MAX_GROUPS * sizeof *groups);
        if (own == NULL || groups == NULL)
            return;
        memcpy(own, target, n_target * sizeof *own);
        c = &x->kase[x->n_case++];
        *c = (struct build_case){build_copy(b, mode), groups, 0, own, n_target};
    }
    c->group[c->n_group++] = (uint32_t)group;
}

/* A row with several legs for one group, told apart by whom the harness plays, takes as many cases.
 */
static void cases_of_group(struct build *b, int scenario, const char *mode, size_t group)
{
    size_t n, most;
    struct pick *pick = build_room(b, b->n_row * sizeof *pick);
    struct plan_target *target = build_room(b, b->n_row * sizeof *target);
    if (pick == NULL || target == NULL)
        return;
    find_picks(b, scenario, mode, group, pick, &n, &most);
    for (size_t k = 0; k < most; k++) {
        for (size_t i = 0; i < n; i++) {
            size_t leg = pick[i].leg[k < pick[i].n_leg ? k : pick[i].n_leg - 1];
            b->row[pick[i].row].leg[leg].driven = true;
            target[i] = (struct plan_target){(uint32_t)pick[i].row, (uint32_t)leg, -1};
        }
        add(b, &b->scenario[scenario], mode, group, target, n);
    }
}

static bool mode_offered(const struct build *b, const char *mode)
{
    return !(strcmp(mode, "push") == 0 && !b->statement->push) &&
           !(strcmp(mode, "poll") == 0 && !b->statement->poll);
}

static void cases_of(struct build *b, int scenario)
{
    static const char *const no_mode[] = {""};
    struct build_scenario *x = &b->scenario[scenario];
    size_t n_mode = x->script->n_mode == 0 ? 1 : x->script->n_mode;
    const char *const *mode = x->script->n_mode == 0 ? no_mode : x->script->mode;
    x->kase = build_room(b, n_mode * b->statement->n_group * BUILD_MAX_LEGS * sizeof *x->kase);
    for (size_t m = 0; m < n_mode; m++)
        for (size_t g = 0; g < b->statement->n_group && b->rc == ERR_OK; g++)
            if (mode_offered(b, mode[m]))
                cases_of_group(b, scenario, mode[m], g);
}

/* Legs without a case leave the row; map tells where the others went. */
static void drop_idle_legs(struct build *b, size_t row, uint32_t *map)
{
    struct build_row *r = &b->row[row];
    struct plan_row *p = &b->plan_row[row];
    size_t n = 0;
    for (size_t k = 0; k < r->n_leg; k++)
        if (r->leg[k].driven)
            n++;
    if (n == 0) {
        r->scenario = -1;
        p->reason = "not run: no mode or device of the scenario fits it";
        return;
    }
    n = 0;
    for (size_t k = 0; k < r->n_leg; k++) {
        map[k] = (uint32_t)n;
        if (r->leg[k].driven)
            r->leg[n++] = r->leg[k];
        else
            p->reason = build_text(b, "%s; leg %s not run: no case of the scenario drives it",
                                   p->reason, r->leg[k].id);
    }
    r->n_leg = n;
}

static void renumber(struct build *b)
{
    uint32_t *map = build_room(b, b->n_row * BUILD_MAX_LEGS * sizeof *map);
    for (size_t i = 0; i < b->n_row && map != NULL; i++)
        if (b->row[i].scenario != -1)
            drop_idle_legs(b, i, &map[i * BUILD_MAX_LEGS]);
    for (size_t s = 0; s < b->n_scenario && map != NULL; s++)
        for (size_t c = 0; c < b->scenario[s].n_case; c++) {
            const struct build_case *kase = &b->scenario[s].kase[c];
            for (size_t t = 0; t < kase->n_target; t++)
                kase->target[t].variant =
                    map[kase->target[t].row * BUILD_MAX_LEGS + kase->target[t].variant];
        }
}

static void emit(struct build *b, const struct build_scenario *x, struct plan_scenario *p)
{
    struct plan_case *kase = build_room(b, x->n_case * sizeof *kase);
    for (size_t i = 0; i < x->n_case && kase != NULL; i++)
        kase[i] = (struct plan_case){.mode = x->kase[i].mode,
                                     .group = x->kase[i].group,
                                     .n_group = x->kase[i].n_group,
                                     .target = x->kase[i].target,
                                     .n_target = x->kase[i].n_target};
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

void build_cases(struct build *b)
{
    struct plan_scenario *all = build_room(b, b->n_scenario * sizeof *all);
    for (size_t i = 0; i < b->n_scenario && b->rc == ERR_OK; i++)
        cases_of(b, (int)i);
    renumber(b);
    b->plan->scenario = all;
    for (size_t i = 0; i < b->n_scenario && b->rc == ERR_OK; i++) {
        if (b->scenario[i].n_case == 0)
            continue;
        for (size_t r = 0; r < b->n_row; r++)
            if (b->row[r].scenario == (int)i)
                b->plan_row[r].scenario = (int)b->plan->n_scenario;
        emit(b, &b->scenario[i], &all[b->plan->n_scenario++]);
    }
}
