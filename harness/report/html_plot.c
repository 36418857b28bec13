#include <inttypes.h>
#include <stdio.h>

#include "harness/report/html_draw.h"

/* ---------------------------------------------------------------- latency */

#define LAT_W 6400
#define LAT_H 2350
#define LAT_LEFT 200
#define LAT_TOP 640 /* above it: limit, p50, p99 and worst, a line each */
#define LAT_BASE 1980
#define LAT_OCTAVES 8 /* the axis is never shorter: two powers of ten have their ticks */

struct mark {
    const char *class, *name;
    int64_t ns;
};

static void latency_ticks(struct text *t, const struct draw_axis *a)
{
    static const struct {
        int64_t ns;
        const char *name;
    } tick[] = {{1000, "1 \xc2\xb5s"},    {10000, "10 \xc2\xb5s"},  {100000, "100 \xc2\xb5s"},
                {1000000, "1 ms"},        {10000000, "10 ms"},      {100000000, "100 ms"},
                {1000000000, "1 s"},      {10000000000, "10 s"},    {60000000000, "1 min"},
                {600000000000, "10 min"}, {3600000000000, "1 h"},   {36000000000000, "10 h"},
                {86400000000000, "1 d"},  {864000000000000, "10 d"}};
    int64_t last = -1000;
    for (size_t i = 0; i < sizeof tick / sizeof tick[0]; i++) {
        int64_t pos = draw_log2((uint64_t)tick[i].ns);
        if (pos < a->lo || pos > a->hi)
            continue;
        int64_t x = draw_at(a, pos);
        draw_line(t, "grid", x, LAT_TOP, x, LAT_BASE);
        if (x - last < 420)
            continue;
        draw_label(t, "tick", "middle", x, LAT_BASE + 190, tick[i].name);
        last = x;
    }
}

static void latency_range(const struct result_variant *v, struct draw_axis *a)
{
    const struct result_criterion *c = &v->criterion[CRITERION_LATENCY];
    int64_t lo = INT64_MAX, hi = 0;
    for (unsigned b = 0; b < RESULT_BINS; b++) {
        if (v->bin[b] == 0)
            continue;
        if (result_bin_edge_ns(b) < lo)
            lo = result_bin_edge_ns(b);
        hi = result_bin_edge_ns(b + 1);
    }
    const int64_t more[] = {c->limit_ns, c->limit_lax_ns, v->percentile_ns[1], v->percentile_ns[6]};
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        if (more[i] <= 0)
            continue;
        lo = more[i] < lo ? more[i] : lo;
        hi = more[i] > hi ? more[i] : hi;
    }
    if (lo > hi)
        lo = hi;
    *a = (struct draw_axis){draw_log2(lo > 0 ? (uint64_t)lo : 1) - 65536,
                            draw_log2(hi > 0 ? (uint64_t)hi : 1) + 65536, LAT_LEFT,
                            LAT_W - 2 * LAT_LEFT};
    int64_t missing = LAT_OCTAVES * 65536 - (a->hi - a->lo);
    if (missing > 0)
        a->lo -= missing;
}

