#include <string.h>

#include "harness/drive/inside.h"

static int duty_of(const struct plan *p, const char *payload)
{
    for (size_t i = 0; i < p->n_duty; i++)
        if (strcmp(p->duty[i].payload, payload) == 0)
            return (int)i;
    return -1;
}

static bool answers(const struct binding *b, const char *payload)
{
    for (size_t i = 0; i < b->n_reply_to; i++)
        if (strcmp(b->replies_to[i], payload) == 0)
            return true;
    return false;
}

static bool is_answered(const struct drive *d, const struct scenario *s, const char *payload)
{
    for (size_t i = 0; i < s->n_payload; i++) {
        int b = plan_binding_by_payload(d->plan, s->payload[i].payload);
        if (b >= 0 && answers(&d->plan->binding[b], payload))
            return true;
    }
    return false;
}

static void judged_leg(const struct drive *d, const struct drive_case *c, size_t target,
                       struct case_leg *leg)
{
    const struct plan_row *row = &d->plan->row[c->target_row[target]];
    const struct plan_variant *v = &row->variant[c->target_variant[target]];
    *leg = (struct case_leg){.role = v->role,
                             .target = (int)target,
                             .endpoint = c->pc->target[target].endpoint,
                             .read_back = v->role == PLAN_TO_EUT &&
                                          row->proof == PLAN_PROOF_READ_BACK &&
                                          d->read_back_binding >= 0,
                             .from = v->from,
                             .to = v->to,
                             .device_class = v->device_class};
}

/* The same reading at the same endpoint, once more. */
static bool is_repeated(const struct drive_case *c, size_t target)
{
    for (size_t i = 0; i < target; i++)
        if (c->target_row[i] == c->target_row[target] &&
            c->target_variant[i] == c->target_variant[target] &&
            c->pc->target[i].endpoint == c->pc->target[target].endpoint)
            return true;
    return false;
}

