#include "harness/exchange/link.h"

#include <stdbool.h>
#include <string.h>

#include "harness/base/cur.h"
#include "harness/evidence/mark.h"

/* LINKTYPE_* numbers as files carry them; 12 and 14 are raw IP on other systems. */
#define LINKTYPE_NULL 0
#define LINKTYPE_ETHERNET 1
#define LINKTYPE_RAW_12 12
#define LINKTYPE_RAW_14 14
#define LINKTYPE_RAW 101
#define LINKTYPE_LOOP 108
#define LINKTYPE_SLL 113
#define LINKTYPE_IPV4 228
#define LINKTYPE_IPV6 229
#define LINKTYPE_SLL2 276

#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_IPV6 0x86DD
#define ETHERTYPE_VLAN 0x8100
#define ETHERTYPE_QINQ 0x88A8
#define ETHERTYPE_QINQ_OLD 0x9100

#define PROTO_HOP_BY_HOP 0
#define PROTO_ICMP 1
#define PROTO_TCP 6
#define PROTO_ROUTING 43
#define PROTO_FRAGMENT 44
#define PROTO_AH 51
#define PROTO_ICMPV6 58
#define PROTO_OPTIONS 60
#define PROTO_MOBILITY 135

#define TAGS_MOST 8
#define EXTENSIONS_MOST 16

/* A cursor over what was captured, and how many bytes there were on the wire from the same place.
 */
struct view {
    struct cur c;
    size_t wire;
};

static void view_skip(struct view *v, size_t n)
{
    cur_skip(&v->c, n);
    v->wire -= n < v->wire ? n : v->wire;
}

/* Ends the view after n bytes of wire. */
static void view_cut(struct view *v, size_t n)
{
    v->wire = n;
    if (v->c.left > n)
        v->c.left = n;
}

static enum link_kind read_tcp(struct view v, struct segment *seg)
{
    struct cur c = v.c;
    seg->src_port = cur_be16(&c);
    seg->dst_port = cur_be16(&c);
    seg->seq = cur_be32(&c);
    seg->ack = cur_be32(&c);
    size_t head = (size_t)(cur_u8(&c) >> 4) * 4;
    seg->flags = cur_u8(&c);
    seg->window = cur_be16(&c);
    cur_skip(&c, 4);
    if (c.over || head < 20 || head > v.wire)
        return LINK_OTHER;
    view_skip(&v, head);
    seg->data = v.c.p;
    seg->have = v.c.over ? 0 : (uint32_t)v.c.left;
    seg->len = (uint32_t)v.wire;
    return LINK_TCP;
}

/* The first bytes of the segment that an ICMP error quotes. */
static enum link_kind read_quoted_tcp(struct view v, struct segment *seg)
{
    seg->src_port = cur_be16(&v.c);
    seg->dst_port = cur_be16(&v.c);
    seg->seq = cur_be32(&v.c);
    seg->ack = 0;
    seg->flags = 0;
    seg->window = 0;
    seg->data = NULL;
    seg->have = seg->len = 0;
    return v.c.over ? LINK_OTHER : LINK_UNREACHABLE;
}

static enum link_kind read_ip(struct view v, struct segment *seg, bool quoted);

static enum link_kind read_icmp(struct view v, uint8_t unreachable, struct segment *seg)
{
    uint8_t type = cur_u8(&v.c);
    v.c.p--, v.c.left++; /* the type was only looked at */
    if (v.c.over || type != unreachable)
        return LINK_OTHER;
    view_skip(&v, 8);
    return v.c.over ? LINK_OTHER : read_ip(v, seg, true);
}

static enum link_kind read_upper(struct view v, uint8_t proto, struct segment *seg, bool quoted)
{
    if (proto == PROTO_TCP)
        return quoted ? read_quoted_tcp(v, seg) : read_tcp(v, seg);
    if (v.c.left == 0 || quoted)
        return LINK_OTHER;
    if (proto == PROTO_ICMP && seg->addr_len == 4)
        return read_icmp(v, 3, seg);
    if (proto == PROTO_ICMPV6 && seg->addr_len == 16)
        return read_icmp(v, 1, seg);
    return LINK_OTHER;
}

static enum link_kind read_ipv4(struct view v, struct segment *seg, bool quoted)
{
    struct cur c = v.c;
    size_t head = (size_t)(cur_u8(&c) & 0x0F) * 4;
    cur_skip(&c, 1);
    size_t total = cur_be16(&c);
    cur_skip(&c, 2);
    uint16_t fragment = cur_be16(&c);
    cur_skip(&c, 1);
    uint8_t proto = cur_u8(&c);
    cur_skip(&c, 2);
    const uint8_t *addr = cur_take(&c, 8);
    if (addr == NULL || head < 20)
        return LINK_OTHER;
    if (total == 0)
        total = v.wire;
    if (total < head)
        return LINK_OTHER;
    if ((fragment & 0x3FFF) != 0) /* more fragments, or an offset */
        return LINK_FRAGMENT;
    memcpy(seg->src, addr, 4);
    memcpy(seg->dst, addr + 4, 4);
    seg->addr_len = 4;
    view_cut(&v, total);
    view_skip(&v, head);
    return read_upper(v, proto, seg, quoted);
}

