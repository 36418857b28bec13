/* What a rule did, and what it can do: failures over units between its two lines, and its operating
 * characteristic. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/plan/rule_io.h"
#include "harness/report/html_draw.h"

enum err_code html_rule_of(struct arena *a, const struct result_clause *k, struct rule *out,
                           struct err *e)
{
    for (int i = 0; k->accepts != NULL && k->accepts[0] != '\0' && i < RULE_KIND_COUNT; i++)
        if (k->rule != NULL && strcmp(k->rule, rule_kind_word[i]) == 0)
            return rule_of_lists(a, (enum rule_kind)i, k->n, k->accepts, k->rejects, out, e);
    if (k->n == 0 || k->fail_at == 0 || k->fail_at > k->n)
        return err_set(e, ERR_DATA, "no rule that rejects anything");
    return rule_short_of(a, k->n, k->fail_at, 0, out, e);
}

/* -------------------------------------------------------------- staircase */

#define ST_W 6000
#define ST_H 2350
#define ST_LEFT 400
#define ST_RIGHT 5850
#define ST_TOP 120
#define ST_BASE 1960

struct stair {
    const struct rule *rule;
    uint32_t units, failures; /* at the right and upper edge */
    struct draw_axis x, y;    /* y in half failures */
};

static int64_t across(const struct stair *s, uint32_t units)
{
    return draw_at(&s->x, units);
}

static int64_t up(const struct stair *s, uint32_t failures)
{
    return draw_at(&s->y, 2 * (int64_t)failures);
}

/* As much of the rule as shows its first way to pass and what came of the reading. */
static struct stair frame_of(const struct rule *r, const struct result_clause *k)
{
    struct stair s = {.rule = r};
    uint64_t first = r->accept[0] > 0 ? r->accept[0] : r->n;
    uint64_t wish = first > k->used ? first : k->used;
    wish += wish / 3;
    s.units = wish < r->n ? (uint32_t)wish : r->n;
    for (uint32_t f = 0; f < r->steps && r->reject[f] < s.units; f++)
        s.failures = f + 1;
    s.failures = s.failures < k->failures ? k->failures : s.failures;
    s.failures += 1 + s.failures / 6;
    s.x = (struct draw_axis){0, s.units, ST_LEFT, ST_RIGHT - ST_LEFT};
    s.y = (struct draw_axis){-1, 2 * (int64_t)s.failures, ST_BASE, ST_TOP - ST_BASE};
    return s;
}

/* Where so many units reject from so many failures; the edge, then what lies above it. */
static void reject_edge(struct text *t, const struct stair *s, bool area)
{
    const struct rule *r = s->rule;
    bool any = false;
    uint32_t f = 0;
    while (f < r->steps && r->reject[f] == 0)
        f++;
    uint32_t from = 0;
    for (; from < s->units && f <= r->steps; f++) {
        uint32_t to = f < r->steps && r->reject[f] < s->units ? r->reject[f] : s->units;
        if (!any)
            draw_from(t, area ? "zone-bad" : "edge bad", across(s, 0), up(s, f));
        else
            draw_to(t, across(s, from), up(s, f));
        draw_to(t, across(s, to), up(s, f));
        any = true;
        from = to;
    }
    if (any && area) {
        draw_to(t, ST_RIGHT, ST_TOP);
        draw_to(t, ST_LEFT, ST_TOP);
    }
    if (any)
        draw_end(t, area);
}

static void accept_edge(struct text *t, const struct stair *s, bool area)
{
    const struct rule *r = s->rule;
    bool any = false;
    for (uint32_t f = 0; f < r->steps; f++) {
        if (r->accept[f] == 0 || r->accept[f] > s->units)
            continue;
        if (!any)
            draw_from(t, area ? "zone-good" : "edge good", across(s, r->accept[f]), ST_BASE);
        draw_to(t, across(s, r->accept[f]), up(s, f));
        uint32_t next = s->units;
        for (uint32_t g = f + 1; g < r->steps; g++)
            if (r->accept[g] > 0) {
                next = r->accept[g] < s->units ? r->accept[g] : s->units;
                break;
            }
        draw_to(t, across(s, next), up(s, f));
        any = true;
    }
    if (any && area)
        draw_to(t, ST_RIGHT, ST_BASE);
    if (any)
        draw_end(t, area);
}

