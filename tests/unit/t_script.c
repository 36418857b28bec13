/* The sandbox: what a hostile or broken script can do, and what is said about it. */
#include <lauxlib.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/script/script.h"
#include "tests/tap.h"

#define GOOD                                                                                       \
    "return scenario {\n"                                                                          \
    "  section = \"4.10.4.1\",\n"                                                                  \
    "  use_case = \"Meter Reading\",\n"                                                            \
    "  title = \"t\",\n"                                                                           \
    "  payloads = { { \"on-demand_Mtr-read_cmd\" } },\n"                                           \
    "  trial = function(t) end,\n"                                                                 \
    "}\n"

#define NAMES                                                                                      \
    "return scenario {\n"                                                                          \
    "  section = \"4.4.4.1\", use_case = \"u\", title = \"t\", subject = \"from\",\n"              \
    "  payloads = { \"a_cmd\", { \"b_ack\", section = \"4.10.4.1\" },\n"                           \
    "    { \"c_brdcst\", population = true } },\n"                                                 \
    "  exclusive = false, population = true, operation = \"firmware\",\n"                          \
    "  trial = function(t) end,\n"                                                                 \
    "}\n"

static char folder[] = "/tmp/gridassay-script.XXXXXX";
static char path[200];

static void put(const char *name, const void *text, size_t len)
{
    char file[200];
    (void)snprintf(file, sizeof file, "%s/%s", folder, name);
    FILE *f = fopen(file, "w");
    if (f == NULL || fwrite(text, 1, len, f) != len || fclose(f) != 0)
        abort();
}

/* Loads text as a scenario with small ceilings; the fault's text without the folder, "" when fine.
 */
static const char *load(const char *text)
{
    static char told[700];
    struct err e = ERR_INIT;
    struct script *s = NULL;
    struct scenario *sc = NULL;
    put("s.lua", text, strlen(text));
    struct script_options o = {
        .lua_folder = folder, .memory_bytes = 4 * 1024 * 1024, .instructions = 200000};
    enum err_code rc = script_new_with(&o, &s, &e);
    if (rc == ERR_OK)
        rc = scenario_load(s, path, &sc, &e);
    script_free(s);
    size_t n = strlen(folder) + 1;
    const char *text_of = strncmp(e.text, folder, n - 1) == 0 ? e.text + n : e.text;
    (void)snprintf(told, sizeof told, "%s", rc == ERR_OK ? "" : text_of);
    return told;
}

static bool has(const char *text, const char *part)
{
    bool there = strstr(text, part) != NULL;
    if (!there)
        printf("# \"%s\" is not in \"%s\"\n", part, text);
    return there;
}

static void sandbox(void)
{
    is_str(load(GOOD), "", "a plain scenario loads");
    int64_t began = clock_mono_ns();
    ok(has(load("local n = 0\nwhile true do n = n + 1 end"),
           "s.lua:2: more than 200000 instructions"),
       "an endless loop is stopped and named");
    ok(has(load("while true do\n pcall(function() while true do end end)\nend"), "instructions"),
       "an endless loop around pcall is stopped");
    ok(has(load("local function f() return pcall(f) end\nwhile true do xpcall(f, f) end"),
           "s.lua:"),
       "recursion in pcall and xpcall is stopped");
    ok(has(load("local t = {}\nfor i = 1, 1000 do t[i] = ('x'):rep(99999 + i) end"),
           "not enough memory"),
       "a table that grows without end meets the memory ceiling");
    ok(has(load("local s = ('x'):rep(1 << 40)\nreturn s"), "s.lua"),
       "string.rep beyond memory fails");
    ok(has(load("local s = ('x'):rep(100)\nwhile true do s = s .. s end"), "not enough memory"),
       "a string that doubles without end meets the memory ceiling");
    ok(clock_mono_ns() - began < 20 * NS_PER_S, "none of them takes long");
    static const char *const gone[] = {"os",    "io",     "package",  "debug",          "coroutine",
                                       "load",  "dofile", "loadfile", "collectgarbage", "rawset",
                                       "print", "_G"};
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
        char text[100], want[100];
        (void)snprintf(text, sizeof text, "\nlocal x = %s.execute('true')", gone[i]);
        (void)snprintf(want, sizeof want, "s.lua:2: '%s' is not declared", gone[i]);
        ok(has(load(text), want), "%s is not there", gone[i]);
    }
    ok(has(load("local x = string.dump"), "returns a nil"), "string.dump is not there");
    ok(has(load("undeclared = 1"), "s.lua:1: attempt to make a global variable 'undeclared'"),
       "a global variable cannot be made");
    ok(has(load("string.format = nil"), "attempt to change 'format'"),
       "a library cannot be changed");
    ok(has(load("getmetatable('').__index.format = nil"), "s.lua:1: attempt to index a boolean"),
       "the strings' metatable is out of reach");
    ok(has(load("setmetatable({}, {__gc = function() while true do end end})"), "finalizer"),
       "a finalizer, which no hook could stop, is refused");
    ok(has(load("require '../s'"), "expected a name below lua/"),
       "require does not leave its folder");
    ok(has(load("require '/etc/passwd'"), "expected a name below lua/"),
       "require takes no full path");
    ok(has(load("require 'nothing'"), "nothing.lua: cannot be opened"),
       "a missing module is named");
    put("broken.lua", "local x = = 1", 13);
    ok(has(load("\nrequire 'broken'"), "lua/broken.lua:1:"),
       "a fault in a module names the module");
    put("good.lua", "return {answer = 42}", 20);
    is_str(load("local g = require 'good'\nassert(g.answer == 42 and require 'good' == g)\n" GOOD),
           "", "a module is loaded once");
    put("loop.lua", "return require 'loop'", 21);
    is_str(load("assert(require 'loop' == true)\n" GOOD), "", "a circle of modules ends");
    is_str(load("local n = math.random(1 << 30)\nassert(n == 573800862 or n > 0)\n" GOOD), "",
           "numbers can be drawn");
}

