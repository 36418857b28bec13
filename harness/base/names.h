/* names - which number belongs to a name: a hash table over borrowed strings.
 *
 * Ownership: lives in the arena given; the strings are borrowed.
 * Errors:    names_put false when memory is out.
 */
#ifndef HARNESS_NAMES_H
#define HARNESS_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/arena.h"

#define NAMES_NONE ((size_t)-1)

struct names_slot;

struct names {
    struct names_slot *slot;
    size_t n, cap;
};

/* Of a name that is there already the first number stays. */
bool names_put(struct names *names, struct arena *a, const char *name, size_t number);
/* NAMES_NONE when it is not there. */
size_t names_find(const struct names *names, const char *name);

#endif
