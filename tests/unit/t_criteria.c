/* The rules on hand-made outcomes: zones of the fixed plan, samples of each criterion,
 * indeterminate outcomes, differing readings, order, percentiles. */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/score/criteria.h"
#include "tests/tap.h"

#define S INT64_C(1000000000)

static struct plan_variant v;
static struct plan_row row;
static struct plan plan;
static struct criteria c;
static struct result_variant result;
static struct arena arena, rules;

static struct plan_clause clause(int64_t ratio_ppb, int64_t period_ns, uint32_t n, uint32_t fail_at,
                                 uint32_t accept)
{
    struct plan_clause k = {.ratio_ppb = ratio_ppb, .period_ns = period_ns};
    if (rule_short_of(&rules, n, fail_at, accept, &k.rule, NULL) != ERR_OK)
        abort();
    return k;
}

static void begin(void)
{
    v = (struct plan_variant){.leg = "1",
                              .mode = "",
                              .device_class = "",
                              .from = "a",
                              .to = "b",
                              .cause = PLAN_CAUSE_COMMAND,
                              .latency_strict_ns = 5 * S,
                              .latency_lax_ns = 5 * S,
                              .pair_strict_ns = -1,
                              .pair_lax_ns = -1,
                              .clause = {clause(980000000, 0, 149, 7, 0)},
                              .n_clause = 1,
                              .lax_ppb = -1,
                              .size_min_bytes = 10,
                              .size_max_bytes = 100,
                              .interpretations = "",
                              .span = "end to end",
                              .share_ppm = 1000000,
                              .trials = 149,
                              .scored_window = PLAN_SCORED_NOT_APPLICABLE,
                              .why_window = "inherited",
                              .scored_rate = PLAN_SCORED_NOT_APPLICABLE,
                              .scored_confidentiality = PLAN_SCORED_NOT_APPLICABLE};
    row = (struct plan_row){.id = "r",
                            .role = PLAN_FROM_EUT,
                            .cause = PLAN_CAUSE_COMMAND,
                            .variant = &v,
                            .n_variant = 1,
                            .reason = "no scenario"};
    plan = (struct plan){.row = &row, .n_row = 1, .confidence_ppm = 950000, .interface = "lo"};
}

static void open_target(void)
{
    if (criteria_init(&c, &plan, 0, 0, NULL) != ERR_OK)
        abort();
}

static struct outcome outcome(enum cause cause, enum timing timing)
{
    bool delivered = timing != TIMING_NONE;
    bool failed = cause >= CAUSE_LATE && cause <= CAUSE_DUPLICATE;
    struct outcome o = {.rec = {.cause = (uint8_t)cause,
                                .timing = (uint8_t)timing,
                                .latency_ns = delivered ? S : -1,
                                .canonical_bytes = delivered ? 50 : -1,
                                .first_frame = 1,
                                .last_frame = 2,
                                .flags = OUTCOME_EQUIPMENT | (delivered ? OUTCOME_DELIVERED : 0),
                                .clause_failed = failed ? 0xFF : 0,
                                .clause_unsure = cause >= CAUSE_UNPROVEN ? 0xFF : 0}};
    return o;
}

static void give(unsigned n, enum cause cause, enum timing timing)
{
    struct outcome o = outcome(cause, timing);
    while (n-- > 0)
        (void)criteria_use(&c, &o, true, NULL, NULL);
}

static void close_target(void)
{
    struct spill_rank rank[CRITERIA_RANKS];
    size_t n = criteria_ranks(&c, rank);
    struct criteria_context x = {.driven = true, .last_ns = 10 * S};
    if (criteria_result(&c, &x, n == 0 ? NULL : rank, &arena, &result) != ERR_OK)
        abort();
    criteria_release(&c);
}

static const char *word(enum criterion_kind k)
{
    const struct result_criterion *r = &result.criterion[k];
    return r->verdict == VERDICT_NONE ? no_verdict_name(r->status) : verdict_name(r->verdict);
}

/* Gives n times a cause, then the rest in time, and tells the word for reliability. */
static const char *after(unsigned n, enum cause cause, enum timing timing, unsigned good)
{
    open_target();
    give(n, cause, timing);
    give(good, CAUSE_OK, TIMING_IN);
    close_target();
    return word(CRITERION_RELIABILITY);
}

