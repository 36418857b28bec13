#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/drive/api.h"

#define PLAIN_GIVE_UP_NS (10 * NS_PER_S) /* of a supporting one in a case without targets */

enum stage { STAGE_FIRST = 0, STAGE_STIMULATED, STAGE_HEARD };

/* The plan says how long a row is waited for; the script may say less of what no row judges. */
int64_t api_give_up_ns(lua_State *l, const struct trial *t, int target)
{
    const struct drive_case *c = t->kase;
    int within = lua_getfield(l, 2, "within");
    if (within != LUA_TNIL &&
        (within != LUA_TNUMBER || !(lua_tonumber(l, -1) >= 0) || lua_tonumber(l, -1) > 1e6))
        luaL_error(l, "within is no number of seconds from 0 to 1000000");
    int64_t ns = c->give_up_ns > 0 ? c->give_up_ns : PLAIN_GIVE_UP_NS;
    if (target >= 0)
        ns = t->d->plan->row[c->target_row[target]].variant[c->target_variant[target]].give_up_ns;
    else if (within != LUA_TNIL && lua_tonumber(l, -1) * (double)NS_PER_S < (double)ns)
        ns = (int64_t)(lua_tonumber(l, -1) * (double)NS_PER_S);
    lua_pop(l, 1);
    return ns;
}

/* Attributes of the table at 2 that the message must show. */
static void read_values(lua_State *l, const struct binding *b, struct awaited *a)
{
    static const char *const own[] = {"from", "to", "in_reply_to", "within", "optional", NULL};
    lua_pushnil(l);
    while (lua_next(l, 2) != 0) {
        char made[API_VALUE_BYTES];
        int field;
        const char *text = api_attribute(l, b, own, &field, made, sizeof made);
        if (text != NULL) {
            if (a->n_value == JOURNAL_MAX_EXPECT)
                luaL_error(l, "more than %d attributes to be compared", JOURNAL_MAX_EXPECT);
            struct expected_value *v = &a->value[a->n_value++];
            v->field = (uint32_t)field;
            if (strlen(text) >= sizeof v->text)
                luaL_error(l, "attribute \"%s\" has more than %d bytes", b->field[field].name,
                           (int)sizeof v->text - 1);
            (void)snprintf(v->text, sizeof v->text, "%s", text);
        }
        lua_pop(l, 1);
    }
}

/* Fills the one expectation from the table at 2. */
static void read_expectation(lua_State *l, struct trial *t)
{
    const struct case_payload *p = api_payload(l, t);
    const struct case_leg *leg = api_leg(p, PLAN_FROM_EUT);
    const struct case_leg plain = {.endpoint = -1, .target = -1, .from = "", .to = ""};
    struct trial *self = t;
    uint32_t device = api_device(l, t, "from");
    const char *to = api_text(l, "to");
    bool old;
    int y = api_reply_to(l, t, &old);
    int command = y < 0 || old ? y : t->exchange[y].command;
    expect_clear(t);
    struct awaited *a = expect_add(t);
    if (a == NULL || !expect_device(self, device, command))
        luaL_error(l, "not enough memory");
    else {
        a->payload = (uint32_t)(p - t->kase->payload);
        a->binding = (uint32_t)p->binding;
        a->role = command >= 0 ? JOURNAL_REPLY : JOURNAL_EVENT;
        lua_getfield(l, 2, "optional");
        a->target = leg == NULL || lua_toboolean(l, -1) || trial_is_amble(t) ? -1 : leg->target;
        bool within = lua_getfield(l, 2, "within") != LUA_TNIL;
        lua_pop(l, 2);
        if (within && a->target >= 0)
            luaL_error(l,
                       "within is for supporting expectations: the plan says how long a row waits");
        a->give_up_ns = api_give_up_ns(l, t, a->target);
        if (command >= 0)
            a->endpoint = t->command[command].endpoint;
        else if (to != NULL)
            a->endpoint = api_endpoint(l, t, to);
        else
            a->endpoint = side_receiver(t, leg == NULL ? &plain : leg, device, true, NULL);
        read_values(l, &t->d->plan->binding[a->binding], a);
    }
}

