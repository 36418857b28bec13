/* The whole reading side on frames of any bytes. The input is a row of frames, each {u8 link type,
 * u8 milliseconds, u16 length} and bytes; odd link types are segments of one connection: {u8 flags
 * and side, u16 sequence number, u16 acknowledgement, payload}. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "tests/unit/packets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t on_message(void *arg, const struct sighting *s)
{
    uint64_t *tokens = arg;
    if (s->pair > *tokens || s->first_frame > s->last_frame || s->health >= SIGHT_HEALTH_COUNT)
        abort();
    return s->answer ? 0 : ++*tokens;
}

static void make_segment(struct net *n, const uint8_t *data, size_t size)
{
    if (size < 5)
        return;
    int from = data[0] >> 7;
    net_send_cut(n, from, data[0] & 0x17, (uint32_t)(data[1] << 8 | data[2]),
                 (uint32_t)(data[3] << 8 | data[4]), data + 5, size - 5, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint32_t links[] = {1, 113, 276, 0, 108, 101, 228, 229};
    struct plan_endpoint endpoint = {.actor = "server", .address = "10.0.0.2", .port = 80};
    struct binding binding = {
        .payload = "p", .element = "e", .field = {{.path = "f"}}, .n_field = 1};
    struct plan plan = {
        .endpoint = &endpoint, .n_endpoint = 1, .binding = &binding, .n_binding = 1};
    uint64_t tokens = 0;
    struct net *n = net_new(&plan);
    struct sighting_handlers handlers = {on_message, NULL, NULL, &tokens};
    exchange_reader_free(n->reader);
    if (exchange_reader_new(&plan, &handlers, &n->reader, NULL) != ERR_OK)
        abort();
    while (size >= 4) {
        size_t len = (size_t)(data[2] << 8 | data[3]);
        uint8_t link = data[0];
        n->now_ns += data[1] * NS_PER_MS;
        data += 4, size -= 4;
        if (len > size)
            len = size;
        if (link % 2 == 1) {
            make_segment(n, data, len);
        } else {
            memcpy(n->bytes, data, len);
            net_frame(n, links[link / 2 % 8], len, len + link / 16);
        }
        data += len, size -= len;
    }
    net_finish(n);
    net_free(n);
    return 0;
}
