/* words - how the plan's enums are written in plan.xml. For plan_read and plan_write only. */
#ifndef HARNESS_WORDS_H
#define HARNESS_WORDS_H

#include "harness/plan/plan.h"

extern const char *const plan_role_word[PLAN_ROLE_COUNT];
extern const char *const plan_cause_word[PLAN_CAUSE_COUNT];
extern const char *const plan_proof_word[PLAN_PROOF_COUNT];
extern const char *const plan_scored_word[PLAN_SCORED_COUNT];
extern const char *const plan_kind_word[ENVELOPE_KIND_COUNT];

#endif
