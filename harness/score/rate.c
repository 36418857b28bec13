#include "harness/score/rate.h"

#include <stdlib.h>
#include <string.h>

#include "harness/score/attempts_impl.h"

#define FIRST_BUCKETS 256

struct tally { /* whole periods of one originator */
    uint64_t periods, good, edge, bad, sent;
};

struct originator {
    struct originator *next;
    uint32_t target;
    uint64_t device, last_message;
    uint32_t last_endpoint;
    size_t base;     /* which setting of the deployment's clock */
    uint64_t period; /* since that setting... */
    uint64_t count;  /* ...and how many in it so far */
    struct tally tally;
};

struct target {
    uint32_t row, variant;
    uint64_t expected; /* originators that must be there, 0 unknown */
    uint64_t frame_first, frame_last;
};

struct rate {
    const struct plan *plan;
    const struct deployment *deployment;
    struct target *target;
    size_t n_target;
    struct originator **bucket;
    size_t n_bucket, n;
};

/* Devices whose own doing the variant observes; without an identity they are told as one. */
static uint64_t expected_of(const struct plan *p, uint32_t row, uint32_t variant)
{
    uint64_t n = 0;
    for (size_t s = 0; s < p->n_scenario; s++)
        for (size_t k = 0; k < p->scenario[s].n_case; k++) {
            const struct plan_case *c = &p->scenario[s].kase[k];
            bool here = false;
            for (size_t t = 0; t < c->n_target; t++)
                here = here || (c->target[t].row == row && c->target[t].variant == variant);
            for (size_t g = 0; g < c->n_group && here; g++)
                n += p->group[c->group[g]].count;
        }
    return n > 0 && p->binding[p->row[row].binding].identity < 0 ? 1 : n;
}

enum err_code rate_new(const struct plan *plan, const struct deployment *deployment,
                       struct rate **out, struct err *e)
{
    *out = NULL;
    struct rate *r = calloc(1, sizeof *r);
    size_t n = 0;
    for (size_t i = 0; i < plan->n_row; i++)
        n += plan->row[i].n_variant;
    if (r != NULL) {
        r->plan = plan;
        r->deployment = deployment;
        r->n_bucket = FIRST_BUCKETS;
        r->target = calloc(n + 1, sizeof *r->target);
        r->bucket = calloc(r->n_bucket, sizeof *r->bucket);
    }
    if (r == NULL || r->target == NULL || r->bucket == NULL) {
        rate_free(r);
        return err_set(e, ERR_NOMEM, "no memory to count how often");
    }
    for (uint32_t i = 0; i < plan->n_row; i++)
        for (uint32_t k = 0; k < plan->row[i].n_variant; k++) {
            const struct plan_variant *v = &plan->row[i].variant[k];
            if (v->scored_rate == PLAN_SCORED && v->rate_period_ns > 0 && plan->row[i].binding >= 0)
                r->target[r->n_target++] = (struct target){
                    .row = i, .variant = k, .expected = v->observed ? expected_of(plan, i, k) : 0};
        }
    *out = r;
    return ERR_OK;
}

void rate_free(struct rate *r)
{
    if (r == NULL)
        return;
    for (size_t i = 0; r->bucket != NULL && i < r->n_bucket; i++)
        while (r->bucket[i] != NULL) {
            struct originator *x = r->bucket[i];
            r->bucket[i] = x->next;
            free(x);
        }
    free(r->bucket);
    free(r->target);
    free(r);
}

static const struct plan_variant *variant_of(const struct rate *r, const struct target *t)
{
    return &r->plan->row[t->row].variant[t->variant];
}

/* ---- periods ------------------------------------------------------------------------------------
 */

static void close_periods(struct tally *y, const struct plan_variant *v, uint64_t count,
                          uint64_t periods)
{
    int64_t n = (int64_t)count;
    bool low = v->rate_min >= 0 && n < v->rate_min, high = v->rate_max >= 0 && n > v->rate_max;
    bool edge = (low && n + 1 == v->rate_min) || (high && n - 1 == v->rate_max);
    y->periods += periods;
    y->sent += count * periods;
    if (edge)
        y->edge += periods;
    else if (low || high)
        y->bad += periods;
    else
        y->good += periods;
}

/* Where a setting of the clock begins, in its own time. */
static int64_t base_start(const struct rate *r, size_t base, int64_t first_ns)
{
    const struct deployment *d = r->deployment;
    return base > 0 && d->base[base - 1].since_ns > first_ns ? d->base[base - 1].since_ns
                                                             : first_ns;
}

/* Whether that setting is the day that is observed: the deployment's clock was set for it. */
static bool is_the_day(const struct rate *r, size_t base)
{
    const struct deployment *d = r->deployment;
    return base > 0 && d->base[base - 1].factor == r->plan->time_factor;
}