static void files(void)
{
    struct err e = ERR_INIT;
    struct script *s = NULL;
    struct scenario *sc = NULL;
    is_int(script_new(folder, &s, &e), ERR_OK, "a state is made");
    put("s.lua", "", 0);
    is_int(scenario_load(s, path, &sc, &e), ERR_DATA, "an empty file is bad data");
    ok(has(e.text, "is empty"), "and told so");
    put("s.lua", "\033Lua", 4);
    is_int(scenario_load(s, path, &sc, &e), ERR_SCRIPT, "bytecode is refused");
    ok(has(e.text, "s.lua:1: is compiled Lua"), "and told so");
    is_int(scenario_load(s, "/nonexistent/x.lua", &sc, &e), ERR_DATA, "a missing file is bad data");
    put("s.lua", GOOD, sizeof GOOD - 1);
    is_int(scenario_load(s, path, &sc, &e), ERR_OK,
           "after all that the state still loads a scenario");
    is_str(sc->section, "4.10.4.1", "its section is there");
    ok(sc->n_payload == 1 && sc->payload[0].row_section == NULL, "its payload is there");
    ok(sc->exclusive && !sc->power && sc->operation[0] == '\0' && !sc->subject_from &&
           !sc->population && !sc->unreachable && !sc->has_preamble,
       "and its defaults");
    put("s.lua", NAMES, sizeof NAMES - 1);
    is_int(scenario_load(s, path, &sc, &e), ERR_OK, "payloads may be names alone");
    ok(sc->n_payload == 3 && sc->payload[0].row_section == NULL, "whose side the plan tells");
    is_str(sc->payload[1].row_section, "4.10.4.1", "or stand with another scenario's section");
    ok(sc->payload[2].population && !sc->payload[0].population, "or reach all subjects at once");
    ok(sc->subject_from && !sc->exclusive && sc->population && sc->power, "flags are read");
    is_str(sc->operation, "firmware", "so is what the scenario does to the equipment");
    is_int(lua_gettop(script_lua(s)), 0, "nothing is left on the stack");
    script_free(s);
}

/* GOOD with one line replaced by another. */
static const char *with(const char *line, const char *by)
{
    static char text[2000];
    const char *at = strstr(GOOD, line);
    if (at == NULL)
        abort();
    (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - GOOD), GOOD, by, at + strlen(line));
    return load(text);
}

