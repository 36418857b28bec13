/* inside - what the parts of the reference equipment share.
 *
 * A message comes in (receive.c): it is answered (answer.c), remembered (memory.c) and passed on
 * (forward.c). A stimulus (stimulus.c) arms an error, sets the clock (timebase.c) or makes the
 * equipment send (originate.c), images in blocks (image_out.c). All that leaves goes through
 * deliver.c; requests whose answer is awaited are asks (ask.c). What is due by itself: schedule.c.
 */
#ifndef HARNESS_PLAY_INSIDE_H
#define HARNESS_PLAY_INSIDE_H

#include "harness/play/known.h"
#include "harness/play/message.h"
#include "harness/play/meter.h"
#include "harness/play/play.h"
#include "harness/play/raw.h"
#include "harness/play/ring.h"
#include "harness/play/subject.h"
#include "harness/play/truth.h"
#include "harness/probe/speaker.h"

#define URL_BYTES 512
#define MESSAGE_ID_BYTES (LIMIT_CORRELATION_BYTES + 16) /* a block's number behind it */

enum {
    HTTP_OK = 200,
    HTTP_ACCEPTED = 202,
    HTTP_NOTHING = 204, /* done, and nothing to say */
    HTTP_BAD_REQUEST = 400,
    HTTP_NOT_FOUND = 404,
    HTTP_CONFLICT = 409,
    HTTP_UNPROCESSABLE = 422,
    HTTP_FAULT = 500,
    HTTP_BAD_GATEWAY = 502,
    HTTP_BUSY = 503
};

/* Who waits for an answer: one of the two is set, or none. */
struct caller {
    struct speaker_request *rq;
    struct raw_link *link;
};

struct parcel; /* a message that goes out later */
struct ask;    /* a request of ours whose answer is awaited */
struct due;    /* a payload that waits for its window */
struct schedule;
struct image_in;
struct image_out;

struct timebase { /* the deployment's clock */
    bool set;
    int64_t base_ns, real_ns; /* it showed base_ns when the real one showed real_ns */
    int64_t factor;
};

struct play {
    struct ev_loop *loop;
    const struct play_config *config;
    struct known known;
    struct subjects subjects;
    struct speaker_listener at, control_at;
    struct speaker *speaker; /* the equipment's: server side, and client side that waits long */
    struct speaker *asker;   /* client side for what has to be answered soon */
    struct speaker *control; /* NULL: the statement declares no stimulus */
    struct raw *raw;         /* speaks at the equipment's address when HTTP is to be broken */
    struct envelope_reader *reader;
    struct message message;  /* scratch */
    struct binding returned; /* scratch: of what is read back */
    struct buf body;         /* scratch */
    uint32_t *operations;    /* by payload and command, or none: counted for lossy */
    int64_t started_ns;      /* monotonic */
    uint64_t boot, serial;   /* make the ids of its messages */
    struct parcel *parcels;  /* waiting for their time */
    size_t parcel_bytes;     /* of all of them */
    struct parcel *held;     /* of those: waits to be overtaken */
    struct caller *silenced; /* a ring of callers that get no answer */
    size_t n_silenced;
    struct ask *asks;
    size_t n_ask;
    struct ring *memory;   /* consumed messages by MessageID */
    struct ring *mentions; /* what the last message about a device named, by its id */
    struct ring *trails;   /* requests passed on or sent, by correlation: who asked */
    struct timebase timebase;
    struct due *dues;
    size_t n_due;
    struct schedule *schedule; /* NULL: nothing goes by itself */
    struct image_in *images_in;
    size_t n_image_in;
    struct image_out *images_out;
    size_t n_image_out;
    struct truth truth;
};

/* A message that came and is understood so far. */
struct order {
    struct play *play;
    struct caller who; /* neither set: nobody waits */
    bool own;          /* a command of ours, about whose failure others are to be told */
    const struct envelope *env;
    const struct known_payload *what;
    bool for_all;           /* several of ours tell of it: to the destinations of each of them */
    struct subject subject; /* of NULL: no device is named */
    uint32_t sender;        /* actor that it came from, as far as it says; ACTOR_NONE */
    uint32_t me;            /* the actor of ours that it is for */
    char correlation[LIMIT_CORRELATION_BYTES + 1];
    char message_id[MESSAGE_ID_BYTES + 1];
    char reply_url[URL_BYTES];
};

