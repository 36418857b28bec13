#include "harness/base/pool.h"

#include <stdlib.h>
#include <string.h>

void *pool_take(struct pool *p)
{
    void *object = p->kept;
    if (object == NULL)
        return calloc(1, p->size);
    memcpy(&p->kept, object, sizeof p->kept);
    return memset(object, 0, p->size);
}

void pool_give(struct pool *p, void *object)
{
#ifdef __SANITIZE_ADDRESS__
    (void)p;
    free(object);
#else
    memcpy(object, &p->kept, sizeof p->kept);
    p->kept = object;
#endif
}

void pool_release(struct pool *p)
{
    while (p->kept != NULL) {
        void *object = p->kept;
        memcpy(&p->kept, object, sizeof p->kept);
        free(object);
    }
}
