/* Any bytes as a bundle: unpacked, and nothing but plain files of good names in the folder. */
#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/bundle/index.h"
#include "harness/bundle/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/fuzz_bundle.XXXXXX";
static size_t prefix;

static void leave(void)
{
    (void)rmdir(folder);
}

static int look(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)kind;
    (void)where;
    if (path[prefix] == '\0')
        return 0;
    if (!unpack_name_good(path + prefix + 1) || (!S_ISREG(st->st_mode) && !S_ISDIR(st->st_mode)))
        abort();
    return remove(path) == 0 ? 0 : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char zip[64];
    struct unpacked u;
    struct index x;
    struct err e = ERR_INIT;
    if (prefix == 0) {
        if (mkdtemp(folder) == NULL)
            abort();
        prefix = sizeof folder - 1;
        (void)atexit(leave);
    }
    int fd = memfd_create("bundle", 0);
    if (fd == -1 || write(fd, data, size) != (ssize_t)size)
        abort();
    (void)snprintf(zip, sizeof zip, "/proc/self/fd/%d", fd);
    enum err_code rc = unpack(zip, folder, &u, &e);
    if (rc == ERR_OK)
        unpack_release(&u);
    else if (rc != ERR_EVIDENCE)
        abort();
    (void)snprintf(zip, sizeof zip, "%s/%s", folder, INDEX_NAME);
    if (access(zip, R_OK) == 0 && index_read(zip, &x, &e) == ERR_OK)
        index_release(&x);
    if (nftw(folder, look, 8, FTW_DEPTH | FTW_PHYS) != 0)
        abort();
    (void)close(fd);
    return 0;
}
