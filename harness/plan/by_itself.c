/* What the equipment sends by itself, as often as the deployment gives: rows that a day of its
 * clock shows without any stimulus. */
#include <string.h>

#include "harness/base/clock.h"
#include "harness/plan/build_parts.h"
#include "harness/profile/often.h"

#define DAY_NS (86400 * NS_PER_S)

bool build_days_pass(const struct build *b)
{
    return b->profile->clock_reason[0] != '\0' &&
           statement_stimulus_by_name(b->statement, "clock") != NULL;
}

bool build_observes(const struct build *b)
{
    return b->profile->rate && b->statement->own_schedule && build_days_pass(b);
}

const char *build_unobserved(const struct build *b, const struct table_row *row,
                             const struct build_passage *p)
{
    struct often o;
    if (p->role != PLAN_FROM_EUT || p->leg->trigger != TRIGGER_SCHEDULE)
        return "the equipment does not send it on a schedule";
    if (!often_of(b->profile, row, p->leg, &o) || o.times_max <= 0)
        return "no number for one originator and a fixed period is given";
    return often_hidden(p->leg, &o);
}

bool build_is_observed(const struct build *b, const struct build_trial *t,
                       const struct table_row *row, const struct build_passage *p)
{
    return build_observes(b) && t->subject < b->statement->n_group &&
           strcmp(p->origin, build_group_actor(b, t->subject)) == 0 &&
           build_unobserved(b, row, p) == NULL;
}

bool build_day_holds(const struct build_leg *l, const struct plan_variant *v)
{
    uint64_t least = l->devices * (uint64_t)(v->rate_min * (DAY_NS / v->rate_period_ns));
    for (size_t i = 0; i < v->n_clause; i++)
        if (rule_least_accept(&v->clause[i].rule) == 0 ||
            least < rule_least_accept(&v->clause[i].rule))
            return false;
    return true;
}
