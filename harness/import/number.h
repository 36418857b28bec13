/* number - a number of a workbook as the text that a person would have typed.
 *
 * The format decides what it is (a number, a share, a date, a time) and what stands around it
 * ("> "0.0%); the value is never rounded to the format's digits, a limit must not change by looks.
 * Errors:    ERR_NOMEM, ERR_LIMIT.
 * Time:      dates and times have no zone; serial days since 1899-12-30, or 1904-01-01.
 * Spec:      ECMA-376 part 1, 18.8.30 and 18.17.4.
 */
#ifndef HARNESS_NUMBER_H
#define HARNESS_NUMBER_H

#include <stdbool.h>

#include "harness/base/buf.h"

/* The format of a built-in id, "General" for those that this does not know. */
const char *number_builtin(long id);
enum err_code number_write(const char *format, double value, bool since_1904, struct buf *out,
                           struct err *e);

#endif
