/* From what the capture shows to the attempts it belongs to. Transport pairing follows the protocol
 * (an answer belongs to the request before it on its connection), payload correlation follows the
 * id; where they disagree it is a wrong correlation. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/base/clock.h"
#include "harness/base/num.h"
#include "harness/score/attempts_impl.h"

/* When its sender began: the first byte, or the moment from which the other side made it wait. */
static int64_t began_ns(const struct sighting *s, int64_t uncertainty_ns)
{
    if (s->syn_ns != 0 && s->syn_ack_ns - s->syn_ns > uncertainty_ns)
        return s->syn_ns;
    return s->held_ns != 0 && s->held_ns < s->first_ns ? s->held_ns : s->first_ns;
}

/* xs:dateTime that the binding has found well-formed: its moment, 0 when out of range. */
static int64_t time_ns(const struct slice *text)
{
    static const uint8_t at[] = {0, 5, 8, 11, 14, 17}, len[] = {4, 2, 2, 2, 2, 2};
    uint64_t part[6], minutes = 0, hours = 0;
    for (size_t i = 0; i < 6; i++)
        if (at[i] + len[i] > text->len || !num_u64(text->data + at[i], len[i], 0, 9999, &part[i]))
            return 0;
    struct tm tm = {.tm_year = (int)part[0] - 1900,
                    .tm_mon = (int)part[1] - 1,
                    .tm_mday = (int)part[2],
                    .tm_hour = (int)part[3],
                    .tm_min = (int)part[4],
                    .tm_sec = (int)part[5]};
    int64_t ns = 0, scale = NS_PER_S;
    size_t i = 19;
    if (i < text->len && text->data[i] == '.')
        for (i++; i < text->len && text->data[i] >= '0' && text->data[i] <= '9'; i++) {
            scale /= 10;
            ns += (text->data[i] - '0') * scale;
        }
    int64_t s = timegm(&tm);
    if (i + 6 == text->len && (text->data[i] == '+' || text->data[i] == '-') &&
        num_u64(text->data + i + 1, 2, 0, 14, &hours) &&
        num_u64(text->data + i + 4, 2, 0, 59, &minutes))
        s -= (text->data[i] == '-' ? -1 : 1) * (int64_t)(hours * 3600 + minutes * 60);
    return s <= 0 || s > INT64_MAX / NS_PER_S - 1 ? 0 : s * NS_PER_S + ns;
}

/* The endpoint of ours that a reply address names, NO_ENDPOINT none. */
static uint32_t endpoint_of_url(const struct attempts *a, const struct slice *url)
{
    const char *from = url->len == 0 ? NULL : memmem(url->data, url->len, "://", 3);
    if (from == NULL)
        return NO_ENDPOINT;
    from += 3;
    size_t left = (size_t)(url->data + url->len - from);
    for (uint32_t i = 0; i < a->plan->n_endpoint; i++) {
        size_t len = strlen(a->authority[i]);
        if (!a->plan->endpoint[i].eut && left >= len && memcmp(from, a->authority[i], len) == 0 &&
            (left == len || from[len] == '/'))
            return a->canon[i];
    }
    return NO_ENDPOINT;
}

void operation_review(struct attempts *a, struct operation *op, int64_t at_ns)
{
    int64_t linger = at_ns + a->plan->linger_ns;
    for (struct attempt *t = op->attempts; t != NULL; t = t->next_in_op) {
        if (t->in.there)
            continue; /* due when copies were looked for */
        if (attempt_is_ours(t) && t->proven)
            attempt_due(a, t, at_ns);
        else if (linger < t->deadline_ns && attempt_final(a, t))
            attempt_due(a, t, linger);
    }
}

void trial_sent(struct live_trial *t, int64_t first_ns)
{
    if (t == NULL)
        return;
    if (t->first_sent_ns == 0)
        t->first_sent_ns = first_ns;
    if (t->since_ns != 0 && first_ns > t->since_ns)
        t->held_ns += first_ns - t->since_ns;
    t->since_ns = 0;
}

