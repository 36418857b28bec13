/* Two results beside each other: words, tests, and that chance alone is seldom called a change. */
#include <stdlib.h>
#include <unistd.h>

#include "harness/base/fisher.h"
#include "harness/plan/rule.h"
#include "harness/report/compare.h"
#include "harness/score/spill.h"
#include "tests/tap.h"
#include "tests/unit/sample_result.h"

static uint64_t state = 88172645463325252u;

static double uniform(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (double)(state >> 11) / 9007199254740992.0;
}

/* A device that is late at a rate p, until the rule speaks. */
static uint64_t campaign(const struct rule *rule, double p, struct latencies *l)
{
    uint32_t used = 0, failures = 0;
    do {
        bool late = uniform() < p;
        used++;
        failures += late;
        (void)latencies_add(l, (int64_t)((late ? 5e9 : 1e6) * (1.0 + uniform())), NULL);
    } while (rule_judge(rule, used, failures) == RULE_GOES_ON);
    return failures;
}

/* Pairs of campaigns with one device: how often each test says that two differ, at 5 %. */
static void stopping(void)
{
    enum { PAIRS = 4000 };
    static const double rates[] = {0.005, 0.01, 0.015, 0.02, 0.04};
    struct arena arena = ARENA_INIT;
    struct rule rule;
    const struct rule_terms terms = {980000000, 50000, 50000, 3000};
    if (!ok(rule_sequential(&arena, &terms, false, &rule, NULL) == ERR_OK, "a sequential rule"))
        return;
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        unsigned share = 0, latency = 0, tail = 0;
        for (unsigned n = 0; n < PAIRS; n++) {
            struct latencies a = {0}, b = {0};
            struct ranks ranks;
            struct latencies_tail t;
            double p;
            uint64_t bad_a = campaign(&rule, rates[i], &a), bad_b = campaign(&rule, rates[i], &b);
            share += compare_stopped(fisher_p(a.n - bad_a, a.n, b.n - bad_b, b.n)) <= 0.05;
            (void)latencies_rank(&a, &b, COMPARE_TAIL_PPM, &ranks, &t, NULL);
            (void)ranks_p(&ranks, &p, NULL);
            latency += p <= 0.05;
            tail += compare_stopped(fisher_p(t.a, a.n, t.b, b.n)) <= 0.05;
            latencies_release(&a);
            latencies_release(&b);
        }
        /* 5 % of 4000 are 200; four standard deviations above are 255. */
        ok(share <= 255 && latency <= 255 && tail <= 255,
           "%.1f %% late, rules that end early: %u, %u, %u of %d called different", rates[i] * 100,
           share, latency, tail, PAIRS);
    }
    arena_release(&arena);
}

static void many(void)
{
    struct latencies a = {0}, b = {0};
    struct ranks ranks;
    struct latencies_tail tail;
    double p = 0.0;
    bool fed = true;
    for (unsigned i = 0; i < 200000; i++) {
        fed = fed && latencies_add(&a, (int64_t)(1e6 * (1.0 + uniform())), NULL) == ERR_OK;
        if (i % 100 == 0)
            fed = fed && latencies_add(&b, (int64_t)(1.3e6 * (1.0 + uniform())), NULL) == ERR_OK;
    }
    ok(fed && a.ns == NULL && b.ns != NULL, "200,000 are counted, 2,000 kept");
    ok(latencies_rank(&a, &b, COMPARE_TAIL_PPM, &ranks, &tail, NULL) == ERR_OK &&
           ranks.n_a == 200000 && ranks.n_b == 2000,
       "all of both have ranks");
    (void)ranks_p(&ranks, &p, NULL);
    ok(p < 1e-9 && ranks_above(&ranks) > 0.7, "30 %% slower is seen");
    ok(tail.a + tail.b > 5000 && tail.a + tail.b < 15000 && tail.b * 100 > tail.a * 5,
       "and in the tail, as near to 5 %% as bins allow");
    latencies_release(&a);
    latencies_release(&b);
}

static void words(void)
{
    const struct result *a = sample_result();
    struct result b = *a;
    const struct compare_options options = {10000, 100000, 1000, false};
    struct compare *c = NULL;
    ok(compare_new(a, &b, &options, &c, NULL) == ERR_OK && compare_conclude(c, NULL) == ERR_OK,
       "a result is compared with itself");
    is_int(c->count[COMPARE_SAME], a->n_row, "all rows are the same");
    is_int(compare_exit(c), 0, "and nothing is worse");
    compare_free(c);

    struct result_row rows[64];
    memcpy(rows, a->row, a->n_row * sizeof *rows);
    size_t pass = 0;
    while (pass < a->n_row && (rows[pass].verdict != VERDICT_PASS || rows[pass].n_variant == 0))
        pass++;
    struct result_variant worse = rows[pass].variant[0];
    worse.criterion[CRITERION_LATENCY].verdict = VERDICT_FAIL;
    worse.verdict = rows[pass].verdict = VERDICT_FAIL;
    rows[pass].variant = &worse;
    rows[pass].n_variant = 1;
    b.row = rows;
    ok(compare_new(a, &b, &options, &c, NULL) == ERR_OK && compare_conclude(c, NULL) == ERR_OK &&
           c->row[pass].word == COMPARE_WORSE,
       "a latency that fails now is worse");
    is_int(compare_exit(c), 1, "which ends in 1");
    compare_free(c);
    ok(compare_new(&b, a, &options, &c, NULL) == ERR_OK && compare_conclude(c, NULL) == ERR_OK &&
           c->row[pass].word >= COMPARE_BETTER && compare_exit(c) == 0,
       "the other way round nothing is worse");
    compare_free(c);
    worse.criterion[CRITERION_LATENCY].limit_ns = 4000000000;
    worse.criterion[CRITERION_LATENCY].limit_lax_ns = 4000000000;
    ok(compare_new(a, &b, &options, &c, NULL) == ERR_OK && compare_conclude(c, NULL) == ERR_OK &&
           c->row[pass].reading[0].criterion[CRITERION_LATENCY] == COMPARE_APART,
       "with another limit it cannot be compared");
    is_int(compare_exit(c), 0, "and weighs nothing");
    compare_free(c);

    b.row = a->row + 1;
    b.n_row = a->n_row - 1;
    ok(compare_new(a, &b, &options, &c, NULL) == ERR_OK && compare_conclude(c, NULL) == ERR_OK &&
           c->row[c->n_row - 1].b == NULL,
       "a row of the first run alone stands at the end");
    compare_free(c);
}

