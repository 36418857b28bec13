#include "harness/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES 32768

struct arena_chunk {
    struct arena_chunk *next;
    size_t used, size;
    alignas(max_align_t) unsigned char data[];
};

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    size_t want = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    struct arena_chunk *c = a->head;
    if (c == NULL || c->size - c->used < want) {
        size_t room = want > CHUNK_BYTES ? want : CHUNK_BYTES;
        c = calloc(1, sizeof *c + room);
        if (c == NULL)
            return NULL;
        c->size = room;
        c->next = a->head;
        a->head = c;
    }
    void *p = c->data + c->used;
    c->used += want;
    return p;
}

char *arena_strndup(struct arena *a, const char *text, size_t len)
{
    char *p = arena_alloc(a, len + 1);
    if (p != NULL)
        memcpy(p, text, len);
    return p;
}

char *arena_strdup(struct arena *a, const char *text)
{
    return arena_strndup(a, text, strlen(text));
}

void arena_release(struct arena *a)
{
    while (a->head != NULL) {
        struct arena_chunk *next = a->head->next;
        free(a->head);
        a->head = next;
    }
}
