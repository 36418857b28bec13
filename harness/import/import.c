#include "harness/import/import.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/limits.h"
#include "harness/import/columns.h"
#include "harness/import/csv.h"
#include "harness/import/rows.h"
#include "harness/import/xlsx.h"

#define MAIN_SHEET "Reqmts-Combined"
#define PAYLOAD_SHEET "Payload_attrib_LIC-CIA-rtnl"

enum format { FORMAT_CSV = 0, FORMAT_XLSX };

struct work {
    const struct import_options *o;
    struct import_result *out;
    struct sheet sheet, payloads;
    struct columns columns, payload_columns;
    bool has_payloads;
    struct registry registry;
};

static enum err_code format_of(const char *path, enum format *out, struct err *e)
{
    unsigned char head[8] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return err_set(e, ERR_DATA, "%s: cannot be opened: %s", path, strerror(errno));
    ssize_t n = read(fd, head, sizeof head);
    int problem = errno;
    (void)close(fd);
    if (n == -1)
        return err_set(e, ERR_DATA, "%s: cannot be read: %s", path, strerror(problem));
    if (n == 0)
        return err_set(e, ERR_DATA, "%s: is empty, expected a table in CSV or XLSX", path);
    if (memcmp(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0)
        return err_set(
            e, ERR_DATA,
            "%s: is an encrypted workbook or one of before 2007; expected XLSX without a "
            "password",
            path);
    *out = memcmp(head, "PK\003\004", 4) == 0 ? FORMAT_XLSX : FORMAT_CSV;
    return ERR_OK;
}

static size_t sheet_by_name(const struct xlsx *x, const char *name)
{
    for (size_t i = 0; i < xlsx_n_sheet(x); i++)
        if (column_same(xlsx_sheet_name(x, i), name))
            return i;
    return SHEET_NOWHERE;
}

static enum err_code no_sheet(const struct xlsx *x, const char *path, const char *name,
                              struct err *e)
{
    char list[400] = "";
    for (size_t i = 0; i < xlsx_n_sheet(x); i++) {
        size_t n = strlen(list);
        (void)snprintf(list + n, sizeof list - n, "%s\"%.40s\"", i == 0 ? "" : ", ",
                       xlsx_sheet_name(x, i));
    }
    return err_set(e, ERR_USAGE, "%s: has no sheet \"%s\"; it has %s", path, name, list);
}

/* The sheet of the requirements: the one named, the document's, or the first. */
static enum err_code pick(const struct work *w, const struct xlsx *x, size_t *out, struct err *e)
{
    *out = sheet_by_name(x, w->o->sheet != NULL ? w->o->sheet : MAIN_SHEET);
    if (*out == SHEET_NOWHERE && w->o->sheet != NULL)
        return no_sheet(x, w->o->path, w->o->sheet, e);
    if (*out == SHEET_NOWHERE)
        *out = sheet_by_name(x, "Reqmnts-Combined"); /* the document has both spellings */
    if (*out == SHEET_NOWHERE)
        *out = 0;
    return ERR_OK;
}

static enum err_code read_workbook(struct work *w, struct err *e)
{
    struct xlsx *x = NULL;
    size_t at = 0, payloads = SHEET_NOWHERE;
    enum err_code rc = xlsx_open(w->o->path, &x, e);
    if (rc == ERR_OK)
        rc = pick(w, x, &at, e);
    if (rc == ERR_OK)
        rc = xlsx_read(x, at, &w->sheet, &w->out->problems, e);
    if (rc == ERR_OK && w->o->payloads == NULL) {
        const char *name = w->o->payload_sheet != NULL ? w->o->payload_sheet : PAYLOAD_SHEET;
        payloads = sheet_by_name(x, name);
        if (payloads == SHEET_NOWHERE && w->o->payload_sheet != NULL)
            rc = no_sheet(x, w->o->path, name, e);
    }
    if (rc == ERR_OK && payloads != SHEET_NOWHERE) {
        rc = xlsx_read(x, payloads, &w->payloads, &w->out->problems, e);
        w->has_payloads = true;
    }
    xlsx_close(x);
    return rc;
}

static enum err_code read_payloads(struct work *w, struct err *e)
{
    enum format format;
    struct xlsx *x = NULL;
    const char *path = w->o->payloads;
    enum err_code rc = format_of(path, &format, e);
    if (rc == ERR_OK && format == FORMAT_CSV)
        rc = csv_read(path, columns_known, &w->payloads, e);
    if (rc == ERR_OK && format == FORMAT_XLSX) {
        rc = xlsx_open(path, &x, e);
        size_t at = 0;
        if (rc == ERR_OK) {
            const char *name = w->o->payload_sheet != NULL ? w->o->payload_sheet : PAYLOAD_SHEET;
            at = sheet_by_name(x, name);
            if (at == SHEET_NOWHERE && w->o->payload_sheet != NULL)
                rc = no_sheet(x, path, name, e);
            at = at == SHEET_NOWHERE ? 0 : at;
        }
        if (rc == ERR_OK)
            rc = xlsx_read(x, at, &w->payloads, &w->out->problems, e);
        xlsx_close(x);
    }
    w->has_payloads = true;
    return rc;
}

static enum err_code read_sheets(struct work *w, struct err *e)
{
    enum format format;
    enum err_code rc = format_of(w->o->path, &format, e);
    if (rc == ERR_OK && format == FORMAT_CSV && (w->o->sheet != NULL))
        return err_set(e, ERR_USAGE, "%s: is CSV, which has no sheets to choose from", w->o->path);
    if (rc == ERR_OK)
        rc = format == FORMAT_XLSX ? read_workbook(w, e)
                                   : csv_read(w->o->path, columns_known, &w->sheet, e);
    if (rc == ERR_OK && w->o->payloads != NULL)
        rc = read_payloads(w, e);
    return rc;
}

/* From the register column; where nothing stands in it, from the base table. */
static enum err_code take_register(struct work *w, struct err *e)
{
    struct import_result *out = w->out;
    bool own = false;
    enum err_code rc = ERR_OK;
    for (size_t i = w->columns.heading + 1; i < w->sheet.n && rc == ERR_OK; i++) {
        struct sheet_record *record = &w->sheet.record[i];
        const char *text = column_cell(&w->columns, record, COLUMN_REGISTER);
        struct err why = ERR_INIT;
        if (text[0] == '\0')
            continue;
        own = true;
        rc = registry_take(&w->registry, "the register", text, &why);
        if (rc == ERR_DATA) {
            record->listed = true;
            out->n_listed++;
            rc = problems_add(&out->problems, &w->sheet, record->row, record->line,
                              w->columns.at[COLUMN_REGISTER], "register", e, "%s", why.text);
        } else if (rc != ERR_OK && e != NULL) {
            *e = why;
        }
    }
    if (own)
        return rc;
    w->columns.at[COLUMN_REGISTER] = SHEET_NOWHERE;
    for (size_t i = 0; w->o->base != NULL && i < w->o->base->n_definition && rc == ERR_OK; i++)
        rc = registry_take(&w->registry, "the base table", w->o->base->definition[i], e);
    return rc;
}

/* Without a word on it, a table is known by its file; it is not the document that it builds on. */
static void entitle(struct work *w)
{
    struct registry *g = &w->registry;
    const char *slash = strrchr(w->o->path, '/');
    if (w->o->title != NULL)
        g->document = w->o->title;
    else if (g->document == NULL)
        g->document = slash == NULL ? w->o->path : slash + 1;
    if (w->o->edition != NULL)
        g->edition = w->o->edition;
    else if (g->edition == NULL)
        g->edition = "imported";
}

static enum err_code make(struct work *w, struct err *e)
{
    struct import_result *out = w->out;
    struct rows_input in = {.sheet = &w->sheet,
                            .columns = &w->columns,
                            .payloads = w->has_payloads ? &w->payloads : NULL,
                            .payload_columns = &w->payload_columns,
                            .base = w->o->base,
                            .keep_unresolved = w->o->keep_unresolved};
    struct import_rows rows = {.in = &in,
                               .registry = &w->registry,
                               .problems = &out->problems,
                               .notes = &out->notes,
                               .n_listed = out->n_listed};
    enum err_code rc = rows_read(&rows, e);
    /* What records say of each other makes sense only where each says something. */
    if (rc == ERR_OK && out->problems.n == 0)
        rc = rows_fold(&rows, e);
    if (rc == ERR_OK && out->problems.n == 0)
        rc = rows_tie(&rows, e);
    out->n_record = w->sheet.n - w->columns.heading - 1;
    out->n_parent = rows.n_entry;
    out->n_child = rows.n_child;
    out->n_listed = rows.n_listed;
    out->n_row = rows.n_group;
    out->n_optional = rows.n_optional;
    out->n_unresolved = rows.n_unresolved;
    out->n_untriggered = rows.n_untriggered;
    if (rc == ERR_OK && out->problems.n == 0) {
        long *line = arena_alloc(&rows.arena, rows.n_group * sizeof *line + 1);
        out->place = arena_alloc(&out->arena, rows.n_group * sizeof *out->place + 1);
        rc = line == NULL || out->place == NULL
                 ? err_set(e, ERR_NOMEM, "%s: no memory for its rows", w->o->path)
                 : rows_write_table(&rows, &out->xml, line, e);
        for (size_t i = 0; rc == ERR_OK && i < rows.n_group; i++) {
            const struct sheet_record *record = rows.entry[rows.group[i].first].record;
            out->place[i] = (struct import_place){line[i], record->row, record->line};
        }
    }
    rows_release(&rows);
    return rc;
}

enum err_code import_table(const struct import_options *o, struct import_result *out, struct err *e)
{
    struct work w = {.o = o, .out = out};
    *out = (struct import_result){.arena = ARENA_INIT};
    problems_init(&out->problems);
    problems_init(&out->notes);
    buf_init(&out->xml, LIMIT_XML_FILE_BYTES);
    registry_init(&w.registry);
    sheet_init(&w.sheet, o->path);
    sheet_init(&w.payloads, o->payloads == NULL ? o->path : o->payloads);
    enum err_code rc = read_sheets(&w, e);
    if (rc == ERR_OK && w.sheet.name != NULL)
        (void)snprintf(out->sheet, sizeof out->sheet, "%s", w.sheet.name);
    if (rc == ERR_OK)
        rc = columns_find(&w.sheet, false, &w.columns, &out->problems, &out->notes, e);
    if (rc == ERR_OK && w.has_payloads)
        rc = columns_find(&w.payloads, true, &w.payload_columns, &out->problems, &out->notes, e);
    /* Without its columns, or with cells that say nothing, the rows would only echo that. */
    if (rc == ERR_OK && out->problems.n == 0)
        rc = take_register(&w, e);
    if (rc == ERR_OK && out->problems.n == 0)
        entitle(&w);
    if (rc == ERR_OK && out->problems.n == 0)
        rc = make(&w, e);
    registry_release(&w.registry);
    sheet_release(&w.sheet);
    sheet_release(&w.payloads);
    if (rc != ERR_OK)
        import_release(out);
    return rc;
}

const struct import_place *import_place_of(const struct import_result *r, long xml_line)
{
    const struct import_place *found = NULL;
    for (size_t i = 0; i < r->n_row && r->place != NULL && r->place[i].xml_line <= xml_line; i++)
        found = &r->place[i];
    return found;
}

void import_release(struct import_result *r)
{
    problems_release(&r->problems);
    problems_release(&r->notes);
    buf_release(&r->xml);
    arena_release(&r->arena);
    r->place = NULL;
}
