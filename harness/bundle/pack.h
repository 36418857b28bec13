/* pack - a zip of named files, the same bytes for the same files.
 *
 * Entries stand in the order given, deflated, dated 1980-01-01 (a zip knows no "undated"), as plain
 * files of mode 0644. Written to a temporary name and renamed, so no half zip is ever seen.
 * Ownership: what is borrowed until pack_close: the data of pack_bytes.
 * Errors:    ERR_USAGE when the zip exists already; ERR_DATA for a file that cannot be read;
 *            ERR_SYS; ERR_NOMEM.
 */
#ifndef HARNESS_PACK_H
#define HARNESS_PACK_H

#include <stddef.h>

#include "harness/base/err.h"

struct pack;

enum err_code pack_open(const char *path, struct pack **out, struct err *e);
enum err_code pack_file(struct pack *p, const char *name, const char *from, struct err *e);
enum err_code pack_bytes(struct pack *p, const char *name, const void *data, size_t len,
                         struct err *e);
/* Writes the zip. p is freed, also on an error. */
enum err_code pack_close(struct pack *p, struct err *e);
/* Gives up: no zip is left. NULL is fine. */
void pack_drop(struct pack *p);

#endif
