#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/script/internal.h"

#define MAX_PAYLOADS 32
#define MAX_STIMULI 16

struct load {
    struct reading r;
    struct scenario *scenario;
    enum err_code rc;
};

static bool is_section(const char *text)
{
    size_t dots = 0;
    for (const char *p = text; *p != '\0'; p++) {
        bool digit = *p >= '0' && *p <= '9';
        bool dot = *p == '.' && p > text && p[-1] != '.' && p[1] != '\0';
        if (!digit && !dot)
            return false;
        dots += dot;
    }
    return dots >= 2;
}

static enum err_code read_section(const struct reading *r, bool required, const char **out)
{
    enum err_code rc = reading_text(r, "section", required, out);
    if (rc == ERR_OK && *out != NULL && !is_section(*out))
        rc = reading_fault(r, "section", "section \"%s\", expected numbers such as \"4.10.4.1\"",
                           *out);
    return rc;
}

/* One entry of payloads, on top: a name, or a table that begins with one. */
static enum err_code read_payload(const struct reading *whole, size_t number,
                                  struct scenario_payload *p)
{
    static const char *const known[] = {"section", "population", NULL};
    struct reading r = *whole;
    char within[160], near[140];
    bool plain = lua_type(r.l, -1) == LUA_TSTRING;
    if (!plain && (!lua_istable(r.l, -1) || lua_getmetatable(r.l, -1) != 0))
        return reading_fault(
            &r, "payloads",
            "entry %zu of \"payloads\" is a %s, expected a payload's name or a table", number,
            luaL_typename(r.l, -1));
    if (plain)
        lua_pushvalue(r.l, -1);
    else
        (void)lua_rawgeti(r.l, -1, 1);
    const char *name = lua_type(r.l, -1) == LUA_TSTRING ? lua_tostring(r.l, -1) : NULL;
    p->payload = name == NULL ? NULL : arena_strdup(&r.s->arena, name);
    lua_pop(r.l, 1);
    if (name == NULL || strlen(p->payload == NULL ? "" : p->payload) > 120)
        return reading_fault(&r, "payloads",
                             "entry %zu of \"payloads\" does not begin with a "
                             "payload's name",
                             number);
    if (p->payload == NULL)
        return err_set(r.e, ERR_NOMEM, "no memory to read %s", r.path);
    (void)snprintf(within, sizeof within, "payload \"%s\": ", p->payload);
    (void)snprintf(near, sizeof near, "\"%s\"", p->payload);
    r.within = within;
    r.near = strstr(r.source, near) == NULL ? "payloads" : near;
    if (plain)
        return ERR_OK;
    enum err_code rc = reading_keys(&r, known, 1);
    if (rc == ERR_OK)
        rc = read_section(&r, false, &p->row_section);
    return rc == ERR_OK ? reading_flag(&r, "population", false, &p->population) : rc;
}

static enum err_code read_payloads(const struct reading *r, struct scenario *s)
{
    enum err_code rc = ERR_OK;
    struct scenario_payload *list = NULL;
    int type = lua_getfield(r->l, -1, "payloads");
    size_t n = type == LUA_TTABLE ? (size_t)lua_rawlen(r->l, -1) : 0;
    if (type != LUA_TTABLE)
        rc = reading_fault(r, "payloads", "field \"payloads\" is %s, expected a list of payloads",
                           type == LUA_TNIL ? "missing" : lua_typename(r->l, type));
    else if (n == 0 || n > MAX_PAYLOADS)
        rc = reading_fault(r, "payloads", "field \"payloads\" has %zu entries, expected 1 to %d", n,
                           MAX_PAYLOADS);
    else if ((list = arena_alloc(&r->s->arena, n * sizeof *list)) == NULL)
        rc = err_set(r->e, ERR_NOMEM, "no memory to read %s", r->path);
    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        (void)lua_rawgeti(r->l, -1, (lua_Integer)i + 1);
        rc = read_payload(r, i + 1, &list[i]);
        lua_pop(r->l, 1);
        for (size_t k = 0; k < i && rc == ERR_OK; k++)
            if (strcmp(list[k].payload, list[i].payload) == 0)
                rc = reading_fault(r, "payloads", "payload \"%s\" is declared twice",
                                   list[i].payload);
    }
    lua_pop(r->l, 1);
    s->payload = list;
    s->n_payload = n;
    return rc;
}

static enum err_code read_subject(const struct reading *r, struct scenario *s)
{
    const char *subject = NULL;
    enum err_code rc = reading_text(r, "subject", false, &subject);
    if (rc != ERR_OK || subject == NULL)
        return rc;
    s->subject_from = strcmp(subject, "from") == 0;
    if (!s->subject_from && strcmp(subject, "to") != 0)
        return reading_fault(r, "subject", "subject \"%s\", expected \"to\" or \"from\"", subject);
    return ERR_OK;
}

