/* Fisher, Mann-Whitney and Holm against published values, GSL and plain enumeration. */
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#include "harness/base/fisher.h"
#include "harness/base/holm.h"
#include "harness/base/ranks.h"
#include "tests/tap.h"

static bool near(double got, double want, double relative)
{
    bool good = fabs(got - want) <= relative * fabs(want) + 1e-300;
    if (!good)
        printf("# got %.12g, want %.12g\n", got, want);
    return good;
}

/* Every table with these margins, one after the other. */
static double fisher_by_enumeration(unsigned good_a, unsigned n_a, unsigned good_b, unsigned n_b)
{
    unsigned marked = good_a + good_b, rest = n_a + n_b - marked;
    double mine = gsl_ran_hypergeometric_pdf(good_a, marked, rest, n_a), sum = 0.0;
    for (unsigned x = 0; x <= marked; x++) {
        double p = gsl_ran_hypergeometric_pdf(x, marked, rest, n_a);
        if (p <= mine * (1.0 + 1e-7))
            sum += p;
    }
    return fmin(sum, 1.0);
}

static void fisher(void)
{
    ok(near(fisher_p(3, 4, 1, 4), 34.0 / 70.0, 1e-12), "the lady tasting tea: 34 of 70");
    ok(near(fisher_p(4, 4, 0, 4), 2.0 / 70.0, 1e-12), "and all right: 2 of 70");
    /* Agresti, Categorical Data Analysis; R: fisher.test(matrix(c(2, 10, 15, 3), 2)). */
    ok(near(fisher_p(2, 12, 15, 18), 0.0005367241, 1e-6), "twins of criminals: 0.0005367");
    ok(fisher_p(0, 0, 3, 4) == 1.0, "an empty side shows nothing");
    ok(fisher_p(5, 5, 7, 7) == 1.0, "nor do two perfect ones");
    double worst = 0.0;
    for (unsigned n_a = 1; n_a <= 30; n_a += 3)
        for (unsigned n_b = 1; n_b <= 31; n_b += 5)
            for (unsigned a = 0; a <= n_a; a++)
                for (unsigned b = 0; b <= n_b; b++) {
                    double want = fisher_by_enumeration(a, n_a, b, n_b);
                    double off = fabs(fisher_p(a, n_a, b, n_b) / want - 1.0);
                    worst = off > worst ? off : worst;
                }
    ok(worst < 1e-9, "all small tables are those of GSL (worst %.2g)", worst);
    ok(near(fisher_p(590, 598, 1560, 1568), fisher_by_enumeration(590, 598, 1560, 1568), 1e-8),
       "and so is a large one");
    ok(near(fisher_p(990000, 1000000, 989000, 1000000),
            fisher_by_enumeration(990000, 1000000, 989000, 1000000), 1e-6),
       "and one of two million");
    ok(near(fisher_p(1, 1000, 30, 1000), fisher_p(30, 1000, 1, 1000), 1e-9), "sides are alike");
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static struct ranks deal(const double *a, size_t n_a, const double *b, size_t n_b)
{
    double all[400];
    struct ranks r = {0};
    memcpy(all, a, n_a * sizeof *a);
    memcpy(all + n_a, b, n_b * sizeof *b);
    qsort(all, n_a + n_b, sizeof *all, by_value);
    for (size_t i = 0; i < n_a + n_b; i++) {
        uint64_t in_a = 0, in_b = 0;
        if (i > 0 && all[i] == all[i - 1])
            continue;
        for (size_t k = 0; k < n_a; k++)
            in_a += a[k] == all[i];
        for (size_t k = 0; k < n_b; k++)
            in_b += b[k] == all[i];
        ranks_add(&r, in_a, in_b);
    }
    return r;
}

/* U by counting pairs, and its distribution by all subsets. */
static double pairs(const double *all, size_t n, unsigned in_b)
{
    double u = 0.0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            if ((in_b >> i & 1) != 0 && (in_b >> k & 1) == 0)
                u += all[i] > all[k] ? 1.0 : all[i] == all[k] ? 0.5 : 0.0;
    return u;
}

static double ranks_by_enumeration(const double *all, size_t n, size_t n_b, unsigned in_b)
{
    double mean = (double)(n - n_b) * (double)n_b / 2.0;
    double mine = fabs(pairs(all, n, in_b) - mean);
    unsigned far = 0, count = 0;
    for (unsigned s = 0; s < 1u << n; s++) {
        if ((size_t)__builtin_popcount(s) != n_b)
            continue;
        count++;
        far += fabs(pairs(all, n, s) - mean) >= mine - 1e-9;
    }
    return (double)far / count;
}

static void mann_whitney(void)
{
    const double low[] = {1, 2, 3, 4, 7}, high[] = {5, 6, 8, 9, 10};
    struct ranks r = deal(low, 5, high, 5);
    double p;
    ok(ranks_p(&r, &p, NULL) == ERR_OK && near(p, 8.0 / 252.0, 1e-12),
       "five against five, U = 2: the tables' 0.0317");
    ok(near(ranks_above(&r), 23.0 / 25.0, 1e-12), "23 of 25 pairs are larger in b");
    struct ranks none = {0};
    ok(ranks_p(&none, &p, NULL) == ERR_OK && p == 1.0, "empty samples show nothing");

    const double values[11] = {1, 2, 2, 3, 3, 3, 4, 5, 6, 6, 9};
    double worst = 0.0;
    for (unsigned s = 1; s < (1u << 11) - 1; s += 7) {
        double a[11], b[11];
        size_t n_a = 0, n_b = 0;
        for (unsigned i = 0; i < 11; i++)
            if ((s >> i & 1) != 0)
                b[n_b++] = values[i];
            else
                a[n_a++] = values[i];
        struct ranks d = deal(a, n_a, b, n_b);
        (void)ranks_p(&d, &p, NULL);
        double off = fabs(p / ranks_by_enumeration(values, 11, n_b, s) - 1.0);
        worst = off > worst ? off : worst;
    }
    ok(worst < 1e-12, "with ties as by all subsets (worst %.2g)", worst);

    /* Where both can be had, 32 against 32, the normal tail is near the exact one. */
    double off = 0.0;
    for (unsigned shift = 0; shift <= 30; shift += 3) {
        struct ranks small = {0}, large = {0};
        for (unsigned i = 0; i < 100; i++) {
            ranks_add(&small, i < 64 && i % 2 == 0,
                      i >= 1 + shift && i - 1 - shift < 64 && (i - 1 - shift) % 2 == 0);
        }
        large = small;
        (void)ranks_p(&small, &p, NULL);
        double a = 32, variance = a * a / 12.0 * (65.0 - small.ties / (64.0 * 63.0));
        double z = (fabs(large.above - a * a / 2.0) - 0.5) / sqrt(variance);
        double tail = z <= 0.0 ? 1.0 : erfc(z / sqrt(2.0));
        off = fmax(off, fabs(p - tail));
    }
    ok(off < 0.01, "exact and normal tails meet (%.3g apart at most)", off);

    /* Three values: 40, 16, 8 of them against 16, 16, 32. U 3008 about 2048; variance 64 x 64 / 12
     * x (129 - 272256 / 16256); without the correction for ties p would be five times as large. */
    struct ranks tied = {0};
    ranks_add(&tied, 40, 16);
    ranks_add(&tied, 16, 16);
    ranks_add(&tied, 8, 32);
    double z = 959.5 / sqrt(4096.0 / 12.0 * (129.0 - 272256.0 / 16256.0));
    bool made = ranks_p(&tied, &p, NULL) == ERR_OK;
    ok(made && near(p, erfc(z / sqrt(2.0)), 1e-9) && p < 1e-6, "heavy ties narrow the tail: %.3g",
       p);

    struct ranks huge = {0};
    for (unsigned i = 0; i < 1000; i++)
        ranks_add(&huge, 2000, i < 500 ? 1980 : 2020);
    made = ranks_p(&huge, &p, NULL) == ERR_OK;
    ok(made && p > 0.0 && p < 1e-6, "four million values in a thousand groups: %.3g", p);
    struct ranks equal = {0};
    ranks_add(&equal, 1000, 1000);
    ok(ranks_p(&equal, &p, NULL) == ERR_OK && p == 1.0, "all equal shows nothing");
}

static void holm(void)
{
    struct holm_test t[] = {{0.01, 0, 0}, {0.04, 0, 1}, {0.03, 0, 2}, {0.005, 0, 3}};
    const double want[4] = {0.03, 0.06, 0.06, 0.02}; /* R: p.adjust(p, "holm") */
    holm_adjust(t, 4);
    bool all = true;
    for (size_t i = 0; i < 4; i++)
        all = all && near(t[i].adjusted, want[t[i].id], 1e-12);
    ok(all, "four tests are adjusted as published");
    struct holm_test one = {0.9, 0, 0};
    holm_adjust(&one, 1);
    ok(one.adjusted == 0.9, "one alone stays");
    holm_adjust(NULL, 0);
}

int main(void)
{
    fisher();
    mann_whitney();
    holm();
    return done_testing();
}
