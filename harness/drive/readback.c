/* Did the equipment consume it? It is asked until it says so, or the row's time is up. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/limits.h"
#include "harness/base/num.h"
#include "harness/drive/inside.h"

static const int64_t again_ns[] = {10 * NS_PER_MS, 20 * NS_PER_MS, 50 * NS_PER_MS, 100 * NS_PER_MS,
                                   200 * NS_PER_MS};

#define FLYING 256 /* questions of one trial under way */

struct read_back {
    struct trial *trial;
    uint32_t index; /* of its trial's */
    uint32_t command, device, asked;
    int64_t until_ns; /* mono */
    ev_timer timer;
    bool over;
};

static void over(struct read_back *r)
{
    struct trial *t = r->trial;
    if (r->over)
        return;
    ev_timer_stop(t->d->loop, &r->timer);
    r->over = true;
    if (--t->n_proof == 0 && t->finished)
        trial_end(t);
}

/* "<correlation of what is proved>/r<index>.<how often asked before>" */
static void name(const struct read_back *r, char *out)
{
    trial_correlation(r->trial, r->command, out);
    size_t n = strlen(out);
    (void)snprintf(out + n, DRIVE_CORRELATION - n, "/r%" PRIu32 ".%" PRIu32, r->index, r->asked);
}

static void announce(const struct read_back *r, const char *correlation)
{
    const struct trial *t = r->trial;
    struct drive *d = t->d;
    struct journal_record j = {.type = JOURNAL_ATTEMPT};
    j.u.attempt.scenario = t->kase->scenario;
    j.u.attempt.kase = t->kase->kase;
    j.u.attempt.trial = t->number;
    j.u.attempt.row = j.u.attempt.variant = JOURNAL_NO_ROW;
    j.u.attempt.role = JOURNAL_SEND;
    j.u.attempt.binding = (uint32_t)d->read_back_binding;
    j.u.attempt.endpoint = d->eut_endpoint;
    j.u.attempt.planned_ns = t->planned_ns;
    j.u.attempt.give_up_ns = r->until_ns - clock_mono_ns();
    j.u.attempt.correlation = (struct journal_text){correlation, (uint32_t)strlen(correlation)};
    if (r->device != DRIVE_NOBODY)
        j.u.attempt.device = (struct journal_text){d->device[r->device].text, 16};
    record(d, &j);
    record_flush(d);
}

static void wait_for(struct read_back *r, int64_t ns)
{
    struct drive *d = r->trial->d;
    ev_now_update(d->loop);
    ev_timer_set(&r->timer, (double)ns / NS_PER_S, 0.);
    ev_timer_start(d->loop, &r->timer);
}

static void send(struct read_back *r)
{
    struct trial *t = r->trial;
    struct drive *d = t->d;
    const struct binding *b = &d->plan->binding[d->read_back_binding];
    char id[DRIVE_CORRELATION], correlation[DRIVE_CORRELATION];
    const char *value[BINDING_MAX_FIELDS] = {NULL};
    struct err e = ERR_INIT;
    trial_correlation(t, r->command, id);
    name(r, correlation);
    const char *device = r->device == DRIVE_NOBODY ? "" : d->device[r->device].text;
    for (size_t i = 0; i < b->n_field; i++) {
        if (strcmp(b->field[i].path, "MessageID") == 0)
            value[i] = id;
        else if (strcmp(b->field[i].path, "DeviceID") == 0)
            value[i] = device;
    }
    announce(r, correlation);
    struct message m = {.binding = b,
                        .value = value,
                        .device = device,
                        .id = correlation,
                        .correlation = correlation,
                        .endpoint = t->command[r->command].endpoint};
    struct buf body;
    buf_init(&body, LIMIT_HTTP_SMALL_BYTES);
    enum err_code rc = message_write(d, &m, &body, &e);
    if (rc == ERR_OK)
        rc =
            d->o.speaker->send(d->client[t->slot % DRIVE_CLIENTS], d->url[d->eut_endpoint],
                               body.data, body.len, READ_BACK_TOKEN | trial_token(t, r->index), &e);
    buf_release(&body);
    if (rc != ERR_OK)
        drive_fault(d, &e);
    r->asked++;
    t->asking++;
}

static void on_time(struct ev_loop *loop, ev_timer *w, int events)
{
    (void)loop;
    (void)events;
    struct read_back *r = w->data;
    if (clock_mono_ns() > r->until_ns || r->trial->d->cutting)
        over(r);
    else if (r->trial->asking >= FLYING)
        wait_for(r, again_ns[0]);
    else
        send(r);
}

/* Not yet: once more, later. */
static void again(struct read_back *r)
{
    size_t n = sizeof again_ns / sizeof again_ns[0];
    int64_t wait = again_ns[r->asked <= n ? r->asked - 1 : n - 1];
    if (clock_mono_ns() + wait > r->until_ns || r->trial->d->cutting)
        over(r);
    else
        wait_for(r, wait);
}

