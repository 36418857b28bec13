#include <string.h>

#include "harness/drive/inside.h"

static int duty_of(const struct plan *p, const char *payload)
{
    for (size_t i = 0; i < p->n_duty; i++)
        if (strcmp(p->duty[i].payload, payload) == 0)
            return (int)i;
    return -1;
}

static int target_of(const struct drive *d, const struct drive_case *c, const char *payload)
{
    for (size_t i = 0; i < c->n_target; i++) {
        const struct plan_row *row = &d->plan->row[c->target_row[i]];
        if (strcmp(row->payload, payload) == 0 && strcmp(row->section, c->script->section) == 0)
            return (int)i;
    }
    return -1;
}

static enum err_code resolve(struct drive *d, struct drive_case *c, struct err *e)
{
    const struct scenario *s = c->script;
    c->payload = arena_alloc(&d->arena, s->n_payload * sizeof *c->payload);
    if (c->payload == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %s", s->file);
    for (size_t i = 0; i < s->n_payload; i++) {
        struct case_payload *p = &c->payload[i];
        p->payload = s->payload[i].payload;
        p->sent = s->payload[i].sent;
        p->binding = plan_binding_by_payload(d->plan, p->payload);
        p->duty = duty_of(d->plan, p->payload);
        p->target = s->payload[i].row_section != NULL ? -1 : target_of(d, c, p->payload);
        p->from = p->to = "";
        if (p->target >= 0) {
            const struct plan_variant *v =
                &d->plan->row[c->target_row[p->target]].variant[c->target_variant[p->target]];
            p->from = v->from;
            p->to = v->to;
        }
    }
    return ERR_OK;
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
        c->target_variant[c->n_target++] = t->variant;
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
        return err_set(e, ERR_USAGE, "%s switches power; it runs only with --arm", ps->file);
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

const struct case_payload *case_payload_of(const struct drive_case *c, const char *payload,
                                           bool sent)
{
    for (size_t i = 0; i < c->script->n_payload; i++)
        if (c->payload[i].sent == sent && strcmp(c->payload[i].payload, payload) == 0)
            return &c->payload[i];
    return NULL;
}
