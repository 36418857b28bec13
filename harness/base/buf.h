/* buf - growable byte buffer with a hard ceiling.
 *
 * data is NULL only before the first append; otherwise data[len] is a 0 byte that does not count.
 * Ownership: the buffer owns data; buf_release frees it.
 * Errors:    ERR_LIMIT above the ceiling, ERR_NOMEM; the contents stay as they were.
 */
#ifndef HARNESS_BUF_H
#define HARNESS_BUF_H

#include <stddef.h>

#include "harness/base/err.h"

struct buf {
    char *data;
    size_t len; /* bytes in use */
    size_t cap; /* bytes allocated */
    size_t max; /* ceiling for len */
};

void buf_init(struct buf *b, size_t max);
void buf_release(struct buf *b);
void buf_reset(struct buf *b); /* empty, memory kept */

enum err_code buf_append(struct buf *b, const void *data, size_t len, struct err *e);
enum err_code buf_puts(struct buf *b, const char *text, struct err *e);
enum err_code buf_printf(struct buf *b, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Drops the first n bytes (n <= len). */
void buf_consume(struct buf *b, size_t n);
/* Makes room for n more bytes at data + len, for reading into; len is the caller's to raise. */
enum err_code buf_reserve(struct buf *b, size_t n, struct err *e);

/* Reads a whole file, at most b->max bytes. ERR_DATA with the path when missing or too long. */
enum err_code buf_read_file(struct buf *b, const char *path, struct err *e);
/* Writes data to path through a temporary name and rename, so no half file is ever seen. */
enum err_code buf_write_file(const char *path, const void *data, size_t len, struct err *e);

#endif
