/* Steps 4 and 5: one value of each range, and what the document leaves open. */
#include <inttypes.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/profile/often.h"
#include "harness/traffic/make.h"

#define MILLION 1000000
#define DAY_NS (TRAFFIC_DAY_S * NS_PER_S)

static bool missing(struct making *m, const struct traffic_line *l, const char *text)
{
    make_note(m, TRAFFIC_MISSING, l->row, l->leg, text);
    return false;
}

/* The profile's value for a letter in that member of a cell; *name the letter, NULL none stands
 * there. */
static const struct profile_parameter *letter(struct making *m, const struct traffic_line *l,
                                              enum table_cell cell, const char *member,
                                              const char **name)
{
    const struct table_parameter *first = NULL;
    for (size_t i = 0; i < l->leg->n_parameter; i++) {
        const struct table_parameter *p = &l->leg->parameter[i];
        if (p->cell == cell && (first == NULL || (member != NULL && strcmp(p->text, member) == 0)))
            first = p;
    }
    *name = first == NULL ? NULL : first->name;
    return first == NULL ? NULL : often_parameter(m->t->profile, l->row, first->name);
}

static const char *pick_word(const struct making *m)
{
    static const char *const word[PICK_COUNT] = {"the most", "the least", "the middle"};
    return word[m->t->given->pick];
}

static const char *pick_source(struct making *m)
{
    const struct profile_ground *by = &m->t->given->pick_by;
    if (by->given)
        return by->source;
    make_note(m, TRAFFIC_ASSUMED, NULL, NULL,
              "of a range for which the profile selects no value the greatest is taken");
    return "as nothing is selected";
}

/* ---- how often ---------------------------------------------------------------------------------
 */

/* How many periods a day has: all of them, or those in the hours that the row keeps to. */
static bool periods_a_day(struct making *m, const struct traffic_line *l,
                          const struct table_rate *r, struct ratio *out)
{
    if (r->period_ns > 0 && r->period_ns >= DAY_NS)
        *out = ratio_of(DAY_NS, r->period_ns);
    else if (r->period_ns > 0)
        *out = ratio_of(l->open_s * NS_PER_S, r->period_ns);
    else {
        const struct kinds_period *p = kinds_period(m->t->kinds, r->period);
        if (p == NULL)
            return false;
        *out = ratio_over(ratio_of(1, 1), p->days);
    }
    return true;
}

static void by_table(struct making *m, struct traffic_line *l, const struct table_rate *r,
                     struct ratio a_day)
{
    struct ratio each = ratio_over(a_day, ratio_of(r->per, 1));
    l->rate[TRAFFIC_LOW] = ratio_times(ratio_of(r->times_min, 1), each);
    l->rate[TRAFFIC_HIGH] = ratio_times(ratio_of(r->times_max, 1), each);
    switch (m->t->given->pick) {
    case PICK_LOW:
        l->rate[TRAFFIC_SELECTED] = l->rate[TRAFFIC_LOW];
        break;
    case PICK_MIDDLE:
        l->rate[TRAFFIC_SELECTED] =
            ratio_times(ratio_plus(l->rate[TRAFFIC_LOW], l->rate[TRAFFIC_HIGH]), ratio_of(1, 2));
        break;
    case PICK_HIGH:
    case PICK_COUNT:
        l->rate[TRAFFIC_SELECTED] = l->rate[TRAFFIC_HIGH];
        break;
    }
    l->rate_by = r->times_min == r->times_max
                     ? "table"
                     : make_text(m, "%s of the table's %" PRId64 "-%" PRId64 ", %s", pick_word(m),
                                 r->times_min, r->times_max, pick_source(m));
}

static void all_alike(struct ratio value, struct ratio out[TRAFFIC_LEVELS])
{
    for (int k = 0; k < TRAFFIC_LEVELS; k++)
        out[k] = value;
}

