/* What a rule has said of its sample, in words and numbers; and what takes that word back. */
#include <stdio.h>

#include "harness/base/stats.h"
#include "harness/plan/rule_io.h"
#include "harness/score/verdict_impl.h"

/* What all reasons of one criterion have in common. */
struct ground {
    const struct judgement *j;
    const struct sample *s;   /* whose numbers are told */
    const struct rule *fails; /* that refuses: of the laxest reading */
    const char *what, *ratio;
    const char *sure; /* "at 95 % confidence", "at a consumer's risk of 5 % (...)" */
    const char *refused;
};

/* The largest of the strict ones that have the verdict; where the laxest reading refuses, that. */
static const struct sample *shown(const struct judgement *j)
{
    const struct sample *s = NULL;
    if (j->has_lax && j->verdict == VERDICT_FAIL)
        return &j->lax;
    for (size_t i = 0; i < j->n_strict; i++) {
        bool other = j->verdict == VERDICT_FAIL && j->strict[i].verdict != VERDICT_FAIL;
        if (!other && (s == NULL || j->strict[i].rule->n > s->rule->n))
            s = &j->strict[i];
    }
    return s == NULL ? &j->strict[0] : s;
}

static const char *percent(struct writer *w, int64_t ppb)
{
    char text[32];
    return verdict_say(w, "%s", criteria_percent(ppb, text, sizeof text));
}

/* How likely it is that failures come so close together by chance: a pass leans on all strict
 * samples, a fail on any that refuses. -1 where there was nothing to test. */
static int64_t clustering(const struct judgement *j)
{
    int64_t found = -1;
    if (j->has_lax && j->verdict == VERDICT_FAIL)
        return j->lax.clustering_ppm;
    for (size_t i = 0; i < j->n_strict; i++) {
        const struct sample *s = &j->strict[i];
        bool fails = j->verdict == VERDICT_FAIL;
        if (fails && s->verdict != VERDICT_FAIL)
            continue;
        if (fails && s->clustering_ppm < 0)
            return -1;
        if (s->clustering_ppm >= 0 &&
            (found < 0 || (fails ? s->clustering_ppm > found : s->clustering_ppm < found)))
            found = s->clustering_ppm;
    }
    return found;
}

static const char *risk(struct writer *w, const struct sample *s, bool consumer)
{
    const struct plan *p = w->c->plan;
    if (s->rule->kind == RULE_SHORT)
        return verdict_say(w, "at %s confidence", percent(w, p->confidence_ppm * 1000));
    const char *held =
        s->decided_at > s->spoke_at
            ? verdict_say(w, ", indeterminate ones below 1 %% after %u", s->decided_at)
            : "";
    return verdict_say(
        w, "at a %s's risk of %s (%s, decided after %u%s)", consumer ? "consumer" : "producer",
        percent(w, (consumer ? p->risks.consumer_ppm : p->risks.producer_own_ppm) * 1000),
        rule_kind_word[s->rule->kind], s->spoke_at, held);
}

/* Why, where each trial counts with the share of its population that it lost. */
static const char *clusters(struct writer *w, const struct ground *g, enum verdict verdict)
{
    const struct sample *s = g->s;
    const char *sum =
        verdict_say(w, "%u of %u events with %u devices each, shares not %s sum to %lld.%03lld",
                    s->used, s->rule->n, w->c->v->population, g->what,
                    (long long)(s->lost_ppm / 1000000), (long long)(s->lost_ppm % 1000000 / 1000));
    bool is_short = s->rule->kind == RULE_SHORT;
    if (verdict == VERDICT_PASS && is_short)
        return verdict_say(w, "%s, at most %u: more than %s %s", sum, rule_accepts_up_to(s->rule),
                           g->ratio, g->sure);
    if (verdict == VERDICT_PASS)
        return verdict_say(w, "%s: more than %s %s", sum, g->ratio, g->sure);
    if (verdict == VERDICT_FAIL && is_short)
        return verdict_say(w, "%s, %u exclude more than %s %s", sum, rule_rejects_from(g->fails),
                           g->ratio, g->refused);
    if (verdict == VERDICT_FAIL)
        return verdict_say(w, "%s: more than %s is refused %s", sum, g->ratio, g->refused);
    if (s->used < s->rule->n)
        return verdict_say(w, "%s: too few to decide", sum);
    return verdict_say(w, "%s, with the indeterminate %lld.%03lld: neither within %u nor %u", sum,
                       (long long)(s->doubtful_ppm / 1000000),
                       (long long)(s->doubtful_ppm % 1000000 / 1000), rule_accepts_up_to(s->rule),
                       rule_rejects_from(g->fails));
}

static const char *accepted(struct writer *w, const struct result_criterion *r,
                            const struct ground *g)
{
    if (r->bad + r->indeterminate == 0)
        return verdict_say(w, "all %u of %u %s: more than %s %s", r->good, r->n, g->what, g->ratio,
                           g->sure);
    if (g->s->rule->kind == RULE_SHORT)
        return verdict_say(w, "%u of %u %s, %u may be lost: more than %s %s", r->good, r->n,
                           g->what, rule_accepts_up_to(g->s->rule), g->ratio, g->sure);
    return verdict_say(w, "%u of %u %s: more than %s %s", r->good, r->n, g->what, g->ratio,
                       g->sure);
}

