#include "harness/items/condition.h"

#include <stdbool.h>
#include <string.h>

struct reading {
    const char *text;
    size_t at;
    int depth;
    condition_fn *of;
    void *arg;
    struct err *e;
    enum err_code rc;
};

static enum condition_value either(struct reading *r);

static enum condition_value fault(struct reading *r, const char *expected)
{
    if (r->rc == ERR_OK)
        r->rc = err_set(r->e, ERR_DATA, "column %zu of \"%s\": expected %s", r->at + 1, r->text,
                        expected);
    return CONDITION_OPEN;
}

static size_t word_length(const char *p)
{
    return strcspn(p, " ()");
}

static void skip_blanks(struct reading *r)
{
    r->at += strspn(r->text + r->at, " ");
}

/* Takes the word when it stands here. */
static bool takes(struct reading *r, const char *word)
{
    skip_blanks(r);
    size_t len = word_length(r->text + r->at);
    if (len != strlen(word) || strncmp(r->text + r->at, word, len) != 0)
        return false;
    r->at += len;
    return true;
}

static enum condition_value single(struct reading *r)
{
    skip_blanks(r);
    const char *p = r->text + r->at;
    size_t len = word_length(p);
    if (*p == '(') {
        r->at++;
        enum condition_value v = either(r);
        if (r->rc != ERR_OK)
            return CONDITION_OPEN;
        skip_blanks(r);
        if (r->text[r->at] != ')')
            return fault(r, "AND, OR or \")\"");
        r->at++;
        return v;
    }
    if (len == 0 || (len == 3 && strncmp(p, "AND", 3) == 0) ||
        (len == 2 && strncmp(p, "OR", 2) == 0))
        return fault(r, "an item, NOT or \"(\"");
    r->at += len;
    return r->of(r->arg, p, len);
}

static enum condition_value negated(struct reading *r)
{
    bool not = false;
    while (takes(r, "NOT"))
        not = !not ;
    enum condition_value v = single(r);
    return !not || v == CONDITION_OPEN ? v : v == CONDITION_YES ? CONDITION_NO : CONDITION_YES;
}

static enum condition_value both(struct reading *r)
{
    enum condition_value v = negated(r);
    while (r->rc == ERR_OK && takes(r, "AND")) {
        enum condition_value w = negated(r);
        v = v == CONDITION_NO || w == CONDITION_NO       ? CONDITION_NO
            : v == CONDITION_OPEN || w == CONDITION_OPEN ? CONDITION_OPEN
                                                         : CONDITION_YES;
    }
    return v;
}

static enum condition_value either(struct reading *r)
{
    if (++r->depth > CONDITION_DEPTH && r->rc == ERR_OK)
        r->rc = err_set(r->e, ERR_LIMIT, "column %zu of \"%s\": more than %d brackets deep",
                        r->at + 1, r->text, CONDITION_DEPTH);
    if (r->rc != ERR_OK)
        return CONDITION_OPEN;
    enum condition_value v = both(r);
    while (r->rc == ERR_OK && takes(r, "OR")) {
        enum condition_value w = both(r);
        v = v == CONDITION_YES || w == CONDITION_YES     ? CONDITION_YES
            : v == CONDITION_OPEN || w == CONDITION_OPEN ? CONDITION_OPEN
                                                         : CONDITION_NO;
    }
    r->depth--;
    return v;
}

enum err_code condition_value(const char *text, condition_fn *of, void *arg,
                              enum condition_value *out, struct err *e)
{
    struct reading r = {text, 0, 0, of, arg, e, ERR_OK};
    *out = either(&r);
    skip_blanks(&r);
    if (r.rc == ERR_OK && text[r.at] != '\0')
        (void)fault(&r, "AND, OR or the end");
    return r.rc;
}
