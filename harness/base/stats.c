#include "harness/base/stats.h"

#include <math.h>

#define PPB 1e9
#define PPM 1e6
#define ROUND_PPB 1000 /* intervals are told in whole parts per million */

/* lgamma writes the sign into a global; lgamma_r is the form that touches nothing. */
static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

/* Continued fraction of the incomplete beta function by Lentz's method (DLMF 8.17.22). It converges
 * quickly for x < (a + 1) / (a + b + 2), which the caller sees to. */
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300, epsilon = 1e-16;
    double c = 1.0, d = 1.0 - (a + b) * x / (a + 1.0);
    if (fabs(d) < tiny)
        d = tiny;
    d = 1.0 / d;
    double f = d;
    for (int m = 1; m <= 10000; m++) {
        double even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 + even * d;
        c = 1.0 + even / c;
        d = 1.0 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        f *= d * c;
        double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 + odd * d;
        c = 1.0 + odd / c;
        d = 1.0 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        double step = d * c;
        f *= step;
        if (fabs(step - 1.0) < epsilon)
            break;
    }
    return f;
}

double stats_beta(double a, double b, double x)
{
    if (x <= 0.0)
        return 0.0;
    if (x >= 1.0)
        return 1.0;
    double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1.0) / (a + b + 2.0))
        return front * beta_fraction(a, b, x) / a;
    return 1.0 - front * beta_fraction(b, a, 1.0 - x) / b;
}

double stats_beta_inverse(double a, double b, double p)
{
    if (p <= 0.0)
        return 0.0;
    if (p >= 1.0)
        return 1.0;
    double low = 0.0, high = 1.0;
    /* Bisection until neighbouring doubles: slower than Newton, and never astray. */
    for (int i = 0; i < 2000; i++) {
        double mid = low + (high - low) / 2.0;
        if (mid <= low || mid >= high)
            break;
        if (stats_beta(a, b, mid) < p)
            low = mid;
        else
            high = mid;
    }
    return low + (high - low) / 2.0;
}

double stats_binomial_tail(uint64_t n, uint64_t k, double p)
{
    if (k == 0)
        return 1.0;
    if (k > n)
        return 0.0;
    return stats_beta((double)k, (double)(n - k) + 1.0, p);
}

void stats_interval(uint64_t n, uint64_t good, int64_t confidence_ppm, int64_t *low_ppb,
                    int64_t *high_ppb)
{
    *low_ppb = -1;
    *high_ppb = -1;
    if (n == 0 || good > n)
        return;
    double half = (1.0 - (double)confidence_ppm / PPM) / 2.0;
    double low = good == 0 ? 0.0 : stats_beta_inverse((double)good, (double)(n - good) + 1.0, half);
    double high =
        good == n ? 1.0 : stats_beta_inverse((double)good + 1.0, (double)(n - good), 1.0 - half);
    *low_ppb = (int64_t)floor(low * PPB / ROUND_PPB) * ROUND_PPB;
    *high_ppb = (int64_t)ceil(high * PPB / ROUND_PPB) * ROUND_PPB;
}
