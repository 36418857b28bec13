/* JUnit: matches the schema whatever the strings hold; names are unique; counts agree. */
#include <stdlib.h>
#include <unistd.h>

#include "harness/base/xml.h"
#include "harness/report/report.h"
#include "tests/tap.h"
#include "tests/unit/sample_result.h"

struct found {
    int cases, failures, errors, skipped, twins;
};

static bool same(xmlNodePtr a, xmlNodePtr b)
{
    return strcmp(xml_attr(a, "name"), xml_attr(b, "name")) == 0 &&
           strcmp(xml_attr(a, "classname"), xml_attr(b, "classname")) == 0;
}

static void look(xmlNodePtr suite, struct found *f)
{
    for (xmlNodePtr c = xml_child(suite, "testcase"); c != NULL; c = xml_next(c, "testcase")) {
        f->cases++;
        f->failures += xml_child(c, "failure") != NULL;
        f->errors += xml_child(c, "error") != NULL;
        f->skipped += xml_child(c, "skipped") != NULL;
        for (xmlNodePtr o = xml_next(c, "testcase"); o != NULL; o = xml_next(o, "testcase"))
            f->twins += same(c, o);
    }
}

int main(void)
{
    char path[] = "/tmp/gridassay-junit.XXXXXX";
    struct err e = ERR_INIT;
    struct text t;
    xmlDocPtr doc = NULL;
    int fd = mkstemp(path);
    text_init(&t);
    report_junit(sample_result(), &t);
    is_int(text_done(&t, &e), ERR_OK, "it is written");
    ok(fd != -1 && close(fd) == 0 && buf_write_file(path, t.buf.data, t.buf.len, &e) == ERR_OK,
       "and stored");
    is_int(xml_load(path, "fixtures/schemas/junit.rng", NULL, &doc, NULL, &e), ERR_OK,
           "the schema holds: %s", e.text);
    if (doc != NULL) {
        struct found f = {0};
        xmlNodePtr root = xmlDocGetRootElement(doc);
        for (xmlNodePtr s = xml_child(root, "testsuite"); s != NULL; s = xml_next(s, "testsuite"))
            look(s, &f);
        is_int(f.cases, atoll(xml_attr(root, "tests")), "tests are counted right");
        is_int(f.failures, atoll(xml_attr(root, "failures")), "failures are");
        is_int(f.errors, atoll(xml_attr(root, "errors")), "errors are");
        is_int(f.skipped, atoll(xml_attr(root, "skipped")), "skipped are");
        is_int(f.cases, 22, "a case per row, reading and criterion");
        is_int(f.failures, 6 + 1, "failure: the equipment, and what was not exercised");
        is_int(f.errors, 3, "error: the harness");
        is_int(f.skipped, 1 + 1 + 2 + 1 + 2,
               "skipped: out of scope, and no value in a row that passed");
        is_int(f.twins, 0, "no two cases share classname and name");
    }
    ok(strstr(t.buf.data, "time=\"12.500000000\"") != NULL, "seconds with a dot");
    ok(strstr(t.buf.data, "timestamp=\"2026-11-23T00:00:00\"") != NULL,
       "the stamp is the evidence's");
    ok(strstr(t.buf.data, "name=\"producer_risk\" value=\"0.625 %\"") != NULL &&
           strstr(t.buf.data, "name=\"rule\" value=\"sequential\"") != NULL,
       "a suite tells the rule and its risks");
    ok(strstr(t.buf.data, "name=\"decided_at\" value=\"108\"") != NULL,
       "a case where the rule spoke");
    ok(strstr(t.buf.data, "name=\"campaign\" value=\"0123456789abcdef, submission 3 of generation "
                          "1\"") != NULL,
       "and the campaign stands with its number of submissions");
    ok(strstr(t.buf.data, "hostname") == NULL, "no host is named");
    (void)unlink(path);
    xmlFreeDoc(doc);
    text_release(&t);
    return done_testing();
}
