#include "harness/traffic/make.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *make_room(struct making *m, size_t bytes)
{
    if (m->rc != ERR_OK)
        return NULL;
    void *room = arena_alloc(&m->t->arena, bytes + 1);
    if (room == NULL)
        m->rc = err_set(m->e, ERR_NOMEM, "no memory for the traffic");
    return room;
}

const char *make_text(struct making *m, const char *fmt, ...)
{
    char text[1000];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    size_t n = strlen(text) + 1;
    char *room = make_room(m, n);
    return room == NULL ? "" : memcpy(room, text, n);
}

const char *make_join(struct making *m, const char *const *word, size_t n)
{
    const char *all = n == 0 ? "" : word[0];
    for (size_t i = 1; i < n; i++)
        all = make_text(m, "%s, %s", all, word[i]);
    return all;
}

void make_fault(struct making *m, enum err_code code, const char *fmt, ...)
{
    char text[500];
    va_list ap;
    if (m->rc != ERR_OK)
        return;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    m->rc = err_set(m->e, code, "%s", text);
}

void make_note(struct making *m, enum traffic_note_kind kind, const struct table_row *row,
               const struct table_leg *leg, const char *text)
{
    const char *id = row == NULL ? "" : row->id, *of = leg == NULL ? "" : leg->id;
    for (size_t i = 0; i < m->t->n_note; i++)
        if (m->note[i].kind == kind && strcmp(m->note[i].row, id) == 0 &&
            strcmp(m->note[i].leg, of) == 0 && strcmp(m->note[i].text, text) == 0)
            return;
    if (m->rc != ERR_OK)
        return;
    if (m->t->n_note == MAKE_NOTES)
        make_fault(m, ERR_LIMIT, "more than %d notes on the traffic", MAKE_NOTES);
    else
        m->note[m->t->n_note++] = (struct traffic_note){kind, id, of, text};
}

/* ---- whether what is named exists --------------------------------------------------------------
 */

static void check_erratum(struct making *m, const struct profile_ground *by)
{
    const struct table *t = m->t->table;
    bool known = !by->given || by->erratum[0] == '\0';
    for (size_t i = 0; i < t->n_erratum && !known; i++)
        known = strcmp(t->erratum[i].id, by->erratum) == 0;
    if (!known)
        make_fault(m, ERR_DATA,
                   "%s:%ld: erratum \"%s\" is none of the requirement table; gridassay rows "
                   "--errata lists them",
                   m->t->profile->path, by->line, by->erratum);
}

static bool actor_known(const struct making *m, const char *actor)
{
    const struct table *t = m->t->table;
    bool known = kinds_is_field(m->t->kinds, actor);
    for (size_t i = 0; i < t->n_row && !known; i++)
        for (size_t k = 0; k < t->row[i].n_leg && !known; k++) {
            const struct table_leg *leg = &t->row[i].leg[k];
            for (size_t x = 0; x < leg->n_from; x++)
                known = known || strcmp(leg->from[x], actor) == 0;
            for (size_t x = 0; x < leg->n_to; x++)
                known = known || strcmp(leg->to[x], actor) == 0;
        }
    return known;
}

static void check_actor(struct making *m, const char *actor, long line)
{
    if (!actor_known(m, actor))
        make_fault(m, ERR_DATA, "%s:%ld: actor \"%s\" is none of the requirement table",
                   m->t->profile->path, line, actor);
}

static void check_event(struct making *m, const struct profile_event *v)
{
    const char *path = m->t->profile->path;
    const struct table_row *row = table_row_by_id(m->t->table, v->row);
    bool leg = strcmp(v->leg, "*") == 0;
    for (size_t i = 0; row != NULL && i < row->n_leg && !leg; i++)
        leg = strcmp(row->leg[i].id, v->leg) == 0;
    if (row == NULL)
        make_fault(m, ERR_DATA, "%s:%ld: row \"%s\" is none of the requirement table", path,
                   v->by.line, v->row);
    else if (!leg)
        make_fault(m, ERR_DATA, "%s:%ld: row %s has no reading \"%s\"", path, v->by.line, v->row,
                   v->leg);
    else if (v->often.of != NULL && table_row_by_id(m->t->table, v->often.of) == NULL)
        make_fault(m, ERR_DATA, "%s:%ld: often of=\"%s\", which is no row of the requirement table",
                   path, v->often.by.line, v->often.of);
    if (v->often.of != NULL && strcmp(v->often.of, v->row) == 0)
        make_fault(m, ERR_SCOPE, "%s:%ld: %s counts by its own events", path, v->often.by.line,
                   v->row);
    const struct profile_ground *by[] = {&v->by,       &v->often.by, &v->size.by,
                                         &v->hours.by, &v->share.by, &v->arrive.by};
    for (size_t i = 0; i < sizeof by / sizeof by[0]; i++)
        check_erratum(m, by[i]);
    const struct profile_traffic *f = m->t->given;
    for (const struct profile_event *o = f->event; o != v; o++)
        if (strcmp(o->row, v->row) == 0 && strcmp(o->leg, v->leg) == 0)
            make_fault(m, ERR_SCOPE, "%s:%ld: %s, reading %s, stands in line %ld already", path,
                       v->by.line, v->row, v->leg, o->by.line);
}

