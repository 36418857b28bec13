#include <stdio.h>
#include <string.h>

#include "harness/drive/api.h"

/* A device in the named field, which must be one that this trial may touch. */
uint32_t api_device(lua_State *l, struct trial *t, const char *key)
{
    lua_getfield(l, 2, key);
    uint32_t *index = luaL_testudata(l, -1, API_DEVICE);
    if (index == NULL)
        luaL_error(l, "field '%s' is a %s, expected the device of t:eut()", key,
                   luaL_typename(l, -1));
    else if (t->device != NULL && *index != (uint32_t)(t->device - t->d->device))
        luaL_error(l, "field '%s' is another device than the one leased to this trial", key);
    lua_pop(l, 1);
    return index == NULL ? 0 : *index;
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

const struct case_payload *api_payload(lua_State *l, struct trial *t, bool sent)
{
    luaL_checktype(l, 2, LUA_TTABLE);
    if (lua_rawgeti(l, 2, 1) != LUA_TSTRING)
        luaL_error(l, "the first entry is a %s, expected a payload's name", luaL_typename(l, -1));
    const char *name = lua_tostring(l, -1);
    const struct case_payload *p = case_payload_of(t->kase, name, sent);
    if (p == NULL)
        luaL_error(l, "payload \"%s\" is not declared with direction = \"%s\"", name,
                   sent ? "send" : "expect");
    else if (p->binding < 0)
        luaL_error(l, "payload \"%s\" has no binding in the plan", name);
    lua_pop(l, 1);
    return p;
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

/* The named actor's endpoint; without a name the first of "A, B" that we play, else any. */
uint32_t api_endpoint(lua_State *l, struct trial *t, const char *named, const char *actors)
{
    const struct drive *d = t->d;
    if (named != NULL) {
        int at = endpoint_of(d, named, strlen(named));
        if (at < 0)
            luaL_error(l, "\"%s\" is no actor that the harness plays in this plan", named);
        return at < 0 ? 0 : (uint32_t)at;
    }
    for (const char *p = actors; *p != '\0';) {
        const char *comma = strstr(p, ", ");
        size_t len = comma == NULL ? strlen(p) : (size_t)(comma - p);
        int at = endpoint_of(d, p, len);
        if (at >= 0)
            return (uint32_t)at;
        p += len + (comma == NULL ? 0 : 2);
    }
    for (size_t i = 0; i < d->plan->n_endpoint; i++)
        if (d->listener_of[i] >= 0)
            return (uint32_t)i;
    luaL_error(l, "the plan has no actor that the harness plays");
    return 0;
}

int api_field(const struct binding *b, const char *name)
{
    for (size_t i = 0; i < b->n_field; i++)
        if (strcmp(b->field[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* The value on top as text; a string stays where it is. */
const char *api_value(lua_State *l, const char *name, char *out, size_t size)
{
    if (lua_isinteger(l, -1))
        (void)snprintf(out, size, "%lld", (long long)lua_tointeger(l, -1));
    else if (lua_type(l, -1) == LUA_TNUMBER)
        (void)snprintf(out, size, "%.14g", (double)lua_tonumber(l, -1));
    else if (lua_type(l, -1) == LUA_TSTRING)
        return lua_tostring(l, -1);
    else
        luaL_error(l, "attribute \"%s\" is a %s, expected a string or a number", name,
                   luaL_typename(l, -1));
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
