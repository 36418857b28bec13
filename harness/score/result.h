/* result - the one canonical result of a run, run.xml, in memory. Every report derives from it.
 *
 * Deterministic: f(plan, journal, capture) only. No date of making, no version but that of the tool
 * that made the plan, order of the plan. Times are integer nanoseconds, ratios are written as
 * counts.
 * Ownership: result_free frees everything; pointers inside are borrowed from it.
 * Errors:    ERR_DATA (file, line) on reading.
 */
#ifndef HARNESS_RESULT_H
#define HARNESS_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"
#include "harness/plan/method.h"

/* Only ever gets worse (TTCN-3, ETSI ES 201 873-1, 24). */
enum verdict {
    VERDICT_NONE = 0,
    VERDICT_PASS,
    VERDICT_INCONCLUSIVE,
    VERDICT_FAIL,
    VERDICT_ERROR,
    VERDICT_COUNT
};

/* Why there is no verdict. */
enum no_verdict {
    NO_VERDICT_GIVEN = 0, /* there is one */
    NOT_APPLICABLE,       /* out of scope, or means nothing here */
    NOT_SCORABLE,         /* the row lacks a value, or the traffic can't be read */
    NOT_EXERCISED,        /* no exchange seen */
    NOT_RUN,              /* planned, not driven (reason) */
    INFORMATION,          /* measured and printed, not judged */
    NO_VERDICT_COUNT
};

enum criterion_kind {
    CRITERION_RELIABILITY = 0,
    CRITERION_LATENCY,
    CRITERION_SIZE,
    CRITERION_WINDOW,
    CRITERION_RATE, /* this and those below are optional: shown only when the profile asks */
    CRITERION_CONFIDENTIALITY,
    CRITERION_COUNT
};
#define CRITERION_ALWAYS CRITERION_RATE /* so many are always shown */

/* What became of an attempt; one each, the first that holds (design 2, exchange). */
enum cause {
    CAUSE_OK = 0,
    CAUSE_LATE,
    CAUSE_LOST,
    CAUSE_REFUSED,
    CAUSE_MALFORMED,
    CAUSE_INCOMPLETE,
    CAUSE_WRONG_CONTENT,
    CAUSE_WRONG_CORRELATION,
    CAUSE_DUPLICATE,
    CAUSE_UNPROVEN, /* answered, but nothing shows that the payload was consumed */
    CAUSE_BETWEEN,  /* in time by one admissible reading or bound, late by another */
    CAUSE_HARNESS,  /* ours: not sent, stalled, clock stepped, capture dropped */
    CAUSE_CUT,      /* the evidence ends before it could be resolved */
    CAUSE_COUNT
};

#define RESULT_PERCENTILES 7 /* 0 (least), 50, 90, 95, 99, 99.9 and 100 (worst) per cent */
#define RESULT_BINS 160      /* histogram: 4 bins an octave from 1 us to 2^40 us = 12.7 days */
#define RESULT_EXAMPLES 20   /* exchanges kept per variant: failing ones first, then the slowest */

/* What a list of expected failures says of a point (harness/report/expected.h). */
enum expectation {
    EXPECTATION_NONE = 0, /* not listed */
    EXPECTATION_MET,      /* fails in the way that is listed */
    EXPECTATION_OTHER,    /* fails, but in another way */
    EXPECTATION_PASSES,   /* listed, and does not fail */
    EXPECTATION_COUNT
};

/* Of a criterion or a row; in no file, filled by expected_apply. */
struct result_expected {
    enum expectation is;
    int line;           /* of the list */
    const char *what;   /* "fail, mostly late": how it is expected to fail */
    const char *reason; /* as the list has it */
};

struct result_example {
    uint32_t trial, sub;
    enum cause cause;
    const char *correlation, *device;
    const char *note;                 /* what is wrong, "" */
    int64_t origin_ns, end_ns;        /* 0 where not seen */
    int64_t latency_ns;               /* -1 none */
    int64_t size_bytes;               /* canonical, -1 */
    uint64_t frame_first, frame_last; /* origin's and end's frames, 0 none */
};

struct result_hop { /* a link or an actor of the chain, over the exchanges that were used */
    bool link;      /* until all of a message had come to at; else while at had it */
    bool equipment; /* an actor of the EUT */
    const char *at; /* actors */
    uint64_t n;
    int64_t p50_ns, p99_ns, worst_ns;
};

