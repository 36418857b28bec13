#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/limits.h"
#include "harness/exchange/flow_impl.h"

#define ENDED_KEPT 16384            /* connections remembered after their end... */
#define ENDED_NS (10 * NS_PER_S)    /* ...for so long */
#define OPENING_NS (130 * NS_PER_S) /* a SYN is repeated for 127 s at most */
#define IDLE_NS (7200 * NS_PER_S)
#define SUSPECT_NS (100 * NS_PER_MS) /* frames may stand out of order in a file by so much */
#define HOLE_NS (120 * NS_PER_S)     /* no sender waits longer before it sends again */
#define HOLE_IN_LOSS_NS (2 * NS_PER_S)
#define AHEAD_MOST (1 << 30)     /* farther ahead is another connection's */
#define OLD_ACK_BYTES (1u << 20) /* a server acknowledges no more of a connection just begun */

/* ---- ends ---- */

static void tell(struct flow_table *t, struct flow *f, enum connection_event_kind kind,
                 const struct stamp *at)
{
    t->host->event(t->host->arg, &f->c, kind, at, 0);
}

static void set_ended(struct flow_table *t, struct flow *f, const struct stamp *at)
{
    if (f->list != LIST_ENDED)
        flow_move(t, f, LIST_ENDED);
    if (!f->told_end)
        tell(t, f, CONNECTION_CLOSED, at);
    f->told_end = true;
}

static void end_side(struct flow_table *t, struct flow *f, int side, enum stream_end how,
                     const struct stamp *at)
{
    f->half[side].ended = true;
    if (f->c.closed_by == 0)
        f->c.closed_by = 1 + side;
    half_release(&f->half[side], t->host);
    stream_finish(&f->stream, t->host, &f->c, side, how, at);
}

/* ---- bytes in order ---- */

static void give(struct flow_table *t, struct flow *f, int side, const uint8_t *data, uint32_t have,
                 uint32_t len, const struct arrival *a)
{
    f->half[side].next += len;
    f->half[side].data_ns = a->at.ts_ns;
    if (have > 0)
        stream_data(&f->stream, t->host, &f->c, side, data, have, a);
    if (have < len) { /* the frame was cut when it was captured */
        struct arrival rest = {a->at, a->seq + have, a->ack};
        stream_gap(&f->stream, t->host, &f->c, side, len - have, &rest);
    }
}

/* Gives what waited behind a hole that has been closed. */
static void give_early(struct flow_table *t, struct flow *f, int side)
{
    struct half *h = &f->half[side];
    while (h->early != NULL && !seq_before(h->next, h->early->a.seq)) {
        struct early *seg = half_take(h);
        uint32_t skip = h->next - seg->a.seq;
        if (skip < seg->len) {
            struct arrival a = {seg->a.at, h->next, seg->a.ack};
            give(t, f, side, seg->data + (skip < seg->have ? skip : 0),
                 skip < seg->have ? seg->have - skip : 0, seg->len - skip, &a);
        }
        half_drop(t->host, seg);
    }
    if (h->early == NULL)
        h->hole_ns = 0;
}

static void check_fin(struct flow_table *t, struct flow *f, int side, const struct stamp *at)
{
    struct half *h = &f->half[side];
    if (!h->fin || h->ended || seq_before(h->next, h->fin_seq))
        return;
    end_side(t, f, side, STREAM_FIN, at);
    if (f->half[!side].ended)
        set_ended(t, f, at);
}

/* Goes on at seq: what lies before is lost. */
static void pass_hole(struct flow_table *t, struct flow *f, int side, uint32_t seq,
                      const struct stamp *at)
{
    struct half *h = &f->half[side];
    struct arrival a = {*at, h->next, f->half[!side].next};
    uint32_t bytes = seq - h->next;
    h->next = seq;
    stream_gap(&f->stream, t->host, &f->c, side, bytes, &a);
    give_early(t, f, side);
    check_fin(t, f, side, at);
}

