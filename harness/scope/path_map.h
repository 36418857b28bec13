/* path_map - the data flows between actors, and how the four ways of writing a path correspond.
 *
 * Data flows ("1Aa + 1B"), graphic decisions ("1a + 2b + D1"), graphic options ("5") and profile
 * codes ("ACvIW") of fixtures/requirements/communication-paths.xml. The document lists their
 * choices in different orders: correspondence is by this table, never by position.
 * Ownership: path_map_free frees everything; strings and arrays are borrowed from it. Paths that
 *            are resolved own copies of their names.
 * Errors:    ERR_DATA with file and line, or with the column of a path; ERR_LIMIT, ERR_NOMEM.
 * Spec:      4.18, 4.19, 4.20.3 (codes), 4.21 (flows behind the meters).
 */
#ifndef HARNESS_PATH_MAP_H
#define HARNESS_PATH_MAP_H

#include "harness/scope/path_expr.h"

#define PATH_DECISIONS 8 /* at most */

struct path_flow {
    const char *name, *section;
    const char *interface; /* "MeA", "" not named */
    const char *end[2];    /* actors; it is passed either way */
    bool stated;           /* the document says so; else ground tells what it follows from */
    const char *ground;
};

struct path_value {
    const char *name, *chosen; /* "1a", "via MDMS" */
    struct path flows;
    bool stated;
    const char *ground;
};

struct path_decision {
    const char *name, *about;
    bool deployment; /* about which actors there are, not about the way to them */
    const struct path_value *value;
    size_t n_value;
};

/* An option's number or a profile's code, and what it decides: values' names, in order. */
struct path_alias {
    const char *name;
    struct path decisions;
    bool stated;
    const char *ground; /* "" of a profile */
};

struct path_map {
    const struct path_flow *flow;
    size_t n_flow;
    const struct path_decision *decision;
    size_t n_decision;
    const struct path_alias *option;
    size_t n_option;
    const struct path_alias *profile;
    size_t n_profile;
    struct arena arena; /* private */
};

/* path NULL: the document's own, which ships with gridassay. */
enum err_code path_map_load(const char *path, struct path_map **out, struct err *e);
void path_map_free(struct path_map *m);

const struct path_flow *path_map_flow(const struct path_map *m, const char *name);
const struct path_value *path_map_value(const struct path_map *m, const char *name);

/* The single paths, as data flows, of an expression in any of the four ways. A group "<D>" is all
 * values of that decision. Options and codes alone leave the deployment's decision open: all of
 * it. */
enum err_code path_map_resolve(const struct path_map *m, const char *text, struct path_set *out,
                               struct err *e);

/* What the paths of data flows decide: false when they are not the way from the first decision on.
 * */
struct path_chosen {
    const struct path_value *value[PATH_DECISIONS];
    size_t n;
};
bool path_map_chosen(const struct path_map *m, const struct path *flows, struct path_chosen *out);
/* The first alias from *from on that decides just so, but for the deployment's; NULL none. */
const struct path_alias *path_map_alias(const struct path_alias *alias, size_t n,
                                        const struct path_chosen *chosen, size_t *from);

/* The actors along a path: n + 1 of n flows. flow: its flows, in order. ERR_DATA when two of them
 * that follow each other have no actor in common. A single flow is passed from its first end. */
enum err_code path_actors(const struct path_flow *const *flow, size_t n, const char **actor,
                          struct err *e);
/* The same, of a path of this map's flows: n + 1 actors, at most LIMIT_PATH_NAMES + 1. */
enum err_code path_map_actors(const struct path_map *m, const struct path *p, const char **actor,
                              struct err *e);

#endif
