/* The deployment's clock, and what waits for its window by it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/num.h"
#include "harness/play/inside.h"

#define DAY_S 86400
#define HOURS_MAX 8
#define DUES_MAX 65536u
#define VALUE_BYTES 24
#define FACTOR_MAX 1000000
#define YEAR_9999_S INT64_C(253402300799)
#define SAME_S 5 /* a clock set back is off by no more */

struct due {
    struct play *play;
    struct due *next, *prev;
    struct ev_timer timer;
    const struct known_payload *what;
    const struct table_leg *leg;
    struct subject subject;
    char value[VALUE_BYTES];
};

int64_t timebase_now_ns(const struct play *p)
{
    const struct timebase *t = &p->timebase;
    int64_t real_ns = clock_real_ns();
    return t->set ? t->base_ns + (real_ns - t->real_ns) * t->factor : real_ns;
}

/* The windows that a payload keeps to: its row's, or the hours that the deployment has for its
 * campaigns. */
struct hours {
    struct table_window window[HOURS_MAX];
    size_t n;
};

static void add_hours(struct hours *h, int32_t from_s, int32_t to_s)
{
    if (h->n < HOURS_MAX)
        h->window[h->n++] = (struct table_window){from_s, to_s};
}

/* Some leg's campaign limits it; the last entry of the profile that covers its row counts. */
static void take_campaign(const struct play *p, const struct known_payload *what, struct hours *h)
{
    const struct profile *profile = p->config->profile;
    const struct profile_campaign *found = NULL;
    for (size_t i = 0; profile != NULL && i < what->n_leg && found == NULL; i++)
        for (size_t k = 0; what->leg[i].leg->campaign != NULL && k < profile->n_campaign; k++)
            if (profile_covers(profile->campaign[k].row, what->leg[i].row->id,
                               what->leg[i].row->section))
                found = &profile->campaign[k];
    if (found != NULL)
        add_hours(h, found->from_s, found->to_s);
}

static struct hours hours_of(const struct play *p, const struct known_payload *what,
                             const struct table_leg *leg)
{
    struct hours h = {.n = 0};
    for (size_t i = 0; !leg->window_always && i < leg->n_window; i++)
        add_hours(&h, leg->window[i].from_s, leg->window[i].to_s);
    if (h.n == 0)
        take_campaign(p, what, &h);
    return h;
}

static bool is_inside(const struct hours *h, int32_t second)
{
    for (size_t i = 0; i < h->n; i++) {
        const struct table_window *w = &h->window[i];
        bool over_midnight = w->to_s <= w->from_s;
        if (over_midnight ? second >= w->from_s || second < w->to_s
                          : second >= w->from_s && second < w->to_s)
            return true;
    }
    return false;
}

bool timebase_may_go(const struct play *p, const struct known_payload *what,
                     const struct table_leg *leg, int64_t at_ns)
{
    const struct hours h = hours_of(p, what, leg);
    bool wrong =
        defect_touches(p->config->defects, DEFECT_OUT_OF_WINDOW, what->binding->payload, NULL);
    return h.n == 0 || is_inside(&h, zone_second_of_day(p->config->zone, at_ns)) != wrong;
}

/* Seconds of the deployment's clock until the payload may go: into a window, or out of all of them
 * when it is to be wrong. */
static int64_t wait_s(const struct play *p, const struct known_payload *what,
                      const struct table_leg *leg)
{
    bool wrong =
        defect_touches(p->config->defects, DEFECT_OUT_OF_WINDOW, what->binding->payload, NULL);
    const struct hours h = hours_of(p, what, leg);
    int32_t now = zone_second_of_day(p->config->zone, timebase_now_ns(p));
    int64_t least = INT64_MAX;
    if (h.n == 0 || is_inside(&h, now) != wrong)
        return 0;
    for (size_t i = 0; i < h.n; i++) {
        int64_t edge = wrong ? h.window[i].to_s : h.window[i].from_s;
        int64_t s = (edge - now + DAY_S) % DAY_S;
        bool out = is_inside(&h, (int32_t)(edge % DAY_S)) == wrong; /* one meets another */
        if (!out && s > 0 && s < least)
            least = s;
    }
    return least == INT64_MAX ? 0 : least;
}

static void due_free(struct due *d)
{
    struct play *p = d->play;
    ev_timer_stop(p->loop, &d->timer);
    if (d->prev != NULL)
        d->prev->next = d->next;
    else
        p->dues = d->next;
    if (d->next != NULL)
        d->next->prev = d->prev;
    p->n_due--;
    free(d);
}

static void on_time(struct ev_loop *loop, struct ev_timer *timer, int events);

/* Sends it, or waits on. */
static void due_look(struct due *d)
{
    struct play *p = d->play;
    int64_t s = p->timebase.set ? wait_s(p, d->what, d->leg) : 0;
    if (s == 0) {
        play_send_now(p, d->what, &d->subject, d->value);
        due_free(d);
        return;
    }
    ev_now_update(p->loop);
    ev_timer_stop(p->loop, &d->timer);
    /* a little behind the edge, which clocks that are read apart see at different times */
    ev_timer_set(&d->timer, ((double)s + 0.5) / (double)p->timebase.factor + 0.005, 0.0);
    ev_timer_start(p->loop, &d->timer);
}

static void on_time(struct ev_loop *loop, struct ev_timer *timer, int events)
{
    (void)loop, (void)events;
    due_look(timer->data);
}

bool timebase_defers(struct play *p, const struct known_payload *what, const struct table_leg *leg,
                     const struct subject *s, const char *value, int *status)
{
    if (!p->timebase.set || wait_s(p, what, leg) == 0)
        return false;
    struct due *d = p->n_due < DUES_MAX ? calloc(1, sizeof *d) : NULL;
    if (d == NULL) {
        *status = HTTP_BUSY;
        return true;
    }
    d->play = p;
    d->what = what;
    d->leg = leg;
    d->subject = *s;
    strncpy(d->value, value, sizeof d->value - 1);
    ev_timer_init(&d->timer, on_time, 0.0, 0.0);
    d->timer.data = d;
    d->next = p->dues;
    if (d->next != NULL)
        d->next->prev = d;
    p->dues = d;
    p->n_due++;
    due_look(d);
    return true;
}

/* "<unix seconds>;<factor>". What waits looks at the new clock. */
int timebase_set(struct play *p, const char *value, size_t len)
{
    const char *semicolon = memchr(value, ';', len);
    size_t n = semicolon == NULL ? len : (size_t)(semicolon - value);
    int64_t seconds, factor = 1;
    if (!num_i64(value, n, 0, YEAR_9999_S, &seconds) ||
        (semicolon != NULL && !num_i64(semicolon + 1, len - n - 1, 1, FACTOR_MAX, &factor)))
        return HTTP_UNPROCESSABLE;
    int64_t real_ns = clock_real_ns();
    int64_t off_s = seconds - real_ns / NS_PER_S;
    p->timebase = (struct timebase){.set = factor != 1 || off_s > SAME_S || off_s < -SAME_S,
                                    .base_ns = seconds * NS_PER_S,
                                    .real_ns = real_ns,
                                    .factor = factor};
    struct due *next;
    for (struct due *d = p->dues; d != NULL; d = next) {
        next = d->next;
        due_look(d);
    }
    return schedule_begin(p);
}

void timebase_close(struct play *p)
{
    while (p->dues != NULL)
        due_free(p->dues);
}
