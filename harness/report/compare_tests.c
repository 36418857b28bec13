#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/fisher.h"
#include "harness/base/holm.h"
#include "harness/report/compare_impl.h"

/* Slow exchanges in so few stretches are one event of the machine's or of the equipment's, and no
 * sample. */
#define TOGETHER 0.01

double compare_stopped(double p)
{
    return fmin(1.0, 3.0 * p);
}

static struct compare_sample *sample_of(const struct compare_side *s, const struct result_row *row,
                                        size_t variant)
{
    return &s->sample[s->first[row - s->result->row] + variant];
}

static void leave_out(struct compare_reading *r, enum compare_kind k, const char *why)
{
    r->test[k] = (struct compare_test){.left_out = why, .p = 1.0, .adjusted = 1.0};
}

static bool scored(const struct result_variant *v, enum criterion_kind k)
{
    return v->criterion[k].status != NOT_SCORABLE && v->criterion[k].status != NOT_APPLICABLE;
}

/* Why successes cannot be set beside each other; NULL: they can. */
static const char *share_apart(const struct compare_reading *r)
{
    if (!scored(r->a, CRITERION_RELIABILITY) || !scored(r->b, CRITERION_RELIABILITY))
        return "reliability is not judged in both runs";
    if (!compare_asks_alike(r, CRITERION_LATENCY))
        return "the limits of latency differ, and with them what counts as late";
    if ((r->a->n_clause > 1 || r->b->n_clause > 1) && !compare_asks_alike(r, CRITERION_RELIABILITY))
        return "the periods of the clauses differ";
    if (!compare_same(r->a->unit, r->b->unit))
        return "what is independent differs";
    return NULL;
}

static void share(const struct compare *c, const struct compare_row *row, struct compare_reading *r)
{
    const char *apart = share_apart(r);
    struct compare_test t = {0};
    if (c->records) {
        const struct compare_sample *a = sample_of(&c->side[0], row->a, r->index_a);
        const struct compare_sample *b = sample_of(&c->side[1], row->b, r->index_b);
        t = (struct compare_test){
            .n_a = a->good + a->bad, .n_b = b->good + b->bad, .x_a = a->good, .x_b = b->good};
    } else {
        const struct result_criterion *a = &r->a->criterion[CRITERION_RELIABILITY];
        const struct result_criterion *b = &r->b->criterion[CRITERION_RELIABILITY];
        if (apart == NULL && (!compare_by_exchange(r->a) || !compare_by_exchange(r->b)))
            apart = "its trials are clusters, and run.xml alone does not tell them apart";
        t = (struct compare_test){.n_a = (uint64_t)a->good + a->bad,
                                  .n_b = (uint64_t)b->good + b->bad,
                                  .x_a = a->good,
                                  .x_b = b->good};
    }
    if (apart == NULL && (t.n_a == 0 || t.n_b == 0))
        apart = "a run has no outcome";
    if (apart != NULL) {
        leave_out(r, COMPARE_SHARE, apart);
        return;
    }
    t.p = compare_stopped(fisher_p(t.x_a, t.n_a, t.x_b, t.n_b));
    r->test[COMPARE_SHARE] = t;
}

static enum err_code latency(const struct compare *c, const struct compare_row *row,
                             struct compare_reading *r, struct err *e)
{
    const char *apart = NULL;
    if (!c->records)
        apart = "a run's exchanges are not at hand";
    else if (!compare_same(r->a->measured, r->b->measured) || !compare_same(r->a->unit, r->b->unit))
        apart = "it is not measured between the same points";
    struct ranks ranks;
    struct latencies_tail tail;
    struct compare_test t = {0};
    if (apart == NULL) {
        struct latencies *a = &sample_of(&c->side[0], row->a, r->index_a)->latencies;
        struct latencies *b = &sample_of(&c->side[1], row->b, r->index_b)->latencies;
        t.n_a = a->n;
        t.n_b = b->n;
        if (a->n == 0 || b->n == 0)
            apart = "a run has no latency";
        else {
            enum err_code rc = latencies_rank(a, b, COMPARE_TAIL_PPM, &ranks, &tail, e);
            if (rc == ERR_OK)
                rc = ranks_p(&ranks, &t.p, e);
            if (rc != ERR_OK)
                return rc;
        }
    }
    if (apart != NULL) {
        leave_out(r, COMPARE_LATENCY, apart);
        leave_out(r, COMPARE_TAIL, apart);
        return ERR_OK;
    }
    t.above = ranks_above(&ranks);
    r->test[COMPARE_LATENCY] = t;
    t.together = tail.together <= TOGETHER;
    t.x_a = tail.a;
    t.x_b = tail.b;
    t.p = compare_stopped(fisher_p(tail.a, t.n_a, tail.b, t.n_b));
    r->test[COMPARE_TAIL] = t;
    return ERR_OK;
}

