/* cmd_paths - gridassay paths: communication paths in all ways of writing, and what they add up
 * to. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/grid.h"
#include "harness/cmd/rows.h"
#include "harness/cmd/show.h"
#include "harness/scope/path_budget.h"

#define ALL_WAYS "<1> + <2> + <D>"

enum asked { ASK_PATHS = 0, ASK_FLOWS, ASK_ROW, ASK_CHECK };

struct query {
    enum asked asked;
    const char *text, *row, *table;
    struct rows_style style;
};

static const char usage_text[] =
    "usage: gridassay paths [PATH] [--format table|json|csv]\n"
    "       gridassay paths --flows | --row ID | --check [--table FILE]\n"
    "Communication paths (4.18, 4.19 of the specification) in its four ways of writing.\n\n"
    "  PATH            data flows \"[(1Aa + 1B) or 1Ab] + 1Ca + 1D\", decisions \"1a + 2b + D1\"\n"
    "                  (<D> is all of D), a graphic option \"5\" or an AMI profile's code\n"
    "                  \"ACvIW\": its single paths, each in all four ways, with the actors that\n"
    "                  it passes.\n"
    "                  Without PATH: the mapping table, every path from billing to the meters\n"
    "  --flows         the data flows, their ends and what says so\n"
    "  --row ID        the budget of the row's paths: child rows added up against the row\n"
    "  --check         every contradiction between a row and its child rows, or a sub-total and\n"
    "                  the parts above it; pseudo code that cannot be read\n"
    "  --table FILE    another table instead of the specification's\n"
    "  --format FORMAT table (default), json or csv\n\n"
    "Exit status: 0 done (--check: no contradiction), 2 usage, or a path or a file that cannot be\n"
    "read, 3 harness error, 6 (--check, --row) the table contradicts itself.\n";

static enum err_code put(struct buf *b, struct err *e, const char *between, const char *text)
{
    enum err_code rc = b->len > 0 ? buf_puts(b, between, e) : ERR_OK;
    return rc == ERR_OK ? buf_puts(b, text, e) : rc;
}

/* A grid whose cells are kept beside it. */
struct sheet {
    struct grid grid;
    struct arena arena;
    struct err *e;
};

static const char *keep(struct sheet *s, struct buf *b)
{
    const char *copy = arena_strdup(&s->arena, b->data == NULL ? "" : b->data);
    buf_reset(b);
    if (copy == NULL)
        (void)err_set(s->e, ERR_NOMEM, "no memory for a table of paths");
    return copy;
}

static void sheet_release(struct sheet *s)
{
    grid_release(&s->grid);
    arena_release(&s->arena);
}

static enum err_code write_sheet(const struct sheet *s, const struct query *q, bool notes,
                                 struct buf *out)
{
    switch (q->style.format) {
    case ROWS_JSON:
        return grid_json(&s->grid, out, s->e);
    case ROWS_CSV:
        return grid_csv(&s->grid, out, s->e);
    case ROWS_TABLE:
    case ROWS_XML:
        break;
    }
    return notes ? grid_notes(&s->grid, q->style.width, q->style.colour, out, s->e)
                 : grid_table(&s->grid, q->style.width, q->style.colour, out, s->e);
}

/* ---- paths in all ways of writing --------------------------------------------------------------
 */

static enum err_code put_aliases(const struct path_alias *alias, size_t n,
                                 const struct path_chosen *chosen, bool mark, struct buf *b,
                                 struct err *e)
{
    size_t from = 0;
    const struct path_alias *a;
    enum err_code rc = ERR_OK;
    while (rc == ERR_OK && (a = path_map_alias(alias, n, chosen, &from)) != NULL) {
        rc = put(b, e, " ", a->name);
        if (rc == ERR_OK && mark && !a->stated)
            rc = buf_puts(b, "*", e);
    }
    return rc;
}

