/* trace_read - a trace from a file: ours, or what another simulator writes with the same columns.
 *
 * CSV with a heading (RFC 4180). Taken are time_s, row, reading and endpoint, in whatever order of
 * columns, and class where there is one; others are passed over. Payloads stand in order of time.
 * Ownership: trace_file_free frees everything.
 * Errors:    ERR_DATA with line and column of what does not fit, also above TRACE_FILE_MOST
 *            payloads, TRACE_FILE_KINDS different ones or a line above half of
 *            TRACE_FILE_LINE bytes.
 * Time:      nanoseconds from the first payload on.
 */
#ifndef HARNESS_TRACE_READ_H
#define HARNESS_TRACE_READ_H

#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"
#include "harness/base/sha256.h"

#define TRACE_FILE_MOST 4000000
#define TRACE_FILE_KINDS 4096
#define TRACE_FILE_LINE 4096
#define TRACE_FILE_BYTES (1024u * 1024 * 1024)

struct trace_file_kind { /* payloads of one reading, of devices of one class */
    const char *row, *reading, *device_class;
    uint64_t n;
};

struct trace_file_item {
    int64_t at_ns;
    uint32_t endpoint; /* from 1 */
    uint32_t kind;
};

struct trace_file {
    struct trace_file_item *item;
    size_t n, cap;
    struct trace_file_kind *kind;
    size_t n_kind;
    int64_t length_ns; /* from the first payload to the last */
    char digest[SHA256_HEX_BYTES];

    struct arena arena; /* private */
};

enum err_code trace_file_read(const char *path, struct trace_file **out, struct err *e);
/* The same of bytes in memory; name stands for the path in messages. No digest. */
enum err_code trace_file_parse(const char *name, const char *data, size_t len,
                               struct trace_file **out, struct err *e);
void trace_file_free(struct trace_file *f);

#endif
