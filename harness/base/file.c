#include "harness/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum err_code file_in(char out[PATH_MAX], const char *folder, const char *name, struct err *e)
{
    int n = snprintf(out, PATH_MAX, "%s/%s", folder, name);
    return n < 0 || n >= PATH_MAX ? err_set(e, ERR_USAGE, "%s: path is too long", folder) : ERR_OK;
}

bool file_same(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

enum err_code file_write(int fd, const void *data, size_t len, const char *path, struct err *e)
{
    const char *p = data;
    while (len > 0) {
        ssize_t n = write(fd, p, len);
        if (n == -1 && errno == EINTR)
            continue;
        if (n <= 0)
            return err_sys(e, n == 0 ? ENOSPC : errno, "%s: cannot be written", path);
        p += n;
        len -= (size_t)n;
    }
    return ERR_OK;
}

enum err_code file_copy(const char *from, const char *to, struct err *e)
{
    char data[65536];
    ssize_t n = 0;
    int in = open(from, O_RDONLY | O_CLOEXEC), out = -1;
    enum err_code rc = in == -1 ? err_sys(e, errno, "%s: cannot be read", from) : ERR_OK;
    if (rc == ERR_OK) {
        out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (out == -1)
            rc = err_sys(e, errno, "%s: cannot be made", to);
    }
    while (rc == ERR_OK && (n = read(in, data, sizeof data)) > 0)
        rc = file_write(out, data, (size_t)n, to, e);
    if (rc == ERR_OK && n == -1)
        rc = err_sys(e, errno, "%s: cannot be read", from);
    if (in != -1)
        (void)close(in);
    if (out != -1)
        (void)close(out);
    return rc;
}
