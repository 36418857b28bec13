/* pool_impl - the structs behind pool.h. Private to pool*.c. */
#ifndef HARNESS_POOL_IMPL_H
#define HARNESS_POOL_IMPL_H

#include "harness/score/criteria.h"
#include "harness/score/earlier.h"
#include "harness/score/pool.h"

/* A reading of a row, whichever plans hold it. */
struct pool_target {
    const struct plan *plan; /* the first that held it */
    uint32_t row, variant;   /* there */
    struct criteria all;     /* over all runs */
    uint64_t n_run;          /* runs that brought outcomes */
    const char *brought;     /* "412 outcomes of run 1a2b3c4d, 30 of run 5e6f7a8b" */
    /* What runs came to by themselves: why a criterion failed, NULL not; windows and rates. */
    const char *failed[CRITERION_COUNT];
    struct result_criterion day[2]; /* window, rate */
    bool has_day;
    const char *mismatch;
};

struct pool_row {
    const struct plan_row *from;
    size_t *target; /* indices */
    size_t n_target;
};

struct pool_run {
    struct earlier_run of;
    size_t *target; /* per variant: index of the pool's target */
    int64_t first_ns, last_ns, dropped;
    int64_t uncertainty_ns, calibrations; /* measured U; 0 calibrations: declared */
    bool driven, complete;
};

struct pool {
    struct arena arena;
    struct pool_run *run;
    size_t n_run;
    struct pool_row *row;
    size_t n_row;
    struct pool_target **target;
    size_t n_target;
};

/* pool_own.c: what the run added last comes to by itself, from its own start. */
enum err_code pool_own(struct pool *p, const struct pool_run *run, struct err *e);

const struct pool_run *pool_run_by_nonce(const struct pool *p, const char *nonce);

#endif
