/* t_cover - what a plan says of the claim that can be made: rows that concern the equipment, what
 * of them is not driven, and settings that ask less than the document does. */
#include "harness/plan/build.h"

#include "tests/mutate.h"
#include "tests/tap.h"

#define DEMO "fixtures/profiles/demo.xml"
#define SAMPLE "fixtures/profiles/sample.xml"
#define METERS "fixtures/equipment/meters.xml"

static char home_path[2][4096];

static const char *fixture(int at, const char *name)
{
    struct err e = ERR_INIT;
    return where_data(name, home_path[at], sizeof home_path[at], &e) == ERR_OK ? home_path[at] : "";
}

/* NULL: refused; the fault in e. */
static struct plan *build(const char *profile, const char *statement, struct plan_options o,
                          struct err *e)
{
    struct plan *p = NULL;
    o.profile = profile;
    o.statement = statement;
    *e = (struct err)ERR_INIT;
    if (plan_build(&o, &p, e) != ERR_OK)
        return NULL;
    return p;
}

static const char *limit_of(const struct plan *p, const char *kind)
{
    for (size_t i = 0; p != NULL && i < p->method.n_limit; i++)
        if (strcmp(p->method.limit[i].kind, kind) == 0)
            return p->method.limit[i].text;
    return "";
}

/* Rows that concern the equipment, and those of them that lack something that text is in. */
static size_t concerned(const struct plan *p)
{
    size_t n = 0;
    for (size_t i = 0; p != NULL && i < p->n_row; i++)
        n += p->row[i].concerns;
    return n;
}

static size_t lacking(const struct plan *p, const char *text)
{
    size_t n = 0;
    for (size_t i = 0; p != NULL && i < p->n_row; i++)
        n += p->row[i].concerns && p->row[i].lacks[0] != '\0' &&
             strstr(p->row[i].lacks, text) != NULL;
    return n;
}

static const struct plan_options armed = {.arm = true};

static void whole(void)
{
    struct err e;
    struct plan *p = build(fixture(0, DEMO), fixture(1, METERS), armed, &e);
    ok(p != NULL && concerned(p) > 20, "%zu rows of the demo concern a meter", concerned(p));
    is_int(lacking(p, ""), 0, "and each of them is driven in all of its readings");
    is_str(limit_of(p, "prerequisite"), "", "its use cases have what they need");
    ok(strstr(limit_of(p, "quantity"), "expected <endpoints>") != NULL,
       "but nobody says for how many endpoints");
    plan_free(p);
}

/* The meters' statement with a part of it gone. */
static void statements(void)
{
    static const struct {
        const char *profile, *from, *to, *lacks, *title;
    } way[] = {
        {DEMO,
         "<group actor=\"2-Way Meter - Electr\" class=\"commercial-industrial\" "
         "first-id=\"00124B0002000000\" count=\"600\"/>",
         "", "no device of the class \"commercial-industrial\"", "a class of devices"},
        {DEMO, "<interval-reads mode=\"both\"/>", "<interval-reads mode=\"poll\"/>",
         "rules out its mode, push", "a mode"},
        {DEMO, "<peer actor=\"NMS\" address=\"127.0.0.1\" port=\"18493\" path=\"/nms\"/>", "",
         "no peer \"NMS\"", "a peer"},
        {SAMPLE,
         "<peer actor=\"LMS - REPi\" address=\"127.0.0.1\" port=\"18501\" path=\"/lms-rep\"/>", "",
         "no peer \"LMS - REPi\"", "the peer of another provider"},
        {DEMO,
         "<stimulus name=\"*\" method=\"POST\"\n            "
         "url=\"http://127.0.0.1:18470/provoke/{stimulus}?device={device}&amp;value={value}\"/>",
         "", "no stimulus", "what provokes an event"},
    };
    struct err e;
    for (size_t i = 0; i < sizeof way / sizeof way[0]; i++) {
        if (!ok(mutate(METERS, way[i].from, way[i].to), "meters.xml holds %s", way[i].title))
            continue;
        struct plan *p = build(fixture(0, way[i].profile), mutate_path, armed, &e);
        ok(p != NULL && lacking(p, way[i].lacks) > 0,
           "where the statement leaves out %s, rows say that they lack it (%s)", way[i].title,
           e.text);
        plan_free(p);
    }
    struct plan *p = build(fixture(0, DEMO), fixture(1, METERS), (struct plan_options){0}, &e);
    ok(lacking(p, "needs --arm") > 0, "rows that --arm would drive are lacking without it");
    plan_free(p);
    p = build(fixture(0, SAMPLE), fixture(1, "fixtures/equipment/head-end.xml"), armed, &e);
    ok(lacking(p, "no share of the end-to-end budget") > 50,
       "what goes through without a share of the budget is not refuted, and lacks that");
    plan_free(p);
    p = build(fixture(0, SAMPLE), fixture(1, METERS), armed, &e);
    ok(lacking(p, "extrapolated from 20") > 0, "an extrapolated latency lacks its devices");
    plan_free(p);
    p = build(fixture(0, SAMPLE), fixture(1, "fixtures/equipment/cis.xml"), armed, &e);
    ok(lacking(p, "no trial is about \"CIS/Billing - REPi\"") > 0,
       "an actor of the equipment that no trial is about is told");
    plan_free(p);
}

