#include <string.h>

#include "harness/plan/build_parts.h"

enum { SIDE_FROM = 1, SIDE_TO = 2, SIDE_ANY = 3 };

/* Commands that answers belong to may be answers themselves; nowhere deeper than this. */
#define DEEPEST 3

/* The legs of a row in one kind of trial, and on which side of each the subject stands. */
struct legs {
    const struct table_leg *leg[BUILD_MAX_LEGS];
    unsigned side[BUILD_MAX_LEGS]; /* 0: both ends are other actors */
    size_t n;
    bool thread; /* the subject sends and receives it in the same trial */
};

struct course {
    struct build *b;
    const struct build_trial *t;
    const struct table_row *row;
    struct build_passage *out;
    size_t most, n, wave[BUILD_MAX_ENDS];
};

static size_t walk(struct build *b, const struct build_trial *t, const struct table_row *row,
                   struct build_passage *out, size_t most, int depth, size_t *n_wave);

static unsigned sides(const struct table_leg *leg, const char *actor)
{
    return (build_names(leg->from, leg->n_from, actor) ? SIDE_FROM : 0u) |
           (build_names(leg->to, leg->n_to, actor) ? SIDE_TO : 0u);
}

static bool class_fits(const struct table_leg *leg, const char *device_class)
{
    return leg->device_class[0] == '\0' || strcmp(leg->device_class, device_class) == 0;
}

static bool is_thread(const struct table_row *row)
{
    return strcmp(row->type, "negot-thrd") == 0;
}

static const struct table_row *first_row(const struct build_scenario *x)
{
    return x->row[0];
}

static unsigned subject_side(const struct scenario *s)
{
    return s->subject_from || s->payload[0].expected ? SIDE_FROM : SIDE_TO;
}

static bool share_an_end(const struct table_row *x, const struct table_row *y, unsigned side)
{
    for (size_t i = 0; i < x->n_leg; i++)
        for (size_t k = 0; k < y->n_leg; k++) {
            const struct table_leg *a = &x->leg[i], *c = &y->leg[k];
            size_t n = side == SIDE_FROM ? a->n_from : a->n_to;
            for (size_t j = 0; j < n; j++)
                if (sides(c, side == SIDE_FROM ? a->from[j] : a->to[j]) & side)
                    return true;
        }
    return false;
}

/* Rows that say whom the trials are about: the first listed one, and the scenario's own ones beside
 * it that come from or go to the same kinds of actors and answer nothing. Where the first one is an
 * answer itself, so are the others, of the same subjects. */
static bool leads(const struct build_scenario *x, const struct table_row *row)
{
    const struct scenario *s = x->script;
    const struct table_row *first = first_row(x);
    const struct scenario_payload *p = build_listed(s, row->payload);
    unsigned side = subject_side(s);
    if (row == first)
        return true;
    if (p == NULL || p->row_section != NULL ||
        !share_an_end(row, first, side == SIDE_FROM ? SIDE_TO : SIDE_FROM))
        return false;
    return row->trigger != TRIGGER_COMMAND ||
           (first->trigger == TRIGGER_COMMAND && share_an_end(row, first, side));
}

bool build_is_subject(struct build *b, const struct build_scenario *x, const char *use_case,
                      size_t group)
{
    const struct scenario *s = x->script;
    if (s->unreachable && group < b->statement->n_group)
        return false;
    for (size_t i = 0; i < s->n_payload; i++) {
        const struct table_row *row = x->row[i];
        for (size_t k = 0; row != NULL && leads(x, row) && k < row->n_leg; k++)
            if (build_leg_serves(&row->leg[k], use_case) &&
                (sides(&row->leg[k], build_group_actor(b, group)) & subject_side(s)) &&
                class_fits(&row->leg[k], build_group_class(b, group)))
                return true;
    }
    return false;
}

