#include "harness/score/image.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/sha256.h"

struct ahead { /* a block before its turn */
    struct ahead *next;
    uint32_t block;
    size_t len;
    uint8_t data[];
};

struct image {
    uint32_t bytes, blocks, seen, turn; /* turn: the block that the digest wants next */
    uint64_t summed;
    char digest[SHA256_HEX_BYTES]; /* as declared, in lower case */
    struct sha256 *sha;            /* NULL: not checked */
    bool told, right;
    struct ahead *ahead;
    size_t ahead_bytes;
    uint8_t have[]; /* bit per block */
};

static void take_digest(char *out, const struct slice *digest)
{
    for (size_t i = 0; i < SHA256_HEX_BYTES - 1; i++) {
        char c = i < digest->len ? digest->data[i] : '0';
        out[i] = (char)(c >= 'A' && c <= 'F' ? c + 32 : c);
    }
}

struct image *image_new(const struct content_image *first, bool check)
{
    if (first->blocks > IMAGE_BLOCKS_MAX)
        return NULL;
    struct image *m = calloc(1, sizeof *m + first->blocks / 8 + 1);
    if (m == NULL)
        return NULL;
    m->bytes = first->bytes;
    m->blocks = first->blocks;
    m->turn = 1;
    take_digest(m->digest, &first->digest);
    m->sha = check ? sha256_begin() : NULL;
    if (check && m->sha == NULL) {
        free(m);
        return NULL;
    }
    return m;
}

static void drop_ahead(struct image *m)
{
    while (m->ahead != NULL) {
        struct ahead *x = m->ahead;
        m->ahead = x->next;
        free(x);
    }
}

void image_free(struct image *m)
{
    if (m == NULL)
        return;
    drop_ahead(m);
    if (m->sha != NULL)
        (void)sha256_end(m->sha, NULL);
    free(m);
}

static bool sum(struct image *m, const uint8_t *data, size_t len)
{
    m->summed += len;
    m->turn++;
    return sha256_add(m->sha, data, len);
}

/* Keeps a block for its turn, or takes it and those that waited for it. */
static bool check(struct image *m, const struct content_image *b)
{
    uint8_t data[CONTENT_IMAGE_BLOCK_BYTES];
    int64_t len = content_image_data(&b->data, data);
    if (len < 0)
        return false;
    if (b->block != m->turn) {
        struct ahead *x = NULL;
        if ((size_t)len <= IMAGE_AHEAD_BYTES - m->ahead_bytes)
            x = malloc(sizeof *x + (size_t)len);
        if (x == NULL)
            return false;
        x->block = b->block;
        x->len = (size_t)len;
        memcpy(x->data, data, (size_t)len);
        x->next = m->ahead;
        m->ahead = x;
        m->ahead_bytes += x->len;
        return true;
    }
    bool fine = sum(m, data, (size_t)len);
    for (struct ahead **at = &m->ahead; fine && *at != NULL;) {
        struct ahead *x = *at;
        if (x->block != m->turn) {
            at = &x->next;
            continue;
        }
        *at = x->next;
        fine = sum(m, x->data, x->len);
        m->ahead_bytes -= x->len;
        free(x);
        at = &m->ahead;
    }
    return fine;
}

enum image_rc image_add(struct image *m, const struct content_image *b)
{
    char digest[SHA256_HEX_BYTES] = "";
    take_digest(digest, &b->digest);
    if (b->blocks != m->blocks || b->bytes != m->bytes || memcmp(digest, m->digest, 64) != 0)
        return IMAGE_OTHER;
    uint8_t *have = &m->have[b->block / 8], bit = (uint8_t)(1u << b->block % 8);
    if ((*have & bit) != 0)
        return IMAGE_AGAIN;
    if (m->sha != NULL && !check(m, b))
        return IMAGE_FAULT;
    *have |= bit;
    m->seen++;
    return image_is_whole(m) ? IMAGE_WHOLE : IMAGE_MORE;
}

uint32_t image_blocks(const struct image *m)
{
    return m->blocks;
}

uint32_t image_seen(const struct image *m)
{
    return m->seen;
}

bool image_is_whole(const struct image *m)
{
    return m->seen == m->blocks;
}

bool image_is_right(struct image *m)
{
    char digest[SHA256_HEX_BYTES];
    if (!m->told && m->sha != NULL && image_is_whole(m)) {
        m->told = true;
        m->right = sha256_end(m->sha, digest) && memcmp(digest, m->digest, 64) == 0 &&
                   m->summed == m->bytes;
        m->sha = NULL;
    }
    return m->right;
}
