/* live - one interface recorded with libpcap into a large kernel ring.
 *
 * TPACKET_V3 blocks handed over after 10 ms, nanosecond host stamps, not promiscuous. On a loopback
 * interface every packet passes twice; the copy going out is left out by the filter, so it never
 * enters the ring.
 * Ownership: live_close frees; a frame's data is borrowed during the call that hands it over.
 * Errors:    ERR_USAGE (no such interface, a filter that does not compile), ERR_SYS (not permitted,
 *            or the interface went away).
 */
#ifndef HARNESS_LIVE_H
#define HARNESS_LIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/err.h"
#include "harness/evidence/frame.h"

struct live;

struct live_options {
    const char *interface;
    const char *filter; /* in pcap's language; NULL: everything */
    uint32_t ring_mib, snap_bytes;
};

struct live_facts {
    char description[512]; /* timestamps, ring, filtering: for the evidence file */
    const char *filter;    /* as installed, marks included */
    const char *library;   /* libpcap's own name and version */
    const char *stamps;    /* whose they are, and how fine */
    uint32_t link_type;
    uint8_t address[6]; /* of the interface */
    bool filter_in_kernel;
    unsigned filter_length; /* instructions */
    bool block_ring;        /* TPACKET_V3 was granted */
};

/* Takes one frame; anything but ERR_OK ends the draining. */
typedef enum err_code live_frame_fn(void *arg, const struct frame *f, struct err *e);

enum err_code live_open(const struct live_options *o, struct live **out, struct err *e);
const struct live_facts *live_facts(const struct live *l);
int live_fd(const struct live *l); /* readable when a block is there */
/* Hands over at most max frames without waiting; *drained: nothing was left. */
enum err_code live_drain(struct live *l, int max, live_frame_fn *fn, void *arg, bool *drained,
                         struct err *e);
enum err_code live_inject(struct live *l, const void *data, size_t len, struct err *e);
/* Counters since live_open; interface and ts_ns are the caller's. */
enum err_code live_stats(struct live *l, struct capture_stats *s, struct err *e);
void live_close(struct live *l);

/* Gives up every capability of this process; what is open stays open. */
enum err_code live_drop_privileges(struct err *e);

#endif
