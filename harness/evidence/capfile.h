/* capfile - reads capture files: pcap and pcapng, micro- or nanoseconds, either byte order.
 *
 * One item at a time, in file order; frames of all interfaces together. In follow mode a file that
 * still grows gives ERR_AGAIN at its present end. A count of drops that a packet block carries is
 * given as statistics before that packet. Simple packet blocks have no time: ts_ns 0.
 * Ownership: capfile_close frees; an item's data is borrowed until the next call.
 * Errors:    open: ERR_DATA when a file that is not followed is no capture. next: ERR_CLOSED at
 *            the proper end; ERR_DATA with path, byte offset, last whole frame and what was
 * expected where the file is cut or damaged (everything before has been given); ERR_AGAIN in follow
 *            mode.
 * Spec:      draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
 */
#ifndef HARNESS_CAPFILE_H
#define HARNESS_CAPFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/err.h"
#include "harness/evidence/frame.h"

enum cap_kind { CAP_FRAME = 0, CAP_STATS, CAP_KIND_COUNT };

struct cap_item {
    enum cap_kind kind;
    struct frame frame;         /* CAP_FRAME */
    struct capture_stats stats; /* CAP_STATS */
};

struct cap_interface {
    char name[64];
    uint32_t link_type, snap_bytes;
    int64_t
        ticks_per_s; /* timestamp resolution as declared; 0 when not a divisor of 1e9 or beyond */
    char filter[256];
};

struct capfile;

/* A whole block of a pcapng file as it lies there, checked; frame: its number, 0 for blocks that
 * have none. data is borrowed for the call. */
struct cap_block {
    uint32_t type, bytes;
    uint64_t frame;
    bool swapped; /* of the other byte order */
    const uint8_t *data;
};
typedef void capfile_block_fn(void *arg, const struct cap_block *b);

enum err_code capfile_open(const char *path, bool follow, struct capfile **out, struct err *e);
/* A file that ends too early to tell its format opens too: its first item is the fault. */
enum err_code capfile_open_part(const char *path, bool follow, struct capfile **out, struct err *e);
/* Whether the fault that reading gave is that the file ends inside of something. */
bool capfile_is_cut(const struct capfile *c);
/* The same over bytes in memory, which must outlive the reader. */
enum err_code capfile_open_memory(const void *data, size_t len, struct capfile **out,
                                  struct err *e);
enum err_code capfile_next(struct capfile *c, struct cap_item *item, struct err *e);
/* Gives fn each block of a pcapng file once, before the item that comes of it. False: the file is
 * no pcapng, it has no blocks. */
bool capfile_on_block(struct capfile *c, capfile_block_fn *fn, void *arg);
/* The file is complete now: ends follow mode. */
void capfile_finish(struct capfile *c);
/* Interfaces seen so far; index below *n. */
const struct cap_interface *capfile_interfaces(const struct capfile *c, size_t *n);
void capfile_close(struct capfile *c);

#endif