/* Who asked, remembered under the correlation of a request that was passed on or sent. */
struct trail {
    const struct known_payload *what;
    bool own; /* nobody: it was ours */
    char reply_url[URL_BYTES];
};

/* --- receive.c */
void play_receive(struct play *p, struct caller who, const char *path, const char *body,
                  size_t len);
/* Fills an order whose env is read. 0, or the HTTP status that refuses it. */
int order_understand(struct order *o);
/* Whether an order without a device is answered by each device that it reaches, not by one system.
 */
bool order_is_for_each(const struct order *o);
/* Whether an actor of ours is among those that a message about others is for. */
bool order_is_ours(const struct order *o);
/* The answer to a request of ours about that device: taken in, and passed on where it goes. */
void play_receive_answer(struct play *p, const void *body, size_t len);
/* The value of an attribute in a message of that binding, empty when it is not there. */
struct slice play_attribute(const struct binding *b, const struct envelope *env, const char *name);

/* --- answer.c */
/* Does what an order asks and answers it, as the actor o->me. False: it was lost. */
bool order_answer(struct order *o);
/* The answers of one device of a population, each as a message of its own. */
void order_answer_each(struct order *o);
/* Sends one answer of that payload: failed with code, else done. */
void order_answer_with(struct order *o, const struct known_payload *answer, bool failed,
                       unsigned code);
/* Confirms a long operation that has ended, with all plain answers. */
void order_confirm(struct order *o, bool failed, unsigned code);
/* Where the answers of an actor (from; ACTOR_NONE any) to a command go that sender gave. */
struct destinations {
    bool requester;       /* to the one who asked */
    struct actors copies; /* and to these, who did not */
    struct actors all;    /* all of them, but for us */
};
struct destinations play_destinations(const struct play *p, const struct known_payload *answer,
                                      const struct known_payload *command, uint32_t sender,
                                      uint32_t from, const struct subject *s);

/* --- fill.c */
struct filling {
    const struct binding *command; /* what is answered: fields of the same name are echoed */
    const struct envelope *env;    /* its values, NULL none */
    struct subject subject;        /* of NULL: none is named */
    const char *value;             /* for the first attribute that takes it, "" none */
    const struct table_leg *leg;   /* whose size it keeps to, NULL none */
    bool failed;
};
/* Gives every attribute of the scratch message that has none yet a value. */
void play_fill(struct play *p, const struct filling *f);

/* --- metering.c: what meters do beside answering. */
/* Why a meter does not do it: the code of its error, 0 nothing. */
unsigned metering_refuses(const struct order *o);
void metering_does(struct order *o);
/* Behind its answers: what it says of its own accord. */
void metering_tells(struct order *o);
/* What has happened to the meter when it sends this payload of its own accord. */
void metering_happens(const struct subject *s, const char *payload, const char *value);
/* The measured values of the scratch message. */
void metering_fill(struct play *p, const struct filling *f);

/* --- forward.c */
bool play_is_forwarder(const struct play *p);
/* Passes a message about a played device, or about a played population, on to where it goes. False:
 * there is nowhere. */
bool order_forward(struct order *o);
/* Whom a message without a device is for, as its sender has it. */
struct actors order_common_to(const struct order *o);
/* Behind an answer or event that was for us: other destinations of its row that we serve. */
void order_pass_on(struct order *o);
/* What the one behind us answered to a request that we passed on. */
void forward_answer(struct ask *a, const struct speaker_outcome *outcome);
/* An ask, and the trail of who asked. reply_url NULL: we did. NULL: too many are open. */
struct ask *play_ask(struct play *p, const struct known_payload *what, const struct subject *s,
                     const char *correlation, const char *reply_url);
/* The actor that we speak as where no device does. */
const char *play_own_name(const struct play *p);
/* An actor of ours in the set, ACTOR_NONE. */
uint32_t play_own_among(const struct play *p, const struct actors *set);
/* The subject of a command does not answer: tells those whom the table names. */
void play_tell_failure(struct play *p, const struct ask *a);

