/* Every value that shaped the plan, with what it rests on. */
#include <string.h>

#include "harness/base/clock.h"
#include "harness/plan/build_parts.h"

#define PROFILE "the profile"
#define STATEMENT "the equipment's statement"
#define COMMAND_LINE "the command line"
#define OWN "gridassay's own: the profile does not say"

#define PPM_PER_PERCENT 1e4

struct values {
    struct build *b;
    struct method_value *value;
    size_t n, room;
};

static void add(struct values *to, const char *kind, const char *where, const char *name,
                const char *text, const char *source)
{
    if (to->n == to->room) {
        size_t room = to->room == 0 ? 64 : 2 * to->room;
        struct method_value *more = build_room(to->b, room * sizeof *more);
        if (more == NULL)
            return;
        if (to->n > 0)
            memcpy(more, to->value, to->n * sizeof *more);
        to->value = more;
        to->room = room;
    }
    to->value[to->n++] = (struct method_value){
        kind, build_copy(to->b, where), build_copy(to->b, name), text, build_copy(to->b, source)};
}

/* Its name alone: the method is published, and where a lab keeps its files is its own affair. The
 * sources have path and digest. */
static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static const char *from(bool silent)
{
    return silent ? OWN : PROFILE;
}

static const char *percent(struct build *b, int64_t ppm)
{
    return build_text(b, "%.9g %%", (double)ppm / PPM_PER_PERCENT);
}

static const char *seconds(struct build *b, int64_t ns)
{
    return build_text(b, "%.9g s", (double)ns / (double)NS_PER_S);
}

static const char *hours(struct build *b, int32_t from_s, int32_t to_s)
{
    return build_text(b, "%02d:%02d to %02d:%02d", from_s / 3600, from_s / 60 % 60, to_s / 3600,
                      to_s / 60 % 60);
}

/* The lab's own requirement table, and how much of the document's is not in it. */
static void own_table(struct values *to)
{
    struct build *b = to->b;
    const struct table *t = b->table;
    if (b->o->table == NULL)
        return;
    if (b->document == NULL && b->rc == ERR_OK)
        b->rc = table_load(NULL, &b->document, b->e);
    if (b->rc != ERR_OK || strcmp(t->digest, b->document->digest) == 0)
        return;
    size_t missing = 0;
    for (size_t i = 0; i < b->document->n_row; i++)
        missing += table_row_by_id(t, b->document->row[i].id) == NULL;
    add(to, METHOD_OWN_TABLE, "*", file_name(b->o->table),
        build_text(b, "%zu rows, %zu of the document's %zu are not among them", t->n_row, missing,
                   b->document->n_row),
        COMMAND_LINE);
}

static void scope(struct values *to)
{
    struct build *b = to->b;
    static const char *const kind[SCOPE_KIND_COUNT] = {"use case", "section", "row"};
    const struct profile *f = b->profile;
    const struct plan_options *o = b->o;
    if (f->n_scope == 0)
        add(to, "scope", "*", "rows", "all that the deployment leaves in play", PROFILE);
    for (size_t i = 0; i < f->n_scope; i++)
        add(to, "scope", "*", kind[f->scope[i].kind], build_copy(b, f->scope[i].name), PROFILE);
    for (size_t i = 0; i < o->n_suite; i++)
        add(to, "selection", "*", "suite", build_copy(b, o->suite[i]), COMMAND_LINE);
    for (size_t i = 0; i < o->n_row; i++)
        add(to, "selection", "*", "row", build_copy(b, o->row[i]), COMMAND_LINE);
    if (o->pap02 != NULL)
        add(to, "selection", "*", "rows of the mode", build_copy(b, o->pap02), COMMAND_LINE);
}

static void times(struct values *to)
{
    struct build *b = to->b;
    const struct profile *f = b->profile;
    add(to, "clock", "*", "time zone", build_copy(b, f->zone), PROFILE);
    if (f->shift_to_s != -1)
        add(to, "clock", "*", "time shift",
            build_text(b, "%.9g s, to %02d:%02d when the plan was made",
                       (double)b->plan->time_shift_ns / (double)NS_PER_S, f->shift_to_s / 3600,
                       f->shift_to_s / 60 % 60),
            f->shift_reason);
    if (f->clock_factor > 1)
        add(to, METHOD_CLOCK_FACTOR, "*", "a whole day of the deployment passes faster by",
            build_text(b, "%lld", (long long)f->clock_factor), f->clock_reason);
}

