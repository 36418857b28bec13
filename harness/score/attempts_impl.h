/* attempts_impl - the structs behind attempts.h. Private to attempts*.c and classify.c.
 *
 *   live_trial  a trial that has begun: its operations live as long as it does
 *   operation   one message of ours (one id): what was seen of it and of its answer
 *   attempt     one judged exchange: the message itself, an answer expected to it, what is
 *               forwarded of it, or a message of the equipment's own
 */
#ifndef HARNESS_ATTEMPTS_IMPL_H
#define HARNESS_ATTEMPTS_IMPL_H

#include "harness/base/pool.h"
#include "harness/score/attempts.h"
#include "harness/score/deployment.h"
#include "harness/score/image.h"

#define ATTEMPTS_UNKNOWN_TOKEN 1 /* a request that belongs to no operation */
#define OPERATION_EARLY 16384    /* answers of one operation kept that nobody expected yet */
#define NO_ENDPOINT UINT32_MAX
#define INSIDE_SEEN 4096 /* messages between actors of the chain that are kept */
#define SYN_CLAIMS 4096  /* failed connections that no attempt has claimed yet */

struct text_id { /* an id as text, with its hash */
    uint64_t hash;
    uint32_t len; /* cut to what fits; the hash is of the whole */
    char text[LIMIT_CORRELATION_BYTES + 1];
};

/* What is kept of a payload that arrived. */
struct arrival {
    bool there;
    uint32_t binding;
    uint32_t copies;
    int64_t sending_ns; /* SYN or first byte: when its sender began */
    int64_t first_ns, last_ns;
    uint64_t first_frame, last_frame;
    uint64_t digest, message_id;
    int64_t canonical_bytes;
    uint32_t body_bytes, message_bytes;
    int status;
    int missing; /* field that is absent, empty or invalid, -1 none */
    uint8_t missing_state;
    int wrong;                          /* field with other content than it must have, -1 none */
    uint64_t value[BINDING_MAX_FIELDS]; /* hashes, for expectations that come later */
    uint8_t state[BINDING_MAX_FIELDS];
};

struct provoked { /* a device was, last at */
    uint64_t device;
    int64_t at_ns;
};

struct live_trial {
    struct live_trial *next; /* in its bucket */
    uint32_t scenario, kase, trial;
    uint32_t open; /* attempts not resolved */
    bool ended, failed;
    struct operation *operations;
    struct provoked *stimulus; /* as many as devices were provoked; NULL none */
    size_t n_stimulus, stimulus_cap;
    /* For windows that run from an event: when it was, how long our side held the thread since, and
     * since when it does (0: the equipment's turn). */
    int64_t event_ns, first_sent_ns, held_ns, since_ns;
};

struct early { /* an answer that nobody expected yet */
    struct early *next;
    uint32_t endpoint; /* of ours where it arrived; NO_ENDPOINT: in the HTTP answer */
    uint64_t device;
    struct arrival in;
};

struct operation {
    struct operation *next; /* in its bucket */
    struct operation *next_by_token;
    struct operation *next_in_trial;
    struct live_trial *trial; /* NULL: of no trial */
    struct text_id id, device;
    uint64_t token; /* of its request */
    uint32_t binding, endpoint;
    uint32_t open; /* attempts not resolved */
    bool calibration;
    int64_t opened_ns;
    struct attempt *attempts;
    /* the request as captured */
    uint32_t n_requests; /* 0 until it was seen whole */
    struct image *image; /* sent in blocks; NULL: in one message */
    int64_t origin_ns, first_ns, last_ns;
    int64_t resent_ns;    /* our own side had to send it again, last at; 0 it had not */
    int64_t cut_over_ns;  /* when what it asks for takes effect, 0 not said */
    uint32_t reply_at;    /* endpoint of its reply address, NO_ENDPOINT unknown */
    uint64_t asks;        /* a read-back: hash of the id that it asks for, 0 none... */
    uint64_t asks_device; /* ...and for whom */
    uint64_t first_frame, last_frame, digest;
    int64_t canonical_bytes;
    uint32_t body_bytes, message_bytes;
    uint64_t value[BINDING_MAX_FIELDS]; /* hashes of its fields */
    /* its answer on the connection */
    bool answered, answer_gap;
    int status;
    uint64_t answer_frame;
    bool malformed, other_id;
    int other_binding; /* -1 none; -2 a payload that no binding names */
    bool ended;        /* the connection is gone without an answer */
    bool encrypted;    /* TLS towards its endpoint: nothing to be read */
    bool many;         /* several devices are sent to at once, each with an attempt of its own */
    bool proven;       /* a proof of consumption came, for one of them at the least */
    struct early *early, **early_end;
    uint32_t n_early;
    /* a connection that failed */
    bool refused, unanswered;
    int64_t syn_ns;
    uint64_t syn_frame;
    bool outcome, outcome_failed;
    int64_t outcome_ns;
    uint16_t local_port;
};

