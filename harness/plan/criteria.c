#include <string.h>

#include "harness/plan/build_parts.h"

static void out(enum plan_scored *scored, const char **why, enum plan_scored word, const char *text)
{
    *scored = word;
    *why = text;
}

/* The reason of the first kind that there is. */
static const char *first_of(const char *one, const char *other, const char *last)
{
    return one != NULL ? one : other != NULL ? other : last;
}

static void reliability(struct build *b, const struct table_row *row, const struct table_leg *leg,
                        struct plan_variant *v)
{
    if (v->observed)
        out(&v->scored_reliability, &v->why_reliability, PLAN_SCORED_NOT_APPLICABLE,
            "nothing announces it: a loss shows as a rate too low");
    else if (v->n_clause == 0)
        out(&v->scored_reliability, &v->why_reliability, PLAN_SCORED_NOT_SCORABLE,
            first_of(build_missing(b, row, leg, CELL_RELIABILITY),
                     build_copy(b, leg->why_reliability), "no number of trials shows this ratio"));
}

static void latency(struct build *b, const struct table_row *row, const struct table_leg *leg,
                    struct plan_variant *v)
{
    enum plan_scored *scored = &v->scored_latency;
    const char **why = &v->why_latency;
    bool overlaid = build_overlay(b, row, OVERLAY_LATENCY) != -1;
    if (v->observed)
        out(scored, why, PLAN_SCORED_NOT_APPLICABLE, "nothing announces when it is due");
    else if (v->latency_strict_ns == -1)
        out(scored, why, PLAN_SCORED_NOT_SCORABLE,
            first_of(build_missing(b, row, leg, CELL_LATENCY), build_copy(b, leg->why_latency),
                     "the row gives no latency"));
    else if (leg->latency_per > 1 && !overlaid && b->profile->extrapolation == NULL)
        out(scored, why, PLAN_SCORED_NOT_SCORABLE,
            build_text(b,
                       "the limit is one for %lld together, and the profile declares no "
                       "extrapolation to fewer",
                       (long long)leg->latency_per));
    else if (v->cause == PLAN_CAUSE_OWN)
        out(scored, why, PLAN_SCORED_NOT_APPLICABLE,
            "over a day the equipment picks the time; latency is judged after a stimulus");
    else if (v->latency_informative)
        out(scored, why, PLAN_SCORED_INFORMATION,
            "beside coverage clauses the latency is the expected window of delivery: information");
    else if (v->n_clause == 0)
        out(scored, why, PLAN_SCORED_NOT_SCORABLE,
            "the row gives no reliability that the share in time could be held to");
    else if (v->role == PLAN_FROM_EUT && v->cause == PLAN_CAUSE_NONE)
        out(scored, why, PLAN_SCORED_NOT_SCORABLE,
            "without a stimulus or a validated clock nobody knows when it was sent");
}

static void size(struct build *b, const struct table_row *row, const struct table_leg *leg,
                 struct plan_variant *v)
{
    enum plan_scored *scored = &v->scored_size;
    const char **why = &v->why_size;
    if (v->role == PLAN_THROUGH_EUT)
        out(scored, why, PLAN_SCORED_NOT_APPLICABLE, "the equipment passes on what another sized");
    else if (v->role != PLAN_FROM_EUT)
        out(scored, why, PLAN_SCORED_NOT_APPLICABLE,
            "the harness is the origin: its size says nothing about the equipment");
    else if (v->size_max_bytes == -1)
        out(scored, why, PLAN_SCORED_NOT_SCORABLE,
            first_of(build_missing(b, row, leg, CELL_SIZE), build_copy(b, leg->why_size),
                     "the row gives no size"));
    else if (b->profile->size_policy == SIZE_INFORMATION)
        out(scored, why, PLAN_SCORED_INFORMATION,
            "the document calls its size an estimate; the profile takes it as information");
}

void build_day_sizes(const struct build_leg *l, struct plan_variant *v)
{
    if (v->observed && v->scored_size == PLAN_SCORED && !build_day_holds(l, v))
        out(&v->scored_size, &v->why_size, PLAN_SCORED_INFORMATION,
            "a day brings fewer than its reliability takes to be shown: judged after a stimulus");
}

