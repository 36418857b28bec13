#include "harness/base/infile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum err_code infile_open(const char *path, bool follow, size_t buffer_bytes, struct infile *f,
                          struct err *e)
{
    *f = (struct infile){.fd = -1, .follow = follow};
    enum err_code rc;
    f->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (f->fd == -1) {
        rc = err_set(e, ERR_DATA, "%s: cannot be opened: %s", path, strerror(errno));
        goto fail;
    }
    struct stat st;
    if (fstat(f->fd, &st) == -1 || S_ISDIR(st.st_mode)) {
        rc = err_set(e, ERR_DATA, "%s: is a folder, a file was expected", path);
        goto fail;
    }
    f->path = strdup(path);
    f->buf = malloc(buffer_bytes);
    if (f->path == NULL || f->buf == NULL) {
        rc = err_set(e, ERR_NOMEM, "%s: no memory to read it", path);
        goto fail;
    }
    f->cap = buffer_bytes;
    f->data = f->buf;
    return ERR_OK;
fail:
    infile_close(f);
    return rc;
}

enum err_code infile_memory(const char *name, const void *data, size_t len, struct infile *f,
                            struct err *e)
{
    *f = (struct infile){.fd = -1, .data = data, .left = len};
    f->path = strdup(name);
    return f->path == NULL ? err_set(e, ERR_NOMEM, "%s: no memory to read it", name) : ERR_OK;
}

/* Room for n bytes from the start of the buffer, with what is left moved there. */
static enum err_code make_room(struct infile *f, size_t n, struct err *e)
{
    if (f->left > 0)
        memmove(f->buf, f->data, f->left);
    f->data = f->buf;
    if (n <= f->cap)
        return ERR_OK;
    uint8_t *buf = realloc(f->buf, n);
    if (buf == NULL)
        return err_set(e, ERR_NOMEM, "%s: no memory for %zu bytes", f->path, n);
    f->buf = buf;
    f->data = buf;
    f->cap = n;
    return ERR_OK;
}

enum err_code infile_fill(struct infile *f, size_t n, struct err *e)
{
    if (f->fd != -1) {
        if (n > f->cap - (size_t)(f->data - f->buf)) {
            enum err_code rc = make_room(f, n, e);
            if (rc != ERR_OK)
                return rc;
        }
        while (f->left < n) {
            size_t used = (size_t)(f->data - f->buf) + f->left;
            ssize_t got = read(f->fd, f->buf + used, f->cap - used);
            if (got == -1 && errno == EINTR)
                continue;
            if (got == -1)
                return err_sys(e, errno, "%s: cannot be read at byte %llu", f->path,
                               (unsigned long long)(f->offset + f->left));
            if (got == 0)
                break;
            f->left += (size_t)got;
        }
    }
    if (f->left >= n)
        return ERR_OK;
    return f->follow ? ERR_AGAIN : ERR_CLOSED;
}

void infile_finish(struct infile *f)
{
    struct stat st;
    f->follow = false;
    /* A writer whose disk was full has cut off the record that it could not finish. */
    if (f->fd != -1 && fstat(f->fd, &st) == 0 && st.st_size >= 0 &&
        (uint64_t)st.st_size < f->offset + f->left)
        f->left = (uint64_t)st.st_size > f->offset ? (size_t)((uint64_t)st.st_size - f->offset) : 0;
}

void infile_close(struct infile *f)
{
    if (f->fd != -1)
        (void)close(f->fd);
    free(f->buf);
    free(f->path);
    *f = (struct infile){.fd = -1};
}
