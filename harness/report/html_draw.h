/* html_draw - figures of report.html: axes, lines, boxes and words as inline SVG.
 *
 * Coordinates are whole tenths of a unit, computed in integers: the same drawing everywhere.
 * Colours come from the page's style alone, by class. Errors: stick in the text.
 */
#ifndef HARNESS_HTML_DRAW_H
#define HARNESS_HTML_DRAW_H

#include <stdint.h>

#include "harness/report/html.h"

/* For "%" PRId64 ".%d". */
#define DRAW_TENTH(v) (v) / 10, (int)((v) % 10)

/* log2(v) in 1/65536, v >= 1. */
int64_t draw_log2(uint64_t v);

struct draw_axis {
    int64_t lo, hi;      /* values */
    int64_t left, width; /* tenths; a negative width runs backwards, as heights do */
};

/* Where the value lies, kept inside the axis. */
int64_t draw_at(const struct draw_axis *a, int64_t value);
/* The least of 1, 2 and 5 times a power of ten that makes at most so many steps of span. */
int64_t draw_step(int64_t span, int64_t most);

void draw_line(struct text *t, const char *class, int64_t x1, int64_t y1, int64_t x2, int64_t y2);
/* title: shown on pointing, "" none. */
void draw_rect(struct text *t, const char *class, int64_t x, int64_t y, int64_t w, int64_t h,
               const char *title);
/* anchor: "start", "middle" or "end". */
void draw_label(struct text *t, const char *class, const char *anchor, int64_t x, int64_t y,
                const char *words);

/* A path, point by point: begin, draw_to for each further one, end. */
void draw_from(struct text *t, const char *class, int64_t x, int64_t y);
void draw_to(struct text *t, int64_t x, int64_t y);
void draw_end(struct text *t, bool closed);

/* Opens a figure; the caller closes it, after the svg with what is said below. */
void draw_figure(struct text *t, const char *class, const char *title);
/* Opens the drawing, says in words what it shows. */
void draw_svg(struct text *t, int width, int height, const char *says);

#endif
