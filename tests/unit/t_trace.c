/* The trace: the same bytes for a seed, the rates it is made from, nothing but its own format. */
#include "harness/traffic/trace.h"

#include <math.h>

#include "harness/base/clock.h"
#include "harness/base/sha256.h"
#include "harness/base/where.h"
#include "harness/traffic/random.h"
#include "harness/traffic/trace_read.h"
#include "tests/tap.h"

#define PROFILE "fixtures/profiles/traffic-corrected.xml"
/* Of 20 endpoints, one day, seed 1: the same on every machine. Changes only with the generator,
 * with what it is documented to do, or with the profile. */
#define DIGEST "0f298e14360cbb4bb25ea798dba9cee75670c75cd8e761df71ac27eff3856da8"

static struct table *table;
static struct profile *profile;
static struct traffic *traffic;
static struct err e = ERR_INIT;

static struct trace *trace(uint64_t seed, uint32_t endpoints, int64_t from_s, int64_t length_s)
{
    struct trace *t = NULL;
    struct trace_options o = {.seed = seed,
                              .endpoints = endpoints,
                              .from_ns = from_s * NS_PER_S,
                              .length_ns = length_s * NS_PER_S};
    if (trace_make(traffic, &o, &t, &e) != ERR_OK)
        printf("# %s\n", e.text);
    return t;
}

static void text_of(const struct trace *t, struct buf *out)
{
    buf_reset(out);
    enum err_code rc = trace_write_heading(out, &e);
    for (size_t i = 0; i < t->n && rc == ERR_OK; i++)
        rc = trace_write_row(t, i, out, &e);
}

static void test_random(void)
{
    struct random r;
    /* xoshiro256** of state 1, 2, 3, 4: the reference implementation's first numbers. */
    r = (struct random){{1, 2, 3, 4}};
    static const uint64_t want[] = {UINT64_C(11520), UINT64_C(0), UINT64_C(1509978240),
                                    UINT64_C(1215971899390074240)};
    bool same = true;
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
        same = random_next(&r) == want[i] && same;
    ok(same, "the generator's first numbers are the published ones");
    random_init(&r, 5, "exponential");
    double sum = 0, squares = 0;
    const int n = 200000, mean = 1000000;
    int above = 0;
    for (int i = 0; i < n; i++) {
        double x = (double)random_exponential(&r, mean) / mean;
        sum += x;
        squares += x * x;
        above += x > 2;
    }
    /* Mean 1 and variance 1: four standard errors of 200,000; P(x > 2) = exp(-2). */
    ok(fabs(sum / n - 1) < 4 / sqrt(n), "exponential variates have their mean: %g", sum / n);
    ok(fabs(squares / n - 2) < 4 * sqrt(20.0 / n), "and second moment: %g", squares / n);
    ok(fabs((double)above / n - exp(-2)) < 4 * sqrt(exp(-2) / n), "and tail: %g",
       (double)above / n);
    random_init(&r, 5, "below");
    int count[3] = {0, 0, 0};
    for (int i = 0; i < 30000; i++)
        count[random_below(&r, 3)]++;
    ok(count[0] > 9600 && count[1] > 9600 && count[2] > 9600, "thirds are thirds");
    is_int(random_below(&r, 0), 0, "below nothing is nothing");
    ok(random_exponential(&r, INT64_MAX) >= 0, "the longest mean does not overflow");
}

static void test_same(void)
{
    struct buf one, two;
    char digest[SHA256_HEX_BYTES] = "";
    buf_init(&one, 1 << 26);
    buf_init(&two, 1 << 26);
    struct trace *a = trace(1, 20, 0, 0), *b = trace(1, 20, 0, 0), *c = trace(2, 20, 0, 0);
    if (!ok(a != NULL && b != NULL && c != NULL && a->n > 50, "a day of 20 endpoints"))
        return;
    text_of(a, &one);
    text_of(b, &two);
    ok(one.len == two.len && memcmp(one.data, two.data, one.len) == 0, "a seed gives one trace");
    text_of(c, &two);
    ok(one.len != two.len || memcmp(one.data, two.data, one.len) != 0, "another gives another");
    (void)sha256_bytes(one.data, one.len, digest, &e);
    is_str(digest, DIGEST, "it is the very one that other machines have");
    trace_free(a);
    trace_free(b);
    trace_free(c);
    buf_release(&one);
    buf_release(&two);
}

