#include "harness/score/hops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct hop_sample *sample_of(struct hops *h, const struct outcome_stage *s, unsigned nth)
{
    for (size_t i = 0; i < h->n; i++)
        if (h->hop[i].endpoint == s->endpoint && h->hop[i].link == s->link && h->hop[i].nth == nth)
            return &h->hop[i];
    if (h->n == OUTCOME_STAGES)
        return NULL;
    h->hop[h->n] = (struct hop_sample){.endpoint = s->endpoint, .link = s->link, .nth = nth};
    return &h->hop[h->n++];
}

static enum err_code put(struct hop_sample *s, int64_t took_ns, struct err *e)
{
    if (s->n == HOPS_SAMPLE)
        return ERR_OK;
    if (s->n == s->cap) {
        size_t cap = s->cap == 0 ? 64 : 2 * s->cap;
        int64_t *more = realloc(s->took_ns, cap * sizeof *more);
        if (more == NULL)
            return err_set(e, ERR_NOMEM, "no memory for the hops of %zu exchanges", cap);
        s->took_ns = more;
        s->cap = cap;
    }
    s->took_ns[s->n++] = took_ns;
    return ERR_OK;
}

enum err_code hops_add(struct hops *h, const struct outcome *o, struct err *e)
{
    unsigned disturbed = OUTCOME_DROP | OUTCOME_STEP | OUTCOME_STALL;
    enum err_code rc = ERR_OK;
    if ((o->rec.flags & OUTCOME_DELIVERED) == 0 || (o->rec.flags & disturbed) != 0)
        return ERR_OK;
    for (size_t i = 0; i < o->n_stage && rc == ERR_OK; i++) {
        unsigned nth = 0;
        for (size_t k = 0; k < i; k++)
            nth += o->stage[k].endpoint == o->stage[i].endpoint &&
                   o->stage[k].link == o->stage[i].link;
        struct hop_sample *s = sample_of(h, &o->stage[i], nth);
        if (s != NULL)
            rc = put(s, o->stage[i].took_ns, e);
    }
    return rc;
}

static int ascending(const void *l, const void *r)
{
    int64_t x = *(const int64_t *)l, y = *(const int64_t *)r;
    return (x > y) - (x < y);
}

/* The least value that so many per cent do not exceed. */
static int64_t percentile(const struct hop_sample *s, unsigned percent)
{
    return s->took_ns[(s->n * percent + 99) / 100 - 1];
}

static bool named_inside(const struct plan *p, const char *actor, size_t len)
{
    for (size_t i = 0; i < p->n_endpoint; i++)
        if (p->endpoint[i].inside && strlen(p->endpoint[i].actor) == len &&
            memcmp(p->endpoint[i].actor, actor, len) == 0)
            return true;
    return false;
}

/* The actors of an endpoint: of the equipment's own those that have none of their own inside. */
static const char *actors_of(const struct plan *p, const struct plan_variant *v, uint32_t endpoint,
                             struct arena *arena)
{
    if (endpoint == OUTCOME_ORIGIN || endpoint == OUTCOME_DESTINATION)
        return endpoint == OUTCOME_ORIGIN ? v->from : v->to;
    bool whole = endpoint == OUTCOME_WHOLE;
    for (endpoint = whole ? 0 : endpoint; whole && !p->endpoint[endpoint].eut;)
        endpoint++;
    const struct plan_endpoint *ep = &p->endpoint[endpoint];
    if (whole || !ep->eut || ep->inside)
        return ep->actor;
    char *out = arena_alloc(arena, strlen(ep->actor) + 1);
    size_t n = 0;
    for (const char *at = ep->actor; out != NULL && *at != '\0';) {
        const char *end = strstr(at, ", ");
        size_t len = end == NULL ? strlen(at) : (size_t)(end - at);
        if (!named_inside(p, at, len)) {
            memcpy(out + n, n > 0 ? ", " : "", n > 0 ? 2 : 0);
            n += n > 0 ? 2 : 0;
            memcpy(out + n, at, len);
            n += len;
        }
        at += len + (end == NULL ? 0 : 2);
    }
    return out == NULL || n == 0 ? ep->actor : out;
}

static bool is_equipment(const struct plan *p, uint32_t endpoint)
{
    return endpoint == OUTCOME_ORIGIN || endpoint == OUTCOME_WHOLE ||
           (endpoint < p->n_endpoint && p->endpoint[endpoint].eut);
}

/* The strictest limit from end to end, of which the plan's holds a declared share already. */
static int64_t budget(const struct plan_variant *v)
{
    if (v->latency_strict_ns < 0 || v->share_ppm == 0)
        return -1;
    if (v->share_ppm < 0 || v->share_ppm == 1000000)
        return v->latency_strict_ns;
    __int128 whole = (__int128)v->latency_strict_ns * 1000000 / v->share_ppm;
    return whole > INT64_MAX ? INT64_MAX : (int64_t)whole;
}

enum err_code hops_result(struct hops *h, const struct plan *plan, const struct plan_variant *v,
                          struct arena *arena, struct result_variant *out)
{
    struct result_hop *hop = arena_alloc(arena, (h->n + 1) * sizeof *hop);
    out->budget_ns = budget(v);
    out->hop = hop;
    if (hop == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < h->n; i++) {
        struct hop_sample *s = &h->hop[i];
        qsort(s->took_ns, s->n, sizeof *s->took_ns, ascending);
        hop[out->n_hop++] =
            (struct result_hop){.link = s->link,
                                .equipment = !s->link && is_equipment(plan, s->endpoint),
                                .at = actors_of(plan, v, s->endpoint, arena),
                                .n = s->n,
                                .p50_ns = percentile(s, 50),
                                .p99_ns = percentile(s, 99),
                                .worst_ns = s->took_ns[s->n - 1]};
    }
    return ERR_OK;
}

void hops_release(struct hops *h)
{
    for (size_t i = 0; i < h->n; i++)
        free(h->hop[i].took_ns);
    *h = (struct hops){.n = 0};
}
