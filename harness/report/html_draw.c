#include "harness/report/html_draw.h"

#include <inttypes.h>

/* By repeated squaring. */
int64_t draw_log2(uint64_t v)
{
    int whole = 63 - __builtin_clzll(v | 1);
    uint64_t m = whole > 31 ? v >> (whole - 31) : v << (31 - whole); /* 1.31 fixed point */
    int64_t frac = 0;
    for (int bit = 15; bit >= 0; bit--) {
        m = m * m >> 31;
        if (m >> 32 != 0) {
            m >>= 1;
            frac |= INT64_C(1) << bit;
        }
    }
    return (int64_t)whole * 65536 + frac;
}

int64_t draw_at(const struct draw_axis *a, int64_t value)
{
    if (value < a->lo)
        value = a->lo;
    if (value > a->hi)
        value = a->hi;
    return a->left + (value - a->lo) * a->width / (a->hi - a->lo);
}

void draw_line(struct text *t, const char *class, int64_t x1, int64_t y1, int64_t x2, int64_t y2)
{
    text_f(t,
           "<line class=\"%s\" x1=\"%" PRId64 ".%d\" y1=\"%" PRId64 ".%d\" x2=\"%" PRId64
           ".%d\" y2=\"%" PRId64 ".%d\"/>",
           class, DRAW_TENTH(x1), DRAW_TENTH(y1), DRAW_TENTH(x2), DRAW_TENTH(y2));
}

void draw_rect(struct text *t, const char *class, int64_t x, int64_t y, int64_t w, int64_t h,
               const char *title)
{
    text_f(t,
           "<rect class=\"%s\" x=\"%" PRId64 ".%d\" y=\"%" PRId64 ".%d\" width=\"%" PRId64
           ".%d\" height=\"%" PRId64 ".%d\"",
           class, DRAW_TENTH(x), DRAW_TENTH(y), DRAW_TENTH(w), DRAW_TENTH(h));
    if (title[0] != '\0')
        text_f(t, "><title>%s</title></rect>", title);
    else
        text_raw(t, "/>");
}

void draw_label(struct text *t, const char *class, const char *anchor, int64_t x, int64_t y,
                const char *words)
{
    text_f(t, "<text class=\"%s\" text-anchor=\"%s\" x=\"%" PRId64 ".%d\" y=\"%" PRId64 ".%d\">",
           class, anchor, DRAW_TENTH(x), DRAW_TENTH(y));
    text_esc(t, TEXT_MARKUP, words);
    text_raw(t, "</text>");
}

void draw_figure(struct text *t, const char *class, const char *title)
{
    text_f(t, "<figure class=\"plot %s\"><figcaption>%s</figcaption>", class, title);
}

void draw_svg(struct text *t, int width, int height, const char *says)
{
    text_f(t, "<svg role=\"img\" viewBox=\"0 0 %d %d\" aria-label=\"", width, height);
    text_esc(t, TEXT_MARKUP, says);
    text_raw(t, "\">");
}

int64_t draw_step(int64_t span, int64_t most)
{
    static const int factor[] = {1, 2, 5};
    for (int64_t ten = 1; ten <= INT64_MAX / 10; ten *= 10)
        for (int i = 0; i < 3; i++)
            if (span / (ten * factor[i]) <= most)
                return ten * factor[i];
    return INT64_MAX;
}

void draw_from(struct text *t, const char *class, int64_t x, int64_t y)
{
    text_f(t, "<path class=\"%s\" d=\"M%" PRId64 ".%d %" PRId64 ".%d", class, DRAW_TENTH(x),
           DRAW_TENTH(y));
}

void draw_to(struct text *t, int64_t x, int64_t y)
{
    text_f(t, "L%" PRId64 ".%d %" PRId64 ".%d", DRAW_TENTH(x), DRAW_TENTH(y));
}

void draw_end(struct text *t, bool closed)
{
    text_raw(t, closed ? "Z\"/>" : "\"/>");
}