static bool in_window(const struct traffic_line *l, int64_t at_s)
{
    for (size_t i = 0; i < l->n_window; i++)
        if (at_s % 86400 >= l->window[i].from_s && at_s % 86400 < l->window[i].to_s)
            return true;
    return l->n_window == 0;
}

/* 2000 endpoints, a day: each reading has what it is computed to have, to five standard deviations
 * of a Poisson count, and keeps to its hours and kinds of endpoints. */
static void test_rates(void)
{
    struct trace *t = trace(3, 2000, 0, 0);
    static double n[64];
    size_t out = 0, wrong = 0, unordered = 0, late = 0;
    if (!ok(t != NULL && traffic->n_line <= 64, "a day of 2000 endpoints"))
        return;
    for (size_t i = 0; i < t->n; i++) {
        const struct trace_event *v = &t->event[i];
        const struct traffic_line *l = &traffic->line[v->line];
        const struct profile_mix_part *kind = trace_kind(t, v->endpoint);
        n[v->line]++;
        out += !l->follows && !in_window(l, v->at_ns / NS_PER_S);
        wrong += l->device_class[0] != '\0' && strcmp(kind->device_class, l->device_class) != 0;
        unordered += i > 0 && v->at_ns < t->event[i - 1].at_ns;
        if (v->answers != TRACE_NOBODY) {
            const struct trace_event *c = &t->event[v->answers];
            late += v->at_ns < c->at_ns || v->endpoint != c->endpoint ||
                    v->at_ns - c->at_ns > l->leg->latency_max.value[0];
        }
    }
    is_int(unordered, 0, "in order of time");
    is_int(out, 0, "each inside its daily clock period");
    is_int(wrong, 0, "from endpoints of its class");
    is_int(late, 0, "answers within their latency limit, from the endpoint that was asked");
    for (size_t i = 0; i < traffic->n_line; i++) {
        double want = 2000 * traffic_line_events(&traffic->line[i], TRAFFIC_SELECTED);
        double off = traffic->line[i].arrival == ARRIVE_PERIODIC && !traffic->line[i].follows
                         ? 1
                         : 5 * sqrt(want) + 1;
        ok(fabs(n[i] - want) <= off, "%s, %s: %g of %g", traffic->line[i].row->id,
           traffic->line[i].leg->id, n[i], want);
    }
    trace_free(t);
}

/* A slice is what the whole has there. */
static void test_slice(void)
{
    struct trace *whole = trace(4, 500, 0, 0), *slice = trace(4, 500, 43200, 1800);
    size_t from = 0, same = 0;
    if (!ok(whole != NULL && slice != NULL && slice->n > 20, "half an hour at noon"))
        return;
    while (from < whole->n && whole->event[from].at_ns < 43200 * NS_PER_S)
        from++;
    for (size_t i = 0; i < slice->n; i++)
        same += slice->event[i].at_ns == whole->event[from + i].at_ns &&
                slice->event[i].endpoint == whole->event[from + i].endpoint &&
                slice->event[i].line == whole->event[from + i].line;
    is_int(same, slice->n, "holds the very payloads of the whole");
    ok(from + slice->n == whole->n || whole->event[from + slice->n].at_ns >= 45000 * NS_PER_S,
       "and all of them");
    trace_free(whole);
    trace_free(slice);
}

static void test_limits(void)
{
    struct trace *t = NULL;
    struct trace_options o = {.seed = 1, .endpoints = 2000000};
    ok(trace_make(traffic, &o, &t, &e) == ERR_USAGE && t == NULL, "more than it can hold: %s",
       e.text);
    o = (struct trace_options){.endpoints = 10, .from_ns = 2 * 86400 * NS_PER_S};
    ok(trace_make(traffic, &o, &t, &e) == ERR_USAGE, "a slice behind the last day: %s", e.text);
    o = (struct trace_options){.endpoints = 10, .days = 1000};
    ok(trace_make(traffic, &o, &t, &e) == ERR_USAGE, "a thousand days: %s", e.text);
}

