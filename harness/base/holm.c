#include "harness/base/holm.h"

#include <stdlib.h>

static int by_p(const void *a, const void *b)
{
    const struct holm_test *x = a, *y = b;
    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

void holm_adjust(struct holm_test *test, size_t n)
{
    if (n == 0)
        return;
    qsort(test, n, sizeof *test, by_p);
    double least = 0.0;
    for (size_t i = 0; i < n; i++) {
        double p = test[i].p * (double)(n - i);
        least = p > least ? p : least;
        test[i].adjusted = least < 1.0 ? least : 1.0;
    }
}
