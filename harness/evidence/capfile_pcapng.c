#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/cur.h"
#include "harness/evidence/blocks.h"
#include "harness/evidence/capfile_impl.h"

#define DEFAULT_EXPONENT 6 /* microseconds, when an interface does not tell */
#define MAX_DECIMAL 18
#define MAX_BINARY 63

static const uint64_t tens[MAX_DECIMAL + 1] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
};

/* Ticks of an interface's clock to nanoseconds since 1970, rounded down. False: beyond 64 bits. */
static bool to_ns(const struct capfile_clock *k, uint64_t ticks, int64_t *ns)
{
    unsigned __int128 v;
    if (k->power_of_two)
        v = (unsigned __int128)ticks * (uint64_t)NS_PER_S >> k->exponent;
    else if (k->exponent <= 9)
        v = (unsigned __int128)ticks * tens[9 - k->exponent];
    else
        v = ticks / tens[k->exponent - 9];
    if (v > INT64_MAX)
        return false;
    int64_t offset_ns;
    return !__builtin_mul_overflow(k->offset_s, NS_PER_S, &offset_ns) &&
           !__builtin_add_overflow((int64_t)v, offset_ns, ns);
}

/* The next option of a list: false at its end. Bounds are kept by o, whose flag tells of a cut. */
static bool next_option(struct cur *o, bool swapped, uint16_t *code, struct cur *value)
{
    if (o->left < 4)
        return false;
    *code = cur_u16(o, swapped);
    size_t len = cur_u16(o, swapped);
    if (*code == OPTION_END)
        return false;
    const uint8_t *p = cur_take(o, len);
    cur_skip(o, (4 - len % 4) % 4);
    *value = cur_make(p, p == NULL ? 0 : len);
    return !o->over;
}

static void copy_text(char *out, size_t size, const struct cur *value)
{
    size_t n = value->left < size - 1 ? value->left : size - 1;
    if (n > 0)
        memcpy(out, value->p, n);
    out[n] = '\0';
}

static enum err_code section(struct capfile *c, struct cur *b, struct err *e)
{
    cur_skip(b, 4); /* the byte order was looked at before */
    unsigned major = cur_u16(b, c->swapped), minor = cur_u16(b, c->swapped);
    cur_skip(b, 8);
    if (b->over)
        return capfile_fault(c, e, "a section header block that is too short");
    if (major != 1 || (minor != 0 && minor != 2))
        return capfile_fault(c, e, "pcapng version %u.%u: expected 1.0", major, minor);
    c->section_first = c->n_interfaces;
    c->in_section = true;
    return ERR_OK;
}

static enum err_code resolution(struct capfile *c, struct capfile_clock *k, struct cur *value,
                                struct err *e)
{
    uint8_t v = cur_u8(value);
    k->power_of_two = (v & 0x80) != 0;
    k->exponent = v & 0x7f;
    if (k->exponent > (k->power_of_two ? MAX_BINARY : MAX_DECIMAL))
        return capfile_fault(c, e,
                             "an interface counts time in %d^-%u s: expected 10^-%d or 2^-%d "
                             "at the finest",
                             k->power_of_two ? 2 : 10, k->exponent, MAX_DECIMAL, MAX_BINARY);
    return ERR_OK;
}

static enum err_code interface(struct capfile *c, struct cur *b, struct err *e)
{
    if (c->n_interfaces == LIMIT_INTERFACES)
        return capfile_fault(c, e, "one more interface: expected at most %d", LIMIT_INTERFACES);
    struct cap_interface *i = &c->interfaces[c->n_interfaces];
    struct capfile_clock *k = &c->clocks[c->n_interfaces];
    *i = (struct cap_interface){.link_type = cur_u16(b, c->swapped)};
    *k = (struct capfile_clock){.exponent = DEFAULT_EXPONENT};
    cur_skip(b, 2);
    i->snap_bytes = cur_u32(b, c->swapped);
    uint16_t code;
    struct cur value;
    while (next_option(b, c->swapped, &code, &value)) {
        if (code == INTERFACE_NAME) {
            copy_text(i->name, sizeof i->name, &value);
        } else if (code == INTERFACE_FILTER && value.left > 0 && cur_u8(&value) == 0) {
            copy_text(i->filter, sizeof i->filter, &value);
        } else if (code == INTERFACE_RESOLUTION) {
            enum err_code rc = resolution(c, k, &value, e);
            if (rc != ERR_OK)
                return rc;
        } else if (code == INTERFACE_OFFSET) {
            k->offset_s = (int64_t)cur_u64(&value, c->swapped);
        }
        if (value.over)
            return capfile_fault(c, e, "an interface option (code %u) is too short", code);
    }
    if (b->over)
        return capfile_fault(c, e, "an interface description block whose fields pass its end");
    if (k->power_of_two)
        i->ticks_per_s = k->exponent <= 9 ? INT64_C(1) << k->exponent : 0;
    else
        i->ticks_per_s = k->exponent <= 9 ? (int64_t)tens[k->exponent] : 0;
    c->n_interfaces++;
    return ERR_OK;
}

