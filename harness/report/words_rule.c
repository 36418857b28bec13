/* The decision rules, and what they said, in words. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/plan/rule_io.h"
#include "harness/report/words.h"

static bool is(const char *word, enum rule_kind kind)
{
    return word != NULL && strcmp(word, rule_kind_word[kind]) == 0;
}

bool words_is_short(const char *word)
{
    return !is(word, RULE_SEQUENTIAL) && !is(word, RULE_FIXED);
}

const char *words_rule_name(const char *word)
{
    return is(word, RULE_SEQUENTIAL) ? "truncated sequential test"
           : is(word, RULE_FIXED)    ? "fixed plan"
                                     : "short plan, none may fail";
}

static int64_t consumer_ppm(const struct result *r)
{
    return words_is_short(r->rule) ? 1000000 - r->confidence_ppm : r->consumer_ppm;
}

/* What the rule of this run is, as one sentence. */
static void say_kind(const struct result *r, char *out, size_t size)
{
    char a[WORDS_SIZE];
    if (words_is_short(r->rule)) {
        (void)snprintf(
            out, size,
            "The rule was fixed before the first trial. A row that asks for more than R passes "
            "when each of its first n outcomes is good, n being the least number at which no "
            "failure at all excludes R or less at %s confidence (149 for 98 %%, 299 for 99 %%, "
            "598 for 99.5 %% at 95 %%). It fails when there are so many failures in n that the "
            "same confidence excludes R or better, and is inconclusive between the two.",
            words_risk(r->confidence_ppm, a, sizeof a));
        return;
    }
    int64_t whole = r->discrimination_milli / 1000, rest = r->discrimination_milli % 1000;
    char ratio[40];
    (void)snprintf(ratio, sizeof ratio, rest == 0 ? "%" PRId64 : "%" PRId64 ".%03" PRId64, whole,
                   rest);
    (void)snprintf(
        out, size,
        "The rule was fixed before the first trial: for each row that asks for more than R %s "
        "between the failure rate p1 = 1 - R, which is to be refused, and p0 = p1 / %s, which is "
        "to be accepted (IEC 61123).",
        is(r->rule, RULE_FIXED) ? "a plan of n outcomes of which at most c may fail, to tell"
                                : "a truncated sequential probability ratio test",
        ratio);
}

static void say_risks(const struct result *r, char *out, size_t size)
{
    char a[WORDS_SIZE], b[WORDS_SIZE], c[WORDS_SIZE], spread[3 * WORDS_SIZE] = "";
    if (r->spread)
        (void)snprintf(spread, sizeof spread,
                       " (its share of the %s that the profile spreads over %" PRIu32
                       " judgements)",
                       words_risk(r->producer_ppm, c, sizeof c), r->judgements);
    (void)snprintf(
        out, size,
        "Consumer's risk: equipment that fails as often as p1 or more passes a row with "
        "a probability of at most %s. Producer's risk: equipment that fails as seldom as "
        "p0 or less fails a row with a probability of at most %s%s. Both are computed "
        "exactly, the truncation included.",
        words_risk(r->consumer_ppm, a, sizeof a), words_risk(r->producer_own_ppm, b, sizeof b),
        spread);
}

char *words_risk_sum(const struct result *r, char *out, size_t size)
{
    if (r->producer_sum_ppm < 1000000)
        return words_risk(r->producer_sum_ppm, out, size);
    (void)snprintf(out, size, "certainty (%" PRId64 " %%)", r->producer_sum_ppm / 10000);
    return out;
}

/* False passes need no correction, false fails add up. */
static void say_sum(const struct result *r, char *out, size_t size)
{
    char a[WORDS_SIZE];
    (void)words_risk_sum(r, a, sizeof a);
    (void)snprintf(
        out, size,
        "All rows must pass, so the consumer's risk of the whole is no greater than that "
        "of one row. The producer's risks add up: over the %" PRIu32
        " judgements of this plan to at most %s.%s",
        r->judgements, a, r->spread ? "" : " A profile may spread one risk over all of them.");
}

const char *words_rule(const struct result *r, unsigned i, char *out, size_t size)
{
    char a[WORDS_SIZE];
    bool plain = words_is_short(r->rule);
    switch (i) {
    case 0:
        say_kind(r, out, size);
        return out;
    case 1:
        if (!plain)
            say_risks(r, out, size);
        return plain ? "The short plan states no producer's risk: equipment far better than R may "
                       "end inconclusive."
                     : out;
    case 2:
        return "Outcomes count in the order of their planned start, and one counts when all before "
               "it are resolved; until then it stands as a failure against a pass. The rule is "
               "asked after every outcome; what it says first is final, and later outcomes are "
               "reported but not used.";
    case 3:
        (void)snprintf(out, size,
                       "What the evidence cannot decide (within %s of the limit, touched by a "
                       "dropped packet, a stepped clock or a stall or retransmission of ours) "
                       "counts at its worst both ways; above 1 %% of them the row is inconclusive.",
                       words_duration(r->uncertainty_ns, a, sizeof a));
        return out;
    case 4:
        if (r->clustering_ppm <= 0)
            return "Whether failures come together was not tested.";
        (void)snprintf(out, size,
                       "The rule takes its units for independent. Whether failures come closer "
                       "together than chance has it is tested by the number of runs, at a level of "
                       "%s fixed beforehand; where they do, pass and fail both become "
                       "inconclusive.",
                       words_risk(r->clustering_ppm, a, sizeof a));
        return out;
    case 5:
        if (r->judgements == 0 || plain)
            return "All rows must pass, so the consumer's risk of the whole is no greater than "
                   "that of one row.";
        say_sum(r, out, size);
        return out;
    case 6:
        return "Nothing is subtracted from a latency and no limit is scaled. Intervals are exact "
               "Clopper-Pearson intervals, bounds of percentiles exact order statistics; they are "
               "nominal and decide nothing.";
    default:
        return NULL;
    }
}

