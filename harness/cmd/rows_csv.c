/* rows_csv - rows as CSV, such that gridassay import makes the same table of it again.
 *
 * Cells stand as written. Parts of rows are records of type C behind the rows. What a table
 * declares beside its cells travels as XML: of a row in "readings"; what stands before the rows in
 * "register", a share of it in each record (a workbook's cell holds 32,767 characters), where all
 * rows are shown. */
#include <string.h>

#include "harness/base/xmlw.h"
#include "harness/cmd/grid.h"
#include "harness/cmd/rows.h"

enum csv_column {
    CSV_ID = 0,
    CSV_SECTION,
    CSV_USE_CASE,
    CSV_PAYLOAD,
    CSV_TYPE,
    CSV_TRIGGER,
    CSV_CELLS,
    CSV_LICS = CSV_CELLS + CELL_COUNT,
    CSV_CIA,
    CSV_VARIANTS,
    CSV_COMMAND,
    CSV_WHY,
    CSV_UNLISTED,
    CSV_ROW_TYPE,
    CSV_REF,
    CSV_DATAFLOW,
    CSV_REQUIREMENT,
    CSV_PARENT,
    CSV_READINGS,
    CSV_UNRESOLVED,
    CSV_REGISTER,
    CSV_COUNT
};

static const char *const header[CSV_COUNT] = {
    "id",         "section",     "use_case",  "payload",  "type",       "trigger",
    "attributes", "baseload",    "highload",  "from",     "to",         "reliability",
    "latency",    "when",        "how_often", "size",     "lics",       "cia",
    "variants",   "command",     "why",       "unlisted", "row_type",   "rqmt_ref",
    "dataflow",   "requirement", "parent",    "readings", "unresolved", "register",
};

struct csv {
    const struct rows *rows;
    struct arena arena;
    struct buf text;
    struct grid grid;
    struct err *e;
};

/* Keeps what the text holds and empties it. */
static enum err_code keep(struct csv *c, const char **out)
{
    *out = arena_strdup(&c->arena, c->text.data == NULL ? "" : c->text.data);
    buf_reset(&c->text);
    return *out != NULL ? ERR_OK : err_set(c->e, ERR_NOMEM, "no memory for a row");
}

static enum err_code use_cases(struct csv *c, const struct table_row *row, const char **out)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < row->n_use_case && rc == ERR_OK; i++)
        rc = buf_printf(&c->text, c->e, "%s%s", i > 0 ? "; " : "", row->use_case[i]);
    return rc == ERR_OK ? keep(c, out) : rc;
}

/* The columns with members that do not parse, which an import takes for known then. */
static enum err_code unresolved(struct csv *c, const struct table_row *row, const char **out)
{
    enum err_code rc = ERR_OK;
    for (size_t k = 0; k < CELL_COUNT && rc == ERR_OK; k++) {
        bool open = false;
        for (size_t i = 0; i < row->parsed[k].n_item; i++)
            open = open || row->parsed[k].item[i].kind == ITEM_UNRESOLVED;
        if (open)
            rc = buf_printf(&c->text, c->e, "%s%s", c->text.len > 0 ? "; " : "",
                            cell_column_name((enum table_cell)k));
    }
    return rc == ERR_OK ? keep(c, out) : rc;
}

/* References and texts of all its requirements: they are one but where readings have their own. */
static enum err_code requirements(struct csv *c, const struct table_row *row, const char **ref,
                                  const char **text)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < row->n_requirement && rc == ERR_OK; i++)
        rc = buf_printf(&c->text, c->e, "%s%s", i > 0 ? "; " : "", row->requirement[i].ref);
    if (rc == ERR_OK)
        rc = keep(c, ref);
    for (size_t i = 0; i < row->n_requirement && rc == ERR_OK; i++)
        rc = buf_printf(&c->text, c->e, "%s%s", i > 0 ? "\n" : "", row->requirement[i].text);
    return rc == ERR_OK ? keep(c, text) : rc;
}

/* Record i's share of what stands before the rows, in order. */
static enum err_code share(struct csv *c, size_t i, const char **out)
{
    const struct table *t = c->rows->table;
    enum err_code rc = ERR_OK;
    *out = NULL;
    if (c->rows->n < t->n_row)
        return ERR_OK;
    if (i == 0) {
        rc = buf_puts(&c->text, "<requirements", c->e);
        if (rc == ERR_OK)
            rc = xmlw_put_attr(&c->text, "document", t->document, c->e);
        if (rc == ERR_OK)
            rc = xmlw_put_attr(&c->text, "edition", t->edition, c->e);
        if (rc == ERR_OK)
            rc = buf_puts(&c->text, "/>", c->e);
    }
    size_t from = t->n_definition * i / c->rows->n, to = t->n_definition * (i + 1) / c->rows->n;
    for (size_t k = from; k < to && rc == ERR_OK; k++)
        rc = buf_puts(&c->text, t->definition[k], c->e);
    return rc == ERR_OK ? keep(c, out) : rc;
}

