#include "harness/score/attempts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/address.h"
#include "harness/score/attempts_impl.h"

#define FIRST_BUCKETS 1024                        /* of every table; they grow */
#define UNANSWERED_NS (135 * INT64_C(1000000000)) /* a SYN is repeated for 127 s at most */

/* ---- outcomes ----------------------------------------------------------------------------------
 */

/* Hands an outcome on when what disturbed its time is known; at the end, all. */
static void release_settled(struct attempts *a, bool all)
{
    int64_t known = all || !a->driven ? INT64_MAX : disturb_known_ns(a->disturb);
    while (a->settled != NULL && (all || a->settled->to_ns <= known)) {
        struct settled *s = a->settled;
        a->settled = s->next;
        if (a->settled == NULL)
            a->settled_end = &a->settled;
        unsigned flags = disturb_flags(a->disturb, s->from_ns, s->to_ns);
        if (flags != 0)
            classify_disturbed(a, flags, disturb_stalled_ns(a->disturb, s->from_ns, s->to_ns),
                               &s->outcome);
        a->resolved++;
        a->h.resolved(a->h.arg, &s->outcome);
        if (s->trial != NULL) {
            s->trial->open--;
            trial_review(a, s->trial);
        }
        pool_give(&a->outcomes, s);
    }
}

static enum err_code resolve(struct attempts *a, struct attempt *t, bool cut)
{
    struct live_trial *trial = t->trial;
    if (t->row == JOURNAL_NO_ROW) {
        attempt_free(a, t);
        if (trial != NULL) {
            trial->open--;
            trial_review(a, trial);
        }
        return ERR_OK;
    }
    struct operation *op = t->op;
    if (op != NULL && op->n_requests == 0)
        operation_claim_syn(a, op, a->now_ns);
    struct settled *s = pool_take(&a->outcomes);
    if (s == NULL)
        return attempts_no_memory(a);
    if (op != NULL && op->n_requests == 0 && a->tls_seen[op->endpoint] != 0)
        op->encrypted = true;
    classify(a, t, cut, &s->outcome);
    outcome_stages(a, t, &s->outcome);
    s->trial = trial;
    s->from_ns = s->outcome.rec.origin_ns != 0 ? s->outcome.rec.origin_ns : t->opened_ns;
    s->to_ns = a->now_ns;
    *a->settled_end = s;
    a->settled_end = &s->next;
    attempt_free(a, t);
    return ERR_OK;
}

/* Nothing of its request was seen, and its connection failed: a SYN that nobody answers is told
 * only when its sender can't repeat it any more. Once, it waits for that. */
static bool awaits_syn(struct attempts *a, struct attempt *t)
{
    struct operation *op = t->op;
    if (op == NULL || op->n_requests > 0 || !op->outcome_failed || t->row == JOURNAL_NO_ROW)
        return false;
    operation_claim_syn(a, op, a->now_ns);
    bool waits = !op->refused && !op->unanswered && !t->waited && a->tls_seen[op->endpoint] == 0;
    t->waited = true;
    return waits;
}

enum err_code attempts_advance(struct attempts *a, int64_t now_ns, struct err *e)
{
    if (now_ns > a->now_ns)
        a->now_ns = now_ns;
    while (a->n_heap > 0 && a->heap[1].deadline_ns < a->now_ns && a->fault.code == ERR_OK) {
        struct attempt *t = a->heap[1].attempt;
        if (awaits_syn(a, t))
            attempt_due(a, t, t->deadline_ns + UNANSWERED_NS);
        else
            (void)resolve(a, t, false);
    }
    release_settled(a, false);
    if (a->fault.code != ERR_OK && e != NULL)
        *e = a->fault;
    return a->fault.code;
}

enum err_code attempts_finish(struct attempts *a, int64_t now_ns, struct err *e)
{
    enum err_code rc = attempts_advance(a, now_ns, e);
    while (rc == ERR_OK && a->n_heap > 0) {
        (void)resolve(a, a->heap[1].attempt, true);
        rc = a->fault.code;
    }
    if (rc != ERR_OK) {
        if (e != NULL)
            *e = a->fault;
        return rc;
    }
    release_settled(a, true);
    for (size_t i = 0; i < a->trial_buckets; i++) {
        while (a->trial[i] != NULL) {
            struct live_trial *t = a->trial[i];
            if (t->ended)
                return err_set(e, ERR_PROTO, "a trial stayed open behind its end");
            trial_end(a, t);
        }
    }
    return ERR_OK;
}

