#include "harness/cmd/plan_numbers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"

const struct plan_fact *plan_book_of(const struct plan_book *b, const struct plan_clause *c)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->fact[i].clause->rule.accept == c->rule.accept)
            return &b->fact[i];
    return NULL;
}

static enum err_code enter(struct plan_book *b, const struct plan_clause *c, bool clusters,
                           struct err *e)
{
    if (plan_book_of(b, c) != NULL)
        return ERR_OK;
    if (b->n == b->cap) {
        size_t cap = b->cap == 0 ? 16 : 2 * b->cap;
        struct plan_fact *more = realloc(b->fact, cap * sizeof *more);
        if (more == NULL)
            return err_set(e, ERR_NOMEM, "no memory for %zu rules", cap);
        b->fact = more;
        b->cap = cap;
    }
    struct plan_fact *f = &b->fact[b->n];
    *f = (struct plan_fact){.clause = c, .clusters = clusters};
    enum err_code rc = risk_of(&b->plan->risks, c, &f->risk, e);
    b->n += rc == ERR_OK;
    return rc;
}

static int by_ratio(const void *a, const void *b)
{
    const struct plan_fact *x = a, *y = b;
    int64_t d = x->clause->ratio_ppb - y->clause->ratio_ppb;
    return d != 0 ? (d > 0) - (d < 0) : x->clusters - y->clusters;
}

enum err_code plan_book_make(const struct plan *p, struct plan_book *b, struct err *e)
{
    enum err_code rc = ERR_OK;
    *b = (struct plan_book){.plan = p};
    for (size_t i = 0; i < p->n_row; i++)
        for (size_t k = 0; k < p->row[i].n_variant && rc == ERR_OK; k++) {
            const struct plan_variant *v = &p->row[i].variant[k];
            for (size_t c = 0; c < v->n_clause && rc == ERR_OK; c++)
                rc = enter(b, &v->clause[c], v->population > 0, e);
            if (v->lax_ppb != -1 && rc == ERR_OK)
                rc = enter(b, &v->lax, v->population > 0, e);
        }
    if (b->n > 0)
        qsort(b->fact, b->n, sizeof *b->fact, by_ratio);
    return rc;
}

void plan_book_release(struct plan_book *b)
{
    free(b->fact);
    *b = (struct plan_book){0};
}

static struct plan_numbers larger(struct plan_numbers a, struct plan_numbers b)
{
    return (struct plan_numbers){fmax(a.least, b.least), fmax(a.good, b.good), fmax(a.bad, b.bad)};
}

struct plan_numbers plan_numbers_of(const struct plan_book *b, const struct plan_variant *v)
{
    struct plan_numbers n = {v->trials, v->trials, v->trials};
    for (size_t i = 0; i < v->n_clause && !v->observed; i++) {
        const struct plan_fact *f = plan_book_of(b, &v->clause[i]);
        if (f != NULL)
            n = larger(n, (struct plan_numbers){0, f->risk.good.expected, f->risk.bad.expected});
    }
    /* Of one that fails soon, fewer than a pass takes. */
    if (v->n_clause == 1 && !v->observed && plan_book_of(b, &v->clause[0]) != NULL)
        n.bad = plan_book_of(b, &v->clause[0])->risk.bad.expected;
    return n;
}

struct plan_numbers plan_numbers_of_case(const struct plan_book *b, const struct plan_case *c)
{
    struct plan_numbers n = {0, 0, 0};
    for (size_t i = 0; i < c->n_target; i++)
        n = larger(
            n, plan_numbers_of(b, &b->plan->row[c->target[i].row].variant[c->target[i].variant]));
    return n;
}

uint64_t plan_case_devices(const struct plan *p, const struct plan_case *c)
{
    uint64_t n = 0;
    for (size_t i = 0; i < c->n_group; i++)
        n += p->group[c->group[i]].count;
    return n;
}

const struct plan_case *plan_case_of(const struct plan *p, uint32_t row, uint32_t variant)
{
    for (size_t s = 0; s < p->n_scenario; s++)
        for (size_t k = 0; k < p->scenario[s].n_case; k++) {
            const struct plan_case *c = &p->scenario[s].kase[k];
            for (size_t t = 0; t < c->n_target; t++)
                if (c->target[t].row == row && c->target[t].variant == variant)
                    return c;
        }
    return NULL;
}

/* Devices take turns, so spacing on one costs as many rounds as trials go round its devices. */
double plan_case_ns(const struct plan *p, const struct plan_case *c, double trials)
{
    uint64_t devices = plan_case_devices(p, c);
    double step = (double)NS_PER_S / (double)p->pace_per_s, spacing = 0;
    for (size_t i = 0; i < c->n_target; i++)
        for (size_t d = 0; d < p->n_duty; d++) {
            if (strcmp(p->duty[d].payload, p->row[c->target[i].row].payload) != 0)
                continue;
            if (p->duty[d].most > 0 && trials > p->duty[d].most)
                return -1;
            spacing = fmax(spacing, (double)p->duty[d].spacing_ns);
        }
    if (c->population > 0) { /* all answer at once: the pace is theirs together */
        uint64_t answering = 0;
        for (size_t i = 0; i < c->n_group; i++)
            answering += p->group[c->group[i]].eut ? p->group[c->group[i]].count : 0;
        step *= answering > 1 ? (double)answering : 1;
        devices = 1;
    }
    double rounds = devices == 0 ? 0 : ceil(trials / (double)devices);
    return trials * step + (rounds > 1 ? (rounds - 1) * spacing : 0);
}

double plan_natural_ns(const struct plan_variant *v, uint64_t devices, double trials)
{
    if (v->rate_max <= 0 || v->rate_period_ns <= 0)
        return -1;
    if (v->population > 0 || devices == 0)
        devices = 1;
    return ceil(trials / ((double)v->rate_max * (double)devices)) * (double)v->rate_period_ns;
}

const char *plan_long(double ns, char *out, size_t size)
{
    static const struct {
        double s, from; /* from so many on */
        const char *name;
    } unit[] = {{365.25 * 86400, 2, " years"}, {7 * 86400, 3, " weeks"}, {86400, 2, " days"},
                {3600, 3, " hours"},           {60, 3, " min"},          {1, 0, " s"}};
    double s = ns / (double)NS_PER_S;
    size_t i = 0;
    if (ns < 0)
        return "-";
    while (s < unit[i].from * unit[i].s)
        i++;
    (void)snprintf(out, size, "%.0f%s", s < 1 ? 1.0 : round(s / unit[i].s), unit[i].name);
    return out;
}

enum err_code plan_characteristic(const struct plan_fact *f, char *out, size_t size, struct err *e)
{
    const double p0 = f->risk.p0, p1 = f->risk.p1;
    const double rate[] = {p0 / 2, p0, sqrt(p0 * p1), p1, fmin(1.0, 2 * p1)};
    enum err_code rc = ERR_OK;
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < sizeof rate / sizeof rate[0] && rc == ERR_OK && used < size; i++) {
        struct rule_characteristic c;
        rc = rule_characteristic_at(&f->clause->rule, rate[i], &c, e);
        used += (size_t)snprintf(out + used, size - used, "%s%.3g %%: %.3g %%", i == 0 ? "" : ", ",
                                 100 * rate[i], 100 * c.accepts);
    }
    return rc;
}
