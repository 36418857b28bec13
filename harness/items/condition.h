/* condition - the expressions of conditional items: ids with AND, OR, NOT and brackets.
 *
 * Evaluated in three values: what an unset answer leaves open stays open, unless the rest decides.
 * Ownership: borrows the text.
 * Errors:    ERR_DATA with the column and what was expected there; ERR_LIMIT where it nests too
 *            deep.
 * Spec:      ISO/IEC 9646-7 (conditional status)
 */
#ifndef HARNESS_CONDITION_H
#define HARNESS_CONDITION_H

#include <stddef.h>

#include "harness/base/err.h"

#define CONDITION_DEPTH 16

enum condition_value { CONDITION_NO = 0, CONDITION_YES, CONDITION_OPEN };

/* The value of an id, which is not ended by a 0. */
typedef enum condition_value condition_fn(void *arg, const char *id, size_t len);

enum err_code condition_value(const char *text, condition_fn *of, void *arg,
                              enum condition_value *out, struct err *e);

#endif
