#include <lauxlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/script/internal.h"

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Where `key =` stands at or behind from; NULL. */
static const char *find_key(const char *from, const char *key)
{
    size_t n = strlen(key);
    for (const char *p = strstr(from, key); p != NULL; p = strstr(p + 1, key)) {
        const char *behind = p + n;
        while (*behind == ' ' || *behind == '\t')
            behind++;
        if ((p == from || !is_name(p[-1])) && behind[0] == '=' && behind[1] != '=')
            return p;
    }
    return NULL;
}

/* Lua tells no lines of data; the source is searched for the key instead. */
static int line_of(const struct reading *r, const char *key)
{
    const char *at = NULL;
    const char *near = r->near == NULL ? NULL : strstr(r->source, r->near);
    if (key != NULL)
        at = find_key(near == NULL ? r->source : near, key);
    if (at == NULL)
        at = near;
    if (at == NULL)
        at = strstr(r->source, "scenario");
    int line = 1;
    for (const char *p = r->source; at != NULL && p < at; p++)
        line += *p == '\n';
    return line;
}

enum err_code reading_fault(const struct reading *r, const char *key, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return err_set(r->e, ERR_SCRIPT, "%s:%d: %s%s", r->path, line_of(r, key), r->within, text);
}

enum err_code reading_keys(const struct reading *r, const char *const *known, int array_n)
{
    lua_State *l = r->l;
    lua_pushnil(l);
    while (lua_next(l, -2) != 0) {
        lua_pop(l, 1); /* the value */
        if (lua_isinteger(l, -1) && lua_tointeger(l, -1) >= 1 && lua_tointeger(l, -1) <= array_n)
            continue;
        const char *key = lua_type(l, -1) == LUA_TSTRING ? lua_tostring(l, -1) : NULL;
        size_t i = 0;
        while (key != NULL && known[i] != NULL && strcmp(known[i], key) != 0)
            i++;
        if (key == NULL || known[i] == NULL) {
            enum err_code rc;
            if (key == NULL)
                rc = reading_fault(r, NULL, "unexpected %s as a key", luaL_typename(l, -1));
            else
                rc = reading_fault(r, key, "unknown field \"%s\"", key);
            lua_pop(l, 1);
            return rc;
        }
    }
    return ERR_OK;
}

static enum err_code copy(const struct reading *r, const char *text, const char **out)
{
    *out = arena_strdup(&r->s->arena, text);
    return *out == NULL ? err_set(r->e, ERR_NOMEM, "no memory to read %s", r->path) : ERR_OK;
}

enum err_code reading_text(const struct reading *r, const char *key, bool required,
                           const char **out)
{
    *out = NULL;
    enum err_code rc = ERR_OK;
    int type = lua_getfield(r->l, -1, key);
    size_t len = 0;
    const char *text = type == LUA_TSTRING ? lua_tolstring(r->l, -1, &len) : NULL;
    if (type == LUA_TNIL) {
        if (required)
            rc = reading_fault(r, key, "field \"%s\" is missing, expected a string", key);
    } else if (type != LUA_TSTRING) {
        rc = reading_fault(r, key, "field \"%s\" is a %s, expected a string", key,
                           lua_typename(r->l, type));
    } else if (len == 0 || len > 1000 || strlen(text) != len) {
        rc = reading_fault(
            r, key, "field \"%s\" has %zu bytes, expected 1 to 1000 and no zero byte", key, len);
    } else {
        rc = copy(r, text, out);
    }
    lua_pop(r->l, 1);
    return rc;
}

enum err_code reading_flag(const struct reading *r, const char *key, bool fallback, bool *out)
{
    int type = lua_getfield(r->l, -1, key);
    *out = type == LUA_TBOOLEAN ? lua_toboolean(r->l, -1) : fallback;
    lua_pop(r->l, 1);
    if (type == LUA_TNIL || type == LUA_TBOOLEAN)
        return ERR_OK;
    return reading_fault(r, key, "field \"%s\" is a %s, expected true or false", key,
                         lua_typename(r->l, type));
}

enum err_code reading_function(const struct reading *r, const char *key, bool required, bool *has)
{
    int type = lua_getfield(r->l, -1, key);
    lua_pop(r->l, 1);
    *has = type == LUA_TFUNCTION;
    if (*has || (type == LUA_TNIL && !required))
        return ERR_OK;
    if (type == LUA_TNIL)
        return reading_fault(r, key, "field \"%s\" is missing, expected a function", key);
    return reading_fault(r, key, "field \"%s\" is a %s, expected a function", key,
                         lua_typename(r->l, type));
}

enum err_code reading_texts(const struct reading *r, const char *key, size_t max,
                            const char *const **out, size_t *n)
{
    *out = NULL;
    *n = 0;
    enum err_code rc = ERR_OK;
    int type = lua_getfield(r->l, -1, key);
    if (type == LUA_TNIL)
        goto out;
    if (type != LUA_TTABLE) {
        rc = reading_fault(r, key, "field \"%s\" is a %s, expected a list of strings", key,
                           lua_typename(r->l, type));
        goto out;
    }
    size_t len = (size_t)lua_rawlen(r->l, -1);
    if (len == 0 || len > max) {
        rc =
            reading_fault(r, key, "field \"%s\" has %zu entries, expected 1 to %zu", key, len, max);
        goto out;
    }
    const char **list = arena_alloc(&r->s->arena, len * sizeof *list);
    if (list == NULL) {
        rc = err_set(r->e, ERR_NOMEM, "no memory to read %s", r->path);
        goto out;
    }
    for (size_t i = 0; i < len && rc == ERR_OK; i++) {
        if (lua_rawgeti(r->l, -1, (lua_Integer)i + 1) != LUA_TSTRING)
            rc = reading_fault(r, key, "entry %zu of \"%s\" is a %s, expected a string", i + 1, key,
                               luaL_typename(r->l, -1));
        else
            rc = copy(r, lua_tostring(r->l, -1), &list[i]);
        lua_pop(r->l, 1);
    }
    if (rc == ERR_OK) {
        *out = list;
        *n = len;
    }
out:
    lua_pop(r->l, 1);
    return rc;
}
