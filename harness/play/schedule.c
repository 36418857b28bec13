/* What the equipment sends by itself: every scheduled payload of its devices, as often as the
 * deployment gives, while the deployment's clock runs faster than ours. */
#include <stdlib.h>

#include "harness/base/clock.h"
#include "harness/play/inside.h"
#include "harness/profile/often.h"

#define DAY_S 86400
#define MINUTE_S 60
#define DAY_MINUTES 1440
#define DAY_NS (DAY_S * NS_PER_S)
#define ENTRIES_MAX 65536u
#define MESSAGES_MAX 200000 /* a day, of all devices together */
/* Minutes behind the setting of the clock and in front of its return in which nothing goes out:
 * clocks that are set from afar may differ by seconds, which a fast one makes minutes. */
#define AFTER_SET 5
#define BEFORE_RETURN 15

/* The minutes of a day, counted from when the clock was set, in which a payload may go. */
struct minutes {
    uint16_t minute[DAY_MINUTES];
    int64_t n;
};

/* A payload of one device. */
struct entry {
    struct schedule *schedule;
    struct ev_timer timer;
    const struct known_payload *what;
    struct subject subject;
    const struct minutes *minutes; /* NULL: any time of its period */
    int64_t period_ns, times;
    int64_t phase_ppm; /* within the part of the period that each of its times has */
    int64_t sent;
};

struct schedule {
    struct play *play;
    int64_t from_ns; /* deployment's clock */
    struct entry *entry;
    size_t n, cap;
    struct minutes *minutes; /* by payload, made when asked for */
    bool *known;             /* likewise */
    int64_t messages;        /* a day */
};

/* Behind the beginning of the schedule, when the n-th of them goes. */
static int64_t due_ns(const struct entry *x, int64_t n)
{
    int64_t round = n / x->times, i = n % x->times, part = i * 1000000 + x->phase_ppm;
    if (x->minutes == NULL)
        return round * x->period_ns + x->period_ns / x->times * part / 1000000;
    int64_t at_ms = x->minutes->n * MINUTE_S * part / 1000 / x->times;
    int64_t minute = x->minutes->minute[at_ms / (MINUTE_S * 1000)];
    return round * x->period_ns + minute * MINUTE_S * NS_PER_S +
           at_ms % (MINUTE_S * 1000) * NS_PER_MS;
}

static void wait_for(struct entry *x)
{
    struct play *p = x->schedule->play;
    int64_t left = x->schedule->from_ns + due_ns(x, x->sent) - timebase_now_ns(p);
    ev_now_update(p->loop);
    ev_timer_stop(p->loop, &x->timer);
    ev_timer_set(&x->timer, left > 0 ? (double)left / NS_PER_S / (double)p->timebase.factor : 0.0,
                 0.0);
    ev_timer_start(p->loop, &x->timer);
}

static void on_time(struct ev_loop *loop, struct ev_timer *timer, int events)
{
    (void)loop, (void)events;
    struct entry *x = timer->data;
    struct play *p = x->schedule->play;
    x->sent++;
    play_send_now(p, x->what, &x->subject, "");
    wait_for(x);
}

static const struct minutes *minutes_of(struct schedule *s, const struct known_payload *what,
                                        const struct table_leg *leg)
{
    struct play *p = s->play;
    size_t at = (size_t)(what - p->known.payload);
    struct minutes *m = &s->minutes[at];
    if (s->known[at])
        return m;
    s->known[at] = true;
    for (uint16_t i = AFTER_SET; i < DAY_MINUTES - BEFORE_RETURN; i++) {
        int64_t ns = s->from_ns + i * MINUTE_S * NS_PER_S;
        if (timebase_may_go(p, what, leg, ns) &&
            timebase_may_go(p, what, leg, ns + (MINUTE_S - 1) * NS_PER_S))
            m->minute[m->n++] = i;
    }
    return m;
}

/* Neighbours must not send together: the bits of the id, well mixed. */
static int64_t phase_of(uint64_t id)
{
    return 100000 + (int64_t)(id * 0x9e3779b97f4a7c15u >> 32) % 800000;
}

static bool add(struct schedule *s, const struct known_payload *what, const struct subject *subject)
{
    const struct play *p = s->play;
    const struct known_leg *leg = play_own_leg(p, what, subject);
    struct often o;
    if (leg == NULL || !often_of(p->config->profile, leg->row, leg->leg, &o) || o.times_max <= 0 ||
        often_hidden(leg->leg, &o) != NULL)
        return true;
    struct entry x = {.schedule = s, .what = what, .subject = *subject, .period_ns = o.period_ns};
    x.times = (o.times_min + o.times_max + 1) / 2;
    x.phase_ppm = phase_of(subject->id);
    x.minutes = o.period_ns == DAY_NS ? minutes_of(s, what, leg->leg) : NULL;
    if (x.minutes != NULL && x.minutes->n == 0)
        return true;
    s->messages += x.times * (DAY_NS / x.period_ns);
    if (s->n == ENTRIES_MAX || s->messages > MESSAGES_MAX)
        return false;
    if (s->n == s->cap) {
        size_t cap = s->cap == 0 ? 256 : 2 * s->cap;
        struct entry *more = realloc(s->entry, cap * sizeof *more);
        if (more == NULL)
            return false;
        s->entry = more;
        s->cap = cap;
    }
    s->entry[s->n++] = x;
    return true;
}

static bool fill(struct schedule *s)
{
    const struct play *p = s->play;
    for (size_t k = 0; k < p->known.n; k++)
        for (size_t g = 0; g < p->subjects.n; g++)
            for (uint32_t i = 0; i < p->subjects.population[g].count; i++) {
                struct subject subject = subject_at(&p->subjects.population[g], i);
                if (!subject_is_own(&subject))
                    break;
                if (!add(s, &p->known.payload[k], &subject))
                    return false;
            }
    return true;
}

int schedule_begin(struct play *p)
{
    schedule_end(p);
    if (!p->config->statement->own_schedule || p->config->profile == NULL ||
        p->timebase.factor <= 1)
        return HTTP_NOTHING;
    struct schedule *s = p->schedule = calloc(1, sizeof *s);
    if (s == NULL)
        return HTTP_BUSY;
    s->play = p;
    s->from_ns = p->timebase.base_ns;
    s->minutes = calloc(p->known.n + 1, sizeof *s->minutes);
    s->known = calloc(p->known.n + 1, sizeof *s->known);
    if (s->minutes == NULL || s->known == NULL || !fill(s)) {
        s->n = 0; /* none of them waits */
        schedule_end(p);
        return HTTP_BUSY;
    }
    for (size_t i = 0; i < s->n; i++) {
        ev_timer_init(&s->entry[i].timer, on_time, 0.0, 0.0);
        s->entry[i].timer.data = &s->entry[i];
        wait_for(&s->entry[i]);
    }
    return HTTP_NOTHING;
}

void schedule_end(struct play *p)
{
    struct schedule *s = p->schedule;
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->n; i++)
        ev_timer_stop(p->loop, &s->entry[i].timer);
    free(s->entry);
    free(s->minutes);
    free(s->known);
    free(s);
    p->schedule = NULL;
}
