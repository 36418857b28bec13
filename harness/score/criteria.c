#include "harness/score/criteria.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/quantile.h"

#define LATENCIES 1024         /* kept of a target that no sample bounds */
#define LATENCIES_MOST 100000  /* kept of any */
#define LATENCIES_GROWN 500000 /* where outcomes of several runs are in no one file */

/* ---- rules --------------------------------------------------------------------------------------
 */

static void judgement_review(struct judgement *j)
{
    bool all_pass = j->n_strict > 0, all_closed = !j->has_lax || j->lax.verdict != VERDICT_NONE;
    bool any_fail = false;
    for (size_t i = 0; i < j->n_strict; i++) {
        all_pass = all_pass && j->strict[i].verdict == VERDICT_PASS;
        all_closed = all_closed && j->strict[i].verdict != VERDICT_NONE;
        any_fail = any_fail || j->strict[i].verdict == VERDICT_FAIL;
    }
    if (j->has_lax ? j->lax.verdict == VERDICT_FAIL : any_fail)
        j->verdict = VERDICT_FAIL;
    else if (all_pass)
        j->verdict = VERDICT_PASS;
    else if (all_closed && j->n_strict > 0)
        j->verdict = VERDICT_INCONCLUSIVE;
}

/* The unit at hand is whole: it enters the samples. */
static void judgement_close(struct judgement *j)
{
    struct unit *u = &j->unit;
    if (u->n == 0)
        return;
    bool disturbed = u->disturbed > 0;
    for (size_t i = 0; i < j->n_strict; i++)
        sample_use(&j->strict[i], u->failed[i], u->unsure[i], u->n, disturbed);
    if (j->has_lax)
        sample_use(&j->lax, u->failed[0], u->unsure[0], u->n, disturbed);
    memset(u, 0, sizeof *u);
    judgement_review(j);
}

/* failed and unsure are bit masks over the strict samples; the lax one goes with bit 0. */
static void judgement_use(struct judgement *j, unsigned failed, unsigned unsure, bool disturbed,
                          const struct exchange_record *r)
{
    if (j->verdict != VERDICT_NONE)
        return;
    if (j->another_run) { /* frames are numbers of one capture */
        j->frame_first = j->frame_last = 0;
        j->another_run = false;
    }
    j->unit.n++;
    j->unit.disturbed += disturbed;
    for (size_t i = 0; i < j->n_strict; i++) {
        j->unit.failed[i] += failed >> i & 1;
        j->unit.unsure[i] += unsure >> i & 1;
    }
    if (r->first_frame != 0 && (j->frame_first == 0 || r->first_frame < j->frame_first))
        j->frame_first = r->first_frame;
    if (r->last_frame > j->frame_last)
        j->frame_last = r->last_frame;
}

static void judgement_add(struct judgement *j, const struct plan_clause *c, bool tested)
{
    sample_init(&j->strict[j->n_strict++], &c->rule, tested);
}

enum err_code criteria_init(struct criteria *c, const struct plan *plan, uint32_t row,
                            uint32_t variant, struct err *e)
{
    memset(c, 0, sizeof *c);
    c->plan = plan;
    c->row = &plan->row[row];
    c->v = &c->row->variant[variant];
    c->size_least = c->size_most = c->body_least = c->body_most = c->worst_ns = -1;
    c->first_base = c->last_base = SIZE_MAX;
    const struct plan_variant *v = c->v;
    const struct plan_clause *largest = NULL;
    bool tested = plan->risks.clustering_ppm > 0;
    for (size_t i = 0; i < v->n_clause; i++) {
        judgement_add(&c->reliability, &v->clause[i], tested);
        if (largest == NULL || v->clause[i].rule.n > largest->rule.n)
            largest = &v->clause[i];
    }
    if (largest != NULL) {
        judgement_add(&c->latency, largest, tested);
        judgement_add(&c->size, largest, tested);
    }
    if (v->lax_ppb != -1 && v->n_clause > 0) {
        struct sample lax;
        sample_init(&lax, &v->lax.rule, tested);
        c->reliability.has_lax = c->latency.has_lax = c->size.has_lax = true;
        c->reliability.lax = c->latency.lax = c->size.lax = lax;
    }
    c->bad = calloc(RESULT_EXAMPLES, sizeof *c->bad);
    c->slow = calloc(RESULT_EXAMPLES, sizeof *c->slow);
    c->latency_cap = largest == NULL ? LATENCIES : largest->rule.n;
    if (c->latency_cap > LATENCIES_MOST)
        c->latency_cap = LATENCIES_MOST;
    c->latency_ns = calloc(c->latency_cap, sizeof *c->latency_ns);
    if (c->bad == NULL || c->slow == NULL || c->latency_ns == NULL) {
        criteria_release(c);
        return err_set(e, ERR_NOMEM, "no memory to judge %s", c->row->id);
    }
    return ERR_OK;
}

