#include <math.h>

#include "harness/base/stats.h"
#include "harness/plan/rule_parts.h"

double rule_p1(const struct rule_terms *t)
{
    return (double)(1000000000 - t->ratio_ppb) / 1e9;
}

double rule_p0(const struct rule_terms *t)
{
    return rule_p1(t) * 1000.0 / (double)t->discrimination_milli;
}

enum err_code rule_check_terms(const struct rule_terms *t, struct err *e)
{
    if (t->consumer_ppm <= 0 || t->consumer_ppm >= 500000 || t->producer_ppm <= 0 ||
        t->producer_ppm >= 500000)
        return err_set(e, ERR_USAGE,
                       "risks of %g %% and %g %%, expected both above 0 and below 50 %%",
                       (double)t->consumer_ppm / 1e4, (double)t->producer_ppm / 1e4);
    if (t->discrimination_milli <= 1000)
        return err_set(e, ERR_USAGE, "discrimination ratio %g, expected one above 1",
                       (double)t->discrimination_milli / 1e3);
    return ERR_OK;
}

enum err_code rule_too_long(const struct rule_terms *t, struct err *e)
{
    return err_set(e, ERR_LIMIT,
                   "a rule for > %.7g %% with a discrimination ratio of %g would take more trials "
                   "than can be planned, expected a lower ratio, larger risks or a larger "
                   "discrimination ratio",
                   (double)t->ratio_ppb / 1e7, (double)t->discrimination_milli / 1e3);
}

/* P(at most c of n fail), times the margin for clusters. */
static double consumer_risk(uint32_t n, uint32_t c, double p1, double margin)
{
    return margin * (1.0 - stats_binomial_tail(n, (uint64_t)c + 1, p1));
}

/* Least n above from with the consumer's risk kept; 0: none within the ceiling. */
static uint32_t least_n(uint32_t from, uint32_t c, double p1, double margin, double risk)
{
    uint32_t low = from, step = 1;
    while (low + step <= RULE_MOST_TRIALS && consumer_risk(low + step, c, p1, margin) > risk) {
        low += step;
        step *= 2;
    }
    uint32_t high = low + step;
    if (high > RULE_MOST_TRIALS)
        return 0;
    while (high - low > 1) { /* risk at low is too large, at high kept */
        uint32_t mid = low + (high - low) / 2;
        if (consumer_risk(mid, c, p1, margin) > risk)
            low = mid;
        else
            high = mid;
    }
    return high;
}

bool rule_shows(const struct rule_terms *t)
{
    return t->ratio_ppb > 0 && t->ratio_ppb < 1000000000;
}

enum err_code rule_fixed_numbers(const struct rule_terms *t, bool clusters, uint32_t *n,
                                 uint32_t *c, struct err *e)
{
    double p1 = rule_p1(t), p0 = rule_p0(t), margin = clusters ? exp(1.0) : 1.0;
    double consumer = (double)t->consumer_ppm / 1e6, producer = (double)t->producer_ppm / 1e6;
    *n = 0;
    for (*c = 0; *c < RULE_MOST_STEPS; ++*c) {
        *n = least_n(*n, *c, p1, margin, consumer);
        if (*n == 0)
            break;
        if (margin * stats_binomial_tail(*n, (uint64_t)*c + 1, p0) <= producer)
            return ERR_OK;
    }
    return rule_too_long(t, e);
}

enum err_code rule_tables(struct arena *a, uint32_t steps, uint32_t **accept, uint32_t **reject,
                          struct err *e)
{
    uint32_t *table =
        steps > RULE_MOST_STEPS ? NULL : arena_alloc(a, 2 * (size_t)steps * sizeof *table);
    if (table == NULL)
        return err_set(e, ERR_NOMEM, "no memory for a rule that bears %u failures", steps);
    *accept = table;
    *reject = table + steps;
    return ERR_OK;
}

enum err_code rule_fixed(struct arena *a, const struct rule_terms *t, bool clusters,
                         struct rule *out, struct err *e)
{
    uint32_t n, c, *accept = NULL, *reject = NULL;
    *out = (struct rule){.kind = RULE_FIXED};
    enum err_code rc = rule_check_terms(t, e);
    if (rc != ERR_OK || !rule_shows(t))
        return rc;
    rc = rule_fixed_numbers(t, clusters, &n, &c, e);
    if (rc == ERR_OK)
        rc = rule_tables(a, c + 1, &accept, &reject, e);
    if (rc != ERR_OK)
        return rc;
    for (uint32_t f = 0; f <= c; f++) {
        accept[f] = n;
        reject[f] = 0;
    }
    *out = (struct rule){RULE_FIXED, n, c + 1, accept, reject};
    return ERR_OK;
}