/* What the table says, where it says something. */
static bool rate_of_table(struct making *m, struct traffic_line *l, const struct table_rate *r)
{
    const char *name;
    const struct profile_parameter *given =
        letter(m, l, CELL_HOW_OFTEN, r == NULL ? NULL : r->text, &name);
    struct ratio a_day = ratio_of(1, 1);
    if (r == NULL) { /* "See REQMTS Table" */
        if (given == NULL && name != NULL)
            return missing(
                m, l,
                make_text(m, "how often: %s, and the profile has no <parameter> for it", name));
        if (given == NULL)
            return missing(m, l,
                           l->leg->why_rate != NULL ? l->leg->why_rate
                                                    : "the document does not say how often");
        l->period = "day";
        all_alike(ratio_of(given->micro, MILLION), l->rate);
        l->rate_by = given->source;
        return true;
    }
    l->population = r->population;
    l->period = r->period;
    const struct kinds_cause *cause = kinds_cause(m->t->kinds, r->period);
    if (cause != NULL) {
        l->of_events = true;
        l->of = cause->payload;
    } else if (!periods_a_day(m, l, r, &a_day)) {
        return missing(m, l, make_text(m, "how often: \"%s\" is no fixed rate", r->text));
    }
    if (r->times_max == -1 && given == NULL)
        return missing(m, l,
                       make_text(m, "how often: \"%s\", and the profile has no <parameter> %s",
                                 r->text, name == NULL ? "for it" : name));
    if (r->times_max == -1) {
        all_alike(
            ratio_times(ratio_over(a_day, ratio_of(r->per, 1)), ratio_of(given->micro, MILLION)),
            l->rate);
        l->rate_by = given->source;
        return true;
    }
    by_table(m, l, r, a_day);
    return true;
}

static bool rate_of(struct making *m, struct traffic_line *l, const struct table_rate *r)
{
    const struct profile_event *g = l->given;
    bool own = g != NULL && g->often.by.given;
    if (!own)
        return rate_of_table(m, l, r);
    struct ratio selected =
        ratio_over(ratio_of(g->often.micro, MILLION), ratio_of(g->often.per, 1));
    struct ratio a_day;
    bool ranged = r != NULL && r->times_max != -1 && g->often.of == NULL &&
                  kinds_cause(m->t->kinds, r->period) == NULL && periods_a_day(m, l, r, &a_day);
    l->population = r == NULL || g->often.of != NULL ? "" : r->population;
    l->period = "day";
    all_alike(selected, l->rate);
    if (ranged) { /* the table's ends stand beside it */
        by_table(m, l, r, a_day);
        l->rate[TRAFFIC_SELECTED] = selected;
    }
    l->rate_by = g->often.by.source;
    l->of_events = g->often.of != NULL;
    l->of = g->often.of;
    return true;
}

/* ---- how many of the endpoints -----------------------------------------------------------------
 */

static bool on_interface(const struct traffic *t, const char *actor)
{
    if (!t->of_devices) /* they are behind it */
        return true;
    for (size_t i = 0; i < t->n_pair; i++)
        if (strcmp(t->pair[i].far, actor) == 0)
            return true;
    return false;
}

static bool is_end(const struct table_leg *leg, const char *actor)
{
    for (size_t i = 0; i < leg->n_from; i++)
        if (strcmp(leg->from[i], actor) == 0)
            return true;
    for (size_t i = 0; i < leg->n_to; i++)
        if (strcmp(leg->to[i], actor) == 0)
            return true;
    return false;
}

static bool at_far_end(const struct traffic *t, const struct traffic_line *l, const char *actor)
{
    if (!t->of_devices)
        return is_end(l->leg, actor);
    const char *const *end = l->direction == TRAFFIC_DOWN ? l->leg->to : l->leg->from;
    size_t n = l->direction == TRAFFIC_DOWN ? l->leg->n_to : l->leg->n_from;
    bool ends_here = false;
    for (size_t i = 0; i < n; i++)
        ends_here = ends_here || strcmp(end[i], l->far) == 0;
    if (!ends_here)
        return true; /* it goes on beyond the endpoint */
    for (size_t i = 0; i < n; i++)
        if (strcmp(end[i], actor) == 0)
            return true;
    return false;
}

