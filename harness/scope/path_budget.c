#include "harness/scope/path_figures.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/base/limits.h"
#include "harness/table/cell.h"

struct child { /* a child row of the row at hand, read */
    const struct table_part *part;
    struct budget_figures has;
    const char *why;
};

struct making {
    const struct table *table;
    const struct path_map *map;
    struct path_budgets *out;
    struct child *child;
    size_t n_child;
    struct err *e;
};

const char *budget_fit_name(enum budget_fit f)
{
    static const char *const name[BUDGET_FIT_COUNT] = {"fits", "by reading", "contradicts", "open"};
    return f < BUDGET_FIT_COUNT ? name[f] : "?";
}

/* ---- memory ------------------------------------------------------------------------------------
 */

static void *room(struct making *m, size_t bytes)
{
    void *p = arena_alloc(&m->out->arena, bytes);
    if (p == NULL)
        (void)err_set(m->e, ERR_NOMEM, "no memory for the budgets of communication paths");
    return p;
}

static const char *say(struct making *m, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static const char *say(struct making *m, const char *fmt, ...)
{
    char text[1000];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    const char *copy = arena_strdup(&m->out->arena, text);
    if (copy == NULL)
        (void)err_set(m->e, ERR_NOMEM, "no memory for the budgets of communication paths");
    return copy;
}

/* One more of n elements; they move to twice the room. */
static void *one_more(struct making *m, void *old, size_t *n, size_t *cap, size_t size)
{
    if (*n == *cap) {
        size_t more = *cap == 0 ? 16 : 2 * *cap;
        void *p = room(m, more * size);
        if (p == NULL)
            return NULL;
        if (*n > 0)
            memcpy(p, old, *n * size);
        *cap = more;
        old = p;
    }
    (*n)++;
    return old;
}

static enum err_code add_fault(struct making *m, const char *where, int line, const char *text)
{
    struct path_budgets *b = m->out;
    void *p =
        text == NULL ? NULL : one_more(m, b->fault, &b->n_fault, &b->cap_fault, sizeof *b->fault);
    if (p == NULL)
        return ERR_NOMEM;
    b->fault = p;
    b->fault[b->n_fault - 1] = (struct budget_fault){where, text, line};
    return ERR_OK;
}

static struct path_budget *add_budget(struct making *m)
{
    struct path_budgets *b = m->out;
    void *p = one_more(m, b->budget, &b->n, &b->cap, sizeof *b->budget);
    if (p == NULL)
        return NULL;
    b->budget = p;
    b->budget[b->n - 1] = (struct path_budget){.where = "", .path = "", .from = "", .to = ""};
    return &b->budget[b->n - 1];
}

/* ---- figures -----------------------------------------------------------------------------------
 */

/* Of a child row's or a part's cells, as written. */
static enum err_code figures_of_part(struct making *m, const char *latency, const char *reliability,
                                     struct budget_figures *f, const char **why)
{
    struct cell cell;
    figures_none(f);
    *why = NULL;
    enum err_code rc = cell_parse(CELL_LATENCY, latency, &m->out->arena, &cell, m->e);
    for (size_t i = 0; rc == ERR_OK && i < cell.n_item; i++) {
        const struct cell_item *it = &cell.item[i];
        if (it->kind == ITEM_LIMIT && it->why == NULL && it->as.limit.per == 1)
            figures_add_latency(f, it->as.limit.max_s * NS_PER_S);
    }
    if (rc == ERR_OK && f->latency_least_ns < 0)
        *why = say(m, "no latency that adds up: %s", cell.why != NULL ? cell.why : latency);
    if (rc == ERR_OK)
        rc = cell_parse(CELL_RELIABILITY, reliability, &m->out->arena, &cell, m->e);
    for (size_t i = 0; rc == ERR_OK && i < cell.n_item; i++) {
        const struct cell_item *it = &cell.item[i];
        if (it->kind == ITEM_SHARE && it->why == NULL && it->as.share.period_max_s < 0)
            figures_add_reliability(f, (uint64_t)it->as.share.ppb * PER_PPB);
    }
    if (rc == ERR_OK && f->reliability_least == 0 && *why == NULL)
        *why =
            say(m, "no reliability that multiplies: %s", cell.why != NULL ? cell.why : reliability);
    return rc;
}

static const char *missing(struct making *m, const struct path_budget *b, bool whole)
{
    for (size_t i = 0; i < b->n_part; i++)
        if (b->part[i].why != NULL)
            return say(m, "cannot be added up: %s%s%s",
                       b->part[i].flow != NULL ? b->part[i].flow : b->part[i].from,
                       b->part[i].flow != NULL ? ": " : " has ", b->part[i].why);
    return whole ? "cannot be added up" : "the row gives no figure to hold it against";
}

static enum err_code judge(struct making *m, struct path_budget *b)
{
    char sum[100], whole[100];
    const struct budget_figures *s = &b->sum, *w = &b->whole;
    figures_sum(b->part, b->n_part, &b->sum);
    if (s->latency_least_ns < 0 || w->latency_least_ns < 0) {
        b->latency = BUDGET_OPEN;
        b->text_latency = missing(m, b, s->latency_least_ns < 0);
    } else {
        b->latency = s->latency_least_ns > w->latency_most_ns   ? BUDGET_CONTRADICTS
                     : s->latency_most_ns > w->latency_least_ns ? BUDGET_BY_READING
                                                                : BUDGET_FITS;
        b->text_latency =
            say(m, "the parts add up to < %s, %s < %s",
                figures_seconds(s->latency_least_ns, s->latency_most_ns, sum, sizeof sum),
                b->latency == BUDGET_FITS ? "within" : "more than the",
                figures_seconds(w->latency_least_ns, w->latency_most_ns, whole, sizeof whole));
    }
    if (s->reliability_least == 0 || w->reliability_least == 0) {
        b->reliability = BUDGET_OPEN;
        b->text_reliability = missing(m, b, s->reliability_least == 0);
    } else {
        b->reliability = s->reliability_most < w->reliability_least   ? BUDGET_CONTRADICTS
                         : s->reliability_least < w->reliability_most ? BUDGET_BY_READING
                                                                      : BUDGET_FITS;
        b->text_reliability =
            say(m, "the parts multiply to > %s, %s > %s",
                figures_percent(s->reliability_least, s->reliability_most, sum, sizeof sum),
                b->reliability == BUDGET_FITS ? "which holds" : "less than the",
                figures_percent(w->reliability_least, w->reliability_most, whole, sizeof whole));
    }
    return b->text_latency == NULL || b->text_reliability == NULL ? ERR_NOMEM : ERR_OK;
}

/* ---- paths of a row ----------------------------------------------------------------------------
 */

/* A flow of the map; else one that a child row gives ends to, of this row or of another. */
static const struct path_flow *flow_of(struct making *m, const char *name)
{
    const struct path_flow *known = path_map_flow(m->map, name);
    for (size_t i = 0; known == NULL && i < m->n_child + m->table->n_part; i++) {
        const struct table_part *p =
            i < m->n_child ? m->child[i].part : &m->table->part[i - m->n_child];
        if (p->dataflow == NULL || strcmp(p->dataflow, name) != 0 || p->from[0] == '\0' ||
            p->to[0] == '\0')
            continue;
        struct path_flow *own = room(m, sizeof *own);
        if (own == NULL)
            return NULL;
        *own = (struct path_flow){.name = p->dataflow,
                                  .section = "",
                                  .interface = "",
                                  .end = {p->from, p->to},
                                  .stated = true,
                                  .ground = "a child row of the table"};
        known = own;
    }
    return known;
}

static bool map_knows(const struct path_map *m, const char *actor)
{
    for (size_t i = 0; i < m->n_flow; i++)
        if (strcmp(m->flow[i].end[0], actor) == 0 || strcmp(m->flow[i].end[1], actor) == 0)
            return true;
    return false;
}

static bool joins(const struct path_flow *f, const struct table_part *p)
{
    return (strcmp(f->end[0], p->from) == 0 && strcmp(f->end[1], p->to) == 0) ||
           (strcmp(f->end[1], p->from) == 0 && strcmp(f->end[0], p->to) == 0);
}

/* All child rows of one flow together: several give a range. */
static void part_of(const struct making *m, const struct path_flow *f, struct budget_part *out)
{
    *out = (struct budget_part){.flow = f->name, .from = f->end[0], .to = f->end[1]};
    figures_none(&out->has);
    size_t n = 0;
    for (size_t i = 0; i < m->n_child; i++) {
        const struct child *c = &m->child[i];
        if (strcmp(c->part->dataflow, f->name) != 0)
            continue;
        n++;
        out->why = out->why == NULL ? c->why : out->why;
        if (c->has.latency_least_ns >= 0) {
            figures_add_latency(&out->has, c->has.latency_least_ns);
            figures_add_latency(&out->has, c->has.latency_most_ns);
        }
        if (c->has.reliability_least > 0) {
            figures_add_reliability(&out->has, c->has.reliability_least);
            figures_add_reliability(&out->has, c->has.reliability_most);
        }
    }
    if (n == 0)
        out->why = "no child row";
}

bool path_joins(const struct table_row *row, const char *a, const char *b)
{
    bool to = false, back = false;
    for (size_t i = 0; i < row->n_leg; i++) {
        bool from_a = false, from_b = false, to_a = false, to_b = false;
        for (size_t k = 0; k < row->leg[i].n_from; k++) {
            from_a = from_a || strcmp(row->leg[i].from[k], a) == 0;
            from_b = from_b || strcmp(row->leg[i].from[k], b) == 0;
        }
        for (size_t k = 0; k < row->leg[i].n_to; k++) {
            to_a = to_a || strcmp(row->leg[i].to[k], a) == 0;
            to_b = to_b || strcmp(row->leg[i].to[k], b) == 0;
        }
        to = to || (from_a && to_b);
        back = back || (from_b && to_a);
    }
    return to || back;
}

static enum err_code budget_of(struct making *m, const struct table_row *row,
                               const struct path *way)
{
    const struct path_flow *flow[LIMIT_PATH_NAMES];
    const char *actor[LIMIT_PATH_NAMES + 1];
    struct err cause = ERR_INIT;
    struct buf text;
    for (size_t i = 0; i < way->n; i++) {
        flow[i] = flow_of(m, way->name[i]);
        if (flow[i] == NULL)
            return add_fault(m, row->id, row->line,
                             say(m,
                                 "data flow \"%s\" is neither in the reference diagrams' list "
                                 "nor in a child row",
                                 way->name[i]));
    }
    buf_init(&text, 64 * LIMIT_PATH_BYTES);
    enum err_code rc = path_write(way, &text, m->e);
    const char *path = rc == ERR_OK ? arena_strdup(&m->out->arena, text.data) : NULL;
    buf_release(&text);
    if (path == NULL)
        return rc == ERR_OK ? err_set(m->e, ERR_NOMEM, "no memory for a path") : rc;
    if (path_actors(flow, way->n, actor, &cause) != ERR_OK)
        return add_fault(m, row->id, row->line, say(m, "%s: %s", path, cause.text));
    if (row->n_leg > 0 && !path_joins(row, actor[0], actor[way->n]))
        rc = add_fault(m, row->id, row->line,
                       say(m, "%s leads from %s to %s, the row's payload does not", path, actor[0],
                           actor[way->n]));
    struct budget_part *part = room(m, way->n * sizeof *part);
    struct path_budget *b = part == NULL ? NULL : add_budget(m);
    if (b == NULL)
        return ERR_NOMEM;
    b->row = row;
    b->where = row->id;
    b->path = path;
    b->from = actor[0];
    b->to = actor[way->n];
    b->part = part;
    b->n_part = way->n;
    figures_of_row(row, &b->whole);
    for (size_t i = 0; i < way->n; i++)
        part_of(m, flow[i], &part[i]);
    return rc == ERR_OK ? judge(m, b) : rc;
}

static enum err_code take_children(struct making *m, const struct table_row *row)
{
    enum err_code rc = ERR_OK;
    m->n_child = 0;
    for (size_t i = 0; i < m->table->n_part && rc == ERR_OK; i++) {
        const struct table_part *p = &m->table->part[i];
        if (p->row == NULL || p->dataflow == NULL || strcmp(p->row, row->id) != 0)
            continue;
        struct child *c = &m->child[m->n_child++];
        c->part = p;
        rc = figures_of_part(m, p->latency, p->reliability, &c->has, &c->why);
    }
    return rc;
}

static enum err_code row_budgets(struct making *m, const struct table_row *row, const char *text)
{
    struct path_expr x;
    struct path_set set = {.path = NULL};
    struct err cause = ERR_INIT;
    enum err_code rc = path_expr_parse(text, &x, &cause);
    if (rc == ERR_OK) {
        rc = path_expand(&x, &set, &cause);
        path_expr_release(&x);
    }
    if (rc != ERR_OK)
        return rc == ERR_NOMEM ? err_set(m->e, rc, "%s", cause.text)
                               : add_fault(m, row->id, row->line,
                                           say(m, "data flow \"%.200s\": %s", text, cause.text));
    rc = take_children(m, row);
    if (rc == ERR_OK && m->out->n + set.n > LIMIT_PATH_BUDGETS)
        rc =
            err_set(m->e, ERR_LIMIT, "more than %d paths in all rows together", LIMIT_PATH_BUDGETS);
    for (size_t i = 0; i < set.n && rc == ERR_OK; i++)
        rc = budget_of(m, row, &set.path[i]);
    path_set_release(&set);
    return rc;
}

/* ---- child rows, sub-totals --------------------------------------------------------------------
 */

/* A child row may not pass actors in between (4.18): it is one data flow. */
static enum err_code check_child(struct making *m, const struct table_part *p)
{
    if (p->row == NULL || p->dataflow == NULL)
        return ERR_OK;
    const struct path_flow *f = path_map_flow(m->map, p->dataflow);
    if (strcspn(p->dataflow, "+[(") < strlen(p->dataflow))
        return add_fault(m, p->row, 0,
                         say(m,
                             "a child row from %s to %s has the data flow \"%.100s\": a child "
                             "row is one data flow, without actors in between",
                             p->from, p->to, p->dataflow));
    if (f != NULL && !joins(f, p) && map_knows(m->map, p->from) && map_knows(m->map, p->to))
        return add_fault(m, p->row, 0,
                         say(m,
                             "a child row from %s to %s has the data flow %s, which joins %s "
                             "and %s",
                             p->from, p->to, f->name, f->end[0], f->end[1]));
    return ERR_OK;
}

static enum err_code sub_total(struct making *m, const struct table_part *first, size_t n,
                               const struct table_part *total, unsigned nth)
{
    struct budget_part *part = room(m, (n + 1) * sizeof *part);
    struct path_budget *b = part == NULL ? NULL : add_budget(m);
    if (b == NULL)
        return ERR_NOMEM;
    const char *why;
    b->where = say(m, "%s sub-total %u", total->section, nth);
    b->part = part;
    b->n_part = n;
    b->from = n == 0 ? "" : first[0].from;
    b->to = n == 0 ? "" : first[n - 1].to;
    enum err_code rc = figures_of_part(m, total->latency, total->reliability, &b->whole, &why);
    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        part[i] = (struct budget_part){.flow = NULL, .from = first[i].from, .to = first[i].to};
        rc = figures_of_part(m, first[i].latency, first[i].reliability, &part[i].has, &part[i].why);
    }
    return rc == ERR_OK ? judge(m, b) : rc;
}

