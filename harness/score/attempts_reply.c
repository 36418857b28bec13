/* Payloads of the equipment under the id of a message of ours: answers, their copies to others, the
 * proof that the message was consumed, and what a read-back tells. */
#include <stdlib.h>
#include <string.h>

#include "harness/score/attempts_impl.h"

struct operation *operation_by_hash(struct attempts *a, uint64_t hash)
{
    struct operation *op = a->operation[hash & (a->operation_buckets - 1)];
    while (op != NULL && op->id.hash != hash)
        op = op->next;
    return op;
}

/* The attempt of the operation with that role and device. Of many devices: through their bucket. */
static struct attempt *in_bucket(struct attempts *a, const struct operation *op, uint8_t role,
                                 uint32_t binding, uint64_t device)
{
    struct attempt *t = a->arrival[arrival_bucket(a, binding, device)];
    while (t != NULL && (t->op != op || t->role != role || t->binding != binding ||
                         device_number(&t->device) != device))
        t = t->next_arrival;
    return t;
}

struct attempt *operation_ours(struct attempts *a, struct operation *op, uint64_t device)
{
    if (op->many && device != 0) {
        struct attempt *t = in_bucket(a, op, JOURNAL_SEND, op->binding, device);
        return t != NULL ? t : in_bucket(a, op, JOURNAL_ANSWER, op->binding, device);
    }
    struct attempt *t = op->attempts;
    while (t != NULL && !attempt_is_ours(t))
        t = t->next_in_op;
    return op->many ? NULL : t;
}

/* The device consumed what it was sent: from the first byte of what shows it. */
static void prove(struct attempts *a, struct operation *op, uint64_t device,
                  const struct sighting *s)
{
    struct attempt *t = operation_ours(a, op, device);
    op->proven = true;
    if (t == NULL || t->proven)
        return;
    t->proven = true;
    t->proof_ns = s->first_ns;
    t->proof_frame = s->first_frame;
    attempt_due(a, t, s->last_ns);
}

/* Only the consumed payload itself, every value the same, is a proof: an echo of the question, a
 * yes, another payload are none. */
static void read_back(struct attempts *a, const struct operation *op, const struct sighting *s)
{
    struct operation *about = operation_by_hash(a, op->asks);
    struct attempt *t = about == NULL ? NULL : operation_ours(a, about, op->asks_device);
    if (t == NULL || about->n_requests == 0 || s->envelope.kind != ENVELOPE_RESPONSE)
        return;
    if (s->envelope.element.len == 0) {
        const struct slice *result = &s->envelope.result;
        t->denied = t->denied || (result->len == 6 && memcmp(result->data, "FAILED", 6) == 0);
    } else if (s->content_digest == about->digest && s->binding == (int)about->binding) {
        prove(a, about, op->asks_device, s);
    } else if (s->binding == (int)about->binding) {
        t->other_back = true;
    }
}

void operation_answered_back(struct attempts *a, const struct operation *op)
{
    struct operation *about = operation_by_hash(a, op->asks);
    struct attempt *t = about == NULL ? NULL : operation_ours(a, about, op->asks_device);
    if (t != NULL)
        t->answered_back = true;
}

/* ---- answers ------------------------------------------------------------------------------------
 */

bool attempt_is_copy(const struct attempts *a, const struct attempt *t)
{
    const struct operation *op = t->op;
    if (t->role != JOURNAL_REPLY || t->foreign)
        return false;
    if (op->reply_at != NO_ENDPOINT)
        return a->canon[t->endpoint] != op->reply_at;
    /* The requester's is awaited first. */
    for (const struct attempt *x = op->many ? NULL : op->attempts; x != NULL; x = x->next_in_op)
        if (x->role == JOURNAL_REPLY && x->binding == t->binding && x->serial < t->serial &&
            a->canon[x->endpoint] != a->canon[t->endpoint])
            return true;
    return false;
}

/* endpoint: of ours, where it arrived; NO_ENDPOINT: as the HTTP answer. */
static bool arrives_here(const struct attempts *a, const struct attempt *t, uint32_t endpoint)
{
    if (endpoint == NO_ENDPOINT)
        return !attempt_is_copy(a, t);
    if (t->foreign) /* nobody announced where it must arrive */
        return t->op->reply_at == NO_ENDPOINT || t->op->reply_at == endpoint;
    return a->canon[t->endpoint] == endpoint;
}

