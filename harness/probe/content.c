#include "harness/probe/content.h"

#include <string.h>

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
    for (size_t i = 0; i < b->n_field; i++) {
        state[i] = FIELD_ABSENT;
        value[i] = (struct slice){"", 0};
    }
    for (size_t n = 0; n < env->n_field; n++) {
        const struct envelope_field *f = &env->field[n];
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
    uint64_t h = mix_text(UINT64_C(0x6761737361792031), &env->element);
    for (size_t i = 0; i < env->n_field; i++) {
        h = mix_text(h, &env->field[i].path);
        h = mix_text(h, &env->field[i].value);
    }
    return h;
}
