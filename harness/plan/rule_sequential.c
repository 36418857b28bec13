#include <math.h>
#include <stdlib.h>

#include "harness/plan/rule_parts.h"

/* The test ends after so many times the fixed plan's trials. Shorter, and its lines have to give
 * way to the truncation: nobody is faster then; longer, and they gain next to nothing. */
#define TRUNCATION 1.5
#define MOST_WORK 3e7 /* states by units of one computation */
#define MOST_MOVES 24 /* of the lines */
#define NEAR 0.97     /* a risk within that of what it may be is used up */
#define LEAST_LINE 1e-6

/* Lines in the plane of units u and failures f: accepts from u = (f * slope + accept) / step on,
 * rejects up to u = (f * slope - reject) / step. */
struct lines {
    double slope, step, accept, reject;
    uint32_t n, c; /* truncation: at n up to c are accepted. c is unused for clusters */
};

static struct lines wald(const struct rule_terms *t)
{
    double p1 = rule_p1(t), p0 = rule_p0(t);
    double consumer = (double)t->consumer_ppm / 1e6, producer = (double)t->producer_ppm / 1e6;
    struct lines l = {.step = log1p(-p0) - log1p(-p1),
                      .accept = log((1.0 - producer) / consumer),
                      .reject = log((1.0 - consumer) / producer)};
    l.slope = log(p1 / p0) + l.step;
    return l;
}

static uint32_t units(double u, uint32_t most)
{
    return u <= 0 ? 0 : u >= most ? most : (uint32_t)u;
}

/* The tables of lines that end with a decision; steps is c + 1. */
static void fill(const struct lines *l, uint32_t *accept, uint32_t *reject)
{
    for (uint32_t f = 0; f <= l->c; f++) {
        uint32_t from = units(ceil((f * l->slope + l->accept) / l->step), l->n);
        accept[f] = from <= f ? f + 1 : from;
        uint32_t up_to = units(floor((f * l->slope - l->reject) / l->step), l->n);
        reject[f] = up_to < accept[f] ? up_to : accept[f] - 1;
    }
}

/* A rule under way, and the best one so far. */
struct search {
    const struct rule_terms *t;
    uint32_t *accept, *reject; /* tables being tried */
    uint32_t *best_accept, *best_reject, best_c;
    double best_cost; /* trials of a device without failures, of one at p0 and one at p1 together;
                         negative: none keeps the risks yet */
    struct err *e;
};

static void keep_if_best(struct search *s, const struct lines *l, double cost)
{
    if (s->best_cost >= 0 && cost >= s->best_cost)
        return;
    s->best_cost = cost;
    s->best_c = l->c;
    for (uint32_t f = 0; f <= l->c; f++) {
        s->best_accept[f] = s->accept[f];
        s->best_reject[f] = s->reject[f];
    }
}

/* By how much a line moves that leaves such a risk: a risk falls as exp(-line). Towards the trials'
 * side it moves with care, since each move also shifts the other line's risk. */
static double move(double risk, double stated)
{
    if (risk > stated)
        return log(risk / stated) + 1e-4;
    return risk < NEAR * stated ? 0.7 * log(fmax(risk, stated / 10.0) / stated) : 0.0;
}

/* Moves the lines for one truncation until both exact risks are just kept. */
static enum err_code settle(struct search *s, struct lines l)
{
    double consumer = (double)s->t->consumer_ppm / 1e6, producer = (double)s->t->producer_ppm / 1e6;
    for (int i = 0; i < MOST_MOVES; i++) {
        struct rule_characteristic bad, good;
        fill(&l, s->accept, s->reject);
        struct rule r = {RULE_SEQUENTIAL, l.n, l.c + 1, s->accept, s->reject};
        enum err_code rc = rule_characteristic_at(&r, rule_p1(s->t), &bad, s->e);
        if (rc == ERR_OK)
            rc = rule_characteristic_at(&r, rule_p0(s->t), &good, s->e);
        if (rc != ERR_OK)
            return rc;
        if (bad.accepts <= consumer && good.rejects <= producer)
            keep_if_best(s, &l, s->accept[0] + bad.expected + good.expected);
        double up = move(bad.accepts, consumer), down = move(good.rejects, producer);
        if (up == 0 && down == 0)
            return ERR_OK;
        l.accept = fmax(LEAST_LINE, l.accept + up);
        l.reject = fmax(LEAST_LINE, l.reject + down);
    }
    return ERR_OK;
}

