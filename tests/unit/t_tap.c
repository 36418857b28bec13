/* TAP: a plan that holds, one line per point whatever the strings hold, live equal to stored. */
#include <ctype.h>
#include <stdlib.h>

#include "harness/report/report.h"
#include "tests/tap.h"
#include "tests/unit/sample_result.h"

struct reading { /* what a reader of the stream finds */
    unsigned long plan, points, bad, skipped, inner_plan, inner, yaml_open;
    bool wrong_number, odd_line, control;
};

static bool starts(const char *line, const char *with)
{
    return strncmp(line, with, strlen(with)) == 0;
}

static void read_point(struct reading *x, const char *line, unsigned long *count)
{
    const char *p = line + (starts(line, "not ") ? 4 : 0);
    char *end;
    unsigned long n = strtoul(p + 3, &end, 10);
    x->wrong_number = x->wrong_number || n != ++*count || !starts(end, " - ");
}

/* Lines are told apart by indentation and first word, as a consumer does. */
static struct reading read_stream(char *text)
{
    struct reading x = {0};
    bool yaml = false;
    for (char *line = text, *next; line != NULL && *line != '\0'; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        for (const char *p = line; *p != '\0'; p++)
            x.control = x.control || iscntrl((unsigned char)*p);
        const char *at = line + strspn(line, " ");
        size_t indent = (size_t)(at - line);
        if (yaml) {
            yaml = strcmp(at, "...") != 0;
            size_t len = strlen(at);
            bool scalar = len > 1 && at[len - 1] == '"' && strchr(at, '"') != at + len - 1;
            bool holder = len > 0 && at[len - 1] == ':';
            x.odd_line = x.odd_line || (yaml && !scalar && !holder);
        } else if (strcmp(at, "---") == 0) {
            yaml = true;
            x.yaml_open++;
        } else if (starts(at, "1..")) {
            *(indent == 0 ? &x.plan : &x.inner_plan) = strtoul(at + 3, NULL, 10);
            x.inner = indent == 0 ? x.inner : 0;
        } else if (starts(at, "ok ") || starts(at, "not ok ")) {
            if (indent == 0) {
                x.wrong_number = x.wrong_number || x.inner != x.inner_plan;
                x.inner = x.inner_plan = 0;
                x.bad += starts(at, "not ");
                x.skipped += strstr(at, " # SKIP ") != NULL;
            }
            read_point(&x, at, indent == 0 ? &x.points : &x.inner);
        } else if (at[0] != '#' && !starts(line, "TAP version "))
            x.odd_line = true;
    }
    x.odd_line = x.odd_line || yaml;
    return x;
}

static struct reading make(enum tap_form form, struct text *t)
{
    text_init(t);
    report_tap(sample_result(), form, t);
    is_int(text_done(t, NULL), ERR_OK, "form %d is written", form);
    char *copy = strdup(t->buf.data);
    struct reading x = read_stream(copy);
    free(copy);
    return x;
}

static void nested(void)
{
    struct text t;
    struct reading x = make(TAP_NESTED, &t);
    ok(starts(t.buf.data, "TAP version 13\n1..6\n"), "version and plan come first");
    is_int(x.points, 6, "one point per row");
    is_int(x.bad, 3, "fail, not exercised and error are not ok");
    is_int(x.skipped, 1, "out of scope is skipped");
    ok(!x.wrong_number, "every number and inner plan is right");
    ok(!x.odd_line, "hostile strings make no line of their own, and no YAML but quoted scalars");
    ok(!x.control, "no control character gets through");
    ok(strstr(t.buf.data, "# Subtest: 4.10.4.1/read_resp\\#data\n") != NULL, "# is escaped");
    ok(strstr(t.buf.data, "\nnot ok 2 - 4.10.4.1/read_resp\\#data\n") != NULL,
       "the closing point has the subtest's name");
    ok(strstr(t.buf.data, "    ok 3 - size # SKIP not applicable") == NULL, "size is judged here");
    ok(strstr(t.buf.data, "severity: \"inconclusive\"") != NULL,
       "the second reading is told apart");
    ok(strstr(t.buf.data, "worst_s: \"5.000000001\"") != NULL, "worst to the nanosecond");
    ok(strstr(t.buf.data, "      late: \"38\"") != NULL, "failures by cause");
    ok(strstr(t.buf.data, "frames 400 to 405") != NULL, "the failing exchange names its frames");
    ok(strstr(t.buf.data, "consumer_risk: \"5 %\"") != NULL &&
           strstr(t.buf.data, "producer_risk: \"0.625 %\"") != NULL,
       "the risks of the rule are told");
    ok(strstr(t.buf.data, "decided_at: \"894\"") != NULL, "and where it spoke");
    ok(strstr(t.buf.data, "clustering: \"0.21 %\"") != NULL, "how likely the clusters are");
    ok(strstr(t.buf.data, "p99_low_s: \"0.001502003\"") != NULL &&
           strstr(t.buf.data, "p99_high_s") == NULL,
       "a bound of a percentile where the sample gives one");
    ok(strstr(t.buf.data, "\n# campaign 0123456789abcdef, submission 3 of generation 1, ledger's "
                          "head 00112233") != NULL,
       "the campaign closes the stream");
    ok(strstr(t.buf.data, "# SKIP not scorable: size is xMB") != NULL,
       "in a row that passed a criterion without a value is a skip");
    text_release(&t);
    x = make(TAP_STRICT, &t);
    ok(starts(t.buf.data, "TAP version 14\n1..6\n"), "the strict form says 14");
    text_release(&t);
}

static void flat(void)
{
    struct text t;
    struct reading x = make(TAP_FLAT, &t);
    is_int(x.plan, 4 + 8 + 1 + 1 + 4 + 4, "a point per row, reading and criterion");
    is_int(x.points, x.plan, "and they are all there");
    ok(!x.wrong_number && !x.odd_line && !x.control, "well-formed");
    ok(strstr(t.buf.data, "Subtest") == NULL, "no subtest");
    is_int(x.bad, 6 + 1 + 3, "bad criteria, and the row without any");
    text_release(&t);
}

static void live(void)
{
    struct text stored, t;
    const struct result *r = sample_result();
    text_init(&stored);
    report_tap(r, TAP_NESTED, &stored);
    text_init(&t);
    struct tap tap;
    const struct tap_terms terms = {r->rule, r->confidence_ppm, r->consumer_ppm,
                                    r->producer_own_ppm, r->clustering_ppm};
    tap_begin(&tap, &t, TAP_NESTED, r->n_row, &terms);
    struct buf all;
    buf_init(&all, TEXT_BYTES_MAX);
    for (size_t i = 0; i < r->n_row; i++) { /* each row is flushed, as on a terminal */
        tap_row(&tap, &r->row[i]);
        (void)buf_append(&all, t.buf.data, t.buf.len, NULL);
        buf_reset(&t.buf);
    }
    tap_end(&tap, r);
    (void)buf_append(&all, t.buf.data, t.buf.len, NULL);
    is_str(all.data, stored.buf.data, "the live stream equals the stored report");
    buf_reset(&t.buf);
    tap_bail(&tap, "disk full\nok 1 - fine");
    is_str(t.buf.data, "Bail out! disk full ok 1 - fine\n", "a bail-out stays one line");
    buf_release(&all);
    text_release(&t);
    text_release(&stored);
}

int main(void)
{
    nested();
    flat();
    live();
    return done_testing();
}
