#include "harness/plan/build_parts.h"

static void out(enum plan_scored *scored, const char **why, enum plan_scored word, const char *text)
{
    *scored = word;
    *why = text;
}

static void reliability(struct build *b, const struct build_leg *l, struct plan_variant *v)
{
    if (v->n_clause == 0)
        out(&v->scored_reliability, &v->why_reliability, PLAN_SCORED_NOT_SCORABLE,
            l->at.leg->why_reliability == NULL ? "no number of trials shows this ratio"
                                               : build_copy(b, l->at.leg->why_reliability));
}

static void latency(struct build *b, const struct build_leg *l, struct plan_variant *v)
{
    if (v->latency_strict_ns == -1)
        out(&v->scored_latency, &v->why_latency, PLAN_SCORED_NOT_SCORABLE,
            l->at.leg->why_latency == NULL ? "the row gives no latency"
                                           : build_copy(b, l->at.leg->why_latency));
    else if (v->latency_informative)
        out(&v->scored_latency, &v->why_latency, PLAN_SCORED_INFORMATION,
            "beside coverage clauses the latency is the expected window of delivery: information");
    else if (v->n_clause == 0)
        out(&v->scored_latency, &v->why_latency, PLAN_SCORED_NOT_SCORABLE,
            "the row gives no reliability that the share in time could be held to");
    else if (v->role == PLAN_FROM_EUT && v->cause == PLAN_CAUSE_NONE)
        out(&v->scored_latency, &v->why_latency, PLAN_SCORED_NOT_SCORABLE,
            "without a stimulus or a validated clock nobody knows when it was sent");
}

static void size(struct build *b, const struct build_leg *l, struct plan_variant *v)
{
    if (v->role == PLAN_THROUGH_EUT)
        out(&v->scored_size, &v->why_size, PLAN_SCORED_NOT_APPLICABLE,
            "the equipment passes on what another sized");
    else if (v->role != PLAN_FROM_EUT)
        out(&v->scored_size, &v->why_size, PLAN_SCORED_NOT_APPLICABLE,
            "the harness is the origin: its size says nothing about the equipment");
    else if (v->size_max_bytes == -1)
        out(&v->scored_size, &v->why_size, PLAN_SCORED_NOT_SCORABLE,
            l->at.leg->why_size == NULL ? "the row gives no size"
                                        : build_copy(b, l->at.leg->why_size));
    else if (b->profile->size_policy == SIZE_INFORMATION)
        out(&v->scored_size, &v->why_size, PLAN_SCORED_INFORMATION,
            "the document calls its size an estimate; the profile takes it as information");
}

static void window(struct build *b, const struct build_leg *l, struct plan_variant *v)
{
    if (v->role == PLAN_THROUGH_EUT)
        out(&v->scored_window, &v->why_window, PLAN_SCORED_NOT_APPLICABLE,
            "the equipment passes it on when another sends it");
    else if (v->role != PLAN_FROM_EUT)
        out(&v->scored_window, &v->why_window, PLAN_SCORED_NOT_APPLICABLE,
            "the harness is the origin and chooses the time");
    else if (v->window_always)
        out(&v->scored_window, &v->why_window, PLAN_SCORED_NOT_APPLICABLE,
            "24x7 does not discriminate");
    else if (v->n_window == 0)
        out(&v->scored_window, &v->why_window, PLAN_SCORED_NOT_SCORABLE,
            l->at.leg->why_window == NULL ? "the row gives no daily window"
                                          : build_copy(b, l->at.leg->why_window));
    else if (l->at.leg->trigger == TRIGGER_COMMAND)
        out(&v->scored_window, &v->why_window, PLAN_SCORED_NOT_APPLICABLE,
            "an answer inherits the time of its command");
    else if (v->cause == PLAN_CAUSE_STIMULUS)
        out(&v->scored_window, &v->why_window, PLAN_SCORED_NOT_APPLICABLE,
            "the harness provoked it: the equipment did not choose the time");
    v->window_judged = v->scored_window == PLAN_SCORED;
}

void build_criteria(struct build *b, const struct build_row *row, const struct build_leg *l,
                    struct plan_variant *v)
{
    (void)row;
    reliability(b, l, v);
    latency(b, l, v);
    size(b, l, v);
    window(b, l, v);
}
