#include "harness/report/text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define REPLACEMENT 0xFFFDu

void text_init(struct text *t)
{
    *t = (struct text){.rc = ERR_OK, .err = ERR_INIT};
    buf_init(&t->buf, TEXT_BYTES_MAX);
}

void text_release(struct text *t)
{
    buf_release(&t->buf);
}

enum err_code text_done(const struct text *t, struct err *e)
{
    if (t->rc != ERR_OK && e != NULL)
        *e = t->err;
    return t->rc;
}

static void put(struct text *t, const char *s, size_t len)
{
    if (t->rc == ERR_OK)
        t->rc = buf_append(&t->buf, s, len, &t->err);
}

void text_raw(struct text *t, const char *s)
{
    put(t, s, strlen(s));
}

void text_cut(struct text *t, size_t len)
{
    if (len < t->buf.len) {
        t->buf.len = len;
        t->buf.data[len] = '\0';
    }
}

void text_f(struct text *t, const char *fmt, ...)
{
    char line[1024];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    if (n < 0 || (size_t)n >= sizeof line) {
        if (t->rc == ERR_OK)
            t->rc = err_set(&t->err, ERR_LIMIT, "a report line of %d bytes does not fit", n);
        return;
    }
    put(t, line, (size_t)n);
}

static uint32_t clean(uint32_t c)
{
    if (c == '\t' || c == '\n' || c == '\r')
        return ' ';
    if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
        return REPLACEMENT;
    if ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029)
        return REPLACEMENT;
    if ((c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef))
        return REPLACEMENT;
    return c;
}

uint32_t text_next(const char **s)
{
    const unsigned char *p = (const unsigned char *)*s;
    if (p[0] == 0)
        return 0;
    if (p[0] < 0x80) {
        *s += 1;
        return clean(p[0]);
    }
    int more = p[0] >= 0xf0 && p[0] < 0xf5 ? 3 : p[0] >= 0xe0 ? 2 : p[0] >= 0xc2 ? 1 : 0;
    if (p[0] >= 0xf5)
        more = 0;
    static const uint32_t least[4] = {0, 0x80, 0x800, 0x10000};
    uint32_t c = more == 3 ? p[0] & 7u : more == 2 ? p[0] & 15u : p[0] & 31u;
    for (int i = 1; i <= more; i++) {
        if ((p[i] & 0xc0) != 0x80) { /* also the closing 0 */
            more = 0;
            break;
        }
        c = c << 6 | (p[i] & 0x3fu);
    }
    *s += 1 + more;
    return more == 0 || c < least[more] ? REPLACEMENT : clean(c);
}

static size_t encode(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* What stands for c in this style, or NULL: itself. */
static const char *escape(enum text_style style, uint32_t c)
{
    switch (style) {
    case TEXT_MARKUP:
        return c == '&'    ? "&amp;"
               : c == '<'  ? "&lt;"
               : c == '>'  ? "&gt;"
               : c == '"'  ? "&quot;"
               : c == '\'' ? "&#39;"
                           : NULL;
    case TEXT_TAP:
        return c == '#' ? "\\#" : c == '\\' ? "\\\\" : NULL;
    case TEXT_QUOTED:
        return c == '"' ? "\\\"" : c == '\\' ? "\\\\" : NULL;
    case TEXT_PLAIN:
    case TEXT_STYLE_COUNT:
        break;
    }
    return NULL;
}

void text_clip(struct text *t, enum text_style style, const char *s, size_t max)
{
    if (s == NULL)
        return;
    uint32_t c;
    for (size_t n = 0; (c = text_next(&s)) != 0; n++) {
        if (n == max) {
            text_raw(t, "...");
            return;
        }
        const char *instead = escape(style, c);
        char bytes[4];
        if (instead != NULL)
            text_raw(t, instead);
        else
            put(t, bytes, encode(c, bytes));
    }
}

void text_esc(struct text *t, enum text_style style, const char *s)
{
    text_clip(t, style, s, SIZE_MAX);
}

void text_csv(struct text *t, const char *s)
{
    if (s == NULL || s[0] == '\0')
        return;
    bool formula = strchr("=+-@\t\r", s[0]) != NULL;
    bool quote = strpbrk(s, "\",\r\n") != NULL;
    if (quote)
        text_raw(t, "\"");
    if (formula)
        text_raw(t, "'");
    uint32_t c;
    while ((c = text_next(&s)) != 0) {
        char bytes[4];
        if (c == '"')
            text_raw(t, "\"\"");
        else
            put(t, bytes, encode(c, bytes));
    }
    if (quote)
        text_raw(t, "\"");
}
