/* xlsx - the package: which part is what. */
#include "harness/import/xlsx.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/import/xlsx_impl.h"

#define NAME_BYTES 256
#define SHEETS_MOST 1024

enum err_code xlsx_texts_add(struct xlsx *x, struct xlsx_texts *list, const char *text, size_t len,
                             size_t most, struct err *e)
{
    if (list->n >= most || len > LIMIT_SHEET_TEXT_BYTES - x->text_bytes)
        return err_set(e, ERR_LIMIT, "%s: more texts than are read", x->path);
    if (list->n == list->cap) {
        size_t cap = list->cap == 0 ? 64 : list->cap * 2;
        const char **more = realloc(list->text, cap * sizeof *more);
        if (more == NULL)
            return err_set(e, ERR_NOMEM, "%s: no memory for its texts", x->path);
        list->text = more;
        list->cap = cap;
    }
    const char *copy = arena_strndup(&x->arena, text, len);
    if (copy == NULL)
        return err_set(e, ERR_NOMEM, "%s: no memory for its texts", x->path);
    x->text_bytes += len;
    list->text[list->n++] = copy;
    return ERR_OK;
}

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The character of "_xHHHH_" at p, -1 when it is none that a text can hold. */
static int escaped(const char *p, size_t len)
{
    if (len < 7 || p[0] != '_' || p[1] != 'x' || p[6] != '_')
        return -1;
    int c = 0;
    for (int i = 2; i < 6; i++) {
        if (hex(p[i]) < 0)
            return -1;
        c = c * 16 + hex(p[i]);
    }
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0x7f) ? c : -1;
}

size_t xlsx_unescape(char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; n++) {
        int c = escaped(text + i, len - i);
        text[n] = c < 0 ? text[i] : (char)c;
        i += c < 0 ? 1 : 7;
    }
    /* A line break is \n, however it was typed. */
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (text[i] != '\r' || i + 1 == n || text[i + 1] != '\n')
            text[kept++] = text[i];
    return kept;
}

static enum err_code feed(void *arg, const void *data, size_t len, struct err *e)
{
    return xmlstream_feed(arg, data, len, e);
}

enum err_code xlsx_part(struct xlsx *x, const char *part, const struct xmlstream_handler *handler,
                        void *arg, struct err *e)
{
    char name[PATH_MAX];
    struct unzip_entry entry;
    struct xmlstream *xml = NULL;
    size_t at = names_find(&x->parts, part);
    if (at == NAMES_NONE)
        return err_set(e, ERR_DATA, "%s: has no part %s, expected a workbook (.xlsx)", x->path,
                       part);
    (void)snprintf(name, sizeof name, "%s: %s", x->path, part);
    enum err_code rc = unzip_look(&x->zip, at, &entry, e);
    if (rc == ERR_OK)
        rc = xmlstream_open(name, handler, arg, &xml, e);
    if (rc == ERR_OK)
        rc = unzip_read(&x->zip, &entry, feed, xml, e);
    if (rc == ERR_OK)
        rc = xmlstream_end(xml, e);
    xmlstream_close(xml);
    return rc;
}

/* A part's relations: what is known of one, by its id or the end of its type. */
struct relations {
    struct xlsx *x;
    const char *part; /* whose they are */
    const char *document, *strings, *styles;
    struct names ids;
    struct xlsx_texts target;
};

/* target as a name of the zip: relative to the folder of the part that says it. */
static enum err_code resolve(struct relations *r, const char *target, const char **out,
                             struct err *e)
{
    char name[NAME_BYTES * 2] = "";
    if (target[0] != '/') {
        const char *slash = strrchr(r->part, '/');
        (void)snprintf(name, sizeof name, "%.*s", slash == NULL ? 0 : (int)(slash - r->part + 1),
                       r->part);
    }
    target += strspn(target, "/");
    while (strncmp(target, "../", 3) == 0 || strncmp(target, "./", 2) == 0) {
        size_t n = strlen(name);
        if (target[1] == '.') {
            n -= n > 0;
            while (n > 0 && name[n - 1] != '/')
                n--;
            name[n] = '\0';
        }
        target += target[1] == '.' ? 3 : 2;
    }
    size_t n = strlen(name);
    (void)snprintf(name + n, sizeof name - n, "%s", target);
    enum err_code rc = xlsx_texts_add(r->x, &r->target, name, strlen(name), SHEETS_MOST * 8, e);
    if (rc == ERR_OK)
        *out = r->target.text[r->target.n - 1];
    return rc;
}

