#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/clock.h"
#include "harness/plan/build_parts.h"
#include "harness/traffic/trace_read.h"

#define DAY_NS (86400 * NS_PER_S)
#define MOST 4096 /* messages of the background that differ in row, reading or group */

struct background {
    struct build *b;
    struct plan_background *out;
    size_t n;
    struct plan_unsent *unsent;
    size_t n_unsent;
    bool met;                       /* the row at hand has passages into the equipment */
    const struct trace_file *trace; /* NULL: as often as the document says */
};

static void leave_out(struct background *g, const struct build_row *r, const char *why)
{
    for (size_t i = 0; i < g->n_unsent; i++)
        if (strcmp(g->unsent[i].row, r->source->id) == 0 &&
            strcmp(g->unsent[i].use_case, r->use_case) == 0 && strcmp(g->unsent[i].why, why) == 0)
            return;
    if (g->n_unsent < MOST)
        g->unsent[g->n_unsent++] = (struct plan_unsent){
            build_copy(g->b, r->source->id), build_copy(g->b, r->use_case), build_copy(g->b, why)};
}

/* ---- how often ---------------------------------------------------------------------------------
 */

struct rate {
    int64_t times, period_ns; /* of one subject */
};

static bool more_often(const struct rate *x, const struct rate *y)
{
    return y->times == 0 ||
           (double)x->times / (double)x->period_ns > (double)y->times / (double)y->period_ns;
}

/* The profile's value for a letter of the cell, NULL none. */
static const struct profile_parameter *given(const struct build *b, const struct table_row *row,
                                             const struct table_leg *leg)
{
    for (size_t i = 0; i < leg->n_parameter; i++)
        if (leg->parameter[i].cell == CELL_HOW_OFTEN) {
            const struct profile_parameter *p = build_parameter(b, row, leg->parameter[i].name);
            if (p != NULL)
                return p;
        }
    return NULL;
}

/* Several members tell of parts of one population: the most frequent is taken for all of it. False
 * when none has a fixed period. */
static bool how_often(const struct build *b, const struct table_row *row,
                      const struct table_leg *leg, struct rate *out)
{
    const struct profile_parameter *letter = given(b, row, leg);
    *out = (struct rate){0, 1};
    if (letter != NULL && strcmp(letter->name, "See REQMTS Table") == 0)
        *out = (struct rate){letter->value, DAY_NS};
    for (size_t i = 0; i < leg->n_how_often; i++) {
        const struct table_rate *m = &leg->how_often[i];
        int64_t times = m->times_max != -1 ? m->times_max : letter == NULL ? 0 : letter->value;
        if (times <= 0 || m->period_ns <= 0 || m->per <= 0 || m->per > INT64_MAX / m->period_ns)
            continue;
        struct rate rate = {times, m->period_ns * m->per};
        if (more_often(&rate, out))
            *out = rate;
    }
    return out->times > 0;
}

static const char *why_not(struct build *b, const struct table_row *row,
                           const struct table_leg *leg)
{
    const char *missing = build_missing(b, row, leg, CELL_HOW_OFTEN);
    if (missing != NULL)
        return missing;
    if (leg->n_how_often == 0 && leg->why_rate != NULL)
        return leg->why_rate;
    if (leg->n_how_often == 0)
        return "the document does not say how often";
    return build_text(b, "\"%s\" is no fixed rate", leg->how_often[0].text);
}

/* ---- what is sent ------------------------------------------------------------------------------
 */

/* A command that asks for data and changes nothing. */
static bool reads(const struct build *b, const struct table_row *row)
{
    for (size_t i = 0; i < b->table->n_row && strcasecmp(row->type, "cmd") == 0; i++) {
        const struct table_row *r = &b->table->row[i];
        for (size_t k = 0; k < r->n_leg && strcmp(r->section, row->section) == 0 &&
                           strcasecmp(r->type, "resp-data") == 0;
             k++)
            if (table_leg_answers(&r->leg[k], row->payload))
                return true;
    }
    return false;
}

/* An answer to what the equipment asks goes when it asks. */
static bool is_asked_for(struct build *b, const struct build_trial *t, const struct table_leg *leg)
{
    struct build_passage at[BUILD_MAX_ENDS];
    const struct table_row *command = build_command(t->scenario, leg);
    return command != NULL && build_passages(b, t, command, at, BUILD_MAX_ENDS) > 0;
}

/* What a reading says of how often holds once, however many use cases it serves. */
static bool holds(const struct background *g, const struct build_row *r,
                  const struct table_leg *leg, size_t group)
{
    for (size_t i = 0; i < g->n; i++)
        if (strcmp(g->out[i].row, r->source->id) == 0 && strcmp(g->out[i].leg, leg->id) == 0 &&
            g->out[i].group == group)
            return true;
    return false;
}

