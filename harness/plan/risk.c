#include "harness/plan/risk.h"

size_t plan_rules_of(const struct plan_variant *v)
{
    if (v->n_clause == 0)
        return 0;
    size_t reliability = v->scored_reliability != PLAN_SCORED ? 0
                         : v->lax_ppb != -1                   ? 1
                                                              : v->n_clause;
    return reliability + (v->scored_latency == PLAN_SCORED) + (v->scored_size == PLAN_SCORED);
}

enum err_code risk_of(const struct plan_risks *r, const struct plan_clause *c, struct risk *out,
                      struct err *e)
{
    const struct rule_terms terms = {.ratio_ppb = c->ratio_ppb,
                                     .discrimination_milli = r->discrimination_milli};
    out->p1 = rule_p1(&terms);
    out->p0 = rule_p0(&terms);
    enum err_code rc = rule_characteristic_at(&c->rule, out->p1, &out->bad, e);
    return rc != ERR_OK ? rc : rule_characteristic_at(&c->rule, out->p0, &out->good, e);
}
