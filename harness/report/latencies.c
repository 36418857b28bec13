#include "harness/report/latencies.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/runs.h"
#include "harness/score/spill.h"

static enum err_code count_all(struct latencies *l, struct err *e)
{
    l->h = calloc(1, sizeof *l->h);
    if (l->h == NULL)
        return err_set(e, ERR_NOMEM, "no memory to count latencies");
    for (uint64_t i = 0; i < l->n; i++)
        spill_count(l->h, l->ns[i]);
    free(l->ns);
    l->ns = NULL;
    return ERR_OK;
}

enum err_code latencies_add(struct latencies *l, int64_t ns, struct err *e)
{
    if (l->h == NULL && l->n == LATENCIES_EXACT) {
        enum err_code rc = count_all(l, e);
        if (rc != ERR_OK)
            return rc;
    }
    if (l->h != NULL) {
        spill_count(l->h, ns);
        l->n++;
        return ERR_OK;
    }
    if (l->n == l->cap) {
        size_t cap = l->cap == 0 ? 64 : l->cap * 2;
        int64_t *more = realloc(l->ns, cap * sizeof *more);
        if (more == NULL)
            return err_set(e, ERR_NOMEM, "no memory for %zu latencies", cap);
        l->ns = more;
        l->cap = cap;
    }
    l->ns[l->n++] = ns;
    return ERR_OK;
}

void latencies_release(struct latencies *l)
{
    free(l->ns);
    free(l->h);
    *l = (struct latencies){0};
}

static int by_value(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The kept values in rising order, in memory of their own. */
static int64_t *sorted(const struct latencies *l)
{
    int64_t *copy = malloc(((size_t)l->n + 1) * sizeof *copy);
    if (copy != NULL && l->n > 0) {
        memcpy(copy, l->ns, (size_t)l->n * sizeof *copy);
        qsort(copy, (size_t)l->n, sizeof *copy, by_value);
    }
    return copy;
}

/* Walks the groups of equal values of both, from the least on. */
struct walk {
    const struct latencies *a, *b;
    const int64_t *sorted_a, *sorted_b; /* NULL: counted */
    size_t at_a, at_b;                  /* values, or bins alike */
    uint64_t in_a, in_b;
    int64_t value; /* of the group; kept ones only */
};

static uint64_t equal(const int64_t *ns, uint64_t n, size_t *at, int64_t value)
{
    size_t from = *at;
    while (*at < n && ns[*at] == value)
        (*at)++;
    return *at - from;
}

static bool next(struct walk *w)
{
    if (w->sorted_a == NULL) {
        while (w->at_a < SPILL_HISTOGRAM_BINS) {
            w->in_a = w->a->h->bin[w->at_a];
            w->in_b = w->b->h->bin[w->at_a++];
            if (w->in_a + w->in_b > 0)
                return true;
        }
        return false;
    }
    bool left_a = w->at_a < w->a->n, left_b = w->at_b < w->b->n;
    if (!left_a && !left_b)
        return false;
    w->value = left_a ? w->sorted_a[w->at_a] : w->sorted_b[w->at_b];
    if (left_b && w->sorted_b[w->at_b] < w->value)
        w->value = w->sorted_b[w->at_b];
    w->in_a = equal(w->sorted_a, w->a->n, &w->at_a, w->value);
    w->in_b = equal(w->sorted_b, w->b->n, &w->at_b, w->value);
    return true;
}

/* How likely chance alone leaves those above a value in so few stretches of the order in which they
 * came. */
static double stretches(const struct latencies *l, int64_t above_ns)
{
    uint64_t slow = 0, runs = 0;
    for (uint64_t i = 0; i < l->n; i++) {
        bool is = l->ns[i] > above_ns;
        slow += is;
        runs += i == 0 || is != (l->ns[i - 1] > above_ns);
    }
    return runs_tail(slow, l->n - slow, runs);
}

/* Ranks and the tail; *above_ns: the largest value that is not in the tail, -1 none. */
static void count_groups(struct walk *w, double most, struct ranks *ranks,
                         struct latencies_tail *tail, int64_t *above_ns)
{
    uint64_t left_a = w->a->n, left_b = w->b->n;
    int64_t before = -1;
    *above_ns = -1;
    while (next(w)) {
        ranks_add(ranks, w->in_a, w->in_b);
        double with = (double)(left_a + left_b);
        double without = with - (double)(w->in_a + w->in_b);
        /* The cut nearest to the wanted one that splits no ties: it hangs on both together. */
        if (with > most && without <= most) {
            bool takes = with - most < most - without;
            tail->a = takes ? left_a : left_a - w->in_a;
            tail->b = takes ? left_b : left_b - w->in_b;
            *above_ns = takes ? before : w->value;
        }
        left_a -= w->in_a;
        left_b -= w->in_b;
        before = w->value;
    }
}

enum err_code latencies_rank(struct latencies *a, struct latencies *b, uint32_t tail_ppm,
                             struct ranks *ranks, struct latencies_tail *tail, struct err *e)
{
    enum err_code rc = ERR_OK;
    *tail = (struct latencies_tail){.together = 1.0};
    *ranks = (struct ranks){0};
    if (a->h != NULL && b->h == NULL)
        rc = count_all(b, e);
    else if (b->h != NULL && a->h == NULL)
        rc = count_all(a, e);
    if (rc != ERR_OK)
        return rc;
    double most = (double)(a->n + b->n) * tail_ppm / 1e6;
    int64_t above_ns;
    struct walk w = {.a = a, .b = b};
    if (a->h != NULL) {
        count_groups(&w, most, ranks, tail, &above_ns);
        return ERR_OK;
    }
    int64_t *sorted_a = sorted(a), *sorted_b = sorted(b);
    if (sorted_a == NULL || sorted_b == NULL) {
        rc = err_set(e, ERR_NOMEM, "no memory to sort latencies");
    } else {
        w.sorted_a = sorted_a;
        w.sorted_b = sorted_b;
        count_groups(&w, most, ranks, tail, &above_ns);
        double p_a = stretches(a, above_ns), p_b = stretches(b, above_ns);
        tail->together = 2.0 * (p_a < p_b ? p_a : p_b);
    }
    free(sorted_a);
    free(sorted_b);
    return rc;
}
