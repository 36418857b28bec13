#include "harness/plan/plan.h"

#include <stdlib.h>

#include "harness/plan/words.h"

const char *const plan_role_word[PLAN_ROLE_COUNT] = {
    [PLAN_NOT_APPLICABLE] = "not-applicable",
    [PLAN_TO_EUT] = "to",
    [PLAN_FROM_EUT] = "from",
    [PLAN_THROUGH_EUT] = "through",
};

const char *const plan_cause_word[PLAN_CAUSE_COUNT] = {
    [PLAN_CAUSE_NONE] = "none",         [PLAN_CAUSE_COMMAND] = "command",
    [PLAN_CAUSE_STIMULUS] = "stimulus", [PLAN_CAUSE_OWN] = "own",
    [PLAN_CAUSE_FORWARD] = "forward",
};

const char *const plan_proof_word[PLAN_PROOF_COUNT] = {
    [PLAN_PROOF_NONE] = "none",
    [PLAN_PROOF_REPLY] = "reply",
    [PLAN_PROOF_READ_BACK] = "read-back",
};

const char *const plan_scored_word[PLAN_SCORED_COUNT] = {
    [PLAN_SCORED] = "yes",
    [PLAN_SCORED_NOT_APPLICABLE] = "not-applicable",
    [PLAN_SCORED_NOT_SCORABLE] = "not-scorable",
    [PLAN_SCORED_INFORMATION] = "information",
};

const char *const plan_kind_word[ENVELOPE_KIND_COUNT] = {
    [ENVELOPE_REQUEST] = "request",
    [ENVELOPE_RESPONSE] = "response",
    [ENVELOPE_EVENT] = "event",
};

void plan_free(struct plan *p)
{
    if (p == NULL)
        return;
    arena_release(&p->arena);
    free(p);
}
