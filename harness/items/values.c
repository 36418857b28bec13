#include "harness/items/values.h"

#include <string.h>

#include "harness/base/num.h"

/* One value: a word, and where it is a number or a range its ends. */
struct value {
    const char *text;
    size_t len;
    bool number;
    uint64_t from, to;
};

static const char *dots(const char *p, size_t len)
{
    for (size_t i = 0; i + 1 < len; i++)
        if (p[i] == '.' && p[i + 1] == '.')
            return p + i;
    return NULL;
}

/* The next value of a list, false at its end. */
static bool next(const char **at, struct value *v)
{
    const char *p = *at + strspn(*at, " ");
    *v = (struct value){.text = p, .len = strcspn(p, " ")};
    *at = p + v->len;
    const char *gap = dots(p, v->len);
    size_t first = gap == NULL ? v->len : (size_t)(gap - p);
    if (v->len == 0)
        return false;
    v->number = num_u64(p, first, 0, UINT64_MAX, &v->from);
    v->to = v->from;
    if (v->number && gap != NULL)
        v->number = num_u64(gap + 2, v->len - first - 2, v->from, UINT64_MAX, &v->to);
    return true;
}

static bool holds(const struct value *allowed, const struct value *v)
{
    if (allowed->number && v->number)
        return allowed->from <= v->from && v->to <= allowed->to;
    return allowed->len == v->len && memcmp(allowed->text, v->text, v->len) == 0;
}

static bool any_holds(const char *allowed, const struct value *v)
{
    struct value a;
    while (next(&allowed, &a))
        if (holds(&a, v))
            return true;
    return false;
}

const char *values_beyond(const char *supported, const char *allowed, size_t *len)
{
    struct value v;
    while (next(&supported, &v))
        if (!any_holds(allowed, &v)) {
            *len = v.len;
            return v.text;
        }
    return NULL;
}

bool values_hold(const char *values, uint64_t number)
{
    struct value v = {.number = true, .from = number, .to = number};
    return any_holds(values, &v);
}