/* 1: counted by the population, 0: not, -1: the mix does not tell. */
static int counts(const struct kinds_population *p, const char *device_class,
                  const struct profile_mix_part *part)
{
    int best = p == NULL ? 1 : 0;
    for (size_t i = 0; p != NULL && i < p->n_member; i++) {
        if (strcmp(p->member[i].actor, part->actor) != 0)
            continue;
        const char *wanted = p->member[i].device_class;
        if (wanted[0] == '\0' || strcmp(wanted, part->device_class) == 0)
            best = 1;
        else if (part->device_class[0] == '\0' && best == 0)
            best = -1;
    }
    if (best != 1 || device_class[0] == '\0' || strcmp(device_class, part->device_class) == 0)
        return best;
    return part->device_class[0] == '\0' ? -1 : 0;
}

static bool share_of_mix(struct making *m, struct traffic_line *l, const struct kinds_population *p)
{
    const struct profile_mix *mix = m->t->mix;
    int64_t ppm = 0;
    for (size_t i = 0; i < mix->n_part; i++) {
        const struct profile_mix_part *part = &mix->part[i];
        int in = on_interface(m->t, part->actor) && at_far_end(m->t, l, part->actor)
                     ? counts(p, l->leg->device_class, part)
                     : 0;
        if (in < 0)
            return missing(m, l,
                           make_text(m, "mix \"%s\" does not say which part of %s is %s", mix->name,
                                     part->actor, l->device_class));
        ppm += in * part->ppm;
    }
    l->share = ratio_of(ppm, MILLION);
    l->share_by = mix->by.source;
    return true;
}

/* Bits of the mix's parts whose devices it can be about. */
static uint64_t parts_of(const struct making *m, const struct traffic_line *l,
                         const struct kinds_population *p)
{
    const struct profile_mix *mix = m->t->mix;
    uint64_t bits = 0;
    for (size_t i = 0; mix != NULL && i < mix->n_part; i++)
        if (on_interface(m->t, mix->part[i].actor) && at_far_end(m->t, l, mix->part[i].actor) &&
            (p != NULL && p->one_per != ONE_PER_MEMBER
                 ? 1
                 : counts(p, l->leg->device_class, &mix->part[i])) == 1)
            bits |= UINT64_C(1) << i;
    return bits;
}

static bool share_without_mix(struct making *m, struct traffic_line *l,
                              const struct kinds_population *p)
{
    int part = 0;
    for (size_t i = 0; p != NULL && i < p->n_member; i++)
        part = part == 1 || (strcmp(p->member[i].actor, l->far) == 0 &&
                             p->member[i].device_class[0] == '\0')
                   ? 1
                   : part;
    if (!m->t->of_devices || (p != NULL && part == 0) || l->leg->device_class[0] != '\0' ||
        m->t->n_pair > 1)
        return missing(m, l,
                       make_text(m,
                                 "of the endpoints it concerns a part (%s): expected <mix>, or "
                                 "<endpoints> of the profile",
                                 l->population[0] != '\0'          ? l->population
                                 : l->leg->device_class[0] != '\0' ? l->leg->device_class
                                                                   : "one kind of several"));
    l->share = ratio_of(1, 1);
    l->share_by = "all endpoints are of one kind";
    return true;
}

static void class_of(struct traffic_line *l, const struct kinds_population *p)
{
    for (size_t i = 0; p != NULL && i < p->n_member && l->device_class[0] == '\0'; i++)
        l->device_class = p->member[i].device_class;
}