static void validation(void)
{
    is_str(with("section = \"4.10.4.1\",", ""),
           "s.lua:1: field \"section\" is missing, expected a string",
           "a missing section is named with its file and line");
    is_str(with("section = \"4.10.4.1\"", "section = 4"),
           "s.lua:2: field \"section\" is a number, expected a string",
           "so is one of a wrong type");
    ok(has(with("4.10.4.1", "x.1"), "s.lua:2: section \"x.1\", expected numbers"),
       "a section that is none is named");
    ok(has(with("title = \"t\"", "title = \"\""), "s.lua:4: field \"title\" has 0 bytes"),
       "an empty title is named");
    ok(has(with("title = \"t\"", "titel = \"t\""), "s.lua:4: unknown field \"titel\""),
       "a misspelt field is named");
    ok(has(with("read_cmd\" }", "read_cmd\", direction = \"send\" }"),
           "s.lua:5: payload \"on-demand_Mtr-read_cmd\": unknown field \"direction\""),
       "so is one of a payload");
    ok(has(with("{ { \"on-demand_Mtr-read_cmd\" } }", "{}"), "s.lua:5:"),
       "no payloads at all is named");
    ok(has(with("{ { \"on-demand_Mtr-read_cmd\"", "{ { 7"), "s.lua:5: entry 1 of \"payloads\""),
       "a payload that is no name is named");
    ok(has(with("trial = function(t) end", "trial = 1"),
           "s.lua:6: field \"trial\" is a number, expected a function"),
       "a trial that is no function is named");
    ok(has(with("title = \"t\",", "title = \"t\", exclusive = 1,"), "expected true or false"),
       "a flag that is none is named");
    ok(has(with("title = \"t\",", "title = \"t\",\n subject = \"both\","),
           "s.lua:5: subject \"both\", expected \"to\" or \"from\""),
       "a subject's side that is none is named");
    ok(has(with("title = \"t\",", "title = \"t\", operation = \"paint\","),
           "operation \"paint\", expected \"power\" or \"firmware\""),
       "an operation that is none is named");
    ok(has(with("title = \"t\",", "title = \"t\", population = true, unreachable = true,"),
           "a population has no one subject"),
       "a population that is unreachable is refused");
    ok(has(with("title = \"t\",", "title = \"t\", stimuli = \"push\","),
           "expected a list of strings"),
       "stimuli that are no list are named");
    ok(has(with("title = \"t\",", "title = \"t\", stimuli = { 1 },"),
           "entry 1 of \"stimuli\" is a number"),
       "a stimulus that is no string is named");
    ok(has(load("return scenario"), "returns a function"),
       "a file that returns no scenario is named");
    ok(has(load("return setmetatable({}, {__index = error})"), "has a metatable"),
       "a table that computes its fields is refused");
    ok(has(load("return scenario {\n  section = \"4.10.4.1\"\n  title = 1\n}"),
           "s.lua:3: '}' expected"),
       "a syntax error is named with its line");
    ok(has(load("\n\nerror {}"), "fault without text"), "an error without text is told too");
    ok(has(load("\n\nlocal x = nil\nx.y = 1"), "s.lua:4: attempt to index a nil"),
       "a runtime error is named with its line");
}

static void running(void)
{
    struct err e = ERR_INIT;
    struct script *s = NULL;
    if (script_new_with(&(struct script_options){.lua_folder = folder, .instructions = 100000}, &s,
                        &e) != ERR_OK)
        abort();
    put("s.lua", "return function(n) for i = 1, n do end return n end", 51);
    struct scenario *sc;
    is_int(scenario_load(s, path, &sc, &e), ERR_SCRIPT, "a function is no scenario");
    lua_State *l = script_lua(s);
    put("good.lua", "return {answer = 42}", 20);
    lua_State *thread = lua_newthread(l);
    luaL_loadstring(thread, "local n = 0 while true do n = n + 1 end");
    int n;
    ok(script_resume(s, thread, 0, &n) > LUA_YIELD, "a thread that never waits is stopped");
    (void)script_fault(s, thread, NULL, &e);
    ok(has(e.text, "instructions without waiting"), "with a fault that says so");
    luaL_loadstring(l, "return 1");
    is_int(script_call(s, NULL, 0, 1, &e), ERR_OK, "the next one has a budget of its own");
    script_free(s);
}

/* Every allocation of making a state and loading a scenario fails once: a clean fault each time. */
static void sweep(void)
{
    put("s.lua", "local m = require 'good'\n" GOOD, sizeof "local m = require 'good'\n" GOOD - 1);
    uint64_t n = 1;
    bool clean = true;
    for (;; n++) {
        struct err e = ERR_INIT;
        struct script *s = NULL;
        struct scenario *sc = NULL;
        struct script_options o = {.lua_folder = folder, .fail_allocation = n};
        enum err_code rc = script_new_with(&o, &s, &e);
        uint64_t asked = 0;
        if (rc == ERR_OK) {
            rc = scenario_load(s, path, &sc, &e);
            asked = script_allocations(s);
        }
        script_free(s);
        if (rc == ERR_OK && asked < n)
            break;
        if (rc != ERR_OK && strstr(e.text, "memory") == NULL) {
            printf("# allocation %llu: %s\n", (unsigned long long)n, e.text);
            clean = false;
        }
        if (n > 20000)
            break;
    }
    ok(clean, "each failed allocation ends in a clean fault");
    ok(n > 200 && n < 20000, "the sweep went through all allocations (%llu)",
       (unsigned long long)n);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(path, sizeof path, "%s/s.lua", folder);
    sandbox();
    files();
    validation();
    running();
    sweep();
    static const char *const made[] = {"s.lua", "good.lua", "broken.lua", "loop.lua"};
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        char file[200];
        (void)snprintf(file, sizeof file, "%s/%s", folder, made[i]);
        (void)unlink(file);
    }
    (void)rmdir(folder);
    return done_testing();
}
