/* t:exchange - one payload's passage, whichever side of it the equipment is on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/drive/api.h"
#include "harness/drive/image.h"

static const char *const own[] = {"to",       "from", "in_reply_to", "stimulus", "value",
                                  "optional", "deaf", "within",      NULL};

#define PLAIN_IMAGE_BYTES 1000 /* where the script gives none */

/* One call of it, read. */
struct call {
    struct case_payload *p;
    const struct binding *b;
    enum plan_role role;
    const struct case_leg *leg[DRIVE_MAX_TARGETS];
    size_t n_leg;
    int y; /* exchange that it answers, -1 */
    const uint32_t *device;
    uint32_t n_device, one;
    bool crowd; /* one message about all of them */
    bool judged, deaf;
    uint32_t index; /* its own exchange */
};

/* How near a way is to what is meant: from the actor named, else from the subject. -1: not meant;
 * 0: not where another is nearer. */
static int nearness(const struct case_leg *leg, const struct plan_device_group *g, const char *from)
{
    if (leg->device_class[0] != '\0' && strcmp(leg->device_class, g->device_class) != 0)
        return -1;
    if (leg->from[0] == '\0') /* supporting: the plan names no actors */
        return 1;
    if (from != NULL)
        return actors_hold(leg->from, from) ? 1 : -1;
    return actors_hold(leg->from, g->actor);
}

/* The ways that this call means, all of one side. */
static enum plan_role choose_legs(const struct trial *t, const struct case_payload *p,
                                  const char *from, const struct case_leg **leg, size_t *n)
{
    const struct drive *d = t->d;
    uint32_t at = t->device != NULL ? (uint32_t)(t->device - d->device) : t->kase->ring[0];
    const struct plan_device_group *g = &d->plan->group[d->device[at].group];
    int nearest = 0;
    for (size_t i = 0; i < p->n_leg; i++)
        if (nearness(&p->leg[i], g, from) > nearest)
            nearest = nearness(&p->leg[i], g, from);
    *n = 0;
    for (size_t i = 0; i < p->n_leg && *n < DRIVE_MAX_TARGETS; i++) {
        const struct case_leg *x = &p->leg[i];
        if (nearness(x, g, from) == nearest && (*n == 0 || leg[0]->role == x->role))
            leg[(*n)++] = x;
    }
    return *n == 0 ? PLAN_NOT_APPLICABLE : leg[0]->role;
}

int api_side(lua_State *l)
{
    static const char *const name[PLAN_ROLE_COUNT] = {[PLAN_NOT_APPLICABLE] = "none",
                                                      [PLAN_TO_EUT] = "to",
                                                      [PLAN_FROM_EUT] = "from",
                                                      [PLAN_THROUGH_EUT] = "through"};
    struct trial *t = api_self(l);
    const char *payload = luaL_checkstring(l, 2);
    const struct case_payload *p = case_payload_of(t->kase, payload);
    const struct case_leg *leg[DRIVE_MAX_TARGETS];
    size_t n;
    if (p == NULL)
        return luaL_error(l, "payload \"%s\" is not declared in payloads", payload);
    lua_pushstring(l, name[choose_legs(t, p, luaL_optstring(l, 3, NULL), leg, &n)]);
    return 1;
}

static void read_devices(lua_State *l, struct trial *t, struct call *c)
{
    const struct drive_case *k = t->kase;
    const struct exchange *y = c->y < 0 ? NULL : &t->exchange[c->y];
    int type = lua_getfield(l, 2, "to");
    c->device = &c->one;
    c->n_device = 1;
    if (type == LUA_TTABLE) {
        size_t n = (size_t)lua_rawlen(l, -1);
        uint32_t *list = n == 0 || n > t->d->n_device ? NULL : trial_list(t, n);
        if (list == NULL)
            luaL_error(l, "field 'to' has %d entries, expected devices", (int)n);
        for (size_t i = 0; list != NULL && i < n; i++) {
            lua_rawgeti(l, -1, (lua_Integer)i + 1);
            list[i] = api_device_on_top(l, t, "to");
            lua_pop(l, 1);
        }
        c->device = list;
        c->n_device = (uint32_t)n;
    } else if (type != LUA_TNIL) {
        c->one = api_device_on_top(l, t, "to");
    } else if (y != NULL && y->n_device > 0) {
        c->device = y->n_device == 1 ? &y->one : y->device;
        c->n_device = y->n_device;
        c->one = y->one;
    } else if (t->crowd) {
        c->device = k->ring;
        c->n_device = k->n_ring;
    } else if (t->device != NULL) {
        c->one = (uint32_t)(t->device - t->d->device);
    } else {
        luaL_error(l, "preamble and postamble name the device: to = device");
    }
    lua_pop(l, 1);
    c->crowd = c->n_device > 1 && c->b->identity < 0;
    if (c->n_device == 1)
        c->device = &c->one;
}

