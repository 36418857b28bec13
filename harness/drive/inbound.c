#include <string.h>

#include "harness/base/num.h"
#include "harness/drive/image.h"

#define STATUS_TAKEN 204
#define STATUS_LATER 202
#define STATUS_BAD 400
#define STATUS_DROP 0

/* A message that came in, read. */
struct incoming {
    struct speaker_request *rq; /* still to be answered, NULL */
    size_t listener;
    struct envelope env;
    int binding;
    struct device *dev;  /* that it is about, NULL */
    struct trial *trial; /* one of ours that it names, NULL */
    uint32_t command;
    bool blocks; /* the last block of an image */
};

static bool answers(const struct binding *b, const char *payload)
{
    for (size_t i = 0; i < b->n_reply_to; i++)
        if (strcmp(b->replies_to[i], payload) == 0)
            return true;
    return b->reply_to != NULL && strcmp(b->reply_to, payload) == 0;
}

static void reply(struct drive *d, struct incoming *in, int status)
{
    if (in->rq != NULL)
        drive_reply(d, in->rq, status);
    in->rq = NULL;
}

static void look_up(struct drive *d, struct incoming *in)
{
    const struct envelope *env = &in->env;
    in->binding = plan_binding_of(d->plan, env->element.data, env->element.len);
    in->trial =
        trial_by_correlation(d, env->correlation_id.data, env->correlation_id.len, &in->command);
    if (in->binding < 0 || d->plan->binding[in->binding].identity < 0)
        return;
    const struct binding *b = &d->plan->binding[in->binding];
    const struct envelope_field *f = field_at(env->field, env->n_field, b->field[b->identity].path);
    uint64_t id;
    if (f != NULL && f->value.len == 16 && num_hex64(f->value.data, f->value.len, &id))
        in->dev = device_by_id(d, id);
}

static uint32_t index_of(const struct drive *d, const struct device *dev)
{
    return dev == NULL ? DRIVE_NOBODY : (uint32_t)(dev - d->device);
}

/* At the address of a subject that does not answer, nobody does. */
static bool is_deaf(const struct drive *d, const struct incoming *in)
{
    const struct device *dev = in->dev;
    return dev != NULL && dev->deaf_for != NULL &&
           d->listener_of[d->plan->group[dev->group].endpoint] == (int)in->listener;
}

static bool is_expected_by_scenario(const struct trial *t, uint32_t payload)
{
    return payload < t->kase->script->n_payload && t->kase->payload[payload].answered;
}

/* What the trial waits for has come. A request of the equipment's may stay open for the answer. */
static void settle(struct drive *d, struct incoming *in, struct expected *x)
{
    struct trial *t = x->trial;
    const struct awaited *a = &t->awaited[x->awaited];
    struct inquiry *q = NULL;
    bool deaf = a->deaf || is_deaf(d, in);
    if (deaf)
        reply(d, in, STATUS_DROP);
    if (!deaf && in->env.kind == ENVELOPE_REQUEST && a->role != JOURNAL_REPLY &&
        is_expected_by_scenario(t, a->payload)) {
        bool later = t->kase->pc->population > 0 || in->blocks ||
                     strcmp(d->plan->reply_mode, "request") == 0;
        if (later)
            reply(d, in, STATUS_LATER);
        q = inquiry_new(t, in->rq, index_of(d, in->dev), a->endpoint, (uint32_t)in->binding,
                        &in->env);
        if (q != NULL)
            in->rq = NULL;
    }
    reply(d, in, STATUS_TAKEN);
    expect_settle(x, HEARD_MESSAGE, &in->env, q);
}

/* Nothing waits for it now: the trial that has the device may do so later. */
static void keep(struct drive *d, struct incoming *in)
{
    struct trial *t = in->dev == NULL ? NULL : in->dev->holder;
    reply(d, in, is_deaf(d, in) ? STATUS_DROP : STATUS_TAKEN);
    if (t == NULL || t->claiming || in->binding < 0)
        return;
    struct arrival *a =
        arrival_keep(t, -1, (uint32_t)in->binding, index_of(d, in->dev), in->listener, &in->env);
    if (a != NULL && in->env.kind == ENVELOPE_REQUEST)
        a->inquiry = inquiry_new(t, NULL, a->device, 0, (uint32_t)in->binding, &in->env);
}

/* Something that names a command of an open trial; true when it was of use. */
static bool named(struct drive *d, struct incoming *in)
{
    struct trial *t = in->trial;
    if (t->ended || in->command >= t->n_command || in->binding < 0 ||
        t->command[in->command].kind == COMMAND_STIMULUS)
        return false;
    struct expected *x =
        expect_find(d, t, in->command, (uint32_t)in->binding, in->dev, in->listener, &in->env);
    if (x != NULL) {
        settle(d, in, x);
        return true;
    }
    reply(d, in, STATUS_TAKEN);
    const char *payload = t->kase->payload[t->command[in->command].payload].payload;
    if (!answers(&d->plan->binding[in->binding], payload))
        return false;
    uint32_t device = t->command[in->command].device;
    if (t->command[in->command].crowd)
        device = index_of(d, in->dev);
    bool waits = false;
    for (size_t i = 0; t->wait == WAIT_MESSAGE && i < t->n_expected && !waits; i++)
        waits = !t->expected[i].settled && t->expected[i].command == (int)in->command &&
                t->expected[i].device == device &&
                d->listener_of[t->awaited[t->expected[i].awaited].endpoint] == (int)in->listener;
    if (waits)
        expect_command(t, in->command, HEARD_OTHER, false);
    else
        (void)arrival_keep(t, (int)in->command, (uint32_t)in->binding, device, in->listener,
                           &in->env);
    return true;
}

bool inbound_answer(struct trial *t, uint32_t command, const void *body, size_t len)
{
    struct drive *d = t->d;
    struct incoming in = {.command = UINT32_MAX};
    if (envelope_read(d->reader, body, len, &in.env, NULL) != ERR_OK)
        return false;
    look_up(d, &in);
    in.listener = (size_t)d->listener_of[t->command[command].endpoint];
    return in.trial == t && in.command == command && named(d, &in);
}

void inbound_received(struct drive *d, struct speaker_request *rq, size_t listener,
                      const void *body, size_t len)
{
    struct incoming in = {.rq = rq, .listener = listener};
    if (envelope_read(d->reader, body, len, &in.env, NULL) != ERR_OK) {
        reply(d, &in, STATUS_BAD);
        return;
    }
    look_up(d, &in);
    if (background_takes(d, &in.env)) {
        reply(d, &in, is_deaf(d, &in) ? STATUS_DROP : STATUS_TAKEN);
        return;
    }
    if (read_back_answer(d, &in.env)) {
        reply(d, &in, STATUS_TAKEN);
        return;
    }
    if (in.binding >= 0 && binding_image(&d->plan->binding[in.binding]) >= 0) {
        enum image_step step = image_take(d, &d->plan->binding[in.binding], &in.env);
        in.blocks = true;
        if (step != IMAGE_WHOLE) {
            reply(d, &in, step == IMAGE_MORE ? STATUS_TAKEN : STATUS_BAD);
            return;
        }
    }
    if (in.trial != NULL && named(d, &in))
        return;
    struct expected *x =
        in.binding < 0 ? NULL
                       : expect_find(d, NULL, 0, (uint32_t)in.binding, in.dev, listener, &in.env);
    if (x != NULL)
        settle(d, &in, x);
    else
        keep(d, &in);
}
