/* Fixed and sequential rules against published figures, against GSL, and against two computations
 * of their risks that share nothing with the harness's own: a recursion from the end back, and
 * simulated devices. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "harness/plan/rule.h"
#include "tests/tap.h"

static struct arena arena;

static struct rule_terms terms(int64_t ratio_ppb)
{
    return (struct rule_terms){ratio_ppb, 50000, 50000, 3000};
}

static void fixed(void)
{
    static const struct {
        int64_t ratio_ppb;
        uint32_t n, c;
    } published[] = {{995000000, 3138, 9}, {990000000, 1568, 9}, {980000000, 782, 9}};
    struct err e = ERR_INIT;
    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
        struct rule_terms t = terms(published[i].ratio_ppb);
        struct rule r;
        double percent = (double)t.ratio_ppb / 1e7;
        ok(rule_fixed(&arena, &t, false, &r, &e) == ERR_OK && r.n == published[i].n &&
               rule_accepts_up_to(&r) == published[i].c &&
               rule_rejects_from(&r) == published[i].c + 1,
           "%.1f %% takes %u trials with %u failures", percent, published[i].n, published[i].c);
        struct rule_characteristic bad, good;
        (void)rule_characteristic_at(&r, rule_p1(&t), &bad, &e);
        (void)rule_characteristic_at(&r, rule_p0(&t), &good, &e);
        ok(fabs(bad.accepts - gsl_cdf_binomial_P(r.steps - 1, rule_p1(&t), r.n)) < 1e-9 &&
               fabs(good.rejects - gsl_cdf_binomial_Q(r.steps - 1, rule_p0(&t), r.n)) < 1e-9,
           "%.1f %%: its true risks are the binomial's", percent);
        ok(bad.accepts <= 0.05 && good.rejects <= 0.05, "%.1f %%: and within those stated",
           percent);
        ok(gsl_cdf_binomial_P(r.steps - 1, rule_p1(&t), r.n - 1) > 0.05,
           "%.1f %%: one trial less would not do", percent);
    }
}

/* P(accepted) from each state back to the start. */
static long double accepted_backward(const struct rule *r, long double p)
{
    long double *next = calloc(r->steps + 1, sizeof *next);
    if (next == NULL)
        return -1;
    for (uint32_t used = r->n; used-- > 0;)
        for (uint32_t f = 0; f < r->steps; f++) {
            long double value[2];
            for (uint32_t failed = 0; failed < 2; failed++) {
                enum rule_word word = rule_judge(r, used + 1, f + failed);
                value[failed] = word == RULE_ACCEPTS   ? 1
                                : word == RULE_REJECTS ? 0
                                : word == RULE_ENDS    ? 0
                                                       : next[f + failed];
            }
            next[f] = (1 - p) * value[0] + p * value[1]; /* f + 1 is still that of used + 1 */
        }
    long double all = next[0];
    free(next);
    return all;
}

static uint64_t random_state = 0x9E3779B97F4A7C15u;

static double uniform(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (double)(random_state >> 11) / 9007199254740992.0;
}

static enum rule_word one_campaign(const struct rule *r, double p, uint32_t *used)
{
    uint32_t f = 0;
    for (*used = 1;; ++*used) {
        f += uniform() < p;
        enum rule_word word = rule_judge(r, *used, f);
        if (word != RULE_GOES_ON)
            return word;
    }
}

static void simulated(const struct rule *r, double p, const char *what)
{
    enum { CAMPAIGNS = 10000 };
    struct err e = ERR_INIT;
    struct rule_characteristic exact;
    uint32_t accepts = 0, rejects = 0, used;
    double units = 0, squares = 0;
    (void)rule_characteristic_at(r, p, &exact, &e);
    for (int i = 0; i < CAMPAIGNS; i++) {
        enum rule_word word = one_campaign(r, p, &used);
        accepts += word == RULE_ACCEPTS;
        rejects += word == RULE_REJECTS;
        units += used;
        squares += (double)used * used;
    }
    double mean = units / CAMPAIGNS, sigma = sqrt(squares / CAMPAIGNS - mean * mean);
    double spread = 4.5 * sqrt(0.25 / CAMPAIGNS);
    ok(fabs((double)accepts / CAMPAIGNS - exact.accepts) < spread &&
           fabs((double)rejects / CAMPAIGNS - exact.rejects) < spread &&
           fabs(mean - exact.expected) < 4.5 * sigma / sqrt(CAMPAIGNS) &&
           fabs(exact.accepts + exact.rejects + exact.ends - 1.0) < 1e-9,
       "%s: 10,000 simulated devices of failure rate %.4f meet what was computed", what, p);
}