/* The fixed plan itself, for terms so coarse that no lines keep the risks. */
static void fall_back(struct search *s, uint32_t n, uint32_t c)
{
    s->best_c = c;
    for (uint32_t f = 0; f <= c; f++) {
        s->best_accept[f] = n;
        s->best_reject[f] = 0;
    }
}

static enum err_code of_exchanges(struct arena *a, struct lines l, uint32_t fixed_n,
                                  uint32_t fixed_c, struct search *s, struct rule *out)
{
    /* Where the truncation cuts, both risks take a like share of it; two to either side are tried,
     * too. */
    double middle = (l.n * l.step + (l.reject - l.accept) / 2.0) / l.slope;
    uint32_t first = middle < 2.0 ? 0 : (uint32_t)middle - 2, most = first + 4;
    if (most < fixed_c)
        most = fixed_c;
    uint32_t *room = calloc(2 * ((size_t)most + 1), sizeof *room);
    enum err_code rc = room == NULL
                           ? err_set(s->e, ERR_NOMEM, "no memory for a rule of %u trials", l.n)
                           : rule_tables(a, most + 1, &s->best_accept, &s->best_reject, s->e);
    s->accept = room;
    s->reject = room == NULL ? NULL : room + most + 1;
    s->best_cost = -1;
    for (l.c = first; l.c <= first + 4 && rc == ERR_OK; l.c++)
        rc = settle(s, l);
    free(room);
    if (rc != ERR_OK)
        return rc;
    if (s->best_cost < 0) {
        l.n = fixed_n;
        fall_back(s, fixed_n, fixed_c);
    }
    *out = (struct rule){RULE_SEQUENTIAL, l.n, s->best_c + 1, s->best_accept, s->best_reject};
    return ERR_OK;
}

/* Whatever the devices of one unit have in common: no line ever gives way to the truncation. */
static enum err_code of_clusters(struct arena *a, struct lines l, const struct rule_terms *t,
                                 struct rule *out, struct err *e)
{
    uint32_t *accept = NULL, *reject = NULL;
    l.accept = -log((double)t->consumer_ppm / 1e6);
    l.reject = -log((double)t->producer_ppm / 1e6);
    /* That many are rejected all along. */
    uint32_t steps = (uint32_t)ceil((l.n * l.step + l.reject) / l.slope);
    enum err_code rc = rule_tables(a, steps, &accept, &reject, e);
    if (rc != ERR_OK)
        return rc;
    for (uint32_t f = 0; f < steps; f++) {
        uint32_t from = units(ceil((f * l.slope + l.accept) / l.step), l.n + 1);
        accept[f] = from > l.n ? 0 : from;
        reject[f] = units(floor((f * l.slope - l.reject) / l.step), l.n);
    }
    *out = (struct rule){RULE_SEQUENTIAL, l.n, steps, accept, reject};
    return ERR_OK;
}

enum err_code rule_sequential(struct arena *a, const struct rule_terms *t, bool clusters,
                              struct rule *out, struct err *e)
{
    uint32_t fixed_n, fixed_c;
    *out = (struct rule){.kind = RULE_SEQUENTIAL};
    enum err_code rc = rule_check_terms(t, e);
    if (rc != ERR_OK || !rule_shows(t))
        return rc;
    rc = rule_fixed_numbers(t, false, &fixed_n, &fixed_c, e);
    if (rc != ERR_OK)
        return rc;
    struct lines l = wald(t);
    double n = ceil(fixed_n * TRUNCATION), width = (l.accept + l.reject) / l.slope + 2.0;
    if (n > RULE_MOST_TRIALS || n * width > MOST_WORK)
        return rule_too_long(t, e);
    l.n = (uint32_t)n;
    struct search s = {.t = t, .e = e};
    return clusters ? of_clusters(a, l, t, out, e) : of_exchanges(a, l, fixed_n, fixed_c, &s, out);
}
