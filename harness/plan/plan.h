/* plan - everything that decides, frozen before the first trial.
 *
 * Built from the requirement table, the deployment profile, the EUT statement, the scenarios and
 * the bindings (plan_build, in the front program); written as plan.xml; read back by the driver and
 * the judge, which see nothing else. Order of rows is the table's and never changes.
 * Ownership: plan_free frees everything; all pointers inside are borrowed from it.
 * Errors:    plan_read ERR_DATA (file, line); plan_build also ERR_SCOPE, ERR_SCRIPT, ERR_USAGE.
 * Time:      *_ns; limits are exact, ratios are parts per billion (99.5 % = 995000000).
 */
#ifndef HARNESS_PLAN_H
#define HARNESS_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/buf.h"
#include "harness/base/err.h"
#include "harness/plan/method.h"
#include "harness/plan/rule.h"
#include "harness/probe/binding.h"

/* How a row stands towards the EUT (design 5). */
enum plan_role {
    PLAN_NOT_APPLICABLE = 0,
    PLAN_TO_EUT,
    PLAN_FROM_EUT,
    PLAN_THROUGH_EUT, /* the harness stands on both sides and sees what is forwarded */
    PLAN_ROLE_COUNT
};

/* The reason of a row that --suite or --row left out. */
#define PLAN_UNSELECTED "outside this run's selection (--suite, --row)"

/* What starts the clock of a from-EUT row. */
enum plan_cause {
    PLAN_CAUSE_NONE = 0,
    PLAN_CAUSE_COMMAND,  /* an answer: pair rule with its command */
    PLAN_CAUSE_STIMULUS, /* an event or scheduled push after a declared provocation */
    PLAN_CAUSE_OWN,      /* the equipment picks the time: seen over a whole (declared) day */
    PLAN_CAUSE_FORWARD,  /* what came in on its other side */
    PLAN_CAUSE_COUNT
};

/* Whether a criterion is judged; if not, the why_ text beside it says why in a sentence. */
enum plan_scored {
    PLAN_SCORED = 0,
    PLAN_SCORED_NOT_APPLICABLE, /* means nothing here: 24x7, a size that the harness chose */
    PLAN_SCORED_NOT_SCORABLE,   /* the row lacks the value */
    PLAN_SCORED_INFORMATION,    /* measured and printed, not judged */
    PLAN_SCORED_COUNT
};

struct plan_source { /* an input file and its digest */
    const char
        *kind; /* "table", "profile", "statement", "scenario", "bindings", "paths", "image" */
    const char *path; /* as given, made relative to the data folder where it lies inside it */
    const char *digest;
};

struct plan_endpoint {
    const char *actor;
    bool eut;            /* else played by the harness */
    const char *address; /* numeric */
    uint16_t port;
    const char *path; /* URL path */
    bool tls;
    bool inside; /* between actors of the chain under test: seen there, never sent to by us */
};

/* What shows that a payload for the EUT was consumed. */
enum plan_proof {
    PLAN_PROOF_NONE = 0,  /* nothing does: at best inconclusive */
    PLAN_PROOF_REPLY,     /* a payload of the same scenario that answers it */
    PLAN_PROOF_READ_BACK, /* the EUT gives it back when asked for it by its MessageID */
    PLAN_PROOF_COUNT
};

/* Devices that share actor and class, of the EUT or played: ids first_id + 0 .. count-1. */
struct plan_device_group {
    const char *actor, *device_class;
    uint64_t first_id; /* EUI-64 */
    uint32_t count;
    uint32_t endpoint; /* where messages to these devices go: the EUT's, or the listener of ours */
    bool eut;          /* else played by the harness */
};

/* How a verdict is come to, and what it may err by; parts per million and per thousand. */
struct plan_risks {
    enum rule_kind kind;
    int64_t consumer_ppm;         /* of a pass at the failure rate 1 - R, for each rule */
    int64_t producer_ppm;         /* of a fail at 1/D of it, as the profile gives it */
    int64_t producer_own_ppm;     /* what each rule got of it: less when it is spread over all */
    int64_t discrimination_milli; /* D: 3000 */
    int64_t clustering_ppm;       /* level of the test that failures do not come together */
    bool spread;
};

