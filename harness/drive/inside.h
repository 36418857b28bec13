/* inside - what the files of drive/ share: devices, cases, trials and the driver that holds them.
 *
 * A case goes through rounds of preamble, trials, postamble. A trial slot is reused once its script
 * has ended and all its sends have come back.
 */
#ifndef HARNESS_DRIVE_INSIDE_H
#define HARNESS_DRIVE_INSIDE_H

#include <ev.h>
#include <lua.h>

#include "harness/base/arena.h"
#include "harness/base/buf.h"
#include "harness/base/zone.h"
#include "harness/drive/beat.h"
#include "harness/drive/drive.h"
#include "harness/journal/journal.h"
#include "harness/probe/envelope.h"
#include "harness/script/script.h"

#define DRIVE_MAX_TARGETS 16               /* of one case */
#define DRIVE_MAX_COMMANDS 4096            /* sends and stimuli of one trial */
#define DRIVE_MAX_INBOX DRIVE_MAX_COMMANDS /* messages that wait for an expect of one trial */
#define DRIVE_CORRELATION 64
/* A client's work on one exchange grows with its open connections: several share thousands. */
#define DRIVE_CLIENTS 16

struct trial;
struct drive_case;

/* A device of the equipment. Readers and writers: shared counts trials that tolerate others. */
struct device {
    uint64_t id;
    char text[17];
    uint32_t group;
    uint32_t shared;
    struct trial *holder;  /* the one trial that has it for itself */
    struct trial *waiting; /* trials that expect an event of it, by next_waiting */
};

/* One payload that a scenario declared, resolved against the plan. */
struct case_payload {
    const char *payload;
    bool sent;
    int binding;           /* plan index, -1: the plan holds none */
    int target;            /* of the case, -1: supporting */
    int duty;              /* plan index, -1: none */
    const char *from, *to; /* actors as the target's variant prints them, "" */
};

enum round { ROUND_NEW = 0, ROUND_PREAMBLE, ROUND_TRIALS, ROUND_POSTAMBLE, ROUND_DONE };

struct drive_case {
    const struct plan_scenario *ps;
    const struct plan_case *pc;
    const struct scenario *script;
    uint32_t scenario, kase, index; /* in the plan; in the driver's flat list */
    struct case_payload *payload;   /* as many as script->n_payload */
    uint32_t target_row[DRIVE_MAX_TARGETS], target_variant[DRIVE_MAX_TARGETS];
    bool target_decided[DRIVE_MAX_TARGETS];
    size_t n_target;
    uint32_t trials, trials_max; /* first round; in all */
    uint32_t trials_least;       /* started even when the targets are decided */
    uint32_t goal;               /* trials to have started at the end of this round */
    uint32_t started, open;
    const uint32_t *ring; /* devices that take turns */
    uint32_t n_ring, next;
    int64_t base_ns; /* real clock: planned start of this round's first trial */
    uint32_t base_trial;
    int64_t give_up_ns; /* largest of its targets */
    int64_t settled_ns; /* mono: when the round ended */
    enum round round;
    bool dead;                               /* its script failed */
    bool stimulus_failed;                    /* told already */
    struct trial **by_number;                /* open trials; trials_max entries */
    struct trial *amble;                     /* the running preamble or postamble */
    int fn_trial, fn_preamble, fn_postamble; /* registry references */
};

enum command_state { COMMAND_QUEUED = 0, COMMAND_READY, COMMAND_SENT, COMMAND_DONE };

/* A send or a stimulus of a trial. */
struct command {
    enum command_state state;
    bool stimulus, failed;
    uint32_t payload; /* of the case; stimulus: plan index */
    uint32_t device;
    uint32_t endpoint;        /* where the answer goes */
    int64_t sent_ns;          /* mono */
    size_t body_at, body_len; /* in the trial's out: the body, or the stimulus's value */
};

/* A message kept until the script asks for it. */
struct arrival {
    struct arrival *next;
    uint32_t binding;
    int command; /* it answers, -1: an event */
    uint32_t device;
    size_t n_field;
    struct envelope_field field[];
};

enum waiting_for { WAIT_NOTHING = 0, WAIT_SLEEP, WAIT_STIMULUS, WAIT_MESSAGE };
enum heard {
    HEARD_NOTHING = 0,
    HEARD_MESSAGE,
    HEARD_TIMEOUT,
    HEARD_REFUSED,
    HEARD_OTHER,
    HEARD_STOPPED
};

