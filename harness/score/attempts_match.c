/* From what the capture shows to the attempts it belongs to. Transport pairing follows the protocol
 * (an answer belongs to the request before it on its connection), payload correlation follows the
 * id; where they disagree it is a wrong correlation. */
#include <ctype.h>
#include <stdlib.h>
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

static void hash_values(const struct binding *b, const struct sighting *s, uint64_t *value)
{
    for (size_t i = 0; i < b->n_field; i++)
        value[i] = s->field[i] == FIELD_FINE
                       ? value_hash(b->field[i].type, s->value[i].data, s->value[i].len)
                       : 0;
}

/* When its sender began: the first byte, or the moment from which the other side made it wait. */
static int64_t began_ns(const struct sighting *s, int64_t uncertainty_ns)
{
    if (s->syn_ns != 0 && s->syn_ack_ns - s->syn_ns > uncertainty_ns)
        return s->syn_ns;
    return s->held_ns != 0 && s->held_ns < s->first_ns ? s->held_ns : s->first_ns;
}

static void take_arrival(struct attempts *a, struct arrival *in, const struct sighting *s)
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
    bool waited = s->syn_ack_ns - s->syn_ns > a->plan->uncertainty_ns;
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

/* The first field that has another value than it must have, -1 none. A missing one is not wrong. */
static int wrong_field(const struct attempts *a, const struct attempt *t, const struct arrival *in)
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

void attempt_take_arrival(struct attempts *a, struct attempt *t, const struct arrival *in)
{
    t->in = *in;
    t->in.wrong = wrong_field(a, t, in);
    attempt_due(a, t, t->in.last_ns + a->plan->linger_ns);
}

void arrival_for(struct attempts *a, struct attempt *t, const struct sighting *s)
{
    struct arrival in;
    take_arrival(a, &in, s);
    attempt_take_arrival(a, t, &in);
}

void operation_review(struct attempts *a, struct operation *op, int64_t at_ns)
{
    int64_t linger = at_ns + a->plan->linger_ns;
    bool final = operation_final(a, op);
    for (struct attempt *t = op->attempts; t != NULL; t = t->next_in_op) {
        if (t->role == JOURNAL_REPLY && t->in.there)
            continue; /* due when copies were looked for */
        if (t->role == JOURNAL_SEND && op->proven)
            attempt_due(a, t, at_ns);
        else if (final && linger < t->deadline_ns)
            attempt_due(a, t, linger);
    }
}

void operation_request(struct attempts *a, struct operation *op, const struct sighting *s)
{
    if (op->n_requests++ > 0)
        return; /* a re-send: the first counts, and each may be answered */
    op->first_ns = s->first_ns;
    op->last_ns = s->last_ns;
    op->origin_ns = began_ns(s, a->plan->uncertainty_ns);
    op->first_frame = s->first_frame;
    op->last_frame = s->last_frame;
    op->digest = s->content_digest;
    op->canonical_bytes = s->canonical_bytes;
    op->body_bytes = (uint32_t)s->body_bytes;
    op->message_bytes = (uint32_t)s->message_bytes;
    op->refused = op->unanswered = false;
    if (s->binding >= 0) {
        op->binding = (uint32_t)s->binding;
        hash_values(&a->plan->binding[s->binding], s, op->value);
    }
    for (struct attempt *t = op->attempts; t != NULL; t = t->next_in_op)
        if (!t->in.there)
            attempt_due(a, t, op->origin_ns + t->give_up_ns);
}

/* ---- connections that failed -------------------------------------------------------------------
 */

static void add_claim(struct attempts *a, const struct syn_claim *c)
{
    /* A ring: what nobody has claimed for so long nobody will. */
    a->claim[a->next_claim] = *c;
    a->next_claim = (a->next_claim + 1) % SYN_CLAIMS;
    if (a->n_claim < SYN_CLAIMS)
        a->n_claim++;
}

