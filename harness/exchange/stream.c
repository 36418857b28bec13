#include "harness/exchange/stream.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"

#define MESSAGE_BYTES_LEAST 16 /* no HTTP message is shorter */

/* One call's worth of context. */
struct reading {
    struct stream *st;
    struct stream_host *host;
    const struct connection *c;
    struct stream_side *side;
    int which; /* SIDE_* */
    const struct arrival *a;
};

void stream_init(struct stream *st)
{
    memset(st, 0, sizeof *st);
    st->tls_side = -1;
}

void stream_release(struct stream *st, struct stream_host *host)
{
    stream_store_drop(host, &st->side[SIDE_CLIENT]);
    stream_store_drop(host, &st->side[SIDE_SERVER]);
    free(st->asked);
    st->asked = NULL;
    st->n_asked = st->asked_cap = 0;
}

/* ---- pairing ---- */

static struct asked *asked_at(const struct stream *st, unsigned i)
{
    return &st->asked[(st->asked_at + i) % st->asked_cap];
}

static void pop(struct stream *st)
{
    st->asked_at = (uint16_t)((st->asked_at + 1) % st->asked_cap);
    if (--st->n_asked == 0)
        st->doubt = st->holes = false;
}

static bool push(struct stream *st, const struct asked *q)
{
    if (st->n_asked == st->asked_cap) {
        unsigned cap = st->asked_cap == 0 ? 2 : st->asked_cap * 2u;
        if (cap > LIMIT_HTTP_PIPELINE)
            return false;
        struct asked *asked = malloc(cap * sizeof *asked);
        if (asked == NULL)
            return false;
        for (unsigned i = 0; i < st->n_asked; i++)
            asked[i] = *asked_at(st, i);
        free(st->asked);
        st->asked = asked;
        st->asked_at = 0;
        st->asked_cap = (uint16_t)cap;
    }
    st->n_asked++;
    *asked_at(st, st->n_asked - 1u) = *q;
    return true;
}

static bool before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

/* The answer to the oldest request was lost to the capture. */
static void answer_lost(struct reading *rd, const struct stamp *at)
{
    struct message m = {.answer = true,
                        .health = SIGHT_GAP,
                        .fault = "the capture lost the answer",
                        .first = *at,
                        .last = *at,
                        .pair = asked_at(rd->st, 0)->token};
    (void)rd->host->message(rd->host->arg, rd->c, &m);
    rd->host->counts.answers++;
    pop(rd->st);
}

/* Whether the oldest request's answer must lie in front of seq, where answers were lost: a request
 * sent alone is answered where its sender had read to, and one that was followed by another whose
 * sender had read further is answered before that place. */
static bool is_stale(const struct stream *st, uint32_t seq)
{
    const struct asked *oldest = asked_at(st, 0);
    if (oldest->alone && oldest->ack != seq)
        return true;
    return st->n_asked >= 2 && before(oldest->ack, asked_at(st, 1)->ack) &&
           !before(seq, asked_at(st, 1)->ack);
}

/* An answer begins at seq: does it belong to the oldest request? Order tells, but where bytes were
 * lost, or the connection's beginning was not seen. */
static void choose_request(struct reading *rd, uint32_t seq)
{
    struct stream *st = rd->st;
    rd->side->chosen = true;
    st->paired = st->n_asked > 0;
    while (st->doubt && st->paired) {
        if (!before(asked_at(st, 0)->seq, rd->a->ack)) { /* the answerer has not seen it yet */
            st->paired = false;
        } else if (is_stale(st, seq)) {
            answer_lost(rd, &rd->a->at);
            st->paired = st->n_asked > 0;
        } else {
            break;
        }
    }
}

/* ---- telling ---- */

static void tell_unanswered(struct reading *rd, const struct stamp *at)
{
    struct stream *st = rd->st;
    enum connection_event_kind kind =
        st->side[SIDE_SERVER].reset ? CONNECTION_RESET : CONNECTION_CLOSED;
    while (st->n_asked > 0) {
        if (st->holes) { /* it may have been answered */
            answer_lost(rd, at);
            continue;
        }
        rd->host->event(rd->host->arg, rd->c, kind, at, asked_at(st, 0)->token);
        pop(st);
    }
}