/* How many payloads of the trace are of that reading, for devices of that class. */
static int64_t in_trace(const struct trace_file *f, const char *row, const char *leg,
                        const char *device_class)
{
    uint64_t n = 0;
    for (size_t i = 0; i < f->n_kind; i++)
        if (strcmp(f->kind[i].row, row) == 0 && strcmp(f->kind[i].reading, leg) == 0 &&
            (device_class[0] == '\0' || f->kind[i].device_class[0] == '\0' ||
             strcmp(f->kind[i].device_class, device_class) == 0))
            n += f->kind[i].n;
    return (int64_t)n;
}

/* The rate of all devices of the group; false: none, and why where there is something to say. */
static bool rate_of(struct background *g, const struct build_row *r, const struct build_trial *t,
                    const struct build_passage *p, struct rate *out)
{
    struct build *b = g->b;
    int64_t count = build_group_count(b, t->subject);
    if (g->trace != NULL) {
        *out = (struct rate){
            in_trace(g->trace, r->source->id, p->leg->id, build_group_class(b, t->subject)),
            g->trace->length_ns + 1};
        return out->times > 0;
    }
    if (!how_often(b, r->source, p->leg, out))
        leave_out(g, r, why_not(b, r->source, p->leg));
    else if (out->times > INT64_MAX / count)
        leave_out(g, r, "more than a background can hold");
    else {
        out->times *= count;
        return true;
    }
    return false;
}

static void add(struct background *g, const struct build_row *r, const struct build_trial *t,
                const struct build_passage *p)
{
    struct build *b = g->b;
    struct rate rate;
    bool played = t->subject >= b->statement->n_group;
    bool own = played && strcmp(p->origin, build_group_actor(b, t->subject)) == 0;
    int endpoint = own ? (int)(t->subject - b->statement->n_group) + 1 : build_peer(b, p->origin);
    g->met = true;
    if (holds(g, r, p->leg, t->subject) || endpoint < 0)
        return;
    if (is_asked_for(b, t, p->leg))
        leave_out(g, r, "an answer, sent when the equipment asks");
    else if (g->n == MOST)
        leave_out(g, r, "more than a background can hold");
    else if (rate_of(g, r, t, p, &rate))
        g->out[g->n++] = (struct plan_background){
            .row = build_copy(b, r->source->id),
            .use_case = build_copy(b, r->use_case),
            .leg = build_copy(b, p->leg->id),
            .binding = (uint32_t)plan_binding_by_payload(b->plan, r->source->payload),
            .group = (uint32_t)t->subject,
            .endpoint = (uint32_t)endpoint,
            .times = rate.times,
            .period_ns = rate.period_ns,
            .reads = reads(b, r->source),
            .operates = t->scenario->script->power && !reads(b, r->source),
        };
}

/* Whoever sends it in one of its scenario's trials about devices of a group. */
static void add_group(struct background *g, const struct build_row *r, struct build_trial *t)
{
    const char *peer[BUILD_MAX_PEERS];
    t->turn = peer;
    t->n_turn = build_opposite(g->b, t, peer, BUILD_MAX_PEERS);
    for (size_t k = 0; k < t->n_turn && g->b->rc == ERR_OK; k++) {
        t->peer = peer[k];
        t->wave = 0;
        for (size_t n = build_waves(g->b, t, r->source); t->wave < n; t->wave++) {
            struct build_passage at[BUILD_MAX_ENDS];
            size_t m = build_passages(g->b, t, r->source, at, BUILD_MAX_ENDS);
            for (size_t i = 0; i < m; i++)
                if (at[i].role == PLAN_TO_EUT && build_unclaimed(g->b, at[i].eut_actor, r->source,
                                                                 t->use_case, at[i].leg) == NULL)
                    add(g, r, t, &at[i]);
        }
    }
}

/* Why a row stays out as a whole, NULL: it does not. */
static const char *why_out(struct build *b, const struct build_row *r,
                           const struct build_scenario *x)
{
    const struct scenario_payload *p =
        x == NULL ? NULL : build_listed(x->script, r->source->payload);
    int binding = plan_binding_by_payload(b->plan, r->source->payload);
    if (p == NULL || p->row_section != NULL || binding < 0)
        return "no scenario exercises it";
    if (strcmp(r->source->type, "negot-thrd") == 0)
        return "a thread of several messages";
    if (binding_image(&b->plan->binding[binding]) >= 0)
        return "it carries an image";
    if (build_for_population(x->script, p))
        return "it reaches all devices at once, those of trials too";
    if (x->script->unreachable)
        return "it is for devices that do not answer";
    if (x->script->power && !b->o->arm && !reads(b, r->source))
        return strcmp(x->script->operation, "firmware") == 0
                   ? "it writes firmware, which needs --arm"
                   : "it switches power, which needs --arm";
    return NULL;
}