void operation_claim_syn(struct attempts *a, struct operation *op, int64_t until_ns)
{
    if (op->refused || op->unanswered || (op->outcome && !op->outcome_failed))
        return;
    int64_t until = op->outcome && op->outcome_ns < until_ns ? op->outcome_ns : until_ns;
    struct syn_claim *best = NULL;
    for (size_t i = 0; i < a->n_claim; i++) {
        struct syn_claim *c = &a->claim[i];
        if (c->taken || c->endpoint != (int)op->endpoint || c->syn_ns < op->opened_ns ||
            c->syn_ns > until)
            continue;
        if (op->local_port != 0 && c->client_port != op->local_port)
            continue;
        if (best == NULL || c->syn_ns < best->syn_ns)
            best = c;
    }
    if (best == NULL)
        return;
    best->taken = true;
    op->refused = best->kind != CONNECTION_UNANSWERED;
    op->unanswered = best->kind == CONNECTION_UNANSWERED;
    op->syn_ns = best->syn_ns;
    op->syn_frame = best->frame;
}

void attempts_connection(struct attempts *a, const struct connection_event *ev)
{
    bool to_equipment = ev->endpoint >= 0 && a->plan->endpoint[ev->endpoint].eut;
    switch (ev->kind) {
    case CONNECTION_REFUSED:
    case CONNECTION_UNANSWERED:
        if (to_equipment)
            add_claim(a, &(struct syn_claim){ev->syn_ns, ev->ts_ns, ev->frame, ev->endpoint,
                                             ev->client_port, ev->kind, false});
        break;
    case CONNECTION_RESET:
    case CONNECTION_CLOSED:
        if (ev->pair > ATTEMPTS_UNKNOWN_TOKEN) {
            struct operation *op = operation_by_token(a, ev->pair);
            if (op != NULL && !op->answered) {
                op->ended = true;
                operation_review(a, op, ev->ts_ns);
            }
        }
        break;
    case CONNECTION_OPENED:
    case CONNECTION_EVENT_COUNT:
        break;
    }
}

/* ---- answers -----------------------------------------------------------------------------------
 */

/* A payload of the equipment that carries the operation's id. */
static void semantic_reply(struct attempts *a, struct operation *op, const struct sighting *s)
{
    /* The request sent back is no answer, whatever it is called: it shows that bytes were copied.
     */
    bool echo = s->envelope.kind != ENVELOPE_RESPONSE || s->binding == (int)op->binding;
    if (s->binding < 0 || echo) {
        op->other_binding = s->binding < 0 ? -2 : s->binding;
        return;
    }
    if (!op->proven && op->n_requests > 0 && a->plan->binding[s->binding].proves) {
        op->proven = true;
        op->proof_ns = s->first_ns;
        op->proof_frame = s->first_frame;
    }
    if (!a->driven)
        foreign_retarget(a, op, (uint32_t)s->binding);
    struct arrival in;
    take_arrival(a, &in, s);
    struct attempt *copy_of = NULL;
    for (struct attempt *t = op->attempts; t != NULL; t = t->next_in_op) {
        if (t->role != JOURNAL_REPLY || (int)t->binding != s->binding)
            continue;
        if (!t->in.there) {
            attempt_take_arrival(a, t, &in);
            return;
        }
        copy_of = t;
    }
    if (copy_of != NULL) {
        copy_of->in.copies++;
        return;
    }
    op->other_binding = s->binding;
    if (op->early == NULL)
        op->early = calloc(OPERATION_EARLY, sizeof *op->early);
    if (op->early == NULL) {
        (void)attempts_no_memory(a);
        return;
    }
    for (size_t i = 0; i < OPERATION_EARLY; i++) {
        if (op->early[i].there && op->early[i].binding == in.binding) {
            op->early[i].copies++;
            return;
        }
        if (!op->early[i].there) {
            op->early[i] = in;
            return;
        }
    }
}

static bool is_id_of(const struct operation *op, const struct slice *id)
{
    return id->len > 0 && text_id_is(&op->id, id->data, id->len);
}