/* ---- journal -----------------------------------------------------------------------------------
 */

static struct live_trial *trial_of_attempt(struct attempts *a, const struct journal_record *r)
{
    /* A supporting message may belong to no trial (preamble, calibration); a judged one has one. */
    return trial_get(a, r->u.attempt.scenario, r->u.attempt.kase, r->u.attempt.trial,
                     r->u.attempt.row != JOURNAL_NO_ROW);
}

/* A record is a file's word: indices beyond the plan end the reading, not the process. */
static enum err_code check_attempt(const struct attempts *a, const struct journal_record *r,
                                   struct err *e)
{
    const struct plan *p = a->plan;
    uint32_t row = r->u.attempt.row;
    bool fine = r->u.attempt.endpoint < p->n_endpoint && r->u.attempt.role <= JOURNAL_THROUGH;
    if (row != JOURNAL_NO_ROW)
        fine = fine && row < p->n_row && r->u.attempt.variant < p->row[row].n_variant &&
               r->u.attempt.binding < p->n_binding;
    for (uint32_t i = 0; fine && row != JOURNAL_NO_ROW && i < r->u.attempt.n_expect; i++)
        fine = r->u.attempt.expect[i].field < p->binding[r->u.attempt.binding].n_field;
    if (!fine)
        return err_set(e, ERR_DATA,
                       "journal: record %u names a row, variant, binding, field or "
                       "endpoint that the plan does not have",
                       r->sequence);
    return ERR_OK;
}

/* The message of ours that an attempt is about; NULL: it is an event, or no memory. */
static struct operation *operation_for(struct attempts *a, const struct journal_record *r,
                                       struct live_trial *trial)
{
    const struct journal_text *id = &r->u.attempt.correlation, *device = &r->u.attempt.device;
    uint8_t role = r->u.attempt.role;
    struct operation *op = operation_by_id(a, id->data, id->len);
    if (op == NULL) {
        op = operation_new(a, id->data, id->len, trial);
        if (op == NULL)
            return NULL;
        op->calibration =
            id->len > a->prefix_len && memcmp(id->data, a->prefix, a->prefix_len) == 0;
    }
    if (role != JOURNAL_SEND && role != JOURNAL_ANSWER)
        return op;
    bool more = false;
    for (struct attempt *t = op->many ? NULL : op->attempts; t != NULL; t = t->next_in_op)
        more = more || attempt_is_ours(t);
    if (more) { /* from now on its attempts are found by their devices */
        op->many = true;
        for (struct attempt *t = op->attempts; t != NULL; t = t->next_in_op)
            attempt_bucket(a, t);
    }
    text_id_set(&op->device, device->data, device->len);
    if (op->n_requests == 0 && r->u.attempt.binding < a->plan->n_binding)
        op->binding = r->u.attempt.binding;
    op->endpoint = r->u.attempt.endpoint;
    op->opened_ns = r->real_ns;
    return op;
}

static void expect_content(struct attempts *a, struct attempt *t, const struct journal_record *r)
{
    if (t->row == JOURNAL_NO_ROW)
        return;
    t->n_expect = r->u.attempt.n_expect;
    for (uint32_t i = 0; i < t->n_expect; i++) {
        uint32_t field = r->u.attempt.expect[i].field;
        const struct journal_text *value = &r->u.attempt.expect[i].value;
        t->expect[i].field = field;
        t->expect[i].value =
            value_hash(a->plan->binding[t->binding].field[field].type, value->data, value->len);
    }
}

/* When it began: give-up runs from there. */
static int64_t begins_ns(const struct attempt *t)
{
    const struct operation *op = t->op;
    if (t->provoked)
        return t->stimulus_ns;
    if (op == NULL || op->n_requests == 0)
        return t->opened_ns;
    int64_t from = t->role == JOURNAL_THROUGH || op->image != NULL ? op->last_ns : op->origin_ns;
    return op->cut_over_ns > from ? op->cut_over_ns : from;
}

