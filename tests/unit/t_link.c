/* Link layers and IP, as they stand in captures. */
#include "tests/tap.h"
#include "tests/unit/packets.h"

static const uint8_t sender[4] = {10, 0, 0, 1};

static struct segment seg;
static struct mark mark;

/* Reads len bytes out of an exact-size heap block. The payload is only told by its lengths. */
static enum link_kind read_bytes(uint32_t link, const uint8_t *bytes, size_t len, size_t wire)
{
    uint8_t *block = malloc(len == 0 ? 1 : len);
    memcpy(block, bytes, len);
    struct frame f = {1, 0, link, 0, (uint32_t)len, (uint32_t)wire, block};
    memset(&seg, 0, sizeof seg);
    enum link_kind kind = link_read(&f, &seg, &mark);
    if (kind == LINK_TCP && (seg.have > len || (seg.have > 0 && seg.data + seg.have > block + len)))
        kind = LINK_KIND_COUNT; /* points outside */
    free(block);
    return kind;
}

static size_t tcp_over_ipv4(uint8_t *p)
{
    return put_ipv4(p, CLIENT, 6, put_tcp(p + 20, 1, 2, 3, 4, TCP_ACK, 5, "data", 4));
}

/* head bytes of link layer in front of an IPv4 packet: read whole and at every length. */
static void over(const char *what, uint32_t link, const uint8_t *head, size_t head_len)
{
    uint8_t p[200];
    memcpy(p, head, head_len);
    size_t len = head_len + tcp_over_ipv4(p + head_len);
    bool good = read_bytes(link, p, len, len) == LINK_TCP && seg.have == 4 && seg.len == 4 &&
                seg.src_port == 1 && seg.dst_port == 2 && memcmp(seg.src, sender, 4) == 0;
    ok(good, "%s is read", what);
    bool bounded = true;
    for (size_t n = 0; n < len; n++) {
        enum link_kind kind = read_bytes(link, p, n, len);
        bounded =
            bounded && (kind == LINK_OTHER || (kind == LINK_TCP && seg.have < 4 && seg.len == 4));
    }
    ok(bounded, "%s cut anywhere says so", what);
}

static void links(void)
{
    static const uint8_t eth[14] = {[12] = 8};
    static const uint8_t vlan[18] = {[12] = 0x81, [16] = 8};
    static const uint8_t qinq[22] = {[12] = 0x88, [13] = 0xA8, [16] = 0x81, [20] = 8};
    static const uint8_t sll[16] = {[14] = 8};
    static const uint8_t sll2[20] = {8};
    static const uint8_t null[4] = {2};
    static const uint8_t loop[4] = {[3] = 2};
    over("Ethernet", 1, eth, sizeof eth);
    over("a VLAN tag", 1, vlan, sizeof vlan);
    over("stacked VLAN tags", 1, qinq, sizeof qinq);
    over("Linux cooked", 113, sll, sizeof sll);
    over("Linux cooked 2", 276, sll2, sizeof sll2);
    over("loopback, little-endian", 0, null, sizeof null);
    over("loopback, big-endian", 108, loop, sizeof loop);
    static const uint32_t raw[] = {101, 12, 14, 228};
    for (size_t i = 0; i < sizeof raw / sizeof raw[0]; i++)
        over("raw IP", raw[i], eth, 0);
    uint8_t p[200] = {0};
    size_t len = tcp_over_ipv4(p);
    is_int(read_bytes(147, p, len, len), LINK_OTHER, "other link types are not guessed at");
}

