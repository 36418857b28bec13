/* The control address: what provokes the meters. Not part of the equipment's network interface. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/num.h"
#include "harness/play/play.h"

enum { HTTP_DONE = 204, HTTP_NOT_FOUND = 404, HTTP_UNPROCESSABLE = 422 };

#define CODE_DEFAULT 7u

enum action { ACTION_EVENT = 0, ACTION_FAULT, ACTION_OPERATE };

static const struct {
    const char *name;
    enum action action;
    int what; /* event_kind or meter_fault */
    unsigned media;
} stimuli[] = {
    {"audit-event", ACTION_EVENT, EVENT_AUDIT, MEDIUM_ALL},
    {"configuration-event", ACTION_EVENT, EVENT_CONFIGURATION, MEDIUM_ALL},
    {"fault-event", ACTION_EVENT, EVENT_FAULT, MEDIUM_ALL},
    {"power-quality-event", ACTION_EVENT, EVENT_POWER_QUALITY, MEDIUM_ELECTR},
    {"security-event", ACTION_EVENT, EVENT_SECURITY, MEDIUM_ALL},
    {"register-snapshot", ACTION_EVENT, EVENT_SNAPSHOT, MEDIUM_ALL},
    {"interval-push", ACTION_EVENT, EVENT_INTERVALS, MEDIUM_ELECTR | MEDIUM_GAS},
    {"metrology-fault", ACTION_FAULT, FAULT_METROLOGY, MEDIUM_ALL},
    {"switch-fault", ACTION_FAULT, FAULT_SERVICE, MEDIUM_ELECTR},
    {"valve-fault", ACTION_FAULT, FAULT_SERVICE, MEDIUM_GAS},
    {"switch-operated", ACTION_OPERATE, 0, MEDIUM_ELECTR | MEDIUM_GAS},
    {"valve-operated", ACTION_OPERATE, 0, MEDIUM_GAS},
};

struct given {
    const char *device, *value;
    size_t device_len, value_len;
};

/* Holds the target against a declared URL; {device} and {value} take what stands in their place. */
static bool fits(const char *url, const char *target, struct given *g)
{
    const char *u = strstr(url, "://");
    u = u == NULL ? url : u + 3;
    u += strcspn(u, "/");
    *g = (struct given){"", "", 0, 0};
    while (*u != '\0') {
        bool device = strncmp(u, "{device}", 8) == 0, value = strncmp(u, "{value}", 7) == 0;
        if (!device && !value) {
            if (*u++ != *target++)
                return false;
            continue;
        }
        u += device ? 8 : 7;
        const char *end = *u == '\0' ? target + strlen(target) : strchr(target, *u);
        if (end == NULL)
            return false;
        if (device) {
            g->device = target;
            g->device_len = (size_t)(end - target);
        } else {
            g->value = target;
            g->value_len = (size_t)(end - target);
        }
        target = end;
    }
    return *target == '\0';
}

static void operate(struct play *p, struct meter *m, bool given, unsigned code)
{
    bool open = given ? code == 0 : !m->state->open;
    if (open == m->state->open)
        return;
    m->state->open = open;
    play_event(p, m, EVENT_OPERATED, 0);
}

static int provoke(struct play *p, const char *name, const struct given *g)
{
    size_t i = 0, n = sizeof stimuli / sizeof stimuli[0];
    uint64_t id, code = CODE_DEFAULT;
    struct meter m;
    while (i < n && strcmp(stimuli[i].name, name) != 0)
        i++;
    if (i == n || !num_hex64(g->device, g->device_len, &id) || !fleet_find(&p->fleet, id, &m))
        return HTTP_NOT_FOUND;
    bool given = g->value_len > 0;
    if (given && !num_u64(g->value, g->value_len, 0, 255, &code))
        return HTTP_UNPROCESSABLE;
    if (!(stimuli[i].media & m.group->medium))
        return HTTP_UNPROCESSABLE;
    switch (stimuli[i].action) {
    case ACTION_EVENT:
        play_event(p, &m, (enum event_kind)stimuli[i].what, (unsigned)code);
        break;
    case ACTION_FAULT:
        m.state->fault[stimuli[i].what] = code == 0 ? CODE_DEFAULT : (uint8_t)code;
        break;
    case ACTION_OPERATE:
        operate(p, &m, given, (unsigned)code);
        break;
    }
    return HTTP_DONE;
}

int play_stimulus(struct play *p, const char *target)
{
    const struct statement *s = p->config->statement;
    struct given g;
    for (size_t i = 0; i < s->n_stimulus; i++)
        if (strcmp(s->stimulus[i].method, "POST") == 0 && fits(s->stimulus[i].url, target, &g))
            return provoke(p, s->stimulus[i].name, &g);
    return HTTP_NOT_FOUND;
}
