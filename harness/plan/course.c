#include <string.h>

#include "harness/plan/build_parts.h"

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

static bool is_thread(const struct table_row *row)
{
    return strcmp(row->type, "negot-thrd") == 0;
}

static unsigned sides_of_row(const struct table_row *row, const char *use_case, const char *actor)
{
    unsigned all = 0;
    for (size_t i = 0; i < row->n_leg; i++)
        if (build_leg_serves(&row->leg[i], use_case))
            all |= build_sides(&row->leg[i], actor);
    return all;
}

/* Whether a row answers what is asked of other subjects than this trial's. */
static bool of_other_subjects(const struct build_trial *t, const struct table_row *row,
                              const char *subject)
{
    for (size_t i = 0; i < row->n_leg; i++) {
        const struct table_row *command = build_command(t->scenario, &row->leg[i]);
        if (command != NULL && build_is_lead(t->scenario, command) &&
            sides_of_row(command, t->use_case, subject) == 0)
            return true;
    }
    return false;
}

/* Beside legs of the subject's own, one between two others counts only where it goes on, of its
 * own accord, with what the subject's arrived with: its origin is a destination there. */
static void drop_siblings(struct legs *l)
{
    bool own = false;
    for (size_t i = 0; i < l->n; i++)
        own = own || l->side[i] != 0;
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++) {
        bool keep = l->side[i] != 0 || !own || l->thread;
        bool answers = l->leg[i]->trigger == TRIGGER_COMMAND;
        for (size_t k = 0; k < l->n && !keep && !answers; k++)
            for (size_t f = 0; f < l->leg[i]->n_from && l->side[k] != 0; f++)
                keep = keep || build_names(l->leg[k]->to, l->leg[k]->n_to, l->leg[i]->from[f]);
        if (!keep)
            continue;
        l->side[n] = l->side[i];
        l->leg[n++] = l->leg[i];
    }
    l->n = n;
}

static void gather(struct build *b, const struct build_trial *t, const struct table_row *row,
                   struct legs *out)
{
    const struct scenario *s = t->scenario->script;
    const char *subject = build_group_actor(b, t->subject);
    bool leading = build_is_lead(t->scenario, row);
    out->n = 0;
    out->thread = leading && is_thread(row);
    if (!leading && of_other_subjects(t, row, subject))
        return;
    for (size_t i = 0; i < row->n_leg && out->n < BUILD_MAX_LEGS; i++) {
        const struct table_leg *leg = &row->leg[i];
        const struct table_row *command = build_command(t->scenario, leg);
        unsigned side = build_sides(leg, subject), want = SIDE_ANY;
        if (!build_leg_serves(leg, t->use_case) || !build_takes_mode(b, row, leg, t->mode) ||
            (side != 0 && !build_class_fits(leg, build_group_class(b, t->subject))))
            continue;
        if (leading) {
            want = is_thread(row) ? SIDE_ANY : build_subject_side(s);
        } else if (command != NULL) {
            unsigned asked = sides_of_row(command, t->use_case, subject);
            if (build_is_lead(t->scenario, command) && !is_thread(command))
                asked &= build_subject_side(s);
            want = asked == SIDE_FROM ? SIDE_TO : asked == SIDE_TO ? SIDE_FROM : SIDE_ANY;
            out->thread = out->thread || is_thread(command);
        }
        if ((side & want) == 0 && (side != 0 || leading))
            continue;
        side &= want;
        if (side == SIDE_ANY)
            side = build_subject_side(s);
        out->leg[out->n] = leg;
        out->side[out->n++] = side;
    }
    drop_siblings(out);
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
        &(struct build_passage){.leg = leg,
                                .role = role,
                                .origin = origin,
                                .cause = cause_of(c, role, asked),
                                .eut_actor = role == PLAN_THROUGH_EUT
                                                 ? build_via(c->b, c->row, c->t->use_case)
                                             : from_eut ? origin
                                                        : build_group_actor(c->b, c->t->subject),
                                .endpoint = sender},
        wave);
}

/* The command of an answer as it passes in this trial: who asks, whether through the harness. */
struct asking {
    const struct table_row *command;
    const char *by; /* NULL: nobody */
    bool asked;     /* the harness sends it */
};

/* Whether an actor may ask for it: then it is no copy's destination. */
static bool can_ask(const struct course *c, const struct table_row *command, const char *actor)
{
    return command != NULL && (sides_of_row(command, c->t->use_case, actor) & SIDE_FROM);
}

