/* Requests of the equipment: events, its own commands, what it forwards, answers under an id that
 * nobody has, and bytes that cannot be read. */
#include <string.h>

#include "harness/score/attempts_impl.h"

/* Whether it is another sighting of what an attempt has taken already. Under an id of its own it
 * may be of a trial that began meanwhile, when this one's is over. */
static bool same_message(const struct attempt *t, const struct arrival *other)
{
    const struct arrival *in = &t->in;
    if (in->message_id != 0 && in->message_id == other->message_id)
        return true;
    bool over = t->trial != NULL && t->trial->ended && !t->foreign;
    return in->digest == other->digest && (!over || in->message_id == 0 || other->message_id == 0);
}

/* Nothing but that message once more, whoever else waits for one like it. */
static bool same_again(const struct attempt *t, const struct arrival *other)
{
    return t->in.message_id != 0 && t->in.message_id == other->message_id &&
           t->in.digest == other->digest;
}

/* Answers to what goes out beside the trials, and what is made of it, belong to no trial. */
static bool of_background(const struct attempts *a, const struct sighting *s)
{
    const struct slice *id[] = {&s->envelope.correlation_id, &s->envelope.message_id};
    size_t len = a->prefix_len - 4; /* "ga-<nonce>-": without "cal-" */
    for (size_t i = 0; i < 2; i++)
        if (id[i]->len > len + 3 && memcmp(id[i]->data, a->prefix, len) == 0 &&
            memcmp(id[i]->data + len, "bg-", 3) == 0)
            return true;
    return false;
}

/* ---- forwarding ---------------------------------------------------------------------------------
 */

/* op: what it answers by HTTP, so that the address is that of who asked. */
static bool comes_out_here(const struct attempts *a, const struct attempt *t,
                           const struct operation *op, const struct sighting *s)
{
    if (!s->answer)
        return a->canon[t->endpoint] == a->canon[s->endpoint];
    return op != NULL && (op->reply_at == NO_ENDPOINT || a->canon[t->endpoint] == op->reply_at);
}

struct out {              /* who awaits what came out */
    struct attempt *same; /* with this content */
    struct attempt *copy_of, *other;
};

/* A forwarder that keeps our ids tells which trial it is about: what names another one is not for
 * this attempt, however alike it is. */
static bool of_another_trial(struct attempts *a, const struct attempt *t, const struct slice *id)
{
    size_t kept = a->prefix_len - 4; /* "ga-<nonce>-": without "cal-" */
    if (id->len <= kept || memcmp(id->data, a->prefix, kept) != 0)
        return false;
    const struct operation *op = operation_by_id(a, id->data, id->len);
    return op == NULL || op->trial != t->trial;
}

/* Its own id, kept, names another message of ours of that kind. */
static bool of_another_message(struct attempts *a, const struct attempt *t, const struct slice *id)
{
    const struct operation *op = id->len == 0 ? NULL : operation_by_id(a, id->data, id->len);
    return op != NULL && op != t->op && op->binding == t->op->binding;
}

static void look_through(struct attempts *a, struct attempt *t, const struct operation *op,
                         const struct sighting *s, const struct arrival *in, struct out *out)
{
    if (t->role != JOURNAL_THROUGH || (int)t->binding != s->binding || t->op->n_requests == 0 ||
        (s->answer && t->op == op) || s->last_ns < t->op->first_ns)
        return; /* the request sent back to who asked is forwarded nowhere */
    const struct slice *own = &s->envelope.message_id, *of = &s->envelope.correlation_id;
    if ((of_another_trial(a, t, own) && of_another_trial(a, t, of)) ||
        of_another_message(a, t, own))
        return;
    if (!comes_out_here(a, t, op, s)) {
        t->elsewhere = t->elsewhere || t->op->digest == in->digest;
        return;
    }
    if (t->op->digest != in->digest)
        out->other = out->other == NULL && !t->in.there ? t : out->other;
    else if (t->in.there)
        out->copy_of = out->copy_of == NULL ? t : out->copy_of;
    else if (out->same == NULL)
        out->same = t;
}