static enum err_code resolve_payload(struct drive *d, struct drive_case *c, size_t index,
                                     struct err *e)
{
    const struct scenario_payload *sp = &c->script->payload[index];
    struct case_payload *p = &c->payload[index];
    struct case_leg *leg =
        arena_alloc(&d->arena, (c->n_target + c->pc->n_support + 1) * sizeof *leg);
    if (leg == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %s", c->script->file);
    *p = (struct case_payload){.payload = sp->payload,
                               .binding = plan_binding_by_payload(d->plan, sp->payload),
                               .duty = duty_of(d->plan, sp->payload),
                               .answered = is_answered(d, c->script, sp->payload),
                               .leg = leg};
    if (p->binding < 0)
        return ERR_OK;
    for (size_t i = 0; i < c->n_target; i++)
        if (!is_repeated(c, i) && strcmp(d->plan->row[c->target_row[i]].payload, p->payload) == 0)
            judged_leg(d, c, i, &leg[p->n_leg++]);
    for (size_t i = 0; i < c->pc->n_support; i++) {
        const struct plan_support *s = &c->pc->support[i];
        if (strcmp(s->payload, p->payload) == 0 && s->role != PLAN_NOT_APPLICABLE)
            leg[p->n_leg++] = (struct case_leg){.role = s->role,
                                                .target = -1,
                                                .endpoint = s->endpoint,
                                                .from = "",
                                                .to = "",
                                                .device_class = ""};
    }
    c->images = c->images || (p->n_leg > 0 && binding_image(&d->plan->binding[p->binding]) >= 0);
    return ERR_OK;
}

static enum err_code resolve(struct drive *d, struct drive_case *c, struct err *e)
{
    const struct scenario *s = c->script;
    enum err_code rc = ERR_OK;
    c->payload = arena_alloc(&d->arena, s->n_payload * sizeof *c->payload);
    if (c->payload == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %s", s->file);
    for (size_t i = 0; i < s->n_payload && rc == ERR_OK; i++)
        rc = resolve_payload(d, c, i, e);
    return rc;
}

static enum err_code make_case(struct drive *d, uint32_t scenario, uint32_t kase,
                               const struct scenario *script, struct err *e)
{
    const struct plan *p = d->plan;
    struct drive_case *c = &d->kase[d->n_case];
    *c = (struct drive_case){.ps = &p->scenario[scenario],
                             .pc = &p->scenario[scenario].kase[kase],
                             .script = script,
                             .scenario = scenario,
                             .kase = kase,
                             .index = (uint32_t)d->n_case};
    if (c->pc->n_target > DRIVE_MAX_TARGETS)
        return err_set(e, ERR_DATA, "%s: a case has %zu targets, at most %d can be driven",
                       c->ps->file, c->pc->n_target, DRIVE_MAX_TARGETS);
    for (size_t i = 0; i < c->pc->n_target; i++) {
        const struct plan_target *t = &c->pc->target[i];
        if (t->row >= p->n_row || t->variant >= p->row[t->row].n_variant)
            return err_set(e, ERR_DATA, "%s: a case names row %u, variant %u, which the plan lacks",
                           c->ps->file, t->row, t->variant);
        const struct plan_variant *v = &p->row[t->row].variant[t->variant];
        c->target_row[c->n_target] = t->row;
        c->target_variant[c->n_target] = t->variant;
        c->target_decided[c->n_target++] = v->trials == 0; /* by runs before this one */
        c->trials = v->trials > c->trials ? v->trials : c->trials;
        c->trials_least = v->trials_least > c->trials_least ? v->trials_least : c->trials_least;
        c->trials_max = v->trials_max > c->trials_max ? v->trials_max : c->trials_max;
        c->give_up_ns = v->give_up_ns > c->give_up_ns ? v->give_up_ns : c->give_up_ns;
    }
    if (c->trials < c->trials_least)
        c->trials = c->trials_least;
    if (c->trials_max < c->trials)
        c->trials_max = c->trials;
    c->goal = c->trials;
    c->by_number = arena_alloc(&d->arena, ((size_t)c->trials_max + 1) * sizeof *c->by_number);
    if (c->by_number == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %u trials", c->trials_max);
    enum err_code rc = resolve(d, c, e);
    if (rc == ERR_OK)
        rc = devices_ring(d, c, e);
    if (rc == ERR_OK)
        d->n_case++;
    return rc;
}

static enum err_code load(struct drive *d, const struct plan_scenario *ps, struct scenario **out,
                          struct err *e)
{
    enum err_code rc = scenario_load(d->script, ps->path, out, e);
    if (rc != ERR_OK)
        return rc;
    if (strcmp((*out)->section, ps->section) != 0)
        return err_set(e, ERR_SCRIPT, "%s: section is \"%s\", the plan was made for \"%s\"",
                       ps->path, (*out)->section, ps->section);
    if (ps->power && !d->o.arm)
        return err_set(e, ERR_USAGE,
                       "%s switches power or writes firmware; it runs only with --arm", ps->file);
    return ERR_OK;
}

enum err_code cases_make(struct drive *d, struct err *e)
{
    const struct plan *p = d->plan;
    size_t n = 0;
    for (size_t i = 0; i < p->n_scenario; i++)
        n += p->scenario[i].n_case;
    d->kase = arena_alloc(&d->arena, (n + 1) * sizeof *d->kase);
    if (d->kase == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu cases", n);
    for (size_t i = 0; i < p->n_scenario; i++) {
        struct scenario *script = NULL;
        if (p->scenario[i].n_case == 0)
            continue;
        enum err_code rc = load(d, &p->scenario[i], &script, e);
        for (size_t k = 0; rc == ERR_OK && k < p->scenario[i].n_case; k++)
            rc = make_case(d, (uint32_t)i, (uint32_t)k, script, e);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

bool payload_is_ours(const struct case_payload *p)
{
    for (size_t i = 0; i < p->n_leg; i++)
        if (p->leg[i].role != PLAN_FROM_EUT)
            return true;
    return false;
}

struct case_payload *case_payload_of(const struct drive_case *c, const char *payload)
{
    for (size_t i = 0; i < c->script->n_payload; i++)
        if (strcmp(c->payload[i].payload, payload) == 0)
            return &c->payload[i];
    return NULL;
}