/* From the subject, or between two others: each destination that no asker is has its own. */
static void outwards(struct course *c, const struct table_leg *leg, bool from_subject,
                     const struct asking *ask, size_t wave)
{
    bool asked = ask->asked;
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
        bool may_ask = can_ask(c, ask->command, to);
        if ((!to_eut && build_peer(b, to) == -1) || strcmp(to, origin) == 0 ||
            (to_eut && may_ask && ask->by != NULL && strcmp(to, ask->by) != 0))
            continue;
        struct build_passage p = {.leg = leg,
                                  .role = role,
                                  .origin = origin,
                                  .cause = cause_of(c, role, asked),
                                  .to = to,
                                  .endpoint = -1};
        p.eut_actor = role == PLAN_THROUGH_EUT ? build_via(b, c->row, c->t->use_case)
                      : to_eut                 ? to
                                               : origin;
        bool subject = strcmp(to, build_group_actor(b, c->t->subject)) == 0;
        bool requester =
            asked && !to_eut && (subject || (c->t->peer != NULL && strcmp(to, c->t->peer) == 0));
        if (role == PLAN_TO_EUT && !from_subject &&
            (c->t->peer == NULL || strcmp(origin, c->t->peer) != 0))
            p.endpoint = build_peer(b, origin);
        if (!to_eut && !requester) {
            if (asked && may_ask)
                continue; /* it did not ask, and gets no copy */
            p.endpoint = build_peer(b, to);
            p.apart = asked || played > 1;
        }
        put(c, &p, wave);
    }
}

static struct asking find_asking(const struct course *c, const struct table_row *command, int depth)
{
    struct build_passage p[BUILD_MAX_ENDS];
    struct asking a = {command, NULL, false};
    size_t n = command == NULL || depth == DEEPEST
                   ? 0
                   : walk(c->b, c->t, command, p, BUILD_MAX_ENDS, depth + 1, NULL);
    for (size_t i = 0; i < n; i++) {
        a.asked = a.asked || p[i].role == PLAN_TO_EUT || p[i].role == PLAN_THROUGH_EUT;
        a.by = p[i].origin;
    }
    return a;
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

/* Others than the subject that send the same by different legs take turns. */
static bool alternatives(const struct course *c, const struct build_passage *x,
                         const struct build_passage *y)
{
    const char *subject = build_group_actor(c->b, c->t->subject);
    return x->leg != y->leg && strcmp(x->origin, y->origin) != 0 &&
           strcmp(x->origin, subject) != 0 && strcmp(y->origin, subject) != 0;
}

/* Whether two passages belong to the same trial. The two ways of a thread do, and so does what is
 * sent of its own accord with what answers; else those of one role that are no alternatives. */
static bool together(const struct course *c, bool thread, const struct build_passage *x,
                     const struct build_passage *y)
{
    bool answers = x->leg->trigger == TRIGGER_COMMAND;
    return thread || answers != (y->leg->trigger == TRIGGER_COMMAND) ||
           (x->role == y->role && !alternatives(c, x, y));
}

static size_t number_waves(struct course *c, bool thread)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        size_t same = i;
        for (size_t k = 0; k < i; k++)
            if (together(c, thread, &c->out[k], &c->out[i]))
                same = k;
        c->wave[i] = same == i ? n++ : c->wave[same];
    }
    return n;
}

/* A supporting payload of a row that does not serve the trial's use case runs under its own. */
static const char *use_of(const struct build_trial *t, const struct table_row *row)
{
    return row->n_use_case == 0 || build_names(row->use_case, row->n_use_case, t->use_case)
               ? t->use_case
               : row->use_case[0];
}

static size_t walk(struct build *b, const struct build_trial *of, const struct table_row *row,
                   struct build_passage *out, size_t most, int depth, size_t *n_wave)
{
    struct build_trial own_use = *of;
    const struct build_trial *t = &own_use;
    struct course c = {b, t, row, out, most < BUILD_MAX_ENDS ? most : BUILD_MAX_ENDS, 0, {0}};
    struct legs l;
    size_t n_own = 0;
    own_use.use_case = use_of(of, row);
    gather(b, t, row, &l);
    for (int own = 1; own >= 0; own--) {
        for (size_t i = 0; i < l.n; i++) {
            const struct table_row *command = build_command(t->scenario, l.leg[i]);
            if ((l.side[i] != 0) != (own == 1) || of_another(&c, &l, i))
                continue;
            struct asking ask = find_asking(&c, command, depth);
            if (l.side[i] == SIDE_TO)
                into_subject(&c, l.leg[i], ask.asked, 0);
            else
                outwards(&c, l.leg[i], l.side[i] == SIDE_FROM, &ask, 0);
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