/* A line without a payload, that is no child row, is the total of those above it. */
static enum err_code sub_totals(struct making *m)
{
    enum err_code rc = ERR_OK;
    size_t first = 0;
    unsigned nth = 0;
    for (size_t i = 0; i < m->table->n_part && rc == ERR_OK; i++) {
        const struct table_part *p = &m->table->part[i];
        if (i > 0 && strcmp(p->section, p[-1].section) != 0) {
            first = i;
            nth = 0;
        }
        rc = check_child(m, p);
        if (p->row != NULL || p->payload != NULL || rc != ERR_OK)
            continue;
        size_t begin = first;
        while (begin < i && m->table->part[begin].row != NULL)
            begin++;
        rc = sub_total(m, &m->table->part[begin], i - begin, p, ++nth);
        first = i + 1;
    }
    return rc;
}

static enum err_code begin(struct making *m)
{
    *m->out = (struct path_budgets){.budget = NULL};
    m->child = calloc(m->table->n_part + 1, sizeof *m->child);
    return m->child == NULL
               ? err_set(m->e, ERR_NOMEM, "no memory for %zu child rows", m->table->n_part)
               : ERR_OK;
}

static enum err_code end(struct making *m, enum err_code rc)
{
    free(m->child);
    if (rc != ERR_OK)
        path_budgets_release(m->out);
    return rc;
}

