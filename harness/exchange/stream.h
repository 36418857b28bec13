/* stream - messages out of the two byte streams of one connection, and which answers which.
 *
 * The flow below gives the bytes of each direction in order, and tells of holes and ends. Answers
 * belong to requests by their order. After a hole the reading goes on behind the damaged message
 * where its length is known, else at the next bytes that begin as a message does. Ownership: the
 * stream owns what it keeps of unfinished messages; stream_release frees it. Errors:    lack of
 * memory is kept in the host's fault.
 */
#ifndef HARNESS_STREAM_H
#define HARNESS_STREAM_H

#include <stdbool.h>

#include "harness/base/buf.h"
#include "harness/exchange/sighting.h"
#include "harness/probe/dissector.h"

#define SIDE_CLIENT 0 /* requests */
#define SIDE_SERVER 1 /* answers */

struct stamp {
    int64_t ts_ns;
    uint64_t frame; /* 0: none */
};

/* Who talks to whom: what every sighting and event of a connection has in common. */
struct connection {
    uint64_t number; /* 1-based */
    uint8_t addr[2][16];
    uint16_t port[2]; /* by SIDE_* */
    uint8_t addr_len;
    int endpoint;
    int closed_by; /* 1 + the side that ended first; 0: neither has yet */
    int64_t syn_ns, syn_ack_ns;
};

struct message {
    bool answer, encrypted;
    enum sighting_health health;
    const char *fault;
    int status;
    struct stamp first, last, held, resent;
    uint64_t pair;
    uint64_t message_bytes;
    const uint8_t *body;
    size_t body_len;
    bool opening; /* first request of its connection */
};

/* What all streams of a reader share. */
struct stream_host {
    const struct dissector_ops *ops;
    /* Returns the token of a request. */
    uint64_t (*message)(void *arg, const struct connection *c, const struct message *m);
    void (*event)(void *arg, const struct connection *c, enum connection_event_kind kind,
                  const struct stamp *at, uint64_t pair);
    void *arg;
    struct exchange_counts counts;
    struct buf body;   /* the decoded body of a chunked message */
    struct buf *spare; /* unused stores, so that a message in two segments costs no allocation */
    size_t n_spare;
    uint64_t held_bytes; /* in stores and in the flows' ahead queues */
    struct err fault;
};

void stream_host_init(struct stream_host *host);
void stream_host_release(struct stream_host *host);

/* A segment's place in its connection. */
struct arrival {
    struct stamp at;
    uint32_t seq; /* of the first byte given */
    uint32_t ack; /* what its sender had received */
};

enum stream_end {
    STREAM_FIN = 0,
    STREAM_RST,     /* its sender reset the connection */
    STREAM_ABORTED, /* the other side reset the connection */
    STREAM_CUT      /* we saw no more of it */
};

enum side_mode {
    SIDE_SEEK = 0, /* wait for bytes that begin as a message does */
    SIDE_READ,
    SIDE_SKIP, /* inside a message that has lost bytes: pass over the rest of it */
    SIDE_TLS,
    SIDE_OFF /* ended, or nothing that we can read */
};

struct stream_side {
    enum side_mode mode;
    bool open;  /* inside a message: first and last are set */
    bool exact; /* need is the message's whole length */
    bool ended, reset;
    bool chosen; /* the request that the answer at hand belongs to has been looked for */
    size_t need;
    uint64_t skip_left;
    struct stamp first, last, held, resent;
    struct buf store; /* bytes of the unfinished message */
    struct dissect_resume resume;
};

/* A request without an answer. */
struct asked {
    uint64_t token;
    uint32_t seq, ack; /* of its first segment */
    bool head_only, connect;
    bool alone; /* asked by one who was not waiting for another answer */
};

struct stream {
    struct stream_side side[2];
    struct asked *asked; /* ring */
    uint16_t asked_at, n_asked, asked_cap;
    bool doubt;      /* requests or answers may have been lost: order alone does not pair */
    bool holes;      /* in the answers, since a request is unanswered */
    bool paired;     /* the answer at hand belongs to the oldest request */
    bool requested;  /* a request was seen */
    int8_t tls_side; /* who spoke last; -1 */
};

void stream_init(struct stream *st);
void stream_release(struct stream *st, struct stream_host *host);

/* The side's first bytes will be the first that it ever sent. */
void stream_from_start(struct stream *st, int side);
void stream_data(struct stream *st, struct stream_host *host, const struct connection *c, int side,
                 const uint8_t *data, size_t len, const struct arrival *a);
/* That many bytes of the side were lost to the capture. */
void stream_gap(struct stream *st, struct stream_host *host, const struct connection *c, int side,
                uint64_t bytes, const struct arrival *a);
/* The side's sender waits in front of a closed window. */
void stream_held(struct stream *st, int side, const struct stamp *at);
/* The client had to send the byte at seq again, then: of a request in the making, or of one that is
 * not answered yet. */
void stream_resent(struct stream *st, struct stream_host *host, const struct connection *c,
                   uint32_t seq, const struct stamp *at);
void stream_finish(struct stream *st, struct stream_host *host, const struct connection *c,
                   int side, enum stream_end how, const struct stamp *at);

/* ---- private to stream*.c ---- */

/* False: no memory, or more than all connections together may keep. */
bool stream_store_add(struct stream_host *host, struct stream_side *side, const uint8_t *data,
                      size_t len);
void stream_store_drop(struct stream_host *host, struct stream_side *side);

#endif
