/* The verdicts of one target in words and numbers, out of what criteria.c has counted. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/plan/rule_io.h"
#include "harness/score/verdict_impl.h"

const char *verdict_say(struct writer *w, const char *fmt, ...)
{
    char text[700];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    const char *kept = arena_strdup(w->arena, text);
    w->no_memory = w->no_memory || kept == NULL;
    return kept == NULL ? "" : kept;
}

char *criteria_percent(int64_t ppb, char *out, size_t size)
{
    int n = snprintf(out, size, "%lld.%07lld", (long long)(ppb / 10000000),
                     (long long)(ppb % 10000000));
    while (n > 0 && (size_t)n < size && out[n - 1] == '0')
        out[--n] = '\0';
    if (n > 0 && out[n - 1] == '.')
        out[--n] = '\0';
    (void)snprintf(out + n, size - (size_t)n, " %%");
    return out;
}

struct result_criterion verdict_blank(enum criterion_kind kind)
{
    return (struct result_criterion){.kind = kind,
                                     .reason = "",
                                     .clustering_ppm = -1,
                                     .ratio_ppb = -1,
                                     .low_ppb = -1,
                                     .high_ppb = -1,
                                     .limit_ns = -1,
                                     .limit_lax_ns = -1,
                                     .limit_min_bytes = -1,
                                     .limit_max_bytes = -1};
}

void verdict_without(struct result_criterion *r, enum no_verdict status, const char *reason)
{
    r->verdict = VERDICT_NONE;
    r->status = status;
    r->reason = reason;
}

/* Why a criterion has no verdict, for reasons that all share; false when it can have one. */
bool verdict_excused(struct writer *w, struct result_criterion *r, enum plan_scored scored,
                     const char *why)
{
    const struct criteria *c = w->c;
    static const enum no_verdict status[PLAN_SCORED_COUNT] = {NO_VERDICT_GIVEN, NOT_APPLICABLE,
                                                              NOT_SCORABLE, INFORMATION};
    bool ours = c->row->unlisted && scored == PLAN_SCORED_NOT_SCORABLE;
    if (ours && c->attempts > 0) { /* no table of the document could give the figure */
        verdict_without(r, INFORMATION, why == NULL ? "" : why);
        return true;
    }
    if (scored != PLAN_SCORED && !ours) {
        verdict_without(r, status[scored], why == NULL ? "" : why);
        return true;
    }
    if (c->attempts == 0) {
        if (c->row->scenario < 0 && w->x->driven)
            verdict_without(r, NOT_RUN, c->row->reason);
        else
            verdict_without(r, NOT_EXERCISED, "no exchange seen");
        return true;
    }
    if (c->encrypted) {
        verdict_without(r, NOT_SCORABLE, "encrypted");
        return true;
    }
    return false;
}

const char *verdict_causes(struct writer *w, bool unsure)
{
    char text[300] = "";
    size_t n = 0;
    for (int i = unsure ? CAUSE_UNPROVEN : CAUSE_LATE; i < (unsure ? CAUSE_COUNT : CAUSE_UNPROVEN);
         i++)
        if (w->c->by_cause[i] > 0 && n < sizeof text)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%llu %s", n == 0 ? "" : ", ",
                                  (unsigned long long)w->c->by_cause[i], cause_name((enum cause)i));
    return verdict_say(w, "%s", text);
}

static int64_t ratio_of(const struct plan_variant *v)
{
    const struct plan_clause *largest = &v->clause[0];
    for (size_t i = 1; i < v->n_clause; i++)
        if (v->clause[i].rule.n > largest->rule.n)
            largest = &v->clause[i];
    return largest->ratio_ppb;
}

static struct result_criterion reliability(struct writer *w)
{
    const struct criteria *c = w->c;
    struct result_criterion r = verdict_blank(CRITERION_RELIABILITY);
    if (verdict_excused(w, &r, c->v->scored_reliability, c->v->why_reliability))
        return r;
    if (c->unprovoked) {
        verdict_without(&r, NOT_SCORABLE, "from a foreign capture: what was lost cannot be known");
        return r;
    }
    if (c->v->n_clause == 0) {
        verdict_without(&r, NOT_SCORABLE, "the row gives no reliability");
        return r;
    }
    verdict_by_rule(w, &r, &c->reliability, ratio_of(c->v), "successful");
    if (r.bad + r.indeterminate > 0) {
        const char *bad = verdict_causes(w, false), *unsure = verdict_causes(w, true);
        r.reason = verdict_say(w, "%s (%s%s%s)", r.reason, bad,
                               bad[0] != '\0' && unsure[0] != '\0' ? ", " : "", unsure);
    }
    return r;
}