static enum err_code add_path(const struct path_map *m, const struct path *p, struct sheet *s)
{
    const char *actor[LIMIT_PATH_NAMES + 1], *cell[5];
    struct path_chosen chosen;
    struct buf b;
    buf_init(&b, 1 << 20);
    enum err_code rc = path_map_actors(m, p, actor, s->e);
    bool known = rc == ERR_OK && path_map_chosen(m, p, &chosen);
    if (rc == ERR_OK)
        rc = path_write(p, &b, s->e);
    cell[0] = keep(s, &b);
    for (size_t i = 0; known && i < chosen.n && rc == ERR_OK; i++)
        rc = put(&b, s->e, " + ", chosen.value[i]->name);
    cell[1] = keep(s, &b);
    if (rc == ERR_OK && known)
        rc = put_aliases(m->option, m->n_option, &chosen, true, &b, s->e);
    cell[2] = keep(s, &b);
    if (rc == ERR_OK && known)
        rc = put_aliases(m->profile, m->n_profile, &chosen, false, &b, s->e);
    cell[3] = keep(s, &b);
    for (size_t i = 0; i <= p->n && rc == ERR_OK; i++)
        rc = put(&b, s->e, " > ", actor[i]);
    cell[4] = keep(s, &b);
    buf_release(&b);
    for (size_t i = 0; i < 5 && rc == ERR_OK; i++)
        rc = cell[i] == NULL ? ERR_NOMEM : ERR_OK;
    return rc == ERR_OK ? grid_add(&s->grid, cell, s->e) : rc;
}

static enum err_code show_paths(const struct path_map *m, const struct query *q, struct buf *out,
                                struct err *e)
{
    static const char *const header[] = {"data flow", "decisions", "option", "profile", "actors"};
    struct path_set set;
    struct sheet s = {.e = e};
    enum err_code rc = path_map_resolve(m, q->text == NULL ? ALL_WAYS : q->text, &set, e);
    if (rc != ERR_OK && q->text != NULL) {
        rc = err_wrap(e, "path \"%.120s\"", q->text);
        return rc == ERR_LIMIT ? ERR_DATA : rc; /* what was asked is too large: not our trouble */
    }
    if (rc != ERR_OK)
        return rc;
    grid_init(&s.grid, header, 5);
    for (size_t i = 0; i < set.n && rc == ERR_OK; i++)
        rc = add_path(m, &set.path[i], &s);
    if (rc == ERR_OK && q->style.format == ROWS_TABLE)
        rc = path_fold(&set, out, e);
    if (rc == ERR_OK && q->style.format == ROWS_TABLE)
        rc = buf_printf(out, e, "\n%zu single path%s\n\n", set.n, set.n == 1 ? "" : "s");
    if (rc == ERR_OK)
        rc = write_sheet(&s, q, false, out);
    bool marked = out->data != NULL && strchr(out->data, '*') != NULL;
    if (rc == ERR_OK && q->style.format == ROWS_TABLE && marked)
        rc = buf_puts(out,
                      "\n* The document gives only option 5 its path; this number follows from the "
                      "order of the\n  profiles in the same table, the only printed order in which "
                      "option 5 stands fifth.\n",
                      e);
    sheet_release(&s);
    path_set_release(&set);
    return rc;
}

static enum err_code show_flows(const struct path_map *m, const struct query *q, struct buf *out,
                                struct err *e)
{
    static const char *const header[] = {"data flow", "ends",   "interface",
                                         "section",   "stated", "ground"};
    struct sheet s = {.e = e};
    struct buf b;
    buf_init(&b, 1 << 16);
    grid_init(&s.grid, header, 6);
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < m->n_flow && rc == ERR_OK; i++) {
        const struct path_flow *f = &m->flow[i];
        rc = buf_printf(&b, e, "%s - %s", f->end[0], f->end[1]);
        const char *ends = keep(&s, &b);
        const char *cell[] = {f->name,  ends, f->interface, f->section, f->stated ? "yes" : "no",
                              f->ground};
        if (rc == ERR_OK)
            rc = ends == NULL ? ERR_NOMEM : grid_add(&s.grid, cell, e);
    }
    if (rc == ERR_OK)
        rc = write_sheet(&s, q, true, out);
    buf_release(&b);
    sheet_release(&s);
    return rc;
}

/* ---- budgets -----------------------------------------------------------------------------------
 */