static void zones(void)
{
    begin();
    is_str(after(0, CAUSE_OK, TIMING_IN, 0), "not-exercised", "no attempt at all is not exercised");
    is_str(after(0, CAUSE_OK, TIMING_IN, 148), "inconclusive", "148 of 149 good are too few");
    is_str(after(0, CAUSE_OK, TIMING_IN, 149), "pass", "149 good pass");
    for (unsigned k = 1; k <= 6; k++)
        is_str(after(k, CAUSE_LOST, TIMING_NONE, 149), "inconclusive", "%u lost: inconclusive", k);
    is_str(after(7, CAUSE_LOST, TIMING_NONE, 149), "fail", "7 lost: fail");
    is_str(after(7, CAUSE_LOST, TIMING_NONE, 0), "fail", "without waiting for the others");
    is_str(word(CRITERION_LATENCY), "not-exercised",
           "latency of nothing delivered is not exercised");
    is_str(word(CRITERION_SIZE), "not-exercised", "nor is size");
    is_int(result.verdict, VERDICT_FAIL, "the variant takes the worst");
    (void)after(7, CAUSE_DUPLICATE, TIMING_IN, 200);
    is_str(word(CRITERION_LATENCY), "pass", "latency has a sample of its own: the delivered");
    is_int(result.criterion[CRITERION_LATENCY].n, 149, "the first 149 of them");
    is_int(result.used, 149, "outcomes behind the deciding one are not used");
    is_int(result.attempts, 207, "but counted");
    open_target();
    give(149, CAUSE_OK, TIMING_IN);
    ok(c.decided, "all good: decided at n");
    give(1, CAUSE_LOST, TIMING_NONE);
    close_target();
    is_int(result.verdict, VERDICT_PASS, "what comes behind the decision changes nothing");
    is_int(result.criterion[CRITERION_RELIABILITY].frame_first, 1, "a pass names its frames");
}

static void indeterminate(void)
{
    begin();
    is_str(after(1, CAUSE_UNPROVEN, TIMING_NONE, 148), "inconclusive",
           "one unproven forbids a pass");
    is_str(after(149, CAUSE_UNPROVEN, TIMING_NONE, 0), "inconclusive",
           "a yes-man is never passed, nor failed");
    is_str(after(149, CAUSE_BETWEEN, TIMING_BETWEEN, 0), "inconclusive",
           "nor is one between the limits");
    is_str(after(1, CAUSE_HARNESS, TIMING_NONE, 148), "inconclusive", "nor one that we disturbed");
    open_target();
    give(1, CAUSE_HARNESS, TIMING_NONE);
    give(7, CAUSE_LOST, TIMING_NONE);
    give(91, CAUSE_OK, TIMING_IN);
    ok(!c.decided, "1 of 99 disturbed is above 1 %%: what is refused is not told yet");
    give(1, CAUSE_OK, TIMING_IN);
    close_target();
    is_str(word(CRITERION_RELIABILITY), "fail", "1 of 100 is not: 7 lost fail");
    is_int(result.criterion[CRITERION_RELIABILITY].decided_at, 100, "after 100");
    open_target();
    give(2, CAUSE_HARNESS, TIMING_NONE);
    give(147, CAUSE_LOST, TIMING_NONE);
    close_target();
    is_str(word(CRITERION_RELIABILITY), "inconclusive",
           "2 of 149 are above: nobody is failed on such evidence");
    open_target();
    give(7, CAUSE_LOST, TIMING_NONE);
    give(100, CAUSE_HARNESS, TIMING_NONE);
    close_target();
    is_str(word(CRITERION_RELIABILITY), "fail",
           "a fail once decided survives what goes wrong later");
}

/* One event with so many devices, of which some are lost or doubtful. */
static void event(unsigned n, unsigned lost, unsigned doubtful)
{
    static uint32_t trial;
    trial++;
    for (unsigned i = 0; i < n; i++) {
        struct outcome o = i < lost              ? outcome(CAUSE_LOST, TIMING_NONE)
                           : i < lost + doubtful ? outcome(CAUSE_UNPROVEN, TIMING_NONE)
                                                 : outcome(CAUSE_OK, TIMING_IN);
        o.rec.trial = trial;
        (void)criteria_use(&c, &o, i + 1 == n, NULL, NULL);
    }
}

