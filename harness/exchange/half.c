#include "harness/exchange/half.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"

#define EARLY_MOST 4096 /* kept segments: the list is searched from its start */

static bool insert(struct half *h, struct stream_host *host, struct early **place,
                   const uint8_t *data, uint32_t have, uint32_t len, const struct arrival *a)
{
    if (h->n_early == EARLY_MOST || have > LIMIT_FLOW_AHEAD_BYTES - h->early_bytes ||
        host->held_bytes + have > LIMIT_AHEAD_TOTAL_BYTES)
        return false;
    struct early *seg = malloc(sizeof *seg + have);
    if (seg == NULL) {
        (void)err_set(&host->fault, ERR_NOMEM, "no memory for an early segment of %u bytes", have);
        return false;
    }
    seg->a = *a;
    seg->have = have;
    seg->len = len;
    if (have > 0)
        memcpy(seg->data, data, have);
    seg->next = *place;
    *place = seg;
    h->n_early++;
    h->early_bytes += have;
    host->held_bytes += have;
    return true;
}

bool half_keep(struct half *h, struct stream_host *host, const uint8_t *data, uint32_t have,
               uint32_t len, const struct arrival *a)
{
    uint32_t from = a->seq, end = a->seq + len;
    struct early **place = &h->early;
    for (;;) {
        while (*place != NULL && !seq_before(from, (*place)->a.seq + (*place)->len))
            place = &(*place)->next;
        struct early *next = *place;
        if (next != NULL && !seq_before(from, next->a.seq)) { /* the kept copy came first */
            from = next->a.seq + next->len;
            if (!seq_before(from, end))
                return true;
            continue;
        }
        uint32_t stop = next != NULL && seq_before(next->a.seq, end) ? next->a.seq : end;
        uint32_t skip = from - a->seq, n = stop - from;
        struct arrival piece = {a->at, from, a->ack};
        uint32_t there = have > skip ? have - skip : 0;
        if (!insert(h, host, place, there > 0 ? data + skip : data, there < n ? there : n, n,
                    &piece))
            return false;
        from = stop;
        if (from == end)
            return true;
    }
}

struct early *half_take(struct half *h)
{
    struct early *seg = h->early;
    h->early = seg->next;
    h->n_early--;
    h->early_bytes -= seg->have;
    return seg;
}

void half_drop(struct stream_host *host, struct early *seg)
{
    host->held_bytes -= seg->have;
    free(seg);
}

void half_release(struct half *h, struct stream_host *host)
{
    while (h->early != NULL)
        half_drop(host, half_take(h));
    h->hole_ns = 0;
}