static enum err_code put_part(const struct budget_part *p, struct buf *b, struct err *e)
{
    char seconds[40], share[40];
    enum err_code rc = put(b, e, "; ", p->flow != NULL ? p->flow : p->from);
    if (rc == ERR_OK && p->has.latency_most_ns >= 0) {
        rc = buf_printf(b, e, " < %s s",
                        budget_seconds(p->has.latency_most_ns, seconds, sizeof seconds));
    }
    if (rc == ERR_OK && p->has.reliability_least > 0)
        rc = buf_printf(b, e, " > %s",
                        budget_percent(p->has.reliability_least, share, sizeof share));
    return rc == ERR_OK && p->why != NULL ? buf_printf(b, e, " (%s)", p->why) : rc;
}

static enum err_code add_budget(const struct path_budget *x, struct sheet *s)
{
    struct buf b;
    buf_init(&b, 1 << 20);
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < x->n_part && rc == ERR_OK; i++)
        rc = put_part(&x->part[i], &b, s->e);
    const char *parts = keep(s, &b);
    if (rc == ERR_OK && x->from[0] != '\0')
        rc = buf_printf(&b, s->e, "%s > %s", x->from, x->to);
    const char *ends = keep(s, &b);
    buf_release(&b);
    if (rc != ERR_OK || parts == NULL || ends == NULL)
        return rc == ERR_OK ? ERR_NOMEM : rc;
    const char *cell[] = {x->where,
                          x->path,
                          ends,
                          parts,
                          budget_fit_name(x->latency),
                          x->text_latency,
                          budget_fit_name(x->reliability),
                          x->text_reliability};
    return grid_add(&s->grid, cell, s->e);
}

static enum err_code add_fault(const struct budget_fault *f, struct sheet *s)
{
    struct buf b;
    buf_init(&b, 1 << 16);
    enum err_code rc = f->line > 0 ? buf_printf(&b, s->e, "line %d: %s", f->line, f->text)
                                   : buf_puts(&b, f->text, s->e);
    const char *text = keep(s, &b);
    buf_release(&b);
    const char *cell[] = {f->where, "", "", "", "fault", text, "", ""};
    return rc == ERR_OK && text != NULL ? grid_add(&s->grid, cell, s->e) : ERR_NOMEM;
}

static bool worth_showing(const struct path_budget *x, bool all)
{
    return all || x->latency == BUDGET_CONTRADICTS || x->reliability == BUDGET_CONTRADICTS ||
           x->latency == BUDGET_BY_READING || x->reliability == BUDGET_BY_READING;
}

static enum err_code put_count(const struct path_budgets *b, struct buf *out, struct err *e)
{
    size_t fits = 0, reading = 0, open = 0, totals = 0;
    for (size_t i = 0; i < b->n; i++) {
        const struct path_budget *x = &b->budget[i];
        bool wrong = x->latency == BUDGET_CONTRADICTS || x->reliability == BUDGET_CONTRADICTS;
        bool maybe = x->latency == BUDGET_BY_READING || x->reliability == BUDGET_BY_READING;
        bool missing = x->latency == BUDGET_OPEN || x->reliability == BUDGET_OPEN;
        totals += x->row == NULL;
        reading += !wrong && maybe;
        open += !wrong && !maybe && missing;
        fits += !wrong && !maybe && !missing;
    }
    return buf_printf(out, e,
                      "\n%zu path%s of rows and %zu sub-total%s: %zu contradict themselves, %zu by "
                      "one reading,\n%zu fit, %zu cannot be added up; %zu other fault%s\n",
                      b->n - totals, b->n - totals == 1 ? "" : "s", totals, totals == 1 ? "" : "s",
                      path_budgets_wrong(b), reading, fits, open, b->n_fault,
                      b->n_fault == 1 ? "" : "s");
}

static enum err_code show_budgets(const struct path_budgets *b, const struct query *q, bool all,
                                  struct buf *out, struct err *e)
{
    static const char *const header[] = {
        "where",   "path",         "ends",        "parts",
        "latency", "latency text", "reliability", "reliability text"};
    struct sheet s = {.e = e};
    grid_init(&s.grid, header, 8);
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < b->n && rc == ERR_OK; i++)
        if (worth_showing(&b->budget[i], all))
            rc = add_budget(&b->budget[i], &s);
    for (size_t i = 0; i < b->n_fault && rc == ERR_OK; i++)
        rc = add_fault(&b->fault[i], &s);
    if (rc == ERR_OK)
        rc = write_sheet(&s, q, true, out);
    if (rc == ERR_OK && q->style.format == ROWS_TABLE)
        rc = put_count(b, out, e);
    sheet_release(&s);
    return rc;
}