static void shut(struct reading *rd, struct stream_side *side)
{
    side->mode = SIDE_OFF;
    side->open = false;
    stream_store_drop(rd->host, side);
}

static void tell_request(struct reading *rd, struct message *m, uint32_t seq)
{
    struct stream *st = rd->st;
    m->opening = !st->requested;
    st->requested = true;
    /* sent alone: nothing was open, or its sender had read on since the request before */
    struct asked q = {.seq = seq,
                      .ack = rd->a->ack,
                      .alone = st->n_asked == 0 ||
                               before(asked_at(st, st->n_asked - 1u)->ack, rd->a->ack),
                      .head_only = rd->side->resume.head_only,
                      .connect = rd->side->resume.upgraded};
    rd->host->counts.messages++;
    q.token = rd->host->message(rd->host->arg, rd->c, m);
    if (!push(st, &q)) {
        rd->host->counts.limited++;
        shut(rd, &st->side[SIDE_CLIENT]);
        shut(rd, &st->side[SIDE_SERVER]);
    }
    if (st->side[SIDE_SERVER].ended)
        tell_unanswered(rd, &m->last);
}

static void tell_answer(struct reading *rd, struct message *m)
{
    struct stream *st = rd->st;
    rd->host->counts.messages++;
    rd->host->counts.answers++;
    m->answer = true;
    if (st->paired) {
        m->pair = asked_at(st, 0)->token;
        pop(st);
    } else {
        rd->host->counts.unpaired++;
    }
    (void)rd->host->message(rd->host->arg, rd->c, m);
    if (rd->side->resume.upgraded) {
        shut(rd, &st->side[SIDE_CLIENT]);
        shut(rd, &st->side[SIDE_SERVER]);
    }
}

static void next_message(struct stream_side *side)
{
    side->open = side->chosen = side->exact = false;
    side->need = 0;
    side->resume = (struct dissect_resume){0};
}

/* Tells a message that ends here and is behind us: whole or not. */
static void tell(struct reading *rd, struct message *m, uint32_t seq)
{
    struct stream_side *side = rd->side;
    m->first = side->first;
    m->last = side->last;
    m->held = side->held;
    m->resent = side->resent;
    m->status = side->resume.status;
    if (m->health == SIGHT_BAD)
        rd->host->counts.bad++;
    side->held = side->resent = (struct stamp){0, 0};
    if (rd->which == SIDE_CLIENT) {
        tell_request(rd, m, seq);
    } else {
        if (!side->chosen)
            choose_request(rd, seq);
        tell_answer(rd, m);
    }
    next_message(side);
}

static void tell_damaged(struct reading *rd, enum sighting_health health, const char *fault,
                         uint64_t bytes)
{
    struct message m = {.health = health, .fault = fault, .message_bytes = bytes};
    tell(rd, &m, rd->a->seq);
}

/* ---- reading ---- */

static bool looks_encrypted(const uint8_t *p, size_t len)
{
    /* a TLS record: type 20 to 23, version 3.x */
    return p[0] >= 20 && p[0] <= 23 && (len < 2 || p[1] == 3) && (len < 3 || p[2] <= 4);
}

static void read_encrypted(struct reading *rd, size_t len)
{
    struct stream *st = rd->st;
    if (st->tls_side == rd->which)
        return;
    st->tls_side = (int8_t)rd->which;
    rd->side->first = rd->side->last = rd->a->at;
    struct message m = {.encrypted = true, .message_bytes = len};
    tell(rd, &m, rd->a->seq);
}

static void begin_encrypted(struct reading *rd, size_t len)
{
    for (int i = 0; i < 2; i++) {
        shut(rd, &rd->st->side[i]);
        rd->st->side[i].mode = SIDE_TLS;
    }
    read_encrypted(rd, len);
}

static void tell_whole(struct reading *rd, const struct dissect_in *in,
                       const struct dissect_out *found, uint32_t seq)
{
    struct message m = {.health = SIGHT_OK,
                        .message_bytes = found->used,
                        .body = found->body,
                        .body_len = found->body_len};
    if (found->chunked) {
        buf_reset(&rd->host->body);
        if (rd->host->ops->body_copy(in, found, &rd->host->body, &rd->host->fault) != ERR_OK) {
            m.health = SIGHT_GAP;
            m.fault = "no memory for its body";
        }
        m.body = (const uint8_t *)rd->host->body.data;
        m.body_len = rd->host->body.len;
    }
    tell(rd, &m, seq);
}

