/* Images that the equipment sends: block by block, each when the one before was taken. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/base64.h"
#include "harness/base/sha256.h"
#include "harness/play/inside.h"
#include "harness/probe/content.h"

#define IMAGES_MAX 256u
#define IMAGE_MOST_BYTES (8u * 1024 * 1024)
#define FALLBACK_BYTES (64u * 1024) /* of a row without a size */

struct image_out {
    struct play *play;
    struct image_out *next, *prev;
    const struct known_payload *what;
    struct subject subject;
    uint32_t from;
    uint32_t bytes, block, blocks;
    char digest[SHA256_HEX_BYTES];
    char correlation[MESSAGE_ID_BYTES + 1];
    char value[24];
    char url[URL_BYTES];
};

/* What stands in the image, the same whenever it is asked for. */
static void write_bytes(const struct play *p, uint32_t from, uint32_t n, uint8_t *out)
{
    for (uint32_t i = 0; i < n; i++) {
        uint64_t x = (p->config->seed + from + i) * UINT64_C(0x9E3779B97F4A7C15);
        out[i] = (uint8_t)(x >> 56 ^ x >> 32);
    }
}

/* A little above the lower end of the row's size. */
static uint32_t bytes_of(const struct table_leg *leg)
{
    int64_t min = leg == NULL ? -1 : leg->size_min_bytes,
            max = leg == NULL ? -1 : leg->size_max_bytes;
    if (min <= 0)
        min = max > 0 && max < FALLBACK_BYTES ? max / 2 : FALLBACK_BYTES;
    int64_t bytes = min + min / 32; /* as much as 1000 and 1024 to a k differ */
    if (max > 0 && bytes > max - 1024)
        bytes = max - 1024;
    return (uint32_t)(bytes < 1024 ? 1024 : bytes > IMAGE_MOST_BYTES ? IMAGE_MOST_BYTES : bytes);
}

static void image_free(struct image_out *i)
{
    struct play *p = i->play;
    if (i->prev != NULL)
        i->prev->next = i->next;
    else
        p->images_out = i->next;
    if (i->next != NULL)
        i->next->prev = i->prev;
    p->n_image_out--;
    free(i);
}

static bool put_part(struct message *m, const char *base, const char *part, const char *text)
{
    char path[160];
    (void)snprintf(path, sizeof path, "%s/%s", base, part);
    message_put_at(m, path, text);
    return m->broken == NULL;
}

static bool put_block(struct play *p, const struct image_out *i)
{
    static uint8_t data[CONTENT_IMAGE_BLOCK_BYTES];
    struct message *m = &p->message;
    const char *base = i->what->binding->field[binding_image(i->what->binding)].path;
    uint32_t at = (i->block - 1) * CONTENT_IMAGE_BLOCK_BYTES;
    uint32_t n =
        i->bytes - at < CONTENT_IMAGE_BLOCK_BYTES ? i->bytes - at : CONTENT_IMAGE_BLOCK_BYTES;
    char number[3][16];
    struct buf text;
    buf_init(&text, 2 * CONTENT_IMAGE_BLOCK_BYTES);
    write_bytes(p, at, n, data);
    (void)snprintf(number[0], sizeof number[0], "%u", i->bytes);
    (void)snprintf(number[1], sizeof number[1], "%u", i->block);
    (void)snprintf(number[2], sizeof number[2], "%u", i->blocks);
    bool fine = base64_write(data, n, &text, NULL) == ERR_OK &&
                put_part(m, base, "Digest", i->digest) && put_part(m, base, "Bytes", number[0]) &&
                put_part(m, base, "Block", number[1]) && put_part(m, base, "Blocks", number[2]) &&
                put_part(m, base, "Data", text.data);
    buf_release(&text);
    return fine;
}

/* The next block; the image is over when it cannot be sent. */
static void send_block(struct image_out *i)
{
    struct play *p = i->play;
    char id[MESSAGE_ID_BYTES + 1], own[URL_BYTES];
    struct filling f = {.subject = i->subject, .value = i->value};
    (void)snprintf(id, sizeof id, "%.*s/%u", LIMIT_CORRELATION_BYTES, i->correlation, ++i->block);
    play_own_url(p, own, sizeof own);
    message_start(&p->message, i->what->binding, NULL);
    play_fill(p, &f);
    struct message_context c = {
        .defects = p->config->defects,
        .subject = i->subject,
        .kind = ENVELOPE_REQUEST,
        .source = p->known.actor[i->from],
        .message_id = id,
        .correlation = i->correlation,
        .reply_address = own,
        .async_reply = p->config->reply_by_request,
        .size_max_bytes = -1, /* a block is never the whole */
    };
    struct ask *a = NULL;
    if (put_block(p, i) && play_write(p, &c) == ERR_OK)
        a = play_ask(p, i->what, &i->subject, i->correlation, NULL);
    if (a == NULL) {
        image_free(i);
        return;
    }
    a->image = i;
    a->patient = true;
    play_ship(p, i->url, a);
}

void image_goes_on(struct image_out *i, bool taken)
{
    if (!taken || i->block == i->blocks)
        image_free(i);
    else
        send_block(i);
}

bool image_send(struct play *p, const struct known_payload *what, uint32_t from,
                const struct table_leg *leg, const struct subject *s, const char *value,
                const char *url)
{
    uint32_t bytes = bytes_of(leg);
    struct image_out *i = p->n_image_out < IMAGES_MAX ? calloc(1, sizeof *i) : NULL;
    uint8_t *whole = i == NULL ? NULL : malloc(bytes);
    if (whole == NULL) {
        free(i);
        return false;
    }
    *i = (struct image_out){.play = p,
                            .what = what,
                            .subject = *s,
                            .from = from,
                            .bytes = bytes,
                            .blocks =
                                (bytes + CONTENT_IMAGE_BLOCK_BYTES - 1) / CONTENT_IMAGE_BLOCK_BYTES,
                            .next = p->images_out};
    write_bytes(p, 0, bytes, whole);
    enum err_code rc = sha256_bytes(whole, bytes, i->digest, NULL);
    free(whole);
    if (rc != ERR_OK) {
        free(i);
        return false;
    }
    play_new_id(p, i->correlation);
    (void)snprintf(i->value, sizeof i->value, "%s", value);
    (void)snprintf(i->url, sizeof i->url, "%s", url);
    if (i->next != NULL)
        i->next->prev = i;
    p->images_out = i;
    p->n_image_out++;
    send_block(i);
    return true;
}

void images_out_close(struct play *p)
{
    while (p->images_out != NULL)
        image_free(p->images_out);
}