static enum link_kind read_ipv6(struct view v, struct segment *seg, bool quoted)
{
    struct cur c = v.c;
    cur_skip(&c, 4);
    size_t payload = cur_be16(&c);
    uint8_t proto = cur_u8(&c);
    cur_skip(&c, 1);
    const uint8_t *addr = cur_take(&c, 32);
    if (addr == NULL)
        return LINK_OTHER;
    memcpy(seg->src, addr, 16);
    memcpy(seg->dst, addr + 16, 16);
    seg->addr_len = 16;
    view_skip(&v, 40);
    if (payload != 0)
        view_cut(&v, payload);
    for (int i = 0; i < EXTENSIONS_MOST; i++) {
        if (proto != PROTO_HOP_BY_HOP && proto != PROTO_ROUTING && proto != PROTO_FRAGMENT &&
            proto != PROTO_AH && proto != PROTO_OPTIONS && proto != PROTO_MOBILITY)
            return read_upper(v, proto, seg, quoted);
        struct cur head = v.c;
        uint8_t next = cur_u8(&head);
        size_t units = cur_u8(&head);
        uint16_t fragment = cur_be16(&head);
        if (head.over)
            return LINK_OTHER;
        if (proto == PROTO_FRAGMENT && (fragment & 0xFFF9) != 0)
            return LINK_FRAGMENT;
        size_t len = proto == PROTO_FRAGMENT ? 8
                     : proto == PROTO_AH     ? (units + 2) * 4
                                             : (units + 1) * 8;
        view_skip(&v, len);
        if (v.c.over)
            return LINK_OTHER;
        proto = next;
    }
    return LINK_OTHER;
}

static enum link_kind read_ip(struct view v, struct segment *seg, bool quoted)
{
    if (v.c.left == 0)
        return LINK_OTHER;
    switch (v.c.p[0] >> 4) {
    case 4:
        return read_ipv4(v, seg, quoted);
    case 6:
        return read_ipv6(v, seg, quoted);
    default:
        return LINK_OTHER;
    }
}

static enum link_kind read_ethertype(struct view v, uint16_t type, struct segment *seg)
{
    for (int i = 0; i < TAGS_MOST && (type == ETHERTYPE_VLAN || type == ETHERTYPE_QINQ ||
                                      type == ETHERTYPE_QINQ_OLD);
         i++) {
        struct cur tag = v.c;
        cur_skip(&tag, 2);
        type = cur_be16(&tag);
        view_skip(&v, 4);
        if (v.c.over)
            return LINK_OTHER;
    }
    if (type == ETHERTYPE_IPV4 || type == ETHERTYPE_IPV6)
        return read_ip(v, seg, false);
    return LINK_OTHER;
}

/* The ethertype at type_at within a link header of head bytes. */
static enum link_kind read_typed(struct view v, size_t type_at, size_t head, struct segment *seg)
{
    struct cur c = v.c;
    cur_skip(&c, type_at);
    uint16_t type = cur_be16(&c);
    view_skip(&v, head);
    if (c.over || v.c.over)
        return LINK_OTHER;
    return read_ethertype(v, type, seg);
}

enum link_kind link_read(const struct frame *f, struct segment *seg, struct mark *mark)
{
    size_t have = f->captured_bytes;
    struct view v = {cur_make(f->data, have), f->wire_bytes > have ? f->wire_bytes : have};
    switch (f->link_type) {
    case LINKTYPE_ETHERNET:
        return mark_parse(f, mark) ? LINK_MARK : read_typed(v, 12, 14, seg);
    case LINKTYPE_SLL:
        return read_typed(v, 14, 16, seg);
    case LINKTYPE_SLL2:
        return read_typed(v, 0, 20, seg);
    case LINKTYPE_NULL: /* an address family whose number and byte order depend on the system */
    case LINKTYPE_LOOP:
        view_skip(&v, 4);
        return v.c.over ? LINK_OTHER : read_ip(v, seg, false);
    case LINKTYPE_RAW:
    case LINKTYPE_RAW_12:
    case LINKTYPE_RAW_14:
    case LINKTYPE_IPV4:
    case LINKTYPE_IPV6:
        return read_ip(v, seg, false);
    default:
        return LINK_OTHER;
    }
}
