#include "harness/traffic/trace.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/traffic/random.h"

#define MOST_DRAWS 200000000 /* also outside of the slice */
#define MOST_ENDPOINTS 50000000
#define MOST_DAYS 366
#define DAY_NS (TRAFFIC_DAY_S * NS_PER_S)
#define PPM 1000000
#define FEW 1000
#define MOST_FOLLOWERS 64
#define DELAY_NS NS_PER_S /* of an answer without a latency limit */

__extension__ typedef __int128 wide;

/* Endpoints that a reading is about: pieces of all, by kind. */
struct members {
    struct {
        uint32_t from, n;
    } piece[TRAFFIC_PARTS];
    size_t n_piece;
    uint32_t n; /* of all pieces */
};

struct follower {
    uint32_t line;
    struct ratio odds; /* answers for each that it answers */
    int64_t within_ns;
    struct random random;
};

struct drawing {
    struct trace *t;
    size_t cap;
    uint64_t draws;
    uint32_t number;
    enum err_code rc;
    struct err *e;
    struct follower follower[MOST_FOLLOWERS];
    size_t n_follower;
};

/* ---- who ---------------------------------------------------------------------------------------
 */

static uint32_t part_from(const struct trace *t, size_t part)
{
    const struct profile_mix *mix = t->traffic->mix;
    int64_t before = 0;
    for (size_t i = 0; i < part; i++)
        before += mix->part[i].ppm;
    return (uint32_t)(before * t->o.endpoints / PPM);
}

const struct profile_mix_part *trace_kind(const struct trace *t, uint32_t endpoint)
{
    const struct profile_mix *mix = t->traffic->of_devices ? t->traffic->mix : NULL;
    for (size_t i = 0; mix != NULL && i < mix->n_part; i++)
        if (endpoint >= part_from(t, i) && endpoint < part_from(t, i + 1))
            return &mix->part[i];
    return NULL;
}

static void find_members(const struct trace *t, const struct traffic_line *l, struct members *m)
{
    const struct profile_mix *mix = t->traffic->mix;
    *m = (struct members){.n = 0};
    for (size_t i = 0; mix != NULL && i < mix->n_part; i++) {
        uint32_t from = part_from(t, i), n = part_from(t, i + 1) - from;
        if ((l->parts >> i & 1) == 0 || n == 0)
            continue;
        m->piece[m->n_piece].from = from;
        m->piece[m->n_piece++].n = n;
        m->n += n;
    }
    if (m->n == 0) { /* too few endpoints for such a kind, or one kind */
        m->piece[0].from = 0;
        m->piece[0].n = m->n = t->o.endpoints;
        m->n_piece = 1;
    }
    wide some = (wide)l->share.num * t->o.endpoints / l->share.den;
    if (l->subset && some < m->n)
        m->n = some < 1 ? 1 : (uint32_t)some;
}

static uint32_t member(const struct members *m, uint32_t at)
{
    for (size_t i = 0; i < m->n_piece; i++) {
        if (at < m->piece[i].n)
            return m->piece[i].from + at;
        at -= m->piece[i].n;
    }
    return 0;
}

/* ---- when --------------------------------------------------------------------------------------
 */

/* Time that has passed inside the daily clock period, as time of the clock. */
static int64_t on_clock(const struct traffic_line *l, int64_t open_ns)
{
    int64_t a_day = l->open_s * NS_PER_S, day = open_ns / a_day, left = open_ns % a_day;
    for (size_t i = 0; i < l->n_window; i++) {
        int64_t length = (l->window[i].to_s - l->window[i].from_s) * NS_PER_S;
        if (left < length)
            return day * DAY_NS + l->window[i].from_s * NS_PER_S + left;
        left -= length;
    }
    return day * DAY_NS + left;
}