/* Interface and time of a packet or statistics block: index within the file, nanoseconds. */
static enum err_code place(struct capfile *c, uint32_t interface_id, uint64_t ticks, size_t *index,
                           int64_t *ts_ns, struct err *e)
{
    size_t declared = c->n_interfaces - c->section_first;
    if (interface_id >= declared)
        return capfile_fault(c, e, "a block names interface %u: the section declared %zu",
                             (unsigned)interface_id, declared);
    *index = c->section_first + interface_id;
    if (!to_ns(&c->clocks[*index], ticks, ts_ns))
        return capfile_fault(c, e, "a time of %llu ticks: expected one before the year 2262",
                             (unsigned long long)ticks);
    return ERR_OK;
}

static void stats_item(const struct capfile *c, size_t index, int64_t ts_ns, struct cap_item *item)
{
    const struct capfile_clock *k = &c->clocks[index];
    item->kind = CAP_STATS;
    item->stats = (struct capture_stats){
        .interface = (uint32_t)index,
        .ts_ns = ts_ns,
        .received = k->received,
        .dropped = k->dropped + k->packet_drops,
        .if_dropped = k->if_dropped,
    };
}

static enum err_code statistics(struct capfile *c, struct cur *b, struct cap_item *item,
                                struct err *e)
{
    uint32_t id = cur_u32(b, c->swapped);
    uint64_t ticks = (uint64_t)cur_u32(b, c->swapped) << 32;
    ticks |= cur_u32(b, c->swapped);
    size_t index;
    int64_t ts_ns;
    if (b->over)
        return capfile_fault(c, e, "an interface statistics block that is too short");
    enum err_code rc = place(c, id, ticks, &index, &ts_ns, e);
    if (rc != ERR_OK)
        return rc;
    struct capfile_clock *k = &c->clocks[index];
    uint16_t code;
    struct cur value;
    while (next_option(b, c->swapped, &code, &value)) {
        if (code == STATS_RECEIVED)
            k->received = cur_u64(&value, c->swapped);
        else if (code == STATS_IF_DROPPED)
            k->if_dropped = cur_u64(&value, c->swapped);
        else if (code == STATS_OS_DROPPED)
            k->dropped = cur_u64(&value, c->swapped);
        if (value.over)
            return capfile_fault(c, e, "a statistics option (code %u) is too short", code);
    }
    if (b->over)
        return capfile_fault(c, e, "a statistics block whose options pass its end");
    stats_item(c, index, ts_ns, item);
    return ERR_OK;
}

/* Drops that an enhanced packet block tells of itself (option 4). */
static uint64_t option_drops(struct cur *b, bool swapped)
{
    uint16_t code;
    struct cur value;
    while (next_option(b, swapped, &code, &value))
        if (code == PACKET_DROPS)
            return cur_u64(&value, swapped);
    return 0;
}

/* Enhanced and old packet blocks. *again: the drops before the packet are given first. */
static enum err_code packet(struct capfile *c, struct cur *b, bool old, struct cap_item *item,
                            bool *again, struct err *e)
{
    uint32_t id = old ? cur_u16(b, c->swapped) : cur_u32(b, c->swapped);
    uint64_t drops = old ? cur_u16(b, c->swapped) : 0;
    uint64_t ticks = (uint64_t)cur_u32(b, c->swapped) << 32;
    ticks |= cur_u32(b, c->swapped);
    uint32_t captured = cur_u32(b, c->swapped), wire = cur_u32(b, c->swapped);
    const uint8_t *data = cur_take(b, captured);
    if (b->over)
        return capfile_fault(c, e, "a packet of %u bytes passes the end of its block",
                             (unsigned)captured);
    if (captured > LIMIT_FRAME_BYTES)
        return capfile_fault(c, e, "a packet of %u bytes: expected at most %u", (unsigned)captured,
                             LIMIT_FRAME_BYTES);
    size_t index;
    int64_t ts_ns;
    enum err_code rc = place(c, id, ticks, &index, &ts_ns, e);
    if (rc != ERR_OK)
        return rc;
    if (!old && b->left > 0) {
        cur_skip(b, (4 - captured % 4) % 4);
        drops = option_drops(b, c->swapped);
        if (b->over)
            return capfile_fault(c, e, "a packet block whose options pass its end");
    } else if (drops == UINT16_MAX) {
        drops = 0; /* not known */
    }
    *again = drops > 0 && !c->drops_told;
    c->drops_told = *again;
    if (*again) {
        c->clocks[index].packet_drops += drops;
        stats_item(c, index, ts_ns, item);
        return ERR_OK;
    }
    item->kind = CAP_FRAME;
    item->frame = (struct frame){
        .interface = (uint32_t)index,
        .link_type = c->interfaces[index].link_type,
        .ts_ns = ts_ns,
        .captured_bytes = captured,
        .wire_bytes = wire,
        .data = data,
    };
    capfile_number(c, &item->frame);
    return ERR_OK;
}