static void selections(void)
{
    static const char *const suite[] = {"Meter Events"}, *const row[] = {
                                                             "4.10.4.1/on-demand_Mtr-read_cmd"};
    struct err e;
    struct plan *p = build(fixture(0, DEMO), fixture(1, METERS),
                           (struct plan_options){.arm = true, .suite = suite, .n_suite = 1}, &e);
    ok(strstr(limit_of(p, "selection"), "--suite Meter Events") != NULL &&
           lacking(p, "--suite") > 9,
       "--suite is a limit, and what it left out is lacking");
    plan_free(p);
    p = build(fixture(0, DEMO), fixture(1, METERS),
              (struct plan_options){.arm = true, .row = row, .n_row = 1}, &e);
    ok(strstr(limit_of(p, "selection"), "--row") != NULL, "so is --row");
    plan_free(p);
    p = build(fixture(0, DEMO), fixture(1, METERS),
              (struct plan_options){.arm = true, .pap02 = "baseload"}, &e);
    ok(strstr(limit_of(p, "selection"), "baseload") != NULL, "so is --mode");
    plan_free(p);
}

/* The demo's profile, changed. */
static void profiles(void)
{
    static const struct {
        const char *from, *to, *kind, *says, *title;
    } way[] = {
        {"name=\"three use cases of a meter\"", "name=\"x\" label=\"a try\"", "label", "a try",
         "a label"},
        {"<use-case name=\"Meter Reading\"/>", "<section name=\"4.10.4.1\"/>", "profile",
         "2 of the 9 rows of use case Meter Reading", "a section in place of its use case"},
        {"<use-case name=\"Meter Reading\"/>", "", "prerequisite",
         "use case Meter Reading, which Meter Events cannot do without", "a prerequisite left out"},
        {"confidence-percent=\"95\"", "confidence-percent=\"90\"", "risks", "100000 ppm",
         "a higher risk"},
        {"k=\"1000\"", "k=\"1024\"", "interpretation", "1024 bytes", "the laxer k"},
        {"policy=\"ceiling\"", "policy=\"information\"", "policy", "not judged",
         "sizes that are not judged"},
        {"<window policy=\"majority\"/>",
         "<window policy=\"majority\"/><interpretation id=\"4.10.4.1-latency-set\" take=\"laxest\" "
         "reason=\"why not\"/>",
         "interpretation", "the laxest was taken", "the laxest reading"},
        {"name=\"three use cases of a meter\">",
         "name=\"x\"><endpoints actor=\"2-Way Meter - Electr\" count=\"5\" source=\"s\"/>",
         "quantity", "how many \"2-Way Meter - Gas\"", "a kind of devices without a number"},
    };
    struct err e;
    for (size_t i = 0; i < sizeof way / sizeof way[0]; i++) {
        if (!ok(mutate(DEMO, way[i].from, way[i].to), "demo.xml holds %s", way[i].from))
            continue;
        struct plan *p = build(mutate_path, fixture(1, METERS), armed, &e);
        const char *says = limit_of(p, way[i].kind);
        ok(strstr(says, way[i].says) != NULL, "%s is a limit (%s%s)", way[i].title, says, e.text);
        plan_free(p);
    }
    ok(mutate(DEMO,
              "<path use-case=\"Meter Events\"><via actor=\"AMI Head-End(j)\"/>"
              "<via actor=\"DAPjm\"/></path>",
              ""),
       "demo.xml holds a path");
    struct plan *p = build(mutate_path, fixture(1, "fixtures/equipment/dap.xml"), armed, &e);
    ok(strstr(limit_of(p, "path"), "use case Meter Events: whether \"DAPjm\" lies between") != NULL,
       "a path that is not declared is a limit for who may lie on it (%s)", e.text);
    plan_free(p);
    p = build(mutate_path, fixture(1, METERS), armed, &e);
    is_str(limit_of(p, "path"), "", "and none for who ends it");
    plan_free(p);
    ok(mutate(DEMO, "name=\"three use cases of a meter\">",
              "name=\"x\"><endpoints actor=\"PHEV\" count=\"5\" source=\"s\"/>") &&
           build(mutate_path, fixture(1, METERS), armed, &e) == NULL && e.code == ERR_SCOPE,
       "endpoints that no row of the scope names contradict it: %s", e.text);
    ok(mutate(DEMO, "name=\"three use cases of a meter\">",
              "name=\"x\"><endpoints actor=\"MDMS\" count=\"5\" source=\"s\"/>"
              "<endpoints actor=\"MDMS\" count=\"6\" source=\"s\"/>") &&
           build(mutate_path, fixture(1, METERS), armed, &e) == NULL && e.code == ERR_DATA,
       "a kind twice is told: %s", e.text);
}