/* Reads messages from the front of p, whose first byte has that sequence number. Returns how many
 * bytes are done with. */
static size_t read_messages(struct reading *rd, const uint8_t *p, size_t len, uint32_t seq,
                            bool closed)
{
    struct stream_side *side = rd->side;
    size_t done = 0;
    while (done < len && side->mode == SIDE_READ) {
        if (!side->open) {
            side->first = side->last = rd->a->at;
            side->open = true;
        }
        if (rd->which == SIDE_SERVER && !side->chosen)
            choose_request(rd, seq + (uint32_t)done);
        struct dissect_in in = {.data = p + done,
                                .len = len - done,
                                .closed = closed,
                                .answer = rd->which == SIDE_SERVER,
                                .resume = &side->resume};
        if (in.answer && rd->st->paired) {
            in.head_only_answer = asked_at(rd->st, 0)->head_only;
            in.connect_answer = asked_at(rd->st, 0)->connect;
        }
        struct dissect_out out;
        switch (rd->host->ops->pdu(&in, &out)) {
        case DISSECT_OK:
            if (out.interim) {
                next_message(side);
                side->chosen = true; /* the same request's answer goes on */
            } else {
                tell_whole(rd, &in, &out, seq + (uint32_t)done);
            }
            done += out.used;
            break;
        case DISSECT_MORE:
            side->need = out.need;
            side->exact = out.exact;
            return done;
        case DISSECT_NOT_MINE:
            if (rd->c->endpoint < 0) {
                shut(rd, side);
                return len;
            }
            out.fault = "not HTTP";
            /* fall through */
        case DISSECT_BAD:
            tell_damaged(rd, SIGHT_BAD, out.fault, len - done);
            shut(rd, side);
            return len;
        case DISSECT_RC_COUNT:
            return len;
        }
    }
    return side->mode == SIDE_READ ? done : len;
}

/* More than we may keep: the rest of the message cannot be read. */
static void give_up(struct reading *rd, uint64_t bytes)
{
    rd->host->counts.limited++;
    tell_damaged(rd, SIGHT_GAP, "more unfinished messages than the harness keeps", bytes);
    stream_store_drop(rd->host, rd->side);
    rd->side->mode = SIDE_SEEK;
    rd->st->doubt = true;
}

static void read_bytes(struct reading *rd, const uint8_t *data, size_t len)
{
    struct stream_side *side = rd->side;
    struct stream_host *host = rd->host;
    if (side->open) {
        if (rd->a->at.frame > side->last.frame)
            side->last = rd->a->at;
        if (rd->a->at.frame < side->first.frame)
            side->first = rd->a->at;
    }
    size_t kept = side->store.len;
    if (kept == 0) {
        size_t done = read_messages(rd, data, len, rd->a->seq, false);
        if (done < len && !stream_store_add(host, side, data + done, len - done))
            give_up(rd, len - done);
        return;
    }
    if (!stream_store_add(host, side, data, len)) {
        give_up(rd, kept + len);
        return;
    }
    if (side->store.len < side->need)
        return;
    size_t total = side->store.len;
    size_t done = read_messages(rd, (const uint8_t *)side->store.data, total,
                                rd->a->seq - (uint32_t)kept, false);
    if (side->store.len == 0) /* the side was shut on the way */
        return;
    if (done == total) {
        stream_store_drop(host, side);
    } else if (done > 0) {
        host->held_bytes -= done;
        buf_consume(&side->store, done);
    }
}

static void skip_bytes(struct reading *rd, uint64_t *bytes)
{
    struct stream_side *side = rd->side;
    uint64_t n = *bytes < side->skip_left ? *bytes : side->skip_left;
    side->skip_left -= n;
    *bytes -= n;
    if (side->skip_left > 0)
        return;
    side->mode = SIDE_READ;
    tell_damaged(rd, SIGHT_GAP, "the capture lost a part of its body", side->need);
}

void stream_from_start(struct stream *st, int side)
{
    if (st->side[side].mode == SIDE_SEEK)
        st->side[side].mode = SIDE_READ;
}

