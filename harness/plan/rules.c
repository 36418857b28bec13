#include <string.h>

#include "harness/plan/build_parts.h"
#include "harness/plan/risk.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Rows share few ratios: each rule is made once. */
struct known {
    int64_t ratio_ppb;
    bool clusters;
    struct rule rule;
    const struct known *next;
};

static bool is_known(const struct known *k, int64_t ratio_ppb, bool clusters)
{
    return k->ratio_ppb == ratio_ppb && k->clusters == clusters;
}

static void make(struct build *b, const struct plan_row *row, struct known *k)
{
    const struct plan_risks *r = &b->plan->risks;
    const struct rule_terms terms = {k->ratio_ppb, r->consumer_ppm, r->producer_own_ppm,
                                     r->discrimination_milli};
    struct arena *a = &b->plan->arena;
    struct err e = ERR_INIT;
    enum err_code rc = ERR_OK;
    switch (r->kind) {
    case RULE_SHORT:
        rc = rule_short(a, k->ratio_ppb, b->plan->confidence_ppm, k->clusters, &k->rule, &e);
        break;
    case RULE_FIXED:
        rc = rule_fixed(a, &terms, k->clusters, &k->rule, &e);
        break;
    case RULE_SEQUENTIAL:
        rc = rule_sequential(a, &terms, k->clusters, &k->rule, &e);
        break;
    case RULE_KIND_COUNT:
        break;
    }
    if (rc == ERR_LIMIT || (rc == ERR_OK && k->rule.n == 0))
        build_fault(b, ERR_USAGE, "%s, row %s: %s", b->profile->path, row->id,
                    rc == ERR_LIMIT ? e.text
                                    : "no number of trials that can be planned shows this");
    else if (rc != ERR_OK)
        build_fault(b, rc, "%s, row %s: %s", b->profile->path, row->id, e.text);
}

static struct rule rule_for(struct build *b, const struct plan_row *row, int64_t ratio_ppb,
                            bool clusters, const struct known **all)
{
    for (const struct known *k = *all; k != NULL; k = k->next)
        if (is_known(k, ratio_ppb, clusters))
            return k->rule;
    struct known *k = build_room(b, sizeof *k);
    if (k == NULL)
        return (struct rule){0};
    *k = (struct known){.ratio_ppb = ratio_ppb, .clusters = clusters, .next = *all};
    make(b, row, k);
    *all = k;
    return k->rule;
}

/* The first round drives as many as a device without failures needs; whoever is undecided then gets
 * more. Twice the longest, because size and latency are those of what was delivered. */
static void trials(const struct build *b, const struct table_row *row, struct plan_variant *v)
{
    uint32_t longest = 1;
    v->trials = v->trials_max = 1;
    if (v->observed)
        return;
    for (size_t i = 0; i < v->n_clause; i++) {
        const struct rule *r = &v->clause[i].rule;
        uint32_t least = rule_least_accept(r) == 0 ? r->n : rule_least_accept(r);
        v->trials = least > v->trials ? least : v->trials;
        longest = r->n > longest ? r->n : longest;
    }
    for (size_t i = 0; i < b->profile->n_trials; i++)
        if (profile_covers(b->profile->trials[i].row, row->id, row->section))
            v->trials_least = (uint32_t)b->profile->trials[i].at_least; /* the last one wins */
    v->trials_max = 2 * longest > v->trials_least ? 2 * longest : v->trials_least;
}

/* A pass has to be possible within the budget. */
static void budget(struct build *b)
{
    uint32_t most = b->o->trials_most > 0 ? b->o->trials_most : b->profile->trials_most, need = 0;
    const char *row = "", *leg = "";
    for (size_t i = 0; i < b->n_row && most > 0; i++)
        for (size_t k = 0; k < b->row[i].n_leg; k++) {
            struct plan_variant *v = &b->variant[i][k];
            if (b->row[i].scenario != -1 && v->n_clause > 0 && v->trials > need) {
                need = v->trials;
                row = b->plan_row[i].id;
                leg = v->leg;
            }
            v->trials_max = v->trials_max < most ? v->trials_max : most;
            v->trials_least = v->trials_least < most ? v->trials_least : most;
        }
    if (most > 0 && need > most)
        build_fault(b, ERR_USAGE,
                    "a budget of %u trials for each row: no pass is possible, expected %u or more "
                    "(row %s, leg %s)",
                    most, need, row, leg);
}

void build_rules(struct build *b)
{
    struct plan_risks *r = &b->plan->risks;
    const struct known *all = NULL;
    size_t n = 0;
    for (size_t i = 0; i < b->n_row; i++)
        for (size_t k = 0; k < b->row[i].n_leg && b->row[i].scenario != -1; k++)
            n += plan_rules_of(&b->variant[i][k]);
    r->producer_own_ppm = r->producer_ppm;
    if (r->spread && n > 1)
        r->producer_own_ppm = r->producer_ppm / (int64_t)n > 0 ? r->producer_ppm / (int64_t)n : 1;
    for (size_t i = 0; i < b->n_row; i++)
        for (size_t k = 0; k < b->row[i].n_leg && b->rc == ERR_OK; k++) {
            struct plan_variant *v = &b->variant[i][k];
            const struct plan_row *row = &b->plan_row[i];
            for (size_t c = 0; c < v->n_clause; c++)
                v->clause[c].rule =
                    rule_for(b, row, v->clause[c].ratio_ppb, v->population > 0, &all);
            if (v->lax_ppb != -1)
                v->lax.rule = rule_for(b, row, v->lax_ppb, v->population > 0, &all);
            build_day_sizes(&b->row[i].leg[k], v);
            trials(b, b->row[i].source, v);
        }
    if (b->rc == ERR_OK)
        budget(b);
}