/* For what comes from the equipment and has no period that hangs on an event. */
static void hours(struct build *b, const struct table_leg *leg, struct plan_variant *v)
{
    enum plan_scored *scored = &v->scored_window;
    const char **why = &v->why_window;
    if (v->window_always)
        out(scored, why, PLAN_SCORED_NOT_APPLICABLE, "24x7 does not discriminate");
    else if (leg->trigger == TRIGGER_COMMAND)
        out(scored, why, PLAN_SCORED_NOT_APPLICABLE, "an answer inherits the time of its command");
    else if (v->n_window == 0 && leg->campaign != NULL)
        out(scored, why, PLAN_SCORED_NOT_SCORABLE,
            "its period is a campaign's, and the profile gives no hours for it");
    else if (v->n_window == 0)
        out(scored, why, PLAN_SCORED_NOT_SCORABLE,
            first_of(build_copy(b, leg->why_window), NULL, "the row gives no daily window"));
    else if (v->cause == PLAN_CAUSE_STIMULUS)
        out(scored, why, PLAN_SCORED_NOT_APPLICABLE,
            "the harness provoked it: the equipment did not choose the time");
}

static void window(struct build *b, const struct table_leg *leg, struct plan_variant *v)
{
    if (v->role == PLAN_THROUGH_EUT)
        out(&v->scored_window, &v->why_window, PLAN_SCORED_NOT_APPLICABLE,
            "the equipment passes it on when another sends it");
    else if (v->role != PLAN_FROM_EUT)
        out(&v->scored_window, &v->why_window, PLAN_SCORED_NOT_APPLICABLE,
            "the harness is the origin and chooses the time");
    else if (v->after_ns == -1)
        hours(b, leg, v);
    v->window_judged = v->scored_window == PLAN_SCORED;
}

/* How often: of what the equipment sends on a schedule or without end. */
static void rate(struct build *b, const struct table_row *row, const struct build_leg *l,
                 struct plan_variant *v)
{
    const struct table_leg *leg = l->at.leg;
    const char *hidden = build_observes(b) ? build_unobserved(b, row, &l->at) : NULL;
    enum plan_scored *scored = &v->scored_rate;
    const char **why = &v->why_rate;
    *scored = PLAN_SCORED_NOT_APPLICABLE;
    if (!b->profile->rate)
        return;
    if (v->role != PLAN_FROM_EUT)
        *why = "the equipment is not its origin";
    else if (leg->trigger != TRIGGER_SCHEDULE)
        *why = "it follows a command or an event, whose number is not the equipment's doing";
    else if (v->observed)
        *scored = PLAN_SCORED;
    else if ((v->cause == PLAN_CAUSE_STIMULUS || v->cause == PLAN_CAUSE_OWN) && hidden != NULL)
        *why = build_text(b, "the harness makes it happen, since %s", hidden);
    else if (v->cause == PLAN_CAUSE_STIMULUS || v->cause == PLAN_CAUSE_OWN)
        *why = "the harness makes it happen: how often is the harness's doing";
    else if (v->rate_max == -1)
        out(scored, why, PLAN_SCORED_NOT_SCORABLE,
            first_of(build_missing(b, row, leg, CELL_HOW_OFTEN), build_copy(b, leg->why_rate),
                     "the row gives no number for one originator and a fixed period"));
    else
        *scored = PLAN_SCORED;
}

static void confidentiality(struct build *b, const struct table_row *row, struct plan_variant *v)
{
    const struct table_payload *p = table_payload_by_name(b->table, row->payload);
    enum plan_scored *scored = &v->scored_confidentiality;
    const char **why = &v->why_confidentiality;
    *scored = PLAN_SCORED_NOT_APPLICABLE;
    if (!b->profile->confidentiality)
        return;
    if (p == NULL || p->confidentiality == NULL)
        out(scored, why, PLAN_SCORED_NOT_SCORABLE,
            first_of(p == NULL ? NULL : build_copy(b, p->why), NULL,
                     "no payload table rates its confidentiality"));
    else if (strcmp(p->confidentiality, "L") == 0)
        *why = "its confidentiality is rated L: low";
    else
        *scored = PLAN_SCORED;
}

void build_criteria(struct build *b, const struct build_row *row, const struct build_leg *l,
                    struct plan_variant *v)
{
    const struct table_leg *leg = l->at.leg;
    reliability(b, row->source, leg, v);
    latency(b, row->source, leg, v);
    size(b, row->source, leg, v);
    window(b, leg, v);
    rate(b, row->source, l, v);
    confidentiality(b, row->source, v);
}
