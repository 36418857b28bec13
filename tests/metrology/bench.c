#include "tests/metrology/bench.h"

#include <math.h>
#include <string.h>

#include "harness/base/stats.h"

#define CONSUMER_PPM 50000
#define PRODUCER_PPM 50000
#define DISCRIMINATION_MILLI 3000
#define CLUSTERING_PPM 10000
#define RISK 0.05
#define COURSES_OF 1      /* the claim of the other courses: > 99 % */
#define CONTROLS_FEWER 10 /* what they show is coarse */
#define SIGMAS 5.5        /* of a mean number of units */
/* Of those with failures that end in a verdict all the same: the first connection was bad, say, and
 * there is nothing before it to tell that its failures stand together. */
#define DOUBT_MOST 0.1

const double bench_rates[RATES] = {1 / 6.0, 1 / 3.0, 0.45, 0.6, 0.8, 1.0, 1.5};

static struct point *add(struct bench *b, const char *what, size_t claim, const struct rule *rule,
                         double times, enum course course, unsigned must)
{
    struct point *p = &b->point[b->n_point++];
    *p = (struct point){.what = what,
                        .claim = claim,
                        .rule = rule,
                        .times = times,
                        .device = {.rate = times * b->claim[claim].p1, .length = 1},
                        .course = course,
                        .cluster = 1,
                        .must = must,
                        .fewer = (must & MUST_BREAK) != 0 ? CONTROLS_FEWER : 1,
                        .pass_most = RISK,
                        .fail_most = RISK};
    return p;
}

/* The characteristic of every rule, from better than p0 to worse than p1. */
static void add_characteristics(struct bench *b)
{
    for (size_t i = 0; i < CLAIMS; i++)
        for (int kind = RULE_KIND_COUNT - 1; kind >= 0; kind--)
            for (size_t k = 0; k < RATES; k++) {
                double times = bench_rates[k];
                (void)add(b, NULL, i, &b->claim[i].rule[kind], times, COURSE_IN_ORDER,
                          MUST_BE_EXACT | (times >= 1.0 ? MUST_NOT_PASS : 0) |
                              (times <= 1 / 3.0 ? MUST_NOT_FAIL : 0));
            }
}

/* What happens on the way, and what people try, under every rule; the first for all claims. */
static void add_courses(struct bench *b)
{
    static const struct {
        const char *what;
        double times;
        enum course course;
        unsigned must;
    } list[] = {
        {"1,000 open at a time, losses told 15 s late", 1.0, COURSE_OVERLAPPING,
         MUST_NOT_PASS | MUST_BE_EXACT | MUST_BE_SAME},
        {"the same, a good device", 1 / 3.0, COURSE_OVERLAPPING,
         MUST_NOT_FAIL | MUST_BE_EXACT | MUST_BE_SAME},
        {"the same, a device that loses 30 %", 0.0, COURSE_OVERLAPPING,
         MUST_NOT_PASS | MUST_BE_SAME},
        {"somebody reads the verdict on the way and stops at a pass", 1.0, COURSE_PEEKING,
         MUST_NOT_PASS | MUST_BE_EXACT},
        {"failures hidden among disturbed exchanges", 1.0, COURSE_UNSURE,
         MUST_NOT_PASS | MUST_NOT_FAIL},
        {"as many good exchanges in doubt as fail, a good device", 1 / 3.0, COURSE_DOUBTED,
         MUST_NOT_FAIL},
        {"run again until green, up to 8 times, all runs counted", 1.0, COURSE_RERUN,
         MUST_NOT_PASS},
        {"the same, a good device", 1 / 3.0, COURSE_RERUN, MUST_NOT_FAIL},
        {"killed whenever a loss is pending, and run again", 1.0, COURSE_KILLED,
         MUST_NOT_PASS | MUST_NOT_FAIL},
        {"latency: as many answers late", 1.0, COURSE_LATE, MUST_NOT_PASS | MUST_BE_EXACT},
        {"latency, a good device", 1 / 3.0, COURSE_LATE, MUST_NOT_FAIL | MUST_BE_EXACT},
    };
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        for (size_t claim = 0; claim < CLAIMS; claim++)
            for (int kind = RULE_KIND_COUNT - 1; kind >= 0; kind--) {
                if (claim != COURSES_OF && i > 0)
                    continue;
                struct point *p = add(b, list[i].what, claim, &b->claim[claim].rule[kind],
                                      list[i].times, list[i].course, list[i].must);
                if (list[i].times == 0.0)
                    p->device.rate = 0.3;
            }
}