static bool ends_in(const char *text, const char *tail)
{
    size_t n = strlen(text), k = strlen(tail);
    return n >= k && strcmp(text + n - k, tail) == 0;
}

static enum err_code relation(void *arg, const char *element, const struct xmlstream_attrs *attrs,
                              struct err *e)
{
    struct relations *r = arg;
    char id[NAME_BYTES], type[NAME_BYTES], target[NAME_BYTES], mode[NAME_BYTES];
    if (strcmp(element, "Relationship") != 0)
        return ERR_OK;
    (void)xmlstream_attr_text(attrs, "Id", id, sizeof id);
    (void)xmlstream_attr_text(attrs, "Type", type, sizeof type);
    (void)xmlstream_attr_text(attrs, "Target", target, sizeof target);
    if (strcmp(xmlstream_attr_text(attrs, "TargetMode", mode, sizeof mode), "External") == 0)
        return ERR_OK;
    const char *part = NULL;
    enum err_code rc = resolve(r, target, &part, e);
    if (rc != ERR_OK)
        return rc;
    if (ends_in(type, "/officeDocument"))
        r->document = part;
    else if (ends_in(type, "/sharedStrings"))
        r->strings = part;
    else if (ends_in(type, "/styles"))
        r->styles = part;
    const char *key = arena_strdup(&r->x->arena, id);
    if (key == NULL || !names_put(&r->ids, &r->x->arena, key, r->target.n - 1))
        return err_set(e, ERR_NOMEM, "%s: no memory for its relations", r->x->path);
    return ERR_OK;
}

static enum err_code no_text(void *arg, const char *text, size_t len, struct err *e)
{
    (void)arg;
    (void)text;
    (void)len;
    (void)e;
    return ERR_OK;
}

static enum err_code no_end(void *arg, const char *element, struct err *e)
{
    (void)arg;
    (void)element;
    (void)e;
    return ERR_OK;
}

static enum err_code read_relations(struct relations *r, const char *part, struct err *e)
{
    static const struct xmlstream_handler handler = {relation, no_text, no_end};
    return xlsx_part(r->x, part, &handler, r, e);
}

static enum err_code workbook(void *arg, const char *element, const struct xmlstream_attrs *attrs,
                              struct err *e)
{
    struct relations *r = arg;
    struct xlsx *x = r->x;
    char text[NAME_BYTES];
    if (strcmp(element, "workbookPr") == 0) {
        (void)xmlstream_attr_text(attrs, "date1904", text, sizeof text);
        x->since_1904 = strcmp(text, "1") == 0 || strcmp(text, "true") == 0;
        return ERR_OK;
    }
    if (strcmp(element, "sheet") != 0)
        return ERR_OK;
    if (x->n_sheet == SHEETS_MOST)
        return err_set(e, ERR_LIMIT, "%s: more than %d sheets", x->path, SHEETS_MOST);
    if (x->n_sheet == x->cap_sheet) {
        size_t cap = x->cap_sheet == 0 ? 16 : x->cap_sheet * 2;
        struct xlsx_sheet *more = realloc(x->sheet, cap * sizeof *more);
        if (more == NULL)
            return err_set(e, ERR_NOMEM, "%s: no memory for its sheets", x->path);
        x->sheet = more;
        x->cap_sheet = cap;
    }
    const char *name =
        arena_strdup(&x->arena, xmlstream_attr_text(attrs, "name", text, sizeof text));
    if (name == NULL)
        return err_set(e, ERR_NOMEM, "%s: no memory for its sheets", x->path);
    size_t at = names_find(&r->ids, xmlstream_attr_text(attrs, "id", text, sizeof text));
    x->sheet[x->n_sheet++] =
        (struct xlsx_sheet){name, at == NAMES_NONE ? NULL : r->target.text[at]};
    return ERR_OK;
}

