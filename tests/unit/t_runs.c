/* Whether failures come together: the runs test against counted orders and published values; and
 * which ordered values bound a percentile. */
#include <math.h>

#include "harness/base/quantile.h"
#include "harness/base/runs.h"
#include "tests/tap.h"

/* Bits of an order: set for a failure. */
static unsigned ones(unsigned order)
{
    unsigned n = 0;
    for (; order != 0; order &= order - 1)
        n++;
    return n;
}

static unsigned stretches(unsigned order, unsigned units)
{
    unsigned n = 1;
    for (unsigned i = 1; i < units; i++)
        n += (order >> i & 1) != (order >> (i - 1) & 1);
    return n;
}

static bool always(const void *arg, uint32_t units, uint32_t failures)
{
    (void)arg;
    (void)units;
    (void)failures;
    return true;
}

/* Ends at two failures within 4 units, or at 5 units without any. */
static bool some_rule(const void *arg, uint32_t units, uint32_t failures)
{
    (void)arg;
    return !(units <= 4 && failures >= 2) && !(units >= 5 && failures == 0);
}

static bool lets_happen(runs_open_fn *open, unsigned order, unsigned units)
{
    unsigned failures = 0;
    for (unsigned u = 1; u < units; u++) {
        failures += order >> (u - 1) & 1;
        if (!open(NULL, u, failures))
            return false;
    }
    return true;
}

/* Every order of up to 13 units, one by one. */
static void by_counting(void)
{
    double worst = 0, worst_always = 0, worst_stopped = 0;
    for (unsigned units = 2; units <= 13; units++)
        for (unsigned failures = 1; failures < units; failures++)
            for (unsigned runs = 2; runs <= units; runs++) {
                unsigned all = 0, few = 0, all_stopped = 0, few_stopped = 0;
                for (unsigned order = 0; order < 1u << units; order++) {
                    if (ones(order) != failures)
                        continue;
                    bool is_few = stretches(order, units) <= runs;
                    all++;
                    few += is_few;
                    if (lets_happen(some_rule, order, units)) {
                        all_stopped++;
                        few_stopped += is_few;
                    }
                }
                double want = (double)few / all;
                worst = fmax(worst, fabs(runs_tail(failures, units - failures, runs) - want));
                worst_always = fmax(
                    worst_always,
                    fabs(runs_tail_stopped(failures, units - failures, runs, always, NULL) - want));
                double fewer = failures < units - failures ? failures : units - failures;
                if (all_stopped == 0 || runs > 2 * fewer)
                    continue;
                want = (double)few_stopped / all_stopped;
                worst_stopped =
                    fmax(worst_stopped,
                         fabs(runs_tail_stopped(failures, units - failures, runs, some_rule, NULL) -
                              want));
            }
    ok(worst < 1e-12, "all orders of up to 13 units, counted: within %g", worst);
    ok(worst_always < 1e-12, "a walk that ends nowhere leaves all of them: within %g",
       worst_always);
    ok(worst_stopped < 1e-12, "and one that ends early those that it lets happen: within %g",
       worst_stopped);
}

/* Swed and Eisenhart, Annals of Mathematical Statistics 14 (1943): critical numbers of runs at
 * 2.5 % and 5 %: the greatest that are significantly few. */
static void by_the_table(void)
{
    static const struct {
        unsigned a, b, at_25, at_50;
    } table[] = {{5, 5, 2, 3},   {6, 6, 3, 3},   {7, 7, 3, 4},     {8, 8, 4, 5},
                 {10, 10, 6, 6}, {12, 12, 7, 8}, {15, 15, 10, 11}, {20, 20, 14, 15},
                 {4, 10, 3, 3},  {5, 20, 5, 5},  {10, 20, 9, 9},   {2, 20, 2, 2}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        unsigned at_25 = 1, at_50 = 1;
        for (unsigned r = 2; r <= table[i].a + table[i].b; r++) {
            double tail = runs_tail(table[i].a, table[i].b, r);
            at_25 = tail <= 0.025 ? r : at_25;
            at_50 = tail <= 0.05 ? r : at_50;
        }
        ok(at_25 == table[i].at_25 && at_50 == table[i].at_50,
           "%u and %u: %u runs are too few at 2.5 %%, %u at 5 %%", table[i].a, table[i].b, at_25,
           at_50);
    }
}

static void edges(void)
{
    ok(runs_tail(0, 9, 1) == 1 && runs_tail(9, 0, 1) == 1, "one kind alone is no order");
    ok(runs_tail(2, 9, 5) == 1 && runs_tail_stopped(2, 9, 5, always, NULL) == 1,
       "as many runs as there can be are not few");
    ok(runs_tail(40, 100000, 2) < 1e-150 && runs_tail(40, 100000, 2) > 0,
       "one outage in 100,000 is no chance");
    ok(runs_tail_stopped(5000, 5000, 400, always, NULL) == -1,
       "more work than it is worth is not done");
}

static void bounds(uint64_t n, uint32_t per_mille, uint64_t want_low, uint64_t want_high)
{
    uint64_t low, high;
    quantile_ranks(n, per_mille, 950000, &low, &high);
    ok(low == want_low && high == want_high,
       "p%g of %llu at 95 %%: between the %llu. and the %llu.", per_mille / 10.0,
       (unsigned long long)n, (unsigned long long)low, (unsigned long long)high);
}

/* The medians are those of every table of sign-test intervals. */
static void percentiles(void)
{
    bounds(5, 500, 0, 0);
    bounds(6, 500, 1, 6);
    bounds(10, 500, 2, 9);
    bounds(20, 500, 6, 15);
    bounds(50, 500, 18, 33);
    bounds(100, 500, 40, 61);
    bounds(100, 950, 90, 100);
    bounds(71, 950, 63, 0);
    bounds(72, 950, 64, 72);
    bounds(367, 990, 359, 0);
    bounds(368, 990, 360, 368);
    bounds(100, 0, 0, 0);
    bounds(100, 1000, 0, 0);
    bounds(0, 500, 0, 0);
}

int main(void)
{
    by_counting();
    by_the_table();
    edges();
    percentiles();
    return done_testing();
}
