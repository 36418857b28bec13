#include "harness/cmd/grid.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/xmlw.h"

#define BOLD "\033[1m"
#define PLAIN "\033[0m"
#define LEAST_WIDTH 9

void grid_init(struct grid *g, const char *const *header, size_t n_column)
{
    *g = (struct grid){.header = header, .n_column = n_column};
}

void grid_release(struct grid *g)
{
    free(g->cell);
    g->cell = NULL;
    g->n_row = g->cap_row = 0;
}

enum err_code grid_add(struct grid *g, const char *const *cell, struct err *e)
{
    if (g->n_row == g->cap_row) {
        size_t cap = g->cap_row == 0 ? 64 : g->cap_row * 2;
        const char **more = realloc(g->cell, cap * g->n_column * sizeof *more);
        if (more == NULL)
            return err_set(e, ERR_NOMEM, "no memory for %zu lines of output", cap);
        g->cell = more;
        g->cap_row = cap;
    }
    memcpy(g->cell + g->n_row * g->n_column, cell, g->n_column * sizeof *cell);
    g->n_row++;
    return ERR_OK;
}

static const char *at(const struct grid *g, size_t row, size_t column)
{
    const char *text = g->cell[row * g->n_column + column];
    return text == NULL ? "" : text;
}

/* Characters, not bytes: continuation bytes do not count. */
static size_t text_width(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

static size_t head_bytes(const char *text, size_t width)
{
    size_t i = 0;
    for (size_t n = 0; text[i] != '\0'; i++) {
        n += ((unsigned char)text[i] & 0xC0) != 0x80;
        if (n > width)
            break;
    }
    return i;
}

/* Widths of the columns; the number that are shown. Where a line is too short for all, the last
 * ones are left off; then the widest of the others are cut, the first column last. */
static size_t fit(const struct grid *g, size_t width, size_t column[GRID_COLUMNS])
{
    size_t total = 0, least = 0, shown = 0;
    for (size_t c = 0; c < g->n_column; c++) {
        column[c] = text_width(g->header[c]);
        for (size_t r = 0; r < g->n_row; r++) {
            size_t n = text_width(at(g, r, c));
            if (n > column[c])
                column[c] = n;
        }
        least += (c == 0 || column[c] < LEAST_WIDTH ? column[c] : LEAST_WIDTH) + 2;
        if (width > 0 && c > 0 && least > width + 2)
            break;
        total += column[c] + 2;
        shown++;
    }
    while (width > 0 && total > width + 2) {
        size_t widest = shown > 1 ? 1 : 0;
        for (size_t c = 2; c < shown; c++)
            if (column[c] > column[widest])
                widest = c;
        if (column[widest] <= LEAST_WIDTH)
            widest = 0;
        if (column[widest] <= LEAST_WIDTH)
            break;
        column[widest]--;
        total--;
    }
    return shown;
}

static enum err_code put_line(const char *const *cell, const size_t *column, size_t n,
                              struct buf *out, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t c = 0; c < n && rc == ERR_OK; c++) {
        const char *text = cell[c] == NULL ? "" : cell[c];
        size_t wide = text_width(text);
        bool cut = wide > column[c];
        rc = buf_append(out, text, head_bytes(text, cut ? column[c] - 1 : wide), e);
        if (rc == ERR_OK && cut)
            rc = buf_puts(out, "\xe2\x80\xa6", e);
        size_t pad = c + 1 == n ? 0 : column[c] - (cut ? column[c] : wide) + 2;
        if (rc == ERR_OK)
            rc = buf_printf(out, e, "%*s", (int)pad, "");
    }
    while (rc == ERR_OK && out->len > 0 && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
    return rc == ERR_OK ? buf_puts(out, "\n", e) : rc;
}

enum err_code grid_table(const struct grid *g, size_t width, bool colour, struct buf *out,
                         struct err *e)
{
    size_t column[GRID_COLUMNS];
    size_t shown = fit(g, width, column);
    enum err_code rc = colour ? buf_puts(out, BOLD, e) : ERR_OK;
    if (rc == ERR_OK)
        rc = put_line(g->header, column, shown, out, e);
    if (rc == ERR_OK && colour)
        rc = buf_puts(out, PLAIN, e);
    for (size_t r = 0; r < g->n_row && rc == ERR_OK; r++)
        rc = put_line(g->cell + r * g->n_column, column, shown, out, e);
    return rc;
}

static enum err_code put_wrapped(const char *label, const char *text, size_t width, struct buf *out,
                                 struct err *e)
{
    enum err_code rc = buf_printf(out, e, "    %s:", label);
    size_t column = 5 + strlen(label);
    while (rc == ERR_OK && *text != '\0') {
        size_t n = strcspn(text, " ");
        char word[512];
        if (n >= sizeof word)
            n = sizeof word - 1;
        memcpy(word, text, n);
        word[n] = '\0';
        size_t wide = text_width(word);
        bool wrap = width > 0 && column + 1 + wide > width && column > 6;
        rc = buf_puts(out, wrap ? "\n      " : " ", e);
        column = wrap ? 6 + wide : column + 1 + wide;
        if (rc == ERR_OK)
            rc = buf_puts(out, word, e);
        text += n;
        text += strspn(text, " ");
    }
    return rc == ERR_OK ? buf_puts(out, "\n", e) : rc;
}

enum err_code grid_notes(const struct grid *g, size_t width, bool colour, struct buf *out,
                         struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t r = 0; r < g->n_row && rc == ERR_OK; r++) {
        rc = buf_printf(out, e, "%s%s%s  %s\n", colour ? BOLD : "", at(g, r, 0),
                        colour ? PLAIN : "", at(g, r, 1));
        for (size_t c = 2; c < g->n_column && rc == ERR_OK; c++)
            rc = put_wrapped(g->header[c], at(g, r, c), width, out, e);
    }
    return rc;
}

