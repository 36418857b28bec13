#include "harness/import/csv.h"

#include <string.h>

#include "harness/base/limits.h"
#include "harness/base/xmlw.h"

struct reader {
    const char *path, *p, *end;
    char separator;
    long line, row;
    struct buf field;
    struct sheet *out;
    struct err *e;
};

static enum err_code fault(const struct reader *r, const char *what)
{
    return err_set(r->e, ERR_DATA, "%s:%ld: row %ld: %s", r->path, r->line, r->row, what);
}

static bool at_break(const struct reader *r)
{
    return *r->p == '\n' || (*r->p == '\r' && r->p + 1 < r->end && r->p[1] == '\n');
}

static void skip_break(struct reader *r)
{
    r->p += *r->p == '\r' ? 2 : 1;
    r->line++;
}

static enum err_code quoted_field(struct reader *r)
{
    long from = r->line;
    r->p++;
    for (;;) {
        if (r->p == r->end)
            return err_set(r->e, ERR_DATA,
                           "%s:%ld: row %ld: a quote is opened here and never closed", r->path,
                           from, r->row);
        if (*r->p == '"') {
            r->p++;
            if (r->p == r->end || *r->p != '"')
                break;
        }
        enum err_code rc;
        if (at_break(r)) {
            rc = buf_append(&r->field, "\n", 1, r->e);
            skip_break(r);
        } else {
            rc = buf_append(&r->field, r->p++, 1, r->e);
        }
        if (rc != ERR_OK)
            return rc == ERR_LIMIT ? fault(r, "a field is too long") : rc;
    }
    if (r->p < r->end && *r->p != r->separator && !at_break(r))
        return fault(r, "something stands behind a closing quote, expected a separator");
    return ERR_OK;
}

static enum err_code plain_field(struct reader *r)
{
    const char *from = r->p;
    while (r->p < r->end && *r->p != r->separator && !at_break(r)) {
        if (*r->p == '"')
            return fault(r, "a quote within a field that does not begin with one");
        r->p++;
    }
    enum err_code rc = buf_append(&r->field, from, (size_t)(r->p - from), r->e);
    return rc == ERR_LIMIT ? fault(r, "a field is too long") : rc;
}

/* One record into cells of s. n gets its fields. */
static enum err_code record(struct reader *r, const char **cell, size_t *n)
{
    for (*n = 0;; r->p++) {
        if (*n == LIMIT_SHEET_COLUMNS)
            return fault(r, "more columns than are read");
        buf_reset(&r->field);
        bool quoted = r->p < r->end && *r->p == '"';
        enum err_code rc = quoted ? quoted_field(r) : plain_field(r);
        if (rc == ERR_OK)
            rc = sheet_text(r->out, r->field.data == NULL ? "" : r->field.data, r->field.len,
                            &cell[*n], r->e);
        if (rc != ERR_OK)
            return rc;
        ++*n;
        if (r->p == r->end)
            return ERR_OK;
        if (*r->p != r->separator) {
            skip_break(r);
            return ERR_OK;
        }
    }
}

static bool is_blank(const char *const *cell, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (cell[i][strspn(cell[i], " \t\n\r")] != '\0')
            return false;
    return true;
}

/* Up to most records. */
static enum err_code records(struct reader *r, size_t most)
{
    const char *cell[LIMIT_SHEET_COLUMNS];
    size_t wide = 0;
    while (r->p < r->end && r->out->n < most) {
        long line = r->line;
        size_t n;
        r->row++;
        enum err_code rc = record(r, cell, &n);
        if (rc != ERR_OK)
            return rc;
        if (is_blank(cell, n))
            continue;
        if (wide != 0 && n != wide)
            return err_set(r->e, ERR_DATA,
                           "%s:%ld: row %ld has %zu fields, expected %zu as the first row has",
                           r->path, line, r->row, n, wide);
        wide = n;
        struct sheet_record *rec;
        rc = sheet_add(r->out, r->row, line, n, &rec, r->e);
        if (rc != ERR_OK)
            return rc;
        memcpy(rec->cell, cell, n * sizeof *cell);
    }
    return ERR_OK;
}

static enum err_code check_text(const char *path, const char *data, size_t len, struct err *e)
{
    long line = 1;
    const char *start = data;
    for (size_t i = 0; i < len;) {
        size_t n = data[i] == '\0' ? 0 : xmlw_char_bytes(data + i);
        if (n == 0)
            return err_set(e, ERR_DATA,
                           "%s:%ld: byte %zu of the line is 0x%02X, which is no UTF-8 text here; "
                           "expected a CSV file in UTF-8",
                           path, line, (size_t)(data + i - start) + 1, (unsigned char)data[i]);
        if (data[i] == '\n') {
            line++;
            start = data + i + 1;
        }
        i += n;
    }
    return ERR_OK;
}

static enum err_code parse_as(const char *path, const char *data, size_t len, long line,
                              char separator, size_t most, struct sheet *out, struct err *e)
{
    struct reader r = {.path = path,
                       .p = data,
                       .end = data + len,
                       .separator = separator,
                       .line = line,
                       .row = line - 1,
                       .out = out,
                       .e = e};
    buf_init(&r.field, LIMIT_SHEET_CELL_BYTES);
    sheet_init(out, path);
    enum err_code rc = records(&r, most);
    buf_release(&r.field);
    return rc;
}

enum err_code csv_parse(const char *path, const char *data, size_t len, csv_known_fn *known,
                        struct sheet *out, struct err *e)
{
    static const char separators[] = ",;\t";
    long first_line = 1;
    sheet_init(out, path);
    if (len >= 2 && (memcmp(data, "\xFF\xFE", 2) == 0 || memcmp(data, "\xFE\xFF", 2) == 0))
        return err_set(e, ERR_DATA, "%s:1: begins as UTF-16; expected a CSV file in UTF-8", path);
    if (len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
        data += 3;
        len -= 3;
    }
    enum err_code rc = check_text(path, data, len, e);
    if (rc != ERR_OK)
        return rc;
    /* A line of Excel's own that names the separator is no record. */
    if (len >= 6 && memcmp(data, "sep=", 4) == 0 && (data[5] == '\r' || data[5] == '\n')) {
        struct reader at = {.p = data + 5, .end = data + len};
        skip_break(&at);
        len -= (size_t)(at.p - data);
        data = at.p;
        first_line = 2;
    }
    char best = ',';
    size_t most = 0;
    for (const char *s = separators; *s != '\0'; s++) {
        struct err ignored = ERR_INIT;
        (void)parse_as(path, data, len, first_line, *s, CSV_HEAD, out, &ignored);
        for (size_t i = 0; i < out->n; i++) {
            size_t n = known == NULL ? out->record[i].n : known(&out->record[i]);
            if (n > most) {
                most = n;
                best = *s;
            }
        }
        sheet_release(out);
    }
    rc = parse_as(path, data, len, first_line, best, SIZE_MAX, out, e);
    if (rc != ERR_OK)
        sheet_release(out);
    return rc;
}

enum err_code csv_read(const char *path, csv_known_fn *known, struct sheet *out, struct err *e)
{
    struct buf data;
    buf_init(&data, LIMIT_SHEET_FILE_BYTES);
    sheet_init(out, path);
    enum err_code rc = buf_read_file(&data, path, e);
    if (rc == ERR_OK)
        rc = csv_parse(path, data.data == NULL ? "" : data.data, data.len, known, out, e);
    buf_release(&data);
    return rc;
}