void criteria_release(struct criteria *c)
{
    reach_release(&c->reach);
    hops_release(&c->hops);
    free(c->latency_ns);
    free(c->latencies);
    free(c->bad);
    free(c->slow);
    c->latency_ns = NULL;
    c->latencies = NULL;
    c->bad = c->slow = NULL;
}

/* ---- using an outcome ---------------------------------------------------------------------------
 */

static bool judged(enum plan_scored scored, const struct judgement *j)
{
    return scored == PLAN_SCORED && j->n_strict > 0;
}

static bool open_judgement(enum plan_scored scored, const struct judgement *j)
{
    return judged(scored, j) && j->verdict == VERDICT_NONE;
}

/* No further outcome can change the row's verdict for the better or the worse. Where reliability
 * has failed, waiting for a sample of delivered ones would gain nothing; but a short plan, which
 * takes few trials, is used up first. */
static bool is_decided(const struct criteria *c)
{
    const struct plan_variant *v = c->v;
    if (c->encrypted)
        return true;
    if (!judged(v->scored_reliability, &c->reliability) &&
        !judged(v->scored_latency, &c->latency) && !judged(v->scored_size, &c->size))
        return c->units >= v->trials;
    if (c->reliability.verdict == VERDICT_FAIL &&
        (c->units >= v->trials || c->reliability.strict[0].rule->kind != RULE_SHORT))
        return true;
    return !open_judgement(v->scored_reliability, &c->reliability) &&
           !open_judgement(v->scored_latency, &c->latency) &&
           !open_judgement(v->scored_size, &c->size);
}

static bool in_window(const struct plan_variant *v, int32_t second)
{
    for (size_t i = 0; i < v->n_window; i++) {
        const struct plan_window *w = &v->window[i];
        bool wraps = w->to_s <= w->from_s;
        if (wraps ? second >= w->from_s || second < w->to_s
                  : second >= w->from_s && second < w->to_s)
            return true;
    }
    return false;
}

static void widen(int64_t *least, int64_t *most, int64_t value)
{
    if (*least < 0 || value < *least)
        *least = value;
    if (value > *most)
        *most = value;
}

static unsigned latency_bin(int64_t ns)
{
    unsigned low = 0, high = RESULT_BINS;
    while (high - low > 1) {
        unsigned mid = (low + high) / 2;
        if (result_bin_edge_ns(mid) <= ns)
            low = mid;
        else
            high = mid;
    }
    return low; /* the outer bins are open */
}

/* The clock window: of all that came, since only a whole day closes it. */
static void observe_window(struct criteria *c, const struct exchange_record *r,
                           const struct deployment *deployment)
{
    bool scored = c->v->scored_window == PLAN_SCORED && c->v->after_ns <= 0;
    if (r->sent_ns == 0 || deployment == NULL || (c->decided && !scored))
        return;
    int32_t second = deployment_second(deployment, r->sent_ns);
    size_t base = deployment_base(deployment, r->sent_ns);
    c->hour[second / 3600]++;
    if (c->first_base == SIZE_MAX || base < c->first_base)
        c->first_base = base;
    if (c->last_base == SIZE_MAX || base > c->last_base)
        c->last_base = base;
    if (scored && (r->flags & OUTCOME_EQUIPMENT) != 0) {
        c->observed++;
        c->inside += in_window(c->v, second);
    }
    if (r->first_frame != 0 && (c->frame_first == 0 || r->first_frame < c->frame_first))
        c->frame_first = r->first_frame;
    if (r->last_frame > c->frame_last)
        c->frame_last = r->last_frame;
}

