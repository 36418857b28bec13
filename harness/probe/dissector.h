/* dissector - reads one protocol's messages back out of reassembled bytes. Linked by the judge.
 *
 * Stateless over bytes: the caller keeps what has not been consumed and calls again with more. It may
 * be given any bytes at all; it never allocates, prints or blocks. This is the fuzz target.
 */
#ifndef HARNESS_DISSECTOR_H
#define HARNESS_DISSECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/buf.h"

enum dissect_rc {
    DISSECT_OK = 0,   /* a whole message: used bytes are consumed */
    DISSECT_MORE,     /* need is the least number of bytes wanted in all, at least one more */
    DISSECT_BAD,      /* the sender broke the protocol: fault tells how; the direction is lost */
    DISSECT_NOT_MINE, /* another protocol */
    DISSECT_RC_COUNT
};

struct dissect_in {
    const uint8_t *data;
    size_t len;
    bool answer;      /* direction server to client */
    bool closed;      /* the direction has ended behind these bytes */
    bool head_only_answer; /* the request was a HEAD */
};

struct dissect_out {
    size_t used, need;
    size_t head_bytes;   /* of used */
    int status;          /* answers */
    bool interim;        /* a 1xx answer: not the end of its request */
    bool upgraded;       /* CONNECT or 101: what follows is another protocol */
    bool keep_alive;
    const uint8_t *body; /* when contiguous in data */
    size_t body_len;
    bool chunked;        /* body must be taken through body_copy */
    const char *fault;   /* static text */
};

struct dissector_ops {
    const char *name;
    enum dissect_rc (*pdu)(const struct dissect_in *in, struct dissect_out *out);
    /* Appends the decoded body of a message that pdu found whole and chunked. */
    enum err_code (*body_copy)(const struct dissect_in *in, const struct dissect_out *found,
                               struct buf *body, struct err *e);
};

extern const struct dissector_ops http_dissector; /* probes/http/dissect.c */

#endif
