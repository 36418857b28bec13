/* supervise - one live run: capture, equipment driver and judge as processes, from start to result.
 *
 * Evidence first: the capture is proved to record before the first trial and drained after the
 * last; whatever dies, what was captured stays and is scored.
 * Ownership: folder holds plan.xml already; the run leaves journal, capture.pcapng, exchanges,
 *            run.xml.
 * Errors:    ERR_SYS, ERR_USAGE (no such interface). A script or process that fails is told in
 *            run_end and on standard error; the result still stands for what was seen.
 */
#ifndef HARNESS_SUPERVISE_H
#define HARNESS_SUPERVISE_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/base/err.h"
#include "harness/plan/plan.h"

struct run_counts {
    uint64_t started, done, open; /* trials */
};

struct run_observer {
    /* Row `row` of the plan will not change any more; live_result holds it. */
    void (*row_final)(void *arg, uint32_t row, const char *verdict, const char *live_result);
    void (*progress)(void *arg, const struct run_counts *c);
    /* Something a person should read: a line of the driver, a process that died. */
    void (*note)(void *arg, const char *text);
    void *arg;
};

struct run_options {
    const struct plan *plan;
    const char *folder;
    bool arm;
    uint32_t calibrations; /* 0: a few, as before any run */
    const struct run_observer *observer;
};

struct run_end {
    bool interrupted;                               /* by a signal, in order */
    bool harness_fault;                             /* a process of ours failed */
    uint64_t frames, received, dropped, if_dropped; /* as the capture process counted */
    char stamps[80]; /* of the capture: whose they are, and how fine; "" it never began */
};

/* Installs handlers for SIGINT and SIGTERM for the time of the run. */
enum err_code run_supervise(const struct run_options *o, struct run_end *end, struct err *e);

/* Where a stored run's evidence is, PATH_MAX each. A file that the run did not come to make is
 * given as one that holds nothing. */
enum err_code run_evidence(const char *folder, char *capture, char *journal, struct err *e);

/* Runs gridassay-judge on stored files; the result lies in folder/run.xml. journal NULL: none. */
enum err_code run_judge(const char *plan, const char *capture, const char *journal,
                        const char *folder, struct err *e);

#endif
