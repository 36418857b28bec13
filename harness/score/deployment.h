/* deployment - what the deployment's clock reads at a moment of the evidence.
 *
 * The journal's TIMEBASE records say how the deployment's clock stands to the real one, from a
 * moment on. Before the first of them it is the real clock. Where the real clock was stepped back
 * in between, a setting holds from where the one before it began. Memory is fixed: a run sets it a
 * few times; what comes beyond DEPLOYMENT_MAX is refused.
 * Time: CLOCK_REALTIME nanoseconds in, nanoseconds of the deployment's clock out.
 */
#ifndef HARNESS_DEPLOYMENT_H
#define HARNESS_DEPLOYMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/zone.h"

#define DEPLOYMENT_MAX 1024

struct deployment {
    const struct zone *zone; /* NULL: UTC */
    struct {
        int64_t from_ns, shift_ns, factor;
        int64_t since_ns; /* from_ns, but never before that of the base before */
    } base[DEPLOYMENT_MAX];
    size_t n;
};

/* False: too many, or a factor that is none. */
bool deployment_set(struct deployment *d, int64_t from_ns, int64_t shift_ns, int64_t factor);
/* Which base holds at a moment: 0 before the first, then 1.. */
size_t deployment_base(const struct deployment *d, int64_t real_ns);
/* The deployment's clock at a moment, by the base that holds then. */
int64_t deployment_ns(const struct deployment *d, int64_t real_ns);
/* How much deployment time a stretch of real time is, all bases in between included. */
int64_t deployment_between(const struct deployment *d, int64_t from_ns, int64_t to_ns);
/* The deployment's local time of day, 0 to 86399. */
int32_t deployment_second(const struct deployment *d, int64_t real_ns);
/* Whether a whole local day passed while the base held, within [first, last] of the evidence. */
bool deployment_whole_day(const struct deployment *d, size_t base, int64_t first_ns,
                          int64_t last_ns);

#endif