static struct result_criterion latency(struct writer *w)
{
    const struct criteria *c = w->c;
    const struct plan_variant *v = c->v;
    struct result_criterion r = verdict_blank(CRITERION_LATENCY);
    r.limit_ns = v->latency_strict_ns;
    r.limit_lax_ns = v->latency_lax_ns;
    if (verdict_excused(w, &r, v->scored_latency, v->why_latency))
        return r;
    if (v->latency_informative) {
        verdict_without(&r, INFORMATION, "coverage clauses: latency is information");
        return r;
    }
    if (c->delivered == 0) {
        verdict_without(&r, NOT_EXERCISED, "nothing was delivered");
        return r;
    }
    if (v->latency_strict_ns < 0 || v->n_clause == 0) {
        verdict_without(&r, NOT_SCORABLE,
                        v->n_clause == 0 ? "the row gives no reliability"
                                         : "the row gives no limit");
        return r;
    }
    if (c->unprovoked && c->latency.strict[0].failures == 0) {
        verdict_without(&r, NOT_SCORABLE, "without a stimulus nothing tells when it was due");
        return r;
    }
    if (c->latency.strict[0].used == 0) {
        verdict_without(&r, NOT_SCORABLE, "nothing tells when it was due");
        return r;
    }
    verdict_by_rule(w, &r, &c->latency, ratio_of(v), "in time");
    char worst[40];
    (void)clock_seconds(c->worst_ns < 0 ? 0 : c->worst_ns, worst, sizeof worst);
    if (r.verdict == VERDICT_PASS && v->share_ppm == -1 && v->latency_strict_ns > 0) {
        int64_t budget = v->latency_strict_ns, used = c->worst_ns / (budget / 100 + (budget < 100));
        r.reason = verdict_say(
            w, "not refuted at tap %s, %lld %% of the end-to-end budget used; %s; worst %s s",
            c->plan->interface, (long long)(used + 1), r.reason, worst);
    } else {
        r.reason = verdict_say(w, "%s; worst %s s", r.reason, worst);
    }
    return r;
}

static struct result_criterion size(struct writer *w)
{
    const struct criteria *c = w->c;
    struct result_criterion r = verdict_blank(CRITERION_SIZE);
    r.limit_min_bytes = c->v->size_min_bytes;
    r.limit_max_bytes = c->v->size_max_bytes;
    if (verdict_excused(w, &r, c->v->scored_size, c->v->why_size))
        return r;
    if (c->delivered == 0 || c->size.strict[0].used == 0) {
        verdict_without(&r, NOT_EXERCISED, "nothing was delivered");
        return r;
    }
    if (c->v->n_clause == 0) {
        verdict_without(&r, NOT_SCORABLE, "the row gives no reliability");
        return r;
    }
    verdict_by_rule(w, &r, &c->size, ratio_of(c->v), "within the size");
    r.reason = verdict_say(w, "%s; %lld to %lld bytes", r.reason, (long long)c->size_least,
                           (long long)c->size_most);
    return r;
}

static void put_examples(struct writer *w, struct result_variant *v)
{
    const struct criteria *c = w->c;
    for (size_t i = 0; i < c->n_bad + c->n_slow && v->n_example < RESULT_EXAMPLES; i++) {
        const struct outcome *o = i < c->n_bad ? &c->bad[i] : &c->slow[i - c->n_bad];
        v->example[v->n_example++] = (struct result_example){
            .trial = o->rec.trial,
            .sub = o->rec.sub,
            .cause = (enum cause)o->rec.cause,
            .correlation = verdict_say(w, "%s", o->correlation),
            .device = verdict_say(w, "%s", o->device),
            .note = verdict_say(w, "%s", o->note),
            .origin_ns = o->rec.origin_ns,
            .end_ns = o->rec.end_ns,
            .latency_ns = o->rec.latency_ns,
            .size_bytes = o->rec.canonical_bytes,
            .frame_first = o->rec.first_frame,
            .frame_last = o->rec.last_frame,
        };
    }
}

