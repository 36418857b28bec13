/* A profile's communication paths as data flows: the actors that messages pass follow from them. */
#include "harness/plan/build.h"
#include "tests/mutate.h"
#include "tests/tap.h"

#define PROFILE "fixtures/profiles/few-trials.xml"
#define ROW "4.10.4.1/on-demand_Mtr-read_cmd"

static const char old[] = "<path use-case=\"Meter Reading\" row=\"4.10.4.1\">\n"
                          "    <via actor=\"AMI Head-End(j)\"/><via actor=\"DAPjm\"/>\n"
                          "  </path>";

static struct plan *plan_with(const char *dataflow, struct err *e)
{
    char path[4096], statement[4096], to[300];
    struct plan *p = NULL;
    (void)snprintf(to, sizeof to,
                   "<path use-case=\"Meter Reading\" row=\"4.10.4.1\" dataflow=\"%s\"/>", dataflow);
    (void)where_data("fixtures/equipment/head-end.xml", statement, sizeof statement, e);
    if (!mutate(PROFILE, old, to)) {
        (void)where_data(PROFILE, path, sizeof path, e);
        printf("# %s has no such path\n", path);
        return NULL;
    }
    (void)plan_build(
        &(struct plan_options){.profile = mutate_path, .statement = statement, .arm = true}, &p, e);
    return p;
}

static enum plan_role role_of(const struct plan *p)
{
    for (size_t i = 0; p != NULL && i < p->n_row; i++)
        if (strcmp(p->row[i].id, ROW) == 0)
            return p->row[i].role;
    return PLAN_ROLE_COUNT;
}

static const struct method_way *way_of(const struct plan *p)
{
    for (size_t i = 0; p != NULL && i < p->method.n_way; i++)
        if (strcmp(p->method.way[i].where, "4.10.4.1") == 0)
            return &p->method.way[i];
    return NULL;
}

static void goes(const char *dataflow, const char *via)
{
    struct err e = ERR_INIT;
    struct plan *p = plan_with(dataflow, &e);
    const struct method_way *w = way_of(p);
    is_int(role_of(p), PLAN_THROUGH_EUT, "%s leads through the head-end", dataflow);
    is_str(w == NULL ? e.text : w->via, via, "and past these actors");
    is_str(w == NULL ? e.text : w->dataflow, dataflow, "as the method has it");
    bool source = false;
    for (size_t i = 0; p != NULL && i < p->n_source; i++)
        source = source || strcmp(p->source[i].kind, "paths") == 0;
    ok(source, "the data flows are among the plan's sources");
    plan_free(p);
}

static void refused(const char *dataflow, const char *why)
{
    struct err e = ERR_INIT;
    struct plan *p = plan_with(dataflow, &e);
    ok(p == NULL && e.code == ERR_DATA && strstr(e.text, "changed.xml:4") != NULL &&
           strstr(e.text, why) != NULL,
       "%s is refused: %s", dataflow, e.text);
    plan_free(p);
}

int main(void)
{
    struct err e = ERR_INIT;
    if (!ok(mutate_begin(), "a folder for changed profiles"))
        return done_testing();
    goes("1Ab + 1Ca + 1D", "AMI Head-End(j), DAPjm");
    goes("1a + 2b + D1", "MDMS, AMI Head-End(j), Internet/Extranet gateway, DAPjm");
    goes("ACvIW", "MDMS, AMI Head-End(j), Internet/Extranet gateway, DAPjm");
    goes("1D + 1Ca + 1Ab", "DAPjm, AMI Head-End(j)");
    refused("[ACvW or ACdW]", "pass different actors");
    refused("1Ab + 1Ca + 1Zz", "column 13: \"1Zz\"");
    refused("1Ab + (1Ca + 1D", "column 16: the path ends");
    refused("1Ab + 1D", "does not go on");
    refused("1Ab", "no actor in between");
    struct plan *p = plan_with("1D + 5Bb + 16Ab", &e);
    is_int(role_of(p), PLAN_NOT_APPLICABLE, "a way past other actors is none of the head-end's");
    plan_free(p);
    mutate_end();
    return done_testing();
}
