#include "harness/report/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"

static const char *const labels[OUTCOME_COUNT] = {
    [OUTCOME_PASS] = "pass",
    [OUTCOME_FAIL] = "fail",
    [OUTCOME_INCONCLUSIVE] = "inconclusive",
    [OUTCOME_ERROR] = "error",
    [OUTCOME_NOT_EXERCISED] = "not exercised",
    [OUTCOME_NOT_SCORABLE] = "not scorable",
    [OUTCOME_NOT_RUN] = "not run",
    [OUTCOME_NOT_APPLICABLE] = "not applicable",
    [OUTCOME_INFORMATION] = "information",
};

enum outcome outcome_of(enum verdict v, enum no_verdict s)
{
    switch (v) {
    case VERDICT_PASS:
        return OUTCOME_PASS;
    case VERDICT_INCONCLUSIVE:
        return OUTCOME_INCONCLUSIVE;
    case VERDICT_FAIL:
        return OUTCOME_FAIL;
    case VERDICT_NONE:
        break;
    case VERDICT_ERROR:
    case VERDICT_COUNT:
        return OUTCOME_ERROR;
    }
    switch (s) {
    case NOT_APPLICABLE:
        return OUTCOME_NOT_APPLICABLE;
    case NOT_SCORABLE:
        return OUTCOME_NOT_SCORABLE;
    case NOT_EXERCISED:
        return OUTCOME_NOT_EXERCISED;
    case NOT_RUN:
        return OUTCOME_NOT_RUN;
    case INFORMATION:
        return OUTCOME_INFORMATION;
    case NO_VERDICT_GIVEN:
    case NO_VERDICT_COUNT:
        break;
    }
    return OUTCOME_ERROR;
}

const char *outcome_name(enum outcome o)
{
    static const char *const names[OUTCOME_COUNT] = {
        [OUTCOME_NOT_EXERCISED] = "not-exercised",
        [OUTCOME_NOT_SCORABLE] = "not-scorable",
        [OUTCOME_NOT_RUN] = "not-run",
        [OUTCOME_NOT_APPLICABLE] = "not-applicable",
    };
    return (unsigned)o >= OUTCOME_COUNT ? "?" : names[o] != NULL ? names[o] : labels[o];
}

const char *outcome_label(enum outcome o)
{
    return (unsigned)o < OUTCOME_COUNT ? labels[o] : "?";
}

bool outcome_spoils(enum outcome o)
{
    return o != OUTCOME_PASS && o != OUTCOME_NOT_APPLICABLE && o != OUTCOME_INFORMATION;
}

enum outcome words_row_outcome(const struct result_row *row)
{
    return outcome_of(row->verdict, row->status);
}

enum outcome words_whole(const struct result_summary *s)
{
    switch (s->exit_status) {
    case EXIT_ALL_PASS:
        return OUTCOME_PASS;
    case EXIT_FAIL:
        return OUTCOME_FAIL;
    case EXIT_INCONCLUSIVE:
        return s->inconclusive > 0    ? OUTCOME_INCONCLUSIVE
               : s->not_exercised > 0 ? OUTCOME_NOT_EXERCISED
               : s->not_scorable > 0  ? OUTCOME_NOT_SCORABLE
                                      : OUTCOME_NOT_RUN;
    case EXIT_NOTHING:
        return OUTCOME_NOT_APPLICABLE;
    default:
        return OUTCOME_ERROR;
    }
}

struct words_point words_point(const struct result_row *row, size_t variant, enum criterion_kind k)
{
    const struct result_criterion *c = &row->variant[variant].criterion[k];
    struct words_point p = {outcome_of(c->verdict, c->status), false, c->reason, &c->expected};
    if (!outcome_spoils(words_row_outcome(row)))
        return p;
    bool any = false;
    for (size_t i = 0; i < row->n_variant; i++)
        for (int j = 0; j < CRITERION_COUNT; j++) {
            const struct result_criterion *x = &row->variant[i].criterion[j];
            any = any || outcome_spoils(outcome_of(x->verdict, x->status));
        }
    p.spoils = outcome_spoils(p.outcome);
    if (!any && variant == 0 && k == 0)
        p = (struct words_point){words_row_outcome(row), true, row->reason, &c->expected};
    return p;
}