bool forwarded(struct attempts *a, const struct operation *op, const struct sighting *s)
{
    struct arrival in;
    struct text_id device;
    struct out out = {NULL, NULL, NULL};
    if (a->n_through == 0 || of_background(a, s))
        return false;
    arrival_of(a, &in, s);
    if (sighting_device(a, s, &device)) {
        uint64_t number = device_number(&device);
        struct attempt *t = a->arrival[arrival_bucket(a, (uint32_t)s->binding, number)];
        for (; t != NULL; t = t->next_arrival)
            if (device_number(&t->device) == number)
                look_through(a, t, op, s, &in, &out);
    }
    /* Sent to a group, or without an identity: by its content alone. */
    uint32_t at = s->answer ? op != NULL ? op->reply_at : NO_ENDPOINT : a->canon[s->endpoint];
    if (out.same == NULL && out.copy_of == NULL && out.other == NULL && at != NO_ENDPOINT)
        for (struct attempt *t = a->first_at[at]; t != NULL && out.same == NULL; t = t->next_at)
            if (t->role == JOURNAL_THROUGH && t->op->digest == in.digest)
                look_through(a, t, op, s, &in, &out);
    struct content_image block;
    bool image = content_image(&a->plan->binding[s->binding], &s->envelope, &block);
    if (out.same != NULL && image)
        (void)arrival_block(a, out.same, s, &block);
    else if (out.same != NULL)
        attempt_take_arrival(a, out.same, &in);
    else if (out.copy_of != NULL)
        out.copy_of->in.copies += !image;
    else if (out.other != NULL) {
        /* Nothing better comes of it: a forwarder passes on once. */
        out.other->other_content = true;
        if (s->last_ns + a->plan->linger_ns < out.other->deadline_ns)
            attempt_due(a, out.other, s->last_ns + a->plan->linger_ns);
    }
    return out.same != NULL || out.copy_of != NULL || out.other != NULL;
}

/* ---- events and commands of its own -------------------------------------------------------------
 */

static bool awaits_event(const struct attempt *t, const struct arrival *in)
{
    return !t->in.there && in->last_ns >= (t->provoked ? t->stimulus_ns : t->opened_ns) &&
           (t->provoked || !t->needs_stimulus);
}

/* A block goes where the first of its image went. */
static bool next_block(struct attempts *a, const struct sighting *s,
                       const struct content_image *block)
{
    uint64_t id = attempts_hash(s->envelope.correlation_id.data, s->envelope.correlation_id.len);
    struct attempt *t = a->first_at[a->canon[s->endpoint]];
    while (t != NULL && (t->image == NULL || t->image_id != id || t->role != JOURNAL_EVENT ||
                         (int)t->binding != s->binding))
        t = t->next_at;
    if (t != NULL && !t->in.there)
        (void)arrival_block(a, t, s, block);
    return t != NULL;
}

static void event_for(struct attempts *a, struct attempt *t, const struct sighting *s,
                      const struct arrival *in)
{
    struct content_image block;
    if (content_image(&a->plan->binding[s->binding], &s->envelope, &block))
        (void)arrival_block(a, t, s, &block);
    else
        attempt_take_arrival(a, t, in);
}

/* Nothing tells whose it is: for the oldest that waits here for this payload; named: it does tell,
 * so only for one that waits for nobody in particular. */
static bool nameless_event(struct attempts *a, const struct sighting *s, const struct arrival *in,
                           bool named)
{
    struct attempt *copy_of = NULL;
    for (struct attempt *t = a->first_at[a->canon[s->endpoint]]; t != NULL; t = t->next_at) {
        if (t->role != JOURNAL_EVENT || (int)t->binding != s->binding ||
            (named && t->device.len > 0))
            continue;
        if (t->in.there && t->in.message_id != 0 && t->in.message_id == in->message_id)
            copy_of = t;
        if (copy_of != NULL || !awaits_event(t, in) || t->image != NULL)
            continue;
        event_for(a, t, s, in);
        return true;
    }
    if (copy_of != NULL)
        copy_of->in.copies++;
    return copy_of != NULL;
}

/* An event that came already, by its id, is a copy. Else it goes to the oldest attempt that waits
 * for it here with this content; else it is a copy of one like it; else it stands, until a better
 * one comes, for the one that waits for other content. */
