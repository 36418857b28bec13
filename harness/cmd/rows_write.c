/* rows_write - rows as a table for people, and as XML. */
#include <string.h>

#include "harness/base/xmlw.h"
#include "harness/cmd/grid.h"
#include "harness/cmd/rows.h"

/* The first are the ones that stay on a narrow terminal. */
static const char *const table_header[] = {"ID",   "TYPE", "RELIABILITY", "LATENCY", "SIZE",
                                           "WHEN", "FROM", "TO",          "TRIGGER"};
#define TABLE_COLUMNS (sizeof table_header / sizeof table_header[0])

/* Folded copies of a row's cells. */
static enum err_code fold_cells(const struct table_row *row, struct arena *a,
                                const char *out[CELL_COUNT], struct err *e)
{
    for (size_t c = 0; c < CELL_COUNT; c++) {
        out[c] = cell_fold(a, row->cell[c], strlen(row->cell[c]));
        if (out[c] == NULL)
            return err_set(e, ERR_NOMEM, "no memory for a row");
    }
    return ERR_OK;
}

/* Keeps what text holds in the arena and empties it. */
static const char *keep(struct buf *text, struct arena *a, struct err *e)
{
    const char *copy = arena_strdup(a, text->data == NULL ? "" : text->data);
    buf_reset(text);
    if (copy == NULL)
        (void)err_set(e, ERR_NOMEM, "no memory for a row");
    return copy;
}

const char *rows_word(const struct table_row *row)
{
    size_t optional = 0;
    for (size_t i = 0; i < row->n_leg; i++)
        optional += row->leg[i].optional;
    return optional == 0 ? "shall" : optional == row->n_leg ? "may" : "partly may";
}

static enum err_code table_row_line(const struct table_row *row, struct arena *a, struct grid *g,
                                    struct err *e)
{
    const char *folded[CELL_COUNT];
    enum err_code rc = fold_cells(row, a, folded, e);
    if (rc != ERR_OK)
        return rc;
    const char *trigger = table_trigger_name(row->trigger);
    struct buf marked;
    buf_init(&marked, 64);
    const char *mark = row->unlisted != NULL ? "unlisted" : rows_word(row);
    if (row->unlisted != NULL || strcmp(mark, "shall") != 0) {
        rc = buf_printf(&marked, e, "%s, %s", trigger, mark);
        if (rc == ERR_OK && (trigger = keep(&marked, a, e)) == NULL)
            rc = ERR_NOMEM;
    }
    buf_release(&marked);
    if (rc != ERR_OK)
        return rc;
    const char *cell[TABLE_COLUMNS] = {row->id,
                                       row->type,
                                       folded[CELL_RELIABILITY],
                                       folded[CELL_LATENCY],
                                       folded[CELL_SIZE],
                                       folded[CELL_WHEN],
                                       folded[CELL_FROM],
                                       folded[CELL_TO],
                                       trigger};
    return grid_add(g, cell, e);
}

static enum err_code put_list(struct buf *out, const char *indent, const char *name,
                              const char *const *text, size_t n, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        rc = buf_printf(out, e, "%s<%s>", indent, name);
        if (rc == ERR_OK)
            rc = xmlw_escape(out, text[i], e);
        if (rc == ERR_OK)
            rc = buf_printf(out, e, "</%s>\n", name);
    }
    return rc;
}

static enum err_code xml_leg(const struct table_leg *leg, struct buf *out, struct err *e)
{
    enum err_code rc = buf_puts(out, "    <variant", e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "id", leg->id, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "mode", leg->mode, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "use_case", leg->use_case, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "class", leg->device_class, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "trigger", table_trigger_name(leg->trigger), e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "command", leg->command, e);
    if (rc == ERR_OK && leg->optional)
        rc = xmlw_put_attr(out, "word", "may", e);
    for (size_t i = 0; i < leg->latency_max.n && rc == ERR_OK; i++)
        rc = buf_printf(out, e, "%s%lld", i == 0 ? " latency_max_ns=\"" : " ",
                        (long long)leg->latency_max.value[i]);
    if (rc == ERR_OK && leg->latency_max.n > 0)
        rc = buf_puts(out, "\"", e);
    for (size_t i = 0; i < leg->reliability_ppb.n && rc == ERR_OK; i++)
        rc = buf_printf(out, e, "%s%lld", i == 0 ? " reliability_ppb=\"" : " ",
                        (long long)leg->reliability_ppb.value[i]);
    if (rc == ERR_OK && leg->reliability_ppb.n > 0)
        rc = buf_puts(out, "\"", e);
    if (rc == ERR_OK && leg->size_max_bytes >= 0)
        rc = buf_printf(out, e, " size_max_bytes=\"%lld\"", (long long)leg->size_max_bytes);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "rate", leg->rate, e);
    if (rc == ERR_OK && leg->after_event != NULL)
        rc = buf_printf(out, e, " after_max_ns=\"%lld\"", (long long)leg->after_max_ns);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "after_event", leg->after_event, e);
    for (size_t i = 0; i < leg->n_parameter && rc == ERR_OK; i++)
        rc = buf_printf(out, e, "%s%s:%s", i == 0 ? " parameters=\"" : "; ",
                        cell_column_name(leg->parameter[i].cell), leg->parameter[i].name);
    if (rc == ERR_OK && leg->n_parameter > 0)
        rc = buf_puts(out, "\"", e);
    if (rc == ERR_OK)
        rc = buf_puts(out, ">\n", e);
    if (rc == ERR_OK)
        rc = put_list(out, "      ", "answers", leg->answers, leg->n_answers, e);
    if (rc == ERR_OK)
        rc = put_list(out, "      ", "from", leg->from, leg->n_from, e);
    if (rc == ERR_OK)
        rc = put_list(out, "      ", "to", leg->to, leg->n_to, e);
    if (rc == ERR_OK)
        rc = put_list(out, "      ", "ground", &leg->ground, 1, e);
    if (rc == ERR_OK)
        rc = put_list(out, "      ", "leans", leg->interpretation, leg->n_interpretation, e);
    return rc == ERR_OK ? buf_puts(out, "    </variant>\n", e) : rc;
}

