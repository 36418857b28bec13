/* The traffic as one page: a picture of the hours, the tables, the steps. */
#include <stdio.h>

#include "harness/cmd/traffic_out.h"
#include "harness/report/html_draw.h"

#define WIDTH 7400
#define HEIGHT 2600
#define LEFT 700
#define TOP 200
#define BASE 2200
#define HOUR ((WIDTH - LEFT - 100) / TRAFFIC_HOURS)
#define STEPS 1000000 /* of the greatest hour */
#define GRID_LINES 4

static const char css[] =
    ":root{color-scheme:light dark}"
    "body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;padding:1.5rem;max-width:62rem}"
    "h1{font-size:1.4rem}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}"
    "table{border-collapse:collapse;width:100%;font-size:.86rem}"
    "th,td{padding:.25rem .5rem;border-bottom:1px solid #8884;text-align:right}"
    "th:first-child,td:first-child{text-align:left}tr.sum td{font-weight:650}"
    "svg{width:100%;height:auto}.down{fill:#2f6fde}.up{fill:#e08a1e}"
    ".grid{stroke:#8886;stroke-width:1}.tick{font:11px system-ui;fill:currentColor}"
    "pre{overflow:auto;font-size:.8rem;line-height:1.4}.key i{display:inline-block;width:.8em;"
    "height:.8em;margin:0 .3em 0 1em}.key .a{background:#2f6fde}.key .b{background:#e08a1e}";

/* What each bar shows of an hour. */
static double hour(const struct traffic *t, int d, int h, bool bytes)
{
    return bytes ? t->total[d].hour_bytes[h] : t->total[d].hour_events[h];
}

static double greatest(const struct traffic *t, bool bytes)
{
    double most = 0;
    for (int h = 0; h < TRAFFIC_HOURS; h++) {
        double sum = hour(t, TRAFFIC_DOWN, h, bytes) + hour(t, TRAFFIC_UP, h, bytes);
        most = sum > most ? sum : most;
    }
    return most;
}

static void bars(struct text *out, const struct traffic *t, bool bytes)
{
    char title[80], number[32];
    double most = greatest(t, bytes);
    const char *what = bytes ? "Bytes per endpoint and hour" : "Events per endpoint and hour";
    struct draw_axis y = {0, STEPS, BASE, TOP - BASE};
    draw_figure(out, "hours", what);
    draw_svg(out, WIDTH / 10, HEIGHT / 10, what);
    for (int k = 0; k <= GRID_LINES; k++) {
        int64_t at = draw_at(&y, STEPS * k / GRID_LINES);
        draw_line(out, "grid", LEFT, at, WIDTH - 100, at);
        draw_label(out, "tick", "end", LEFT - 60, at + 40,
                   traffic_number(most * k / GRID_LINES, number));
    }
    for (int h = 0; h < TRAFFIC_HOURS && most > 0; h++) {
        int64_t from = BASE;
        for (int d = TRAFFIC_UP; d >= TRAFFIC_DOWN; d--) {
            double v = hour(t, d, h, bytes);
            int64_t height = BASE - draw_at(&y, (int64_t)(v / most * STEPS));
            (void)snprintf(title, sizeof title, "%02d:00, %s: %s", h,
                           d == TRAFFIC_DOWN ? "down" : "up", traffic_fine(v, number));
            draw_rect(out, d == TRAFFIC_DOWN ? "down" : "up", LEFT + h * HOUR + 30, from - height,
                      HOUR - 60, height, title);
            from -= height;
        }
        (void)snprintf(title, sizeof title, "%d", h);
        if (h % 3 == 0)
            draw_label(out, "tick", "middle", LEFT + h * HOUR + HOUR / 2, BASE + 180, title);
    }
    text_raw(out, "</svg></figure>\n");
}

static void cell(struct text *out, const char *text)
{
    text_raw(out, "<td>");
    text_esc(out, TEXT_MARKUP, text);
    text_raw(out, "</td>");
}

static void sum(struct text *out, const char *title, const struct traffic_sum *s)
{
    char a[32];
    text_raw(out, "<tr class=sum>");
    cell(out, title);
    cell(out, traffic_number(s->events[TRAFFIC_SELECTED], a));
    cell(out, "");
    cell(out, traffic_number(s->bytes[TRAFFIC_SELECTED], a));
    text_raw(out, "</tr>\n");
}

static void table(struct text *out, const struct traffic *t, enum traffic_direction d)
{
    const char *from, *to;
    char name[160], a[32];
    traffic_sides(t, d, &from, &to);
    text_raw(out, "<h2>");
    text_esc(out, TEXT_MARKUP, from);
    text_raw(out, " to ");
    text_esc(out, TEXT_MARKUP, to);
    text_raw(out, "</h2>\n<table><tr><th>row, reading<th>events per endpoint and day<th>bytes "
                  "per event<th>bytes per endpoint and day</tr>\n");
    for (size_t i = 0; i < t->n_line; i++) {
        const struct traffic_line *l = &t->line[i];
        if (l->direction != d)
            continue;
        (void)snprintf(name, sizeof name, "%s, %s", l->row->id, l->leg->id);
        text_raw(out, "<tr>");
        cell(out, name);
        cell(out, traffic_fine(traffic_line_events(l, TRAFFIC_SELECTED), a));
        cell(out, traffic_fine((double)l->size[TRAFFIC_SELECTED], a));
        cell(out, traffic_fine(traffic_line_bytes(l, TRAFFIC_SELECTED), a));
        text_raw(out, "</tr>\n");
    }
    sum(out, "total", &t->total[d]);
    text_raw(out, "</table>\n");
}

void traffic_html(struct text *out, const struct traffic *t)
{
    struct text steps;
    text_init(&steps);
    traffic_text(&steps, t);
    text_raw(out, "<!DOCTYPE html>\n<html lang=en><meta charset=utf-8>"
                  "<meta name=viewport content=\"width=device-width\"><title>Traffic: ");
    text_esc(out, TEXT_MARKUP, t->profile->name);
    text_raw(out, "</title><style>");
    text_raw(out, css);
    text_raw(out, "</style>\n<h1>Traffic over ");
    text_esc(out, TEXT_MARKUP, t->interface);
    text_raw(out, ": ");
    text_esc(out, TEXT_MARKUP, t->profile->name);
    text_raw(out, "</h1>\n<p class=key>Hours of the day, selected values, each endpoint:"
                  "<i class=a></i>down<i class=b></i>up</p>\n");
    bars(out, t, false);
    bars(out, t, true);
    for (int d = 0; d < TRAFFIC_DIRECTIONS; d++)
        table(out, t, (enum traffic_direction)d);
    text_raw(out, "<h2>Step by step</h2>\n<pre>");
    bool whole = steps.rc == ERR_OK && buf_append(&steps.buf, "", 1, NULL) == ERR_OK;
    for (const char *p = whole ? steps.buf.data : ""; *p != '\0'; p++) { /* line ends stay */
        if (*p == '<' || *p == '&')
            text_raw(out, *p == '<' ? "&lt;" : "&amp;");
        else
            text_f(out, "%c", *p);
    }
    text_raw(out, "</pre></html>\n");
    text_release(&steps);
}
