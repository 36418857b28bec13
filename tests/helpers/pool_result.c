/* pool_result OUT.xml PLAN EXCHANGES [PLAN EXCHANGES]...: what the records of runs come to, pooled
 * in that order. */
#include <stdio.h>
#include <stdlib.h>

#include "harness/score/pool.h"

int main(int argc, char **argv)
{
    struct err e = ERR_INIT;
    struct pool *pool = NULL;
    struct result *r = NULL;
    struct plan *plan[16] = {NULL};
    size_t n = 0;
    if (argc < 4 || argc % 2 != 0 || argc > 34) {
        (void)fprintf(stderr, "usage: pool_result OUT.xml PLAN EXCHANGES [PLAN EXCHANGES]...\n");
        return EXIT_USAGE;
    }
    enum err_code rc = pool_new(&pool, &e);
    for (int i = 2; i + 1 < argc && rc == ERR_OK; i += 2) {
        rc = plan_read(argv[i], &plan[n], &e);
        if (rc == ERR_OK)
            rc = pool_add(pool, plan[n++], argv[i + 1], &e);
    }
    if (rc == ERR_OK)
        rc = pool_result(pool, &r, &e);
    if (rc == ERR_OK)
        rc = result_write(r, argv[1], &e);
    if (rc != ERR_OK)
        (void)fprintf(stderr, "pool_result: %s\n", e.text);
    result_free(r);
    pool_free(pool);
    for (size_t i = 0; i < n; i++)
        plan_free(plan[i]);
    return rc == ERR_OK ? 0 : err_exit(rc);
}