static enum err_code put_row(struct csv *c, size_t i)
{
    const struct table_row *row = c->rows->row[i];
    const struct table_payload *facts = table_payload_by_name(c->rows->table, row->payload);
    const char *cell[CSV_COUNT] = {[CSV_ID] = row->id,
                                   [CSV_SECTION] = row->section,
                                   [CSV_PAYLOAD] = row->payload,
                                   [CSV_TYPE] = row->type,
                                   [CSV_TRIGGER] = table_trigger_name(row->trigger),
                                   [CSV_LICS] = facts->lics,
                                   [CSV_CIA] = facts->cia,
                                   [CSV_COMMAND] = row->command,
                                   [CSV_WHY] = facts->why,
                                   [CSV_UNLISTED] = row->unlisted,
                                   [CSV_ROW_TYPE] = "P",
                                   [CSV_DATAFLOW] = row->dataflow,
                                   [CSV_READINGS] = row->readings};
    memcpy(cell + CSV_CELLS, row->cell, sizeof row->cell);
    enum err_code rc = use_cases(c, row, &cell[CSV_USE_CASE]);
    if (rc == ERR_OK)
        rc = rows_variants(row, &c->text, c->e);
    if (rc == ERR_OK)
        rc = keep(c, &cell[CSV_VARIANTS]);
    if (rc == ERR_OK)
        rc = requirements(c, row, &cell[CSV_REF], &cell[CSV_REQUIREMENT]);
    if (rc == ERR_OK)
        rc = unresolved(c, row, &cell[CSV_UNRESOLVED]);
    if (rc == ERR_OK)
        rc = share(c, i, &cell[CSV_REGISTER]);
    return rc == ERR_OK ? grid_add(&c->grid, cell, c->e) : rc;
}

static bool shown(const struct csv *c, const struct table_part *part)
{
    for (size_t i = 0; i < c->rows->n; i++) {
        const struct table_row *row = c->rows->row[i];
        if (part->row != NULL ? strcmp(row->id, part->row) == 0
                              : strcmp(row->section, part->section) == 0)
            return true;
    }
    return false;
}

static enum err_code put_part(struct csv *c, const struct table_part *part)
{
    const char *cell[CSV_COUNT] = {[CSV_SECTION] = part->section,
                                   [CSV_PAYLOAD] = part->payload,
                                   [CSV_TYPE] = part->type,
                                   [CSV_ROW_TYPE] = "C",
                                   [CSV_REF] = part->ref,
                                   [CSV_DATAFLOW] = part->dataflow,
                                   [CSV_REQUIREMENT] = part->requirement,
                                   [CSV_PARENT] = part->row == NULL ? part->section : part->row};
    cell[CSV_CELLS + CELL_FROM] = part->from;
    cell[CSV_CELLS + CELL_TO] = part->to;
    cell[CSV_CELLS + CELL_RELIABILITY] = part->reliability;
    cell[CSV_CELLS + CELL_LATENCY] = part->latency;
    cell[CSV_CELLS + CELL_WHEN] = part->when;
    cell[CSV_CELLS + CELL_HOW_OFTEN] = part->how_often;
    cell[CSV_CELLS + CELL_SIZE] = part->size;
    enum err_code rc = ERR_OK;
    if (part->leg != NULL) {
        rc = buf_printf(&c->text, c->e, "%s#%s", part->row, part->leg);
        if (rc == ERR_OK)
            rc = keep(c, &cell[CSV_PARENT]);
    }
    return rc == ERR_OK ? grid_add(&c->grid, cell, c->e) : rc;
}

enum err_code rows_csv(const struct rows *rows, struct buf *out, struct err *e)
{
    struct csv c = {.rows = rows, .arena = ARENA_INIT, .e = e};
    bool all = rows->n == rows->table->n_row;
    buf_init(&c.text, out->max);
    grid_init(&c.grid, header, CSV_COUNT);
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < rows->n && rc == ERR_OK; i++)
        rc = put_row(&c, i);
    for (size_t i = 0; i < rows->table->n_part && rc == ERR_OK; i++)
        if (all || shown(&c, &rows->table->part[i]))
            rc = put_part(&c, &rows->table->part[i]);
    if (rc == ERR_OK)
        rc = grid_csv(&c.grid, out, e);
    grid_release(&c.grid);
    buf_release(&c.text);
    arena_release(&c.arena);
    return rc;
}
