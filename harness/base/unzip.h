/* unzip - the entries of a zip from anywhere, within ceilings.
 *
 * Looks at each entry before it is unpacked (plain, not encrypted, deflated or stored, not too
 * large, no bomb) and again while: what is really unpacked is held to what was said.
 * Ownership: unzip_close frees; names are borrowed until then.
 * Errors:    the code given to unzip_open for a zip that is damaged or breaks a ceiling, with path
 *            and entry; ERR_USAGE when there is no such file; ERR_NOMEM; what the taker returns.
 */
#ifndef HARNESS_UNZIP_H
#define HARNESS_UNZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/err.h"

struct unzip_limits {
    uint64_t files, bytes; /* bytes: unpacked, all entries together that are looked at */
    uint64_t ratio;        /* unpacked to packed, of one entry of more than ratio_from_bytes */
    uint64_t ratio_from_bytes;
};

struct unzip {
    const char *path;
    struct unzip_limits limits;
    enum err_code fault; /* the code that a bad zip is told with */
    void *zip;
    uint64_t n, total;
};

struct unzip_entry {
    uint64_t index, bytes; /* bytes: unpacked */
    const char *name;
};

typedef enum err_code unzip_take_fn(void *arg, const void *data, size_t len, struct err *e);

enum err_code unzip_open(const char *path, const struct unzip_limits *limits, enum err_code fault,
                         struct unzip *u, struct err *e);
void unzip_close(struct unzip *u);

/* The name of entry index, NULL when it has none. */
const char *unzip_name(const struct unzip *u, uint64_t index);
/* What the zip says of an entry, checked; its bytes count from now on. */
enum err_code unzip_look(struct unzip *u, uint64_t index, struct unzip_entry *out, struct err *e);
/* Its bytes, piece by piece. */
enum err_code unzip_read(struct unzip *u, const struct unzip_entry *entry, unzip_take_fn *take,
                         void *arg, struct err *e);

#endif
