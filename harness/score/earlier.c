#include "harness/score/earlier.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/sha256.h"
#include "harness/score/result_head.h"

/* ---- the same reading in two plans --------------------------------------------------------------
 */

static bool same_rule(const struct plan_clause *x, const struct plan_clause *y)
{
    const struct rule *a = &x->rule, *b = &y->rule;
    return x->ratio_ppb == y->ratio_ppb && x->period_ns == y->period_ns && a->kind == b->kind &&
           a->n == b->n && a->steps == b->steps &&
           (a->steps == 0 || (memcmp(a->accept, b->accept, a->steps * sizeof *a->accept) == 0 &&
                              memcmp(a->reject, b->reject, a->steps * sizeof *a->reject) == 0));
}

bool earlier_same_row(const struct plan_row *x, const struct plan_row *y)
{
    return strcmp(x->id, y->id) == 0 && strcmp(x->use_case, y->use_case) == 0;
}

bool earlier_same_reading(const struct plan_variant *x, const struct plan_variant *y)
{
    return strcmp(x->leg, y->leg) == 0 && strcmp(x->mode, y->mode) == 0 &&
           strcmp(x->device_class, y->device_class) == 0;
}

bool earlier_same_rules(const struct plan_variant *x, const struct plan_variant *y)
{
    bool same = x->n_clause == y->n_clause && x->lax_ppb == y->lax_ppb &&
                x->latency_strict_ns == y->latency_strict_ns &&
                x->latency_lax_ns == y->latency_lax_ns && x->size_max_bytes == y->size_max_bytes &&
                x->population == y->population;
    for (size_t i = 0; same && i < x->n_clause; i++)
        same = same_rule(&x->clause[i], &y->clause[i]);
    return same && (x->lax_ppb == -1 || same_rule(&x->lax, &y->lax));
}

enum err_code earlier_differs(const struct plan *now, const struct plan_row *row,
                              const struct plan_variant *v, const struct plan *then, struct err *e)
{
    return err_set(e, ERR_DATA,
                   "row %s, %s, leg %s: run %s judges it by another rule or limit than run %s; "
                   "what was judged differently cannot be pooled",
                   row->id, row->use_case, v->leg, now->nonce, then->nonce);
}

/* ---- feeding ------------------------------------------------------------------------------------
 */

void earlier_index(struct earlier_run *run)
{
    run->n_target = 0;
    for (size_t i = 0; i < run->plan->n_row; i++) {
        run->first[i] = run->n_target;
        run->n_target += run->plan->row[i].n_variant;
    }
}

static enum err_code feed(const struct earlier_run *run, struct history *h,
                          struct criteria *const *of, bool used_only,
                          const struct deployment *deployment, uint64_t *n, struct err *e)
{
    struct outcome o = {.note = ""};
    struct err fault = ERR_INIT;
    enum err_code rc;
    bool last;
    while ((rc = history_next(h, &o.rec, &last, e)) == ERR_OK) {
        if (o.rec.row >= run->plan->n_row || o.rec.variant >= run->plan->row[o.rec.row].n_variant)
            return err_set(e, ERR_DATA,
                           "%s: names row %u, reading %u, which its plan does not have",
                           run->exchanges, o.rec.row, o.rec.variant);
        size_t t = run->first[o.rec.row] + o.rec.variant;
        if (of[t] == NULL || (used_only && o.rec.used == 0))
            continue;
        (void)snprintf(o.note, sizeof o.note, "in run %.8s, frames %llu to %llu there",
                       run->plan->nonce, (unsigned long long)o.rec.first_frame,
                       (unsigned long long)o.rec.last_frame);
        (void)criteria_use(of[t], &o, last, deployment, &fault);
        if (n != NULL)
            n[t]++;
        if (fault.code != ERR_OK) {
            if (e != NULL)
                *e = fault;
            return fault.code;
        }
    }
    return rc == ERR_CLOSED ? ERR_OK : rc;
}

