/* A list of expected failures against a result: each case and the exit status that follows. */
#include <stdlib.h>
#include <unistd.h>

#include "harness/report/expected.h"
#include "harness/report/report.h"
#include "tests/tap.h"
#include "tests/unit/sample_result.h"

static char path[] = "/tmp/t_expected.XXXXXX";

#define HEAD "<expected xmlns=\"urn:gridassay:expected:1\" version=\"1\">\n"

static enum err_code load(const char *entries, struct expected **x, struct err *e)
{
    FILE *f = fopen(path, "w");
    if (f == NULL)
        abort();
    (void)fprintf(f, HEAD "%s</expected>\n", entries);
    (void)fclose(f);
    return expected_read(path, x, e);
}

/* The sample with one row, whose latency fails mostly late and whose other criteria pass. */
static struct result *one_row(void)
{
    static struct result_variant v;
    static struct result_row row;
    static struct result r;
    v = (struct result_variant){.leg = "1",
                                .mode = "",
                                .device_class = "",
                                .from = "a",
                                .to = "b",
                                .role = "",
                                .verdict = VERDICT_FAIL,
                                .used = 10,
                                .by_cause = {[CAUSE_OK] = 3, [CAUSE_LATE] = 5, [CAUSE_LOST] = 2}};
    for (int k = 0; k < CRITERION_COUNT; k++)
        v.criterion[k] =
            sample_criterion((enum criterion_kind)k, VERDICT_PASS, NO_VERDICT_GIVEN, "fine");
    v.criterion[CRITERION_LATENCY] =
        sample_criterion(CRITERION_LATENCY, VERDICT_FAIL, NO_VERDICT_GIVEN, "late");
    row = (struct result_row){.id = "4.1/x",
                              .section = "4.1",
                              .payload = "x",
                              .type = "",
                              .use_case = "U",
                              .role = "",
                              .reason = "",
                              .operation = "",
                              .verdict = VERDICT_FAIL,
                              .variant = &v,
                              .n_variant = 1};
    r = (struct result){.row = &row,
                        .n_row = 1,
                        .last_ns = SAMPLE_T0, /* 2026-11-23 */
                        .summary = {.rows = 1, .applicable = 1, .fail = 1, .exit_status = 1}};
    return &r;
}

/* Applies entries to the row; the exit status, -1 when that could not be. */
static int applied(const char *entries, struct result **out)
{
    struct expected *x = NULL;
    struct err e = ERR_INIT;
    *out = one_row();
    if (load(entries, &x, &e) != ERR_OK || expected_apply(x, *out, &e) != ERR_OK) {
        printf("# %s\n", e.text);
        expected_free(x);
        return -1;
    }
    int status = (*out)->expected.exit_status;
    (*out)->expected.list = NULL;
    expected_free(x);
    return status;
}

static void ways(void)
{
    struct result *r;
    is_int(applied("", &r), EXIT_FAIL, "with an empty list a failure is a failure");
    is_int(applied("<failure row=\"4.1/x\" criterion=\"latency\" verdict=\"fail\" "
                   "cause=\"late\">known</failure>\n",
                   &r),
           EXIT_ALL_PASS, "as listed: all is well");
    is_int(r->expected.met, 1, "one is met");
    is_int(r->row[0].expected.is, EXPECTATION_MET, "and with it the row");
    is_int(applied("<failure row=\"4.1/x\" verdict=\"fail\">known</failure>\n", &r), EXIT_ALL_PASS,
           "without criterion and cause as well");
    is_int(applied("<failure row=\"4.1/x\" criterion=\"latency\" verdict=\"fail\" "
                   "cause=\"lost\">known</failure>\n",
                   &r),
           EXIT_FAIL, "for another cause: it fails in another way");
    is_int(r->expected.other, 1, "and that is counted");
    is_int(applied("<failure row=\"4.1/x\" criterion=\"latency\" verdict=\"inconclusive\">known"
                   "</failure>\n",
                   &r),
           EXIT_FAIL, "another verdict is another way");
    is_int(applied("<failure row=\"4.1/x\" criterion=\"latency\" verdict=\"fail\">k</failure>\n"
                   "<failure row=\"4.1/x\" criterion=\"size\" verdict=\"fail\">k</failure>\n",
                   &r),
           EXIT_INCONCLUSIVE, "one that should fail passes");
    is_int(r->expected.passes, 1, "and that is counted");
    is_int(r->row[0].variant[0].criterion[CRITERION_SIZE].expected.is, EXPECTATION_PASSES,
           "at its criterion");
    is_int(applied("<failure row=\"4.1/x\" criterion=\"size\" verdict=\"fail\">k</failure>\n", &r),
           EXIT_FAIL, "beside a failure that is not listed that weighs more");
    is_int(applied("<failure row=\"4.1/x\" use-case=\"U\" leg=\"1\" criterion=\"latency\" "
                   "verdict=\"fail\" until=\"2026-11-23\">k</failure>\n",
                   &r),
           EXIT_ALL_PASS, "on its last day it still holds");
    is_int(applied("<failure row=\"4.1/x\" criterion=\"latency\" verdict=\"fail\" "
                   "until=\"2026-11-22\">k</failure>\n",
                   &r),
           EXIT_FAIL, "a day later no more");
    is_int(r->expected.expired, 1, "and that is counted");
}

