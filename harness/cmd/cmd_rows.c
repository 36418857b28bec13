/* cmd_rows - gridassay rows: browse the requirement table. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness/base/limits.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/grid.h"
#include "harness/cmd/rows.h"
#include "harness/cmd/show.h"

enum shown { SHOW_ROWS = 0, SHOW_UNRESOLVED, SHOW_ERRATA, SHOW_INTERPRETATIONS };

struct query {
    const char *use_case, *section, *actor, *payload, *type, *table;
    char **word;
    int n_word;
    enum shown show;
    struct rows_style style;
};

static const char usage_text[] =
    "usage: gridassay rows [FILTER]... [WORD]... [--format table|json|csv|xml]\n"
    "Browse the requirement table. All filters and words given must hold.\n\n"
    "  --use-case NAME    rows that serve a use case whose name or chapter contains NAME\n"
    "  --section NUMBER   rows of that section and the ones below it\n"
    "  --actor NAME       rows with NAME in an origin or destination\n"
    "  --payload NAME     rows with NAME in the payload's name\n"
    "  --type TYPE        rows of that payload type (cmd, resp-data, alarm ...)\n"
    "  WORD               rows with WORD in any cell, name or ground\n"
    "                     (upper and lower case are the same in all of them)\n\n"
    "  --unresolved       the members of cells that have no value, and why\n"
    "  --errata           slips of the document, with section and reason\n"
    "  --interpretations  the register of readings, with their grounds\n"
    "                     (the last two take --section and words only)\n"
    "  --format FORMAT    table (default), json, csv or xml\n"
    "  --table FILE       another table instead of the specification's\n\n"
    "Exit status: 0 also when nothing matches (a note says so), 2 usage or a bad table file,\n"
    "3 harness error.\n";

static bool holds(const char *text, const char *part)
{
    return text != NULL && strcasestr(text, part) != NULL;
}

static bool any_holds(const char *const *text, size_t n, const char *part)
{
    for (size_t i = 0; i < n; i++)
        if (holds(text[i], part))
            return true;
    return false;
}

/* 4.1 holds 4.1 and 4.1.2, not 4.10. */
static bool in_section(const char *section, const char *prefix)
{
    size_t n = strlen(prefix);
    while (n > 0 && prefix[n - 1] == '.')
        n--;
    return strncmp(section, prefix, n) == 0 && (section[n] == '\0' || section[n] == '.');
}

/* By the name of the document's list, or by the title of its chapter. */
static bool row_serves(const struct table *t, const struct table_row *row, const char *name)
{
    if (any_holds(row->use_case, row->n_use_case, name))
        return true;
    for (size_t i = 0; i < t->n_use_case; i++)
        for (size_t k = 0; k < row->n_use_case; k++)
            if (strcmp(t->use_case[i].name, row->use_case[k]) == 0 &&
                holds(t->use_case[i].chapter, name))
                return true;
    return false;
}

static bool row_has_word(const struct table *t, const struct table_row *row,
                         const struct table_payload *facts, const char *word)
{
    if (holds(row->id, word) || holds(row->type, word) || holds(row->command, word) ||
        holds(table_trigger_name(row->trigger), word) || holds(facts->lics, word) ||
        holds(facts->cia, word) || row_serves(t, row, word) ||
        any_holds(row->attribute, row->n_attribute, word) ||
        any_holds(row->cell, CELL_COUNT, word) ||
        (row->unlisted != NULL && (holds("unlisted", word) || holds(row->unlisted, word))))
        return true;
    for (size_t i = 0; i < row->n_leg; i++) {
        const struct table_leg *leg = &row->leg[i];
        if (holds(leg->id, word) || holds(leg->mode, word) || holds(leg->device_class, word) ||
            holds(leg->command, word) || holds(leg->ground, word) ||
            any_holds(leg->from, leg->n_from, word) || any_holds(leg->to, leg->n_to, word) ||
            any_holds(leg->interpretation, leg->n_interpretation, word))
            return true;
    }
    return false;
}

static bool row_has_actor(const struct table_row *row, const char *actor)
{
    if (holds(row->cell[CELL_FROM], actor) || holds(row->cell[CELL_TO], actor))
        return true;
    for (size_t i = 0; i < row->n_leg; i++)
        if (any_holds(row->leg[i].from, row->leg[i].n_from, actor) ||
            any_holds(row->leg[i].to, row->leg[i].n_to, actor))
            return true;
    return false;
}

