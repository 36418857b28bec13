/* attempts - the table of attempts that are still open, and how each one ends.
 *
 * Fed with journal records, sightings and connection events in evidence order; each judged attempt
 * comes out once, as an outcome with one cause, through handlers->resolved. Time is evidence time
 * only. Memory is that of the open attempts and the trials they belong to.
 *
 * An attempt of a run of ours opens with its ATTEMPT record. In a capture without a journal each
 * command seen going to the equipment opens one on the first row of its payload, with its reply's;
 * each event seen coming from the equipment is one, with nothing to tell what was lost.
 *
 * Messages of ours (SEND, ANSWER) are found by their id: a request, the HTTP answer to a request
 * of the equipment, or a POST. They are proved by a declared answer or a read-back. Answers (REPLY)
 * are found by the id they answer, each destination by its address, each of many devices by its
 * identity; messages of the equipment's own (EVENT) by payload, identity and address; what it
 * forwards (THROUGH) by content, identity and address.
 *
 * It resolves: a message of ours when its proof of consumption is there; an answer, event or what
 * is forwarded when it has arrived and copies were looked for (linger_ns); either when nothing can
 * come any more; at its origin + give_up_ns; or, cut, when the evidence ends. An outcome is handed
 * on once everything that disturbed its time is known (disturb.h).
 * Ownership: attempts_free frees all; the plan and the handlers' objects are borrowed.
 * Errors:    ERR_NOMEM, ERR_LIMIT (LIMIT_OPEN_ATTEMPTS).
 */
#ifndef HARNESS_ATTEMPTS_H
#define HARNESS_ATTEMPTS_H

#include "harness/exchange/sighting.h"
#include "harness/journal/journal.h"
#include "harness/plan/plan.h"
#include "harness/score/deployment.h"
#include "harness/score/disturb.h"
#include "harness/score/outcome.h"

#define ATTEMPTS_NO_TRIAL UINT32_MAX /* scenario of trials made from a foreign capture */

struct attempts;

/* Trials in the order of their planned start; see outcomes.h, which is behind these. */
struct attempts_handlers {
    void (*trial)(void *arg, uint32_t scenario, uint32_t kase, uint32_t trial);
    void (*opened)(void *arg, uint32_t scenario, uint32_t kase, uint32_t trial, uint32_t row,
                   uint32_t variant);
    void (*resolved)(void *arg, const struct outcome *o);
    void (*trial_end)(void *arg, uint32_t scenario, uint32_t kase, uint32_t trial);
    /* A calibration exchange: what the harness itself needs, and the tap sees. */
    void (*calibrated)(void *arg, int64_t latency_ns);
    void *arg;
    void *calibrated_arg;
};

/* deployment: filled by the caller while it reads on; NULL: the real clock. */
enum err_code attempts_new(const struct plan *plan, bool driven, struct disturb *disturb,
                           const struct deployment *deployment,
                           const struct attempts_handlers *handlers, struct attempts **out,
                           struct err *e);
void attempts_free(struct attempts *a);
/* U of what is classified from now on; that of the plan before. */
void attempts_uncertainty(struct attempts *a, int64_t uncertainty_ns);

enum err_code attempts_journal(struct attempts *a, const struct journal_record *r, struct err *e);
/* For struct sighting_handlers: the token of a request. Faults wait for the next attempts_advance.
 */
uint64_t attempts_sighting(struct attempts *a, const struct sighting *s);
void attempts_connection(struct attempts *a, const struct connection_event *ev);

/* Evidence time has come to now: what has waited long enough resolves. */
enum err_code attempts_advance(struct attempts *a, int64_t now_ns, struct err *e);
/* No more evidence: all that is open resolves. */
enum err_code attempts_finish(struct attempts *a, int64_t now_ns, struct err *e);

size_t attempts_open(const struct attempts *a);
uint64_t attempts_resolved(const struct attempts *a);
/* Messages with a payload that belong to no open attempt. */
uint64_t attempts_unmatched(const struct attempts *a);

#endif
