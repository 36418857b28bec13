#include "harness/drive/api.h"

#include <string.h>

#include "harness/base/clock.h"

struct trial *api_self(lua_State *l)
{
    struct trial *t = *(struct trial **)luaL_checkudata(l, 1, API_TRIAL);
    if (t->thread != l)
        luaL_error(l, "a trial's object works in its own trial only");
    return t;
}

/* ---- devices ---- */

static void push_device(lua_State *l, struct drive *d, uint32_t index)
{
    lua_rawgeti(l, LUA_REGISTRYINDEX, d->devices_ref);
    if (lua_rawgeti(l, -1, (lua_Integer)index + 1) == LUA_TNIL) {
        lua_pop(l, 1);
        *(uint32_t *)lua_newuserdatauv(l, sizeof(uint32_t), 0) = index;
        luaL_setmetatable(l, API_DEVICE);
        lua_pushvalue(l, -1);
        lua_rawseti(l, -3, (lua_Integer)index + 1);
    }
    lua_remove(l, -2);
}

static int device_index(lua_State *l)
{
    /* a device is only made by push_device, from the running trial's driver */
    uint32_t index = *(uint32_t *)luaL_checkudata(l, 1, API_DEVICE);
    struct drive *d = lua_touserdata(l, lua_upvalueindex(1));
    const char *key = luaL_checkstring(l, 2);
    const struct plan_device_group *g = &d->plan->group[d->device[index].group];
    if (strcmp(key, "id") == 0)
        lua_pushlstring(l, d->device[index].text, 16);
    else if (strcmp(key, "actor") == 0)
        lua_pushstring(l, g->actor);
    else if (strcmp(key, "device_class") == 0)
        lua_pushstring(l, g->device_class);
    else if (strcmp(key, "index") == 0)
        lua_pushinteger(l, index);
    else
        return luaL_error(l, "a device has no '%s', only id, actor, device_class and index", key);
    return 1;
}

static int trial_eut(lua_State *l)
{
    struct trial *t = api_self(l);
    if (t->device == NULL)
        lua_pushnil(l);
    else
        push_device(l, t->d, (uint32_t)(t->device - t->d->device));
    return 1;
}

static int trial_devices(lua_State *l)
{
    struct trial *t = api_self(l);
    if (!trial_is_amble(t))
        return luaL_error(l, "devices() is for preamble and postamble; a trial has eut()");
    lua_createtable(l, (int)t->kase->n_ring, 0);
    lua_Integer n = 0;
    for (int busy = 0; busy < 2; busy++) /* free ones first: a script that needs one takes that */
        for (uint32_t i = 0; i < t->kase->n_ring; i++) {
            const struct device *dev = &t->d->device[t->kase->ring[i]];
            if ((dev->shared > 0 || (dev->holder != NULL && dev->holder != t)) == (busy == 1)) {
                push_device(l, t->d, t->kase->ring[i]);
                lua_rawseti(l, -2, ++n);
            }
        }
    return 1;
}

