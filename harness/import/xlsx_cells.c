/* xlsx_cells - the cells of a sheet. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/base/num.h"
#include "harness/import/number.h"
#include "harness/import/xlsx_impl.h"

struct cells {
    struct xlsx *x;
    struct sheet *out;
    struct sheet_problems *problems;
    const char *cell[LIMIT_SHEET_COLUMNS]; /* of the row so far */
    size_t n;
    long row;
    size_t column;
    char type[16];
    size_t style;
    struct buf text, shown;
    bool in_text, formula, valued, is_inline;
    int aside;
};

static enum err_code problem(struct cells *c, struct err *e, const char *what)
{
    return problems_add(c->problems, c->out, c->row, 0, c->column, NULL, e, "%s", what);
}

/* "AB12": column from 0, row; false when it is no such reference. */
static bool reference(const char *ref, size_t *column, long *row)
{
    size_t n = 0;
    int64_t number = 0;
    *column = 0;
    for (; ref[n] >= 'A' && ref[n] <= 'Z' && n < 4; n++)
        *column = *column * 26 + (size_t)(ref[n] - 'A' + 1);
    if (n == 0 || !num_i64(ref + n, strlen(ref + n), 1, LIMIT_SHEET_RECORDS, &number))
        return false;
    --*column;
    *row = (long)number;
    return true;
}

static enum err_code begin_row(struct cells *c, const struct xmlstream_attrs *attrs, struct err *e)
{
    char text[32];
    int64_t row = c->row + 1;
    (void)xmlstream_attr_text(attrs, "r", text, sizeof text);
    if (text[0] != '\0' && !num_i64(text, strlen(text), c->row + 1, LIMIT_SHEET_RECORDS, &row))
        return err_set(e, ERR_DATA,
                       "%s: sheet \"%s\": a row is numbered %s behind row %ld; expected a larger "
                       "number",
                       c->x->path, c->out->name, text, c->row);
    c->row = (long)row;
    c->column = SHEET_NOWHERE;
    for (size_t i = 0; i < c->n; i++)
        c->cell[i] = NULL;
    c->n = 0;
    return ERR_OK;
}

static enum err_code begin_cell(struct cells *c, const struct xmlstream_attrs *attrs, struct err *e)
{
    char text[32];
    size_t column = c->column + 1; /* SHEET_NOWHERE + 1 is 0 */
    long row = c->row;
    int64_t style = 0;
    (void)xmlstream_attr_text(attrs, "r", text, sizeof text);
    bool good = text[0] == '\0' || (reference(text, &column, &row) && row == c->row &&
                                    (c->column == SHEET_NOWHERE || column > c->column));
    if (!good)
        return err_set(
            e, ERR_DATA,
            "%s: sheet \"%s\", row %ld: cell \"%s\" is not of this row or not behind the "
            "one before",
            c->x->path, c->out->name, c->row, text);
    c->column = column;
    (void)xmlstream_attr_text(attrs, "t", c->type, sizeof c->type);
    (void)xmlstream_attr_text(attrs, "s", text, sizeof text);
    (void)num_i64(text, strlen(text), 0, LIMIT_SHEET_STYLES, &style);
    c->style = (size_t)style;
    c->formula = c->valued = c->is_inline = false;
    buf_reset(&c->text);
    return ERR_OK;
}

static enum err_code number(struct cells *c, struct err *e)
{
    char *end = NULL;
    errno = 0;
    double value = strtod(c->text.data, &end);
    if (end == c->text.data || *end != '\0' || !isfinite(value))
        return problem(c, e, "a number is expected here");
    const char *format =
        c->style < c->x->formats.n ? c->x->formats.text[c->style] : number_builtin(0);
    return number_write(format, value, c->x->since_1904, &c->shown, e);
}

/* What the cell shows, into c->shown. */
static enum err_code show(struct cells *c, struct err *e)
{
    uint64_t at = 0;
    buf_reset(&c->shown);
    if (c->formula && !c->valued)
        return problem(c, e,
                       "a formula without a value, expected the value that it had when saved");
    if (strcmp(c->type, "e") == 0)
        return problem(c, e, c->text.len > 0 ? c->text.data : "an error value");
    bool string = strcmp(c->type, "str") == 0 || strcmp(c->type, "inlineStr") == 0 ||
                  strcmp(c->type, "d") == 0;
    if (c->text.len == 0)
        return c->formula && !string ? problem(c, e, "a formula with an empty value, expected one")
                                     : ERR_OK;
    if (strcmp(c->type, "s") == 0) {
        if (!num_u64(c->text.data, c->text.len, 0, UINT32_MAX, &at) || at >= c->x->strings.n)
            return problem(c, e, "refers to a shared string that is not there");
        return buf_puts(&c->shown, c->x->strings.text[at], e);
    }
    if (string)
        return buf_append(&c->shown, c->text.data, xlsx_unescape(c->text.data, c->text.len), e);
    if (strcmp(c->type, "b") == 0)
        return buf_puts(&c->shown, strcmp(c->text.data, "1") == 0 ? "TRUE" : "FALSE", e);
    return number(c, e);
}

