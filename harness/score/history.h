/* history - a run out of its exchanges file: its attempts in the order in which they entered the
 * rules, and what verdicts lean on beside them.
 *
 * Behind the attempts stand context records of the same size, told by their row RECORDS_CONTEXT:
 * the time of the evidence, the settings of the deployment's clock, counts of how often, decisions
 * that were not found again. Files of before had none: then nothing of a kind is found.
 * Ownership: history_close frees all; what is given is borrowed until then.
 * Errors:    ERR_DATA (no such file, another one, cut), ERR_SYS, ERR_NOMEM.
 * Time:      CLOCK_REALTIME nanoseconds of the capture.
 */
#ifndef HARNESS_HISTORY_H
#define HARNESS_HISTORY_H

#include "harness/score/deployment.h"
#include "harness/score/outcome.h"
#include "harness/score/rate.h"
#include "harness/score/records.h"

enum history_context_kind { CONTEXT_RUN = 0, CONTEXT_CLOCK, CONTEXT_RATE, CONTEXT_MISMATCH };

struct history_context {
    uint32_t row; /* RECORDS_CONTEXT */
    uint32_t kind;
    uint32_t of_row, of_variant; /* rate, mismatch */
    /* run: first_ns, last_ns, dropped, driven, undated drop, complete, U and of
     *      how many calibration exchanges (0: declared)
     * clock: from_ns, shift_ns, factor
     * rate: originators, silent, periods, good, edge, bad, first and last frame, dropped
     * mismatch: outcomes that the journal says, whether the evidence decides, its outcomes */
    int64_t value[12];
};

_Static_assert(sizeof(struct history_context) == sizeof(struct exchange_record),
               "the exchanges file has records of one size");

struct history;

enum err_code history_open(const char *path, struct history **out, struct err *e);
void history_close(struct history *r);

/* The next attempt; *last: the last one of its row and variant in its trial. ERR_CLOSED at the end.
 */
enum err_code history_next(struct history *r, struct exchange_record *out, bool *last,
                           struct err *e);

/* The first of a kind about a target (0, 0 for those about none); NULL none. */
const struct history_context *history_find(const struct history *r, enum history_context_kind kind,
                                           uint32_t row, uint32_t variant);
/* The deployment's clock of that run; its zone is the caller's. */
void history_deployment(const struct history *r, struct deployment *out);
void history_rate(const struct history_context *c, struct rate_count *out);
/* In words. */
void history_mismatch(const struct history_context *c, char *out, size_t size);

#endif
