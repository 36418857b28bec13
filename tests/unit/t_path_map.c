/* The four ways of writing a communication path: what 4.18 to 4.21 give as examples, each way
 * mapped to each other by the document's table, and what is refused. */
#include "harness/base/limits.h"
#include "harness/scope/path_map.h"
#include "tests/mutate.h"
#include "tests/tap.h"

static struct path_map *map;

static bool same(const char *a, const char *b)
{
    struct err e = ERR_INIT;
    struct path_set x = {.path = NULL}, y = {.path = NULL};
    bool equal = path_map_resolve(map, a, &x, &e) == ERR_OK &&
                 path_map_resolve(map, b, &y, &e) == ERR_OK && path_set_equal(&x, &y);
    if (e.code != ERR_OK)
        printf("# %s\n", e.text);
    path_set_release(&x);
    path_set_release(&y);
    return equal;
}

/* "1a + 2b + D1 | 5 | ACvIW ..." of a path of data flows. */
static const char *told(const struct path *p)
{
    static struct buf out;
    struct err e = ERR_INIT;
    struct path_chosen chosen;
    const struct path_alias *a;
    size_t from = 0;
    buf_release(&out);
    buf_init(&out, 4096);
    if (!path_map_chosen(map, p, &chosen))
        return "";
    for (size_t i = 0; i < chosen.n; i++)
        (void)buf_printf(&out, &e, "%s%s", i == 0 ? "" : " + ", chosen.value[i]->name);
    (void)buf_puts(&out, " |", &e);
    while ((a = path_map_alias(map->option, map->n_option, &chosen, &from)) != NULL)
        (void)buf_printf(&out, &e, " %s%s", a->name, a->stated ? "" : "?");
    (void)buf_puts(&out, " |", &e);
    from = 0;
    while ((a = path_map_alias(map->profile, 6, &chosen, &from)) != NULL)
        (void)buf_printf(&out, &e, " %s", a->name);
    return out.data;
}

static void examples(void)
{
    ok(same("[(1Aa + 1B) or 1Ab] + [1Ca or (1Cba + 1Cb) or (1Cba + 1Cc)] + [1D or 1Dg or 1Dw]",
            "[(1Aa + 1B) or 1Ab] + [1Ca or (1Cba + 1Cc) or (1Cba + 1Cb)] + [1D or 1Dg or 1Dw]"),
       "the text's pseudo code and the mapping table's hold the same paths in another order");
    ok(same("[(1Aa + 1B) or 1Ab] + [1Ca or (1Cba + 1Cc) or (1Cba + 1Cb)] + [1D or 1Dg or 1Dw]",
            "[ (1a or 1b) + (2a or 2b or 2c) + (D1 or D2 or D3) ]"),
       "the data flows are the decisions");
    ok(same("[(1a or 1b) + (2a or 2b or 2c) +<D>]", "[1 or 2 or 3 or 4 or 5 or 6]"),
       "the decisions with <D> are the six options");
    ok(same("[1 or 2 or 3 or 4 or 5 or 6]",
            "[ACdW or ACdIW or ACdIIW or ACvW or\n\nACvIW or ACvIIW]"),
       "and the six profiles");
    ok(same("<1> + <2> + <D>", "[1 or 2 or 3 or 4 or 5 or 6]"),
       "also written with all three decisions as groups");
    ok(same("[(1Aa + 1B) or 1Ab] + [1Ca or (1Cba + 1Cc) or (1Cba + 1Cb)] + 1D",
            "(1a or 1b) + (2a or 2b or 2c) + D1"),
       "one meter: data flows and decisions");
    ok(same("(1a or 1b) + (2a or 2b or 2c) + D1", "[1 or 2 or 3 or 4 or 5 or 6] + D1") &&
           same("[1 or 2 or 3 or 4 or 5 or 6] + D1",
                "[ACdW or ACdIW or ACdIIW or ACvW or ACvIW or ACvIIW] + D1"),
       "one meter: options and profiles");
    ok(same("5 + D1", "(1Aa + 1B) + (1Cba + 1Cc) + 1D") && same("5 + D1", "1a + 2b + D1") &&
           same("5 + D1", "ACvIW + D1"),
       "option 5 equals its data flows, its decisions and ACvIW");
    ok(!same("5", "5 + D1") && same("5", "5 + <D>"), "alone it leaves the meter open");
    ok(!same("1a + 2b + D1", "1a + 2c + D1") && !same("1a", "1b"), "other paths are not the same");
    ok(same("AHEMCvIW", "ACvIW") && same("ARHE3CdIW", "ACdIW") && !same("ARHE3CdIW", "ACvIW"),
       "profiles with HANs and REPs have the ways that their code ends in");
}

/* Each single path written in each way comes back as itself. */
static void all_ways(void)
{
    static const char *const want[] = {"1a + 2a + D1 | 4? | ACvW",   "1a + 2b + D1 | 5 | ACvIW",
                                       "1a + 2c + D1 | 6? | ACvIIW", "1b + 2a + D1 | 1? | ACdW",
                                       "1b + 2b + D1 | 2? | ACdIW",  "1b + 2c + D1 | 3? | ACdIIW"};
    struct err e = ERR_INIT;
    struct path_set set;
    (void)path_map_resolve(map, "<1> + <2> + D1", &set, &e);
    is_int(set.n, 6, "six paths lead to an electric meter");
    for (size_t i = 0; i < set.n; i++)
        is_str(told(&set.path[i]), want[i], "path %zu in all ways, and whether the text says so",
               i + 1);
    path_set_release(&set);
    unsigned back = 0;
    (void)path_map_resolve(map, "<1> + <2> + <D>", &set, &e);
    for (size_t i = 0; i < set.n; i++) {
        char text[200];
        struct path_set again;
        (void)snprintf(text, sizeof text, "%s", told(&set.path[i]));
        *strchr(text, '|') = '\0';
        if (path_map_resolve(map, text, &again, &e) == ERR_OK) {
            back += again.n == 1 && path_equal(&again.path[0], &set.path[i]);
            path_set_release(&again);
        }
    }
    is_int(back, 18, "all 18 paths are found again from their decisions");
    path_set_release(&set);
}

