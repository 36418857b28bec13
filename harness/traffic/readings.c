/* Step 3: the readings that are counted, and those that are not, with the reason. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/traffic/make.h"

static const struct profile_event *
given_for(const struct profile_traffic *f, const struct table_row *row, const struct table_leg *leg)
{
    const struct profile_event *any = NULL;
    for (size_t i = 0; i < f->n_event; i++) {
        if (strcmp(f->event[i].row, row->id) != 0)
            continue;
        if (strcmp(f->event[i].leg, leg->id) == 0)
            return &f->event[i];
        if (strcmp(f->event[i].leg, "*") == 0)
            any = &f->event[i];
    }
    return any;
}

static bool same(const char *a, const char *b)
{
    return (a == NULL) == (b == NULL) && (a == NULL || strcmp(a, b) == 0);
}

/* A line before that says the same: the document repeats some rows in another scenario. */
static const struct traffic_line *repeated(const struct traffic *t, const struct table_row *row,
                                           const struct table_leg *leg)
{
    static const enum table_cell cell[] = {CELL_FROM, CELL_TO, CELL_WHEN, CELL_HOW_OFTEN,
                                           CELL_SIZE};
    for (size_t i = 0; i < t->n_line; i++) {
        const struct traffic_line *l = &t->line[i];
        bool equal = l->row != row && strcmp(l->row->payload, row->payload) == 0 &&
                     strcmp(l->leg->id, leg->id) == 0 && same(l->leg->command, leg->command);
        for (size_t c = 0; c < sizeof cell / sizeof cell[0] && equal; c++)
            equal = same(l->row->cell[cell[c]], row->cell[cell[c]]);
        if (equal)
            return l;
    }
    return NULL;
}

/* Actors of the end beyond the near side that the profile's counterparts let pass. */
static size_t counterparts(const struct profile_traffic *f, const char *const *actor, size_t n,
                           const char **out)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        bool in = f->n_counterpart == 0;
        for (size_t k = 0; k < f->n_counterpart; k++)
            in = in || strcmp(f->counterpart[k].actor, actor[i]) == 0;
        if (in)
            out[m++] = actor[i];
    }
    return m;
}

static void add(struct making *m, const struct traffic_line *model, const struct table_rate *rate)
{
    struct traffic_line l = *model;
    if (!make_values(m, &l, rate))
        return;
    if (m->t->n_line == MAKE_LINES)
        make_fault(m, ERR_LIMIT, "more than %d readings over one interface", MAKE_LINES);
    else
        m->line[m->t->n_line++] = l;
}

static const char *why_out(struct making *m, const struct table_row *row,
                           const struct table_leg *leg, const struct profile_event *given,
                           size_t n_other)
{
    const struct profile_traffic *f = m->t->given;
    const struct traffic_line *before = repeated(m->t, row, leg);
    if (given != NULL && given->out)
        return make_text(m, "left out by the profile: %s", given->by.source);
    if (n_other == 0)
        return "its other end is none of the profile's counterparts";
    if (given == NULL && f->listed)
        return "not among the events that the profile lists";
    if (given == NULL && before != NULL)
        return make_text(m, "repeats %s: the document has the row twice", before->row->id);
    return NULL;
}

static void read_leg(struct making *m, const struct table_row *row, const struct table_leg *leg)
{
    const struct profile_traffic *f = m->t->given;
    struct traffic_line l = {.row = row, .leg = leg, .device_class = leg->device_class};
    if (!make_crosses(m, row, leg, &l.direction, &l.far))
        return;
    bool down = l.direction == TRAFFIC_DOWN;
    size_t n = down ? leg->n_from : leg->n_to, n_other;
    const char **other = make_room(m, n * sizeof *other);
    if (other == NULL)
        return;
    n_other = counterparts(f, down ? leg->from : leg->to, n, other);
    l.given = given_for(f, row, leg);
    const char *why = why_out(m, row, leg, l.given, n_other);
    if (why != NULL) {
        make_note(m, TRAFFIC_LEFT_OUT, row, leg, why);
        return;
    }
    l.from = down ? make_join(m, other, n_other) : l.far;
    l.to = down ? l.far : make_join(m, other, n_other);
    l.copies = f->each_destination && !down ? (int64_t)n_other : 1;
    if (leg->n_how_often == 0 || (l.given != NULL && l.given->often.by.given)) {
        add(m, &l, leg->n_how_often == 0 ? NULL : &leg->how_often[0]);
        return;
    }
    for (size_t i = 0; i < leg->n_how_often; i++)
        add(m, &l, &leg->how_often[i]);
}

