#include <stdio.h>

#include "harness/cmd/plan_numbers.h"
#include "harness/cmd/plan_text.h"

static const char *kind_text(const struct plan_risks *r)
{
    switch (r->kind) {
    case RULE_SHORT:
        return "short: a pass takes so many trials without a failure";
    case RULE_FIXED:
        return "fixed: so many trials, of which so many may fail";
    case RULE_SEQUENTIAL:
        return "truncated sequential: decided as soon as it can be";
    case RULE_KIND_COUNT:
        break;
    }
    return "";
}

static enum err_code one(const struct plan_fact *f, struct buf *out, struct err *e)
{
    char ratio[40], curve[200];
    const struct rule *r = &f->clause->rule;
    enum err_code rc = plan_characteristic(f, curve, sizeof curve, e);
    return rc != ERR_OK
               ? rc
               : buf_printf(
                     out, e,
                     "  > %s%s: %u trials at least, %u at most; "
                     "%.0f expected at p0 = %.3g %%, %.0f at p1 = %.3g %%\n"
                     "          true risks: consumer's %.3g %%, producer's %.3g %%; failure rate "
                     "and chance of a pass:\n          %s\n",
                     plan_ratio(f->clause->ratio_ppb, ratio, sizeof ratio),
                     f->clusters ? ", of many devices at once" : "", rule_least_accept(r), r->n,
                     f->risk.good.expected, 100 * f->risk.p0, f->risk.bad.expected,
                     100 * f->risk.p1, 100 * f->risk.bad.accepts, 100 * f->risk.good.rejects,
                     curve);
}

/* Of each rule that can fail a row. */
static double producer_sum(const struct plan_book *b, size_t *n)
{
    double all = 0;
    *n = 0;
    for (size_t i = 0; i < b->plan->n_row; i++)
        for (size_t k = 0; k < b->plan->row[i].n_variant; k++) {
            const struct plan_variant *v = &b->plan->row[i].variant[k];
            size_t rules = b->plan->row[i].scenario == -1 ? 0 : plan_rules_of(v);
            const struct plan_fact *f =
                rules == 0 ? NULL : plan_book_of(b, v->lax_ppb != -1 ? &v->lax : &v->clause[0]);
            *n += rules;
            all += f == NULL ? 0 : (double)rules * f->risk.good.rejects;
        }
    return all;
}

enum err_code plan_rules_text(const struct plan_book *b, struct buf *out, struct err *e)
{
    const struct plan_risks *r = &b->plan->risks;
    size_t n;
    double sum = producer_sum(b, &n);
    enum err_code rc = buf_printf(out, e, "rule      %s\n", kind_text(r));
    if (rc == ERR_OK && r->kind == RULE_SHORT)
        rc = buf_printf(out, e, "          at %.9g %% confidence\n",
                        (double)b->plan->confidence_ppm / 1e4);
    else if (rc == ERR_OK)
        rc = buf_printf(out, e,
                        "          consumer's risk %.4g %%, producer's %.4g %%%s, discrimination "
                        "ratio %.4g\n",
                        (double)r->consumer_ppm / 1e4, (double)r->producer_ppm / 1e4,
                        r->spread ? " over all verdicts together" : "",
                        (double)r->discrimination_milli / 1e3);
    for (size_t i = 0; i < b->n && rc == ERR_OK; i++)
        rc = one(&b->fact[i], out, e);
    return rc != ERR_OK
               ? rc
               : buf_printf(
                     out, e,
                     "          producer's risks of all %zu verdicts add up to %.3g: so many "
                     "false fails are to be\n          expected of equipment at p0 "
                     "everywhere%s\n",
                     n, sum,
                     r->spread || sum < 0.1
                         ? ""
                         : " (spread-producer-risk=\"yes\" in the profile divides it)");
}
