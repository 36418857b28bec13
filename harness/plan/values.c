#include <string.h>

#include "harness/base/clock.h"
#include "harness/plan/build_parts.h"
#include "harness/profile/often.h"
#include "harness/table/cell.h"

const struct profile_parameter *build_parameter(const struct build *b, const struct table_row *row,
                                                const char *name)
{
    return often_parameter(b->profile, row, name);
}

const char *build_missing(struct build *b, const struct table_row *row, const struct table_leg *leg,
                          enum table_cell cell)
{
    const char *names = "";
    for (size_t i = 0; i < leg->n_parameter; i++)
        if (leg->parameter[i].cell == cell &&
            build_parameter(b, row, leg->parameter[i].name) == NULL)
            names = build_text(b, "%s%s\"%s\"", names, names[0] == '\0' ? "" : ", ",
                               leg->parameter[i].name);
    return names[0] == '\0' ? NULL
                            : build_text(b,
                                         "the document leaves %s to the deployment, and the "
                                         "profile gives no value",
                                         names);
}

void build_note(struct build *b, struct plan_variant *v, const char *text)
{
    v->note = build_text(b, "%s%s%s", v->note, v->note[0] == '\0' ? "" : "; ", text);
}

const struct profile_parameter *build_value(struct build *b, const struct table_row *row,
                                            const struct table_leg *leg, enum table_cell cell,
                                            struct plan_variant *v)
{
    for (size_t i = 0; i < leg->n_parameter; i++) {
        const struct profile_parameter *p =
            leg->parameter[i].cell == cell ? build_parameter(b, row, leg->parameter[i].name) : NULL;
        if (p == NULL)
            continue;
        build_note(b, v, build_text(b, "%s is %s (%s)", p->name, p->text, p->source));
        return p;
    }
    return NULL;
}

const struct profile_campaign *build_campaign(const struct build *b, const struct table_row *row,
                                              const struct table_leg *leg)
{
    const struct profile_campaign *found = NULL;
    for (size_t i = 0; leg->campaign != NULL && i < b->profile->n_campaign; i++)
        if (profile_covers(b->profile->campaign[i].row, row->id, row->section))
            found = &b->profile->campaign[i];
    return found;
}

void build_rate(struct build *b, const struct build_row *row, const struct build_leg *l,
                struct plan_variant *v)
{
    struct often o;
    v->rate_min = v->rate_max = v->rate_period_ns = -1;
    if (!often_of(b->profile, row->source, l->at.leg, &o))
        return;
    v->rate_min = o.times_min;
    v->rate_max = o.times_max;
    v->rate_period_ns = o.period_ns;
    if (o.by != NULL && b->profile->rate)
        build_note(b, v,
                   build_text(b, "how often: %s is %s (%s)", o.by->name, o.by->text, o.by->source));
}

/* A limit for so many at once, as the devices of one trial may take of it. */
void build_extrapolate(struct build *b, const struct build_leg *l, struct plan_variant *v)
{
    const struct table_leg *leg = l->at.leg;
    int64_t reach = l->reach > 0 ? l->reach : 1, per = leg->latency_per;
    if (per <= 1 || v->latency_strict_ns == -1 || b->profile->extrapolation == NULL)
        return;
    int64_t whole_s = v->latency_strict_ns / NS_PER_S;
    v->latency_strict_ns = v->latency_strict_ns / per * reach;
    v->latency_lax_ns = v->latency_lax_ns / per * reach;
    build_note(b, v,
               build_text(b,
                          "extrapolated: %lld s for %lld, taken in proportion for the %lld of a "
                          "trial (%s)",
                          (long long)whole_s, (long long)per, (long long)reach,
                          b->profile->extrapolation));
}
