/* What shaped a plan stands in its method, with what it rests on: each value that a profile, a
 * statement or the command line gives. */
#include "harness/plan/build.h"

#include <libxml/parser.h>

#include "harness/base/xml.h"
#include "harness/plan/method_io.h"
#include "tests/mutate.h"
#include "tests/tap.h"

#define STATEMENT "fixtures/equipment/meters.xml"
#define TABLE "fixtures/requirements/sg-network-5.1.xml"
#define PROFILE "fixtures/profiles/sample.xml"

static char statement[4096], profile[4096];

static const struct method_value *find(const struct plan *p, const char *kind, const char *where,
                                       const char *name)
{
    for (size_t i = 0; i < p->method.n_value; i++) {
        const struct method_value *v = &p->method.value[i];
        if (strcmp(v->kind, kind) == 0 && strcmp(v->where, where) == 0 &&
            strcmp(v->name, name) == 0)
            return v;
    }
    return NULL;
}

static void told(const struct plan *p, const char *kind, const char *where, const char *name,
                 const char *text, const char *source)
{
    const struct method_value *v = find(p, kind, where, name);
    if (!ok(v != NULL && strcmp(v->text, text) == 0 && strcmp(v->source, source) == 0,
            "%s %s of %s is \"%s\"", kind, name, where, text))
        printf("# %s (%s)\n", v == NULL ? "none" : v->text, v == NULL ? "" : v->source);
}

static struct plan *build(const char *with_profile, const char *with_statement,
                          const char *const *row, size_t n_row)
{
    struct err e = ERR_INIT;
    struct plan *p = NULL;
    if (plan_build(&(struct plan_options){.profile = with_profile,
                                          .statement = with_statement,
                                          .row = row,
                                          .n_row = n_row,
                                          .arm = true,
                                          .trials_most = n_row > 0 ? 400 : 0},
                   &p, &e) != ERR_OK)
        printf("# %s\n", e.text);
    return p;
}

static bool sourced(const struct plan *p, const char *source)
{
    for (size_t i = 0; i < p->method.n_value; i++)
        if (strcmp(p->method.value[i].source, source) == 0)
            return true;
    return false;
}

/* Whatever a profile gives a source or a reason for is in the method with it, today and when the
 * profile learns new elements. */
static void nothing_forgotten(const struct plan *p, const char *path)
{
    int missing = 0, n = 0;
    xmlDocPtr doc = xmlReadFile(path, NULL, XML_PARSE_NONET);
    for (xmlNodePtr c = xml_child(xmlDocGetRootElement(doc), NULL); c != NULL;
         c = xml_next(c, NULL)) {
        static const char *const attr[] = {"source", "reason"};
        for (size_t i = 0; i < 2; i++) {
            const char *text = xml_attr(c, attr[i]);
            if (text == NULL)
                continue;
            n++;
            if (sourced(p, text))
                continue;
            missing++;
            printf("# %s:%ld: %s is in no value\n", path, xmlGetLineNo(c), text);
        }
    }
    xmlFreeDoc(doc);
    ok(n > 10 && missing == 0, "all of a profile's %d sources and reasons are in the method", n);
}

static void shipped(void)
{
    struct plan *p = build(profile, statement, NULL, 0);
    if (!ok(p != NULL, "a plan of the sample profile"))
        return;
    ok(method_given(&p->method), "has a method");
    is_str(p->method.table, "SG Network System Requirements Specification", "of that document");
    is_str(p->method.table_edition, "5.1", "in that edition");
    ok(strstr(p->method.actors, "CIS/Billing - Utility") != NULL &&
           strstr(p->method.actors, "Feeder Cap Bank") != NULL,
       "all actors of the profile's rows, also of those that are not applicable");
    told(p, "parameter", "4.14", "x", "60", "example: 6 % of the devices are asked to acknowledge");
    told(p, "parameter", "*", "xMB", "200000 bytes",
         "example: a night's subset of 500 accounts at 400 bytes");
    told(p, "campaign", "4.4.1", "hours", "13:00 to 18:00", "example: summer afternoons");
    told(p, "policy", "*", "k", "1000", "the profile");
    told(p, "rule", "*", "rule", "sequential (truncated)",
         "gridassay's own: the profile does not say");
    told(p, "rule", "*", "consumer's risk", "5 %", "what the confidence leaves");
    told(p, "rule", "*", "discrimination ratio", "3", "gridassay's own: the profile does not say");
    told(p, "pace", "*", "trials started a second", "800", "the profile");
    told(p, "clock", "*", "time zone", "America/Chicago", "the profile");
    told(p, "equipment", "*", "connections", "kept open", "the equipment's statement");
    told(p, "duty", "SW_opr_cmd", "operations that the equipment bears", "10000 at most",
         "simulated, nothing wears out");
    ok(find(p, "selection", "*", "row") == NULL, "nothing was selected");
    nothing_forgotten(p, profile);
    plan_free(p);
}