/* Where an attribute stands: an image shows its digest. */
static const struct envelope_field *attribute_at(const struct binding_field *f,
                                                 const struct envelope_field *field, size_t n)
{
    char path[160];
    if (f->type != FIELD_IMAGE)
        return field_at(field, n, f->path);
    (void)snprintf(path, sizeof path, "%.140s/Digest", f->path);
    return field_at(field, n, path);
}

/* The message as a table: payload, and each attribute's first value by its name. */
static int push_message(lua_State *l, const struct binding *b, const struct envelope_field *field,
                        size_t n, uint32_t exchange)
{
    lua_createtable(l, 1, (int)b->n_field + 1);
    lua_pushstring(l, b->payload);
    lua_setfield(l, -2, "payload");
    for (size_t i = 0; i < b->n_field; i++) {
        const struct envelope_field *f = attribute_at(&b->field[i], field, n);
        if (f == NULL)
            continue;
        lua_pushlstring(l, f->value.data, f->value.len);
        lua_setfield(l, -2, b->field[i].name);
    }
    if (exchange != DRIVE_NOBODY) {
        lua_pushinteger(l, exchange);
        lua_rawseti(l, -2, 0);
    }
    return 1;
}

static int nothing(lua_State *l, struct trial *t, uint32_t exchange, enum heard how)
{
    static const char *const why[] = {
        [HEARD_NOTHING] = "timeout", [HEARD_MESSAGE] = "timeout", [HEARD_TIMEOUT] = "timeout",
        [HEARD_REFUSED] = "refused", [HEARD_OTHER] = "other",     [HEARD_STOPPED] = "stopped"};
    if (exchange != DRIVE_NOBODY)
        t->missed |= UINT64_C(1) << t->exchange[exchange].payload;
    expect_clear(t);
    lua_pushnil(l);
    lua_pushstring(l, why[how]);
    return 2;
}

/* The first message that came, or nothing. */
static int result(lua_State *l, struct trial *t, uint32_t exchange, enum heard how)
{
    if (how == HEARD_STOPPED || (t->first == NULL && how != HEARD_MESSAGE))
        return nothing(l, t, exchange, how);
    const struct arrival *a = t->first; /* freed by expect_clear, also when this throws */
    if (a != NULL)
        (void)push_message(l, &t->d->plan->binding[a->binding], a->field, a->n_field, exchange);
    else
        (void)push_message(l, &t->d->plan->binding[t->heard_binding], t->heard_field, t->heard_n,
                           exchange);
    expect_clear(t);
    return 1;
}

/* The continuation's context: the exchange's index + 1, and the stage. */
static int go_on(lua_State *l, int status, lua_KContext context)
{
    (void)status;
    struct trial *t = api_self(l);
    uint32_t exchange = (uint32_t)(context >> 2) - 1;
    if (t->fault[0] != '\0')
        return luaL_error(l, "%s", t->fault);
    if ((context & 3) == STAGE_HEARD)
        return result(l, t, exchange, t->heard);
    if (queue_dispatch(t, false)) {
        trial_wait(t, WAIT_STIMULUS, 0);
        return lua_yieldk(l, 0, (context & ~(lua_KContext)3) | STAGE_STIMULATED, go_on);
    }
    expect_announce(t);
    (void)queue_dispatch(t, true);
    if (!expect_begin(t))
        return result(l, t, exchange, HEARD_TIMEOUT);
    for (size_t i = 0; i < t->n_expected; i++)
        if (t->expected[i].command >= 0 && t->command[t->expected[i].command].failed &&
            t->first == NULL)
            return nothing(l, t, exchange, HEARD_REFUSED);
    int64_t deadline = expect_deadline_ns(t);
    if (deadline <= clock_mono_ns())
        return result(l, t, exchange, HEARD_TIMEOUT);
    trial_wait(t, WAIT_MESSAGE, deadline);
    return lua_yieldk(l, 0, (context & ~(lua_KContext)3) | STAGE_HEARD, go_on);
}

int api_wait(lua_State *l, struct trial *t, uint32_t exchange)
{
    (void)t;
    return go_on(l, LUA_OK, (lua_KContext)((uint64_t)(exchange + 1u) << 2 | STAGE_FIRST));
}

int api_expect(lua_State *l)
{
    struct trial *t = api_self(l);
    read_expectation(l, t);
    return api_wait(l, t, DRIVE_NOBODY);
}
