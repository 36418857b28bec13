/* xlsx_styles - which number format each cell style has. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/base/num.h"
#include "harness/import/number.h"
#include "harness/import/xlsx_impl.h"

#define FORMAT_BYTES 512

struct styles {
    struct xlsx *x;
    struct names own; /* formats of the workbook by their ids, numbers in text */
    struct xlsx_texts text;
    bool in_cells;
};

static enum err_code own_format(struct styles *s, const struct xmlstream_attrs *attrs,
                                struct err *e)
{
    char id[32], code[FORMAT_BYTES];
    const char *key =
        arena_strdup(&s->x->arena, xmlstream_attr_text(attrs, "numFmtId", id, sizeof id));
    (void)xmlstream_attr_text(attrs, "formatCode", code, sizeof code);
    enum err_code rc = xlsx_texts_add(s->x, &s->text, code, strlen(code), LIMIT_SHEET_STYLES, e);
    if (rc == ERR_OK && (key == NULL || !names_put(&s->own, &s->x->arena, key, s->text.n - 1)))
        rc = err_set(e, ERR_NOMEM, "%s: no memory for its styles", s->x->path);
    return rc;
}

static enum err_code start(void *arg, const char *element, const struct xmlstream_attrs *attrs,
                           struct err *e)
{
    struct styles *s = arg;
    char id[32];
    if (strcmp(element, "numFmt") == 0)
        return own_format(s, attrs, e);
    if (strcmp(element, "cellXfs") == 0)
        s->in_cells = true;
    if (strcmp(element, "xf") != 0 || !s->in_cells)
        return ERR_OK;
    (void)xmlstream_attr_text(attrs, "numFmtId", id, sizeof id);
    size_t at = names_find(&s->own, id);
    int64_t number = 0;
    (void)num_i64(id, strlen(id), 0, 1000000, &number);
    const char *code = at == NAMES_NONE ? number_builtin((long)number) : s->text.text[at];
    return xlsx_texts_add(s->x, &s->x->formats, code, strlen(code), LIMIT_SHEET_STYLES, e);
}

static enum err_code text(void *arg, const char *data, size_t len, struct err *e)
{
    (void)arg;
    (void)data;
    (void)len;
    (void)e;
    return ERR_OK;
}

static enum err_code end(void *arg, const char *element, struct err *e)
{
    struct styles *s = arg;
    (void)e;
    if (strcmp(element, "cellXfs") == 0)
        s->in_cells = false;
    return ERR_OK;
}

enum err_code xlsx_styles(struct xlsx *x, const char *part, struct err *e)
{
    static const struct xmlstream_handler handler = {start, text, end};
    struct styles s = {.x = x};
    enum err_code rc = xlsx_part(x, part, &handler, &s, e);
    free(s.text.text);
    return rc;
}