/* Paths of the mapping table between actors of the row, where its table gives no data flow. */
static enum err_code own_ways(const struct path_map *m, const struct table_row *row,
                              struct buf *out, struct err *e)
{
    struct path_set set, fit = {.path = NULL};
    enum err_code rc = path_map_resolve(m, ALL_WAYS, &set, e);
    struct path *found = rc == ERR_OK ? calloc(set.n + 1, sizeof *found) : NULL;
    size_t n = 0;
    if (rc == ERR_OK && found == NULL)
        rc = err_set(e, ERR_NOMEM, "no memory for %zu paths", set.n);
    for (size_t i = 0; rc == ERR_OK && i < set.n; i++) {
        const char *actor[LIMIT_PATH_NAMES + 1];
        rc = path_map_actors(m, &set.path[i], actor, e);
        if (rc == ERR_OK && path_joins(row, actor[0], actor[set.path[i].n]))
            found[n++] = set.path[i];
    }
    if (rc == ERR_OK && n > 0)
        rc = path_set_of(found, n, &fit, e);
    if (rc == ERR_OK && n > 0)
        rc = path_fold(&fit, out, e);
    free(found);
    path_set_release(&fit);
    path_set_release(&set);
    return rc;
}

static enum err_code show_row(const struct table *t, const struct path_map *m,
                              const struct query *q, struct buf *out, size_t *wrong, struct err *e)
{
    const struct table_row *row = table_row_by_id(t, q->row);
    struct path_budgets b = {.budget = NULL};
    struct buf way;
    if (row == NULL)
        return err_set(e, ERR_USAGE, "no row \"%s\"; gridassay rows lists them", q->row);
    buf_init(&way, 1 << 20);
    enum err_code rc =
        row->dataflow != NULL ? buf_puts(&way, row->dataflow, e) : own_ways(m, row, &way, e);
    if (rc == ERR_OK && way.len > 0)
        rc = path_budgets_of(t, m, row, way.data, &b, e);
    if (rc == ERR_OK && q->style.format == ROWS_TABLE)
        rc = way.len == 0 ? buf_printf(out, e,
                                       "%s: the table gives no data flow, and the specification "
                                       "names none between its actors\n",
                                       row->id)
             : row->dataflow == NULL
                 ? buf_printf(out, e,
                              "%s\nThe table gives the row no data flow: these are 4.19's paths "
                              "between its actors.\n\n",
                              way.data)
                 : buf_printf(out, e, "%s\n\n", way.data);
    if (rc == ERR_OK && way.len > 0)
        rc = show_budgets(&b, q, true, out, e);
    *wrong = path_budgets_wrong(&b) + b.n_fault;
    path_budgets_release(&b);
    buf_release(&way);
    return rc;
}

static enum err_code show_check(const struct table *t, const struct path_map *m,
                                const struct query *q, struct buf *out, size_t *wrong,
                                struct err *e)
{
    struct path_budgets b;
    enum err_code rc = path_budgets(t, m, &b, e);
    if (rc != ERR_OK)
        return rc;
    rc = show_budgets(&b, q, false, out, e);
    *wrong = path_budgets_wrong(&b) + b.n_fault;
    path_budgets_release(&b);
    return rc;
}

/* ---- the command -------------------------------------------------------------------------------
 */

static enum err_code parse_format(const char *name, enum rows_format *out, struct err *e)
{
    static const char *const format[] = {"table", "json", "csv"};
    for (size_t i = 0; i < sizeof format / sizeof format[0]; i++)
        if (strcmp(format[i], name) == 0) {
            *out = (enum rows_format)i;
            return ERR_OK;
        }
    return err_set(e, ERR_USAGE, "--format %s: there are table, json and csv", name);
}

