#include "harness/scope/path_expr.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/limits.h"

struct reading {
    const char *text, *at;
    struct arena *arena;
    unsigned depth;
    struct err *e;
};

static size_t column(const struct reading *r)
{
    return (size_t)(r->at - r->text) + 1;
}

static void skip_blanks(struct reading *r)
{
    r->at += strspn(r->at, " \t\r\n");
}

static bool is_letter(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Letters and digits from p on. */
static size_t word_len(const char *p)
{
    size_t n = 0;
    while (is_letter(p[n]))
        n++;
    return n;
}

static bool at_or(const struct reading *r)
{
    return word_len(r->at) == 2 && memcmp(r->at, "or", 2) == 0;
}

static enum err_code expected(const struct reading *r, const char *what)
{
    size_t n = word_len(r->at);
    if (r->at[0] == '\0')
        return err_set(r->e, ERR_DATA, "column %zu: the path ends, expected %s", column(r), what);
    return err_set(r->e, ERR_DATA, "column %zu: \"%.*s\", expected %s", column(r),
                   (int)(n == 0   ? 1
                         : n > 40 ? 40
                                  : n),
                   r->at, what);
}

static struct path_node *new_node(const struct reading *r, enum path_kind kind, size_t at)
{
    struct path_node *n = arena_alloc(r->arena, sizeof *n);
    if (n == NULL)
        (void)err_set(r->e, ERR_NOMEM, "no memory for a communication path");
    else
        *n = (struct path_node){.kind = kind, .column = at};
    return n;
}

static enum err_code read_joined(struct reading *r, const struct path_node **out);

static enum err_code read_bracket(struct reading *r, const struct path_node **out)
{
    char open = *r->at, close = open == '(' ? ')' : ']';
    size_t at = column(r);
    char what[80];
    if (++r->depth > LIMIT_PATH_DEPTH)
        return err_set(r->e, ERR_LIMIT, "column %zu: brackets deeper than %d", at,
                       LIMIT_PATH_DEPTH);
    r->at++;
    enum err_code rc = read_joined(r, out);
    if (rc != ERR_OK)
        return rc;
    if (*r->at != close) {
        (void)snprintf(what, sizeof what, "\"+\", \"or\" or the \"%c\" to the \"%c\" of column %zu",
                       close, open, at);
        return expected(r, what);
    }
    r->at++;
    r->depth--;
    return ERR_OK;
}

static enum err_code read_name(struct reading *r, const struct path_node **out)
{
    bool group = *r->at == '<';
    size_t len = word_len(r->at + group), all = len + 2 * (size_t)group, at = column(r);
    if (len == 0 || at_or(r))
        return expected(r, group ? "a group's name as in <D>"
                                 : "a name of letters and digits, \"(\" or \"[\"");
    if (group && r->at[len + 1] != '>') {
        r->at += len + 1;
        return expected(r, "\">\" behind the group's name");
    }
    struct path_node *n = new_node(r, PATH_NAME, at);
    if (n == NULL)
        return ERR_NOMEM;
    n->name = arena_strndup(r->arena, r->at, all);
    if (n->name == NULL)
        return err_set(r->e, ERR_NOMEM, "no memory for a communication path");
    r->at += all;
    *out = n;
    return ERR_OK;
}

/* '+' or 'o' for "or"; 0 for anything else. */
static char operator_at(const struct reading *r)
{
    return *r->at == '+' ? '+' : at_or(r) ? 'o' : 0;
}

/* Members joined all by "+" or all by "or", until something else comes. */
static enum err_code read_joined(struct reading *r, const struct path_node **out)
{
    struct path_node *whole = NULL, *last = NULL;
    char by = 0;
    for (;;) {
        const struct path_node *got = NULL;
        skip_blanks(r);
        size_t at = column(r);
        enum err_code rc =
            *r->at == '(' || *r->at == '[' ? read_bracket(r, &got) : read_name(r, &got);
        if (rc != ERR_OK)
            return rc;
        skip_blanks(r);
        char op = operator_at(r);
        if (whole == NULL && op == 0) {
            *out = got;
            return ERR_OK;
        }
        if (whole == NULL) {
            by = op;
            whole = new_node(r, by == '+' ? PATH_SEQUENCE : PATH_CHOICE, at);
        }
        struct path_node *member = whole == NULL ? NULL : new_node(r, got->kind, got->column);
        if (member == NULL)
            return ERR_NOMEM;
        member->name = got->name;
        member->part = got->part;
        if (last == NULL)
            whole->part = member;
        else
            last->next = member;
        last = member;
        if (op == 0) {
            *out = whole;
            return ERR_OK;
        }
        if (op != by)
            return expected(r, by == '+' ? "\"+\": brackets tell what belongs together"
                                         : "\"or\": brackets tell what belongs together");
        r->at += op == '+' ? 1 : 2;
    }
}

enum err_code path_expr_parse(const char *text, struct path_expr *out, struct err *e)
{
    *out = (struct path_expr){.root = NULL};
    struct reading r = {text, text, &out->arena, 0, e};
    enum err_code rc = ERR_OK;
    if (strlen(text) > LIMIT_PATH_BYTES)
        rc = err_set(e, ERR_LIMIT, "a communication path of %zu bytes, at most %d", strlen(text),
                     LIMIT_PATH_BYTES);
    if (rc == ERR_OK)
        rc = read_joined(&r, &out->root);
    if (rc == ERR_OK && *r.at != '\0')
        rc = expected(&r, "\"+\", \"or\" or the end");
    if (rc != ERR_OK)
        path_expr_release(out);
    return rc;
}

void path_expr_release(struct path_expr *x)
{
    arena_release(&x->arena);
    x->root = NULL;
}
