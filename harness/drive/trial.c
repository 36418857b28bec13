#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/limits.h"
#include "harness/base/num.h"
#include "harness/drive/image.h"

#define MAX_SLOTS 0xfffffu
#define OUT_BYTES (256u * 1024 * 1024) /* ceiling on what one trial sends */

bool trial_is_amble(const struct trial *t)
{
    return t->number == JOURNAL_PREAMBLE || t->number == JOURNAL_POSTAMBLE;
}

static void on_timer(struct ev_loop *loop, ev_timer *w, int events)
{
    (void)loop;
    (void)events;
    struct trial *t = w->data;
    /* an image that is still on its way moves the end of what waits for its confirmation */
    int64_t until = t->wait == WAIT_MESSAGE && !t->d->cutting ? expect_deadline_ns(t) : 0;
    if (until > clock_mono_ns() + NS_PER_MS) {
        ev_timer_set(&t->timer, (double)(until - clock_mono_ns()) / NS_PER_S, 0.);
        ev_timer_start(t->d->loop, &t->timer);
        return;
    }
    trial_wake(t, t->d->cutting ? HEARD_STOPPED : HEARD_TIMEOUT);
}

void trial_wait(struct trial *t, enum waiting_for what, int64_t until_ns)
{
    t->wait = what;
    t->heard = HEARD_NOTHING;
    if (what == WAIT_STIMULUS)
        return; /* the control exchange has an end of its own */
    bool hurry = t->d->cutting || (t->d->stopping && what == WAIT_SLEEP);
    int64_t left = hurry && !trial_is_amble(t) ? 0 : until_ns - clock_mono_ns();
    ev_now_update(t->d->loop);
    ev_timer_set(&t->timer, left > 0 ? (double)left / NS_PER_S : 0., 0.);
    ev_timer_start(t->d->loop, &t->timer);
}

void trial_wake(struct trial *t, enum heard heard)
{
    ev_timer_stop(t->d->loop, &t->timer);
    t->wait = WAIT_NOTHING;
    t->heard = heard;
    trial_resume(t, 0);
}

void trial_correlation(const struct trial *t, uint32_t command, char *out)
{
    char trial[16];
    if (trial_is_amble(t))
        (void)snprintf(trial, sizeof trial, "%s", t->number == JOURNAL_PREAMBLE ? "pre" : "post");
    else
        (void)snprintf(trial, sizeof trial, "%u", t->number);
    int n = snprintf(out, DRIVE_CORRELATION, "ga-%s-%u.%u-%s", t->d->plan->nonce, t->kase->scenario,
                     t->kase->kase, trial);
    if (command > 0)
        (void)snprintf(out + n, (size_t)(DRIVE_CORRELATION - n), ".%u", command);
}

uint64_t trial_token(const struct trial *t, uint32_t number)
{
    return (uint64_t)t->slot << 40 | (uint64_t)(t->generation & 0xffff) << 24 | number;
}

struct trial *trial_by_token(struct drive *d, uint64_t token, uint32_t *number)
{
    uint32_t slot = (uint32_t)(token >> 40);
    *number = (uint32_t)(token & 0xffffff);
    struct trial *t = slot < d->n_slot ? d->slot[slot] : NULL;
    return t != NULL && (t->generation & 0xffff) == (token >> 24 & 0xffff) ? t : NULL;
}

/* Digits up to stop; the place behind it, NULL when there is none. */
static const char *number(const char *p, const char *end, char stop, uint64_t *out)
{
    const char *q = p;
    while (q < end && *q != stop)
        q++;
    if ((stop != '\0' && q == end) || !num_u64(p, (size_t)(q - p), 0, UINT32_MAX - 2, out))
        return NULL;
    return q == end ? q : q + 1;
}

