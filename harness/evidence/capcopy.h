/* capcopy - a copy of a capture, block for block, with comments at some of its packets.
 *
 * A pcapng file keeps its sections, interfaces, statistics, options, byte order and whatever blocks
 * are unknown here; only the length of a section is set to unknown, since comments change it. A
 * pcap file becomes pcapng. Comments come before the options that a packet has. Simple packet
 * blocks hold no options: their packets stay without.
 * Ownership: borrows all.
 * Errors:    as capfile.h (what came before a cut is written); ERR_SYS when the copy cannot be
 *            written.
 * Spec: draft-ietf-opsawg-pcapng 3.5, 4.3.
 */
#ifndef HARNESS_CAPCOPY_H
#define HARNESS_CAPCOPY_H

#include "harness/base/buf.h"
#include "harness/evidence/capfile.h"

#define CAPCOPY_COMMENT_BYTES 4000 /* longer ones are cut */

struct capcopy_counts {
    uint64_t frames, commented, without; /* without: could not be given theirs */
};

/* Comments of one packet, in order. */
struct capcopy_notes {
    struct buf text; /* each with its closing 0 */
    size_t n;
};

void capcopy_note(struct capcopy_notes *notes, const char *text, size_t len);

/* Fills notes, empty before, for the packet of that number; called in their order. */
typedef enum err_code capcopy_fn(void *arg, uint64_t frame, struct capcopy_notes *notes,
                                 struct err *e);

/* to: open for writing, its name for messages. counts are right also after a fault. */
enum err_code capcopy(const char *from, int to, const char *to_name, capcopy_fn *fn, void *arg,
                      struct capcopy_counts *counts, struct err *e);

#endif
