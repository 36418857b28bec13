#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/script/internal.h"

#define MAX_BINDINGS 1024

struct load {
    struct reading r;
    struct binding *binding;
    size_t n;
    enum err_code rc;
};

static enum err_code read_field(const struct reading *r, size_t number, struct binding_field *f)
{
    static const char *const known[] = {"name", "path", "type", "required", "many", NULL};
    if (!lua_istable(r->l, -1) || lua_getmetatable(r->l, -1) != 0)
        return reading_fault(r, "fields", "field %zu is a %s, expected a table", number,
                             luaL_typename(r->l, -1));
    const char *type = NULL;
    enum err_code rc = reading_keys(r, known, 0);
    if (rc == ERR_OK)
        rc = reading_text(r, "name", true, &f->name);
    if (rc == ERR_OK)
        rc = reading_text(r, "path", true, &f->path);
    if (rc == ERR_OK)
        rc = reading_text(r, "type", true, &type);
    if (rc == ERR_OK)
        rc = reading_flag(r, "required", true, &f->required);
    if (rc == ERR_OK)
        rc = reading_flag(r, "many", false, &f->many);
    if (rc != ERR_OK)
        return rc;
    int t = field_type_by_name(type, strlen(type));
    if (t < 0)
        return reading_fault(r, "fields",
                             "field \"%s\" has type \"%s\", expected text, eui64, time, "
                             "code, uint16, uint32, float32, hex or image",
                             f->name, type);
    f->type = (enum field_type)t;
    return ERR_OK;
}

static enum err_code read_fields(const struct reading *r, struct binding *b)
{
    int type = lua_getfield(r->l, -1, "fields");
    size_t n = type == LUA_TTABLE ? (size_t)lua_rawlen(r->l, -1) : 0;
    enum err_code rc = ERR_OK;
    if (n == 0 || n > BINDING_MAX_FIELDS)
        rc = reading_fault(r, "fields", "\"fields\" has %zu entries, expected 1 to %d", n,
                           BINDING_MAX_FIELDS);
    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        (void)lua_rawgeti(r->l, -1, (lua_Integer)i + 1);
        rc = read_field(r, i + 1, &b->field[i]);
        lua_pop(r->l, 1);
        for (size_t k = 0; k < i && rc == ERR_OK; k++)
            if (strcmp(b->field[k].path, b->field[i].path) == 0 ||
                strcmp(b->field[k].name, b->field[i].name) == 0)
                rc = reading_fault(r, "fields", "field \"%s\" is declared twice", b->field[i].name);
    }
    lua_pop(r->l, 1);
    b->n_field = rc == ERR_OK ? n : 0;
    return rc;
}

/* The index of the field that key names, -1 when there is no such key. */
static enum err_code read_index(const struct reading *r, const struct binding *b, const char *key,
                                int *out)
{
    const char *name;
    *out = -1;
    enum err_code rc = reading_text(r, key, false, &name);
    if (rc != ERR_OK || name == NULL)
        return rc;
    for (size_t i = 0; i < b->n_field; i++)
        if (strcmp(b->field[i].name, name) == 0)
            *out = (int)i;
    return *out >= 0 ? ERR_OK
                     : reading_fault(r, key, "%s names \"%s\", which is no field", key, name);
}

static enum err_code read_kind(const struct reading *r, enum envelope_kind *out)
{
    static const char *const words[ENVELOPE_KIND_COUNT] = {"request", "response", "event"};
    const char *kind;
    enum err_code rc = reading_text(r, "kind", true, &kind);
    if (rc != ERR_OK)
        return rc;
    for (int i = 0; i < ENVELOPE_KIND_COUNT; i++)
        if (strcmp(words[i], kind) == 0) {
            *out = (enum envelope_kind)i;
            return ERR_OK;
        }
    return reading_fault(r, "kind", "kind \"%s\", expected request, response or event", kind);
}

/* reply_to: one payload or a list. */
static enum err_code read_reply_to(const struct reading *r, struct binding *b)
{
    lua_getfield(r->l, -1, "reply_to");
    bool list = lua_istable(r->l, -1);
    lua_pop(r->l, 1);
    enum err_code rc;
    if (list) {
        const char *const *names;
        rc = reading_texts(r, "reply_to", BINDING_MAX_REPLY_TO, &names, &b->n_reply_to);
        for (size_t i = 0; rc == ERR_OK && i < b->n_reply_to; i++)
            b->replies_to[i] = names[i];
    } else {
        rc = reading_text(r, "reply_to", false, &b->replies_to[0]);
        b->n_reply_to = b->replies_to[0] != NULL;
    }
    b->reply_to = b->replies_to[0];
    return rc;
}