static bool leg_in_scope(const struct making *m, const struct table_row *row,
                         const struct table_leg *leg)
{
    if (leg->use_case[0] != '\0')
        return make_in_scope(m, row, leg->use_case);
    for (size_t i = 0; i < row->n_use_case; i++)
        if (make_in_scope(m, row, row->use_case[i]))
            return true;
    return false;
}

/* ---- what the text counts: pairings of actors --------------------------------------------------
 */

struct pairing {
    const char *from, *to;
};

static int by_names(const void *a, const void *b)
{
    const struct pairing *x = a, *y = b;
    int order = strcmp(x->from, y->from);
    return order != 0 ? order : strcmp(x->to, y->to);
}

static void count_pairings(struct making *m)
{
    const struct table *t = m->t->table;
    size_t most = 0, n = 0;
    for (int pass = 0; pass < 2; pass++) {
        struct pairing *all = pass == 0 ? NULL : calloc(most + 1, sizeof *all);
        if (pass == 1 && all == NULL) {
            make_fault(m, ERR_NOMEM, "no memory for %zu pairings", most);
            return;
        }
        for (size_t i = 0; i < t->n_row; i++)
            for (size_t k = 0; k < m->row[i].n_leg; k++) {
                const struct table_leg *leg = &m->row[i].leg[k];
                if (!leg_in_scope(m, &m->row[i], leg))
                    continue;
                most += pass == 0 ? leg->n_from * leg->n_to : 0;
                for (size_t x = 0; x < leg->n_from && pass == 1; x++)
                    for (size_t y = 0; y < leg->n_to; y++)
                        all[n++] = (struct pairing){leg->from[x], leg->to[y]};
            }
        if (pass == 0)
            continue;
        qsort(all, n, sizeof *all, by_names);
        for (size_t i = 0; i < n; i++)
            m->t->n_pairing += i == 0 || by_names(&all[i - 1], &all[i]) != 0;
        free(all);
    }
}

static void name_use_cases(struct making *m)
{
    const struct table *t = m->t->table;
    const char *all = "";
    for (size_t u = 0; u < t->n_use_case; u++) {
        bool in = false;
        for (size_t i = 0; i < t->n_row && !in; i++)
            for (size_t k = 0; k < m->row[i].n_use_case && !in; k++)
                in = strcmp(m->row[i].use_case[k], t->use_case[u].name) == 0 &&
                     make_in_scope(m, &m->row[i], t->use_case[u].name);
        if (in)
            all = all[0] == '\0' ? t->use_case[u].name
                                 : make_text(m, "%s, %s", all, t->use_case[u].name);
    }
    m->t->use_case = all;
}

void make_readings(struct making *m)
{
    const struct table *t = m->t->table;
    name_use_cases(m);
    count_pairings(m);
    for (size_t i = 0; i < t->n_row && m->rc == ERR_OK; i++)
        for (size_t k = 0; k < m->row[i].n_leg && m->rc == ERR_OK; k++)
            if (leg_in_scope(m, &m->row[i], &m->row[i].leg[k]))
                read_leg(m, &m->row[i], &m->row[i].leg[k]);
    make_left_by_deployment(m);
    if (m->rc == ERR_OK && m->t->n_line + m->t->n_note == 0)
        make_fault(m, ERR_SCOPE,
                   "%s: no row of its use cases crosses %s: expected a <path> through both sides",
                   m->t->profile->path, m->t->interface);
    const struct profile_traffic *f = m->t->given;
    for (size_t i = 0; i < f->n_event && m->rc == ERR_OK; i++) {
        const struct profile_event *v = &f->event[i];
        bool met = false;
        for (size_t k = 0; k < m->t->n_line && !met; k++)
            met = m->line[k].given == v;
        for (size_t k = 0; k < m->t->n_note && !met; k++)
            met = strcmp(m->note[k].row, v->row) == 0 &&
                  (strcmp(v->leg, "*") == 0 || strcmp(m->note[k].leg, v->leg) == 0);
        if (!met)
            make_fault(m, ERR_SCOPE,
                       "%s:%ld: %s, reading %s, does not cross %s, or is of no use case in scope",
                       m->t->profile->path, v->by.line, v->row, v->leg, m->t->interface);
    }
}
