/* What a meter sends of its own accord, and interval readings, which it also sends when polled. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/play/play.h"

#define INTERVAL_MINUTES 15
#define PUSH_MINUTES 240

static const struct {
    const char *payload;
    const char *code; /* attribute that carries the code */
} events[EVENT_KIND_COUNT] = {
    [EVENT_AUDIT] = {"Audit_Application_Event", "event type/Code"},
    [EVENT_CONFIGURATION] = {"Configuration_Event", "acknowledgement code"},
    [EVENT_FAULT] = {"Fault_Error_Alarm_Event", "alarm code"},
    [EVENT_POWER_QUALITY] = {"Power_Quality_Event", "alarm code"},
    [EVENT_SECURITY] = {"Security_Event", "alarm code"},
    [EVENT_SNAPSHOT] = {"Mtr-read_data_resp-data", NULL},
    [EVENT_INTERVALS] = {"Mtr-read_multi-interval-data_resp-data", NULL},
    [EVENT_OPERATED] = {"SW_post-oper-info_resp-data", NULL},
};

static void put_time(struct message *m, int64_t real_ns)
{
    char when[32];
    message_put(m, "reading period", "%s",
                clock_iso(real_ns / NS_PER_S * NS_PER_S, when, sizeof when));
}

/* How many values each interval has (load, voltage, ...): business meters give more. Then as many
 * as the row's lower bound asks for, never more than its ceiling allows. */
static unsigned count_values(struct play *p, const struct meter *m, unsigned minutes,
                             const char *mode)
{
    const struct message *message = &p->message;
    unsigned intervals = (minutes + INTERVAL_MINUTES - 1) / INTERVAL_MINUTES;
    bool business = strcmp(m->group->declared->device_class, "commercial-industrial") == 0;
    int64_t n = (int64_t)intervals * (business ? 20 : 4);
    int64_t other = message_canonical_bytes(message);
    const struct table_leg *leg = play_leg(p, m, message->binding->payload, mode);
    if (leg != NULL && leg->size_min_bytes > 0 && other + 4 * n < leg->size_min_bytes)
        n = (leg->size_min_bytes - other + 3) / 4;
    if (leg != NULL && leg->size_max_bytes > 0 && other + 4 * n > leg->size_max_bytes)
        n = (leg->size_max_bytes - other) / 4;
    if (n > MESSAGE_FIELDS - 8)
        n = MESSAGE_FIELDS - 8;
    return (unsigned)n;
}

void play_put_intervals(struct play *p, const struct meter *m, unsigned minutes, const char *mode)
{
    struct message *message = &p->message;
    put_time(message, clock_real_ns() - (int64_t)minutes * 60 * NS_PER_S);
    message_put(message, "reading type", "%s", meter_unit(m));
    unsigned n = count_values(p, m, minutes, mode);
    for (unsigned i = 0; i < n; i++)
        message_put(message, "reading data", "%.3f", meter_interval(&p->fleet, m, i));
}

/* State, cause, time, register and supply, as a device would pack them. */
static void put_operated(struct play *p, const struct meter *m)
{
    uint32_t reg = (uint32_t)lround(meter_register(&p->fleet, m) * 1000.0);
    message_put(&p->message, "Meter oper extended data",
                "%02X%02X%08" PRIX32 "%08" PRIX32 "%04X%04X", m->state->open ? 0u : 1u, 1u,
                (uint32_t)(clock_real_ns() / NS_PER_S), reg,
                (unsigned)lround(meter_voltage(&p->fleet, m) * 10.0),
                (unsigned)lround(meter_amps(&p->fleet, m) * 100.0));
}

void play_event(struct play *p, const struct meter *m, enum event_kind kind, unsigned code)
{
    struct message *message = &p->message;
    const char *payload = events[kind].payload;
    if (kind == EVENT_OPERATED && m->group->medium == MEDIUM_GAS)
        payload = "valve_post-oper-info_resp-data";
    const struct binding *b = play_binding(p, payload);
    m->state->reads++;
    message_start(message, b, NULL);
    message_put(message, b->field[b->identity < 0 ? 0 : b->identity].name, "%016" PRIX64, m->id);
    if (events[kind].code != NULL) {
        message_put(message, events[kind].code, "%u", code);
    } else if (kind == EVENT_SNAPSHOT) {
        put_time(message, clock_real_ns());
        message_put(message, "reading type", "%s", meter_unit(m));
        message_put(message, "reading data", "%.3f", meter_register(&p->fleet, m));
    } else if (kind == EVENT_INTERVALS) {
        play_put_intervals(p, m, PUSH_MINUTES, "push");
    } else {
        put_operated(p, m);
    }
    play_send_event(p, m, kind == EVENT_INTERVALS ? "push" : "");
}
