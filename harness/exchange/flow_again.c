/* What our own side had to send again: that can make an exchange late without the equipment. */
#include "harness/base/clock.h"
#include "harness/exchange/flow_impl.h"

/* A copy that stands so close behind is one of the capture, not one of the sender. */
#define COPY_NS NS_PER_MS
/* What reaches its receiver is acknowledged soon: within a delayed acknowledgement's time and two
 * round trips, but never is a second soon. What is acknowledged later was not lost on the way: its
 * receiver had it, or threw it away, and took its time. */
#define SOON_NS (50 * NS_PER_MS)
#define SOON_MOST_NS NS_PER_S

static int64_t soon_ns(const struct flow *f)
{
    int64_t trip = f->c.syn_ack_ns > f->c.syn_ns ? f->c.syn_ack_ns - f->c.syn_ns : 0;
    return trip > (SOON_MOST_NS - SOON_NS) / 2 ? SOON_MOST_NS : SOON_NS + 2 * trip;
}

void flow_acknowledged(struct flow_table *t, struct flow *f, int side, uint32_t ack,
                       const struct stamp *at)
{
    struct half *h = &f->half[side];
    if (h->resent.frame == 0 || !seq_before(h->resent_seq, ack))
        return;
    if (side == SIDE_CLIENT && at->ts_ns - h->resent.ts_ns <= soon_ns(f))
        stream_resent(&f->stream, t->host, &f->c, h->resent_seq, &h->resent);
    h->resent.frame = 0;
}

void flow_again(struct flow_table *t, struct flow *f, int side, const struct segment *seg,
                const struct arrival *a)
{
    struct half *h = &f->half[side];
    bool probe = seg->len <= 1 && seg->seq + 1 == h->next;
    t->host->counts.retransmitted++;
    if (probe || f->half[!side].closed_window || f->backlog || a->at.ts_ns - h->data_ns < COPY_NS)
        return;
    if (side == SIDE_CLIENT && !seq_before(h->acked, a->seq + seg->len)) {
        stream_resent(&f->stream, t->host, &f->c, a->seq, &a->at);
        return;
    }
    h->resent = a->at;
    h->resent_seq = a->seq;
}
