#include "harness/probe/content.h"

#include <string.h>

#include "harness/base/num.h"

enum image_part {
    IMAGE_DIGEST = 0,
    IMAGE_BYTES,
    IMAGE_BLOCK,
    IMAGE_BLOCKS,
    IMAGE_DATA,
    IMAGE_PARTS
};

static const char *const part_name[IMAGE_PARTS] = {"Digest", "Bytes", "Block", "Blocks", "Data"};

/* Which part of the image with that path, -1 none. */
static int part_of(const char *image, const struct slice *path)
{
    size_t len = strlen(image);
    if (path->len <= len || memcmp(path->data, image, len) != 0 || path->data[len] != '/')
        return -1;
    const char *name = path->data + len + 1;
    size_t left = path->len - len - 1;
    for (int i = 0; i < IMAGE_PARTS; i++)
        if (strlen(part_name[i]) == left && memcmp(part_name[i], name, left) == 0)
            return i;
    return -1;
}

static int sextet(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* out NULL: only looks. */
static int64_t decode(const struct slice *data, uint8_t *out)
{
    uint32_t bits = 0;
    unsigned n = 0, pad = 0;
    int64_t len = 0;
    for (uint32_t i = 0; i < data->len; i++) {
        char c = data->data[i];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
            continue;
        if (c == '=') {
            pad++;
            continue;
        }
        int v = sextet(c);
        if (v < 0 || pad > 0)
            return -1;
        bits = bits << 6 | (uint32_t)v;
        n++;
        if (n % 4 != 0)
            continue;
        if (len + 3 > CONTENT_IMAGE_BLOCK_BYTES)
            return -1;
        for (int k = 0; k < 3 && out != NULL; k++)
            out[len + k] = (uint8_t)(bits >> (16 - 8 * k));
        len += 3;
    }
    unsigned rest = n % 4;
    if (rest == 1 || (n + pad) % 4 != 0 || pad > 2)
        return -1;
    for (unsigned k = 0; rest > 1 && k < rest - 1; k++) {
        if (len == CONTENT_IMAGE_BLOCK_BYTES)
            return -1;
        if (out != NULL)
            out[len] = (uint8_t)(bits << (6 * (4 - rest)) >> (16 - 8 * k));
        len++;
    }
    return len;
}

int64_t content_image_data(const struct slice *data, uint8_t *out)
{
    return decode(data, out);
}

static bool is_sha256(const struct slice *s)
{
    bool fine = s->len == 64;
    for (uint32_t i = 0; fine && i < s->len; i++) {
        char c = s->data[i];
        fine = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
    return fine;
}

bool content_image(const struct binding *b, const struct envelope *env, struct content_image *out)
{
    int image = binding_image(b);
    struct slice part[IMAGE_PARTS] = {{"", 0}};
    unsigned seen = 0;
    if (image < 0)
        return false;
    for (size_t i = 0; i < env->n_field; i++) {
        int p = part_of(b->field[image].path, &env->field[i].path);
        if (p < 0)
            continue;
        if ((seen & 1u << p) != 0)
            return false;
        seen |= 1u << p;
        part[p] = env->field[i].value;
    }
    uint64_t bytes, block, blocks;
    if (seen != (1u << IMAGE_PARTS) - 1 || !is_sha256(&part[IMAGE_DIGEST]) ||
        !num_u64(part[IMAGE_BYTES].data, part[IMAGE_BYTES].len, 1, UINT32_MAX, &bytes) ||
        !num_u64(part[IMAGE_BLOCKS].data, part[IMAGE_BLOCKS].len, 1, UINT32_MAX, &blocks) ||
        !num_u64(part[IMAGE_BLOCK].data, part[IMAGE_BLOCK].len, 1, blocks, &block) ||
        decode(&part[IMAGE_DATA], NULL) < 0)
        return false;
    *out = (struct content_image){part[IMAGE_DIGEST], part[IMAGE_DATA], (uint32_t)bytes,
                                  (uint32_t)block, (uint32_t)blocks};
    return true;
}

/* Index of the field with that path. Senders keep to the declared order mostly, so the search
 * begins at the guess. -1: not declared. */
static int field_of(const struct binding *b, const struct slice *path, size_t guess)
{
    for (size_t k = 0; k < b->n_field; k++) {
        size_t i = guess + k < b->n_field ? guess + k : guess + k - b->n_field;
        const char *have = b->field[i].path;
        if (strncmp(have, path->data, path->len) == 0 && have[path->len] == '\0')
            return (int)i;
    }
    return -1;
}

int64_t content_read(const struct binding *b, const struct envelope *env, uint8_t *state,
                     struct slice *value)
{
    int64_t total = 0;
    size_t guess = 0;
    int image = binding_image(b);
    bool any_part = false;
    for (size_t i = 0; i < b->n_field; i++) {
        state[i] = FIELD_ABSENT;
        value[i] = (struct slice){"", 0};
    }
    for (size_t n = 0; n < env->n_field; n++) {
        const struct envelope_field *f = &env->field[n];
        if (image >= 0 && part_of(b->field[image].path, &f->path) >= 0) {
            any_part = true;
            continue;
        }
        int i = field_of(b, &f->path, guess);
        if (i < 0) {
            total += f->value.len;
            continue;
        }
        const struct binding_field *decl = &b->field[i];
        int64_t bytes = field_canonical_bytes(decl->type, f->value.data, f->value.len);
        uint8_t s = f->value.len == 0 ? FIELD_EMPTY : bytes < 0 ? FIELD_INVALID : FIELD_FINE;
        total += bytes < 0 ? f->value.len : bytes;
        if (state[i] == FIELD_ABSENT)
            value[i] = f->value;
        else if (!decl->many)
            s = FIELD_INVALID;
        if (state[i] == FIELD_ABSENT || s < state[i])
            state[i] = s;
        guess = decl->many ? (size_t)i : ((size_t)i + 1) % b->n_field;
    }
    struct content_image block;
    if (any_part && content_image(b, env, &block)) {
        state[image] = FIELD_FINE;
        value[image] = block.digest;
        total += block.bytes;
    } else if (any_part) {
        state[image] = FIELD_INVALID;
    }
    return total;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    v *= UINT64_C(0x9E3779B97F4A7C15);
    v ^= v >> 32;
    h = (h ^ v) * UINT64_C(0xD6E8FEB86659FD93);
    return h ^ h >> 29;
}

/* Eight bytes at a time, little-endian on every machine; the length keeps neighbours apart. */
static uint64_t mix_text(uint64_t h, const struct slice *s)
{
    const unsigned char *p = (const unsigned char *)s->data;
    size_t left = s->len;
    h = mix(h, left);
    for (; left >= 8; left -= 8, p += 8)
        h = mix(h, (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
                       (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
                       (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56);
    uint64_t rest = 0;
    while (left > 0)
        rest = rest << 8 | p[--left];
    return mix(h, rest);
}

uint64_t content_digest(const struct envelope *env)
{
    return content_digest_of(NULL, env);
}

uint64_t content_digest_of(const struct binding *b, const struct envelope *env)
{
    uint64_t h = mix_text(UINT64_C(0x6761737361792031), &env->element);
    int at = b == NULL ? -1 : binding_image(b);
    const char *image = b == NULL || at < 0 ? NULL : b->field[at].path;
    for (size_t i = 0; i < env->n_field; i++) {
        int part = image == NULL ? -1 : part_of(image, &env->field[i].path);
        if (part == IMAGE_BLOCK || part == IMAGE_DATA)
            continue;
        h = mix_text(h, &env->field[i].path);
        h = mix_text(h, &env->field[i].value);
    }
    return h;
}