static enum err_code keep_latency(struct criteria *c, int64_t ns, struct err *e)
{
    if (ns > c->worst_ns)
        c->worst_ns = ns;
    c->bin[latency_bin(ns)]++;
    if (c->grows && c->n_latency == c->latency_cap && c->latency_cap < LATENCIES_GROWN) {
        int64_t *more = realloc(c->latency_ns, 2 * c->latency_cap * sizeof *more);
        if (more == NULL)
            return err_set(e, ERR_NOMEM, "no memory for the latencies of %s", c->row->id);
        c->latency_ns = more;
        c->latency_cap *= 2;
    }
    if (c->latencies == NULL && c->n_latency < c->latency_cap) {
        c->latency_ns[c->n_latency++] = ns;
        return ERR_OK;
    }
    if (c->latencies == NULL) {
        c->latencies = calloc(1, sizeof *c->latencies);
        if (c->latencies == NULL)
            return err_set(e, ERR_NOMEM, "no memory for the latencies of %s", c->row->id);
        for (size_t i = 0; i < c->n_latency; i++)
            spill_count(c->latencies, c->latency_ns[i]);
    }
    spill_count(c->latencies, ns);
    return ERR_OK;
}

/* What is reported of a used outcome beside the verdicts. */
static enum err_code observe(struct criteria *c, const struct exchange_record *r, struct err *e)
{
    int64_t at = r->sent_ns != 0 ? r->sent_ns : r->origin_ns;
    if (at != 0) {
        if (c->first_ns == 0 || at < c->first_ns)
            c->first_ns = at;
        int64_t end = r->end_ns > at ? r->end_ns : at;
        if (end > c->last_ns)
            c->last_ns = end;
    }
    if ((r->flags & OUTCOME_DELIVERED) == 0)
        return ERR_OK;
    c->delivered++;
    if (r->canonical_bytes >= 0) {
        widen(&c->size_least, &c->size_most, r->canonical_bytes);
        c->canonical_bytes += (uint64_t)r->canonical_bytes;
        c->carried_bytes += r->message_bytes;
    }
    widen(&c->body_least, &c->body_most, r->body_bytes);
    return r->latency_ns < 0 ? ERR_OK : keep_latency(c, r->latency_ns, e);
}

/* Keeps the first failing ones and the slowest of the others. */
static void keep_example(struct criteria *c, const struct outcome *from)
{
    struct outcome kept = *from, *o = &kept;
    if (c->replays) /* numbers of frames mean nothing in the capture at hand */
        kept.rec.first_frame = kept.rec.last_frame = 0;
    if (o->rec.cause != CAUSE_OK) {
        if (c->n_bad < RESULT_EXAMPLES)
            c->bad[c->n_bad++] = *o;
        return;
    }
    if (o->rec.latency_ns < 0 || (c->n_slow == RESULT_EXAMPLES &&
                                  c->slow[c->n_slow - 1].rec.latency_ns >= o->rec.latency_ns))
        return;
    size_t at = c->n_slow < RESULT_EXAMPLES ? c->n_slow++ : RESULT_EXAMPLES - 1;
    while (at > 0 && c->slow[at - 1].rec.latency_ns < o->rec.latency_ns) {
        c->slow[at] = c->slow[at - 1];
        at--;
    }
    c->slow[at] = *o;
}

/* A payload that could be read was in clear text on the wire. */
static void observe_secrecy(struct criteria *c, const struct exchange_record *r)
{
    if (r->sent_ns != 0) {
        c->readable++;
        if (c->readable_frame == 0)
            c->readable_frame = r->last_frame;
    } else if ((r->flags & OUTCOME_ENCRYPTED) != 0) {
        c->dark++;
        if (c->dark_frame == 0)
            c->dark_frame = r->last_frame;
    }
}

/* Before the unit at hand enters the samples. */
static void keep_failed_at(struct criteria *c)
{
    const struct judgement *j = &c->reliability;
    for (size_t i = 0; i < j->n_strict && j->unit.n > 0; i++)
        if (j->unit.failed[i] > 0 && j->strict[i].verdict == VERDICT_NONE &&
            c->n_failed_at[i] < CRITERIA_FAILED_AT)
            c->failed_at[i][c->n_failed_at[i]++] = j->strict[i].used + 1;
}

