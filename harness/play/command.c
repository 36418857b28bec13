/* What a meter does with a command. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/limits.h"
#include "harness/base/num.h"
#include "harness/play/play.h"
#include "harness/probe/envelope.h"

enum { HTTP_BAD_REQUEST = 400, HTTP_NOT_FOUND = 404, HTTP_UNPROCESSABLE = 422 };

enum { CODE_OPEN = 0, CODE_CLOSE = 1 };
enum { ACK_DONE = 0, FAILURE_BAD_VALUE = 22 };

#define READING_TYPE_BYTES 32
#define INTERVALS_MOST_MINUTES 1440

struct order { /* a command that is understood so far */
    struct play *play;
    struct meter meter;
    const struct envelope *env;
    const struct binding *binding;
};

/* The value of an attribute, empty when it is not there. */
static struct slice attribute(const struct order *o, const char *name)
{
    const struct binding *b = o->binding;
    size_t f = 0;
    while (f < b->n_field && strcmp(b->field[f].name, name) != 0)
        f++;
    for (size_t i = 0; f < b->n_field && i < o->env->n_field; i++) {
        const struct envelope_field *have = &o->env->field[i];
        if (have->path.len == strlen(b->field[f].path) &&
            memcmp(have->path.data, b->field[f].path, have->path.len) == 0)
            return have->value;
    }
    return (struct slice){"", 0};
}

/* Starts the answer with the attribute that names the device. */
static struct message *answer_with(const struct order *o, const char *payload)
{
    struct message *m = &o->play->message;
    const struct binding *b = play_binding(o->play, payload);
    message_start(m, b, o->binding->payload);
    message_put(m, b->field[b->identity < 0 ? 0 : b->identity].name, "%016" PRIX64, o->meter.id);
    return m;
}

static void fail_with(const struct order *o, const char *payload, const char *name, unsigned code)
{
    struct message *m = answer_with(o, payload);
    m->failed = true;
    message_put(m, name, "%u", code);
}

/* The pending fault of that kind, which is used up. */
static unsigned take_fault(const struct order *o, enum meter_fault kind)
{
    unsigned code = o->meter.state->fault[kind];
    o->meter.state->fault[kind] = 0;
    return code;
}

static void read_register(const struct order *o)
{
    struct slice type = attribute(o, "reading type desired");
    unsigned fault = take_fault(o, FAULT_METROLOGY);
    if (fault == 0 && type.len > READING_TYPE_BYTES)
        fault = FAILURE_BAD_VALUE;
    if (fault != 0) {
        fail_with(o, "on-demand_Mtr-read_cmd_err", "failure code", fault);
        return;
    }
    o->meter.state->reads++;
    struct message *m = answer_with(o, "on-demand_Mtr-read_resp-data");
    message_put(m, "reading type", "%.*s", (int)type.len, type.data);
    message_put(m, "reading data", "%.3f", meter_register(&o->play->fleet, &o->meter));
}

static void read_intervals(const struct order *o)
{
    struct slice period = attribute(o, "period of time to be reported");
    uint64_t minutes;
    if (!num_u64(period.data, period.len, 1, INTERVALS_MOST_MINUTES, &minutes))
        minutes = INTERVALS_MOST_MINUTES;
    o->meter.state->reads++;
    (void)answer_with(o, "Mtr-read_multi-interval-data_resp-data");
    play_put_intervals(o->play, &o->meter, (unsigned)minutes, "poll");
}

static void operate(const struct order *o, const char *code_name, const char *ack,
                    const char *ack_name, const char *failure, const char *failure_name)
{
    struct slice text = attribute(o, code_name);
    uint64_t code;
    unsigned fault = take_fault(o, FAULT_SERVICE);
    if (fault == 0 && !num_u64(text.data, text.len, CODE_OPEN, CODE_CLOSE, &code))
        fault = FAILURE_BAD_VALUE;
    if (fault != 0) {
        fail_with(o, failure, failure_name, fault);
        return;
    }
    o->meter.state->open = code == CODE_OPEN;
    message_put(answer_with(o, ack), ack_name, "%d", ACK_DONE);
}

static void operate_switch(const struct order *o)
{
    operate(o, "command code", "SW_opr_cmd_ack", "acknowledgement code", "SW_opr_fail_cmd-err",
            "failure code");
}

/* A scheduled time is not waited for: the valve goes at once. */
static void operate_valve(const struct order *o)
{
    operate(o, "opr cmd", "valve_opr_cmd_ack", "acknowlwdgement code", "valve_opr_fail_cmd-err",
            "err-code");
}

/* Operations are done at once, so nothing is left to cancel; that too is acknowledged. */
static void cancel_switch(const struct order *o)
{
    message_put(answer_with(o, "SW_opr_cmd_ack"), "acknowledgement code", "%d", ACK_DONE);
}

static void cancel_valve(const struct order *o)
{
    message_put(answer_with(o, "valve_opr_cmd_ack"), "acknowlwdgement code", "%d", ACK_DONE);
}

static int service_state(const struct order *o)
{
    return o->meter.state->open ? CODE_OPEN : CODE_CLOSE;
}