struct expected_value {
    uint32_t field;
    char text[96];
};

/* What a trial waits for in expect. */
struct expectation {
    uint32_t binding;
    int command; /* -1: an event */
    uint32_t device;
    uint32_t endpoint; /* plan index: where it must arrive */
    int target;        /* of the case, -1: supporting */
    int64_t give_up_ns;
    size_t n_value;
    struct expected_value value[JOURNAL_MAX_EXPECT];
};

struct trial {
    struct drive *d;
    struct trial *next, *prev; /* open ones; free ones by next */
    struct trial *next_claim, *next_waiting;
    uint32_t slot, generation;
    struct drive_case *kase;
    uint32_t number;       /* JOURNAL_PREAMBLE, JOURNAL_POSTAMBLE */
    struct device *device; /* NULL in a preamble or postamble */
    struct device *touch;  /* the one that a preamble or postamble holds for its last send */
    bool exclusive, claiming, started, ended;
    uint32_t claim_at;
    int64_t planned_ns;
    lua_State *thread;
    int thread_ref, self_ref;
    ev_timer timer;
    enum waiting_for wait;
    enum heard heard;
    struct expectation expect;
    const struct envelope_field *heard_field; /* borrowed while resumed */
    size_t heard_n;
    uint32_t heard_binding;
    struct arrival *inbox, **inbox_end;
    size_t n_inbox;
    struct command *command;
    size_t n_command, cap_command, first_queued;
    uint32_t outstanding;               /* sends and stimuli that have not come back */
    struct buf out;                     /* bodies */
    uint32_t sub[DRIVE_MAX_TARGETS][2]; /* attempts so far: sends, expects */
    char fault[200];                    /* what a stimulus broke on, "" none */
};

struct outgoing {
    struct trial *trial;
    uint32_t command;
};

struct drive {
    const struct plan *plan;
    struct drive_options o;
    struct ev_loop *loop;
    struct arena arena;
    struct zone *zone; /* NULL: the plan holds none, UTC */
    struct script *script;
    struct journal_writer *journal;
    struct speaker *server; /* and calibration */
    struct speaker *client[DRIVE_CLIENTS];
    struct speaker *control; /* stimuli */
    uint64_t held_bytes;     /* unfinished bodies of all of them */
    struct envelope_reader *reader;
    struct beat *beat;
    struct device *device;
    uint32_t n_device;
    uint32_t *group_first; /* index of each plan group's first device */
    const char **url;      /* per endpoint */
    int *listener_of;      /* per endpoint, -1: not played by us */
    struct drive_case *kase;
    size_t n_case, at; /* at: the case whose trials start now */
    struct trial **slot;
    size_t n_slot, cap_slot;
    struct trial *open, *free;
    uint32_t n_open;
    uint64_t n_started, n_done;
    uint32_t turn_starts; /* in this turn of the loop */
    int64_t catch_up_ns;  /* mono: no start before */
    struct trial *claim;  /* first of those that wait for all their devices */
    struct outgoing *outgoing;
    size_t n_outgoing, cap_outgoing;
    uint32_t *duty_used;   /* per plan duty */
    int64_t *duty_last_ns; /* mono, per duty and device; 0 never */
    struct buf scratch;
    int devices_ref; /* registry: device index -> its object */
    ev_timer pace, beat_timer, stop_timer;
    ev_prepare prepare;
    ev_check check;
    ev_io input;
    ev_signal sig_int, sig_term;
    char line[512];
    size_t line_len;
    int64_t turn_ns;     /* real: when the loop last woke; 0 asleep */
    int64_t beat_due_ns; /* mono */
    uint64_t dropped;    /* connections to our listeners, at the last beat */
    struct {
        uint32_t wanted, sent, back, endpoint;
        int binding;
        int64_t step_ns, next_ns, end_ns; /* mono */
        bool done;
    } cal;
    bool stopping;     /* no trial starts any more */
    bool cutting;      /* open trials are woken whatever they wait for */
    bool input_closed; /* nobody can tell a decision */
    bool in_pace, pace_again;
    struct err fault; /* of the driver itself: ends the run */
    char script_fault[600];
};

/* device.c */
enum err_code devices_make(struct drive *d, struct err *e);
struct device *device_by_id(struct drive *d, uint64_t id);
enum err_code devices_ring(struct drive *d, struct drive_case *c, struct err *e);
/* Leases the next free device of the case; NULL when none is free, *ready_ns then tells when a duty
 * limit lets one go (mono, INT64_MAX unknown). */