static void rules(struct values *to)
{
    struct build *b = to->b;
    static const char *const kind[PROFILE_RULE_COUNT] = {"sequential (truncated)", "fixed plan",
                                                         "short: no failure in so many"};
    const struct profile *f = b->profile;
    const struct plan_risks *r = &b->plan->risks;
    add(to, "rule", "*", "rule", kind[f->rule], from(f->silent.rule));
    add(to, "rule", "*", "confidence", percent(b, f->confidence_ppm), PROFILE);
    add(to, "rule", "*", "consumer's risk", percent(b, r->consumer_ppm),
        f->silent.consumer ? "what the confidence leaves" : PROFILE);
    add(to, "rule", "*", "producer's risk", percent(b, r->producer_ppm),
        f->rule == PROFILE_RULE_SHORT ? "what the confidence leaves" : from(f->silent.producer));
    if (r->spread)
        add(to, "rule", "*", "producer's risk of each rule", percent(b, r->producer_own_ppm),
            "the profile spreads it over all rules");
    if (f->rule != PROFILE_RULE_SHORT)
        add(to, "rule", "*", "discrimination ratio",
            build_text(b, "%.9g", (double)r->discrimination_milli / 1000),
            from(f->silent.discrimination));
    add(to, "rule", "*", "level of the test for clustering", percent(b, r->clustering_ppm),
        from(f->silent.clustering));
    if (b->o->trials_most > 0)
        add(to, "rule", "*", "trials of a row at most", build_text(b, "%u", b->o->trials_most),
            COMMAND_LINE);
    else if (f->trials_most > 0)
        add(to, "rule", "*", "trials of a row at most", build_text(b, "%u", f->trials_most),
            PROFILE);
}

static void policies(struct values *to)
{
    struct build *b = to->b;
    static const char *const size[SIZE_POLICY_COUNT] = {"a ceiling", "a band", "information"};
    const struct profile *f = b->profile;
    add(to, "policy", "*", "size", size[f->size_policy], PROFILE);
    add(to, "policy", "*", "k", build_text(b, "%lld", (long long)f->k), PROFILE);
    add(to, "policy", "*", "window",
        f->window_strict ? "all of a payload inside" : "the majority of a payload inside", PROFILE);
    add(to, "policy", "*", "rate", f->rate ? "judged" : "not judged", PROFILE);
    add(to, "policy", "*", "confidentiality", f->confidentiality ? "judged" : "not judged",
        PROFILE);
}

static void pace(struct values *to)
{
    struct build *b = to->b;
    const struct profile *f = b->profile;
    const struct plan *p = b->plan;
    add(to, "pace", "*", "trials started a second", build_text(b, "%lld", (long long)f->pace_per_s),
        PROFILE);
    add(to, "pace", "*", "trials open at a time, at most", build_text(b, "%u", f->overlap_max),
        PROFILE);
    add(to, "pace", "*", "devices watched of those that one trial reaches, at most",
        build_text(b, "%u", f->population_most), from(f->silent.population));
    if (p->n_background + p->n_unsent > 0)
        add(to, "pace", "*", "load beside the trials",
            build_text(b, "%zu kinds of messages of other rows, as often as the table has it",
                       p->n_background),
            PROFILE);
}

static void traffic(struct values *to)
{
    const struct plan_trace *t = &to->b->plan->trace;
    if (t->path != NULL)
        add(to, "pace", "*", "trace sent beside the trials", build_copy(to->b, file_name(t->path)),
            COMMAND_LINE);
}

static void capture(struct values *to)
{
    struct build *b = to->b;
    const struct profile *f = b->profile;
    add(to, "capture", "*", "interface", build_copy(b, f->interface), PROFILE);
    add(to, "capture", "*", "uncertainty of a stamp, at least", seconds(b, f->uncertainty_ns),
        PROFILE);
    add(to, "capture", "*", "copies are looked for behind an answer for", seconds(b, f->linger_ns),
        PROFILE);
}