static bool keep(struct drawing *d, int64_t at_ns, uint32_t line, uint32_t endpoint,
                 uint32_t answers)
{
    struct trace *t = d->t;
    if (d->draws++ == MOST_DRAWS) {
        d->rc = err_set(d->e, ERR_USAGE,
                        "more than %d payloads in %" PRIu32 " days of %" PRIu32
                        " endpoints, expected fewer",
                        MOST_DRAWS, t->o.days, t->o.endpoints);
        return false;
    }
    if (at_ns < t->o.from_ns || at_ns - t->o.from_ns >= t->o.length_ns)
        return true;
    if (t->n == d->cap && d->cap < TRACE_MOST) {
        size_t cap = d->cap == 0 ? 4096 : d->cap * 2 > TRACE_MOST ? TRACE_MOST : d->cap * 2;
        void *room = realloc(t->event, cap * sizeof *t->event);
        if (room == NULL) {
            d->rc = err_set(d->e, ERR_NOMEM, "no memory for %zu payloads", cap);
            return false;
        }
        t->event = room;
        d->cap = cap;
    }
    if (t->n == d->cap) {
        d->rc = err_set(d->e, ERR_USAGE,
                        "more than %d payloads, expected fewer endpoints or a shorter slice",
                        TRACE_MOST);
        return false;
    }
    t->event[t->n++] = (struct trace_event){at_ns, line, endpoint, d->number, answers};
    return true;
}

/* One payload, and what answers it. False: no more. */
static bool happens(struct drawing *d, int64_t at_ns, uint32_t line, uint32_t endpoint)
{
    uint32_t own = d->number + 1;
    d->number = own;
    if (!keep(d, at_ns, line, endpoint, TRACE_NOBODY))
        return false;
    for (size_t i = 0; i < d->n_follower; i++) {
        struct follower *f = &d->follower[i];
        int64_t n = f->odds.num / f->odds.den;
        n +=
            random_below(&f->random, (uint64_t)f->odds.den) < (uint64_t)(f->odds.num % f->odds.den);
        for (; n > 0; n--) {
            int64_t after = (int64_t)random_below(&f->random, (uint64_t)f->within_ns + 1);
            d->number++;
            if (!keep(d, at_ns + after, f->line, endpoint, own))
                return false;
        }
    }
    return true;
}

/* What of den / num there is in whole nanoseconds of so many, at least one. */
static int64_t step(int64_t ns, struct ratio events, uint32_t endpoints, uint32_t members)
{
    wide n = (wide)ns * members, many = (wide)events.num * endpoints;
    if (n > ((wide)1 << 100) / events.den)
        return INT64_MAX;
    wide out = n * events.den / many;
    return out < 1 ? 1 : out > INT64_MAX ? INT64_MAX : (int64_t)out;
}

static void draw_line(struct drawing *d, uint32_t at)
{
    const struct traffic_line *l = &d->t->traffic->line[at];
    struct ratio events = l->events[TRAFFIC_SELECTED];
    struct members who;
    struct random r;
    char name[400];
    if (events.num <= 0)
        return;
    find_members(d->t, l, &who);
    int n = snprintf(name, sizeof name, "%s %s %s", l->row->id, l->leg->id, l->population);
    random_init(&r, d->t->o.seed, n > 0 ? name : "");
    int64_t a_day = l->open_s * NS_PER_S, end = a_day * d->t->o.days, ns = 0;
    if (l->arrival == ARRIVE_POISSON) {
        int64_t mean = step(a_day, events, d->t->o.endpoints, 1);
        for (;;) {
            int64_t gap = random_exponential(&r, mean);
            if (gap >= end - ns)
                return;
            ns += gap;
            uint32_t endpoint = member(&who, (uint32_t)random_below(&r, who.n));
            if (!happens(d, on_clock(l, ns), at, endpoint))
                return;
        }
    }
    int64_t gap = step(a_day, events, d->t->o.endpoints, who.n);
    for (uint32_t i = 0; i < who.n; i++) {
        ns = l->arrival == ARRIVE_ALIGNED ? 0 : (int64_t)random_below(&r, (uint64_t)gap);
        for (; ns < end; ns += gap) {
            if (!happens(d, on_clock(l, ns), at, member(&who, i)))
                return;
            if (gap >= end - ns)
                break;
        }
    }
}

/* ---- what answers ------------------------------------------------------------------------------
 */

static bool answers(const struct traffic_line *l, const struct traffic_line *c)
{
    return l->follows && !c->follows && c->direction != l->direction &&
           table_leg_answers(l->leg, c->row->payload);
}

