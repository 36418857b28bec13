#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/drive/api.h"

#define PLAIN_GIVE_UP_NS                                                                           \
    (10 * NS_PER_S) /* of a supporting expectation in a case without targets  \
                                          */

enum stage { STAGE_FIRST = 0, STAGE_STIMULATED, STAGE_HEARD };

/* Fills t->expect from the table at 2. */
static void read_expectation(lua_State *l, struct trial *t)
{
    static const char *const own[] = {"from", "to", "in_reply_to", "within", "optional", NULL};
    struct expectation *x = &t->expect;
    const struct case_payload *p = api_payload(l, t, false);
    const struct binding *b = &t->d->plan->binding[p->binding];
    *x = (struct expectation){.binding = (uint32_t)p->binding, .command = -1, .target = p->target};
    x->device = api_device(l, t, "from");
    const char *to = api_text(l, "to");
    if (lua_getfield(l, 2, "in_reply_to") != LUA_TNIL) {
        int is = 0;
        lua_Integer command = lua_tointegerx(l, -1, &is);
        if (!is || command < 0 || (size_t)command >= t->n_command || t->command[command].stimulus)
            luaL_error(l, "in_reply_to is no command of this trial");
        x->command = (int)command;
        x->endpoint = t->command[command].endpoint;
    } else {
        x->endpoint = api_endpoint(l, t, to, p->to);
    }
    lua_getfield(l, 2, "optional");
    bool optional = lua_toboolean(l, -1);
    int within = lua_getfield(l, 2, "within");
    if (optional || trial_is_amble(t))
        x->target = -1;
    if (within != LUA_TNIL &&
        (within != LUA_TNUMBER || !(lua_tonumber(l, -1) >= 0) || lua_tonumber(l, -1) > 1e6))
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
        if (!api_own_key(l, own)) {
            const char *name = lua_tostring(l, -2);
            int at = api_field(b, name);
            char made[32];
            if (at < 0)
                luaL_error(l, "payload \"%s\" has no attribute \"%s\"", b->payload, name);
            if (x->n_value == JOURNAL_MAX_EXPECT)
                luaL_error(l, "more than %d attributes to be compared", JOURNAL_MAX_EXPECT);
            struct expected_value *v = &x->value[x->n_value++];
            v->field = (uint32_t)at;
            const char *text = api_value(l, name, made, sizeof made);
            if (strlen(text) >= sizeof v->text)
                luaL_error(l, "attribute \"%s\" has more than %d bytes", name,
                           (int)sizeof v->text - 1);
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
int api_release_arrival(lua_State *l)
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
    luaL_setmetatable(l, API_ARRIVAL);
    *held = inbound_take(t);
    if (*held == NULL)
        return 0;
    int n =
        push_message(l, &t->d->plan->binding[(*held)->binding], (*held)->field, (*held)->n_field);
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
    struct trial *t = api_self(l);
    const struct expectation *x = &t->expect;
    if (t->fault[0] != '\0')
        return luaL_error(l, "%s", t->fault);
    if (stage == STAGE_HEARD) {
        switch (t->heard) {
        case HEARD_MESSAGE:
            return push_message(l, &t->d->plan->binding[t->heard_binding], t->heard_field,
                                t->heard_n);
        case HEARD_REFUSED:
            return nothing(l, "refused");
        case HEARD_OTHER:
            return nothing(l, "other");
        case HEARD_STOPPED:
            return nothing(l, "stopped");
        case HEARD_NOTHING:
        case HEARD_TIMEOUT:
            break;
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

int api_expect(lua_State *l)
{
    read_expectation(l, api_self(l));
    return expect_go_on(l, LUA_OK, STAGE_FIRST);
}
