/* judge_impl - the struct behind judge.h. Private to judge*.c. */
#ifndef HARNESS_JUDGE_IMPL_H
#define HARNESS_JUDGE_IMPL_H

#include "harness/evidence/merge.h"
#include "harness/exchange/sighting.h"
#include "harness/score/attempts.h"
#include "harness/score/contradict.h"
#include "harness/score/criteria.h"
#include "harness/score/earlier.h"
#include "harness/score/history.h"
#include "harness/score/judge.h"
#include "harness/score/outcomes.h"
#include "harness/score/rate.h"
#include "harness/score/result_head.h"

#define JUDGE_CALIBRATIONS 100000 /* exchanges kept for the bias; more do not change it */
#define JUDGE_TEXT_BYTES 200

struct judge_target {
    struct criteria criteria;
    bool told;                        /* the journal holds a decision on it */
    char mismatch[JUDGE_TEXT_BYTES];  /* that is not ours: how; "" */
    struct history_context differs;   /* the same, for the records */
    char earlier[EARLIER_TEXT_BYTES]; /* what runs before brought */
};

struct judge {
    const struct plan *plan;
    struct judge_observer observer;
    bool driven, undated_drop, finished;
    const char *journal; /* its path, borrowed */
    struct merge *merge;
    struct exchange_reader *reader;
    struct attempts *attempts;
    struct outcomes *outcomes;
    struct disturb disturb;
    struct rate *rate;
    struct contradict *contradict;
    struct deployment deployment;
    struct spill *spill;
    struct zone *zone;           /* NULL: the plan holds none */
    struct judge_target *target; /* row after row, variant after variant */
    size_t *first_target;        /* per row; one more at the end */
    bool *row_told;
    int64_t *calibration;
    size_t n_calibration;
    int64_t uncertainty_ns; /* U: known with the first trial... */
    size_t uncertainty_n;   /* ...from so many calibration exchanges; 0: declared */
    bool uncertainty_known;
    int64_t first_ns, last_ns;
    bool ended, complete;
    char how[JUDGE_TEXT_BYTES];
    uint64_t n_observed; /* messages that nothing awaits, and that count all the same */
    struct err fault;    /* out of a callback */
};

/* Before the first trial: from now on U is what the calibration has shown, when that is more than
 * declared. */
void judge_settle_uncertainty(struct judge *j);
/* All of the result but its rows. */
void judge_head(struct judge *j, struct result *r, bool *no_memory);

struct judge_target *judge_target_of(struct judge *j, uint32_t row, uint32_t variant);
/* Tells the observer of a row about which nothing more can be said, once. */
void judge_review_row(struct judge *j, uint32_t row);
/* A decision of the journal that the evidence does not give. */
void judge_mismatch(struct judge_target *t, const struct journal_record *r);
/* The outcomes of runs that this one goes on with come first. */
enum err_code judge_earlier(struct judge *j, const char *capture, struct err *e);
/* Behind the attempts: what verdicts lean on beside them. */
enum err_code judge_put_context(struct judge *j, struct err *e);

/* A message that no attempt awaits. 1: it counts for readings that are only observed. */
unsigned judge_observe(struct judge *j, const struct sighting *s);

#endif