static void events(unsigned n, unsigned devices, unsigned lost, unsigned doubtful)
{
    while (n-- > 0)
        event(devices, lost, doubtful);
}

static void clusters(void)
{
    begin();
    v.population = 3;
    v.clause[0] = clause(900000000, 0, 29, 8, 0);
    v.trials = 29;
    open_target();
    events(29, 3, 0, 0);
    ok(c.decided, "29 whole events decide");
    close_target();
    is_str(word(CRITERION_RELIABILITY), "pass", "and pass");
    is_int(result.criterion[CRITERION_RELIABILITY].n, 29, "the event is the unit");
    is_int(result.used, 87, "of three attempts each");
    is_int(result.criterion[CRITERION_RELIABILITY].low_ppb, -1,
           "no interval is told of what is no coin");

    open_target();
    events(28, 3, 0, 0);
    event(3, 1, 0);
    close_target();
    is_str(word(CRITERION_RELIABILITY), "inconclusive", "one of three in one event forbids a pass");

    open_target();
    events(23, 3, 1, 0);
    ok(!c.decided, "23 thirds are 7 whole ones and no more");
    event(3, 1, 0);
    ok(!c.decided, "rounded down, 24 thirds stay below 8");
    event(3, 1, 0);
    close_target();
    is_str(word(CRITERION_RELIABILITY), "fail", "25 are above: fail");

    v.clause[0] = clause(900000000, 0, 29, 8, 1);
    open_target();
    events(26, 3, 0, 0);
    events(2, 3, 1, 0);
    event(3, 0, 1);
    close_target();
    is_str(word(CRITERION_RELIABILITY), "inconclusive",
           "three thirds, one of them a doubt, rounded up are above 1");
    open_target();
    events(27, 3, 0, 0);
    events(1, 3, 1, 0);
    event(3, 0, 1);
    close_target();
    is_str(word(CRITERION_RELIABILITY), "pass", "two are below what the plan accepts");

    begin();
    v.clause[0] = clause(980000000, 0, 236, 11, 1);
    v.trials = 236;
    is_str(after(1, CAUSE_LOST, TIMING_NONE, 235), "pass", "a plan may accept one loss");
    is_str(after(2, CAUSE_LOST, TIMING_NONE, 234), "inconclusive", "and not two");
}

/* A sequential rule for more than 90 %: none of 42, one of 59, ... are accepted; three within 10,
 * four within 27, ... refused. */
static struct plan_clause sequential(void)
{
    static const uint32_t accept[] = {42, 59, 75, 91, 108, 124, 140, 157, 173, 190, 206, 213, 213},
                          reject[] = {0, 0, 0, 10, 27, 43, 59, 76, 92, 108, 125, 141, 158};
    return (struct plan_clause){
        .ratio_ppb = 900000000,
        .rule = {RULE_SEQUENTIAL, 213, sizeof accept / sizeof *accept, accept, reject}};
}

static void begin_sequential(void)
{
    begin();
    plan.risks = (struct plan_risks){.kind = RULE_SEQUENTIAL,
                                     .consumer_ppm = 50000,
                                     .producer_own_ppm = 50000,
                                     .clustering_ppm = 10000};
    v.clause[0] = sequential();
    v.trials = 42;
    open_target();
}

/* "+" good, "-" lost, "?" unproven, "!" ours. */
static void feed(const char *units)
{
    for (; *units != '\0'; units++)
        give(1,
             *units == '+'   ? CAUSE_OK
             : *units == '-' ? CAUSE_LOST
             : *units == '?' ? CAUSE_UNPROVEN
                             : CAUSE_HARNESS,
             *units == '+' ? TIMING_IN : TIMING_NONE);
}

static const struct result_criterion *judged_reliability(void)
{
    close_target();
    return &result.criterion[CRITERION_RELIABILITY];
}

