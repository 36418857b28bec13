/* compare - two runs beside each other: what got better or worse, and whether it is chance.
 *
 * Rows are matched by id and use case, readings by leg, mode, class, role and ends. A criterion
 * whose requirement differs is set apart and weighs nothing. Three tests a reading, all together at
 * one level after Holm: Fisher's on the shares of successes, Mann-Whitney's on the latencies of
 * what was delivered, Fisher's on how many of each run lie among the slowest 5 % of both. They are
 * over the outcomes that the rules used; where a reading's unit is not the exchange, over its
 * trials: one that lost anything failed, and its slowest exchange is its latency. A change of
 * latency counts when it is significant and the median (of the slowest: p95 or p99) moved with it,
 * by a share of what it was, by one of its limit, and by more than the harness may have had a part
 * in: its own latency at that percentile, as both runs measured it, or the declared uncertainties
 * where those are larger.
 * Slow exchanges that stand in few stretches are one event, and count as no change.
 * Ownership: compare_free frees; both results are borrowed.
 * Errors:    ERR_NOMEM; ERR_DATA for an exchanges file that is not its result's.
 * Time:      nanoseconds.
 */
#ifndef HARNESS_COMPARE_H
#define HARNESS_COMPARE_H

#include "harness/base/arena.h"
#include "harness/plan/plan.h"
#include "harness/report/latencies.h"
#include "harness/report/text.h"
#include "harness/score/result.h"

#define COMPARE_TAIL_PPM 50000

enum compare_word {
    COMPARE_SAME = 0,
    COMPARE_BETTER,
    COMPARE_NEW,     /* judged in b only */
    COMPARE_APART,   /* cannot be compared */
    COMPARE_CHANGED, /* another word, neither better nor worse: inconclusive, not exercised */
    COMPARE_GONE,    /* judged in a only */
    COMPARE_WORSE,
    COMPARE_WORD_COUNT
};

enum compare_kind { COMPARE_SHARE = 0, COMPARE_LATENCY, COMPARE_TAIL, COMPARE_KIND_COUNT };

struct compare_test {
    const char *left_out; /* why it was not made, NULL: it was */
    uint64_t n_a, n_b;    /* outcomes of each run */
    uint64_t x_a, x_b;    /* share: successes; tail: among the slowest of both */
    double above;         /* latency: share of pairs in which b is the slower one */
    bool together;        /* tail: a run's slow ones stand in few stretches */
    double p, adjusted;
    bool significant;
    enum compare_word word; /* SAME, BETTER, WORSE */
};

struct compare_reading {
    const struct result_variant *a, *b;
    size_t index_a, index_b; /* in their rows */
    bool shown[CRITERION_COUNT];
    enum compare_word criterion[CRITERION_COUNT];
    bool expected[CRITERION_COUNT]; /* worse, and a list says that it fails so */
    struct compare_test test[COMPARE_KIND_COUNT];
};

struct compare_row {
    const struct result_row *a, *b; /* NULL: not in that run */
    enum compare_word word;         /* the worst of what its readings show */
    struct compare_reading *reading;
    size_t n_reading;
    size_t unmatched_a, unmatched_b; /* readings of one run only */
};

struct compare_options {
    int64_t level_ppm;       /* of all tests together */
    int64_t least_shift_ppm; /* of what a latency was, to count */
    int64_t least_limit_ppm; /* and of its limit */
    bool partial;            /* b is a part of a on purpose: what is gone is not worse */
};

struct compare {
    const struct result *a, *b;
    struct compare_options options;
    struct compare_row *row; /* those of b in its order, then those of a alone */
    size_t n_row;
    const char **note; /* what differs between the runs as a whole */
    size_t n_note;
    uint32_t count[COMPARE_WORD_COUNT]; /* rows */
    uint32_t tests, significant, small; /* small: significant, and no change that counts */
    bool records;                       /* both had their exchanges */

    /* Private. */
    struct arena arena;
    struct compare_side *side; /* two */
    int64_t declared_ns;       /* uncertainties of both plans together */
};

/* Matches the rows. */
enum err_code compare_new(const struct result *a, const struct result *b,
                          const struct compare_options *options, struct compare **out,
                          struct err *e);
/* The exchanges of run b (second) or a. Without both, only shares are tested, by the counts of
 * run.xml. */
enum err_code compare_exchanges(struct compare *c, bool second, const char *path, struct err *e);
/* What differs in the settings; a plan is NULL where only run.xml is at hand. */
enum err_code compare_settings(struct compare *c, const struct plan *a, const struct plan *b,
                               struct err *e);
/* Tests, words and counts. */
enum err_code compare_conclude(struct compare *c, struct err *e);
void compare_free(struct compare *c);

/* 0 nothing worse; 1 something is; 4 nothing is, but what a list applied to b expects to fail
 * passes. */
int compare_exit(const struct compare *c);
/* A probability of Fisher's test over samples that a rule ended: rules end sooner on a run of
 * losses or of luck, so that such tables are up to 2.8 times as likely as the test thinks
 * (simulated in tests/unit/t_compare.c). Three times, at most 1. */
double compare_stopped(double p);

const char *compare_word_name(enum compare_word w); /* "worse" */
const char *compare_kind_name(enum compare_kind k); /* "share" */

/* name_a and name_b: the runs as the caller calls them. */
void compare_text(const struct compare *c, const char *name_a, const char *name_b, bool colour,
                  struct text *out);
/* After fixtures/schemas/comparison.rng; probabilities with six digits. */
void compare_xml(const struct compare *c, struct text *out);

#endif