static void tell_switch(const struct order *o)
{
    o->meter.state->reads++;
    struct message *m = answer_with(o, "SW_state_cmd_resp-data");
    message_put(m, "SW state", "%d", service_state(o));
    message_put(m, "voltage", "%.1f", meter_voltage(&o->play->fleet, &o->meter));
    message_put(m, "amps", "%.2f", meter_amps(&o->play->fleet, &o->meter));
}

static void tell_valve(const struct order *o)
{
    message_put(answer_with(o, "valve_state_cmd_resp-data"), "device state values", "%d",
                service_state(o));
}

static const struct {
    const char *payload;
    unsigned media;
    void (*obey)(const struct order *o);
} commands[] = {
    {"on-demand_Mtr-read_cmd", MEDIUM_ALL, read_register},
    {"Mtr-read_multi-interval-data_cmd", MEDIUM_ELECTR | MEDIUM_GAS, read_intervals},
    {"SW_opr_cmd", MEDIUM_ELECTR, operate_switch},
    {"SW_opr_cancel_cmd", MEDIUM_ELECTR, cancel_switch},
    {"SW_state_cmd", MEDIUM_ELECTR, tell_switch},
    {"valve_opr_cmd", MEDIUM_GAS, operate_valve},
    {"valve_opr_cancel_cmd", MEDIUM_GAS, cancel_valve},
    {"valve_state_cmd", MEDIUM_GAS, tell_valve},
};

static const struct binding *binding_of(const struct play *p, struct slice element)
{
    for (size_t i = 0; i < p->config->n_binding; i++) {
        const struct binding *b = &p->config->binding[i];
        if (strncmp(b->element, element.data, element.len) == 0 && b->element[element.len] == '\0')
            return b;
    }
    return NULL;
}

/* Every required attribute is there and is a value of its type. */
static bool is_complete(const struct order *o)
{
    for (size_t i = 0; i < o->binding->n_field; i++) {
        const struct binding_field *f = &o->binding->field[i];
        struct slice v = attribute(o, f->name);
        if (f->required && (v.len == 0 || field_canonical_bytes(f->type, v.data, v.len) < 0))
            return false;
    }
    return true;
}

static bool is_path(const char *target, const char *path)
{
    size_t n = strlen(path);
    return strncmp(target, path, n) == 0 && (target[n] == '\0' || target[n] == '?');
}

/* Finds device and command. The index in commands, or -1 with the HTTP status that refuses. */
static int understand(struct order *o, const char *body, size_t len, struct envelope *env,
                      int *status)
{
    uint64_t id;
    *status = HTTP_BAD_REQUEST;
    if (envelope_read(o->play->reader, body, len, env, NULL) != ERR_OK ||
        env->kind != ENVELOPE_REQUEST || env->correlation_id.len == 0 ||
        env->correlation_id.len > LIMIT_CORRELATION_BYTES)
        return -1;
    *status = HTTP_UNPROCESSABLE;
    o->env = env;
    o->binding = binding_of(o->play, env->element);
    if (o->binding == NULL || o->binding->identity < 0 || !is_complete(o))
        return -1;
    int c = 0, n = (int)(sizeof commands / sizeof commands[0]);
    while (c < n && strcmp(commands[c].payload, o->binding->payload) != 0)
        c++;
    if (c == n)
        return -1;
    struct slice text = attribute(o, o->binding->field[o->binding->identity].name);
    *status = HTTP_NOT_FOUND;
    if (!num_hex64(text.data, text.len, &id) || !fleet_find(&o->play->fleet, id, &o->meter))
        return -1;
    *status = HTTP_UNPROCESSABLE;
    return commands[c].media & o->meter.group->medium ? c : -1;
}

void play_command(struct play *p, struct caller who, const char *path, const char *body, size_t len)
{
    struct order o = {.play = p};
    struct envelope env;
    char correlation[LIMIT_CORRELATION_BYTES + 1], reply_url[512];
    int status = HTTP_NOT_FOUND;
    int c = is_path(path, p->config->statement->eut.path) ? understand(&o, body, len, &env, &status)
                                                          : -1;
    if (c < 0) {
        play_answer(p, who, status, NULL, 0, RAW_WHOLE);
        return;
    }
    (void)snprintf(correlation, sizeof correlation, "%.*s", (int)env.correlation_id.len,
                   env.correlation_id.data);
    (void)snprintf(reply_url, sizeof reply_url, "%.*s", (int)env.reply_address.len,
                   env.reply_address.data);
    if (p->config->reply_by_request && !play_is_listed(p, reply_url)) {
        play_answer(p, who, HTTP_UNPROCESSABLE, NULL, 0, RAW_WHOLE);
        return;
    }
    struct meter_state before = *o.meter.state;
    commands[c].obey(&o);
    if (play_swallowed(p, who)) { /* lost on the way in: as if it had never come */
        *o.meter.state = before;
        return;
    }
    bool changed = before.open != o.meter.state->open;
    play_reply(p, who, &o.meter, correlation, reply_url);
    if (changed)
        play_event(p, &o.meter, EVENT_OPERATED, 0);
}