static void walks(void)
{
    begin_sequential();
    give(41, CAUSE_OK, TIMING_IN);
    ok(!c.decided, "41 good ones decide nothing");
    give(1, CAUSE_OK, TIMING_IN);
    ok(c.decided, "the 42nd does");
    feed("-----");
    const struct result_criterion *r = judged_reliability();
    is_int(r->verdict, VERDICT_PASS, "and it passes, whatever comes later");
    is_int(r->decided_at, 42, "with the number of units that it took");
    is_str(result.clause[0].accepts, "42 59 75 91 108 124 140 157 173 190 206 213 213",
           "the rule's table goes into the result");
    is_str(result.clause[0].failed_at, "", "no unit failed");

    begin_sequential();
    feed("++-+-");
    give(7, CAUSE_OK, TIMING_IN);
    feed("-");
    ok(!c.decided, "the third failure at 13 is beyond the 10 within which three refuse");
    feed("+-");
    r = judged_reliability();
    is_int(r->verdict, VERDICT_FAIL, "the fourth within 27 refuses");
    is_int(r->decided_at, 15, "at once");
    is_str(result.clause[0].failed_at, "3 5 13 15", "the failed units are told");

    begin_sequential();
    give(20, CAUSE_OK, TIMING_IN);
    feed("?");
    give(21, CAUSE_OK, TIMING_IN);
    ok(!c.decided, "one unproven counts as lost against the pass");
    give(17, CAUSE_OK, TIMING_IN);
    is_int(judged_reliability()->verdict, VERDICT_PASS, "and 59 with one lost pass");

    begin_sequential();
    feed("?????");
    is_int(judged_reliability()->verdict, VERDICT_INCONCLUSIVE,
           "five unproven refuse nothing, being good at best");
    begin_sequential();
    give(213, CAUSE_UNPROVEN, TIMING_NONE);
    r = judged_reliability();
    is_int(r->verdict, VERDICT_INCONCLUSIVE, "a yes-man is never passed");
    is_int(r->decided_at, 42, "and is done with when both walks have spoken");
}

static void doubt(void)
{
    begin_sequential();
    feed("!");
    give(58, CAUSE_OK, TIMING_IN);
    ok(!c.decided, "accepted with one of ours in 59: above 1 %%, the word is held back");
    give(41, CAUSE_OK, TIMING_IN);
    ok(c.decided, "until it is 1 of 100");
    is_int(judged_reliability()->decided_at, 100, "decided then");

    begin_sequential();
    feed("!");
    give(58, CAUSE_OK, TIMING_IN);
    feed("+++++++-++++++++++++++++++-+++++++++++++++++");
    ok(c.decided, "so does a word that is still true then: two more failures");
    is_int(judged_reliability()->verdict, VERDICT_PASS, "are accepted after 100 as well");
    begin_sequential();
    feed("!");
    give(58, CAUSE_OK, TIMING_IN);
    feed("++-++++++++-+++++++++++-++++++++++-++++++++");
    ok(!c.decided, "one that is not true any more goes on being held back");
    give(40, CAUSE_OK, TIMING_IN);
    const struct result_criterion *r = judged_reliability();
    is_int(r->decided_at, 124, "until it is");

    begin_sequential();
    for (int i = 0; i < 4; i++) {
        feed("!");
        give(49, CAUSE_OK, TIMING_IN);
    }
    give(13, CAUSE_OK, TIMING_IN);
    r = judged_reliability();
    is_int(r->verdict, VERDICT_INCONCLUSIVE, "4 of 213 stay above 1 %%");
    is_int(r->disturbed, 4, "and are counted apart");
    ok(strstr(r->reason, "though the rule accepts") != NULL, "what the rule says is told: %s",
       r->reason);

    begin_sequential();
    struct outcome o = outcome(CAUSE_BETWEEN, TIMING_BETWEEN);
    o.rec.doubt = DOUBT_UNCERTAINTY;
    (void)criteria_use(&c, &o, true, NULL, NULL);
    give(58, CAUSE_OK, TIMING_IN);
    ok(!c.decided, "what lies within U of a limit is ours as well");
    close_target();
    begin_sequential();
    give(1, CAUSE_BETWEEN, TIMING_BETWEEN);
    give(58, CAUSE_OK, TIMING_IN);
    ok(c.decided, "what the document leaves open is not");
    close_target();
}

