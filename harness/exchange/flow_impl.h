/* flow_impl - what flow.c (how TCP behaves), flow_again.c (what is sent again) and flow_table.c
 * (where connections are kept) share. */
#ifndef HARNESS_FLOW_IMPL_H
#define HARNESS_FLOW_IMPL_H

#include "harness/exchange/flow.h"
#include "harness/exchange/half.h"

#define LOSSES 64

/* Each connection stands in one list, the least recently active first. */
enum list_kind { LIST_OPENING = 0, LIST_OPEN, LIST_ENDED, LIST_COUNT };

struct flow {
    struct flow *chain;       /* of its bucket */
    struct flow *prev, *next; /* of its list */
    struct flow *suspect_prev, *suspect_next;
    enum list_kind list;
    bool suspect;  /* stands in the list of those with holes */
    bool told_end; /* CLOSED, RESET, REFUSED or UNANSWERED was told */
    bool oriented; /* it is known who is the client */
    bool backlog;  /* the server sent its SYN-ACK again though the client had gone on */
    uint64_t hash;
    int64_t last_ns;
    struct connection c;
    struct half half[2]; /* by SIDE_*: what that side sends */
    struct stream stream;
};

struct list {
    struct flow *head, *tail;
    size_t n;
};

struct interval {
    int64_t from_ns, to_ns;
};

struct flow_table {
    struct stream_host *host;
    endpoint_fn *endpoint_of;
    uint64_t seed;
    struct flow **bucket;
    size_t n_bucket, n_flow;
    struct list list[LIST_COUNT];
    struct flow *suspects;
    struct flow *spare; /* removed flows, by chain */
    struct interval loss[LOSSES];
    size_t n_loss, loss_at;
};

/* flow_again.c: bytes of the side come again. Counted for the client where nothing shows that the
 * other side made it: by a window that it closed, by a connection that it had no room for. */
void flow_again(struct flow_table *t, struct flow *f, int side, const struct segment *seg,
                const struct arrival *a);
/* The other side acknowledges: soon after they came again, it was that which brought them over. */
void flow_acknowledged(struct flow_table *t, struct flow *f, int side, uint32_t ack,
                       const struct stamp *at);

/* Depends on a seed, the same for both directions. */
uint64_t flow_hash(const struct flow_table *t, const struct segment *seg);
/* The segment's connection and the side that sent it, NULL. */
struct flow *flow_find(const struct flow_table *t, const struct segment *seg, uint64_t hash,
                       int *from);
/* A new connection, zeroed. NULL: no memory, kept in the host's fault. */
struct flow *flow_add(struct flow_table *t, uint64_t hash, enum list_kind kind);
/* Takes it out of everything; it may not be used afterwards. */
void flow_remove(struct flow_table *t, struct flow *f);
/* To the end of that list: the most recently active. */
void flow_move(struct flow_table *t, struct flow *f, enum list_kind kind);
void flow_set_suspect(struct flow_table *t, struct flow *f, bool suspect);

#endif
