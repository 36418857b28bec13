#include "harness/score/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/score/judge_impl.h"

struct judge_target *judge_target_of(struct judge *j, uint32_t row, uint32_t variant)
{
    if (row >= j->plan->n_row || variant >= j->plan->row[row].n_variant)
        return NULL;
    return &j->target[j->first_target[row] + variant];
}

/* ---- callbacks ----------------------------------------------------------------------------------
 */

/* All that can still be said of the row has been: its variants are decided, and no window is open,
 * which only the whole time of observation closes. */
static bool row_is_final(const struct judge *j, uint32_t row)
{
    const struct plan_row *r = &j->plan->row[row];
    for (size_t i = 0; i < r->n_variant; i++) {
        const struct criteria *c = &j->target[j->first_target[row] + i].criteria;
        bool window = r->variant[i].scored_window == PLAN_SCORED && r->variant[i].after_ns <= 0 &&
                      r->variant[i].cause != PLAN_CAUSE_STIMULUS;
        bool rate =
            r->variant[i].scored_rate == PLAN_SCORED && r->variant[i].cause != PLAN_CAUSE_STIMULUS;
        if (!c->decided || window || rate)
            return false;
    }
    return r->n_variant > 0;
}

void judge_review_row(struct judge *j, uint32_t row)
{
    if (j->row_told[row] || !row_is_final(j, row))
        return;
    j->row_told[row] = true;
    if (j->observer.row_final != NULL)
        j->observer.row_final(j->observer.arg, row);
}

static void use(void *arg, const struct outcome *o, bool last)
{
    struct judge *j = arg;
    struct judge_target *t = judge_target_of(j, o->rec.row, o->rec.variant);
    if (t == NULL || j->fault.code != ERR_OK)
        return;
    struct exchange_record record = o->rec;
    record.used = !t->criteria.decided;
    bool decided =
        criteria_use(&t->criteria, o, last, j->zone == NULL ? NULL : &j->deployment, &j->fault);
    if (spill_put(j->spill, &record, &j->fault) != ERR_OK || !decided)
        return;
    if (j->observer.decided != NULL)
        j->observer.decided(j->observer.arg, o->rec.row, o->rec.variant, t->criteria.used);
    judge_review_row(j, o->rec.row);
}

static void calibrated(void *arg, int64_t latency_ns)
{
    struct judge *j = arg;
    if (j->n_calibration < JUDGE_CALIBRATIONS)
        j->calibration[j->n_calibration++] = latency_ns;
}

static uint64_t on_message(void *arg, const struct sighting *s)
{
    struct judge *j = arg;
    if (j->fault.code == ERR_OK)
        (void)rate_seen(j->rate, s, j->first_ns, &j->fault);
    contradict_seen(j->contradict, s);
    uint64_t unmatched = attempts_unmatched(j->attempts);
    uint64_t token = attempts_sighting(j->attempts, s);
    if (j->fault.code == ERR_OK && attempts_unmatched(j->attempts) > unmatched)
        j->n_observed += judge_observe(j, s);
    return token;
}

static void on_connection(void *arg, const struct connection_event *ev)
{
    struct judge *j = arg;
    attempts_connection(j->attempts, ev);
    contradict_connection(j->contradict, ev);
}

/* ---- life ---------------------------------------------------------------------------------------
 */