static enum err_code read_operation(const struct reading *r, struct scenario *s)
{
    enum err_code rc = reading_text(r, "operation", false, &s->operation);
    if (rc != ERR_OK)
        return rc;
    if (s->operation == NULL)
        s->operation = "";
    else if (strcmp(s->operation, "power") != 0 && strcmp(s->operation, "firmware") != 0)
        return reading_fault(r, "operation", "operation \"%s\", expected \"power\" or \"firmware\"",
                             s->operation);
    s->power = s->operation[0] != '\0';
    return ERR_OK;
}

static enum err_code read_flags(const struct reading *r, struct scenario *s)
{
    enum err_code rc = reading_flag(r, "exclusive", true, &s->exclusive);
    if (rc == ERR_OK)
        rc = reading_flag(r, "population", false, &s->population);
    if (rc == ERR_OK)
        rc = reading_flag(r, "unreachable", false, &s->unreachable);
    if (rc == ERR_OK && s->population && s->unreachable)
        rc = reading_fault(r, "unreachable", "a population has no one subject to be unreachable");
    return rc;
}

/* The scenario's table on top. */
static enum err_code read_scenario(const struct reading *r, struct scenario *s)
{
    static const char *const known[] = {
        "section",    "use_case",    "title",     "subject",  "payloads", "stimuli",   "exclusive",
        "population", "unreachable", "operation", "preamble", "trial",    "postamble", NULL};
    if (!lua_istable(r->l, -1))
        return reading_fault(r, NULL, "the file returns a %s, expected scenario { ... }",
                             luaL_typename(r->l, -1));
    if (lua_getmetatable(r->l, -1) != 0)
        return reading_fault(r, NULL, "the scenario has a metatable, expected plain data");
    bool has_trial;
    enum err_code rc = reading_keys(r, known, 0);
    if (rc == ERR_OK)
        rc = read_section(r, true, &s->section);
    if (rc == ERR_OK)
        rc = reading_text(r, "use_case", true, &s->use_case);
    if (rc == ERR_OK)
        rc = reading_text(r, "title", true, &s->title);
    if (rc == ERR_OK)
        rc = read_subject(r, s);
    if (rc == ERR_OK)
        rc = read_payloads(r, s);
    if (rc == ERR_OK)
        rc = reading_texts(r, "stimuli", MAX_STIMULI, &s->stimulus, &s->n_stimulus);
    if (rc == ERR_OK)
        rc = read_flags(r, s);
    if (rc == ERR_OK)
        rc = read_operation(r, s);
    if (rc == ERR_OK)
        rc = reading_function(r, "trial", true, &has_trial);
    if (rc == ERR_OK)
        rc = reading_function(r, "preamble", false, &s->has_preamble);
    if (rc == ERR_OK)
        rc = reading_function(r, "postamble", false, &s->has_postamble);
    return rc;
}

/* (load, scenario's table); runs protected, since memory may run out under every step. */
static int read_protected(lua_State *l)
{
    struct load *load = lua_touserdata(l, 1);
    luaL_checkstack(l, 20, NULL);
    load->r.l = l;
    load->rc = read_scenario(&load->r, load->scenario);
    if (load->rc == ERR_OK)
        load->scenario->ref = luaL_ref(l, LUA_REGISTRYINDEX);
    return 0;
}

enum err_code scenario_load(struct script *s, const char *path, struct scenario **out,
                            struct err *e)
{
    *out = NULL;
    lua_State *l = script_lua(s);
    struct buf source;
    buf_init(&source, LIMIT_SCRIPT_FILE_BYTES);
    struct scenario *scenario = arena_alloc(&s->arena, sizeof *scenario);
    enum err_code rc = ERR_NOMEM;
    if (scenario == NULL || (scenario->file = arena_strdup(&s->arena, path)) == NULL)
        (void)err_set(e, ERR_NOMEM, "no memory to read %s", path);
    else
        rc = script_run_file(s, path, &source, e);
    if (rc == ERR_OK) {
        struct load load = {
            .r = {.s = s, .path = path, .source = source.data, .within = "", .e = e},
            .scenario = scenario};
        lua_pushcfunction(l, read_protected);
        lua_insert(l, -2);
        lua_pushlightuserdata(l, &load);
        lua_insert(l, -2);
        rc = script_call(s, path, 2, 0, e);
        if (rc == ERR_OK)
            rc = load.rc;
    }
    buf_release(&source);
    if (rc == ERR_OK)
        *out = scenario;
    return rc;
}
