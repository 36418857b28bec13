#include "harness/profile/often.h"

#include <string.h>

#include "harness/base/clock.h"

#define DAY_NS (86400 * NS_PER_S)

const struct profile_parameter *often_parameter(const struct profile *p,
                                                const struct table_row *row, const char *name)
{
    const struct profile_parameter *found = NULL;
    for (size_t i = 0; i < p->n_parameter; i++)
        if (strcmp(p->parameter[i].name, name) == 0 &&
            profile_covers(p->parameter[i].row, row->id, row->section))
            found = &p->parameter[i];
    return found;
}

static bool take(const struct profile_parameter *by, int64_t period_ns, struct often *out)
{
    *out = (struct often){by->value, by->value, period_ns, by};
    return true;
}

bool often_of(const struct profile *p, const struct table_row *row, const struct table_leg *leg,
              struct often *out)
{
    const struct profile_parameter *x = often_parameter(p, row, "x"),
                                   *all = often_parameter(p, row, "See REQMTS Table");
    for (size_t i = 0; i < leg->n_parameter && all != NULL; i++)
        if (leg->parameter[i].cell == CELL_HOW_OFTEN &&
            strcmp(leg->parameter[i].name, all->name) == 0)
            return take(all, DAY_NS, out);
    for (size_t i = 0; i < leg->n_how_often; i++) {
        const struct table_rate *r = &leg->how_often[i];
        if (r->per != 1 || r->period_ns <= 0 || (r->times_max == -1 && x == NULL))
            continue;
        if (r->times_max == -1)
            return take(x, r->period_ns, out);
        *out = (struct often){r->times_min, r->times_max, r->period_ns, NULL};
        return true;
    }
    return false;
}

const char *often_hidden(const struct table_leg *leg, const struct often *o)
{
    bool hours = !leg->window_always && (leg->n_window > 0 || leg->campaign != NULL);
    if (o->period_ns > DAY_NS)
        return "its period is longer than the day that is observed";
    if (DAY_NS % o->period_ns != 0)
        return "its periods do not make a day";
    if (hours && o->period_ns != DAY_NS)
        return "it keeps to hours of the day, which do not hold each of its periods";
    return NULL;
}