static enum err_code xml_cell(const struct table_row *row, size_t c, struct buf *out, struct err *e)
{
    const char *name = cell_column_name((enum table_cell)c);
    enum err_code rc = buf_printf(out, e, "    <%s", name);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "written", row->cell[c], e);
    if (rc == ERR_OK)
        rc = buf_puts(out, ">", e);
    for (size_t i = 0; i < row->parsed[c].n_item && rc == ERR_OK; i++)
        rc = cell_item_write(&row->parsed[c].item[i], out, e);
    return rc == ERR_OK ? buf_printf(out, e, "</%s>\n", name) : rc;
}

static enum err_code xml_requirement(const struct table_requirement *q, struct buf *out,
                                     struct err *e)
{
    enum err_code rc = buf_puts(out, "    <requirement", e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "ref", q->ref, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "word", q->optional ? "may" : "shall", e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "variant", q->leg, e);
    if (rc == ERR_OK)
        rc = buf_puts(out, ">", e);
    if (rc == ERR_OK)
        rc = xmlw_escape(out, q->text, e);
    return rc == ERR_OK ? buf_puts(out, "</requirement>\n", e) : rc;
}

enum err_code rows_xml(const struct rows *rows, struct buf *out, struct err *e)
{
    enum err_code rc =
        buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rows version=\"1\">\n", e);
    for (size_t r = 0; r < rows->n && rc == ERR_OK; r++) {
        const struct table_row *row = rows->row[r];
        const struct table_payload *facts = table_payload_by_name(rows->table, row->payload);
        rc = buf_puts(out, "  <row", e);
        if (rc == ERR_OK)
            rc = xmlw_put_attr(out, "id", row->id, e);
        if (rc == ERR_OK)
            rc = xmlw_put_attr(out, "section", row->section, e);
        if (rc == ERR_OK)
            rc = xmlw_put_attr(out, "payload", row->payload, e);
        if (rc == ERR_OK)
            rc = xmlw_put_attr(out, "type", row->type, e);
        if (rc == ERR_OK)
            rc = xmlw_put_attr(out, "trigger", table_trigger_name(row->trigger), e);
        if (rc == ERR_OK)
            rc = xmlw_put_attr(out, "command", row->command, e);
        if (rc == ERR_OK)
            rc = xmlw_put_attr(out, "lics", facts->lics, e);
        if (rc == ERR_OK)
            rc = xmlw_put_attr(out, "cia", facts->cia, e);
        if (rc == ERR_OK)
            rc = xmlw_put_attr(out, "why", facts->why, e);
        if (rc == ERR_OK)
            rc = xmlw_put_attr(out, "unlisted", row->unlisted, e);
        if (rc == ERR_OK)
            rc = xmlw_put_attr(out, "dataflow", row->dataflow, e);
        if (rc == ERR_OK)
            rc = buf_puts(out, ">\n", e);
        for (size_t i = 0; i < row->n_requirement && rc == ERR_OK; i++)
            rc = xml_requirement(&row->requirement[i], out, e);
        if (rc == ERR_OK)
            rc = put_list(out, "    ", "use_case", row->use_case, row->n_use_case, e);
        for (size_t c = 0; c < CELL_COUNT && rc == ERR_OK; c++)
            rc = xml_cell(row, c, out, e);
        for (size_t i = 0; i < row->n_leg && rc == ERR_OK; i++)
            rc = xml_leg(&row->leg[i], out, e);
        if (rc == ERR_OK)
            rc = buf_puts(out, "  </row>\n", e);
    }
    return rc == ERR_OK ? buf_puts(out, "</rows>\n", e) : rc;
}

/* How many rows, those of the document apart from the others. */
static enum err_code put_count(const struct rows *rows, struct buf *out, struct err *e)
{
    size_t unlisted = 0;
    for (size_t i = 0; i < rows->n; i++)
        unlisted += rows->row[i]->unlisted != NULL;
    size_t listed = rows->n - unlisted;
    enum err_code rc = buf_printf(out, e, "%zu row%s", listed, listed == 1 ? "" : "s");
    if (rc == ERR_OK && unlisted > 0)
        rc = buf_printf(out, e, "; unlisted beside them, in no table of the document: %zu",
                        unlisted);
    return rc == ERR_OK ? buf_puts(out, "\n", e) : rc;
}

enum err_code rows_write(const struct rows *rows, const struct rows_style *style, struct buf *out,
                         struct err *e)
{
    if (style->format == ROWS_JSON)
        return rows_json(rows, out, e);
    if (style->format == ROWS_XML)
        return rows_xml(rows, out, e);
    if (style->format == ROWS_CSV)
        return rows_csv(rows, out, e);
    struct arena a = ARENA_INIT;
    struct grid g;
    grid_init(&g, table_header, TABLE_COLUMNS);
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < rows->n && rc == ERR_OK; i++)
        rc = table_row_line(rows->row[i], &a, &g, e);
    if (rc == ERR_OK && g.n_row > 0)
        rc = grid_table(&g, style->width, style->colour, out, e);
    if (rc == ERR_OK && rows->n > 0)
        rc = put_count(rows, out, e);
    grid_release(&g);
    arena_release(&a);
    return rc;
}