/* Numbers with blanks between. */
static const char *numbers(struct writer *w, const uint32_t *value, uint32_t n)
{
    size_t size = (size_t)n * 11 + 1, len = 0;
    char *text = arena_alloc(w->arena, size);
    w->no_memory = w->no_memory || text == NULL;
    if (text == NULL)
        return "";
    text[0] = '\0';
    for (uint32_t i = 0; i < n; i++)
        len += (size_t)snprintf(text + len, size - len, i == 0 ? "%u" : " %u", value[i]);
    return text;
}

static void put_clauses(struct writer *w, struct result_variant *out)
{
    const struct criteria *c = w->c;
    out->n_clause = c->reliability.n_strict;
    for (size_t i = 0; i < out->n_clause; i++) {
        const struct sample *s = &c->reliability.strict[i];
        bool none = out->criterion[CRITERION_RELIABILITY].verdict == VERDICT_NONE;
        enum verdict verdict = s->verdict == VERDICT_NONE ? VERDICT_INCONCLUSIVE : s->verdict;
        out->clause[i] = (struct result_clause){.ratio_ppb = c->v->clause[i].ratio_ppb,
                                                .period_ns = c->v->clause[i].period_ns,
                                                .verdict = none ? VERDICT_NONE : verdict,
                                                .n = s->rule->n,
                                                .fail_at = rule_rejects_from(s->rule),
                                                .used = s->used,
                                                .failures = s->failures,
                                                .indeterminate = s->indeterminate,
                                                .decided_at = s->decided_at,
                                                .rule = rule_kind_word[s->rule->kind],
                                                .failed_at = "",
                                                .accepts = "",
                                                .rejects = ""};
        if (s->rule->kind != RULE_SHORT) {
            out->clause[i].accepts = numbers(w, s->rule->accept, s->rule->steps);
            out->clause[i].rejects = numbers(w, s->rule->reject, s->rule->steps);
        }
        out->clause[i].failed_at = numbers(w, c->failed_at[i], c->n_failed_at[i]);
    }
}

/* The worst verdict; without one worse than a pass, whatever kept a criterion from having any. */
void criteria_fold(struct result_variant *v, bool unlisted)
{
    static const enum no_verdict order[] = {NOT_EXERCISED, NOT_SCORABLE, NOT_RUN};
    enum verdict worst = VERDICT_NONE;
    for (size_t i = 0; i < CRITERION_COUNT; i++)
        if (v->criterion[i].verdict > worst)
            worst = v->criterion[i].verdict;
    v->verdict = worst;
    v->status = NO_VERDICT_GIVEN;
    if (worst > VERDICT_PASS)
        return;
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t i = 0; i < CRITERION_COUNT; i++)
            if (v->criterion[i].status == order[k]) {
                v->verdict = VERDICT_NONE;
                v->status = order[k];
                return;
            }
    if (worst != VERDICT_NONE)
        return;
    v->status = NOT_APPLICABLE;
    for (size_t i = 0; i < CRITERION_COUNT && unlisted; i++)
        if (v->criterion[i].status == INFORMATION)
            v->status = INFORMATION;
}

static bool is_long_operation(const struct criteria *c)
{
    int command = c->row->command == NULL ? -1 : plan_binding_by_payload(c->plan, c->row->command);
    const struct binding *b = command < 0 ? NULL : &c->plan->binding[command];
    return b != NULL && (binding_image(b) >= 0 || binding_cut_over(b) >= 0);
}

/* From where to where it was measured. */
static const char *measured(struct writer *w)
{
    const struct plan_row *row = w->c->row;
    const struct plan_variant *v = w->c->v;
    const char *tap = w->x->driven ? w->c->plan->interface : "of the capture", *span;
    enum plan_role role = v->role != PLAN_NOT_APPLICABLE ? v->role : row->role;
    if (role == PLAN_THROUGH_EUT || v->cause == PLAN_CAUSE_FORWARD)
        span = "from the last byte in on one side to the last byte out on the other";
    else if (role == PLAN_TO_EUT && row->proof == PLAN_PROOF_READ_BACK)
        span = "from the message's first byte to the first byte that reads it back";
    else if (role == PLAN_TO_EUT && row->proof == PLAN_PROOF_NONE && row->reply == NULL)
        span = "from the message's first byte; nothing declared shows that it was consumed";
    else if (role == PLAN_TO_EUT)
        span = "from the command's first byte to the first byte of its declared answer";
    else if (v->cause == PLAN_CAUSE_COMMAND && is_long_operation(w->c))
        span = "from the end of the transfer, or the declared cut-over time when that is later, to "
               "the answer's last byte";
    else if (v->cause == PLAN_CAUSE_COMMAND)
        span = "from the command's first byte to the answer's last byte";
    else if (v->cause == PLAN_CAUSE_STIMULUS)
        span = "from the stimulus to the message's last byte";
    else
        span = "the message itself, at a time of the equipment's own";
    return verdict_say(w, "tap %s: %s", tap, span);
}

