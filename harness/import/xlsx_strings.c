/* xlsx_strings - the strings that cells share. */
#include <string.h>

#include "harness/base/limits.h"
#include "harness/import/xlsx_impl.h"

struct strings {
    struct xlsx *x;
    struct buf text;
    bool in_text;
    int aside; /* depth within a phonetic guide, which is no text of the cell */
};

static enum err_code start(void *arg, const char *element, const struct xmlstream_attrs *attrs,
                           struct err *e)
{
    struct strings *s = arg;
    (void)attrs;
    (void)e;
    if (strcmp(element, "si") == 0)
        buf_reset(&s->text);
    s->aside += strcmp(element, "rPh") == 0;
    s->in_text = strcmp(element, "t") == 0 && s->aside == 0;
    return ERR_OK;
}

static enum err_code text(void *arg, const char *data, size_t len, struct err *e)
{
    struct strings *s = arg;
    enum err_code rc = s->in_text ? buf_append(&s->text, data, len, e) : ERR_OK;
    return rc == ERR_LIMIT ? err_set(e, rc, "%s: shared string %zu is longer than %u bytes",
                                     s->x->path, s->x->strings.n, LIMIT_SHEET_CELL_BYTES)
                           : rc;
}

static enum err_code end(void *arg, const char *element, struct err *e)
{
    struct strings *s = arg;
    s->in_text = false;
    s->aside -= strcmp(element, "rPh") == 0;
    if (strcmp(element, "si") != 0)
        return ERR_OK;
    size_t len = s->text.len == 0 ? 0 : xlsx_unescape(s->text.data, s->text.len);
    return xlsx_texts_add(s->x, &s->x->strings, s->text.data == NULL ? "" : s->text.data, len,
                          (size_t)LIMIT_SHEET_RECORDS * 16, e);
}

enum err_code xlsx_strings(struct xlsx *x, const char *part, struct err *e)
{
    static const struct xmlstream_handler handler = {start, text, end};
    struct strings s = {.x = x};
    buf_init(&s.text, LIMIT_SHEET_CELL_BYTES);
    enum err_code rc = xlsx_part(x, part, &handler, &s, e);
    buf_release(&s.text);
    return rc;
}
