/* annotate - a copy of a run's capture whose packets say which exchange they belong to.
 *
 * The first and the last packet of each judged exchange carry a comment, as Wireshark shows them:
 * row, reading, trial, cause, latency, and what the verdicts on its criteria are. The capture
 * itself is only read. Memory does not grow with either file.
 * Errors:    those of capcopy.h and records.h; ERR_EVIDENCE when the capture is not the one that
 *            the result was made of.
 */
#ifndef HARNESS_ANNOTATE_H
#define HARNESS_ANNOTATE_H

#include "harness/evidence/capcopy.h"
#include "harness/score/result.h"

#define ANNOTATE_MOST 16 /* exchanges told at one packet: a broadcast belongs to thousands */

/* to: open for writing, its name for messages. */
enum err_code annotate(const struct result *r, const char *capture, const char *exchanges, int to,
                       const char *to_name, struct capcopy_counts *counts, struct err *e);

#endif