static void latency_bars(struct text *t, const struct draw_axis *a, const struct result_variant *v)
{
    const struct result_criterion *c = &v->criterion[CRITERION_LATENCY];
    uint64_t most = 1;
    for (unsigned b = 0; b < RESULT_BINS; b++)
        most = v->bin[b] > most ? v->bin[b] : most;
    for (unsigned b = 0; b < RESULT_BINS; b++) {
        if (v->bin[b] == 0)
            continue;
        char says[2 * WORDS_SIZE + 60], from[WORDS_SIZE], to[WORDS_SIZE];
        int64_t low = result_bin_edge_ns(b), high = result_bin_edge_ns(b + 1);
        int64_t x = draw_at(a, draw_log2((uint64_t)(low > 0 ? low : 1)));
        int64_t w = draw_at(a, draw_log2((uint64_t)high)) - x;
        int64_t h = (int64_t)(v->bin[b] * (LAT_BASE - LAT_TOP) / most);
        h = h < 30 ? 30 : h; /* a single late one must be seen */
        (void)snprintf(says, sizeof says, "%s to %s: %" PRIu64,
                       words_duration(low, from, sizeof from), words_duration(high, to, sizeof to),
                       v->bin[b]);
        x += 4;
        w = w > 18 ? w - 8 : w;
        /* The bin that holds the limit is cut there, unless all or none of it lies beyond. */
        int64_t cut = c->limit_ns > 0 ? draw_at(a, draw_log2((uint64_t)c->limit_ns)) : INT64_MAX;
        if (c->limit_ns > 0 && v->percentile_ns[0] >= c->limit_ns)
            cut = x;
        if (c->limit_ns > 0 && v->percentile_ns[RESULT_PERCENTILES - 1] < c->limit_ns)
            cut = INT64_MAX;
        if (cut > x)
            draw_rect(t, "bar", x, LAT_BASE - h, cut < x + w ? cut - x : w, h, says);
        if (cut < x + w)
            draw_rect(t, "bar over", cut > x ? cut : x, LAT_BASE - h, cut > x ? x + w - cut : w, h,
                      says);
    }
}

static void mark_line(struct text *t, const struct draw_axis *a, const struct mark *m, int level)
{
    int64_t x = draw_at(a, draw_log2((uint64_t)m->ns));
    draw_line(t, m->class, x, level < 0 ? LAT_TOP : 20 + 150 * level, x, LAT_BASE);
}

static void mark_label(struct text *t, const struct draw_axis *a, const struct mark *m, int level,
                       int64_t limit_ns)
{
    char value[WORDS_SIZE], words[WORDS_SIZE + 40];
    int64_t x = draw_at(a, draw_log2((uint64_t)m->ns));
    bool right = x > LAT_W * 6 / 10;
    (void)snprintf(words, sizeof words, "%s %s", m->name,
                   m->ns == limit_ns ? words_limit(m->ns, value, sizeof value)
                                     : words_against(m->ns, limit_ns, value, sizeof value));
    draw_label(t, m->class, right ? "end" : "start", right ? x - 60 : x + 60, 110 + 150 * level,
               words);
}

void html_plot_latency(struct text *t, const struct result_variant *v)
{
    if (v->delivered == 0)
        return;
    const struct result_criterion *c = &v->criterion[CRITERION_LATENCY];
    char a[WORDS_SIZE], b[WORDS_SIZE], d[WORDS_SIZE], limit[WORDS_SIZE], says[6 * WORDS_SIZE];
    (void)snprintf(says, sizeof says,
                   "Latency of %" PRIu64 " delivered exchanges: p50 %s, p99 %s, worst %s, limit %s",
                   v->delivered, words_duration(v->percentile_ns[1], a, sizeof a),
                   words_duration(v->percentile_ns[4], b, sizeof b),
                   words_against(v->percentile_ns[6], c->limit_ns, d, sizeof d),
                   c->limit_ns > 0 ? words_limit(c->limit_ns, limit, sizeof limit) : "none");
    struct draw_axis axis;
    latency_range(v, &axis);
    draw_figure(t, "wide", "Latency of what was delivered, logarithmic");
    draw_svg(t, LAT_W / 10, LAT_H / 10, says);
    if (c->limit_ns > 0) {
        int64_t x = draw_at(&axis, draw_log2((uint64_t)c->limit_ns));
        draw_rect(t, "zone-bad", x, LAT_TOP, LAT_W - LAT_LEFT - x, LAT_BASE - LAT_TOP, "");
    }
    latency_ticks(t, &axis);
    latency_bars(t, &axis, v);
    draw_line(t, "base", LAT_LEFT, LAT_BASE, LAT_W - LAT_LEFT, LAT_BASE);
    const struct mark mark[] = {{"limit", "limit", c->limit_ns},
                                {"pct", "p50", v->percentile_ns[1]},
                                {"pct", "p99", v->percentile_ns[4]},
                                {"pct", "worst", v->percentile_ns[6]}};
    const int n_mark = sizeof mark / sizeof mark[0];
    const struct mark lax = {"lax", "", c->limit_lax_ns};
    if (lax.ns > c->limit_ns)
        mark_line(t, &axis, &lax, -1);
    for (int i = 0; i < n_mark; i++)
        if (mark[i].ns > 0)
            mark_line(t, &axis, &mark[i], i);
    for (int i = 0; i < n_mark; i++)
        if (mark[i].ns > 0)
            mark_label(t, &axis, &mark[i], i, c->limit_ns);
    text_raw(t, "</svg></figure>\n");
}

