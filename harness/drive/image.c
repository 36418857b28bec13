#include "harness/drive/image.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/base64.h"
#include "harness/probe/content.h"

#define BLOCK CONTENT_IMAGE_BLOCK_BYTES
#define MAX_IMAGE_BYTES (UINT64_C(1) << 30)

/* splitmix64 by counter: any block can be made without those before it. */
static uint64_t word(uint64_t seed, uint64_t i)
{
    uint64_t z = seed * UINT64_C(0xd1342543de82ef95) + (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Bytes of the block, numbered from 1. */
static size_t make_block(const struct image_out *m, uint32_t number, uint8_t *out)
{
    uint64_t at = (uint64_t)(number - 1) * BLOCK;
    size_t len = m->bytes - at < BLOCK ? (size_t)(m->bytes - at) : BLOCK;
    for (size_t i = 0; i < len; i += 8) {
        uint64_t w = word(m->seed, (at + i) / 8);
        for (size_t k = 0; k < 8 && i + k < len; k++)
            out[i + k] = (uint8_t)(w >> 8 * k);
    }
    return len;
}

static enum err_code encode(struct image_out *m, struct err *e)
{
    uint8_t made[BLOCK];
    uint64_t at = (uint64_t)(m->block - 1) * BLOCK;
    const uint8_t *block = m->content == NULL ? made : m->content + at;
    size_t len = m->content == NULL      ? make_block(m, m->block, made)
                 : m->bytes - at < BLOCK ? (size_t)(m->bytes - at)
                                         : BLOCK;
    buf_reset(&m->data);
    enum err_code rc = base64_write(block, len, &m->data, e);
    return rc == ERR_OK ? buf_append(&m->data, "", 1, e) : rc;
}

static enum err_code digest(struct image_out *m, struct err *e)
{
    uint8_t block[BLOCK];
    struct sha256 *s = sha256_begin();
    bool fine = s != NULL;
    for (uint32_t i = 1; fine && i <= m->blocks; i++) {
        size_t len = make_block(m, i, block);
        fine = sha256_add(s, block, len);
    }
    if (s != NULL)
        fine = sha256_end(s, m->digest) && fine;
    return fine ? ERR_OK : err_set(e, ERR_NOMEM, "no memory for an image's digest");
}

static enum err_code copy_values(struct image_out *m, const char *const *value, size_t n,
                                 struct err *e)
{
    size_t room = 1;
    for (size_t i = 0; i < n; i++)
        room += value[i] == NULL ? 0 : strlen(value[i]) + 1;
    char *p = m->text = malloc(room);
    if (p == NULL)
        return err_set(e, ERR_NOMEM, "no memory for an image's attributes");
    for (size_t i = 0; i < n; i++) {
        size_t len = value[i] == NULL ? 0 : strlen(value[i]) + 1;
        if (len > 0) {
            memcpy(p, value[i], len);
            m->value[i] = p;
        }
        p += len;
    }
    return ERR_OK;
}

enum err_code image_new(const struct image_file *file, uint64_t bytes, uint64_t seed,
                        const char *const *value, size_t n, struct image_out **out, struct err *e)
{
    *out = NULL;
    if (file != NULL)
        bytes = file->plan->bytes;
    if (bytes == 0 || bytes > MAX_IMAGE_BYTES)
        return err_set(e, ERR_USAGE, "an image of %llu bytes, expected 1 to %llu",
                       (unsigned long long)bytes, (unsigned long long)MAX_IMAGE_BYTES);
    struct image_out *m = calloc(1, sizeof *m);
    if (m == NULL)
        return err_set(e, ERR_NOMEM, "no memory for an image");
    buf_init(&m->data, 2 * BLOCK);
    m->bytes = bytes;
    m->seed = seed;
    m->blocks = (uint32_t)((bytes + BLOCK - 1) / BLOCK);
    m->block = 1;
    enum err_code rc = copy_values(m, value, n, e);
    if (rc == ERR_OK && file != NULL) {
        m->content = file->data;
        memcpy(m->digest, file->plan->digest, sizeof m->digest);
    } else if (rc == ERR_OK) {
        rc = digest(m, e);
    }
    if (rc == ERR_OK)
        rc = encode(m, e);
    if (rc != ERR_OK) {
        image_free(m);
        return rc;
    }
    *out = m;
    return ERR_OK;
}

enum err_code image_next(struct image_out *m, bool *more, struct err *e)
{
    *more = m->block < m->blocks;
    if (!*more)
        return ERR_OK;
    m->block++;
    return encode(m, e);
}

void image_free(struct image_out *m)
{
    if (m == NULL)
        return;
    buf_release(&m->data);
    free(m->text);
    free(m);
}
