#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/drive/image.h"

static void push(struct trial *t, uint32_t i)
{
    struct drive *d = t->d;
    if (d->n_outgoing == d->cap_outgoing) {
        size_t cap = d->cap_outgoing == 0 ? 256 : d->cap_outgoing * 2;
        struct outgoing *more = realloc(d->outgoing, cap * sizeof *more);
        if (more == NULL) {
            struct err e = ERR_INIT;
            (void)err_set(&e, ERR_NOMEM, "no memory for %zu messages to send", cap);
            drive_fault(d, &e);
            return;
        }
        d->outgoing = more;
        d->cap_outgoing = cap;
    }
    t->outstanding++;
    d->outgoing[d->n_outgoing++] = (struct outgoing){t, i};
}

static void announce_one(struct trial *t, const struct command *cmd, const char *correlation,
                         uint32_t device)
{
    const struct drive_case *c = t->kase;
    struct journal_record r = {.type = JOURNAL_ATTEMPT};
    r.u.attempt.scenario = c->scenario;
    r.u.attempt.kase = c->kase;
    r.u.attempt.trial = t->number;
    r.u.attempt.row = r.u.attempt.variant = JOURNAL_NO_ROW;
    r.u.attempt.give_up_ns = c->give_up_ns;
    if (cmd->target >= 0) {
        r.u.attempt.row = c->target_row[cmd->target];
        r.u.attempt.variant = c->target_variant[cmd->target];
        r.u.attempt.sub = t->sub[cmd->target][0]++;
        r.u.attempt.give_up_ns =
            t->d->plan->row[r.u.attempt.row].variant[r.u.attempt.variant].give_up_ns;
    }
    r.u.attempt.role = cmd->kind == COMMAND_ANSWER ? JOURNAL_ANSWER : JOURNAL_SEND;
    r.u.attempt.binding = (uint32_t)c->payload[cmd->payload].binding;
    r.u.attempt.endpoint = t->d->eut_endpoint;
    r.u.attempt.planned_ns = t->planned_ns;
    r.u.attempt.correlation = (struct journal_text){correlation, (uint32_t)strlen(correlation)};
    if (device != DRIVE_NOBODY)
        r.u.attempt.device = (struct journal_text){t->d->device[device].text, 16};
    record(t->d, &r);
}

/* A message to a population is an attempt on each of its devices. */
static void announce_send(struct trial *t, uint32_t i)
{
    struct command *cmd = &t->command[i];
    char correlation[DRIVE_CORRELATION];
    trial_correlation(t, i, correlation);
    if (cmd->crowd)
        for (uint32_t k = 0; k < t->kase->n_ring; k++)
            announce_one(t, cmd, correlation, t->kase->ring[k]);
    else
        announce_one(t, cmd, correlation, cmd->device);
    t->n_proof += cmd->read_back;
    cmd->sent_ns = clock_mono_ns();
    if (cmd->device != DRIVE_NOBODY)
        duty_note(t->d, t->kase->payload[cmd->payload].duty, cmd->device, cmd->sent_ns);
}

static void announce_stimulus(struct trial *t, uint32_t i)
{
    const struct command *cmd = &t->command[i];
    const char *name = cmd->stimulus;
    struct journal_record r = {.type = JOURNAL_STIMULUS};
    r.u.stimulus.scenario = t->kase->scenario;
    r.u.stimulus.kase = t->kase->kase;
    r.u.stimulus.trial = t->number;
    r.u.stimulus.name = (struct journal_text){name, (uint32_t)strlen(name)};
    r.u.stimulus.device = (struct journal_text){t->d->device[cmd->device].text, 16};
    record(t->d, &r);
}

static bool send_follows(const struct trial *t, size_t i)
{
    for (i++; i < t->n_command; i++)
        if (t->command[i].kind != COMMAND_STIMULUS && t->command[i].state == COMMAND_QUEUED)
            return true;
    return false;
}

bool queue_dispatch(struct trial *t, bool with_stimuli)
{
    bool stimulated = true;
    for (size_t i = t->first_queued; i < t->n_command; i++) {
        struct command *cmd = &t->command[i];
        if (cmd->kind == COMMAND_STIMULUS) {
            if (cmd->state == COMMAND_QUEUED) {
                if (!with_stimuli && !send_follows(t, i))
                    return false;
                cmd->state = COMMAND_READY;
                announce_stimulus(t, (uint32_t)i);
                push(t, (uint32_t)i);
            }
            stimulated = stimulated && cmd->state == COMMAND_DONE;
        } else if (cmd->state == COMMAND_QUEUED) {
            if (!stimulated)
                return true;
            cmd->state = COMMAND_READY;
            announce_send(t, (uint32_t)i);
            push(t, (uint32_t)i);
        }
        if (stimulated)
            t->first_queued = i + 1;
    }
    return false;
}

