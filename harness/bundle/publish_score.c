/* Scoring what was published: the records of all its runs through the rules of the plan. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/bundle/contents.h"
#include "harness/bundle/differ.h"
#include "harness/bundle/publish.h"
#include "harness/score/pool.h"

struct scoring {
    struct plan *plan, **earlier;
    struct pool *pool;
    struct result *bundled, *again;
};

static enum err_code add_earlier(struct scoring *s, const char *folder, size_t i, struct err *e)
{
    char name[80], path[PATH_MAX], exchanges[PATH_MAX];
    (void)snprintf(name, sizeof name, "earlier/%.40s/plan.xml", s->plan->earlier[i].nonce);
    enum err_code rc = contents_path(path, folder, name, e);
    (void)snprintf(name, sizeof name, "earlier/%.40s/exchanges", s->plan->earlier[i].nonce);
    if (rc == ERR_OK)
        rc = contents_path(exchanges, folder, name, e);
    if (rc == ERR_OK)
        rc = plan_read(path, &s->earlier[i], e);
    return rc == ERR_OK ? pool_add(s->pool, s->earlier[i], exchanges, e) : rc;
}

static enum err_code pool_all(struct scoring *s, const char *folder, struct err *e)
{
    char path[PATH_MAX];
    enum err_code rc = contents_path(path, folder, "plan.xml", e);
    if (rc == ERR_OK)
        rc = plan_read(path, &s->plan, e);
    if (rc == ERR_OK)
        rc = pool_new(&s->pool, e);
    if (rc != ERR_OK)
        return rc;
    s->earlier = calloc(s->plan->n_earlier + 1, sizeof *s->earlier);
    if (s->earlier == NULL)
        return err_set(e, ERR_NOMEM, "no memory for earlier runs");
    for (size_t i = 0; i < s->plan->n_earlier && rc == ERR_OK; i++)
        rc = add_earlier(s, folder, i, e);
    if (rc == ERR_OK)
        rc = contents_path(path, folder, "exchanges", e);
    if (rc == ERR_OK)
        rc = pool_add(s->pool, s->plan, path, e);
    return rc == ERR_OK ? pool_result(s->pool, &s->again, e) : rc;
}

/* What only capture and journal tell, and records do not, stands as the bundle has it: its digests
 * of what was left out bind it to them. */
static void take_head(struct result *to, const struct result *from)
{
    to->plan_digest = from->plan_digest;
    to->ended = from->ended;
    to->frames = from->frames;
    to->flows = from->flows;
    to->messages = from->messages;
    to->retransmitted = from->retransmitted;
    to->gaps = from->gaps;
    to->unmatched = from->unmatched;
    to->capture_received = from->capture_received;
    to->stalls = from->stalls;
    to->clock_steps = from->clock_steps;
    to->bias_n = from->bias_n;
    to->bias_p50_ns = from->bias_p50_ns;
    to->bias_p99_ns = from->bias_p99_ns;
    to->bias_worst_ns = from->bias_worst_ns;
}

enum err_code publish_score(const char *folder, const char *again, struct err *e)
{
    char run[PATH_MAX], run_again[PATH_MAX];
    struct scoring s = {0};
    enum err_code rc = contents_path(run, folder, "run.xml", e);
    if (rc == ERR_OK)
        rc = contents_path(run_again, again, "run.xml", e);
    if (rc == ERR_OK)
        rc = result_read(run, &s.bundled, e);
    if (rc == ERR_OK)
        rc = pool_all(&s, folder, e);
    if (rc == ERR_OK) {
        take_head(s.again, s.bundled);
        rc = publish_result(s.again, e);
    }
    if (rc == ERR_OK)
        rc = result_write(s.again, run_again, e);
    if (rc == ERR_OK)
        rc = differ_text("published/run.xml", run, run_again, e);
    result_free(s.again);
    result_free(s.bundled);
    pool_free(s.pool);
    for (size_t i = 0; s.earlier != NULL && i < s.plan->n_earlier; i++)
        plan_free(s.earlier[i]);
    free(s.earlier);
    plan_free(s.plan);
    return rc;
}
