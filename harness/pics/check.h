/* check - a statement held against its item list and against itself.
 *
 * Ownership: borrows all but the report.
 * Errors:    ERR_NOMEM; what is wrong with the statement are messages.
 * Spec:      ISO/IEC 9646-7; 4.20.2 of the SG-Network specification (no cherry-picking)
 */
#ifndef HARNESS_PICS_CHECK_H
#define HARNESS_PICS_CHECK_H

#include "harness/items/items.h"
#include "harness/pics/message.h"

enum err_code pics_check(const struct table *t, const struct statement *s,
                         const struct items *items, struct pics_report *out, struct err *e);

/* Of a statement in a file, against a table in a file (NULL: the specification's): all at once. One
 * that does not load is the message 1 of the report. */
enum err_code pics_check_file(const char *statement, const char *table, struct pics_report *out,
                              struct err *e);

/* For pics_check: all that is not about items. */
void pics_check_rest(const struct table *t, const struct statement *s, struct pics_report *r);

#endif
