/* sample - one rule being fed with units, walked twice: with the indeterminate as failures, and as
 * successes. Only the first walk can pass and only the second can fail, and what a walk says first
 * is final.
 *
 * More than 1 % of the used units indeterminate by what the harness did or could not measure, and
 * the word is held back: the sample goes on until they are fewer and the rule says the same still,
 * or it is used up and nothing but inconclusive can be said. That is no second chance: no other
 * word than the first is ever given.
 * Ownership: the rule is borrowed; no memory of its own.
 */
#ifndef HARNESS_SAMPLE_H
#define HARNESS_SAMPLE_H

#include "harness/plan/rule.h"
#include "harness/score/result.h"

#define SAMPLE_DOUBT_PERCENT 1

struct sample {
    const struct rule *rule;
    enum rule_word worst, best; /* what the two walks came to */
    uint32_t used, failures;    /* units; failures: whole ones of lost_ppm */
    uint32_t indeterminate;     /* units that hold one */
    uint32_t disturbed;         /* of them by the harness or its uncertainty */
    uint32_t clean;             /* units without any loss or doubt */
    uint32_t failed, runs;      /* units with any loss; stretches of these and of clean ones */
    bool last_failed;
    bool tested;            /* whether they come together is asked at all */
    uint32_t spoke_at;      /* units after which a walk said what the verdict is, 0 not yet... */
    uint32_t decided_at;    /* ...and after which it could be given, 0 open */
    int64_t lost_ppm;       /* sum of lost shares, each rounded down */
    int64_t doubtful_ppm;   /* with the indeterminate as lost, each rounded up */
    int64_t clustering_ppm; /* of a closed one: how likely so few runs are by chance; -1 no test */
    enum verdict verdict;   /* NONE while open */
};

/* tested: how the failures lie is looked at when it closes, which takes its time. */
void sample_init(struct sample *s, const struct rule *rule, bool tested);

/* One unit of n outcomes, of which so many failed or are indeterminate: of a cluster each counts
 * with its share. disturbed: by the harness's own doing or uncertainty. */
void sample_use(struct sample *s, uint32_t failed, uint32_t unsure, uint32_t n, bool disturbed);

/* More than 1 % of the used units. */
bool sample_doubtful(const struct sample *s);

#endif
