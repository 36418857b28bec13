#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/drive/api.h"

#define BUSY_NS (5 * NS_PER_MS) /* until a busy device is looked at again */

static struct command *new_command(lua_State *l, struct trial *t)
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
    *c = (struct command){.body_at = t->out.len};
    return c;
}

static int send_go_on(lua_State *l, int status, lua_KContext context);

int api_send(lua_State *l)
{
    static const char *const own[] = {"to", "from", NULL};
    struct trial *t = api_self(l);
    const struct case_payload *p = api_payload(l, t, true);
    const struct binding *b = &t->d->plan->binding[p->binding];
    uint32_t device = api_device(l, t, "to");
    uint32_t endpoint = api_endpoint(l, t, api_text(l, "from"), p->from);
    int64_t ready = duty_ready(t->d, p->duty, device, clock_mono_ns());
    if (ready == INT64_MAX)
        return luaL_error(l, "the statement allows %d operations \"%s\" in all, which are done",
                          (int)t->d->plan->duty[p->duty].most, p->payload);
    if (ready > 0) {
        trial_wait(t, WAIT_SLEEP, ready);
        return lua_yieldk(l, 0, 0, send_go_on);
    }
    if (trial_is_amble(t) && !t->kase->ps->power && !device_touch(t, &t->d->device[device])) {
        trial_wait(t, WAIT_SLEEP, clock_mono_ns() + BUSY_NS);
        return lua_yieldk(l, 0, 0, send_go_on);
    }
    const char *value[BINDING_MAX_FIELDS] = {NULL};
    char made[BINDING_MAX_FIELDS][32];
    lua_pushnil(l);
    while (lua_next(l, 2) != 0) {
        if (!api_own_key(l, own)) {
            const char *name = lua_tostring(l, -2);
            int at = api_field(b, name);
            if (at < 0)
                return luaL_error(l, "payload \"%s\" has no attribute \"%s\"", b->payload, name);
            value[at] = api_value(l, name, made[at], sizeof made[at]);
        }
        lua_pop(l, 1);
    }
    struct command *c = new_command(l, t);
    char correlation[DRIVE_CORRELATION];
    struct err e = ERR_INIT;
    trial_correlation(t, (uint32_t)t->n_command, correlation);
    if (message_write(t->d, b, value, t->d->device[device].text, correlation, endpoint, &t->out,
                      &e) != ERR_OK)
        return luaL_error(l, "%s", e.text);
    c->body_len = t->out.len - c->body_at;
    c->payload = (uint32_t)(p - t->kase->payload);
    c->device = device;
    c->endpoint = endpoint;
    lua_pushinteger(l, (lua_Integer)t->n_command++);
    return 1;
}

static int send_go_on(lua_State *l, int status, lua_KContext context)
{
    (void)status;
    (void)context;
    return api_send(l);
}

static bool declared(const struct scenario *s, const char *name)
{
    for (size_t i = 0; i < s->n_stimulus; i++)
        if (strcmp(s->stimulus[i], name) == 0)
            return true;
    return false;
}

int api_stimulate(lua_State *l)
{
    struct trial *t = api_self(l);
    const struct plan *p = t->d->plan;
    const char *name = luaL_checkstring(l, 2);
    lua_settop(l, 3);
    size_t at = 0;
    while (at < p->n_stimulus && strcmp(p->stimulus[at].name, name) != 0)
        at++;
    if (!declared(t->kase->script, name))
        return luaL_error(l, "stimulus \"%s\" is not declared in stimuli", name);
    if (at == p->n_stimulus)
        return luaL_error(l, "the statement has no stimulus \"%s\"", name);
    uint32_t device = t->device == NULL ? 0 : (uint32_t)(t->device - t->d->device);
    char made[32];
    const char *value = "";
    lua_remove(l, 2); /* the options stand where send and expect have their table */
    if (lua_isnil(l, 2) == 0) {
        luaL_checktype(l, 2, LUA_TTABLE);
        if (lua_getfield(l, 2, "value") != LUA_TNIL)
            value = api_value(l, "value", made, sizeof made);
        lua_pop(l, 1);
        bool named = lua_getfield(l, 2, "device") != LUA_TNIL;
        lua_pop(l, 1);
        if (named)
            device = api_device(l, t, "device");
    }
    struct command *c = new_command(l, t);
    struct err e = ERR_INIT;
    c->stimulus = true;
    c->payload = (uint32_t)at;
    c->device = device;
    c->body_len = strlen(value);
    if (buf_append(&t->out, value, c->body_len + 1, &e) != ERR_OK)
        return luaL_error(l, "%s", e.text);
    t->n_command++;
    return 0;
}
