/* drive - runs the scenarios of a plan against the equipment, and writes down what it does.
 *
 * One libev loop, one coroutine a trial. Trials start open-loop at the plan's pace, each on a
 * device leased from its case; what a script sends or expects is in the journal before it goes out.
 * Nothing here knows a limit: verdicts are the judge's business, whose one word DECIDED comes back
 * by input. Ownership: drive_free frees everything, the Lua state included; plan and speaker are
 * borrowed. Errors:    drive_new ERR_SCRIPT, ERR_DATA, ERR_USAGE (power without arm), ERR_SYS (port
 * in use); drive_run ERR_SYS when the journal cannot be written, ERR_SCRIPT when a scenario's
 * script failed (the other scenarios have run). Time:      deadlines on the loop's monotonic clock;
 * planned times on the real clock.
 */
#ifndef HARNESS_DRIVE_H
#define HARNESS_DRIVE_H

#include <stdbool.h>

#include "harness/base/err.h"
#include "harness/plan/plan.h"
#include "harness/probe/speaker.h"

struct drive;

struct drive_options {
    const struct plan *plan;
    const struct speaker_ops *speaker;
    const char *journal;   /* path */
    const char *beat_file; /* NULL: BEAT lines on standard output instead */
    bool arm;              /* scenarios that switch power may run */
    uint32_t calibrations; /* exchanges with the responder; 0: a few, as before any run */
    void (*say)(void *arg, const char *line, bool may_drop); /* a line of standard output */
    void (*complain)(void *arg, const char *text);           /* a script's fault, a stimulus's */
    void *arg;
};

enum err_code drive_new(const struct drive_options *o, struct drive **out, struct err *e);
/* Until all is driven, or STOP came (by input or signal) and open trials have ended. */
enum err_code drive_run(struct drive *d, struct err *e);
void drive_free(struct drive *d);

#endif
