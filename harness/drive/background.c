/* What the plan sends beside the trials, paced or at a trace's times; its answers are taken and
 * dropped. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/limits.h"
#include "harness/base/num.h"
#include "harness/drive/inside.h"
#include "harness/traffic/trace_read.h"

#define CEILING 256                /* open at a time */
#define GIVE_UP_NS (10 * NS_PER_S) /* an answer that comes by itself is waited for so long */
#define TURN_SENDS 32              /* in one turn of the loop: trials come first */
#define LOOKS 64                   /* devices looked at before a message waits for one to be free */
#define BUSY_NS (5 * NS_PER_MS)    /* until then */
#define LATE_NS NS_PER_S           /* what could not go in this time is not made up for */
#define TAG "bg-"

/* A message of the plan. */
struct stream {
    const struct plan_background *of;
    int64_t step_ns, next_ns; /* mono */
    uint32_t at;              /* of its group: whose turn it is */
    int duty;                 /* plan index, -1: none */
};

/* A payload of the trace that goes to the equipment. */
struct planned {
    int64_t at_ns; /* from its begin */
    uint32_t stream;
    uint32_t device; /* of the stream's group */
};

struct flight {
    uint64_t number;
    struct device *device; /* that no trial may have for itself meanwhile, NULL */
    int64_t until_ns;      /* mono */
    bool open, back, answered;
};

struct background {
    struct drive *d;
    struct stream *stream;
    size_t n_stream;
    bool *tried;             /* devices that trials are about */
    struct planned *planned; /* the trace's, in order of time; NULL: streams have their own pace */
    size_t n_planned, at;    /* at: the next one */
    int64_t from_ns;         /* mono: its begin */
    struct flight flight[CEILING];
    uint64_t sent, missed; /* missed: due, but no device was free in time */
    ev_timer timer;
    bool over;
};

static void name(const struct drive *d, uint64_t number, char *out)
{
    (void)snprintf(out, DRIVE_CORRELATION, "ga-%s-" TAG "%" PRIu64, d->plan->nonce, number);
}

/* ---- flights -----------------------------------------------------------------------------------
 */

static void land(struct flight *f)
{
    if (f->device != NULL)
        device_release(f->device, false);
    *f = (struct flight){0};
}

/* A free one, NULL: as many are open as may be. */
static struct flight *take_off(struct background *g, int64_t now_ns)
{
    struct flight *found = NULL;
    for (size_t i = 0; i < CEILING; i++) {
        struct flight *f = &g->flight[i];
        if (f->open && f->back && now_ns > f->until_ns)
            land(f);
        if (!f->open && found == NULL)
            found = f;
    }
    return found;
}

static struct flight *flight_of(struct background *g, uint64_t number)
{
    for (size_t i = 0; i < CEILING; i++)
        if (g->flight[i].open && g->flight[i].number == number)
            return &g->flight[i];
    return NULL;
}

/* ---- sending -----------------------------------------------------------------------------------
 */

/* Trials have the first half of what the equipment bears for certain. */
static bool bears(const struct drive *d, int duty, uint32_t device, int64_t now_ns)
{
    return duty < 0 ||
           ((d->plan->duty[duty].most == 0 || d->duty_used[duty] < d->plan->duty[duty].most / 2) &&
            duty_ready(d, duty, device, now_ns) == 0);
}

/* The next device of the stream's group that may be sent to, NULL: none may now. */
static struct device *next_device(struct background *g, struct stream *s, int64_t now_ns)
{
    struct drive *d = g->d;
    uint32_t n = d->plan->group[s->of->group].count, first = d->group_first[s->of->group];
    for (uint32_t i = 0; i < n && i < LOOKS; i++) {
        uint32_t at = s->at;
        struct device *dev = &d->device[first + at];
        s->at = (at + 1) % n;
        bool held = dev->holder != NULL || d->claim != NULL;
        if (dev->deaf_for == NULL && (s->of->reads || !held) &&
            !(s->of->operates && (!d->o.arm || g->tried[first + at])) &&
            bears(d, s->duty, first + at, now_ns))
            return dev;
    }
    return NULL;
}

