#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/drive/image.h"

#define IMAGE_PARTS 5
#define PATH_BYTES 160

/* Texts that a message needs while it is written. */
struct room {
    char made[BINDING_MAX_FIELDS][24];
    char path[IMAGE_PARTS][PATH_BYTES];
    char number[3][24];
};

/* The value of a field that a script left out, as text. */
const char *message_default(const struct binding_field *f, char *out, size_t size, int64_t real_ns)
{
    char iso[40];
    switch (f->type) {
    case FIELD_TEXT:
        return "1";
    case FIELD_EUI64:
        return "0000000000000000";
    case FIELD_TIME: /* whole seconds */
        (void)clock_iso(real_ns, iso, sizeof iso);
        (void)snprintf(out, size, "%.19sZ", iso);
        return out;
    case FIELD_CODE:
    case FIELD_UINT16:
    case FIELD_UINT32:
        return "1";
    case FIELD_FLOAT32:
        return "0";
    case FIELD_HEX:
        return "00";
    case FIELD_IMAGE:
    case FIELD_TYPE_COUNT:
        break;
    }
    return "";
}

/* An answer repeats what it shares with what it answers. */
static const char *echoed(const struct drive *d, const struct message *m,
                          const struct binding_field *f, char *out, size_t size)
{
    if (m->asked == NULL)
        return NULL;
    const struct binding *b = &d->plan->binding[m->asked->binding];
    for (size_t i = 0; i < b->n_field; i++) {
        if (strcmp(b->field[i].name, f->name) != 0 || b->field[i].type != f->type)
            continue;
        const struct envelope_field *v =
            field_at(m->asked->field, m->asked->n_field, b->field[i].path);
        if (v == NULL || v->value.len == 0 || v->value.len >= size)
            return NULL;
        memcpy(out, v->value.data, v->value.len);
        out[v->value.len] = '\0';
        return out;
    }
    return NULL;
}

static size_t put_image(const struct image_out *m, const struct binding_field *f, struct room *room,
                        struct envelope_value *out)
{
    static const char *const part[IMAGE_PARTS] = {"Digest", "Bytes", "Block", "Blocks", "Data"};
    (void)snprintf(room->number[0], sizeof room->number[0], "%" PRIu64, m->bytes);
    (void)snprintf(room->number[1], sizeof room->number[1], "%" PRIu32, m->block);
    (void)snprintf(room->number[2], sizeof room->number[2], "%" PRIu32, m->blocks);
    const char *value[IMAGE_PARTS] = {m->digest, room->number[0], room->number[1], room->number[2],
                                      m->data.data};
    for (size_t i = 0; i < IMAGE_PARTS; i++) {
        (void)snprintf(room->path[i], PATH_BYTES, "%.140s/%s", f->path, part[i]);
        out[i] = (struct envelope_value){room->path[i], value[i]};
    }
    return IMAGE_PARTS;
}

static bool tells_failure(const char *payload)
{
    size_t n = strlen(payload);
    return n > 4 && strcmp(payload + n - 4, "_err") == 0;
}

enum err_code message_write(struct drive *d, const struct message *m, struct buf *out,
                            struct err *e)
{
    const struct binding *b = m->binding;
    struct envelope_value field[BINDING_MAX_FIELDS + IMAGE_PARTS];
    struct room room;
    size_t n = 0;
    int64_t now = clock_real_ns();
    for (size_t i = 0; i < b->n_field; i++) {
        const struct binding_field *f = &b->field[i];
        const char *v = m->value[i];
        if (f->type == FIELD_IMAGE && m->image != NULL) {
            n += put_image(m->image, f, &room, &field[n]);
            continue;
        }
        if (v == NULL && (int)i == b->identity)
            v = m->device;
        if (v == NULL)
            v = echoed(d, m, f, room.made[i], sizeof room.made[i]);
        if (v == NULL)
            v = message_default(f, room.made[i], sizeof room.made[i], now);
        field[n++] = (struct envelope_value){f->path, v};
    }
    struct envelope_draft draft = {.kind = b->kind,
                                   .verb = b->verb,
                                   .noun = b->noun,
                                   .source = d->plan->endpoint[m->endpoint].actor,
                                   .reply_address = d->url[m->endpoint],
                                   .message_id = m->id,
                                   .correlation_id = m->correlation,
                                   .async_reply = strcmp(d->plan->reply_mode, "request") == 0,
                                   .timestamp_ns = now,
                                   .element = b->element,
                                   .field = field,
                                   .n_field = n};
    if (b->kind == ENVELOPE_RESPONSE)
        draft.result = tells_failure(b->payload) ? "FAILED" : "OK";
    return envelope_write(&draft, out, e);
}
