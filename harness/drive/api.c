/* What a script's `t` can do. Everything here is called from Lua, throws on misuse, and holds no
 * memory of its own across a throw. Types and meaning: lua/gridassay.lua. */
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/drive/inside.h"

#define TRIAL_META "gridassay.trial"
#define DEVICE_META "gridassay.device"
#define BUSY_NS (5 * NS_PER_MS)           /* until a busy device is looked at again */
#define PLAIN_GIVE_UP_NS (10 * NS_PER_S) /* of a supporting expectation in a case without targets */

enum stage { STAGE_FIRST = 0, STAGE_STIMULATED, STAGE_HEARD };

static struct trial *self(lua_State *l)
{
    struct trial *t = *(struct trial **)luaL_checkudata(l, 1, TRIAL_META);
    if (t->thread != l)
        luaL_error(l, "a trial's object works in its own trial only");
    return t;
}

static bool is_amble(const struct trial *t)
{
    return t->number == JOURNAL_PREAMBLE || t->number == JOURNAL_POSTAMBLE;
}

/* ---- devices ---- */

static void push_device(lua_State *l, struct drive *d, uint32_t index)
{
    lua_rawgeti(l, LUA_REGISTRYINDEX, d->devices_ref);
    if (lua_rawgeti(l, -1, (lua_Integer)index + 1) == LUA_TNIL) {
        lua_pop(l, 1);
        *(uint32_t *)lua_newuserdatauv(l, sizeof(uint32_t), 0) = index;
        luaL_setmetatable(l, DEVICE_META);
        lua_pushvalue(l, -1);
        lua_rawseti(l, -3, (lua_Integer)index + 1);
    }
    lua_remove(l, -2);
}

static int device_index(lua_State *l)
{
    /* a device is only made by push_device, from the running trial's driver */
    uint32_t index = *(uint32_t *)luaL_checkudata(l, 1, DEVICE_META);
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
    struct trial *t = self(l);
    if (t->device == NULL)
        lua_pushnil(l);
    else
        push_device(l, t->d, (uint32_t)(t->device - t->d->device));
    return 1;
}