static void announce(struct drive *d, const struct stream *s, const struct device *dev,
                     const char *correlation, uint64_t number, int64_t due_ns)
{
    struct journal_record r = {.type = JOURNAL_ATTEMPT};
    r.u.attempt.scenario = JOURNAL_BACKGROUND;
    r.u.attempt.trial = (uint32_t)number;
    r.u.attempt.row = r.u.attempt.variant = JOURNAL_NO_ROW;
    r.u.attempt.role = JOURNAL_SEND;
    r.u.attempt.binding = s->of->binding;
    r.u.attempt.endpoint = d->eut_endpoint;
    r.u.attempt.planned_ns = clock_real_ns() - (clock_mono_ns() - due_ns);
    r.u.attempt.give_up_ns = GIVE_UP_NS;
    r.u.attempt.correlation = (struct journal_text){correlation, (uint32_t)strlen(correlation)};
    r.u.attempt.device = (struct journal_text){dev->text, 16};
    record(d, &r);
    record_flush(d);
}

static void send(struct background *g, struct stream *s, struct device *dev, struct flight *f,
                 int64_t now_ns, int64_t due_ns)
{
    static const char *const no_values[BINDING_MAX_FIELDS];
    struct drive *d = g->d;
    char correlation[DRIVE_CORRELATION];
    struct err e = ERR_INIT;
    struct buf body;
    *f = (struct flight){.number = g->sent++, .until_ns = now_ns + GIVE_UP_NS, .open = true};
    if (!s->of->reads) {
        f->device = dev;
        dev->shared++;
    }
    name(d, f->number, correlation);
    duty_note(d, s->duty, (uint32_t)(dev - d->device), now_ns);
    announce(d, s, dev, correlation, f->number, due_ns);
    struct message m = {.binding = &d->plan->binding[s->of->binding],
                        .value = no_values,
                        .device = dev->text,
                        .id = correlation,
                        .correlation = correlation,
                        .endpoint = s->of->endpoint};
    buf_init(&body, LIMIT_HTTP_SMALL_BYTES);
    enum err_code rc = message_write(d, &m, &body, &e);
    if (rc == ERR_OK)
        rc = d->o.speaker->send(d->client[f->number % DRIVE_CLIENTS], d->url[d->eut_endpoint],
                                body.data, body.len, BACKGROUND_TOKEN | f->number, &e);
    buf_release(&body);
    if (rc != ERR_OK)
        drive_fault(d, &e);
}

/* Sends what is due of a stream; when it wants to go on (mono). */
static int64_t go_on(struct background *g, struct stream *s, int64_t now_ns, int *turn)
{
    while (s->next_ns <= now_ns) {
        struct flight *f = *turn >= TURN_SENDS ? NULL : take_off(g, now_ns);
        struct device *dev = f == NULL ? NULL : next_device(g, s, now_ns);
        if (dev != NULL) {
            send(g, s, dev, f, now_ns, s->next_ns);
            ++*turn;
            s->next_ns += s->step_ns;
        } else if (now_ns - s->next_ns > LATE_NS) {
            s->next_ns += s->step_ns;
            g->missed++;
        } else {
            return *turn >= TURN_SENDS ? now_ns : now_ns + BUSY_NS;
        }
    }
    return s->next_ns;
}

/* As go_on, of the trace: each payload goes to its own device, where trials let it, else to the
 * next one of the group. */
static int64_t play_on(struct background *g, int64_t now_ns, int *turn)
{
    while (g->at < g->n_planned) {
        const struct planned *p = &g->planned[g->at];
        struct stream *s = &g->stream[p->stream];
        int64_t due = g->from_ns + p->at_ns;
        if (due > now_ns)
            return due;
        struct flight *f = *turn >= TURN_SENDS ? NULL : take_off(g, now_ns);
        s->at = p->device;
        struct device *dev = f == NULL ? NULL : next_device(g, s, now_ns);
        if (dev != NULL) {
            send(g, s, dev, f, now_ns, due);
            ++*turn;
        } else if (now_ns - due <= LATE_NS) {
            return *turn >= TURN_SENDS ? now_ns : now_ns + BUSY_NS;
        } else {
            g->missed++;
        }
        g->at++;
    }
    return INT64_MAX;
}

