#include "harness/base/clock.h"
#include "harness/drive/inside.h"

#define DAY_S 86400

/* Seconds from the second of the day until one of the windows is open, 0 inside. */
static int32_t until(const struct plan_window *w, size_t n, int32_t second)
{
    int32_t least = DAY_S;
    for (size_t i = 0; i < n; i++) {
        bool wraps = w[i].to_s <= w[i].from_s;
        bool inside = wraps ? second >= w[i].from_s || second < w[i].to_s
                            : second >= w[i].from_s && second < w[i].to_s;
        int32_t wait = inside ? 0 : (w[i].from_s - second + DAY_S) % DAY_S;
        if (wait < least)
            least = wait;
    }
    return n == 0 ? 0 : least;
}

/* Seconds until the windows of all that we send are open, as far as this second's can tell. */
static int32_t longest(const struct drive *d, const struct drive_case *c, int32_t second)
{
    int32_t wait = 0;
    for (size_t i = 0; i < c->n_target; i++) {
        const struct plan_row *row = &d->plan->row[c->target_row[i]];
        const struct plan_variant *v = &row->variant[c->target_variant[i]];
        if (v->role == PLAN_FROM_EUT || v->window_always)
            continue;
        int32_t w = until(v->window, v->n_window, second);
        if (w > wait)
            wait = w;
    }
    return wait;
}

int64_t window_wait_ns(struct drive *d, const struct drive_case *c, int64_t real_ns)
{
    int32_t second = zone_second_of_day(d->zone, day_clock_ns(d, real_ns) + d->plan->time_shift_ns);
    int32_t wait = 0, more;
    while ((more = longest(d, c, (second + wait) % DAY_S)) > 0)
        if ((wait += more) >= DAY_S)
            return 0; /* discharge by day, charge by night: never open together */
    if (wait > 0 && d->plan->time_shift_ns != 0) {
        day_shift(d, wait * NS_PER_S);
        return 0;
    }
    return wait * NS_PER_S / d->timebase.factor;
}
