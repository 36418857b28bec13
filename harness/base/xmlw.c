#include "harness/base/xmlw.h"

#include <inttypes.h>
#include <libxml/xmlstring.h>
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

static void escape(struct xmlw *w, const char *text)
{
    if (w->rc == ERR_OK && !xmlCheckUTF8((const unsigned char *)text)) {
        w->rc = err_set(w->e, ERR_DATA, "text is no UTF-8: %.60s", text);
        return;
    }
    const char *from = text, *p = text;
    for (; *p != '\0' && w->rc == ERR_OK; p++) {
        const char *name = entity(*p);
        if (name == NULL && (unsigned char)*p < 0x20) {
            w->rc = err_set(w->e, ERR_DATA, "text holds control character %d: %.60s", *p, text);
            return;
        }
        if (name == NULL)
            continue;
        w->rc = buf_append(w->out, from, (size_t)(p - from), w->e);
        put(w, name);
        from = p + 1;
    }
    if (w->rc == ERR_OK)
        w->rc = buf_append(w->out, from, (size_t)(p - from), w->e);
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

void xmlw_attr(struct xmlw *w, const char *name, const char *value)
{
    if (value == NULL)
        return;
    put(w, " ");
    put(w, name);
    put(w, "=\"");
    escape(w, value);
    put(w, "\"");
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
    escape(w, text);
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