/* ------------------------------------------------------------ reliability */

#define REL_W 3200
#define REL_H 1180
#define REL_LEFT 120
#define REL_Y 560
#define REL_AXIS 840

void html_plot_reliability(struct text *t, const struct result *r, const struct result_variant *v)
{
    const struct result_criterion *c = &v->criterion[CRITERION_RELIABILITY];
    if (c->n == 0 || c->low_ppb < 0 || c->ratio_ppb < 0)
        return;
    const int64_t all = 1000000000;
    int64_t seen = (int64_t)((uint64_t)c->good * 1000000000u / c->n);
    int64_t lo = c->low_ppb < c->ratio_ppb ? c->low_ppb : c->ratio_ppb;
    int64_t pad = (all - lo) / 4;
    lo = lo > pad ? lo - pad : 0;
    if (all - lo < 400000)
        lo = all - 400000;
    struct draw_axis a = {lo, all, REL_LEFT, REL_W - 2 * REL_LEFT};
    char s[WORDS_SIZE], u[WORDS_SIZE], w[WORDS_SIZE], need[WORDS_SIZE], says[6 * WORDS_SIZE];
    (void)snprintf(
        says, sizeof says,
        "%" PRIu32 " of %" PRIu32 " good, %s; interval from %s to %s; more than %s required",
        c->good, c->n, words_share(c->good, c->n, s, sizeof s),
        words_bound(c->low_ppb, false, u, sizeof u), words_bound(c->high_ppb, true, w, sizeof w),
        words_ratio(c->ratio_ppb, need, sizeof need));
    draw_figure(t, "", "Reliability and its nominal interval");
    draw_svg(t, REL_W / 10, REL_H / 10, says);
    int64_t x = draw_at(&a, c->ratio_ppb);
    draw_rect(t, "zone-good", x, 260, REL_W - REL_LEFT - x, REL_AXIS - 260, "");
    int64_t step = draw_step(all - lo, 4);
    for (int64_t tick = (lo + step - 1) / step * step; tick <= all; tick += step) {
        draw_line(t, "grid", draw_at(&a, tick), REL_AXIS, draw_at(&a, tick), REL_AXIS + 40);
        draw_label(t, "tick", tick == all ? "end" : "middle",
                   draw_at(&a, tick) + (tick == all ? 100 : 0), REL_AXIS + 190,
                   words_ratio(tick, u, sizeof u));
    }
    draw_line(t, "base", REL_LEFT, REL_AXIS, REL_W - REL_LEFT, REL_AXIS);
    draw_line(t, "limit", x, 200, x, REL_AXIS);
    (void)snprintf(says, sizeof says, "required > %s", need);
    draw_label(t, "limit", x > REL_W / 2 ? "end" : "start", x > REL_W / 2 ? x - 50 : x + 50, 170,
               says);
    const char *class = c->verdict == VERDICT_PASS   ? "iv good"
                        : c->verdict == VERDICT_FAIL ? "iv bad"
                                                     : "iv";
    int64_t x1 = draw_at(&a, c->low_ppb), x2 = draw_at(&a, c->high_ppb);
    draw_line(t, class, x1, REL_Y, x2, REL_Y);
    draw_line(t, class, x1, REL_Y - 70, x1, REL_Y + 70);
    draw_line(t, class, x2, REL_Y - 70, x2, REL_Y + 70);
    text_f(t, "<circle class=\"%s\" cx=\"%" PRId64 ".%d\" cy=\"%d\" r=\"5\"/>", class,
           DRAW_TENTH(draw_at(&a, seen)), REL_Y / 10);
    text_raw(t, "</svg><p>");
    text_f(t, "<b>%" PRIu32 "</b> of <b>%" PRIu32 "</b> good (%s); two-sided interval %s to ",
           c->good, c->n, s, words_bound(c->low_ppb, false, u, sizeof u));
    text_f(t, "%s at %" PRId64 " %% confidence.</p></figure>\n", w, r->confidence_ppm / 10000);
}