/* A command's exchange is over: its trial may go on, and its slot end. last: it went well, yet
 * nothing more will come. */
static void back(struct trial *t, uint32_t i, bool good, bool last, const char *why)
{
    struct command *cmd = &t->command[i];
    bool stimulus = cmd->kind == COMMAND_STIMULUS, proof = cmd->read_back;
    cmd->state = COMMAND_DONE;
    cmd->failed = !good || last;
    if (cmd->image != NULL) { /* its confirmation is waited for from here on */
        cmd->sent_ns = clock_mono_ns();
        trial_image_sent(t);
    }
    image_free(cmd->image);
    cmd->image = NULL;
    t->outstanding--;
    if (stimulus && !good && t->fault[0] == '\0')
        (void)snprintf(t->fault, sizeof t->fault, "stimulus \"%.60s\" failed: %s", cmd->stimulus,
                       why);
    if (proof && good)
        read_back_begin(t, i);
    if (!t->ended && !t->finished) {
        if (stimulus && (t->wait == WAIT_STIMULUS || (!good && t->wait == WAIT_MESSAGE)))
            trial_wake(t, HEARD_STOPPED);
        else if (!stimulus && (!good || last))
            expect_command(t, i, HEARD_REFUSED, !good);
        else if (stimulus && t->over)
            trial_over(t);
    }
    if (proof && --t->n_proof == 0 && t->finished)
        trial_end(t);
    trial_retire(t);
}

/* The image's next block goes out; false when that was the last. */
static bool go_on(struct trial *t, uint32_t i, struct err *e)
{
    bool more = false;
    struct command *cmd = &t->command[i];
    if (cmd->image == NULL || t->d->cutting || image_next(cmd->image, &more, e) != ERR_OK || !more)
        return false;
    push(t, i);
    t->outstanding--; /* it was out already */
    return true;
}

void queue_sent(struct drive *d, uint64_t token, const struct speaker_outcome *o)
{
    uint32_t i;
    struct err e = ERR_INIT;
    struct trial *t = token == CONTROL_TOKEN ? NULL : trial_by_token(d, token, &i);
    if (t == NULL || i >= t->n_command)
        return;
    struct command *cmd = &t->command[i];
    bool good = o->code == 0 && o->status >= 200 && o->status < 300, last = false;
    char why[80];
    (void)snprintf(why, sizeof why, o->code == 0 ? "status %d" : "no answer (%d)",
                   o->code == 0 ? o->status : o->code);
    t->flying--;
    if (good && go_on(t, i, &e))
        return;
    if (cmd->kind != COMMAND_STIMULUS) {
        char correlation[DRIVE_CORRELATION];
        trial_correlation(t, i, correlation);
        record_outcome(d, correlation, o);
        bool used = good && o->len > 0 && inbound_answer(t, i, o->body, o->len);
        /* where replies come in the answer, an answer without one is all that will come */
        last = good && o->len > 0 && !used && strcmp(d->plan->reply_mode, "request") != 0;
    }
    back(t, i, good && e.code == ERR_OK, last, why);
}

static enum err_code put_encoded(struct buf *out, const char *text, size_t len, bool encode,
                                 struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < len && rc == ERR_OK; i++) {
        unsigned char ch = (unsigned char)text[i];
        bool plain = (ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z') ||
                     (ch >= 'a' && ch <= 'z') || ch == '-' || ch == '.' || ch == '_';
        rc = plain || !encode ? buf_append(out, text + i, 1, e) : buf_printf(out, e, "%%%02X", ch);
    }
    return rc;
}

/* What {word} of a statement's text stands for, NULL: nothing. */
static const char *meaning(const char *p, const char *const word[3], const char *const value[3],
                           size_t *skip)
{
    for (int i = 0; i < 3; i++) {
        *skip = strlen(word[i]);
        if (strncmp(p, word[i], *skip) == 0)
            return value[i];
    }
    return NULL;
}

/* The statement's text with {stimulus}, {device} and {value} filled in. */
static enum err_code fill_in(const char *p, const char *name, const char *device, const char *value,
                             bool encode, struct buf *out, struct err *e)
{
    const char *const word[3] = {"{stimulus}", "{device}", "{value}"};
    const char *const filled[3] = {name, device, value};
    enum err_code rc = ERR_OK;
    while (*p != '\0' && rc == ERR_OK) {
        size_t skip = 1;
        const char *by = meaning(p, word, filled, &skip);
        if (by != NULL) {
            rc = put_encoded(out, by, strlen(by), encode, e);
            p += skip;
        } else {
            rc = buf_append(out, p++, 1, e);
        }
    }
    return rc;
}