static enum err_code read_binding(const struct reading *whole, size_t number, struct binding *b)
{
    static const char *const known[] = {"payload", "element",  "kind",     "verb",
                                        "noun",    "reply_to", "identity", "echo",
                                        "proves",  "cut_over", "fields",   NULL};
    struct reading r = *whole;
    char within[160], near[140];
    if (!lua_istable(r.l, -1) || lua_getmetatable(r.l, -1) != 0)
        return reading_fault(&r, NULL, "entry %zu is a %s, expected a binding", number,
                             luaL_typename(r.l, -1));
    (void)snprintf(within, sizeof within, "binding %zu: ", number);
    r.within = within;
    enum err_code rc = reading_text(&r, "payload", true, &b->payload);
    if (rc != ERR_OK)
        return rc;
    (void)snprintf(within, sizeof within, "binding of \"%.100s\": ", b->payload);
    (void)snprintf(near, sizeof near, "payload = \"%.100s\"", b->payload);
    r.near = near;
    rc = reading_keys(&r, known, 0);
    if (rc == ERR_OK)
        rc = reading_text(&r, "element", true, &b->element);
    if (rc == ERR_OK)
        rc = read_kind(&r, &b->kind);
    if (rc == ERR_OK)
        rc = reading_text(&r, "verb", true, &b->verb);
    if (rc == ERR_OK)
        rc = reading_text(&r, "noun", true, &b->noun);
    if (rc == ERR_OK)
        rc = read_reply_to(&r, b);
    if (rc == ERR_OK)
        rc = reading_flag(&r, "proves", false, &b->proves);
    if (rc == ERR_OK)
        rc = read_fields(&r, b);
    if (rc == ERR_OK)
        rc = read_index(&r, b, "identity", &b->identity);
    if (rc == ERR_OK)
        rc = read_index(&r, b, "echo", &b->echo);
    if (rc == ERR_OK)
        rc = read_index(&r, b, "cut_over", &b->cut_over);
    if (rc == ERR_OK && b->cut_over >= 0 && b->field[b->cut_over].type != FIELD_TIME)
        rc = reading_fault(&r, "cut_over", "cut_over names \"%s\", which is no time",
                           b->field[b->cut_over].name);
    return rc;
}

static enum err_code read_bindings(struct load *load)
{
    struct reading *r = &load->r;
    if (!lua_istable(r->l, -1) || lua_getmetatable(r->l, -1) != 0)
        return reading_fault(r, NULL, "the file returns a %s, expected a list of bindings",
                             luaL_typename(r->l, -1));
    size_t n = (size_t)lua_rawlen(r->l, -1);
    if (n == 0 || n > MAX_BINDINGS)
        return reading_fault(r, NULL, "%zu bindings, expected 1 to %d", n, MAX_BINDINGS);
    load->binding = arena_alloc(&r->s->arena, n * sizeof *load->binding);
    if (load->binding == NULL)
        return err_set(r->e, ERR_NOMEM, "no memory to read %s", r->path);
    for (size_t i = 0; i < n; i++) {
        struct binding *b = &load->binding[i];
        (void)lua_rawgeti(r->l, -1, (lua_Integer)i + 1);
        enum err_code rc = read_binding(r, i + 1, b);
        lua_pop(r->l, 1);
        if (rc != ERR_OK)
            return rc;
        for (size_t k = 0; k < i; k++)
            if (strcmp(load->binding[k].payload, b->payload) == 0 ||
                strcmp(load->binding[k].element, b->element) == 0)
                return reading_fault(r, NULL, "payload or element of \"%s\" is bound twice",
                                     b->payload);
    }
    load->n = n;
    return ERR_OK;
}

static int read_protected(lua_State *l)
{
    struct load *load = lua_touserdata(l, 1);
    luaL_checkstack(l, 20, NULL);
    load->r.l = l;
    load->rc = read_bindings(load);
    return 0;
}

enum err_code bindings_load(struct script *s, const char *path, const struct binding **out,
                            size_t *n, struct err *e)
{
    *out = NULL;
    *n = 0;
    lua_State *l = script_lua(s);
    struct buf source;
    buf_init(&source, LIMIT_SCRIPT_FILE_BYTES);
    enum err_code rc = script_run_file(s, path, &source, e);
    if (rc == ERR_OK) {
        struct load load = {
            .r = {.s = s, .path = path, .source = source.data, .within = "", .e = e}};
        lua_pushcfunction(l, read_protected);
        lua_insert(l, -2);
        lua_pushlightuserdata(l, &load);
        lua_insert(l, -2);
        rc = script_call(s, path, 2, 0, e);
        if (rc == ERR_OK)
            rc = load.rc;
        if (rc == ERR_OK) {
            *out = load.binding;
            *n = load.n;
        }
    }
    buf_release(&source);
    return rc;
}
