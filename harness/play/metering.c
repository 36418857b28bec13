/* What meters do beside answering: switches and valves that stay as they are set, registers and
 * readings that look measured. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/num.h"
#include "harness/play/inside.h"

enum { CODE_OPEN = 0, CODE_CLOSE = 1 };
enum { ACK_DONE = 0, FAILURE_BAD_VALUE = 22 };

#define READING_TYPE_BYTES 32
#define INTERVAL_MINUTES 15
#define PUSH_MINUTES 240
#define INTERVALS_MOST_MINUTES 1440

struct operation {
    const char *payload, *code; /* attribute that says open or close */
    const char *report;         /* what is said of its own accord when it has changed */
};
static const struct operation operations[] = {
    {"SW_opr_cmd", "command code", "SW_post-oper-info_resp-data"},
    {"valve_opr_cmd", "opr cmd", "valve_post-oper-info_resp-data"},
};

static const struct operation *operation_of(const char *payload)
{
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++)
        if (strcmp(operations[i].payload, payload) == 0)
            return &operations[i];
    return NULL;
}

static bool is_meter(const struct subject *s)
{
    return subject_is_own(s) && meter_medium(s->of->actor) != MEDIUM_NONE;
}

static bool read_code(const struct order *o, const struct operation *op, uint64_t *code)
{
    struct slice text = play_attribute(o->what->binding, o->env, op->code);
    return num_u64(text.data, text.len, CODE_OPEN, CODE_CLOSE, code);
}

unsigned metering_refuses(const struct order *o)
{
    const char *payload = o->what->binding->payload;
    const struct operation *op = operation_of(payload);
    uint64_t code;
    if (!is_meter(&o->subject))
        return 0;
    if (op != NULL)
        return read_code(o, op, &code) ? 0 : FAILURE_BAD_VALUE;
    bool bad =
        strcmp(payload, "on-demand_Mtr-read_cmd") == 0 &&
        play_attribute(o->what->binding, o->env, "reading type desired").len > READING_TYPE_BYTES;
    return bad ? FAILURE_BAD_VALUE : 0;
}

void metering_does(struct order *o)
{
    const struct operation *op = operation_of(o->what->binding->payload);
    uint64_t code;
    if (!is_meter(&o->subject))
        return;
    o->subject.state->reads++;
    o->subject.state->changed = false;
    if (op == NULL || !read_code(o, op, &code))
        return;
    o->subject.state->changed = o->subject.state->open != (code == CODE_OPEN);
    o->subject.state->open = code == CODE_OPEN;
}

void metering_tells(struct order *o)
{
    const struct operation *op = operation_of(o->what->binding->payload);
    if (op == NULL || !is_meter(&o->subject) || !o->subject.state->changed)
        return;
    const struct known_payload *report =
        known_by_name(&o->play->known, op->report, strlen(op->report));
    if (report != NULL)
        play_send_now(o->play, report, &o->subject, o->subject.state->open ? "0" : "1");
}

/* Somebody operates the switch in the field: to the given state, else to the other one. */
void metering_happens(const struct subject *s, const char *payload, const char *value)
{
    uint64_t code;
    for (size_t i = 0; is_meter(s) && i < sizeof operations / sizeof operations[0]; i++)
        if (strcmp(operations[i].report, payload) == 0)
            s->state->open = num_u64(value, strlen(value), CODE_OPEN, CODE_CLOSE, &code)
                                 ? code == CODE_OPEN
                                 : !s->state->open;
}

/* --- measured values */

static void put_period(struct play *p, int64_t minutes)
{
    char when[32];
    int64_t real_ns = timebase_now_ns(p) - minutes * 60 * NS_PER_S;
    message_put(&p->message, "reading period", "%s",
                clock_iso(real_ns / NS_PER_S * NS_PER_S, when, sizeof when));
}

/* How many values each interval has (load, voltage, ...): business meters give more. Then as many
 * as the row's lower bound asks for, never more than its ceiling allows. */
static int64_t count_values(const struct play *p, const struct filling *f, unsigned minutes)
{
    unsigned intervals = (minutes + INTERVAL_MINUTES - 1) / INTERVAL_MINUTES;
    bool business = strcmp(f->subject.of->device_class, "commercial-industrial") == 0;
    int64_t n = (int64_t)intervals * (business ? 20 : 4);
    int64_t other = message_canonical_bytes(&p->message);
    if (f->leg != NULL && f->leg->size_min_bytes > 0 && other + 4 * n < f->leg->size_min_bytes)
        n = (f->leg->size_min_bytes - other + 3) / 4;
    if (f->leg != NULL && f->leg->size_max_bytes > 0 && other + 4 * n > f->leg->size_max_bytes)
        n = (f->leg->size_max_bytes - other) / 4;
    return n < LIMIT_BODY_FIELDS - 8 ? n : LIMIT_BODY_FIELDS - 8;
}