static void check_names(struct making *m)
{
    const struct profile_traffic *f = m->t->given;
    for (size_t i = 0; i < f->n_counterpart; i++) {
        check_actor(m, f->counterpart[i].actor, f->counterpart[i].by.line);
        check_erratum(m, &f->counterpart[i].by);
    }
    for (size_t i = 0; i < f->n_mix; i++)
        for (size_t k = 0; k < f->mix[i].n_part; k++)
            check_actor(m, f->mix[i].part[k].actor, f->mix[i].part[k].line);
    for (size_t i = 0; i < f->n_event && m->rc == ERR_OK; i++)
        check_event(m, &f->event[i]);
    check_erratum(m, &f->use_mix_by);
}

/* ---- step 5: who the endpoints are -------------------------------------------------------------
 */

static bool is_far(const struct traffic *t, const char *actor)
{
    for (size_t i = 0; i < t->n_pair; i++)
        if (strcmp(t->pair[i].far, actor) == 0)
            return true;
    return false;
}

/* Whether the deployment's devices of that kind are what the interface's traffic counts by. */
static bool counts_here(const struct traffic *t, const char *actor)
{
    return t->of_devices ? is_far(t, actor) : kinds_is_field(t->kinds, actor);
}

/* The deployment's own numbers of endpoints as a mix; NULL when it has none. */
static const struct profile_mix *counted(struct making *m)
{
    const struct profile *p = m->t->profile;
    struct profile_mix *mix = make_room(m, sizeof *mix);
    struct profile_mix_part *part = make_room(m, (p->n_endpoints + 1) * sizeof *part);
    uint64_t all = 0;
    if (mix == NULL || part == NULL)
        return NULL;
    for (size_t i = 0; i < p->n_endpoints; i++)
        if (counts_here(m->t, p->endpoints[i].actor))
            all += p->endpoints[i].count;
    *mix = (struct profile_mix){.name = "endpoints of the profile", .part = part};
    for (size_t i = 0; i < p->n_endpoints; i++)
        if (counts_here(m->t, p->endpoints[i].actor))
            part[mix->n_part++] = (struct profile_mix_part){
                p->endpoints[i].actor, p->endpoints[i].device_class,
                (int64_t)((p->endpoints[i].count * 1000000 + all / 2) / all), 0};
    mix->by = (struct profile_ground){true, "<endpoints> of the profile", "", 0};
    if (m->t->endpoints == 0)
        m->t->endpoints = all > INT64_MAX ? INT64_MAX : (int64_t)all;
    return mix->n_part == 0 ? NULL : mix;
}

static void choose_mix(struct making *m)
{
    const struct profile_traffic *f = m->t->given;
    m->t->endpoints = f->endpoints;
    m->t->per_aggregator = f->per_aggregator;
    m->t->of_devices = kinds_is_field(m->t->kinds, m->t->pair[0].far);
    const struct profile_mix *own = counted(m);
    for (size_t i = 0; i < f->n_mix; i++)
        if (f->use_mix == NULL ? f->n_mix == 1 : strcmp(f->mix[i].name, f->use_mix) == 0)
            m->t->mix = &f->mix[i];
    if (f->use_mix != NULL && m->t->mix == NULL)
        make_fault(m, ERR_DATA, "%s:%ld: there is no mix \"%s\"", m->t->profile->path,
                   f->use_mix_by.line, f->use_mix);
    else if (f->n_mix > 1 && f->use_mix == NULL)
        make_fault(m, ERR_SCOPE, "%s:%ld: of %zu mixes none is chosen, expected <use-mix name=>",
                   m->t->profile->path, f->line, f->n_mix);
    if (m->t->mix == NULL)
        m->t->mix = own;
    const struct kinds_population *unit = kinds_population(m->t->kinds, m->t->pair[0].far);
    m->t->behind = m->t->of_devices                                      ? 1
                   : unit != NULL && unit->one_per == ONE_PER_AGGREGATOR ? m->t->per_aggregator
                                                                         : m->t->endpoints;
    if (m->t->mix != NULL && m->t->mix->n_part > TRAFFIC_PARTS)
        make_fault(m, ERR_LIMIT, "%s: mix \"%s\" has more than %d parts", m->t->profile->path,
                   m->t->mix->name, TRAFFIC_PARTS);
}