/* Whole periods that a setting of the clock held, or has held until now. */
static uint64_t base_periods(const struct rate *r, size_t base, int64_t period_ns, int64_t first_ns,
                             int64_t last_ns)
{
    const struct deployment *d = r->deployment;
    int64_t from = base_start(r, base, first_ns);
    int64_t to = base < d->n && d->base[base].since_ns < last_ns ? d->base[base].since_ns : last_ns;
    return to <= from ? 0 : (uint64_t)(deployment_between(d, from, to) / period_ns);
}

/* All that the setting held and that is not counted yet. */
static void close_base(const struct rate *r, const struct originator *x, struct tally *y,
                       int64_t first_ns, int64_t last_ns)
{
    const struct plan_variant *v = variant_of(r, &r->target[x->target]);
    uint64_t whole = base_periods(r, x->base, v->rate_period_ns, first_ns, last_ns);
    if (x->period >= whole)
        return;
    close_periods(y, v, x->count, 1);
    close_periods(y, v, 0, whole - x->period - 1);
}

static void count(struct rate *r, struct originator *x, int64_t at_ns, int64_t first_ns)
{
    const struct plan_variant *v = variant_of(r, &r->target[x->target]);
    size_t base = deployment_base(r->deployment, at_ns);
    if (base != x->base) {
        close_base(r, x, &x->tally, first_ns, at_ns);
        x->base = base;
        x->period = x->count = 0;
    }
    int64_t start = base_start(r, base, first_ns);
    int64_t since = at_ns > start ? deployment_between(r->deployment, start, at_ns) : 0;
    uint64_t period = (uint64_t)(since / v->rate_period_ns);
    if (period > x->period) {
        close_periods(&x->tally, v, x->count, 1);
        close_periods(&x->tally, v, 0, period - x->period - 1);
        x->period = period;
        x->count = 0;
    }
    x->count++;
}

/* ---- who sent it --------------------------------------------------------------------------------
 */

static void grow(struct rate *r)
{
    size_t n = r->n_bucket * 2;
    struct originator **bucket = calloc(n, sizeof *bucket);
    if (bucket == NULL)
        return; /* longer chains, nothing worse */
    for (size_t i = 0; i < r->n_bucket; i++)
        while (r->bucket[i] != NULL) {
            struct originator *x = r->bucket[i];
            r->bucket[i] = x->next;
            size_t b = (size_t)((x->device + x->target) * 0x9e3779b97f4a7c15u >> 20) & (n - 1);
            x->next = bucket[b];
            bucket[b] = x;
        }
    free(r->bucket);
    r->bucket = bucket;
    r->n_bucket = n;
}

/* NULL: no memory, or RATE_ORIGINATORS are known. */
static struct originator *originator(struct rate *r, uint32_t target, uint64_t device, size_t base)
{
    size_t b = (size_t)((device + target) * 0x9e3779b97f4a7c15u >> 20) & (r->n_bucket - 1);
    struct originator *x = r->bucket[b];
    while (x != NULL && (x->device != device || x->target != target))
        x = x->next;
    if (x != NULL)
        return x;
    x = r->n == RATE_ORIGINATORS ? NULL : calloc(1, sizeof *x);
    if (x == NULL)
        return NULL;
    x->target = target;
    x->device = device;
    x->base = base;
    x->last_endpoint = UINT32_MAX;
    x->next = r->bucket[b];
    r->bucket[b] = x;
    if (++r->n > r->n_bucket)
        grow(r);
    return x;
}

static bool concerns(const struct rate *r, const struct target *t, const struct sighting *s,
                     uint64_t device)
{
    const struct plan_variant *v = variant_of(r, t);
    const struct plan *p = r->plan;
    if (p->row[t->row].binding != s->binding)
        return false;
    if (!s->answer && !actors_list(v->to, p->endpoint[s->endpoint].actor))
        return false;
    const struct plan_device_group *g = NULL;
    for (size_t i = 0; i < p->n_group && g == NULL; i++)
        if (device >= p->group[i].first_id && device - p->group[i].first_id < p->group[i].count)
            g = &p->group[i];
    return g == NULL ||
           ((v->device_class[0] == '\0' || strcmp(v->device_class, g->device_class) == 0) &&
            (actors_list(v->from, g->actor) || actors_list(v->to, g->actor)));
}

static uint64_t device_of(const struct rate *r, const struct sighting *s)
{
    struct text_id id;
    int identity = r->plan->binding[s->binding].identity;
    if (identity < 0 || s->field[identity] != FIELD_FINE)
        return 0;
    text_id_set(&id, s->value[identity].data, s->value[identity].len);
    return device_number(&id);
}

