/* The short fixed plan against published values and against its own definition. */
#include <math.h>

#include "harness/plan/rule.h"
#include "tests/tap.h"

/* P(X >= k), summed the other way round, from the far tail, in long doubles. */
static long double tail(uint32_t n, uint32_t k, long double p)
{
    long double sum = 0;
    for (uint32_t i = n; i >= k && i > 0; i--)
        sum += expl(lgammal(n + 1.0L) - lgammal(i + 1.0L) - lgammal(n - i + 1.0L) + i * logl(p) +
                    (n - i) * log1pl(-p));
    return k == 0 ? 1 : sum;
}

int main(void)
{
    static const struct {
        int64_t ratio_ppb, confidence_ppm;
        uint32_t n;
    } published[] = {
        /* success runs of reliability demonstration: 59 for 95/95, 22 for 90/90, 299 for 99/95 */
        {950000000, 950000, 59},  {900000000, 900000, 22},   {900000000, 950000, 29},
        {980000000, 950000, 149}, {990000000, 950000, 299},  {995000000, 950000, 598},
        {990000000, 990000, 459}, {999000000, 950000, 2995}, {500000000, 950000, 5},
        {980000000, 990000, 228}, {995000000, 990000, 919},
    };
    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++)
        is_int(rule_zero_failure_n(published[i].ratio_ppb, published[i].confidence_ppm),
               published[i].n, "%.1f %% at %.0f %% takes %u successes in a row",
               (double)published[i].ratio_ppb / 1e7, (double)published[i].confidence_ppm / 1e4,
               published[i].n);
    is_int(rule_fail_at(598, 995000000, 950000), 7, "7 failures in 598 exclude 99.5 %%");
    is_int(rule_zero_failure_n(1000000000, 950000), 0, "100 %% cannot be shown");
    is_int(rule_zero_failure_n(0, 950000), 0, "0 %% needs no showing");
    is_int(rule_zero_failure_n(999999999, 950000), 0, "a plan beyond the ceiling is none");
    is_int(rule_fail_at(1, 500000000, 950000), 2, "one trial of a coin excludes nothing");
    is_int(rule_fail_at(5, 1000, 950000), 6, "where no number of failures suffices, n + 1");

    static const int64_t ratios[] = {900000000, 951000000, 980000000, 990000000, 995000000};
    for (size_t i = 0; i < sizeof ratios / sizeof ratios[0]; i++) {
        long double p = 1 - (long double)ratios[i] / 1e9L;
        for (uint32_t n = 29; n <= 1200; n += 381) {
            uint32_t f = rule_fail_at(n, ratios[i], 950000);
            ok(tail(n, f, p) <= 0.05L && tail(n, f - 1, p) > 0.05L,
               "%u of %u is the least that excludes %.1f %%", f, n, (double)ratios[i] / 1e7);
        }
        uint32_t n = rule_zero_failure_n(ratios[i], 950000);
        ok(powl(1 - p, n) <= 0.05L && powl(1 - p, n - 1) > 0.05L,
           "%u is the least run that shows %.1f %%", n, (double)ratios[i] / 1e7);
    }

    /* Clusters: e times the binomial tail (Bentkus). By hand: e * 0.5^5 = 0.0849 > 0.05 while all
     * five lost need no margin, and for 20 trials at 50 % e * P(15 or more) = 0.0563 > 0.05 >=
     * e * P(16 or more) = 0.0161. */
    is_int(rule_fail_at_clusters(5, 500000000, 950000), 5, "all of five lost refute a half");
    is_int(rule_fail_at_clusters(4, 500000000, 950000), 5, "all of four do not");
    is_int(rule_fail_at_clusters(20, 500000000, 950000), 16, "16 of 20 lost clusters do");
    is_int(rule_accept_clusters(20, 500000000, 950000), 4, "with 4 of 20 lost a half is shown");
    is_int(rule_accept_clusters(149, 980000000, 950000), 0, "the short plan takes no loss");
    is_int(rule_accept_clusters(20, 0, 950000), 0, "nothing is accepted for no claim");
    for (size_t i = 0; i < sizeof ratios / sizeof ratios[0]; i++) {
        long double p = 1 - (long double)ratios[i] / 1e9L, e = expl(1);
        for (uint32_t n = 149; n <= 1200; n += 351) {
            uint32_t f = rule_fail_at_clusters(n, ratios[i], 950000),
                     a = rule_accept_clusters(n, ratios[i], 950000);
            ok(e * tail(n, f, p) <= 0.05L && e * tail(n, f - 1, p) > 0.05L,
               "%u of %u clusters is the least that excludes %.1f %%", f, n,
               (double)ratios[i] / 1e7);
            ok((a == 0 || e * (1 - tail(n, a + 1, p)) <= 0.05L) &&
                   e * (1 - tail(n, a + 2, p)) > 0.05L,
               "%u of %u is the most that shows it", a, n);
        }
    }
    return done_testing();
}