/* ---- reading -----------------------------------------------------------------------------------
 */

static void refused(const char *text, enum err_code code, const char *words)
{
    struct trace_file *f = NULL;
    enum err_code rc = trace_file_parse("t.csv", text, strlen(text), &f, &e);
    ok(rc == code && strstr(e.text, words) != NULL && f == NULL, "refused: %s", e.text);
    trace_file_free(f);
}

static void test_read(void)
{
    struct buf text;
    struct trace_file *f = NULL;
    struct trace *t = trace(1, 200, 43200, 3600);
    buf_init(&text, 1 << 26);
    text_of(t, &text);
    ok(trace_file_parse("t.csv", text.data, text.len, &f, &e) == ERR_OK, "ours is read");
    if (f == NULL)
        return;
    is_int(f->n, t->n, "as many payloads");
    size_t same = 0;
    for (size_t i = 0; i < f->n; i++) {
        const struct trace_event *v = &t->event[i];
        const struct traffic_line *l = &traffic->line[v->line];
        const struct trace_file_kind *k = &f->kind[f->item[i].kind];
        same += f->item[i].at_ns == v->at_ns - t->event[0].at_ns &&
                f->item[i].endpoint == v->endpoint + 1 && strcmp(k->row, l->row->id) == 0 &&
                strcmp(k->reading, l->leg->id) == 0;
    }
    is_int(same, t->n, "each with its time, endpoint and reading");
    trace_file_free(f);
    trace_free(t);
    buf_release(&text);
    static const char other[] = "\xEF\xBB\xBF"
                                "endpoint,extra,reading,row,time_s\n"
                                "7,\"a, \"\"b\"\"\",1,4.1/x,0.5\n7,,1,4.1/x,12\n";
    ok(trace_file_parse("t.csv", other, sizeof other - 1, &f, &e) == ERR_OK && f->n == 2 &&
           f->n_kind == 1 && f->length_ns == 11500 * NS_PER_MS && f->item[1].endpoint == 7,
       "another simulator's, in its own order of columns, is read");
    trace_file_free(f);
    refused("", ERR_DATA, "empty");
    refused("time_s,row,reading\n", ERR_DATA, "no column endpoint");
    refused("time_s,row,reading,endpoint,row\n", ERR_DATA, "twice");
    refused("time_s,row,reading,endpoint\n1,a,b\n", ERR_DATA, ":2: column 4: the line ends");
    refused("time_s,row,reading,endpoint\nx,a,b,1\n", ERR_DATA, ":2: column 1: expected seconds");
    refused("time_s,row,reading,endpoint\n-1,a,b,1\n", ERR_DATA, "expected seconds");
    refused("time_s,row,reading,endpoint\n1,a,b,0\n", ERR_DATA, "column 4: expected a number");
    refused("time_s,row,reading,endpoint\n1,,b,1\n", ERR_DATA, "column 2: it is empty");
    refused("time_s,row,reading,endpoint\n1,\"a,b,1\n", ERR_DATA, "not closed");
    refused("time_s,row,reading,endpoint\n1,\"a\"x,b,1\n", ERR_DATA, "expected a comma");
    refused("time_s,row,reading,endpoint\n2,a,b,1\n1,a,b,1\n", ERR_DATA, "before the line above");
}

int main(void)
{
    char path[4096];
    struct traffic_options o = {0};
    if (table_load(NULL, &table, &e) == ERR_OK &&
        where_data(PROFILE, path, sizeof path, &e) == ERR_OK &&
        profile_load(path, &profile, &e) == ERR_OK) {
        o = (struct traffic_options){.table = table, .profile = profile};
        (void)traffic_make(&o, &traffic, &e);
    }
    if (traffic == NULL) {
        printf("Bail out! %s\n", e.text);
        return 1;
    }
    test_random();
    test_same();
    test_rates();
    test_slice();
    test_limits();
    test_read();
    traffic_free(traffic);
    profile_free(profile);
    table_free(table);
    return done_testing();
}
