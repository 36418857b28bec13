/* cur - bounded reading of hostile bytes.
 *
 * A read beyond the end sets the sticky flag over and gives zeros, so that a whole header can be
 * read and the flag tested once.
 * Ownership: borrows the bytes.
 */
#ifndef HARNESS_CUR_H
#define HARNESS_CUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct cur {
    const uint8_t *p;
    size_t left; /* bytes from p to the end */
    bool over;   /* a read wanted more than there was */
};

static inline struct cur cur_make(const void *data, size_t len)
{
    return (struct cur){data, len, false};
}

/* The next n bytes, or NULL with over set. */
static inline const uint8_t *cur_take(struct cur *c, size_t n)
{
    if (n > c->left) {
        c->over = true;
        c->left = 0;
        return NULL;
    }
    const uint8_t *p = c->p;
    c->p += n;
    c->left -= n;
    return p;
}

static inline void cur_skip(struct cur *c, size_t n)
{
    (void)cur_take(c, n);
}

static inline uint8_t cur_u8(struct cur *c)
{
    const uint8_t *p = cur_take(c, 1);
    return p == NULL ? 0 : p[0];
}

static inline uint16_t cur_be16(struct cur *c)
{
    const uint8_t *p = cur_take(c, 2);
    return p == NULL ? 0 : (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t cur_be32(struct cur *c)
{
    const uint8_t *p = cur_take(c, 4);
    return p == NULL ? 0 : (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* In the byte order of the file at hand: swapped tells that it is not this machine's. */
static inline uint16_t cur_u16(struct cur *c, bool swapped)
{
    const uint8_t *p = cur_take(c, 2);
    uint16_t v = 0;
    if (p != NULL)
        memcpy(&v, p, 2);
    return swapped ? __builtin_bswap16(v) : v;
}

static inline uint32_t cur_u32(struct cur *c, bool swapped)
{
    const uint8_t *p = cur_take(c, 4);
    uint32_t v = 0;
    if (p != NULL)
        memcpy(&v, p, 4);
    return swapped ? __builtin_bswap32(v) : v;
}

static inline uint64_t cur_u64(struct cur *c, bool swapped)
{
    const uint8_t *p = cur_take(c, 8);
    uint64_t v = 0;
    if (p != NULL)
        memcpy(&v, p, 8);
    return swapped ? __builtin_bswap64(v) : v;
}

#endif
