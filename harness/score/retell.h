/* retell - what one run came to, out of its records: the judge's own result, without capture.
 *
 * As the judge does it: the outcomes of earlier runs that the plan goes on with first, then the
 * run's own. Whatever only capture and journal tell is left at zero: counts of frames, flows and
 * messages, retransmissions, gaps, stalls, steps, calibration; how the run ended is "". Examples
 * have no correlation, device and note.
 * Ownership: the result is result_free's; the plan is borrowed until then.
 * Errors:    ERR_DATA (unusable records, an earlier run that is not there or was judged by
 *            another rule), ERR_EVIDENCE (an earlier run with another digest than the plan says),
 *            ERR_NOMEM.
 */
#ifndef HARNESS_RETELL_H
#define HARNESS_RETELL_H

#include "harness/plan/plan.h"
#include "harness/score/result.h"

/* exchanges: the path of the run's records; earlier ones lie beside it, as earlier.h says. */
enum err_code retell(const struct plan *p, const char *exchanges, struct result **out,
                     struct err *e);

#endif