static enum err_code end_cell(struct cells *c, struct err *e)
{
    enum err_code rc = show(c, e);
    if (rc == ERR_LIMIT)
        return err_set(e, rc, "%s: sheet \"%s\", row %ld: a cell is too long", c->x->path,
                       c->out->name, c->row);
    if (rc != ERR_OK || c->shown.len == 0)
        return rc;
    if (c->column >= LIMIT_SHEET_COLUMNS)
        return problem(c, e, "so far to the right nothing is read");
    for (size_t i = c->n; i <= c->column; i++)
        c->cell[i] = NULL;
    c->n = c->column + 1;
    return sheet_text(c->out, c->shown.data, c->shown.len, &c->cell[c->column], e);
}

static enum err_code end_row(struct cells *c, struct err *e)
{
    bool blank = true;
    for (size_t i = 0; i < c->n; i++)
        blank = blank && (c->cell[i] == NULL || c->cell[i][strspn(c->cell[i], " \t\r\n")] == '\0');
    if (blank)
        return ERR_OK;
    struct sheet_record *r;
    enum err_code rc = sheet_add(c->out, c->row, 0, c->n, &r, e);
    for (size_t i = 0; rc == ERR_OK && i < c->n; i++)
        if (c->cell[i] != NULL)
            r->cell[i] = c->cell[i];
    return rc;
}

static enum err_code merged(struct cells *c, const struct xmlstream_attrs *attrs, struct err *e)
{
    char ref[64], text[128] = "merged cells, expected each row to have its own";
    (void)xmlstream_attr_text(attrs, "ref", ref, sizeof ref);
    char first[32] = "";
    size_t n = strcspn(ref, ":");
    memcpy(first, ref, n < sizeof first ? n : sizeof first - 1);
    first[n < sizeof first ? n : sizeof first - 1] = '\0';
    c->column = SHEET_NOWHERE;
    c->row = 0;
    if (!reference(first, &c->column, &c->row))
        c->column = SHEET_NOWHERE;
    enum err_code rc =
        problems_add(c->problems, c->out, c->row, 0, c->column, NULL, e, "%s: %s", text, ref);
    return rc;
}

static enum err_code start(void *arg, const char *element, const struct xmlstream_attrs *attrs,
                           struct err *e)
{
    struct cells *c = arg;
    c->in_text = false;
    if (strcmp(element, "row") == 0)
        return begin_row(c, attrs, e);
    if (strcmp(element, "c") == 0)
        return begin_cell(c, attrs, e);
    if (strcmp(element, "mergeCell") == 0)
        return merged(c, attrs, e);
    c->aside += strcmp(element, "rPh") == 0;
    c->formula = c->formula || strcmp(element, "f") == 0;
    c->is_inline = c->is_inline || strcmp(element, "is") == 0;
    bool value = strcmp(element, "v") == 0;
    c->valued = c->valued || value;
    c->in_text = value || (c->is_inline && c->aside == 0 && strcmp(element, "t") == 0);
    return ERR_OK;
}

static enum err_code text(void *arg, const char *data, size_t len, struct err *e)
{
    struct cells *c = arg;
    enum err_code rc = c->in_text ? buf_append(&c->text, data, len, e) : ERR_OK;
    return rc == ERR_LIMIT ? err_set(e, rc, "%s: sheet \"%s\", row %ld: a cell is too long",
                                     c->x->path, c->out->name, c->row)
                           : rc;
}

static enum err_code end(void *arg, const char *element, struct err *e)
{
    struct cells *c = arg;
    c->in_text = false;
    c->aside -= strcmp(element, "rPh") == 0;
    if (strcmp(element, "c") == 0)
        return end_cell(c, e);
    return strcmp(element, "row") == 0 ? end_row(c, e) : ERR_OK;
}

enum err_code xlsx_cells(struct xlsx *x, const char *part, struct sheet *out,
                         struct sheet_problems *problems, struct err *e)
{
    static const struct xmlstream_handler handler = {start, text, end};
    struct cells *c = calloc(1, sizeof *c);
    if (c == NULL)
        return err_set(e, ERR_NOMEM, "%s: no memory to read it", x->path);
    c->x = x;
    c->out = out;
    c->problems = problems;
    buf_init(&c->text, LIMIT_SHEET_CELL_BYTES);
    buf_init(&c->shown, LIMIT_SHEET_CELL_BYTES);
    enum err_code rc = xlsx_part(x, part, &handler, c, e);
    buf_release(&c->text);
    buf_release(&c->shown);
    free(c);
    return rc;
}
