/* How numbers and outcomes read: what is late never reads as in time, only all is 100 %. */
#include <stdio.h>
#include <string.h>

#include "harness/report/words.h"
#include "tests/tap.h"
#include "tests/unit/sample_result.h"

static void durations(void)
{
    char s[WORDS_SIZE];
    is_str(words_duration(0, s, sizeof s), "0 ns", "nothing");
    is_str(words_duration(27149, s, sizeof s), "27.1 \xc2\xb5s", "three digits");
    is_str(words_duration(999999, s, sizeof s), "1 ms", "rounding up changes the unit");
    is_str(words_duration(90123456789, s, sizeof s), "90.1 s", "a minute and a half in seconds");
    is_str(words_duration(14400000000000, s, sizeof s), "4 h", "hours");
    is_str(words_duration(-1, s, sizeof s), "-", "none");
    is_str(words_duration(INT64_MAX, s, sizeof s), "106712.962 d", "the largest does not overflow");
    is_str(words_against(5000000001, 5000000000, s, sizeof s), "5.000001 s",
           "a nanosecond late is not rounded to the limit");
    is_str(words_against(4999999999, 5000000000, s, sizeof s), "5.000000 s",
           "a nanosecond early is told exactly too");
    is_str(words_against(4321000000, 5000000000, s, sizeof s), "4.32 s", "well inside is rounded");
    is_str(words_limit(5000000000, s, sizeof s), "5 s", "limit in seconds");
    is_str(words_limit(60000000000, s, sizeof s), "1 min", "limit in minutes");
    is_str(words_limit(1500000000, s, sizeof s), "1.5 s", "limit with a fraction");
}

static void ratios(void)
{
    char s[WORDS_SIZE];
    is_str(words_ratio(995000000, s, sizeof s), "99.5 %", "a ratio is exact");
    is_str(words_bound(911454849, false, s, sizeof s), "91.145 %", "a lower bound goes down");
    is_str(words_bound(956454849, true, s, sizeof s), "95.646 %", "an upper bound goes up");
    is_str(words_bound(1000000000, true, s, sizeof s), "100 %", "and not beyond all");
    is_str(words_share(999999999, 1000000000, s, sizeof s), "99.9999 %", "one lost is not all");
    is_str(words_share(7, 7, s, sizeof s), "100 %", "all is");
    is_str(words_share(0, 0, s, sizeof s), "-", "of none nothing is said");
    is_str(words_count(1234567, s, sizeof s),
           "1\xe2\x80\xaf"
           "234\xe2\x80\xaf"
           "567",
           "thousands stand apart");
    is_str(words_frames(12, 12, s, sizeof s), "12", "one frame");
    is_str(words_frames(12, 19, s, sizeof s), "12 to 19", "a span of frames");
}

static void outcomes(void)
{
    is_int(outcome_of(VERDICT_NONE, NO_VERDICT_GIVEN), OUTCOME_ERROR,
           "neither verdict nor status is our error");
    ok(outcome_spoils(OUTCOME_NOT_SCORABLE) && outcome_spoils(OUTCOME_NOT_RUN), "no proof spoils");
    ok(!outcome_spoils(OUTCOME_NOT_APPLICABLE) && !outcome_spoils(OUTCOME_INFORMATION),
       "out of scope and information do not");
    const struct result *r = sample_result();
    ok(!words_point(&r->row[4], 0, CRITERION_SIZE).spoils,
       "a criterion without a value spoils no row that passed");
    ok(words_point(&r->row[1], 0, CRITERION_SIZE).spoils, "a failed criterion spoils a failed row");
    struct result_row odd = r->row[0];
    odd.verdict = VERDICT_NONE;
    odd.status = NOT_RUN;
    odd.reason = "never started";
    struct words_point p = words_point(&odd, 0, CRITERION_RELIABILITY);
    ok(p.spoils && p.outcome == OUTCOME_NOT_RUN, "a row that spoils has a point that says so");
    is_str(p.reason, "never started", "with the row's reason");
}

static void whole(void)
{
    struct result_summary s = {.pass = 9, .verdict = VERDICT_PASS, .exit_status = EXIT_ALL_PASS};
    is_int(words_whole(&s), OUTCOME_PASS, "a run that passed");
    s.not_exercised = 1;
    s.exit_status = EXIT_INCONCLUSIVE;
    is_int(words_whole(&s), OUTCOME_NOT_EXERCISED, "one row never exercised is no pass");
    s.error = s.fail = 1;
    s.verdict = VERDICT_ERROR;
    s.exit_status = EXIT_FAIL;
    is_int(words_whole(&s), OUTCOME_FAIL, "a fail survives a later error");
}

static void proofs(void)
{
    const struct result_variant *v = &sample_result()->row[1].variant[0];
    ok(words_proves(v, &v->example[0], CRITERION_LATENCY), "a late exchange proves the latency");
    ok(words_proves(v, &v->example[0], CRITERION_SIZE), "an oversize one the size");
    ok(!words_proves(v, &v->example[1], CRITERION_RELIABILITY), "a good one nothing");
    ok(!words_proves(v, &v->example[1], CRITERION_SIZE), "nor one within the ceiling");
}

static const char *row_words(const struct result_row *row)
{
    static struct text t;
    text_release(&t);
    text_init(&t);
    words_row(&t, TEXT_PLAIN, row);
    return t.buf.data;
}

