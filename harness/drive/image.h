/* image - firmware and the like, sent in blocks; and images that come in.
 *
 * What is sent is the vendor's file where the plan names one for the payload, read once and held.
 * Else it is made up: it follows from length and seed alone, does not compress, and is made block
 * by block, so that memory does not grow with it. What comes in is not kept either: its digest is.
 * Ownership: image_out belongs to its command, and borrows its file's bytes; files, and a bounded
 *            number of incoming ones, to the driver.
 */
#ifndef HARNESS_DRIVE_IMAGE_H
#define HARNESS_DRIVE_IMAGE_H

#include "harness/base/sha256.h"
#include "harness/drive/inside.h"

struct image_file {
    const struct plan_image *plan;
    const uint8_t *data; /* also of another one with the same content */
    struct buf own;
    int version; /* field of its message that tells it, -1 none */
};

/* Reads the plan's images. ERR_DATA with the path: missing, or not what the plan was made with. */
enum err_code image_files_load(struct drive *d, struct err *e);
const struct image_file *image_file_for(const struct drive *d, const char *payload);
void image_files_free(struct drive *d);

struct image_out {
    const uint8_t *content; /* of a file; NULL: made up */
    uint64_t bytes, seed;
    uint32_t block, blocks; /* the next to be sent, from 1 */
    char digest[SHA256_HEX_BYTES];
    struct buf data; /* the block as base64 */
    char *text;      /* holds the other attributes' values */
    const char *value[BINDING_MAX_FIELDS];
};

/* The first block is ready. file NULL: made up of so many bytes from the seed. value: n attributes
 * of the message, copied. ERR_USAGE: no such size. */
enum err_code image_new(const struct image_file *file, uint64_t bytes, uint64_t seed,
                        const char *const *value, size_t n, struct image_out **out, struct err *e);
/* Makes the block behind the present one; false when that was the last. */
enum err_code image_next(struct image_out *m, bool *more, struct err *e);
void image_free(struct image_out *m);

/* One block that came in. Blocks come in order; one that came already is passed over. */
enum image_step { IMAGE_MORE = 0, IMAGE_WHOLE, IMAGE_BAD };
enum image_step image_take(struct drive *d, const struct binding *b, const struct envelope *env);
void images_free(struct drive *d);

#endif