static void add_row(struct background *g, const struct build_row *r)
{
    struct build *b = g->b;
    const char *mode[BUILD_MAX_MODES];
    enum plan_role role = build_standing(b, r);
    if (role != PLAN_TO_EUT && role != PLAN_FROM_EUT) /* with readings of both kinds: from */
        return;
    int at = build_scenario_of(b, r->source->section);
    if (b->rc != ERR_OK)
        return;
    const struct build_scenario *x = at < 0 ? NULL : &b->scenario[at];
    const char *why = why_out(b, r, x);
    size_t n = why != NULL ? 0 : build_modes(x, r->use_case, mode);
    g->met = why != NULL;
    if (why != NULL && role == PLAN_TO_EUT)
        leave_out(g, r, why);
    for (size_t m = 0; m < n; m++)
        for (size_t s = 0; s < build_n_group(b) && b->rc == ERR_OK; s++) {
            struct build_trial t = {
                .scenario = x, .use_case = r->use_case, .mode = mode[m], .subject = s};
            if (build_mode_offered(b, mode[m]) && build_is_subject(b, &t))
                add_group(g, r, &t);
        }
    if (!g->met && role == PLAN_TO_EUT)
        leave_out(g, r, "no trial of its scenario sends it to this equipment");
}

/* Of the trace: what the harness sends, and of the rest why not. */
static void tell_trace(struct background *g, const struct trace_file *f)
{
    struct build *b = g->b;
    char path[PATH_MAX];
    struct plan_trace *out = &b->plan->trace;
    *out = (struct plan_trace){
        .path = build_copy(b, realpath(b->o->trace, path) == NULL ? b->o->trace : path),
        .digest = build_copy(b, f->digest),
        .payloads = f->n,
        .length_ns = f->length_ns};
    for (size_t i = 0; i < f->n_kind && b->rc == ERR_OK; i++) {
        const struct trace_file_kind *k = &f->kind[i];
        bool sent = false, told = false;
        for (size_t n = 0; n < g->n && !sent; n++) {
            const char *class = build_group_class(b, g->out[n].group);
            sent = strcmp(g->out[n].row, k->row) == 0 && strcmp(g->out[n].leg, k->reading) == 0 &&
                   (class[0] == '\0' || k->device_class[0] == '\0' ||
                    strcmp(class, k->device_class) == 0);
        }
        for (size_t n = 0; n < g->n_unsent && !told; n++)
            told = strcmp(g->unsent[n].row, k->row) == 0;
        out->sent += sent ? k->n : 0;
        if (sent || told || g->n_unsent == MOST)
            continue;
        if (table_row_by_id(b->table, k->row) == NULL)
            build_fault(b, ERR_DATA, "%s: row \"%s\" is none of the requirement table", b->o->trace,
                        k->row);
        g->unsent[g->n_unsent++] = (struct plan_unsent){
            build_copy(b, k->row), "trace",
            "no message to this equipment: its own, or of a row or a device that is not in the "
            "plan"};
    }
    if (out->sent == 0 && b->rc == ERR_OK)
        build_fault(b, ERR_SCOPE, "%s: none of its %zu payloads goes to this equipment",
                    b->o->trace, f->n);
}

void build_background(struct build *b)
{
    struct background g = {.b = b};
    struct trace_file *trace = NULL;
    bool high = b->o->pap02 != NULL && strcmp(b->o->pap02, "highload") == 0;
    if (b->o->trace != NULL && !high)
        build_fault(b, ERR_USAGE, "a trace is driven beside the trials of --mode highload");
    if (b->rc != ERR_OK || !high || (!b->profile->background && b->o->trace == NULL))
        return;
    if (b->o->trace != NULL)
        b->rc = trace_file_read(b->o->trace, &trace, b->e);
    g.trace = trace;
    g.out = build_room(b, MOST * sizeof *g.out);
    g.unsent = build_room(b, MOST * sizeof *g.unsent);
    for (size_t i = 0; i < b->n_row && b->rc == ERR_OK; i++)
        if (b->row[i].of_mode)
            add_row(&g, &b->row[i]);
    if (trace != NULL && b->rc == ERR_OK)
        tell_trace(&g, trace);
    trace_file_free(trace);
    b->plan->background = g.out;
    b->plan->n_background = b->rc == ERR_OK ? g.n : 0;
    b->plan->unsent = g.unsent;
    b->plan->n_unsent = b->rc == ERR_OK ? g.n_unsent : 0;
}