static void answer(struct attempts *a, const struct sighting *s)
{
    if (s->pair <= ATTEMPTS_UNKNOWN_TOKEN) {
        if (s->binding >= 0)
            a->unmatched++;
        return;
    }
    struct operation *op = operation_by_token(a, s->pair);
    if (op == NULL)
        return; /* resolved long ago */
    if (op->calibration) {
        if (!op->answered)
            a->h.calibrated(a->h.calibrated_arg, s->first_ns - op->origin_ns);
        op->answered = true;
        for (struct attempt *t = op->attempts; t != NULL; t = t->next_in_op)
            attempt_due(a, t, s->last_ns);
        return;
    }
    op->answered = true;
    op->status = s->status;
    op->answer_frame = s->last_frame;
    if (s->health == SIGHT_GAP)
        op->answer_gap = true;
    else if (s->health != SIGHT_OK || (s->body_bytes > 0 && !s->has_envelope && s->status < 300))
        op->malformed = true;
    else if (s->has_envelope && !is_id_of(op, &s->envelope.correlation_id))
        op->other_id = true;
    else if (s->has_envelope)
        semantic_reply(a, op, s);
    operation_review(a, op, s->last_ns);
}

/* ---- requests of the equipment ------------------------------------------------------------------
 */

static bool device_of(const struct attempts *a, const struct sighting *s, struct text_id *device)
{
    int identity = a->plan->binding[s->binding].identity;
    if (identity < 0 || s->field[identity] != FIELD_FINE)
        return false;
    text_id_set(device, s->value[identity].data, s->value[identity].len);
    return true;
}

/* Whether it is another sighting of what an attempt has taken already. */
static bool same_message(const struct arrival *in, const struct arrival *other)
{
    return in->digest == other->digest ||
           (in->message_id != 0 && in->message_id == other->message_id);
}

static bool awaits_event(const struct attempt *t, const struct arrival *in)
{
    return !t->in.there && in->last_ns >= (t->provoked ? t->stimulus_ns : t->opened_ns) &&
           (t->provoked || !t->needs_stimulus);
}

/* An event goes to the oldest attempt that waits for it with this content; else it is a copy of one
 * that came; else it stands, until a better one comes, for the one that waits for other content. */
static bool event_arrived(struct attempts *a, const struct sighting *s)
{
    struct arrival in;
    take_arrival(a, &in, s);
    struct text_id device;
    if (!device_of(a, s, &device)) {
        /* Nothing tells whose it is: incomplete, for the oldest that waits for this payload. */
        for (struct attempt *t = a->first_at[s->endpoint]; t != NULL; t = t->next_at)
            if (t->role == JOURNAL_EVENT && (int)t->binding == s->binding && awaits_event(t, &in)) {
                attempt_take_arrival(a, t, &in);
                return true;
            }
        return false;
    }
    struct attempt *mismatch = NULL, *copy_of = NULL;
    size_t bucket = arrival_key((uint32_t)s->binding, &device) & (a->arrival_buckets - 1);
    for (struct attempt *t = a->arrival[bucket]; t != NULL; t = t->next_arrival) {
        if ((int)t->binding != s->binding || device_number(&t->device) != device_number(&device))
            continue;
        if (t->in.there && copy_of == NULL && same_message(&t->in, &in))
            copy_of = t;
        if (!awaits_event(t, &in))
            continue;
        if (wrong_field(a, t, &in) < 0) {
            attempt_take_arrival(a, t, &in);
            return true;
        }
        if (mismatch == NULL)
            mismatch = t;
    }
    if (copy_of != NULL)
        copy_of->in.copies++;
    else if (mismatch != NULL)
        mismatch->other_content = true;
    return copy_of != NULL || mismatch != NULL;
}

/* Bytes of the equipment that cannot be read: for the oldest attempt that waits at this endpoint
 * and has no such account yet. It changes the cause of a loss, never a success. */