/* ------------------------------------------------------------------- size */

#define SIZE_W 3200
#define SIZE_H 1180
#define SIZE_LEFT 120

void html_plot_size(struct text *t, const struct result_variant *v)
{
    const struct result_criterion *c = &v->criterion[CRITERION_SIZE];
    if (v->size_least < 0)
        return;
    int64_t hi = v->size_most > c->limit_max_bytes ? v->size_most : c->limit_max_bytes;
    struct draw_axis a = {0, hi + hi / 8 + 1, SIZE_LEFT, SIZE_W - 2 * SIZE_LEFT};
    char says[160], n[48];
    (void)snprintf(says, sizeof says,
                   "Sizes seen from %" PRId64 " to %" PRId64 " bytes, ceiling %" PRId64 " bytes",
                   v->size_least, v->size_most, c->limit_max_bytes);
    draw_figure(t, "", "Size of the payload, canonical bytes");
    draw_svg(t, SIZE_W / 10, SIZE_H / 10, says);
    draw_line(t, "base", SIZE_LEFT, REL_AXIS, SIZE_W - SIZE_LEFT, REL_AXIS);
    draw_label(t, "tick", "start", SIZE_LEFT, REL_AXIS + 190, "0");
    int64_t x1 = draw_at(&a, v->size_least), x2 = draw_at(&a, v->size_most);
    bool over = c->limit_max_bytes >= 0 && v->size_most > c->limit_max_bytes;
    if (c->limit_max_bytes >= 0) {
        int64_t x = draw_at(&a, c->limit_max_bytes);
        draw_rect(t, "zone-bad", x, 260, SIZE_W - SIZE_LEFT - x, REL_AXIS - 260, "");
        draw_line(t, "limit", x, 200, x, REL_AXIS);
        (void)snprintf(n, sizeof n, "ceiling %" PRId64, c->limit_max_bytes);
        draw_label(t, "limit", x > SIZE_W / 2 ? "end" : "start", x > SIZE_W / 2 ? x - 50 : x + 50,
                   170, n);
    }
    if (c->limit_min_bytes > 0 && c->limit_min_bytes < c->limit_max_bytes)
        draw_line(t, "floor", draw_at(&a, c->limit_min_bytes), 260, draw_at(&a, c->limit_min_bytes),
                  REL_AXIS);
    draw_rect(t, over ? "span over" : "span", x1 - 25, REL_Y - 90, x2 - x1 + 50, 180, "");
    (void)snprintf(n, sizeof n, "%" PRId64, v->size_most);
    draw_label(t, "tick", "middle", x2, REL_AXIS + 190, n);
    if (x2 - x1 > 400) {
        (void)snprintf(n, sizeof n, "%" PRId64, v->size_least);
        draw_label(t, "tick", "middle", x1, REL_AXIS + 190, n);
    }
    text_f(t, "</svg><p>Seen <b>%" PRId64 "</b>", v->size_least);
    if (v->size_most > v->size_least)
        text_f(t, " to <b>%" PRId64 "</b>", v->size_most);
    text_raw(t, " bytes");
    if (v->body_least >= 0)
        text_f(t, "; message bodies %" PRId64 " to %" PRId64 " bytes", v->body_least, v->body_most);
    if (v->canonical_bytes > 0)
        text_f(t, ", %" PRIu64 ".%" PRIu64 " carried per canonical byte",
               v->carried_bytes / v->canonical_bytes,
               v->carried_bytes % v->canonical_bytes * 10 / v->canonical_bytes);
    text_raw(t, ".</p></figure>\n");
}

/* ------------------------------------------------------------------ hours */