/* A profile with one of everything that seldom is. */
static void seldom(void)
{
    static const char more[] =
        "<interpretation id=\"4.10.4.1-latency-set\" take=\"strictest\" reason=\"contract 7\"/>"
        "<share actor=\"2-Way Meter - Electr\" of=\"0.4\" source=\"network plan\"/>"
        "<overlay row=\"4.10.4.1\" latency-s=\"0.5\" reliability-percent=\"90\" "
        "size-max-bytes=\"12\" source=\"shorter\"/>"
        "<overlay row=\"4.11\" latency-s=\"2\"/></profile>";
    static const char *const rows[] = {"4.10.4.1/on-demand_Mtr-read_cmd"};
    struct plan *p = NULL;
    if (mutate(PROFILE, "</profile>", more))
        p = build(mutate_path, statement, NULL, 0);
    ok(p == NULL, "overlays want a label");
    plan_free(p);
    p = NULL;
    char path[4096];
    struct buf text;
    struct err e = ERR_INIT;
    buf_init(&text, 1 << 20);
    (void)snprintf(path, sizeof path, "%s/labelled.xml", mutate_folder);
    if (mutate(PROFILE, "</profile>", more) && buf_read_file(&text, mutate_path, &e) == ERR_OK) {
        struct buf out;
        buf_init(&out, 1 << 20);
        const char *at = strstr(text.data, " name=\"sample");
        (void)buf_append(&out, text.data, (size_t)(at - text.data), &e);
        (void)buf_puts(&out, " label=\"test\"", &e);
        (void)buf_puts(&out, at, &e);
        if (buf_write_file(path, out.data, out.len, &e) == ERR_OK)
            p = build(path, statement, rows, 1);
        buf_release(&out);
    }
    buf_release(&text);
    if (!ok(p != NULL, "a plan with overlays, a share and a choice"))
        return;
    told(p, "interpretation", "*", "4.10.4.1-latency-set", "the strictest reading", "contract 7");
    told(p, "share", "2-Way Meter - Electr", "of the end-to-end latency", "40 %", "network plan");
    told(p, "overlay", "4.10.4.1", "latency", "0.5 s", "shorter");
    told(p, "overlay", "4.10.4.1", "reliability", "> 90 %", "shorter");
    told(p, "overlay", "4.10.4.1", "size at most", "12 bytes", "shorter");
    told(p, "overlay", "4.11", "latency", "2 s", "none given");
    told(p, "selection", "*", "row", rows[0], "the command line");
    told(p, "rule", "*", "trials of a row at most", "400", "the command line");
    nothing_forgotten(p, path);
    plan_free(p);
    (void)unlink(path);
}

/* A table of the lab's own is told as such; a copy of the document's is none. */
static void own_table(void)
{
    char path[4096];
    struct err e = ERR_INIT;
    struct plan *p = NULL;
    if (where_data(TABLE, path, sizeof path, &e) == ERR_OK)
        (void)plan_build(
            &(struct plan_options){
                .table = path, .profile = profile, .statement = statement, .arm = true},
            &p, &e);
    ok(p != NULL && strcmp(p->method.value[0].kind, METHOD_OWN_TABLE) != 0,
       "the document's table is nobody's own");
    plan_free(p);
    p = NULL;
    if (mutate(TABLE, "edition=\"5.1\"", "edition=\"North 3\""))
        (void)plan_build(
            &(struct plan_options){
                .table = mutate_path, .profile = profile, .statement = statement, .arm = true},
            &p, &e);
    if (!ok(p != NULL, "a plan by another table: %s", e.text))
        return;
    told(p, METHOD_OWN_TABLE, "*", "changed.xml",
         "210 rows, 0 of the document's 210 are not among them", "the command line");
    is_str(p->method.table_edition, "North 3", "with its edition");
    plan_free(p);
}

static void equipment(void)
{
    struct plan *p = NULL;
    if (mutate(STATEMENT, "connection=\"keep-alive\" reply=\"response\"",
               "connection=\"per-exchange\" reply=\"request\""))
        p = build(profile, mutate_path, NULL, 0);
    if (!ok(p != NULL, "a plan for equipment that answers later"))
        return;
    told(p, "equipment", "*", "connections", "one for each exchange", "the equipment's statement");
    told(p, "equipment", "*", "answers come", "later, as requests to the reply address",
         "the equipment's statement");
    plan_free(p);
}

int main(void)
{
    struct err e = ERR_INIT;
    if (where_data(STATEMENT, statement, sizeof statement, &e) != ERR_OK ||
        where_data(PROFILE, profile, sizeof profile, &e) != ERR_OK || !mutate_begin())
        return 1;
    shipped();
    seldom();
    equipment();
    own_table();
    mutate_end();
    return done_testing();
}
