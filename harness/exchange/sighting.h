/* sighting - a whole application message seen in the capture, and what its connection tells.
 *
 * The reassembly (exchange/) gives these in the order in which messages end on the wire; the scorer
 * correlates them with attempts. Nothing here knows limits.
 * Ownership: all pointers are borrowed for the call.
 * Time:      capture stamps, CLOCK_REALTIME nanoseconds.
 */
#ifndef HARNESS_SIGHTING_H
#define HARNESS_SIGHTING_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/evidence/frame.h"
#include "harness/plan/plan.h"
#include "harness/probe/binding.h"
#include "harness/probe/content.h"
#include "harness/probe/envelope.h"

enum sighting_health {
    SIGHT_OK = 0,
    SIGHT_BAD,       /* the sender broke HTTP, XML or the envelope */
    SIGHT_GAP,       /* the capture lost bytes of it: nobody's fault but ours */
    SIGHT_TRUNCATED, /* the connection ended inside it */
    SIGHT_HEALTH_COUNT
};

struct sighting {
    bool answer;     /* an HTTP response; else a request */
    uint64_t flow;   /* connection, 1-based in order of first packet */
    uint32_t stream; /* the same, 0-based, as tshark's tcp.stream counts */
    uint8_t client_addr[16], server_addr[16];
    uint8_t addr_len; /* 4 or 16 */
    uint16_t client_port;
    int endpoint;  /* plan index of the connection's server side, -1 none of ours */
    uint64_t pair; /* answer: the token that message() gave for its request; 0 none seen */
    int64_t syn_ns, syn_ack_ns; /* of the connection, for the first request on it; 0 otherwise */
    int64_t held_ns; /* first probe of a closed window in front of the first byte; 0 none */
    int64_t first_ns, last_ns; /* first and last byte */
    int64_t resent_ns; /* the client had to send a part of it again, last at; 0 it had not */
    uint64_t first_frame, last_frame;
    int status; /* answer: HTTP status */
    enum sighting_health health;
    const char *fault;      /* what is wrong with it, NULL */
    uint64_t message_bytes; /* head and body as carried */
    uint64_t body_bytes;    /* body after transfer decoding */
    bool encrypted;         /* TLS: nothing inside can be read */

    int binding;              /* recognised payload, -1 none */
    struct envelope envelope; /* valid when the body was an envelope (element may be unknown) */
    bool has_envelope;
    uint8_t field[BINDING_MAX_FIELDS];      /* enum field_state, per field of the binding */
    struct slice value[BINDING_MAX_FIELDS]; /* first value of each field */
    int64_t canonical_bytes; /* of all data elements, undeclared ones as text; -1 no binding */
    uint64_t content_digest; /* of the payload's elements and values */
};

enum connection_event_kind {
    CONNECTION_OPENED = 0, /* SYN and SYN-ACK seen */
    CONNECTION_REFUSED,    /* SYN answered by RST (or ICMP unreachable) */
    CONNECTION_UNANSWERED, /* SYNs, no answer until flushed or given up */
    CONNECTION_RESET,      /* RST from the server with a request unanswered */
    CONNECTION_RESENT,     /* the client sent a part of an unanswered request again, at ts_ns */
    CONNECTION_CLOSED,     /* ended; tokens of unanswered requests are told one by one */
    CONNECTION_EVENT_COUNT
};

struct connection_event {
    enum connection_event_kind kind;
    uint64_t flow;
    uint8_t client_addr[16], server_addr[16];
    uint8_t addr_len;
    uint16_t client_port;
    int endpoint;
    int64_t ts_ns;
    int64_t syn_ns; /* first SYN, 0 */
    uint64_t frame;
    int closed_by; /* who ended it first: 1 the client, 2 the server, 0 not known */
    uint64_t pair; /* RESET, CLOSED, RESENT: token of an unanswered request, 0 none */
};

struct sighting_handlers {
    /* Returns a token (not 0) for a request, which comes back as pair in its answer. */
    uint64_t (*message)(void *arg, const struct sighting *s);
    void (*connection)(void *arg, const struct connection_event *ev);
    void (*mark)(void *arg, const struct mark *m, int64_t ts_ns, uint64_t frame);
    void *arg;
};

/* The way from frames to sightings: link layers, IP, TCP reassembly, dissector, envelope. */
struct exchange_reader;

enum err_code exchange_reader_new(const struct plan *plan, const struct sighting_handlers *handlers,
                                  struct exchange_reader **out, struct err *e);
enum err_code exchange_reader_frame(struct exchange_reader *r, const struct frame *f,
                                    struct err *e);
/* The capture is known to have lost packets of its own somewhere in [from, to]. */
void exchange_reader_loss(struct exchange_reader *r, int64_t from_ns, int64_t to_ns);
/* The capture ended: connections still open are told as they stand. */
enum err_code exchange_reader_finish(struct exchange_reader *r, struct err *e);
void exchange_reader_free(struct exchange_reader *r);

/* What went past without use, for the report. */
struct exchange_counts {
    uint64_t frames, other_frames, flows, gaps, retransmitted, messages, answers, unpaired, bad,
        limited;
};
const struct exchange_counts *exchange_reader_counts(const struct exchange_reader *r);

#endif
