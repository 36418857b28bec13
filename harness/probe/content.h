/* content - what a read payload holds, held against its binding: states, values, size, digest.
 *
 * A field that occurs more often than its binding allows is invalid. With several occurrences the
 * worst state stands, and the first value. An image is fine when all its parts are; its value is
 * its digest.
 * Ownership: values are borrowed from the envelope.
 * Errors:    none.
 */
#ifndef HARNESS_CONTENT_H
#define HARNESS_CONTENT_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/probe/binding.h"
#include "harness/probe/envelope.h"

enum field_state { FIELD_ABSENT = 0, FIELD_EMPTY, FIELD_INVALID, FIELD_FINE };

/* Fills state[] and value[] for the b->n_field fields of the binding. Returns the canonical length
 * of all data elements: declared ones by their type; undeclared and invalid ones by their text. */
int64_t content_read(const struct binding *b, const struct envelope *env, uint8_t *state,
                     struct slice *value);

/* What one message carries of an image, a field of type FIELD_IMAGE with the path P: P/Digest
 * (SHA-256 of the whole, in hex), P/Bytes (of the whole), P/Block (1..), P/Blocks, P/Data (base64).
 */
#define CONTENT_IMAGE_BLOCK_BYTES 32768 /* at most in one message */
struct content_image {
    struct slice digest, data;
    uint32_t bytes, block, blocks;
};

/* False when the binding has no image, or the message does not hold one whole, valid block. */
bool content_image(const struct binding *b, const struct envelope *env, struct content_image *out);
/* The block's bytes: room for CONTENT_IMAGE_BLOCK_BYTES. Returns how many, -1 no base64 or too
 * many. */
int64_t content_image_data(const struct slice *data, uint8_t *out);

/* 64-bit digest of the payload's elements and values in document order. The same on every machine,
 * for ever: it is written to files. No proof against forgery. */
uint64_t content_digest(const struct envelope *env);
/* The same without an image's block number and data: equal for all blocks of one image. b NULL: as
 * content_digest. */
uint64_t content_digest_of(const struct binding *b, const struct envelope *env);

#endif
