/* pool - objects of one size that come and go by the million: what is given back is kept for the
 * next.
 *
 * Memory is that of the most that were out at a time. Each object is an allocation of its own, so
 * free() may take one as well; sanitized builds keep none, so that a use after its end is seen.
 * Ownership: pool_release frees what is kept, not what is out.
 * Errors:    pool_take returns NULL without memory.
 */
#ifndef HARNESS_POOL_H
#define HARNESS_POOL_H

#include <stddef.h>

struct pool {
    size_t size; /* of an object, at least that of a pointer */
    void *kept;
};

/* All bytes zero. */
void *pool_take(struct pool *p);
void pool_give(struct pool *p, void *object);
void pool_release(struct pool *p);

#endif
