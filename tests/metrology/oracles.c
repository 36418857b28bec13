/* Published numbers, out of the functions that decide: nothing is worked out here but which number
 * is the least or the greatest. */
#include <string.h>

#include "harness/base/stats.h"
#include "tests/metrology/bench.h"

#define NUMBERS 6

struct oracle {
    const char *source;
    uint32_t published[NUMBERS];
    size_t n;
};

/* Least n with P(X <= e | n, p) <= alpha. */
static uint32_t least(uint32_t e, double p, double alpha)
{
    uint32_t n = e + 1;
    while (1.0 - stats_binomial_tail(n, e + 1, p) > alpha)
        n++;
    return n;
}

/* Greatest n with P(X >= e | n, p) <= alpha. */
static uint32_t greatest(uint32_t e, double p, double alpha)
{
    uint32_t n = e;
    while (stats_binomial_tail(n + 1, e, p) <= alpha)
        n++;
    return n;
}

static unsigned line(FILE *out, const struct oracle *o, const uint32_t *ours)
{
    unsigned wrong = memcmp(o->published, ours, o->n * sizeof *ours) != 0;
    (void)fprintf(out, "| %s |", o->source);
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; i < o->n; i++)
            (void)fprintf(out, "%s %u", i == 0 ? "" : ",", k == 0 ? o->published[i] : ours[i]);
        (void)fprintf(out, k == 0 ? " |" : " | %s |\n", wrong ? "**no**" : "yes");
    }
    return wrong;
}

unsigned oracles(FILE *out)
{
    static const struct oracle pass = {
        "3GPP TS 36.521-1, G.4.4-1: pass with 0 to 5 errors", {344, 485, 607, 719, 826, 929}, 6};
    static const struct oracle fail = {
        "the same: fail with 2 to 6 errors", {10, 33, 66, 107, 152}, 5};
    static const struct oracle early = {
        "early stop at 99 %: p90 and p99, none and one failure", {44, 64, 459, 662}, 4};
    static const struct oracle zero = {"no failure at 95 %: 99.5, 99 and 98 %", {598, 299, 149}, 3};
    static const struct oracle fixed = {
        "fixed plans (n, c): 99.5, 99 and 98 %", {3138, 9, 1568, 9, 782, 9}, 6};
    static const int64_t ratio[3] = {995000000, 990000000, 980000000};
    uint32_t ours[NUMBERS];
    unsigned wrong = 0;
    (void)fprintf(out, "Published numbers, out of our functions:\n\n"
                       "| published | figures | ours | agree |\n|---|---|---|---|\n");
    for (uint32_t e = 0; e < 6; e++)
        ours[e] = least(e, 0.015, 0.00554);
    wrong += line(out, &pass, ours);
    for (uint32_t e = 2; e < 7; e++)
        ours[e - 2] = greatest(e, 0.01, 0.0046);
    wrong += line(out, &fail, ours);
    ours[0] = rule_zero_failure_n(900000000, 990000);
    ours[1] = least(1, 0.1, 0.01);
    ours[2] = rule_zero_failure_n(990000000, 990000);
    ours[3] = least(1, 0.01, 0.01);
    wrong += line(out, &early, ours);
    for (int i = 0; i < 3; i++)
        ours[i] = rule_zero_failure_n(ratio[i], 950000);
    wrong += line(out, &zero, ours);
    struct arena a = ARENA_INIT;
    for (int i = 0; i < 3; i++) {
        const struct rule_terms t = {ratio[i], 50000, 50000, 3000};
        struct rule r;
        ours[2 * i] = ours[2 * i + 1] = 0;
        if (rule_fixed(&a, &t, false, &r, NULL) == ERR_OK && r.n > 0) {
            ours[2 * i] = r.n;
            ours[2 * i + 1] = rule_accepts_up_to(&r);
        }
    }
    wrong += line(out, &fixed, ours);
    arena_release(&a);
    return wrong;
}
