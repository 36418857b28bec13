#include "harness/base/runs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_MOST 50000000.0 /* of the walk: a second's work */

static double log_choose(double n, double k)
{
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* The share of orders with a stretches of the one kind and b of the other. */
static double share(double failures, double successes, double a, double b)
{
    if (a < 1 || b < 1 || a > failures || b > successes)
        return 0;
    return exp(log_choose(failures - 1, a - 1) + log_choose(successes - 1, b - 1) -
               log_choose(failures + successes, failures));
}

double runs_tail(uint64_t failures, uint64_t successes, uint64_t runs)
{
    if (failures == 0 || successes == 0)
        return 1;
    uint64_t fewer = failures < successes ? failures : successes;
    if (runs > 2 * fewer)
        return 1;
    double sum = 0, f = (double)failures, s = (double)successes;
    for (uint64_t r = 2; r <= runs; r++) {
        double half = (double)(r / 2);
        sum += r % 2 == 0 ? 2 * share(f, s, half, half)
                          : share(f, s, half + 1, half) + share(f, s, half, half + 1);
    }
    return sum > 1 ? 1 : sum;
}

/* ---- orders that a walk lets happen ------------------------------------------------------------
 */

/* Weights of all orders of the units so far, by failures, runs (the last place: more than asked
 * for) and kind of the last unit. */
struct walk {
    uint32_t failures, places;
    double *now, *next;
};

static double *at(const struct walk *w, double *table, uint32_t failures, uint32_t runs, int failed)
{
    return &table[((size_t)failures * w->places + runs) * 2 + (size_t)failed];
}

/* One more unit, which fails or does not. */
static void step(struct walk *w, uint32_t least, uint32_t most, double fails)
{
    uint32_t last = w->places - 1;
    memset(w->next, 0, (size_t)(w->failures + 1) * w->places * 2 * sizeof *w->next);
    for (uint32_t f = least; f <= most; f++)
        for (uint32_t r = 0; r <= last; r++) {
            uint32_t more = r < last ? r + 1 : last;
            double good = *at(w, w->now, f, r, 0), bad = *at(w, w->now, f, r, 1);
            *at(w, w->next, f, r, 0) += good * (1 - fails);
            *at(w, w->next, f, more, 0) += bad * (1 - fails);
            if (f < w->failures) {
                *at(w, w->next, f + 1, r, 1) += bad * fails;
                *at(w, w->next, f + 1, more, 1) += good * fails;
            }
        }
    double *old = w->now;
    w->now = w->next;
    w->next = old;
}

static void shut(struct walk *w, uint32_t failures)
{
    memset(at(w, w->now, failures, 0, 0), 0, (size_t)w->places * 2 * sizeof *w->now);
}

static double walked(struct walk *w, uint32_t units, runs_open_fn *open, const void *arg)
{
    double fails = (double)w->failures / units, few = 0, all = 0;
    *at(w, w->now, 0, 1, 0) = 1 - fails; /* the first unit */
    *at(w, w->now, 1, 1, 1) = fails;
    for (uint32_t u = 1; u < units; u++) {
        uint32_t left = units - u;
        uint32_t least = w->failures > left ? w->failures - left : 0;
        uint32_t most = u < w->failures ? u : w->failures;
        while (most > least && !open(arg, u, most))
            shut(w, most--);
        while (least < most && !open(arg, u, least))
            shut(w, least++);
        for (uint32_t f = least; f <= most; f++)
            if (!open(arg, u, f))
                shut(w, f);
        step(w, least, most, fails);
    }
    for (uint32_t r = 0; r < w->places; r++) {
        double here = *at(w, w->now, w->failures, r, 0) + *at(w, w->now, w->failures, r, 1);
        all += here;
        few += r + 1 < w->places ? here : 0;
    }
    return all > 0 ? few / all : -1;
}

double runs_tail_stopped(uint32_t failures, uint32_t successes, uint32_t runs, runs_open_fn *open,
                         const void *arg)
{
    if (failures == 0 || successes == 0)
        return 1;
    uint32_t fewer = failures < successes ? failures : successes;
    if (runs > 2 * (uint64_t)fewer)
        return 1;
    double units = (double)failures + successes;
    if (units * (failures + 1.0) * (runs + 2.0) > STEPS_MOST)
        return -1;
    struct walk w = {.failures = failures, .places = runs + 2};
    size_t cells = ((size_t)failures + 1) * w.places * 2;
    double *room = calloc(2 * cells, sizeof *room);
    if (room == NULL)
        return -1;
    w.now = room;
    w.next = room + cells;
    double tail = walked(&w, failures + successes, open, arg);
    free(room);
    return tail;
}