/* A read-back asks for a message of ours by its id: the attempts concerned know that they were
 * asked about. */
static void read_back_asked(struct attempts *a, struct operation *op, const struct sighting *s)
{
    struct text_id device;
    if (a->back_id < 0 || s->field[a->back_id] != FIELD_FINE)
        return;
    op->asks = attempts_hash(s->value[a->back_id].data, s->value[a->back_id].len);
    op->asks_device = 0;
    if (a->back_device >= 0 && s->field[a->back_device] == FIELD_FINE) {
        text_id_set(&device, s->value[a->back_device].data, s->value[a->back_device].len);
        op->asks_device = device_number(&device);
    }
    struct operation *about = operation_by_hash(a, op->asks);
    struct attempt *t = about == NULL ? NULL : operation_ours(a, about, op->asks_device);
    if (t != NULL)
        t->asked = true;
}

/* A block of an image of ours: true when it was the last one missing. */
static bool operation_block(struct attempts *a, struct operation *op, const struct sighting *s)
{
    struct content_image block;
    if (!content_image(&a->plan->binding[s->binding], &s->envelope, &block))
        return true; /* not by the block: judged as it is */
    if (op->image == NULL && op->n_requests == 0) {
        op->image = image_new(&block, false);
        if (op->image == NULL) {
            (void)attempts_no_memory(a);
            return true;
        }
    }
    bool first = op->image != NULL && image_seen(op->image) == 0;
    enum image_rc rc = op->image == NULL ? IMAGE_OTHER : image_add(op->image, &block);
    if (rc == IMAGE_AGAIN || rc == IMAGE_OTHER)
        return false; /* sent again: the first counts */
    if (first) {
        op->first_ns = s->first_ns;
        op->origin_ns = began_ns(s, a->uncertainty_ns);
        op->first_frame = s->first_frame;
    }
    op->body_bytes += (uint32_t)s->body_bytes;
    op->message_bytes += (uint32_t)s->message_bytes;
    return rc == IMAGE_WHOLE;
}

/* Our own side had to send it again, and there is no answer yet. */
static void operation_resent(struct operation *op, int64_t at_ns)
{
    if (op != NULL && !op->answered && at_ns > op->resent_ns)
        op->resent_ns = at_ns;
}

static void take_request(struct attempts *a, struct operation *op, const struct sighting *s)
{
    const struct binding *b = s->binding < 0 ? NULL : &a->plan->binding[s->binding];
    op->last_ns = s->last_ns;
    op->last_frame = s->last_frame;
    op->digest = s->content_digest;
    op->canonical_bytes = s->canonical_bytes;
    op->refused = op->unanswered = false;
    op->reply_at = endpoint_of_url(a, &s->envelope.reply_address);
    if (b == NULL)
        return;
    op->binding = (uint32_t)s->binding;
    hash_values(b, s, op->value);
    int cut_over = binding_cut_over(b);
    if (cut_over >= 0 && s->field[cut_over] == FIELD_FINE)
        op->cut_over_ns = time_ns(&s->value[cut_over]);
    if (s->binding == a->read_back)
        read_back_asked(a, op, s);
}