static void equipment(struct values *to)
{
    struct build *b = to->b;
    const struct statement *s = b->statement;
    add(to, "equipment", "*", "connections",
        s->connection_per_exchange ? "one for each exchange" : "kept open", STATEMENT);
    add(to, "equipment", "*", "answers come",
        s->reply_by_request ? "later, as requests to the reply address" : "in the response",
        STATEMENT);
    add(to, "equipment", "*", "what it has consumed",
        s->read_back ? "can be read back" : "cannot be read back", STATEMENT);
    add(to, "equipment", "*", "interval reads",
        s->push && s->poll ? "pushed and polled"
        : s->push          ? "pushed"
        : s->poll          ? "polled"
                           : "not offered",
        STATEMENT);
    add(to, "equipment", "*", "scheduled payloads",
        s->own_schedule ? "come by themselves" : "are provoked", STATEMENT);
    add(to, "equipment", "*", "transport", s->eut.tls ? "TLS" : "TCP without TLS", STATEMENT);
    for (size_t i = 0; i < s->n_duty; i++) {
        const struct statement_duty *d = &s->duty[i];
        const char *text = d->most == 0 ? "" : build_text(b, "%u at most", d->most);
        if (d->spacing_ns > 0)
            text = build_text(b, "%s%sone in %.9g s", text, text[0] == '\0' ? "" : ", ",
                              (double)d->spacing_ns / (double)NS_PER_S);
        add(to, "duty", d->payload, "operations that the equipment bears", text,
            d->why == NULL || d->why[0] == '\0' ? STATEMENT : d->why);
    }
    for (size_t i = 0; i < s->n_image; i++)
        add(to, "image", s->image[i].payload, "version",
            build_text(b, "%s, %llu bytes", s->image[i].version,
                       (unsigned long long)s->image[i].bytes),
            STATEMENT);
}

/* What the document leaves to the deployment. */
static void letters(struct values *to)
{
    struct build *b = to->b;
    const struct profile *f = b->profile;
    for (size_t i = 0; i < f->n_parameter; i++)
        add(to, "parameter", f->parameter[i].row, f->parameter[i].name,
            build_copy(b, f->parameter[i].text), f->parameter[i].source);
    for (size_t i = 0; i < f->n_campaign; i++)
        add(to, "campaign", f->campaign[i].row, "hours",
            hours(b, f->campaign[i].from_s, f->campaign[i].to_s), f->campaign[i].source);
    if (f->extrapolation != NULL)
        add(to, "extrapolation", "*", "latency for so many at once",
            "taken in proportion for the devices of a trial", f->extrapolation);
}

/* What stands in place of the table's limits, or of a reading of it. */
static void limits(struct values *to)
{
    struct build *b = to->b;
    static const char *const take[TAKE_COUNT] = {"all readings have to hold",
                                                 "the strictest reading", "the laxest reading"};
    const struct profile *f = b->profile;
    for (size_t i = 0; i < f->n_choice; i++)
        add(to, "interpretation", "*", f->choice[i].id, take[f->choice[i].take],
            f->choice[i].reason);
    for (size_t i = 0; i < f->n_share; i++)
        add(to, "share", f->share[i].actor, "of the end-to-end latency",
            percent(b, f->share[i].ppm), f->share[i].source);
    for (size_t i = 0; i < f->n_overlay; i++) {
        const struct profile_overlay *o = &f->overlay[i];
        const char *source = o->source[0] == '\0' ? "none given" : o->source;
        if (o->latency_ns != -1)
            add(to, "overlay", o->row, "latency", seconds(b, o->latency_ns), source);
        if (o->ratio_ppb != -1)
            add(to, "overlay", o->row, "reliability",
                build_text(b, "> %.9g %%", (double)o->ratio_ppb / 1e7), source);
        if (o->size_max_bytes != -1)
            add(to, "overlay", o->row, "size at most",
                build_text(b, "%lld bytes", (long long)o->size_max_bytes), source);
    }
}

static void waits(struct values *to)
{
    struct build *b = to->b;
    const struct profile *f = b->profile;
    for (size_t i = 0; i < f->n_give_up; i++)
        add(to, "give-up", f->give_up[i].row, "not seen by then counts as failed",
            seconds(b, f->give_up[i].after_ns), f->give_up[i].reason);
    for (size_t i = 0; i < f->n_trials; i++)
        add(to, "trials", f->trials[i].row, "at least",
            build_text(b, "%lld", (long long)f->trials[i].at_least), f->trials[i].reason);
}

void build_method_values(struct build *b)
{
    struct values to = {.b = b};
    own_table(&to);
    scope(&to);
    letters(&to);
    limits(&to);
    rules(&to);
    policies(&to);
    times(&to);
    pace(&to);
    traffic(&to);
    waits(&to);
    capture(&to);
    equipment(&to);
    b->plan->method.value = to.value;
    b->plan->method.n_value = b->rc == ERR_OK ? to.n : 0;
}