void stream_data(struct stream *st, struct stream_host *host, const struct connection *c, int which,
                 const uint8_t *data, size_t len, const struct arrival *a)
{
    struct arrival here = *a;
    struct reading rd = {st, host, c, &st->side[which], which, &here};
    if (rd.side->mode == SIDE_SKIP) {
        uint64_t left = len;
        if (a->at.frame > rd.side->last.frame)
            rd.side->last = a->at;
        skip_bytes(&rd, &left);
        data += len - left;
        here.seq += (uint32_t)(len - left);
        len = (size_t)left;
    }
    if (len == 0)
        return;
    if (rd.side->mode == SIDE_TLS) {
        read_encrypted(&rd, len);
        return;
    }
    if (rd.side->mode == SIDE_OFF)
        return;
    if (!rd.side->open && looks_encrypted(data, len)) {
        begin_encrypted(&rd, len);
        return;
    }
    if (rd.side->mode == SIDE_SEEK) {
        if (!host->ops->starts(data, len, which == SIDE_SERVER))
            return;
        rd.side->mode = SIDE_READ;
        st->doubt = true;
    }
    read_bytes(&rd, data, len);
}

void stream_gap(struct stream *st, struct stream_host *host, const struct connection *c, int which,
                uint64_t bytes, const struct arrival *a)
{
    struct stream_side *side = &st->side[which];
    struct reading rd = {st, host, c, side, which, a};
    if (side->mode == SIDE_OFF || side->mode == SIDE_TLS)
        return;
    host->counts.gaps++;
    if (side->mode == SIDE_READ && side->open && side->exact) {
        side->skip_left = side->need - side->store.len;
        side->mode = SIDE_SKIP;
        stream_store_drop(host, side);
    }
    if (side->mode == SIDE_SKIP)
        skip_bytes(&rd, &bytes);
    if (bytes == 0)
        return;
    st->doubt = true;
    st->holes = st->holes || which == SIDE_SERVER;
    if (side->open) {
        tell_damaged(&rd, SIGHT_GAP, "the capture lost a part of it", side->store.len);
    } else if (side->mode == SIDE_READ && bytes >= MESSAGE_BYTES_LEAST &&
               (which == SIDE_CLIENT || st->n_asked > 0)) {
        side->first = side->last = a->at;
        tell_damaged(&rd, SIGHT_GAP, "the capture lost it", bytes);
    }
    stream_store_drop(host, side);
    side->mode = SIDE_SEEK;
}

void stream_held(struct stream *st, int which, const struct stamp *at)
{
    struct stream_side *side = &st->side[which];
    if (!side->open && side->held.frame == 0)
        side->held = *at;
}

void stream_resent(struct stream *st, struct stream_host *host, const struct connection *c,
                   uint32_t seq, const struct stamp *at)
{
    unsigned i = st->n_asked;
    while (i > 0 && before(seq, asked_at(st, i - 1)->seq))
        i--;
    if (st->side[SIDE_CLIENT].open && i == st->n_asked)
        st->side[SIDE_CLIENT].resent = *at;
    else if (i > 0)
        host->event(host->arg, c, CONNECTION_RESENT, at, asked_at(st, i - 1)->token);
}

void stream_finish(struct stream *st, struct stream_host *host, const struct connection *c,
                   int which, enum stream_end how, const struct stamp *at)
{
    struct stream_side *side = &st->side[which];
    struct arrival a = {.at = side->last};
    struct reading rd = {st, host, c, side, which, &a};
    if (side->ended)
        return;
    if (side->mode == SIDE_READ && side->open && how == STREAM_FIN && side->store.len > 0)
        (void)read_messages(&rd, (const uint8_t *)side->store.data, side->store.len, 0, true);
    if (side->open && (side->mode == SIDE_READ || side->mode == SIDE_SKIP)) {
        bool ours = how == STREAM_CUT || side->mode == SIDE_SKIP;
        tell_damaged(&rd, ours ? SIGHT_GAP : SIGHT_TRUNCATED,
                     ours ? "the capture ends inside it" : "the connection ended inside it",
                     side->store.len);
    }
    shut(&rd, side);
    side->ended = true;
    side->reset = how == STREAM_RST;
    if (how != STREAM_CUT && which == SIDE_SERVER)
        tell_unanswered(&rd, at);
}
