#include "harness/base/fisher.h"

#include <math.h>
#include <stdbool.h>

#define NEGLIGIBLE 1e-18 /* of the sum so far */
#define TIE 1e-7         /* tables whose probabilities differ by less are equally unlikely */

/* Of total, marked ones are marked; drawn are drawn: x of them marked. */
struct hypergeometric {
    double total, marked, drawn;
    double low, high; /* of x */
};

static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

static double log_choose(double n, double k)
{
    return log_gamma(n + 1.0) - log_gamma(k + 1.0) - log_gamma(n - k + 1.0);
}

static double log_probability(const struct hypergeometric *h, double x)
{
    return log_choose(h->marked, x) + log_choose(h->total - h->marked, h->drawn - x) -
           log_choose(h->total, h->drawn);
}

/* P(X >= x), or P(X <= x) downward, by the ratio of neighbours; x lies on that side of the mode. */
static double tail(const struct hypergeometric *h, double x, bool up)
{
    double term = exp(log_probability(h, x)), sum = 0.0;
    while (x >= h->low && x <= h->high && term > sum * NEGLIGIBLE) {
        sum += term;
        if (up)
            term *= (h->marked - x) * (h->drawn - x) /
                    ((x + 1.0) * (h->total - h->marked - h->drawn + x + 1.0));
        else
            term *= x * (h->total - h->marked - h->drawn + x) /
                    ((h->marked - x + 1.0) * (h->drawn - x + 1.0));
        x += up ? 1.0 : -1.0;
    }
    return sum;
}

/* On the other side of the mode: the x nearest to it whose probability is no more than that of the
 * observed one. Beyond the range: there is none. */
static double mirrored(const struct hypergeometric *h, double mode, double limit, bool up)
{
    double near = mode, far = up ? h->high : h->low;
    if (log_probability(h, far) > limit)
        return up ? h->high + 1.0 : h->low - 1.0;
    if (log_probability(h, near) <= limit)
        return near;
    while (fabs(far - near) > 1.0) {
        double middle = floor((near + far) / 2.0);
        if (log_probability(h, middle) > limit)
            near = middle;
        else
            far = middle;
    }
    return far;
}

double fisher_p(uint64_t good_a, uint64_t n_a, uint64_t good_b, uint64_t n_b)
{
    if (n_a == 0 || n_b == 0)
        return 1.0;
    struct hypergeometric h = {.total = (double)n_a + (double)n_b,
                               .marked = (double)good_a + (double)good_b,
                               .drawn = (double)n_a};
    h.low = fmax(0.0, h.drawn - (h.total - h.marked));
    h.high = fmin(h.marked, h.drawn);
    if (h.low == h.high)
        return 1.0;
    double x = (double)good_a;
    double mode = floor((h.marked + 1.0) * (h.drawn + 1.0) / (h.total + 2.0));
    double limit = log_probability(&h, x) + TIE;
    if (limit >= log_probability(&h, mode))
        return 1.0;
    bool up = x > mode;
    double p = tail(&h, x, up) + tail(&h, mirrored(&h, mode, limit, !up), !up);
    return fmin(p, 1.0);
}
