#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/exchange/stream.h"

#define SPARE_STORES 64
#define SPARE_BYTES (16u * 1024) /* larger stores are given back */
#define STORE_BYTES (LIMIT_HTTP_HEAD_BYTES + LIMIT_HTTP_BODY_BYTES + LIMIT_FRAME_BYTES)

void stream_host_init(struct stream_host *host)
{
    memset(host, 0, sizeof *host);
    buf_init(&host->body, LIMIT_HTTP_BODY_BYTES);
}

void stream_host_release(struct stream_host *host)
{
    for (size_t i = 0; i < host->n_spare; i++)
        buf_release(&host->spare[i]);
    free(host->spare);
    host->spare = NULL;
    host->n_spare = 0;
    buf_release(&host->body);
}

void stream_store_drop(struct stream_host *host, struct stream_side *side)
{
    if (side->store.data == NULL)
        return;
    host->held_bytes -= side->store.len;
    if (side->store.cap <= SPARE_BYTES && host->n_spare < SPARE_STORES) {
        if (host->spare == NULL)
            host->spare = calloc(SPARE_STORES, sizeof *host->spare);
        if (host->spare != NULL) {
            buf_reset(&side->store);
            host->spare[host->n_spare++] = side->store;
            side->store = (struct buf){0};
            return;
        }
    }
    buf_release(&side->store);
}

bool stream_store_add(struct stream_host *host, struct stream_side *side, const uint8_t *data,
                      size_t len)
{
    if (host->held_bytes + len > LIMIT_AHEAD_TOTAL_BYTES)
        return false;
    if (side->store.data == NULL && host->n_spare > 0)
        side->store = host->spare[--host->n_spare];
    side->store.max = STORE_BYTES;
    if (buf_append(&side->store, data, len, &host->fault) != ERR_OK)
        return false;
    host->held_bytes += len;
    return true;
}
