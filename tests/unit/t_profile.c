/* The deployment profile: read whole, refused when it is not, and its clock shift. */
#include "harness/profile/profile.h"

#include "harness/base/clock.h"
#include "tests/mutate.h"
#include "tests/tap.h"

#define FIXTURE "fixtures/profiles/demo.xml"
#define HOUR_NS (3600 * NS_PER_S)

static void demo(void)
{
    char path[4096];
    struct err e = ERR_INIT;
    struct profile *p = NULL;
    (void)where_data(FIXTURE, path, sizeof path, &e);
    if (!ok(profile_load(path, &p, &e) == ERR_OK, "the demo profile is read")) {
        printf("# %s\n", e.text);
        return;
    }
    is_int(p->n_scope, 3, "three use cases in scope");
    is_str(p->scope[2].name, "Utility Service Switch/Valve Operation", "by their names");
    is_int(p->n_way, 3, "their ways are declared");
    is_str(p->label, "", "no label: claims can be made");
    is_int(p->confidence_ppm, 950000, "confidence in millionths");
    is_int(p->give_up[0].after_ns, 2 * NS_PER_S, "give-up time in nanoseconds");
    is_int(p->uncertainty_ns, 100000, "uncertainty in nanoseconds");
    is_int(p->linger_ns, 200 * NS_PER_MS, "linger in nanoseconds");
    is_int(p->shift_to_s, 36000, "driving begins at 10:00");
    ok(p->tzif_len > 44 && memcmp(p->tzif, "TZif", 4) == 0, "the zone's data are held");
    is_int(p->size_policy, SIZE_CEILING, "size is a ceiling");
    /* 2026-07-01 12:00 UTC is 07:00 in Chicago, 2026-01-01 12:00 UTC is 06:00 */
    is_int(profile_time_shift_ns(p, INT64_C(1782907200) * NS_PER_S), 3 * HOUR_NS,
           "in summer the clock goes three hours on");
    is_int(profile_time_shift_ns(p, INT64_C(1767268800) * NS_PER_S), 4 * HOUR_NS, "in winter four");
    is_int(profile_time_shift_ns(p, INT64_C(1767268800) * NS_PER_S + 10 * HOUR_NS + 5),
           -6 * HOUR_NS - 5, "in the afternoon back");
    profile_free(p);
}

static void labelled(void)
{
    char path[4096];
    struct err e = ERR_INIT;
    struct profile *p = NULL;
    (void)where_data("fixtures/profiles/short-limits.xml", path, sizeof path, &e);
    ok(profile_load(path, &p, &e) == ERR_OK && p->n_overlay == 1 && p->label[0] != '\0' &&
           p->overlay[0].latency_ns == NS_PER_S / 2 && p->overlay[0].ratio_ppb == -1,
       "short limits are overlaid, and labelled");
    profile_free(p);
}

static void sample(void)
{
    char path[4096];
    struct err e = ERR_INIT;
    struct profile *p = NULL;
    (void)where_data("fixtures/profiles/sample.xml", path, sizeof path, &e);
    if (!ok(profile_load(path, &p, &e) == ERR_OK, "the sample profile is read")) {
        printf("# %s\n", e.text);
        return;
    }
    is_int(p->n_scope, 19, "with all use cases");
    is_str(p->parameter[0].row, "*", "a letter's value is for all rows");
    is_str(p->parameter[4].row, "4.6", "or for a section's");
    is_int(p->parameter[4].value, 60, "with another value");
    is_int(p->campaign[0].from_s, 13 * 3600, "campaigns have their time of day");
    is_int(p->clock_factor, 2880, "the equipment's day is shorter than ours");
    ok(p->extrapolation != NULL, "latencies per population are extrapolated");
    ok(!p->rate && !p->confidentiality, "the optional criteria are not asked for");
    profile_free(p);
}

static void refused(const char *from, const char *to, const char *expect)
{
    struct err e = ERR_INIT;
    struct profile *p = NULL;
    if (!ok(mutate(FIXTURE, from, to), "the fixture holds %.60s", from))
        return;
    enum err_code rc = profile_load(mutate_path, &p, &e);
    if (!ok(rc == ERR_DATA && p == NULL && strstr(e.text, mutate_path) == e.text &&
                strstr(e.text, expect) != NULL,
            "refused: %s", expect))
        printf("# %d %s\n", rc, e.text);
    profile_free(p);
}