static void fill_intervals(struct play *p, const struct filling *f, const struct meter *m)
{
    uint64_t minutes = PUSH_MINUTES;
    if (f->command != NULL) {
        struct slice t = play_attribute(f->command, f->env, "period of time to be reported");
        if (!num_u64(t.data, t.len, 1, INTERVALS_MOST_MINUTES, &minutes))
            minutes = INTERVALS_MOST_MINUTES;
    }
    put_period(p, (int64_t)minutes);
    message_put(&p->message, "reading type", "%s", meter_unit(m));
    int64_t n = count_values(p, f, (unsigned)minutes);
    for (int64_t i = 0; i < n; i++)
        message_put(&p->message, "reading data", "%.3f", meter_interval(m, (unsigned)i));
}

static void fill_snapshot(struct play *p, const struct filling *f, const struct meter *m)
{
    (void)f;
    put_period(p, 0);
    message_put(&p->message, "reading type", "%s", meter_unit(m));
    message_put(&p->message, "reading data", "%.3f", meter_register(m));
}

static void fill_reading(struct play *p, const struct filling *f, const struct meter *m)
{
    struct slice type = play_attribute(f->command, f->env, "reading type desired");
    message_put(&p->message, "reading type", "%.*s", (int)type.len, type.data);
    message_put(&p->message, "reading data", "%.3f", meter_register(m));
}

static int service_state(const struct meter *m)
{
    return m->subject->state->open ? CODE_OPEN : CODE_CLOSE;
}

static void fill_switch_state(struct play *p, const struct filling *f, const struct meter *m)
{
    (void)f;
    message_put(&p->message, "SW state", "%d", service_state(m));
    message_put(&p->message, "voltage", "%.1f", meter_voltage(m));
    message_put(&p->message, "amps", "%.2f", meter_amps(m));
}

static void fill_valve_state(struct play *p, const struct filling *f, const struct meter *m)
{
    (void)f;
    message_put(&p->message, "device state values", "%d", service_state(m));
}

static void fill_switch_ack(struct play *p, const struct filling *f, const struct meter *m)
{
    (void)f, (void)m;
    message_put(&p->message, "acknowledgement code", "%d", ACK_DONE);
}

static void fill_valve_ack(struct play *p, const struct filling *f, const struct meter *m)
{
    (void)f, (void)m;
    message_put(&p->message, "acknowlwdgement code", "%d", ACK_DONE);
}

/* State, cause, time, register and supply, as a device would pack them. */
static void fill_operated(struct play *p, const struct filling *f, const struct meter *m)
{
    (void)f;
    message_put(&p->message, "Meter oper extended data",
                "%02X%02X%08" PRIX32 "%08" PRIX32 "%04X%04X", (unsigned)service_state(m), 1u,
                (uint32_t)(clock_real_ns() / NS_PER_S),
                (uint32_t)lround(meter_register(m) * 1000.0),
                (unsigned)lround(meter_voltage(m) * 10.0), (unsigned)lround(meter_amps(m) * 100.0));
}

void metering_fill(struct play *p, const struct filling *f)
{
    static const struct {
        const char *payload;
        void (*fill)(struct play *p, const struct filling *f, const struct meter *m);
    } readings[] = {
        {"on-demand_Mtr-read_resp-data", fill_reading},
        {"Mtr-read_multi-interval-data_resp-data", fill_intervals},
        {"Mtr-read_data_resp-data", fill_snapshot},
        {"SW_opr_cmd_ack", fill_switch_ack},
        {"valve_opr_cmd_ack", fill_valve_ack},
        {"SW_state_cmd_resp-data", fill_switch_state},
        {"valve_state_cmd_resp-data", fill_valve_state},
        {"SW_post-oper-info_resp-data", fill_operated},
        {"valve_post-oper-info_resp-data", fill_operated},
    };
    if (!is_meter(&f->subject))
        return;
    struct message *message = &p->message;
    const struct meter m = {&f->subject, meter_medium(f->subject.of->actor), p->started_ns,
                            p->config->seed};
    const struct binding *b = message->binding;
    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
        bool asked = readings[i].fill != fill_reading || f->command != NULL;
        if (strcmp(readings[i].payload, b->payload) != 0 || !asked)
            continue;
        if (b->identity >= 0)
            message_put(message, b->field[b->identity].name, "%016" PRIX64, f->subject.id);
        readings[i].fill(p, f, &m);
    }
}