#define DIAL_C 1100 /* centre */
#define DIAL_IN 360
#define DIAL_OUT 860

/* sin of k times 15 degrees, in 1/10000; cos k = sin (k + 6). */
static const int sin15[24] = {0,     2588,  5000,   7071,  8660,  9659,  10000, 9659,
                              8660,  7071,  5000,   2588,  0,     -2588, -5000, -7071,
                              -8660, -9659, -10000, -9659, -8660, -7071, -5000, -2588};

static int64_t dial_x(int k, int64_t radius)
{
    return DIAL_C + radius * sin15[k % 24] / 10000;
}

static int64_t dial_y(int k, int64_t radius)
{
    return DIAL_C - radius * sin15[(k + 6) % 24] / 10000;
}

static void wedge(struct text *t, const char *class, int hour, int64_t outer, const char *title)
{
    int64_t in = DIAL_IN;
    text_f(t,
           "<path class=\"%s\" d=\"M%" PRId64 ".%d %" PRId64 ".%dL%" PRId64 ".%d %" PRId64
           ".%dA%" PRId64 ".%d %" PRId64 ".%d 0 0 1 ",
           class, DRAW_TENTH(dial_x(hour, in)), DRAW_TENTH(dial_y(hour, in)),
           DRAW_TENTH(dial_x(hour, outer)), DRAW_TENTH(dial_y(hour, outer)), DRAW_TENTH(outer),
           DRAW_TENTH(outer));
    text_f(t,
           "%" PRId64 ".%d %" PRId64 ".%dL%" PRId64 ".%d %" PRId64 ".%dA%" PRId64 ".%d %" PRId64
           ".%d 0 0 0 %" PRId64 ".%d %" PRId64 ".%dZ\"><title>%s</title></path>",
           DRAW_TENTH(dial_x(hour + 1, outer)), DRAW_TENTH(dial_y(hour + 1, outer)),
           DRAW_TENTH(dial_x(hour + 1, in)), DRAW_TENTH(dial_y(hour + 1, in)), DRAW_TENTH(in),
           DRAW_TENTH(in), DRAW_TENTH(dial_x(hour, in)), DRAW_TENTH(dial_y(hour, in)), title);
}

void html_plot_hours(struct text *t, const struct result *r, const struct result_variant *v)
{
    uint32_t most = 0;
    unsigned hours = 0;
    for (int h = 0; h < 24; h++) {
        most = v->hour[h] > most ? v->hour[h] : most;
        hours += v->hour[h] > 0;
    }
    if (most == 0)
        return;
    char says[120];
    (void)snprintf(says, sizeof says, "Exchanges were seen in %u of the 24 hours of the day",
                   hours);
    draw_figure(t, "dial", "Hours observed");
    draw_svg(t, 220, 220, says);
    for (int h = 0; h < 24; h++) {
        (void)snprintf(says, sizeof says, "%02d:00 to %02d:00: %" PRIu32, h, (h + 1) % 24,
                       v->hour[h]);
        wedge(t, "hour", h, DIAL_OUT, says);
        if (v->hour[h] > 0)
            wedge(t, "hour seen", h,
                  DIAL_IN + 100 +
                      (int64_t)((uint64_t)v->hour[h] * (DIAL_OUT - DIAL_IN - 100) / most),
                  says);
    }
    static const char *const names[] = {"0", "6", "12", "18"};
    for (int i = 0; i < 4; i++)
        draw_label(t, "tick", "middle", dial_x(6 * i, 990), dial_y(6 * i, 990) + 40, names[i]);
    (void)snprintf(says, sizeof says, "%u h", hours);
    draw_label(t, "centre", "middle", DIAL_C, DIAL_C + 50, says);
    text_raw(t, "</svg><p>Local hours in ");
    text_esc(t, TEXT_MARKUP, r->zone != NULL && r->zone[0] != '\0' ? r->zone : "UTC");
    text_raw(t, "; longest wedge ");
    html_count(t, most);
    text_raw(t, most == 1 ? " exchange.</p></figure>\n" : " exchanges.</p></figure>\n");
}
