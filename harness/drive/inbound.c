#include <stdlib.h>
#include <string.h>

#include "harness/base/num.h"
#include "harness/drive/inside.h"

#define STATUS_TAKEN 204
#define STATUS_BAD 400

static const struct envelope_field *field_at(const struct envelope *env, const char *path)
{
    size_t n = strlen(path);
    for (size_t i = 0; i < env->n_field; i++)
        if (env->field[i].path.len == n && memcmp(env->field[i].path.data, path, n) == 0)
            return &env->field[i];
    return NULL;
}

static bool answers(const struct binding *b, const char *payload)
{
    for (size_t i = 0; i < b->n_reply_to; i++)
        if (strcmp(b->replies_to[i], payload) == 0)
            return true;
    return b->reply_to != NULL && strcmp(b->reply_to, payload) == 0;
}

/* Only for events: nothing else tells this one from an older one. A missing value is the judge's.
 */
static bool values_fit(const struct trial *t, const struct envelope *env)
{
    const struct binding *b = &t->d->plan->binding[t->expect.binding];
    for (size_t i = 0; i < t->expect.n_value; i++) {
        const struct expected_value *v = &t->expect.value[i];
        const struct envelope_field *f = field_at(env, b->field[v->field].path);
        if (f != NULL && f->value.len > 0 &&
            (f->value.len != strlen(v->text) || memcmp(f->value.data, v->text, f->value.len) != 0))
            return false;
    }
    return true;
}

/* The envelope's slices end with its reader's next read: a copy holds its own text. */
static void keep(struct trial *t, int command, uint32_t binding, uint32_t device,
                 const struct envelope *env)
{
    if (t->n_inbox >= DRIVE_MAX_INBOX || t->ended)
        return;
    size_t text = 0;
    for (size_t i = 0; i < env->n_field; i++)
        text += env->field[i].path.len + env->field[i].value.len;
    struct arrival *a = malloc(sizeof *a + env->n_field * sizeof a->field[0] + text);
    if (a == NULL)
        return;
    *a = (struct arrival){
        .binding = binding, .command = command, .device = device, .n_field = env->n_field};
    char *p = (char *)&a->field[env->n_field];
    for (size_t i = 0; i < env->n_field; i++) {
        const struct envelope_field *f = &env->field[i];
        memcpy(p, f->path.data, f->path.len);
        a->field[i].path = (struct slice){p, f->path.len};
        p += f->path.len;
        memcpy(p, f->value.data, f->value.len);
        a->field[i].value = (struct slice){p, f->value.len};
        p += f->value.len;
    }
    *t->inbox_end = a;
    t->inbox_end = &a->next;
    t->n_inbox++;
}

static void deliver(struct trial *t, uint32_t binding, const struct envelope *env)
{
    t->heard_binding = binding;
    t->heard_field = env->field;
    t->heard_n = env->n_field;
    trial_wake(t, HEARD_MESSAGE);
}

/* An answer to a command of the trial; true when it was of use. */
static bool reply(struct trial *t, uint32_t command, const struct envelope *env)
{
    if (t->ended || command >= t->n_command || t->command[command].stimulus)
        return false;
    int binding = plan_binding_of(t->d->plan, env->element.data, env->element.len);
    if (binding < 0)
        return false;
    const char *payload = t->kase->payload[t->command[command].payload].payload;
    if (t->wait != WAIT_MESSAGE || t->expect.command != (int)command) {
        if (!answers(&t->d->plan->binding[binding], payload))
            return false;
        keep(t, (int)command, (uint32_t)binding, t->command[command].device, env);
        return true;
    }
    if (t->expect.binding == (uint32_t)binding) {
        deliver(t, (uint32_t)binding, env);
        return true;
    }
    if (!answers(&t->d->plan->binding[binding], payload))
        return false;
    trial_wake(t, HEARD_OTHER);
    return true;
}

bool inbound_answer(struct trial *t, uint32_t command, const void *body, size_t len)
{
    struct envelope env;
    if (envelope_read(t->d->reader, body, len, &env, NULL) != ERR_OK)
        return false;
    uint32_t named = 0;
    if (trial_by_correlation(t->d, env.correlation_id.data, env.correlation_id.len, &named) != t ||
        named != command)
        return false;
    return reply(t, command, &env);
}

static void event(struct drive *d, const struct envelope *env)
{
    int binding = plan_binding_of(d->plan, env->element.data, env->element.len);
    if (binding < 0 || d->plan->binding[binding].identity < 0)
        return;
    const struct binding *b = &d->plan->binding[binding];
    const struct envelope_field *f = field_at(env, b->field[b->identity].path);
    uint64_t id;
    if (f == NULL || f->value.len != 16 || !num_hex64(f->value.data, f->value.len, &id))
        return;
    struct device *dev = device_by_id(d, id);
    if (dev == NULL)
        return;
    for (struct trial *t = dev->waiting; t != NULL; t = t->next_waiting)
        if (t->expect.binding == (uint32_t)binding && values_fit(t, env)) {
            deliver(t, (uint32_t)binding, env);
            return;
        }
    if (dev->holder != NULL && !dev->holder->claiming)
        keep(dev->holder, -1, (uint32_t)binding, (uint32_t)(dev - d->device), env);
}

void inbound_received(struct drive *d, struct speaker_request *rq, const void *body, size_t len)
{
    struct envelope env;
    struct err e = ERR_INIT;
    bool good = envelope_read(d->reader, body, len, &env, NULL) == ERR_OK;
    if (d->o.speaker->answer(d->server, rq, good ? STATUS_TAKEN : STATUS_BAD, NULL, 0, &e) !=
        ERR_OK)
        drive_fault(d, &e);
    if (!good)
        return;
    uint32_t command = 0;
    struct trial *t =
        trial_by_correlation(d, env.correlation_id.data, env.correlation_id.len, &command);
    if (t != NULL)
        (void)reply(t, command, &env);
    else
        event(d, &env);
}

struct arrival *inbound_take(struct trial *t)
{
    for (struct arrival **at = &t->inbox; *at != NULL; at = &(*at)->next) {
        struct arrival *a = *at;
        if (a->binding != t->expect.binding || a->command != t->expect.command ||
            a->device != t->expect.device)
            continue;
        if (a->command < 0) {
            struct envelope env = {.field = a->field, .n_field = a->n_field};
            if (!values_fit(t, &env))
                continue;
        }
        *at = a->next;
        if (t->inbox_end == &a->next)
            t->inbox_end = at;
        t->n_inbox--;
        return a;
    }
    return NULL;
}

void inbound_clear(struct trial *t)
{
    while (t->inbox != NULL) {
        struct arrival *a = t->inbox;
        t->inbox = a->next;
        free(a);
    }
    t->inbox_end = &t->inbox;
    t->n_inbox = 0;
}
