#include "harness/score/outcomes.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/pool.h"
#include "harness/score/attempts.h"

#define FIRST_BUCKETS 1024
#define NO_QUEUE SIZE_MAX

struct held { /* an outcome of a trial that is not used yet */
    struct held *next;
    struct outcome outcome;
};

struct trial_slot {
    struct trial_slot *next;   /* in its bucket */
    struct trial_slot *behind; /* in its queue */
    uint32_t scenario, kase, trial;
    size_t queue; /* NO_QUEUE: foreign, before its first attempt */
    uint32_t pending;
    bool ended;
    struct held *held, *last; /* by row, variant, sub */
};

struct queue {
    struct trial_slot *head, **tail;
};

struct outcomes {
    const struct plan *plan;
    outcomes_use_fn *use;
    void *arg;
    struct err fault;
    struct queue *queue; /* one a case, then one a row for foreign trials */
    size_t n_queue, first_row_queue;
    size_t *first_case;    /* per scenario: index of its first case's queue */
    size_t *queue_of_case; /* cases that share a target share a queue */
    struct trial_slot **bucket;
    size_t n_bucket, n_trial;
    struct pool slots, helds;
};

/* ---- which cases share a queue ------------------------------------------------------------------
 */

static size_t root_of(size_t *parent, size_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

static bool share_target(const struct plan_case *x, const struct plan_case *y)
{
    for (size_t i = 0; i < x->n_target; i++)
        for (size_t k = 0; k < y->n_target; k++)
            if (x->target[i].row == y->target[k].row &&
                x->target[i].variant == y->target[k].variant)
                return true;
    return false;
}

static void assign_queues(struct outcomes *q)
{
    const struct plan *p = q->plan;
    size_t n = 0;
    for (size_t s = 0; s < p->n_scenario; s++) {
        q->first_case[s] = n;
        for (size_t c = 0; c < p->scenario[s].n_case; c++, n++)
            q->queue_of_case[n] = n;
    }
    size_t x = 0;
    for (size_t s = 0; s < p->n_scenario; s++)
        for (size_t c = 0; c < p->scenario[s].n_case; c++, x++) {
            size_t y = 0;
            for (size_t s2 = 0; s2 <= s; s2++)
                for (size_t c2 = 0; c2 < p->scenario[s2].n_case && y < x; c2++, y++)
                    if (share_target(&p->scenario[s].kase[c], &p->scenario[s2].kase[c2]))
                        q->queue_of_case[root_of(q->queue_of_case, x)] =
                            root_of(q->queue_of_case, y);
        }
    for (size_t i = 0; i < n; i++)
        q->queue_of_case[i] = root_of(q->queue_of_case, i);
}

enum err_code outcomes_new(const struct plan *plan, outcomes_use_fn *use, void *arg,
                           struct outcomes **out, struct err *e)
{
    *out = NULL;
    struct outcomes *q = calloc(1, sizeof *q);
    if (q == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the order of outcomes");
    q->plan = plan;
    q->slots.size = sizeof(struct trial_slot);
    q->helds.size = sizeof(struct held);
    q->use = use;
    q->arg = arg;
    size_t n_case = 0;
    for (size_t s = 0; s < plan->n_scenario; s++)
        n_case += plan->scenario[s].n_case;
    q->first_row_queue = n_case;
    q->n_queue = n_case + plan->n_row;
    q->n_bucket = FIRST_BUCKETS;
    q->queue = calloc(q->n_queue + 1, sizeof *q->queue);
    q->first_case = calloc(plan->n_scenario + 1, sizeof *q->first_case);
    q->queue_of_case = calloc(n_case + 1, sizeof *q->queue_of_case);
    q->bucket = calloc(q->n_bucket, sizeof *q->bucket);
    if (q->queue == NULL || q->first_case == NULL || q->queue_of_case == NULL ||
        q->bucket == NULL) {
        outcomes_free(q);
        return err_set(e, ERR_NOMEM, "no memory for the order of outcomes");
    }
    for (size_t i = 0; i < q->n_queue; i++)
        q->queue[i].tail = &q->queue[i].head;
    assign_queues(q);
    *out = q;
    return ERR_OK;
}

static void slot_free(struct outcomes *q, struct trial_slot *t)
{
    while (t->held != NULL) {
        struct held *h = t->held;
        t->held = h->next;
        pool_give(&q->helds, h);
    }
    pool_give(&q->slots, t);
}

void outcomes_free(struct outcomes *q)
{
    if (q == NULL)
        return;
    for (size_t i = 0; q->bucket != NULL && i < q->n_bucket; i++)
        while (q->bucket[i] != NULL) {
            struct trial_slot *t = q->bucket[i];
            q->bucket[i] = t->next;
            slot_free(q, t);
        }
    pool_release(&q->slots);
    pool_release(&q->helds);
    free(q->queue);
    free(q->first_case);
    free(q->queue_of_case);
    free(q->bucket);
    free(q);
}

/* ---- trials by their numbers
 * --------------------------------------------------------------------- */

static struct trial_slot **place_of(struct outcomes *q, uint32_t scenario, uint32_t kase,
                                    uint32_t trial)
{
    uint64_t key =
        (((uint64_t)scenario << 32) + ((uint64_t)kase << 24) + trial) * 0x9e3779b97f4a7c15u;
    struct trial_slot **at = &q->bucket[key >> 32 & (q->n_bucket - 1)];
    while (*at != NULL &&
           ((*at)->scenario != scenario || (*at)->kase != kase || (*at)->trial != trial))
        at = &(*at)->next;
    return at;
}

static void no_memory(struct outcomes *q)
{
    (void)err_set(&q->fault, ERR_NOMEM, "no memory for the outcomes of %zu open trials",
                  q->n_trial);
}

static void grow(struct outcomes *q)
{
    size_t n = q->n_bucket;
    struct trial_slot **old = q->bucket;
    q->bucket = calloc(n * 2, sizeof *q->bucket);
    if (q->bucket == NULL) {
        q->bucket = old;
        return; /* longer chains, nothing worse */
    }
    q->n_bucket = n * 2;
    for (size_t i = 0; i < n; i++)
        while (old[i] != NULL) {
            struct trial_slot *t = old[i];
            old[i] = t->next;
            t->next = NULL;
            *place_of(q, t->scenario, t->kase, t->trial) = t;
        }
    free(old);
}

static void enqueue(struct outcomes *q, struct trial_slot *t, size_t queue)
{
    t->queue = queue;
    *q->queue[queue].tail = t;
    q->queue[queue].tail = &t->behind;
}

void outcomes_trial(void *arg, uint32_t scenario, uint32_t kase, uint32_t trial)
{
    struct outcomes *q = arg;
    if (q->n_trial >= q->n_bucket)
        grow(q);
    struct trial_slot **at = place_of(q, scenario, kase, trial);
    if (*at != NULL)
        return;
    struct trial_slot *t = pool_take(&q->slots);
    if (t == NULL) {
        no_memory(q);
        return;
    }
    *t = (struct trial_slot){.scenario = scenario, .kase = kase, .trial = trial, .queue = NO_QUEUE};
    *at = t;
    q->n_trial++;
    if (scenario < q->plan->n_scenario && kase < q->plan->scenario[scenario].n_case)
        enqueue(q, t, q->queue_of_case[q->first_case[scenario] + kase]);
}

void outcomes_opened(void *arg, uint32_t scenario, uint32_t kase, uint32_t trial, uint32_t row,
                     uint32_t variant)
{
    struct outcomes *q = arg;
    (void)variant;
    struct trial_slot *t = *place_of(q, scenario, kase, trial);
    if (t == NULL)
        return;
    t->pending++;
    if (t->queue == NO_QUEUE)
        enqueue(q, t, q->first_row_queue + row);
}

/* ---- in order
 * ------------------------------------------------------------------------------------ */

static void drain(struct outcomes *q, size_t queue)
{
    struct queue *line = &q->queue[queue];
    while (line->head != NULL && line->head->ended && line->head->pending == 0) {
        struct trial_slot *t = line->head;
        line->head = t->behind;
        if (line->head == NULL)
            line->tail = &line->head;
        for (struct held *h = t->held; h != NULL; h = h->next) {
            const struct exchange_record *x = &h->outcome.rec;
            const struct exchange_record *y = h->next == NULL ? NULL : &h->next->outcome.rec;
            q->use(q->arg, &h->outcome, y == NULL || y->row != x->row || y->variant != x->variant);
        }
        *place_of(q, t->scenario, t->kase, t->trial) = t->next;
        q->n_trial--;
        slot_free(q, t);
    }
}

static bool comes_before(const struct exchange_record *x, const struct exchange_record *y)
{
    if (x->row != y->row)
        return x->row < y->row;
    return x->variant != y->variant ? x->variant < y->variant : x->sub < y->sub;
}

void outcomes_resolved(void *arg, const struct outcome *o)
{
    struct outcomes *q = arg;
    struct trial_slot *t = *place_of(q, o->rec.scenario, o->rec.kase, o->rec.trial);
    if (t == NULL)
        return;
    struct held *h = pool_take(&q->helds);
    if (h == NULL) {
        no_memory(q);
        return;
    }
    h->outcome = *o;
    struct held **at = &t->held;
    if (t->last != NULL && !comes_before(&o->rec, &t->last->outcome.rec))
        at = &t->last->next; /* as nearly always, also of a whole population */
    while (*at != NULL && !comes_before(&o->rec, &(*at)->outcome.rec))
        at = &(*at)->next;
    h->next = *at;
    *at = h;
    if (h->next == NULL)
        t->last = h;
    t->pending--;
    drain(q, t->queue);
}

void outcomes_trial_end(void *arg, uint32_t scenario, uint32_t kase, uint32_t trial)
{
    struct outcomes *q = arg;
    struct trial_slot **at = place_of(q, scenario, kase, trial);
    struct trial_slot *t = *at;
    if (t == NULL)
        return;
    t->ended = true;
    if (t->queue != NO_QUEUE) {
        drain(q, t->queue);
        return;
    }
    *at = t->next; /* foreign, and nothing was attempted */
    q->n_trial--;
    slot_free(q, t);
}

enum err_code outcomes_fault(const struct outcomes *q, struct err *e)
{
    if (q->fault.code != ERR_OK && e != NULL)
        *e = q->fault;
    return q->fault.code;
}

size_t outcomes_waiting(const struct outcomes *q)
{
    return q->n_trial;
}