/* Forgets a connection; what is unfinished is told as it stands. */
static void forget(struct flow_table *t, struct flow *f, const struct stamp *at)
{
    if (f->list == LIST_OPENING && !f->told_end)
        tell(t, f, CONNECTION_UNANSWERED, at);
    for (int side = 0; side < 2; side++) {
        struct half *h = &f->half[side];
        while (h->early != NULL && !h->ended) /* no more comes to fill the hole */
            pass_hole(t, f, side, h->early->a.seq, at);
        end_side(t, f, side, STREAM_CUT, at);
    }
    flow_remove(t, f);
}

static void make_room(struct flow_table *t, const struct stamp *at)
{
    struct flow *f = t->list[LIST_ENDED].head;
    if (f != NULL && (t->list[LIST_ENDED].n > ENDED_KEPT || at->ts_ns - f->last_ns > ENDED_NS))
        forget(t, f, at);
    if (t->n_flow < LIMIT_FLOWS)
        return;
    t->host->counts.limited++;
    for (int kind = LIST_ENDED; kind >= 0; kind--) {
        if (t->list[kind].head != NULL) {
            forget(t, t->list[kind].head, at);
            return;
        }
    }
}

/* ---- beginnings ---- */

static void orient(struct flow_table *t, struct flow *f, const struct segment *seg, int sender)
{
    memcpy(f->c.addr[sender], seg->src, seg->addr_len);
    memcpy(f->c.addr[!sender], seg->dst, seg->addr_len);
    f->c.port[sender] = seg->src_port;
    f->c.port[!sender] = seg->dst_port;
    f->c.addr_len = seg->addr_len;
    f->c.endpoint =
        t->endpoint_of(t->host->arg, f->c.addr[SIDE_SERVER], f->c.addr_len, f->c.port[SIDE_SERVER]);
}

/* Which side sends: the SYNs tell, else the plan's endpoints, else (for now) the lower port. */
static int guess_sender(struct flow_table *t, const struct segment *seg, bool *sure)
{
    *sure = true;
    if ((seg->flags & TCP_SYN) != 0)
        return (seg->flags & TCP_ACK) != 0 ? SIDE_SERVER : SIDE_CLIENT;
    if (t->endpoint_of(t->host->arg, seg->dst, seg->addr_len, seg->dst_port) >= 0)
        return SIDE_CLIENT;
    if (t->endpoint_of(t->host->arg, seg->src, seg->addr_len, seg->src_port) >= 0)
        return SIDE_SERVER;
    *sure = false;
    return seg->src_port > seg->dst_port ? SIDE_CLIENT : SIDE_SERVER;
}

