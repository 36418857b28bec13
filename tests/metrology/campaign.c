#include "tests/metrology/campaign.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/score/criteria.h"
#include "harness/score/outcomes.h"
#include "harness/score/spill.h"

#define S INT64_C(1000000000)
#define LIMIT_NS (5 * S)
#define SUCCESS_MS 20    /* a success comes back within */
#define GIVE_UP_MS 15000 /* a loss is told after */
#define PEEK_EVERY 40    /* outcomes between two looks at the verdict */
#define OPEN_BESIDE 2    /* trials that a kill cuts with the pending loss */

/* ---- chance -------------------------------------------------------------------------------------
 */

uint64_t draw_next(struct draw *d) /* splitmix64 */
{
    uint64_t x = d->state += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

double draw_unit(struct draw *d)
{
    return (double)(draw_next(d) >> 11) * 0x1p-53;
}

void fates_begin(struct fates *f, const struct device *d, uint64_t seed)
{
    *f = (struct fates){.device = d, .draw = {seed}};
    for (int i = 0; i < 4; i++)
        (void)draw_next(&f->draw);
    f->out = d->together == TOGETHER_BURSTS && draw_unit(&f->draw) < d->rate;
}

bool fates_next(struct fates *f)
{
    const struct device *d = f->device;
    double u;
    switch (d->together) {
    case TOGETHER_NOT:
        return draw_unit(&f->draw) < d->rate;
    case TOGETHER_BURSTS:
        u = draw_unit(&f->draw);
        if (f->out)
            f->out = u >= 1.0 / d->length;
        else
            f->out = u < d->rate / (1.0 - d->rate) / d->length;
        return f->out;
    case TOGETHER_CONNECTIONS:
        if (f->left == 0) {
            f->left = d->length;
            f->out = draw_unit(&f->draw) < d->rate;
        }
        f->left--;
        return f->out;
    }
    abort();
}

/* ---- the row that is judged ---------------------------------------------------------------------
 */

void setup_make(struct setup *s, const struct rule *rule, int64_t ratio_ppb, uint32_t cluster,
                int64_t clustering_ppm, bool latency)
{
    memset(s, 0, sizeof *s);
    s->cluster = cluster;
    s->target = (struct plan_target){.endpoint = -1};
    s->kase = (struct plan_case){.mode = "", .target = &s->target, .n_target = 1, .use_case = "u"};
    s->scenario = (struct plan_scenario){.kase = &s->kase, .n_case = 1};
    s->variant = (struct plan_variant){
        .leg = "1",
        .mode = "",
        .device_class = "",
        .from = "a",
        .to = "b",
        .role = PLAN_FROM_EUT,
        .cause = PLAN_CAUSE_COMMAND,
        .population = cluster > 1 ? cluster : 0,
        .latency_strict_ns = LIMIT_NS,
        .latency_lax_ns = LIMIT_NS,
        .pair_strict_ns = -1,
        .pair_lax_ns = -1,
        .clause = {{.ratio_ppb = ratio_ppb, .rule = *rule}},
        .n_clause = 1,
        .lax_ppb = -1,
        .size_min_bytes = -1,
        .size_max_bytes = -1,
        .interpretations = "",
        .span = "end to end",
        .note = "",
        .share_ppm = 1000000,
        .unit = cluster > 1 ? "connection" : "exchange",
        .trials = rule->n,
        .trials_max = rule->n,
        .scored_reliability = latency ? PLAN_SCORED_NOT_APPLICABLE : PLAN_SCORED,
        .scored_latency = latency ? PLAN_SCORED : PLAN_SCORED_NOT_APPLICABLE,
        .scored_size = PLAN_SCORED_NOT_APPLICABLE,
        .scored_window = PLAN_SCORED_NOT_APPLICABLE,
        .scored_rate = PLAN_SCORED_NOT_APPLICABLE,
        .scored_confidentiality = PLAN_SCORED_NOT_APPLICABLE,
        .why_reliability = latency ? "not asked" : NULL,
        .why_latency = latency ? NULL : "not asked",
        .why_size = "not asked",
        .why_window = "not asked",
    };
    s->row = (struct plan_row){.id = "r",
                               .section = "4",
                               .payload = "p",
                               .type = "t",
                               .use_case = "u",
                               .role = PLAN_FROM_EUT,
                               .cause = PLAN_CAUSE_COMMAND,
                               .reason = "",
                               .variant = &s->variant,
                               .n_variant = 1,
                               .binding = -1,
                               .operation = ""};
    s->plan = (struct plan){.nonce = "00000000",
                            .profile_name = "",
                            .profile_label = "",
                            .vendor = "",
                            .model = "",
                            .hardware = "",
                            .firmware = "",
                            .firmware_digest = "",
                            .eut_actors = "",
                            .zone = "",
                            .filter = "",
                            .laboratory = {"", "", "", "", "", ""},
                            .campaign = {.id = "", .head = ""},
                            .risks = {.kind = rule->kind, .clustering_ppm = clustering_ppm},
                            .confidence_ppm = 950000,
                            .interface = "lo",
                            .row = &s->row,
                            .n_row = 1,
                            .scenario = &s->scenario,
                            .n_scenario = 1};
}

/* ---- one campaign -------------------------------------------------------------------------------
 */

struct campaign {
    const struct setup *setup;
    enum course course;
    struct outcomes *outcomes;
    struct criteria criteria;
    struct fates fates;
    struct draw doubt;
    struct arena arena;
    struct err err;
    uint32_t seen;
    bool passed_at_a_look;
    struct spill *spill; /* NULL: no records */
};

static _Noreturn void die(const char *what)
{
    (void)fprintf(stderr, "metrology: %s\n", what);
    exit(3);
}

static enum verdict read_verdict(struct campaign *c, struct result_variant *out)
{
    const struct criteria_context x = {.driven = true, .last_ns = S};
    if (criteria_result(&c->criteria, &x, NULL, &c->arena, out) != ERR_OK)
        die("no memory for a result");
    return out->verdict;
}

static void look(struct campaign *c)
{
    struct result_variant v;
    c->passed_at_a_look = c->passed_at_a_look || read_verdict(c, &v) == VERDICT_PASS;
    arena_release(&c->arena);
}

static void use(void *arg, const struct outcome *o, bool last)
{
    struct campaign *c = arg;
    struct exchange_record record = o->rec;
    record.used = !c->criteria.decided;
    if (c->spill != NULL && spill_put(c->spill, &record, &c->err) != ERR_OK)
        die(c->err.text);
    (void)criteria_use(&c->criteria, o, last, NULL, &c->err);
    if (c->course == COURSE_PEEKING && ++c->seen % PEEK_EVERY == 0)
        look(c);
}

static struct outcome outcome_of(struct campaign *c, uint32_t trial, uint32_t sub, bool fails)
{
    enum course k = c->course;
    bool late = fails && k == COURSE_LATE;
    bool unsure = fails ? k == COURSE_UNSURE
                        : k == COURSE_DOUBTED && draw_unit(&c->doubt) < c->fates.device->rate;
    bool delivered = late || !fails || unsure;
    enum cause cause = unsure ? CAUSE_BETWEEN : late ? CAUSE_LATE : fails ? CAUSE_LOST : CAUSE_OK;
    struct outcome o = {.rec = {.trial = trial,
                                .sub = sub,
                                .cause = (uint8_t)cause,
                                .timing = (uint8_t)(unsure       ? TIMING_BETWEEN
                                                    : late       ? TIMING_LATE
                                                    : !delivered ? TIMING_NONE
                                                                 : TIMING_IN),
                                .latency_ns = -1, /* timing says what is judged of it */
                                .canonical_bytes = -1,
                                .first_frame = trial + 1,
                                .last_frame = trial + 1,
                                .flags = OUTCOME_EQUIPMENT | (delivered ? OUTCOME_DELIVERED : 0),
                                .clause_failed = fails && !unsure ? 0xFF : 0,
                                .clause_unsure = unsure ? 0xFF : 0}};
    return o;
}

/* The script of every other trial has ended by the time when its exchanges resolve. */
static bool ends_first(uint32_t trial)
{
    return trial % 2 == 1;
}

/* All exchanges of a trial, resolved at once. */
static void resolve(struct campaign *c, uint32_t trial, const bool *fails)
{
    for (uint32_t i = 0; i < c->setup->cluster; i++) {
        struct outcome o = outcome_of(c, trial, i, fails[i]);
        outcomes_resolved(c->outcomes, &o);
    }
    if (!ends_first(trial))
        outcomes_trial_end(c->outcomes, 0, 0, trial);
}

static void open_trial(struct campaign *c, uint32_t trial)
{
    outcomes_trial(c->outcomes, 0, 0, trial);
    for (uint32_t i = 0; i < c->setup->cluster; i++)
        outcomes_opened(c->outcomes, 0, 0, trial, 0, 0);
    if (ends_first(trial))
        outcomes_trial_end(c->outcomes, 0, 0, trial);
}

static void run_in_order(struct campaign *c)
{
    bool fails[64] = {false};
    for (uint32_t t = 0; t < c->setup->variant.trials_max && !c->criteria.decided; t++) {
        for (uint32_t i = 0; i < c->setup->cluster; i++)
            fails[i] = fates_next(&c->fates);
        open_trial(c, t);
        resolve(c, t, fails);
    }
}

static void cut(struct campaign *c, uint32_t trial)
{
    struct outcome o = outcome_of(c, trial, 0, true);
    o.rec.cause = CAUSE_CUT;
    o.rec.clause_failed = 0;
    o.rec.clause_unsure = 0xFF;
    outcomes_resolved(c->outcomes, &o);
    if (!ends_first(trial))
        outcomes_trial_end(c->outcomes, 0, 0, trial);
}

/* The kill comes while the loss is pending, with some later trials open beside it. */
static void run_until_killed(struct campaign *c)
{
    for (uint32_t t = 0; t < c->setup->variant.trials_max && !c->criteria.decided; t++) {
        bool fails = fates_next(&c->fates);
        open_trial(c, t);
        if (!fails) {
            resolve(c, t, &fails);
            continue;
        }
        for (uint32_t k = 1; k <= OPEN_BESIDE; k++) {
            (void)fates_next(&c->fates);
            open_trial(c, t + k);
        }
        for (uint32_t k = 0; k <= OPEN_BESIDE; k++)
            cut(c, t + k);
        return;
    }
}

/* ---- many at a time: a heap of what comes back when ---- */

struct back {
    int64_t at_ms;
    uint32_t trial;
    bool fails;
};

struct heap {
    struct back item[OPEN_MOST];
    size_t n;
};

static bool sooner(const struct back *a, const struct back *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->trial < b->trial;
}

static void heap_put(struct heap *h, struct back b)
{
    size_t i = h->n++;
    for (; i > 0 && sooner(&b, &h->item[(i - 1) / 2]); i = (i - 1) / 2)
        h->item[i] = h->item[(i - 1) / 2];
    h->item[i] = b;
}

static struct back heap_take(struct heap *h)
{
    struct back first = h->item[0], last = h->item[--h->n];
    size_t i = 0;
    for (;;) {
        size_t k = 2 * i + 1;
        if (k + 1 < h->n && sooner(&h->item[k + 1], &h->item[k]))
            k++;
        if (k >= h->n || !sooner(&h->item[k], &last))
            break;
        h->item[i] = h->item[k];
        i = k;
    }
    h->item[i] = last;
    return first;
}

/* As the driver does: a trial a millisecond while fewer than OPEN_MOST are open and nothing is
 * decided; those that are open then are waited for. */
static void run_overlapping(struct campaign *c, bool as_completed)
{
    struct heap *h = calloc(1, sizeof *h);
    struct draw delay = {c->fates.draw.state ^ 0x5555};
    uint32_t started = 0, most = c->setup->variant.trials_max;
    int64_t now_ms = 0, next_ms = 0;
    if (h == NULL)
        die("no memory for open trials");
    for (;;) {
        bool more = !c->criteria.decided && started < most && h->n < OPEN_MOST;
        if (more && (h->n == 0 || next_ms <= h->item[0].at_ms)) {
            now_ms = next_ms > now_ms ? next_ms : now_ms;
            next_ms = now_ms + 1;
            bool fails = fates_next(&c->fates);
            int64_t takes = fails ? GIVE_UP_MS : 1 + (int64_t)(draw_next(&delay) % SUCCESS_MS);
            if (!as_completed)
                open_trial(c, started);
            heap_put(h, (struct back){now_ms + takes, started++, fails});
        } else if (h->n > 0) {
            struct back b = heap_take(h);
            now_ms = b.at_ms > now_ms ? b.at_ms : now_ms;
            if (as_completed) {
                struct outcome o = outcome_of(c, b.trial, 0, b.fails);
                use(c, &o, true);
            } else {
                resolve(c, b.trial, &b.fails);
            }
        } else {
            break;
        }
    }
    free(h);
}

/* What nobody may do: stop as soon as the nominal interval looks good. */
static enum verdict run_to_interval(struct campaign *c)
{
    struct result_variant v;
    for (uint32_t t = 0; t < INTERVAL_MOST; t++) {
        bool fails = fates_next(&c->fates);
        open_trial(c, t);
        resolve(c, t, &fails);
        if (t % PEEK_EVERY != PEEK_EVERY - 1)
            continue;
        (void)read_verdict(c, &v);
        arena_release(&c->arena);
        const struct result_criterion *k = &v.criterion[CRITERION_RELIABILITY];
        if (k->low_ppb > k->ratio_ppb)
            return VERDICT_PASS;
    }
    return VERDICT_INCONCLUSIVE;
}

static void begin(struct campaign *c)
{
    if (criteria_init(&c->criteria, &c->setup->plan, 0, 0, &c->err) != ERR_OK ||
        outcomes_new(&c->setup->plan, use, c, &c->outcomes, &c->err) != ERR_OK)
        die(c->err.text);
}

static void end(struct campaign *c)
{
    if (outcomes_fault(c->outcomes, &c->err) != ERR_OK || c->err.code != ERR_OK)
        die(c->err.text);
    outcomes_free(c->outcomes);
    criteria_release(&c->criteria);
    arena_release(&c->arena);
}

enum verdict campaign_record(const struct setup *s, struct fates *fates, bool killed,
                             const char *path)
{
    struct campaign c = {.setup = s, .course = COURSE_IN_ORDER, .fates = *fates};
    struct result_variant v;
    begin(&c);
    if (spill_create(path, &c.spill, &c.err) != ERR_OK)
        die(c.err.text);
    if (killed)
        run_until_killed(&c);
    else
        run_in_order(&c);
    if (spill_finish(c.spill, &c.err) != ERR_OK)
        die(c.err.text);
    enum verdict verdict = read_verdict(&c, &v);
    spill_close(c.spill);
    *fates = c.fates;
    end(&c);
    return verdict;
}

struct fate campaign_run(const struct setup *s, const struct device *d, enum course course,
                         uint64_t seed)
{
    struct campaign c = {.setup = s, .course = course, .doubt = {~seed}};
    struct fate fate = {0};
    fates_begin(&c.fates, d, seed);
    begin(&c);
    if (course == COURSE_OVERLAPPING || course == COURSE_COMPLETION)
        run_overlapping(&c, course == COURSE_COMPLETION);
    else if (course == COURSE_INTERVAL)
        fate.verdict = run_to_interval(&c);
    else
        run_in_order(&c);
    if (course != COURSE_INTERVAL) {
        struct result_variant v;
        const struct result_criterion *k =
            &v.criterion[course == COURSE_LATE ? CRITERION_LATENCY : CRITERION_RELIABILITY];
        fate.verdict = read_verdict(&c, &v);
        fate.clean = k->bad <= 1;
        if (c.passed_at_a_look)
            fate.verdict = VERDICT_PASS;
    }
    fate.units = (uint32_t)c.criteria.units;
    end(&c);
    return fate;
}
