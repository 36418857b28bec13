/* internal - what the files of script/ share. */
#ifndef HARNESS_SCRIPT_INTERNAL_H
#define HARNESS_SCRIPT_INTERNAL_H

#include "harness/base/arena.h"
#include "harness/base/buf.h"
#include "harness/script/script.h"

struct script {
    lua_State *lua;
    char *lua_folder;
    size_t used_bytes, memory_bytes;
    uint32_t instructions;
    uint64_t allocations, fail_allocation;
    int env; /* registry reference: the environment of every chunk */
    struct arena arena;
};

/* Builds the environment. Throws: runs protected. */
int sandbox_open(lua_State *l);
struct script *script_of(lua_State *l);

/* The last part of a path: what chunks are called, so that Lua never cuts a name short. */
const char *script_base_name(const char *path);
/* Reads and compiles path (text only) into a function on the stack. [-0, +1 on ERR_OK, -] */
enum err_code script_compile(struct script *s, const char *path, struct buf *source, struct err *e);
/* Runs a file that returns one value. source gets its text. [-0, +1 on ERR_OK, -] */
enum err_code script_run_file(struct script *s, const char *path, struct buf *source,
                              struct err *e);

/* Reading a table of data with faults that name file and line. */
struct reading {
    struct script *s;
    lua_State *l;
    const char *path;
    const char *source;
    const char *within; /* "payload X of ", or "" */
    const char *near;   /* text whose line stands for faults without a key of their own, or NULL */
    struct err *e;
};

/* ERR_SCRIPT "path:line: text"; line: of `key =` behind r->near, else of r->near, else 1. */
enum err_code reading_fault(const struct reading *r, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Every key of the table on top is in the NULL-ended list (indices 1..array_n allowed). */
enum err_code reading_keys(const struct reading *r, const char *const *known, int array_n);
/* A string of [min, max] bytes of the table on top, copied; *out NULL when absent and not required.
 */
enum err_code reading_text(const struct reading *r, const char *key, bool required,
                           const char **out);
enum err_code reading_flag(const struct reading *r, const char *key, bool fallback, bool *out);
enum err_code reading_function(const struct reading *r, const char *key, bool required, bool *has);
/* An array of strings; *out NULL and *n 0 when absent. */
enum err_code reading_texts(const struct reading *r, const char *key, size_t max,
                            const char *const **out, size_t *n);

#endif
