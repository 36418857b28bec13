#include "harness/base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#define APART_NS 10000 /* readings further apart are none of one moment */
#define TRIES 8

static int64_t now_ns(clockid_t id)
{
    struct timespec ts;
    (void)clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

int64_t clock_real_ns(void)
{
    return now_ns(CLOCK_REALTIME);
}

int64_t clock_mono_ns(void)
{
    return now_ns(CLOCK_MONOTONIC);
}

void clock_both_ns(int64_t *real_ns, int64_t *mono_ns)
{
    int64_t after = clock_mono_ns(), before;
    for (int i = 0; i < TRIES; i++) {
        before = after;
        *real_ns = clock_real_ns();
        after = clock_mono_ns();
        *mono_ns = before + (after - before) / 2;
        if (after - before <= APART_NS)
            return;
    }
}

char *clock_iso(int64_t real_ns, char *out, size_t size)
{
    int64_t s = real_ns / NS_PER_S, ns = real_ns % NS_PER_S;
    if (ns < 0) {
        ns += NS_PER_S;
        s--;
    }
    time_t t = (time_t)s;
    struct tm tm;
    char day[32];
    if (gmtime_r(&t, &tm) == NULL || strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm) == 0)
        day[0] = '\0';
    (void)snprintf(out, size, "%s.%09" PRId64 "Z", day, ns);
    return out;
}

char *clock_seconds(int64_t ns, char *out, size_t size)
{
    uint64_t u = ns < 0 ? (uint64_t)0 - (uint64_t)ns : (uint64_t)ns;
    (void)snprintf(out, size, "%s%" PRIu64 ".%09" PRIu64, ns < 0 ? "-" : "", u / NS_PER_S,
                   u % NS_PER_S);
    return out;
}