void operation_request(struct attempts *a, struct operation *op, const struct sighting *s)
{
    bool in_blocks = s->binding >= 0 && binding_image(&a->plan->binding[s->binding]) >= 0;
    if (op->n_requests > 0) {
        op->n_requests += !in_blocks; /* a re-send: the first counts, and each may be answered */
        /* Unless it was the equipment that ended the first one's connection. */
        if (!in_blocks && !op->ended)
            operation_resent(op, s->first_ns);
        return;
    }
    if (in_blocks && !operation_block(a, op, s)) {
        op->refused = op->unanswered = false;
        return;
    }
    op->n_requests = 1;
    operation_resent(op, s->resent_ns);
    if (op->image == NULL) {
        op->first_ns = s->first_ns;
        op->origin_ns = began_ns(s, a->uncertainty_ns);
        op->first_frame = s->first_frame;
        op->body_bytes = (uint32_t)s->body_bytes;
        op->message_bytes = (uint32_t)s->message_bytes;
    }
    take_request(a, op, s);
    if (op->asks == 0)
        trial_sent(op->trial, op->first_ns);
    for (struct attempt *t = op->attempts; t != NULL; t = t->next_in_op) {
        if (t->in.there)
            continue;
        int64_t from = t->role == JOURNAL_THROUGH ? op->last_ns
                       : op->image != NULL        ? op->last_ns
                                                  : op->origin_ns;
        if (op->cut_over_ns > from)
            from = op->cut_over_ns;
        attempt_due(a, t, from + t->give_up_ns);
    }
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
    if (ev->endpoint >= 0 && a->plan->endpoint[ev->endpoint].inside)
        return;
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
    case CONNECTION_RESENT:
        operation_resent(operation_by_token(a, ev->pair), ev->ts_ns);
        break;
    case CONNECTION_OPENED:
    case CONNECTION_EVENT_COUNT:
        break;
    }
}

/* ---- answers and requests ----------------------------------------------------------------------
 */

static bool is_id_of(const struct operation *op, const struct slice *id)
{
    return id->len > 0 && text_id_is(&op->id, id->data, id->len);
}

/* Bytes towards an endpoint of ours that answer a request of ours: a message of the equipment. */
static void answered(struct attempts *a, struct operation *op, const struct sighting *s)
{
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
    if (op->asks != 0)
        operation_answered_back(a, op);
    if (s->health == SIGHT_GAP)
        op->answer_gap = true;
    else if (s->health != SIGHT_OK || (s->body_bytes > 0 && !s->has_envelope && s->status < 300))
        op->malformed = true;
    else if (s->has_envelope && !is_id_of(op, &s->envelope.correlation_id))
        op->other_id = true;
    else if (s->has_envelope)
        operation_reply(a, op, s);
    operation_review(a, op, s->last_ns);
}

/* The message of ours that these bytes are: by its own id; a block of an image, and what others
 * send, by the id it belongs to. */
static struct operation *sent_by_us(struct attempts *a, const struct sighting *s)
{
    const struct slice *own = &s->envelope.message_id, *of = &s->envelope.correlation_id;
    struct operation *op = own->len > 0 ? operation_by_id(a, own->data, own->len) : NULL;
    if (op == NULL && of->len > 0 && s->envelope.kind != ENVELOPE_RESPONSE)
        op = operation_by_id(a, of->data, of->len);
    return op;
}

static void answer(struct attempts *a, const struct sighting *s)
{
    struct operation *op = s->pair > ATTEMPTS_UNKNOWN_TOKEN ? operation_by_token(a, s->pair) : NULL;
    if (op != NULL) {
        answered(a, op, s);
        return;
    }
    bool ours = s->endpoint >= 0 && !a->plan->endpoint[s->endpoint].eut;
    op = ours && s->has_envelope ? sent_by_us(a, s) : NULL;
    if (op != NULL) {
        operation_request(a, op, s); /* what we say to a request of the equipment */
        operation_review(a, op, s->last_ns);
    } else if (s->pair <= ATTEMPTS_UNKNOWN_TOKEN && s->binding >= 0) {
        a->unmatched++;
    }
}

static uint64_t to_equipment(struct attempts *a, const struct sighting *s)
{
    struct operation *op = NULL;
    if (s->has_envelope) {
        op = sent_by_us(a, s);
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
            a->tls_seen[s->endpoint] = s->last_frame;
        return ATTEMPTS_UNKNOWN_TOKEN;
    }
    if (s->endpoint >= 0 && a->plan->endpoint[s->endpoint].inside) {
        inside_message(a, s);
        return s->answer ? 0 : ATTEMPTS_UNKNOWN_TOKEN;
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
