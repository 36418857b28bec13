#include "harness/plan/rule.h"

enum rule_word rule_judge(const struct rule *r, uint32_t used, uint32_t failures)
{
    if (failures >= r->steps || used <= r->reject[failures])
        return RULE_REJECTS;
    if (r->accept[failures] > 0 && used >= r->accept[failures])
        return RULE_ACCEPTS;
    return used >= r->n ? RULE_ENDS : RULE_GOES_ON;
}

uint32_t rule_rejects_from(const struct rule *r)
{
    uint32_t f = 0;
    while (f < r->steps && r->reject[f] < r->n)
        f++;
    return f;
}

uint32_t rule_accepts_up_to(const struct rule *r)
{
    uint32_t f = r->steps;
    while (f > 0 && (r->accept[f - 1] == 0 || r->accept[f - 1] > r->n))
        f--;
    return f == 0 ? 0 : f - 1;
}

uint32_t rule_least_accept(const struct rule *r)
{
    return r->n == 0 || r->steps == 0 || r->accept[0] > r->n ? 0 : r->accept[0];
}

uint32_t rule_least_reject(const struct rule *r)
{
    uint32_t f = 1;
    while (f < r->steps && f > r->reject[f])
        f++;
    return f <= r->n ? f : 0;
}

enum err_code rule_short_of(struct arena *a, uint32_t n, uint32_t fail_at, uint32_t accept,
                            struct rule *out, struct err *e)
{
    if (fail_at > RULE_MOST_STEPS)
        return err_set(e, ERR_LIMIT, "a rule that bears %u failures, expected at most %u", fail_at,
                       RULE_MOST_STEPS);
    uint32_t *table = arena_alloc(a, 2 * (size_t)fail_at * sizeof *table);
    if (table == NULL)
        return err_set(e, ERR_NOMEM, "no memory for a rule of %u trials", n);
    *out = (struct rule){RULE_SHORT, n, fail_at, table, table + fail_at};
    for (uint32_t f = 0; f < fail_at; f++) {
        table[f] = f <= accept ? n : 0;
        table[fail_at + f] = 0;
    }
    return ERR_OK;
}