/* A simple packet block has no time: 0. Its interface is the section's first. */
static enum err_code simple_packet(struct capfile *c, struct cur *b, struct cap_item *item,
                                   struct err *e)
{
    size_t index;
    int64_t none;
    enum err_code rc = place(c, 0, 0, &index, &none, e);
    if (rc != ERR_OK)
        return rc;
    uint32_t wire = cur_u32(b, c->swapped);
    uint32_t snap = c->interfaces[index].snap_bytes;
    uint32_t captured = snap != 0 && snap < wire ? snap : wire;
    const uint8_t *data = cur_take(b, captured);
    if (b->over || captured > LIMIT_FRAME_BYTES)
        return capfile_fault(c, e,
                             "a simple packet of %u bytes: expected at most %u and the end of "
                             "its block",
                             (unsigned)captured, LIMIT_FRAME_BYTES);
    item->kind = CAP_FRAME;
    item->frame = (struct frame){
        .interface = (uint32_t)index,
        .link_type = c->interfaces[index].link_type,
        .captured_bytes = captured,
        .wire_bytes = wire,
        .data = data,
    };
    capfile_number(c, &item->frame);
    return ERR_OK;
}

/* The block at hand, whole in the buffer: its type and length, both ends of it checked. ERR_CLOSED
 * at the proper end of the file. */
static enum err_code whole_block(struct capfile *c, uint32_t *type, uint32_t *total, struct err *e)
{
    enum err_code rc = infile_need(&c->in, BLOCK_MIN_BYTES, e);
    if (rc == ERR_CLOSED && c->in.left > 0)
        return capfile_need(c, BLOCK_MIN_BYTES, "a block", e);
    if (rc != ERR_OK)
        return rc;
    struct cur h = cur_make(c->in.data, BLOCK_MIN_BYTES);
    *type = cur_u32(&h, c->swapped);
    if (*type == BLOCK_SECTION) { /* reads the same in either order; the magic behind tells */
        uint32_t magic;
        memcpy(&magic, c->in.data + 8, 4);
        if (magic != BLOCK_BYTE_ORDER && __builtin_bswap32(magic) != BLOCK_BYTE_ORDER)
            return capfile_fault(c, e, "a section header without the byte-order magic 1a2b3c4d");
        c->swapped = magic != BLOCK_BYTE_ORDER;
    } else if (!c->in_section) {
        return capfile_fault(c, e, "a block before any section header");
    }
    *total = cur_u32(&h, c->swapped);
    if (*total < BLOCK_MIN_BYTES || *total % 4 != 0 || *total > LIMIT_PCAPNG_BLOCK_BYTES)
        return capfile_fault(c, e, "a block length of %u: expected a multiple of 4 from %u to %u",
                             (unsigned)*total, BLOCK_MIN_BYTES, LIMIT_PCAPNG_BLOCK_BYTES);
    rc = capfile_need(c, *total, "a block", e);
    if (rc != ERR_OK)
        return rc;
    struct cur t = cur_make(c->in.data + *total - 4, 4);
    uint32_t behind = cur_u32(&t, c->swapped);
    if (behind != *total)
        return capfile_fault(c, e, "a block's closing length is %u: expected %u as in front",
                             (unsigned)behind, (unsigned)*total);
    return ERR_OK;
}

enum err_code capfile_pcapng_next(struct capfile *c, struct cap_item *item, struct err *e)
{
    for (;;) {
        uint32_t type = 0, total = 0;
        enum err_code rc = whole_block(c, &type, &total, e);
        if (rc != ERR_OK)
            return rc;
        struct cur b = cur_make(c->in.data + 8, total - BLOCK_MIN_BYTES);
        bool given = false, again = false;
        uint64_t before = c->frames;
        if (type == BLOCK_PACKET || type == BLOCK_PACKET_OLD) {
            given = true;
            rc = packet(c, &b, type == BLOCK_PACKET_OLD, item, &again, e);
        } else if (type == BLOCK_SIMPLE) {
            given = true;
            rc = simple_packet(c, &b, item, e);
        } else if (type == BLOCK_STATS) {
            given = true;
            rc = statistics(c, &b, item, e);
        } else if (type == BLOCK_SECTION) {
            rc = section(c, &b, e);
        } else if (type == BLOCK_INTERFACE) {
            rc = interface(c, &b, e);
        } else if (type == BLOCK_CUSTOM || type == BLOCK_CUSTOM_KEEP ||
                   type == BLOCK_JOURNAL_EXPORT) {
            c->frames++; /* Wireshark gives these a frame number */
        }
        if (rc != ERR_OK)
            return rc;
        if (c->block_fn != NULL && !again) {
            const struct cap_block block = {type, total, c->frames > before ? c->frames : 0,
                                            c->swapped, c->in.data};
            c->block_fn(c->block_arg, &block);
        }
        if (given) {
            c->held = again ? 0 : total;
            return ERR_OK;
        }
        infile_skip(&c->in, total);
    }
}