static void on_time(struct ev_loop *loop, ev_timer *w, int events)
{
    (void)events;
    struct background *g = w->data;
    int64_t now = clock_mono_ns(), due = INT64_MAX;
    int turn = 0;
    if (g->over || g->d->stopping || g->d->fault.code != ERR_OK)
        return;
    for (size_t i = 0; i < g->n_stream && g->planned == NULL; i++) {
        int64_t at = go_on(g, &g->stream[i], now, &turn);
        due = at < due ? at : due;
    }
    if (g->planned != NULL)
        due = play_on(g, now, &turn);
    if (due == INT64_MAX)
        return;
    int64_t left = due - clock_mono_ns();
    ev_now_update(loop);
    ev_timer_set(w, left > NS_PER_MS ? (double)left / NS_PER_S : 0.001, 0.);
    ev_timer_start(loop, w);
}

/* ---- for the others ----------------------------------------------------------------------------
 */

static int duty_of(const struct plan *p, const char *payload)
{
    for (size_t i = 0; i < p->n_duty; i++)
        if (strcmp(p->duty[i].payload, payload) == 0)
            return (int)i;
    return -1;
}

static void note_tried(struct background *g)
{
    for (size_t i = 0; i < g->d->n_case; i++)
        for (uint32_t k = 0; k < g->d->kase[i].n_ring; k++)
            g->tried[g->d->kase[i].ring[k]] = true;
}

/* Which stream a payload belongs to, and which of its devices it is about. */
static bool find_stream(const struct plan *p, const struct trace_file_kind *k, uint32_t endpoint,
                        struct planned *out)
{
    uint64_t devices = 0, at = 0;
    for (int pass = 0; pass < 2; pass++) {
        if (pass == 1)
            at = (endpoint - 1) % devices;
        for (size_t i = 0; i < p->n_background; i++) {
            const struct plan_background *m = &p->background[i];
            const struct plan_device_group *of = &p->group[m->group];
            bool class = of->device_class[0] == '\0' || k->device_class[0] == '\0' ||
                         strcmp(of->device_class, k->device_class) == 0;
            if (!class || strcmp(m->row, k->row) != 0 || strcmp(m->leg, k->reading) != 0)
                continue;
            if (pass == 0)
                devices += of->count;
            else if (at < of->count) {
                out->stream = (uint32_t)i;
                out->device = (uint32_t)at;
                return true;
            } else
                at -= of->count;
        }
        if (devices == 0)
            return false;
    }
    return false;
}

static enum err_code load_trace(struct background *g, const struct plan *p, struct err *e)
{
    struct trace_file *f = NULL;
    enum err_code rc = trace_file_read(p->trace.path, &f, e);
    if (rc == ERR_OK && strcmp(f->digest, p->trace.digest) != 0)
        rc = err_set(e, ERR_DATA,
                     "%s has changed since the plan was made: its SHA-256 is %s, expected %s",
                     p->trace.path, f->digest, p->trace.digest);
    if (rc == ERR_OK) {
        g->planned = arena_alloc(&g->d->arena, (f->n + 1) * sizeof *g->planned);
        if (g->planned == NULL)
            rc = err_set(e, ERR_NOMEM, "no memory for %zu payloads", f->n);
    }
    for (size_t i = 0; rc == ERR_OK && i < f->n; i++) {
        struct planned at = {.at_ns = f->item[i].at_ns};
        if (find_stream(p, &f->kind[f->item[i].kind], f->item[i].endpoint, &at))
            g->planned[g->n_planned++] = at;
    }
    trace_file_free(f);
    return rc;
}