struct attempt {
    struct operation *op; /* NULL: an event */
    struct attempt *next_in_op, **in_op;
    struct attempt *next_arrival;      /* in its (binding, device) bucket, oldest first */
    struct attempt *prev_at, *next_at; /* waiting at its endpoint, oldest first */
    bool in_bucket, at_endpoint;
    struct live_trial *trial; /* NULL: of no trial */
    uint64_t serial;
    uint32_t scenario, kase, number;
    uint32_t row, variant, sub;
    uint8_t role; /* enum journal_role */
    uint32_t binding, endpoint;
    struct text_id device;
    int64_t opened_ns, give_up_ns;
    bool provoked, needs_stimulus, foreign;
    bool waited; /* beyond its give-up for a SYN without an answer */
    int64_t stimulus_ns;
    uint32_t n_expect;
    struct {
        uint32_t field;
        uint64_t value;
    } expect[JOURNAL_MAX_EXPECT];
    struct arrival in;
    struct image *image; /* of what arrives in blocks */
    uint64_t image_id;   /* hash of the id that its blocks share */
    int64_t elapsed_ns;  /* from the trial's event to the arrival, -1 none... */
    int64_t held_ns;     /* ...and how long of it our side held the thread */
    /* messages of ours: the proof that it was consumed */
    bool proven;
    int64_t proof_ns;
    uint64_t proof_frame;
    /* what read-backs told short of a proof */
    bool asked, answered_back, denied, other_back;
    /* seen, and taken for it when nothing better came */
    bool malformed, other_id, other_content, elsewhere, gap;
    size_t heap_at; /* 1-based, 0 not in the heap */
    int64_t deadline_ns;
};

/* A connection towards the equipment that failed before its request was whole. */
struct syn_claim {
    int64_t syn_ns, ts_ns;
    uint64_t frame;
    int endpoint;
    uint16_t client_port;
    enum connection_event_kind kind;
    bool taken;
};

struct settled { /* resolved, waiting until what disturbed it is known */
    struct settled *next;
    int64_t from_ns, to_ns;
    struct live_trial *trial;
    struct outcome outcome;
};

struct due { /* keys beside the pointer: ordering touches no attempt */
    int64_t deadline_ns;
    uint64_t serial;
    struct attempt *attempt;
};

struct attempts {
    const struct plan *plan;
    int64_t uncertainty_ns;  /* U */
    bool driven, by_request; /* by_request: answers come as requests of the equipment */
    struct disturb *disturb;
    const struct deployment *deployment;
    uint32_t *canon;                     /* per endpoint: the first with its address and port */
    char (*authority)[64];               /* per endpoint: as in a URL, "10.0.0.1:80" */
    int read_back, back_id, back_device; /* its binding and fields, -1 none */
    struct attempts_handlers h;
    struct err fault; /* waits for the next attempts_advance */
    int64_t now_ns;
    uint64_t serial, last_token, resolved, unmatched;
    struct inside *inside; /* attempts_hops.c; NULL: nothing was seen there */
    size_t n_through;      /* open attempts of that role */
    uint32_t foreign_trials;
    size_t open;
    struct operation **operation; /* buckets, by correlation */
    size_t n_operation, operation_buckets;
    struct operation **token; /* buckets, by token */
    struct attempt **arrival; /* buckets, by (binding, device) */
    size_t n_arrival, arrival_buckets;
    struct live_trial **trial; /* buckets */
    size_t n_trial, trial_buckets;
    struct due *heap; /* by deadline; 1-based */
    size_t n_heap, heap_cap;
    struct attempt **first_at, **last_at; /* per endpoint */
    uint64_t *tls_seen;                   /* per endpoint: last frame inside TLS, 0 none */
    struct syn_claim claim[SYN_CLAIMS];
    size_t n_claim, next_claim;
    struct settled *settled, **settled_end;
    struct pool operations, attempts, trials,
        outcomes;    /* operation, attempt, live_trial, settled */
    char prefix[32]; /* of calibration exchanges */
    size_t prefix_len;
};

uint64_t attempts_hash(const void *data, size_t len);
void text_id_set(struct text_id *id, const char *data, size_t len);
bool text_id_is(const struct text_id *id, const char *data, size_t len);
/* EUI-64 as its number, another id as its hash. */
uint64_t device_number(const struct text_id *id);

/* attempts_table.c */
enum err_code attempts_no_memory(struct attempts *a);
struct operation *operation_by_id(struct attempts *a, const char *data, size_t len);
struct operation *operation_new(struct attempts *a, const char *id, size_t len,
                                struct live_trial *trial);
/* Frees what it holds beside itself. */
void operation_drop(struct operation *op);
struct operation *operation_by_token(struct attempts *a, uint64_t token);
void operation_give_token(struct attempts *a, struct operation *op);
struct attempt *attempt_new(struct attempts *a, struct operation *op, struct live_trial *trial);
/* Puts an attempt whose ids are set into the indices. */
void attempt_index(struct attempts *a, struct attempt *t);
void attempt_bucket(struct attempts *a, struct attempt *t);
void attempt_unindex(struct attempts *a, struct attempt *t);
void attempt_due(struct attempts *a, struct attempt *t, int64_t deadline_ns);
struct live_trial *trial_get(struct attempts *a, uint32_t scenario, uint32_t kase, uint32_t trial,
                             bool make);