static bool event_arrived(struct attempts *a, const struct sighting *s)
{
    struct arrival in;
    struct text_id device;
    struct content_image block;
    if (content_image(&a->plan->binding[s->binding], &s->envelope, &block) &&
        next_block(a, s, &block))
        return true;
    arrival_of(a, &in, s);
    if (!sighting_device(a, s, &device))
        return nameless_event(a, s, &in, false);
    struct attempt *mismatch = NULL, *copy_of = NULL, *best = NULL;
    uint64_t number = device_number(&device);
    uint32_t here = a->canon[s->endpoint];
    struct attempt *t = a->arrival[arrival_bucket(a, (uint32_t)s->binding, number)];
    for (; t != NULL && best == NULL; t = t->next_arrival) {
        if (t->role != JOURNAL_EVENT || (int)t->binding != s->binding ||
            device_number(&t->device) != number)
            continue;
        if (a->canon[t->endpoint] != here) {
            t->elsewhere = t->elsewhere || awaits_event(t, &in);
            continue;
        }
        if (t->in.there && copy_of == NULL && same_message(t, &in))
            copy_of = t;
        if (t->in.there && same_again(t, &in)) {
            copy_of = t;
            break;
        }
        if (!awaits_event(t, &in) || t->image != NULL)
            continue;
        if (arrival_wrong(a, t, &in) < 0)
            best = t;
        else if (mismatch == NULL)
            mismatch = t;
    }
    if (best != NULL)
        event_for(a, best, s, &in);
    else if (copy_of != NULL)
        copy_of->in.copies++;
    else if (mismatch != NULL)
        mismatch->other_content = true;
    return best != NULL || copy_of != NULL || mismatch != NULL || nameless_event(a, s, &in, true);
}

/* ---- what is not as it should be ----------------------------------------------------------------
 */

static bool awaits_post(const struct attempts *a, const struct attempt *t)
{
    if (t->role == JOURNAL_EVENT)
        return t->provoked || !t->needs_stimulus;
    if (t->op->n_requests == 0)
        return false;
    return t->role == JOURNAL_THROUGH || a->by_request || t->op->many || t->op->image != NULL ||
           attempt_is_copy(a, t);
}

/* Bytes of the equipment that cannot be read: for the oldest attempt that waits at this endpoint
 * and has no such account yet. It changes the cause of a loss, never a success. */
static void unreadable(struct attempts *a, const struct sighting *s)
{
    for (struct attempt *t = a->first_at[a->canon[s->endpoint]]; t != NULL; t = t->next_at) {
        if (t->in.there || t->malformed || t->gap || !awaits_post(a, t))
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
    if (!sighting_device(a, s, &device))
        return false;
    struct attempt *t = a->first_at[a->canon[s->endpoint]];
    for (; t != NULL; t = t->next_at)
        if (t->role == JOURNAL_REPLY && (int)t->binding == s->binding && !t->in.there &&
            !t->other_id && t->op->n_requests > 0 &&
            device_number(&t->device) == device_number(&device)) {
            t->other_id = true;
            return true;
        }
    return false;
}

void from_equipment(struct attempts *a, const struct sighting *s)
{
    if (!s->has_envelope) {
        if (s->health != SIGHT_OK || s->body_bytes > 0)
            unreadable(a, s);
        return;
    }
    if (of_background(a, s))
        return;
    const struct slice *id = &s->envelope.correlation_id;
    bool response = s->envelope.kind == ENVELOPE_RESPONSE;
    struct operation *op = id->len > 0 ? operation_by_id(a, id->data, id->len) : NULL;
    if (op != NULL && response) {
        operation_reply(a, op, s);
        if (!op->many)
            operation_review(a, op, s->last_ns);
        return;
    }
    if (s->binding < 0)
        return;
    bool taken = forwarded(a, NULL, s) || event_arrived(a, s);
    if (!taken && response && id->len > 0)
        taken = stray_reply(a, s);
    if (!taken && !a->driven) {
        foreign_event(a, s);
        return;
    }
    if (!taken)
        a->unmatched++;
}
