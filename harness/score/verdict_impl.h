/* verdict_impl - what the writers of verdicts share. Private to verdict*.c. */
#ifndef HARNESS_VERDICT_IMPL_H
#define HARNESS_VERDICT_IMPL_H

#include "harness/score/criteria.h"

struct writer {
    const struct criteria *c;
    const struct criteria_context *x;
    struct arena *arena;
    bool no_memory;
};

/* Text in the result's arena; "" and no_memory without memory. */
const char *verdict_say(struct writer *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
struct result_criterion verdict_blank(enum criterion_kind kind);
void verdict_without(struct result_criterion *r, enum no_verdict status, const char *reason);
/* Why a criterion has no verdict, for reasons that all share; false when it can have one. */
bool verdict_excused(struct writer *w, struct result_criterion *r, enum plan_scored scored,
                     const char *why);

/* "6 late, 1 lost", in the order of the causes, from the used outcomes; or the indeterminate. */
const char *verdict_causes(struct writer *w, bool unsure);

/* verdict_rule.c: the sample that decides, its interval and its verdict, with a reason. what:
 * "successful", "in time"... */
void verdict_by_rule(struct writer *w, struct result_criterion *r, const struct judgement *j,
                     int64_t ratio_ppb, const char *what);

/* verdict_time.c */
struct result_criterion verdict_window(struct writer *w);
struct result_criterion verdict_rate(struct writer *w);
struct result_criterion verdict_confidentiality(struct writer *w);

#endif