enum err_code earlier_feed(const struct earlier_run *run, struct history *h,
                           struct criteria *const *of, bool used_only, uint64_t *n, struct err *e)
{
    struct zone *zone = NULL;
    struct deployment *d = calloc(1, sizeof *d);
    if (d == NULL)
        return err_set(e, ERR_NOMEM, "no memory to read %s", run->exchanges);
    enum err_code rc = run->plan->tzif_len == 0
                           ? ERR_OK
                           : zone_new(run->plan->tzif, run->plan->tzif_len, &zone, e);
    d->zone = zone;
    history_deployment(h, d);
    for (size_t i = 0; i < run->n_target && rc == ERR_OK; i++)
        if (of[i] != NULL)
            criteria_next_run(of[i], true);
    if (rc == ERR_OK)
        rc = feed(run, h, of, used_only, zone == NULL ? NULL : d, n, e);
    zone_free(zone);
    free(d);
    return rc;
}

/* ---- the runs that a plan names -----------------------------------------------------------------
 */

enum err_code earlier_file(const struct plan *plan, size_t i, const char *capture, const char *name,
                           char *out, size_t size, struct err *e)
{
    const struct plan_earlier *x = &plan->earlier[i];
    const char *slash = strrchr(capture, '/');
    int dir = slash == NULL ? 0 : (int)(slash - capture) + 1;
    if (strlen(x->nonce) != 8 || strspn(x->nonce, "0123456789abcdef") != 8)
        return err_set(e, ERR_DATA, "the plan goes on with run \"%s\", expected 8 hex digits",
                       x->nonce);
    int n = snprintf(out, size, "%.*searlier/%s/%s", dir, capture, x->nonce, name);
    if (n > 0 && (size_t)n < size && access(out, R_OK) == 0)
        return ERR_OK;
    n = snprintf(out, size, "%s/%s", x->path, name);
    if (n > 0 && (size_t)n < size && access(out, R_OK) == 0)
        return ERR_OK;
    return err_set(
        e, ERR_DATA,
        "the run goes on with run %s, of which no %s is there: neither in %.*searlier/%s "
        "nor in %s",
        x->nonce, name, dir, capture, x->nonce, x->path);
}

static enum err_code verify(const char *path, const char *have, const char *want, const char *nonce,
                            struct err *e)
{
    if (strcmp(have, want) == 0)
        return ERR_OK;
    return err_set(e, ERR_EVIDENCE,
                   "%s: is not what it was when run %s was gone on with: SHA-256 %s, expected %s",
                   path, nonce, have, want);
}

/* Which criteria of the plan at hand each variant of the earlier one leads to. */
static enum err_code find_targets(const struct plan *plan, const struct earlier_run *run,
                                  const struct earlier_sink *sink, struct criteria **of,
                                  struct err *e)
{
    for (uint32_t i = 0; i < plan->n_row; i++)
        for (size_t k = 0; k < run->plan->n_row; k++) {
            const struct plan_row *now = &plan->row[i], *then = &run->plan->row[k];
            if (!earlier_same_row(now, then))
                continue;
            for (uint32_t x = 0; x < now->n_variant; x++)
                for (size_t y = 0; y < then->n_variant; y++) {
                    if (!earlier_same_reading(&now->variant[x], &then->variant[y]))
                        continue;
                    if (!earlier_same_rules(&now->variant[x], &then->variant[y]))
                        return earlier_differs(plan, now, &now->variant[x], run->plan, e);
                    of[run->first[k] + y] = sink->target(sink->arg, i, x);
                }
        }
    return ERR_OK;
}

static void tell_brought(const struct plan *plan, const struct earlier_run *run,
                         const struct earlier_sink *sink, struct criteria *const *of,
                         const uint64_t *n)
{
    for (size_t t = 0; t < run->n_target; t++)
        if (of[t] != NULL && n[t] > 0)
            sink->brought(sink->arg, (uint32_t)(of[t]->row - plan->row),
                          (uint32_t)(of[t]->v - of[t]->row->variant), run->plan->nonce, n[t]);
}

