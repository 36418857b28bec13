/* Scoring what was published: the records of the run, and of those it goes on with, through the
 * rules of the plan. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/bundle/contents.h"
#include "harness/bundle/differ.h"
#include "harness/bundle/publish.h"
#include "harness/score/retell.h"

/* The plan names earlier runs by the digests of their full files; here lie the reduced ones. */
static enum err_code earlier_as_reduced(struct plan *p, const char *folder, struct err *e)
{
    static const char *const file[] = {"plan.xml", "exchanges"};
    struct plan_earlier *was = arena_alloc(&p->arena, (p->n_earlier + 1) * sizeof *was);
    enum err_code rc = was == NULL ? err_set(e, ERR_NOMEM, "no memory for earlier runs") : ERR_OK;
    for (size_t i = 0; i < p->n_earlier && rc == ERR_OK; i++) {
        char *digest[2];
        was[i] = p->earlier[i];
        for (size_t k = 0; k < 2 && rc == ERR_OK; k++) {
            char name[80], path[PATH_MAX];
            (void)snprintf(name, sizeof name, "earlier/%.40s/%s", was[i].nonce, file[k]);
            digest[k] = arena_alloc(&p->arena, SHA256_HEX_BYTES);
            rc = file_in(path, folder, name, e);
            if (rc == ERR_OK && digest[k] == NULL)
                rc = err_set(e, ERR_NOMEM, "no memory for earlier runs");
            if (rc == ERR_OK)
                rc = sha256_file(path, digest[k], e);
        }
        was[i].plan_digest = digest[0];
        was[i].exchanges_digest = digest[1];
    }
    p->earlier = was;
    return rc;
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
    to->contradiction = from->contradiction;
    to->n_contradiction = from->n_contradiction;
}

/* So do the hops of its readings. */
static void take_hops(struct result *to, const struct result *from)
{
    for (size_t i = 0; i < to->n_row && i < from->n_row; i++)
        for (size_t k = 0; k < to->row[i].n_variant && k < from->row[i].n_variant; k++) {
            struct result_variant *v = (struct result_variant *)&to->row[i].variant[k];
            v->hop = from->row[i].variant[k].hop;
            v->n_hop = from->row[i].variant[k].n_hop;
            v->budget_ns = from->row[i].variant[k].budget_ns;
        }
}

/* The result borrows the plan. */
static enum err_code tell_again(const char *folder, struct plan **plan, struct result **out,
                                struct err *e)
{
    char path[PATH_MAX];
    enum err_code rc = file_in(path, folder, "plan.xml", e);
    if (rc == ERR_OK)
        rc = plan_read(path, plan, e);
    if (rc == ERR_OK)
        rc = earlier_as_reduced(*plan, folder, e);
    if (rc == ERR_OK)
        rc = file_in(path, folder, "exchanges", e);
    if (rc == ERR_OK)
        rc = retell(*plan, path, out, e);
    return rc;
}

enum err_code publish_score(const char *folder, const char *again, struct err *e)
{
    char run[PATH_MAX], run_again[PATH_MAX];
    struct plan *plan = NULL;
    struct result *bundled = NULL, *told = NULL;
    enum err_code rc = file_in(run, folder, "run.xml", e);
    if (rc == ERR_OK)
        rc = file_in(run_again, again, "run.xml", e);
    if (rc == ERR_OK)
        rc = result_read(run, &bundled, e);
    if (rc == ERR_OK)
        rc = tell_again(folder, &plan, &told, e);
    if (rc == ERR_OK) {
        take_head(told, bundled);
        take_hops(told, bundled);
        rc = publish_result(told, e);
    }
    if (rc == ERR_OK)
        rc = result_write(told, run_again, e);
    if (rc == ERR_OK)
        rc = differ_text(PUBLISH_FOLDER "/run.xml", run, run_again, e);
    result_free(told);
    result_free(bundled);
    plan_free(plan);
    return rc;
}