/* The ordinals of the failed units; how many were listed. */
static uint32_t path_of(struct text *t, const struct stair *s, const struct result_clause *k)
{
    uint32_t failed = 0;
    draw_from(t, "stair", across(s, 0), up(s, 0));
    for (const char *p = k->failed_at == NULL ? "" : k->failed_at; *p >= '0' && *p <= '9';) {
        uint32_t at = 0;
        for (; *p >= '0' && *p <= '9' && at < RULE_MOST_TRIALS; p++)
            at = at * 10 + (uint32_t)(*p - '0');
        p += strspn(p, " ");
        if (at > k->used)
            break;
        draw_to(t, across(s, at), up(s, failed));
        draw_to(t, across(s, at), up(s, ++failed));
    }
    draw_to(t, across(s, k->used), up(s, failed));
    draw_end(t, false);
    return failed;
}

static uint32_t listed(const struct result_clause *k)
{
    uint32_t n = 0;
    for (const char *p = k->failed_at == NULL ? "" : k->failed_at; *p != '\0'; n++) {
        p += strcspn(p, " ");
        p += strspn(p, " ");
    }
    return n;
}

static void ticks(struct text *t, const struct stair *s)
{
    char n[24];
    int64_t step = draw_step(s->units, 6);
    for (int64_t v = 0; v <= s->units; v += step) {
        int64_t x = draw_at(&s->x, v);
        draw_line(t, "grid", x, ST_TOP, x, ST_BASE);
        (void)snprintf(n, sizeof n, "%" PRId64, v);
        draw_label(t, "tick", v == 0 ? "start" : "middle", x, ST_BASE + 180, n);
    }
    step = draw_step(s->failures, 5);
    for (int64_t v = 0; v <= s->failures; v += step) {
        (void)snprintf(n, sizeof n, "%" PRId64, v);
        draw_label(t, "tick", "end", ST_LEFT - 60, up(s, (uint32_t)v) + 40, n);
    }
    draw_line(t, "base", ST_LEFT, ST_BASE, ST_RIGHT, ST_BASE);
    draw_line(t, "base", ST_LEFT, ST_TOP, ST_LEFT, ST_BASE);
    if (s->units == s->rule->n)
        draw_line(t, "base", ST_RIGHT, ST_TOP, ST_RIGHT, ST_BASE);
}

static void deciding_point(struct text *t, const struct stair *s, const struct result_clause *k)
{
    char says[80];
    const char *class = k->verdict == VERDICT_PASS   ? "iv good"
                        : k->verdict == VERDICT_FAIL ? "iv bad"
                                                     : "iv";
    int64_t x = across(s, k->used), y = up(s, k->failures);
    text_f(t, "<circle class=\"%s\" cx=\"%" PRId64 ".%d\" cy=\"%" PRId64 ".%d\" r=\"5\"/>", class,
           DRAW_TENTH(x), DRAW_TENTH(y));
    if (k->decided_at > 0)
        (void)snprintf(says, sizeof says, "%s after %" PRIu32,
                       k->verdict == VERDICT_NONE ? "ended" : verdict_name(k->verdict),
                       k->decided_at);
    else
        (void)snprintf(says, sizeof says, "undecided after %" PRIu32, k->used);
    bool right = x > (ST_LEFT + ST_RIGHT) / 2;
    draw_label(t, "pct", right ? "end" : "start", x + (right ? -90 : 90), y - 80, says);
}

