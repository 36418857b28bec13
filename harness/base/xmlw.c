#include "harness/base/xmlw.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void put(struct xmlw *w, const char *text)
{
    if (w->rc == ERR_OK)
        w->rc = buf_puts(w->out, text, w->e);
}

static void indent(struct xmlw *w)
{
    for (int i = 0; i < w->depth; i++)
        put(w, "  ");
}

static void end_tag(struct xmlw *w, const char *end)
{
    if (w->tag_open)
        put(w, end);
    w->tag_open = false;
}

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\n':
        return "&#10;";
    case '\t':
        return "&#9;";
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

size_t xmlw_char_bytes(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    if (p[0] < 0x80)
        return p[0] >= 0x20 || p[0] == '\t' || p[0] == '\n' || p[0] == '\r' ? 1 : 0;
    if (p[0] < 0xC2 || p[0] > 0xF4)
        return 0;
    size_t n = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    uint32_t c = p[0] & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80) /* also stops at the closing 0 */
            return 0;
        c = c << 6 | (p[i] & 0x3F);
    }
    bool overlong = (n == 3 && c < 0x800) || (n == 4 && c < 0x10000);
    bool excluded = (c >= 0xD800 && c <= 0xDFFF) || c == 0xFFFE || c == 0xFFFF || c > 0x10FFFF;
    return overlong || excluded ? 0 : n;
}

/* instead stands for each byte that XML cannot hold; NULL: such a byte is a fault. */
static enum err_code escape(struct buf *out, const char *text, const char *instead, struct err *e)
{
    enum err_code rc = ERR_OK;
    const char *from = text, *p = text;
    while (*p != '\0' && rc == ERR_OK) {
        size_t n = xmlw_char_bytes(p);
        const char *name = n == 0 ? instead : entity(*p);
        if (n == 0 && instead == NULL)
            return (unsigned char)*p < 0x20
                       ? err_set(e, ERR_DATA, "text holds control character %d: %.60s", *p, text)
                       : err_set(e, ERR_DATA, "text is no UTF-8: %.60s", text);
        if (name != NULL) {
            rc = buf_append(out, from, (size_t)(p - from), e);
            if (rc == ERR_OK)
                rc = buf_puts(out, name, e);
            from = p + (n == 0 ? 1 : n);
        }
        p += n == 0 ? 1 : n;
    }
    return rc == ERR_OK ? buf_append(out, from, (size_t)(p - from), e) : rc;
}

enum err_code xmlw_escape(struct buf *out, const char *text, struct err *e)
{
    return escape(out, text, NULL, e);
}

void xmlw_begin(struct xmlw *w, struct buf *out, struct err *e)
{
    *w = (struct xmlw){out, ERR_OK, e, 0, false, false};
    put(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

void xmlw_open(struct xmlw *w, const char *element)
{
    end_tag(w, ">\n");
    indent(w);
    put(w, "<");
    put(w, element);
    w->depth++;
    w->tag_open = true;
    w->has_text = false;
}

static enum err_code put_attr(struct buf *out, const char *name, const char *value,
                              const char *instead, struct err *e)
{
    enum err_code rc = buf_printf(out, e, " %s=\"", name);
    if (rc == ERR_OK)
        rc = escape(out, value, instead, e);
    return rc == ERR_OK ? buf_puts(out, "\"", e) : rc;
}

enum err_code xmlw_put_attr(struct buf *out, const char *name, const char *value, struct err *e)
{
    return value == NULL ? ERR_OK : put_attr(out, name, value, NULL, e);
}

void xmlw_attr(struct xmlw *w, const char *name, const char *value)
{
    if (w->rc == ERR_OK)
        w->rc = xmlw_put_attr(w->out, name, value, w->e);
}

void xmlw_attr_foreign(struct xmlw *w, const char *name, const char *value)
{
    if (w->rc == ERR_OK)
        w->rc = put_attr(w->out, name, value == NULL ? "" : value, "\xEF\xBF\xBD", w->e);
}

void xmlw_attr_i64(struct xmlw *w, const char *name, int64_t value)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%" PRId64, value);
    xmlw_attr(w, name, text);
}

void xmlw_attr_u64(struct xmlw *w, const char *name, uint64_t value)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%" PRIu64, value);
    xmlw_attr(w, name, text);
}

void xmlw_attr_bool(struct xmlw *w, const char *name, bool value)
{
    xmlw_attr(w, name, value ? "yes" : NULL);
}

void xmlw_text(struct xmlw *w, const char *text)
{
    end_tag(w, ">");
    if (w->rc == ERR_OK)
        w->rc = xmlw_escape(w->out, text, w->e);
    w->has_text = true;
}

void xmlw_close(struct xmlw *w, const char *element)
{
    w->depth--;
    if (w->tag_open) {
        end_tag(w, "/>\n");
        return;
    }
    if (!w->has_text)
        indent(w);
    w->has_text = false;
    put(w, "</");
    put(w, element);
    put(w, ">\n");
}