enum err_code path_budgets(const struct table *t, const struct path_map *map,
                           struct path_budgets *out, struct err *e)
{
    struct making m = {.table = t, .map = map, .out = out, .e = e};
    enum err_code rc = begin(&m);
    for (size_t i = 0; i < t->n_row && rc == ERR_OK; i++)
        if (t->row[i].dataflow != NULL)
            rc = row_budgets(&m, &t->row[i], t->row[i].dataflow);
    return end(&m, rc == ERR_OK ? sub_totals(&m) : rc);
}

enum err_code path_budgets_of(const struct table *t, const struct path_map *map,
                              const struct table_row *row, const char *dataflow,
                              struct path_budgets *out, struct err *e)
{
    struct making m = {.table = t, .map = map, .out = out, .e = e};
    enum err_code rc = begin(&m);
    return end(&m, rc == ERR_OK ? row_budgets(&m, row, dataflow) : rc);
}

void path_budgets_release(struct path_budgets *b)
{
    arena_release(&b->arena);
    *b = (struct path_budgets){.budget = NULL};
}

size_t path_budgets_wrong(const struct path_budgets *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++)
        n += b->budget[i].latency == BUDGET_CONTRADICTS ||
             b->budget[i].reliability == BUDGET_CONTRADICTS;
    return n;
}
