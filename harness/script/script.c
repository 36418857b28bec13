#include "harness/script/script.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/base/where.h"
#include "harness/script/internal.h"

#define PATH_BYTES 4096

struct script *script_of(lua_State *l)
{
    return *(struct script **)lua_getextraspace(l);
}

static void *allocate(void *arg, void *old, size_t old_bytes, size_t new_bytes)
{
    struct script *s = arg;
    if (old == NULL)
        old_bytes = 0; /* it holds a kind of object then */
    if (new_bytes == 0) {
        s->used_bytes -= old_bytes;
        free(old);
        return NULL;
    }
    if (new_bytes > old_bytes) { /* giving back must not fail */
        if (++s->allocations == s->fail_allocation)
            return NULL;
        if (new_bytes - old_bytes > s->memory_bytes - s->used_bytes)
            return NULL;
    }
    void *p = realloc(old, new_bytes);
    if (p != NULL)
        s->used_bytes += new_bytes - old_bytes;
    return p;
}

/* Once the budget is used up the hook comes back at every instruction: a pcall that swallows the
 * fault meets it again at once. */
static void on_count(lua_State *l, lua_Debug *ar)
{
    struct script *s = script_of(l);
    lua_sethook(l, on_count, LUA_MASKCOUNT, 1);
    if (lua_getinfo(l, "Sl", ar) != 0 && ar->currentline > 0)
        lua_pushfstring(l, "%s:%d: ", ar->short_src, ar->currentline);
    else
        lua_pushliteral(l, "");
    lua_pushfstring(l, "more than %d instructions without waiting", (int)s->instructions);
    lua_concat(l, 2);
    (void)lua_error(l);
}

enum err_code script_fault(struct script *s, lua_State *l, const char *path, struct err *e)
{
    (void)s;
    const char *text = lua_type(l, -1) == LUA_TSTRING ? lua_tostring(l, -1) : NULL;
    if (text == NULL)
        err_set(e, ERR_SCRIPT, "%s: fault without text (a %s value)",
                path == NULL ? "script" : path, luaL_typename(l, -1));
    else if (path != NULL) {
        const char *base = script_base_name(path);
        size_t n = strlen(base);
        if (strncmp(text, base, n) == 0 && text[n] == ':')
            err_set(e, ERR_SCRIPT, "%s%s", path, text + n);
        else if (strstr(text, ".lua:") != NULL)
            err_set(e, ERR_SCRIPT, "%s (run by %s)", text, path);
        else
            err_set(e, ERR_SCRIPT, "%s: %s", path, text);
    } else {
        err_set(e, ERR_SCRIPT, "%s", text);
    }
    lua_pop(l, 1);
    return ERR_SCRIPT;
}

int script_resume(struct script *s, lua_State *thread, int nargs, int *nres)
{
    lua_sethook(thread, on_count, LUA_MASKCOUNT, (int)s->instructions);
    return lua_resume(thread, s->lua, nargs, nres);
}

enum err_code script_call(struct script *s, const char *path, int nargs, int nres, struct err *e)
{
    lua_sethook(s->lua, on_count, LUA_MASKCOUNT, (int)s->instructions);
    int status = lua_pcall(s->lua, nargs, nres, 0);
    lua_sethook(s->lua, NULL, 0, 0);
    return status == LUA_OK ? ERR_OK : script_fault(s, s->lua, path, e);
}

const char *script_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

enum err_code script_compile(struct script *s, const char *path, struct buf *source, struct err *e)
{
    enum err_code rc = buf_read_file(source, path, e);
    if (rc != ERR_OK)
        return rc;
    if (source->len == 0)
        return err_set(e, ERR_DATA, "%s: is empty, expected a Lua file", path);
    if (source->data[0] == LUA_SIGNATURE[0])
        return err_set(e, ERR_SCRIPT, "%s:1: is compiled Lua, expected its source text", path);
    char name[LUA_IDSIZE];
    int n = snprintf(name, sizeof name, "@%s", script_base_name(path));
    if (n < 0 || (size_t)n >= sizeof name)
        return err_set(e, ERR_SCRIPT, "%s: file name longer than %zu bytes", path, sizeof name - 2);
    int status = luaL_loadbufferx(s->lua, source->data, source->len, name, "t");
    if (status != LUA_OK)
        return script_fault(s, s->lua, path, e);
    lua_rawgeti(s->lua, LUA_REGISTRYINDEX, s->env);
    if (lua_setupvalue(s->lua, -2, 1) == NULL)
        lua_pop(s->lua, 1);
    return ERR_OK;
}

enum err_code script_run_file(struct script *s, const char *path, struct buf *source, struct err *e)
{
    if (lua_checkstack(s->lua, 20) == 0)
        return err_set(e, ERR_NOMEM, "no memory to run %s", path);
    enum err_code rc = script_compile(s, path, source, e);
    return rc == ERR_OK ? script_call(s, path, 0, 1, e) : rc;
}

enum err_code script_new_with(const struct script_options *o, struct script **out, struct err *e)
{
    *out = NULL;
    struct script *s = calloc(1, sizeof *s);
    if (s == NULL)
        return err_set(e, ERR_NOMEM, "no memory for a script state");
    enum err_code rc = ERR_OK;
    s->memory_bytes = o->memory_bytes == 0 ? LIMIT_SCRIPT_MEMORY_BYTES : o->memory_bytes;
    s->instructions = o->instructions == 0 ? LIMIT_SCRIPT_INSTRUCTIONS : o->instructions;
    s->fail_allocation = o->fail_allocation;
    char shipped[PATH_BYTES];
    const char *folder = o->lua_folder;
    if (folder == NULL) {
        rc = where_data("lua", shipped, sizeof shipped, e);
        folder = shipped;
    }
    if (rc == ERR_OK && (s->lua_folder = strdup(folder)) == NULL)
        rc = err_set(e, ERR_NOMEM, "no memory for a script state");
    if (rc == ERR_OK && (s->lua = lua_newstate(allocate, s)) == NULL)
        rc = err_set(e, ERR_NOMEM, "no memory for a Lua state");
    if (rc == ERR_OK) {
        *(struct script **)lua_getextraspace(s->lua) = s;
        lua_pushcfunction(s->lua, sandbox_open);
        lua_pushlightuserdata(s->lua, s);
        rc = script_call(s, NULL, 1, 0, e);
    }
    if (rc != ERR_OK) {
        script_free(s);
        return rc;
    }
    *out = s;
    return ERR_OK;
}

enum err_code script_new(const char *lua_folder, struct script **out, struct err *e)
{
    return script_new_with(&(struct script_options){.lua_folder = lua_folder}, out, e);
}

void script_free(struct script *s)
{
    if (s == NULL)
        return;
    if (s->lua != NULL)
        lua_close(s->lua);
    arena_release(&s->arena);
    free(s->lua_folder);
    free(s);
}

lua_State *script_lua(struct script *s)
{
    return s->lua;
}

uint64_t script_allocations(const struct script *s)
{
    return s->allocations;
}