static enum err_code make_targets(struct judge *j, struct err *e)
{
    const struct plan *p = j->plan;
    size_t n = 0;
    j->first_target = calloc(p->n_row + 1, sizeof *j->first_target);
    j->row_told = calloc(p->n_row + 1, sizeof *j->row_told);
    j->calibration = calloc(JUDGE_CALIBRATIONS, sizeof *j->calibration);
    if (j->first_target == NULL || j->row_told == NULL || j->calibration == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu rows", p->n_row);
    for (size_t i = 0; i < p->n_row; i++) {
        j->first_target[i] = n;
        n += p->row[i].n_variant;
    }
    j->first_target[p->n_row] = n;
    j->target = calloc(n + 1, sizeof *j->target);
    if (j->target == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu targets", n);
    for (size_t i = 0; i < p->n_row; i++)
        for (size_t k = 0; k < p->row[i].n_variant; k++) {
            enum err_code rc = criteria_init(&j->target[j->first_target[i] + k].criteria, p,
                                             (uint32_t)i, (uint32_t)k, e);
            if (rc != ERR_OK)
                return rc;
        }
    return ERR_OK;
}

static enum err_code make_stages(struct judge *j, const struct judge_options *o, struct err *e)
{
    enum err_code rc = outcomes_new(j->plan, use, j, &j->outcomes, e);
    struct attempts_handlers handlers = {.trial = outcomes_trial,
                                         .opened = outcomes_opened,
                                         .resolved = outcomes_resolved,
                                         .trial_end = outcomes_trial_end,
                                         .arg = j->outcomes,
                                         .calibrated = calibrated,
                                         .calibrated_arg = j};
    if (rc == ERR_OK)
        rc = attempts_new(j->plan, j->driven, &j->disturb, &j->deployment, &handlers, &j->attempts,
                          e);
    if (rc == ERR_OK)
        rc = rate_new(j->plan, &j->deployment, &j->rate, e);
    if (rc == ERR_OK)
        rc = contradict_new(j->plan, &j->contradict, e);
    struct sighting_handlers sightings = {
        .message = on_message, .connection = on_connection, .arg = j};
    if (rc == ERR_OK)
        rc = exchange_reader_new(j->plan, &sightings, &j->reader, e);
    if (rc == ERR_OK)
        rc = merge_open(o->capture, o->journal, o->follow, &j->merge, e);
    if (rc == ERR_OK)
        rc = spill_create(o->exchanges, &j->spill, e);
    return rc;
}

enum err_code judge_new(const struct plan *plan, const struct judge_options *o,
                        const struct judge_observer *observer, struct judge **out, struct err *e)
{
    *out = NULL;
    struct judge *j = calloc(1, sizeof *j);
    if (j == NULL)
        return err_set(e, ERR_NOMEM, "no memory to judge");
    j->plan = plan;
    j->driven = o->journal != NULL;
    j->journal = o->journal;
    if (observer != NULL)
        j->observer = *observer;
    disturb_init(&j->disturb);
    enum err_code rc = make_targets(j, e);
    if (rc == ERR_OK && plan->tzif_len > 0) {
        rc = zone_new(plan->tzif, plan->tzif_len, &j->zone, e);
        if (rc != ERR_OK)
            (void)err_wrap(e, "zone %s of the plan", plan->zone);
    }
    j->deployment.zone = j->zone;
    if (rc == ERR_OK)
        rc = judge_earlier(j, o->capture, e);
    if (rc == ERR_OK)
        rc = make_stages(j, o, e);
    if (rc == ERR_OK)
        *out = j;
    else
        judge_free(j);
    return rc;
}

void judge_free(struct judge *j)
{
    if (j == NULL)
        return;
    for (size_t i = 0; j->target != NULL && i < j->first_target[j->plan->n_row]; i++)
        criteria_release(&j->target[i].criteria);
    free(j->target);
    free(j->first_target);
    free(j->row_told);
    free(j->calibration);
    spill_close(j->spill);
    merge_close(j->merge);
    exchange_reader_free(j->reader);
    attempts_free(j->attempts);
    rate_free(j->rate);
    contradict_free(j->contradict);
    outcomes_free(j->outcomes);
    zone_free(j->zone);
    free(j);
}

/* ---- the stream ---------------------------------------------------------------------------------
 */

/* The driver acted on a decision that the judge had told it: the evidence must give the same. */
static void check_decision(struct judge *j, const struct journal_record *r)
{
    struct judge_target *t = judge_target_of(j, r->u.decided.row, r->u.decided.variant);
    if (t == NULL)
        return;
    t->told = true;
    if (j->ended) /* the capture was cut before: what the driver was told can't be found again */
        return;
    if (!t->criteria.decided || t->criteria.used != r->u.decided.used)
        judge_mismatch(t, r);
}

static enum err_code take_journal(struct judge *j, const struct journal_record *r, struct err *e)
{
    disturb_journal(&j->disturb, r);
    if (r->type == JOURNAL_TRIAL || r->type == JOURNAL_END) /* the calibration is over */
        judge_settle_uncertainty(j);
    if (r->type == JOURNAL_BEGIN) {
        const struct journal_text *digest = &r->u.begin.plan_digest;
        if (digest->len != strlen(j->plan->digest) ||
            memcmp(digest->data, j->plan->digest, digest->len) != 0)
            return err_set(e, ERR_DATA,
                           "%s: belongs to another plan: it names %.*s, the plan at hand is %s",
                           j->journal, (int)digest->len, digest->data, j->plan->digest);
    } else if (r->type == JOURNAL_DECIDED) {
        check_decision(j, r);
    } else if (r->type == JOURNAL_TIMEBASE) {
        if (!deployment_set(&j->deployment, r->u.timebase.from_ns, r->u.timebase.shift_ns,
                            r->u.timebase.factor))
            return err_set(e, ERR_DATA,
                           "%s: record %u sets the deployment's clock too often, or by a factor "
                           "that none is",
                           j->journal, r->sequence);
    } else if (r->type == JOURNAL_END) {
        static const char *const reason[] = {"complete", "interrupted", "harness fault"};
        const struct journal_text *text = &r->u.end.text;
        uint8_t why = r->u.end.reason < 3 ? r->u.end.reason : 2;
        if (j->ended)
            return attempts_journal(j->attempts, r, e); /* the capture was cut before */
        j->ended = true;
        j->complete = why == 0;
        (void)snprintf(j->how, sizeof j->how, "%s%s%.*s", reason[why], text->len > 0 ? ": " : "",
                       (int)(text->len < 150 ? text->len : 150), text->data);
    }
    return attempts_journal(j->attempts, r, e);
}

/* Without its path: the result is the same wherever the files lie. */
static void take_cut(struct judge *j, const struct merge_item *item)
{
    const char *file = item->u.cut.journal ? "journal" : "capture";
    j->ended = true;
    j->complete = false;
    if (item->now_ns == INT64_MIN)
        (void)snprintf(j->how, sizeof j->how, "the %s ends before its first record", file);
    else
        (void)snprintf(j->how, sizeof j->how, "the %s is cut in the middle of a record", file);
}

static enum err_code take_item(struct judge *j, const struct merge_item *item, struct err *e)
{
    if (item->kind == MERGE_CUT && item->now_ns == INT64_MIN) { /* nothing has begun yet */
        take_cut(j, item);
        return ERR_OK;
    }
    if (j->first_ns == 0)
        j->first_ns = item->now_ns;
    j->last_ns = item->now_ns;
    disturb_begin(&j->disturb, item->now_ns);
    enum err_code rc = attempts_advance(j->attempts, item->now_ns, e);
    int64_t from_ns, to_ns;
    if (rc != ERR_OK)
        return rc;
    switch (item->kind) {
    case MERGE_FRAME:
        return exchange_reader_frame(j->reader, item->u.frame, e);
    case MERGE_STATS:
        if (disturb_stats(&j->disturb, item->u.stats, &from_ns, &to_ns)) {
            exchange_reader_loss(j->reader, from_ns, to_ns);
            /* Counters that come once, at the end, are too late for what was judged before. */
            if (from_ns == j->disturb.first_ns && attempts_resolved(j->attempts) > 0)
                j->undated_drop = true;
        }
        return ERR_OK;
    case MERGE_JOURNAL:
        return take_journal(j, item->u.journal, e);
    case MERGE_CUT:
        take_cut(j, item);
        return ERR_OK;
    case MERGE_KIND_COUNT:
        break;
    }
    return ERR_OK;
}

static enum err_code first_fault(struct judge *j, enum err_code rc, struct err *e)
{
    if (rc == ERR_OK && j->fault.code != ERR_OK) {
        if (e != NULL)
            *e = j->fault;
        return j->fault.code;
    }
    return rc == ERR_OK ? outcomes_fault(j->outcomes, e) : rc;
}

enum err_code judge_step(struct judge *j, unsigned items, struct err *e)
{
    struct merge_item item;
    enum err_code rc = ERR_OK;
    while (rc == ERR_OK && items-- > 0) {
        rc = merge_next(j->merge, &item, e);
        if (rc == ERR_OK)
            rc = first_fault(j, take_item(j, &item, e), e);
    }
    return rc;
}

void judge_complete(struct judge *j)
{
    merge_finish(j->merge);
}

enum err_code judge_finish(struct judge *j, struct err *e)
{
    /* Connections still open tell what they hold before attempts are cut. */
    enum err_code rc = exchange_reader_finish(j->reader, e);
    if (rc == ERR_OK)
        rc = attempts_finish(j->attempts, j->last_ns, e);
    rc = first_fault(j, rc, e);
    if (rc != ERR_OK)
        return rc;
    if (!j->ended) {
        j->complete = !j->driven;
        (void)snprintf(j->how, sizeof j->how, "%s",
                       j->driven ? "the journal ends without its end" : "complete");
    }
    j->finished = true;
    rc = judge_put_context(j, e);
    return rc == ERR_OK ? spill_finish(j->spill, e) : rc;
}

bool judge_row_told(const struct judge *j, uint32_t row)
{
    return j->row_told[row];
}

struct judge_progress judge_progress(const struct judge *j)
{
    return (struct judge_progress){attempts_resolved(j->attempts), attempts_open(j->attempts),
                                   j->last_ns};
}
