/* The environment that every chunk sees: chosen functions, libraries that cannot be changed, no way
 * to make a global variable. */
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/script/internal.h"

#define PATH_BYTES 4096

/* The name of a module is lower-case words with "/" or "." between. */
static bool good_module(const char *name, size_t len)
{
    if (len == 0 || len > 100)
        return false;
    for (size_t i = 0; i < len; i++) {
        char c = name[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        bool joint = (c == '/' || c == '.') && i > 0 && i + 1 < len && name[i - 1] != '/' &&
                     name[i - 1] != '.';
        if (!word && !joint)
            return false;
    }
    return true;
}

/* require(name): lua/<name>.lua, run once. Upvalue 1: what was loaded. */
static int require_module(lua_State *l)
{
    struct script *s = script_of(l);
    size_t len;
    const char *name = luaL_checklstring(l, 1, &len);
    lua_settop(l, 1);
    if (lua_getfield(l, lua_upvalueindex(1), name) != LUA_TNIL)
        return 1;
    if (!good_module(name, len))
        return luaL_error(l, "require \"%s\": expected a name below lua/, such as \"meter\"", name);
    char path[PATH_BYTES], part[128];
    (void)snprintf(part, sizeof part, "%s", name);
    for (char *c = part; *c != '\0'; c++)
        if (*c == '.')
            *c = '/';
    int n = snprintf(path, sizeof path, "%s/%s.lua", s->lua_folder, part);
    if (n < 0 || (size_t)n >= sizeof path)
        return luaL_error(l, "require \"%s\": path too long", name);
    lua_pushboolean(l, 1); /* a circle of modules ends here instead of running on */
    lua_setfield(l, lua_upvalueindex(1), name);

    struct err e = ERR_INIT;
    struct buf source;
    buf_init(&source, LIMIT_SCRIPT_FILE_BYTES);
    enum err_code rc = buf_read_file(&source, path, &e);
    int status = LUA_OK;
    if (rc == ERR_OK) { /* luaL_loadbufferx is protected: source is released in any case */
        char chunk[PATH_BYTES];
        (void)snprintf(chunk, sizeof chunk, "@lua/%s.lua", part);
        status =
            luaL_loadbufferx(l, source.data == NULL ? "" : source.data, source.len, chunk, "t");
    }
    buf_release(&source);
    if (rc != ERR_OK || status != LUA_OK) {
        lua_pushnil(l);
        lua_setfield(l, lua_upvalueindex(1), name);
        if (status == LUA_OK)
            return luaL_error(l, "require \"%s\": %s", name, e.text);
        return lua_error(l);
    }
    lua_rawgeti(l, LUA_REGISTRYINDEX, s->env);
    if (lua_setupvalue(l, -2, 1) == NULL)
        lua_pop(l, 1);
    lua_call(l, 0, 1);
    if (lua_isnil(l, -1)) {
        lua_pop(l, 1);
        lua_pushboolean(l, 1);
    }
    lua_pushvalue(l, -1);
    lua_setfield(l, lua_upvalueindex(1), name);
    return 1;
}

static int scenario_mark(lua_State *l)
{
    luaL_checktype(l, 1, LUA_TTABLE);
    lua_settop(l, 1);
    return 1;
}

/* Finalizers run where no hook can stop them. */
static int set_metatable(lua_State *l)
{
    luaL_checktype(l, 1, LUA_TTABLE);
    int t = lua_type(l, 2);
    luaL_argexpected(l, t == LUA_TNIL || t == LUA_TTABLE, 2, "nil or table");
    if (luaL_getmetafield(l, 1, "__metatable") != LUA_TNIL)
        return luaL_error(l, "cannot change a protected metatable");
    if (t == LUA_TTABLE) {
        lua_pushliteral(l, "__gc");
        if (lua_rawget(l, 2) != LUA_TNIL)
            return luaL_error(l, "a finalizer (__gc) is not allowed in a scenario");
    }
    lua_settop(l, 2);
    lua_setmetatable(l, 1);
    return 1;
}

static int read_only(lua_State *l)
{
    return luaL_error(l, "attempt to change '%s', which is not the script's own",
                      lua_type(l, 2) == LUA_TSTRING ? lua_tostring(l, 2) : luaL_typename(l, 2));
}

static int no_global(lua_State *l)
{
    return luaL_error(l, "attempt to make a global variable '%s', expected a local one",
                      lua_type(l, 2) == LUA_TSTRING ? lua_tostring(l, 2) : luaL_typename(l, 2));
}

static int not_there(lua_State *l)
{
    return luaL_error(l, "'%s' is not declared, and no part of the sandbox",
                      lua_type(l, 2) == LUA_TSTRING ? lua_tostring(l, 2) : luaL_typename(l, 2));
}

/* An empty table that shows the one on top and refuses change. [-1, +1, throws] */
static void shown(lua_State *l, lua_CFunction refuse)
{
    lua_newtable(l);
    lua_createtable(l, 0, 3);
    lua_pushvalue(l, -3);
    lua_setfield(l, -2, "__index");
    lua_pushcfunction(l, refuse);
    lua_setfield(l, -2, "__newindex");
    lua_pushboolean(l, 0);
    lua_setfield(l, -2, "__metatable");
    lua_setmetatable(l, -2);
    lua_remove(l, -2);
}

int sandbox_open(lua_State *l)
{
    static const char *const kept[] = {"assert", "error",    "getmetatable", "ipairs", "next",
                                       "pairs",  "pcall",    "rawequal",     "rawget", "rawlen",
                                       "select", "tonumber", "tostring",     "type",   "xpcall"};
    static const luaL_Reg library[] = {{LUA_STRLIBNAME, luaopen_string},
                                       {LUA_TABLIBNAME, luaopen_table},
                                       {LUA_MATHLIBNAME, luaopen_math},
                                       {LUA_UTF8LIBNAME, luaopen_utf8}};
    struct script *s = lua_touserdata(l, 1);
    luaL_checkstack(l, 20, NULL);
    lua_newtable(l); /* what scripts see */
    int safe = lua_gettop(l);
    luaL_requiref(l, "_G", luaopen_base, 0);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        lua_getfield(l, -1, kept[i]);
        lua_setfield(l, safe, kept[i]);
    }
    lua_pop(l, 1);
    for (size_t i = 0; i < sizeof library / sizeof library[0]; i++) {
        luaL_requiref(l, library[i].name, library[i].func, 0);
        lua_pushnil(l);
        lua_setfield(l, -2, "dump");
        shown(l, read_only);
        lua_setfield(l, safe, library[i].name);
    }
    lua_pushliteral(l, ""); /* the strings' metatable leads to the real library */
    if (lua_getmetatable(l, -1) != 0) {
        lua_pushboolean(l, 0);
        lua_setfield(l, -2, "__metatable");
        lua_pop(l, 1);
    }
    lua_pop(l, 1);
    /* the same run twice draws the same numbers */
    lua_getfield(l, safe, LUA_MATHLIBNAME);
    lua_getfield(l, -1, "randomseed");
    lua_pushinteger(l, 1);
    lua_call(l, 1, 0);
    lua_pop(l, 1);

    lua_newtable(l);
    lua_pushcclosure(l, require_module, 1);
    lua_setfield(l, safe, "require");
    lua_pushcfunction(l, scenario_mark);
    lua_setfield(l, safe, "scenario");
    lua_pushcfunction(l, set_metatable);
    lua_setfield(l, safe, "setmetatable");
    lua_createtable(l, 0, 1);
    lua_pushcfunction(l, not_there);
    lua_setfield(l, -2, "__index");
    lua_setmetatable(l, safe);

    lua_pushvalue(l, safe);
    shown(l, no_global);
    s->env = luaL_ref(l, LUA_REGISTRYINDEX);
    /* nothing leads to the full libraries any more */
    lua_newtable(l);
    lua_rawseti(l, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    lua_pushnil(l);
    lua_setfield(l, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    return 0;
}
