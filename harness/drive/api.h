/* api - the files that make up a script's `t`, and how they read what it gives. All of it is called
 * from Lua, throws on misuse, and holds no memory of its own across a throw. Types and meaning for
 * scripts: lua/gridassay.lua. */
#ifndef HARNESS_DRIVE_API_H
#define HARNESS_DRIVE_API_H

#include <lauxlib.h>

#include "harness/drive/inside.h"

#define API_TRIAL "gridassay.trial"
#define API_DEVICE "gridassay.device"
#define API_VALUE_BYTES 32

/* The trial of argument 1, which must be the running one. */
struct trial *api_self(lua_State *l);
/* From the table at 2: a device in the named field, which must be one that this trial may touch; */
uint32_t api_device(lua_State *l, struct trial *t, const char *key);
uint32_t api_device_on_top(lua_State *l, struct trial *t, const char *key);
/* a string of the table, NULL absent; */
const char *api_text(lua_State *l, const char *key);
/* the payload that it begins with, as declared; and bound. */
struct case_payload *api_declared(lua_State *l, struct trial *t);
const struct case_payload *api_payload(lua_State *l, struct trial *t);
const struct case_leg *api_leg(const struct case_payload *p, enum plan_role role);
/* The named actor's endpoint, which must be one that we play. */
uint32_t api_endpoint(lua_State *l, struct trial *t, const char *named);
int api_reply_to(lua_State *l, struct trial *t, bool *old);
int api_field(const struct binding *b, const char *name);
/* The value on top as text of the type (enum field_type, -1 any); a string stays where it is. */
const char *api_value(lua_State *l, const char *name, int type, char *out, size_t size);
/* Whether the key below the top names one of the call's own fields; faults on what is no text. */
bool api_own_key(lua_State *l, const char *const *own);
/* The attribute on top, its key below: its field and its value as text; NULL: one of the call's
 * own, or an image. */
const char *api_attribute(lua_State *l, const struct binding *b, const char *const *own, int *field,
                          char *out, size_t size);

int api_send(lua_State *l); /* api_send.c */
int api_stimulate(lua_State *l);
struct command *api_command(lua_State *l, struct trial *t); /* the next one, not counted yet */
/* Queues a stimulus. Throws when the statement has none of that name, unless it may lack. */
void api_provoke(lua_State *l, struct trial *t, const char *name, uint32_t device,
                 const char *value, bool may_lack);
/* Waits (true: the caller yields) until the duty of a payload lets the device take one more. */
bool api_wait_duty(lua_State *l, struct trial *t, const struct case_payload *p, uint32_t device);

int api_expect(lua_State *l); /* api_expect.c */
/* Goes on record with what t waits for, and waits. exchange: DRIVE_NOBODY, or its index, which the
 * message then carries. */
int api_wait(lua_State *l, struct trial *t, uint32_t exchange);
int64_t api_give_up_ns(lua_State *l, const struct trial *t, int target);
int api_exchange(lua_State *l); /* api_exchange.c */
int api_side(lua_State *l);

#endif