/* Failures that come together, whether or not the unit that is declared says so. */
static void add_clusters(struct bench *b)
{
    static const struct {
        const char *what;
        double times;
        enum together together;
        uint32_t length; /* of a burst, of a connection */
        uint32_t cluster;
        bool declared;
        unsigned must;
    } list[] = {
        {"independent failures, and the test that they are at 1 %", 1.0, TOGETHER_NOT, 1, 1, false,
         MUST_NOT_PASS},
        {"the same, a good device", 1 / 3.0, TOGETHER_NOT, 1, 1, false, MUST_NOT_FAIL},
        {"bad connections of 20, each exchange taken for a unit", 1.0, TOGETHER_CONNECTIONS, 20, 1,
         false, MUST_DOUBT},
        {"the same, a good device", 1 / 3.0, TOGETHER_CONNECTIONS, 20, 1, false, MUST_DOUBT},
        {"outages of 10 on average, each exchange taken for a unit", 1.0, TOGETHER_BURSTS, 10, 1,
         false, MUST_DOUBT},
        {"the same, a good device", 1 / 3.0, TOGETHER_BURSTS, 10, 1, false, MUST_DOUBT},
        {"bad connections of 20, the connection declared as the unit", 1.0, TOGETHER_CONNECTIONS,
         20, 20, true, MUST_NOT_PASS},
        {"the same, a good device", 1 / 3.0, TOGETHER_CONNECTIONS, 20, 20, true, MUST_NOT_FAIL},
        {"outages of 10 on average, a period of 50 declared as the unit", 1.0, TOGETHER_BURSTS, 10,
         50, true, MUST_NOT_PASS},
        {"the same, a good device", 1 / 3.0, TOGETHER_BURSTS, 10, 50, true, MUST_NOT_FAIL},
    };
    struct claim *c = &b->claim[1];
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        const struct rule *rule = list[i].declared ? &c->clusters : &c->rule[RULE_SEQUENTIAL];
        struct point *p =
            add(b, list[i].what, 1, rule, list[i].times, COURSE_IN_ORDER, list[i].must);
        p->device.together = list[i].together;
        p->device.length = list[i].length;
        p->cluster = list[i].cluster;
        p->clustering_ppm = CLUSTERING_PPM;
    }
}

static void add_controls(struct bench *b)
{
    struct point *p;
    p = add(b, "control: outcomes taken as they come in, a device that loses 30 %", 1,
            &b->claim[1].rule[RULE_SEQUENTIAL], 0.0, COURSE_COMPLETION, MUST_BREAK);
    p->device.rate = 0.3;
    (void)add(b, "control: run again until green, up to 8 times, the best one counted", 1,
              &b->claim[1].rule[RULE_SEQUENTIAL], 1.0, COURSE_BEST, MUST_BREAK);
    (void)add(b, "control: stopped when the nominal 95 % interval looks good", 1, &b->endless, 1.0,
              COURSE_INTERVAL, MUST_BREAK);
}

static bool make_claim(struct arena *a, struct claim *c, struct err *e)
{
    const struct rule_terms t = {c->ratio_ppb, CONSUMER_PPM, PRODUCER_PPM, DISCRIMINATION_MILLI};
    c->p1 = rule_p1(&t);
    c->p0 = rule_p0(&t);
    return rule_short(a, c->ratio_ppb, 1000000 - CONSUMER_PPM, false, &c->rule[RULE_SHORT], e) ==
               ERR_OK &&
           rule_fixed(a, &t, false, &c->rule[RULE_FIXED], e) == ERR_OK &&
           rule_sequential(a, &t, false, &c->rule[RULE_SEQUENTIAL], e) == ERR_OK &&
           rule_sequential(a, &t, true, &c->clusters, e) == ERR_OK;
}

bool bench_make(struct bench *b)
{
    static const struct claim claims[CLAIMS] = {{.ratio_ppb = 995000000, .text = "> 99.5 %"},
                                                {.ratio_ppb = 990000000, .text = "> 99 %"},
                                                {.ratio_ppb = 980000000, .text = "> 98 %"}};
    struct err e = ERR_INIT;
    for (size_t i = 0; i < CLAIMS; i++) {
        b->claim[i] = claims[i];
        if (!make_claim(&b->arena, &b->claim[i], &e)) {
            (void)fprintf(stderr, "metrology: %s\n", e.text);
            return false;
        }
    }
    if (rule_short_of(&b->arena, INTERVAL_MOST, INTERVAL_MOST + 1, 0, &b->endless, &e) != ERR_OK)
        return false;
    add_characteristics(b);
    add_courses(b);
    add_clusters(b);
    add_controls(b);
    for (size_t i = 0; i < b->n_point; i++) {
        struct point *p = &b->point[i];
        setup_make(&p->setup, p->rule, b->claim[p->claim].ratio_ppb, p->cluster, p->clustering_ppm,
                   p->course == COURSE_LATE);
    }
    return true;
}