/* The listed command that a leg answers, NULL when nobody listed asks. */
static const struct table_row *command_of(const struct build *b, const struct build_scenario *x,
                                          const struct table_row *row, const struct table_leg *leg)
{
    const struct scenario *s = x->script;
    int binding = plan_binding_by_payload(b->plan, row->payload);
    const struct scenario_payload *p;
    if (leg->trigger != TRIGGER_COMMAND || leg->command == NULL)
        return NULL;
    p = build_listed(s, leg->command);
    for (size_t i = 0; p == NULL && binding != -1 && i < b->plan->binding[binding].n_reply_to; i++)
        p = build_listed(s, b->plan->binding[binding].replies_to[i]);
    return p == NULL ? NULL : x->row[p - s->payload];
}

/* Played actors that send a row into the subject; *eut: the equipment does, too. */
static size_t senders(struct build *b, const struct build_trial *t, const struct table_row *row,
                      const char **out, size_t n, size_t most, bool *eut)
{
    const char *subject = build_group_actor(b, t->subject);
    for (size_t k = 0; k < row->n_leg; k++) {
        const struct table_leg *leg = &row->leg[k];
        if (!build_leg_serves(leg, t->use_case) || !(sides(leg, subject) & SIDE_TO) ||
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
    bool eut = false;
    for (size_t i = 0; i < x->script->n_payload; i++) {
        const struct table_row *row = x->row[i];
        if (!leads(x, row))
            continue;
        if (subject_side(x->script) == SIDE_TO)
            n = senders(b, t, row, out, n, most, &eut);
        /* Trials that are listed by their answers: who asks for them. */
        for (size_t k = 0; k < row->n_leg && subject_side(x->script) == SIDE_FROM; k++) {
            const struct table_row *command = command_of(b, x, row, &row->leg[k]);
            if (command != NULL && command != row)
                n = senders(b, t, command, out, n, most, &eut);
        }
    }
    if ((eut || n == 0) && n < most)
        out[n++] = NULL;
    return n;
}

static unsigned sides_of_row(const struct table_row *row, const char *use_case, const char *actor)
{
    unsigned all = 0;
    for (size_t i = 0; i < row->n_leg; i++)
        if (build_leg_serves(&row->leg[i], use_case))
            all |= sides(&row->leg[i], actor);
    return all;
}

static void gather(struct build *b, const struct build_trial *t, const struct table_row *row,
                   struct legs *out)
{
    const struct scenario *s = t->scenario->script;
    const char *subject = build_group_actor(b, t->subject);
    bool leading = leads(t->scenario, row);
    out->n = 0;
    out->thread = leading && is_thread(row);
    for (size_t i = 0; i < row->n_leg && out->n < BUILD_MAX_LEGS; i++) {
        const struct table_leg *leg = &row->leg[i];
        const struct table_row *command = command_of(b, t->scenario, row, leg);
        unsigned side = sides(leg, subject), want = SIDE_ANY;
        if (!build_leg_serves(leg, t->use_case) || !build_takes_mode(b, row, leg, t->mode) ||
            (side != 0 && !class_fits(leg, build_group_class(b, t->subject))))
            continue;
        if (leading) {
            want = is_thread(row) ? SIDE_ANY : subject_side(s);
        } else if (command != NULL) {
            unsigned asked = sides_of_row(command, t->use_case, subject);
            if (asked == 0 && leads(t->scenario, command))
                continue; /* it answers what another subject is asked */
            want = asked == SIDE_FROM ? SIDE_TO : asked == SIDE_TO ? SIDE_FROM : SIDE_ANY;
            out->thread = out->thread || is_thread(command);
        }
        if ((side & want) == 0 && (side != 0 || leading))
            continue;
        side &= want;
        if (side == SIDE_ANY)
            side = subject_side(s);
        out->leg[out->n] = leg;
        out->side[out->n++] = side;
    }
}

static enum plan_role role_of(const struct course *c, bool from_eut, bool to_eut)
{
    if (from_eut != to_eut)
        return from_eut ? PLAN_FROM_EUT : PLAN_TO_EUT;
    return !from_eut && build_via(c->b, c->row, c->t->use_case) != NULL ? PLAN_THROUGH_EUT
                                                                        : PLAN_NOT_APPLICABLE;
}

static void put(struct course *c, const struct build_passage *p, size_t wave)
{
    if (p->role == PLAN_NOT_APPLICABLE || c->n == c->most)
        return;
    for (size_t i = 0; i < c->n; i++)
        if (c->out[i].leg == p->leg && c->out[i].role == p->role &&
            c->out[i].endpoint == p->endpoint && c->wave[i] == wave)
            return;
    c->wave[c->n] = wave;
    c->out[c->n++] = *p;
}

/* Who sends it where the subject does not; NULL when nobody can. */
static const char *origin_of(const struct course *c, const struct table_leg *leg)
{
    const char *peer = c->t->peer;
    if (peer != NULL && build_names(leg->from, leg->n_from, peer))
        return peer;
    const char *eut = build_first_eut(c->b, leg->from, leg->n_from);
    return eut != NULL ? eut : build_first_peer(c->b, leg->from, leg->n_from);
}

/* A leg whose other origins take no part in this trial: another leg of the row names the peer. */
static bool of_another(const struct course *c, const struct legs *l, size_t at)
{
    const char *peer = c->t->peer;
    if (peer == NULL || l->side[at] != SIDE_TO ||
        build_names(l->leg[at]->from, l->leg[at]->n_from, peer))
        return false;
    for (size_t i = 0; i < l->n; i++)
        if (l->side[i] == SIDE_TO && build_names(l->leg[i]->from, l->leg[i]->n_from, peer))
            return true;
    return false;
}

static enum plan_cause cause_of(const struct course *c, enum plan_role role, bool asked)
{
    const struct scenario *s = c->t->scenario->script;
    if (role == PLAN_TO_EUT)
        return PLAN_CAUSE_NONE;
    if (role == PLAN_THROUGH_EUT)
        return PLAN_CAUSE_FORWARD;
    if (asked)
        return PLAN_CAUSE_COMMAND;
    return s->n_stimulus > 0 || statement_stimulus_by_name(c->b->statement, c->row->payload) != NULL
               ? PLAN_CAUSE_STIMULUS
               : PLAN_CAUSE_NONE;
}

/* Into the subject: one destination. */
static void into_subject(struct course *c, const struct table_leg *leg, bool asked, size_t wave)
{
    bool subject_eut = c->t->subject < c->b->statement->n_group;
    const char *origin = origin_of(c, leg);
    if (origin == NULL)
        return;
    bool from_eut = build_is_eut(c->b, origin);
    enum plan_role role = role_of(c, from_eut, subject_eut);
    int sender = role == PLAN_TO_EUT && (c->t->peer == NULL || strcmp(origin, c->t->peer) != 0)
                     ? build_peer(c->b, origin)
                     : -1;
    put(c,
        &(struct build_passage){leg, role, cause_of(c, role, asked),
                                role == PLAN_THROUGH_EUT ? build_via(c->b, c->row, c->t->use_case)
                                : from_eut               ? origin
                                                         : build_group_actor(c->b, c->t->subject),
                                NULL, sender},
        wave);
}

/* Whether an actor may ask for it: then it is no copy's destination. */
static bool can_ask(const struct course *c, const struct table_row *command, const char *actor)
{
    return command != NULL && (sides_of_row(command, c->t->use_case, actor) & SIDE_FROM);
}

/* From the subject, or between two others: each destination that no asker is has its own. */
static void outwards(struct course *c, const struct table_leg *leg, bool from_subject,
                     const struct table_row *command, bool asked, size_t wave)
{
    const struct build *b = c->b;
    const char *origin = from_subject ? build_group_actor(b, c->t->subject) : origin_of(c, leg);
    bool from_eut = origin != NULL && (from_subject ? c->t->subject < b->statement->n_group
                                                    : build_is_eut(b, origin));
    size_t played = 0;
    if (origin == NULL)
        return;
    for (size_t i = 0; i < leg->n_to; i++)
        played += !build_is_eut(b, leg->to[i]) && build_peer(b, leg->to[i]) != -1;
    for (size_t i = 0; i < leg->n_to; i++) {
        const char *to = leg->to[i];
        bool to_eut = build_is_eut(b, to);
        enum plan_role role = role_of(c, from_eut, to_eut);
        if ((!to_eut && build_peer(b, to) == -1) || strcmp(to, origin) == 0)
            continue;
        struct build_passage p = {leg, role, cause_of(c, role, asked), NULL, NULL, -1};
        p.eut_actor = role == PLAN_THROUGH_EUT ? build_via(b, c->row, c->t->use_case)
                      : to_eut                 ? to
                                               : origin;
        bool subject = strcmp(to, build_group_actor(b, c->t->subject)) == 0;
        bool requester =
            asked && !to_eut && (subject || (c->t->peer != NULL && strcmp(to, c->t->peer) == 0));
        if (!to_eut && !requester) {
            if (asked && can_ask(c, command, to))
                continue; /* it did not ask, and gets no copy */
            p.endpoint = build_peer(b, to);
            p.only = asked || played > 1 ? to : NULL;
        }
        put(c, &p, wave);
    }
}

/* Whether the harness sends the command of an answer in this trial. */
static bool is_asked(const struct course *c, const struct table_row *command, int depth)
{
    struct build_passage p[BUILD_MAX_ENDS];
    size_t n = command == NULL || depth == DEEPEST
                   ? 0
                   : walk(c->b, c->t, command, p, BUILD_MAX_ENDS, depth + 1, NULL);
    for (size_t i = 0; i < n; i++)
        if (p[i].role == PLAN_TO_EUT || p[i].role == PLAN_THROUGH_EUT)
            return true;
    return false;
}

/* Passages between others are what is left where the subject's own are none of the equipment's;
 * among them forwarding is what is left. */
static void settle(struct course *c, size_t n_own)
{
    bool ends = false;
    for (size_t i = n_own; i < c->n; i++)
        ends = ends || c->out[i].role != PLAN_THROUGH_EUT;
    size_t n = n_own;
    for (size_t i = n_own; i < c->n; i++)
        if (c->out[i].role != PLAN_THROUGH_EUT || (!ends && n_own == 0)) {
            c->wave[n] = c->wave[i];
            c->out[n++] = c->out[i];
        }
    c->n = n;
}

/* One wave for each role, in the order of the legs; the two ways of a thread go together. */
static size_t number_waves(struct course *c, bool thread)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        size_t same = i;
        for (size_t k = 0; k < i; k++)
            if (thread || c->out[k].role == c->out[i].role)
                same = k;
        c->wave[i] = same == i ? n++ : c->wave[same];
    }
    return n;
}

