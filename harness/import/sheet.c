#include "harness/import/sheet.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"

void sheet_init(struct sheet *s, const char *path)
{
    *s = (struct sheet){.path = path, .arena = ARENA_INIT};
}

void sheet_release(struct sheet *s)
{
    free(s->record);
    arena_release(&s->arena);
    *s = (struct sheet){.path = s->path, .arena = ARENA_INIT};
}

enum err_code sheet_add(struct sheet *s, long row, long line, size_t n, struct sheet_record **out,
                        struct err *e)
{
    if (s->n >= LIMIT_SHEET_RECORDS)
        return err_set(e, ERR_LIMIT, "%s: more than %u rows", s->path, LIMIT_SHEET_RECORDS);
    if (s->n == s->cap) {
        size_t cap = s->cap == 0 ? 256 : s->cap * 2;
        struct sheet_record *more = realloc(s->record, cap * sizeof *more);
        if (more == NULL)
            return err_set(e, ERR_NOMEM, "%s: no memory for %zu rows", s->path, cap);
        s->record = more;
        s->cap = cap;
    }
    const char **cell = arena_alloc(&s->arena, n * sizeof *cell + 1);
    if (cell == NULL)
        return err_set(e, ERR_NOMEM, "%s: no memory for row %ld", s->path, row);
    for (size_t i = 0; i < n; i++)
        cell[i] = "";
    *out = &s->record[s->n++];
    **out = (struct sheet_record){row, line, cell, n, false};
    return ERR_OK;
}

enum err_code sheet_text(struct sheet *s, const char *text, size_t len, const char **out,
                         struct err *e)
{
    *out = "";
    if (len == 0)
        return ERR_OK;
    if (len > LIMIT_SHEET_TEXT_BYTES - s->text_bytes)
        return err_set(e, ERR_LIMIT, "%s: its cells hold more than %u bytes", s->path,
                       LIMIT_SHEET_TEXT_BYTES);
    s->text_bytes += len;
    *out = arena_strndup(&s->arena, text, len);
    return *out != NULL ? ERR_OK : err_set(e, ERR_NOMEM, "%s: no memory for its cells", s->path);
}

const char *sheet_column_name(size_t column, char *room)
{
    char reversed[8];
    size_t n = 0;
    for (size_t rest = column + 1; rest > 0 && n < 7; rest = (rest - 1) / 26)
        reversed[n++] = (char)('A' + (rest - 1) % 26);
    for (size_t i = 0; i < n; i++)
        room[i] = reversed[n - 1 - i];
    room[n] = '\0';
    return room;
}

void problems_init(struct sheet_problems *p)
{
    buf_init(&p->text, LIMIT_SHEET_FILE_BYTES);
    p->n = 0;
}

void problems_release(struct sheet_problems *p)
{
    buf_release(&p->text);
}

enum err_code problems_add(struct sheet_problems *p, const struct sheet *s, long row, long line,
                           size_t column, const char *heading, struct err *e, const char *fmt, ...)
{
    char text[1200], name[8];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    for (char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    enum err_code rc = buf_puts(&p->text, s->path, e);
    if (rc == ERR_OK && line > 0)
        rc = buf_printf(&p->text, e, ":%ld", line);
    if (rc == ERR_OK && s->name != NULL)
        rc = buf_printf(&p->text, e, ": sheet \"%.60s\"", s->name);
    const char *comma = s->name != NULL ? ", " : ": ";
    if (rc == ERR_OK && row > 0) {
        rc = buf_printf(&p->text, e, "%srow %ld", comma, row);
        comma = ", ";
    }
    if (rc == ERR_OK && column != SHEET_NOWHERE)
        rc = buf_printf(&p->text, e, "%scolumn %s", comma, sheet_column_name(column, name));
    if (rc == ERR_OK && heading != NULL)
        rc = buf_printf(&p->text, e, " \"%.60s\"", heading);
    if (rc == ERR_OK)
        rc = buf_printf(&p->text, e, ": %s\n", text);
    p->n++;
    return rc;
}