static void read_call(lua_State *l, struct trial *t, struct call *c)
{
    bool old;
    memset(c, 0, sizeof *c);
    c->p = api_declared(l, t);
    c->role = choose_legs(t, c->p, api_text(l, "from"), c->leg, &c->n_leg);
    c->y = api_reply_to(l, t, &old);
    if (old)
        luaL_error(l, "in_reply_to is a command of send, expected what exchange returned");
    if (c->role == PLAN_NOT_APPLICABLE)
        return;
    c->b = &t->d->plan->binding[c->p->binding];
    lua_getfield(l, 2, "deaf");
    lua_getfield(l, 2, "optional");
    c->deaf = lua_toboolean(l, -2);
    c->judged = !c->deaf && !lua_toboolean(l, -1) && !trial_is_amble(t);
    lua_pop(l, 2);
    read_devices(l, t, c);
}

/* The payload answers one that never came: there is nothing to answer. */
static bool answers_missed(const struct trial *t, const struct call *c)
{
    for (size_t i = 0; c->y < 0 && i < t->kase->script->n_payload; i++)
        if ((t->missed & UINT64_C(1) << i) != 0)
            for (size_t k = 0; k < c->b->n_reply_to; k++)
                if (strcmp(c->b->replies_to[k], t->kase->payload[i].payload) == 0)
                    return true;
    return false;
}

static void new_exchange(lua_State *l, struct trial *t, struct call *c)
{
    if (t->n_exchange == t->cap_exchange) {
        size_t cap = t->cap_exchange == 0 ? 4 : t->cap_exchange * 2;
        struct exchange *more = realloc(t->exchange, cap * sizeof *more);
        if (more == NULL)
            luaL_error(l, "not enough memory");
        else {
            t->exchange = more;
            t->cap_exchange = cap;
        }
    }
    c->index = (uint32_t)t->n_exchange++;
    const struct exchange *y = c->y < 0 ? NULL : &t->exchange[c->y];
    t->exchange[c->index] =
        (struct exchange){.payload = (uint32_t)(c->p - t->kase->payload),
                          .role = c->role,
                          .from_subject = c->n_leg > 0 && side_from_subject(t, c->p, c->leg[0], y),
                          .command = -1,
                          .device = c->n_device > 1 ? c->device : NULL,
                          .n_device = c->n_device,
                          .one = c->one};
}

/* What a later in_reply_to names: also the attributes as they were given. */
static int push_token(lua_State *l, const struct call *c)
{
    lua_newtable(l);
    lua_pushnil(l);
    while (lua_next(l, 2) != 0) {
        if (lua_type(l, -2) != LUA_TSTRING || api_own_key(l, own)) {
            lua_pop(l, 1);
            continue;
        }
        lua_pushvalue(l, -2);
        lua_insert(l, -2);
        lua_rawset(l, -4);
    }
    lua_pushstring(l, c->p->payload);
    lua_setfield(l, -2, "payload");
    lua_pushinteger(l, c->index);
    lua_rawseti(l, -2, 0);
    return 1;
}

/* ---- what we send ---- */

struct values {
    const char *text[BINDING_MAX_FIELDS];
    char made[BINDING_MAX_FIELDS][API_VALUE_BYTES];
    bool image;
    const struct image_file *file; /* the vendor's, instead of what the script has made up; NULL */
    lua_Integer image_bytes, image_seed;
};

static lua_Integer image_number(lua_State *l, const char *key)
{
    int is = 0;
    lua_getfield(l, -1, key);
    lua_Integer n = lua_isnil(l, -1) ? 0 : lua_tointegerx(l, -1, &is);
    if (n < 0 || (!is && !lua_isnil(l, -1)))
        luaL_error(l, "an image's %s is no whole number from 0", key);
    lua_pop(l, 1);
    return n;
}

static void read_values(lua_State *l, const struct trial *t, const struct call *c, struct values *v)
{
    memset(v->text, 0, sizeof v->text);
    v->image = false;
    size_t n = 0;
    lua_pushnil(l);
    while (lua_next(l, 2) != 0) {
        int field;
        if (!api_own_key(l, own)) {
            const char *text = api_attribute(l, c->b, own, &field, v->made[n], sizeof v->made[n]);
            if (text != NULL) {
                v->text[field] = text;
                n++;
            } else if (lua_istable(l, -1)) {
                v->image = true;
                v->image_bytes = image_number(l, "image");
                v->image_seed = image_number(l, "seed");
            } else if (lua_isinteger(l, -1) && lua_tointeger(l, -1) > 0) {
                v->image = true;
                v->image_bytes = lua_tointeger(l, -1);
                v->image_seed = 0;
            }
        }
        lua_pop(l, 1);
    }
    if (!v->image && binding_image(c->b) >= 0) {
        v->image = true;
        v->image_bytes = PLAIN_IMAGE_BYTES;
        v->image_seed = (lua_Integer)c->index;
    }
    v->file = v->image ? image_file_for(t->d, c->p->payload) : NULL;
    int version = v->file == NULL ? -1 : v->file->version;
    if (version >= 0 && v->text[version] == NULL)
        v->text[version] = v->file->plan->version;
}