/* Who tests, for the report (ISO/IEC 17025, 7.8.2); each "" where the profile does not say. */
struct plan_laboratory {
    const char *name, *address, *accreditation, *authorised_by, *customer, *clock;
    /* clock: what it is traced to */
};

/* The place of this run in the ledger, as it stood before the first trial. */
struct plan_campaign {
    const char *id;      /* 16 hex digits of EUT, firmware digest and profile; "" no ledger */
    const char *head;    /* SHA-256 of the ledger's last entry, 64 hex digits */
    uint32_t submission; /* 1-based: runs of this generation, this one included */
    uint32_t generation; /* 1-based: resets before it, plus one */
};

/* An earlier run whose outcomes come first: this one goes on with its rules. */
struct plan_earlier {
    const char *nonce, *path; /* of its folder */
    const char *plan_digest, *exchanges_digest;
};

struct plan_clause {
    int64_t ratio_ppb; /* to be exceeded */
    int64_t period_ns; /* 0: per exchange; the longest admissible period otherwise */
    struct rule rule;
};

struct plan_window {
    int32_t from_s, to_s; /* local seconds of the day; to <= from wraps midnight */
};

/* One judgeable reading of a row that concerns devices of this EUT: verdicts are per variant. */
struct plan_variant {
    const char *leg;                 /* id in the table */
    const char *mode, *device_class; /* "" any */
    const char *from, *to;           /* actors, as printed: "A, B" */
    enum plan_role role;             /* of this reading; the row's is that of its first variant */
    enum plan_cause cause;           /* likewise */
    /* A trial reaches so many devices at once (broadcast, outage) and is one cluster: the unit of
     * the clauses' rules, where each counts with the share that it lost. 0: every
     * attempt is a unit. */
    uint32_t population;
    int64_t after_ns;        /* event-relative window: so long after the event, -1 none */
    const char *after_event; /* as the document names it, NULL */
    const char *note; /* what the report must say beside its verdicts ("extrapolated..."), "" */
    /* Least and largest admissible limit, -1 none. A declared share of the budget is in them
     * already: whoever judges compares and does not multiply. */
    int64_t latency_strict_ns, latency_lax_ns;
    int64_t pair_strict_ns, pair_lax_ns; /* limits of the other half: the reply's for a command row,
                                            the command's for an answer; -1 none */
    bool latency_informative;            /* coverage clauses: latency is printed, not judged */
    struct plan_clause clause[4];        /* reliability; all must pass. n_clause 0: not scorable */
    size_t n_clause;
    int64_t lax_ppb;        /* laxest admissible plain ratio when readings differ, else -1 */
    struct plan_clause lax; /* its plan */
    int64_t size_min_bytes, size_max_bytes; /* -1 none */
    bool size_band;                         /* profile asks for the lower bound too */
    bool window_always;                     /* 24x7 */
    struct plan_window window[4];
    size_t n_window;
    bool window_judged; /* EUT is origin and chooses the time */
    /* Nothing provokes it and no attempt awaits it: whatever comes over the day counts. */
    bool observed;
    /* How often one originator sends it in a period of the deployment's clock; -1 none. */
    int64_t rate_min, rate_max, rate_period_ns;
    enum plan_scored scored_latency, scored_reliability, scored_size, scored_window, scored_rate,
        scored_confidentiality;
    const char *why_latency, *why_reliability, *why_size, *why_window, *why_rate,
        *why_confidentiality;    /* NULL: scored */
    const char *interpretations; /* ids, blank-separated, "" none */
    const char *span;            /* "end to end", or "share 0.40 (source)" */
    int64_t share_ppm;           /* of the end-to-end budget; 1000000 whole; -1 no share declared:
                                        a component verdict reads "not refuted" */
    const char *unit;            /* of independence: "exchange", "connection", "event", "period" */
    uint32_t trials;       /* of the first round: what a pass takes at least over all clauses; 0:
                              decided by earlier runs */
    uint32_t trials_least; /* the profile's wish: driven even when decided; 0 none */
    uint32_t trials_max;   /* the driver's ceiling while undecided */
    int64_t give_up_ns;
};

