/* Many runs about one device, as one campaign: what the ledger binds and pool.h judges. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/score/pool.h"
#include "tests/metrology/campaign.h"

#define RUNS_MOST 8    /* of one that is run again until green */
#define KILLED_MOST 60 /* of one that is killed at every loss */

static _Noreturn void die(const struct err *e)
{
    (void)fprintf(stderr, "metrology: %s\n", e->text);
    exit(3);
}

/* The runs of one campaign, each with a plan of its own; until green, or enough. */
static bool run_again(const struct setup *s, struct fates *fates, bool killed, struct pool *pool,
                      struct plan *plan, const char *path)
{
    static char nonce[KILLED_MOST][9];
    size_t most = killed ? KILLED_MOST : RUNS_MOST;
    struct err e = ERR_INIT;
    for (size_t i = 0; i < most; i++) {
        (void)snprintf(nonce[i], sizeof nonce[i], "%08zx", i);
        plan[i] = s->plan;
        plan[i].nonce = nonce[i];
        enum verdict own = campaign_record(s, fates, killed, path);
        if (pool_add(pool, &plan[i], path, &e) != ERR_OK)
            die(&e);
        (void)unlink(path);
        if (own == VERDICT_PASS)
            return true;
        if (killed && pool_decided(pool, 0, 0))
            return false;
    }
    return false;
}

struct fate rerun_campaign(const struct setup *s, const struct device *d, enum course course,
                           uint64_t seed, const char *path)
{
    static struct plan plan[KILLED_MOST];
    struct pool *pool;
    struct result *r = NULL;
    struct fates fates;
    struct err e = ERR_INIT;
    fates_begin(&fates, d, seed);
    if (pool_new(&pool, &e) != ERR_OK)
        die(&e);
    bool green = run_again(s, &fates, course == COURSE_KILLED, pool, plan, path);
    if (pool_result(pool, &r, &e) != ERR_OK)
        die(&e);
    const struct result_variant *v = &r->row[0].variant[0];
    struct fate fate = {.verdict = v->verdict, .units = (uint32_t)v->used};
    if (course == COURSE_BEST)
        fate.verdict = green ? VERDICT_PASS : VERDICT_INCONCLUSIVE;
    result_free(r);
    pool_free(pool);
    return fate;
}