static bool share_of_devices(struct making *m, struct traffic_line *l)
{
    const struct profile_traffic *f = m->t->given;
    const struct kinds_population *p =
        l->population[0] == '\0' ? NULL : kinds_population(m->t->kinds, l->population);
    class_of(l, p);
    l->parts = m->t->of_devices ? parts_of(m, l, p) : 0;
    if (l->given != NULL && l->given->share.by.given) {
        l->share = ratio_of(l->given->share.ppm, MILLION);
        l->share_by = l->given->share.by.source;
        return true;
    }
    if (l->of_events) {
        l->share = ratio_of(1, 1);
        l->share_by = "as its causes";
        return true;
    }
    for (size_t i = 0; i < f->n_population; i++)
        if (strcmp(f->population[i].name, l->population) == 0) {
            l->share = ratio_of(f->population[i].ppm, MILLION);
            l->subset = true;
            l->share_by = f->population[i].by.source;
            return true;
        }
    if (l->population[0] != '\0' && p == NULL)
        return missing(m, l,
                       make_text(m,
                                 "how many %s there are for each hundred endpoints: expected "
                                 "<population name=\"%s\">",
                                 l->population, l->population));
    if (p != NULL && p->one_per != ONE_PER_MEMBER) {
        bool deployment = p->one_per == ONE_PER_DEPLOYMENT;
        int64_t of = deployment ? m->t->endpoints : m->t->per_aggregator;
        if (of == 0)
            return missing(m, l,
                           make_text(m, "it counts by %s: expected <scale %s=>", l->population,
                                     deployment ? "endpoints" : "per-aggregator"));
        l->share = ratio_of(1, of);
        l->share_by = f->scale_by.given ? f->scale_by.source : "<endpoints> of the profile";
        return true;
    }
    return m->t->mix != NULL ? share_of_mix(m, l, p) : share_without_mix(m, l, p);
}

/* An aggregator or a system has the traffic of all devices behind it. */
static bool share_of(struct making *m, struct traffic_line *l)
{
    if (!share_of_devices(m, l))
        return false;
    if (l->of_events || m->t->of_devices)
        return true;
    if (m->t->behind == 0)
        return missing(m, l,
                       make_text(m,
                                 "how many devices there are for each %s: expected <scale>, or "
                                 "<endpoints> of the profile",
                                 l->far));
    l->share = ratio_times(l->share, ratio_of(m->t->behind, 1));
    return true;
}

/* ---- how many bytes ----------------------------------------------------------------------------
 */

/* Of several admissible sizes the greatest; k is 1000 or 1024 as the profile says. */
static int64_t greatest(const struct making *m, const struct table_leg *leg)
{
    int64_t strict = leg->size_max_bytes, lax = leg->size_max_lax_bytes;
    bool of_k = lax % 1024 == 0 && strict == lax / 1024 * 1000;
    return of_k && m->t->profile->k == 1000 ? strict : lax > strict ? lax : strict;
}

static bool size_of(struct making *m, struct traffic_line *l)
{
    const struct table_leg *leg = l->leg;
    bool own = l->given != NULL && l->given->size.by.given;
    int64_t least = leg->size_min_bytes, most = greatest(m, leg);
    const char *name;
    const struct profile_parameter *given = letter(m, l, CELL_SIZE, NULL, &name);
    if (most == -1 && given != NULL) {
        least = most = given->value;
        l->size_by = given->source;
    } else if (most == -1 && !own) {
        return missing(m, l,
                       name != NULL ? make_text(m, "size: the profile has no <parameter> %s", name)
                       : leg->why_size != NULL ? leg->why_size
                                               : "the document gives no size");
    }
    if (own && most == -1)
        least = most = l->given->size.bytes;
    least = least == -1 ? most : least;
    enum profile_pick pick = m->t->given->pick;
    bool high = l->tied ? pick == PICK_LOW : pick == PICK_HIGH;
    l->size[TRAFFIC_LOW] = least;
    l->size[TRAFFIC_HIGH] = most;
    l->size[TRAFFIC_SELECTED] = pick == PICK_MIDDLE ? least + (most - least) / 2
                                : high              ? most
                                                    : least;
    if (own) {
        l->size[TRAFFIC_SELECTED] = l->given->size.bytes;
        l->size_by = l->given->size.by.source;
    } else if (least != most) {
        l->size_by =
            make_text(m, "%s of the table's %" PRId64 "-%" PRId64 "%s, %s",
                      pick == PICK_MIDDLE ? "the middle"
                      : high              ? "the most"
                                          : "the least",
                      least, most, l->tied ? ", which goes with how often" : "", pick_source(m));
    } else if (l->size_by == NULL) {
        l->size_by = "table";
    }
    return true;
}