static const char *variant_words(const struct result_row *row, size_t i)
{
    static struct text t;
    text_release(&t);
    text_init(&t);
    words_variant(&t, TEXT_PLAIN, row, i);
    return t.buf.data == NULL ? "" : t.buf.data;
}

static void readings(void)
{
    struct result_row row = sample_result()->row[0];
    struct result_variant v[2] = {row.variant[0], row.variant[0]};
    row.variant = v;
    is_str(row_words(&row), "4.10.4.1/read_cmd", "a row by its id");
    row.shared = true;
    is_str(row_words(&row), "4.10.4.1/read_cmd (Meter Reading)",
           "with its use case where others have that id");
    is_str(variant_words(&row, 0), "leg 1", "a reading by its leg");
    row.n_variant = 2;
    v[1].to = "MDMS";
    is_str(variant_words(&row, 1), "leg 1, to MDMS", "two destinations of one leg");
    v[1].leg = "2";
    is_str(variant_words(&row, 1), "leg 2", "not where the legs differ");
    v[1].role = "through the equipment";
    is_str(variant_words(&row, 1), "leg 2, through the equipment", "roles where they differ");
}

/* All sentences of the rule behind each other. */
static const char *rule_words(const struct result *r)
{
    static char all[8 * WORDS_RULE_SIZE];
    char one[WORDS_RULE_SIZE];
    const char *s;
    all[0] = '\0';
    for (unsigned i = 0; (s = words_rule(r, i, one, sizeof one)) != NULL; i++)
        (void)snprintf(all + strlen(all), sizeof all - strlen(all), "%s\n", s);
    return all;
}

static const char *decision_words(const struct result *r, const struct result_variant *v)
{
    static struct text t;
    text_release(&t);
    text_init(&t);
    words_decision(&t, r, v);
    return t.buf.data == NULL ? "" : t.buf.data;
}

static void rules(void)
{
    struct result r = *sample_result();
    const char *s = rule_words(&r);
    ok(strstr(s, "p1 = 1 - R") != NULL && strstr(s, "p0 = p1 / 3, ") != NULL, "both rates");
    ok(strstr(s, "passes a row with a probability of at most 5 %.") != NULL, "the consumer's risk");
    ok(strstr(s, "at most 0.625 % (its share of the 5 % that the profile spreads over 8 "
                 "judgements)") != NULL,
       "the producer's, and what it is a share of");
    ok(strstr(s, "over the 8 judgements of this plan to at most 5 %.") != NULL, "and the sum");
    ok(strstr(s, "at a level of 1 % fixed beforehand") != NULL,
       "the level of the test for clusters");
    r.spread = false;
    r.producer_own_ppm = 50000;
    r.producer_sum_ppm = 21 * 50000;
    r.discrimination_milli = 1500;
    s = rule_words(&r);
    ok(strstr(s, "p1 / 1.500") != NULL, "a ratio that is not whole");
    ok(strstr(s, "to at most certainty (105 %)") != NULL, "a sum above all is told as that");
    r.rule = "fixed";
    ok(strstr(rule_words(&r), "a plan of n outcomes of which at most c may fail") != NULL, "fixed");
    r.rule = NULL;
    s = rule_words(&r);
    ok(strstr(s, "598 for 99.5 % at 95 %") != NULL && strstr(s, "p0") == NULL,
       "without a word it is the short plan, which older results have");
}

static void decisions(void)
{
    struct result r = *sample_result();
    struct result_variant v = r.row[0].variant[0];
    struct result_criterion *c = &v.criterion[CRITERION_RELIABILITY];
    c->n = 894;
    c->bad = 0;
    is_str(decision_words(&r, &v),
           "none of 894 failed: > 99.5 % at 5 % consumer's risk, decided "
           "after 894",
           "a pass");
    v.unit = "event";
    is_str(decision_words(&r, &v),
           "none of 894 events failed: > 99.5 % at 5 % consumer's risk, "
           "decided after 894",
           "of units that are no exchanges");
    v.unit = "exchange";
    c->verdict = VERDICT_FAIL;
    c->n = c->decided_at = 108;
    c->bad = 3;
    is_str(decision_words(&r, &v),
           "3 of 108 failed: not > 99.5 % at 0.625 % producer's risk, decided after 108", "a fail");
    c->verdict = VERDICT_INCONCLUSIVE;
    c->decided_at = 0;
    is_str(decision_words(&r, &v), "3 of 108 failed, undecided", "neither");
    c->decided_at = 149;
    is_str(decision_words(&r, &v), "3 of 108 failed, inconclusive after 149",
           "a rule that ended between its lines has decided nothing");
    c->decided_at = 0;
    r.rule = "short";
    c->verdict = VERDICT_PASS;
    c->bad = 0;
    is_str(decision_words(&r, &v), "none of 108 failed: > 99.5 % at 95 % confidence",
           "the short plan speaks of confidence");
    c->verdict = VERDICT_NONE;
    is_str(decision_words(&r, &v), "", "nothing where nothing was judged");
    char id[WORDS_SIZE];
    is_str(words_chance(0, id, sizeof id), "less than 0.0001 %", "no chance is none at all");
    is_str(words_chance(2100, id, sizeof id), "0.21 %", "another is told exactly");
    is_str(words_report_id(&r, id, sizeof id), "1f2e3d4c-c0ffee", "a report by run and plan");
}

int main(void)
{
    readings();
    rules();
    decisions();
    durations();
    ratios();
    outcomes();
    whole();
    proofs();
    return done_testing();
}