void trial_end(struct attempts *a, struct live_trial *trial);
void trial_review(struct attempts *a, struct live_trial *trial);
void attempt_free(struct attempts *a, struct attempt *t);
size_t arrival_bucket(const struct attempts *a, uint32_t binding, uint64_t device);

/* attempts_arrive.c */
uint64_t value_hash(enum field_type type, const char *data, size_t len);
void hash_values(const struct binding *b, const struct sighting *s, uint64_t *value);
void arrival_of(struct attempts *a, struct arrival *in, const struct sighting *s);
/* An attempt takes what was seen as its own arrival. */
void arrival_for(struct attempts *a, struct attempt *t, const struct sighting *s);
void attempt_take_arrival(struct attempts *a, struct attempt *t, const struct arrival *in);
/* The first field that has another value than it must have, -1 none. */
int arrival_wrong(const struct attempts *a, const struct attempt *t, const struct arrival *in);
bool sighting_device(const struct attempts *a, const struct sighting *s, struct text_id *device);
/* A block of what the equipment sends: whether it was the last one missing. */
bool arrival_block(struct attempts *a, struct attempt *t, const struct sighting *s,
                   const struct content_image *block);

/* attempts_reply.c */
/* A payload of the equipment under the id of a message of ours. */
void operation_reply(struct attempts *a, struct operation *op, const struct sighting *s);
/* A read-back has its answer, whatever that says. */
void operation_answered_back(struct attempts *a, const struct operation *op);
/* The attempt whose proof of consumption a device gives, NULL none. device 0: not said. */
struct attempt *operation_ours(struct attempts *a, struct operation *op, uint64_t device);
/* A reply that came before it was expected. */
void attempt_take_early(struct attempts *a, struct attempt *t);
/* Whether it awaits an answer's copy, at another address than the requester's. */
bool attempt_is_copy(const struct attempts *a, const struct attempt *t);

/* attempts_event.c */
/* A request of the equipment to an endpoint of ours. */
void from_equipment(struct attempts *a, const struct sighting *s);
/* What was sent in on one side comes out on the other: false when it is none of that. op: the
 * message of ours whose HTTP answer it is, NULL. */
bool forwarded(struct attempts *a, const struct operation *op, const struct sighting *s);

/* attempts_match.c */
/* The deadlines of an operation's attempts after something was seen of it. */
void operation_review(struct attempts *a, struct operation *op, int64_t at_ns);
void operation_request(struct attempts *a, struct operation *op, const struct sighting *s);
struct operation *operation_by_hash(struct attempts *a, uint64_t hash);
void trial_sent(struct live_trial *t, int64_t first_ns);
/* Claims a failed connection for an operation whose request was not seen. */
void operation_claim_syn(struct attempts *a, struct operation *op, int64_t until_ns);

/* attempts_foreign.c */
/* Whether "A, B" names an actor. */
bool actors_list(const char *actors, const char *actor);
struct operation *foreign_command(struct attempts *a, const struct sighting *s);
void foreign_event(struct attempts *a, const struct sighting *s);
/* An answer of another row than the expected one: the attempt becomes that row's. */
void foreign_retarget(struct attempts *a, struct operation *op, uint32_t binding);

/* attempts_hops.c */
/* A message to an endpoint inside the chain, or its answer. */
void inside_message(struct attempts *a, const struct sighting *s);
/* Where the time of what was delivered went. */
void outcome_stages(struct attempts *a, const struct attempt *t, struct outcome *o);

/* classify.c */
/* Whether nothing more can come for an attempt. */
bool attempt_final(const struct attempts *a, const struct attempt *t);
/* A message of ours, whose proof of consumption is awaited. */
static inline bool attempt_is_ours(const struct attempt *t)
{
    return t->role == JOURNAL_SEND || t->role == JOURNAL_ANSWER;
}
/* Everything of the outcome but what disturbed it. cut: the evidence ends here. */
void classify(const struct attempts *a, const struct attempt *t, bool cut, struct outcome *o);
/* What is wrong with it, in words. */
void outcome_note(struct outcome *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* classify_time.c */
void classify_took(const struct attempts *a, const struct attempt *t, struct outcome *o, bool pair,
                   int64_t took_ns, int64_t resent_ns);
void classify_clauses(const struct attempts *a, const struct attempt *t, struct outcome *o);
/* flags of what overlapped it; stalled_ns: how long the harness stood still during it. */
void classify_disturbed(const struct attempts *a, unsigned flags, int64_t stalled_ns,
                        struct outcome *o);
enum timing classify_timing(const struct plan_variant *v, bool pair, int64_t uncertainty_ns,
                            int64_t took_ns);
bool cause_is_failure(enum cause c);
bool cause_is_unsure(enum cause c);

#endif