struct plan_row {
    const char *id, *section, *payload, *type, *use_case; /* use_case: the one it runs under */
    enum plan_role role;
    enum plan_cause cause;
    const char *reason;    /* why it is in or out */
    const char *command;   /* payload that causes it, or NULL */
    const char *reply;     /* for a command row: payload that proves consumption, or NULL */
    enum plan_proof proof; /* of its variants that go to the EUT */
    bool withheld;         /* mandatory, and the vendor says no: it counts as not run */
    bool unlisted;         /* no table of the document holds it: marked as our reading */
    int binding;           /* -1: none */
    const struct plan_variant *variant;
    size_t n_variant;
    int scenario;          /* -1: no scenario drives it (then reason tells) */
    const char *operation; /* "" or what it does to the equipment: "power", needs --arm */
    bool concerns;         /* the equipment has a part in it: a claim has to cover it */
    const char *lacks;     /* what of that the plan does not drive, and why; "" nothing */
};

/* A scenario is run once per case: use case, mode and devices that take turns as the subject of a
 * trial (the device that the messages are about, of the EUT or played). */
struct plan_target {
    uint32_t row, variant;
    /* Plan endpoint of ours where it must arrive; -1: where the trial's own course leads it (the
     * requester's reply address, the subject's listener). From and through the EUT only. */
    int endpoint;
};

/* A payload that a scenario needs and this case does not judge. */
struct plan_support {
    const char *payload;
    enum plan_role
        role; /* PLAN_NOT_APPLICABLE: passes between two played actors, nothing is sent */
    enum plan_proof proof;
    int binding;  /* -1 none */
    int endpoint; /* as in plan_target */
};
struct plan_case {
    const char *mode;      /* "" */
    const uint32_t *group; /* device groups that take turns as subject */
    size_t n_group;
    const struct plan_target *target; /* judged by this case */
    size_t n_target;
    const struct plan_support *support;
    size_t n_support;
    const char *use_case; /* the one it is run for */
    const uint32_t *peer; /* endpoints of ours opposite the subject, which take turns by trial */
    size_t n_peer;
    uint32_t population; /* devices of one trial, 0: the one subject */
    bool whole_day;      /* driven over a whole day of the deployment's clock */
};

struct plan_scenario {
    const char *file; /* relative to the data folder, "suites/Meter Reading/4.10.4.1.lua" */
    const char *path; /* where it was read */
    const char *digest;
    const char *section, *use_case, *suite;
    bool exclusive; /* one trial per device at a time */
    bool power;     /* switches power or writes firmware: needs --arm */
    const struct plan_case *kase;
    size_t n_case;
};

struct plan_stimulus {
    const char *name;   /* "audit-event" */
    const char *method; /* "POST" or "prompt" */
    const char *url;    /* {device} and {value} are replaced; or the prompt's text */
    /* Where what it is authorised by is found: a file's path or a variable of the environment.
     * NULL: not. What is found there stands in no file of ours. */
    const char *secret_file, *secret_env;
};

struct plan_duty { /* what the equipment bears (design 4.6) */
    const char *payload;
    uint32_t most;      /* operations in all, 0 no limit */
    int64_t spacing_ns; /* least time between two on one device */
    uint32_t used;      /* of most, by the runs that this one goes on with */
    int64_t last_ns;    /* when they did the last one, CLOCK_REALTIME; 0 none */
};

/* Sent beside the trials, so many messages in a period; its answers are taken and dropped. */
struct plan_background {
    const char *row, *use_case, *leg; /* whose How often it is */
    uint32_t binding;
    uint32_t group;    /* whose devices take turns as its subject */
    uint32_t endpoint; /* ours: who sends it */
    int64_t times, period_ns;
    bool reads;    /* it changes nothing: also for devices that a trial has for itself */
    bool operates; /* power, firmware: not for devices of any trial */
};

/* A trace whose payloads to the equipment are sent beside the trials, at its times. */
struct plan_trace {
    const char *path;   /* NULL: none */
    const char *digest; /* SHA-256, hex */
    uint64_t payloads;  /* in the file */
    uint64_t sent;      /* of them by the harness */
    int64_t length_ns;  /* from the first to the last */
};

struct plan_unsent { /* a row of the background that is not part of it */
    const char *row, *use_case, *why;
};

