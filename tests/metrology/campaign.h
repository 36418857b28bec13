/* campaign - one made-up device, judged by the engine that judges real ones.
 *
 * Outcomes are drawn, put through harness/score/outcomes.h (planned order) and given to
 * harness/score/criteria.h (the rules); nothing of either is done again here. The same seed gives
 * the same device and the same fate of each trial, whatever course the campaign takes.
 * Ownership: setup_release frees; a setup is read only while campaigns run.
 */
#ifndef TESTS_METROLOGY_CAMPAIGN_H
#define TESTS_METROLOGY_CAMPAIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/plan/plan.h"
#include "harness/score/result.h"

/* How failures of one device hang together. */
enum together {
    TOGETHER_NOT = 0,     /* each by itself */
    TOGETHER_BURSTS,      /* while it is out, everything fails */
    TOGETHER_CONNECTIONS, /* all exchanges of a bad connection */
};

struct device {
    double rate; /* of failures, in the long run */
    enum together together;
    uint32_t length; /* mean of a burst; exchanges of a connection */
};

enum course {
    COURSE_IN_ORDER = 0, /* one trial after the other */
    COURSE_OVERLAPPING,  /* OPEN_MOST of them at a time, losses told long after successes */
    COURSE_PEEKING,      /* somebody reads the verdict as it runs, and stops at the first pass */
    COURSE_UNSURE,       /* failures cannot be told from what disturbed the evidence */
    COURSE_DOUBTED,      /* successes that cannot be told from failures, as many as those */
    COURSE_LATE,         /* failures are late, and latency alone is judged */
    COURSE_COMPLETION,   /* control: outcomes enter as they come in */
    COURSE_INTERVAL,     /* control: stops when the nominal interval excludes the ratio */
    COURSE_RERUN,        /* run again until green, all runs pooled (reruns.c) */
    COURSE_KILLED,       /* killed whenever a loss is pending, and run again; all runs pooled */
    COURSE_BEST,         /* control: run again until green, and the best run counts */
    COURSE_COUNT
};

#define OPEN_MOST 1000
#define INTERVAL_MOST 5000 /* trials of COURSE_INTERVAL */

/* One row with one reading and its rule. cluster: exchanges of a unit, 1 each by itself. */
struct setup {
    struct plan plan;
    struct plan_row row;
    struct plan_variant variant;
    struct plan_scenario scenario;
    struct plan_case kase;
    struct plan_target target;
    uint32_t cluster;
};

void setup_make(struct setup *s, const struct rule *rule, int64_t ratio_ppb, uint32_t cluster,
                int64_t clustering_ppm, bool latency);

struct fate {
    enum verdict verdict;
    uint32_t units; /* used until it was decided */
    bool clean;     /* no failure was seen */
};

/* Runs one campaign; ends the process when memory is out. */
struct fate campaign_run(const struct setup *s, const struct device *d, enum course course,
                         uint64_t seed);

/* A stream of numbers. */
struct draw {
    uint64_t state;
};
uint64_t draw_next(struct draw *d);
double draw_unit(struct draw *d); /* in [0, 1) */

/* The fate of one trial after the other. */
struct fates {
    const struct device *device;
    struct draw draw;
    uint32_t left; /* of the connection at hand */
    bool out;
};
void fates_begin(struct fates *f, const struct device *d, uint64_t seed);
bool fates_next(struct fates *f); /* fails */

/* One run out of a stream of fates, its records in a file as the judge leaves them. killed: as soon
 * as a loss is pending; what is open then is cut. Its own verdict. */
enum verdict campaign_record(const struct setup *s, struct fates *fates, bool killed,
                             const char *path);

/* Many runs of one device as a campaign; path: a file to use. */
struct fate rerun_campaign(const struct setup *s, const struct device *d, enum course course,
                           uint64_t seed, const char *path);

#endif
