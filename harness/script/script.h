/* script - a Lua 5.4 state that can hurt nobody, and what is read from it as data.
 *
 * No io, os, package, debug, coroutine, no load of any kind; memory ceiling by the allocator; an
 * instruction budget per stretch without waiting, which pcall cannot swallow. require() reaches
 * lua/ only. Global variables cannot be made, library tables cannot be changed, so that files
 * loaded into one state do not meet. What no hook can stop (string.find inside C) is the
 * supervisor's business. Ownership: script_free frees the state and everything read from it.
 * Errors:    ERR_SCRIPT with file and line; ERR_DATA for a missing or empty file.
 */
#ifndef HARNESS_SCRIPT_H
#define HARNESS_SCRIPT_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/err.h"
#include "harness/probe/binding.h"

struct script;

struct script_options {
    const char *lua_folder;   /* where require looks; NULL: the one that ships */
    size_t memory_bytes;      /* ceiling; 0: LIMIT_SCRIPT_MEMORY_BYTES */
    uint32_t instructions;    /* in one stretch; 0: LIMIT_SCRIPT_INSTRUCTIONS */
    uint64_t fail_allocation; /* for tests: this allocation fails, once; 0: none */
};

/* lua_folder: where require looks; NULL: the one that ships. */
enum err_code script_new(const char *lua_folder, struct script **out, struct err *e);
enum err_code script_new_with(const struct script_options *o, struct script **out, struct err *e);
void script_free(struct script *s);
lua_State *script_lua(struct script *s);
uint64_t script_allocations(const struct script *s); /* asked for so far */

/* One payload as a scenario declares it. */
struct scenario_payload {
    const char *payload;
    const char
        *row_section; /* the row's section when not the scenario's own: then supporting only */
    bool population;  /* it reaches all subjects at once: a case of its own */
};

/* A scenario's declarations, checked for type and sense before anything runs. */
struct scenario {
    const char *file; /* as given */
    const char *section, *use_case, *title;
    const struct scenario_payload *payload;
    size_t n_payload;
    bool subject_from; /* the subject stands on the "from" side of the first payload's row */
    const char *const *stimulus; /* beside the payloads' names; the statement must cover them */
    size_t n_stimulus;
    bool exclusive;        /* one trial at a time on a subject */
    const char *operation; /* "", "power" or "firmware": what it does, and needs --arm for */
    bool power;            /* operation is not "" */
    bool population;       /* all its payloads do: a trial reaches all subjects of its case */
    bool unreachable;      /* its subject is played, and does not answer */
    bool has_preamble, has_postamble;
    int ref; /* registry reference of the scenario table */
};

enum err_code scenario_load(struct script *s, const char *path, struct scenario **out,
                            struct err *e);

/* All bindings of lua/bindings/<protocol>.lua. Borrowed from the script. */
enum err_code bindings_load(struct script *s, const char *path, const struct binding **out,
                            size_t *n, struct err *e);

/* Calls the function below nargs arguments on the main thread's stack under a fresh budget; path
 * (may be NULL) completes the file name in messages. [-(nargs + 1), +nres on ERR_OK, -] */
enum err_code script_call(struct script *s, const char *path, int nargs, int nres, struct err *e);

/* Resumes a thread under a fresh budget, as lua_resume does. *nres values are on its stack: results
 * (LUA_OK), what it yielded (LUA_YIELD), or the fault (anything else). */
int script_resume(struct script *s, lua_State *thread, int nargs, int *nres);
/* Turns the fault on top of a stack into e; path completes the file name. [-1, +0, -] */
enum err_code script_fault(struct script *s, lua_State *l, const char *path, struct err *e);

#endif
