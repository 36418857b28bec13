#include "harness/base/take.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/num.h"
#include "harness/base/xml.h"

void take_fault(struct take *t, xmlNodePtr node, const char *fmt, ...)
{
    if (t->rc != ERR_OK)
        return;
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    t->rc = xml_fault(node, t->e, "%s", text);
}

void *take_room(struct take *t, size_t bytes)
{
    if (t->rc != ERR_OK)
        return NULL;
    void *room = arena_alloc(t->arena, bytes);
    if (room == NULL)
        t->rc = err_set(t->e, ERR_NOMEM, "no memory for %zu bytes", bytes);
    return room;
}

static const char *copy(struct take *t, const char *value)
{
    size_t n = strlen(value) + 1;
    char *room = take_room(t, n);
    if (room == NULL)
        return "";
    memcpy(room, value, n);
    return room;
}

/* The value, or NULL with a fault noted. */
static const char *need(struct take *t, xmlNodePtr node, const char *attr)
{
    if (t->rc != ERR_OK)
        return NULL;
    const char *value = xml_attr(node, attr);
    if (value == NULL)
        take_fault(t, node, "<%s> has no %s", (const char *)node->name, attr);
    return value;
}

const char *take_text(struct take *t, xmlNodePtr node, const char *attr)
{
    const char *value = need(t, node, attr);
    return value == NULL ? "" : copy(t, value);
}

const char *take_text_or(struct take *t, xmlNodePtr node, const char *attr, const char *fallback)
{
    if (t->rc != ERR_OK)
        return fallback;
    const char *value = xml_attr(node, attr);
    return value == NULL ? fallback : copy(t, value);
}

int64_t take_i64(struct take *t, xmlNodePtr node, const char *attr, int64_t min, int64_t max)
{
    const char *value = need(t, node, attr);
    return value == NULL ? min : take_i64_or(t, node, attr, min, max, min);
}

int64_t take_i64_or(struct take *t, xmlNodePtr node, const char *attr, int64_t min, int64_t max,
                    int64_t fallback)
{
    int64_t out = fallback;
    if (t->rc == ERR_OK)
        t->rc = xml_attr_i64(node, attr, min, max, fallback, &out, t->e);
    return out;
}

int64_t take_fixed(struct take *t, xmlNodePtr node, const char *attr, int64_t scale, int64_t min,
                   int64_t max)
{
    const char *value = need(t, node, attr);
    return value == NULL ? min : take_fixed_or(t, node, attr, scale, min, max, min);
}

int64_t take_fixed_or(struct take *t, xmlNodePtr node, const char *attr, int64_t scale, int64_t min,
                      int64_t max, int64_t fallback)
{
    const char *value = t->rc == ERR_OK ? xml_attr(node, attr) : NULL;
    if (value == NULL)
        return fallback;
    int64_t out = fallback;
    if (!num_fixed(value, strlen(value), scale, &out) || out < min || out > max) {
        take_fault(t, node, "%s=\"%s\", expected a number from %.9g to %.9g", attr, value,
                   (double)min / (double)scale, (double)max / (double)scale);
        return fallback;
    }
    return out;
}

bool take_bool(struct take *t, xmlNodePtr node, const char *attr)
{
    static const char *const words[] = {"no", "yes"};
    if (t->rc != ERR_OK || xml_attr(node, attr) == NULL)
        return false;
    return take_word(t, node, attr, words, 2) == 1;
}

int take_word(struct take *t, xmlNodePtr node, const char *attr, const char *const *word, int n)
{
    const char *value = need(t, node, attr);
    if (value == NULL)
        return 0;
    for (int i = 0; i < n; i++)
        if (strcmp(value, word[i]) == 0)
            return i;
    char list[200] = "";
    size_t used = 0;
    for (int i = 0; i < n && used < sizeof list; i++)
        used +=
            (size_t)snprintf(list + used, sizeof list - used, "%s%s", i == 0 ? "" : ", ", word[i]);
    take_fault(t, node, "%s=\"%s\", expected one of: %s", attr, value, list);
    return 0;
}

void *take_array(struct take *t, xmlNodePtr node, const char *name, size_t element_bytes, size_t *n)
{
    *n = 0;
    if (t->rc != ERR_OK)
        return NULL;
    size_t count = 0;
    for (xmlNodePtr c = xml_child(node, name); c != NULL; c = xml_next(c, name))
        count++;
    void *room = count == 0 ? NULL : take_room(t, count * element_bytes);
    if (room != NULL)
        *n = count;
    return room;
}
