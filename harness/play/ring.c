#include "harness/play/ring.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

struct item {
    uint64_t hash;
    uint32_t older; /* in its chain: index + 1, 0 none */
    size_t key_len, size;
    alignas(max_align_t) char data[]; /* size bytes, then the key */
};

struct ring {
    uint32_t items_max;
    size_t bytes_max, bytes;
    uint32_t first, n; /* the oldest, and how many from it on */
    uint32_t *chain;   /* items_max heads: index + 1 */
    struct item **item;
};

static uint64_t hash_of(const void *key, size_t len)
{
    const unsigned char *p = key;
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < len; i++)
        h = (h ^ p[i]) * UINT64_C(0x100000001b3);
    return h ^ h >> 32;
}

struct ring *ring_new(uint32_t items_max, size_t bytes_max)
{
    struct ring *r = calloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    *r = (struct ring){.items_max = items_max, .bytes_max = bytes_max};
    r->chain = calloc(items_max, sizeof *r->chain);
    r->item = calloc(items_max, sizeof(struct item *));
    if (r->chain == NULL || r->item == NULL) {
        ring_free(r);
        return NULL;
    }
    return r;
}

/* The oldest is the last of its chain. */
static void forget_oldest(struct ring *r)
{
    struct item *i = r->item[r->first];
    uint32_t *link = &r->chain[i->hash % r->items_max];
    while (*link != r->first + 1)
        link = &r->item[*link - 1]->older;
    *link = i->older;
    r->bytes -= i->size + i->key_len;
    free(i);
    r->item[r->first] = NULL;
    r->first = (r->first + 1) % r->items_max;
    r->n--;
}

void *ring_put(struct ring *r, const void *key, size_t key_len, size_t size)
{
    if (size > r->bytes_max || key_len > r->bytes_max - size)
        return NULL;
    struct item *i = calloc(1, sizeof *i + size + key_len);
    if (i == NULL)
        return NULL;
    while (r->n == r->items_max || r->bytes > r->bytes_max - size - key_len)
        forget_oldest(r);
    uint32_t at = (r->first + r->n) % r->items_max;
    i->hash = hash_of(key, key_len);
    i->key_len = key_len;
    i->size = size;
    memcpy(i->data + size, key, key_len);
    uint32_t *head = &r->chain[i->hash % r->items_max];
    i->older = *head;
    *head = at + 1;
    r->item[at] = i;
    r->bytes += size + key_len;
    r->n++;
    return i->data;
}

void *ring_get(const struct ring *r, const void *key, size_t key_len, size_t *size)
{
    uint64_t hash = hash_of(key, key_len);
    for (uint32_t l = r->chain[hash % r->items_max]; l != 0; l = r->item[l - 1]->older) {
        struct item *i = r->item[l - 1];
        if (i->hash == hash && i->key_len == key_len &&
            memcmp(i->data + i->size, key, key_len) == 0) {
            *size = i->size;
            return i->data;
        }
    }
    return NULL;
}

void ring_free(struct ring *r)
{
    if (r == NULL)
        return;
    while (r->n > 0)
        forget_oldest(r);
    free(r->chain);
    free(r->item);
    free(r);
}
