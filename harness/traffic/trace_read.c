#include "harness/traffic/trace_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/buf.h"
#include "harness/base/clock.h"
#include "harness/base/names.h"
#include "harness/base/num.h"

#define COLUMNS 64
#define MOST_TIME_NS (INT64_C(400) * 86400 * NS_PER_S)

enum column { COLUMN_TIME = 0, COLUMN_ROW, COLUMN_READING, COLUMN_ENDPOINT, COLUMN_CLASS, KNOWN };

struct reading {
    const char *name, *at, *end; /* at: what is not read yet */
    long line;
    char text[TRACE_FILE_LINE + 1]; /* fields of the line, each ended by a 0 byte */
    const char *field[COLUMNS];
    size_t n_field;
    size_t column[KNOWN]; /* of the heading; COLUMNS: it has none */
    struct names kinds;   /* by row, reading and class */
    int64_t first_ns, last_ns;
    struct trace_file *f;
    struct err *e;
};

static enum err_code fault(struct reading *r, size_t column, const char *what)
{
    return err_set(r->e, ERR_DATA, "%s:%ld: column %zu: %s", r->name, r->line, column + 1, what);
}

/* One line's fields. Line breaks inside of quotes are none of a trace. */
static enum err_code split(struct reading *r)
{
    const char *end = memchr(r->at, '\n', (size_t)(r->end - r->at));
    const char *stop = end == NULL ? r->end : end, *next = end == NULL ? r->end : end + 1;
    char *to = r->text;
    r->line++;
    r->n_field = 0;
    if (stop > r->at && stop[-1] == '\r')
        stop--;
    if ((size_t)(stop - r->at) > TRACE_FILE_LINE / 2)
        return err_set(r->e, ERR_DATA, "%s:%ld: a line of more than %d bytes", r->name, r->line,
                       TRACE_FILE_LINE / 2);
    for (const char *p = r->at;;) {
        bool quoted = p < stop && *p == '"';
        if (r->n_field == COLUMNS)
            return fault(r, COLUMNS, "expected at most 64 columns");
        r->field[r->n_field++] = to;
        for (p += quoted; p < stop; p++) {
            if (quoted && *p == '"' && !(p + 1 < stop && p[1] == '"'))
                break;
            if (*p == '\0' || (!quoted && (*p == ',' || *p == '"')))
                break;
            p += quoted && *p == '"';
            *to++ = *p;
        }
        *to++ = '\0';
        if (quoted && p == stop)
            return fault(r, r->n_field - 1, "the quote is not closed on its line");
        p += quoted;
        if (p == stop)
            break;
        if (*p != ',')
            return fault(r, r->n_field - 1, "expected a comma behind the field");
        p++;
    }
    r->at = next;
    return ERR_OK;
}

static enum err_code heading(struct reading *r)
{
    static const char *const name[KNOWN] = {"time_s", "row", "reading", "endpoint", "class"};
    if (r->end - r->at >= 3 && memcmp(r->at, "\xEF\xBB\xBF", 3) == 0)
        r->at += 3;
    enum err_code rc = split(r);
    for (int c = 0; c < KNOWN && rc == ERR_OK; c++) {
        r->column[c] = COLUMNS;
        for (size_t i = 0; i < r->n_field; i++) {
            if (strcmp(r->field[i], name[c]) != 0)
                continue;
            if (r->column[c] != COLUMNS)
                return fault(r, i, "the column is there twice");
            r->column[c] = i;
        }
        if (r->column[c] == COLUMNS && c != COLUMN_CLASS)
            return err_set(r->e, ERR_DATA,
                           "%s:%ld: no column %s, expected time_s, row, reading "
                           "and endpoint in the heading",
                           r->name, r->line, name[c]);
    }
    return rc;
}

static const char *value(const struct reading *r, enum column c)
{
    return r->column[c] == COLUMNS ? "" : r->field[r->column[c]];
}

static enum err_code find_kind(struct reading *r, uint32_t *out)
{
    struct trace_file *f = r->f;
    const char *row = value(r, COLUMN_ROW), *reading = value(r, COLUMN_READING),
               *class = value(r, COLUMN_CLASS);
    char key[TRACE_FILE_LINE + 8];
    (void)snprintf(key, sizeof key, "%s\n%s\n%s", row, reading, class); /* no field has a \n */
    size_t known = names_find(&r->kinds, key);
    if (known != NAMES_NONE) {
        *out = (uint32_t)known;
        return ERR_OK;
    }
    if (row[0] == '\0' || reading[0] == '\0')
        return fault(r, r->column[row[0] == '\0' ? COLUMN_ROW : COLUMN_READING],
                     "it is empty, expected a name");
    if (f->n_kind == TRACE_FILE_KINDS)
        return err_set(r->e, ERR_DATA, "%s:%ld: more than %d different readings", r->name, r->line,
                       TRACE_FILE_KINDS);
    struct trace_file_kind *k = &f->kind[f->n_kind];
    *k = (struct trace_file_kind){arena_strdup(&f->arena, row), arena_strdup(&f->arena, reading),
                                  arena_strdup(&f->arena, class), 0};
    const char *name = arena_strdup(&f->arena, key);
    if (k->row == NULL || k->reading == NULL || k->device_class == NULL || name == NULL ||
        !names_put(&r->kinds, &f->arena, name, f->n_kind))
        return err_set(r->e, ERR_NOMEM, "no memory to read %s", r->name);
    *out = (uint32_t)f->n_kind++;
    return ERR_OK;
}

