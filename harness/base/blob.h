/* blob - a file whose bytes are sent as they are: a vendor's image.
 *
 * Ownership: the caller's buffer holds it; its ceiling is LIMIT_IMAGE_BYTES.
 * Errors:    ERR_DATA with the path: missing, no plain file, empty, above the ceiling; ERR_NOMEM.
 */
#ifndef HARNESS_BLOB_H
#define HARNESS_BLOB_H

#include "harness/base/buf.h"
#include "harness/base/sha256.h"

/* Initialises out, which the caller releases also after an error. */
enum err_code blob_read(const char *path, struct buf *out, char digest[SHA256_HEX_BYTES],
                        struct err *e);

#endif