static void refused(void)
{
    static const struct {
        const char *entries, *says, *title;
    } of[] = {
        {"<failure row=\"4.1/y\" verdict=\"fail\">k</failure>\n", ":2: there is no row 4.1/y",
         "an unknown row"},
        {"\n\n<failure row=\"4.1/x\" leg=\"7\" verdict=\"fail\">k</failure>\n", ":4: there is no",
         "an unknown leg, with its line"},
        {"<failure row=\"4.1/x\" use-case=\"V\" verdict=\"fail\">k</failure>\n", "use case V",
         "an unknown use case"},
        {"<failure row=\"4.1/x\" verdict=\"fail\">k</failure>\n"
         "<failure row=\"4.1/x\" verdict=\"fail\">k</failure>\n",
         ":3: line 2 speaks", "the same points twice"},
        {"<failure row=\"4.1/x\" verdict=\"pass\">k</failure>\n", ":2:", "a pass to be expected"},
        {"<failure row=\"4.1/x\" verdict=\"fail\"> </failure>\n", ":2:", "no reason"},
        {"<failure row=\"4.1/x\" verdict=\"fail\" status=\"not-run\">k</failure>\n",
         ":2:", "both verdict and status"},
        {"<failure row=\"4.1/x\" verdict=\"fail\" until=\"soon\">k</failure>\n",
         ":2:", "a date that none is"},
    };
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
        struct expected *x = NULL;
        struct err e = ERR_INIT;
        enum err_code rc = load(of[i].entries, &x, &e);
        if (rc == ERR_OK)
            rc = expected_apply(x, one_row(), &e);
        ok(rc == ERR_DATA && strstr(e.text, of[i].says) != NULL, "%s is refused", of[i].title);
        if (rc != ERR_DATA || strstr(e.text, of[i].says) == NULL)
            printf("# %s\n", e.text);
        expected_free(x);
    }
}

static void shown(void)
{
    struct result *r = one_row();
    struct expected *x = NULL;
    struct text t;
    text_init(&t);
    ok(load("<failure row=\"4.1/x\" criterion=\"latency\" verdict=\"fail\" cause=\"late\">\n"
            "  ticket #12 &lt;x&gt;\n</failure>\n"
            "<failure row=\"4.1/x\" criterion=\"size\" verdict=\"fail\">k</failure>\n",
            &x, NULL) == ERR_OK &&
           expected_apply(x, r, NULL) == ERR_OK,
       "a list is applied");
    report_tap(r, TAP_NESTED, &t);
    ok(strstr(t.buf.data, "not ok 2 - latency < 5 s # TODO ticket \\#12 <x>\n") != NULL,
       "TAP: not ok and TODO with its reason");
    ok(strstr(t.buf.data, "\nnot ok 1 - 4.1/x # TODO ticket") != NULL, "the row as well");
    ok(strstr(t.buf.data, "    ok 3 - size") != NULL && strstr(t.buf.data, "# TODO k\n") != NULL,
       "and ok with TODO for what passes");
    buf_reset(&t.buf);
    report_junit(r, &t);
    ok(strstr(t.buf.data, "failures=\"1\" errors=\"0\" skipped=\"1\"") != NULL,
       "JUnit counts the one as skipped, the other as failure");
    ok(strstr(t.buf.data, "type=\"unexpected-pass\"") != NULL, "of a type of its own");
    buf_reset(&t.buf);
    report_html(r, &t);
    ok(strstr(t.buf.data, "<b>As expected</b>: fail, mostly late, ticket #12 &lt;x&gt;") != NULL,
       "the page says it at the criterion");
    buf_reset(&t.buf);
    expected_text(x, r, &t);
    ok(strstr(t.buf.data, "1 as listed, 0 in another way; 1 that should fail passes") != NULL,
       "the summary counts them");
    r->expected.list = NULL;
    text_release(&t);
    expected_free(x);
}

int main(void)
{
    int fd = mkstemp(path);
    if (fd == -1)
        return 1;
    (void)close(fd);
    ways();
    refused();
    shown();
    (void)unlink(path);
    return done_testing();
}
