/* What a result takes over from the plan: who is tested, by which rules, for whom; and its rows. */
#include "harness/score/result_head.h"

#include <stdio.h>

#include "harness/plan/method_io.h"
#include "harness/plan/rule_io.h"

const char *result_copy(struct result *r, const char *text, bool *no_memory)
{
    const char *kept = arena_strdup(&r->arena, text == NULL ? "" : text);
    *no_memory = *no_memory || kept == NULL;
    return kept == NULL ? "" : kept;
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

static void put_rules(const struct plan *p, struct result *r, bool *no_memory)
{
    r->uncertainty_ns = p->uncertainty_ns;
    r->uncertainty_from = "declared by the profile";
    r->rule = result_copy(r, rule_kind_word[p->risks.kind], no_memory);
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

static void put_who(const struct plan *p, struct result *r, bool *no_memory)
{
    const struct plan_laboratory *l = &p->laboratory;
    r->laboratory = result_copy(r, l->name, no_memory);
    r->laboratory_address = result_copy(r, l->address, no_memory);
    r->accreditation = result_copy(r, l->accreditation, no_memory);
    r->authorised_by = result_copy(r, l->authorised_by, no_memory);
    r->customer = result_copy(r, l->customer, no_memory);
    r->clock_traced = result_copy(r, l->clock, no_memory);
    const struct plan_campaign *c = &p->campaign;
    r->campaign = result_copy(r, c->id, no_memory);
    r->ledger_head = result_copy(r, c->head, no_memory);
    r->submission = c->submission;
    r->generation = c->generation;
    r->earlier_runs = (uint32_t)p->n_earlier;
}

/* Results of plans without a method stay as they were: earlier runs are judged again, to the same
 * bytes. */
static void put_method(const struct plan *p, struct result *r, bool *no_memory)
{
    if (!method_copy(&r->arena, &p->method, &r->method))
        *no_memory = true;
    size_t n = method_given(&p->method) ? p->n_source : 0;
    struct result_source *s = arena_alloc(&r->arena, (n + 1) * sizeof *s);
    *no_memory = *no_memory || s == NULL;
    for (size_t i = 0; s != NULL && i < n; i++)
        s[i] = (struct result_source){result_copy(r, p->source[i].kind, no_memory),
                                      result_copy(r, p->source[i].path, no_memory),
                                      result_copy(r, p->source[i].digest, no_memory)};
    r->source = s;
    r->n_source = s == NULL ? 0 : n;
}

void result_measured_uncertainty(struct result *r, int64_t ns, uint64_t exchanges, bool *no_memory)
{
    char text[80];
    (void)snprintf(text, sizeof text, "p99 of %llu calibration exchanges",
                   (unsigned long long)exchanges);
    r->uncertainty_ns = ns;
    r->uncertainty_from = result_copy(r, text, no_memory);
}

void result_head(struct result *r, const struct plan *p, bool *no_memory)
{
    r->plan_digest = result_copy(r, p->digest, no_memory);
    r->nonce = result_copy(r, p->nonce, no_memory);
    r->profile_name = result_copy(r, p->profile_name, no_memory);
    r->profile_label = result_copy(r, p->profile_label, no_memory);
    r->vendor = result_copy(r, p->vendor, no_memory);
    r->model = result_copy(r, p->model, no_memory);
    r->hardware = result_copy(r, p->hardware, no_memory);
    r->firmware = result_copy(r, p->firmware, no_memory);
    r->firmware_digest = result_copy(r, p->firmware_digest, no_memory);
    r->eut_actors = result_copy(r, p->eut_actors, no_memory);
    r->zone = result_copy(r, p->zone, no_memory);
    r->interface = result_copy(r, p->interface, no_memory);
    r->filter = result_copy(r, p->filter, no_memory);
    r->confidence_ppm = p->confidence_ppm;
    r->time_shift_ns = p->time_shift_ns;
    put_method(p, r, no_memory);
    put_rules(p, r, no_memory);
    put_who(p, r, no_memory);
    struct result_text *text = arena_alloc(&r->arena, (p->n_interpretation + 1) * sizeof *text);
    *no_memory = *no_memory || text == NULL;
    for (size_t i = 0; text != NULL && i < p->n_interpretation; i++) {
        const struct plan_text *from = &p->interpretation[i];
        text[i] = (struct result_text){
            result_copy(r, from->id, no_memory), result_copy(r, from->section, no_memory),
            result_copy(r, from->reading, no_memory), result_copy(r, from->ground, no_memory)};
    }
    r->interpretation = text;
    r->n_interpretation = text == NULL ? 0 : p->n_interpretation;
}

/* ---- rows ---------------------------------------------------------------------------------------
 */

static const char *role_word(enum plan_role role)
{
    static const char *const word[PLAN_ROLE_COUNT] = {
        "not applicable", "to the equipment", "from the equipment", "through the equipment"};
    return word[role];
}

/* The worst verdict of the variants; without one worse than a pass, what kept one of them from it.
 */
void result_row_fold(struct result_row *row)
{
    const struct result_variant *v = row->variant;
    static const enum no_verdict order[] = {NOT_EXERCISED, NOT_SCORABLE, NOT_RUN};
    enum verdict worst = VERDICT_NONE;
    if (row->n_variant == 0 && row->status == NOT_RUN) /* withheld */
        return;
    row->status = NO_VERDICT_GIVEN;
    for (size_t i = 0; i < row->n_variant; i++)
        if (v[i].verdict > worst)
            worst = v[i].verdict;
    row->verdict = worst;
    for (size_t k = 0; k < sizeof order / sizeof *order && worst <= VERDICT_PASS; k++)
        for (size_t i = 0; i < row->n_variant; i++)
            if (v[i].status == order[k] && row->status == NO_VERDICT_GIVEN) {
                row->verdict = VERDICT_NONE;
                row->status = order[k];
            }
    for (size_t i = 0; i < row->n_variant && worst == VERDICT_NONE; i++)
        if (v[i].status == INFORMATION && row->status == NO_VERDICT_GIVEN)
            row->status = INFORMATION;
    if (row->verdict == VERDICT_NONE && row->status == NO_VERDICT_GIVEN)
        row->status = NOT_APPLICABLE;
}

void result_count(struct result_summary *s, const struct result_row *row)
{
    s->rows++;
    s->applicable += row->status != NOT_APPLICABLE;
    switch (row->verdict) {
    case VERDICT_PASS:
        s->pass++;
        break;
    case VERDICT_INCONCLUSIVE:
        s->inconclusive++;
        break;
    case VERDICT_FAIL:
        s->fail++;
        break;
    case VERDICT_ERROR:
        s->error++;
        break;
    case VERDICT_NONE:
    case VERDICT_COUNT:
        s->not_exercised += row->status == NOT_EXERCISED;
        s->not_scorable += row->status == NOT_SCORABLE;
        s->not_run += row->status == NOT_RUN;
        s->not_applicable += row->status == NOT_APPLICABLE;
        s->our_reading += row->status == INFORMATION;
        break;
    }
    if (row->verdict > s->verdict)
        s->verdict = row->verdict;
}

struct result_row result_row_of(struct result *r, const struct plan_row *from,
                                const struct result_variant *variant, bool *no_memory)
{
    return (struct result_row){.id = result_copy(r, from->id, no_memory),
                               .section = result_copy(r, from->section, no_memory),
                               .payload = result_copy(r, from->payload, no_memory),
                               .type = result_copy(r, from->type, no_memory),
                               .use_case = result_copy(r, from->use_case, no_memory),
                               .role = role_word(from->role),
                               .reason = result_copy(r, from->reason, no_memory),
                               .operation = result_copy(r, from->operation, no_memory),
                               .unlisted = from->unlisted,
                               .status = from->withheld ? NOT_RUN : NO_VERDICT_GIVEN,
                               .concerns = from->concerns,
                               .lacks = result_copy(r, from->lacks, no_memory),
                               .variant = variant,
                               .n_variant = from->n_variant};
}