static void monotone(const struct rule *r, const char *what)
{
    bool rises = true, apart = true;
    for (uint32_t f = 0; f < r->steps; f++) {
        rises = rises && (f == 0 || (r->reject[f] >= r->reject[f - 1] &&
                                     (r->accept[f] == 0 || r->accept[f] >= r->accept[f - 1])));
        apart = apart && (r->accept[f] == 0 || (r->reject[f] < r->accept[f] && r->accept[f] > f));
    }
    ok(rises && apart && r->reject[0] == 0,
       "%s: both tables rise, no count is in both, no failure is no reason to reject", what);
}

static void sequential(int64_t ratio_ppb, uint32_t least, double at_p0, double at_p1)
{
    struct err e = ERR_INIT;
    struct rule_terms t = terms(ratio_ppb);
    struct rule r;
    struct rule_characteristic bad, good, perfect;
    char what[40];
    (void)snprintf(what, sizeof what, "%.1f %%", (double)ratio_ppb / 1e7);
    if (!ok(rule_sequential(&arena, &t, false, &r, &e) == ERR_OK && r.n > 0, "%s has a test", what))
        return;
    (void)rule_characteristic_at(&r, rule_p1(&t), &bad, &e);
    (void)rule_characteristic_at(&r, rule_p0(&t), &good, &e);
    (void)rule_characteristic_at(&r, 0, &perfect, &e);
    ok(bad.accepts <= 0.05 && good.rejects <= 0.05 && bad.accepts > 0.045 && good.rejects > 0.045,
       "%s: true risks %.4f and %.4f are within 5 %%, and use them", what, bad.accepts,
       good.rejects);
    ok(fabsl(accepted_backward(&r, (long double)rule_p1(&t)) - (long double)bad.accepts) < 1e-9L &&
           fabsl(accepted_backward(&r, (long double)rule_p0(&t)) - (long double)good.accepts) <
               1e-9L,
       "%s: a recursion from the end back finds the same", what);
    ok(bad.ends < 1e-12 && good.ends < 1e-12, "%s: its truncation decides", what);
    ok(abs((int)rule_least_accept(&r) - (int)least) <= (int)(least / 40 + 1),
       "%s: a device without failures takes %u, Wald's line %u", what, rule_least_accept(&r),
       least);
    ok(perfect.accepts == 1.0 && perfect.expected == (double)rule_least_accept(&r),
       "%s: which is what is expected of it", what);
    is_int(rule_least_reject(&r), 3, "%s: one that fails always is out at the third trial", what);
    if (at_p0 > 0)
        ok(fabs(good.expected / at_p0 - 1) < 0.08 && fabs(bad.expected / at_p1 - 1) < 0.08,
           "%s: expected numbers %.0f and %.0f are near Wald's %.0f and %.0f", what, good.expected,
           bad.expected, at_p0, at_p1);
    monotone(&r, what);
    simulated(&r, rule_p1(&t), what);
    simulated(&r, rule_p0(&t), what);
}

/* Shares in all or nothing are the worst that the margin has to bear. */
static void clusters(void)
{
    static const int64_t ratios[] = {900000000, 980000000, 995000000};
    struct err e = ERR_INIT;
    for (size_t i = 0; i < sizeof ratios / sizeof ratios[0]; i++) {
        struct rule_terms t = terms(ratios[i]);
        struct rule r, exchanges, f;
        struct rule_characteristic bad, good;
        double percent = (double)ratios[i] / 1e7;
        (void)rule_sequential(&arena, &t, false, &exchanges, &e);
        ok(rule_sequential(&arena, &t, true, &r, &e) == ERR_OK && r.n == exchanges.n,
           "%.1f %%: clusters have a test as long", percent);
        (void)rule_characteristic_at(&r, rule_p1(&t), &bad, &e);
        (void)rule_characteristic_at(&r, rule_p0(&t), &good, &e);
        ok(bad.accepts <= 0.05 && good.rejects <= 0.05, "%.1f %%: its risks are kept", percent);
        ok(bad.ends > 0 && bad.ends < 0.05 && good.ends < 0.05,
           "%.1f %%: at its end few are left, undecided", percent);
        double p1 = rule_p1(&t), p0 = rule_p0(&t), step = log((1 - p0) / (1 - p1));
        is_int(rule_least_accept(&r), (int)ceil(log(20) / step),
               "%.1f %%: it accepts once the likelihood ratio is 20", percent);
        monotone(&r, "clusters");
        ok(rule_fixed(&arena, &t, true, &f, &e) == ERR_OK &&
               exp(1.0) * gsl_cdf_binomial_P(f.steps - 1, p1, f.n) <= 0.05 &&
               exp(1.0) * gsl_cdf_binomial_Q(f.steps - 1, p0, f.n) <= 0.05,
           "%.1f %%: the fixed plan bears e times the binomial tails", percent);
    }
}

