/* judge - from plan, journal and capture to run.xml: verdict = f(plan, journal, capture), nothing
 * else.
 *
 * Live and later it reads the same two files through the same merge, so that both give the same
 * result, byte for byte, wherever the files lie and whenever they are read.
 * Call order: judge_new, judge_step until ERR_CLOSED (ERR_AGAIN: nothing to read yet),
 * judge_finish, judge_free. Ownership: judge_free frees all; the plan is borrowed. Errors: ERR_DATA
 * (unusable input), ERR_SYS, ERR_NOMEM, ERR_LIMIT.
 */
#ifndef HARNESS_JUDGE_H
#define HARNESS_JUDGE_H

#include "harness/plan/plan.h"
#include "harness/score/result.h"

struct judge;

struct judge_options {
    const char *capture, *journal; /* journal NULL: a foreign capture */
    const char *exchanges;         /* where the records go */
    bool follow;
};

/* Told while it reads, in evidence order; any may be NULL. */
struct judge_observer {
    void (*decided)(void *arg, uint32_t row, uint32_t variant, uint64_t used);
    void (*row_final)(void *arg, uint32_t row);
    void *arg;
};

enum err_code judge_new(const struct plan *plan, const struct judge_options *o,
                        const struct judge_observer *observer, struct judge **out, struct err *e);
void judge_free(struct judge *j);

/* Takes at most so many items. ERR_OK: there may be more. */
enum err_code judge_step(struct judge *j, unsigned items, struct err *e);
/* Both files are complete now. */
void judge_complete(struct judge *j);
/* After ERR_CLOSED: resolves what is open and gives the exchanges file its name. */
enum err_code judge_finish(struct judge *j, struct err *e);

/* The result as it stands; percentiles are exact after judge_finish. Free with result_free. */
enum err_code judge_result(struct judge *j, struct result **out, struct err *e);

/* Whether row_final was told of a row. */
bool judge_row_told(const struct judge *j, uint32_t row);

struct judge_progress {
    uint64_t resolved, open;
    int64_t evidence_ns;
};
struct judge_progress judge_progress(const struct judge *j);

#endif
