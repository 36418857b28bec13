/* From what was seen of an attempt to its one cause. No state, no tables: the rules and nothing
 * else. */
#include <stdio.h>
#include <string.h>

#include "harness/score/attempts_impl.h"

bool cause_is_failure(enum cause c)
{
    return c >= CAUSE_LATE && c <= CAUSE_DUPLICATE;
}

bool cause_is_unsure(enum cause c)
{
    return c >= CAUSE_UNPROVEN;
}

static bool by_read_back(const struct attempts *a, const struct attempt *t)
{
    return attempt_is_ours(t) && t->row != JOURNAL_NO_ROW &&
           a->plan->row[t->row].proof == PLAN_PROOF_READ_BACK;
}

bool attempt_final(const struct attempts *a, const struct attempt *t)
{
    const struct operation *op = t->op;
    if (op == NULL)
        return false;
    if (op->refused || op->unanswered)
        return true;
    bool refused = op->answered && op->status >= 400 && !op->proven;
    /* Answers that come as requests, to whomever; what is forwarded; what is asked back. */
    if (a->by_request || op->many || op->image != NULL || t->role == JOURNAL_THROUGH ||
        t->role == JOURNAL_ANSWER || by_read_back(a, t) || attempt_is_copy(a, t))
        return refused;
    /* One answer a request: what came without a payload that somebody waits for was all there is.
     */
    return (op->answered && (!op->proven || op->other_binding != -1)) || op->ended;
}

static void copy_text(char *out, size_t size, const char *text)
{
    size_t len = strnlen(text, size - 1);
    memcpy(out, text, len);
    out[len] = '\0';
}

static const struct plan_variant *variant_of(const struct attempts *a, const struct attempt *t)
{
    return &a->plan->row[t->row].variant[t->variant];
}

/* How long behind its origin our own side had to send it again, and it ended after that; 0 none. */
static int64_t resent_after(const struct operation *op, const struct outcome *o)
{
    return op->resent_ns > o->rec.origin_ns && op->resent_ns <= o->rec.end_ns
               ? op->resent_ns - o->rec.origin_ns
               : 0;
}

/* Why an operation's request never came to anything, also for the answers expected to it. */
static enum cause unseen_request(const struct attempts *a, const struct operation *op,
                                 struct outcome *o)
{
    if (op->refused || op->unanswered) {
        outcome_note(o, op->refused ? "connection refused" : "connection attempt unanswered");
        o->rec.origin_ns = op->syn_ns;
        o->rec.first_frame = o->rec.last_frame = op->syn_frame;
        return CAUSE_REFUSED;
    }
    if (op->encrypted) {
        o->rec.flags |= OUTCOME_ENCRYPTED;
        o->rec.first_frame = o->rec.last_frame = a->tls_seen[op->endpoint];
        outcome_note(o, "inside TLS");
    } else {
        outcome_note(o, "neither the request nor a connection attempt is in the capture");
    }
    return CAUSE_HARNESS;
}

/* From where a confirmation is timed: the operation's declared moment, when that is later than the
 * end of what was sent; 0: it is no such operation. */
static int64_t completes_ns(const struct operation *op)
{
    if (op->image == NULL && op->cut_over_ns == 0)
        return 0;
    return op->cut_over_ns > op->last_ns ? op->cut_over_ns : op->last_ns;
}

/* A message of ours that nothing proves consumed: the best account of what came back. */
static enum cause classify_unproven(const struct attempts *a, const struct attempt *t, bool cut,
                                    struct outcome *o)
{
    const struct operation *op = t->op;
    bool back = by_read_back(a, t), answer = t->role == JOURNAL_ANSWER && !op->answered;
    if (op->answered)
        o->rec.last_frame = op->answer_frame;
    if (op->answer_gap && !back) {
        outcome_note(o, "the capture lost bytes of the answer");
        return CAUSE_HARNESS;
    }
    if (op->answered && op->status >= 400) {
        /* An error status alone shows no consumption: it says that there was none. */
        outcome_note(o, "HTTP %d and no declared answer", op->status);
        return CAUSE_REFUSED;
    }
    if (t->other_back) {
        outcome_note(o, "read back with other content");
        return CAUSE_WRONG_CONTENT;
    }
    if (t->denied) {
        outcome_note(o, "read back: not consumed by give-up");
        return CAUSE_LOST;
    }
    if (cut && (a->by_request || back || answer || op->many || !op->answered))
        return outcome_note(o, "the evidence ends before its answer"), CAUSE_CUT;
    if (back && t->asked && !t->answered_back) {
        outcome_note(o, "no answer to its read-back");
        return CAUSE_LOST;
    }
    if (back && t->asked) {
        outcome_note(o, "its read-back does not show it: a stack is alive, nothing more");
        return CAUSE_UNPROVEN;
    }
    if (op->many) { /* what the group's address said is not this device's word */
        outcome_note(o, "no answer of this device by give-up");
        return CAUSE_LOST;
    }
    if (answer) {
        outcome_note(o, "nothing shows that it was consumed");
        return CAUSE_UNPROVEN;
    }
    if (op->answered) {
        outcome_note(o, "HTTP %d and no declared answer: a stack is alive, nothing more",
                     op->status);
        return CAUSE_UNPROVEN;
    }
    outcome_note(o, op->ended && !a->by_request ? "the connection ended without an answer"
                                                : "no answer by give-up");
    return CAUSE_LOST;
}

