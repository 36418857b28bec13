/* Pools of runs out of hand-made records: one rule over all attempts, fails that stay, what is cut,
 * runs that go on, and files that are not what they should be. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/score/pool.h"
#include "harness/score/spill.h"
#include "tests/tap.h"

#define S INT64_C(1000000000)
#define N 20      /* units of the rule */
#define FAIL_AT 4 /* failures that refuse */
#define RUNS 4

static struct arena arena;
static struct plan plan[RUNS];
static struct plan_row row[RUNS];
static struct plan_variant variant[RUNS];
static struct plan_earlier earlier[RUNS];
static char path[RUNS][64], nonce[RUNS][9];
static uint32_t trial[RUNS];

static void make_plan(int i, uint32_t n, uint32_t fail_at, uint32_t accept)
{
    struct plan_clause k = {.ratio_ppb = 900000000};
    if (rule_short_of(&arena, n, fail_at, accept, &k.rule, NULL) != ERR_OK)
        abort();
    variant[i] = (struct plan_variant){.leg = "1",
                                       .mode = "",
                                       .device_class = "",
                                       .from = "a",
                                       .to = "b",
                                       .cause = PLAN_CAUSE_COMMAND,
                                       .latency_strict_ns = 5 * S,
                                       .latency_lax_ns = 5 * S,
                                       .pair_strict_ns = -1,
                                       .pair_lax_ns = -1,
                                       .clause = {k},
                                       .n_clause = 1,
                                       .lax_ppb = -1,
                                       .size_min_bytes = -1,
                                       .size_max_bytes = -1,
                                       .interpretations = "",
                                       .span = "end to end",
                                       .unit = "exchange",
                                       .share_ppm = 1000000,
                                       .trials = n,
                                       .trials_max = 2 * n,
                                       .scored_size = PLAN_SCORED_NOT_APPLICABLE,
                                       .scored_window = PLAN_SCORED_NOT_APPLICABLE,
                                       .scored_rate = PLAN_SCORED_NOT_APPLICABLE,
                                       .scored_confidentiality = PLAN_SCORED_NOT_APPLICABLE};
    row[i] = (struct plan_row){.id = "r",
                               .section = "1",
                               .payload = "p",
                               .type = "cmd",
                               .use_case = "u",
                               .operation = "",
                               .role = PLAN_FROM_EUT,
                               .cause = PLAN_CAUSE_COMMAND,
                               .variant = &variant[i],
                               .n_variant = 1,
                               .reason = "in scope"};
    (void)snprintf(nonce[i], sizeof nonce[i], "%08x", 0xa0 + (unsigned)i);
    plan[i] = (struct plan){.nonce = nonce[i],
                            .row = &row[i],
                            .n_row = 1,
                            .claimable = true,
                            .confidence_ppm = 950000,
                            .interface = "lo"};
    trial[i] = 0;
}

static struct spill *begin(int i)
{
    struct spill *s;
    make_plan(i, N, FAIL_AT, 1);
    (void)snprintf(path[i], sizeof path[i], "/tmp/t_pool.%d.%d", (int)getpid(), i);
    if (spill_create(path[i], &s, NULL) != ERR_OK)
        abort();
    return s;
}

static void put(int i, struct spill *s, unsigned n, enum cause cause)
{
    bool fine = cause == CAUSE_OK, failed = cause >= CAUSE_LATE && cause <= CAUSE_DUPLICATE;
    while (n-- > 0) {
        struct exchange_record r = {.trial = trial[i]++,
                                    .origin_ns = S,
                                    .latency_ns = fine ? S / 10 : -1,
                                    .canonical_bytes = -1,
                                    .first_frame = 1,
                                    .last_frame = 2,
                                    .cause = (uint8_t)cause,
                                    .timing = fine ? TIMING_IN : TIMING_NONE,
                                    .flags = fine ? OUTCOME_DELIVERED | OUTCOME_ARRIVED : 0,
                                    .clause_failed = failed,
                                    .clause_unsure = !fine && !failed,
                                    .used = 1};
        if (spill_put(s, &r, NULL) != ERR_OK)
            abort();
    }
}