/* Prerequisites as the plan tells them, and who needs them. */
static void closures(void)
{
    struct err e;
    ok(mutate(DEMO, "<use-case name=\"Meter Reading\"/>", "<use-case name=\"PrePay\"/>"),
       "a profile with PrePay");
    struct plan *p = build(mutate_path, fixture(1, METERS), armed, &e);
    static const struct {
        const char *use_case, *needed_by;
        bool in_scope;
    } want[] = {{"Cust. Info / Msgn'ng", "PrePay", false},
                {"PrePay", "", true},
                {"Meter Reading", "PrePay, Meter Events", false},
                {"Meter Events", "", true},
                {"Service Switch", "PrePay", true}};
    if (!ok(p != NULL, "is planned (%s)", e.text))
        return;
    is_int(p->method.n_prerequisite, sizeof want / sizeof want[0], "its closure is five use cases");
    for (size_t i = 0; i < p->method.n_prerequisite && i < sizeof want / sizeof want[0]; i++) {
        const struct method_prerequisite *m = &p->method.prerequisite[i];
        is_str(m->use_case, want[i].use_case, "in the table's order");
        is_str(m->needed_by, want[i].needed_by, "needed by whom, all the way");
        is_int(m->in_scope, want[i].in_scope, "and whether the profile has it");
    }
    size_t told = 0;
    for (size_t i = 0; i < p->method.n_limit; i++)
        told += strcmp(p->method.limit[i].kind, "prerequisite") == 0;
    is_int(told, 2, "both that are left out are limits");
    plan_free(p);
}

static size_t readings(const struct plan *p, const char *leg, const char *peer)
{
    size_t n = 0;
    for (size_t i = 0; p != NULL && i < p->n_row; i++)
        for (size_t k = 0; k < p->row[i].n_variant; k++)
            n += strstr(p->row[i].variant[k].leg, leg) != NULL &&
                 (strstr(p->row[i].variant[k].from, peer) != NULL ||
                  strstr(p->row[i].variant[k].to, peer) != NULL);
    return n;
}