/* The devices that one trial reaches at once; none in other cases. */
static int trial_population(lua_State *l, struct trial *t)
{
    uint32_t n = t->kase->pc->population > 0 ? t->kase->n_ring : 0;
    lua_createtable(l, (int)n, 0);
    for (uint32_t i = 0; i < n; i++) {
        push_device(l, t->d, t->kase->ring[i]);
        lua_rawseti(l, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int trial_now(lua_State *l)
{
    (void)api_self(l);
    lua_pushinteger(l, (lua_Integer)(clock_real_ns() / NS_PER_S));
    return 1;
}

/* ---- waiting ---- */

static int slept(lua_State *l, int status, lua_KContext context)
{
    (void)status;
    (void)context;
    struct trial *t = api_self(l);
    return t->fault[0] != '\0' ? luaL_error(l, "%s", t->fault) : 0;
}

static int trial_sleep(lua_State *l)
{
    struct trial *t = api_self(l);
    lua_Number s = luaL_checknumber(l, 2);
    luaL_argcheck(l, s >= 0 && s <= 1e6, 2, "expected seconds from 0 to 1000000");
    trial_wait(t, WAIT_SLEEP, clock_mono_ns() + (int64_t)(s * (double)NS_PER_S));
    return lua_yieldk(l, 0, 0, slept);
}

static int window_go_on(lua_State *l, int status, lua_KContext context)
{
    (void)status;
    (void)context;
    struct trial *t = api_self(l);
    int64_t wait = t->d->stopping ? 0 : window_wait_ns(t->d, t->kase, clock_real_ns());
    if (wait == 0)
        return 0;
    trial_wait(t, WAIT_SLEEP, clock_mono_ns() + wait);
    return lua_yieldk(l, 0, 0, window_go_on);
}

static int trial_wait_window(lua_State *l)
{
    return window_go_on(l, LUA_OK, 0);
}

/* ---- the object ---- */

/* Upvalue 1: methods. */
static int trial_index(lua_State *l)
{
    if (lua_type(l, 2) == LUA_TSTRING) {
        lua_pushvalue(l, 2);
        if (lua_rawget(l, lua_upvalueindex(1)) != LUA_TNIL)
            return 1;
    }
    struct trial *t = api_self(l);
    const char *key = luaL_checkstring(l, 2);
    const struct drive *d = t->d;
    uint32_t peer = side_peer(t);
    if (strcmp(key, "device") == 0)
        return trial_eut(l);
    if (strcmp(key, "population") == 0)
        return trial_population(l, t);
    if (strcmp(key, "peer") == 0)
        lua_pushstring(l, peer == DRIVE_NOBODY ? "" : d->plan->endpoint[peer].actor);
    else if (strcmp(key, "use_case") == 0)
        lua_pushstring(l, t->kase->pc->use_case != NULL && t->kase->pc->use_case[0] != '\0'
                              ? t->kase->pc->use_case
                              : t->kase->ps->use_case);
    else if (strcmp(key, "mode") == 0)
        lua_pushstring(l, t->kase->pc->mode == NULL ? "" : t->kase->pc->mode);
    else if (strcmp(key, "number") == 0)
        lua_pushinteger(l, trial_is_amble(t) ? -1 : (lua_Integer)t->number);
    else
        return luaL_error(l, "a trial has no '%s'", key);
    return 1;
}

int api_new_thread(lua_State *l)
{
    struct trial *t = lua_touserdata(l, 1);
    struct trial **held = lua_newuserdatauv(l, sizeof *held, 0);
    *held = t;
    luaL_setmetatable(l, API_TRIAL);
    lua_State *thread = lua_newthread(l);
    int thread_ref = luaL_ref(l, LUA_REGISTRYINDEX);
    int self_ref = luaL_ref(l, LUA_REGISTRYINDEX);
    t->thread_ref = thread_ref;
    t->self_ref = self_ref;
    t->thread = thread;
    return 0;
}

static int function_ref(lua_State *l, const struct scenario *s, const char *key)
{
    lua_rawgeti(l, LUA_REGISTRYINDEX, s->ref);
    lua_getfield(l, -1, key);
    int ref = lua_isfunction(l, -1) ? luaL_ref(l, LUA_REGISTRYINDEX) : LUA_NOREF;
    lua_settop(l, 1);
    return ref;
}

/* (drive) */
static int open_protected(lua_State *l)
{
    static const luaL_Reg method[] = {{"eut", trial_eut},
                                      {"devices", trial_devices},
                                      {"send", api_send},
                                      {"expect", api_expect},
                                      {"exchange", api_exchange},
                                      {"side", api_side},
                                      {"now", trial_now},
                                      {"stimulate", api_stimulate},
                                      {"sleep", trial_sleep},
                                      {"wait_window", trial_wait_window},
                                      {NULL, NULL}};
    struct drive *d = lua_touserdata(l, 1);
    luaL_newmetatable(l, API_TRIAL);
    luaL_newlib(l, method);
    lua_pushcclosure(l, trial_index, 1);
    lua_setfield(l, -2, "__index");
    lua_pushboolean(l, 0);
    lua_setfield(l, -2, "__metatable");
    luaL_newmetatable(l, API_DEVICE);
    lua_pushlightuserdata(l, d);
    lua_pushcclosure(l, device_index, 1);
    lua_setfield(l, -2, "__index");
    lua_pushboolean(l, 0);
    lua_setfield(l, -2, "__metatable");
    lua_settop(l, 1);
    lua_newtable(l);
    d->devices_ref = luaL_ref(l, LUA_REGISTRYINDEX);
    for (size_t i = 0; i < d->n_case; i++) {
        struct drive_case *c = &d->kase[i];
        c->fn_trial = function_ref(l, c->script, "trial");
        c->fn_preamble = function_ref(l, c->script, "preamble");
        c->fn_postamble = function_ref(l, c->script, "postamble");
    }
    return 0;
}

enum err_code api_open(struct drive *d, struct err *e)
{
    lua_State *l = script_lua(d->script);
    lua_pushcfunction(l, open_protected);
    lua_pushlightuserdata(l, d);
    return script_call(d->script, NULL, 1, 0, e);
}