static enum cause classify_ours(const struct attempts *a, const struct attempt *t, bool cut,
                                struct outcome *o)
{
    const struct operation *op = t->op;
    if (op->n_requests == 0 && op->image != NULL && op->answered && op->status >= 400)
        return outcome_note(o, "HTTP %d to a block of it", op->status), CAUSE_REFUSED;
    if (op->n_requests == 0 && op->image != NULL && !op->refused && !op->unanswered) {
        outcome_note(o, "%u of %u blocks are in the capture", image_seen(op->image),
                     image_blocks(op->image));
        return cut ? CAUSE_CUT : CAUSE_HARNESS;
    }
    if (op->n_requests == 0)
        return cut && !attempt_final(a, t) && !op->encrypted
                   ? (outcome_note(o, "the evidence ends before its request"), CAUSE_CUT)
                   : unseen_request(a, op, o);
    o->rec.origin_ns = op->origin_ns;
    o->rec.sent_ns = op->first_ns;
    o->rec.first_frame = op->first_frame;
    o->rec.last_frame = op->last_frame;
    o->rec.canonical_bytes = op->canonical_bytes;
    o->rec.body_bytes = op->body_bytes;
    o->rec.message_bytes = op->message_bytes;
    o->rec.copies = (uint16_t)(op->n_requests > UINT16_MAX ? UINT16_MAX : op->n_requests);
    if (!t->proven)
        return classify_unproven(a, t, cut, o);
    /* An answer can come early: the message ends with its own last byte at the least. */
    o->rec.end_ns = t->proof_ns > op->last_ns ? t->proof_ns : op->last_ns;
    o->rec.last_frame = t->proof_frame > op->last_frame ? t->proof_frame : op->last_frame;
    o->rec.flags |= OUTCOME_DELIVERED | OUTCOME_ARRIVED;
    /* Until its moment came the equipment had nothing to do. */
    int64_t waited = completes_ns(op) > op->last_ns ? completes_ns(op) - op->last_ns : 0;
    if (waited > o->rec.end_ns - op->last_ns)
        waited = o->rec.end_ns - op->last_ns;
    classify_took(a, t, o, true, o->rec.end_ns - op->origin_ns - waited,
                  waited == 0 ? resent_after(op, o) : 0);
    return o->rec.timing == TIMING_LATE      ? CAUSE_LATE
           : o->rec.timing == TIMING_BETWEEN ? CAUSE_BETWEEN
                                             : CAUSE_OK;
}

static const char *field_name(const struct attempts *a, const struct attempt *t, int field)
{
    const struct binding *b = &a->plan->binding[t->in.binding];
    return field >= 0 && (size_t)field < b->n_field ? b->field[field].name : "?";
}

/* A payload of the equipment that arrived: everything but how long it took has been looked at. */
static enum cause classify_arrived(const struct attempts *a, const struct attempt *t,
                                   uint32_t allowed_copies, struct outcome *o)
{
    static const char *const state_word[] = {"absent", "empty", "invalid", "fine"};
    const struct arrival *in = &t->in;
    o->rec.sent_ns = in->first_ns;
    o->rec.end_ns = in->last_ns;
    o->rec.last_frame = in->last_frame;
    if (o->rec.first_frame == 0)
        o->rec.first_frame = in->first_frame;
    o->rec.canonical_bytes = in->canonical_bytes;
    o->rec.body_bytes = in->body_bytes;
    o->rec.message_bytes = in->message_bytes;
    o->rec.status = (uint16_t)in->status;
    o->rec.copies = (uint16_t)(in->copies > UINT16_MAX ? UINT16_MAX : in->copies);
    o->rec.flags |= OUTCOME_ARRIVED;
    if (in->missing < 0 && in->wrong < 0)
        o->rec.flags |= OUTCOME_DELIVERED;
    if (o->rec.timing == TIMING_LATE) {
        outcome_note(o, "arrived too late");
        return CAUSE_LATE;
    }
    if (in->missing >= 0) {
        outcome_note(o, "%s is %s", field_name(a, t, in->missing),
                     state_word[in->missing_state & 3]);
        return CAUSE_INCOMPLETE;
    }
    if (in->wrong >= 0) {
        outcome_note(o, "%s is not what it must be", field_name(a, t, in->wrong));
        return CAUSE_WRONG_CONTENT;
    }
    if (in->copies > allowed_copies) {
        outcome_note(o, "%u copies", in->copies);
        return CAUSE_DUPLICATE;
    }
    return o->rec.timing == TIMING_BETWEEN ? CAUSE_BETWEEN : CAUSE_OK;
}