enum err_code put_csv_field(struct buf *out, const char *text, struct err *e)
{
    if (text == NULL)
        return ERR_OK;
    if (strpbrk(text, ",\"\r\n") == NULL)
        return buf_puts(out, text, e);
    enum err_code rc = buf_puts(out, "\"", e);
    for (; *text != '\0' && rc == ERR_OK; text++) {
        if (*text == '"')
            rc = buf_puts(out, "\"", e);
        if (rc == ERR_OK)
            rc = buf_append(out, text, 1, e);
    }
    return rc == ERR_OK ? buf_puts(out, "\"", e) : rc;
}

enum err_code put_json_string(struct buf *out, const char *text, struct err *e)
{
    if (text == NULL)
        return buf_puts(out, "null", e);
    enum err_code rc = buf_puts(out, "\"", e);
    for (; *text != '\0' && rc == ERR_OK; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            rc = buf_printf(out, e, "\\%c", c);
        else if (c < 0x20)
            rc = buf_printf(out, e, "\\u%04x", c);
        else
            rc = buf_append(out, text, 1, e);
    }
    return rc == ERR_OK ? buf_puts(out, "\"", e) : rc;
}

enum err_code grid_csv(const struct grid *g, struct buf *out, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t r = 0; r <= g->n_row && rc == ERR_OK; r++) {
        for (size_t c = 0; c < g->n_column && rc == ERR_OK; c++) {
            rc = c > 0 ? buf_puts(out, ",", e) : ERR_OK;
            if (rc == ERR_OK)
                rc = put_csv_field(out, r == 0 ? g->header[c] : at(g, r - 1, c), e);
        }
        if (rc == ERR_OK)
            rc = buf_puts(out, "\r\n", e);
    }
    return rc;
}

enum err_code grid_json(const struct grid *g, struct buf *out, struct err *e)
{
    enum err_code rc = buf_puts(out, "[", e);
    for (size_t r = 0; r < g->n_row && rc == ERR_OK; r++) {
        rc = buf_puts(out, r == 0 ? "\n  {" : ",\n  {", e);
        for (size_t c = 0; c < g->n_column && rc == ERR_OK; c++) {
            rc = c > 0 ? buf_puts(out, ", ", e) : ERR_OK;
            if (rc == ERR_OK)
                rc = put_json_string(out, g->header[c], e);
            if (rc == ERR_OK)
                rc = buf_puts(out, ": ", e);
            if (rc == ERR_OK)
                rc = put_json_string(out, g->cell[r * g->n_column + c], e);
        }
        if (rc == ERR_OK)
            rc = buf_puts(out, "}", e);
    }
    return rc == ERR_OK ? buf_puts(out, g->n_row > 0 ? "\n]\n" : "]\n", e) : rc;
}

enum err_code grid_xml(const struct grid *g, const char *root, const char *element, struct buf *out,
                       struct err *e)
{
    struct xmlw w;
    xmlw_begin(&w, out, e);
    xmlw_open(&w, root);
    xmlw_attr(&w, "version", "1");
    for (size_t r = 0; r < g->n_row; r++) {
        xmlw_open(&w, element);
        for (size_t c = 0; c < g->n_column; c++)
            xmlw_attr(&w, g->header[c], at(g, r, c));
        xmlw_close(&w, element);
    }
    xmlw_close(&w, root);
    return w.rc;
}
