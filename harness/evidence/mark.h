/* mark - the bytes of a mark frame: Ethernet header, MARK_MAGIC with its closing 0, number,
 * real_ns. */
#ifndef HARNESS_MARK_H
#define HARNESS_MARK_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/evidence/frame.h"

#define MARK_FRAME_BYTES 60 /* the shortest that Ethernet allows */

/* source: 6 bytes, the interface's own address. */
void mark_build(const struct mark *m, const uint8_t source[6], uint8_t out[MARK_FRAME_BYTES]);
/* False: not a mark. Marks are only made on links with Ethernet headers. */
bool mark_parse(const struct frame *f, struct mark *m);

#endif
