#include <string.h>

#include "harness/plan/build_parts.h"

static bool shares_use_case(const struct table_row *x, const struct table_row *y)
{
    for (size_t i = 0; i < x->n_use_case; i++)
        for (size_t k = 0; k < y->n_use_case; k++)
            if (strcmp(x->use_case[i], y->use_case[k]) == 0)
                return true;
    return false;
}

/* The row of a payload that belongs to another row: of its own section, else of its use case. */
static const struct table_row *partner(const struct build *b, const struct table_row *row,
                                       const char *payload)
{
    const struct table_row *found = NULL;
    for (size_t i = 0; i < b->table->n_row; i++) {
        const struct table_row *r = &b->table->row[i];
        if (strcmp(r->payload, payload) != 0)
            continue;
        if (strcmp(r->section, row->section) == 0)
            return r;
        if (found == NULL && shares_use_case(r, row))
            found = r;
    }
    return found;
}

static bool answers(const struct binding *b, const char *payload)
{
    for (size_t i = 0; i < b->n_reply_to; i++)
        if (strcmp(b->replies_to[i], payload) == 0)
            return true;
    return false;
}

const char *build_reply(const struct build *b, const struct table_row *row,
                        const struct build_scenario *x)
{
    const char *reply = NULL;
    for (size_t i = 0; i < b->plan->n_binding; i++) {
        const struct binding *c = &b->plan->binding[i];
        const struct scenario_payload *p = build_listed(x->script, c->payload);
        if (!c->proves || p == NULL || !answers(c, row->payload))
            continue;
        const struct table_row *r = x->row[p - x->script->payload];
        if (reply == NULL || strcmp(r->section, row->section) == 0)
            reply = c->payload;
        if (strcmp(r->section, row->section) == 0)
            break;
    }
    return reply;
}

static bool either(const char *x, const char *y)
{
    return x[0] == '\0' || y[0] == '\0' || strcmp(x, y) == 0;
}

static bool caused_by(const struct table_leg *leg, const char *command)
{
    return table_leg_answers(leg, command);
}

/* Whether a leg of the other half concerns the same subject as l, on its other side. */
static bool mirrors(const struct table_leg *leg, const struct build_leg *l)
{
    const struct table_leg *own = l->at.leg;
    bool from = build_names(own->from, own->n_from, l->subject);
    bool to = build_names(own->to, own->n_to, l->subject);
    if (from == to)
        return true;
    return from ? build_names(leg->to, leg->n_to, l->subject)
                : build_names(leg->from, leg->n_from, l->subject);
}

/* Least and largest limit over the partner's legs that concern the same devices in the same mode.
 */
void build_pair(struct build *b, const struct build_row *row, const struct build_leg *l,
                struct plan_variant *v)
{
    bool answer = l->at.cause == PLAN_CAUSE_COMMAND;
    const struct plan_row *p = &b->plan_row[row - b->row];
    const char *payload = answer ? l->at.leg->command : l->at.role == PLAN_TO_EUT ? p->reply : NULL;
    const struct table_row *other = payload == NULL ? NULL : partner(b, row->source, payload);
    v->pair_strict_ns = v->pair_lax_ns = -1;
    for (size_t i = 0; other != NULL && i < other->n_leg; i++) {
        const struct table_leg *leg = &other->leg[i];
        int64_t strict_ns, lax_ns;
        if (!build_leg_serves(leg, row->use_case) || !either(leg->mode, l->at.leg->mode) ||
            !either(leg->device_class, l->at.leg->device_class) || !mirrors(leg, l) ||
            (!answer && !caused_by(leg, row->source->payload)))
            continue;
        build_latency(b, other, leg, l->at.eut_actor, &strict_ns, &lax_ns);
        if (strict_ns == -1)
            continue;
        if (v->pair_strict_ns == -1 || strict_ns < v->pair_strict_ns)
            v->pair_strict_ns = strict_ns;
        if (lax_ns > v->pair_lax_ns)
            v->pair_lax_ns = lax_ns;
    }
}

bool build_takes_mode(const struct build *b, const struct table_row *row,
                      const struct table_leg *leg, const char *mode)
{
    if (mode[0] == '\0' || strcmp(leg->mode, mode) == 0)
        return true;
    if (leg->mode[0] != '\0')
        return false;
    bool other_modes = false;
    for (size_t i = 0; i < b->table->n_row; i++) {
        const struct table_row *r = &b->table->row[i];
        for (size_t k = 0; k < r->n_leg && strcmp(r->section, row->section) == 0; k++) {
            if (!caused_by(&r->leg[k], row->payload))
                continue;
            if (either(r->leg[k].mode, mode))
                return true;
            other_modes = true;
        }
    }
    return !other_modes;
}
