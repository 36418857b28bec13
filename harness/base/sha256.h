/* sha256 - digests of files and bytes, as 64 lower-case hex digits (FIPS 180-4, by OpenSSL). */
#ifndef HARNESS_SHA256_H
#define HARNESS_SHA256_H

#include <stddef.h>

#include "harness/base/err.h"

#define SHA256_HEX_BYTES 65 /* with the closing 0 */

enum err_code sha256_bytes(const void *data, size_t len, char hex[SHA256_HEX_BYTES], struct err *e);
enum err_code sha256_file(const char *path, char hex[SHA256_HEX_BYTES], struct err *e);

#endif