static void unreadable(struct attempts *a, const struct sighting *s)
{
    for (struct attempt *t = a->first_at[s->endpoint]; t != NULL; t = t->next_at) {
        bool waits = t->role == JOURNAL_EVENT ? t->provoked || !t->needs_stimulus
                                              : a->by_request && t->op->n_requests > 0;
        if (t->in.there || !waits || t->malformed || t->gap)
            continue;
        if (s->health == SIGHT_GAP)
            t->gap = true;
        else
            t->malformed = true;
        return;
    }
}

/* A reply under an id that no open operation has: for the oldest attempt of this payload and
 * device. */
static bool stray_reply(struct attempts *a, const struct sighting *s)
{
    struct text_id device;
    if (!device_of(a, s, &device))
        return false;
    for (struct attempt *t = a->first_at[s->endpoint]; t != NULL; t = t->next_at)
        if (t->role == JOURNAL_REPLY && (int)t->binding == s->binding && !t->in.there &&
            !t->other_id && t->op->n_requests > 0 &&
            device_number(&t->device) == device_number(&device)) {
            t->other_id = true;
            return true;
        }
    return false;
}

static void from_equipment(struct attempts *a, const struct sighting *s)
{
    if (!s->has_envelope) {
        if (s->health != SIGHT_OK || s->body_bytes > 0)
            unreadable(a, s);
        return;
    }
    const struct slice *id = &s->envelope.correlation_id;
    struct operation *op = id->len > 0 ? operation_by_id(a, id->data, id->len) : NULL;
    if (op != NULL) {
        semantic_reply(a, op, s);
        operation_review(a, op, s->last_ns);
        return;
    }
    if (s->binding < 0)
        return;
    bool taken = false;
    if (s->envelope.kind == ENVELOPE_RESPONSE && id->len > 0)
        taken = stray_reply(a, s);
    if (!taken && s->envelope.kind != ENVELOPE_REQUEST)
        taken = event_arrived(a, s);
    if (!taken && !a->driven && s->envelope.kind != ENVELOPE_REQUEST) {
        foreign_event(a, s);
        return;
    }
    if (!taken)
        a->unmatched++;
}

static uint64_t to_equipment(struct attempts *a, const struct sighting *s)
{
    struct operation *op = NULL;
    if (s->has_envelope) {
        const struct slice *id = &s->envelope.correlation_id;
        if (id->len == 0)
            id = &s->envelope.message_id;
        op = id->len > 0 ? operation_by_id(a, id->data, id->len) : NULL;
        if (op == NULL && !a->driven && s->binding >= 0)
            op = foreign_command(a, s);
        if (op == NULL && s->binding >= 0)
            a->unmatched++;
    } else if (s->health == SIGHT_TRUNCATED) {
        /* The connection ended inside the request: it failed like one that was refused. */
        add_claim(a, &(struct syn_claim){s->first_ns, s->last_ns, s->first_frame, s->endpoint,
                                         s->client_port, CONNECTION_RESET, false});
    }
    if (op == NULL)
        return ATTEMPTS_UNKNOWN_TOKEN;
    operation_request(a, op, s);
    if (op->token == 0)
        operation_give_token(a, op);
    return op->token;
}

uint64_t attempts_sighting(struct attempts *a, const struct sighting *s)
{
    if (s->encrypted) {
        if (s->endpoint >= 0)
            a->tls_seen[s->endpoint] = true;
        return ATTEMPTS_UNKNOWN_TOKEN;
    }
    if (s->answer) {
        answer(a, s);
        return 0;
    }
    if (s->endpoint < 0)
        return ATTEMPTS_UNKNOWN_TOKEN;
    /* The calibration responder is a harness's endpoint that is sent to like the equipment. */
    const struct slice *id = &s->envelope.correlation_id;
    bool calibration = s->has_envelope && id->len > a->prefix_len &&
                       memcmp(id->data, a->prefix, a->prefix_len) == 0;
    if (a->plan->endpoint[s->endpoint].eut || calibration)
        return to_equipment(a, s);
    from_equipment(a, s);
    return ATTEMPTS_UNKNOWN_TOKEN;
}
