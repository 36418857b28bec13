#include "harness/base/names.h"

#include <stdint.h>
#include <string.h>

#define FIRST_CAP 64

struct names_slot {
    const char *name; /* NULL: free */
    size_t number;
};

/* FNV-1a */
static uint64_t hash(const char *name)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (const unsigned char *p = (const unsigned char *)name; *p != '\0'; p++)
        h = (h ^ *p) * UINT64_C(1099511628211);
    return h ^ h >> 32;
}

/* The slot of that name, or the free one where it belongs. */
static struct names_slot *find(struct names_slot *slot, size_t cap, const char *name)
{
    size_t at = (size_t)hash(name) & (cap - 1);
    while (slot[at].name != NULL && strcmp(slot[at].name, name) != 0)
        at = (at + 1) & (cap - 1);
    return &slot[at];
}

/* At most half of the slots are taken. What was there before stays in the arena. */
static bool grow(struct names *names, struct arena *a)
{
    size_t cap = names->cap == 0 ? FIRST_CAP : names->cap * 2;
    struct names_slot *slot = arena_alloc(a, cap * sizeof *slot);
    if (slot == NULL)
        return false;
    for (size_t i = 0; i < names->cap; i++)
        if (names->slot[i].name != NULL)
            *find(slot, cap, names->slot[i].name) = names->slot[i];
    names->slot = slot;
    names->cap = cap;
    return true;
}

bool names_put(struct names *names, struct arena *a, const char *name, size_t number)
{
    if (names->n * 2 >= names->cap && !grow(names, a))
        return false;
    struct names_slot *s = find(names->slot, names->cap, name);
    if (s->name == NULL) {
        *s = (struct names_slot){name, number};
        names->n++;
    }
    return true;
}

size_t names_find(const struct names *names, const char *name)
{
    if (names->cap == 0)
        return NAMES_NONE;
    const struct names_slot *s = find(names->slot, names->cap, name);
    return s->name == NULL ? NAMES_NONE : s->number;
}
