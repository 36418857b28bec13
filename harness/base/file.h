/* file - what the standard library leaves to be written around files, once.
 *
 * Errors: as each says; texts name the path.
 */
#ifndef HARNESS_FILE_H
#define HARNESS_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "harness/base/err.h"

/* "folder/name". ERR_USAGE when that is too long. */
enum err_code file_in(char out[PATH_MAX], const char *folder, const char *name, struct err *e);

/* Both are there and are one file, by whatever names. */
bool file_same(const char *a, const char *b);

/* All of it, however often the system writes less or is interrupted. path is for the text alone.
 * ERR_SYS. */
enum err_code file_write(int fd, const void *data, size_t len, const char *path, struct err *e);

/* to is made or written over. ERR_SYS. */
enum err_code file_copy(const char *from, const char *to, struct err *e);

#endif
