#include "harness/evidence/mark.h"

#include <string.h>

#include "harness/base/cur.h"

#define LINK_ETHERNET 1

/* No bridge passes frames to this address on (IEEE 802.1Q table 8-1), so marks stay on the link. */
static const uint8_t nearest_bridge[6] = {0x01, 0x80, 0xc2, 0x00, 0x00, 0x0e};

static void put_be(uint8_t *p, uint64_t v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)(v >> 8 * (n - 1 - i));
}

void mark_build(const struct mark *m, const uint8_t source[6], uint8_t out[MARK_FRAME_BYTES])
{
    memset(out, 0, MARK_FRAME_BYTES);
    memcpy(out, nearest_bridge, 6);
    memcpy(out + 6, source, 6);
    put_be(out + 12, MARK_ETHERTYPE, 2);
    memcpy(out + 14, MARK_MAGIC, sizeof MARK_MAGIC);
    put_be(out + 14 + sizeof MARK_MAGIC, m->number, 8);
    put_be(out + 22 + sizeof MARK_MAGIC, (uint64_t)m->real_ns, 8);
}

bool mark_parse(const struct frame *f, struct mark *m)
{
    if (f->link_type != LINK_ETHERNET)
        return false;
    struct cur c = cur_make(f->data, f->captured_bytes);
    cur_skip(&c, 12);
    if (cur_be16(&c) != MARK_ETHERTYPE)
        return false;
    const uint8_t *magic = cur_take(&c, sizeof MARK_MAGIC);
    if (magic == NULL || memcmp(magic, MARK_MAGIC, sizeof MARK_MAGIC) != 0)
        return false;
    m->number = (uint64_t)cur_be32(&c) << 32;
    m->number |= cur_be32(&c);
    uint64_t real = (uint64_t)cur_be32(&c) << 32;
    real |= cur_be32(&c);
    m->real_ns = (int64_t)real;
    return !c.over;
}
