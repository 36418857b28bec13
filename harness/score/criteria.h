/* criteria - the rules: outcomes of one target (row and variant) in, verdicts on its criteria out.
 *
 * Each clause's rule of the plan file is fed the outcomes in planned order until it accepts,
 * rejects or ends. Each criterion has a sample of its own: reliability the outcomes, latency the
 * delivered ones, size the delivered ones of the equipment, window all of them. Where a trial
 * reaches a population it is one unit of the rule and counts with the share that it lost; the sum
 * of shares takes the place of the number of failures, rounded down against a fail and up against a
 * pass.
 * Indeterminate outcomes count as failures against a pass and as successes against a fail; more
 * than 1 % of the used ones by the harness's own doing or uncertainty, and neither is given
 * (sample.h). Where admissible readings differ, only the strictest passes and only the laxest
 * fails. Everything told of a target but the number of its attempts is of the used outcomes, so
 * that what is told when it is decided is what the finished result says.
 * Ownership: criteria_release frees; the plan is borrowed; strings of a result are its arena's.
 * Errors:    ERR_NOMEM.
 */
#ifndef HARNESS_CRITERIA_H
#define HARNESS_CRITERIA_H

#include "harness/plan/plan.h"
#include "harness/score/deployment.h"
#include "harness/score/hops.h"
#include "harness/score/outcome.h"
#include "harness/score/rate.h"
#include "harness/score/reach.h"
#include "harness/score/result.h"
#include "harness/score/sample.h"
#include "harness/score/spill.h"

#define CRITERIA_FAILED_AT 200 /* of the units that failed, so many are told */

/* The unit that is being filled: one outcome, or those of a trial that is a cluster. */
struct unit {
    uint32_t n, disturbed;
    uint32_t failed[4], unsure[4]; /* per clause; the lax one goes with the first */
};

/* A criterion: all strict samples must pass, or the lax one fail. */
struct judgement {
    struct sample strict[4];
    size_t n_strict;
    struct sample lax;
    bool has_lax;
    struct unit unit;
    enum verdict verdict; /* NONE while undecided */
    uint64_t frame_first, frame_last;
    bool another_run; /* the frames are of a run before: the next use begins anew */
};

struct criteria {
    const struct plan *plan;
    const struct plan_row *row;
    const struct plan_variant *v;
    struct judgement reliability, latency, size;
    uint32_t failed_at[4][CRITERIA_FAILED_AT], n_failed_at[4]; /* per clause: which units failed */
    uint64_t inside, observed;                                 /* window of the day */
    size_t first_base,
        last_base; /* settings of the deployment's clock under which; SIZE_MAX none */
    uint64_t placed[PLACED_COUNT];       /* window from an event */
    uint64_t readable, dark;             /* seen in clear text; not seen, inside TLS */
    uint64_t readable_frame, dark_frame; /* the first such, 0 none */
    bool decided, encrypted, unprovoked;
    bool replays; /* the outcomes at hand are those of a run before */
    bool grows;   /* no file holds the latencies of all runs together: they are kept */
    uint64_t attempts, used, units; /* units: as the rule counts, of the used ones */
    uint64_t by_cause[CAUSE_COUNT];
    uint64_t delivered;
    struct reach reach;  /* of all that was delivered, used or not */
    int64_t *latency_ns; /* of the used and delivered: no more than the largest sample... */
    size_t n_latency, latency_cap;
    struct spill_histogram *latencies; /* ...unless nothing decides; then counted, NULL before */
    uint64_t bin[RESULT_BINS];
    int64_t size_least, size_most, body_least, body_most, worst_ns;
    uint64_t carried_bytes, canonical_bytes;
    uint32_t hour[24];
    int64_t first_ns, last_ns;
    uint64_t frame_first, frame_last;
    struct hops hops;           /* of the used and delivered of this run */
    struct outcome *bad, *slow; /* examples, RESULT_EXAMPLES of each */
    size_t n_bad, n_slow;
};

enum err_code criteria_init(struct criteria *c, const struct plan *plan, uint32_t row,
                            uint32_t variant, struct err *e);
void criteria_release(struct criteria *c);

/* The next outcome in planned order; last: of its trial. deployment NULL: no hours are told. True
 * when this one decided the target. */
bool criteria_use(struct criteria *c, const struct outcome *o, bool last,
                  const struct deployment *deployment, struct err *e);

/* Before the outcomes of another run: what was a matter of one run's capture and clock ends.
 * replays: they come out of its records, and its capture is not at hand. */
void criteria_next_run(struct criteria *c, bool replays);

/* Percentiles wanted of this target and, behind all of them, their lower and their upper bounds:
 * found or located, -1 where there is none. 0 when nothing was delivered. */
#define CRITERIA_RANKS (3 * RESULT_PERCENTILES)
size_t criteria_ranks(struct criteria *c, struct spill_rank *rank);

/* What the verdicts lean on beside the outcomes. */
struct criteria_context {
    bool driven;
    int64_t first_ns, last_ns;           /* evidence */
    const struct deployment *deployment; /* NULL: the plan holds no zone data */
    const struct rate_count *rate;       /* NULL: not judged */
    bool undated_drop; /* a foreign capture dropped packets and does not tell when */
    uint64_t dropped;
    const char *mismatch; /* the journal's decision is not ours: how; NULL */
};

/* The verdicts as they stand. rank NULL or located ranks of criteria_ranks. */
enum err_code criteria_result(const struct criteria *c, const struct criteria_context *x,
                              const struct spill_rank *rank, struct arena *arena,
                              struct result_variant *out);

/* The verdict or status of a variant by those of its criteria. */
void criteria_fold(struct result_variant *v, bool unlisted);

/* "99.5 %" for parts per billion. Returns out. */
char *criteria_percent(int64_t ppb, char *out, size_t size);

#endif
