/* path_expr - pseudo code of communication paths: read, expanded into single paths, folded again.
 *
 * Names joined by "+" (one after the other) and "or" (one of them), in round or square brackets:
 * "[(1Aa + 1B) or 1Ab] + 1Ca". A name is letters and digits, or a group's in "<>" as in "1a + <D>".
 * "+" and "or" side by side need brackets: the document never leaves them out. What the names stand
 * for is not known here (see path_map.h); any of the four ways of writing a path has this grammar.
 * Ownership: path_expr and path_set own what they hold; texts given are not kept.
 * Errors:    ERR_DATA with the column (from 1) and what was expected there, ERR_LIMIT, ERR_NOMEM;
 *            an object that was to be filled is empty then.
 * Spec:      4.19, data flow and graphic pseudo code.
 */
#ifndef HARNESS_PATH_EXPR_H
#define HARNESS_PATH_EXPR_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/arena.h"
#include "harness/base/buf.h"
#include "harness/base/err.h"

enum path_kind { PATH_NAME = 0, PATH_SEQUENCE, PATH_CHOICE, PATH_KIND_COUNT };

struct path_node {
    enum path_kind kind;
    const char *name;             /* of PATH_NAME, with its "<>" */
    size_t column;                /* where it begins, from 1 */
    const struct path_node *part; /* first of a sequence's or choice's, two at the least */
    const struct path_node *next; /* beside it, NULL at the end */
};

struct path_expr {
    const struct path_node *root;
    struct arena arena; /* private */
};

/* One way from end to end: the names passed, in order. */
struct path {
    const char *const *name;
    size_t n;
};

/* Paths in the order in which the expression gives them, each once. */
struct path_set {
    const struct path *path;
    size_t n;
    struct arena arena; /* private */
};

enum err_code path_expr_parse(const char *text, struct path_expr *out, struct err *e);
void path_expr_release(struct path_expr *x);

enum err_code path_expand(const struct path_expr *x, struct path_set *out, struct err *e);
/* Copies of n paths, each once. */
enum err_code path_set_of(const struct path *path, size_t n, struct path_set *out, struct err *e);
void path_set_release(struct path_set *s);
bool path_equal(const struct path *a, const struct path *b);
/* The same paths, in whatever order. */
bool path_set_equal(const struct path_set *a, const struct path_set *b);

/* The set as one expression that expands into it: what all paths pass is taken apart in front of it
 * and behind, the rest is listed. Appended to out. */
enum err_code path_fold(const struct path_set *s, struct buf *out, struct err *e);
/* "1Ab + 1Ca + 1D". Appended to out. */
enum err_code path_write(const struct path *p, struct buf *out, struct err *e);

#endif