/* The attempt that an answer is for. *copy_of: one that has its answer already. */
static struct attempt *expected(struct attempts *a, struct operation *op, const struct arrival *in,
                                uint32_t endpoint, uint64_t device, struct attempt **copy_of)
{
    struct attempt *best = NULL, *t = op->attempts;
    bool best_right = false;
    if (op->many)
        t = a->arrival[arrival_bucket(a, in->binding, device)];
    for (; t != NULL; t = op->many ? t->next_arrival : t->next_in_op) {
        if (t->op != op || t->role != JOURNAL_REPLY || t->binding != in->binding ||
            (op->many && device_number(&t->device) != device))
            continue;
        if (!arrives_here(a, t, endpoint)) {
            t->elsewhere = true;
            continue;
        }
        bool same = t->in.there && t->in.message_id != 0 && t->in.message_id == in->message_id;
        if (t->in.there && (*copy_of == NULL || same))
            *copy_of = t;
        if (same)
            return NULL;
        if (t->in.there)
            continue;
        bool right = arrival_wrong(a, t, in) < 0;
        if (best == NULL || (right && !best_right) ||
            (right == best_right && t->serial < best->serial)) {
            best = t;
            best_right = right;
        }
    }
    return best;
}

/* Nobody expects it yet: it may have come before its attempt was announced. */
static void keep_early(struct attempts *a, struct operation *op, const struct arrival *in,
                       uint32_t endpoint, uint64_t device)
{
    for (struct early *x = op->early; x != NULL; x = x->next)
        if (x->in.binding == in->binding && x->endpoint == endpoint && x->device == device &&
            (x->in.message_id == in->message_id || x->in.digest == in->digest)) {
            x->in.copies++;
            return;
        }
    if (op->n_early == OPERATION_EARLY)
        return;
    struct early *x = calloc(1, sizeof *x);
    if (x == NULL) {
        (void)attempts_no_memory(a);
        return;
    }
    x->in = *in;
    x->endpoint = endpoint;
    x->device = device;
    if (op->early == NULL)
        op->early_end = &op->early;
    *op->early_end = x;
    op->early_end = &x->next;
    op->n_early++;
}

void attempt_take_early(struct attempts *a, struct attempt *t)
{
    struct operation *op = t->op;
    for (struct early **at = &op->early; *at != NULL; at = &(*at)->next) {
        struct early *x = *at;
        if (x->in.binding != t->binding || !arrives_here(a, t, x->endpoint) ||
            (op->many && x->device != device_number(&t->device)))
            continue;
        attempt_take_arrival(a, t, &x->in);
        *at = x->next;
        if (*at == NULL)
            op->early_end = at;
        op->n_early--;
        op->other_binding = -1;
        free(x);
        return;
    }
}

void operation_reply(struct attempts *a, struct operation *op, const struct sighting *s)
{
    if (op->asks != 0) {
        read_back(a, op, s);
        return;
    }
    if (s->binding >= 0 && forwarded(a, op, s))
        return;
    /* The request sent back is no answer, whatever it is called: it shows that bytes were copied.
     */
    bool echo = s->envelope.kind != ENVELOPE_RESPONSE || s->binding == (int)op->binding;
    if (s->binding < 0 || echo) {
        op->other_binding = s->binding < 0 ? -2 : s->binding;
        return;
    }
    struct text_id id;
    uint64_t device = sighting_device(a, s, &id) ? device_number(&id) : 0;
    if (op->n_requests > 0 && a->plan->binding[s->binding].proves)
        prove(a, op, device, s);
    if (!a->driven)
        foreign_retarget(a, op, (uint32_t)s->binding);
    struct arrival in;
    arrival_of(a, &in, s);
    uint32_t endpoint = s->answer ? NO_ENDPOINT : a->canon[s->endpoint];
    struct attempt *copy_of = NULL, *t = expected(a, op, &in, endpoint, device, &copy_of);
    if (t != NULL) {
        attempt_take_arrival(a, t, &in);
    } else if (copy_of != NULL) {
        copy_of->in.copies++;
    } else {
        if (!op->many)
            op->other_binding = s->binding;
        keep_early(a, op, &in, endpoint, device);
    }
}