/* An exchanges file of trials with four outcomes each; the first fails in so many trials. */
static void write_trials(const char *path, unsigned trials, unsigned failing, int64_t slowest_ns)
{
    struct spill *out = NULL;
    if (spill_create(path, &out, NULL) != ERR_OK)
        abort();
    for (unsigned trial = 0; trial < trials; trial++)
        for (unsigned sub = 0; sub < 4; sub++) {
            bool lost = trial < failing && sub == 0;
            struct exchange_record x = {
                .trial = trial,
                .sub = sub,
                .latency_ns = lost ? -1 : slowest_ns - (int64_t)sub - 4 * (int64_t)trial,
                .cause = lost ? CAUSE_LOST : CAUSE_OK,
                .flags = lost ? 0 : OUTCOME_DELIVERED,
                .clause_failed = lost,
                .used = 1};
            (void)spill_put(out, &x, NULL);
        }
    (void)spill_finish(out, NULL);
    spill_close(out);
}

/* Devices of one trial are no samples of their own. */
static void clusters(void)
{
    static char path[] = "/tmp/t_compare.XXXXXX";
    const struct compare_options options = {10000, 100000, 1000, false};
    struct compare *c = NULL;
    struct err e = ERR_INIT;
    int fd = mkstemp(path);
    if (fd == -1)
        abort();
    (void)close(fd);
    struct result_row row = sample_result()->row[0];
    struct result_variant v = row.variant[0];
    v.unit = "event";
    v.used = 40;
    memset(v.by_cause, 0, sizeof v.by_cause);
    v.by_cause[CAUSE_OK] = 37;
    v.by_cause[CAUSE_LOST] = 3;
    row.variant = &v;
    const struct result r = {.row = &row, .n_row = 1};
    write_trials(path, 10, 3, 1000000);
    ok(compare_new(&r, &r, &options, &c, NULL) == ERR_OK &&
           compare_exchanges(c, false, path, &e) == ERR_OK &&
           compare_exchanges(c, true, path, &e) == ERR_OK && compare_conclude(c, NULL) == ERR_OK,
       "forty outcomes of ten trials are read (%s)", e.text);
    const struct compare_test *t = c->row[0].reading[0].test;
    ok(t[COMPARE_SHARE].n_a == 10 && t[COMPARE_SHARE].x_a == 7 && t[COMPARE_SHARE].n_b == 10,
       "they are ten units, of which seven lost nothing");
    ok(t[COMPARE_LATENCY].n_a == 10, "with a latency each, that of the slowest");
    compare_free(c);
    write_trials(path, 10, 4, 1000000);
    ok(compare_new(&r, &r, &options, &c, NULL) == ERR_OK &&
           compare_exchanges(c, false, path, &e) == ERR_DATA,
       "one more loss than run.xml counts: it is another run's file");
    compare_free(c);
    (void)unlink(path);
}

static bool noted(const struct compare *c, const char *what)
{
    for (size_t i = 0; i < c->n_note; i++)
        if (strstr(c->note[i], what) != NULL)
            return true;
    return false;
}

static void settings(void)
{
    const struct compare_options options = {10000, 100000, 1000, false};
    const struct plan_source table_a = {"table", "t.xml", "aaaa"}, table_b = {"table", "t", "bbbb"};
    const struct plan a = {.source = &table_a, .n_source = 1, .pace_per_s = 100};
    const struct plan b = {.source = &table_b, .n_source = 1, .pace_per_s = 200};
    struct result r = *sample_result();
    r.firmware = "2.0";
    struct compare *c = NULL;
    ok(compare_new(sample_result(), &r, &options, &c, NULL) == ERR_OK &&
           compare_settings(c, &a, &b, NULL) == ERR_OK,
       "settings are compared");
    ok(noted(c, "firmware differs: 1.0 and 2.0"), "another firmware is told");
    ok(noted(c, "requirement tables differ"), "another table, whatever its name");
    ok(noted(c, "pace differs: 100 and 200"), "another pace");
    ok(!noted(c, "model") && !noted(c, "profile's file"), "and nothing that is the same");
    compare_free(c);
}

int main(void)
{
    settings();
    stopping();
    many();
    words();
    clusters();
    return done_testing();
}
