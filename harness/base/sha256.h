/* sha256 - digests of files and bytes, as 64 lower-case hex digits (FIPS 180-4, by OpenSSL). */
#ifndef HARNESS_SHA256_H
#define HARNESS_SHA256_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/err.h"

#define SHA256_HEX_BYTES 65 /* with the closing 0 */

enum err_code sha256_bytes(const void *data, size_t len, char hex[SHA256_HEX_BYTES], struct err *e);
enum err_code sha256_file(const char *path, char hex[SHA256_HEX_BYTES], struct err *e);

/* In pieces: NULL without memory; sha256_end also frees, hex may be NULL. False: it failed. */
struct sha256;
struct sha256 *sha256_begin(void);
bool sha256_add(struct sha256 *s, const void *data, size_t len);
bool sha256_end(struct sha256 *s, char hex[SHA256_HEX_BYTES]);

#endif
