#include "harness/base/buf.h"
#include "harness/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max};
}

void buf_release(struct buf *b)
{
    free(b->data);
    b->data = NULL;
    b->len = b->cap = 0;
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    if (b->data != NULL)
        b->data[0] = '\0';
}

enum err_code buf_reserve(struct buf *b, size_t n, struct err *e)
{
    if (n > b->max || b->len > b->max - n)
        return err_set(e, ERR_LIMIT, "buffer would pass its ceiling of %zu bytes", b->max);
    size_t need = b->len + n + 1;
    if (need <= b->cap)
        return ERR_OK;
    size_t cap = b->cap < 64 ? 64 : b->cap;
    while (cap < need)
        cap *= 2;
    char *data = realloc(b->data, cap);
    if (data == NULL)
        return err_set(e, ERR_NOMEM, "no memory for a buffer of %zu bytes", cap);
    b->data = data;
    b->cap = cap;
    b->data[b->len] = '\0';
    return ERR_OK;
}

enum err_code buf_append(struct buf *b, const void *data, size_t len, struct err *e)
{
    enum err_code rc = buf_reserve(b, len, e);
    if (rc != ERR_OK)
        return rc;
    if (len > 0)
        memcpy(b->data + b->len, data, len);
    b->len += len;
    b->data[b->len] = '\0';
    return ERR_OK;
}

enum err_code buf_puts(struct buf *b, const char *text, struct err *e)
{
    return buf_append(b, text, strlen(text), e);
}

enum err_code buf_printf(struct buf *b, struct err *e, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return err_set(e, ERR_SYS, "formatting \"%s\" failed", fmt);
    enum err_code rc = buf_reserve(b, (size_t)n, e);
    if (rc != ERR_OK)
        return rc;
    va_start(ap, fmt);
    (void)vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->len += (size_t)n;
    return ERR_OK;
}

void buf_consume(struct buf *b, size_t n)
{
    if (n >= b->len) {
        buf_reset(b);
        return;
    }
    memmove(b->data, b->data + n, b->len - n + 1);
    b->len -= n;
}

enum err_code buf_read_file(struct buf *b, const char *path, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return err_set(e, ERR_DATA, "%s: cannot be opened: %s", path, strerror(errno));
    enum err_code rc = ERR_OK;
    for (;;) {
        size_t room = b->max - b->len < 65536 ? b->max - b->len : 65536;
        char probe;
        if (room == 0) { /* full: one more byte tells whether the file ends here */
            ssize_t n = read(fd, &probe, 1);
            if (n != 0)
                rc = err_set(e, ERR_DATA, "%s: longer than the %zu bytes allowed", path, b->max);
            break;
        }
        rc = buf_reserve(b, room, e);
        if (rc != ERR_OK)
            break;
        ssize_t n = read(fd, b->data + b->len, room);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1) {
            rc = err_set(e, ERR_DATA, "%s: cannot be read: %s", path, strerror(errno));
            break;
        }
        if (n == 0)
            break;
        b->len += (size_t)n;
        b->data[b->len] = '\0';
    }
    (void)close(fd);
    return rc;
}

enum err_code buf_write_file(const char *path, const void *data, size_t len, struct err *e)
{
    char tmp[4096];
    int n = snprintf(tmp, sizeof tmp, "%s.part", path);
    if (n < 0 || (size_t)n >= sizeof tmp)
        return err_set(e, ERR_USAGE, "%s: path is too long", path);
    int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd == -1)
        return err_sys(e, errno, "%s: cannot be created", tmp);
    enum err_code rc = file_write(fd, data, len, tmp, e);
    if (rc != ERR_OK) {
        (void)close(fd);
        (void)unlink(tmp);
        return rc;
    }
    if (close(fd) == -1 || rename(tmp, path) == -1) {
        int saved = errno;
        (void)unlink(tmp);
        return err_sys(e, saved, "%s: cannot be put in place", path);
    }
    return ERR_OK;
}