static void find_followers(struct drawing *d, uint32_t at)
{
    const struct traffic *t = d->t->traffic;
    d->n_follower = 0;
    for (uint32_t i = 0; i < t->n_line && d->rc == ERR_OK; i++) {
        const struct traffic_line *l = &t->line[i];
        struct ratio all = ratio_of(0, 1);
        if (!answers(l, &t->line[at]) || l->events[TRAFFIC_SELECTED].num == 0)
            continue;
        for (size_t k = 0; k < t->n_line; k++)
            if (answers(l, &t->line[k]))
                all = ratio_plus(all, t->line[k].events[TRAFFIC_SELECTED]);
        struct follower f = {.line = i, .odds = ratio_over(l->events[TRAFFIC_SELECTED], all)};
        if (d->n_follower == MOST_FOLLOWERS || !ratio_holds(f.odds)) {
            d->rc = err_set(d->e, ERR_LIMIT, "%s has more answers than a trace can hold",
                            t->line[at].row->id);
            return;
        }
        f.within_ns = l->leg->latency_max.n > 0 ? l->leg->latency_max.value[0] : DELAY_NS;
        char name[500];
        int n = snprintf(name, sizeof name, "%s %s answers %s %s", l->row->id, l->leg->id,
                         t->line[at].row->id, t->line[at].leg->id);
        random_init(&f.random, d->t->o.seed, n > 0 ? name : "");
        d->follower[d->n_follower++] = f;
    }
}

/* ---- in order ----------------------------------------------------------------------------------
 */

static int in_time(const void *a, const void *b)
{
    const struct trace_event *x = a, *y = b;
    if (x->at_ns != y->at_ns)
        return x->at_ns < y->at_ns ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

struct place {
    uint32_t number, index;
};

static int by_number(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* Draws' numbers become indices. */
static void refer(struct drawing *d)
{
    struct trace *t = d->t;
    struct place *place = malloc((t->n + 1) * sizeof *place);
    if (place == NULL) {
        d->rc = err_set(d->e, ERR_NOMEM, "no memory for %zu payloads", t->n);
        return;
    }
    qsort(t->event, t->n, sizeof *t->event, in_time);
    for (size_t i = 0; i < t->n; i++)
        place[i] = (struct place){t->event[i].number, (uint32_t)i};
    qsort(place, t->n, sizeof *place, by_number);
    for (size_t i = 0; i < t->n; i++) {
        if (t->event[i].answers == TRACE_NOBODY)
            continue;
        const struct place *found =
            bsearch(&(struct place){t->event[i].answers, 0}, place, t->n, sizeof *place, by_number);
        t->event[i].answers = found == NULL ? TRACE_NOBODY : found->index;
    }
    free(place);
}

static enum err_code check(struct trace_options *o, const struct traffic *t, struct err *e)
{
    int64_t known = t->per_aggregator > 0 ? t->per_aggregator : t->endpoints;
    if (!t->of_devices)
        known = t->behind > 0 && t->endpoints > t->behind ? t->endpoints / t->behind : 1;
    if (o->endpoints == 0)
        o->endpoints = known <= 0 ? FEW : known > MOST_ENDPOINTS ? MOST_ENDPOINTS : (uint32_t)known;
    o->days = o->days == 0 ? 1 : o->days;
    if (o->endpoints > MOST_ENDPOINTS || o->days > MOST_DAYS)
        return err_set(e, ERR_USAGE, "a trace has at most %d endpoints and %d days", MOST_ENDPOINTS,
                       MOST_DAYS);
    int64_t end = o->days * DAY_NS;
    if (o->from_ns < 0 || o->from_ns >= end)
        return err_set(e, ERR_USAGE, "the slice begins behind the last of %" PRIu32 " days",
                       o->days);
    if (o->length_ns <= 0 || o->length_ns > end - o->from_ns)
        o->length_ns = end - o->from_ns;
    return ERR_OK;
}

enum err_code trace_make(const struct traffic *t, const struct trace_options *o, struct trace **out,
                         struct err *e)
{
    *out = NULL;
    struct trace *trace = calloc(1, sizeof *trace);
    if (trace == NULL)
        return err_set(e, ERR_NOMEM, "no memory for a trace");
    trace->traffic = t;
    trace->o = *o;
    struct drawing d = {.t = trace, .e = e};
    d.rc = check(&trace->o, t, e);
    for (uint32_t i = 0; i < t->n_line && d.rc == ERR_OK; i++) {
        if (t->line[i].follows)
            continue;
        find_followers(&d, i);
        if (d.rc == ERR_OK)
            draw_line(&d, i);
    }
    if (d.rc == ERR_OK)
        refer(&d);
    if (d.rc == ERR_OK)
        *out = trace;
    else
        trace_free(trace);
    return d.rc;
}

void trace_free(struct trace *t)
{
    if (t == NULL)
        return;
    free(t->event);
    free(t);
}
