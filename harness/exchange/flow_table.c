#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "harness/base/clock.h"
#include "harness/exchange/flow_impl.h"

#define BUCKETS_AT_FIRST 1024

static uint64_t hash_side(uint64_t seed, const uint8_t *addr, size_t addr_len, uint16_t port)
{
    uint64_t h = seed ^ port * UINT64_C(0x9E3779B97F4A7C15), part = 0;
    for (size_t at = 0; at < addr_len; at += 4) {
        uint32_t word;
        memcpy(&word, addr + at, 4);
        part = word;
        h = (h ^ part) * UINT64_C(0xD6E8FEB86659FD93);
        h ^= h >> 32;
    }
    return h;
}

uint64_t flow_hash(const struct flow_table *t, const struct segment *seg)
{
    return hash_side(t->seed, seg->src, seg->addr_len, seg->src_port) +
           hash_side(t->seed, seg->dst, seg->addr_len, seg->dst_port);
}

static bool is_side(const struct flow *f, int side, const uint8_t *addr, uint8_t addr_len,
                    uint16_t port)
{
    return f->c.port[side] == port && f->c.addr_len == addr_len &&
           memcmp(f->c.addr[side], addr, addr_len) == 0;
}

struct flow *flow_find(const struct flow_table *t, const struct segment *seg, uint64_t hash,
                       int *from)
{
    for (struct flow *f = t->bucket[hash & (t->n_bucket - 1)]; f != NULL; f = f->chain) {
        if (f->hash != hash)
            continue;
        for (int side = 0; side < 2; side++) {
            if (is_side(f, side, seg->src, seg->addr_len, seg->src_port) &&
                is_side(f, !side, seg->dst, seg->addr_len, seg->dst_port)) {
                *from = side;
                return f;
            }
        }
    }
    return NULL;
}

static void list_remove(struct flow_table *t, struct flow *f)
{
    struct list *l = &t->list[f->list];
    *(f->prev == NULL ? &l->head : &f->prev->next) = f->next;
    *(f->next == NULL ? &l->tail : &f->next->prev) = f->prev;
    l->n--;
}

static void list_append(struct flow_table *t, struct flow *f, enum list_kind kind)
{
    struct list *l = &t->list[kind];
    f->list = kind;
    f->next = NULL;
    f->prev = l->tail;
    *(l->tail == NULL ? &l->head : &l->tail->next) = f;
    l->tail = f;
    l->n++;
}

void flow_move(struct flow_table *t, struct flow *f, enum list_kind kind)
{
    list_remove(t, f);
    list_append(t, f, kind);
}

void flow_set_suspect(struct flow_table *t, struct flow *f, bool suspect)
{
    if (f->suspect == suspect)
        return;
    f->suspect = suspect;
    if (suspect) {
        f->suspect_prev = NULL;
        f->suspect_next = t->suspects;
        if (t->suspects != NULL)
            t->suspects->suspect_prev = f;
        t->suspects = f;
    } else {
        *(f->suspect_prev == NULL ? &t->suspects : &f->suspect_prev->suspect_next) =
            f->suspect_next;
        if (f->suspect_next != NULL)
            f->suspect_next->suspect_prev = f->suspect_prev;
    }
}

static void grow(struct flow_table *t)
{
    size_t n = t->n_bucket * 2;
    struct flow **bucket = calloc(n, sizeof(struct flow *));
    if (bucket == NULL) /* longer chains will do */
        return;
    for (size_t i = 0; i < t->n_bucket; i++) {
        while (t->bucket[i] != NULL) {
            struct flow *f = t->bucket[i];
            t->bucket[i] = f->chain;
            f->chain = bucket[f->hash & (n - 1)];
            bucket[f->hash & (n - 1)] = f;
        }
    }
    free(t->bucket);
    t->bucket = bucket;
    t->n_bucket = n;
}

struct flow *flow_add(struct flow_table *t, uint64_t hash, enum list_kind kind)
{
    struct flow *f = t->spare;
    if (f != NULL)
        t->spare = f->chain;
    else
        f = malloc(sizeof *f);
    if (f == NULL) {
        (void)err_set(&t->host->fault, ERR_NOMEM, "no memory for a connection");
        return NULL;
    }
    memset(f, 0, sizeof *f);
    stream_init(&f->stream);
    f->hash = hash;
    if (++t->n_flow > t->n_bucket)
        grow(t);
    f->chain = t->bucket[hash & (t->n_bucket - 1)];
    t->bucket[hash & (t->n_bucket - 1)] = f;
    list_append(t, f, kind);
    return f;
}

static void release(struct flow_table *t, struct flow *f)
{
    half_release(&f->half[0], t->host);
    half_release(&f->half[1], t->host);
    stream_release(&f->stream, t->host);
}

void flow_remove(struct flow_table *t, struct flow *f)
{
    flow_set_suspect(t, f, false);
    list_remove(t, f);
    struct flow **link = &t->bucket[f->hash & (t->n_bucket - 1)];
    while (*link != f)
        link = &(*link)->chain;
    *link = f->chain;
    t->n_flow--;
    release(t, f);
    f->chain = t->spare;
    t->spare = f;
}

struct flow_table *flow_table_new(struct stream_host *host, endpoint_fn *endpoint_of)
{
    struct flow_table *t = calloc(1, sizeof *t);
    if (t == NULL)
        return NULL;
    t->host = host;
    t->endpoint_of = endpoint_of;
    t->n_bucket = BUCKETS_AT_FIRST;
    t->bucket = calloc(t->n_bucket, sizeof(struct flow *));
    if (t->bucket == NULL) {
        free(t);
        return NULL;
    }
    /* against addresses chosen to collide; nothing that is told depends on it */
    if (getrandom(&t->seed, sizeof t->seed, GRND_NONBLOCK) != (ssize_t)sizeof t->seed)
        t->seed = (uint64_t)clock_mono_ns();
    return t;
}

void flow_table_free(struct flow_table *t)
{
    if (t == NULL)
        return;
    for (int kind = 0; kind < LIST_COUNT; kind++) {
        struct flow *next;
        for (struct flow *f = t->list[kind].head; f != NULL; f = next) {
            next = f->next;
            release(t, f);
            free(f);
        }
    }
    while (t->spare != NULL) {
        struct flow *f = t->spare;
        t->spare = f->chain;
        free(f);
    }
    free(t->bucket);
    free(t);
}