static void queue_one(lua_State *l, struct trial *t, const struct call *c, const struct values *v,
                      const struct case_leg *leg, uint32_t device, bool first)
{
    const struct exchange *y = c->y < 0 ? NULL : &t->exchange[c->y];
    struct inquiry *q = y == NULL ? NULL : inquiry_of(t, (uint32_t)c->y, device);
    struct command *cmd = api_command(l, t);
    struct err e = ERR_INIT;
    char id[DRIVE_CORRELATION];
    trial_correlation(t, (uint32_t)t->n_command, id);
    cmd->kind = q != NULL && first ? COMMAND_ANSWER : COMMAND_SEND;
    cmd->inquiry = q != NULL && first ? q : NULL;
    cmd->crowd = c->crowd;
    cmd->payload = (uint32_t)(c->p - t->kase->payload);
    cmd->device = device;
    uint32_t subject = device == DRIVE_NOBODY ? c->device[0] : device;
    bool from_subject = t->exchange[c->index].from_subject;
    cmd->endpoint = q != NULL && first && q->endpoint < t->d->plan->n_endpoint
                        ? q->endpoint
                        : side_sender(t, leg, subject, from_subject);
    /* what goes through is judged where it comes out */
    cmd->target = c->judged && c->role != PLAN_THROUGH_EUT ? leg->target : -1;
    cmd->read_back = c->judged && leg->read_back;
    struct message m = {.binding = c->b,
                        .value = v->text,
                        .device = device == DRIVE_NOBODY ? "" : t->d->device[device].text,
                        .id = id,
                        .correlation = q != NULL && q->id[0] != '\0' ? q->id : id,
                        .endpoint = cmd->endpoint,
                        .asked = q == NULL ? NULL : q->content};
    enum err_code rc;
    if (v->image && cmd->inquiry == NULL)
        rc = image_new(v->file, (uint64_t)v->image_bytes, (uint64_t)v->image_seed, v->text,
                       c->b->n_field, &cmd->image, &e);
    else
        rc = message_write(t->d, &m, &t->out, &e);
    if (rc != ERR_OK)
        luaL_error(l, "%s", e.text);
    cmd->body_len = t->out.len - cmd->body_at;
    if (cmd->inquiry != NULL)
        q->taken = true;
    t->n_command++;
}

static void queue_all(lua_State *l, struct trial *t, struct call *c)
{
    struct values v;
    struct exchange *x = &t->exchange[c->index];
    size_t legs = c->role == PLAN_THROUGH_EUT ? 1 : c->n_leg;
    read_values(l, t, c, &v);
    x->command = (int)t->n_command;
    x->n_command = c->crowd ? 1 : c->n_device;
    for (size_t k = 0; k < legs; k++)
        for (uint32_t i = 0; i < x->n_command; i++)
            queue_one(l, t, c, &v, c->leg[k], c->crowd ? DRIVE_NOBODY : c->device[i], k == 0);
}

/* ---- what must come ---- */

/* Our message that is about the device, of exchange y; -1. */
static int command_about(const struct trial *t, const struct exchange *y, uint32_t device,
                         uint32_t nth)
{
    if (y == NULL || y->command < 0 || y->n_command == 0)
        return -1;
    if (y->n_command == 1)
        return y->command;
    uint32_t at = (uint32_t)y->command + nth;
    if (nth < y->n_command && t->command[at].device == device)
        return (int)at;
    for (uint32_t i = 0; i < y->n_command; i++)
        if (t->command[(uint32_t)y->command + i].device == device)
            return y->command + (int)i;
    return -1;
}

/* In the order of the binding's fields; what more is given is not compared. */
static void compare(lua_State *l, const struct call *c, struct awaited *a)
{
    for (size_t i = 0; i < c->b->n_field && a->n_value < JOURNAL_MAX_EXPECT; i++) {
        const struct binding_field *f = &c->b->field[i];
        struct expected_value *v = &a->value[a->n_value];
        char made[API_VALUE_BYTES];
        bool identity = (int)i == c->b->identity;
        if (f->type == FIELD_IMAGE || (identity && c->n_device > 1))
            continue;
        if (lua_getfield(l, 2, f->name) != LUA_TNIL) {
            const char *text = api_value(l, f->name, f->type, made, sizeof made);
            if (strlen(text) < sizeof v->text) {
                (void)snprintf(v->text, sizeof v->text, "%s", text);
                v->field = (uint32_t)i;
                a->n_value++;
            }
        }
        lua_pop(l, 1);
    }
}