static void together(void)
{
    begin_sequential();
    give(30, CAUSE_OK, TIMING_IN);
    feed("---");
    give(58, CAUSE_OK, TIMING_IN);
    const struct result_criterion *r = judged_reliability();
    is_int(r->verdict, VERDICT_INCONCLUSIVE, "three failures together: no pass");
    is_int(r->clustering_ppm, 597, "34 of the 56909 orders that the rule lets happen");
    ok(strstr(r->reason, "accepted by the rule") != NULL &&
           strstr(r->reason, "come together") != NULL,
       "both are told: %s", r->reason);
    is_int(result.clause[0].verdict, VERDICT_PASS, "the clause shows what the rule said");

    begin_sequential();
    feed("++++++++++++-++++++++++++++-+++++++++++++++++-");
    give(60, CAUSE_OK, TIMING_IN);
    r = judged_reliability();
    is_int(r->verdict, VERDICT_PASS, "three apart pass");
    ok(r->clustering_ppm > 10000, "by chance in %lld of a million", (long long)r->clustering_ppm);

    begin_sequential();
    feed("+++++++++++++++++++++++++++++++++++-----");
    is_int(judged_reliability()->verdict, VERDICT_INCONCLUSIVE, "nor does one outage fail");
    begin_sequential();
    feed("---");
    is_int(judged_reliability()->verdict, VERDICT_FAIL, "what never worked has no order to test");
    begin_sequential();
    plan.risks.clustering_ppm = 0;
    give(30, CAUSE_OK, TIMING_IN);
    feed("---");
    give(58, CAUSE_OK, TIMING_IN);
    is_int(judged_reliability()->verdict, VERDICT_PASS, "a plan without a level asks nothing");
}

static void percentile_bounds(void)
{
    begin();
    open_target();
    for (int i = 0; i < 100; i++) {
        struct outcome o = outcome(CAUSE_OK, TIMING_IN);
        o.rec.latency_ns = 1000 * (i * 37 % 100 + 1);
        (void)criteria_use(&c, &o, true, NULL, NULL);
    }
    close_target();
    is_int(result.percentile_ns[1], 50000, "the median of 1 to 100");
    is_int(result.percentile_low_ns[1], 40000, "is 40 at the least");
    is_int(result.percentile_high_ns[1], 61000, "and 61 at the most, at 95 %%");
    is_int(result.percentile_low_ns[4], 97000, "p99 is 97 at the least");
    is_int(result.percentile_high_ns[4], -1, "and 100 values do not bound it from above");
}

static void secrecy(void)
{
    begin();
    v.scored_confidentiality = PLAN_SCORED;
    open_target();
    struct outcome o = outcome(CAUSE_OK, TIMING_IN);
    o.rec.sent_ns = 5 * S;
    (void)criteria_use(&c, &o, true, NULL, NULL);
    close_target();
    is_str(word(CRITERION_CONFIDENTIALITY), "fail", "what can be read is not confidential");
    is_int(result.criterion[CRITERION_CONFIDENTIALITY].frame_first, 2, "its frame proves it");
    open_target();
    o = outcome(CAUSE_HARNESS, TIMING_NONE);
    o.rec.flags |= OUTCOME_ENCRYPTED;
    o.rec.last_frame = 9;
    (void)criteria_use(&c, &o, true, NULL, NULL);
    close_target();
    is_str(word(CRITERION_CONFIDENTIALITY), "pass", "inside TLS it is");
    is_str(word(CRITERION_RELIABILITY), "not-scorable", "and nothing else can be told");
    open_target();
    close_target();
    is_str(word(CRITERION_CONFIDENTIALITY), "not-exercised", "without traffic neither");
}

static const char *placed(unsigned inside, unsigned outside, unsigned unsure, bool strict)
{
    plan.window_strict = strict;
    open_target();
    for (unsigned i = 0; i < inside + outside + unsure; i++) {
        struct outcome o = outcome(CAUSE_OK, TIMING_IN);
        o.rec.placed = i < inside             ? PLACED_INSIDE
                       : i < inside + outside ? PLACED_OUTSIDE
                                              : PLACED_OURS;
        (void)criteria_use(&c, &o, true, NULL, NULL);
    }
    close_target();
    return word(CRITERION_WINDOW);
}

