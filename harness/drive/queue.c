#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/drive/inside.h"

#define TOKEN(t, i) ((uint64_t)(t)->slot << 40 | (uint64_t)((t)->generation & 0xffff) << 24 | (i))

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

static void announce_send(struct trial *t, uint32_t i)
{
    const struct drive_case *c = t->kase;
    struct command *cmd = &t->command[i];
    const struct case_payload *p = &c->payload[cmd->payload];
    const struct device *dev = &t->d->device[cmd->device];
    char correlation[DRIVE_CORRELATION];
    trial_correlation(t, i, correlation);
    struct journal_record r = {.type = JOURNAL_ATTEMPT};
    r.u.attempt.scenario = c->scenario;
    r.u.attempt.kase = c->kase;
    r.u.attempt.trial = t->number;
    r.u.attempt.row = r.u.attempt.variant = JOURNAL_NO_ROW;
    r.u.attempt.give_up_ns = c->give_up_ns;
    if (p->target >= 0 && !trial_is_amble(t)) {
        r.u.attempt.row = c->target_row[p->target];
        r.u.attempt.variant = c->target_variant[p->target];
        r.u.attempt.sub = t->sub[p->target][0]++;
        r.u.attempt.give_up_ns =
            t->d->plan->row[r.u.attempt.row].variant[r.u.attempt.variant].give_up_ns;
    }
    r.u.attempt.role = JOURNAL_SEND;
    r.u.attempt.binding = (uint32_t)p->binding;
    r.u.attempt.endpoint = t->d->plan->group[dev->group].endpoint;
    r.u.attempt.planned_ns = t->planned_ns;
    r.u.attempt.correlation = (struct journal_text){correlation, (uint32_t)strlen(correlation)};
    r.u.attempt.device = (struct journal_text){dev->text, 16};
    record(t->d, &r);
    cmd->sent_ns = clock_mono_ns();
    duty_note(t->d, p->duty, cmd->device, cmd->sent_ns);
}

static void announce_stimulus(struct trial *t, uint32_t i)
{
    const struct command *cmd = &t->command[i];
    const char *name = t->d->plan->stimulus[cmd->payload].name;
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
        if (!t->command[i].stimulus && t->command[i].state == COMMAND_QUEUED)
            return true;
    return false;
}

bool queue_dispatch(struct trial *t, bool with_stimuli)
{
    bool stimulated = true;
    for (size_t i = t->first_queued; i < t->n_command; i++) {
        struct command *cmd = &t->command[i];
        if (cmd->stimulus) {
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

/* A command's exchange is over: its trial may go on, and its slot end. */
static void back(struct trial *t, uint32_t i, bool good, const char *why)
{
    struct command *cmd = &t->command[i];
    cmd->state = COMMAND_DONE;
    t->outstanding--;
    if (cmd->stimulus && !good && t->fault[0] == '\0')
        (void)snprintf(t->fault, sizeof t->fault, "stimulus \"%s\" failed: %s",
                       t->d->plan->stimulus[cmd->payload].name, why);
    if (!t->ended) {
        if (cmd->stimulus && (t->wait == WAIT_STIMULUS || (!good && t->wait == WAIT_MESSAGE)))
            trial_wake(t, HEARD_STOPPED);
        else if (!cmd->stimulus && cmd->failed && t->wait == WAIT_MESSAGE &&
                 t->expect.command == (int)i)
            trial_wake(t, HEARD_REFUSED);
    }
    trial_retire(t);
}

void queue_sent(struct drive *d, uint64_t token, const struct speaker_outcome *o)
{
    uint32_t slot = (uint32_t)(token >> 40), i = (uint32_t)(token & 0xffffff);
    if (slot >= d->n_slot)
        return;
    struct trial *t = d->slot[slot];
    if ((t->generation & 0xffff) != (token >> 24 & 0xffff) || i >= t->n_command)
        return;
    struct command *cmd = &t->command[i];
    bool good = o->code == 0 && o->status >= 200 && o->status < 300;
    char why[80];
    (void)snprintf(why, sizeof why, o->code == 0 ? "status %d" : "no answer (%d)",
                   o->code == 0 ? o->status : o->code);
    if (!cmd->stimulus) {
        char correlation[DRIVE_CORRELATION];
        trial_correlation(t, i, correlation);
        record_outcome(d, correlation, o);
        bool used = good && o->len > 0 && inbound_answer(t, i, o->body, o->len);
        /* where replies come in the answer, an answer without one is all that will come */
        bool last = good && o->len > 0 && !used && strcmp(d->plan->reply_mode, "request") != 0;
        cmd = &t->command[i];
        cmd->failed = !good || last;
    }
    back(t, i, good, why);
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

/* The statement's text with {device} and {value} filled in. */
static enum err_code fill_in(struct trial *t, const struct command *cmd, bool encode,
                             struct buf *out, struct err *e)
{
    const char *p = t->d->plan->stimulus[cmd->payload].url;
    const char *value = t->out.data == NULL ? "" : t->out.data + cmd->body_at;
    enum err_code rc = ERR_OK;
    while (*p != '\0' && rc == ERR_OK) {
        if (strncmp(p, "{device}", 8) == 0) {
            rc = buf_append(out, t->d->device[cmd->device].text, 16, e);
            p += 8;
        } else if (strncmp(p, "{value}", 7) == 0) {
            rc = put_encoded(out, value, cmd->body_len, encode, e);
            p += 7;
        } else {
            rc = buf_append(out, p++, 1, e);
        }
    }
    return rc;
}

static enum err_code transmit(struct trial *t, uint32_t i, bool *prompted, struct err *e)
{
    struct drive *d = t->d;
    struct command *cmd = &t->command[i];
    cmd->state = COMMAND_SENT;
    *prompted = false;
    if (!cmd->stimulus)
        return d->o.speaker->send(d->client[t->slot % DRIVE_CLIENTS],
                                  d->url[d->plan->group[d->device[cmd->device].group].endpoint],
                                  t->out.data + cmd->body_at, cmd->body_len, TOKEN(t, i), e);
    buf_reset(&d->scratch);
    *prompted = strcmp(d->plan->stimulus[cmd->payload].method, "prompt") == 0;
    enum err_code rc = *prompted ? buf_puts(&d->scratch, "PROMPT ", e) : ERR_OK;
    if (rc == ERR_OK)
        rc = fill_in(t, cmd, !*prompted, &d->scratch, e);
    if (rc == ERR_OK && *prompted)
        d->o.say(d->o.arg, d->scratch.data, false);
    else if (rc == ERR_OK)
        rc = d->o.speaker->send(d->control, d->scratch.data, "", 0, TOKEN(t, i), e);
    return rc;
}

void queue_transmit(struct drive *d)
{
    if (d->n_outgoing == 0)
        return;
    record_flush(d);
    /* scripts that a prompt or a refusal wakes may queue more: those go with the next turn */
    size_t n = d->n_outgoing;
    for (size_t k = 0; k < n && d->fault.code == ERR_OK; k++) {
        struct err e = ERR_INIT;
        struct outgoing o = d->outgoing[k];
        bool prompted;
        enum err_code rc = transmit(o.trial, o.command, &prompted, &e);
        if (rc != ERR_OK)
            o.trial->command[o.command].failed = true;
        if (rc != ERR_OK || prompted)
            back(o.trial, o.command, rc == ERR_OK, e.text);
    }
    memmove(d->outgoing, d->outgoing + n, (d->n_outgoing - n) * sizeof *d->outgoing);
    d->n_outgoing -= n;
}