/* An answer or event that did not arrive: the best account of what came in its place. */
static enum cause classify_absent(const struct attempts *a, const struct attempt *t,
                                  struct outcome *o)
{
    const struct operation *op = t->op;
    if (t->gap || (op != NULL && op->answer_gap && !attempt_is_copy(a, t))) {
        outcome_note(o, "the capture lost bytes of what came");
        return CAUSE_HARNESS;
    }
    if (t->image != NULL && !t->other_content && !t->malformed) {
        outcome_note(o, "%u of %u blocks came", image_seen(t->image), image_blocks(t->image));
        o->rec.flags |= OUTCOME_ARRIVED;
        return CAUSE_INCOMPLETE;
    }
    if (t->malformed || (op != NULL && op->malformed && !attempt_is_copy(a, t))) {
        outcome_note(o, "what came cannot be read");
        return CAUSE_MALFORMED;
    }
    bool alone = op != NULL && t->role == JOURNAL_REPLY && !attempt_is_copy(a, t);
    if (t->other_content || (alone && op->other_binding != -1)) {
        int other = !alone ? -1 : op->other_binding;
        if (other >= 0)
            outcome_note(o, "%s came instead", a->plan->binding[other].payload);
        else
            outcome_note(o, "other content came instead");
        return CAUSE_WRONG_CONTENT;
    }
    if (t->other_id || (alone && op->other_id)) {
        outcome_note(o, "the answer carries another correlation id");
        return CAUSE_WRONG_CORRELATION;
    }
    if (t->elsewhere)
        outcome_note(o, "it came to another address, not to this one");
    else if (alone && op->answered)
        outcome_note(o, "HTTP %d and no payload", op->status);
    else
        outcome_note(o, alone && op->ended ? "the connection ended without an answer"
                                           : "not seen by give-up");
    return CAUSE_LOST;
}

static enum cause classify_reply(const struct attempts *a, const struct attempt *t, bool cut,
                                 struct outcome *o)
{
    const struct operation *op = t->op;
    if (op->n_requests == 0 && t->in.there) {
        outcome_note(o, "its command is not in the capture");
        (void)classify_arrived(a, t, UINT32_MAX, o);
        o->rec.flags &= (uint8_t)~OUTCOME_DELIVERED; /* nothing tells how long it took */
        return CAUSE_HARNESS;
    }
    if (op->n_requests == 0)
        return cut && !attempt_final(a, t) && !op->encrypted
                   ? (outcome_note(o, "the evidence ends before its command"), CAUSE_CUT)
                   : unseen_request(a, op, o);
    int64_t completes = completes_ns(op);
    o->rec.origin_ns = completes != 0 ? completes : op->origin_ns;
    o->rec.first_frame = op->first_frame;
    o->rec.last_frame = op->answered ? op->answer_frame : op->last_frame;
    if (t->in.there) {
        o->rec.end_ns = t->in.last_ns;
        classify_took(a, t, o, completes == 0, t->in.last_ns - o->rec.origin_ns,
                      completes == 0 ? resent_after(op, o) : 0);
        /* Each sending of the command may be answered once. */
        return classify_arrived(a, t, op->n_requests, o);
    }
    if (cut && !attempt_final(a, t)) {
        outcome_note(o, "the evidence ends before it");
        return CAUSE_CUT;
    }
    return classify_absent(a, t, o);
}

