/* scratch - a folder of our own for the time of a command, which nobody else can look into.
 *
 * Errors: ERR_SYS when it cannot be made.
 */
#ifndef HARNESS_SCRATCH_H
#define HARNESS_SCRATCH_H

#include <limits.h>

#include "harness/base/err.h"

/* In TMPDIR, or /tmp. */
enum err_code scratch_make(const char *purpose, char out[PATH_MAX], struct err *e);
/* With all that is in it. */
void scratch_remove(const char *folder);

#endif
