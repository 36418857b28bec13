/* outfile - a file of records that only grows, and never by half a record for long.
 *
 * Records are made in a buffer and reach the file together on outfile_flush, in one write where the
 * system allows. When the disk is full the file is cut back to the last whole record that fitted,
 * and stays so: every later call gives the same ERR_SYS.
 * Ownership: outfile_close frees; a record's room is the caller's until the next call.
 */
#ifndef HARNESS_OUTFILE_H
#define HARNESS_OUTFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/err.h"

/* The whole length of the record that starts here. */
typedef size_t outfile_record_fn(const uint8_t *record);

struct outfile {
    char *path;
    int fd;
    outfile_record_fn *record_bytes;
    uint8_t *buf;
    size_t len, cap;
    uint64_t flushed; /* bytes in the file, whole records */
    int failed_errno; /* 0: none yet */
};

/* Makes or empties path. */
enum err_code outfile_create(const char *path, size_t buffer_bytes, outfile_record_fn *record_bytes,
                             struct outfile *o, struct err *e);
/* Room for one whole record of n bytes, all of which the caller fills. */
enum err_code outfile_record(struct outfile *o, size_t n, uint8_t **room, struct err *e);
enum err_code outfile_flush(struct outfile *o, struct err *e);
/* Flushes, syncs and closes; o is released also on an error. */
enum err_code outfile_close(struct outfile *o, struct err *e);

#endif
