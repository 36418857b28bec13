#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/drive/inside.h"

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
    case FIELD_IMAGE: /* sent in blocks, which its sender makes */
    case FIELD_TYPE_COUNT:
        break;
    }
    return "";
}

enum err_code message_write(struct drive *d, const struct binding *b, const char *const *value,
                            const char *device, const char *correlation, uint32_t endpoint,
                            struct buf *out, struct err *e)
{
    struct envelope_value field[BINDING_MAX_FIELDS];
    char made[BINDING_MAX_FIELDS][24];
    int64_t now = clock_real_ns();
    for (size_t i = 0; i < b->n_field; i++) {
        const char *v = value[i];
        if (v == NULL && (int)i == b->identity)
            v = device;
        if (v == NULL)
            v = message_default(&b->field[i], made[i], sizeof made[i], now);
        field[i] = (struct envelope_value){b->field[i].path, v};
    }
    struct envelope_draft draft = {.kind = b->kind,
                                   .verb = b->verb,
                                   .noun = b->noun,
                                   .source = d->plan->endpoint[endpoint].actor,
                                   .reply_address = d->url[endpoint],
                                   .message_id = correlation,
                                   .correlation_id = correlation,
                                   .async_reply = strcmp(d->plan->reply_mode, "request") == 0,
                                   .timestamp_ns = now,
                                   .element = b->element,
                                   .field = field,
                                   .n_field = b->n_field};
    return envelope_write(&draft, out, e);
}
