/* differ - where two files that should be the same first are not, in words.
 *
 * Errors: ERR_EVIDENCE when they differ (the text says where), ERR_SYS, ERR_NOMEM.
 */
#ifndef HARNESS_DIFFER_H
#define HARNESS_DIFFER_H

#include <stddef.h>

#include "harness/base/err.h"

/* Two texts with one element a line, such as run.xml: line, row, criterion and both readings. name
 * is what the file is called in the message. */
enum err_code differ_text(const char *name, const char *bundled, const char *again, struct err *e);
/* The same over bytes in memory. */
enum err_code differ_bytes(const char *name, const char *bundled, size_t n, const char *again,
                           size_t m, struct err *e);
/* Two files of exchange records: the number of the record. */
enum err_code differ_records(const char *name, const char *bundled, const char *again,
                             struct err *e);

#endif