void bench_run(const struct point *p, struct tally *t, uint64_t first, uint64_t n, const char *path)
{
    struct tally sum = {.n = n};
    for (uint64_t i = first; i < first + n; i++) {
        struct draw seed = {i * 0x9e3779b97f4a7c15u + (uint64_t)(p->device.rate * 1e9)};
        uint64_t s = draw_next(&seed);
        struct fate f = p->course >= COURSE_RERUN
                            ? rerun_campaign(&p->setup, &p->device, p->course, s, path)
                            : campaign_run(&p->setup, &p->device, p->course, s);
        sum.pass += f.verdict == VERDICT_PASS;
        sum.fail += f.verdict == VERDICT_FAIL;
        sum.clean += f.verdict == VERDICT_PASS && f.clean;
        sum.units += f.units;
        sum.units_squared += (uint64_t)f.units * f.units;
        if ((p->must & MUST_BE_SAME) != 0) {
            struct fate g = campaign_run(&p->setup, &p->device, COURSE_IN_ORDER, s);
            sum.differ += g.verdict != f.verdict || g.units != f.units;
        }
    }
    /* Processes share the tally. */
    uint64_t *to = (uint64_t *)t, *from = (uint64_t *)&sum;
    for (size_t i = 0; i < sizeof sum / sizeof *from; i++)
        (void)__atomic_fetch_add(&to[i], from[i], __ATOMIC_RELAXED);
}

/* ---- checks -------------------------------------------------------------------------------------
 */

/* So many of n are more than chance gives at that probability. */
static bool is_above(uint64_t n, uint64_t k, double p)
{
    return stats_binomial_tail(n, k, p) < BENCH_CHANCE;
}

static bool is_off(uint64_t n, uint64_t k, double p)
{
    if (p <= 1e-12 || p >= 1.0 - 1e-12) /* all or none, but for what the sum rounds */
        return k != (p < 0.5 ? 0 : n);
    return is_above(n, k, p) || is_above(n, n - k, 1.0 - p);
}

static const char *check_exact(const struct point *p, const struct tally *t, char *out, size_t size)
{
    struct rule_characteristic x;
    struct err e = ERR_INIT;
    if (rule_characteristic_at(p->rule, p->device.rate, &x, &e) != ERR_OK) {
        (void)snprintf(out, size, "%s", e.text);
        return out;
    }
    double n = (double)t->n, mean = (double)t->units / n;
    double variance = (double)t->units_squared / n - mean * mean;
    /* Whole numbers: a handful of campaigns may all take alike. */
    double most = SIGMAS * sqrt((variance > 0.0 ? variance : 0.0) / n) + 1e-6 + p->rule->n / n;
    if ((p->must & MUST_NOT_PASS) != 0 && x.accepts > p->pass_most)
        (void)snprintf(out, size, "exactly %.6f pass, at most %.6f may", x.accepts, p->pass_most);
    else if ((p->must & MUST_NOT_FAIL) != 0 && x.rejects > p->fail_most)
        (void)snprintf(out, size, "exactly %.6f fail, at most %.6f may", x.rejects, p->fail_most);
    else if (is_off(t->n, t->pass, x.accepts))
        (void)snprintf(out, size, "%.4f pass, exactly %.4f should", (double)t->pass / n, x.accepts);
    else if (is_off(t->n, t->fail, x.rejects))
        (void)snprintf(out, size, "%.4f fail, exactly %.4f should", (double)t->fail / n, x.rejects);
    else if (fabs(mean - x.expected) > most)
        (void)snprintf(out, size, "%.1f units on average, expected %.1f", mean, x.expected);
    else
        return NULL;
    return out;
}

const char *bench_check(const struct point *p, const struct tally *t, char *out, size_t size)
{
    double n = (double)t->n, pass = (double)t->pass / n, fail = (double)t->fail / n;
    uint64_t dirty = t->n - t->clean, told = t->pass - t->clean + t->fail;
    if ((p->must & MUST_NOT_PASS) != 0 && is_above(t->n, t->pass, p->pass_most))
        (void)snprintf(out, size, "%.4f pass, at most %.4f may", pass, p->pass_most);
    else if ((p->must & MUST_NOT_FAIL) != 0 && is_above(t->n, t->fail, p->fail_most))
        (void)snprintf(out, size, "%.4f fail, at most %.4f may", fail, p->fail_most);
    else if ((p->must & MUST_BE_SAME) != 0 && t->differ > 0)
        (void)snprintf(out, size, "%llu campaigns end otherwise than one trial after the other",
                       (unsigned long long)t->differ);
    else if ((p->must & MUST_BREAK) != 0 && pass <= RISK)
        (void)snprintf(out, size, "%.4f pass, and a control should be seen to break the risk",
                       pass);
    else if ((p->must & MUST_DOUBT) != 0 && is_above(dirty, told, DOUBT_MOST))
        (void)snprintf(out, size, "%.4f of those with failures end in a verdict, at most %.4f may",
                       (double)told / (double)dirty, DOUBT_MOST);
    else
        return (p->must & MUST_BE_EXACT) != 0 ? check_exact(p, t, out, size) : NULL;
    return out;
}