static void accepted(void)
{
    struct err e = ERR_INIT;
    struct profile *p = NULL;
    ok(mutate(FIXTURE, "  <driving ",
              "  <trials row=\"4.10\" at-least=\"5000\" reason=\"soak\"/>\n  <driving ") &&
           profile_load(mutate_path, &p, &e) == ERR_OK && p->n_trials == 1 &&
           p->trials[0].at_least == 5000 && strcmp(p->trials[0].row, "4.10") == 0,
       "a wish for more trials is read");
    profile_free(p);
    p = NULL;
    ok(mutate(FIXTURE, "  <window policy=\"majority\"/>",
              "  <window policy=\"strict\"/>\n"
              "  <parameter name=\"xMB\" value=\"5\" source=\"billing\"/>\n"
              "  <interpretation id=\"4.10.4.1-latency-set\" take=\"laxest\" reason=\"ours\"/>\n"
              "  <share actor=\"2-Way Meter - Gas\" of=\"0.4\" source=\"network plan\"/>") &&
           profile_load(mutate_path, &p, &e) == ERR_OK && p->window_strict && p->n_parameter == 1 &&
           p->parameter[0].value == 5 && p->choice[0].take == TAKE_LAXEST &&
           p->share[0].ppm == 400000,
       "parameters, choices and shares are read");
    profile_free(p);
}

static void rules(void)
{
    struct err e = ERR_INIT;
    struct profile *p = NULL;
    ok(mutate(FIXTURE, " kind=\"short\"", "") && profile_load(mutate_path, &p, &e) == ERR_OK &&
           p->rule == PROFILE_RULE_SEQUENTIAL && p->consumer_ppm == 50000 &&
           p->producer_ppm == 50000 && p->discrimination_milli == 3000 &&
           p->clustering_ppm == 10000 && !p->spread_producer && p->trials_most == 0 &&
           strcmp(p->lab.name, "") == 0,
       "a rule that says nothing more is sequential, with 5 %%, 5 %% and 3");
    profile_free(p);
    p = NULL;
    ok(mutate(FIXTURE, "kind=\"short\"",
              "kind=\"fixed\" consumer-risk-percent=\"1\" producer-risk-percent=\"10\" "
              "discrimination=\"2.5\" clustering-level-percent=\"0.1\" "
              "spread-producer-risk=\"yes\" trials-most=\"9000\"") &&
           profile_load(mutate_path, &p, &e) == ERR_OK && p->rule == PROFILE_RULE_FIXED &&
           p->consumer_ppm == 10000 && p->producer_ppm == 100000 &&
           p->discrimination_milli == 2500 && p->clustering_ppm == 1000 && p->spread_producer &&
           p->trials_most == 9000,
       "all that a rule can say is read");
    profile_free(p);
    p = NULL;
    ok(mutate(FIXTURE, "  <use-case name=\"Meter Events\"/>",
              "  <laboratory name=\"Lab\" address=\"Street 1\" accreditation=\"17025\" "
              "authorised-by=\"N. N.\" customer=\"C\" clock=\"GNSS\"/>\n"
              "  <use-case name=\"Meter Events\"/>") &&
           profile_load(mutate_path, &p, &e) == ERR_DATA,
       "a laboratory stands before the scope");
    profile_free(p);
    p = NULL;
    ok(mutate(FIXTURE, "  <use-case name=\"Meter Reading\"/>",
              "  <laboratory name=\"Lab\" address=\"Street 1\" accreditation=\"17025\" "
              "authorised-by=\"N. N.\" customer=\"C\" clock=\"GNSS\"/>\n"
              "  <use-case name=\"Meter Reading\"/>") &&
           profile_load(mutate_path, &p, &e) == ERR_OK && strcmp(p->lab.name, "Lab") == 0 &&
           strcmp(p->lab.authorised_by, "N. N.") == 0 && strcmp(p->lab.clock, "GNSS") == 0,
       "and is read");
    profile_free(p);
}

