/* rule - when so many failures among so many trials show a reliability, and when they refute it.
 *
 * For a claim "> R": p1 = 1 - R is the failure rate that may pass with the consumer's risk at most,
 * p0 = p1 / D the one that may fail with the producer's risk at most, D the discrimination ratio.
 * Three kinds:
 * - short: pass after n trials without a failure, where R^n is the consumer's risk or less; fail at
 *   f failures within n, where P(f or more | R) is no more than that either; between inconclusive.
 * - fixed: n trials, of which at most c may fail; the least n that keeps both risks.
 * - sequential: asked after every trial, a truncated sequential probability ratio test. Its lines
 *   start as Wald's and are moved until the exact risks, the truncation's included, are kept.
 * Where a trial reaches many devices at once they share its luck: it is one unit, which counts with
 * the share that it lost, anywhere between none and all. What is shown of such shares holds however
 * those devices hang together: for the short and the fixed plan the sum over n units has a tail at
 * most e times that of the binomial count (Bentkus 2004); for the sequential test exp(t X) is at
 * most 1 - X + X exp(t) for X within [0, 1], so that the likelihood ratio stays a supermartingale
 * and exceeds 1 / risk ever with no more than that risk (Ville 1939): its lines are the logarithms
 * of both risks themselves, and its truncation is inconclusive.
 * Ratios are parts per billion, confidences and risks parts per million, D parts per thousand.
 * Ownership: tables live in the arena given.
 * Errors:    ERR_LIMIT for rules beyond the ceilings below, ERR_NOMEM.
 * Spec: IEC 61123 (fixed and truncated sequential plans); Wald, Sequential Analysis (1947).
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

/* What a rule shall keep. */
struct rule_terms {
    int64_t ratio_ppb;            /* R, in (0, 1) */
    int64_t consumer_ppm;         /* in (0, 0.5) */
    int64_t producer_ppm;         /* in (0, 0.5) */
    int64_t discrimination_milli; /* above 1 */
};

/* What a device of some failure rate meets, whose failures are independent: exact, truncation
 * included. For clusters: of a device that loses whole units or nothing. */
struct rule_characteristic {
    double accepts, rejects, ends; /* probabilities; ends: neither at n */
    double expected;               /* units until it is decided */
};

/* What it says of so many units and failures. It has to be asked after every unit, and what it
 * says first is final. */
enum rule_word rule_judge(const struct rule *r, uint32_t used, uint32_t failures);

/* Least failures in n that it rejects at the end, most that it accepts then. */
uint32_t rule_rejects_from(const struct rule *r);
uint32_t rule_accepts_up_to(const struct rule *r);

/* Units of a device without a failure until it passes, and of one that fails always until it is
 * rejected; 0: it never is. */
uint32_t rule_least_accept(const struct rule *r);
uint32_t rule_least_reject(const struct rule *r);

/* ERR_LIMIT also for a table from elsewhere that would take too long. */
enum err_code rule_characteristic_at(const struct rule *r, double failure_rate,
                                     struct rule_characteristic *out, struct err *e);

/* n is 0 when there is no such rule: a ratio of 0 or 100 %. ERR_USAGE for risks or a discrimination
 * ratio out of their ranges. */
enum err_code rule_fixed(struct arena *a, const struct rule_terms *t, bool clusters,
                         struct rule *out, struct err *e);
enum err_code rule_sequential(struct arena *a, const struct rule_terms *t, bool clusters,
                              struct rule *out, struct err *e);
/* Failure rates of the terms. */
double rule_p1(const struct rule_terms *t);
double rule_p0(const struct rule_terms *t);

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