static enum err_code item(struct reading *r)
{
    struct trace_file *f = r->f;
    const char *time = value(r, COLUMN_TIME), *endpoint = value(r, COLUMN_ENDPOINT);
    int64_t at = 0;
    uint64_t who = 0;
    uint32_t kind = 0;
    for (int c = 0; c < KNOWN; c++)
        if (r->column[c] != COLUMNS && r->column[c] >= r->n_field)
            return fault(r, r->n_field, "the line ends before it");
    if (!num_fixed(time, strlen(time), NS_PER_S, &at) || at > MOST_TIME_NS)
        return fault(r, r->column[COLUMN_TIME], "expected seconds, at most 9 decimals, 400 days");
    if (!num_u64(endpoint, strlen(endpoint), 1, UINT32_MAX, &who))
        return fault(r, r->column[COLUMN_ENDPOINT], "expected a number from 1 on");
    if (f->n > 0 && at < r->last_ns)
        return fault(r, r->column[COLUMN_TIME],
                     "it is before the line above: expected them in "
                     "order of time");
    enum err_code rc = find_kind(r, &kind);
    if (rc != ERR_OK)
        return rc;
    if (f->n == f->cap) {
        size_t cap = f->cap == 0 ? 4096 : f->cap * 2;
        void *room = f->n == TRACE_FILE_MOST ? NULL : realloc(f->item, cap * sizeof *f->item);
        if (f->n == TRACE_FILE_MOST)
            return err_set(r->e, ERR_DATA, "%s: more than %d payloads", r->name, TRACE_FILE_MOST);
        if (room == NULL)
            return err_set(r->e, ERR_NOMEM, "no memory for %zu payloads", cap);
        f->item = room;
        f->cap = cap > TRACE_FILE_MOST ? TRACE_FILE_MOST : cap;
    }
    if (f->n == 0)
        r->first_ns = at;
    r->last_ns = at;
    f->kind[kind].n++;
    f->item[f->n++] = (struct trace_file_item){at - r->first_ns, (uint32_t)who, kind};
    f->length_ns = at - r->first_ns;
    return ERR_OK;
}

enum err_code trace_file_parse(const char *name, const char *data, size_t len,
                               struct trace_file **out, struct err *e)
{
    *out = NULL;
    struct reading *r = calloc(1, sizeof *r);
    struct trace_file *f = calloc(1, sizeof *f);
    enum err_code rc = ERR_OK;
    if (r != NULL && f != NULL) {
        f->kind = arena_alloc(&f->arena, TRACE_FILE_KINDS * sizeof *f->kind);
        r->name = name;
        r->at = data;
        r->end = data + len;
        r->f = f;
        r->e = e;
    }
    if (r == NULL || f == NULL || f->kind == NULL)
        rc = err_set(e, ERR_NOMEM, "no memory to read %s", name);
    if (rc == ERR_OK && len == 0)
        rc = err_set(e, ERR_DATA, "%s: it is empty, expected a heading", name);
    if (rc == ERR_OK)
        rc = heading(r);
    while (rc == ERR_OK && r->at < r->end) {
        rc = split(r);
        if (rc == ERR_OK)
            rc = item(r);
    }
    free(r);
    if (rc == ERR_OK)
        *out = f;
    else
        trace_file_free(f);
    return rc;
}

enum err_code trace_file_read(const char *path, struct trace_file **out, struct err *e)
{
    struct buf data;
    *out = NULL;
    buf_init(&data, TRACE_FILE_BYTES);
    enum err_code rc = buf_read_file(&data, path, e);
    if (rc == ERR_OK)
        rc = trace_file_parse(path, data.data, data.len, out, e);
    if (rc == ERR_OK)
        rc = sha256_bytes(data.data, data.len, (*out)->digest, e);
    if (rc != ERR_OK) {
        trace_file_free(*out);
        *out = NULL;
    }
    buf_release(&data);
    return rc;
}

void trace_file_free(struct trace_file *f)
{
    if (f == NULL)
        return;
    free(f->item);
    arena_release(&f->arena);
    free(f);
}