bool words_proves(const struct result_variant *v, const struct result_example *x,
                  enum criterion_kind k)
{
    const struct result_criterion *c = &v->criterion[k];
    switch (k) {
    case CRITERION_RELIABILITY:
        return x->cause != CAUSE_OK;
    case CRITERION_LATENCY:
        return x->cause == CAUSE_LATE || x->cause == CAUSE_BETWEEN;
    case CRITERION_SIZE:
        return x->size_bytes >= 0 &&
               ((c->limit_max_bytes >= 0 && x->size_bytes > c->limit_max_bytes) ||
                x->size_bytes < c->limit_min_bytes);
    case CRITERION_WINDOW:
    case CRITERION_RATE:
    case CRITERION_CONFIDENTIALITY:
    case CRITERION_COUNT:
        break;
    }
    return false;
}

/* n / scale with at most so many decimals, trailing zeros dropped; cut off, not rounded. */
static char *decimal(uint64_t n, uint64_t scale, int decimals, const char *unit, char *out,
                     size_t size)
{
    char frac[24];
    int len = 0;
    for (uint64_t rest = n % scale * 10; len < decimals; rest = rest % scale * 10)
        frac[len++] = (char)('0' + rest / scale);
    while (len > 0 && frac[len - 1] == '0')
        len--;
    frac[len] = '\0';
    (void)snprintf(out, size, "%" PRIu64 "%s%s%s", n / scale, len > 0 ? "." : "", frac, unit);
    return out;
}

struct unit {
    uint64_t ns;
    const char *name;
};

static const struct unit units[] = {
    {UINT64_C(86400000000000), " d"},
    {UINT64_C(3600000000000), " h"},
    {UINT64_C(60000000000), " min"},
    {UINT64_C(1000000000), " s"},
    {UINT64_C(1000000), " ms"},
    {UINT64_C(1000), " \xc2\xb5s"},
    {1, " ns"},
};
#define N_UNIT (sizeof units / sizeof units[0])

static size_t unit_of(uint64_t ns)
{
    size_t u = 0;
    while (u + 1 < N_UNIT && ns < units[u].ns * (u < 3 ? 2 : 1))
        u++;
    return u;
}

/* Three digits, half up. */
static uint64_t rounded(uint64_t ns)
{
    uint64_t step = 1;
    for (uint64_t lead = ns; lead >= 1000; lead /= 10)
        step *= 10;
    return ns > UINT64_MAX - step ? ns : (ns + step / 2) / step * step;
}

char *words_duration(int64_t ns, char *out, size_t size)
{
    if (ns < 0) {
        (void)snprintf(out, size, "-");
        return out;
    }
    uint64_t n = rounded((uint64_t)ns);
    size_t u = unit_of(n);
    return decimal(n, units[u].ns, 3, units[u].name, out, size);
}

char *words_against(int64_t ns, int64_t limit_ns, char *out, size_t size)
{
    if (ns < 0 || limit_ns <= 0)
        return words_duration(ns, out, size);
    int64_t near = (int64_t)rounded((uint64_t)ns);
    bool same_side = ns < limit_ns ? near < limit_ns : near > limit_ns;
    return same_side ? words_duration(ns, out, size) : words_exact(ns, out, size);
}

char *words_limit(int64_t ns, char *out, size_t size)
{
    if (ns < 0) {
        (void)snprintf(out, size, "-");
        return out;
    }
    uint64_t n = (uint64_t)ns;
    for (size_t u = 0; u < 3; u++)
        if (n != 0 && n % units[u].ns == 0)
            return decimal(n, units[u].ns, 0, units[u].name, out, size);
    return decimal(n, NS_PER_S, 9, " s", out, size);
}

char *words_exact(int64_t ns, char *out, size_t size)
{
    if (ns < 0) {
        (void)snprintf(out, size, "-");
        return out;
    }
    uint64_t us = ((uint64_t)ns + 999) / 1000;
    (void)snprintf(out, size, "%" PRIu64 ".%06" PRIu64 " s", us / 1000000, us % 1000000);
    return out;
}

