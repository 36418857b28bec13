#include "harness/base/clock.h"
#include "harness/base/cur.h"
#include "harness/evidence/blocks.h"
#include "harness/evidence/capfile_impl.h"

enum err_code capfile_pcap_header(struct capfile *c, struct err *e)
{
    enum err_code rc = capfile_need(c, PCAP_HEADER_BYTES, "the header", e);
    if (rc != ERR_OK)
        return rc;
    struct cur h = cur_make(c->in.data, PCAP_HEADER_BYTES);
    cur_skip(&h, 4);
    unsigned major = cur_u16(&h, c->swapped), minor = cur_u16(&h, c->swapped);
    if (major != 2 || minor != 4)
        return capfile_fault(c, e, "pcap version %u.%u: expected 2.4", major, minor);
    cur_skip(&h, 8);
    struct cap_interface *i = &c->interfaces[0];
    i->snap_bytes = cur_u32(&h, c->swapped);
    i->link_type = cur_u32(&h, c->swapped) & 0xffff; /* above: length of the frame check sequence */
    i->ticks_per_s = NS_PER_S / c->tick_ns;
    c->n_interfaces = 1;
    c->format = CAPFILE_PCAP;
    infile_skip(&c->in, PCAP_HEADER_BYTES);
    return ERR_OK;
}

enum err_code capfile_pcap_next(struct capfile *c, struct cap_item *item, struct err *e)
{
    enum err_code rc = infile_need(&c->in, PCAP_RECORD_BYTES, e);
    if (rc == ERR_CLOSED && c->in.left > 0)
        return capfile_need(c, PCAP_RECORD_BYTES, "a packet's header", e);
    if (rc != ERR_OK)
        return rc;
    struct cur h = cur_make(c->in.data, PCAP_RECORD_BYTES);
    uint32_t s = cur_u32(&h, c->swapped), fraction = cur_u32(&h, c->swapped);
    uint32_t captured = cur_u32(&h, c->swapped), wire = cur_u32(&h, c->swapped);
    if (captured > LIMIT_FRAME_BYTES)
        return capfile_fault(c, e, "a packet of %u bytes: expected at most %u", (unsigned)captured,
                             LIMIT_FRAME_BYTES);
    if (fraction >= NS_PER_S / c->tick_ns)
        return capfile_fault(c, e, "a packet's time has %u %s: expected less than a second",
                             (unsigned)fraction, c->tick_ns == 1 ? "ns" : "us");
    rc = capfile_need(c, PCAP_RECORD_BYTES + (size_t)captured, "a packet", e);
    if (rc != ERR_OK)
        return rc;
    item->kind = CAP_FRAME;
    item->frame = (struct frame){
        .link_type = c->interfaces[0].link_type,
        .ts_ns = (int64_t)s * NS_PER_S + (int64_t)fraction * c->tick_ns,
        .captured_bytes = captured,
        .wire_bytes = wire,
        .data = c->in.data + PCAP_RECORD_BYTES,
    };
    capfile_number(c, &item->frame);
    c->held = PCAP_RECORD_BYTES + (size_t)captured;
    return ERR_OK;
}