static void check_attributes(lua_State *l, const struct call *c)
{
    lua_pushnil(l);
    while (lua_next(l, 2) != 0) {
        char made[API_VALUE_BYTES];
        int field;
        (void)api_attribute(l, c->b, own, &field, made, sizeof made);
        lua_pop(l, 1);
    }
}

static void await(lua_State *l, struct trial *t, struct call *c)
{
    const struct exchange *x = &t->exchange[c->index], *y = c->y < 0 ? NULL : &t->exchange[c->y];
    bool through = c->role == PLAN_THROUGH_EUT;
    uint32_t n = c->crowd ? 1 : c->n_device;
    expect_clear(t);
    check_attributes(l, c);
    for (size_t k = 0; k < c->n_leg; k++) {
        struct awaited *a = expect_add(t);
        if (a == NULL) {
            luaL_error(l, "not enough memory");
            return;
        }
        int first = through ? x->command : command_about(t, y, c->device[0], 0);
        a->role = through ? JOURNAL_THROUGH : first >= 0 ? JOURNAL_REPLY : JOURNAL_EVENT;
        a->deaf = c->deaf;
        a->payload = x->payload;
        a->binding = (uint32_t)c->p->binding;
        a->exchange = c->index;
        a->target = c->judged ? c->leg[k]->target : -1;
        a->endpoint = side_receiver(t, c->leg[k], c->device[0], x->from_subject,
                                    y != NULL && y->command >= 0 ? y : NULL);
        a->give_up_ns = api_give_up_ns(l, t, a->target);
        if (t->kase->pc->whole_day && a->role == JOURNAL_EVENT)
            a->give_up_ns += day_length_ns(t->d); /* it may be due as late as that */
        compare(l, c, a);
        for (uint32_t i = 0; i < n; i++) {
            uint32_t device = c->crowd ? DRIVE_NOBODY : c->device[i];
            int command = through ? x->command + (x->n_command > 1 ? (int)i : 0)
                                  : command_about(t, y, c->device[i], i);
            if (!expect_device(t, device, command))
                luaL_error(l, "not enough memory");
        }
    }
}

/* The equipment is provoked unless it answers something: by the name given, or the payload's. */
static void provoke(lua_State *l, struct trial *t, const struct call *c)
{
    const char *name = api_text(l, "stimulus");
    char made[API_VALUE_BYTES];
    const char *value = "";
    const struct exchange *y = c->y < 0 ? NULL : &t->exchange[c->y];
    if (name == NULL && y != NULL && y->role != PLAN_NOT_APPLICABLE)
        return;
    if (lua_getfield(l, 2, "value") != LUA_TNIL)
        value = api_value(l, "value", -1, made, sizeof made);
    lua_pop(l, 1);
    uint32_t n = c->crowd ? 1 : c->n_device;
    for (uint32_t i = 0; i < n; i++)
        api_provoke(l, t, name != NULL ? name : c->p->payload, c->device[i], value, name == NULL);
}

static int exchange_go_on(lua_State *l, int status, lua_KContext context)
{
    (void)status;
    (void)context;
    return api_exchange(l);
}

int api_exchange(lua_State *l)
{
    struct trial *t = api_self(l);
    struct call c;
    lua_settop(l, 2);
    read_call(l, t, &c);
    if (c.role == PLAN_NOT_APPLICABLE) {
        new_exchange(l, t, &c);
        return push_token(l, &c);
    }
    if (answers_missed(t, &c)) {
        lua_pushnil(l);
        lua_pushstring(l, "unasked");
        return 2;
    }
    for (uint32_t i = 0; c.role != PLAN_FROM_EUT && i < c.n_device; i++)
        if (api_wait_duty(l, t, c.p, c.device[i]))
            return lua_yieldk(l, 0, 0, exchange_go_on);
    new_exchange(l, t, &c);
    /* where the subject sends it, whoever receives it is deaf, and only to this */
    for (uint32_t i = 0; c.deaf && !t->exchange[c.index].from_subject && i < c.n_device; i++)
        device_deafen(t, c.device[i]);
    if (c.role != PLAN_FROM_EUT)
        queue_all(l, t, &c);
    if (c.role == PLAN_TO_EUT)
        return push_token(l, &c);
    await(l, t, &c);
    if (c.role == PLAN_FROM_EUT)
        provoke(l, t, &c);
    return api_wait(l, t, c.index);
}
