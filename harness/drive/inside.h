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

#define DRIVE_MAX_TARGETS 64           /* of one case */
#define DRIVE_MAX_COMMANDS 0x00100000u /* sends, answers and stimuli of one trial */
#define DRIVE_MAX_INBOX 0x00010000u    /* messages that wait for an expect of one trial */
#define DRIVE_CORRELATION 72
#define DRIVE_IMAGES 4          /* trials whose image is under way: each is a load by itself */
#define DRIVE_FLYING 256        /* messages of one trial under way at a time */
#define DRIVE_ID_BYTES 96       /* of the equipment's own message ids that are kept */
#define DRIVE_NOBODY UINT32_MAX /* no one device: a message about a whole population */
/* A client's work on one exchange grows with its open connections: several share thousands. */
#define DRIVE_CLIENTS 16

struct trial;
struct drive_case;
struct expected;
struct inquiry;
struct image_out;
struct image_in;
struct image_file;
struct read_back;
struct device_list;

/* A device of the equipment. Readers and writers: shared counts trials that tolerate others. */
struct device {
    uint64_t id;
    char text[17];
    uint32_t group;
    uint32_t shared;
    struct trial *holder;     /* the one trial that has it for itself */
    struct trial *deaf_for;   /* a played one that does not answer while this trial is open */
    struct expected *waiting; /* what is expected about it, by next */
    struct arrival *kept;     /* what came before it was asked for, by next_kept */
};

/* One way that a payload goes in a case: to, from or through the equipment. */
struct case_leg {
    enum plan_role role;
    int target;               /* of the case, -1: supporting */
    int endpoint;             /* of ours, where it must arrive; -1: as the trial's course leads */
    bool read_back;           /* its proof is asked for */
    const char *from, *to;    /* actors as the target's variant prints them, "" */
    const char *device_class; /* of the subject, "" any */
};

/* One payload that a scenario declared, resolved against the plan. */
struct case_payload {
    const char *payload;
    int binding;                /* plan index, -1: the plan holds none */
    int duty;                   /* plan index, -1: none */
    const struct case_leg *leg; /* judged ones first; n_leg 0: passes between two others */
    size_t n_leg;
    bool answered; /* another payload of the scenario answers it */
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
    const uint32_t *ring; /* devices that take turns, or are one trial's population */
    uint32_t n_ring, next;
    int64_t step_ns; /* between planned starts of a whole day's trials */
    int64_t base_ns; /* real clock: planned start of this round's first trial */
    uint32_t base_trial;
    int64_t give_up_ns; /* largest of its targets */
    int64_t settled_ns; /* mono: when the round ended */
    enum round round;
    bool images;                             /* some are sent in it, by whomever */
    bool dead;                               /* its script failed */
    bool stimulus_failed;                    /* told already */
    struct trial **by_number;                /* open trials; trials_max entries */
    struct trial *amble;                     /* the running preamble or postamble */
    int fn_trial, fn_preamble, fn_postamble; /* registry references */
};

enum command_state { COMMAND_QUEUED = 0, COMMAND_READY, COMMAND_SENT, COMMAND_DONE };
enum command_kind { COMMAND_SEND = 0, COMMAND_ANSWER, COMMAND_STIMULUS };

/* A send, an answer or a stimulus of a trial. */
struct command {
    enum command_state state;
    enum command_kind kind;
    bool failed;
    bool crowd;       /* one message about the whole population */
    uint32_t payload; /* of the case; stimulus: plan index */
    uint32_t device;
    uint32_t endpoint;        /* ours: where the answer goes */
    int target;               /* of the case, -1: supporting */
    bool read_back;           /* asked for once it has gone out */
    struct inquiry *inquiry;  /* that it answers, NULL */
    struct image_out *image;  /* sent in blocks, NULL */
    const char *stimulus;     /* name, of the script's or the plan's */
    int64_t sent_ns;          /* mono */
    size_t body_at, body_len; /* in the trial's out: the body, or the stimulus's value */
};

