#include "harness/report/latencies.h"

#include <stdbool.h>
#include <stdlib.h>

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

/* Walks the groups of equal values of both, from the least on. */
struct walk {
    const struct latencies *a, *b;
    size_t at_a, at_b; /* values, or bins alike */
    uint64_t in_a, in_b;
};

static uint64_t equal(const struct latencies *l, size_t *at, int64_t value)
{
    uint64_t n = 0;
    while (*at < l->n && l->ns[*at] == value) {
        (*at)++;
        n++;
    }
    return n;
}

static bool next(struct walk *w)
{
    if (w->a->h != NULL) {
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
    int64_t value = left_a ? w->a->ns[w->at_a] : w->b->ns[w->at_b];
    if (left_b && w->b->ns[w->at_b] < value)
        value = w->b->ns[w->at_b];
    w->in_a = equal(w->a, &w->at_a, value);
    w->in_b = equal(w->b, &w->at_b, value);
    return true;
}

enum err_code latencies_rank(struct latencies *a, struct latencies *b, uint32_t tail_ppm,
                             struct ranks *ranks, struct latencies_tail *tail, struct err *e)
{
    enum err_code rc = ERR_OK;
    *tail = (struct latencies_tail){0};
    *ranks = (struct ranks){0};
    if (a->h != NULL && b->h == NULL)
        rc = count_all(b, e);
    else if (b->h != NULL && a->h == NULL)
        rc = count_all(a, e);
    if (rc != ERR_OK)
        return rc;
    if (a->h == NULL && a->n > 0)
        qsort(a->ns, (size_t)a->n, sizeof *a->ns, by_value);
    if (b->h == NULL && b->n > 0)
        qsort(b->ns, (size_t)b->n, sizeof *b->ns, by_value);
    double most = (double)(a->n + b->n) * tail_ppm / 1e6;
    uint64_t left_a = a->n, left_b = b->n;
    for (struct walk w = {.a = a, .b = b}; next(&w);) {
        ranks_add(ranks, w.in_a, w.in_b);
        double with = (double)(left_a + left_b);
        double without = with - (double)(w.in_a + w.in_b);
        /* The cut nearest to the wanted one that splits no ties: it hangs on both together alone. */
        if (with > most && without <= most)
            *tail = with - most < most - without
                        ? (struct latencies_tail){left_a, left_b}
                        : (struct latencies_tail){left_a - w.in_a, left_b - w.in_b};
        left_a -= w.in_a;
        left_b -= w.in_b;
    }
    return ERR_OK;
}