static void windows_from_an_event(void)
{
    begin();
    v.scored_window = PLAN_SCORED;
    v.why_window = NULL;
    v.after_ns = 90 * S;
    is_str(placed(0, 0, 0, false), "not-exercised", "no exchange, no window");
    is_str(placed(3, 2, 0, false), "pass", "the majority inside");
    is_str(placed(3, 2, 1, false), "inconclusive", "unless the doubtful could turn it");
    is_str(placed(1, 2, 1, false), "fail", "the majority outside, whatever the doubtful are");
    is_str(placed(3, 0, 0, true), "pass", "all inside where all are asked");
    is_str(placed(3, 0, 1, true), "inconclusive", "our own share too long refutes nothing");
    is_str(placed(3, 1, 1, true), "fail", "one outside does");
}

static void unlisted(void)
{
    begin();
    row.unlisted = true;
    v.n_clause = 0;
    v.scored_reliability = v.scored_latency = v.scored_size = PLAN_SCORED_NOT_SCORABLE;
    v.why_reliability = v.why_latency = v.why_size = "no table";
    (void)after(0, CAUSE_OK, TIMING_IN, 3);
    is_str(no_verdict_name(result.status), "information", "a row of no table weighs nothing");
    (void)after(0, CAUSE_OK, TIMING_IN, 0);
    is_str(no_verdict_name(result.status), "not-exercised", "but it must have been exercised");
    row.unlisted = false;
    (void)after(0, CAUSE_OK, TIMING_IN, 3);
    is_str(no_verdict_name(result.status), "not-scorable", "a listed one without figures weighs");
}

static void readings(void)
{
    begin();
    v.clause[0] = clause(995000000, 0, 598, 7, 0);
    v.lax_ppb = 900000000;
    v.lax = clause(900000000, 0, 29, 7, 0);
    is_str(after(0, CAUSE_OK, TIMING_IN, 598), "pass", "the strictest reading passes");
    is_str(after(0, CAUSE_OK, TIMING_IN, 149), "inconclusive", "the laxest alone does not");
    open_target();
    give(22, CAUSE_OK, TIMING_IN);
    give(7, CAUSE_LOST, TIMING_NONE);
    close_target();
    is_str(word(CRITERION_RELIABILITY), "fail", "the laxest reading refuses");
    open_target();
    give(29, CAUSE_OK, TIMING_IN);
    give(569, CAUSE_LOST, TIMING_NONE);
    close_target();
    is_str(word(CRITERION_RELIABILITY), "inconclusive", "the strictest alone does not");

    begin();
    v.clause[1] = clause(900000000, 6 * 3600 * S, 29, 7, 0);
    v.n_clause = 2;
    open_target();
    struct outcome o = outcome(CAUSE_LATE, TIMING_NONE);
    o.rec.clause_failed = 2; /* the second clause only */
    for (int i = 0; i < 7; i++)
        (void)criteria_use(&c, &o, true, NULL, NULL);
    close_target();
    is_str(word(CRITERION_RELIABILITY), "fail", "one refused clause refuses the row");
    is_int(result.clause[0].failures, 0, "the other clause has its own count");
}

static void statuses(void)
{
    begin();
    v.scored_size = PLAN_SCORED_NOT_SCORABLE;
    v.why_size = "the row says xMB";
    (void)after(0, CAUSE_OK, TIMING_IN, 149);
    is_str(word(CRITERION_SIZE), "not-scorable", "a missing value is not scorable");
    is_int(result.verdict, VERDICT_NONE, "and its row does not pass as a whole");
    is_int(result.status, NOT_SCORABLE, "but says why");
    begin();
    row.scenario = -1;
    (void)after(0, CAUSE_OK, TIMING_IN, 0);
    is_str(word(CRITERION_LATENCY), "not-run", "what no scenario drives was not run");
    begin();
    v.latency_informative = true;
    (void)after(0, CAUSE_OK, TIMING_NONE, 149);
    is_str(word(CRITERION_LATENCY), "information",
           "latency beside coverage clauses is information");
    begin();
    struct outcome o = outcome(CAUSE_HARNESS, TIMING_NONE);
    o.rec.flags |= OUTCOME_ENCRYPTED;
    open_target();
    ok(criteria_use(&c, &o, true, NULL, NULL), "encrypted is decided at once");
    close_target();
    is_str(result.criterion[CRITERION_RELIABILITY].reason, "encrypted", "and not scorable");
    begin();
    v.share_ppm = -1;
    (void)after(0, CAUSE_OK, TIMING_IN, 149);
    ok(strstr(result.criterion[CRITERION_LATENCY].reason, "not refuted at tap lo") != NULL &&
           strstr(result.criterion[CRITERION_LATENCY].reason, "% of the end-to-end budget") != NULL,
       "without a declared share: %s", result.criterion[CRITERION_LATENCY].reason);
    char text[40];
    is_str(criteria_percent(995000000, text, sizeof text), "99.5 %", "ratios are printed exactly");
    is_str(criteria_percent(980000000, text, sizeof text), "98 %", "without needless zeros");
}

