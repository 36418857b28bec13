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

/* The pair rule: command and reply share one turnaround T. In time when T is within the strictest
 * admissible limit of this half alone; late when it is beyond the laxest of both halves together;
 * between them nothing tells which half used the time. U is granted to both sides. */
enum timing classify_timing(const struct plan_variant *v, bool pair, int64_t uncertainty_ns,
                            int64_t took_ns)
{
    if (v->latency_strict_ns < 0)
        return TIMING_NONE;
    int64_t lax = v->latency_lax_ns + (pair && v->pair_lax_ns > 0 ? v->pair_lax_ns : 0);
    if (took_ns + uncertainty_ns <= v->latency_strict_ns)
        return TIMING_IN;
    return took_ns - uncertainty_ns > lax ? TIMING_LATE : TIMING_BETWEEN;
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

static void note(struct outcome *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void note(struct outcome *o, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(o->note, sizeof o->note, fmt, ap);
    va_end(ap);
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

/* Why an operation's request never came to anything, also for the answers expected to it. */
static enum cause unseen_request(const struct attempts *a, const struct operation *op,
                                 struct outcome *o)
{
    if (op->refused || op->unanswered) {
        note(o, op->refused ? "connection refused" : "connection attempt unanswered");
        o->rec.origin_ns = op->syn_ns;
        o->rec.first_frame = o->rec.last_frame = op->syn_frame;
        return CAUSE_REFUSED;
    }
    if (op->encrypted) {
        o->rec.flags |= OUTCOME_ENCRYPTED;
        o->rec.first_frame = o->rec.last_frame = a->tls_seen[op->endpoint];
        note(o, "inside TLS");
    } else {
        note(o, "neither the request nor a connection attempt is in the capture");
    }
    return CAUSE_HARNESS;
}

static void put_timing(const struct attempts *a, const struct plan_variant *v, struct outcome *o,
                       bool pair, int64_t took_ns)
{
    o->rec.latency_ns = took_ns < 0 ? 0 : took_ns;
    if (v->latency_informative)
        return;
    o->rec.timing = (uint8_t)classify_timing(v, pair, a->uncertainty_ns, took_ns);
    /* Between the limits it is the document's doubt; only within U of one it is ours. */
    if (o->rec.timing == TIMING_BETWEEN && classify_timing(v, pair, 0, took_ns) != TIMING_BETWEEN)
        o->rec.doubt |= DOUBT_UNCERTAINTY;
}

/* From where a confirmation is timed: the operation's declared moment, when that is later than the
 * end of what was sent; 0: it is no such operation. */
static int64_t completes_ns(const struct operation *op)
{
    if (op->image == NULL && op->cut_over_ns == 0)
        return 0;
    return op->cut_over_ns > op->last_ns ? op->cut_over_ns : op->last_ns;
}

/* Scheduled reads: each clause asks for arrival within its period, on the deployment's clock where
 * the equipment picks the time by that. */
static void put_clauses(const struct attempts *a, const struct attempt *t,
                        const struct plan_variant *v, struct outcome *o)
{
    int64_t took = o->rec.latency_ns;
    if (v->cause == PLAN_CAUSE_OWN && t->provoked && t->in.there)
        took = a->deployment == NULL
                   ? t->in.last_ns - t->stimulus_ns
                   : deployment_between(a->deployment, t->stimulus_ns, t->in.last_ns);
    enum cause cause = (enum cause)o->rec.cause;
    uint8_t all = (uint8_t)((1u << v->n_clause) - 1);
    o->rec.clause_failed = cause_is_failure(cause) ? all : 0;
    o->rec.clause_unsure = cause_is_unsure(cause) ? all : 0;
    if (cause != CAUSE_OK || took < 0)
        return;
    for (size_t i = 0; i < v->n_clause; i++) {
        int64_t period = v->clause[i].period_ns;
        if (period > 0 && took - a->uncertainty_ns > period)
            o->rec.clause_failed |= (uint8_t)(1u << i);
        else if (period > 0 && took + a->uncertainty_ns > period)
            o->rec.clause_unsure |= (uint8_t)(1u << i);
    }
    if (o->rec.clause_failed != 0) {
        o->rec.cause = CAUSE_LATE;
        note(o, "beyond the period of a clause");
    } else if (o->rec.clause_unsure != 0) {
        o->rec.cause = CAUSE_BETWEEN;
        o->rec.doubt |= DOUBT_UNCERTAINTY;
    }
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
        note(o, "the capture lost bytes of the answer");
        return CAUSE_HARNESS;
    }
    if (op->answered && op->status >= 400) {
        /* An error status alone shows no consumption: it says that there was none. */
        note(o, "HTTP %d and no declared answer", op->status);
        return CAUSE_REFUSED;
    }
    if (t->other_back) {
        note(o, "read back with other content");
        return CAUSE_WRONG_CONTENT;
    }
    if (t->denied) {
        note(o, "read back: not consumed by give-up");
        return CAUSE_LOST;
    }
    if (cut && (a->by_request || back || answer || op->many || !op->answered))
        return note(o, "the evidence ends before its answer"), CAUSE_CUT;
    if (back && t->asked && !t->answered_back) {
        note(o, "no answer to its read-back");
        return CAUSE_LOST;
    }
    if (back && t->asked) {
        note(o, "its read-back does not show it: a stack is alive, nothing more");
        return CAUSE_UNPROVEN;
    }
    if (op->many) { /* what the group's address said is not this device's word */
        note(o, "no answer of this device by give-up");
        return CAUSE_LOST;
    }
    if (answer) {
        note(o, "nothing shows that it was consumed");
        return CAUSE_UNPROVEN;
    }
    if (op->answered) {
        note(o, "HTTP %d and no declared answer: a stack is alive, nothing more", op->status);
        return CAUSE_UNPROVEN;
    }
    note(o, op->ended && !a->by_request ? "the connection ended without an answer"
                                        : "no answer by give-up");
    return CAUSE_LOST;
}

static enum cause classify_ours(const struct attempts *a, const struct attempt *t, bool cut,
                                struct outcome *o)
{
    const struct operation *op = t->op;
    if (op->n_requests == 0 && op->image != NULL && op->answered && op->status >= 400)
        return note(o, "HTTP %d to a block of it", op->status), CAUSE_REFUSED;
    if (op->n_requests == 0 && op->image != NULL && !op->refused && !op->unanswered) {
        note(o, "%u of %u blocks are in the capture", image_seen(op->image),
             image_blocks(op->image));
        return cut ? CAUSE_CUT : CAUSE_HARNESS;
    }
    if (op->n_requests == 0)
        return cut && !attempt_final(a, t) && !op->encrypted
                   ? (note(o, "the evidence ends before its request"), CAUSE_CUT)
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
    put_timing(a, variant_of(a, t), o, true, o->rec.end_ns - op->origin_ns - waited);
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
        note(o, "arrived too late");
        return CAUSE_LATE;
    }
    if (in->missing >= 0) {
        note(o, "%s is %s", field_name(a, t, in->missing), state_word[in->missing_state & 3]);
        return CAUSE_INCOMPLETE;
    }
    if (in->wrong >= 0) {
        note(o, "%s is not what it must be", field_name(a, t, in->wrong));
        return CAUSE_WRONG_CONTENT;
    }
    if (in->copies > allowed_copies) {
        note(o, "%u copies", in->copies);
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
        note(o, "the capture lost bytes of what came");
        return CAUSE_HARNESS;
    }
    if (t->image != NULL && !t->other_content && !t->malformed) {
        note(o, "%u of %u blocks came", image_seen(t->image), image_blocks(t->image));
        o->rec.flags |= OUTCOME_ARRIVED;
        return CAUSE_INCOMPLETE;
    }
    if (t->malformed || (op != NULL && op->malformed && !attempt_is_copy(a, t))) {
        note(o, "what came cannot be read");
        return CAUSE_MALFORMED;
    }
    bool alone = op != NULL && t->role == JOURNAL_REPLY && !attempt_is_copy(a, t);
    if (t->other_content || (alone && op->other_binding != -1)) {
        int other = !alone ? -1 : op->other_binding;
        if (other >= 0)
            note(o, "%s came instead", a->plan->binding[other].payload);
        else
            note(o, "other content came instead");
        return CAUSE_WRONG_CONTENT;
    }
    if (t->other_id || (alone && op->other_id)) {
        note(o, "the answer carries another correlation id");
        return CAUSE_WRONG_CORRELATION;
    }
    if (t->elsewhere)
        note(o, "it came to another address, not to this one");
    else if (alone && op->answered)
        note(o, "HTTP %d and no payload", op->status);
    else
        note(o,
             alone && op->ended ? "the connection ended without an answer" : "not seen by give-up");
    return CAUSE_LOST;
}

static enum cause classify_reply(const struct attempts *a, const struct attempt *t, bool cut,
                                 struct outcome *o)
{
    const struct operation *op = t->op;
    if (op->n_requests == 0 && t->in.there) {
        note(o, "its command is not in the capture");
        (void)classify_arrived(a, t, UINT32_MAX, o);
        o->rec.flags &= (uint8_t)~OUTCOME_DELIVERED; /* nothing tells how long it took */
        return CAUSE_HARNESS;
    }
    if (op->n_requests == 0)
        return cut && !attempt_final(a, t) && !op->encrypted
                   ? (note(o, "the evidence ends before its command"), CAUSE_CUT)
                   : unseen_request(a, op, o);
    int64_t completes = completes_ns(op);
    o->rec.origin_ns = completes != 0 ? completes : op->origin_ns;
    o->rec.first_frame = op->first_frame;
    o->rec.last_frame = op->answered ? op->answer_frame : op->last_frame;
    if (t->in.there) {
        put_timing(a, variant_of(a, t), o, completes == 0, t->in.last_ns - o->rec.origin_ns);
        /* Each sending of the command may be answered once. */
        return classify_arrived(a, t, op->n_requests, o);
    }
    if (cut && !attempt_final(a, t)) {
        note(o, "the evidence ends before it");
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
            note(o, "inside TLS");
            return CAUSE_HARNESS;
        }
        if (t->needs_stimulus && !t->provoked) {
            note(o, "never provoked");
            return CAUSE_HARNESS;
        }
        if (cut) {
            note(o, "the evidence ends before it");
            return CAUSE_CUT;
        }
        return classify_absent(a, t, o);
    }
    /* The stimulus is an upper bound on the moment of sending: in time from it is in time; beyond
     * it only the sending itself can be late, and nothing tells when it was due. */
    int64_t u = a->uncertainty_ns, sending = t->in.last_ns - t->in.sending_ns;
    if (t->provoked && v->cause != PLAN_CAUSE_OWN)
        put_timing(a, v, o, true, t->in.last_ns - t->stimulus_ns);
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
                   ? (note(o, "the evidence ends before it was sent in"), CAUSE_CUT)
                   : unseen_request(a, op, o);
    o->rec.origin_ns = op->last_ns;
    o->rec.first_frame = op->first_frame;
    o->rec.last_frame = op->last_frame;
    if (t->in.there) {
        put_timing(a, variant_of(a, t), o, false, t->in.last_ns - op->last_ns);
        return classify_arrived(a, t, op->n_requests, o);
    }
    if (cut && !attempt_final(a, t)) {
        note(o, "the evidence ends before it came out");
        return CAUSE_CUT;
    }
    if (op->answered && op->status >= 400 && !t->other_content) {
        note(o, "HTTP %d, and nothing came out", op->status);
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
    r->cause = (uint8_t)cause;
    if (t->trial != NULL && t->trial->failed && cause != CAUSE_OK) {
        r->cause = CAUSE_HARNESS;
        note(o, "the scenario ended in a fault of its own");
    }
    put_clauses(a, t, variant_of(a, t), o);
    copy_text(o->correlation, sizeof o->correlation, t->op == NULL ? "" : t->op->id.text);
    copy_text(o->device, sizeof o->device, t->device.text);
}

/* A stall of the harness delays by no more than itself, and forges nothing: what it cannot explain
 * stands. */
static bool stall_explains(const struct plan_variant *v, const struct exchange_record *r,
                           int64_t stalled_ns, int64_t uncertainty_ns)
{
    if (r->cause == CAUSE_LOST)
        return stalled_ns > v->give_up_ns / 10;
    if (r->cause != CAUSE_LATE)
        return r->cause == CAUSE_HARNESS;
    int64_t lax = v->latency_lax_ns + (v->pair_lax_ns > 0 ? v->pair_lax_ns : 0);
    return r->latency_ns - stalled_ns - uncertainty_ns <= lax;
}

/* Packets dropped by the capture can hide anything, a copy even behind a whole exchange, and a step
 * of the clock makes its times worthless: such an exchange is indeterminate whatever was seen. */
void classify_disturbed(const struct attempts *a, unsigned flags, int64_t stalled_ns,
                        struct outcome *o)
{
    struct exchange_record *r = &o->rec;
    const struct plan_variant *v = &a->plan->row[r->row].variant[r->variant];
    r->flags |= (uint8_t)flags;
    bool hard = (flags & (OUTCOME_DROP | OUTCOME_STEP)) != 0;
    if (!hard &&
        ((flags & OUTCOME_STALL) == 0 || !stall_explains(v, r, stalled_ns, a->uncertainty_ns)))
        return;
    if (r->timing != TIMING_NONE && (hard || r->timing != TIMING_IN))
        r->timing = TIMING_BETWEEN;
    if (r->placed != PLACED_NONE && (hard || r->placed != PLACED_INSIDE))
        r->placed = PLACED_BETWEEN;
    if (r->cause != CAUSE_CUT)
        r->cause = CAUSE_HARNESS;
    r->clause_unsure = UINT8_MAX;
    r->clause_failed = 0;
    (void)snprintf(o->note, sizeof o->note, "%s",
                   (flags & OUTCOME_DROP) != 0   ? "the capture dropped packets during it"
                   : (flags & OUTCOME_STEP) != 0 ? "the clock was stepped during it"
                                                 : "the harness stood still during it");
}
