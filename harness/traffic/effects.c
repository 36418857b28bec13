#include "harness/traffic/effects.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SAME 1e-9

struct merging {
    const struct table *table;
    const struct profile *from, *to;
    const char *id[EFFECTS_MOST];
    size_t n_id;
    const char *const *applied; /* of id */
    size_t n_applied;
    struct arena arena;
    enum err_code rc;
    struct err *e;
};

/* ---- which errata ------------------------------------------------------------------------------
 */

static void collect(struct merging *m, const struct profile_ground *by)
{
    if (!by->given || by->erratum[0] == '\0')
        return;
    for (size_t i = 0; i < m->n_id; i++)
        if (strcmp(m->id[i], by->erratum) == 0)
            return;
    if (m->n_id < EFFECTS_MOST)
        m->id[m->n_id++] = by->erratum;
    else if (m->rc == ERR_OK)
        m->rc =
            err_set(m->e, ERR_LIMIT, "more than %d errata between two declarations", EFFECTS_MOST);
}

static void collect_all(struct merging *m, const struct profile_traffic *f)
{
    collect(m, &f->use_mix_by);
    for (size_t i = 0; i < f->n_event; i++) {
        const struct profile_event *v = &f->event[i];
        const struct profile_ground *by[] = {&v->by,       &v->often.by, &v->size.by,
                                             &v->hours.by, &v->share.by, &v->arrive.by};
        for (size_t k = 0; k < sizeof by / sizeof by[0]; k++)
            collect(m, by[k]);
    }
    for (size_t i = 0; i < f->n_counterpart; i++)
        collect(m, &f->counterpart[i].by);
}

/* ---- one declaration out of two ----------------------------------------------------------------
 */

static bool applied(const struct merging *m, const struct profile_ground *by)
{
    for (size_t i = 0; i < m->n_applied && by->given; i++)
        if (strcmp(m->applied[i], by->erratum) == 0)
            return true;
    return false;
}

/* -1: the first's, 0: none, 1: the second's. */
static int whose(const struct merging *m, const struct profile_ground *a,
                 const struct profile_ground *b)
{
    if (b != NULL && applied(m, b))
        return 1;
    return applied(m, a) ? 0 : -1;
}

static const struct profile_event *same_event(const struct profile_traffic *f,
                                              const struct profile_event *v)
{
    for (size_t i = 0; i < f->n_event; i++)
        if (strcmp(f->event[i].row, v->row) == 0 && strcmp(f->event[i].leg, v->leg) == 0)
            return &f->event[i];
    return NULL;
}

static struct profile_event merge_event(const struct merging *m, const struct profile_event *a,
                                        const struct profile_event *b)
{
    static const struct profile_event none = {.by = {false, "", "", 0}};
    struct profile_event out = *a;
    int w;
    if (b == NULL)
        b = &none;
    if ((w = whose(m, &a->often.by, &b->often.by)) >= 0)
        out.often = w > 0 ? b->often : none.often;
    if ((w = whose(m, &a->size.by, &b->size.by)) >= 0)
        out.size = w > 0 ? b->size : none.size;
    if ((w = whose(m, &a->hours.by, &b->hours.by)) >= 0)
        out.hours = w > 0 ? b->hours : none.hours;
    if ((w = whose(m, &a->share.by, &b->share.by)) >= 0)
        out.share = w > 0 ? b->share : none.share;
    if ((w = whose(m, &a->arrive.by, &b->arrive.by)) >= 0)
        out.arrive = w > 0 ? b->arrive : none.arrive;
    return out;
}

static void merge(struct merging *m, struct profile_traffic *out)
{
    const struct profile_traffic *a = m->from->traffic, *b = m->to->traffic;
    *out = *a;
    if (whose(m, &a->use_mix_by, &b->use_mix_by) > 0) {
        out->mix = b->mix;
        out->n_mix = b->n_mix;
        out->use_mix = b->use_mix;
        out->use_mix_by = b->use_mix_by;
    }
    size_t n_event = a->n_event + b->n_event, n_end = a->n_counterpart + b->n_counterpart;
    struct profile_event *event = arena_alloc(&m->arena, (n_event + 1) * sizeof *event);
    struct profile_counterpart *end = arena_alloc(&m->arena, (n_end + 1) * sizeof *end);
    if (event == NULL || end == NULL) {
        m->rc = err_set(m->e, ERR_NOMEM, "no memory for %zu events", n_event);
        return;
    }
    out->event = event;
    out->n_event = 0;
    for (size_t i = 0; i < a->n_event; i++)
        if (!applied(m, &a->event[i].by))
            event[out->n_event++] = merge_event(m, &a->event[i], same_event(b, &a->event[i]));
    for (size_t i = 0; i < b->n_event; i++)
        if (applied(m, &b->event[i].by) && same_event(out, &b->event[i]) == NULL)
            event[out->n_event++] = b->event[i];
    out->counterpart = end;
    out->n_counterpart = 0;
    for (size_t i = 0; i < a->n_counterpart; i++)
        if (!applied(m, &a->counterpart[i].by))
            end[out->n_counterpart++] = a->counterpart[i];
    for (size_t i = 0; i < b->n_counterpart; i++)
        if (applied(m, &b->counterpart[i].by))
            end[out->n_counterpart++] = b->counterpart[i];
}

