/* infile - a file of records read through a large buffer, also while somebody still appends to it.
 *
 * infile_need asks for so many bytes in a row; infile_data points at them; infile_skip goes on.
 * Ownership: infile_close frees; bytes at infile_data are borrowed until the next infile_need that
 *            has to read. infile_memory borrows its bytes for its whole life.
 * Errors:    infile_open ERR_DATA (missing, a folder, not readable); infile_need ERR_AGAIN
 * (following, fewer bytes so far), ERR_CLOSED (the file ends before), ERR_SYS, ERR_NOMEM.
 */
#ifndef HARNESS_INFILE_H
#define HARNESS_INFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/err.h"

struct infile {
    char *path;
    int fd; /* -1: memory */
    bool follow;
    uint8_t *buf; /* NULL: memory */
    size_t cap;
    const uint8_t *data; /* the next byte */
    size_t left;         /* bytes at data */
    uint64_t offset;     /* of data[0] in the file */
};

enum err_code infile_open(const char *path, bool follow, size_t buffer_bytes, struct infile *f,
                          struct err *e);
/* The same reading over bytes in memory; name stands for the path in messages. */
enum err_code infile_memory(const char *name, const void *data, size_t len, struct infile *f,
                            struct err *e);
enum err_code infile_fill(struct infile *f, size_t n, struct err *e);
/* No more bytes will come: ERR_AGAIN turns into ERR_CLOSED. */
void infile_finish(struct infile *f);
void infile_close(struct infile *f);

static inline enum err_code infile_need(struct infile *f, size_t n, struct err *e)
{
    return f->left >= n ? ERR_OK : infile_fill(f, n, e);
}

/* n bytes are done with; n <= left. */
static inline void infile_skip(struct infile *f, size_t n)
{
    f->data += n;
    f->left -= n;
    f->offset += n;
}

#endif
