/* Single paths: out of an expression, and compared. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/scope/path_expr.h"

bool path_equal(const struct path *a, const struct path *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->name[i], b->name[i]) != 0)
            return false;
    return true;
}

static int by_names(const void *left, const void *right)
{
    const struct path *a = *(const struct path *const *)left,
                      *b = *(const struct path *const *)right;
    for (size_t i = 0; i < a->n && i < b->n; i++) {
        int c = strcmp(a->name[i], b->name[i]);
        if (c != 0)
            return c;
    }
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    return (a > b) - (a < b); /* the same: the first one first */
}

/* Pointers to the paths, sorted; the caller frees. */
static const struct path **sorted(const struct path *path, size_t n, struct err *e)
{
    const struct path **p = calloc(n + 1, sizeof(const struct path *));
    if (p == NULL) {
        (void)err_set(e, ERR_NOMEM, "no memory for %zu communication paths", n);
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        p[i] = &path[i];
    qsort(p, n, sizeof *p, by_names);
    return p;
}

/* Keeps the first of paths that are alike. */
static enum err_code once(struct path *path, size_t *n, struct err *e)
{
    const struct path **order = sorted(path, *n, e);
    bool *drop = calloc(*n + 1, sizeof *drop);
    size_t kept = 0;
    if (order == NULL || drop == NULL) {
        free((void *)order);
        free(drop);
        return err_set(e, ERR_NOMEM, "no memory for %zu communication paths", *n);
    }
    for (size_t i = 1; i < *n; i++)
        drop[order[i] - path] = path_equal(order[i - 1], order[i]);
    for (size_t i = 0; i < *n; i++)
        if (!drop[i])
            path[kept++] = path[i];
    *n = kept;
    free((void *)order);
    free(drop);
    return ERR_OK;
}

bool path_set_equal(const struct path_set *a, const struct path_set *b)
{
    struct err e = ERR_INIT;
    if (a->n != b->n)
        return false;
    const struct path **x = sorted(a->path, a->n, &e), **y = sorted(b->path, b->n, &e);
    bool same = x != NULL && y != NULL;
    for (size_t i = 0; same && i < a->n; i++)
        same = path_equal(x[i], y[i]);
    free((void *)x);
    free((void *)y);
    return same;
}

struct paths {
    struct path *path;
    size_t n;
};

static enum err_code expand(const struct path_node *node, struct arena *a, struct paths *out,
                            struct err *e);

static enum err_code too_many(const struct path_node *at, struct err *e)
{
    return err_set(e, ERR_LIMIT, "column %zu: more than %d single paths, or one of more than %d",
                   at->column, LIMIT_PATH_WAYS, LIMIT_PATH_NAMES);
}

/* Each of left, then each of right. */
static enum err_code times(const struct path_node *at, const struct paths *left,
                           const struct paths *right, struct arena *a, struct paths *out,
                           struct err *e)
{
    if (left->n * right->n > LIMIT_PATH_WAYS)
        return too_many(at, e);
    *out = (struct paths){arena_alloc(a, left->n * right->n * sizeof *out->path), 0};
    for (size_t i = 0; i < left->n && out->path != NULL; i++) {
        for (size_t k = 0; k < right->n; k++) {
            const struct path *l = &left->path[i], *r = &right->path[k];
            if (l->n + r->n > LIMIT_PATH_NAMES)
                return too_many(at, e);
            const char **name = arena_alloc(a, (l->n + r->n) * sizeof *name);
            if (name == NULL)
                return err_set(e, ERR_NOMEM, "no memory for communication paths");
            memcpy(name, l->name, l->n * sizeof *name);
            memcpy(name + l->n, r->name, r->n * sizeof *name);
            out->path[out->n++] = (struct path){name, l->n + r->n};
        }
    }
    return out->path == NULL ? err_set(e, ERR_NOMEM, "no memory for communication paths") : ERR_OK;
}

static enum err_code plus(const struct path_node *at, struct paths *all, size_t *cap,
                          const struct paths *more, struct arena *a, struct err *e)
{
    if (all->n + more->n > LIMIT_PATH_WAYS)
        return too_many(at, e);
    if (all->n + more->n > *cap) {
        *cap = 2 * (all->n + more->n);
        struct path *room = arena_alloc(a, *cap * sizeof *room);
        if (room == NULL)
            return err_set(e, ERR_NOMEM, "no memory for communication paths");
        memcpy(room, all->path, all->n * sizeof *room);
        all->path = room;
    }
    memcpy(all->path + all->n, more->path, more->n * sizeof *more->path);
    all->n += more->n;
    return ERR_OK;
}

static enum err_code expand(const struct path_node *node, struct arena *a, struct paths *out,
                            struct err *e)
{
    if (node->kind == PATH_NAME) {
        struct path *p = arena_alloc(a, sizeof *p);
        const char **name = arena_alloc(a, sizeof *name);
        if (p == NULL || name == NULL || (*name = arena_strdup(a, node->name)) == NULL)
            return err_set(e, ERR_NOMEM, "no memory for a communication path");
        *p = (struct path){name, 1};
        *out = (struct paths){p, 1};
        return ERR_OK;
    }
    enum err_code rc = expand(node->part, a, out, e);
    size_t cap = out->n;
    for (const struct path_node *p = node->part->next; p != NULL && rc == ERR_OK; p = p->next) {
        struct paths more, before = *out;
        rc = expand(p, a, &more, e);
        if (rc == ERR_OK)
            rc = node->kind == PATH_SEQUENCE ? times(p, &before, &more, a, out, e)
                                             : plus(p, out, &cap, &more, a, e);
    }
    return rc == ERR_OK && node->kind == PATH_CHOICE ? once(out->path, &out->n, e) : rc;
}

enum err_code path_expand(const struct path_expr *x, struct path_set *out, struct err *e)
{
    struct paths all = {NULL, 0};
    *out = (struct path_set){.path = NULL};
    enum err_code rc = expand(x->root, &out->arena, &all, e);
    if (rc == ERR_OK)
        rc = once(all.path, &all.n, e); /* "[a or (a + a)] + [a or (a + a)]" */
    out->path = all.path;
    out->n = all.n;
    if (rc != ERR_OK)
        path_set_release(out);
    return rc;
}

enum err_code path_set_of(const struct path *path, size_t n, struct path_set *out, struct err *e)
{
    *out = (struct path_set){.path = NULL};
    struct path *copy = arena_alloc(&out->arena, (n + 1) * sizeof *copy);
    enum err_code rc = copy == NULL ? err_set(e, ERR_NOMEM, "no memory for %zu paths", n) : ERR_OK;
    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        const char **name = arena_alloc(&out->arena, (path[i].n + 1) * sizeof *name);
        for (size_t k = 0; name != NULL && k < path[i].n; k++)
            if ((name[k] = arena_strdup(&out->arena, path[i].name[k])) == NULL)
                name = NULL;
        if (name == NULL)
            rc = err_set(e, ERR_NOMEM, "no memory for %zu paths", n);
        copy[i] = (struct path){name, path[i].n};
    }
    if (rc == ERR_OK)
        rc = once(copy, &n, e);
    out->path = copy;
    out->n = n;
    if (rc != ERR_OK)
        path_set_release(out);
    return rc;
}

void path_set_release(struct path_set *s)
{
    arena_release(&s->arena);
    s->path = NULL;
    s->n = 0;
}

enum err_code path_write(const struct path *p, struct buf *out, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < p->n && rc == ERR_OK; i++)
        rc = buf_printf(out, e, "%s%s", i == 0 ? "" : " + ", p->name[i]);
    return rc;
}
