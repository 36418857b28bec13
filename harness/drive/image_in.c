/* Images that the equipment sends: their blocks are digested as they come. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/drive/image.h"
#include "harness/probe/content.h"

#define MAX_INCOMING 256

struct image_in {
    struct image_in *next;
    char id[DRIVE_ID_BYTES + 1]; /* the message's CorrelationID */
    char digest[SHA256_HEX_BYTES];
    uint32_t bytes, blocks, block; /* block: the last that came */
    uint64_t got_bytes;
    struct sha256 *sum;
};

static void drop(struct image_in *m)
{
    if (m->sum != NULL)
        (void)sha256_end(m->sum, NULL);
    free(m);
}

static struct image_in **find(struct drive *d, const struct slice *id)
{
    struct image_in **at = &d->image_in;
    while (*at != NULL &&
           (strlen((*at)->id) != id->len || memcmp((*at)->id, id->data, id->len) != 0))
        at = &(*at)->next;
    return at;
}

static bool begin(struct drive *d, const struct slice *id, const struct content_image *c)
{
    struct image_in *m = calloc(1, sizeof *m), **last = &d->image_in;
    if (m == NULL || (m->sum = sha256_begin()) == NULL) {
        free(m);
        return false;
    }
    memcpy(m->id, id->data, id->len);
    memcpy(m->digest, c->digest.data, c->digest.len);
    m->bytes = c->bytes;
    m->blocks = c->blocks;
    m->next = d->image_in;
    d->image_in = m;
    for (size_t n = 0; *last != NULL && n < MAX_INCOMING; n++)
        last = &(*last)->next;
    while (*last != NULL) { /* the oldest makes room */
        struct image_in *old = *last;
        *last = old->next;
        drop(old);
    }
    return true;
}

enum image_step image_take(struct drive *d, const struct binding *b, const struct envelope *env)
{
    static uint8_t data[CONTENT_IMAGE_BLOCK_BYTES];
    struct content_image c;
    const struct slice *id = &env->correlation_id;
    if (!content_image(b, env, &c) || id->len == 0 || id->len > DRIVE_ID_BYTES ||
        c.digest.len != SHA256_HEX_BYTES - 1)
        return IMAGE_BAD;
    struct image_in **at = find(d, id);
    if (*at == NULL && (c.block != 1 || !begin(d, id, &c)))
        return IMAGE_BAD;
    at = find(d, id);
    struct image_in *m = *at;
    if (c.block <= m->block)
        return IMAGE_MORE;
    int64_t n = content_image_data(&c.data, data);
    bool fits = n >= 0 && c.block == m->block + 1 && c.blocks == m->blocks && c.bytes == m->bytes &&
                memcmp(m->digest, c.digest.data, c.digest.len) == 0 &&
                sha256_add(m->sum, data, n < 0 ? 0 : (size_t)n);
    m->block = c.block;
    m->got_bytes += n < 0 ? 0 : (uint64_t)n;
    if (fits && m->block < m->blocks)
        return IMAGE_MORE;
    char found[SHA256_HEX_BYTES] = "";
    fits = sha256_end(m->sum, found) && fits && m->got_bytes == m->bytes &&
           strncasecmp(found, m->digest, sizeof found) == 0;
    m->sum = NULL;
    *at = m->next;
    drop(m);
    return fits ? IMAGE_WHOLE : IMAGE_BAD;
}

void images_free(struct drive *d)
{
    while (d->image_in != NULL) {
        struct image_in *m = d->image_in;
        d->image_in = m->next;
        drop(m);
    }
}