static void end(struct spill *s)
{
    if (spill_finish(s, NULL) != ERR_OK)
        abort();
    spill_close(s);
}

/* A run of so many good ones, then so many of a cause, then good ones again. */
static void run(int i, unsigned good, unsigned n, enum cause cause, unsigned more)
{
    struct spill *s = begin(i);
    put(i, s, good, CAUSE_OK);
    put(i, s, n, cause);
    put(i, s, more, CAUSE_OK);
    end(s);
}

static struct result *pooled;
static struct pool *pool;

static const char *word(enum criterion_kind k)
{
    const struct result_criterion *c = &pooled->row[0].variant[0].criterion[k];
    return c->verdict == VERDICT_NONE ? no_verdict_name(c->status) : verdict_name(c->verdict);
}

/* The word for reliability over the first n runs. */
static const char *of(int n)
{
    struct err e = ERR_INIT;
    result_free(pooled);
    pool_free(pool);
    pooled = NULL;
    if (pool_new(&pool, NULL) != ERR_OK)
        abort();
    for (int i = 0; i < n; i++)
        if (pool_add(pool, &plan[i], path[i], &e) != ERR_OK)
            abort();
    if (pool_result(pool, &pooled, &e) != ERR_OK)
        abort();
    return word(CRITERION_RELIABILITY);
}

static void one_rule(void)
{
    run(0, N, 0, CAUSE_OK, 0);
    is_str(of(1), "pass", "one good run passes");
    is_str(pooled->row[0].variant[0].earlier, "", "by itself");
    ok(pool_decided(pool, 0, 0), "and is decided");
    run(0, N - 1, 0, CAUSE_OK, 0);
    is_str(of(1), "inconclusive", "a run that is one short does not");
    ok(!pool_decided(pool, 0, 0), "and is not decided");
    run(1, 1, 0, CAUSE_OK, 0);
    is_str(of(2), "pass", "the first outcome of the next run completes it");
    is_str(pooled->row[0].variant[0].earlier,
           "19 outcomes of run 000000a0, 1 outcomes of run 000000a1",
           "which tells who brought what");
    is_int(pooled->row[0].variant[0].used, N, "all are used");

    run(0, 10, 2, CAUSE_LOST, 8);
    is_str(of(1), "inconclusive", "two of twenty lost: neither within one nor four");
    run(1, N, 0, CAUSE_OK, 0);
    is_str(of(2), "inconclusive", "running again until it is green does not make it a pass");
    run(2, N, 0, CAUSE_OK, 0);
    is_str(of(3), "inconclusive", "however often");
}

static void fails_stay(void)
{
    run(0, N, 0, CAUSE_OK, 0);
    run(1, 0, FAIL_AT, CAUSE_LOST, 0);
    is_str(of(2), "fail", "a fail behind a pass stays");
    ok(strstr(pooled->row[0].variant[0].criterion[0].reason, "failed in run 000000a1") != NULL,
       "and names its run");
    is_int(pooled->summary.exit_status, EXIT_FAIL, "the exit status is that of a fail");
    run(2, N, 0, CAUSE_OK, 0);
    is_str(of(3), "fail", "and survives what comes behind");
    run(0, 3, FAIL_AT, CAUSE_LOST, 0);
    run(1, N, 0, CAUSE_OK, 0);
    is_str(of(2), "fail", "a fail before a pass too");
    run(0, 5, 2, CAUSE_LOST, 0);
    run(1, 5, 2, CAUSE_LOST, 0);
    is_str(of(2), "fail", "and one that no run came to alone");
}

static void cuts(void)
{
    run(0, 10, 1, CAUSE_CUT, 0);
    run(1, 9, 0, CAUSE_OK, 0);
    is_str(of(2), "inconclusive",
           "one cut of twenty is more than 1 in 100, whoever brings the others");
    run(0, 10, 2, CAUSE_CUT, 0);
    run(1, N, 0, CAUSE_OK, 0);
    is_str(of(2), "inconclusive", "two that were cut stand against a pass that bears one");
    run(0, 0, FAIL_AT, CAUSE_CUT, 0);
    is_str(of(1), "inconclusive", "and never make a fail");
}

