/* The tables under attempts.h: trials, operations by correlation and by token, attempts by
 * deadline, by device and by the endpoint where they must arrive. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/base/num.h"
#include "harness/score/attempts_impl.h"

uint64_t attempts_hash(const void *data, size_t len)
{
    const unsigned char *p = data;
    uint64_t h = 0xcbf29ce484222325u; /* FNV-1a */
    for (size_t i = 0; i < len; i++)
        h = (h ^ p[i]) * 0x100000001b3u;
    return h ^ h >> 32;
}

void text_id_set(struct text_id *id, const char *data, size_t len)
{
    id->hash = attempts_hash(data, len);
    id->len = (uint32_t)len;
    size_t keep = len < sizeof id->text - 1 ? len : sizeof id->text - 1;
    if (keep > 0)
        memcpy(id->text, data, keep);
    id->text[keep] = '\0';
}

bool text_id_is(const struct text_id *id, const char *data, size_t len)
{
    size_t kept = len < sizeof id->text - 1 ? len : sizeof id->text - 1;
    return id->len == len && memcmp(id->text, data, kept) == 0 &&
           (kept == len || id->hash == attempts_hash(data, len));
}

uint64_t device_number(const struct text_id *id)
{
    uint64_t value;
    if (id->len == 0)
        return 0;
    return id->len == 16 && num_hex64(id->text, 16, &value) ? value : id->hash;
}

size_t arrival_bucket(const struct attempts *a, uint32_t binding, uint64_t device)
{
    uint64_t key = (device + ((uint64_t)binding << 48)) * 0x9e3779b97f4a7c15u;
    return (size_t)(key >> 24) & (a->arrival_buckets - 1);
}

enum err_code attempts_no_memory(struct attempts *a)
{
    if (a->fault.code == ERR_OK)
        (void)err_set(&a->fault, ERR_NOMEM, "no memory for %zu open attempts", a->open);
    return ERR_NOMEM;
}

/* ---- trials ------------------------------------------------------------------------------------
 */

static size_t trial_bucket(const struct attempts *a, uint32_t scenario, uint32_t kase,
                           uint32_t trial)
{
    uint64_t key = ((uint64_t)scenario << 40) + ((uint64_t)kase << 32) + trial;
    return (size_t)(key * 0x9e3779b97f4a7c15u >> 32) & (a->trial_buckets - 1);
}

static void grow_trials(struct attempts *a)
{
    size_t n = a->trial_buckets;
    struct live_trial **old = a->trial, **table = calloc(n * 2, sizeof *table);
    if (table == NULL)
        return; /* longer chains, nothing worse */
    a->trial = table;
    a->trial_buckets = n * 2;
    for (size_t i = 0; i < n; i++) {
        while (old[i] != NULL) {
            struct live_trial *t = old[i];
            old[i] = t->next;
            size_t b = trial_bucket(a, t->scenario, t->kase, t->trial);
            t->next = table[b];
            table[b] = t;
        }
    }
    free(old);
}

struct live_trial *trial_get(struct attempts *a, uint32_t scenario, uint32_t kase, uint32_t trial,
                             bool make)
{
    size_t b = trial_bucket(a, scenario, kase, trial);
    for (struct live_trial *t = a->trial[b]; t != NULL; t = t->next)
        if (t->scenario == scenario && t->kase == kase && t->trial == trial)
            return t;
    if (!make)
        return NULL;
    if (a->n_trial >= a->trial_buckets) {
        grow_trials(a);
        b = trial_bucket(a, scenario, kase, trial);
    }
    struct live_trial *t = pool_take(&a->trials);
    if (t == NULL) {
        (void)attempts_no_memory(a);
        return NULL;
    }
    *t = (struct live_trial){
        .next = a->trial[b], .scenario = scenario, .kase = kase, .trial = trial};
    a->trial[b] = t;
    a->n_trial++;
    a->h.trial(a->h.arg, scenario, kase, trial);
    return t;
}

void operation_drop(struct operation *op)
{
    while (op->early != NULL) {
        struct early *x = op->early;
        op->early = x->next;
        free(x);
    }
    image_free(op->image);
    op->image = NULL;
}

static void operation_free(struct attempts *a, struct operation *op)
{
    struct operation **at = &a->operation[op->id.hash & (a->operation_buckets - 1)];
    while (*at != op)
        at = &(*at)->next;
    *at = op->next;
    a->n_operation--;
    if (op->token != 0) {
        at = &a->token[op->token & (a->operation_buckets - 1)];
        while (*at != op)
            at = &(*at)->next_by_token;
        *at = op->next_by_token;
    }
    operation_drop(op);
    pool_give(&a->operations, op);
}

/* Ended and nothing open: its operations and itself have done their work. */
void trial_review(struct attempts *a, struct live_trial *t)
{
    if (!t->ended || t->open > 0)
        return;
    while (t->operations != NULL) {
        struct operation *op = t->operations;
        t->operations = op->next_in_trial;
        operation_free(a, op);
    }
    struct live_trial **at = &a->trial[trial_bucket(a, t->scenario, t->kase, t->trial)];
    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
    a->n_trial--;
    free(t->stimulus);
    pool_give(&a->trials, t);
}