static enum err_code read_workbook(struct xlsx *x, struct err *e)
{
    static const struct xmlstream_handler handler = {workbook, no_text, no_end};
    char rels[NAME_BYTES * 2 + 16];
    struct relations top = {.x = x, .part = ""}, own = {.x = x};
    enum err_code rc = read_relations(&top, "_rels/.rels", e);
    const char *document = top.document;
    if (rc == ERR_OK && document == NULL)
        rc = err_set(e, ERR_DATA, "%s: names no workbook, expected one (.xlsx)", x->path);
    if (rc == ERR_OK && !ends_in(document, ".xml"))
        rc = err_set(e, ERR_DATA, "%s: its workbook is %s, expected one in XML (.xlsx)", x->path,
                     document);
    if (rc == ERR_OK) {
        const char *slash = strrchr(document, '/');
        const char *file = slash == NULL ? document : slash + 1;
        (void)snprintf(rels, sizeof rels, "%.*s_rels/%s.rels", (int)(file - document), document,
                       file);
        own.part = document;
        rc = read_relations(&own, rels, e);
    }
    if (rc == ERR_OK)
        rc = xlsx_part(x, document, &handler, &own, e);
    if (rc == ERR_OK && own.strings != NULL)
        rc = xlsx_strings(x, own.strings, e);
    if (rc == ERR_OK && own.styles != NULL)
        rc = xlsx_styles(x, own.styles, e);
    free(top.target.text);
    free(own.target.text);
    if (rc == ERR_OK && x->n_sheet == 0)
        rc = err_set(e, ERR_DATA, "%s: has no sheet", x->path);
    return rc;
}

enum err_code xlsx_open(const char *path, struct xlsx **out, struct err *e)
{
    static const struct unzip_limits limits = {LIMIT_SHEET_FILES, LIMIT_SHEET_FILE_BYTES,
                                               LIMIT_ZIP_RATIO, LIMIT_ZIP_RATIO_FROM_BYTES};
    struct xlsx *x = calloc(1, sizeof *x);
    *out = NULL;
    if (x == NULL)
        return err_set(e, ERR_NOMEM, "%s: no memory to read it", path);
    x->path = path;
    enum err_code rc = unzip_open(path, &limits, ERR_DATA, &x->zip, e);
    for (uint64_t i = 0; rc == ERR_OK && i < x->zip.n; i++) {
        const char *name = unzip_name(&x->zip, i);
        if (name != NULL && !names_put(&x->parts, &x->arena, name, (size_t)i))
            rc = err_set(e, ERR_NOMEM, "%s: no memory for its parts", path);
    }
    if (rc == ERR_OK)
        rc = read_workbook(x, e);
    if (rc != ERR_OK) {
        xlsx_close(x);
        return rc;
    }
    *out = x;
    return ERR_OK;
}

void xlsx_close(struct xlsx *x)
{
    if (x == NULL)
        return;
    unzip_close(&x->zip);
    free(x->sheet);
    free(x->strings.text);
    free(x->formats.text);
    arena_release(&x->arena);
    free(x);
}

size_t xlsx_n_sheet(const struct xlsx *x)
{
    return x->n_sheet;
}

const char *xlsx_sheet_name(const struct xlsx *x, size_t at)
{
    return x->sheet[at].name;
}

enum err_code xlsx_read(struct xlsx *x, size_t at, struct sheet *out,
                        struct sheet_problems *problems, struct err *e)
{
    sheet_init(out, x->path);
    if (x->sheet[at].part == NULL)
        return err_set(e, ERR_DATA, "%s: sheet \"%s\" has no part", x->path, x->sheet[at].name);
    size_t len = strlen(x->sheet[at].name);
    enum err_code rc = sheet_text(out, x->sheet[at].name, len, &out->name, e);
    if (rc == ERR_OK)
        rc = xlsx_cells(x, x->sheet[at].part, out, problems, e);
    if (rc != ERR_OK)
        sheet_release(out);
    return rc;
}