static void open_attempt(struct attempts *a, const struct journal_record *r)
{
    bool event = r->u.attempt.role == JOURNAL_EVENT;
    struct live_trial *trial = trial_of_attempt(a, r);
    if (a->fault.code != ERR_OK)
        return;
    struct operation *op = event ? NULL : operation_for(a, r, trial);
    if (op == NULL && !event)
        return;
    struct attempt *t = attempt_new(a, op, trial);
    if (t == NULL)
        return;
    t->row = r->u.attempt.row;
    t->variant = r->u.attempt.variant;
    t->scenario = r->u.attempt.scenario;
    t->kase = r->u.attempt.kase;
    t->number = r->u.attempt.trial;
    t->sub = r->u.attempt.sub;
    t->role = r->u.attempt.role;
    t->binding = r->u.attempt.binding;
    t->endpoint = r->u.attempt.endpoint;
    t->opened_ns = r->real_ns;
    t->give_up_ns = r->u.attempt.give_up_ns;
    text_id_set(&t->device, r->u.attempt.device.data, r->u.attempt.device.len);
    expect_content(a, t, r);
    if (t->row != JOURNAL_NO_ROW) {
        t->needs_stimulus =
            event && a->plan->row[t->row].variant[t->variant].cause == PLAN_CAUSE_STIMULUS;
        a->h.opened(a->h.arg, t->scenario, t->kase, t->number, t->row, t->variant);
    }
    if (event && trial != NULL)
        for (size_t i = 0; i < trial->n_stimulus; i++)
            if (trial->stimulus[i].device == device_number(&t->device) ||
                (t->device.len == 0 && trial->stimulus[i].at_ns >= t->stimulus_ns)) {
                t->provoked = true;
                t->stimulus_ns = trial->stimulus[i].at_ns;
            }
    attempt_index(a, t);
    attempt_due(a, t, begins_ns(t) + t->give_up_ns);
    if (op != NULL && op->early != NULL && t->role == JOURNAL_REPLY)
        attempt_take_early(a, t);
}

/* Keeps when a device was provoked last. */
static bool keep_stimulus(struct live_trial *trial, uint64_t device, int64_t at_ns)
{
    size_t i = 0;
    while (i < trial->n_stimulus && trial->stimulus[i].device != device)
        i++;
    if (i == trial->stimulus_cap) {
        size_t cap = trial->stimulus_cap == 0 ? 1 : trial->stimulus_cap * 2;
        struct provoked *more = realloc(trial->stimulus, cap * sizeof *more);
        if (more == NULL)
            return false;
        trial->stimulus = more;
        trial->stimulus_cap = cap;
    }
    trial->stimulus[i] = (struct provoked){device, at_ns};
    trial->n_stimulus += i == trial->n_stimulus;
    return true;
}

/* What is awaited of a device in this trial is due now: several payloads may be. */
static void provoke(struct attempts *a, const struct live_trial *trial, uint64_t device,
                    int64_t at_ns)
{
    for (uint32_t b = 0; b < a->plan->n_binding; b++) {
        struct attempt *t = a->arrival[arrival_bucket(a, b, device)];
        for (; t != NULL; t = t->next_arrival)
            if (t->role == JOURNAL_EVENT && t->trial == trial && t->binding == b && !t->in.there &&
                device_number(&t->device) == device) {
                t->provoked = true;
                t->stimulus_ns = at_ns;
                attempt_due(a, t, at_ns + t->give_up_ns);
            }
    }
}

static void stimulate(struct attempts *a, const struct journal_record *r)
{
    struct text_id device;
    text_id_set(&device, r->u.stimulus.device.data, r->u.stimulus.device.len);
    uint64_t number = device_number(&device);
    struct live_trial *trial =
        trial_get(a, r->u.stimulus.scenario, r->u.stimulus.kase, r->u.stimulus.trial, false);
    if (trial == NULL)
        return;
    if (!keep_stimulus(trial, number, r->real_ns)) {
        (void)attempts_no_memory(a);
        return;
    }
    if (trial->event_ns == 0) {
        trial->event_ns = trial->since_ns = r->real_ns;
        trial->held_ns = 0;
    }
    provoke(a, trial, number, r->real_ns);
    if (number != 0) /* and what is awaited of nobody in particular: a broadcast of its own */
        provoke(a, trial, 0, r->real_ns);
}

