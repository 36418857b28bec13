/* folder - a run's folder: made, named, and described by its manifest.
 *
 * Errors: ERR_USAGE when it holds a run already and may not be replaced, ERR_SYS.
 */
#ifndef HARNESS_FOLDER_H
#define HARNESS_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/err.h"
#include "harness/plan/plan.h"
#include "harness/run/supervise.h"

/* "results/20261123-004512-5f3a9c21" from the clock and the plan's nonce. */
void folder_name(const struct plan *p, char *out, size_t size);

/* Makes the folder and its parents. A former run in it is an error; with replace its files go. */
enum err_code folder_make(const char *folder, bool replace, struct err *e);

/* Takes back what came of folder_make and of a judge that could not begin. */
void folder_undo(const char *folder);

/* manifest.xml: digests of the run's files, versions, facts of clock and capture (end NULL: no
 * capture of ours). */
enum err_code folder_manifest(const char *folder, const struct run_end *end, struct err *e);

#endif