static enum err_code replay(const struct plan *plan, struct earlier_run *run,
                            const struct earlier_sink *sink, struct err *e)
{
    struct history *h = NULL;
    struct criteria **of = NULL;
    uint64_t *n = NULL;
    run->first = calloc(run->plan->n_row + 1, sizeof *run->first);
    if (run->first != NULL) {
        earlier_index(run);
        of = calloc(run->n_target + 1, sizeof *of);
        n = calloc(run->n_target + 1, sizeof *n);
    }
    enum err_code rc = of == NULL || n == NULL
                           ? err_set(e, ERR_NOMEM, "no memory to read %s", run->exchanges)
                           : history_open(run->exchanges, &h, e);
    if (rc == ERR_OK)
        rc = find_targets(plan, run, sink, of, e);
    if (rc == ERR_OK)
        rc = earlier_feed(run, h, of, true, n, e);
    if (rc == ERR_OK)
        tell_brought(plan, run, sink, of, n);
    history_close(h);
    free(run->first);
    free(of);
    free(n);
    return rc;
}

static enum err_code replay_one(const struct plan *plan, size_t i, const char *capture,
                                const struct earlier_sink *sink, struct err *e)
{
    const struct plan_earlier *x = &plan->earlier[i];
    char at[PATH_MAX], exchanges[PATH_MAX], digest[SHA256_HEX_BYTES];
    struct plan *then = NULL;
    enum err_code rc = earlier_file(plan, i, capture, "plan.xml", at, sizeof at, e);
    if (rc == ERR_OK)
        rc = sha256_file(at, digest, e);
    if (rc == ERR_OK)
        rc = verify(at, digest, x->plan_digest, x->nonce, e);
    if (rc == ERR_OK)
        rc = earlier_file(plan, i, capture, "exchanges", exchanges, sizeof exchanges, e);
    if (rc == ERR_OK)
        rc = sha256_file(exchanges, digest, e);
    if (rc == ERR_OK)
        rc = verify(exchanges, digest, x->exchanges_digest, x->nonce, e);
    if (rc == ERR_OK)
        rc = plan_read(at, &then, e);
    if (rc == ERR_OK && strcmp(then->nonce, x->nonce) != 0)
        rc = err_set(e, ERR_EVIDENCE, "%s: is the plan of run %s, expected that of run %s", at,
                     then->nonce, x->nonce);
    struct earlier_run run = {.plan = then, .exchanges = exchanges};
    if (rc == ERR_OK)
        rc = replay(plan, &run, sink, e);
    plan_free(then);
    return rc;
}

enum err_code earlier_replay(const struct plan *plan, const char *capture,
                             const struct earlier_sink *sink, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < plan->n_earlier && rc == ERR_OK; i++)
        rc = replay_one(plan, i, capture, sink, e);
    for (uint32_t i = 0; i < plan->n_row && rc == ERR_OK && plan->n_earlier > 0; i++)
        for (uint32_t k = 0; k < plan->row[i].n_variant; k++) {
            struct criteria *c = sink->target(sink->arg, i, k);
            criteria_next_run(c, false);
            c->decided = c->decided || c->v->trials == 0;
        }
    return rc;
}

void earlier_bring(char *text, size_t size, const char *nonce, uint64_t n)
{
    size_t len = strlen(text);
    (void)snprintf(text + len, size - len, "%s%llu outcomes of run %s", len == 0 ? "" : ", ",
                   (unsigned long long)n, nonce);
}

const char *earlier_told(const char *text, const struct criteria *c, struct result *r,
                         bool *no_memory)
{
    char told[EARLIER_TEXT_BYTES + 60];
    /* Nothing of this run came behind them. */
    bool theirs = c->reliability.another_run;
    (void)snprintf(told, sizeof told, "%s%s", text,
                   theirs ? ", whose capture the frames are of" : "");
    return result_copy(r, told, no_memory);
}