/* The read-back that an answer is about, NULL. *yes: it was consumed. */
static struct read_back *answered(struct drive *d, const struct envelope *env, bool *yes)
{
    const struct slice *id = &env->correlation_id;
    const char *at = id->len == 0 ? NULL : memchr(id->data, '/', id->len);
    const char *end = id->data + id->len;
    const char *dot = at == NULL ? NULL : memchr(at, '.', (size_t)(end - at));
    uint32_t command;
    uint64_t index, asked;
    if (env->kind != ENVELOPE_RESPONSE || dot == NULL || at[1] != 'r' ||
        !num_u64(at + 2, (size_t)(dot - at) - 2, 0, UINT32_MAX, &index) ||
        !num_u64(dot + 1, (size_t)(end - dot) - 1, 0, UINT32_MAX, &asked))
        return NULL;
    struct trial *t = trial_by_correlation(d, id->data, (size_t)(at - id->data), &command);
    struct read_back *r = t != NULL && index < t->n_read_back ? t->read_back[index] : NULL;
    if (r == NULL || r->command != command || asked >= r->asked)
        return NULL;
    bool failed = env->result.len == 6 && memcmp(env->result.data, "FAILED", 6) == 0;
    *yes = !failed && env->element.len > 0;
    return r;
}

bool read_back_answer(struct drive *d, const struct envelope *env)
{
    bool yes = false;
    struct read_back *r = answered(d, env, &yes);
    if (r != NULL && yes)
        over(r);
    return r != NULL;
}

void read_back_sent(struct drive *d, uint64_t token, const struct speaker_outcome *o)
{
    uint32_t i;
    struct trial *t = trial_by_token(d, token & ~READ_BACK_TOKEN, &i);
    struct envelope env;
    char correlation[DRIVE_CORRELATION];
    if (t == NULL || i >= t->n_read_back)
        return;
    struct read_back *r = t->read_back[i];
    r->asked--; /* under the name that it was sent with */
    name(r, correlation);
    r->asked++;
    record_outcome(d, correlation, o);
    t->asking--;
    bool good = o->code == 0 && o->status >= 200 && o->status < 300, yes = false;
    if (!r->over && good && o->len > 0 &&
        envelope_read(d->reader, o->body, o->len, &env, NULL) == ERR_OK &&
        answered(d, &env, &yes) == r && yes)
        over(r);
    else if (!r->over)
        again(r); /* an answer that comes by itself counts when it comes */
    trial_retire(t);
}

static bool add(struct trial *t, uint32_t command, uint32_t device, int64_t until_ns)
{
    if (t->n_read_back == t->cap_read_back) {
        size_t cap = t->cap_read_back == 0 ? 4 : t->cap_read_back * 2;
        struct read_back **more = realloc(t->read_back, cap * sizeof(struct read_back *));
        if (more == NULL)
            return false;
        t->read_back = more;
        t->cap_read_back = cap;
    }
    struct read_back *r = calloc(1, sizeof *r);
    if (r == NULL)
        return false;
    *r = (struct read_back){.trial = t,
                            .index = (uint32_t)t->n_read_back,
                            .command = command,
                            .device = device,
                            .until_ns = until_ns};
    ev_init(&r->timer, on_time);
    r->timer.data = r;
    t->read_back[t->n_read_back++] = r;
    t->n_proof++;
    wait_for(r, 0);
    return true;
}

void read_back_begin(struct trial *t, uint32_t command)
{
    const struct command *cmd = &t->command[command];
    const struct drive_case *c = t->kase;
    int64_t until = cmd->sent_ns + t->d->plan->row[c->target_row[cmd->target]]
                                       .variant[c->target_variant[cmd->target]]
                                       .give_up_ns;
    bool fine = true;
    if (cmd->crowd)
        for (uint32_t i = 0; i < c->n_ring && fine; i++)
            fine = add(t, command, c->ring[i], until);
    else
        fine = add(t, command, cmd->device, until);
    if (!fine) {
        struct err e = ERR_INIT;
        (void)err_set(&e, ERR_NOMEM, "no memory for %zu read-backs", t->n_read_back);
        drive_fault(t->d, &e);
    }
}

void read_backs_cut(struct trial *t)
{
    /* the last of them ends the trial, which frees them */
    for (size_t i = 0, n = t->n_read_back; t->n_proof > 0 && i < n; i++)
        over(t->read_back[i]);
}

void read_backs_free(struct trial *t)
{
    for (size_t i = 0; i < t->n_read_back; i++) {
        ev_timer_stop(t->d->loop, &t->read_back[i]->timer);
        free(t->read_back[i]);
    }
    t->n_read_back = 0;
}
