#include "harness/cmd/scratch.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum err_code scratch_make(const char *purpose, char out[PATH_MAX], struct err *e)
{
    const char *base = getenv("TMPDIR");
    int n = snprintf(out, PATH_MAX, "%s/gridassay-%s.XXXXXX",
                     base != NULL && base[0] != '\0' ? base : "/tmp", purpose);
    if (n < 0 || n >= PATH_MAX)
        return err_set(e, ERR_USAGE, "TMPDIR is too long a path");
    return mkdtemp(out) == NULL ? err_sys(e, errno, "%s cannot be made", out) : ERR_OK;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st;
    (void)kind;
    (void)where;
    (void)remove(path);
    return 0;
}

void scratch_remove(const char *folder)
{
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
