/* Verdicts on when and how often, and on what could be read: criteria beside the samples. */
#include <stdio.h>

#include "harness/base/clock.h"
#include "harness/score/verdict_impl.h"

/* "7 to 9, 12": the local hours in which it was seen. */
static const char *hours(struct writer *w)
{
    char text[200] = "";
    size_t n = 0;
    for (int h = 0; h < 24; h++) {
        if (w->c->hour[h] == 0)
            continue;
        int last = h;
        while (last < 23 && w->c->hour[last + 1] > 0)
            last++;
        if (n < sizeof text)
            n += (size_t)snprintf(text + n, sizeof text - n, last > h ? "%s%d to %d" : "%s%d",
                                  n == 0 ? "" : ", ", h, last);
        h = last;
    }
    return verdict_say(w, "%s", text);
}

/* Whether a whole day of the deployment passed while its clock stood as it did for this payload. */
static bool whole_day(const struct criteria *c, const struct criteria_context *x)
{
    for (size_t base = c->first_base; base != SIZE_MAX && base <= c->last_base; base++)
        if (deployment_whole_day(x->deployment, base, x->first_ns, x->last_ns))
            return true;
    return false;
}

/* Of those that count: all where that is asked, else the majority. */
static enum verdict by_policy(const struct writer *w, uint64_t inside, uint64_t outside,
                              uint64_t unsure)
{
    if (w->c->plan->window_strict)
        return outside > 0 ? VERDICT_FAIL : unsure > 0 ? VERDICT_INCONCLUSIVE : VERDICT_PASS;
    if (inside > outside + unsure)
        return VERDICT_PASS;
    return outside >= inside + unsure ? VERDICT_FAIL : VERDICT_INCONCLUSIVE;
}

/* A window that runs from an event: how long after it each came, our own share apart. */
static void after_event(struct writer *w, struct result_criterion *r)
{
    const struct criteria *c = w->c;
    const uint64_t *n = c->placed;
    uint64_t unsure = n[PLACED_BETWEEN] + n[PLACED_OURS];
    char bound[40];
    (void)clock_seconds(c->v->after_ns, bound, sizeof bound);
    r->limit_ns = r->limit_lax_ns = c->v->after_ns;
    r->n = (uint32_t)(n[PLACED_INSIDE] + n[PLACED_OUTSIDE] + unsure);
    r->good = (uint32_t)n[PLACED_INSIDE];
    r->bad = (uint32_t)n[PLACED_OUTSIDE];
    r->indeterminate = (uint32_t)unsure;
    r->frame_first = c->reliability.frame_first != 0 ? c->reliability.frame_first : c->frame_first;
    r->frame_last =
        c->reliability.frame_last > c->frame_last ? c->reliability.frame_last : c->frame_last;
    if (r->n == 0) {
        verdict_without(r, NOT_EXERCISED, "nothing arrived");
        return;
    }
    r->verdict = by_policy(w, n[PLACED_INSIDE], n[PLACED_OUTSIDE], unsure);
    r->reason =
        verdict_say(w, "%u of %u within %s s of %s, %s asked, our own share subtracted", r->good,
                    r->n, bound, c->v->after_event == NULL ? "the event" : c->v->after_event,
                    w->c->plan->window_strict ? "all" : "the majority");
    if (n[PLACED_OURS] > 0)
        r->reason = verdict_say(w, "%s; in %llu our own share alone was longer", r->reason,
                                (unsigned long long)n[PLACED_OURS]);
}

struct result_criterion verdict_window(struct writer *w)
{
    const struct criteria *c = w->c;
    struct result_criterion r = verdict_blank(CRITERION_WINDOW);
    const char *seen = hours(w);
    bool provoked = w->x->driven && c->v->cause == PLAN_CAUSE_STIMULUS && c->v->after_ns <= 0;
    if (c->v->scored_window == PLAN_SCORED && provoked && c->attempts > 0) {
        verdict_without(&r, NOT_APPLICABLE, "the harness provoked it: its time was ours");
    } else if (!verdict_excused(w, &r, c->v->scored_window, c->v->why_window) &&
               c->v->after_ns > 0) {
        after_event(w, &r);
    } else if (r.verdict == VERDICT_NONE && r.status == NO_VERDICT_GIVEN) {
        r.n = (uint32_t)c->observed;
        r.good = (uint32_t)c->inside;
        r.bad = (uint32_t)(c->observed - c->inside);
        r.frame_first = c->frame_first;
        r.frame_last = c->frame_last;
        if (w->x->deployment == NULL) {
            verdict_without(&r, NOT_SCORABLE, "the plan holds no zone data");
        } else if (c->observed == 0) {
            verdict_without(&r, NOT_EXERCISED, "nothing arrived");
        } else if (!whole_day(c, w->x)) {
            r.verdict = VERDICT_INCONCLUSIVE;
            r.reason = verdict_say(
                w, "%u of %u inside the window, but less than one whole day was observed", r.good,
                r.n);
        } else {
            r.verdict = by_policy(w, r.good, r.bad, 0);
            r.reason = verdict_say(w, "%u of %u inside the window, %s asked", r.good, r.n,
                                   c->plan->window_strict ? "all" : "the majority");
        }
    }
    if (seen[0] != '\0')
        r.reason = verdict_say(w, "%s%sseen in the hours %s", r.reason,
                               r.reason[0] != '\0' ? "; " : "", seen);
    return r;
}

