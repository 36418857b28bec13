#include "harness/base/ranks.h"

#include <math.h>
#include <stdlib.h>

void ranks_add(struct ranks *r, uint64_t a, uint64_t b)
{
    if (a + b == 0)
        return;
    double t = (double)a + (double)b;
    r->above += (double)b * ((double)r->n_a + (double)a / 2.0);
    r->ties += t * t * t - t;
    r->n_a += a;
    r->n_b += b;
    if (r->n_a + r->n_b <= RANKS_EXACT_MOST) {
        r->group[r->n_group].a = (uint32_t)a;
        r->group[r->n_group++].b = (uint32_t)b;
    }
}

double ranks_above(const struct ranks *r)
{
    return r->n_a == 0 || r->n_b == 0 ? 0.5 : r->above / ((double)r->n_a * (double)r->n_b);
}

static double normal(const struct ranks *r)
{
    double a = (double)r->n_a, b = (double)r->n_b, n = a + b;
    double variance = a * b / 12.0 * (n + 1.0 - r->ties / (n * (n - 1.0)));
    double distance = fabs(r->above - a * b / 2.0) - 0.5;
    if (variance <= 0.0 || distance <= 0.0)
        return 1.0;
    return erfc(distance / sqrt(2.0 * variance));
}

/* Ways of dealing n values out so that b gets n_b of them with a sum of ranks. Ranks are doubled,
 * so that those of ties are whole numbers. */
static enum err_code exact(const struct ranks *r, double *p, struct err *e)
{
    size_t n_b = (size_t)r->n_b, n = (size_t)(r->n_a + r->n_b);
    size_t sums = n * (n + 1) + 1; /* of all doubled ranks */
    double *ways = calloc((n_b + 1) * sums, sizeof *ways);
    if (ways == NULL)
        return err_set(e, ERR_NOMEM, "no memory to test %zu values", n);
    ways[0] = 1.0;
    size_t before = 0, observed = 0;
    for (size_t g = 0; g < r->n_group; g++) {
        size_t t = r->group[g].a + r->group[g].b, rank = 2 * before + t + 1;
        observed += rank * r->group[g].b;
        before += t;
        for (size_t i = 0; i < t; i++)
            for (size_t k = n_b; k > 0; k--)
                for (size_t s = sums - 1; s >= rank; s--)
                    ways[k * sums + s] += ways[(k - 1) * sums + s - rank];
    }
    double mean = (double)n_b * (double)(n + 1), all = 0.0, far = 0.0;
    for (size_t s = 0; s < sums; s++) {
        all += ways[n_b * sums + s];
        if (fabs((double)s - mean) >= fabs((double)observed - mean))
            far += ways[n_b * sums + s];
    }
    *p = far / all;
    free(ways);
    return ERR_OK;
}

enum err_code ranks_p(const struct ranks *r, double *p, struct err *e)
{
    *p = 1.0;
    if (r->n_a == 0 || r->n_b == 0)
        return ERR_OK;
    if (r->n_a + r->n_b <= RANKS_EXACT_MOST)
        return exact(r, p, e);
    *p = normal(r);
    return ERR_OK;
}
