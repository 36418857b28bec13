/* link - from a captured frame to a TCP segment, a mark, or the reason why it is neither.
 *
 * Link types: Ethernet with stacked VLAN tags, Linux cooked 1 and 2, BSD loopback in either byte
 * order, raw IP. Reads hostile bytes; lengths come from IP, so padding behind is no payload, and a
 * length of zero (segmentation offload) means the rest of the frame.
 * Ownership: the payload is borrowed from the frame.
 * Errors:    none: what cannot be read is LINK_OTHER.
 * Spec:      IEEE 802.3, 802.1Q; tcpdump.org LINKTYPE list; RFC 791, 8200, 9293.
 */
#ifndef HARNESS_LINK_H
#define HARNESS_LINK_H

#include "harness/evidence/frame.h"

enum link_kind {
    LINK_TCP = 0,
    LINK_MARK,
    LINK_UNREACHABLE, /* ICMP tells that a segment could not be delivered; addresses are that
                         segment's */
    LINK_FRAGMENT,    /* part of a fragmented IP packet: not reassembled */
    LINK_OTHER,
    LINK_KIND_COUNT
};

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

struct segment {
    uint8_t src[16], dst[16]; /* of IPv4 only the first 4 */
    uint8_t addr_len;         /* 4 or 16 */
    uint8_t flags;            /* TCP_* */
    uint16_t src_port, dst_port;
    uint16_t window; /* as carried, not scaled */
    uint32_t seq, ack;
    const uint8_t *data;
    uint32_t have; /* payload bytes captured */
    uint32_t len;  /* payload bytes on the wire */
};

enum link_kind link_read(const struct frame *f, struct segment *seg, struct mark *mark);

#endif