/* Whether it is a payload of the equipment's own. */
static bool is_own(const struct rate *r, const struct sighting *s)
{
    return r->n_target > 0 && !s->encrypted && s->binding >= 0 && s->endpoint >= 0 &&
           r->plan->endpoint[s->endpoint].eut == s->answer;
}

bool rate_observes(const struct rate *r, const struct sighting *s, size_t *from, uint32_t *row,
                   uint32_t *variant, uint64_t *device)
{
    if (!is_own(r, s) || !is_the_day(r, deployment_base(r->deployment, s->last_ns)))
        return false;
    *device = device_of(r, s);
    while (*from < r->n_target) {
        const struct target *t = &r->target[(*from)++];
        if (!variant_of(r, t)->observed || !concerns(r, t, s, *device))
            continue;
        *row = t->row;
        *variant = t->variant;
        return true;
    }
    return false;
}

enum err_code rate_seen(struct rate *r, const struct sighting *s, int64_t first_ns, struct err *e)
{
    if (!is_own(r, s))
        return ERR_OK;
    uint64_t device = device_of(r, s), message = 0;
    if (s->envelope.message_id.len > 0)
        message = attempts_hash(s->envelope.message_id.data, s->envelope.message_id.len);
    for (uint32_t i = 0; i < r->n_target; i++) {
        if (!concerns(r, &r->target[i], s, device))
            continue;
        /* A copy under the same id is one too many where nothing else would tell. */
        bool observed = variant_of(r, &r->target[i])->observed;
        size_t base = observed ? deployment_base(r->deployment, s->last_ns) : 0;
        if (observed && !is_the_day(r, base))
            continue;
        struct originator *x = originator(r, i, device, base);
        if (x == NULL && r->n < RATE_ORIGINATORS)
            return err_set(e, ERR_NOMEM, "no memory to count how often");
        if (x == NULL)
            continue;
        bool again = message != 0 && message == x->last_message;
        if (again && (!observed || x->last_endpoint != (uint32_t)s->endpoint))
            continue;
        x->last_message = message;
        x->last_endpoint = (uint32_t)s->endpoint;
        count(r, x, s->last_ns, first_ns);
        if (r->target[i].frame_first == 0)
            r->target[i].frame_first = s->first_frame;
        r->target[i].frame_last = s->last_frame;
    }
    return ERR_OK;
}

/* Those of whom nothing was seen all day, though it lasted longer than a period: no edge explains
 * that. */
static void count_silent(const struct rate *r, const struct target *t, int64_t first_ns,
                         int64_t last_ns, struct rate_count *out)
{
    const struct plan_variant *v = variant_of(r, t);
    uint64_t silent = t->expected > out->originators ? t->expected - out->originators : 0;
    for (size_t base = 0; base <= r->deployment->n && silent > 0 && v->rate_min > 0; base++) {
        uint64_t whole =
            is_the_day(r, base) ? base_periods(r, base, v->rate_period_ns, first_ns, last_ns) : 0;
        bool longer = is_the_day(r, base) &&
                      base_periods(r, base, v->rate_period_ns / 100 * 104, first_ns, last_ns) > 0;
        out->periods += silent * whole;
        out->silent = whole > 0 ? silent : out->silent;
        if (longer)
            out->bad += silent * whole;
        else
            out->edge += silent * whole;
    }
}

void rate_told(const struct rate *r, uint32_t row, uint32_t variant, int64_t first_ns,
               int64_t last_ns, struct rate_count *out)
{
    memset(out, 0, sizeof *out);
    uint32_t t = 0;
    while (t < r->n_target && (r->target[t].row != row || r->target[t].variant != variant))
        t++;
    if (t == r->n_target)
        return;
    const struct plan_variant *v = variant_of(r, &r->target[t]);
    out->frame_first = r->target[t].frame_first;
    out->frame_last = r->target[t].frame_last;
    for (size_t i = 0; i < r->n_bucket; i++)
        for (const struct originator *x = r->bucket[i]; x != NULL; x = x->next) {
            if (x->target != t)
                continue;
            struct tally y = x->tally;
            close_base(r, x, &y, first_ns, last_ns);
            out->originators++;
            out->periods += y.periods;
            out->good += y.good;
            out->edge += y.edge;
            out->bad += y.bad;
            /* Edges even out: what is off by more than one over all periods is none. */
            bool low = v->rate_min >= 0 && y.sent + 1 < y.periods * (uint64_t)v->rate_min;
            bool high = v->rate_max >= 0 && y.sent > y.periods * (uint64_t)v->rate_max + 1;
            if ((low || high) && y.bad == 0)
                out->bad++;
        }
    count_silent(r, &r->target[t], first_ns, last_ns, out);
}