static void goes_on(void)
{
    struct err e = ERR_INIT;
    run(0, 10, 0, CAUSE_OK, 0);
    run(1, 9, 1, CAUSE_LOST, 0);
    earlier[1] = (struct plan_earlier){nonce[0], "x", "", ""};
    plan[1].earlier = &earlier[1];
    plan[1].n_earlier = 1;
    is_str(of(2), "pass", "a run goes on with the one before it");
    result_free(pooled);
    pool_free(pool);
    pooled = NULL;
    (void)pool_new(&pool, NULL);
    is_int(pool_add(pool, &plan[1], path[1], &e), ERR_DATA, "not without it");
    ok(strstr(e.text, "000000a0") != NULL, "which is named");
    is_int(pool_add(pool, &plan[0], path[0], &e), ERR_OK, "the pool stands after that");
    is_int(pool_add(pool, &plan[0], path[0], &e), ERR_DATA, "no run counts twice");
}

static void differ(void)
{
    struct err e = ERR_INIT;
    run(0, 10, 0, CAUSE_OK, 0);
    run(1, 10, 0, CAUSE_OK, 0);
    make_plan(1, N + 1, FAIL_AT, 1);
    pool_free(pool);
    (void)pool_new(&pool, NULL);
    is_int(pool_add(pool, &plan[0], path[0], &e), ERR_OK, "a run");
    is_int(pool_add(pool, &plan[1], path[1], &e), ERR_DATA, "one by another rule is refused");
    ok(strstr(e.text, "row r") != NULL && strstr(e.text, "another rule") != NULL,
       "the row is named");
    make_plan(1, N, FAIL_AT, 1);
    variant[1].latency_strict_ns--;
    is_int(pool_add(pool, &plan[1], path[1], &e), ERR_DATA, "and so is another limit");
    make_plan(1, N, FAIL_AT, 1);
    row[1].use_case = "v";
    is_int(pool_add(pool, &plan[1], path[1], &e), ERR_OK, "for another use case it is another row");
    result_free(pooled);
    is_int(pool_result(pool, &pooled, &e), ERR_OK, "both");
    is_int(pooled->n_row, 2, "are in the result");
}

/* Whatever length a file is cut to, and whatever byte is changed: told, or counted, never worse. */
static void hostile(void)
{
    struct err e = ERR_INIT;
    run(0, N, 0, CAUSE_OK, 0);
    int fd = open(path[0], O_RDWR);
    char data[16 + N * 112 + 1];
    ssize_t len = fd == -1 ? -1 : pread(fd, data, sizeof data, 0);
    is_int(len, 16 + N * 112, "a file of as many records");
    unsigned refused = 0, lengths = 0;
    for (off_t at = len - 1; at >= 0; at -= 7, lengths++) {
        if (ftruncate(fd, at) != 0)
            abort();
        pool_free(pool);
        (void)pool_new(&pool, NULL);
        refused += pool_add(pool, &plan[0], path[0], &e) != ERR_OK;
    }
    ok(refused > lengths * 9 / 10, "cut files are refused, but where whole records are left");
    srand(4);
    for (int i = 0; i < 2000; i++) {
        char changed[sizeof data];
        memcpy(changed, data, (size_t)len);
        for (int k = 0; k < 8; k++)
            changed[16 + (size_t)rand() % ((size_t)len - 16)] = (char)rand();
        if (pwrite(fd, changed, (size_t)len, 0) != len)
            abort();
        pool_free(pool);
        (void)pool_new(&pool, NULL);
        result_free(pooled);
        pooled = NULL;
        if (pool_add(pool, &plan[0], path[0], &e) == ERR_OK)
            (void)pool_result(pool, &pooled, &e);
    }
    ok(true, "changed ones do no harm");
    (void)close(fd);
    is_int(pool_add(pool, &plan[1], "/nonexistent", &e), ERR_DATA, "a missing file is told");
}

int main(void)
{
    one_rule();
    fails_stay();
    cuts();
    goes_on();
    differ();
    hostile();
    result_free(pooled);
    pool_free(pool);
    for (int i = 0; i < RUNS; i++)
        if (path[i][0] != '\0')
            (void)unlink(path[i]);
    arena_release(&arena);
    return done_testing();
}