struct result_clause { /* reliability by clause: one for a plain "> R" */
    int64_t ratio_ppb, period_ns;
    enum verdict verdict;
    const char *rule;              /* "short", "fixed", "sequential" */
    uint32_t n, fail_at;           /* units at most; fail_at failures among them refuse */
    const char *accepts, *rejects; /* the rule's tables as in plan.xml; "" for the short one */
    const char *failed_at; /* ordinals of the units that failed, blank-separated, at most 200 */
    uint32_t used, failures, indeterminate;
    uint32_t decided_at; /* units, 0 undecided */
};

struct result_criterion {
    enum criterion_kind kind;
    enum verdict verdict;
    enum no_verdict status; /* when verdict is VERDICT_NONE */
    const char *reason;     /* one sentence, always */
    uint32_t n;             /* outcomes used */
    uint32_t planned;       /* what the rule wants */
    uint32_t good, bad, indeterminate;
    uint32_t fail_at;
    uint32_t decided_at;    /* units after which the rule spoke, 0 undecided */
    uint32_t disturbed;     /* of the indeterminate: by the harness's own doing */
    int64_t clustering_ppm; /* how likely failures come so close together by chance; -1 not asked */
    int64_t ratio_ppb;      /* to be exceeded, -1 */
    int64_t low_ppb, high_ppb; /* nominal two-sided Clopper-Pearson interval of the success ratio at
                                  the plan's confidence; -1 none */
    int64_t limit_ns, limit_lax_ns;           /* latency */
    int64_t limit_min_bytes, limit_max_bytes; /* size */
    uint64_t frame_first, frame_last; /* what it leans on: span of frames; a pass always has them */
    struct result_expected expected;
};

struct result_variant {
    const char *leg, *mode, *device_class, *from, *to, *span, *measured, *interpretations;
    const char *role;    /* of this reading, in words */
    const char *note;    /* what must be said beside its verdicts ("extrapolated..."), "" */
    const char *unit;    /* of independence: "exchange", "connection", "event", "period" */
    uint64_t endpoints;  /* devices of the plan that delivered exchanges came from or went to */
    int64_t share_ppm;   /* of the end-to-end budget, -1 none declared */
    const char *earlier; /* what earlier runs brought: "412 outcomes of run 1a2b3c4d", "" */
    enum verdict verdict;
    enum no_verdict status;
    struct result_criterion criterion[CRITERION_COUNT];
    struct result_clause clause[4];
    size_t n_clause;
    uint64_t attempts, used; /* all seen in the journal or capture; those up to the deciding one */
    uint64_t by_cause[CAUSE_COUNT];            /* of the used ones */
    int64_t percentile_ns[RESULT_PERCENTILES]; /* of delivered latency, exact; -1 none */
    /* Exact bounds by order statistics, at the plan's confidence; -1: the sample gives none. */
    int64_t percentile_low_ns[RESULT_PERCENTILES], percentile_high_ns[RESULT_PERCENTILES];
    uint64_t delivered;
    uint64_t bin[RESULT_BINS]; /* bin b holds latencies in [1us*2^(b/4), 1us*2^((b+1)/4));
                                  the first and last also what lies beyond */
    int64_t size_least, size_most, body_least, body_most; /* bytes, -1 none */
    uint64_t carried_bytes, canonical_bytes;              /* sums, for the overhead ratio */
    uint32_t hour[24];         /* exchanges by local hour, in the plan's zone */
    int64_t first_ns, last_ns; /* observed */
    struct result_example example[RESULT_EXAMPLES];
    size_t n_example;
    /* Where the time went, in the order of the chain; the capture alone tells. budget_ns: the
     * strictest limit from end to end, -1 none. */
    const struct result_hop *hop;
    size_t n_hop;
    int64_t budget_ns;
};

struct result_row {
    const char *id, *section, *payload, *type, *use_case, *role, *reason, *operation;
    enum verdict verdict; /* worst of its variants */
    enum no_verdict status;
    const struct result_variant *variant;
    size_t n_variant;
    bool concerns;     /* the equipment has a part in it: a claim has to cover it */
    const char *lacks; /* what of that was not driven, and why; "" nothing */
    bool unlisted;     /* no table of the document holds it: our reading */
    bool shared; /* not in the file: other rows of the result have its id, for other use cases */
    struct result_expected expected; /* met: by all that spoils it */
};

struct result_source { /* an input file of the plan and its digest */
    const char *kind, *path, *digest;
};

/* Devices that share actor and class, and how many of them exchanges reached. */
struct result_population {
    const char *actor, *device_class;
    bool equipment; /* else played by the harness */
    bool subject;   /* trials are about them, one by one */
    uint64_t devices, reached;
};