/* ---- what they come to --------------------------------------------------------------------------
 */

enum { MEDIAN = 1, P95 = 3, P99 = 4 }; /* of percentile_ns */

/* What the harness may have added to a percentile, at most. */
static int64_t own_part(const struct result *r, int percentile)
{
    return r->bias_n == 0         ? r->uncertainty_ns
           : percentile == MEDIAN ? r->bias_p50_ns
                                  : r->bias_p99_ns;
}

/* A percentile that moved for sure, and by enough: -1 faster, 1 slower, 0 neither. */
static int moved(const struct compare *c, const struct compare_reading *r, int percentile)
{
    int64_t a = r->a->percentile_ns[percentile], b = r->b->percentile_ns[percentile];
    if (a < 0 || b < 0)
        return 0;
    double shift = fabs((double)b - (double)a);
    double least = (double)a * (double)c->options.least_shift_ppm / 1e6;
    double ours = (double)own_part(c->a, percentile) + (double)own_part(c->b, percentile);
    int64_t limit = r->b->criterion[CRITERION_LATENCY].limit_ns;
    if (limit > 0)
        least = fmax(least, (double)limit * (double)c->options.least_limit_ppm / 1e6);
    if (shift <= fmax(ours, (double)c->declared_ns) || shift < least)
        return 0;
    return b > a ? 1 : -1;
}

static void decide(struct compare *c, struct compare_reading *r, enum compare_kind k)
{
    struct compare_test *t = &r->test[k];
    int way = 0;
    t->significant = t->adjusted <= (double)c->options.level_ppm / 1e6;
    c->significant += t->significant;
    if (!t->significant)
        return;
    if (k == COMPARE_SHARE) {
        double a = (double)t->x_a / (double)t->n_a, b = (double)t->x_b / (double)t->n_b;
        way = a > b ? 1 : -1;
    } else if (k == COMPARE_LATENCY) {
        way = t->above > 0.5 ? 1 : -1;
        if (moved(c, r, MEDIAN) != way)
            way = 0;
    } else {
        way = (double)t->x_b / (double)t->n_b > (double)t->x_a / (double)t->n_a ? 1 : -1;
        if (t->together || (moved(c, r, P95) != way && moved(c, r, P99) != way))
            way = 0;
    }
    c->small += way == 0;
    t->word = way == 1 ? COMPARE_WORSE : way == -1 ? COMPARE_BETTER : COMPARE_SAME;
}

/* A test that was made. */
struct made {
    struct compare_reading *reading;
    enum compare_kind kind;
};

/* All that were made, in order; list and made have room for them. */
static size_t collect(struct compare *c, struct holm_test *list, struct made *made)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_row; i++)
        for (size_t j = 0; j < c->row[i].n_reading; j++)
            for (int k = 0; k < COMPARE_KIND_COUNT; k++) {
                struct compare_reading *r = &c->row[i].reading[j];
                if (r->test[k].left_out != NULL)
                    continue;
                list[n] = (struct holm_test){.p = r->test[k].p, .id = n};
                made[n++] = (struct made){r, (enum compare_kind)k};
            }
    return n;
}

enum err_code compare_run_tests(struct compare *c, struct err *e)
{
    enum err_code rc = ERR_OK;
    size_t most = 0;
    for (size_t i = 0; i < c->n_row; i++)
        for (size_t j = 0; j < c->row[i].n_reading && rc == ERR_OK; j++) {
            share(c, &c->row[i], &c->row[i].reading[j]);
            rc = latency(c, &c->row[i], &c->row[i].reading[j], e);
            most += COMPARE_KIND_COUNT;
        }
    struct holm_test *list = calloc(most + 1, sizeof *list);
    struct made *made = calloc(most + 1, sizeof *made);
    if (rc == ERR_OK && (list == NULL || made == NULL))
        rc = err_set(e, ERR_NOMEM, "no memory for %zu tests", most);
    if (rc == ERR_OK) {
        size_t n = collect(c, list, made);
        c->tests = (uint32_t)n;
        holm_adjust(list, n);
        for (size_t i = 0; i < n; i++) {
            struct made *m = &made[list[i].id];
            m->reading->test[m->kind].adjusted = list[i].adjusted;
            decide(c, m->reading, m->kind);
        }
    }
    free(list);
    free(made);
    return rc;
}