char *words_ratio(int64_t ppb, char *out, size_t size)
{
    if (ppb < 0) {
        (void)snprintf(out, size, "-");
        return out;
    }
    return decimal((uint64_t)ppb, 10000000, 7, " %", out, size);
}

char *words_risk(int64_t ppm, char *out, size_t size)
{
    return words_ratio(ppm < 0 ? ppm : ppm * 1000, out, size);
}

char *words_bound(int64_t ppb, bool up, char *out, size_t size)
{
    const int64_t step = 10000; /* a thousandth of a per cent */
    return words_ratio(ppb < 0 ? ppb : (up ? ppb + step - 1 : ppb) / step * step, out, size);
}

char *words_share(uint64_t good, uint64_t n, char *out, size_t size)
{
    if (n == 0 || n > UINT64_MAX / 100000000 || good > n) {
        (void)snprintf(out, size, "-");
        return out;
    }
    return decimal(good * 1000000 / n, 10000, 4, " %", out, size);
}

char *words_frames(uint64_t first, uint64_t last, char *out, size_t size)
{
    if (first == 0)
        (void)snprintf(out, size, "%s", "");
    else if (last <= first)
        (void)snprintf(out, size, "%" PRIu64, first);
    else
        (void)snprintf(out, size, "%" PRIu64 " to %" PRIu64, first, last);
    return out;
}