int main(void)
{
    struct err e = ERR_INIT;
    struct profile *p = NULL;
    if (!mutate_begin())
        return 1;
    demo();
    labelled();
    sample();
    accepted();
    rules();
    refused("version=\"1\"", "version=\"2\"", ":3: version \"2\"");
    refused("America/Chicago", "America/Atlantis", ":12: zone \"America/Atlantis\"");
    refused("America/Chicago", "../../etc/passwd", ":12: ");
    refused("America/Chicago", "tzdata.zi", ":12: ");
    refused("to=\"10:00\"", "to=\"25:00\"", ":13: ");
    refused("confidence-percent=\"95\"", "confidence-percent=\"100\"", ":14: confidence-percent");
    refused("kind=\"short\"", "consumer-risk-percent=\"50\"", ":14: consumer-risk-percent");
    refused("kind=\"short\"", "producer-risk-percent=\"0\"", ":14: producer-risk-percent");
    refused("kind=\"short\"", "discrimination=\"1\"", ":14: discrimination=\"1\", expected");
    refused("kind=\"short\"", "kind=\"short\" consumer-risk-percent=\"1\"",
            ":14: kind=\"short\" with risks of its own");
    refused("kind=\"short\"", "kind=\"odd\"", ":14: ");
    refused("after-s=\"2\"", "after-s=\"0\"", ":15: after-s");
    refused("pace-per-s=\"400\"", "pace-per-s=\"0\"", ":16: ");
    refused("  <driving ", "  <trials at-least=\"0\" reason=\"soak\"/>\n  <driving ", ":16: ");
    refused("interface=\"lo\"", "interface=\"any\"", "loses the link layer");
    refused("policy=\"ceiling\"", "policy=\"floor\"", ":18: ");
    refused("  <window policy=\"majority\"/>",
            "  <window policy=\"majority\"/>\n  <overlay row=\"*\" latency-s=\"1\"/>",
            "expected a label");
    refused("  <use-case name=\"Meter Events\"/>", "  <usecase name=\"Meter Events\"/>", ":5: ");
    const struct {
        const char *attributes, *expect;
    } parameters[] = {
        {"name=\"w\" value=\"1\"", ":20: parameter \"w\", expected x, y, z, xx, xMB"},
        {"name=\"x\" value=\"0\"", ":20: value="},
        {"name=\"x\" value=\"20000000\"", ":20: value="},
        {"name=\"x\" value=\"1\" unit=\"MB\"",
         ":20: unit=\"MB\" of parameter \"x\", expected none"},
        {"name=\"xx\" value=\"100\"", ":20: value=\"100\", expected less than 100"},
        {"name=\"xx\" value=\"50\" unit=\"bytes\"", "expected percent"},
        {"name=\"xMB\" value=\"0.5\"", "less than one byte"},
        {"name=\"xMB\" value=\"101\" unit=\"MB\"", ":20: value="},
        {"name=\"xMB\" value=\"5\" unit=\"percent\"", "expected MB or bytes"},
        {"name=\"xMB\" value=\"five\"", ":20: "},
        {"name=\"See REQMTS Table\" value=\"1\" unit=\"percent\"", "expected per day"},
    };
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
        char line[300];
        (void)snprintf(line, sizeof line,
                       "  <window policy=\"majority\"/>\n"
                       "  <parameter %s source=\"s\"/>",
                       parameters[i].attributes);
        refused("  <window policy=\"majority\"/>", line, parameters[i].expect);
    }
    ok(mutate(FIXTURE, "  <window policy=\"majority\"/>",
              "  <window policy=\"majority\"/>\n"
              "  <parameter name=\"xMB\" value=\"0.05\" unit=\"MB\" source=\"s\"/>") &&
           profile_load(mutate_path, &p, &e) == ERR_OK && p->parameter[0].value == 50000 &&
           strcmp(p->parameter[0].text, "0.05 MB") == 0,
       "a twentieth of a megabyte is 50,000 bytes");
    profile_free(p);
    p = NULL;
    bool all = true;
    for (size_t len = 0; len < 1070; len += 13) {
        all = all && mutate_cut(FIXTURE, len) && profile_load(mutate_path, &p, &e) == ERR_DATA &&
              strstr(e.text, mutate_path) == e.text;
        profile_free(p);
        p = NULL;
    }
    ok(all, "a truncated profile is refused with its name");
    ok(profile_covers("4.10", "4.10.4.1/x", "4.10.4.1") && profile_covers("*", "a/b", "a") &&
           profile_covers("4.10.4.1/x", "4.10.4.1/x", "4.10.4.1") &&
           !profile_covers("4.1", "4.10.4.1/x", "4.10.4.1") &&
           !profile_covers("4.10.4.1/y", "4.10.4.1/x", "4.10.4.1"),
       "a section covers what is below it, and nothing that only begins alike");
    mutate_end();
    return done_testing();
}