void trial_end(struct attempts *a, struct live_trial *t)
{
    if (t->ended)
        return;
    t->ended = true;
    a->h.trial_end(a->h.arg, t->scenario, t->kase, t->trial);
    trial_review(a, t);
}

/* ---- operations --------------------------------------------------------------------------------
 */

struct operation *operation_by_id(struct attempts *a, const char *data, size_t len)
{
    uint64_t hash = attempts_hash(data, len);
    struct operation *op = a->operation[hash & (a->operation_buckets - 1)];
    while (op != NULL && (op->id.hash != hash || !text_id_is(&op->id, data, len)))
        op = op->next;
    return op;
}

static enum err_code grow_operations(struct attempts *a)
{
    size_t n = a->operation_buckets * 2;
    struct operation **by_id = calloc(n, sizeof *by_id), **by_token = calloc(n, sizeof *by_token);
    if (by_id == NULL || by_token == NULL) {
        free(by_id);
        free(by_token);
        return attempts_no_memory(a);
    }
    for (size_t i = 0; i < a->operation_buckets; i++) {
        while (a->operation[i] != NULL) {
            struct operation *op = a->operation[i];
            a->operation[i] = op->next;
            op->next = by_id[op->id.hash & (n - 1)];
            by_id[op->id.hash & (n - 1)] = op;
            if (op->token != 0) {
                op->next_by_token = by_token[op->token & (n - 1)];
                by_token[op->token & (n - 1)] = op;
            }
        }
    }
    free(a->operation);
    free(a->token);
    a->operation = by_id;
    a->token = by_token;
    a->operation_buckets = n;
    return ERR_OK;
}

struct operation *operation_by_token(struct attempts *a, uint64_t token)
{
    struct operation *op = a->token[token & (a->operation_buckets - 1)];
    while (op != NULL && op->token != token)
        op = op->next_by_token;
    return op;
}

void operation_give_token(struct attempts *a, struct operation *op)
{
    op->token = ++a->last_token;
    op->next_by_token = a->token[op->token & (a->operation_buckets - 1)];
    a->token[op->token & (a->operation_buckets - 1)] = op;
}

struct operation *operation_new(struct attempts *a, const char *id, size_t len,
                                struct live_trial *trial)
{
    if (a->n_operation >= a->operation_buckets && grow_operations(a) != ERR_OK)
        return NULL;
    struct operation *op = pool_take(&a->operations);
    if (op == NULL) {
        (void)attempts_no_memory(a);
        return NULL;
    }
    text_id_set(&op->id, id, len);
    op->other_binding = -1;
    op->reply_at = NO_ENDPOINT;
    op->opened_ns = a->now_ns;
    op->trial = trial;
    if (trial != NULL) {
        op->next_in_trial = trial->operations;
        trial->operations = op;
    }
    op->next = a->operation[op->id.hash & (a->operation_buckets - 1)];
    a->operation[op->id.hash & (a->operation_buckets - 1)] = op;
    a->n_operation++;
    return op;
}

/* ---- deadlines: a heap, each attempt in it once -------------------------------------------------
 */

static void heap_put(struct attempts *a, size_t at, const struct due *d)
{
    a->heap[at] = *d;
    d->attempt->heap_at = at;
}

static bool earlier(const struct due *x, const struct due *y)
{
    /* The serial makes the order of equal deadlines that of opening, on every machine. */
    return x->deadline_ns != y->deadline_ns ? x->deadline_ns < y->deadline_ns
                                            : x->serial < y->serial;
}

static void heap_settle(struct attempts *a, size_t at)
{
    struct due d = a->heap[at];
    while (at > 1 && earlier(&d, &a->heap[at / 2])) {
        heap_put(a, at, &a->heap[at / 2]);
        at /= 2;
    }
    for (;;) {
        size_t child = at * 2;
        if (child > a->n_heap)
            break;
        if (child < a->n_heap && earlier(&a->heap[child + 1], &a->heap[child]))
            child++;
        if (!earlier(&a->heap[child], &d))
            break;
        heap_put(a, at, &a->heap[child]);
        at = child;
    }
    heap_put(a, at, &d);
}

static void heap_remove(struct attempts *a, struct attempt *t)
{
    size_t at = t->heap_at;
    if (at == 0)
        return;
    t->heap_at = 0;
    struct due last = a->heap[a->n_heap--];
    if (last.attempt != t) {
        heap_put(a, at, &last);
        heap_settle(a, at);
    }
}

void attempt_due(struct attempts *a, struct attempt *t, int64_t deadline_ns)
{
    t->deadline_ns = a->heap[t->heap_at].deadline_ns = deadline_ns;
    heap_settle(a, t->heap_at);
}