struct device *device_lease(struct drive *d, struct drive_case *c, int64_t now_ns,
                            int64_t *ready_ns);
void device_release(struct device *dev, bool exclusive);
/* A preamble or postamble that claimed nothing goes on to this device; false while it is busy. */
bool device_touch(struct trial *t, struct device *dev);
/* The duty of a payload lets dev do one more at time *when_ns (0 now, INT64_MAX never). */
int64_t duty_ready(const struct drive *d, int duty, uint32_t device, int64_t now_ns);
void duty_note(struct drive *d, int duty, uint32_t device, int64_t now_ns);
/* Pre- and postambles take all devices of their case, in order of claim; front: before others. */
void claim_all(struct drive *d, struct trial *t, bool front);
void claims_go_on(struct drive *d);

/* window.c: time until the case may send (0: now). */
int64_t window_wait_ns(const struct drive *d, const struct drive_case *c, int64_t real_ns);

/* cases.c */
enum err_code cases_make(struct drive *d, struct err *e);
const struct case_payload *case_payload_of(const struct drive_case *c, const char *payload,
                                           bool sent);

/* pace.c: starts what is due; called whenever something has ended. */
void pace_go_on(struct drive *d);
void pace_decided(struct drive *d, uint32_t row, uint32_t variant);
void pace_stop(struct drive *d);
void pace_stop_timer(struct ev_loop *loop, ev_timer *w, int events);

/* trial.c */
void trial_start(struct drive *d, struct drive_case *c, uint32_t number, struct device *dev,
                 int64_t planned_ns);
void amble_start(struct drive *d, struct drive_case *c, uint32_t number);
void amble_run(struct trial *t); /* its devices are claimed */
bool trial_is_amble(const struct trial *t);
void trial_resume(struct trial *t, int nargs);
void trial_wake(struct trial *t, enum heard heard);
void trial_wait(struct trial *t, enum waiting_for what, int64_t until_ns);
void trial_correlation(const struct trial *t, uint32_t command, char *out);
void trials_cut(struct drive *d); /* wakes all open trials: no more waiting */
void trials_release(struct drive *d);
void trial_retire(struct trial *t); /* frees the slot when nothing refers to it any more */
/* The trial's command that a correlation id names; NULL when it is none of an open trial. */
struct trial *trial_by_correlation(struct drive *d, const char *text, size_t len,
                                   uint32_t *command);

/* queue.c: what scripts queued goes out. */
/* Puts on record what may go; with_stimuli false: stimuli behind the last send stay. True when a
 * stimulus stands before a send and must be done first. */
bool queue_dispatch(struct trial *t, bool with_stimuli);
void queue_transmit(struct drive *d); /* the journal is flushed */
void queue_sent(struct drive *d, uint64_t token, const struct speaker_outcome *o);

/* inbound.c */
void inbound_received(struct drive *d, struct speaker_request *rq, const void *body, size_t len);
/* An answer's body; true when it was of use to the trial. */
bool inbound_answer(struct trial *t, uint32_t command, const void *body, size_t len);
/* Takes a message for the expectation out of the inbox, NULL; the caller frees it. */
struct arrival *inbound_take(struct trial *t);
void inbound_clear(struct trial *t);

/* api.c */
enum err_code api_open(struct drive *d, struct err *e);
int api_new_thread(lua_State *l); /* (trial): makes thread and self; throws */

/* record.c: journal records; a fault of the journal ends the run. */
void record(struct drive *d, struct journal_record *r);
void record_flush(struct drive *d);
void record_outcome(struct drive *d, const char *correlation, const struct speaker_outcome *o);
void drive_fault(struct drive *d, const struct err *e);

/* message.c */
/* The value of a field that a script left out, as text. */
const char *message_default(const struct binding_field *f, char *out, size_t size, int64_t real_ns);
/* Appends the whole body of a command. value[i] NULL: by default. */
enum err_code message_write(struct drive *d, const struct binding *b, const char *const *value,
                            const char *device, const char *correlation, uint32_t endpoint,
                            struct buf *out, struct err *e);

/* calibrate.c */
void calibrate_begin(struct drive *d);
void calibrate_go_on(struct drive *d);
void calibrate_sent(struct drive *d, uint64_t token, const struct speaker_outcome *o);
#define CALIBRATE_TOKEN (UINT64_C(1) << 63)

#endif
