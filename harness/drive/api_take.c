#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/drive/api.h"

static bool may_touch(const struct trial *t, uint32_t index)
{
    const struct device *dev = &t->d->device[index];
    return t->device == NULL || dev == t->device || (t->crowd && dev->holder == t);
}

/* The device on top, which must be one that this trial may touch. */
uint32_t api_device_on_top(lua_State *l, struct trial *t, const char *key)
{
    uint32_t *index = luaL_testudata(l, -1, API_DEVICE);
    if (index == NULL)
        luaL_error(l, "field '%s' is a %s, expected a device of the trial", key,
                   luaL_typename(l, -1));
    else if (!may_touch(t, *index))
        luaL_error(l, "field '%s' is another device than the one leased to this trial", key);
    return index == NULL ? 0 : *index;
}

uint32_t api_device(lua_State *l, struct trial *t, const char *key)
{
    lua_getfield(l, 2, key);
    uint32_t index = api_device_on_top(l, t, key);
    lua_pop(l, 1);
    return index;
}

const char *api_text(lua_State *l, const char *key)
{
    int type = lua_getfield(l, 2, key);
    if (type != LUA_TNIL && type != LUA_TSTRING)
        luaL_error(l, "field '%s' is a %s, expected a string", key, lua_typename(l, type));
    const char *text = lua_tostring(l, -1); /* stays in the table */
    lua_pop(l, 1);
    return text;
}

struct case_payload *api_declared(lua_State *l, struct trial *t)
{
    luaL_checktype(l, 2, LUA_TTABLE);
    if (lua_rawgeti(l, 2, 1) != LUA_TSTRING)
        luaL_error(l, "the first entry is a %s, expected a payload's name", luaL_typename(l, -1));
    const char *name = lua_tostring(l, -1);
    struct case_payload *p = case_payload_of(t->kase, name);
    if (p == NULL)
        luaL_error(l, "payload \"%s\" is not declared in payloads", name);
    lua_pop(l, 1);
    return p;
}

const struct case_payload *api_payload(lua_State *l, struct trial *t)
{
    const struct case_payload *p = api_declared(l, t);
    if (p->binding < 0)
        luaL_error(l, "payload \"%s\" has no binding in the plan", p->payload);
    return p;
}

/* The first way that the payload goes to the equipment, or from it; NULL none. */
const struct case_leg *api_leg(const struct case_payload *p, enum plan_role role)
{
    for (size_t i = 0; i < p->n_leg; i++)
        if (p->leg[i].role == role)
            return &p->leg[i];
    return NULL;
}

/* The plan index of the endpoint of an actor that we play, -1. */
static int endpoint_of(const struct drive *d, const char *actor, size_t len)
{
    for (size_t i = 0; i < d->plan->n_endpoint; i++) {
        const struct plan_endpoint *ep = &d->plan->endpoint[i];
        if (!ep->eut && d->listener_of[i] >= 0 && strlen(ep->actor) == len &&
            memcmp(ep->actor, actor, len) == 0)
            return (int)i;
    }
    return -1;
}

uint32_t api_endpoint(lua_State *l, struct trial *t, const char *named)
{
    int at = endpoint_of(t->d, named, strlen(named));
    if (at < 0)
        luaL_error(l, "\"%s\" is no actor that the harness plays in this plan", named);
    return at < 0 ? 0 : (uint32_t)at;
}

int api_field(const struct binding *b, const char *name)
{
    for (size_t i = 0; i < b->n_field; i++)
        if (strcmp(b->field[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* The value on top as text of the type; a string stays where it is. */
const char *api_value(lua_State *l, const char *name, int type, char *out, size_t size)
{
    char iso[40];
    if (lua_type(l, -1) == LUA_TNUMBER && type == FIELD_TIME) {
        lua_Number s = lua_tonumber(l, -1);
        if (!(s >= 0 && s <= 9e9))
            luaL_error(l, "attribute \"%s\" is no time in seconds since 1970", name);
        (void)clock_iso((int64_t)s * NS_PER_S, iso, sizeof iso);
        (void)snprintf(out, size, "%.19sZ", iso);
    } else if (lua_isinteger(l, -1)) {
        (void)snprintf(out, size, "%lld", (long long)lua_tointeger(l, -1));
    } else if (lua_type(l, -1) == LUA_TNUMBER) {
        (void)snprintf(out, size, "%.14g", (double)lua_tonumber(l, -1));
    } else if (lua_type(l, -1) == LUA_TSTRING) {
        return lua_tostring(l, -1);
    } else {
        luaL_error(l, "attribute \"%s\" is a %s, expected a string or a number", name,
                   luaL_typename(l, -1));
    }
    return out;
}

/* Whether a key of the table names one of the call's own fields; faults on what is no text. */
bool api_own_key(lua_State *l, const char *const *own)
{
    if (lua_isinteger(l, -2) && lua_tointeger(l, -2) == 1)
        return true;
    if (lua_type(l, -2) != LUA_TSTRING)
        luaL_error(l, "unexpected %s as a key", luaL_typename(l, -2));
    for (size_t i = 0; own[i] != NULL; i++)
        if (strcmp(own[i], lua_tostring(l, -2)) == 0)
            return true;
    return false;
}

const char *api_attribute(lua_State *l, const struct binding *b, const char *const *own, int *field,
                          char *out, size_t size)
{
    if (api_own_key(l, own))
        return NULL;
    const char *name = lua_tostring(l, -2);
    *field = api_field(b, name);
    if (*field < 0)
        luaL_error(l, "payload \"%s\" has no attribute \"%s\"", b->payload, name);
    if (b->field[*field].type == FIELD_IMAGE)
        return NULL; /* read apart */
    return api_value(l, name, b->field[*field].type, out, size);
}

/* An exchange or an old command in in_reply_to of the table at 2: its index, -1 none. */
int api_reply_to(lua_State *l, struct trial *t, bool *old)
{
    int type = lua_getfield(l, 2, "in_reply_to"), is = 0;
    lua_Integer at = -1;
    *old = type == LUA_TNUMBER;
    if (type == LUA_TTABLE) {
        (void)lua_rawgeti(l, -1, 0);
        at = lua_tointegerx(l, -1, &is);
        lua_pop(l, 1);
    } else if (*old) {
        at = lua_tointegerx(l, -1, &is);
    }
    size_t n = *old ? t->n_command : t->n_exchange;
    if (type != LUA_TNIL &&
        (!is || at < 0 || (size_t)at >= n || (*old && t->command[at].kind == COMMAND_STIMULUS)))
        luaL_error(l, "in_reply_to is no command of this trial");
    lua_pop(l, 1);
    return (int)at;
}
