#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/drive/inside.h"

#define TRACE_LOOK_NS (20 * NS_PER_MS) /* whether the trace has ended */
#define DECISION_GRACE_NS                                                                          \
    (2 * NS_PER_S)                /* for the judge to decide, before more trials are made          \
                                   */
#define CREDIT_NS (2 * NS_PER_MS) /* starts that fell due together while the loop was busy */
#define TURN_STARTS 64            /* in one turn of the loop: answers come first */
#define CUT_S 8.0                 /* after STOP: for open trials to end by themselves */
#define HARD_S 5.0                /* after STOP: for postambles */

static void sleep_until(struct drive *d, int64_t mono_ns)
{
    int64_t left = mono_ns - clock_mono_ns();
    ev_timer_stop(d->loop, &d->pace);
    ev_now_update(d->loop);
    /* many starts share a turn of the loop at a high pace */
    ev_timer_set(&d->pace, left > 200000 ? (double)left / NS_PER_S : 0.0002, 0.);
    ev_timer_start(d->loop, &d->pace);
}

void pace_sleep(struct drive *d, int64_t ns)
{
    sleep_until(d, clock_mono_ns() + ns);
}

static bool all_decided(const struct drive_case *c)
{
    if (c->started < c->trials_least)
        return false;
    for (size_t i = 0; i < c->n_target; i++)
        if (!c->target_decided[i])
            return false;
    return c->n_target > 0;
}

bool pace_starts_over(const struct drive *d, const struct drive_case *c)
{
    return c->dead || d->stopping || c->started >= c->goal || all_decided(c);
}

static bool duty_spent(const struct drive *d, const struct drive_case *c)
{
    for (size_t i = 0; i < c->script->n_payload; i++) {
        const struct case_payload *p = &c->payload[i];
        if (payload_is_ours(p) && p->duty >= 0 && d->plan->duty[p->duty].most > 0 &&
            d->duty_used[p->duty] >= d->plan->duty[p->duty].most)
            return true;
    }
    return false;
}

/* Cases whose trials have all ended get their postamble. */
static bool drain(struct drive *d)
{
    for (size_t i = 0; i < d->n_case; i++) {
        struct drive_case *c = &d->kase[i];
        if (c->round != ROUND_TRIALS || c->open > 0 || !pace_starts_over(d, c) ||
            (c->pc->whole_day && d->day))
            continue;
        if (c->script->has_postamble && !day_observes(d, c)) {
            c->round = ROUND_POSTAMBLE;
            amble_start(d, c, JOURNAL_POSTAMBLE);
        } else {
            c->round = ROUND_DONE;
            c->settled_ns = clock_mono_ns();
        }
        return true;
    }
    return false;
}

static bool window_closed(struct drive *d, const struct drive_case *c)
{
    int64_t wait = window_wait_ns(d, c, clock_real_ns());
    if (wait > 0)
        sleep_until(d, clock_mono_ns() + wait);
    return wait > 0;
}

/* A case that switches power begins when no other still has devices to bring back. */
static bool must_follow(const struct drive *d, const struct drive_case *c)
{
    for (size_t i = 0; i < d->n_case && c->ps->power; i++) {
        const struct drive_case *o = &d->kase[i];
        if (o != c && o->ps->power && o->script->has_postamble &&
            (o->round == ROUND_TRIALS || o->round == ROUND_POSTAMBLE))
            return true;
    }
    return false;
}

static bool begin(struct drive *d, struct drive_case *c)
{
    if (pace_starts_over(d, c)) {
        c->round = ROUND_DONE;
        c->settled_ns = clock_mono_ns();
        d->at++;
        return true;
    }
    if (must_follow(d, c) || window_closed(d, c))
        return false;
    c->base_ns = clock_real_ns();
    c->base_trial = c->started;
    c->round = c->script->has_preamble ? ROUND_PREAMBLE : ROUND_TRIALS;
    if (c->round == ROUND_PREAMBLE)
        amble_start(d, c, JOURNAL_PREAMBLE);
    return true;
}

/* Trials that are late are made up for at twice the pace: all at once they would be a load that
 * nobody planned. */
static bool too_soon(struct drive *d, int64_t mono_ns)
{
    if (mono_ns >= d->catch_up_ns)
        return false;
    sleep_until(d, d->catch_up_ns);
    return true;
}

/* Between planned starts. What reaches a population of the equipment's is answered by all devices
 * there are, also by those beyond the plan's: it takes the time of as many trials. */
static int64_t step_ns(const struct drive *d, const struct drive_case *c)
{
    int64_t devices = 0;
    for (size_t i = 0; c->pc->population > 0 && i < c->pc->n_group; i++)
        devices += d->plan->group[c->pc->group[i]].eut ? d->plan->group[c->pc->group[i]].count : 0;
    return (devices > 1 ? devices : 1) * NS_PER_S / d->plan->pace_per_s;
}

static void count_start(struct drive *d, const struct drive_case *c, int64_t mono_ns)
{
    if (d->catch_up_ns < mono_ns - CREDIT_NS)
        d->catch_up_ns = mono_ns - CREDIT_NS;
    d->catch_up_ns += step_ns(d, c) / 2;
}

