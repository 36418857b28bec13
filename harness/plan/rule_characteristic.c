#include <stdlib.h>

#include "harness/plan/rule.h"

#define MOST_WORK UINT64_C(4000000000) /* states by units: some seconds */
#define NOTHING 1e-60                  /* less likely than that is as good as impossible */

/* How likely it is that the rule goes on with f failures: only those from low to high may be. */
struct alive {
    double *mass; /* [steps + 1] */
    uint32_t low, high;
};

static double sum(const struct alive *s)
{
    double all = 0;
    for (uint32_t f = s->low; f <= s->high; f++)
        all += s->mass[f];
    return all;
}

/* One more unit, the used-th. */
static void advance(const struct rule *r, double p, uint32_t used, struct alive *s,
                    struct rule_characteristic *out)
{
    s->high++;
    s->mass[s->high] = 0;
    for (uint32_t f = s->high; f > s->low; f--)
        s->mass[f] = s->mass[f] * (1.0 - p) + s->mass[f - 1] * p;
    s->mass[s->low] *= 1.0 - p;
    for (uint32_t f = s->low; f <= s->high; f++) {
        enum rule_word word = rule_judge(r, used, f);
        if (word == RULE_GOES_ON && s->mass[f] > NOTHING)
            continue;
        if (word == RULE_ACCEPTS)
            out->accepts += s->mass[f];
        else if (word == RULE_REJECTS)
            out->rejects += s->mass[f];
        else if (word == RULE_ENDS)
            out->ends += s->mass[f];
        s->mass[f] = 0;
    }
    while (s->high > s->low && s->mass[s->high] == 0)
        s->high--;
    while (s->low < s->high && s->mass[s->low] == 0)
        s->low++;
}

enum err_code rule_characteristic_at(const struct rule *r, double failure_rate,
                                     struct rule_characteristic *out, struct err *e)
{
    *out = (struct rule_characteristic){0};
    if (r->n == 0 || !(failure_rate >= 0.0 && failure_rate <= 1.0))
        return err_set(e, ERR_USAGE, "failure rate %g under a rule of %u trials, expected 0 to 1",
                       failure_rate, r->n);
    if ((uint64_t)r->n * (r->steps + 1) > MOST_WORK)
        return err_set(e, ERR_LIMIT, "a rule of %u trials and %u failures is too long to compute",
                       r->n, r->steps);
    struct alive s = {calloc((size_t)r->steps + 2, sizeof *s.mass), 0, 0};
    if (s.mass == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %u failures", r->steps);
    s.mass[0] = 1.0;
    for (uint32_t used = 1; used <= r->n; used++) {
        double going = sum(&s);
        if (going == 0)
            break;
        out->expected += going;
        advance(r, failure_rate, used, &s, out);
    }
    free(s.mass);
    return ERR_OK;
}