static enum err_code parse(int argc, char **argv, struct query *q, bool *help, struct err *e)
{
    static const struct option options[] = {{"flows", no_argument, NULL, 'F'},
                                            {"row", required_argument, NULL, 'r'},
                                            {"check", no_argument, NULL, 'C'},
                                            {"table", required_argument, NULL, 'T'},
                                            {"help", no_argument, NULL, 'h'},
                                            {"format", required_argument, NULL, 'f'},
                                            {NULL, 0, NULL, 0}};
    enum err_code rc = ERR_OK;
    int asked = 0;
    opterr = 0;
    optind = 0; /* glibc: start over, also after another command's parsing */
    for (int at = 1, c; rc == ERR_OK && (c = getopt_long(argc, argv, ":h", options, NULL)) != -1;
         at = optind) {
        switch (c) {
        case 'F':
            q->asked = ASK_FLOWS;
            asked++;
            break;
        case 'r':
            q->asked = ASK_ROW;
            q->row = optarg;
            asked++;
            break;
        case 'C':
            q->asked = ASK_CHECK;
            asked++;
            break;
        case 'T':
            q->table = optarg;
            break;
        case 'f':
            rc = parse_format(optarg, &q->style.format, e);
            break;
        case 'h':
            *help = true;
            return ERR_OK;
        case ':':
            rc = err_set(e, ERR_USAGE, "%s needs a value", argv[optind - 1]);
            break;
        default:
            rc = err_set(e, ERR_USAGE, "unknown flag %s", argv[optind > at ? optind - 1 : at]);
            break;
        }
    }
    if (rc == ERR_OK && optind < argc)
        q->text = argv[optind];
    if (rc == ERR_OK && asked + (q->text != NULL) > 1)
        rc = err_set(e, ERR_USAGE, "only one of PATH, --flows, --row and --check");
    if (rc == ERR_OK && argc - optind > 1)
        rc =
            err_set(e, ERR_USAGE, "PATH is one argument, expected it in quotes: \"%s\" is a second",
                    argv[optind + 1]);
    if (rc == ERR_OK && q->table != NULL && q->asked != ASK_ROW && q->asked != ASK_CHECK)
        rc = err_set(e, ERR_USAGE, "--table belongs to --row or --check");
    return rc;
}

static enum err_code answer(const struct query *q, struct buf *out, size_t *wrong, struct err *e)
{
    struct path_map *map = NULL;
    struct table *table = NULL;
    enum err_code rc = path_map_load(NULL, &map, e);
    if (rc == ERR_OK && (q->asked == ASK_ROW || q->asked == ASK_CHECK))
        rc = table_load(q->table, &table, e);
    if (rc == ERR_OK)
        rc = q->asked == ASK_PATHS   ? show_paths(map, q, out, e)
             : q->asked == ASK_FLOWS ? show_flows(map, q, out, e)
             : q->asked == ASK_ROW   ? show_row(table, map, q, out, wrong, e)
                                     : show_check(table, map, q, out, wrong, e);
    table_free(table);
    path_map_free(map);
    return rc;
}

int cmd_paths(int argc, char **argv)
{
    struct err e = ERR_INIT;
    struct query q = {.style = {.format = ROWS_TABLE}};
    struct buf out;
    bool help = false;
    size_t wrong = 0;
    buf_init(&out, LIMIT_XML_FILE_BYTES);
    enum err_code rc = parse(argc, argv, &q, &help, &e);
    q.style.width = show_width();
    q.style.colour = show_colour(stdout);
    if (rc == ERR_OK)
        rc = help ? buf_puts(&out, usage_text, &e) : answer(&q, &out, &wrong, &e);
    if (rc == ERR_OK)
        rc = show_bytes(&out, stdout, &e);
    if (rc == ERR_USAGE)
        (void)fprintf(stderr, "gridassay paths: %s; gridassay paths --help lists the flags\n",
                      e.text);
    else if (rc != ERR_OK)
        (void)fprintf(stderr, "gridassay paths: %s\n", e.text);
    buf_release(&out);
    return rc != ERR_OK ? (int)err_exit(rc) : wrong > 0 ? EXIT_SCOPE : EXIT_ALL_PASS;
}