static bool start_one(struct drive *d, struct drive_case *c)
{
    if (pace_starts_over(d, c)) {
        d->at++;
        return true;
    }
    if (d->n_open >= d->plan->overlap_max || (c->images && d->n_images >= DRIVE_IMAGES))
        return false;
    int64_t nth = (int64_t)(c->started - c->base_trial);
    int64_t planned = c->base_ns + nth * step_ns(d, c);
    int64_t now = clock_real_ns();
    if (planned > now) {
        sleep_until(d, clock_mono_ns() + (planned - now));
        return false;
    }
    if (window_closed(d, c)) { /* planned times begin anew when it opens */
        c->base_ns = now + window_wait_ns(d, c, now);
        c->base_trial = c->started;
        return false;
    }
    int64_t ready, mono = clock_mono_ns();
    if (d->turn_starts >= TURN_STARTS) {
        sleep_until(d, mono);
        return false;
    }
    if (too_soon(d, mono))
        return false;
    struct device *dev = device_lease(d, c, mono, &ready);
    if (dev != NULL) {
        count_start(d, c, mono);
        d->turn_starts++;
        trial_start(d, c, c->started, dev, planned);
        return true;
    }
    if (duty_spent(d, c)) {
        c->goal = c->trials_max = c->started;
        return true;
    }
    if (ready != INT64_MAX)
        sleep_until(d, ready);
    return false;
}

static bool wants_more(const struct drive *d, const struct drive_case *c)
{
    return !d->stopping && !d->input_closed && !c->dead && !all_decided(c) &&
           c->started < c->trials_max;
}

/* What went out last comes back, or its time is up. */
static bool all_back(struct drive *d)
{
    bool back = d->n_outgoing == 0 && d->o.speaker->pending(d->control) == 0;
    for (size_t i = 0; i < DRIVE_CLIENTS; i++)
        back = back && d->o.speaker->pending(d->client[i]) == 0;
    if (!back)
        pace_sleep(d, 2 * NS_PER_MS);
    return back;
}

/* Everything was driven once: cases that the judge could not decide get more trials, all in one
 * further round, so that what they wait for is waited for together. */
static bool more(struct drive *d)
{
    int64_t due = INT64_MIN;
    size_t first = d->n_case;
    for (size_t i = 0; i < d->n_case; i++)
        if (d->kase[i].round != ROUND_DONE)
            return false;
    for (size_t i = d->n_case; i-- > 0;) {
        const struct drive_case *c = &d->kase[i];
        if (!wants_more(d, c))
            continue;
        first = i;
        if (c->settled_ns > due)
            due = c->settled_ns;
    }
    if (first == d->n_case) {
        if (!background_is_over(d)) {
            pace_sleep(d, TRACE_LOOK_NS);
            return false;
        }
        background_end(d);
        if (all_back(d))
            ev_break(d->loop, EVBREAK_ALL);
        return false;
    }
    due += d->plan->linger_ns + DECISION_GRACE_NS;
    if (due > clock_mono_ns()) {
        sleep_until(d, due);
        return false;
    }
    for (size_t i = first; i < d->n_case; i++) {
        struct drive_case *c = &d->kase[i];
        if (wants_more(d, c)) {
            c->goal = c->trials_max;
            c->round = ROUND_NEW;
        }
    }
    d->at = first;
    return true;
}

static bool step(struct drive *d)
{
    if (!d->cal.done) {
        calibrate_go_on(d);
        if (!d->cal.done) {
            sleep_until(d, d->cal.sent < d->cal.wanted ? d->cal.next_ns
                                                       : clock_mono_ns() + 2 * NS_PER_MS);
            return false;
        }
    }
    background_begin(d);
    claims_go_on(d);
    if (drain(d))
        return true;
    if (d->at >= d->n_case)
        return day_step(d) ? false : more(d);
    struct drive_case *c = &d->kase[d->at];
    if (c->pc->whole_day) { /* in its turn, with the others */
        d->at++;
        return true;
    }
    switch (c->round) {
    case ROUND_NEW:
        return begin(d, c);
    case ROUND_PREAMBLE:
        return false;
    case ROUND_TRIALS:
        return start_one(d, c);
    case ROUND_POSTAMBLE:
    case ROUND_DONE:
        break;
    }
    d->at++;
    return true;
}

void pace_go_on(struct drive *d)
{
    if (d->in_pace) { /* called by what a step started */
        d->pace_again = true;
        return;
    }
    d->in_pace = true;
    do {
        d->pace_again = false;
        while (d->fault.code == ERR_OK && step(d))
            ;
    } while (d->pace_again && d->fault.code == ERR_OK);
    d->in_pace = false;
}

void pace_decided(struct drive *d, uint32_t row, uint32_t variant)
{
    for (size_t i = 0; i < d->n_case; i++)
        for (size_t k = 0; k < d->kase[i].n_target; k++)
            if (d->kase[i].target_row[k] == row && d->kase[i].target_variant[k] == variant)
                d->kase[i].target_decided[k] = true;
    pace_go_on(d);
}

/* First the answers under way, then whatever still waits, at last the postambles too. */
void pace_stop_timer(struct ev_loop *loop, ev_timer *w, int events)
{
    (void)events;
    struct drive *d = w->data;
    if (d->cutting) {
        ev_break(loop, EVBREAK_ALL);
        return;
    }
    trials_cut(d);
    ev_timer_set(w, HARD_S, 0.);
    ev_timer_start(loop, w);
    pace_go_on(d);
}

void pace_stop(struct drive *d)
{
    if (d->stopping)
        return;
    d->stopping = true;
    ev_now_update(d->loop);
    trials_rouse(d);
    ev_timer_set(&d->stop_timer, CUT_S, 0.);
    ev_timer_start(d->loop, &d->stop_timer);
    pace_go_on(d);
}