/* ---- all of a line -----------------------------------------------------------------------------
 */

static void multiply(struct making *m, struct traffic_line *l, const struct ratio *by)
{
    for (int k = 0; k < TRAFFIC_LEVELS; k++) {
        l->events[k] = ratio_times(ratio_times(l->rate[k], l->share), ratio_of(l->copies, 1));
        if (by != NULL)
            l->events[k] = ratio_times(l->events[k], by[k]);
        if (!ratio_holds(l->events[k]))
            make_fault(m, ERR_LIMIT, "%s, reading %s: how often is no fraction of 64 bits",
                       l->row->id, l->leg->id);
    }
}

bool make_values(struct making *m, struct traffic_line *l, const struct table_rate *rate)
{
    l->population = l->period = "";
    l->tied = kinds_is_tied(m->t->kinds, l->row->id, l->leg->id);
    if (!make_hours(m, l) || !rate_of(m, l, rate) || !share_of(m, l) || !size_of(m, l) ||
        m->rc != ERR_OK)
        return false;
    if (!l->of_events)
        multiply(m, l, NULL);
    return m->rc == ERR_OK;
}

static bool causes(const struct traffic_line *cause, const struct traffic_line *l)
{
    if (strchr(l->of, '/') != NULL ? strcmp(cause->row->id, l->of) != 0
                                   : strcmp(cause->row->payload, l->of) != 0)
        return false;
    return l->leg->use_case[0] == '\0' || cause->leg->use_case[0] == '\0' ||
           strcmp(l->leg->use_case, cause->leg->use_case) == 0;
}

/* Events of all lines that cause it. False: some of them are not known yet. */
static bool add_up(const struct traffic *t, const struct traffic_line *l,
                   struct ratio out[TRAFFIC_LEVELS], size_t *n)
{
    for (int k = 0; k < TRAFFIC_LEVELS; k++)
        out[k] = ratio_of(0, 1);
    *n = 0;
    for (size_t i = 0; i < t->n_line; i++) {
        const struct traffic_line *c = &t->line[i];
        if (c == l || !causes(c, l))
            continue;
        if (c->events[TRAFFIC_SELECTED].den == 0)
            return false;
        for (int k = 0; k < TRAFFIC_LEVELS; k++)
            out[k] = ratio_plus(out[k], c->events[k]);
        ++*n;
    }
    return true;
}

void make_caused(struct making *m)
{
    struct ratio by[TRAFFIC_LEVELS];
    size_t n = 0, left = 1;
    for (bool moved = true; moved && m->rc == ERR_OK;) {
        moved = false;
        left = 0;
        for (size_t i = 0; i < m->t->n_line && m->rc == ERR_OK; i++) {
            struct traffic_line *l = &m->line[i];
            if (l->events[TRAFFIC_SELECTED].den != 0)
                continue;
            left++;
            if (!add_up(m->t, l, by, &n))
                continue;
            moved = true;
            if (n > 0) {
                multiply(m, l, by);
                continue;
            }
            (void)missing(m, l,
                          make_text(m, "how often: by events of %s, which is not counted", l->of));
            memmove(l, l + 1, (m->t->n_line - i - 1) * sizeof *l);
            m->t->n_line--;
            i--;
        }
    }
    if (left > 0 && m->rc == ERR_OK)
        for (size_t i = 0; i < m->t->n_line; i++)
            if (m->line[i].events[TRAFFIC_SELECTED].den == 0)
                make_fault(m, ERR_SCOPE, "%s: %s counts by events that count by its own",
                           m->t->profile->path, m->line[i].row->id);
}
