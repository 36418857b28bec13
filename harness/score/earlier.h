/* earlier - the outcomes of runs before, which enter the rules first.
 *
 * A run that goes on with others (plan_earlier) keeps their plans and records beside its own
 * evidence, as earlier/NONCE/plan.xml and earlier/NONCE/exchanges; where they are not there they
 * are looked for in the folder that the plan names. Both must have the digests that the plan names.
 * Readings are matched by row id, use case, leg, mode and class of devices, and must be judged by
 * the same rules and limits in both plans.
 * Every attempt that the earlier run wrote down counts, also one that its end cut: what was cut is
 * indeterminate, so it stands against a pass. An attempt of which the capture shows nothing is no
 * exception: the last that a killed capture held is lost with it, so that nothing tells whether the
 * attempt went out; and whoever could drop attempts by a kill could drop those that go badly.
 * Errors: ERR_EVIDENCE (another digest), ERR_DATA (not there, unusable, another rule), ERR_NOMEM.
 */
#ifndef HARNESS_EARLIER_H
#define HARNESS_EARLIER_H

#include "harness/score/criteria.h"
#include "harness/score/history.h"

#define EARLIER_TEXT_BYTES                                                                         \
    400 /* of what earlier runs brought to a target: "412 outcomes of run..." */

/* Whether two plans mean the same reading of a row, and judge it alike. */
bool earlier_same_row(const struct plan_row *x, const struct plan_row *y);
bool earlier_same_reading(const struct plan_variant *x, const struct plan_variant *y);
bool earlier_same_rules(const struct plan_variant *x, const struct plan_variant *y);
/* ERR_DATA that says so. */
enum err_code earlier_differs(const struct plan *now, const struct plan_row *row,
                              const struct plan_variant *v, const struct plan *then, struct err *e);

/* A run's records and where its outcomes go. */
struct earlier_run {
    const struct plan *plan;
    const char *exchanges;
    size_t *first; /* per row of the plan: index of its first variant */
    size_t n_target;
};

/* Counts its variants; first has room for n_row + 1. */
void earlier_index(struct earlier_run *run);

/* Feeds the outcomes to the criteria of their variants; NULL: not wanted. used_only: those that its
 * own rules used. n: how many each variant got, NULL not asked. */
enum err_code earlier_feed(const struct earlier_run *run, struct history *h,
                           struct criteria *const *of, bool used_only, uint64_t *n, struct err *e);

/* A file of the i-th earlier run of a plan: beside the capture, or in the folder it had. */
enum err_code earlier_file(const struct plan *plan, size_t i, const char *capture, const char *name,
                           char *out, size_t size, struct err *e);

struct earlier_sink {
    /* The criteria of a variant of the plan at hand. */
    struct criteria *(*target)(void *arg, uint32_t row, uint32_t variant);
    /* It got so many outcomes of a run. */
    void (*brought)(void *arg, uint32_t row, uint32_t variant, const char *nonce, uint64_t n);
    void *arg;
};

/* What they brought to a target, in words: a further run into text; and as a result tells it. */
void earlier_bring(char *text, size_t size, const char *nonce, uint64_t n);
const char *earlier_told(const char *text, const struct criteria *c, struct result *r,
                         bool *no_memory);

/* All earlier runs of a plan, verified and replayed; what the plan says is decided (no trials) is
 * closed then. capture: beside which they are. */
enum err_code earlier_replay(const struct plan *plan, const char *capture,
                             const struct earlier_sink *sink, struct err *e);

#endif