static void take_outcome(struct attempts *a, const struct journal_record *r)
{
    const struct journal_text *id = &r->u.outcome.correlation;
    struct operation *op = operation_by_id(a, id->data, id->len);
    if (op == NULL)
        return;
    op->outcome = true;
    op->outcome_ns = r->real_ns;
    op->local_port = r->u.outcome.local_port;
    op->outcome_failed = r->u.outcome.status == 0;
    if (op->n_requests == 0 && op->outcome_failed) {
        operation_claim_syn(a, op, r->real_ns);
        operation_review(a, op, r->real_ns);
    }
}

enum err_code attempts_journal(struct attempts *a, const struct journal_record *r, struct err *e)
{
    struct live_trial *trial;
    switch (r->type) {
    case JOURNAL_TRIAL:
        (void)trial_get(a, r->u.trial.scenario, r->u.trial.kase, r->u.trial.trial, true);
        break;
    case JOURNAL_ATTEMPT:
        if (check_attempt(a, r, e) != ERR_OK)
            return ERR_DATA;
        open_attempt(a, r);
        break;
    case JOURNAL_OUTCOME:
        take_outcome(a, r);
        break;
    case JOURNAL_TRIAL_END:
        trial =
            trial_get(a, r->u.trial_end.scenario, r->u.trial_end.kase, r->u.trial_end.trial, false);
        if (trial != NULL) {
            trial->failed = r->u.trial_end.failed != 0;
            trial_end(a, trial);
        }
        break;
    case JOURNAL_STIMULUS:
        stimulate(a, r);
        break;
    case JOURNAL_BEGIN:
    case JOURNAL_MARK:
    case JOURNAL_CAPTURE_STATS:
    case JOURNAL_CLOCK:
    case JOURNAL_TIMEBASE:
    case JOURNAL_STALL:
    case JOURNAL_DECIDED:
    case JOURNAL_END:
        break;
    }
    if (a->fault.code != ERR_OK && e != NULL)
        *e = a->fault;
    return a->fault.code;
}

/* ---- life --------------------------------------------------------------------------------------
 */

/* What is looked up often, made ready: which endpoints are one address, how they stand in a URL,
 * and how a read-back is told. */
