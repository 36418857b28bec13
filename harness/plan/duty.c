#include <string.h>

#include "harness/plan/build_parts.h"

/* What is left of a declared duty, per payload. */
struct left {
    uint32_t most; /* UINT32_MAX: no limit */
};

/* Whether trials of the case send the payload of a duty to the equipment. */
static bool wears(const struct build *b, const struct build_case *c, const char *payload)
{
    for (size_t i = 0; i < c->n_target; i++) {
        const struct build_row *r = &b->row[c->target[i].row];
        if (r->leg[c->target[i].variant].at.role == PLAN_TO_EUT &&
            strcmp(r->source->payload, payload) == 0)
            return true;
    }
    for (size_t i = 0; i < c->n_support; i++)
        if (c->support[i].role == PLAN_TO_EUT && strcmp(c->support[i].payload, payload) == 0)
            return true;
    return false;
}

static uint32_t least_left(const struct build *b, const struct build_case *c,
                           const struct left *left)
{
    uint32_t most = UINT32_MAX;
    for (size_t d = 0; d < b->statement->n_duty; d++)
        if (left[d].most < most && wears(b, c, b->statement->duty[d].payload))
            most = left[d].most;
    return most;
}

static void use_up(const struct build *b, const struct build_case *c, struct left *left, uint32_t n)
{
    for (size_t d = 0; d < b->statement->n_duty; d++)
        if (left[d].most != UINT32_MAX && wears(b, c, b->statement->duty[d].payload))
            left[d].most -= n < left[d].most ? n : left[d].most;
}

static uint32_t first_round(const struct plan_variant *v)
{
    return v->trials > v->trials_least ? v->trials : v->trials_least;
}

/* One case after the other takes the trials of its first round out of what is left. */
static void reserve(struct build *b, const struct build_case *c, struct left *left)
{
    uint32_t may = least_left(b, c, left), used = 0;
    for (size_t t = 0; t < c->n_target; t++) {
        struct plan_row *p = &b->plan_row[c->target[t].row];
        struct plan_variant *v = &b->variant[c->target[t].row][c->target[t].variant];
        if (v->trials > may)
            p->reason = build_text(b, "%s; declared duty allows %u of its %u trials (leg %s)",
                                   p->reason, may, v->trials, v->leg);
        v->trials = v->trials < may ? v->trials : may;
        v->trials_least = v->trials_least < may ? v->trials_least : may;
        if (first_round(v) > used)
            used = first_round(v);
    }
    use_up(b, c, left, used);
}

/* What the first rounds leave is for whoever is undecided then; the driver counts. */
static void extend(struct build *b, const struct build_case *c, const struct left *left)
{
    uint64_t rest = least_left(b, c, left);
    for (size_t t = 0; t < c->n_target; t++) {
        struct plan_variant *v = &b->variant[c->target[t].row][c->target[t].variant];
        if (v->trials_max > first_round(v) + rest)
            v->trials_max = (uint32_t)(first_round(v) + rest);
    }
}

void build_duties(struct build *b)
{
    const struct statement *s = b->statement;
    struct left *left = build_room(b, s->n_duty * sizeof *left);
    struct plan_duty *duty = build_room(b, s->n_duty * sizeof *duty);
    for (size_t i = 0; i < s->n_duty && b->rc == ERR_OK; i++) {
        left[i].most = s->duty[i].most == 0 ? UINT32_MAX : s->duty[i].most;
        duty[i] = (struct plan_duty){build_copy(b, s->duty[i].payload), s->duty[i].most,
                                     s->duty[i].spacing_ns, 0, 0};
    }
    b->plan->duty = duty;
    b->plan->n_duty = s->n_duty;
    for (size_t i = 0; i < b->n_scenario; i++)
        for (size_t c = 0; c < b->scenario[i].n_case && b->rc == ERR_OK; c++)
            reserve(b, &b->scenario[i].kase[c], left);
    for (size_t i = 0; i < b->n_scenario; i++)
        for (size_t c = 0; c < b->scenario[i].n_case && b->rc == ERR_OK; c++)
            extend(b, &b->scenario[i].kase[c], left);
}