struct trial *trial_by_correlation(struct drive *d, const char *text, size_t len, uint32_t *command)
{
    size_t nonce = strlen(d->plan->nonce);
    if (len < nonce + 8 || len >= DRIVE_CORRELATION || memcmp(text, "ga-", 3) != 0 ||
        memcmp(text + 3, d->plan->nonce, nonce) != 0 || text[3 + nonce] != '-')
        return NULL;
    const char *p = text + nonce + 4, *end = text + len;
    uint64_t scenario, kase, trial = 0, sub = 0;
    p = number(p, end, '.', &scenario);
    p = p == NULL ? NULL : number(p, end, '-', &kase);
    if (p == NULL)
        return NULL;
    struct drive_case *c = NULL;
    for (size_t i = 0; i < d->n_case && c == NULL; i++)
        if (d->kase[i].scenario == scenario && d->kase[i].kase == kase)
            c = &d->kase[i];
    if (c == NULL)
        return NULL;
    const char *dot = memchr(p, '.', (size_t)(end - p));
    size_t n = (size_t)((dot == NULL ? end : dot) - p);
    bool pre = n == 3 && memcmp(p, "pre", 3) == 0, post = n == 4 && memcmp(p, "post", 4) == 0;
    if (!pre && !post && !num_u64(p, n, 0, UINT32_MAX - 2, &trial))
        return NULL;
    if (dot != NULL && !num_u64(dot + 1, (size_t)(end - dot) - 1, 1, DRIVE_MAX_COMMANDS, &sub))
        return NULL;
    *command = (uint32_t)sub;
    if (!pre && !post)
        return trial < c->trials_max ? c->by_number[trial] : NULL;
    return c->amble != NULL && c->amble->number == (pre ? JOURNAL_PREAMBLE : JOURNAL_POSTAMBLE)
               ? c->amble
               : NULL;
}

/* A slot with its Lua thread, fresh or used before. */
static struct trial *take_slot(struct drive *d, struct err *e)
{
    struct trial *t = d->free;
    if (t != NULL) {
        d->free = t->next;
    } else {
        if (d->n_slot == d->cap_slot) {
            size_t cap = d->cap_slot == 0 ? 64 : d->cap_slot * 2;
            struct trial **more = cap > MAX_SLOTS ? NULL : realloc(d->slot, cap * sizeof *more);
            if (more == NULL) {
                (void)err_set(e, ERR_NOMEM, "no memory for %zu open trials", cap);
                return NULL;
            }
            d->slot = more;
            d->cap_slot = cap;
        }
        t = calloc(1, sizeof *t);
        if (t == NULL) {
            (void)err_set(e, ERR_NOMEM, "no memory for a trial");
            return NULL;
        }
        t->d = d;
        t->slot = (uint32_t)d->n_slot;
        t->thread_ref = t->self_ref = LUA_NOREF;
        buf_init(&t->out, OUT_BYTES);
        ev_init(&t->timer, on_timer);
        t->timer.data = t;
        d->slot[d->n_slot++] = t;
    }
    if (t->thread == NULL) {
        lua_State *l = script_lua(d->script);
        lua_pushcfunction(l, api_new_thread);
        lua_pushlightuserdata(l, t);
        if (script_call(d->script, NULL, 1, 0, e) != ERR_OK) {
            t->next = d->free;
            d->free = t;
            return NULL;
        }
    }
    return t;
}

static struct trial *open_slot(struct drive *d, struct drive_case *c, uint32_t number,
                               struct err *e)
{
    struct trial *t = take_slot(d, e);
    if (t == NULL)
        return NULL;
    t->generation++;
    t->kase = c;
    t->number = number;
    t->device = t->touch = NULL;
    t->exclusive = t->claiming = t->started = t->over = false;
    t->finished = t->ended = t->failed = t->imaging = false;
    t->wait = WAIT_NOTHING;
    t->n_command = t->first_queued = t->n_exchange = 0;
    t->outstanding = t->flying = t->n_proof = t->asking = 0;
    t->missed = 0;
    t->fault[0] = '\0';
    memset(t->sub, 0, sizeof t->sub);
    buf_reset(&t->out);
    t->prev = NULL;
    t->next = d->open;
    if (d->open != NULL)
        d->open->prev = t;
    d->open = t;
    return t;
}

void trial_retire(struct trial *t)
{
    if (!t->ended || t->outstanding > 0 || t->asking > 0)
        return;
    struct drive *d = t->d;
    t->ended = false; /* once */
    inquiries_free(t);
    read_backs_free(t);
    t->generation++;
    t->next = d->free;
    d->free = t;
}

static void give_back(struct trial *t)
{
    struct drive *d = t->d;
    struct drive_case *c = t->kase;
    devices_hear(t);
    if (t->crowd)
        crowd_release(t);
    else if (t->device != NULL || t->touch != NULL)
        device_release(t->device != NULL ? t->device : t->touch, t->exclusive);
    else if (t->exclusive)
        for (uint32_t i = 0; i < c->n_ring; i++)
            if (d->device[c->ring[i]].holder == t)
                d->device[c->ring[i]].holder = NULL;
}