static enum err_code provoke(struct drive *d, const struct plan_stimulus *s, const char *name,
                             const char *device, const char *value, uint64_t token, bool *prompted,
                             struct err *e)
{
    buf_reset(&d->scratch);
    *prompted = strcmp(s->method, "prompt") == 0;
    enum err_code rc = *prompted ? buf_puts(&d->scratch, "PROMPT ", e) : ERR_OK;
    if (rc == ERR_OK)
        rc = fill_in(s->url, name, device, value, !*prompted, &d->scratch, e);
    if (rc == ERR_OK && *prompted)
        d->o.say(d->o.arg, d->scratch.data, false);
    else if (rc == ERR_OK)
        rc = d->o.speaker->send(d->control, d->scratch.data, "", 0, token, e);
    return rc;
}

const struct plan_stimulus *stimulus_named(const struct drive *d, const char *name)
{
    const struct plan_stimulus *any = NULL;
    for (size_t i = 0; i < d->plan->n_stimulus; i++) {
        const struct plan_stimulus *s = &d->plan->stimulus[i];
        if (strcmp(s->name, name) == 0)
            return s;
        if (strcmp(s->name, "*") == 0)
            any = s;
    }
    return any;
}

void queue_control(struct drive *d, const char *name, const char *value)
{
    const struct plan_stimulus *s = stimulus_named(d, name);
    struct err e = ERR_INIT;
    bool prompted;
    if (s == NULL)
        return;
    record_flush(d);
    if (provoke(d, s, name, "", value, CONTROL_TOKEN, &prompted, &e) != ERR_OK)
        drive_fault(d, &e);
}

static enum err_code transmit_image(struct trial *t, uint32_t i, struct err *e)
{
    struct drive *d = t->d;
    struct command *cmd = &t->command[i];
    char correlation[DRIVE_CORRELATION], id[DRIVE_CORRELATION + 12];
    trial_correlation(t, i, correlation);
    (void)snprintf(id, sizeof id, "%s/%u", correlation, cmd->image->block);
    buf_reset(&d->scratch);
    struct message m = {.binding = &d->plan->binding[t->kase->payload[cmd->payload].binding],
                        .value = cmd->image->value,
                        .device = cmd->device == DRIVE_NOBODY ? "" : d->device[cmd->device].text,
                        .id = id,
                        .correlation = correlation,
                        .endpoint = cmd->endpoint,
                        .image = cmd->image};
    enum err_code rc = message_write(d, &m, &d->scratch, e);
    if (rc == ERR_OK)
        rc = d->o.speaker->send(d->client[t->slot % DRIVE_CLIENTS], d->url[d->eut_endpoint],
                                d->scratch.data, d->scratch.len, trial_token(t, i), e);
    return rc;
}

/* *done: it is over already, nothing will come back. */
static enum err_code transmit(struct trial *t, uint32_t i, bool *done, struct err *e)
{
    struct drive *d = t->d;
    struct command *cmd = &t->command[i];
    const char *body = t->out.data == NULL ? "" : t->out.data + cmd->body_at;
    const char *device = cmd->device == DRIVE_NOBODY ? "" : d->device[cmd->device].text;
    cmd->state = COMMAND_SENT;
    *done = false;
    if (cmd->kind == COMMAND_STIMULUS)
        return provoke(d, &d->plan->stimulus[cmd->payload], cmd->stimulus, device, body,
                       trial_token(t, i), done, e);
    if (cmd->image != NULL)
        return transmit_image(t, i, e);
    if (cmd->inquiry != NULL) {
        bool later;
        enum err_code rc =
            inquiry_answer(d, cmd->inquiry, body, cmd->body_len, trial_token(t, i), &later, e);
        *done = !later;
        return rc;
    }
    return d->o.speaker->send(d->client[t->slot % DRIVE_CLIENTS], d->url[d->eut_endpoint], body,
                              cmd->body_len, trial_token(t, i), e);
}

void queue_transmit(struct drive *d)
{
    if (d->n_outgoing == 0)
        return;
    record_flush(d);
    /* scripts that a prompt or a refusal wakes may queue more: those go with the next turn */
    size_t n = d->n_outgoing, held = 0;
    for (size_t k = 0; k < n && d->fault.code == ERR_OK; k++) {
        struct err e = ERR_INIT;
        struct outgoing o = d->outgoing[k];
        if (o.trial->flying >= DRIVE_FLYING) {
            d->outgoing[held++] = o;
            continue;
        }
        bool done;
        o.trial->flying++;
        enum err_code rc = transmit(o.trial, o.command, &done, &e);
        if (rc == ERR_OK && !done)
            continue;
        o.trial->flying--;
        back(o.trial, o.command, rc == ERR_OK, false, e.text);
    }
    memmove(d->outgoing + held, d->outgoing + n, (d->n_outgoing - n) * sizeof *d->outgoing);
    d->n_outgoing -= n - held;
}
