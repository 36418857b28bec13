/* The checker: each message is found where it belongs, with its line, and only there. */
#include "harness/pics/check.h"

#include "harness/pics/secret.h"
#include "tests/mutate.h"
#include "tests/tap.h"

#define METERS "fixtures/equipment/meters.xml"

/* How often a number is among the messages of the fixture with a text replaced; *errors of all. */
static size_t found(const char *from, const char *to, bool certification, unsigned number,
                    size_t *errors, long *line)
{
    struct pics_report r;
    struct err e = ERR_INIT;
    size_t n = 0;
    pics_report_init(&r, certification);
    if (!mutate(METERS, from, to) || pics_check_file(mutate_path, NULL, &r, &e) != ERR_OK)
        printf("# %s\n", e.text);
    for (size_t i = 0; i < r.n; i++)
        if (r.message[i].number == number) {
            n++;
            *line = r.message[i].line;
        }
    *errors = r.errors;
    pics_report_release(&r);
    return n;
}

static const struct change {
    unsigned number;
    bool certified; /* no error without certification */
    const char *from, *to;
} changes[] = {
    {1, false, "<identity", "<identify"},
    {2, false, "id=\"P.envelope\"", "id=\"P.envelop\""},
    {3, false, "<item id=\"P.envelope\"",
     "<item id=\"P.envelope\" support=\"no\"/><item id=\"P.envelope\""},
    {4, false, "<items actor=\"2-Way Meter - Gas\">", "<items actor=\"DMS\">"},
    {5, false, "id=\"P.envelope\" status=\"M\"", "id=\"P.envelope\" status=\"O\""},
    {6, false, "allowed=\"1.1\"", "allowed=\"1.0 1.1\""},
    {7, false, "id=\"P.tls-old\" status=\"X\" support=\"no\"", "id=\"P.tls-old\" support=\"yes\""},
    {8, false, "values=\"1.1\"", "values=\"1.1 2\""},
    {9, false, "values=\"1.1\"", "values=\"\""},
    {9, false, "id=\"P.envelope\"", "id=\"P.envelope\" values=\"x\""},
    {10, false, "id=\"P.keep-alive\" status=\"O\" support=\"yes\"",
     "id=\"P.keep-alive\" support=\"no\""},
    {10, false, "values=\"3000\"", "values=\"1..10\""},
    {11, false, "<group actor=\"2-Way Meter - Water\"", "<group actor=\"Beer Meter\""},
    {12, false, "name=\"HTTP\"", "name=\"DNP3\""},
    {13, false, "provoke/switch-fault?", "provoke/switch-fault?token=abc&amp;"},
    {13, false, "http://127.0.0.1:18470/provoke/valve", "http://u:p@127.0.0.1:18470/provoke/valve"},
    {101, true, "id=\"P.read-back\" status=\"O\" support=\"yes\"",
     "id=\"P.read-back\" support=\"unset\""},
    {101, true, "<item id=\"U.orm\" status=\"O.1\" support=\"yes\"/>", ""},
    {102, true, "vendor=\"gridassay\"", "vendor=\"unset\""},
    {103, true, "id=\"P.envelope\" status=\"M\" support=\"yes\"",
     "id=\"P.envelope\" support=\"no\""},
    {104, true, "id=\"P.reply-response\" status=\"O.3\" support=\"yes\"",
     "id=\"P.reply-response\" support=\"no\""},
    {105, false, "id=\"P.own-schedule\" status=\"O\" support=\"no\"",
     "id=\"P.own-schedule\" support=\"yes\""},
    {106, false, "id=\"U.orm\" status=\"O.1\" support=\"yes\"", "id=\"U.orm\" support=\"no\""},
    {109, false, "<items>", "<credential name=\"a\" purpose=\"b\" file=\"none.pem\"/><items>"},
    {109, false, "<items>", "<credential name=\"a\" purpose=\"b\" env=\"GRIDASSAY_NONE\"/><items>"},
    {112, false, "<items>", "<protocol name=\"DNP3\" version=\"2012\" role=\"server\"/><items>"},
    {113, false, "id=\"P.http-2\" status=\"N/A\" support=\"no\"",
     "id=\"P.http-2\" support=\"yes\""},
};

int main(void)
{
    size_t errors, n;
    long line = -1;
    if (!mutate_begin()) {
        printf("Bail out! no folder\n");
        return 1;
    }
    n = found("<identity", "<identity", true, 101, &errors, &line);
    ok(n == 0 && errors == 0, "the reference meters answer all, also for certification");
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        const struct change *c = &changes[i];
        line = -1;
        n = found(c->from, c->to, false, c->number, &errors, &line);
        bool error = c->number < 100;
        /* The first one is of the loader, which puts the line into its sentence. */
        if (!ok(n > 0 && (line > 0 || c->number == 1) &&
                    (error ? errors > 0 : errors == 0 || c->number == 104),
                "%c%03u is found: %s", error ? 'E' : 'W', c->number, c->to))
            printf("# %zu times, %zu errors, line %ld\n", n, errors, line);
        if (c->certified) {
            n = found(c->from, c->to, true, c->number, &errors, &line);
            ok(n > 0 && errors > 0, "which for certification is an error");
        }
    }
    n = found("id=\"P.http-2\" status=\"N/A\" support=\"no\"", "id=\"P.http-2\" support=\"unset\"",
              true, 101, &errors, &line);
    ok(n == 0 && errors == 0, "what is not applicable needs no answer");
    ok(pics_secret("http://h/p?a=1&b=token") == NULL && pics_secret("http://h/p@q") == NULL,
       "a URL without a secret is none");
    is_str(pics_secret("http://h/p?x=1&Password=x"), "password", "a parameter by its name");
    mutate_end();
    return done_testing();
}