static enum err_code prepare(struct attempts *a, struct err *e)
{
    const struct plan *p = a->plan;
    a->canon = calloc(p->n_endpoint + 1, sizeof *a->canon);
    a->authority = calloc(p->n_endpoint + 1, sizeof *a->authority);
    if (a->canon == NULL || a->authority == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu endpoints", p->n_endpoint);
    for (uint32_t i = 0; i < p->n_endpoint; i++) {
        const struct plan_endpoint *ep = &p->endpoint[i];
        uint8_t addr[ADDRESS_BYTES];
        size_t len = address_read(ep->address, addr);
        a->canon[i] = 0;
        while (a->canon[i] < i && (p->endpoint[a->canon[i]].port != ep->port || len == 0 ||
                                   !address_is(p->endpoint[a->canon[i]].address, addr, len)))
            a->canon[i]++;
        (void)snprintf(a->authority[i], sizeof a->authority[i], len == 16 ? "[%s]:%u" : "%s:%u",
                       ep->address, ep->port);
    }
    a->read_back = plan_binding_by_payload(p, "read-back");
    a->back_id = a->back_device = -1;
    for (size_t i = 0; a->read_back >= 0 && i < p->binding[a->read_back].n_field; i++) {
        const char *path = p->binding[a->read_back].field[i].path;
        if (strcmp(path, "MessageID") == 0)
            a->back_id = (int)i;
        else if (strcmp(path, "DeviceID") == 0)
            a->back_device = (int)i;
    }
    return ERR_OK;
}

enum err_code attempts_new(const struct plan *plan, bool driven, struct disturb *disturb,
                           const struct deployment *deployment,
                           const struct attempts_handlers *handlers, struct attempts **out,
                           struct err *e)
{
    *out = NULL;
    struct attempts *a = calloc(1, sizeof *a);
    if (a == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the table of attempts");
    a->plan = plan;
    a->uncertainty_ns = plan->uncertainty_ns;
    a->driven = driven;
    a->by_request = plan->reply_mode != NULL && strcmp(plan->reply_mode, "request") == 0;
    a->disturb = disturb;
    a->deployment = deployment;
    a->h = *handlers;
    a->settled_end = &a->settled;
    a->operations.size = sizeof(struct operation);
    a->attempts.size = sizeof(struct attempt);
    a->trials.size = sizeof(struct live_trial);
    a->outcomes.size = sizeof(struct settled);
    a->last_token = ATTEMPTS_UNKNOWN_TOKEN;
    a->operation_buckets = a->arrival_buckets = a->trial_buckets = FIRST_BUCKETS;
    a->heap_cap = FIRST_BUCKETS;
    a->operation = calloc(FIRST_BUCKETS, sizeof *a->operation);
    a->token = calloc(FIRST_BUCKETS, sizeof *a->token);
    a->arrival = calloc(FIRST_BUCKETS, sizeof *a->arrival);
    a->trial = calloc(FIRST_BUCKETS, sizeof *a->trial);
    a->heap = calloc(FIRST_BUCKETS, sizeof *a->heap);
    a->first_at = calloc(plan->n_endpoint + 1, sizeof *a->first_at);
    a->last_at = calloc(plan->n_endpoint + 1, sizeof *a->last_at);
    a->tls_seen = calloc(plan->n_endpoint + 1, sizeof *a->tls_seen);
    if (a->operation == NULL || a->token == NULL || a->arrival == NULL || a->trial == NULL ||
        a->heap == NULL || a->first_at == NULL || a->last_at == NULL || a->tls_seen == NULL) {
        attempts_free(a);
        return err_set(e, ERR_NOMEM, "no memory for the table of attempts");
    }
    enum err_code rc = prepare(a, e);
    if (rc != ERR_OK) {
        attempts_free(a);
        return rc;
    }
    int n = snprintf(a->prefix, sizeof a->prefix, "ga-%.8s-cal-",
                     plan->nonce == NULL ? "" : plan->nonce);
    a->prefix_len = (size_t)n;
    *out = a;
    return ERR_OK;
}

void attempts_uncertainty(struct attempts *a, int64_t uncertainty_ns)
{
    a->uncertainty_ns = uncertainty_ns;
}

void attempts_free(struct attempts *a)
{
    if (a == NULL)
        return;
    for (size_t i = 1; i <= a->n_heap; i++) {
        image_free(a->heap[i].attempt->image);
        free(a->heap[i].attempt);
    }
    for (size_t i = 0; a->operation != NULL && i < a->operation_buckets; i++)
        while (a->operation[i] != NULL) {
            struct operation *op = a->operation[i];
            a->operation[i] = op->next;
            operation_drop(op);
            free(op);
        }
    for (size_t i = 0; a->trial != NULL && i < a->trial_buckets; i++)
        while (a->trial[i] != NULL) {
            struct live_trial *t = a->trial[i];
            a->trial[i] = t->next;
            free(t->stimulus);
            free(t);
        }
    while (a->settled != NULL) {
        struct settled *s = a->settled;
        a->settled = s->next;
        free(s);
    }
    pool_release(&a->operations);
    pool_release(&a->attempts);
    pool_release(&a->trials);
    pool_release(&a->outcomes);
    free(a->operation);
    free(a->token);
    free(a->arrival);
    free(a->trial);
    free(a->heap);
    free(a->first_at);
    free(a->last_at);
    free(a->tls_seen);
    free(a->inside);
    free(a->canon);
    free(a->authority);
    free(a);
}

size_t attempts_open(const struct attempts *a)
{
    return a->open;
}

uint64_t attempts_resolved(const struct attempts *a)
{
    return a->resolved;
}

uint64_t attempts_unmatched(const struct attempts *a)
{
    return a->unmatched;
}