/* ---- attempts ----------------------------------------------------------------------------------
 */

static enum err_code grow_arrivals(struct attempts *a)
{
    size_t n = a->arrival_buckets * 2;
    struct attempt **table = calloc(n, sizeof *table);
    if (table == NULL)
        return attempts_no_memory(a);
    size_t old = a->arrival_buckets;
    a->arrival_buckets = n;
    for (size_t i = 0; i < old; i++) {
        /* Oldest first within a bucket is what the search relies on: append in order. */
        while (a->arrival[i] != NULL) {
            struct attempt *t = a->arrival[i];
            a->arrival[i] = t->next_arrival;
            t->next_arrival = NULL;
            struct attempt **at = &table[arrival_bucket(a, t->binding, device_number(&t->device))];
            while (*at != NULL)
                at = &(*at)->next_arrival;
            *at = t;
        }
    }
    free(a->arrival);
    a->arrival = table;
    return ERR_OK;
}

void attempt_bucket(struct attempts *a, struct attempt *t)
{
    if (t->in_bucket || (a->n_arrival >= a->arrival_buckets && grow_arrivals(a) != ERR_OK))
        return;
    struct attempt **at = &a->arrival[arrival_bucket(a, t->binding, device_number(&t->device))];
    while (*at != NULL)
        at = &(*at)->next_arrival;
    *at = t;
    t->in_bucket = true;
    a->n_arrival++;
}

void attempt_index(struct attempts *a, struct attempt *t)
{
    bool arrives = !attempt_is_ours(t);
    if (t->role == JOURNAL_EVENT || t->role == JOURNAL_THROUGH || (t->op != NULL && t->op->many))
        attempt_bucket(a, t);
    a->n_through += t->role == JOURNAL_THROUGH;
    if (!arrives)
        return;
    uint32_t at = a->canon[t->endpoint];
    t->at_endpoint = true;
    t->prev_at = a->last_at[at];
    t->next_at = NULL;
    if (t->prev_at != NULL)
        t->prev_at->next_at = t;
    else
        a->first_at[at] = t;
    a->last_at[at] = t;
}

void attempt_unindex(struct attempts *a, struct attempt *t)
{
    if (t->in_bucket) {
        struct attempt **at = &a->arrival[arrival_bucket(a, t->binding, device_number(&t->device))];
        while (*at != t)
            at = &(*at)->next_arrival;
        *at = t->next_arrival;
        t->next_arrival = NULL;
        t->in_bucket = false;
        a->n_arrival--;
    }
    if (!t->at_endpoint)
        return;
    uint32_t at = a->canon[t->endpoint];
    t->at_endpoint = false;
    a->n_through -= t->role == JOURNAL_THROUGH;
    if (t->prev_at != NULL)
        t->prev_at->next_at = t->next_at;
    else
        a->first_at[at] = t->next_at;
    if (t->next_at != NULL)
        t->next_at->prev_at = t->prev_at;
    else
        a->last_at[at] = t->prev_at;
}

struct attempt *attempt_new(struct attempts *a, struct operation *op, struct live_trial *trial)
{
    if (a->open >= LIMIT_OPEN_ATTEMPTS) {
        (void)err_set(&a->fault, ERR_LIMIT, "more than %u attempts open at a time",
                      LIMIT_OPEN_ATTEMPTS);
        return NULL;
    }
    if (a->n_heap + 1 >= a->heap_cap) {
        size_t cap = a->heap_cap * 2;
        struct due *heap = realloc(a->heap, cap * sizeof *heap);
        if (heap == NULL) {
            (void)attempts_no_memory(a);
            return NULL;
        }
        a->heap = heap;
        a->heap_cap = cap;
    }
    struct attempt *t = pool_take(&a->attempts);
    if (t == NULL) {
        (void)attempts_no_memory(a);
        return NULL;
    }
    t->op = op;
    t->trial = trial;
    t->serial = ++a->serial;
    t->opened_ns = a->now_ns;
    t->deadline_ns = INT64_MAX;
    t->elapsed_ns = -1;
    if (op != NULL) {
        t->next_in_op = op->attempts;
        t->in_op = &op->attempts;
        if (op->attempts != NULL)
            op->attempts->in_op = &t->next_in_op;
        op->attempts = t;
        op->open++;
    }
    if (trial != NULL)
        trial->open++;
    a->open++;
    heap_put(a, ++a->n_heap, &(struct due){t->deadline_ns, t->serial, t});
    return t;
}

void attempt_free(struct attempts *a, struct attempt *t)
{
    heap_remove(a, t);
    attempt_unindex(a, t);
    struct operation *op = t->op;
    if (op != NULL) {
        *t->in_op = t->next_in_op;
        if (t->next_in_op != NULL)
            t->next_in_op->in_op = t->in_op;
        op->open--;
        if (op->open == 0 && op->trial == NULL)
            operation_free(a, op);
    }
    a->open--;
    image_free(t->image);
    pool_give(&a->attempts, t);
}
