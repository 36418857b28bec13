/* What stands at the head of a result: who and what was tested, by which rules, on what evidence. */
#include <stdlib.h>
#include <string.h>

#include "harness/plan/rule_io.h"
#include "harness/score/judge_impl.h"

/* Strings of the plan are borrowed by the result only until it is freed before the plan is: copied.
 */
const char *judge_copy(struct result *r, const char *text, bool *no_memory)
{
    const char *kept = arena_strdup(&r->arena, text == NULL ? "" : text);
    *no_memory = *no_memory || kept == NULL;
    return kept == NULL ? "" : kept;
}

static int compare_ns(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void put_bias(struct judge *j, struct result *r)
{
    size_t n = j->n_calibration;
    r->bias_n = n;
    r->bias_p50_ns = r->bias_p99_ns = r->bias_worst_ns = -1;
    if (n == 0)
        return;
    qsort(j->calibration, n, sizeof *j->calibration, compare_ns);
    r->bias_p50_ns = j->calibration[(n * 50 + 99) / 100 - 1];
    r->bias_p99_ns = j->calibration[(n * 99 + 99) / 100 - 1];
    r->bias_worst_ns = j->calibration[n - 1];
}

/* One for each rule that a verdict hangs on. */
static uint32_t judgements(const struct plan *p)
{
    uint32_t n = 0;
    for (size_t i = 0; i < p->n_row; i++)
        for (size_t k = 0; k < p->row[i].n_variant; k++) {
            const struct plan_variant *v = &p->row[i].variant[k];
            if (v->n_clause == 0)
                continue;
            if (v->scored_reliability == PLAN_SCORED)
                n += (uint32_t)v->n_clause;
            n += v->scored_latency == PLAN_SCORED && !v->latency_informative;
            n += v->scored_size == PLAN_SCORED;
        }
    return n;
}

static void put_rules(struct judge *j, struct result *r, bool *no_memory)
{
    const struct plan *p = j->plan;
    r->uncertainty_ns = p->uncertainty_ns;
    r->uncertainty_from = "declared by the profile";
    r->rule = judge_copy(r, rule_kind_word[p->risks.kind], no_memory);
    r->consumer_ppm = p->risks.consumer_ppm;
    r->producer_ppm = p->risks.producer_ppm;
    r->producer_own_ppm = p->risks.producer_own_ppm;
    r->discrimination_milli = p->risks.discrimination_milli;
    r->clustering_ppm = p->risks.clustering_ppm;
    r->spread = p->risks.spread;
    r->judgements = judgements(p);
    r->producer_sum_ppm = r->producer_own_ppm * r->judgements;
    r->pace_per_s = p->pace_per_s;
    r->connections = p->connection_per_exchange ? "one for each exchange" : "kept open";
}

static void put_who(struct judge *j, struct result *r, bool *no_memory)
{
    const struct plan_laboratory *l = &j->plan->laboratory;
    r->laboratory = judge_copy(r, l->name, no_memory);
    r->laboratory_address = judge_copy(r, l->address, no_memory);
    r->accreditation = judge_copy(r, l->accreditation, no_memory);
    r->authorised_by = judge_copy(r, l->authorised_by, no_memory);
    r->customer = judge_copy(r, l->customer, no_memory);
    r->clock_traced = judge_copy(r, l->clock, no_memory);
    const struct plan_campaign *c = &j->plan->campaign;
    r->campaign = judge_copy(r, c->id, no_memory);
    r->ledger_head = judge_copy(r, c->head, no_memory);
    r->submission = c->submission;
    r->generation = c->generation;
}

void judge_head(struct judge *j, struct result *r, bool *no_memory)
{
    const struct plan *p = j->plan;
    const struct exchange_counts *n = exchange_reader_counts(j->reader);
    r->plan_digest = judge_copy(r, p->digest, no_memory);
    r->nonce = judge_copy(r, p->nonce, no_memory);
    r->profile_name = judge_copy(r, p->profile_name, no_memory);
    r->profile_label = judge_copy(r, p->profile_label, no_memory);
    r->claimable = p->claimable && j->driven;
    r->vendor = judge_copy(r, p->vendor, no_memory);
    r->model = judge_copy(r, p->model, no_memory);
    r->hardware = judge_copy(r, p->hardware, no_memory);
    r->firmware = judge_copy(r, p->firmware, no_memory);
    r->firmware_digest = judge_copy(r, p->firmware_digest, no_memory);
    r->eut_actors = judge_copy(r, p->eut_actors, no_memory);
    r->zone = judge_copy(r, p->zone, no_memory);
    r->interface = judge_copy(r, p->interface, no_memory);
    r->filter = judge_copy(r, p->filter, no_memory);
    r->driven = j->driven;
    r->complete = j->complete;
    r->ended = judge_copy(r, j->finished ? j->how : "running", no_memory);
    r->first_ns = j->first_ns;
    r->last_ns = j->last_ns;
    r->confidence_ppm = p->confidence_ppm;
    r->time_shift_ns = p->time_shift_ns;
    r->frames = n->frames;
    r->flows = n->flows;
    r->messages = n->messages;
    r->retransmitted = n->retransmitted;
    r->gaps = n->gaps;
    r->unmatched = attempts_unmatched(j->attempts) - j->n_observed;
    r->capture_received = j->disturb.received;
    r->capture_dropped = j->disturb.dropped;
    r->stalls = j->disturb.count[DISTURB_STALL];
    r->clock_steps = j->disturb.count[DISTURB_STEP];
    put_rules(j, r, no_memory);
    put_who(j, r, no_memory);
    put_bias(j, r);
    struct result_text *text = arena_alloc(&r->arena, (p->n_interpretation + 1) * sizeof *text);
    *no_memory = *no_memory || text == NULL;
    for (size_t i = 0; text != NULL && i < p->n_interpretation; i++) {
        const struct plan_text *from = &p->interpretation[i];
        text[i] = (struct result_text){
            judge_copy(r, from->id, no_memory), judge_copy(r, from->section, no_memory),
            judge_copy(r, from->reading, no_memory), judge_copy(r, from->ground, no_memory)};
    }
    r->interpretation = text;
    r->n_interpretation = text == NULL ? 0 : p->n_interpretation;
}
