/* The deployment's clock: ours, or one that makes a whole day pass in a fraction of it. */
#include <inttypes.h>
#include <stdio.h>

#include "harness/base/clock.h"
#include "harness/drive/inside.h"

#define DAY_NS (86400 * NS_PER_S)

int64_t day_clock_ns(const struct drive *d, int64_t real_ns)
{
    const struct timebase *b = &d->timebase;
    return real_ns + b->shift_ns + (real_ns - b->from_ns) * (b->factor - 1);
}

int64_t day_length_ns(const struct drive *d)
{
    return DAY_NS / (d->plan->time_factor > 1 ? d->plan->time_factor : 1);
}

static void declare(struct drive *d, int64_t now, int64_t shift_ns, int64_t factor)
{
    d->timebase = (struct timebase){.from_ns = now, .shift_ns = shift_ns, .factor = factor};
    struct journal_record r = {.type = JOURNAL_TIMEBASE};
    r.u.timebase.from_ns = now;
    r.u.timebase.shift_ns = shift_ns;
    r.u.timebase.factor = factor;
    record(d, &r);
}

void day_shift(struct drive *d, int64_t ns)
{
    declare(d, clock_real_ns(), d->timebase.shift_ns + ns, d->timebase.factor);
}

/* On record and in the equipment's own clock from now on. */
static void set(struct drive *d, int64_t factor)
{
    int64_t now = clock_real_ns();
    declare(d, now, 0, factor);
    char value[48];
    (void)snprintf(value, sizeof value, "%" PRId64 ";%" PRId64, now / NS_PER_S, factor);
    queue_control(d, "clock", value);
}

/* Where windows are, their names for hours can come round in 25 of them. */
static int64_t held_ns(const struct drive *d)
{
    return 25 * 3600 * NS_PER_S / (d->plan->time_factor > 1 ? d->plan->time_factor : 1) +
           NS_PER_S / 10;
}

static bool is_of_day(const struct drive_case *c)
{
    return c->pc->whole_day && c->round != ROUND_DONE;
}

bool day_observes(const struct drive *d, const struct drive_case *c)
{
    const struct plan_target *t = c->pc->target;
    return c->pc->whole_day && c->pc->n_target > 0 &&
           d->plan->row[t->row].variant[t->variant].observed;
}

/* Its one trial: nothing is sent, and what comes is the judge's business. */
static void observe_begin(struct drive *d, struct drive_case *c)
{
    struct journal_record r = {.type = JOURNAL_TRIAL};
    r.u.trial.scenario = c->scenario;
    r.u.trial.kase = c->kase;
    r.u.trial.trial = c->started++;
    r.u.trial.planned_ns = d->timebase.from_ns;
    record(d, &r);
    c->open++;
    d->n_started++;
}

static void observe_end(struct drive *d, struct drive_case *c)
{
    struct journal_record r = {.type = JOURNAL_TRIAL_END};
    r.u.trial_end.scenario = c->scenario;
    r.u.trial_end.kase = c->kase;
    r.u.trial_end.trial = c->started - 1;
    record(d, &r);
    c->open--;
    d->n_done++;
}

/* Every other case is done, and every preamble of the day's; false with something to wait for. */
static bool may_begin(struct drive *d)
{
    bool ready = true;
    for (size_t i = 0; i < d->n_case; i++) {
        struct drive_case *c = &d->kase[i];
        if (!c->pc->whole_day && c->round != ROUND_DONE)
            return false;
        if (is_of_day(c) && c->round == ROUND_NEW) {
            c->round =
                c->script->has_preamble && !day_observes(d, c) ? ROUND_PREAMBLE : ROUND_TRIALS;
            if (c->round == ROUND_PREAMBLE)
                amble_start(d, c, JOURNAL_PREAMBLE);
        }
        ready = ready && (!is_of_day(c) || c->round == ROUND_TRIALS);
    }
    return ready;
}

static void begin(struct drive *d)
{
    set(d, d->plan->time_factor > 1 ? d->plan->time_factor : 1);
    d->day = true;
    d->day_end_ns = clock_mono_ns() + held_ns(d);
    for (size_t i = 0; i < d->n_case; i++) {
        struct drive_case *c = &d->kase[i];
        if (!is_of_day(c))
            continue;
        uint32_t n = c->goal > c->started ? c->goal - c->started : 1;
        c->base_ns = d->timebase.from_ns;
        c->base_trial = c->started;
        c->step_ns = day_length_ns(d) / n;
        if (day_observes(d, c) && !pace_starts_over(d, c))
            observe_begin(d, c);
    }
}

/* Starts what is due of the case. When the next is, on the real clock; INT64_MAX never. */
static int64_t start_due(struct drive *d, struct drive_case *c, int64_t now)
{
    int64_t ready;
    while (!pace_starts_over(d, c)) {
        int64_t planned = c->base_ns + (int64_t)(c->started - c->base_trial) * c->step_ns;
        if (planned > now)
            return planned;
        struct device *dev =
            d->n_open < d->plan->overlap_max && !(c->images && d->n_images >= DRIVE_IMAGES)
                ? device_lease(d, c, clock_mono_ns(), &ready)
                : NULL;
        if (dev == NULL)
            return now + NS_PER_S / 50;
        trial_start(d, c, c->started, dev, planned);
    }
    return INT64_MAX;
}

bool day_step(struct drive *d)
{
    bool any = false, open = false;
    int64_t now = clock_real_ns(), next = INT64_MAX;
    for (size_t i = 0; i < d->n_case && !any; i++)
        any = is_of_day(&d->kase[i]);
    if (!any)
        return false;
    if (!d->day && !may_begin(d))
        return true;
    if (!d->day)
        begin(d);
    for (size_t i = 0; i < d->n_case; i++) {
        struct drive_case *c = &d->kase[i];
        if (!is_of_day(c) || c->round != ROUND_TRIALS)
            continue;
        if (day_observes(d, c))
            continue;
        int64_t due = start_due(d, c, now);
        next = due < next ? due : next;
        open = open || c->open > 0;
    }
    if (next == INT64_MAX && !open && (clock_mono_ns() >= d->day_end_ns || d->stopping)) {
        for (size_t i = 0; i < d->n_case; i++)
            if (day_observes(d, &d->kase[i]) && d->kase[i].open > 0)
                observe_end(d, &d->kase[i]);
        d->day = false; /* what follows are postambles */
        set(d, 1);
        pace_go_on(d);
    } else {
        int64_t wait = d->day_end_ns - clock_mono_ns();
        if (next != INT64_MAX && next - now < wait)
            wait = next - now;
        pace_sleep(d, wait > 0 ? wait : NS_PER_S / 50);
    }
    return true;
}