/* The words "fail" and "pass", each behind its line. */
static void name_lines(struct text *t, const struct stair *s)
{
    const struct rule *r = s->rule;
    uint32_t least = 0, first = 0;
    while (least < r->steps && r->reject[least] == 0)
        least++;
    draw_label(t, "bad", "start", ST_LEFT + 80, up(s, least) - 50, "fail");
    int64_t y = ST_BASE;
    for (uint32_t f = 0; f < r->steps; f++)
        if (r->accept[f] > 0 && r->accept[f] <= s->units) {
            first = first == 0 ? r->accept[f] : first;
            y = up(s, f);
        }
    bool at_the_end = first == s->units; /* one upright line: beside its middle */
    draw_label(t, "good", "end", ST_RIGHT - 40, at_the_end ? (y + ST_BASE) / 2 : y - 60, "pass");
}

static void staircase(struct text *t, const struct result_variant *v, const struct result_clause *k,
                      const struct rule *r)
{
    char says[300], need[WORDS_SIZE], title[2 * WORDS_SIZE], every[WORDS_SIZE];
    struct stair s = frame_of(r, k);
    (void)words_ratio(k->ratio_ppb, need, sizeof need);
    if (k->period_ns > 0)
        (void)snprintf(title, sizeof title, "Failures over %s, &gt; %s in %s", words_unit(v, 2),
                       need, words_limit(k->period_ns, every, sizeof every));
    else
        (void)snprintf(title, sizeof title, "Failures over %s between the rule's lines",
                       words_unit(v, 2));
    (void)snprintf(says, sizeof says,
                   "%" PRIu32 " failed of %" PRIu32 " %s used; the rule for more than %s takes at "
                   "most %" PRIu32 "; verdict %s",
                   k->failures, k->used, words_unit(v, k->used), need, k->n,
                   k->verdict == VERDICT_NONE ? "none" : verdict_name(k->verdict));
    draw_figure(t, "two", title);
    draw_svg(t, ST_W / 10, ST_H / 10, says);
    reject_edge(t, &s, true);
    accept_edge(t, &s, true);
    ticks(t, &s);
    reject_edge(t, &s, false);
    accept_edge(t, &s, false);
    name_lines(t, &s);
    bool whole = listed(k) == k->failures;
    if (whole)
        (void)path_of(t, &s, k);
    deciding_point(t, &s, k);
    draw_label(t, "tick", "end", ST_RIGHT, ST_BASE + 320, words_unit(v, 2));
    text_f(t, "</svg><p><b>%" PRIu32 "</b> of <b>%" PRIu32 "</b> %s failed", k->failures, k->used,
           words_unit(v, k->used));
    if (k->decided_at > 0)
        text_f(t, "; the rule %s after <b>%" PRIu32 "</b>",
               k->verdict == VERDICT_PASS || k->verdict == VERDICT_FAIL ? "spoke"
                                                                        : "ended without a word",
               k->decided_at);
    else
        text_raw(t, "; the rule did not speak");
    text_f(t, ", of at most %" PRIu32 ". In the order of their planned start.", k->n);
    if (!whole)
        text_raw(t, " Only the end is drawn: each counts with the share that it lost.");
    text_raw(t, "</p></figure>\n");
}

void html_plot_staircase(struct text *t, const struct result_variant *v)
{
    for (size_t i = 0; i < v->n_clause; i++) {
        const struct result_clause *k = &v->clause[i];
        struct arena a = ARENA_INIT;
        struct rule r;
        if (k->used > 0 && k->used <= k->n && html_rule_of(&a, k, &r, NULL) == ERR_OK)
            staircase(t, v, k, &r);
        arena_release(&a);
    }
}

/* ------------------------------------------- operating characteristic */

#define OC_W 4200
#define OC_H 2350
#define OC_LEFT 420
#define OC_RIGHT 4050
#define OC_TOP 260
#define OC_BASE 1960
#define OC_POINTS 60
#define OC_WORK_MOST 1000000u /* units times failures: beyond, drawing it would take too long */

bool html_characteristic(const struct rule *r, double failure_rate, struct rule_characteristic *out)
{
    if ((uint64_t)r->n * r->steps > OC_WORK_MOST)
        return false;
    return rule_characteristic_at(r, failure_rate, out, NULL) == ERR_OK;
}

