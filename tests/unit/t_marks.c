/* Packets of exchanges come out sorted, however many they are. */
#include <stdlib.h>

#include "harness/report/marks.h"
#include "tests/tap.h"

/* All of n come out once, in order. */
static bool sorts(uint64_t n, uint64_t step)
{
    struct marks *m = NULL;
    bool good = marks_new(&m, NULL) == ERR_OK;
    for (uint64_t i = 0; i < n && good; i++) {
        struct mark_of x = {.frame = 1 + i * step % n / 2, .trial = (uint32_t)(i * step % n)};
        good = marks_put(m, &x, NULL) == ERR_OK;
    }
    good = good && marks_sort(m, NULL) == ERR_OK;
    for (uint64_t i = 0; i < n && good; i++) {
        const struct mark_of *x = marks_first(m);
        good = x != NULL && x->trial == i && x->frame == 1 + i / 2 && marks_take(m, NULL) == ERR_OK;
    }
    good = good && marks_first(m) == NULL;
    marks_free(m);
    return good;
}

int main(void)
{
    ok(sorts(0, 1), "none");
    ok(sorts(1000, 387), "a thousand, in memory");
    ok(sorts(MARKS_PIECE, 7919), "as many as a piece holds");
    ok(sorts(MARKS_PIECE * 3 + 17, 104729), "three pieces and some");
    return done_testing();
}
