#include "harness/base/where.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum err_code own_folder(char *out, size_t size, struct err *e)
{
    ssize_t n = readlink("/proc/self/exe", out, size - 1);
    if (n == -1)
        return err_sys(e, errno, "/proc/self/exe cannot be read");
    out[n] = '\0';
    char *slash = strrchr(out, '/');
    if (slash != NULL)
        *slash = '\0';
    return ERR_OK;
}

static enum err_code join(char *out, size_t size, const char *folder, const char *rest,
                          struct err *e)
{
    int n = snprintf(out, size, "%s/%s", folder, rest);
    if (n < 0 || (size_t)n >= size)
        return err_set(e, ERR_USAGE, "path too long: %s/%s", folder, rest);
    return ERR_OK;
}

enum err_code where_data(const char *relative, char *out, size_t size, struct err *e)
{
    const char *home = getenv("GRIDASSAY_HOME");
    if (home != NULL && home[0] != '\0')
        return join(out, size, home, relative, e);
    char folder[PATH_MAX], own[PATH_MAX], probe[PATH_MAX + 64];
    enum err_code rc = own_folder(own, sizeof own, e);
    if (rc != ERR_OK)
        return rc;
    (void)memcpy(folder, own, sizeof folder);
    for (char *slash = strrchr(folder, '/'); slash != NULL; slash = strrchr(folder, '/')) {
        static const char *const below[] = {"", "/share/gridassay"};
        for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
            (void)snprintf(probe, sizeof probe, "%s%s/fixtures/requirements", folder, below[i]);
            if (access(probe, R_OK) == -1)
                continue;
            (void)snprintf(probe, sizeof probe, "%s%s", folder, below[i]);
            return join(out, size, probe, relative, e);
        }
        *slash = '\0';
    }
    return err_set(e, ERR_DATA,
                   "%s not found: no folder above %s holds fixtures/ or share/gridassay/fixtures/; "
                   "GRIDASSAY_HOME may name the folder that does",
                   relative, own);
}

enum err_code where_program(const char *name, char *out, size_t size, struct err *e)
{
    char folder[PATH_MAX];
    enum err_code rc = own_folder(folder, sizeof folder, e);
    return rc == ERR_OK ? join(out, size, folder, name, e) : rc;
}