/* A device that loses 5 % of a 98 % row, 1,000 trials overlapping: in planned order it never
 * passes. In the order of completion its successes would come first. */
static void lossy_never_passes(void)
{
    begin();
    srand(1);
    int passed = 0, passed_wrongly = 0;
    for (int run = 0; run < 200; run++) {
        unsigned lost = 0;
        open_target();
        for (int i = 0; i < 1000; i++) {
            bool loses = rand() % 20 == 0;
            lost += loses;
            give(1, loses ? CAUSE_LOST : CAUSE_OK, loses ? TIMING_NONE : TIMING_IN);
        }
        close_target();
        passed += result.criterion[CRITERION_RELIABILITY].verdict == VERDICT_PASS;
        open_target();
        give(1000 - lost, CAUSE_OK, TIMING_IN);
        give(lost, CAUSE_LOST, TIMING_NONE);
        close_target();
        passed_wrongly += result.criterion[CRITERION_RELIABILITY].verdict == VERDICT_PASS;
    }
    is_int(passed, 0, "a device that loses 5 %% is never passed in planned order");
    is_int(passed_wrongly, 200, "(and always would be in the order of completion)");
}

static int compare(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void percentiles(void)
{
    enum { N = 50000 };
    static int64_t value[N];
    char path[] = "/tmp/gridassay-t_criteria.XXXXXX";
    int fd = mkstemp(path);
    struct spill *s = NULL;
    static struct spill_histogram h;
    if (fd == -1 || spill_create(path, &s, NULL) != ERR_OK) {
        ok(false, "a file for exchanges");
        return;
    }
    (void)close(fd);
    srand(3);
    for (int i = 0; i < N; i++) {
        value[i] = (int64_t)exp(7 + 17.0 * rand() / RAND_MAX); /* a microsecond to hours */
        struct exchange_record r = {
            .row = (uint32_t)i % 2, .latency_ns = value[i], .used = 1, .flags = OUTCOME_DELIVERED};
        if (i % 2 == 1)
            spill_count(&h, value[i]);
        (void)spill_put(s, &r, NULL);
    }
    static int64_t odd[N / 2];
    for (int i = 0; i < N / 2; i++)
        odd[i] = value[2 * i + 1];
    qsort(odd, N / 2, sizeof *odd, compare);
    struct spill_rank rank[5];
    static const uint64_t wanted[5] = {1, 2, N / 4, N / 2 - 1, N / 2};
    for (int i = 0; i < 5; i++) {
        rank[i] = (struct spill_rank){.row = 1, .rank = wanted[i]};
        spill_locate(&h, &rank[i]);
    }
    is_int(spill_select(s, rank, 5, NULL), ERR_OK, "ranks are selected from the file");
    for (int i = 0; i < 5; i++)
        is_int(rank[i].value_ns, odd[wanted[i] - 1], "rank %d of %d is exact", (int)wanted[i],
               N / 2);
    spill_close(s);
    (void)unlink(path);
}

int main(void)
{
    zones();
    indeterminate();
    clusters();
    walks();
    doubt();
    together();
    percentile_bounds();
    secrecy();
    windows_from_an_event();
    unlisted();
    readings();
    statuses();
    lossy_never_passes();
    percentiles();
    arena_release(&arena);
    return done_testing();
}