bool criteria_use(struct criteria *c, const struct outcome *o, bool last,
                  const struct deployment *deployment, struct err *e)
{
    const struct exchange_record *r = &o->rec;
    const struct plan_variant *v = c->v;
    c->attempts++;
    observe_window(c, r, deployment);
    if ((r->flags & OUTCOME_DELIVERED) != 0 &&
        reach_add(&c->reach, c->plan, r->device, e) != ERR_OK)
        return false;
    if (c->decided || observe(c, r, e) != ERR_OK || hops_add(&c->hops, o, e) != ERR_OK)
        return false;
    c->used++;
    c->by_cause[r->cause]++;
    keep_example(c, o);
    observe_secrecy(c, r);
    if (r->placed < PLACED_COUNT)
        c->placed[r->placed]++;
    c->encrypted = c->encrypted || (r->flags & OUTCOME_ENCRYPTED) != 0;
    c->unprovoked = c->unprovoked || (r->flags & OUTCOME_UNPROVOKED) != 0;
    bool disturbed = r->cause == CAUSE_HARNESS || r->cause == CAUSE_CUT || r->doubt != 0 ||
                     (r->flags & (OUTCOME_DROP | OUTCOME_STEP | OUTCOME_STALL)) != 0;
    judgement_use(&c->reliability, r->clause_failed, r->clause_unsure, disturbed, r);
    if ((r->flags & OUTCOME_DELIVERED) != 0) {
        if (v->scored_latency == PLAN_SCORED && r->timing != TIMING_NONE)
            judgement_use(&c->latency, r->timing == TIMING_LATE, r->timing == TIMING_BETWEEN,
                          disturbed, r);
        if (v->scored_size == PLAN_SCORED && (r->flags & OUTCOME_EQUIPMENT) != 0 &&
            r->canonical_bytes >= 0) {
            bool over = v->size_max_bytes >= 0 && r->canonical_bytes > v->size_max_bytes;
            bool under = v->size_band && r->canonical_bytes < v->size_min_bytes;
            judgement_use(&c->size, over || under, 0, false, r);
        }
    }
    if (v->population > 0 && !last)
        return false;
    keep_failed_at(c);
    judgement_close(&c->reliability);
    judgement_close(&c->latency);
    judgement_close(&c->size);
    c->units++;
    c->decided = v->trials > 0 && is_decided(c); /* 0: whoever replays earlier runs closes it */
    return c->decided;
}

void criteria_next_run(struct criteria *c, bool replays)
{
    c->replays = replays;
    c->reliability.another_run = c->latency.another_run = c->size.another_run = true;
    c->first_base = c->last_base = SIZE_MAX; /* its clock was set for itself */
    c->grows = true;
}

static int compare_ns(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The value of that rank, or where to look for it. */
static void want(const struct criteria *c, struct spill_rank *out, uint64_t rank)
{
    *out = (struct spill_rank){.row = (uint32_t)(c->row - c->plan->row),
                               .variant = (uint32_t)(c->v - c->row->variant),
                               .rank = rank,
                               .value_ns = -1,
                               .width = 1};
    if (rank > 0 && c->latencies != NULL)
        spill_locate(c->latencies, out);
    else if (rank > 0)
        out->value_ns = c->latency_ns[rank - 1];
    if (c->latencies != NULL && c->grows)
        out->width = 1; /* of several runs, and too many to keep: as fine as the bins */
}

size_t criteria_ranks(struct criteria *c, struct spill_rank *rank)
{
    static const uint32_t per_mille[RESULT_PERCENTILES] = {0, 500, 900, 950, 990, 999, 1000};
    uint64_t n = c->latencies != NULL ? c->latencies->n : c->n_latency;
    if (n == 0)
        return 0;
    if (c->latencies == NULL)
        qsort(c->latency_ns, c->n_latency, sizeof *c->latency_ns, compare_ns);
    for (size_t i = 0; i < RESULT_PERCENTILES; i++) {
        uint64_t nearest = (n * per_mille[i] + 999) / 1000, low, high; /* nearest rank */
        quantile_ranks(n, per_mille[i], c->plan->confidence_ppm, &low, &high);
        want(c, &rank[i], nearest == 0 ? 1 : nearest);
        want(c, &rank[RESULT_PERCENTILES + i], low);
        want(c, &rank[2 * RESULT_PERCENTILES + i], high);
    }
    return CRITERIA_RANKS;
}