static int trial_devices(lua_State *l)
{
    struct trial *t = self(l);
    if (!is_amble(t))
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

/* ---- reading what scripts give ---- */

/* A device in the named field, which must be one that this trial may touch. */
static uint32_t take_device(lua_State *l, struct trial *t, const char *key)
{
    lua_getfield(l, 2, key);
    uint32_t *index = luaL_testudata(l, -1, DEVICE_META);
    if (index == NULL)
        luaL_error(l, "field '%s' is a %s, expected the device of t:eut()", key, luaL_typename(l, -1));
    else if (t->device != NULL && *index != (uint32_t)(t->device - t->d->device))
        luaL_error(l, "field '%s' is another device than the one leased to this trial", key);
    lua_pop(l, 1);
    return index == NULL ? 0 : *index;
}

static const char *take_text(lua_State *l, const char *key)
{
    int type = lua_getfield(l, 2, key);
    if (type != LUA_TNIL && type != LUA_TSTRING)
        luaL_error(l, "field '%s' is a %s, expected a string", key, lua_typename(l, type));
    const char *text = lua_tostring(l, -1); /* stays in the table */
    lua_pop(l, 1);
    return text;
}

static const struct case_payload *take_payload(lua_State *l, struct trial *t, bool sent)
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
static uint32_t take_endpoint(lua_State *l, struct trial *t, const char *named, const char *actors)
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

static int field_of(const struct binding *b, const char *name)
{
    for (size_t i = 0; i < b->n_field; i++)
        if (strcmp(b->field[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* The value on top as text; a string stays where it is. */
static const char *take_value(lua_State *l, const char *name, char *out, size_t size)
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
static bool own_key(lua_State *l, const char *const *own)
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

/* ---- send, stimulate ---- */

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

static int trial_send(lua_State *l)
{
    static const char *const own[] = {"to", "from", NULL};
    struct trial *t = self(l);
    const struct case_payload *p = take_payload(l, t, true);
    const struct binding *b = &t->d->plan->binding[p->binding];
    uint32_t device = take_device(l, t, "to");
    uint32_t endpoint = take_endpoint(l, t, take_text(l, "from"), p->from);
    int64_t ready = duty_ready(t->d, p->duty, device, clock_mono_ns());
    if (ready == INT64_MAX)
        return luaL_error(l, "the statement allows %d operations \"%s\" in all, which are done",
                          (int)t->d->plan->duty[p->duty].most, p->payload);
    if (ready > 0) {
        trial_wait(t, WAIT_SLEEP, ready);
        return lua_yieldk(l, 0, 0, send_go_on);
    }
    if (is_amble(t) && !t->kase->ps->power && !device_touch(t, &t->d->device[device])) {
        trial_wait(t, WAIT_SLEEP, clock_mono_ns() + BUSY_NS);
        return lua_yieldk(l, 0, 0, send_go_on);
    }
    const char *value[BINDING_MAX_FIELDS] = {NULL};
    char made[BINDING_MAX_FIELDS][32];
    lua_pushnil(l);
    while (lua_next(l, 2) != 0) {
        if (!own_key(l, own)) {
            const char *name = lua_tostring(l, -2);
            int at = field_of(b, name);
            if (at < 0)
                return luaL_error(l, "payload \"%s\" has no attribute \"%s\"", b->payload, name);
            value[at] = take_value(l, name, made[at], sizeof made[at]);
        }
        lua_pop(l, 1);
    }
    struct command *c = new_command(l, t);
    char correlation[DRIVE_CORRELATION];
    struct err e = ERR_INIT;
    trial_correlation(t, (uint32_t)t->n_command, correlation);
    if (message_write(t->d, b, value, t->d->device[device].text, correlation, endpoint, &t->out, &e) !=
        ERR_OK)
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
    return trial_send(l);
}

static bool declared(const struct scenario *s, const char *name)
{
    for (size_t i = 0; i < s->n_stimulus; i++)
        if (strcmp(s->stimulus[i], name) == 0)
            return true;
    return false;
}

static int trial_stimulate(lua_State *l)
{
    struct trial *t = self(l);
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
            value = take_value(l, "value", made, sizeof made);
        lua_pop(l, 1);
        bool named = lua_getfield(l, 2, "device") != LUA_TNIL;
        lua_pop(l, 1);
        if (named)
            device = take_device(l, t, "device");
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

/* ---- expect ---- */

/* Fills t->expect from the table at 2. */
static void read_expectation(lua_State *l, struct trial *t)
{
    static const char *const own[] = {"from", "to", "in_reply_to", "within", "optional", NULL};
    struct expectation *x = &t->expect;
    const struct case_payload *p = take_payload(l, t, false);
    const struct binding *b = &t->d->plan->binding[p->binding];
    *x = (struct expectation){.binding = (uint32_t)p->binding, .command = -1, .target = p->target};
    x->device = take_device(l, t, "from");
    const char *to = take_text(l, "to");
    if (lua_getfield(l, 2, "in_reply_to") != LUA_TNIL) {
        int is = 0;
        lua_Integer command = lua_tointegerx(l, -1, &is);
        if (!is || command < 0 || (size_t)command >= t->n_command || t->command[command].stimulus)
            luaL_error(l, "in_reply_to is no command of this trial");
        x->command = (int)command;
        x->endpoint = t->command[command].endpoint;
    } else {
        x->endpoint = take_endpoint(l, t, to, p->to);
    }
    lua_getfield(l, 2, "optional");
    bool optional = lua_toboolean(l, -1);
    int within = lua_getfield(l, 2, "within");
    if (optional || is_amble(t))
        x->target = -1;
    if (within != LUA_TNIL && (within != LUA_TNUMBER || !(lua_tonumber(l, -1) >= 0) ||
                               lua_tonumber(l, -1) > 1e6))
        luaL_error(l, "within is no number of seconds from 0 to 1000000");
    if (within != LUA_TNIL && x->target >= 0)
        luaL_error(l, "within is for supporting expectations: the plan says how long a row waits");
    if (within != LUA_TNIL)
        x->give_up_ns = (int64_t)(lua_tonumber(l, -1) * (double)NS_PER_S);
    else if (x->target >= 0)
        x->give_up_ns = t->d->plan->row[t->kase->target_row[x->target]]
                            .variant[t->kase->target_variant[x->target]]
                            .give_up_ns;
    else
        x->give_up_ns = t->kase->give_up_ns > 0 ? t->kase->give_up_ns : PLAIN_GIVE_UP_NS;
    lua_pop(l, 3);
    lua_pushnil(l);
    while (lua_next(l, 2) != 0) {
        if (!own_key(l, own)) {
            const char *name = lua_tostring(l, -2);
            int at = field_of(b, name);
            char made[32];
            if (at < 0)
                luaL_error(l, "payload \"%s\" has no attribute \"%s\"", b->payload, name);
            if (x->n_value == JOURNAL_MAX_EXPECT)
                luaL_error(l, "more than %d attributes to be compared", JOURNAL_MAX_EXPECT);
            struct expected_value *v = &x->value[x->n_value++];
            v->field = (uint32_t)at;
            const char *text = take_value(l, name, made, sizeof made);
            if (strlen(text) >= sizeof v->text)
                luaL_error(l, "attribute \"%s\" has more than %d bytes", name, (int)sizeof v->text - 1);
            (void)snprintf(v->text, sizeof v->text, "%s", text);
        }
        lua_pop(l, 1);
    }
}

static void announce(struct trial *t)
{
    const struct expectation *x = &t->expect;
    const struct drive_case *c = t->kase;
    char correlation[DRIVE_CORRELATION] = "";
    struct journal_record r = {.type = JOURNAL_ATTEMPT};
    r.u.attempt.scenario = c->scenario;
    r.u.attempt.kase = c->kase;
    r.u.attempt.trial = t->number;
    r.u.attempt.row = r.u.attempt.variant = JOURNAL_NO_ROW;
    if (x->target >= 0) {
        r.u.attempt.row = c->target_row[x->target];
        r.u.attempt.variant = c->target_variant[x->target];
        r.u.attempt.sub = t->sub[x->target][1]++;
    }
    r.u.attempt.role = x->command >= 0 ? JOURNAL_REPLY : JOURNAL_EVENT;
    r.u.attempt.binding = x->binding;
    r.u.attempt.endpoint = x->endpoint;
    r.u.attempt.planned_ns = t->planned_ns;
    r.u.attempt.give_up_ns = x->give_up_ns;
    if (x->command >= 0)
        trial_correlation(t, (uint32_t)x->command, correlation);
    r.u.attempt.correlation = (struct journal_text){correlation, (uint32_t)strlen(correlation)};
    r.u.attempt.device = (struct journal_text){t->d->device[x->device].text, 16};
    r.u.attempt.n_expect = (uint32_t)x->n_value;
    for (size_t i = 0; i < x->n_value; i++) {
        r.u.attempt.expect[i].field = x->value[i].field;
        r.u.attempt.expect[i].value =
            (struct journal_text){x->value[i].text, (uint32_t)strlen(x->value[i].text)};
    }
    record(t->d, &r);
}

/* The message as a table: payload, and each attribute's first value by its name. */
static int push_message(lua_State *l, const struct binding *b, const struct envelope_field *field,
                        size_t n)
{
    lua_createtable(l, 0, (int)b->n_field + 1);
    lua_pushstring(l, b->payload);
    lua_setfield(l, -2, "payload");
    for (size_t i = 0; i < b->n_field; i++)
        for (size_t k = 0; k < n; k++)
            if (field[k].path.len == strlen(b->field[i].path) &&
                memcmp(field[k].path.data, b->field[i].path, field[k].path.len) == 0) {
                lua_pushlstring(l, field[k].value.data, field[k].value.len);
                lua_setfield(l, -2, b->field[i].name);
                break;
            }
    return 1;
}

/* A message of the inbox; its memory hangs on a userdata while Lua may throw. */
static int release_arrival(lua_State *l)
{
    struct arrival **a = lua_touserdata(l, 1);
    free(*a);
    *a = NULL;
    return 0;
}

static int push_arrival(lua_State *l, struct trial *t)
{
    struct arrival **held = lua_newuserdatauv(l, sizeof *held, 0);
    *held = NULL;
    luaL_setmetatable(l, "gridassay.arrival");
    *held = inbound_take(t);
    if (*held == NULL)
        return 0;
    int n = push_message(l, &t->d->plan->binding[(*held)->binding], (*held)->field, (*held)->n_field);
    free(*held);
    *held = NULL;
    return n;
}

static int nothing(lua_State *l, const char *why)
{
    lua_pushnil(l);
    lua_pushstring(l, why);
    return 2;
}

static int expect_go_on(lua_State *l, int status, lua_KContext stage)
{
    (void)status;
    struct trial *t = self(l);
    const struct expectation *x = &t->expect;
    if (t->fault[0] != '\0')
        return luaL_error(l, "%s", t->fault);
    if (stage == STAGE_HEARD) {
        switch (t->heard) {
        case HEARD_MESSAGE:
            return push_message(l, &t->d->plan->binding[t->heard_binding], t->heard_field, t->heard_n);
        case HEARD_REFUSED: return nothing(l, "refused");
        case HEARD_OTHER: return nothing(l, "other");
        case HEARD_STOPPED: return nothing(l, "stopped");
        case HEARD_NOTHING:
        case HEARD_TIMEOUT: break;
        }
        return nothing(l, "timeout");
    }
    if (queue_dispatch(t, false)) {
        trial_wait(t, WAIT_STIMULUS, 0);
        return lua_yieldk(l, 0, STAGE_STIMULATED, expect_go_on);
    }
    announce(t);
    (void)queue_dispatch(t, true);
    int64_t now = clock_mono_ns();
    int64_t deadline = (x->command >= 0 ? t->command[x->command].sent_ns : now) + x->give_up_ns;
    if (t->inbox != NULL && push_arrival(l, t) == 1)
        return 1;
    if (x->command >= 0 && t->command[x->command].failed)
        return nothing(l, "refused");
    if (deadline <= now)
        return nothing(l, "timeout");
    trial_wait(t, WAIT_MESSAGE, deadline);
    return lua_yieldk(l, 0, STAGE_HEARD, expect_go_on);
}

static int trial_expect(lua_State *l)
{
    read_expectation(l, self(l));
    return expect_go_on(l, LUA_OK, STAGE_FIRST);
}

/* ---- waiting ---- */

static int slept(lua_State *l, int status, lua_KContext context)
{
    (void)status;
    (void)context;
    struct trial *t = self(l);
    return t->fault[0] != '\0' ? luaL_error(l, "%s", t->fault) : 0;
}

static int trial_sleep(lua_State *l)
{
    struct trial *t = self(l);
    lua_Number s = luaL_checknumber(l, 2);
    luaL_argcheck(l, s >= 0 && s <= 1e6, 2, "expected seconds from 0 to 1000000");
    trial_wait(t, WAIT_SLEEP, clock_mono_ns() + (int64_t)(s * (double)NS_PER_S));
    return lua_yieldk(l, 0, 0, slept);
}

static int window_go_on(lua_State *l, int status, lua_KContext context)
{
    (void)status;
    (void)context;
    struct trial *t = self(l);
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
    struct trial *t = self(l);
    const char *key = luaL_checkstring(l, 2);
    if (strcmp(key, "mode") == 0)
        lua_pushstring(l, t->kase->pc->mode == NULL ? "" : t->kase->pc->mode);
    else if (strcmp(key, "number") == 0)
        lua_pushinteger(l, is_amble(t) ? -1 : (lua_Integer)t->number);
    else
        return luaL_error(l, "a trial has no '%s'", key);
    return 1;
}

int api_new_thread(lua_State *l)
{
    struct trial *t = lua_touserdata(l, 1);
    struct trial **held = lua_newuserdatauv(l, sizeof *held, 0);
    *held = t;
    luaL_setmetatable(l, TRIAL_META);
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
                                      {"send", trial_send},
                                      {"expect", trial_expect},
                                      {"stimulate", trial_stimulate},
                                      {"sleep", trial_sleep},
                                      {"wait_window", trial_wait_window},
                                      {NULL, NULL}};
    struct drive *d = lua_touserdata(l, 1);
    luaL_newmetatable(l, TRIAL_META);
    luaL_newlib(l, method);
    lua_pushcclosure(l, trial_index, 1);
    lua_setfield(l, -2, "__index");
    lua_pushboolean(l, 0);
    lua_setfield(l, -2, "__metatable");
    luaL_newmetatable(l, DEVICE_META);
    lua_pushlightuserdata(l, d);
    lua_pushcclosure(l, device_index, 1);
    lua_setfield(l, -2, "__index");
    lua_pushboolean(l, 0);
    lua_setfield(l, -2, "__metatable");
    luaL_newmetatable(l, "gridassay.arrival");
    lua_pushcfunction(l, release_arrival);
    lua_setfield(l, -2, "__gc");
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