struct device_list {
    struct device_list *next;
    uint32_t device[];
};

uint32_t *trial_list(struct trial *t, size_t n)
{
    struct device_list *x = malloc(sizeof *x + n * sizeof x->device[0]);
    if (x == NULL)
        return NULL;
    x->next = t->list;
    t->list = x;
    return x->device;
}

static void lists_free(struct trial *t)
{
    while (t->list != NULL) {
        struct device_list *x = t->list;
        t->list = x->next;
        free(x);
    }
}

void trial_image_sent(struct trial *t)
{
    t->d->n_images -= t->imaging;
    t->imaging = false;
}

void trial_end(struct trial *t)
{
    struct drive *d = t->d;
    struct drive_case *c = t->kase;
    if (t->prev != NULL)
        t->prev->next = t->next;
    else
        d->open = t->next;
    if (t->next != NULL)
        t->next->prev = t->prev;
    expect_clear(t);
    arrival_clear(t);
    inquiries_close(t);
    lists_free(t);
    give_back(t);
    t->ended = true;
    if (trial_is_amble(t)) {
        c->amble = NULL;
        if (c->round == ROUND_PREAMBLE)
            c->round = ROUND_TRIALS;
        else
            c->round = ROUND_DONE;
        c->base_ns = clock_real_ns();
        c->base_trial = c->started;
        c->settled_ns = clock_mono_ns();
    } else {
        struct journal_record r = {.type = JOURNAL_TRIAL_END};
        r.u.trial_end.scenario = c->scenario;
        r.u.trial_end.kase = c->kase;
        r.u.trial_end.trial = t->number;
        r.u.trial_end.failed = t->failed;
        record(d, &r);
        c->by_number[t->number] = NULL;
        c->open--;
        d->n_open--;
        trial_image_sent(t);
        d->n_done++;
    }
    trial_retire(t);
    pace_go_on(d);
}

/* The script has ended: so does the trial, once nothing is left to be proved. */
static void finish(struct trial *t, bool failed)
{
    t->finished = true;
    t->failed = failed;
    if (t->d->cutting)
        read_backs_cut(t);
    if (!t->ended && t->n_proof == 0)
        trial_end(t);
}

/* What provokes the equipment is the lab's: the trial is lost, the scenario goes on. Told once. */
static void stimulus_failed(struct trial *t)
{
    char text[400];
    if (t->kase->stimulus_failed)
        return;
    t->kase->stimulus_failed = true;
    (void)snprintf(text, sizeof text, "stimulus failed: %.100s: %s", t->kase->ps->file, t->fault);
    t->d->o.complain(t->d->o.arg, text);
}

static void script_failed(struct trial *t, struct err *e)
{
    struct drive *d = t->d;
    char text[sizeof e->text + 24];
    for (size_t i = 0; i < d->n_case; i++)
        if (d->kase[i].script == t->kase->script)
            d->kase[i].dead = true;
    if (d->script_fault[0] == '\0')
        (void)snprintf(d->script_fault, sizeof d->script_fault, "%s", e->text);
    (void)snprintf(text, sizeof text, "scenario stopped: %s", e->text);
    d->o.complain(d->o.arg, text);
}

void trial_over(struct trial *t)
{
    t->over = queue_dispatch(t, true);
    if (!t->over)
        finish(t, false);
}

void trial_resume(struct trial *t, int nargs)
{
    struct drive *d = t->d;
    int n = 0;
    beat_enter(d->beat, t->kase->scenario);
    int status = script_resume(d->script, t->thread, nargs, &n);
    beat_enter(d->beat, BEAT_NO_SCENARIO);
    if (status == LUA_YIELD) {
        lua_pop(t->thread, n);
        (void)queue_dispatch(t, t->wait != WAIT_STIMULUS);
        return;
    }
    if (status == LUA_OK) {
        lua_settop(t->thread, 0);
        trial_over(t);
        return;
    }
    struct err e = ERR_INIT;
    (void)script_fault(d->script, t->thread, t->kase->ps->path, &e);
    if (t->fault[0] != '\0')
        stimulus_failed(t);
    else
        script_failed(t, &e);
    (void)lua_resetthread(t->thread);
    luaL_unref(script_lua(d->script), LUA_REGISTRYINDEX, t->thread_ref);
    luaL_unref(script_lua(d->script), LUA_REGISTRYINDEX, t->self_ref);
    t->thread = NULL;
    t->thread_ref = t->self_ref = LUA_NOREF;
    finish(t, true);
}

