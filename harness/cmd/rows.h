/* rows - the rows command's writers. For cmd_rows.c and rows_*.c.
 *
 * Ownership: rows are borrowed; out grows.
 * Errors:    ERR_NOMEM, ERR_LIMIT.
 */
#ifndef HARNESS_ROWS_H
#define HARNESS_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/arena.h"
#include "harness/base/buf.h"
#include "harness/table/cell.h"
#include "harness/table/table.h"

enum rows_format { ROWS_TABLE = 0, ROWS_JSON, ROWS_CSV, ROWS_XML };

struct rows_style {
    enum rows_format format;
    size_t width; /* of a line, 0: any */
    bool colour;
};

struct rows {
    const struct table *table;
    const struct table_row **row;
    size_t n;
};

enum err_code rows_write(const struct rows *rows, const struct rows_style *style, struct buf *out,
                         struct err *e);
/* The readings of a row as a JSON array. */
enum err_code rows_variants(const struct table_row *row, struct buf *out, struct err *e);
enum err_code rows_json(const struct rows *rows, struct buf *out, struct err *e);
enum err_code rows_csv(const struct rows *rows, struct buf *out, struct err *e);
/* What the row's requirements say: "shall", "may" or "partly may" (some of its readings). */
const char *rows_word(const struct table_row *row);
enum err_code rows_xml(const struct rows *rows, struct buf *out, struct err *e);

#endif