static enum cause classify_event(const struct attempts *a, const struct attempt *t, bool cut,
                                 struct outcome *o)
{
    const struct plan_variant *v = variant_of(a, t);
    if (t->provoked)
        o->rec.origin_ns = t->stimulus_ns;
    if (t->foreign)
        o->rec.flags |= OUTCOME_UNPROVOKED;
    if (!t->in.there) {
        if (a->tls_seen[a->canon[t->endpoint]] != 0) {
            o->rec.flags |= OUTCOME_ENCRYPTED;
            o->rec.first_frame = o->rec.last_frame = a->tls_seen[a->canon[t->endpoint]];
            outcome_note(o, "inside TLS");
            return CAUSE_HARNESS;
        }
        if (t->needs_stimulus && !t->provoked) {
            outcome_note(o, "never provoked");
            return CAUSE_HARNESS;
        }
        if (cut) {
            outcome_note(o, "the evidence ends before it");
            return CAUSE_CUT;
        }
        return classify_absent(a, t, o);
    }
    /* The stimulus is an upper bound on the moment of sending: in time from it is in time; beyond
     * it only the sending itself can be late, and nothing tells when it was due. */
    int64_t u = a->uncertainty_ns, sending = t->in.last_ns - t->in.sending_ns;
    if (t->provoked && v->cause != PLAN_CAUSE_OWN)
        classify_took(a, t, o, true, t->in.last_ns - t->stimulus_ns, 0);
    if (!v->latency_informative && v->latency_lax_ns >= 0) {
        if (o->rec.timing == TIMING_LATE)
            o->rec.timing = TIMING_BETWEEN;
        if (o->rec.timing != TIMING_IN && sending - u > v->latency_lax_ns)
            o->rec.timing = TIMING_LATE;
    }
    return classify_arrived(a, t, 1, o);
}

static enum cause classify_through(const struct attempts *a, const struct attempt *t, bool cut,
                                   struct outcome *o)
{
    const struct operation *op = t->op;
    if (op->n_requests == 0)
        return cut && !attempt_final(a, t) && !op->encrypted
                   ? (outcome_note(o, "the evidence ends before it was sent in"), CAUSE_CUT)
                   : unseen_request(a, op, o);
    o->rec.origin_ns = op->last_ns;
    o->rec.first_frame = op->first_frame;
    o->rec.last_frame = op->last_frame;
    if (t->in.there) {
        o->rec.end_ns = t->in.last_ns;
        classify_took(a, t, o, false, t->in.last_ns - op->last_ns, resent_after(op, o));
        return classify_arrived(a, t, op->n_requests, o);
    }
    if (cut && !attempt_final(a, t)) {
        outcome_note(o, "the evidence ends before it came out");
        return CAUSE_CUT;
    }
    if (op->answered && op->status >= 400 && !t->other_content) {
        outcome_note(o, "HTTP %d, and nothing came out", op->status);
        return CAUSE_REFUSED;
    }
    return classify_absent(a, t, o);
}

/* A window that runs from an event: what our side held is not the equipment's time. */
static void place(const struct attempts *a, const struct attempt *t, struct outcome *o)
{
    int64_t after = variant_of(a, t)->after_ns, u = a->uncertainty_ns;
    if (after <= 0 || !t->in.there || t->elapsed_ns < 0)
        return;
    o->rec.placed = t->held_ns > after                        ? PLACED_OURS
                    : t->elapsed_ns - t->held_ns + u <= after ? PLACED_INSIDE
                    : t->elapsed_ns - t->held_ns - u > after  ? PLACED_OUTSIDE
                                                              : PLACED_BETWEEN;
}

void classify(const struct attempts *a, const struct attempt *t, bool cut, struct outcome *o)
{
    memset(o, 0, sizeof *o);
    struct exchange_record *r = &o->rec;
    r->row = t->row;
    r->variant = t->variant;
    r->scenario = t->scenario;
    r->kase = t->kase;
    r->trial = t->number;
    r->sub = t->sub;
    r->role = t->role;
    r->latency_ns = r->canonical_bytes = -1;
    r->device = device_number(&t->device);
    if (t->op != NULL && t->op->answered)
        r->status = (uint16_t)t->op->status;
    enum cause cause;
    if (attempt_is_ours(t))
        cause = classify_ours(a, t, cut, o);
    else if (t->role == JOURNAL_REPLY)
        cause = classify_reply(a, t, cut, o);
    else if (t->role == JOURNAL_THROUGH)
        cause = classify_through(a, t, cut, o);
    else
        cause = classify_event(a, t, cut, o);
    if (t->role == JOURNAL_REPLY || t->role == JOURNAL_EVENT) {
        r->flags |= OUTCOME_EQUIPMENT;
        place(a, t, o);
    }
    if (cause == CAUSE_BETWEEN && (r->doubt & DOUBT_SENT_AGAIN) != 0) {
        cause = CAUSE_HARNESS;
        outcome_note(o, "our own side had to send again, which explains that it is late");
    }
    r->cause = (uint8_t)cause;
    if (t->trial != NULL && t->trial->failed && cause != CAUSE_OK) {
        r->cause = CAUSE_HARNESS;
        outcome_note(o, "the scenario ended in a fault of its own");
    }
    classify_clauses(a, t, o);
    copy_text(o->correlation, sizeof o->correlation, t->op == NULL ? "" : t->op->id.text);
    copy_text(o->device, sizeof o->device, t->device.text);
}