static void actors_are(const char *text, const char *want)
{
    struct err e = ERR_INIT;
    struct path_set set;
    struct buf out;
    const char *actor[LIMIT_PATH_NAMES + 1];
    buf_init(&out, 4096);
    if (path_map_resolve(map, text, &set, &e) == ERR_OK &&
        path_map_actors(map, &set.path[0], actor, &e) == ERR_OK)
        for (size_t i = 0; i <= set.path[0].n; i++)
            (void)buf_printf(&out, &e, "%s%s", i == 0 ? "" : " > ", actor[i]);
    is_str(out.data, want, "the actors along %s", text);
    path_set_release(&set);
    buf_release(&out);
}

static void actors(void)
{
    actors_are("1Ab + 1Ca + 1D", "CIS/Billing - Utility > AMI Head-End(j) > DAPjm > "
                                 "2-Way Meter - Electr");
    actors_are("1D + 1Ca + 1Ab", "2-Way Meter - Electr > DAPjm > AMI Head-End(j) > "
                                 "CIS/Billing - Utility");
    actors_are("1Aa + 1B + 1Cba + 1Cc + 1Dw",
               "CIS/Billing - Utility > MDMS > AMI Head-End(j) > Internet/Extranet gateway > "
               "DAPjm > 2-Way Meter - Water");
    actors_are("1D + 5Bb + 16Ab", "2-Way Meter - Electr > DAPjm > ESI - Utility > IPD");
    actors_are("16Ab + 5Bb + 1D", "IPD > ESI - Utility > DAPjm > 2-Way Meter - Electr");
    actors_are("16Cb + 5Bb + 1D", "Cust. EMS > ESI - Utility > DAPjm > 2-Way Meter - Electr");
    actors_are("5Ba", "DAPjm > ESI - In Meter");
    is_str(path_map_flow(map, "5Ba")->interface, path_map_flow(map, "1D")->interface,
           "1D and 5Ba pass one interface");
    is_str(path_map_flow(map, "1Dg")->interface, "MgA", "1Dg passes that of the gas meter");
}

static void refused(const char *text, const char *why)
{
    struct err e = ERR_INIT;
    struct path_set set;
    ok(path_map_resolve(map, text, &set, &e) == ERR_DATA, "%s is refused", text);
    ok(strncmp(e.text, why, strlen(why)) == 0, "with the place: %s", e.text);
}

static void loads_not(const char *from, const char *to, const char *why)
{
    struct err e = ERR_INIT;
    struct path_map *m = NULL;
    ok(mutate("fixtures/requirements/communication-paths.xml", from, to), "the data holds %s",
       from);
    ok(path_map_load(mutate_path, &m, &e) == ERR_DATA && strstr(e.text, why) != NULL,
       "with %s it is refused: %s", to, e.text);
    path_map_free(m);
}

static void bad_input(void)
{
    struct err e = ERR_INIT;
    struct path_set set;
    const char *actor[LIMIT_PATH_NAMES + 1];
    refused("1Ab + 1Xx + 1D", "column 7: \"1Xx\" is no data flow, decision, option or AMI profile");
    refused("[ACdIIW orACvW]", "column 9: \"orACvW\", expected");
    refused("DCSIRsF", "column 1: \"DCSIRsF\" is no data flow");
    refused("1a + <E>", "column 6: no group \"<E>\" of decisions, expected one of <1> <2> <D>");
    refused("7", "column 1: \"7\" is no data flow");
    refused(
        "[(1a or 1b) + (2a or 2b or 2c) + D1",
        "column 36: the path ends, expected \"+\", \"or\" or the \"]\" to the \"[\" of column 1");
    (void)path_map_resolve(map, "1Ab + 1D", &set, &e);
    ok(path_map_actors(map, &set.path[0], actor, &e) == ERR_DATA,
       "flows that do not meet are no path: %s", e.text);
    path_set_release(&set);
    loads_not("dataflow=\"1Aa + 1B\"", "dataflow=\"1Aa + 1X\"", "no data flow \"1X\"");
    loads_not("decisions=\"1b + 2a\"", "decisions=\"1b + 2x\"", "no decision's value \"2x\"");
    loads_not("code=\"ACdIW\"", "code=\"ACvIW\"", "has a meaning already");
    loads_not("<end>DAPjm</end><end>ESI - In Meter</end>", "<end>DAPjm</end><end>DAPjm</end>",
              "at both ends");
}

int main(void)
{
    struct err e = ERR_INIT;
    if (!ok(path_map_load(NULL, &map, &e) == ERR_OK, "the data is read: %s", e.text))
        return done_testing();
    if (!ok(mutate_begin(), "a folder for changed data"))
        return done_testing();
    examples();
    all_ways();
    actors();
    bad_input();
    path_map_free(map);
    mutate_end();
    return done_testing();
}
