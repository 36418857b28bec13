/* arena - memory with one lifetime: allocate piecemeal, drop at once.
 *
 * Ownership: everything handed out lives until arena_release.
 * Errors:    NULL when memory is out; nothing handed out before is lost.
 */
#ifndef HARNESS_ARENA_H
#define HARNESS_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *head;
};

/* clang-format off */
#define ARENA_INIT {NULL}
/* clang-format on */

void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for any type */
char *arena_strdup(struct arena *a, const char *text);
char *arena_strndup(struct arena *a, const char *text, size_t len);
/* What the format makes, however long. */
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
void arena_release(struct arena *a);

#endif