static bool row_matches(const struct table *t, const struct table_row *row, const struct query *q)
{
    if ((q->use_case != NULL && !row_serves(t, row, q->use_case)) ||
        (q->section != NULL && !in_section(row->section, q->section)) ||
        (q->actor != NULL && !row_has_actor(row, q->actor)) ||
        (q->payload != NULL && !holds(row->payload, q->payload)) ||
        (q->type != NULL && strcasecmp(row->type, q->type) != 0))
        return false;
    const struct table_payload *facts = table_payload_by_name(t, row->payload);
    for (int i = 0; i < q->n_word; i++)
        if (!row_has_word(t, row, facts, q->word[i]))
            return false;
    return true;
}

static enum err_code write_list(const struct grid *g, const struct rows_style *style,
                                const char *root, const char *element, struct buf *out,
                                struct err *e)
{
    switch (style->format) {
    case ROWS_JSON:
        return grid_json(g, out, e);
    case ROWS_CSV:
        return grid_csv(g, out, e);
    case ROWS_XML:
        return grid_xml(g, root, element, out, e);
    case ROWS_TABLE:
        break;
    }
    return grid_notes(g, style->width, style->colour, out, e);
}

static enum err_code show_rows(const struct table *t, const struct query *q, struct buf *out,
                               size_t *n, struct err *e)
{
    struct rows rows = {.table = t};
    rows.row = calloc(t->n_row + 1, sizeof *rows.row);
    if (rows.row == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu rows", t->n_row);
    for (size_t i = 0; i < t->n_row; i++)
        if (row_matches(t, &t->row[i], q))
            rows.row[rows.n++] = &t->row[i];
    *n = rows.n;
    enum err_code rc = rows_write(&rows, &q->style, out, e);
    free(rows.row);
    return rc;
}

static enum err_code show_unresolved(const struct table *t, const struct query *q, struct buf *out,
                                     size_t *n, struct err *e)
{
    static const char *const header[] = {"id", "column", "member", "why"};
    struct grid g;
    grid_init(&g, header, 4);
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < t->n_row; i++) {
        const struct table_row *row = &t->row[i];
        /* An unlisted row says itself why its cells are empty. */
        if (row->unlisted != NULL || !row_matches(t, row, q))
            continue;
        for (size_t c = 0; c < CELL_COUNT; c++) {
            for (size_t k = 0; k < row->parsed[c].n_item && rc == ERR_OK; k++) {
                const struct cell_item *it = &row->parsed[c].item[k];
                const char *cell[] = {row->id, cell_column_name((enum table_cell)c), it->text,
                                      it->why};
                if (it->why != NULL)
                    rc = grid_add(&g, cell, e);
            }
        }
    }
    *n = g.n_row;
    if (rc == ERR_OK)
        rc = write_list(&g, &q->style, "unresolved", "member", out, e);
    grid_release(&g);
    return rc;
}

static bool note_matches(const struct query *q, const char *const *cell)
{
    if (q->section != NULL && !in_section(cell[1], q->section))
        return false;
    for (int i = 0; i < q->n_word; i++)
        if (!any_holds(cell, 4, q->word[i]))
            return false;
    return true;
}

static enum err_code show_register(const struct table *t, const struct query *q, struct buf *out,
                                   size_t *n, struct err *e)
{
    static const char *const errata_header[] = {"id", "section", "slip", "reason"};
    static const char *const readings_header[] = {"id", "section", "reading", "ground"};
    bool errata = q->show == SHOW_ERRATA;
    struct grid g;
    grid_init(&g, errata ? errata_header : readings_header, 4);
    enum err_code rc = ERR_OK;
    size_t most = errata ? t->n_erratum : t->n_interpretation;
    for (size_t i = 0; i < most && rc == ERR_OK; i++) {
        const char *cell[4];
        if (errata) {
            const struct table_erratum *x = &t->erratum[i];
            memcpy(cell, (const char *[]){x->id, x->section, x->text, x->reason}, sizeof cell);
        } else {
            const struct table_interpretation *x = &t->interpretation[i];
            memcpy(cell, (const char *[]){x->id, x->section, x->reading, x->ground}, sizeof cell);
        }
        if (note_matches(q, cell))
            rc = grid_add(&g, cell, e);
    }
    *n = g.n_row;
    if (rc == ERR_OK)
        rc = errata ? write_list(&g, &q->style, "errata", "erratum", out, e)
                    : write_list(&g, &q->style, "interpretations", "interpretation", out, e);
    grid_release(&g);
    return rc;
}

static enum err_code parse_format(const char *name, enum rows_format *out, struct err *e)
{
    static const char *const format[] = {"table", "json", "csv", "xml"};
    for (size_t i = 0; i < sizeof format / sizeof format[0]; i++) {
        if (strcmp(format[i], name) == 0) {
            *out = (enum rows_format)i;
            return ERR_OK;
        }
    }
    return err_set(e, ERR_USAGE, "--format %s: there are table, json, csv and xml", name);
}