struct result_text {
    const char *id, *section, *reading, *ground;
};

/* What the capture shows against what the statement declares. */
struct result_contradiction {
    const char *kind; /* "item", "mode", "tls", "connections", "id", "firmware", "address" */
    const char *what; /* item, endpoint, id... that it is about */
    const char *text; /* one sentence */
    uint64_t n;       /* how often */
    uint64_t frame;   /* where first */
};

struct result_summary {
    uint32_t rows, applicable;
    uint32_t pass, fail, inconclusive, error, not_exercised, not_scorable, not_run, not_applicable;
    uint32_t our_reading; /* in no table of the document, without figures: shown, judged by none */
    enum verdict verdict;
    int exit_status; /* enum exit_status */
};

struct result {
    struct arena arena;
    const char *plan_digest, *nonce;
    const char *profile_name, *profile_label;
    bool claimable;
    const char *vendor, *model, *hardware, *firmware, *firmware_digest, *eut_actors;
    struct method method;               /* as the plan has it */
    const struct result_source *source; /* likewise; none without a method */
    size_t n_source;
    const char *zone, *interface, *filter;
    bool driven;               /* a journal of ours; else an imported capture */
    bool complete;             /* the journal reached its END, complete */
    const char *ended;         /* how it ended: "complete", "interrupted", "cut at ..." */
    int64_t first_ns, last_ns; /* evidence time */
    int64_t confidence_ppm, time_shift_ns;
    int64_t uncertainty_ns; /* U as it was used */
    const char
        *uncertainty_from; /* "declared by the profile", "p99 of 400 calibration exchanges" */
    /* rules: struct plan_risks */
    const char *rule;
    int64_t consumer_ppm, producer_ppm, producer_own_ppm, discrimination_milli, clustering_ppm;
    bool spread;
    uint32_t judgements; /* rules in all rows together, each with a producer's risk of its own */
    int64_t producer_sum_ppm; /* what they add up to at most */
    int64_t pace_per_s;
    const char *connections; /* "one for each exchange" or "kept open" */
    /* who tests: struct plan_laboratory */
    const char *laboratory, *laboratory_address, *accreditation, *authorised_by, *customer,
        *clock_traced;
    /* campaign: struct plan_campaign */
    const char *campaign, *ledger_head;
    uint32_t submission, generation;
    uint32_t earlier_runs; /* whose outcomes are in this result as well */
    uint64_t frames, flows, messages, retransmitted, gaps,
        unmatched; /* unmatched: payloads that belong to no attempt */
    uint64_t capture_received, capture_dropped, stalls, clock_steps;
    /* calibration: the harness against a responder without delay, from the same capture; n 0 none
     */
    uint64_t bias_n;
    int64_t bias_p50_ns, bias_p99_ns, bias_worst_ns;
    const struct result_population *population; /* groups of the plan; none without a method */
    size_t n_population;
    struct result_summary summary;
    const struct result_row *row;
    size_t n_row;
    const struct result_text *interpretation;
    size_t n_interpretation;
    const struct result_contradiction *contradiction;
    size_t n_contradiction;
    /* In no file, filled by expected_apply; list NULL: it was not. */
    struct {
        const char *list;
        uint32_t met, other, passes, expired;
        int exit_status;
    } expected;
};

enum err_code result_write(const struct result *r, const char *path, struct err *e);
enum err_code result_read(const char *path, struct result **out, struct err *e);
void result_free(struct result *r);

/* Of the first source of a kind that the plan was made from: "table", "profile"...; "" none. */
const char *result_source_digest(const struct result *r, const char *kind);

/* Words as written: "pass", "not-exercised", "reliability", "wrong-correlation". By name: -1. */
const char *verdict_name(enum verdict v);
const char *no_verdict_name(enum no_verdict s);
const char *criterion_name(enum criterion_kind k);
const char *cause_name(enum cause c);

/* Whether a criterion is shown at all: an optional one that nobody asked for is not. */
bool result_shown(const struct result_variant *v, enum criterion_kind k);
/* How many criteria of a row are shown, all variants together. */
size_t result_row_criteria(const struct result_row *row);

/* Lower edge of a histogram bin in nanoseconds; bin RESULT_BINS gives the upper edge of the last.
 */
int64_t result_bin_edge_ns(unsigned bin);

/* What a verdict or status means for the process's exit status; the worst over all rows wins. */
int result_exit(const struct result_summary *s);

#endif