static void totals(struct merging *m, const char *const *id, size_t n,
                   struct traffic_sum out[TRAFFIC_DIRECTIONS])
{
    struct profile_traffic given;
    struct traffic *t = NULL;
    m->applied = id;
    m->n_applied = n;
    merge(m, &given);
    struct traffic_options o = {.table = m->table, .profile = m->from, .given = &given};
    if (m->rc == ERR_OK)
        m->rc = traffic_make(&o, &t, m->e);
    if (m->rc == ERR_OK)
        memcpy(out, t->total, sizeof t->total);
    traffic_free(t);
}

static bool close_to(double a, double b)
{
    return fabs(a - b) <= SAME * (fabs(a) + fabs(b));
}

static bool equal(const struct traffic_sum *a, const struct traffic_sum *b)
{
    for (int d = 0; d < TRAFFIC_DIRECTIONS; d++) {
        if (!close_to(a[d].events[TRAFFIC_SELECTED], b[d].events[TRAFFIC_SELECTED]) ||
            !close_to(a[d].bytes[TRAFFIC_SELECTED], b[d].bytes[TRAFFIC_SELECTED]))
            return false;
        for (int h = 0; h < TRAFFIC_HOURS; h++)
            if (!close_to(a[d].hour_bytes[h], b[d].hour_bytes[h]))
                return false;
    }
    return true;
}

static const struct table_erratum *erratum(const struct table *t, const char *id)
{
    for (size_t i = 0; i < t->n_erratum; i++)
        if (strcmp(t->erratum[i].id, id) == 0)
            return &t->erratum[i];
    return NULL;
}

static void compute(struct merging *m, struct effects *x)
{
    collect_all(m, m->to->traffic);
    collect_all(m, m->from->traffic);
    x->effect = m->rc != ERR_OK ? NULL : calloc(m->n_id + 1, sizeof *x->effect);
    if (x->effect == NULL && m->rc == ERR_OK)
        m->rc = err_set(m->e, ERR_NOMEM, "no memory for %zu errata", m->n_id);
    for (size_t i = 0; i < m->n_id && m->rc == ERR_OK; i++) {
        struct effect *at = &x->effect[x->n++];
        at->erratum = erratum(m->table, m->id[i]);
        totals(m, &m->id[i], 1, at->alone);
        if (m->rc == ERR_OK)
            totals(m, m->id, i + 1, at->in_turn);
    }
    if (m->rc == ERR_OK)
        x->whole = equal(x->n == 0 ? x->from->total : x->effect[x->n - 1].in_turn, x->to->total);
}

enum err_code effects_make(const struct table *table, const struct profile *from,
                           const struct profile *to, struct effects **out, struct err *e)
{
    struct merging m = {.table = table, .from = from, .to = to, .e = e};
    struct effects *x = calloc(1, sizeof *x);
    *out = NULL;
    if (x == NULL)
        return err_set(e, ERR_NOMEM, "no memory to compare traffic");
    const struct profile *of[] = {from, to};
    struct traffic **made[] = {&x->from, &x->to};
    for (int i = 0; i < 2 && m.rc == ERR_OK; i++) {
        struct traffic_options o = {.table = table, .profile = of[i]};
        m.rc = of[i]->traffic == NULL
                   ? err_set(e, ERR_USAGE, "%s has no <traffic> to compare", of[i]->path)
                   : traffic_make(&o, made[i], e);
    }
    if (m.rc == ERR_OK)
        compute(&m, x);
    arena_release(&m.arena);
    if (m.rc == ERR_OK)
        *out = x;
    else
        effects_free(x);
    return m.rc;
}

void effects_free(struct effects *x)
{
    if (x == NULL)
        return;
    traffic_free(x->from);
    traffic_free(x->to);
    free(x->effect);
    free(x);
}