static void any_terms(void)
{
    static const int64_t ratios[] = {10000000, 500000000, 900000000, 995000000};
    static const int64_t risks[] = {10, 1000, 50000, 499999};
    static const int64_t ratios_d[] = {1800, 3000, 10000, 1000000};
    struct err e = ERR_INIT;
    int bad = 0, n = 0;
    for (int i = 0; i < 4 * 4 * 4 * 4 * 2; i++) {
        struct rule_terms t = {ratios[i % 4], risks[i / 4 % 4], risks[i / 16 % 4],
                               ratios_d[i / 64 % 4]};
        struct rule r;
        struct rule_characteristic at_p1, at_p0;
        if (rule_sequential(&arena, &t, i / 256 == 1, &r, &e) != ERR_OK) {
            bad += e.code != ERR_LIMIT;
            continue;
        }
        n++;
        if (rule_characteristic_at(&r, rule_p1(&t), &at_p1, &e) != ERR_OK ||
            rule_characteristic_at(&r, rule_p0(&t), &at_p0, &e) != ERR_OK ||
            at_p1.accepts > (double)t.consumer_ppm / 1e6 ||
            at_p0.rejects > (double)t.producer_ppm / 1e6) {
            bad++;
            printf("# ratio %lld risks %lld %lld D %lld\n", (long long)t.ratio_ppb,
                   (long long)t.consumer_ppm, (long long)t.producer_ppm,
                   (long long)t.discrimination_milli);
        }
    }
    ok(bad == 0 && n > 400, "%d sets of terms, strange ones among them, keep their risks", n);
}

static void hostile(void)
{
    static const struct {
        struct rule_terms t;
        enum err_code code;
        const char *says;
    } bad[] = {
        {{995000000, 0, 50000, 3000}, ERR_USAGE, "above 0 and below 50 %"},
        {{995000000, 500000, 50000, 3000}, ERR_USAGE, "above 0 and below 50 %"},
        {{995000000, 50000, -1, 3000}, ERR_USAGE, "above 0 and below 50 %"},
        {{995000000, 50000, 50000, 1000}, ERR_USAGE, "above 1"},
        {{995000000, 50000, 50000, 0}, ERR_USAGE, "above 1"},
        {{995000000, 50000, 50000, 1001}, ERR_LIMIT, "more trials than can be planned"},
        {{999999999, 50000, 50000, 3000}, ERR_LIMIT, "more trials than can be planned"},

    };
    struct rule r;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        for (int k = 0; k < 2; k++) {
            struct err e = ERR_INIT;
            enum err_code rc =
                (k == 0 ? rule_fixed : rule_sequential)(&arena, &bad[i].t, false, &r, &e);
            if (!ok(rc == bad[i].code && strstr(e.text, bad[i].says) != NULL,
                    "%s terms %zu are refused with what is expected",
                    k == 0 ? "fixed" : "sequential", i))
                printf("# %d %s\n", rc, e.text);
        }
    struct err e = ERR_INIT;
    struct rule_terms whole = terms(1000000000), none = terms(0);
    ok(rule_sequential(&arena, &whole, false, &r, &e) == ERR_OK && r.n == 0 &&
           rule_fixed(&arena, &none, true, &r, &e) == ERR_OK && r.n == 0,
       "100 %% and 0 %% have no rule");

    /* A table as a file may hold it: no order in it. */
    static const uint32_t accept[4] = {9, 0, 2, 9}, reject[4] = {3, 9, 0, 1};
    struct rule odd = {RULE_SEQUENTIAL, 9, 4, accept, reject};
    struct rule_characteristic c;
    ok(rule_characteristic_at(&odd, 0.3, &c, &e) == ERR_OK &&
           fabs(c.accepts + c.rejects + c.ends - 1) < 1e-12 && c.expected == 1,
       "tables without order are computed, too");
    struct rule vast = {RULE_SEQUENTIAL, RULE_MOST_TRIALS, RULE_MOST_STEPS, accept, reject};
    ok(rule_characteristic_at(&vast, 0.3, &c, &e) == ERR_LIMIT, "one that would take hours is not");
    ok(rule_characteristic_at(&odd, 1.5, &c, &e) == ERR_USAGE &&
           rule_characteristic_at(&odd, NAN, &c, &e) == ERR_USAGE,
       "nor is a rate that is none");
}

int main(void)
{
    fixed();
    sequential(995000000, 881, 1757, 1224);
    sequential(980000000, 218, 434, 304);
    sequential(900000000, 41, 0, 0);
    clusters();
    any_terms();
    hostile();
    arena_release(&arena);
    return done_testing();
}