static void curve(struct text *t, const char *class, const struct draw_axis *x,
                  const struct draw_axis *y, const double *p)
{
    for (int i = 0; i <= OC_POINTS; i++) {
        int64_t at = draw_at(y, llround(p[i] * 1e6)), to = draw_at(x, (x->hi / OC_POINTS) * i);
        if (i == 0)
            draw_from(t, class, to, at);
        else
            draw_to(t, to, at);
    }
    draw_end(t, false);
}

static void oc_grid(struct text *t, const struct draw_axis *x, const struct draw_axis *y)
{
    char s[WORDS_SIZE];
    for (int64_t v = 0; v <= 1000000; v += 250000) {
        draw_line(t, "grid", OC_LEFT, draw_at(y, v), OC_RIGHT, draw_at(y, v));
        draw_label(t, "tick", "end", OC_LEFT - 50, draw_at(y, v) + 40, words_risk(v, s, sizeof s));
    }
    int64_t step = draw_step(x->hi, 4);
    for (int64_t v = 0; v <= x->hi; v += step)
        draw_label(t, "tick", "middle", draw_at(x, v), OC_BASE + 180, words_ratio(v, s, sizeof s));
    draw_line(t, "base", OC_LEFT, OC_BASE, OC_RIGHT, OC_BASE);
}

void html_plot_characteristic(struct text *t, const struct rule *r, int64_t p0_ppb, int64_t p1_ppb)
{
    double accepts[OC_POINTS + 1], rejects[OC_POINTS + 1], ends[OC_POINTS + 1];
    struct draw_axis x = {0, 2 * p1_ppb, OC_LEFT, OC_RIGHT - OC_LEFT};
    struct draw_axis y = {0, 1000000, OC_BASE, OC_TOP - OC_BASE};
    bool open = false;
    for (int i = 0; i <= OC_POINTS; i++) {
        struct rule_characteristic c;
        double rate = (double)(x.hi / OC_POINTS * i) / 1e9;
        if (!html_characteristic(r, rate, &c))
            return;
        accepts[i] = c.accepts;
        rejects[i] = c.rejects;
        ends[i] = c.ends;
        open = open || c.ends > 0.001;
    }
    char a[WORDS_SIZE], b[WORDS_SIZE], says[3 * WORDS_SIZE];
    (void)snprintf(says, sizeof says,
                   "Probability of pass and of fail over the true failure rate, p0 %s, p1 %s",
                   words_ratio(p0_ppb, a, sizeof a), words_ratio(p1_ppb, b, sizeof b));
    draw_figure(t, "oc", "Operating characteristic: what becomes of equipment that fails so often");
    draw_svg(t, OC_W / 10, OC_H / 10, says);
    oc_grid(t, &x, &y);
    if (p0_ppb > 0) {
        draw_line(t, "floor", draw_at(&x, p0_ppb), OC_TOP - 60, draw_at(&x, p0_ppb), OC_BASE);
        draw_label(t, "tick", "middle", draw_at(&x, p0_ppb), OC_TOP - 100, "p0");
    }
    draw_line(t, "limit", draw_at(&x, p1_ppb), OC_TOP - 60, draw_at(&x, p1_ppb), OC_BASE);
    draw_label(t, "limit", "middle", draw_at(&x, p1_ppb), OC_TOP - 100, "p1");
    if (open)
        curve(t, "edge", &x, &y, ends);
    curve(t, "edge good", &x, &y, accepts);
    curve(t, "edge bad", &x, &y, rejects);
    draw_label(t, "good", "start", OC_LEFT + 60, OC_TOP + 160, "pass");
    draw_label(t, "bad", "end", OC_RIGHT - 60, OC_TOP + 160, "fail");
    draw_label(t, "tick", "end", OC_RIGHT, OC_BASE + 320, "true failure rate");
    text_raw(t, "</svg></figure>\n");
}
