/* rule - the short fixed plan: how many successes in a row show a reliability, how many failures
 * refute it.
 *
 * For a claim "> R" at a confidence C: pass after n trials without a failure, where R^n <= 1 - C;
 * fail at f failures within n, where P(f or more | R) <= 1 - C; between them inconclusive.
 * Where a trial reaches many devices at once they share its luck: it is one unit, which counts with
 * the share that it lost, anywhere between none and all. The sum of such shares over n trials has a
 * tail at most e times that of the binomial count (Bentkus 2004), so that clusters need more.
 * Ratios are parts per billion, confidences parts per million.
 * Spec: IEC 61123 (fixed plans with acceptance number zero).
 */
#ifndef HARNESS_RULE_H
#define HARNESS_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"

#define RULE_MOST_TRIALS 10000000u
#define RULE_MOST_STEPS 100000u /* failures that a rule tells apart */

enum rule_kind {
    RULE_SHORT = 0,  /* none may fail; three zones */
    RULE_FIXED,      /* (n, c): two zones */
    RULE_SEQUENTIAL, /* truncated sequential probability ratio test */
    RULE_KIND_COUNT
};

enum rule_word {
    RULE_GOES_ON = 0,
    RULE_ACCEPTS,
    RULE_REJECTS,
    RULE_ENDS /* n units taken, and neither: inconclusive */
};

/* Any of the kinds, as two tables over the number of failures, as 3GPP TS 36.521-1 table G.4.4-1
 * has them. */
struct rule {
    enum rule_kind kind;
    uint32_t n;             /* units that it takes at most; 0: no rule shows this ratio */
    uint32_t steps;         /* entries of each table */
    const uint32_t *accept; /* [f]: accepts once so many units hold f failures; 0 never */
    const uint32_t *reject; /* [f]: rejects while so many units or fewer hold f failures; 0 never.
                               steps failures or more are always rejected */
};

/* What it says of so many units and failures. It has to be asked after every unit, and what it
 * says first is final. */
enum rule_word rule_judge(const struct rule *r, uint32_t used, uint32_t failures);

/* Least failures in n that it rejects at the end, most that it accepts then. */
uint32_t rule_rejects_from(const struct rule *r);
uint32_t rule_accepts_up_to(const struct rule *r);

/* The short plan for a ratio. clusters: a unit counts with the share that it lost. */
enum err_code rule_short(struct arena *a, int64_t ratio_ppb, int64_t confidence_ppm, bool clusters,
                         struct rule *out, struct err *e);
/* The same by its numbers: so many failures of n are accepted, fail_at refused. */
enum err_code rule_short_of(struct arena *a, uint32_t n, uint32_t fail_at, uint32_t accept,
                            struct rule *out, struct err *e);

/* 149 for 98 %, 299 for 99 %, 598 for 99.5 %, 29 for 90 %, all at 95 %. 0 when there is none: a
 * ratio of 0 or 100 %, or more than RULE_MOST_TRIALS. */
uint32_t rule_zero_failure_n(int64_t ratio_ppb, int64_t confidence_ppm);

/* Least failures in n that exclude the ratio: 7 in 598 for 99.5 % at 95 %. n + 1 when not even n
 * failures do. */
uint32_t rule_fail_at(uint32_t n, int64_t ratio_ppb, int64_t confidence_ppm);

/* The same for a sum of lost shares, rounded down, over n clusters. */
uint32_t rule_fail_at_clusters(uint32_t n, int64_t ratio_ppb, int64_t confidence_ppm);

/* Most failures in n, after rounding a sum of lost shares up, with which n clusters still show the
 * ratio; 0 also where only no loss at all does. */
uint32_t rule_accept_clusters(uint32_t n, int64_t ratio_ppb, int64_t confidence_ppm);

#endif
