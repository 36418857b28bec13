/* api - the files that make up a script's `t`, and how they read what it gives. All of it is called
 * from Lua, throws on misuse, and holds no memory of its own across a throw. Types and meaning for
 * scripts: lua/gridassay.lua. */
#ifndef HARNESS_DRIVE_API_H
#define HARNESS_DRIVE_API_H

#include <lauxlib.h>

#include "harness/drive/inside.h"

#define API_TRIAL "gridassay.trial"
#define API_DEVICE "gridassay.device"
#define API_ARRIVAL "gridassay.arrival"

/* The trial of argument 1, which must be the running one. */
struct trial *api_self(lua_State *l);
/* From the table at 2: a device in the named field, which must be one that this trial may touch; */
uint32_t api_device(lua_State *l, struct trial *t, const char *key);
/* a string of the table, NULL absent; */
const char *api_text(lua_State *l, const char *key);
/* the payload that it begins with, declared in that direction. */
const struct case_payload *api_payload(lua_State *l, struct trial *t, bool sent);
/* The named actor's endpoint; without a name the first of "A, B" that we play, else any. */
uint32_t api_endpoint(lua_State *l, struct trial *t, const char *named, const char *actors);
int api_field(const struct binding *b, const char *name);
/* The value on top as text; a string stays where it is. */
const char *api_value(lua_State *l, const char *name, char *out, size_t size);
/* Whether the key below the top names one of the call's own fields; faults on what is no text. */
bool api_own_key(lua_State *l, const char *const *own);

int api_send(lua_State *l); /* api_send.c */
int api_stimulate(lua_State *l);
int api_expect(lua_State *l); /* api_expect.c */
int api_release_arrival(lua_State *l);

#endif
