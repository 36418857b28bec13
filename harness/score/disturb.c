#include "harness/score/disturb.h"

#include <string.h>

#include "harness/score/outcome.h"

void disturb_init(struct disturb *d)
{
    memset(d, 0, sizeof *d);
    d->stats_ns = d->heartbeat_ns = INT64_MIN;
}

void disturb_begin(struct disturb *d, int64_t now_ns)
{
    if (d->first_ns == 0)
        d->first_ns = now_ns;
}

static void add(struct disturb *d, enum disturb_kind kind, int64_t from_ns, int64_t to_ns)
{
    struct disturb_interval *list = d->interval[kind];
    d->count[kind]++;
    if (d->n[kind] == DISTURB_MAX) {
        if (list[1].to_ns > list[0].to_ns)
            list[0].to_ns = list[1].to_ns;
        if (list[1].from_ns < list[0].from_ns)
            list[0].from_ns = list[1].from_ns;
        memmove(&list[1], &list[2], (DISTURB_MAX - 2) * sizeof *list);
        d->n[kind]--;
    }
    list[d->n[kind]++] = (struct disturb_interval){from_ns, to_ns};
}

bool disturb_stats(struct disturb *d, const struct capture_stats *s, int64_t *from_ns,
                   int64_t *to_ns)
{
    size_t i = s->interface < LIMIT_INTERFACES ? s->interface : LIMIT_INTERFACES - 1;
    uint64_t dropped = s->dropped + s->if_dropped;
    bool lost = dropped > d->dropped_at[i];
    if (s->ts_ns > d->stats_ns)
        d->stats_ns = s->ts_ns;
    if (lost) {
        *from_ns = d->stats_at[i] != 0 ? d->stats_at[i] : d->first_ns;
        *to_ns = s->ts_ns;
        add(d, DISTURB_DROP, *from_ns, *to_ns);
        d->dropped += dropped - d->dropped_at[i];
        d->dropped_at[i] = dropped;
    }
    if (s->received > d->received_at[i]) {
        d->received += s->received - d->received_at[i];
        d->received_at[i] = s->received;
    }
    d->stats_at[i] = s->ts_ns;
    return lost;
}

void disturb_journal(struct disturb *d, const struct journal_record *r)
{
    /* Every record carries both clocks: the finer the pairs, the narrower the step. */
    if (d->clock_real_ns != 0) {
        int64_t real = r->real_ns - d->clock_real_ns, mono = r->mono_ns - d->clock_mono_ns;
        int64_t apart = real - mono;
        if (apart > DISTURB_STEP_NS || apart < -DISTURB_STEP_NS) {
            /* Stepped back, both readings lie in the same stretch of real time. */
            int64_t from = real < 0 ? r->real_ns : d->clock_real_ns;
            int64_t to = real < 0 ? d->clock_real_ns : r->real_ns;
            add(d, DISTURB_STEP, from, to);
        }
    }
    d->clock_real_ns = r->real_ns;
    d->clock_mono_ns = r->mono_ns;
    if (r->type == JOURNAL_STALL)
        add(d, DISTURB_STALL, r->u.stall.from_ns, r->u.stall.to_ns);
    if ((r->type == JOURNAL_CLOCK || r->type == JOURNAL_END) && r->real_ns > d->heartbeat_ns)
        d->heartbeat_ns = r->real_ns;
}

int64_t disturb_known_ns(const struct disturb *d)
{
    int64_t stats = d->stats_ns == INT64_MIN ? INT64_MAX : d->stats_ns;
    return stats < d->heartbeat_ns ? stats : d->heartbeat_ns;
}

unsigned disturb_flags(const struct disturb *d, int64_t from_ns, int64_t to_ns)
{
    static const unsigned flag[DISTURB_KIND_COUNT] = {OUTCOME_DROP, OUTCOME_STEP, OUTCOME_STALL};
    unsigned flags = 0;
    for (size_t kind = 0; kind < DISTURB_KIND_COUNT; kind++) {
        /* The latest are the likeliest. */
        for (size_t i = d->n[kind]; i > 0; i--) {
            const struct disturb_interval *v = &d->interval[kind][i - 1];
            if (v->from_ns <= to_ns && v->to_ns >= from_ns) {
                flags |= flag[kind];
                break;
            }
        }
    }
    return flags;
}

int64_t disturb_stalled_ns(const struct disturb *d, int64_t from_ns, int64_t to_ns)
{
    int64_t sum = 0;
    for (size_t i = 0; i < d->n[DISTURB_STALL]; i++) {
        const struct disturb_interval *v = &d->interval[DISTURB_STALL][i];
        int64_t from = v->from_ns > from_ns ? v->from_ns : from_ns;
        int64_t to = v->to_ns < to_ns ? v->to_ns : to_ns;
        if (to > from)
            sum += to - from;
    }
    return sum;
}
