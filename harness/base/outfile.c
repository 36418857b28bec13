#include "harness/base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static void release(struct outfile *o)
{
    if (o->fd != -1)
        (void)close(o->fd);
    free(o->buf);
    free(o->path);
    *o = (struct outfile){.fd = -1};
}

enum err_code outfile_create(const char *path, size_t buffer_bytes, outfile_record_fn *record_bytes,
                             struct outfile *o, struct err *e)
{
    *o = (struct outfile){.fd = -1, .record_bytes = record_bytes};
    enum err_code rc;
    o->path = strdup(path);
    o->buf = malloc(buffer_bytes);
    if (o->path == NULL || o->buf == NULL) {
        rc = err_set(e, ERR_NOMEM, "%s: no memory to write it", path);
        goto fail;
    }
    o->cap = buffer_bytes;
    o->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (o->fd == -1) {
        rc = err_sys(e, errno, "%s: cannot be created", path);
        goto fail;
    }
    (void)flock(o->fd, LOCK_EX | LOCK_NB); /* for as long as this process writes, however it ends */
    return ERR_OK;
fail:
    release(o);
    return rc;
}

enum err_code outfile_record(struct outfile *o, size_t n, uint8_t **room, struct err *e)
{
    if (n > o->cap - o->len) {
        enum err_code rc = outfile_flush(o, e);
        if (rc != ERR_OK)
            return rc;
    }
    if (n > o->cap) {
        uint8_t *buf = realloc(o->buf, n);
        if (buf == NULL)
            return err_set(e, ERR_NOMEM, "%s: no memory for a record of %zu bytes", o->path, n);
        o->buf = buf;
        o->cap = n;
    }
    *room = o->buf + o->len;
    o->len += n;
    return ERR_OK;
}

/* How many of the first n bytes of the buffer are whole records. */
static size_t whole_records(const struct outfile *o, size_t n)
{
    size_t at = 0;
    while (at < n) {
        size_t bytes = o->record_bytes(o->buf + at);
        if (bytes > n - at)
            break;
        at += bytes;
    }
    return at;
}

static enum err_code failure(const struct outfile *o, struct err *e)
{
    return err_sys(e, o->failed_errno, "%s: cannot be written beyond byte %llu", o->path,
                   (unsigned long long)o->flushed);
}

enum err_code outfile_flush(struct outfile *o, struct err *e)
{
    if (o->failed_errno != 0)
        return failure(o, e);
    size_t done = 0;
    while (done < o->len) {
        ssize_t n = write(o->fd, o->buf + done, o->len - done);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1) {
            o->failed_errno = errno;
            done = whole_records(o, done);
            /* A failing truncation leaves a cut end, which every reader tells from the rest. */
            (void)!ftruncate(o->fd, (off_t)(o->flushed + done));
            break;
        }
        done += (size_t)n;
    }
    o->flushed += done;
    o->len = 0;
    return o->failed_errno == 0 ? ERR_OK : failure(o, e);
}

enum err_code outfile_close(struct outfile *o, struct err *e)
{
    enum err_code rc = outfile_flush(o, e);
    /* Not every file can be synced (a pipe, /dev/full): only a medium's own fault counts. */
    if (rc == ERR_OK && fsync(o->fd) == -1 && errno != EINVAL && errno != EROFS)
        rc = err_sys(e, errno, "%s: cannot be synced", o->path);
    if (close(o->fd) == -1 && rc == ERR_OK)
        rc = err_sys(e, errno, "%s: cannot be closed", o->path);
    o->fd = -1;
    release(o);
    return rc;
}
