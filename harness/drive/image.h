/* image - firmware and the like: content that is made up, sent in blocks; and images that come in.
 *
 * Content follows from length and seed alone, does not compress, and is made block by block: memory
 * does not grow with it. What comes in is not kept either: its digest is.
 * Ownership: image_out belongs to its command; incoming ones to the driver, a bounded number.
 */
#ifndef HARNESS_DRIVE_IMAGE_H
#define HARNESS_DRIVE_IMAGE_H

#include "harness/base/sha256.h"
#include "harness/drive/inside.h"

struct image_out {
    uint64_t bytes, seed;
    uint32_t block, blocks; /* the next to be sent, from 1 */
    char digest[SHA256_HEX_BYTES];
    struct buf data; /* the block as base64 */
    char *text;      /* holds the other attributes' values */
    const char *value[BINDING_MAX_FIELDS];
};

/* The first block is ready. value: n attributes of the message, copied. ERR_USAGE: no such size. */
enum err_code image_new(uint64_t bytes, uint64_t seed, const char *const *value, size_t n,
                        struct image_out **out, struct err *e);
/* Makes the block behind the present one; false when that was the last. */
enum err_code image_next(struct image_out *m, bool *more, struct err *e);
void image_free(struct image_out *m);

/* One block that came in. Blocks come in order; one that came already is passed over. */
enum image_step { IMAGE_MORE = 0, IMAGE_WHOLE, IMAGE_BAD };
enum image_step image_take(struct drive *d, const struct binding *b, const struct envelope *env);
void images_free(struct drive *d);

#endif
