#include "harness/score/sample.h"

#include <math.h>

#include "harness/base/runs.h"

#define WHOLE_PPM INT64_C(1000000)
#define COMMON 0.25

void sample_init(struct sample *s, const struct rule *rule, bool tested)
{
    *s = (struct sample){.rule = rule, .tested = tested, .clustering_ppm = -1};
}

bool sample_doubtful(const struct sample *s)
{
    return (uint64_t)s->disturbed * 100 > (uint64_t)s->used * SAMPLE_DOUBT_PERCENT;
}

static bool goes_on(const void *arg, uint32_t units, uint32_t failures)
{
    return rule_judge(arg, units, failures) == RULE_GOES_ON;
}

/* Once, when the sample closes. Units that are indeterminate stand nowhere in the order. */
static int64_t clustering(const struct sample *s)
{
    if (!s->tested || s->failed < 2 || s->clean == 0)
        return -1;
    double tail = runs_tail(s->failed, s->clean, s->runs), stopped = -1;
    /* Nothing in doubt, nothing held back, each unit one outcome: the walk is the rule's own. What
     * is common among all orders is not looked at more closely. */
    if (s->indeterminate == 0 && s->spoke_at == s->used && s->failed == s->failures &&
        tail < COMMON)
        stopped = runs_tail_stopped(s->failed, s->clean, s->runs, goes_on, s->rule);
    return (int64_t)floor((stopped < 0 ? tail : stopped) * 1e6 + 0.5);
}

static void order(struct sample *s, bool failed, bool unsure)
{
    if (unsure && !failed)
        return;
    s->runs += s->runs == 0 || s->last_failed != failed;
    s->last_failed = failed;
}

static void close_with(struct sample *s, enum verdict verdict)
{
    s->verdict = verdict;
    s->decided_at = s->used;
    if (s->spoke_at == 0)
        s->spoke_at = s->used;
    s->clustering_ppm = clustering(s);
}

static enum rule_word says(const struct sample *s, uint32_t failures)
{
    return rule_judge(s->rule, s->used, failures);
}

static void review(struct sample *s, uint32_t doubtful)
{
    bool refused = s->best == RULE_REJECTS, accepted = s->worst == RULE_ACCEPTS;
    if ((refused || accepted) && s->spoke_at == 0)
        s->spoke_at = s->used;
    if (refused && !sample_doubtful(s) && says(s, s->failures) == RULE_REJECTS)
        close_with(s, VERDICT_FAIL);
    else if (accepted && !sample_doubtful(s) && says(s, doubtful) == RULE_ACCEPTS)
        close_with(s, VERDICT_PASS);
    else if (s->used >= s->rule->n)
        close_with(s, VERDICT_INCONCLUSIVE);
    else if (!refused && !accepted && s->best != RULE_GOES_ON && s->worst != RULE_GOES_ON)
        close_with(s, VERDICT_INCONCLUSIVE);
}

void sample_use(struct sample *s, uint32_t failed, uint32_t unsure, uint32_t n, bool disturbed)
{
    if (s->verdict != VERDICT_NONE || s->rule == NULL)
        return;
    s->used++;
    s->lost_ppm += failed * WHOLE_PPM / n;
    s->doubtful_ppm += ((failed + unsure) * WHOLE_PPM + n - 1) / n;
    s->failures = (uint32_t)(s->lost_ppm / WHOLE_PPM);
    s->indeterminate += unsure > 0;
    s->disturbed += unsure > 0 && disturbed;
    s->clean += failed + unsure == 0;
    s->failed += failed > 0;
    order(s, failed > 0, unsure > 0);
    uint32_t doubtful = (uint32_t)((s->doubtful_ppm + WHOLE_PPM - 1) / WHOLE_PPM);
    if (s->best == RULE_GOES_ON)
        s->best = says(s, s->failures);
    if (s->worst == RULE_GOES_ON)
        s->worst = says(s, doubtful);
    review(s, doubtful);
}
