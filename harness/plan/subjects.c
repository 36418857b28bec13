#include <string.h>

#include "harness/plan/build_parts.h"

unsigned build_sides(const struct table_leg *leg, const char *actor)
{
    return (build_names(leg->from, leg->n_from, actor) ? SIDE_FROM : 0u) |
           (build_names(leg->to, leg->n_to, actor) ? SIDE_TO : 0u);
}

unsigned build_subject_side(const struct scenario *s)
{
    return s->subject_from ? SIDE_FROM : SIDE_TO;
}

bool build_class_fits(const struct table_leg *leg, const char *device_class)
{
    return leg->device_class[0] == '\0' || strcmp(leg->device_class, device_class) == 0;
}

static bool share_an_end(const struct table_row *x, const struct table_row *y, unsigned side)
{
    for (size_t i = 0; i < x->n_leg; i++)
        for (size_t k = 0; k < y->n_leg; k++) {
            const struct table_leg *a = &x->leg[i];
            size_t n = side == SIDE_FROM ? a->n_from : a->n_to;
            for (size_t j = 0; j < n; j++)
                if (build_sides(&y->leg[k], side == SIDE_FROM ? a->from[j] : a->to[j]) & side)
                    return true;
        }
    return false;
}

/* The first listed row leads, and the scenario's own ones beside it that come from or go to the
 * same kinds of actors and answer nothing. Where the first one is an answer itself, so are the
 * others, of the same subjects. */
static bool leads(const struct build_scenario *x, size_t i)
{
    const struct scenario *s = x->script;
    const struct table_row *first = x->row[0], *row = x->row[i];
    unsigned side = build_subject_side(s);
    if (i == 0)
        return true;
    if (s->payload[i].row_section != NULL ||
        !share_an_end(row, first, side == SIDE_FROM ? SIDE_TO : SIDE_FROM))
        return false;
    return row->trigger != TRIGGER_COMMAND ||
           (first->trigger == TRIGGER_COMMAND && share_an_end(row, first, side));
}

void build_leads(struct build *b, struct build_scenario *x)
{
    x->leads = build_room(b, x->script->n_payload * sizeof *x->leads);
    for (size_t i = 0; i < x->script->n_payload && b->rc == ERR_OK; i++)
        x->leads[i] = leads(x, i);
}

bool build_is_lead(const struct build_scenario *x, const struct table_row *row)
{
    for (size_t i = 0; i < x->script->n_payload; i++)
        if (x->row[i] == row)
            return x->leads[i];
    return false;
}

bool build_for_population(const struct scenario *s, const struct scenario_payload *p)
{
    return s->population || p->population;
}

bool build_is_subject(struct build *b, const struct build_trial *t)
{
    const struct scenario *s = t->scenario->script;
    const char *actor = build_group_actor(b, t->subject);
    if (s->unreachable && t->subject < b->statement->n_group)
        return false;
    for (size_t i = 0; i < s->n_payload; i++) {
        const struct table_row *row = t->scenario->row[i];
        if (!t->scenario->leads[i] || build_for_population(s, &s->payload[i]) != t->population)
            continue;
        for (size_t k = 0; k < row->n_leg; k++)
            if (build_leg_serves(&row->leg[k], t->use_case) &&
                (build_sides(&row->leg[k], actor) & build_subject_side(s)) &&
                build_class_fits(&row->leg[k], build_group_class(b, t->subject)))
                return true;
    }
    return false;
}

const struct table_row *build_command(const struct build_scenario *x, const struct table_leg *leg)
{
    const struct scenario *s = x->script;
    if (leg->trigger != TRIGGER_COMMAND)
        return NULL;
    for (size_t a = 0; a < leg->n_answers; a++)
        for (size_t i = 0; i < s->n_payload; i++)
            if (strcmp(s->payload[i].payload, leg->answers[a]) == 0)
                return x->row[i];
    return NULL;
}

/* Played actors that send a row into the subject; *eut: the equipment does, too. */
static size_t senders(struct build *b, const struct build_trial *t, const struct table_row *row,
                      const char **out, size_t n, size_t most, bool *eut)
{
    const char *subject = build_group_actor(b, t->subject);
    for (size_t k = 0; k < row->n_leg; k++) {
        const struct table_leg *leg = &row->leg[k];
        if (!build_leg_serves(leg, t->use_case) || !(build_sides(leg, subject) & SIDE_TO) ||
            !build_takes_mode(b, row, leg, t->mode))
            continue;
        *eut = *eut || build_first_eut(b, leg->from, leg->n_from) != NULL;
        for (size_t f = 0; f < leg->n_from && n < most; f++)
            if (!build_is_eut(b, leg->from[f]) && build_peer(b, leg->from[f]) != -1 &&
                strcmp(leg->from[f], subject) != 0 && !build_names(out, n, leg->from[f]))
                out[n++] = leg->from[f];
    }
    return n;
}

size_t build_opposite(struct build *b, const struct build_trial *t, const char **out, size_t most)
{
    const struct build_scenario *x = t->scenario;
    size_t n = 0;
    bool eut = false, to = build_subject_side(x->script) == SIDE_TO;
    for (size_t i = 0; i < x->script->n_payload; i++) {
        const struct table_row *row = x->row[i];
        if (!x->leads[i])
            continue;
        if (to)
            n = senders(b, t, row, out, n, most, &eut);
        /* Trials that are listed by their answers: who asks for them. */
        for (size_t k = 0; k < row->n_leg && !to; k++) {
            const struct table_row *command = build_command(x, &row->leg[k]);
            if (command != NULL && command != row)
                n = senders(b, t, command, out, n, most, &eut);
        }
    }
    if ((eut || n == 0) && n < most)
        out[n++] = NULL;
    return n;
}
