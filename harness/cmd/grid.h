/* grid - a list of records with named columns, written as a table for people, CSV, JSON or XML.
 *
 * Ownership: borrows headers and cells; grid_release frees what the grid holds itself.
 * Errors:    ERR_NOMEM, ERR_LIMIT.
 * Spec:      RFC 4180, RFC 8259.
 */
#ifndef HARNESS_GRID_H
#define HARNESS_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/buf.h"

#define GRID_COLUMNS 32

struct grid {
    const char *const *header;
    size_t n_column;
    const char **cell; /* n_row * n_column; NULL: none */
    size_t n_row, cap_row;
};

void grid_init(struct grid *g, const char *const *header, size_t n_column);
void grid_release(struct grid *g);
/* n_column strings. */
enum err_code grid_add(struct grid *g, const char *const *cell, struct err *e);

/* Columns aligned; lines cut to width characters (0: never), the last columns left off when there
 * is no room at all. Colour marks the header. */
enum err_code grid_table(const struct grid *g, size_t width, bool colour, struct buf *out,
                         struct err *e);
/* A paragraph a record: the first two cells, then the others indented and wrapped. */
enum err_code grid_notes(const struct grid *g, size_t width, bool colour, struct buf *out,
                         struct err *e);
enum err_code grid_csv(const struct grid *g, struct buf *out, struct err *e);
enum err_code grid_json(const struct grid *g, struct buf *out, struct err *e);
enum err_code grid_xml(const struct grid *g, const char *root, const char *element, struct buf *out,
                       struct err *e);

/* Pieces of these formats for other writers. */
enum err_code put_json_string(struct buf *out, const char *text, struct err *e); /* NULL: null */
enum err_code put_csv_field(struct buf *out, const char *text, struct err *e);

#endif