char *words_count(uint64_t n, char *out, size_t size)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, n);
    size_t at = 0;
    for (int i = 0; i < len && at + 4 < size; i++) {
        if (i > 0 && (len - i) % 3 == 0 && len > 4) {
            memcpy(out + at, "\xe2\x80\xaf", 3);
            at += 3;
        }
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

static void required_latency(struct text *t, const struct result_criterion *c)
{
    char a[WORDS_SIZE], b[WORDS_SIZE];
    if (c->limit_ns <= 0)
        return;
    text_f(t, "< %s", words_limit(c->limit_ns, a, sizeof a));
    if (c->limit_lax_ns > c->limit_ns)
        text_f(t, " (%s by the laxest reading)", words_limit(c->limit_lax_ns, b, sizeof b));
}

static void required_size(struct text *t, const struct result_criterion *c)
{
    if (c->limit_max_bytes < 0)
        return;
    if (c->limit_min_bytes >= 0 && c->limit_min_bytes != c->limit_max_bytes)
        text_f(t, "%" PRId64 " to ", c->limit_min_bytes);
    else
        text_raw(t, "<= ");
    text_f(t, "%" PRId64 " bytes", c->limit_max_bytes);
}

static void required_reliability(struct text *t, const struct result_variant *v)
{
    char a[WORDS_SIZE], b[WORDS_SIZE];
    const struct result_criterion *c = &v->criterion[CRITERION_RELIABILITY];
    if (v->n_clause == 0 && c->ratio_ppb >= 0)
        text_f(t, "> %s", words_ratio(c->ratio_ppb, a, sizeof a));
    for (size_t i = 0; i < v->n_clause; i++) {
        const struct result_clause *k = &v->clause[i];
        text_f(t, "%s> %s", i > 0 ? ", " : "", words_ratio(k->ratio_ppb, a, sizeof a));
        if (k->period_ns > 0)
            text_f(t, " in %s", words_limit(k->period_ns, b, sizeof b));
    }
}

void words_required(struct text *t, const struct result_variant *v, enum criterion_kind k)
{
    switch (k) {
    case CRITERION_RELIABILITY:
        required_reliability(t, v);
        break;
    case CRITERION_LATENCY:
        required_latency(t, &v->criterion[k]);
        break;
    case CRITERION_SIZE:
        required_size(t, &v->criterion[k]);
        break;
    case CRITERION_WINDOW:
        text_raw(t, v->criterion[k].verdict != VERDICT_NONE ? "inside the window" : "");
        break;
    case CRITERION_RATE:
        text_raw(t, v->criterion[k].verdict != VERDICT_NONE ? "as often as the row says" : "");
        break;
    case CRITERION_CONFIDENTIALITY:
        text_raw(t, v->criterion[k].verdict != VERDICT_NONE ? "not in clear text" : "");
        break;
    case CRITERION_COUNT:
        break;
    }
}

void words_measured(struct text *t, const struct result_variant *v, enum criterion_kind k)
{
    char a[WORDS_SIZE], b[WORDS_SIZE];
    const struct result_criterion *c = &v->criterion[k];
    unsigned hours = 0;
    switch (k) {
    case CRITERION_RELIABILITY:
        if (c->n > 0)
            text_f(t, "%" PRIu32 " of %" PRIu32, c->good, c->n);
        break;
    case CRITERION_LATENCY:
        if (v->delivered > 0 && v->percentile_ns[6] >= 0)
            text_f(t, "p99 %s, worst %s",
                   words_against(v->percentile_ns[4], c->limit_ns, a, sizeof a),
                   words_against(v->percentile_ns[6], c->limit_ns, b, sizeof b));
        break;
    case CRITERION_SIZE:
        if (v->size_least >= 0 && v->size_most > v->size_least)
            text_f(t, "%" PRId64 " to %" PRId64 " bytes", v->size_least, v->size_most);
        else if (v->size_least >= 0)
            text_f(t, "%" PRId64 " bytes", v->size_least);
        break;
    case CRITERION_WINDOW:
        for (unsigned h = 0; h < 24; h++)
            hours += v->hour[h] > 0;
        if (c->verdict != VERDICT_NONE && c->n > 0)
            text_f(t, "%" PRIu32 " of %" PRIu32 " inside", c->good, c->n);
        else if (hours > 0)
            text_f(t, "%u of 24 hours seen", hours);
        break;
    case CRITERION_RATE:
    case CRITERION_CONFIDENTIALITY:
        if (c->n > 0)
            text_f(t, "%" PRIu32 " of %" PRIu32, c->good, c->n);
        break;
    case CRITERION_COUNT:
        break;
    }
}

void words_row(struct text *t, enum text_style style, const struct result_row *row)
{
    text_esc(t, style, row->id);
    if (!row->shared)
        return;
    text_raw(t, " (");
    text_clip(t, style, row->use_case, 120);
    text_raw(t, ")");
}

static bool same(const char *x, const char *y)
{
    return strcmp(x == NULL ? "" : x, y == NULL ? "" : y) == 0;
}

void words_variant(struct text *t, enum text_style style, const struct result_row *row,
                   size_t variant)
{
    const struct result_variant *v = &row->variant[variant];
    bool role = false, from = false, to = false, any = false;
    for (size_t i = 0; i < row->n_variant; i++) {
        const struct result_variant *x = &row->variant[i];
        bool alike = same(x->leg, v->leg) && same(x->mode, v->mode) &&
                     same(x->device_class, v->device_class);
        role = role || !same(x->role, v->role);
        from = from || (alike && !same(x->from, v->from));
        to = to || (alike && !same(x->to, v->to));
    }
    const struct {
        const char *name, *value;
    } part[] = {{"leg ", v->leg},
                {"mode ", v->mode},
                {"", v->device_class},
                {"", role ? v->role : ""},
                {"from ", from ? v->from : ""},
                {"to ", to ? v->to : ""}};
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
        if (part[i].value == NULL || part[i].value[0] == '\0')
            continue;
        text_f(t, "%s%s", any ? ", " : "", part[i].name);
        text_clip(t, style, part[i].value, 120);
        any = true;
    }
}

void words_equipment(struct text *t, enum text_style style, const struct result *r)
{
    bool vendor = r->vendor != NULL && r->vendor[0] != '\0';
    bool model = r->model != NULL && r->model[0] != '\0';
    text_clip(t, style, r->vendor, 200);
    text_raw(t, vendor && model ? " " : "");
    text_clip(t, style, r->model, 200);
    text_raw(t, vendor || model ? "" : "equipment not named");
}

const char *words_exit(int status)
{
    switch (status) {
    case EXIT_ALL_PASS:
        return "every row in scope passed";
    case EXIT_FAIL:
        return "at least one row failed";
    case EXIT_HARNESS:
        return "the harness could not do its work";
    case EXIT_INCONCLUSIVE:
        return "nothing failed, but a row is inconclusive, not exercised, not scorable or not run";
    case EXIT_NOTHING:
        return "no row applies to this equipment";
    default:
        return "see gridassay --help";
    }
}
