#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/plan/build_parts.h"

void build_fault(struct build *b, enum err_code code, const char *fmt, ...)
{
    if (b->rc != ERR_OK)
        return;
    char text[sizeof b->e->text];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    b->rc = err_set(b->e, code, "%s", text);
}

void *build_room(struct build *b, size_t bytes)
{
    void *room = b->rc == ERR_OK ? arena_alloc(b->arena, bytes == 0 ? 1 : bytes) : NULL;
    if (room == NULL)
        build_fault(b, ERR_NOMEM, "no memory for the plan");
    return room;
}

const char *build_copy(struct build *b, const char *text)
{
    if (text == NULL)
        return NULL;
    size_t n = strlen(text) + 1;
    char *room = build_room(b, n);
    return room == NULL ? "" : memcpy(room, text, n);
}

const char *build_vtext(struct build *b, const char *fmt, va_list ap)
{
    const char *text = b->rc == ERR_OK ? arena_vprintf(b->arena, fmt, ap) : NULL;
    if (text == NULL)
        build_fault(b, ERR_NOMEM, "no memory for the plan");
    return text == NULL ? "" : text;
}

const char *build_text(struct build *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = build_vtext(b, fmt, ap);
    va_end(ap);
    return text;
}

const char *build_join(struct build *b, const char *const *word, size_t n, const char *between)
{
    const char *all = "";
    for (size_t i = 0; i < n; i++)
        all = build_text(b, "%s%s%s", all, i == 0 ? "" : between, word[i]);
    return all;
}

const char *build_relative(struct build *b, const char *path)
{
    char real[PATH_MAX], home[PATH_MAX];
    size_t len;
    if (realpath(path, real) != NULL && realpath(b->home, home) != NULL &&
        strncmp(real, home, len = strlen(home)) == 0 && real[len] == '/')
        return build_copy(b, real + len + 1);
    return build_copy(b, path);
}
