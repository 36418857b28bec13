/* dissector - reads one protocol's messages back out of reassembled bytes. Linked by the judge.
 *
 * The caller keeps what has not been consumed and calls again with more. It may be given any bytes
 * at all; it never allocates, prints or blocks. This is the fuzz target. A message that comes in
 * many pieces is not read from its start each time: struct dissect_resume carries over what the
 * bytes seen so far have told. The answers are the same without it.
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

/* The caller zeroes it at the start of each message and leaves it alone else. The data of the next
 * call must begin with the data of this one. */
struct dissect_resume {
    size_t at;         /* everything before has been read */
    size_t head_bytes; /* 0: the head is not whole yet */
    uint64_t body_len; /* decoded body: declared, or seen so far when chunked */
    int status;
    uint8_t framing; /* the dissector's own */
    bool interim, upgraded, head_only, keep_alive;
};

struct dissect_in {
    const uint8_t *data;
    size_t len;
    bool answer;                   /* direction server to client */
    bool closed;                   /* the direction has ended behind these bytes */
    bool head_only_answer;         /* the request was a HEAD */
    bool connect_answer;           /* the request was a CONNECT */
    struct dissect_resume *resume; /* or NULL */
};

struct dissect_out {
    size_t used, need;
    bool exact;        /* MORE: need is the length of the whole message, whatever its body holds */
    size_t head_bytes; /* of used; with MORE 0 until the head is whole */
    int status;        /* answers */
    bool interim;      /* a 1xx answer: not the end of its request */
    bool upgraded;     /* CONNECT or 101: what follows is another protocol. With a CONNECT request:
                          only if its answer says so as well */
    bool head_only;    /* request: a HEAD, its answer has no body */
    bool keep_alive;
    const uint8_t *body; /* when contiguous in data */
    size_t body_len;
    bool chunked;      /* body must be taken through body_copy */
    const char *fault; /* static text */
};

struct dissector_ops {
    const char *name;
    enum dissect_rc (*pdu)(const struct dissect_in *in, struct dissect_out *out);
    /* Appends the decoded body of a message that pdu found whole and chunked. */
    enum err_code (*body_copy)(const struct dissect_in *in, const struct dissect_out *found,
                               struct buf *body, struct err *e);
    /* These bytes begin as only a message does: where to go on after a loss. */
    bool (*starts)(const uint8_t *data, size_t len, bool answer);
};

extern const struct dissector_ops http_dissector; /* probes/http/dissect.c */

#endif
