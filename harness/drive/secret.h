/* secret - what a credential refers to, read when it is needed and written nowhere.
 *
 * Errors: ERR_USAGE when there is none, it is empty, too long, or holds what a header cannot; the
 *         text never tells what was read.
 */
#ifndef HARNESS_DRIVE_SECRET_H
#define HARNESS_DRIVE_SECRET_H

#include <stddef.h>

#include "harness/plan/plan.h"

#define SECRET_BYTES 4096

/* Of the first stimulus that has one; out "" when none has. */
enum err_code secret_of_stimuli(const struct plan *p, char out[SECRET_BYTES], struct err *e);

#endif
