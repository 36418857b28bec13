/* bench - what is measured: the points, their tallies and what each must show.
 *
 * A point is one rule, one device and one course, run many times. Its tally is filled by several
 * processes at once; its checks are then made on the numbers alone.
 */
#ifndef TESTS_METROLOGY_BENCH_H
#define TESTS_METROLOGY_BENCH_H

#include <stdio.h>

#include "harness/plan/rule.h"
#include "tests/metrology/campaign.h"

/* A bound is broken, or two numbers are not equal, when chance alone would do that in fewer than
 * one of a million benches. */
#define BENCH_CHANCE 1e-6

#define CLAIMS 3
#define RATES 7 /* of the operating characteristic */

enum must {
    MUST_NOT_PASS = 1 << 0, /* no more passes than the consumer's risk */
    MUST_NOT_FAIL = 1 << 1, /* no more fails than the producer's risk */
    MUST_BE_EXACT = 1 << 2, /* passes, fails and units are those of rule_characteristic_at */
    MUST_BE_SAME = 1 << 3,  /* every campaign ends as the same device does in order */
    MUST_BREAK = 1 << 4,    /* a control: more passes than the risk, or the bench sees nothing */
    MUST_DOUBT = 1 << 5     /* nearly all inconclusive that saw failures */
};

struct claim { /* a reliability, and its rules */
    int64_t ratio_ppb;
    const char *text;
    double p1, p0;
    struct rule rule[RULE_KIND_COUNT], clusters; /* clusters: sequential, for units with shares */
};

struct point {
    const char *what; /* in words, for the table of courses; NULL: of the characteristic */
    size_t claim;     /* index */
    const struct rule *rule;
    double times; /* rate of failures in multiples of p1 */
    struct device device;
    enum course course;
    uint32_t cluster;       /* exchanges of a unit */
    int64_t clustering_ppm; /* level of the test that failures do not come together; 0 none */
    unsigned must;
    unsigned fewer;              /* of so many campaigns one */
    double pass_most, fail_most; /* the risks that bind; of clusters and the like */
    struct setup setup;
};

struct tally {
    uint64_t n, pass, fail, differ;
    uint64_t clean; /* passes with one failure at most */
    uint64_t units, units_squared;
};

#define POINTS_MOST 160

struct bench {
    struct arena arena;
    struct claim claim[CLAIMS];
    struct rule endless; /* that says nothing for INTERVAL_MOST trials */
    struct point point[POINTS_MOST];
    size_t n_point;
    struct tally *tally; /* one a point; shared by the processes */
};

/* All points; false and a text on standard error when a rule cannot be made. */
bool bench_make(struct bench *b);
/* So many campaigns of a point, from the first number on; path: a file to use. */
void bench_run(const struct point *p, struct tally *t, uint64_t first, uint64_t n,
               const char *path);
/* What the tally breaks, in a sentence; NULL: nothing. */
const char *bench_check(const struct point *p, const struct tally *t, char *out, size_t size);

/* The rates of the characteristic in multiples of p1: p0 / 2, p0, ..., p1, 1.5 p1. */
extern const double bench_rates[RATES];

/* oracles.c: published numbers out of our functions; how many disagree. As a table on out. */
unsigned oracles(FILE *out);

#endif