static void lengths(void)
{
    uint8_t p[300] = {0};
    size_t len = tcp_over_ipv4(p);
    ok(read_bytes(101, p, len + 20, len + 20) == LINK_TCP && seg.have == 4,
       "padding is no payload");
    put16(p + 2, 0);
    ok(read_bytes(101, p, len + 20, len + 20) == LINK_TCP && seg.have == 24,
       "a length of 0 from offload means the rest of the frame");
    ok(read_bytes(101, p, len, len + 20) == LINK_TCP && seg.have == 4 && seg.len == 24,
       "what was not captured is known to be missing");
    put16(p + 2, 19);
    is_int(read_bytes(101, p, len, len), LINK_OTHER, "a length below the header's is refused");
    len = tcp_over_ipv4(p);
    p[20 + 12] = 0xF0;
    is_int(read_bytes(101, p, len, len), LINK_OTHER,
           "a TCP header longer than its packet is refused");
    p[20 + 12] = 0x40;
    is_int(read_bytes(101, p, len, len), LINK_OTHER, "a TCP header below 20 bytes is refused");
    p[20 + 12] = 0x60;
    ok(read_bytes(101, p, len, len) == LINK_TCP && seg.have == 0, "TCP options are no payload");
    len = tcp_over_ipv4(p);
    memmove(p + 24, p + 20, len - 20);
    p[0] = 0x46;
    put16(p + 2, (unsigned)len + 4);
    ok(read_bytes(101, p, len + 4, len + 4) == LINK_TCP && seg.have == 4, "IP options are skipped");
    len = tcp_over_ipv4(p);
    put16(p + 6, 0x2000);
    is_int(read_bytes(101, p, len, len), LINK_FRAGMENT, "a first fragment is none of ours");
    put16(p + 6, 0x0010);
    is_int(read_bytes(101, p, len, len), LINK_FRAGMENT, "nor a later one");
    put16(p + 6, 0x4000);
    is_int(read_bytes(101, p, len, len), LINK_TCP, "do-not-fragment is no fragment");
    p[9] = 17;
    is_int(read_bytes(101, p, len, len), LINK_OTHER, "UDP is none of ours");
}

static size_t put_ipv6(uint8_t *p, const uint8_t *extensions, size_t n, uint8_t first)
{
    memset(p, 0, 40);
    p[0] = 0x60;
    p[6] = first;
    p[23] = 1;
    p[39] = 2;
    if (n > 0)
        memcpy(p + 40, extensions, n);
    size_t len = n + put_tcp(p + 40 + n, 1, 2, 3, 4, TCP_ACK, 5, "data", 4);
    put16(p + 4, (unsigned)len);
    return 40 + len;
}

static void six(void)
{
    uint8_t p[300] = {0};
    size_t len = put_ipv6(p, NULL, 0, 6);
    ok(read_bytes(229, p, len + 9, len + 9) == LINK_TCP && seg.have == 4 && seg.addr_len == 16 &&
           seg.src[15] == 1 && seg.dst[15] == 2,
       "IPv6 is read");
    put16(p + 4, 0);
    ok(read_bytes(229, p, len, len) == LINK_TCP && seg.have == 4, "also with a length of 0");
    uint8_t ext[40] = {60, 1}; /* hop by hop, 16 bytes */
    ext[16] = 43;              /* destination options, 8 bytes */
    ext[24] = 44;              /* routing, 8 bytes */
    ext[32] = 6;               /* fragment header of a whole packet */
    len = put_ipv6(p, ext, sizeof ext, 0);
    ok(read_bytes(101, p, len, len) == LINK_TCP && seg.have == 4,
       "extension headers are passed over");
    bool bounded = true;
    for (size_t n = 0; n < len; n++)
        bounded = bounded && read_bytes(101, p, n, len) != LINK_KIND_COUNT;
    ok(bounded, "and bounded");
    p[40 + 35] = 1;
    is_int(read_bytes(101, p, len, len), LINK_FRAGMENT, "an IPv6 fragment is told as one");
    uint8_t endless[240];
    memset(endless, 0, sizeof endless);
    len = put_ipv6(p, endless, 200, 0);
    is_int(read_bytes(101, p, len, len), LINK_OTHER, "extension headers without end are refused");
}

static void marks(void)
{
    uint8_t p[60] = {0};
    (void)put_ethernet(p, MARK_ETHERTYPE);
    memcpy(p + 14, MARK_MAGIC, sizeof MARK_MAGIC);
    put32(p + 26, 7);
    put32(p + 34, 9);
    ok(read_bytes(1, p, 60, 60) == LINK_MARK && mark.number == 7 && mark.real_ns == 9,
       "a mark is read");
    p[15] ^= 1;
    is_int(read_bytes(1, p, 60, 60), LINK_OTHER, "another frame of that type is none");
    is_int(read_bytes(1, p, 20, 60), LINK_OTHER, "nor half of one");
}

int main(void)
{
    links();
    lengths();
    six();
    marks();
    return done_testing();
}