static enum err_code parse(int argc, char **argv, struct query *q, bool *help, struct err *e)
{
    static const struct option options[] = {
        {"use-case", required_argument, NULL, 'u'}, {"section", required_argument, NULL, 's'},
        {"actor", required_argument, NULL, 'a'},    {"payload", required_argument, NULL, 'p'},
        {"type", required_argument, NULL, 't'},     {"format", required_argument, NULL, 'f'},
        {"table", required_argument, NULL, 'T'},    {"unresolved", no_argument, NULL, 'U'},
        {"errata", no_argument, NULL, 'E'},         {"interpretations", no_argument, NULL, 'I'},
        {"help", no_argument, NULL, 'h'},           {NULL, 0, NULL, 0}};
    enum err_code rc = ERR_OK;
    enum shown before = SHOW_ROWS;
    opterr = 0;
    optind = 0; /* glibc: start over, also after another command's parsing */
    for (int at = 1, c; rc == ERR_OK && (c = getopt_long(argc, argv, ":h", options, NULL)) != -1;
         at = optind) {
        switch (c) {
        case 'u':
            q->use_case = optarg;
            break;
        case 's':
            q->section = optarg;
            break;
        case 'a':
            q->actor = optarg;
            break;
        case 'p':
            q->payload = optarg;
            break;
        case 't':
            q->type = optarg;
            break;
        case 'T':
            q->table = optarg;
            break;
        case 'f':
            rc = parse_format(optarg, &q->style.format, e);
            break;
        case 'U':
            q->show = SHOW_UNRESOLVED;
            break;
        case 'E':
            q->show = SHOW_ERRATA;
            break;
        case 'I':
            q->show = SHOW_INTERPRETATIONS;
            break;
        case 'h':
            *help = true;
            return ERR_OK;
        case ':':
            rc = err_set(e, ERR_USAGE, "%s needs a value", argv[optind - 1]);
            break;
        default:
            /* optind has passed a long flag already, not a cluster of short ones. */
            rc = err_set(e, ERR_USAGE, "unknown flag %s", argv[optind > at ? optind - 1 : at]);
            break;
        }
        if (rc == ERR_OK && before != SHOW_ROWS && before != q->show)
            rc = err_set(e, ERR_USAGE, "only one of --unresolved, --errata, --interpretations");
        before = q->show;
    }
    if (rc != ERR_OK)
        return rc;
    if ((q->show == SHOW_ERRATA || q->show == SHOW_INTERPRETATIONS) &&
        (q->use_case != NULL || q->actor != NULL || q->payload != NULL || q->type != NULL))
        return err_set(e, ERR_USAGE,
                       "--errata and --interpretations take --section and words only");
    q->word = argv + optind;
    q->n_word = argc - optind;
    return ERR_OK;
}

int cmd_rows(int argc, char **argv)
{
    struct err e = ERR_INIT;
    struct query q = {.style = {.format = ROWS_TABLE}};
    struct table *t = NULL;
    struct buf out;
    bool help = false;
    size_t n = 0;
    buf_init(&out, LIMIT_XML_FILE_BYTES);
    enum err_code rc = parse(argc, argv, &q, &help, &e);
    if (rc == ERR_OK && help)
        rc = buf_puts(&out, usage_text, &e);
    if (rc != ERR_OK || help)
        goto print;
    q.style.width = show_width();
    q.style.colour = show_colour(stdout);
    rc = table_load(q.table, &t, &e);
    if (rc != ERR_OK)
        goto print;
    rc = q.show == SHOW_ROWS         ? show_rows(t, &q, &out, &n, &e)
         : q.show == SHOW_UNRESOLVED ? show_unresolved(t, &q, &out, &n, &e)
                                     : show_register(t, &q, &out, &n, &e);
    if (rc == ERR_OK && n == 0)
        (void)fputs("gridassay rows: nothing matches\n", stderr);
print:
    if (rc == ERR_OK)
        rc = show_bytes(&out, stdout, &e);
    if (rc == ERR_USAGE)
        (void)fprintf(stderr, "gridassay rows: %s; gridassay rows --help lists the flags\n",
                      e.text);
    else if (rc != ERR_OK)
        (void)fprintf(stderr, "gridassay rows: %s\n", e.text);
    table_free(t);
    buf_release(&out);
    return rc == ERR_OK ? EXIT_ALL_PASS : (int)err_exit(rc);
}
