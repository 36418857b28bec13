/* frame - one captured packet, as every stage behind the capture sees it.
 *
 * Ownership: data is borrowed from the reader until its next call.
 * Time:      ts_ns is CLOCK_REALTIME nanoseconds since 1970, by the capture's own stamp.
 */
#ifndef HARNESS_FRAME_H
#define HARNESS_FRAME_H

#include <stdint.h>

struct frame {
    uint64_t number;    /* 1-based place in the file, as Wireshark counts */
    uint32_t interface; /* index in the file */
    uint32_t link_type; /* LINKTYPE_* of tcpdump.org */
    int64_t ts_ns;
    uint32_t captured_bytes, wire_bytes;
    const uint8_t *data;
};

/* Capture counters at a moment, since the capture began (pcapng interface statistics). */
struct capture_stats {
    uint32_t interface;
    int64_t ts_ns;
    uint64_t received, dropped, if_dropped;
};

/* Marks: local frames that the capture process sends on the captured interface. Ethertype IEEE 802
 * local experimental 1; the body is magic, then big-endian number and real_ns of the sender. */
#define MARK_ETHERTYPE 0x88B5
#define MARK_MAGIC "GAMARK1"
struct mark {
    uint64_t number;
    int64_t real_ns;
};

#endif