static struct flow *create(struct flow_table *t, const struct segment *seg, uint64_t hash,
                           int *from, const struct stamp *at)
{
    make_room(t, at);
    bool opening = (seg->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
    struct flow *f = flow_add(t, hash, opening ? LIST_OPENING : LIST_OPEN);
    if (f == NULL)
        return NULL;
    f->last_ns = at->ts_ns;
    f->c.number = ++t->host->counts.flows;
    *from = guess_sender(t, seg, &f->oriented);
    orient(t, f, seg, *from);
    return f;
}

/* The first bytes of a connection whose SYNs were not seen may show that client and server are the
 * other way round. */
static int reorient(struct flow_table *t, struct flow *f, const struct segment *seg, int from)
{
    bool asks = t->host->ops->starts(seg->data, seg->have, false);
    bool answers = !asks && t->host->ops->starts(seg->data, seg->have, true);
    if (!asks && !answers)
        return from;
    f->oriented = true;
    int sender = asks ? SIDE_CLIENT : SIDE_SERVER;
    if (sender != from) {
        struct half half = f->half[0];
        f->half[0] = f->half[1];
        f->half[1] = half;
        struct stream_side side = f->stream.side[0];
        f->stream.side[0] = f->stream.side[1];
        f->stream.side[1] = side;
        orient(t, f, seg, sender);
    }
    return sender;
}

/* ---- segments ---- */

/* What the receiver has, though it was not seen, and behind which something was seen, won't come.
 */
static void pass_acknowledged(struct flow_table *t, struct flow *f, int side,
                              const struct stamp *at)
{
    struct half *h = &f->half[side];
    while (h->early != NULL && !h->ended && !seq_before(h->acked, h->early->a.seq))
        pass_hole(t, f, side, h->early->a.seq, at);
}

static void look_at_ack(struct flow_table *t, struct flow *f, int side, uint32_t ack,
                        const struct stamp *at)
{
    struct half *h = &f->half[side];
    if (!h->known || h->ended)
        return;
    if (h->suspect_ns == 0 || seq_before(h->acked, ack))
        h->acked = ack;
    flow_acknowledged(t, f, side, ack, at);
    pass_acknowledged(t, f, side, at);
    if (h->ended || !seq_before(h->next, ack) || (h->fin && h->next == h->fin_seq)) {
        h->suspect_ns = 0;
    } else if (h->suspect_ns == 0) {
        h->suspect_ns = at->ts_ns;
        flow_set_suspect(t, f, true);
    }
}

static void take_data(struct flow_table *t, struct flow *f, int side, const struct segment *seg,
                      const struct stamp *at)
{
    struct half *h = &f->half[side];
    struct arrival a = {*at, seg->seq + ((seg->flags & TCP_SYN) != 0), seg->ack};
    const uint8_t *data = seg->data;
    uint32_t have = seg->have, len = seg->len;
    int32_t ahead = (int32_t)(a.seq - h->next);
    if (ahead < 0) {
        uint32_t old = h->next - a.seq;
        flow_again(t, f, side, seg, &a);
        if (old >= len)
            return;
        data += old < have ? old : have;
        have -= old < have ? old : have;
        len -= old;
        a.seq = h->next;
        ahead = 0;
    }
    if (ahead == 0) {
        /* where it overlaps what came early, that stands: it is put between the kept ones */
        bool overlaps = h->early != NULL && seq_before(h->early->a.seq, a.seq + len);
        if (!overlaps || !half_keep(h, t->host, data, have, len, &a))
            give(t, f, side, data, have, len, &a);
        give_early(t, f, side);
        return;
    }
    if (ahead >= AHEAD_MOST)
        return;
    while (!half_keep(h, t->host, data, have, len, &a)) {
        if (h->early == NULL) { /* it can't be kept even alone */
            pass_hole(t, f, side, a.seq, at);
            give(t, f, side, data, have, len, &a);
            return;
        }
        t->host->counts.limited++;
        pass_hole(t, f, side, h->early->a.seq, at);
        if (h->ended || !seq_before(h->next, a.seq)) {
            take_data(t, f, side, seg, at);
            return;
        }
    }
    if (h->hole_ns == 0)
        h->hole_ns = at->ts_ns;
    flow_set_suspect(t, f, true);
    if (h->suspect_ns != 0)
        pass_acknowledged(t, f, side, at);
}

static void take_syn(struct flow_table *t, struct flow *f, int side, const struct segment *seg,
                     const struct stamp *at)
{
    struct half *h = &f->half[side], *peer = &f->half[!side];
    if (!h->known) {
        h->known = true;
        h->first = seg->seq;
        h->next = seg->seq + 1;
    }
    stream_from_start(&f->stream, side);
    if ((seg->flags & TCP_ACK) == 0) {
        if (f->c.syn_ns == 0)
            f->c.syn_ns = at->ts_ns;
        return;
    }
    if (!peer->known) {
        peer->known = true;
        peer->first = seg->ack - 1;
        peer->next = seg->ack;
        stream_from_start(&f->stream, !side);
    }
    if (f->c.syn_ack_ns != 0 && seq_before(peer->first + 1, peer->next))
        f->backlog = true;
    if (f->c.syn_ack_ns == 0) {
        f->c.syn_ack_ns = at->ts_ns;
        if (f->c.syn_ns != 0)
            tell(t, f, CONNECTION_OPENED, at);
    }
    if (f->list == LIST_OPENING)
        flow_move(t, f, LIST_OPEN);
}

/* The SYN-ACK was not seen, but what the client acknowledges with its first segment is its place.
 */
static void infer_server(struct flow *f, const struct segment *seg)
{
    struct half *client = &f->half[SIDE_CLIENT], *server = &f->half[SIDE_SERVER];
    if (f->c.syn_ns == 0 || server->known || (seg->flags & (TCP_ACK | TCP_RST)) != TCP_ACK ||
        seg->seq != client->first + 1)
        return;
    server->known = true;
    server->first = seg->ack - 1;
    server->next = seg->ack;
    stream_from_start(&f->stream, SIDE_SERVER);
}

static void take_rst(struct flow_table *t, struct flow *f, int side, const struct stamp *at)
{
    bool refused = side == SIDE_SERVER && f->list == LIST_OPENING;
    if (refused && !f->told_end) {
        tell(t, f, CONNECTION_REFUSED, at);
        f->told_end = true;
    }
    if (side == SIDE_CLIENT)
        end_side(t, f, SIDE_SERVER, STREAM_ABORTED, at);
    end_side(t, f, side, STREAM_RST, at);
    /* a request may be on its way still; one that was begun is over */
    if (side == SIDE_SERVER && f->stream.side[SIDE_CLIENT].open)
        end_side(t, f, SIDE_CLIENT, STREAM_ABORTED, at);
    set_ended(t, f, at);
}

/* A SYN with another sequence number, or behind the end, begins a new connection. */
static bool is_reuse(const struct flow *f, int side, const struct segment *seg)
{
    if ((seg->flags & (TCP_SYN | TCP_ACK)) != TCP_SYN)
        return false;
    return f->half[side].known && f->half[side].first != seg->seq;
}

/* While a SYN waits for its answer: a segment of an old connection on the same ports. The server
 * still has that one half open and acknowledges it (RFC 9293, 3.10.7.4, challenge ACK), the client
 * answers by an RST in the old numbers, and sends its SYN again. */
static bool is_of_old(const struct flow *f, int side, const struct segment *seg)
{
    const struct half *client = &f->half[SIDE_CLIENT];
    if (f->list != LIST_OPENING || f->c.syn_ns == 0 || (seg->flags & TCP_SYN) != 0)
        return false;
    if (side == SIDE_CLIENT)
        return (seg->flags & TCP_RST) != 0 && seg->seq - client->first > 1;
    return (seg->flags & TCP_ACK) != 0 && seg->ack - client->first - 1 > OLD_ACK_BYTES;
}

void flow_segment(struct flow_table *t, const struct segment *seg, const struct stamp *at)
{
    uint64_t hash = flow_hash(t, seg);
    int side;
    struct flow *f = flow_find(t, seg, hash, &side);
    if (f != NULL && is_reuse(f, side, seg)) {
        forget(t, f, at);
        f = NULL;
    }
    if (f == NULL)
        f = create(t, seg, hash, &side, at);
    if (f == NULL || is_of_old(f, side, seg))
        return;
    f->last_ns = at->ts_ns;
    if (t->list[f->list].tail != f && f->list == LIST_OPEN)
        flow_move(t, f, LIST_OPEN);
    if (!f->oriented && seg->have > 0)
        side = reorient(t, f, seg, side);
    struct half *h = &f->half[side];
    if ((seg->flags & TCP_SYN) != 0)
        take_syn(t, f, side, seg, at);
    if (!h->known) { /* picked up in the middle */
        h->known = true;
        h->first = seg->seq - 1;
        h->next = seg->seq;
    }
    if (side == SIDE_CLIENT)
        infer_server(f, seg);
    if (f->list == LIST_OPENING && (seg->flags & (TCP_SYN | TCP_RST)) == 0)
        flow_move(t, f, LIST_OPEN);
    if ((seg->flags & (TCP_ACK | TCP_RST)) == TCP_ACK)
        look_at_ack(t, f, !side, seg->ack, at);
    if ((seg->flags & (TCP_SYN | TCP_RST)) == 0) {
        if (seg->len <= 1 && seg->seq + 1 == h->next && f->half[!side].closed_window)
            stream_held(&f->stream, side, at);
        h->closed_window = seg->window == 0;
    }
    if (seg->len > 0 && !h->ended)
        take_data(t, f, side, seg, at);
    if ((seg->flags & TCP_FIN) != 0 && !h->fin) {
        h->fin = true;
        h->fin_seq = seg->seq + seg->len;
    }
    if (h->fin)
        check_fin(t, f, side, at);
    if ((seg->flags & TCP_RST) != 0)
        take_rst(t, f, side, at);
}

void flow_unreachable(struct flow_table *t, const struct segment *seg, const struct stamp *at)
{
    int side;
    struct flow *f = flow_find(t, seg, flow_hash(t, seg), &side);
    if (f == NULL || f->list != LIST_OPENING || side != SIDE_CLIENT || f->told_end)
        return;
    tell(t, f, CONNECTION_REFUSED, at);
    f->told_end = true;
    set_ended(t, f, at);
}

/* ---- time ---- */

void flow_loss(struct flow_table *t, int64_t from_ns, int64_t to_ns)
{
    t->loss[t->loss_at] = (struct interval){from_ns, to_ns};
    t->loss_at = (t->loss_at + 1) % LOSSES;
    if (t->n_loss < LOSSES)
        t->n_loss++;
}

static bool in_loss(const struct flow_table *t, int64_t ts_ns)
{
    for (size_t i = 0; i < t->n_loss; i++)
        if (ts_ns >= t->loss[i].from_ns - HOLE_IN_LOSS_NS &&
            ts_ns <= t->loss[i].to_ns + HOLE_IN_LOSS_NS)
            return true;
    return false;
}

static void sweep_half(struct flow_table *t, struct flow *f, int side, const struct stamp *now)
{
    struct half *h = &f->half[side];
    if (h->ended)
        return;
    if (h->suspect_ns != 0 && now->ts_ns - h->suspect_ns >= SUSPECT_NS) {
        h->suspect_ns = 0;
        if (seq_before(h->next, h->acked))
            pass_hole(t, f, side, h->acked, now);
    }
    if (h->hole_ns != 0 && !h->ended) {
        int64_t open_ns = now->ts_ns - h->hole_ns;
        if (open_ns > HOLE_NS || (open_ns > HOLE_IN_LOSS_NS && in_loss(t, h->hole_ns)))
            pass_hole(t, f, side, h->early->a.seq, now);
    }
}

void flow_sweep(struct flow_table *t, const struct stamp *now)
{
    struct flow *next;
    for (struct flow *f = t->suspects; f != NULL; f = next) {
        next = f->suspect_next;
        bool waiting = false;
        for (int side = 0; side < 2; side++) {
            sweep_half(t, f, side, now);
            waiting = waiting || f->half[side].suspect_ns != 0 || f->half[side].hole_ns != 0;
        }
        if (!waiting)
            flow_set_suspect(t, f, false);
    }
    static const int64_t keep_ns[LIST_COUNT] = {OPENING_NS, IDLE_NS, ENDED_NS};
    for (int kind = 0; kind < LIST_COUNT; kind++)
        while (t->list[kind].head != NULL &&
               now->ts_ns - t->list[kind].head->last_ns > keep_ns[kind])
            forget(t, t->list[kind].head, now);
}

void flow_finish(struct flow_table *t, const struct stamp *at)
{
    for (int kind = 0; kind < LIST_COUNT; kind++)
        while (t->list[kind].head != NULL)
            forget(t, t->list[kind].head, at);
}
