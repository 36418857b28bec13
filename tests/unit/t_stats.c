/* The statistics against published values and against GSL. */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "harness/base/stats.h"
#include "tests/tap.h"

static bool near(double got, double want, double relative)
{
    return fabs(got - want) <= relative * fabs(want) + 1e-300;
}

static void published_plans(void)
{
    ok(stats_binomial_tail(598, 7, 0.005) <= 0.05 && stats_binomial_tail(598, 6, 0.005) > 0.05,
       "7 failures in 598 exclude 99.5 %%, 6 do not");
    /* 3GPP TS 36.521-1 G.4.4-1: n for 0 failures at 1.5 x 1 % with risk 0.0055. */
    ok(pow(1 - 0.015, 344) <= 0.0055 * 1.01 && pow(1 - 0.015, 343) > 0.0055,
       "3GPP's first early pass at 344 follows from the same sum");
    ok(near(1.0 - stats_binomial_tail(485, 2, 0.015), 0.0055, 0.01), "3GPP: one error, 485");
    ok(near(1.0 - stats_binomial_tail(607, 3, 0.015), 0.0055, 0.01), "3GPP: two errors, 607");
    /* Fixed plans (n, c) of IEC 61123 for D = 3, both risks 5 %. */
    ok(1.0 - stats_binomial_tail(3138, 10, 0.005) <= 0.05, "(3138, 9) keeps the consumer's risk");
    ok(stats_binomial_tail(3138, 10, 0.005 / 3) <= 0.05, "(3138, 9) keeps the producer's risk");
}

static void intervals(void)
{
    int64_t low, high;
    stats_interval(200, 200, 950000, &low, &high);
    ok(near((double)low, 1e9 * pow(0.025, 1.0 / 200), 2e-6) && high == 1000000000,
       "200 of 200: the closed form");
    stats_interval(10, 0, 950000, &low, &high);
    ok(low == 0 && near((double)high, 1e9 * (1 - pow(0.025, 0.1)), 5e-6),
       "0 of 10: the closed form");
    /* Clopper and Pearson, 8 of 10: 0.4439 to 0.9748. */
    stats_interval(10, 8, 950000, &low, &high);
    ok(near((double)low, 0.44390454e9, 5e-6) && near((double)high, 0.97478927e9, 5e-6),
       "8 of 10: the published interval (%lld, %lld)", (long long)low, (long long)high);
    stats_interval(0, 0, 950000, &low, &high);
    ok(low == -1 && high == -1, "no outcomes, no interval");
    stats_interval(598, 591, 950000, &low, &high);
    ok(low % 1000 == 0 && high % 1000 == 0, "bounds are whole parts per million");
}

static void against_gsl(void)
{
    double worst = 0, worst_inverse = 0, worst_tail = 0;
    const double shape[] = {0.5, 1, 2, 7, 33.5, 149, 598, 3138, 20000};
    for (size_t i = 0; i < sizeof shape / sizeof *shape; i++) {
        for (size_t j = 0; j < sizeof shape / sizeof *shape; j++) {
            for (double x = 0.001; x < 1.0; x += 0.0173) {
                double want = gsl_cdf_beta_P(x, shape[i], shape[j]);
                if (want < 1e-280)
                    continue;
                double off = fabs(stats_beta(shape[i], shape[j], x) - want) / want;
                worst = off > worst ? off : worst;
            }
            for (double p = 0.005; p < 1.0; p += 0.0497) {
                /* GSL's own inverse fails to converge on some of these: put ours through its P. */
                double x = stats_beta_inverse(shape[i], shape[j], p);
                double off = fabs(gsl_cdf_beta_P(x, shape[i], shape[j]) - p) / p;
                worst_inverse = off > worst_inverse ? off : worst_inverse;
            }
        }
    }
    for (uint64_t n = 1; n <= 3200; n += 61)
        for (uint64_t k = 1; k <= n && k < 60; k++) {
            double want = gsl_cdf_binomial_Q((unsigned)k - 1, 0.005, (unsigned)n);
            if (want < 1e-250)
                continue;
            double off = fabs(stats_binomial_tail(n, k, 0.005) - want) / want;
            worst_tail = off > worst_tail ? off : worst_tail;
        }
    ok(worst < 1e-8, "incomplete beta agrees with GSL (worst %.1e)", worst);
    ok(worst_inverse < 1e-8, "its inverse agrees with GSL (worst %.1e)", worst_inverse);
    ok(worst_tail < 1e-8, "binomial tail agrees with GSL (worst %.1e)", worst_tail);
}

int main(void)
{
    published_plans();
    intervals();
    against_gsl();
    return done_testing();
}