/* How often each originator sent it, in whole periods of the deployment's clock. */
struct result_criterion verdict_rate(struct writer *w)
{
    const struct criteria *c = w->c;
    const struct plan_variant *v = c->v;
    const struct rate_count *n = w->x->rate;
    struct result_criterion r = verdict_blank(CRITERION_RATE);
    if (v->scored_rate == PLAN_SCORED && w->x->driven && v->cause == PLAN_CAUSE_STIMULUS) {
        verdict_without(&r, NOT_APPLICABLE, "the harness provoked it: its rate was ours");
        return r;
    }
    if (verdict_excused(w, &r, v->scored_rate, v->why_rate))
        return r;
    if (n == NULL || v->rate_period_ns <= 0) {
        verdict_without(&r, NOT_SCORABLE, "the row gives no rate");
        return r;
    }
    char period[40];
    (void)clock_seconds(v->rate_period_ns, period, sizeof period);
    const char *silent = n->silent == 0 ? ""
                                        : verdict_say(w, ", and %llu that sent nothing",
                                                      (unsigned long long)n->silent);
    r.n = (uint32_t)n->periods;
    r.good = (uint32_t)n->good;
    r.bad = (uint32_t)n->bad;
    r.indeterminate = (uint32_t)n->edge;
    r.frame_first = n->frame_first;
    r.frame_last = n->frame_last;
    if (n->originators == 0) {
        verdict_without(&r, NOT_EXERCISED, "nothing arrived");
    } else if (n->periods == 0) {
        r.verdict = VERDICT_INCONCLUSIVE;
        r.reason = verdict_say(w, "less than one whole period of %s s was observed", period);
    } else {
        r.verdict = n->bad > 0 ? VERDICT_FAIL : n->edge > 0 ? VERDICT_INCONCLUSIVE : VERDICT_PASS;
        r.reason = verdict_say(
            w,
            "%llu of %llu periods of %s s held %lld to %lld, %llu were off by one, which "
            "an edge can explain; %llu originators%s",
            (unsigned long long)n->good, (unsigned long long)n->periods, period,
            (long long)v->rate_min, (long long)v->rate_max, (unsigned long long)n->edge,
            (unsigned long long)n->originators, silent);
        if (n->dropped && r.verdict == VERDICT_FAIL) {
            r.verdict = VERDICT_INCONCLUSIVE;
            r.reason = verdict_say(w, "%s; the capture dropped packets, which may be what misses",
                                   r.reason);
        }
    }
    return r;
}

/* A payload that must be kept secret must not be readable on the wire. */
struct result_criterion verdict_confidentiality(struct writer *w)
{
    const struct criteria *c = w->c;
    struct result_criterion r = verdict_blank(CRITERION_CONFIDENTIALITY);
    enum plan_scored scored = c->v->scored_confidentiality;
    if (scored != PLAN_SCORED || c->attempts == 0) {
        (void)verdict_excused(w, &r, scored, c->v->why_confidentiality);
        return r;
    }
    r.n = (uint32_t)(c->readable + c->dark);
    r.good = (uint32_t)c->dark;
    r.bad = (uint32_t)c->readable;
    r.frame_first = r.frame_last = c->readable > 0 ? c->readable_frame : c->dark_frame;
    if (c->readable > 0) {
        r.verdict = VERDICT_FAIL;
        r.reason = verdict_say(w, "%u of %u in clear text, first in frame %llu", r.bad, r.n,
                               (unsigned long long)r.frame_first);
    } else if (c->dark > 0 && r.frame_last != 0) {
        r.verdict = VERDICT_PASS;
        r.reason =
            verdict_say(w, "bytes flowed inside TLS and nothing could be read, last in frame %llu",
                        (unsigned long long)r.frame_last);
    } else {
        verdict_without(&r, NOT_EXERCISED,
                        "nothing was seen, neither in clear text nor inside TLS");
    }
    return r;
}