/* A message kept until the script asks for it. */
struct arrival {
    struct arrival *next, *prev, *next_kept;
    struct trial *trial;
    uint32_t binding;
    int command;     /* it answers, -1: of its own accord */
    uint32_t device; /* DRIVE_NOBODY: it names none */
    size_t listener;
    struct inquiry *inquiry; /* it can still be answered, NULL */
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

/* What a trial waits for at one endpoint, of one device or of many. */
struct awaited {
    uint8_t role; /* JOURNAL_REPLY, JOURNAL_EVENT, JOURNAL_THROUGH */
    bool deaf;    /* its sender gets no answer */
    uint32_t payload, binding;
    uint32_t endpoint; /* plan index: where it must arrive */
    uint32_t exchange; /* DRIVE_NOBODY: none, the script uses expect */
    int target;        /* of the case, -1: supporting */
    int64_t give_up_ns;
    size_t n_value;
    struct expected_value value[JOURNAL_MAX_EXPECT];
};

/* One device's share of it. */
struct expected {
    struct expected *next, **at; /* of its device, or of its binding; at NULL: in no chain */
    struct trial *trial;
    uint32_t awaited, device;
    int command; /* that it answers or carries on, -1 */
    bool settled;
};

/* A request of the equipment to an actor that we play. */
struct inquiry {
    struct inquiry *next; /* of its trial */
    struct trial *trial;
    struct speaker_request *rq; /* still open, or NULL */
    bool taken;                 /* an answer is queued */
    int64_t since_ns;           /* mono */
    uint32_t exchange, device, endpoint;
    char id[DRIVE_ID_BYTES + 1];
    struct arrival *content; /* what it said */
};

/* What one call of exchange was about: to be named in in_reply_to. */
struct exchange {
    uint32_t payload;
    enum plan_role role;
    bool from_subject;      /* the subject was its origin */
    int command;            /* first of ours, -1 none */
    uint32_t n_command;     /* one a device, or one in all */
    const uint32_t *device; /* of the case's ring, or one */
    uint32_t n_device;
    uint32_t one;
};

struct trial {
    struct drive *d;
    struct trial *next, *prev; /* open ones; free ones by next */
    struct trial *next_claim;
    uint32_t slot, generation;
    struct drive_case *kase;
    uint32_t number;       /* JOURNAL_PREAMBLE, JOURNAL_POSTAMBLE */
    struct device *device; /* NULL in a preamble or postamble; of a population the first */
    struct device *touch;  /* the one that a preamble or postamble holds for its last send */
    bool exclusive, claiming, started, crowd;
    bool
        over; /* the script has ended, and what it sent last waits for a stimulus to be confirmed */
    bool finished, failed, ended; /* the script, how; and its read-backs */
    bool deafened;                /* it made devices deaf */
    bool imaging;                 /* its image is under way, or still to come */
    uint32_t claim_at;
    int64_t planned_ns;
    lua_State *thread;
    int thread_ref, self_ref;
    ev_timer timer;
    enum waiting_for wait;
    enum heard heard;
    struct awaited *awaited; /* what is waited for now */
    size_t n_awaited, cap_awaited;
    struct expected *expected;
    size_t n_expected, cap_expected, n_unsettled;
    int64_t waiting_ns;                       /* mono: since when */
    struct arrival *first;                    /* of several, kept until all have come */
    const struct envelope_field *heard_field; /* borrowed while resumed */
    size_t heard_n;
    uint32_t heard_binding;
    struct arrival *inbox, *inbox_last;
    size_t n_inbox;
    struct command *command;
    size_t n_command, cap_command, first_queued;
    struct exchange *exchange;
    size_t n_exchange, cap_exchange;
    struct inquiry *inquiry;
    struct device_list *list; /* device lists of its exchanges */
    uint64_t missed;          /* payloads of the case that were waited for in vain */
    struct read_back **read_back;
    size_t n_read_back, cap_read_back;
    uint32_t n_proof;                   /* read-backs that are not over, or still to begin */
    uint32_t asking;                    /* questions that have not come back */
    uint32_t outstanding;               /* sends and stimuli that have not come back */
    uint32_t flying;                    /* of them, handed to a socket */
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
    uint32_t n_open, n_images; /* trials; of them with an image under way */
    uint64_t n_started, n_done;
    uint32_t turn_starts; /* in this turn of the loop */
    int64_t catch_up_ns;  /* mono: no start before */
    struct trial *claim;  /* first of those that wait for all their devices */
    struct outgoing *outgoing;
    size_t n_outgoing, cap_outgoing;
    uint32_t *duty_used;   /* per plan duty */
    int64_t *duty_last_ns; /* mono, per duty and device; 0 never */
    struct buf scratch;
    struct expected **anonymous;   /* per binding without an identity: what is expected, by next */
    uint32_t eut_endpoint;         /* plan index: where messages to the equipment go */
    int read_back_binding;         /* plan index, -1: none */
    struct background *background; /* NULL: not begun, or none */
    struct image_in *image_in;     /* images that come in, newest first */
    struct image_file *image_file; /* the plan's */
    size_t n_image_file;
    struct timebase {
        int64_t from_ns, shift_ns, factor; /* of the deployment's clock, as in the journal */
    } timebase;
    bool day;           /* the whole day is being driven */
    int64_t day_end_ns; /* mono: not before */
    int devices_ref;    /* registry: device index -> its object */
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
/* A population: all devices of its case belong to one trial. */
void crowd_take(struct trial *t);
void crowd_release(struct trial *t);
/* A played device stops answering until the trial ends: on record as a stimulus. */
void device_deafen(struct trial *t, uint32_t device);
void devices_hear(struct trial *t); /* again */
/* A preamble or postamble that claimed nothing goes on to this device; false while it is busy. */
bool device_touch(struct trial *t, struct device *dev);
/* The duty of a payload lets dev do one more at time *when_ns (0 now, INT64_MAX never). */
int64_t duty_ready(const struct drive *d, int duty, uint32_t device, int64_t now_ns);
void duty_note(struct drive *d, int duty, uint32_t device, int64_t now_ns);
/* Pre- and postambles take all devices of their case, in order of claim; front: before others. */
void claim_all(struct drive *d, struct trial *t, bool front);
void claims_go_on(struct drive *d);

/* window.c: time until the case may send (0: now). Where the profile declares that the clock for
 * windows is shifted, it is shifted into this one. */
int64_t window_wait_ns(struct drive *d, const struct drive_case *c, int64_t real_ns);

/* cases.c */
enum err_code cases_make(struct drive *d, struct err *e);
/* The harness sends it, in this case. */
bool payload_is_ours(const struct case_payload *p);
struct case_payload *case_payload_of(const struct drive_case *c, const char *payload);
bool actors_hold(const char *actors, const char *actor); /* "A, B" */

/* sides.c: which of our endpoints an exchange begins and ends at. */
bool side_from_subject(const struct trial *t, const struct case_payload *p,
                       const struct case_leg *leg, const struct exchange *y);
uint32_t side_sender(const struct trial *t, const struct case_leg *leg, uint32_t device,
                     bool from_subject);
uint32_t side_receiver(const struct trial *t, const struct case_leg *leg, uint32_t device,
                       bool from_subject, const struct exchange *y);
uint32_t side_peer(const struct trial *t); /* plan endpoint */

/* pace.c: starts what is due; called whenever something has ended. */
void pace_go_on(struct drive *d);
void pace_sleep(struct drive *d, int64_t ns); /* until it goes on by itself */
bool pace_starts_over(const struct drive *d, const struct drive_case *c);
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
/* The script has ended: what it queued goes out, if need be once its stimuli are confirmed. */
void trial_over(struct trial *t);
void trial_wake(struct trial *t, enum heard heard);
void trial_wait(struct trial *t, enum waiting_for what, int64_t until_ns);
void trial_correlation(const struct trial *t, uint32_t command, char *out);
void trials_rouse(struct drive *d); /* wakes those that sleep */
void trials_cut(struct drive *d);   /* wakes all open trials: no more waiting */
void trials_release(struct drive *d);
uint32_t *trial_list(struct trial *t, size_t n); /* lives as long as the trial; NULL no memory */
void trial_end(struct trial *t);                 /* its script has ended, and its read-backs */
void trial_image_sent(struct trial *t);          /* another may begin with its own */
void trial_retire(struct trial *t); /* frees the slot when nothing refers to it any more */
/* What a speaker gives back: the trial's slot and generation, and a number of the trial's own. */
uint64_t trial_token(const struct trial *t, uint32_t number);
struct trial *trial_by_token(struct drive *d, uint64_t token, uint32_t *number); /* NULL: gone */
/* The trial's command that a correlation id names; NULL when it is none of an open trial. */
struct trial *trial_by_correlation(struct drive *d, const char *text, size_t len,
                                   uint32_t *command);

/* queue.c: what scripts queued goes out. */
/* Puts on record what may go; with_stimuli false: stimuli behind the last send stay. True when a
 * stimulus stands before a send and must be done first. */
bool queue_dispatch(struct trial *t, bool with_stimuli);
void queue_transmit(struct drive *d); /* the journal is flushed */
void queue_sent(struct drive *d, uint64_t token, const struct speaker_outcome *o);
/* How the statement provokes it: by name, or by the one called "*"; NULL. */
const struct plan_stimulus *stimulus_named(const struct drive *d, const char *name);
/* A stimulus of the driver's own, about no device. Without one of that name: nothing. */
void queue_control(struct drive *d, const char *name, const char *value);

/* expect.c: the set of what a trial waits for. */
void expect_clear(struct trial *t);
struct awaited *expect_add(struct trial *t); /* NULL: no memory */
bool expect_device(struct trial *t, uint32_t device, int command);
void expect_announce(struct trial *t);
/* Takes what came early; true when something is still waited for, which it is from then on. */
bool expect_begin(struct trial *t);
int64_t expect_deadline_ns(const struct trial *t); /* mono */
/* What an arriving message settles: the exchange of a command of ours (t, command), or something
 * of the equipment's own accord about dev (or nobody). NULL: nothing waits for it. */
struct expected *expect_find(struct drive *d, struct trial *t, uint32_t command, uint32_t binding,
                             struct device *dev, size_t listener, const struct envelope *env);
void expect_settle(struct expected *x, enum heard how, const struct envelope *env,
                   struct inquiry *inquiry);
/* A command failed, or was answered otherwise: what waits for its answer ends; all: also what waits
 * for it to come out elsewhere. */
void expect_command(struct trial *t, uint32_t command, enum heard how, bool all);

/* arrival.c: messages kept, with their text. */
struct arrival *arrival_keep(struct trial *t, int command, uint32_t binding, uint32_t device,
                             size_t listener, const struct envelope *env);
struct arrival *arrival_copy(uint32_t binding, const struct envelope *env);
/* Takes the first that suits out of the inbox, NULL; the caller frees it. */
struct arrival *arrival_take(struct trial *t, const struct expected *x);
void arrival_clear(struct trial *t);
const struct envelope_field *field_at(const struct envelope_field *field, size_t n,
                                      const char *path);
bool values_fit(const struct drive *d, const struct awaited *a, const struct envelope_field *field,
                size_t n);

/* inbound.c */
void inbound_received(struct drive *d, struct speaker_request *rq, size_t listener,
                      const void *body, size_t len);
/* An answer's body; true when it was of use to the trial. */
bool inbound_answer(struct trial *t, uint32_t command, const void *body, size_t len);

/* inquiry.c: requests of the equipment that wait for our answer. */
struct inquiry *inquiry_new(struct trial *t, struct speaker_request *rq, uint32_t device,
                            uint32_t endpoint, uint32_t binding, const struct envelope *env);
struct inquiry *inquiry_of(const struct trial *t, uint32_t exchange, uint32_t device);
/* Sends the body to whoever asked: on the open request, or by a POST (*later, token comes back). */
enum err_code inquiry_answer(struct drive *d, struct inquiry *q, const void *body, size_t len,
                             uint64_t token, bool *later, struct err *e);
void inquiries_expire(struct drive *d, int64_t mono_ns); /* ones that are open for too long */
void inquiries_close(struct trial *t); /* those that no answer is queued for: 204 */
void inquiries_free(struct trial *t);
void drive_reply(struct drive *d, struct speaker_request *rq, int status);

/* readback.c: did the equipment consume it? Asked until it says so, or the time is up. */
void read_back_begin(struct trial *t, uint32_t command);
void read_back_sent(struct drive *d, uint64_t token, const struct speaker_outcome *o);
/* True when it is an answer to one, that came as a message of its own. */
bool read_back_answer(struct drive *d, const struct envelope *env);
void read_backs_cut(struct trial *t); /* not waited for any longer */
void read_backs_free(struct trial *t);
#define READ_BACK_TOKEN (UINT64_C(1) << 62)

/* background.c: what goes out beside the trials, from the first to the last of them. */
void background_begin(struct drive *d);
void background_end(struct drive *d);
/* Nothing of a trace is still to go. */
bool background_is_over(const struct drive *d);
void background_sent(struct drive *d, uint64_t token, const struct speaker_outcome *o);
/* True when it answers, or passes on, something of the background. */
bool background_takes(struct drive *d, const struct envelope *env);
#define BACKGROUND_TOKEN (UINT64_C(1) << 60)
#define CONTROL_TOKEN (UINT64_C(1) << 61) /* of a stimulus that nobody waits for */

/* day.c: the deployment's clock. */
int64_t day_clock_ns(const struct drive *d, int64_t real_ns);
int64_t day_length_ns(const struct drive *d);
/* What we send counts as sent so much later in the day: on record, the equipment is not told. */
void day_shift(struct drive *d, int64_t ns);
/* Whether nothing provokes the case: it only lasts the day. */
bool day_observes(const struct drive *d, const struct drive_case *c);
/* The cases of a whole day, all in one, after all others. False: there are none to be driven. */
bool day_step(struct drive *d);

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
/* A message of ours. A value left out: its default. */
struct message {
    const struct binding *binding;
    const char *const *value;      /* n_field of them */
    const char *device;            /* the subject's id; NULL: a population's */
    const char *id, *correlation;  /* MessageID, CorrelationID */
    uint32_t endpoint;             /* ours: where it comes from */
    const struct arrival *asked;   /* what it answers: attributes that it shares are echoed */
    const struct image_out *image; /* whose next block it carries, NULL */
};
enum err_code message_write(struct drive *d, const struct message *m, struct buf *out,
                            struct err *e);

/* calibrate.c */
void calibrate_begin(struct drive *d);
void calibrate_go_on(struct drive *d);
void calibrate_sent(struct drive *d, uint64_t token, const struct speaker_outcome *o);
#define CALIBRATE_TOKEN (UINT64_C(1) << 63)

#endif