/* ---- all of it ---------------------------------------------------------------------------------
 */

double traffic_line_events(const struct traffic_line *l, enum traffic_level level)
{
    return ratio_value(l->events[level]);
}

/* Of tied ranges the least often goes with the most bytes: the ends of the product are not those of
 * its factors. */
double traffic_line_bytes(const struct traffic_line *l, enum traffic_level level)
{
    double here = ratio_value(ratio_times(l->events[level], ratio_of(l->size[level], 1)));
    if (!l->tied || level == TRAFFIC_SELECTED)
        return here;
    double x = ratio_value(ratio_times(l->events[TRAFFIC_LOW], ratio_of(l->size[TRAFFIC_HIGH], 1)));
    double y = ratio_value(ratio_times(l->events[TRAFFIC_HIGH], ratio_of(l->size[TRAFFIC_LOW], 1)));
    return (level == TRAFFIC_LOW) == (x < y) ? x : y;
}

static void add(struct traffic_sum *s, const struct traffic_line *l)
{
    for (int k = 0; k < TRAFFIC_LEVELS; k++) {
        s->events[k] += traffic_line_events(l, (enum traffic_level)k);
        s->bytes[k] += traffic_line_bytes(l, (enum traffic_level)k);
    }
    for (int h = 0; h < TRAFFIC_HOURS; h++) {
        double part = traffic_line_hour(l, h);
        s->hour_events[h] += part * traffic_line_events(l, TRAFFIC_SELECTED);
        s->hour_bytes[h] += part * traffic_line_bytes(l, TRAFFIC_SELECTED);
    }
}

static void sum(struct traffic *t)
{
    for (size_t i = 0; i < t->n_line; i++) {
        const struct traffic_line *l = &t->line[i];
        add(&t->total[l->direction], l);
        add(l->device_class[0] != '\0' ? &t->by_class[l->direction] : &t->for_all[l->direction], l);
    }
}

enum err_code traffic_make(const struct traffic_options *o, struct traffic **out, struct err *e)
{
    static const struct profile_traffic nothing;
    struct traffic *t = calloc(1, sizeof *t);
    *out = NULL;
    if (t == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the traffic");
    struct making m = {.t = t, .e = e};
    t->table = o->table;
    t->profile = o->profile;
    t->given = o->given != NULL              ? o->given
               : o->profile->traffic != NULL ? o->profile->traffic
                                             : &nothing;
    m.rc = kinds_load(&t->kinds, e);
    t->line = m.line = make_room(&m, MAKE_LINES * sizeof *m.line);
    t->note = m.note = make_room(&m, MAKE_NOTES * sizeof *m.note);
    t->pair = m.pair = make_room(&m, MAKE_PAIRS * sizeof *m.pair);
    if (m.rc == ERR_OK) {
        if (o->interface != NULL)
            make_interface(&m, o->interface, 1);
        else
            make_interface(&m, t->given->interface, t->given->n_interface);
    }
    if (m.rc == ERR_OK)
        make_ground(&m);
    if (m.rc == ERR_OK)
        check_names(&m);
    if (m.rc == ERR_OK)
        choose_mix(&m);
    if (m.rc == ERR_OK)
        make_readings(&m);
    if (m.rc == ERR_OK)
        make_caused(&m);
    if (m.rc == ERR_OK)
        make_checks(&m);
    if (m.rc == ERR_OK) {
        sum(t);
        *out = t;
    } else {
        traffic_free(t);
    }
    return m.rc;
}

void traffic_free(struct traffic *t)
{
    if (t == NULL)
        return;
    kinds_free(t->kinds);
    deployment_book_free(t->book);
    arena_release(&t->arena);
    free(t);
}
