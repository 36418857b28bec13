/* ring - what is remembered for a while, found by a key: the newest takes the oldest one's place.
 *
 * Bounded by number and by bytes. The same key may be kept more than once; the newest is found.
 * Ownership: ring_free frees everything; what ring_put and ring_get return lives until the next
 *            ring_put.
 * Errors:    ring_put returns NULL without memory or for more bytes than the ring holds.
 */
#ifndef HARNESS_RING_H
#define HARNESS_RING_H

#include <stddef.h>
#include <stdint.h>

struct ring;

struct ring *ring_new(uint32_t items_max, size_t bytes_max);
/* Room of size bytes, aligned for any type, all zero. */
void *ring_put(struct ring *r, const void *key, size_t key_len, size_t size);
/* NULL: not (or no longer) there. */
void *ring_get(const struct ring *r, const void *key, size_t key_len, size_t *size);
void ring_free(struct ring *r);

#endif
