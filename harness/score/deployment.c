#include "harness/score/deployment.h"

#include "harness/base/clock.h"

#define DAY_S 86400

bool deployment_set(struct deployment *d, int64_t from_ns, int64_t shift_ns, int64_t factor)
{
    int64_t before = d->n > 0 ? d->base[d->n - 1].since_ns : from_ns;
    if (d->n == DEPLOYMENT_MAX || factor < 1 || factor > 1000000)
        return false;
    d->base[d->n].since_ns = from_ns > before ? from_ns : before;
    d->base[d->n].from_ns = from_ns;
    d->base[d->n].shift_ns = shift_ns;
    d->base[d->n++].factor = factor;
    return true;
}

size_t deployment_base(const struct deployment *d, int64_t real_ns)
{
    size_t n = d->n;
    while (n > 0 && d->base[n - 1].since_ns > real_ns)
        n--;
    return n;
}

/* The clock of one base, which may be asked beyond its end. */
static int64_t by_base(const struct deployment *d, size_t base, int64_t real_ns)
{
    if (base == 0)
        return real_ns;
    int64_t from = d->base[base - 1].from_ns;
    return real_ns + d->base[base - 1].shift_ns + (real_ns - from) * (d->base[base - 1].factor - 1);
}

int64_t deployment_ns(const struct deployment *d, int64_t real_ns)
{
    return by_base(d, deployment_base(d, real_ns), real_ns);
}

int64_t deployment_between(const struct deployment *d, int64_t from_ns, int64_t to_ns)
{
    int64_t all = 0, at = from_ns;
    for (size_t base = deployment_base(d, from_ns); base < d->n && at < to_ns; base++) {
        int64_t end = d->base[base].since_ns < to_ns ? d->base[base].since_ns : to_ns;
        all += by_base(d, base, end) - by_base(d, base, at);
        at = end;
    }
    return at < to_ns ? all + by_base(d, d->n, to_ns) - by_base(d, d->n, at) : all;
}

int32_t deployment_second(const struct deployment *d, int64_t real_ns)
{
    return zone_second_of_day(d->zone, deployment_ns(d, real_ns));
}

bool deployment_whole_day(const struct deployment *d, size_t base, int64_t first_ns,
                          int64_t last_ns)
{
    if (base > 0 && d->base[base - 1].since_ns > first_ns)
        first_ns = d->base[base - 1].since_ns;
    if (base < d->n && d->base[base].since_ns < last_ns)
        last_ns = d->base[base].since_ns;
    if (last_ns <= first_ns)
        return false;
    /* The wall clock came round to where it was: across a change of the zone in 23 or 25 hours. */
    int64_t first = by_base(d, base, first_ns) / NS_PER_S;
    int64_t last = by_base(d, base, last_ns) / NS_PER_S;
    return last + zone_offset_s(d->zone, last) - (first + zone_offset_s(d->zone, first)) >= DAY_S;
}