bool background_is_over(const struct drive *d)
{
    const struct background *g = d->background;
    return g == NULL || g->over || g->planned == NULL || g->at == g->n_planned || d->stopping;
}

void background_begin(struct drive *d)
{
    const struct plan *p = d->plan;
    if (d->background != NULL || p->n_background == 0)
        return;
    struct background *g = arena_alloc(&d->arena, sizeof *g);
    if (g != NULL) {
        *g = (struct background){.d = d, .n_stream = p->n_background};
        g->stream = arena_alloc(&d->arena, p->n_background * sizeof *g->stream);
        g->tried = arena_alloc(&d->arena, ((size_t)d->n_device + 1) * sizeof *g->tried);
    }
    if (g == NULL || g->stream == NULL || g->tried == NULL) {
        struct err e = ERR_INIT;
        (void)err_set(&e, ERR_NOMEM, "no memory for %zu messages beside the trials",
                      p->n_background);
        drive_fault(d, &e);
        return;
    }
    memset(g->tried, 0, d->n_device * sizeof *g->tried);
    note_tried(g);
    int64_t now = clock_mono_ns();
    for (size_t i = 0; i < p->n_background; i++) {
        const struct plan_background *m = &p->background[i];
        int64_t step = m->period_ns / m->times > 0 ? m->period_ns / m->times : 1;
        /* Spread by the golden section, so that also in a run that is shorter than most periods
         * about as many messages go out as the rates add up to. */
        g->stream[i] = (struct stream){.of = m,
                                       .step_ns = step,
                                       .next_ns = now + step / 1000 * (int64_t)(i * 618 % 1000),
                                       .duty = duty_of(p, p->binding[m->binding].payload)};
    }
    struct err fault = ERR_INIT;
    if (p->trace.path != NULL && load_trace(g, p, &fault) != ERR_OK) {
        drive_fault(d, &fault);
        return;
    }
    g->from_ns = clock_mono_ns();
    d->background = g;
    ev_init(&g->timer, on_time);
    g->timer.data = g;
    ev_timer_set(&g->timer, 0., 0.);
    ev_timer_start(d->loop, &g->timer);
}

void background_end(struct drive *d)
{
    struct background *g = d->background;
    char text[120];
    if (g == NULL || g->over)
        return;
    g->over = true;
    ev_timer_stop(d->loop, &g->timer);
    (void)snprintf(text, sizeof text,
                   "of the load beside the trials %" PRIu64 " messages did not go, %" PRIu64 " did",
                   g->missed, g->sent);
    g->missed += g->n_planned - g->at;
    if (g->missed > 0)
        d->o.complain(d->o.arg, text);
}

void background_sent(struct drive *d, uint64_t token, const struct speaker_outcome *o)
{
    char correlation[DRIVE_CORRELATION];
    uint64_t number = token & ~BACKGROUND_TOKEN;
    struct flight *f = flight_of(d->background, number);
    name(d, number, correlation);
    record_outcome(d, correlation, o);
    if (f == NULL)
        return;
    f->back = true;
    if (f->answered || o->code != 0 || o->status != 202)
        land(f);
}

/* The number in an id of the background's; false: it is none. */
static bool number_of(const struct drive *d, const struct slice *id, uint64_t *out)
{
    char prefix[DRIVE_CORRELATION];
    int n = snprintf(prefix, sizeof prefix, "ga-%s-" TAG, d->plan->nonce);
    return n > 0 && id->len > (size_t)n && memcmp(id->data, prefix, (size_t)n) == 0 &&
           num_u64(id->data + n, id->len - (size_t)n, 0, UINT32_MAX, out);
}

bool background_takes(struct drive *d, const struct envelope *env)
{
    uint64_t number;
    if (d->background == NULL ||
        (!number_of(d, &env->correlation_id, &number) && !number_of(d, &env->message_id, &number)))
        return false;
    struct flight *f = flight_of(d->background, number);
    if (f != NULL && env->kind == ENVELOPE_RESPONSE) {
        f->answered = true;
        if (f->back)
            land(f);
    }
    return true;
}