static const char *role_word(enum plan_role role)
{
    static const char *const word[PLAN_ROLE_COUNT] = {
        "not applicable", "to the equipment", "from the equipment", "through the equipment"};
    return word[role];
}

enum err_code criteria_result(const struct criteria *c, const struct criteria_context *x,
                              const struct spill_rank *rank, struct arena *arena,
                              struct result_variant *out)
{
    struct writer w = {c, x, arena, false};
    const struct plan_variant *v = c->v;
    memset(out, 0, sizeof *out);
    out->leg = v->leg;
    out->mode = v->mode;
    out->device_class = v->device_class;
    out->from = v->from;
    out->to = v->to;
    out->span = v->span;
    out->interpretations = v->interpretations;
    out->note = v->note == NULL ? "" : v->note;
    out->unit = v->unit == NULL ? "" : v->unit;
    out->earlier = "";
    out->role = role_word(v->role != PLAN_NOT_APPLICABLE ? v->role : c->row->role);
    out->measured = measured(&w);
    out->criterion[CRITERION_RELIABILITY] = reliability(&w);
    out->criterion[CRITERION_LATENCY] = latency(&w);
    out->criterion[CRITERION_SIZE] = size(&w);
    out->criterion[CRITERION_WINDOW] = verdict_window(&w);
    out->criterion[CRITERION_RATE] = verdict_rate(&w);
    out->criterion[CRITERION_CONFIDENTIALITY] = verdict_confidentiality(&w);
    for (size_t i = 0; i < CRITERION_COUNT; i++) {
        struct result_criterion *r = &out->criterion[i];
        bool seen = i == CRITERION_CONFIDENTIALITY && r->verdict == VERDICT_FAIL;
        if (x->undated_drop && r->verdict != VERDICT_NONE && !seen) {
            r->verdict = VERDICT_INCONCLUSIVE;
            r->reason = verdict_say(&w, "the capture dropped %llu packets and does not tell when",
                                    (unsigned long long)x->dropped);
        }
    }
    if (x->mismatch != NULL) {
        out->criterion[CRITERION_RELIABILITY].verdict = VERDICT_ERROR;
        out->criterion[CRITERION_RELIABILITY].status = NO_VERDICT_GIVEN;
        out->criterion[CRITERION_RELIABILITY].reason = x->mismatch;
    }
    put_clauses(&w, out);
    out->attempts = c->attempts;
    out->used = c->used;
    memcpy(out->by_cause, c->by_cause, sizeof out->by_cause);
    for (size_t i = 0; i < RESULT_PERCENTILES; i++)
        out->percentile_ns[i] = rank == NULL ? -1 : rank[i].value_ns;
    for (size_t i = 0; i < RESULT_PERCENTILES; i++) {
        out->percentile_low_ns[i] = rank == NULL ? -1 : rank[RESULT_PERCENTILES + i].value_ns;
        out->percentile_high_ns[i] = rank == NULL ? -1 : rank[2 * RESULT_PERCENTILES + i].value_ns;
    }
    out->delivered = c->delivered;
    out->endpoints = c->reach.n;
    out->share_ppm = v->share_ppm;
    memcpy(out->bin, c->bin, sizeof out->bin);
    out->size_least = c->size_least;
    out->size_most = c->size_most;
    out->body_least = c->body_least;
    out->body_most = c->body_most;
    out->carried_bytes = c->carried_bytes;
    out->canonical_bytes = c->canonical_bytes;
    memcpy(out->hour, c->hour, sizeof out->hour);
    out->first_ns = c->first_ns;
    out->last_ns = c->last_ns;
    put_examples(&w, out);
    criteria_fold(out, c->row->unlisted);
    return w.no_memory ? ERR_NOMEM : ERR_OK;
}
