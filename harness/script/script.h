/* script - a Lua 5.4 state that can hurt nobody, and what is read from it as data.
 *
 * No io, os, package, debug, load of bytecode; memory ceiling by the allocator; an instruction budget
 * per stretch without waiting, which pcall cannot swallow. require() reaches lua/ only.
 * Ownership: script_free frees the state and everything read from it.
 * Errors:    ERR_SCRIPT with file and line; ERR_DATA for a missing or empty file.
 */
#ifndef HARNESS_SCRIPT_H
#define HARNESS_SCRIPT_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

#include "harness/base/err.h"
#include "harness/probe/binding.h"

struct script;

/* lua_folder: where require looks; NULL: the one that ships. */
enum err_code script_new(const char *lua_folder, struct script **out, struct err *e);
void script_free(struct script *s);
lua_State *script_lua(struct script *s);

/* One payload as a scenario declares it. */
struct scenario_payload {
    const char *payload;
    const char *row_section; /* the row's section when not the scenario's own: then supporting only */
    bool sent;               /* by the harness; else expected from the EUT */
};

/* A scenario's declarations, checked for type and sense before anything runs. */
struct scenario {
    const char *file;        /* as given */
    const char *section, *use_case, *title;
    const struct scenario_payload *payload;
    size_t n_payload;
    const char *const *mode; /* "poll", "push"; n_mode 0: none */
    size_t n_mode;
    const char *const *stimulus; /* names the statement must declare */
    size_t n_stimulus;
    bool exclusive, power;
    bool has_preamble, has_postamble;
    int ref;                 /* registry reference of the scenario table */
};

enum err_code scenario_load(struct script *s, const char *path, struct scenario **out,
                            struct err *e);

/* All bindings of lua/bindings/<protocol>.lua. Borrowed from the script. */
enum err_code bindings_load(struct script *s, const char *path, const struct binding **out,
                            size_t *n, struct err *e);

#endif
