/* half - one direction of a TCP connection: what comes next, and what came too early.
 *
 * Ownership: half_release frees the segments kept.
 * Errors:    false where memory or a ceiling is short; then nothing was kept.
 */
#ifndef HARNESS_HALF_H
#define HARNESS_HALF_H

#include "harness/exchange/stream.h"

/* A segment that lies behind a hole. */
struct early {
    struct early *next;
    struct arrival a;
    uint32_t have, len; /* captured, on the wire */
    uint8_t data[];
};

struct half {
    bool known;         /* next means something */
    bool fin;           /* fin_seq is where the direction ends */
    bool closed_window; /* this side takes no more at present */
    bool ended;
    uint32_t first; /* sequence number of the SYN, or in front of the first byte seen */
    uint32_t next;  /* of the next byte wanted */
    uint32_t fin_seq;
    uint32_t acked;      /* the other side has everything in front of this */
    int64_t data_ns;     /* something new came last */
    struct stamp resent; /* bytes came again that the other side had not acknowledged; frame 0 */
    uint32_t resent_seq; /* the first of them */
    int64_t hole_ns;     /* a hole is open since; 0 none */
    int64_t suspect_ns;  /* bytes are acknowledged that we have not seen, since; 0 */
    struct early *early;
    uint32_t n_early;
    uint32_t early_bytes;
};

/* seq a before b, on the circle. */
static inline bool seq_before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

/* Keeps the parts of a segment that no kept segment covers. */
bool half_keep(struct half *h, struct stream_host *host, const uint8_t *data, uint32_t have,
               uint32_t len, const struct arrival *a);
/* Takes the first kept segment out of the list; the caller gives it back with half_drop. */
struct early *half_take(struct half *h);
void half_drop(struct stream_host *host, struct early *seg);
void half_release(struct half *h, struct stream_host *host);

#endif
