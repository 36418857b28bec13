/* codec - journal records to bytes and back. The bytes are laid out in harness/journal/README.md.
 *
 * Ownership: a decoded record's strings point into the bytes it was decoded from.
 */
#ifndef HARNESS_CODEC_H
#define HARNESS_CODEC_H

#include <stddef.h>

#include "harness/journal/journal.h"

#define JOURNAL_PREFIX_BYTES 8 /* length and crc */
#define JOURNAL_HEAD_BYTES 24  /* type, version, sequence, real_ns, mono_ns */
#define JOURNAL_VERSION 1

/* One whole record into out; *len bytes used. ERR_LIMIT when it does not fit into size bytes or a
 * string is too long; ERR_USAGE for an unknown type or too many expectations. */
enum err_code journal_encode(const struct journal_record *r, uint8_t *out, size_t size, size_t *len,
                             struct err *e);

/* What follows the prefix, its crc checked already. False with why (a static sentence part). */
bool journal_decode(const uint8_t *data, size_t len, struct journal_record *r, const char **why);

/* "ATTEMPT"; never NULL. */
const char *journal_type_name(enum journal_type type);

#endif
