/* What a payload of the equipment held, and an attempt taking it as its own. */
#include <ctype.h>
#include <string.h>

#include "harness/score/attempts_impl.h"

/* Hash of a field's value such that equal values are equal: numbers without leading zeros, hex ids
 * in one case. */
uint64_t value_hash(enum field_type type, const char *data, size_t len)
{
    char text[72];
    switch (type) {
    case FIELD_CODE:
    case FIELD_UINT16:
    case FIELD_UINT32:
        while (len > 1 && data[0] == '0') {
            data++;
            len--;
        }
        break;
    case FIELD_EUI64:
    case FIELD_HEX:
    case FIELD_IMAGE: /* by its digest */
        if (len > sizeof text)
            break;
        for (size_t i = 0; i < len; i++)
            text[i] = (char)toupper((unsigned char)data[i]);
        return attempts_hash(text, len);
    case FIELD_TEXT:
    case FIELD_TIME:
    case FIELD_FLOAT32:
    case FIELD_TYPE_COUNT:
        break;
    }
    return attempts_hash(data, len);
}

void hash_values(const struct binding *b, const struct sighting *s, uint64_t *value)
{
    for (size_t i = 0; i < b->n_field; i++)
        value[i] = s->field[i] == FIELD_FINE
                       ? value_hash(b->field[i].type, s->value[i].data, s->value[i].len)
                       : 0;
}

void arrival_of(struct attempts *a, struct arrival *in, const struct sighting *s)
{
    const struct binding *b = &a->plan->binding[s->binding];
    *in = (struct arrival){.there = true,
                           .binding = (uint32_t)s->binding,
                           .copies = 1,
                           .first_ns = s->first_ns,
                           .last_ns = s->last_ns,
                           .first_frame = s->first_frame,
                           .last_frame = s->last_frame,
                           .digest = s->content_digest,
                           .canonical_bytes = s->canonical_bytes,
                           .body_bytes = (uint32_t)s->body_bytes,
                           .message_bytes = (uint32_t)s->message_bytes,
                           .status = s->answer ? s->status : 0,
                           .missing = -1,
                           .wrong = -1};
    /* The equipment began with its SYN, unless it was our side that let it wait. */
    bool waited = s->syn_ack_ns - s->syn_ns > a->uncertainty_ns;
    in->sending_ns = s->syn_ns != 0 && !waited ? s->syn_ns : s->first_ns;
    if (s->envelope.message_id.len > 0)
        in->message_id = attempts_hash(s->envelope.message_id.data, s->envelope.message_id.len);
    hash_values(b, s, in->value);
    memcpy(in->state, s->field, sizeof in->state);
    for (size_t i = b->n_field; i > 0; i--) {
        uint8_t state = s->field[i - 1];
        if (state == FIELD_INVALID || (b->field[i - 1].required && state != FIELD_FINE)) {
            in->missing = (int)(i - 1);
            in->missing_state = state;
        }
    }
}

/* A missing one is not wrong. */
int arrival_wrong(const struct attempts *a, const struct attempt *t, const struct arrival *in)
{
    const struct binding *b = &a->plan->binding[in->binding];
    if (b->identity >= 0 && t->device.len > 0 && in->state[b->identity] == FIELD_FINE &&
        in->value[b->identity] !=
            value_hash(b->field[b->identity].type, t->device.text, t->device.len))
        return b->identity;
    if (b->echo >= 0 && t->op != NULL && t->op->n_requests > 0 &&
        in->state[b->echo] == FIELD_FINE) {
        const struct binding *command = &a->plan->binding[t->op->binding];
        for (size_t i = 0; i < command->n_field; i++)
            if (strcmp(command->field[i].name, b->field[b->echo].name) == 0 &&
                t->op->value[i] != in->value[b->echo])
                return b->echo;
    }
    for (uint32_t i = 0; i < t->n_expect; i++) {
        uint32_t f = t->expect[i].field;
        if (f < b->n_field && in->state[f] == FIELD_FINE && in->value[f] != t->expect[i].value)
            return (int)f;
    }
    return -1;
}

bool sighting_device(const struct attempts *a, const struct sighting *s, struct text_id *device)
{
    int identity = a->plan->binding[s->binding].identity;
    if (identity < 0 || s->field[identity] != FIELD_FINE)
        return false;
    text_id_set(device, s->value[identity].data, s->value[identity].len);
    return true;
}

/* The thread goes to our side with the last byte of what the equipment sent. */
static void note_turn(struct attempt *t)
{
    struct live_trial *trial = t->trial;
    if (trial == NULL)
        return;
    int64_t event = trial->event_ns != 0 ? trial->event_ns : trial->first_sent_ns;
    if (event != 0) {
        t->elapsed_ns = t->in.last_ns - event;
        t->held_ns = trial->held_ns;
    }
    if (t->in.last_ns > trial->since_ns)
        trial->since_ns = t->in.last_ns;
}

void attempt_take_arrival(struct attempts *a, struct attempt *t, const struct arrival *in)
{
    t->in = *in;
    if (t->role == JOURNAL_THROUGH)
        t->in.missing = -1; /* as it was sent in: nobody asks more of a forwarder */
    else
        t->in.wrong = arrival_wrong(a, t, in);
    if (t->image != NULL && !image_is_right(t->image) && t->in.wrong < 0)
        t->in.wrong = binding_image(&a->plan->binding[in->binding]);
    note_turn(t);
    attempt_due(a, t, t->in.last_ns + a->plan->linger_ns);
}

void arrival_for(struct attempts *a, struct attempt *t, const struct sighting *s)
{
    struct arrival in;
    arrival_of(a, &in, s);
    attempt_take_arrival(a, t, &in);
}

bool arrival_block(struct attempts *a, struct attempt *t, const struct sighting *s,
                   const struct content_image *block)
{
    struct arrival in;
    arrival_of(a, &in, s);
    if (t->image == NULL) {
        t->image = image_new(block, true);
        if (t->image == NULL) {
            t->malformed = true; /* more blocks than anybody sends */
            return false;
        }
        const struct slice *id = &s->envelope.correlation_id;
        t->image_id = attempts_hash(id->data, id->len);
        t->in = in;
        t->in.there = false;
    } else if (in.last_ns > t->in.last_ns) {
        t->in.last_ns = in.last_ns;
        t->in.last_frame = in.last_frame;
    }
    enum image_rc rc = image_add(t->image, block);
    if (rc == IMAGE_OTHER)
        t->other_content = true;
    if (rc == IMAGE_FAULT)
        t->malformed = true;
    if (rc == IMAGE_MORE || rc == IMAGE_WHOLE) {
        bool first = image_seen(t->image) == 1;
        t->in.body_bytes += first ? 0 : in.body_bytes;
        t->in.message_bytes += first ? 0 : in.message_bytes;
    }
    if (rc != IMAGE_WHOLE)
        return false;
    in = t->in;
    in.there = true;
    attempt_take_arrival(a, t, &in);
    return true;
}