/* With retail providers in play (decision b). */
static void providers(void)
{
    static const char enrolled[] = "fixtures/profiles/ARHEM3CvIW.xml";
    struct err e;
    struct plan *p = build(fixture(0, enrolled), fixture(1, METERS), armed, &e);
    ok(readings(p, "", "LMS - REPi") > 0 && readings(p, "", "LMS - REPi, LMS - Utility") == 0,
       "what is the provider's is a reading of its own (%s)", e.text);
    is_int(lacking(p, "REPi"), 0, "and all of them are driven");
    plan_free(p);
    p = build(fixture(0, enrolled), fixture(1, "fixtures/equipment/browsers.xml"), armed, &e);
    ok(readings(p, "for the provider", "Web Portal - REPi") > 0,
       "also where nobody says who is enrolled");
    ok(readings(p, "for the provider", "Web Portal - Utility") == 0 &&
           readings(p, "", "Web Portal - Utility") > 0,
       "the utility's stands beside it");
    plan_free(p);
    ok(mutate(METERS,
              "<peer actor=\"LMS - REPi\" address=\"127.0.0.1\" port=\"18501\" "
              "path=\"/lms-rep\"/>",
              ""),
       "meters.xml holds a provider's peer");
    p = build(fixture(0, enrolled), mutate_path, armed, &e);
    ok(lacking(p, "no peer \"LMS - REPi\"") > 0,
       "a run with the utility's peer alone lacks the provider's");
    plan_free(p);
    p = build(fixture(0, "fixtures/profiles/ACvIW.xml"), mutate_path, armed, &e);
    ok(p != NULL && lacking(p, "REPi") == 0, "without providers in the deployment it does not (%s)",
       e.text);
    plan_free(p);
}

static void certified(void)
{
    struct err e;
    struct plan_options o = {.arm = true, .certification = true};
    ok(mutate(DEMO, "<use-case name=\"Meter Reading\"/>", "") &&
           build(mutate_path, fixture(1, METERS), o, &e) == NULL && e.code == ERR_SCOPE &&
           strstr(e.text, "use case Meter Reading, which Meter Events cannot do without") != NULL,
       "no certification without a prerequisite: %s", e.text);
    ok(mutate(DEMO, "confidence-percent=\"95\"", "confidence-percent=\"90\"") &&
           build(mutate_path, fixture(1, METERS), o, &e) == NULL &&
           strstr(e.text, "consumer's risk of 100000 ppm") != NULL,
       "nor with a higher risk");
    ok(mutate(DEMO, "<rule confidence-percent=\"95\" kind=\"short\"/>",
              "<rule confidence-percent=\"95\" discrimination=\"4\" producer-risk-percent=\"6\" "
              "clustering-level-percent=\"0.5\"/>") &&
           build(mutate_path, fixture(1, METERS), o, &e) == NULL &&
           strstr(e.text, "ratio above 3") != NULL && strstr(e.text, "60000 ppm") != NULL &&
           strstr(e.text, "weaker than 1 %") != NULL,
       "nor with any other laxer one, all of them told at once");
    ok(build(fixture(0, "fixtures/profiles/few-trials.xml"), fixture(1, METERS), o, &e) == NULL &&
           strstr(e.text, "labelled") != NULL,
       "nor with a label");
    ok(mutate("fixtures/profiles/few-trials.xml", " source=\"demonstration\"/>\n</profile>",
              "/>\n</profile>") &&
           build(mutate_path, fixture(1, METERS), o, &e) == NULL &&
           strstr(e.text, "an overlay without a source") != NULL,
       "nor with an overlay without a source: %s", e.text);
}

int main(void)
{
    if (!mutate_begin())
        return 1;
    whole();
    statements();
    selections();
    profiles();
    closures();
    providers();
    certified();
    mutate_end();
    return done_testing();
}