/* --- ask.c */
struct ask {
    struct play *play;
    struct ask *next, *prev;
    struct caller who; /* waits for the answer; neither set: nobody */
    const struct known_payload *what;
    struct subject subject;
    bool own;     /* we are the origin */
    bool patient; /* nothing follows from a device that does not answer: it may take its time */
    struct image_out *image; /* a block of it */
    char correlation[LIMIT_CORRELATION_BYTES + 1];
    char reply_url[URL_BYTES];
};
/* NULL: too many are open. */
struct ask *ask_new(struct play *p);
/* How it ended; o NULL: it could not be sent at all. The ask is gone then. */
void ask_done(struct ask *a, const struct speaker_outcome *o);
void ask_close_all(struct play *p);

/* --- originate.c */
/* Sends that payload about that device now, or when its window opens. The HTTP status for the
 * stimulus. */
int play_originate(struct play *p, const struct known_payload *what, const struct subject *s,
                   const char *value);
/* The leg by which that device of ours sends the payload on a schedule; NULL: it does not. */
const struct known_leg *play_own_leg(const struct play *p, const struct known_payload *what,
                                     const struct subject *s);
/* Without regard to the clock. */
void play_send_now(struct play *p, const struct known_payload *what, const struct subject *s,
                   const char *value);
/* Correlation ids of ours: at least MESSAGE_ID_BYTES of room. */
void play_new_id(struct play *p, char *out);

/* --- timebase.c */
int64_t timebase_now_ns(const struct play *p);
int timebase_set(struct play *p, const char *value, size_t len);
/* Keeps the payload until the legs' windows open. False: it can go now. */
bool timebase_defers(struct play *p, const struct known_payload *what, const struct table_leg *leg,
                     const struct subject *s, const char *value, int *status);
/* Whether the payload may go at that time of the deployment's clock: in its window, or out of all
 * of them when it is to be wrong. */
bool timebase_may_go(const struct play *p, const struct known_payload *what,
                     const struct table_leg *leg, int64_t at_ns);
void timebase_close(struct play *p);

/* --- schedule.c: what is sent by itself. */
/* Once the clock is set: begins anew. The HTTP status for the stimulus. */
int schedule_begin(struct play *p);
void schedule_end(struct play *p);

/* --- memory.c */
void play_remember(struct order *o);
bool play_is_read_back(const struct envelope *env);
/* Answers a read-back. */
void play_read_back(struct play *p, struct caller who, const struct envelope *env);
/* What the last message about that device had in its attribute of that name; NULL. */
const char *play_mentioned(const struct play *p, uint64_t id, const char *attribute);

/* --- image_in.c */
/* A block of an image for a device of ours. False: it is for others. */
bool image_takes(struct order *o);
/* --- image_out.c */
/* Sends an image to where the url leads, block by block. False: too many are under way. */
bool image_send(struct play *p, const struct known_payload *what, uint32_t from,
                const struct table_leg *leg, const struct subject *s, const char *value,
                const char *url);
/* A block was taken (or not): the next one. */
void image_goes_on(struct image_out *i, bool taken);
void images_out_close(struct play *p);
void images_close(struct play *p);

/* --- stimulus.c: a request at the control address. The HTTP status to be given. */
int play_stimulus(struct play *p, const char *target);

/* --- deliver.c */
/* The scratch message as a document in p->body. */
enum err_code play_write(struct play *p, const struct message_context *c);
/* p->body as the answer in the HTTP response, or as a request; with the defects that touch it. */
void play_ship_answer(struct play *p, struct caller who, const char *reply_url);
void play_ship(struct play *p, const char *url, struct ask *ask);
void play_answer(struct play *p, struct caller who, int status, const char *body, size_t len,
                 enum raw_manner manner);
void play_status(struct play *p, struct caller who, int status);
/* The caller never gets an answer. */
void play_silence(struct play *p, struct caller who);
/* Whether this operation of that payload, which answers command (NULL), is one that a lossy or
 * silent device does not do; then it is over. */
bool play_swallowed(struct play *p, struct caller who, const struct known_payload *what,
                    const struct known_payload *command);
/* Whether a reply address is one of the statement's; nothing is ever sent elsewhere. */
bool play_is_listed(const struct play *p, const char *url);
/* The actor of the peer that a URL leads to, ACTOR_NONE. */
uint32_t play_actor_at(const struct play *p, const char *url);
void play_peer_url(const struct statement_endpoint *peer, char *out, size_t size);
/* The equipment's own address, for answers. */
void play_own_url(const struct play *p, char *out, size_t size);
enum err_code play_deliver_open(struct play *p, struct err *e);
void play_deliver_close(struct play *p);

#endif
