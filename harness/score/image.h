/* image - an image on its way: which blocks have come, and whether they make what was declared.
 *
 * Blocks are numbered 1..; those that come early wait, within IMAGE_AHEAD_BYTES, until their turn,
 * since a digest wants them in order.
 * Ownership: image_free frees; nothing is borrowed.
 * Errors:    NULL or IMAGE_FAULT without memory.
 */
#ifndef HARNESS_IMAGE_H
#define HARNESS_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/probe/content.h"

#define IMAGE_BLOCKS_MAX 65536 /* of the largest block: 2 GiB */
#define IMAGE_AHEAD_BYTES (4u * 1024 * 1024)

enum image_rc {
    IMAGE_MORE = 0, /* taken */
    IMAGE_WHOLE,    /* taken, and it was the last one missing */
    IMAGE_AGAIN,    /* was there already */
    IMAGE_OTHER,    /* a block of another image */
    IMAGE_FAULT
};

struct image;

/* check: the bytes are to be held against the digest. NULL without memory or beyond the ceiling. */
struct image *image_new(const struct content_image *first, bool check);
void image_free(struct image *m);
enum image_rc image_add(struct image *m, const struct content_image *block);
uint32_t image_blocks(const struct image *m); /* declared */
uint32_t image_seen(const struct image *m);
bool image_is_whole(const struct image *m);
/* Of a whole one that was checked: bytes and digest are those declared. */
bool image_is_right(struct image *m);

#endif
