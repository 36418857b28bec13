/* disturb - the intervals in which the evidence or the harness was not itself: packets dropped by
 * the capture, steps of the clock, stalls of the harness.
 *
 * The three are told only after they have happened: whoever asks waits until disturb_known_ns has
 * reached the end of what it asks about. Memory is fixed: beyond DISTURB_MAX intervals of a kind
 * the two oldest become one that spans both, which can only make more exchanges indeterminate.
 * Time: CLOCK_REALTIME nanoseconds.
 */
#ifndef HARNESS_DISTURB_H
#define HARNESS_DISTURB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/limits.h"
#include "harness/evidence/frame.h"
#include "harness/journal/journal.h"

#define DISTURB_MAX 256
#define DISTURB_STEP_NS                                                                            \
    INT64_C(1000000) /* real and monotonic clock may part by so much a heartbeat */

enum disturb_kind { DISTURB_DROP = 0, DISTURB_STEP, DISTURB_STALL, DISTURB_KIND_COUNT };

struct disturb_interval {
    int64_t from_ns, to_ns;
};

struct disturb {
    struct disturb_interval interval[DISTURB_KIND_COUNT][DISTURB_MAX];
    size_t n[DISTURB_KIND_COUNT];
    uint64_t count[DISTURB_KIND_COUNT]; /* told in all */
    uint64_t received, dropped;         /* last cumulative counters, all interfaces */
    int64_t first_ns;                   /* evidence begins, 0 not yet */
    int64_t stats_ns, heartbeat_ns;     /* last told, INT64_MIN none */
    int64_t clock_real_ns, clock_mono_ns;
    uint64_t dropped_at[LIMIT_INTERFACES], received_at[LIMIT_INTERFACES];
    int64_t stats_at[LIMIT_INTERFACES]; /* 0 none yet */
};

void disturb_init(struct disturb *d);
/* Evidence was seen at this time; the first call dates its beginning. */
void disturb_begin(struct disturb *d, int64_t now_ns);
/* True when packets were dropped since the statistics before: in [*from, *to]. */
bool disturb_stats(struct disturb *d, const struct capture_stats *s, int64_t *from_ns,
                   int64_t *to_ns);
/* Every record of the journal: its clocks, and its stalls. */
void disturb_journal(struct disturb *d, const struct journal_record *r);
/* What happened up to this time has been told by now. */
int64_t disturb_known_ns(const struct disturb *d);
/* OUTCOME_DROP, OUTCOME_STEP, OUTCOME_STALL that overlap [from, to]. */
unsigned disturb_flags(const struct disturb *d, int64_t from_ns, int64_t to_ns);
/* How long the harness stood still within [from, to]. */
int64_t disturb_stalled_ns(const struct disturb *d, int64_t from_ns, int64_t to_ns);

#endif