static size_t walk(struct build *b, const struct build_trial *t, const struct table_row *row,
                   struct build_passage *out, size_t most, int depth, size_t *n_wave)
{
    struct course c = {b, t, row, out, most < BUILD_MAX_ENDS ? most : BUILD_MAX_ENDS, 0, {0}};
    struct legs l;
    size_t n_own = 0;
    gather(b, t, row, &l);
    for (int own = 1; own >= 0; own--) {
        for (size_t i = 0; i < l.n; i++) {
            const struct table_row *command = command_of(b, t->scenario, row, l.leg[i]);
            if ((l.side[i] != 0) != (own == 1) || of_another(&c, &l, i))
                continue;
            bool asked = is_asked(&c, command, depth);
            if (l.side[i] == SIDE_TO)
                into_subject(&c, l.leg[i], asked, 0);
            else
                outwards(&c, l.leg[i], l.side[i] == SIDE_FROM, command, asked, 0);
        }
        if (own == 1)
            n_own = c.n;
    }
    settle(&c, n_own);
    size_t waves = number_waves(&c, l.thread), n = 0;
    size_t wave = waves == 0 ? 0 : t->wave < waves ? t->wave : waves - 1;
    for (size_t i = 0; i < c.n; i++)
        if (c.wave[i] == wave)
            out[n++] = out[i];
    if (n_wave != NULL)
        *n_wave = waves;
    return n;
}

size_t build_passages(struct build *b, const struct build_trial *t, const struct table_row *row,
                      struct build_passage *out, size_t most)
{
    return walk(b, t, row, out, most, 0, NULL);
}

size_t build_waves(struct build *b, const struct build_trial *t, const struct table_row *row)
{
    struct build_passage p[BUILD_MAX_ENDS];
    size_t n = 0;
    (void)walk(b, t, row, p, BUILD_MAX_ENDS, 0, &n);
    return n;
}