static const char *refused(struct writer *w, const struct result_criterion *r,
                           const struct ground *g)
{
    if (g->s->rule->kind == RULE_SHORT)
        return verdict_say(w, "%u of %u not %s, %u in %u exclude more than %s %s", r->bad, r->n,
                           g->what, r->fail_at, g->fails->n, g->ratio, g->refused);
    return verdict_say(w, "%u of %u not %s: more than %s is refused %s", r->bad, r->n, g->what,
                       g->ratio, g->refused);
}

static const char *undecided(struct writer *w, const struct result_criterion *r,
                             const struct ground *g)
{
    const struct sample *s = g->s;
    const struct judgement *j = g->j;
    if (sample_doubtful(s))
        return verdict_say(w,
                           "%u of %u touched by the harness's own disturbances or uncertainty, "
                           "more than 1 %%%s: %s",
                           s->disturbed, r->n,
                           s->best == RULE_REJECTS    ? ", though the rule refuses"
                           : s->worst == RULE_ACCEPTS ? ", though the rule accepts"
                                                      : "",
                           verdict_causes(w, true));
    if (s->verdict == VERDICT_NONE)
        return verdict_say(w, "%u of %u outcomes, %u not %s: too few to decide", s->used,
                           s->rule->n, s->failures, g->what);
    if (j->has_lax && s->verdict == VERDICT_FAIL)
        return verdict_say(w,
                           "%u of %u not %s: the strictest admissible reading is refused, the "
                           "laxest is not",
                           r->bad, r->n, g->what);
    if (s->indeterminate > 0 && s->failures <= rule_accepts_up_to(s->rule))
        return verdict_say(w, "%u of %u indeterminate: counted as failures they forbid a pass",
                           s->indeterminate, r->n);
    if (s->rule->kind == RULE_SHORT)
        return verdict_say(w, "%u of %u not %s: neither none nor %u", r->bad, r->n, g->what,
                           r->fail_at);
    return verdict_say(w, "%u of %u not %s, %u indeterminate: neither accepted nor refused", r->bad,
                       r->n, g->what, r->indeterminate);
}

/* Failures that come together share a ground: they are fewer than they seem, and so are the
 * successes between them. What the rule has said of independent units is not said of these. */
static void look_for_clusters(struct writer *w, struct result_criterion *r, const struct ground *g)
{
    const struct sample *s = g->s;
    int64_t level = w->c->plan->risks.clustering_ppm;
    if (level <= 0)
        return;
    r->clustering_ppm = clustering(g->j);
    bool word = r->verdict == VERDICT_PASS || r->verdict == VERDICT_FAIL;
    if (!word || r->clustering_ppm < 0 || r->clustering_ppm > level)
        return;
    r->reason = verdict_say(
        w,
        "%s by the rule (%s), but the failures come together: %u in %u "
        "stretches of one kind, as few as that by chance in %s of all orders, "
        "at most %s is allowed",
        r->verdict == VERDICT_PASS ? "accepted" : "refused", r->reason, s->failed, s->runs,
        r->clustering_ppm == 0 ? "less than 0.0001 %" : percent(w, r->clustering_ppm * 1000),
        percent(w, level * 1000));
    r->verdict = VERDICT_INCONCLUSIVE;
}

void verdict_by_rule(struct writer *w, struct result_criterion *r, const struct judgement *j,
                     int64_t ratio_ppb, const char *what)
{
    const struct sample *s = shown(j);
    if (j->n_strict > 1 && s != &j->lax)
        ratio_ppb = w->c->v->clause[s - j->strict].ratio_ppb;
    const struct ground g = {.j = j,
                             .s = s,
                             .fails = j->has_lax ? j->lax.rule : s->rule,
                             .what = what,
                             .ratio = percent(w, ratio_ppb),
                             .sure = risk(w, s, true),
                             .refused = risk(w, s, false)};
    int64_t ignored, confidence = w->c->plan->confidence_ppm;
    r->n = s->used;
    r->planned = s->rule->n;
    r->bad = s->failures;
    r->indeterminate = s->indeterminate;
    r->good = s->used - s->failures - s->indeterminate;
    r->fail_at = rule_rejects_from(g.fails);
    r->decided_at = s->decided_at;
    r->disturbed = s->disturbed;
    r->ratio_ppb = ratio_ppb;
    r->frame_first = j->frame_first;
    r->frame_last = j->frame_last;
    if (w->c->v->population > 0) {
        r->good = s->clean;
        r->bad = s->used - s->clean - s->indeterminate;
    } else {
        /* Each bound with the indeterminate at their worst for it. */
        stats_interval(s->used, r->good, confidence, &r->low_ppb, &ignored);
        stats_interval(s->used, r->good + r->indeterminate, confidence, &ignored, &r->high_ppb);
    }
    r->verdict = j->verdict == VERDICT_NONE ? VERDICT_INCONCLUSIVE : j->verdict;
    if (r->verdict == VERDICT_PASS && r->frame_last == 0) {
        r->verdict = VERDICT_INCONCLUSIVE;
        r->reason = "no frame to lean on";
        return;
    }
    r->reason = r->verdict == VERDICT_INCONCLUSIVE && sample_doubtful(s) ? undecided(w, r, &g)
                : w->c->v->population > 0    ? clusters(w, &g, r->verdict)
                : r->verdict == VERDICT_PASS ? accepted(w, r, &g)
                : r->verdict == VERDICT_FAIL ? refused(w, r, &g)
                                             : undecided(w, r, &g);
    look_for_clusters(w, r, &g);
}