/* The vendor's image that a payload carries; where there is none it is made up. */
struct plan_image {
    const char *payload, *path, *version;
    const char *digest; /* SHA-256, hex: whoever reads the file sees whether it has changed since */
    uint64_t bytes;
};

struct plan_text { /* an interpretation used, printed with the report */
    const char *id, *section, *reading, *ground;
};

/* What the equipment sends, though the statement says that it does not. */
struct plan_denied {
    const char *item, *actor;
    const char *payload;
    const char *mode; /* "" whatever the mode; "push": unasked, "poll": when asked */
    uint32_t binding;
};

struct plan {
    const char *nonce; /* 8 hex digits, in every correlation id */
    const struct plan_source *source;
    size_t n_source;
    /* the claim */
    const char *profile_name, *profile_label; /* label "" or why no claim can be made */
    bool claimable;                           /* false: overlaid limits */
    const char *vendor, *model, *hardware, *firmware, *firmware_digest; /* the EUT's identity */
    const char *eut_actors;                                             /* "A, B" */
    struct method method; /* how the claim was shown */
    /* rules */
    struct plan_risks risks;
    int64_t confidence_ppm; /* 950000: of intervals, and of the short plans */
    int64_t uncertainty_ns; /* U of a capture stamp, both ways: at least this; more when the
                               calibration of the run says so */
    struct plan_laboratory laboratory;
    struct plan_campaign campaign;
    const struct plan_earlier *earlier; /* in the ledger's order */
    size_t n_earlier;
    int64_t linger_ns; /* how long copies are looked for behind an answer */
    const char *zone;  /* IANA name */
    const void *tzif;  /* zone data, RFC 8536 */
    size_t tzif_len;
    int64_t time_shift_ns; /* declared: added to the real clock for windows we send in */
    int64_t time_factor;   /* of cases with whole_day: the deployment's clock runs so much faster */
    bool window_strict;    /* all of a payload inside its window, else the majority */
    /* driving */
    int64_t pace_per_s;   /* trials started a second, all cases together */
    uint32_t overlap_max; /* trials open at a time */
    bool connection_per_exchange;
    const char *reply_mode; /* "response" or "request" (asynchronous), as the statement says */
    const char *pap02;      /* "", "baseload" or "highload": rows are those of that mode */
    const char *tls_ca, *tls_certificate, *tls_key; /* paths or NULL */
    const char *interface, *filter;
    /* tables */
    const struct plan_endpoint *endpoint;
    size_t n_endpoint;
    const struct plan_device_group *group;
    size_t n_group;
    const struct binding *binding;
    size_t n_binding;
    const struct plan_row *row;
    size_t n_row;
    const struct plan_scenario *scenario;
    size_t n_scenario;
    const struct plan_stimulus *stimulus;
    size_t n_stimulus;
    const struct plan_duty *duty;
    size_t n_duty;
    const struct plan_background *background;
    size_t n_background;
    struct plan_trace trace;
    const struct plan_unsent *unsent;
    size_t n_unsent;
    const struct plan_denied *denied;
    size_t n_denied;
    const struct plan_image *image;
    size_t n_image;
    const struct plan_text *interpretation;
    size_t n_interpretation;
    char digest[65]; /* SHA-256 of plan.xml as written or read */

    struct arena arena; /* private: holds all of the above */
};

/* Reads and checks plan.xml. */
enum err_code plan_read(const char *path, struct plan **out, struct err *e);
/* Appends plan.xml's text (and fills p->digest). */
enum err_code plan_format(struct plan *p, struct buf *out, struct err *e);
/* Writes plan.xml (and fills p->digest). */
enum err_code plan_write(struct plan *p, const char *path, struct err *e);
void plan_free(struct plan *p);

/* Whether an optional criterion (rate, confidentiality) was asked for at all: else it is not shown.
 */
static inline bool plan_asked(enum plan_scored scored, const char *why)
{
    return scored != PLAN_SCORED_NOT_APPLICABLE || why != NULL;
}

/* Index of the binding whose element has that local name, or -1. */
int plan_binding_of(const struct plan *p, const char *element, size_t len);
int plan_binding_by_payload(const struct plan *p, const char *payload);

#endif
