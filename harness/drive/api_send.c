#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/drive/api.h"

#define BUSY_NS (5 * NS_PER_MS) /* until a busy device is looked at again */

struct command *api_command(lua_State *l, struct trial *t)
{
    if (t->n_command == DRIVE_MAX_COMMANDS)
        luaL_error(l, "more than %d sends and stimuli in one trial", DRIVE_MAX_COMMANDS);
    if (t->n_command == t->cap_command) {
        size_t cap = t->cap_command == 0 ? 4 : t->cap_command * 2;
        struct command *more = realloc(t->command, cap * sizeof *more);
        if (more == NULL)
            luaL_error(l, "not enough memory");
        else {
            t->command = more;
            t->cap_command = cap;
        }
    }
    struct command *c = &t->command[t->n_command];
    *c = (struct command){.body_at = t->out.len, .target = -1, .device = DRIVE_NOBODY};
    return c;
}

bool api_wait_duty(lua_State *l, struct trial *t, const struct case_payload *p, uint32_t device)
{
    int64_t ready = duty_ready(t->d, p->duty, device, clock_mono_ns());
    if (ready == INT64_MAX)
        luaL_error(l, "the statement allows %d operations \"%s\" in all, which are done",
                   (int)t->d->plan->duty[p->duty].most, p->payload);
    if (ready > 0) {
        trial_wait(t, WAIT_SLEEP, ready);
        return true;
    }
    if (trial_is_amble(t) && !t->kase->ps->power && !device_touch(t, &t->d->device[device])) {
        trial_wait(t, WAIT_SLEEP, clock_mono_ns() + BUSY_NS);
        return true;
    }
    return false;
}

static int send_go_on(lua_State *l, int status, lua_KContext context)
{
    (void)status;
    (void)context;
    return api_send(l);
}

int api_send(lua_State *l)
{
    static const char *const own[] = {"to", "from", NULL};
    struct trial *t = api_self(l);
    const struct case_payload *p = api_payload(l, t);
    const struct case_leg *leg = api_leg(p, PLAN_TO_EUT);
    const struct case_leg plain = {.role = PLAN_TO_EUT, .endpoint = -1, .from = "", .to = ""};
    const struct binding *b = &t->d->plan->binding[p->binding];
    uint32_t device = api_device(l, t, "to");
    const char *from = api_text(l, "from");
    uint32_t endpoint = from != NULL ? api_endpoint(l, t, from)
                                     : side_sender(t, leg == NULL ? &plain : leg, device, false);
    if (api_wait_duty(l, t, p, device))
        return lua_yieldk(l, 0, 0, send_go_on);
    const char *value[BINDING_MAX_FIELDS] = {NULL};
    char made[BINDING_MAX_FIELDS][API_VALUE_BYTES];
    lua_pushnil(l);
    for (size_t n = 0; lua_next(l, 2) != 0; lua_pop(l, 1)) {
        int field;
        const char *text = api_attribute(l, b, own, &field, made[n], sizeof made[n]);
        if (text == NULL)
            continue;
        value[field] = text;
        n++;
    }
    struct command *c = api_command(l, t);
    char correlation[DRIVE_CORRELATION];
    struct err e = ERR_INIT;
    trial_correlation(t, (uint32_t)t->n_command, correlation);
    struct message m = {.binding = b,
                        .value = value,
                        .device = t->d->device[device].text,
                        .id = correlation,
                        .correlation = correlation,
                        .endpoint = endpoint};
    if (message_write(t->d, &m, &t->out, &e) != ERR_OK)
        return luaL_error(l, "%s", e.text);
    c->body_len = t->out.len - c->body_at;
    c->payload = (uint32_t)(p - t->kase->payload);
    c->device = device;
    c->endpoint = endpoint;
    if (leg != NULL && !trial_is_amble(t)) {
        c->target = leg->target;
        c->read_back = leg->read_back;
    }
    lua_pushinteger(l, (lua_Integer)t->n_command++);
    return 1;
}

static bool declared(const struct drive_case *c, const char *name)
{
    for (size_t i = 0; i < c->script->n_stimulus; i++)
        if (strcmp(c->script->stimulus[i], name) == 0)
            return true;
    return case_payload_of(c, name) != NULL;
}

void api_provoke(lua_State *l, struct trial *t, const char *name, uint32_t device,
                 const char *value, bool may_lack)
{
    const struct plan_stimulus *s = stimulus_named(t->d, name);
    struct err e = ERR_INIT;
    if (!declared(t->kase, name))
        luaL_error(l, "stimulus \"%s\" is not declared in stimuli", name);
    if (s == NULL && may_lack)
        return;
    if (s == NULL)
        luaL_error(l, "the statement has no stimulus \"%s\"", name);
    struct command *c = api_command(l, t);
    const char *kept = name;
    for (size_t i = 0; i < t->kase->script->n_stimulus; i++)
        if (strcmp(t->kase->script->stimulus[i], name) == 0)
            kept = t->kase->script->stimulus[i];
    const struct case_payload *p = case_payload_of(t->kase, name);
    c->stimulus = p != NULL ? p->payload : kept; /* text that outlives the script's */
    c->kind = COMMAND_STIMULUS;
    c->payload = s == NULL ? 0 : (uint32_t)(s - t->d->plan->stimulus);
    c->device = device;
    c->body_len = strlen(value);
    if (buf_append(&t->out, value, c->body_len + 1, &e) != ERR_OK)
        luaL_error(l, "%s", e.text);
    t->n_command++;
}

int api_stimulate(lua_State *l)
{
    struct trial *t = api_self(l);
    const char *name = luaL_checkstring(l, 2);
    uint32_t device = t->device == NULL ? t->kase->ring[0] : (uint32_t)(t->device - t->d->device);
    char made[API_VALUE_BYTES];
    const char *value = "";
    lua_settop(l, 3);
    lua_pushvalue(l, 2); /* the options stand where send and expect have their table */
    lua_remove(l, 2);
    if (!lua_isnil(l, 2)) {
        luaL_checktype(l, 2, LUA_TTABLE);
        if (lua_getfield(l, 2, "value") != LUA_TNIL)
            value = api_value(l, "value", -1, made, sizeof made);
        lua_pop(l, 1);
        bool named = lua_getfield(l, 2, "device") != LUA_TNIL;
        lua_pop(l, 1);
        if (named)
            device = api_device(l, t, "device");
    }
    api_provoke(l, t, name, device, value, false);
    return 0;
}
