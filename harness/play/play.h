/* play - the reference equipment: the meters of a statement, alive on its addresses.
 *
 * Answers the commands of 4.10, 4.11 and 4.15 that a meter gets, sends events when provoked through
 * its control address, and is wrong in named ways on request (defect.h). Knows the requirement
 * table only for sizes and destinations; judges nothing. Ownership: everything in play_config is
 * borrowed until play_close. Errors:    ERR_SYS port in use, ERR_USAGE, ERR_DATA.
 */
#ifndef HARNESS_PLAY_H
#define HARNESS_PLAY_H

#include <ev.h>
#include <stdbool.h>

#include "harness/play/defect.h"
#include "harness/play/message.h"
#include "harness/play/meter.h"
#include "harness/play/raw.h"
#include "harness/probe/speaker.h"
#include "harness/table/table.h"

struct play_config {
    const struct statement *statement;
    const char *actor; /* NULL: all devices of the statement */
    const struct table *table;
    const struct binding *binding;
    size_t n_binding;
    const struct defect_set *defects;
    bool reply_by_request;
    uint64_t seed;
    const char *certificate, *key; /* PEM, for an endpoint with TLS; NULL none */
};

struct play;

enum err_code play_open(struct ev_loop *loop, const struct play_config *config, struct play **out,
                        struct err *e);
void play_close(struct play *p);

/* "address:port control address:port", address in brackets when IPv6. */
void play_where(const struct play *p, char *out, size_t size);

/* --- between the parts of play ------------------------------------------------------------------
 */

/* Who waits for an answer: one of the two is set. */
struct caller {
    struct speaker_request *rq;
    struct raw_link *link;
};

struct parcel; /* a message that goes out later */

struct play {
    struct ev_loop *loop;
    const struct play_config *config;
    struct fleet fleet;
    struct speaker_listener at, control_at;
    struct speaker *speaker; /* the equipment's, client side always */
    struct speaker *control; /* NULL: the statement declares no stimulus */
    struct raw *raw;         /* speaks at the equipment's address when HTTP is to be broken */
    struct envelope_reader *reader;
    struct message message;  /* scratch */
    struct buf body;         /* scratch */
    uint32_t *operations;    /* by binding: counted for lossy */
    uint64_t serial;         /* of messages sent */
    struct parcel *parcels;  /* waiting for their time */
    struct parcel *held;     /* of those: waits to be overtaken */
    struct caller *silenced; /* a ring of callers that get no answer */
    size_t n_silenced;
};

/* command.c: a request at the equipment's address. Answers it. */
void play_command(struct play *p, struct caller who, const char *path, const char *body,
                  size_t len);

/* stimulus.c: a request at the control address. The HTTP status to be given. */
int play_stimulus(struct play *p, const char *target);

/* event.c: what a device sends of its own accord. code: of the event, where it has one. */
enum event_kind {
    EVENT_AUDIT = 0,
    EVENT_CONFIGURATION,
    EVENT_FAULT,
    EVENT_POWER_QUALITY,
    EVENT_SECURITY,
    EVENT_SNAPSHOT,
    EVENT_INTERVALS,
    EVENT_OPERATED,
    EVENT_KIND_COUNT
};
void play_event(struct play *p, const struct meter *m, enum event_kind kind, unsigned code);
/* The readings of minutes up to now, into the message. */
void play_put_intervals(struct play *p, const struct meter *m, unsigned minutes, const char *mode);

/* deliver.c: sends the message, as an answer or as an event. */
void play_reply(struct play *p, struct caller who, const struct meter *m, const char *correlation,
                const char *reply_url);
/* Whether a reply address is one of the statement's; nothing is ever sent elsewhere. */
bool play_is_listed(const struct play *p, const char *url);
void play_send_event(struct play *p, const struct meter *m, const char *mode);
void play_answer(struct play *p, struct caller who, int status, const char *body, size_t len,
                 enum raw_manner manner);
/* Whether this operation is one that a lossy or silent device does not do; then it is over. */
bool play_swallowed(struct play *p, struct caller who);
enum err_code play_deliver_open(struct play *p, struct err *e);
void play_deliver_close(struct play *p);

const struct binding *play_binding(const struct play *p, const char *payload);
/* The leg of a row with that payload that this device's messages fall under, or NULL. */
const struct table_leg *play_leg(const struct play *p, const struct meter *m, const char *payload,
                                 const char *mode);

#endif
