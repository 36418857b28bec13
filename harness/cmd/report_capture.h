/* report_capture - gridassay report --format pcapng: the annotated copy of a run's capture.
 *
 * Errors: ERR_USAGE when standard output is a terminal or the copy would take the place of the
 *         capture; those of annotate.h. A file that fails half-way is not left behind.
 */
#ifndef HARNESS_REPORT_CAPTURE_H
#define HARNESS_REPORT_CAPTURE_H

#include "harness/score/result.h"

/* folder: of the run, "" the working one; capture NULL: capture.pcapng there; output NULL: standard
 * output. */
enum err_code report_capture(const struct result *r, const char *folder, const char *capture,
                             const char *output, struct err *e);

#endif