static void run(struct trial *t, int fn)
{
    t->started = true;
    lua_rawgeti(t->thread, LUA_REGISTRYINDEX, fn);
    lua_rawgeti(t->thread, LUA_REGISTRYINDEX, t->self_ref);
    trial_resume(t, 1);
}

/* Without memory for one more thread the scenario ends as by a fault of its script. */
static void no_slot(struct drive *d, struct drive_case *c, struct err *e)
{
    struct trial nobody = {.d = d, .kase = c};
    script_failed(&nobody, e);
}

void trial_start(struct drive *d, struct drive_case *c, uint32_t number_, struct device *dev,
                 int64_t planned_ns)
{
    struct err e = ERR_INIT;
    struct trial *t = open_slot(d, c, number_, &e);
    if (t == NULL) {
        no_slot(d, c, &e);
        return;
    }
    t->device = dev;
    /* over a whole day what is due waits for its window, one beside the other */
    t->exclusive = (c->ps->exclusive && !c->pc->whole_day) || c->pc->population > 0;
    t->crowd = c->pc->population > 0;
    if (t->crowd)
        crowd_take(t);
    else if (t->exclusive)
        dev->holder = t;
    else
        dev->shared++;
    t->planned_ns = planned_ns;
    c->by_number[number_] = t;
    c->open++;
    c->started++;
    d->n_open++;
    d->n_images += c->images;
    t->imaging = c->images;
    d->n_started++;
    struct journal_record r = {.type = JOURNAL_TRIAL};
    r.u.trial.scenario = c->scenario;
    r.u.trial.kase = c->kase;
    r.u.trial.trial = number_;
    r.u.trial.planned_ns = planned_ns;
    record(d, &r);
    if (c->script->unreachable)
        device_deafen(t, (uint32_t)(dev - d->device));
    run(t, c->fn_trial);
}

void amble_run(struct trial *t)
{
    run(t, t->number == JOURNAL_PREAMBLE ? t->kase->fn_preamble : t->kase->fn_postamble);
}

void amble_start(struct drive *d, struct drive_case *c, uint32_t number_)
{
    struct err e = ERR_INIT;
    struct trial *t = open_slot(d, c, number_, &e);
    if (t == NULL) {
        no_slot(d, c, &e);
        c->round = ROUND_DONE;
        return;
    }
    t->planned_ns = clock_real_ns();
    t->exclusive = c->ps->exclusive;
    c->amble = t;
    if (c->ps->power) {
        claim_all(d, t, number_ == JOURNAL_POSTAMBLE);
        claims_go_on(d);
    } else {
        amble_run(t);
    }
}

static void wake_at_once(struct trial *t)
{
    ev_timer_stop(t->d->loop, &t->timer);
    ev_timer_set(&t->timer, 0., 0.);
    ev_timer_start(t->d->loop, &t->timer);
}

void trials_rouse(struct drive *d)
{
    for (struct trial *t = d->open; t != NULL; t = t->next)
        if (!t->finished && !trial_is_amble(t) && t->wait == WAIT_SLEEP)
            wake_at_once(t);
}

void trials_cut(struct drive *d)
{
    d->cutting = true;
    for (struct trial *t = d->open, *next; t != NULL; t = next) {
        next = t->next;
        if (t->finished)
            read_backs_cut(t);
        else if (!trial_is_amble(t) && (t->wait == WAIT_SLEEP || t->wait == WAIT_MESSAGE))
            wake_at_once(t);
    }
}

void trials_release(struct drive *d)
{
    for (size_t i = 0; i < d->n_slot; i++) {
        struct trial *t = d->slot[i];
        ev_timer_stop(d->loop, &t->timer);
        expect_clear(t);
        arrival_clear(t);
        lists_free(t);
        inquiries_free(t);
        read_backs_free(t);
        for (size_t k = 0; k < t->n_command; k++)
            image_free(t->command[k].image);
        buf_release(&t->out);
        free(t->awaited);
        free(t->expected);
        free(t->exchange);
        free(t->read_back);
        free(t->command);
        free(t);
    }
    free(d->slot);
    d->slot = NULL;
    d->n_slot = 0;
}