/* ---- what it said of one reading */

static const char *units[][3] = {{"exchange", "exchange", "exchanges"},
                                 {"connection", "connection", "connections"},
                                 {"event", "event", "events"},
                                 {"period", "period", "periods"}};

const char *words_unit(const struct result_variant *v, uint64_t n)
{
    for (size_t i = 0; v->unit != NULL && i < sizeof units / sizeof units[0]; i++)
        if (strcmp(v->unit, units[i][0]) == 0)
            return units[i][n == 1 ? 1 : 2];
    return n == 1 ? "outcome" : "outcomes";
}

/* The first number of a list, 0 where it has none. */
static uint32_t first_number(const char *list)
{
    uint32_t n = 0;
    for (const char *p = list == NULL ? "" : list; *p >= '0' && *p <= '9' && n < 100000000; p++)
        n = n * 10 + (uint32_t)(*p - '0');
    return n;
}

void words_clause_rule(struct text *t, const struct result_clause *k)
{
    uint32_t first = first_number(k->accepts);
    text_f(t, "at most %" PRIu32, k->n);
    if (words_is_short(k->rule))
        text_raw(t, ", none may fail");
    else if (first > 0)
        text_f(t, "; passes from %" PRIu32 " with none failed", first);
    if (k->fail_at > 0 && k->fail_at <= k->n)
        text_f(t, "; %" PRIu32 " failed %s", k->fail_at,
               words_is_short(k->rule) ? "exclude it" : "always fail");
}

static void failed_of(struct text *t, const struct result_variant *v, uint32_t failures, uint32_t n)
{
    bool named = v->unit != NULL && v->unit[0] != '\0' && strcmp(v->unit, units[0][0]) != 0;
    if (failures == 0)
        text_f(t, "none of %" PRIu32, n);
    else
        text_f(t, "%" PRIu32 " of %" PRIu32, failures, n);
    if (named)
        text_f(t, " %s", words_unit(v, n));
    text_raw(t, " failed");
}

void words_decision(struct text *t, const struct result *r, const struct result_variant *v)
{
    const struct result_criterion *c = &v->criterion[CRITERION_RELIABILITY];
    char a[WORDS_SIZE], b[WORDS_SIZE];
    if (c->verdict == VERDICT_NONE || c->n == 0)
        return;
    failed_of(t, v, c->bad, c->n);
    if (c->verdict == VERDICT_PASS && c->ratio_ppb >= 0) {
        text_f(t, ": > %s at ", words_ratio(c->ratio_ppb, a, sizeof a));
        text_f(
            t, words_is_short(r->rule) ? "%s confidence" : "%s consumer's risk",
            words_risk(words_is_short(r->rule) ? r->confidence_ppm : consumer_ppm(r), b, sizeof b));
    } else if (c->verdict == VERDICT_FAIL && c->ratio_ppb >= 0) {
        text_f(t, ": not > %s", words_ratio(c->ratio_ppb, a, sizeof a));
        if (!words_is_short(r->rule))
            text_f(t, " at %s producer's risk", words_risk(r->producer_own_ppm, b, sizeof b));
    }
    if (c->decided_at > 0)
        text_f(t, ", %s after %" PRIu32,
               c->verdict == VERDICT_INCONCLUSIVE ? "inconclusive" : "decided", c->decided_at);
    else if (c->verdict == VERDICT_INCONCLUSIVE)
        text_raw(t, ", undecided");
    if (v->n_clause > 1)
        text_f(t, " (the longest of %zu clauses)", v->n_clause);
}

char *words_chance(int64_t ppm, char *out, size_t size)
{
    if (ppm != 0)
        return words_risk(ppm, out, size);
    (void)snprintf(out, size, "less than 0.0001 %%");
    return out;
}

bool words_ruled(enum criterion_kind k)
{
    return k == CRITERION_RELIABILITY || k == CRITERION_LATENCY || k == CRITERION_SIZE;
}

void words_clustering(struct text *t, const struct result *r, const struct result_criterion *c)
{
    char a[WORDS_SIZE], b[WORDS_SIZE];
    if (c->clustering_ppm < 0 || r->clustering_ppm <= 0)
        return;
    text_f(t, "as close together by chance: %s (inconclusive from %s down)",
           words_chance(c->clustering_ppm, a, sizeof a),
           words_risk(r->clustering_ppm, b, sizeof b));
}

void words_indeterminate(struct text *t, const struct result_criterion *c)
{
    char a[WORDS_SIZE];
    if (c->indeterminate == 0 || c->n == 0)
        return;
    text_f(t, "%" PRIu32 " of %" PRIu32 " (%s, 1 %% is allowed)", c->indeterminate, c->n,
           words_share(c->indeterminate, c->n, a, sizeof a));
    if (c->disturbed > 0)
        text_f(t, ", %" PRIu32 " by the harness's own doing", c->disturbed);
}

void words_campaign(struct text *t, enum text_style style, const struct result *r)
{
    if (r->campaign == NULL || r->campaign[0] == '\0')
        return;
    text_clip(t, style, r->campaign, 40);
    text_f(t, ", submission %" PRIu32 " of generation %" PRIu32, r->submission, r->generation);
}

char *words_report_id(const struct result *r, char *out, size_t size)
{
    (void)snprintf(out, size, "%.16s-%.16s", r->nonce == NULL ? "" : r->nonce,
                   r->plan_digest == NULL ? "" : r->plan_digest);
    return out;
}
