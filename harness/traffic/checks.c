/* What contradicts itself, in the document's rows or in what was selected. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "harness/traffic/make.h"

#define HOUR_MILLI_S 3600 /* thousandths of an hour as milliseconds */

static void against(struct making *m, const struct traffic_line *l, const char *text)
{
    make_note(m, TRAFFIC_CONTRADICTION, l->row, l->leg, text);
}

static void check_hours(struct making *m, const struct traffic_line *l)
{
    if (l->hours_milli > 0 && l->hours_milli * HOUR_MILLI_S != l->open_s * 1000)
        against(m, l,
                make_text(m, "a day's events are spread over %g hours, its period %s has %g",
                          (double)l->hours_milli / 1000, l->hours, (double)l->open_s / 3600));
}

static void check_range(struct making *m, const struct traffic_line *l)
{
    const struct ratio *r = l->rate;
    if (!l->of_events && (ratio_order(r[TRAFFIC_SELECTED], r[TRAFFIC_LOW]) < 0 ||
                          ratio_order(r[TRAFFIC_SELECTED], r[TRAFFIC_HIGH]) > 0))
        against(m, l,
                make_text(m, "selected are %g a day, its cell has %g to %g",
                          ratio_value(r[TRAFFIC_SELECTED]), ratio_value(r[TRAFFIC_LOW]),
                          ratio_value(r[TRAFFIC_HIGH])));
    if (l->size[TRAFFIC_SELECTED] < l->size[TRAFFIC_LOW] ||
        l->size[TRAFFIC_SELECTED] > l->size[TRAFFIC_HIGH])
        against(m, l,
                make_text(m, "selected are %" PRId64 " bytes, its cell has %" PRId64 " to %" PRId64,
                          l->size[TRAFFIC_SELECTED], l->size[TRAFFIC_LOW], l->size[TRAFFIC_HIGH]));
    for (int end = TRAFFIC_LOW; end <= TRAFFIC_HIGH && l->tied; end += TRAFFIC_HIGH)
        if (ratio_order(r[TRAFFIC_SELECTED], r[end]) == 0 &&
            l->size[TRAFFIC_SELECTED] == l->size[end] &&
            ratio_order(r[TRAFFIC_LOW], r[TRAFFIC_HIGH]) != 0)
            against(m, l,
                    make_text(m,
                              "%g a day of %" PRId64 " bytes: its most often goes with its "
                              "least bytes, and the other way",
                              ratio_value(r[end]), l->size[end]));
}

static bool is_error(const struct table_row *row)
{
    return strstr(row->type, "err") != NULL;
}

/* Answers come as often as what they answer. */
static void check_answers(struct making *m, const struct traffic_line *l)
{
    struct ratio commands = ratio_of(0, 1), answers = l->events[TRAFFIC_SELECTED];
    if (l->leg->trigger != TRIGGER_COMMAND || l->leg->command == NULL || is_error(l->row))
        return;
    for (size_t i = 0; i < m->t->n_line; i++) {
        const struct traffic_line *c = &m->t->line[i];
        if (c->direction != l->direction && table_leg_answers(l->leg, c->row->payload))
            commands = ratio_plus(commands, c->events[TRAFFIC_SELECTED]);
    }
    double x = ratio_value(answers), y = ratio_value(commands);
    if (y > 0 && (x < y * 0.99 || x > y * 1.01))
        against(m, l,
                make_text(m, "it comes %g times a day, what it answers, %s, %g times", x,
                          l->leg->command, y));
}

/* What is counted is answered over the same interface, and the answer is not counted. */
static void check_unanswered(struct making *m, const struct traffic_line *l)
{
    const struct table *t = m->t->table;
    for (size_t i = 0; i < t->n_row; i++) {
        if (strcmp(m->row[i].section, l->row->section) != 0 || is_error(&m->row[i]))
            continue;
        for (size_t k = 0; k < m->row[i].n_leg; k++) {
            const struct table_leg *leg = &m->row[i].leg[k];
            enum traffic_direction d;
            const char *far;
            bool counted = false;
            if (!table_leg_answers(leg, l->row->payload) ||
                (leg->use_case[0] != '\0' && !make_in_scope(m, &m->row[i], leg->use_case)) ||
                !make_crosses(m, &m->row[i], leg, &d, &far) || d == l->direction ||
                strcmp(far, l->far) != 0)
                continue;
            for (size_t n = 0; n < m->t->n_line && !counted; n++)
                counted = m->t->line[n].leg == leg;
            if (!counted)
                against(m, l,
                        make_text(m, "its answer, %s, reading %s, is not counted", m->row[i].id,
                                  leg->id));
        }
    }
}

static void check_mix(struct making *m)
{
    const struct profile_mix *mix = m->t->mix;
    int64_t off = 0;
    for (size_t i = 0; mix != NULL && m->t->of_devices && i < mix->n_part; i++) {
        bool on = false;
        for (size_t k = 0; k < m->t->n_pair; k++)
            on = on || strcmp(m->t->pair[k].far, mix->part[i].actor) == 0;
        off += on ? 0 : mix->part[i].ppm;
    }
    if (off > 0)
        make_note(m, TRAFFIC_CONTRADICTION, NULL, NULL,
                  make_text(m, "%g %% of the endpoints of mix \"%s\" are not at this interface",
                            (double)off / 10000, mix->name));
}

/* An answer whose message is counted comes with it. */
static void note_following(struct making *m)
{
    for (size_t i = 0; i < m->t->n_line; i++) {
        struct traffic_line *l = &m->line[i];
        if (l->leg->trigger != TRIGGER_COMMAND || (l->given != NULL && l->given->arrive.by.given))
            continue;
        for (size_t k = 0; k < m->t->n_line; k++) {
            const struct traffic_line *c = &m->t->line[k];
            l->follows =
                l->follows ||
                (c->direction != l->direction && c->leg->trigger != TRIGGER_COMMAND &&
                 c->events[TRAFFIC_SELECTED].num > 0 && table_leg_answers(l->leg, c->row->payload));
        }
    }
}

void make_checks(struct making *m)
{
    note_following(m);
    check_mix(m);
    for (size_t i = 0; i < m->t->n_line && m->rc == ERR_OK; i++) {
        const struct traffic_line *l = &m->t->line[i];
        check_hours(m, l);
        check_range(m, l);
        check_answers(m, l);
        check_unanswered(m, l);
    }
}
