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

/* On record and in the equipment's own clock from now on. */
static void set(struct drive *d, int64_t factor)
{
    int64_t now = clock_real_ns();
    d->timebase = (struct timebase){.from_ns = now, .factor = factor};
    struct journal_record r = {.type = JOURNAL_TIMEBASE};
    r.u.timebase.from_ns = now;
    r.u.timebase.factor = factor;
    record(d, &r);
    char value[48];
    (void)snprintf(value, sizeof value, "%" PRId64 ";%" PRId64, now / NS_PER_S, factor);
    queue_control(d, "clock", value);
}

void day_begin(struct drive *d, struct drive_case *c)
{
    uint32_t n = c->goal > c->started ? c->goal - c->started : 1;
    set(d, d->plan->time_factor > 1 ? d->plan->time_factor : 1);
    c->step_ns = day_length_ns(d) / n;
}

void day_end(struct drive *d)
{
    set(d, 1);
}
