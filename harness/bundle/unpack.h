/* unpack - a zip from anywhere into a folder of our own, or not at all.
 *
 * Nothing is written outside the folder: names are relative, of plain characters, without "..",
 * each once and none the folder of another; only plain files. Count, sizes and the ratio of packed
 * to unpacked bytes have ceilings (base/limits.h), which hold for what is really unpacked, not for
 * what the zip says of itself.
 * Errors:    ERR_EVIDENCE when the zip breaks any of this, is cut, or a checksum does not agree;
 *            the text names zip and entry. ERR_USAGE when there is no such file. ERR_SYS when the
 *            folder takes no more.
 */
#ifndef HARNESS_UNPACK_H
#define HARNESS_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"

struct unpacked {
    struct arena arena;
    const char **name; /* in byte order */
    size_t n;
};

/* folder exists and is empty. What was unpacked before a fault stays in it. */
enum err_code unpack(const char *zip, const char *folder, struct unpacked *out, struct err *e);
void unpack_release(struct unpacked *u);

/* Whether an entry may have that name. */
bool unpack_name_good(const char *name);

#endif
