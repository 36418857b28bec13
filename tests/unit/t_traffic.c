/* The worked example of 4.21 out of its inputs, and other numbers out of others: hand-derived. */
#include "harness/traffic/traffic.h"

#include <math.h>

#include "harness/base/where.h"
#include "harness/traffic/effects.h"
#include "tests/mutate.h"
#include "tests/tap.h"

#define PRINTED "fixtures/profiles/traffic-as-printed.xml"
#define CORRECTED "fixtures/profiles/traffic-corrected.xml"
#define SECONDS 86400.0

static struct table *table;

struct made {
    struct profile *profile;
    struct traffic *traffic;
    struct err e;
};

static struct made make(const char *path)
{
    struct made m = {.e = ERR_INIT};
    if (profile_load(path, &m.profile, &m.e) == ERR_OK) {
        struct traffic_options o = {.table = table, .profile = m.profile};
        (void)traffic_make(&o, &m.traffic, &m.e);
    }
    if (m.traffic == NULL)
        printf("# %s\n", m.e.text);
    return m;
}

static struct made make_fixture(const char *name)
{
    char path[4096];
    struct err e = ERR_INIT;
    return where_data(name, path, sizeof path, &e) == ERR_OK ? make(path) : (struct made){0};
}

static void unmake(struct made *m)
{
    traffic_free(m->traffic);
    profile_free(m->profile);
}

/* To as many digits as are printed: half of the last one either way. */
static bool shows(double value, double printed, double last_digit)
{
    bool good = fabs(value - printed) <= last_digit / 2;
    if (!good)
        printf("# %.10g, want %.10g\n", value, printed);
    return good;
}

static bool is(double value, double want)
{
    return shows(value, want, fabs(want) * 1e-12);
}

static const struct traffic_line *line(const struct traffic *t, const char *row, const char *leg)
{
    for (size_t i = 0; t != NULL && i < t->n_line; i++)
        if (strcmp(t->line[i].row->id, row) == 0 && strcmp(t->line[i].leg->id, leg) == 0)
            return &t->line[i];
    printf("# no line %s, %s\n", row, leg);
    return NULL;
}

static bool noted(const struct traffic *t, enum traffic_note_kind kind, const char *row,
                  const char *words)
{
    for (size_t i = 0; t != NULL && i < t->n_note; i++)
        if (t->note[i].kind == kind && strcmp(t->note[i].row, row) == 0 &&
            strstr(t->note[i].text, words) != NULL)
            return true;
    return false;
}

#define INTERVAL "4.10.4.4/Mtr-read_multi-interval-data_resp-data"
#define REQUEST "4.10.4.4/Mtr-read_multi-interval-data_cmd"
#define SWITCH "service-switch"

static const struct {
    const char *row, *leg;
    double events, bytes; /* as tables 4 and 5 print them */
} printed[] = {
    {REQUEST, "electr", 0.025, 0.625},
    {"4.10.4.1/on-demand_Mtr-read_cmd", "1", 0.025, 0.625},
    {"4.15.4.2/SW_opr_cancel_cmd", SWITCH, 0.002, 0.05},
    {"4.15.4.1/SW_opr_cmd", SWITCH, 0.05, 1.25},
    {"4.15.4.3/SW_state_cmd", SWITCH, 0.05, 1.25},
    {INTERVAL, "push-electr-commercial-industrial", 24 * 0.174, 6681.6},
    {INTERVAL, "push-electr-residential", 6 * 0.696, 10022.4},
    {"4.10.4.2/on-demand_Mtr-read_cmd_err", "operations", 0.025 / 1000, 0.00125},
    {"4.10.4.1/on-demand_Mtr-read_resp-data", "1", 0.025, 2.5},
    {"4.15.4.1/SW_opr_cmd_ack", SWITCH, 0.002, 0.05},
    {"4.15.4.4/SW_opr_fail_cmd-err", SWITCH, 0.05 / 1000, 0.0025},
    {"4.15.4.5/SW_post-oper-info_resp-data", SWITCH, 0.002, 0.2},
    {"4.15.4.3/SW_state_cmd_resp-data", SWITCH, 0.05, 5},
};

static void test_printed(void)
{
    struct made m = make_fixture(PRINTED);
    const struct traffic *t = m.traffic;
    if (!ok(t != NULL, "the example as printed computes"))
        return;
    const struct traffic_sum *down = &t->total[TRAFFIC_DOWN], *up = &t->total[TRAFFIC_UP];
    const enum traffic_level s = TRAFFIC_SELECTED;
    is_int(t->n_line, 13, "5 events down and 8 up");
    for (size_t i = 0; i < sizeof printed / sizeof printed[0]; i++) {
        const struct traffic_line *l = line(t, printed[i].row, printed[i].leg);
        ok(l != NULL && is(traffic_line_events(l, s), printed[i].events) &&
               is(traffic_line_bytes(l, s), printed[i].bytes),
           "%s: the line's events and bytes", printed[i].row);
    }
    ok(shows(down->events[s], 0.152, 0.001), "table 4: 0.152 events a day");
    ok(shows(down->bytes[s], 3.8, 0.1), "table 4: 3.8 bytes a day");
    ok(shows(down->bytes[s] / down->events[s], 25, 1), "table 4: 25 bytes an event");
    ok(shows(down->events[s] / SECONDS, 1.76e-6, 0.01e-6), "table 4: 1.76e-6 events a second");
    ok(shows(t->by_class[TRAFFIC_UP].events[s], 8.352, 0.001), "table 5: 8.352 in the subtotal");
    ok(shows(t->by_class[TRAFFIC_UP].bytes[s], 16704, 1), "table 5: 16704 bytes there");
    ok(shows(t->for_all[TRAFFIC_UP].events[s], 0.079, 0.001), "table 5: 0.079 in the other");
    ok(shows(t->for_all[TRAFFIC_UP].bytes[s], 7.754, 0.001), "table 5: 7.754 bytes there");
    ok(shows(up->events[s], 8.43, 0.01), "table 5: 8.43 events a day");
    ok(shows(up->bytes[s], 16712, 1), "table 5: 16712 bytes a day");
    ok(shows(up->bytes[s] / up->events[s], 1982, 1), "table 5: 1982 bytes an event");
    ok(shows(up->events[s] / SECONDS, 9.76e-5, 0.01e-5), "table 5: 9.76e-5 events a second");
    /* Tables 1 and 2: hourly values at midday. */
    const struct {
        const char *row, *leg;
        double by;
    } hour[] = {{REQUEST, "electr", 11},
                {"4.10.4.1/on-demand_Mtr-read_cmd", "1", 15},
                {"4.15.4.1/SW_opr_cmd", SWITCH, 8},
                {INTERVAL, "push-electr-residential", 24}};
    for (size_t i = 0; i < sizeof hour / sizeof hour[0]; i++)
        ok(is(traffic_line_hour(line(t, hour[i].row, hour[i].leg), 12), 1 / hour[i].by),
           "%s: the daily value/%g at midday", hour[i].row, hour[i].by);
    is_int(t->n_pairing, 49, "pairings in the use cases' tables");
    ok(noted(t, TRAFFIC_CONTRADICTION, "4.15.4.1/SW_opr_cmd",
             "8 hours, its period 08:00-20:00 has 12"),
       "the 8 hours of 12 are found");
    ok(noted(t, TRAFFIC_CONTRADICTION, INTERVAL, "24 a day of 1600 bytes"), "and 1600 times 24");
    ok(noted(t, TRAFFIC_CONTRADICTION, INTERVAL, "6 a day of 2400 bytes"), "and 2400 times 6");
    ok(noted(t, TRAFFIC_CONTRADICTION, "4.15.4.1/SW_opr_cmd_ack", "0.05 times"),
       "and 2 acknowledgements for 50 commands");
    ok(noted(t, TRAFFIC_CONTRADICTION, "4.15.4.3/SW_state_cmd_resp-data", "its cell has 0.001"),
       "and a rate beyond its cell");
    ok(noted(t, TRAFFIC_CONTRADICTION, REQUEST, "poll-electr, is not counted"),
       "and requests without answers");
    ok(noted(t, TRAFFIC_CONTRADICTION, "", "13 % of the endpoints of mix \"1\""),
       "and gas meters at the electric meters' interface");
    unmake(&m);
}

/* 12 * 0.1 * 1600 + 4 * 0.9 * 2400 = 10560 for the classes; 0.025 * 100 + 0.000025 * 50 + 1 * 200 +
 * 0.025 * 2400 + 0.05 * 25 + 0.002 * 25 + 0.00005 * 50 + 0.04995 * 100 + 0.05 * 100 for all. */
static void test_corrected(void)
{
    struct made m = make_fixture(CORRECTED);
    const enum traffic_level s = TRAFFIC_SELECTED;
    if (!ok(m.traffic != NULL, "the corrected example computes"))
        return;
    const struct traffic_sum *up = &m.traffic->total[TRAFFIC_UP];
    ok(is(up->events[s],
          1.2 + 3.6 + 0.025 + 0.000025 + 1 + 0.025 + 0.05 + 0.002 + 0.00005 + 0.04995 + 0.05),
       "corrected: events");
    ok(is(up->bytes[s], 1920 + 8640 + 2.5 + 0.00125 + 200 + 60 + 1.25 + 0.05 + 0.0025 + 4.995 + 5),
       "corrected: bytes");
    ok(is(m.traffic->total[TRAFFIC_DOWN].bytes[s], 3.8), "corrected: down as before");
    ok(is(traffic_line_hour(line(m.traffic, "4.15.4.1/SW_opr_cmd", SWITCH), 12), 1.0 / 12),
       "corrected: 12 hours");
    ok(noted(m.traffic, TRAFFIC_LEFT_OUT, "4.15.4.7/SW_opr_cancel_cmd", "repeats 4.15.4.2"),
       "a row that the document has twice counts once");
    unmake(&m);
}

static struct made make_changed(const char *from, const char *to)
{
    return mutate(PRINTED, from, to) ? make(mutate_path) : (struct made){0};
}

/* Other inputs, other outputs: each worked out beside it. */
static void test_other_inputs(void)
{
    const enum traffic_level s = TRAFFIC_SELECTED;
    struct made m =
        make_changed("percent=\"17.4\"/>", "percent=\"7.4\"/>\n"
                                           "<of actor=\"2-Way Meter - Water\" percent=\"10\"/>");
    ok(m.traffic != NULL &&
           is(m.traffic->by_class[TRAFFIC_UP].bytes[s], 24 * 0.074 * 1600 + 10022.4),
       "another mix: 24 times 7.4 %% of 1600 bytes");
    unmake(&m);
    m = make_changed("<size bytes=\"1600\"", "<size bytes=\"700\"");
    ok(m.traffic != NULL &&
           is(m.traffic->total[TRAFFIC_UP].bytes[s], 16711.75375 - 24 * 0.174 * 900),
       "another size");
    unmake(&m);
    m = make_changed("<often times=\"50\" per=\"1000\" source=\"4.21, table 1\"/>",
                     "<often times=\"10\" per=\"1000\" source=\"4.21, table 1\"/>");
    ok(m.traffic != NULL && is(m.traffic->total[TRAFFIC_DOWN].events[s], 0.112) &&
           is(traffic_line_events(line(m.traffic, "4.15.4.4/SW_opr_fail_cmd-err", SWITCH), s),
              0.01 / 1000),
       "fewer operations have fewer failures: 1 of 1000 of 10 of 1000");
    unmake(&m);
    m = make_changed("value=\"0.025\"", "value=\"0.075\"");
    ok(m.traffic != NULL && is(m.traffic->total[TRAFFIC_DOWN].bytes[s], 3.8 + 0.05 * 25) &&
           is(m.traffic->total[TRAFFIC_UP].bytes[s], 16711.75375 + 0.05 * 100),
       "three times the reads on demand");
    unmake(&m);
    m = make_changed("<use-mix name=\"1\"", "<use-mix name=\"3\"");
    ok(m.traffic != NULL && is(m.traffic->by_class[TRAFFIC_UP].events[s], 24 * 0.05 + 6 * 0.45),
       "the mix of scenario 3");
    unmake(&m);
    m = make_changed("dataflow=\"1D\"", "name=\"MeA\"");
    ok(m.traffic != NULL && m.traffic->n_pair == 2 &&
           is(m.traffic->total[TRAFFIC_DOWN].bytes[s], 3.8),
       "the network interface has both data flows, of which one carries these events");
    unmake(&m);
    m = make_changed("<selection take=\"high\"", "<selection take=\"low\"");
    ok(m.traffic != NULL && is(m.traffic->total[TRAFFIC_UP].bytes[s], 16711.75375),
       "what is selected one by one stays, whatever is taken of the rest");
    unmake(&m);
}

/* The link behind the meters: a DAP has the traffic of its 1000, the head-end that of the 100,000.
 * Rates that count electric meters do so by the mix: none is listed with a share of 100 %. */
static void test_aggregated(void)
{
    const enum traffic_level s = TRAFFIC_SELECTED;
    struct made m = mutate(CORRECTED, "dataflow=\"1D\"", "dataflow=\"1Ca\"") ? make(mutate_path)
                                                                             : (struct made){0};
    const struct traffic_line *l = line(m.traffic, "4.15.4.1/SW_opr_cmd", SWITCH);
    ok(l != NULL && is(traffic_line_events(l, s), 50) && is(traffic_line_bytes(l, s), 1250),
       "1000 meters behind a DAP: 50 of 1000 a day are 50");
    ok(m.traffic != NULL && is(m.traffic->total[TRAFFIC_DOWN].bytes[s], 3800), "and 3800 bytes");
    unmake(&m);
    m = make_fixture("fixtures/profiles/traffic-corrected.xml");
    const struct profile_interface wide = {
        NULL, NULL, "CIS/Billing - Utility", "AMI Head-End(j)", {true, "test", "", 0}};
    const struct profile_traffic all = {.endpoints = 100000};
    struct traffic_options o = {
        .table = table, .profile = m.profile, .given = &all, .interface = &wide};
    struct traffic *t = NULL;
    ok(traffic_make(&o, &t, &m.e) == ERR_OK &&
           noted(t, TRAFFIC_MISSING, "4.15.4.1/SW_opr_cmd", "expected <mix>"),
       "behind a head-end nobody says which devices there are");
    traffic_free(t);
    const struct profile_mix_part part = {"2-Way Meter - Electr", "", 1000000, 0};
    const struct profile_mix mix = {.name = "electric", .part = &part, .n_part = 1};
    const struct profile_traffic known = {.endpoints = 100000, .mix = &mix, .n_mix = 1};
    o.given = &known;
    t = NULL;
    ok(traffic_make(&o, &t, &m.e) == ERR_OK, "with a mix it computes %s", m.e.text);
    l = line(t, "4.15.4.1/SW_opr_cmd", SWITCH);
    ok(l != NULL && is(traffic_line_events(l, s), 5000),
       "100,000 behind the head-end: 50 of 1000 a day are 5000");
    traffic_free(t);
    unmake(&m);
}

/* Low and high of ranges: tied ones by their ends that go together. */
static void test_ranges(void)
{
    struct made m = make_fixture(CORRECTED);
    const struct traffic_line *l = line(m.traffic, INTERVAL, "push-electr-commercial-industrial");
    ok(l != NULL && is(traffic_line_bytes(l, TRAFFIC_LOW), 0.1 * 24 * 200) &&
           is(traffic_line_bytes(l, TRAFFIC_HIGH), 0.1 * 12 * 1600),
       "tied ranges: 24 times 200 bytes is less than 12 times 1600");
    l = line(m.traffic, "4.15.4.1/SW_opr_cmd", SWITCH);
    ok(l != NULL && is(traffic_line_events(l, TRAFFIC_LOW), 0.001) &&
           is(traffic_line_events(l, TRAFFIC_HIGH), 0.05),
       "1-50 per 1000 is from 0.001 to 0.05");
    unmake(&m);
}

static void test_effects(void)
{
    char path[2][4096];
    struct profile *from = NULL, *to = NULL;
    struct effects *x = NULL;
    struct err e = ERR_INIT;
    if (where_data(PRINTED, path[0], sizeof path[0], &e) == ERR_OK &&
        where_data(CORRECTED, path[1], sizeof path[1], &e) == ERR_OK &&
        profile_load(path[0], &from, &e) == ERR_OK && profile_load(path[1], &to, &e) == ERR_OK)
        (void)effects_make(table, from, to, &x, &e);
    if (!ok(x != NULL, "the two are set side by side %s", e.text))
        goto out;
    ok(x->whole, "the errata are all that differs");
    is_int(x->n, 8, "eight of them");
    const enum traffic_level s = TRAFFIC_SELECTED;
    const struct {
        const char *id;
        double events, bytes; /* up, alone */
    } want[] = {
        {"example-proportions", 24 * (0.1 - 0.174) + 6 * (0.9 - 0.696),
         24 * 1600 * (0.1 - 0.174) + 6 * 2400 * (0.9 - 0.696)},
        {"example-interval-ranges", -12 * 0.174 - 2 * 0.696, -12 * 0.174 * 1600 - 2 * 0.696 * 2400},
        {"example-answer-rates", 0.048 + 0.04795, 0.048 * 25 + 0.04795 * 100},
        {"example-cancel-ack", 0.002, 0.05},
        {"example-hours", 0, 0},
    };
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
        for (size_t k = 0; k < x->n; k++)
            if (strcmp(x->effect[k].erratum->id, want[i].id) == 0)
                ok(shows(x->effect[k].alone[TRAFFIC_UP].events[s] -
                             x->from->total[TRAFFIC_UP].events[s],
                         want[i].events, 1e-9) &&
                       shows(x->effect[k].alone[TRAFFIC_UP].bytes[s] -
                                 x->from->total[TRAFFIC_UP].bytes[s],
                             want[i].bytes, 1e-6),
                   "%s alone changes the totals by so much", want[i].id);
out:
    effects_free(x);
    profile_free(from);
    profile_free(to);
}

static void refused(const char *from, const char *to, enum err_code code, const char *words,
                    const char *title)
{
    struct made m = make_changed(from, to);
    ok(m.traffic == NULL && m.e.code == code && strstr(m.e.text, words) != NULL, "%s is refused",
       title);
    unmake(&m);
}

static void test_refused(void)
{
    refused("dataflow=\"1D\"", "dataflow=\"9Z\"", ERR_DATA, "no data flow \"9Z\"",
            "an unknown data flow");
    refused("dataflow=\"1D\"", "name=\"MeX\"", ERR_DATA, "no network interface",
            "an unknown interface");
    refused("<use-mix name=\"1\"", "<use-mix name=\"4\"", ERR_DATA, "no mix \"4\"",
            "an unknown mix");
    refused("percent=\"17.4\"", "percent=\"17.5\"", ERR_DATA, "add up to 100.1 %",
            "a mix of 100.1 %");
    refused("<event row=\"4.15.4.1/SW_opr_cmd\"", "<event row=\"4.15.4.1/SW_cmd\"", ERR_DATA,
            "is none of the requirement table", "an unknown row");
    refused("leg=\"push-electr-residential\"", "leg=\"push\"", ERR_DATA, "has no reading \"push\"",
            "an unknown reading");
    refused("erratum=\"example-hours\"", "erratum=\"example-minutes\"", ERR_DATA,
            "\"example-minutes\" is none", "an unknown erratum");
    refused("leg=\"push-electr-residential\"", "leg=\"push-gas-residential\"", ERR_SCOPE,
            "does not cross", "an event of another interface");
    refused("leg=\"push-electr-residential\"", "leg=\"push-electr-commercial-industrial\"",
            ERR_SCOPE, "stands in line", "an event twice");
    refused("<use-mix name=\"1\" source=\"4.21, table 5 computes with 0.174 and 0.696\" "
            "erratum=\"example-proportions\"/>",
            "", ERR_SCOPE, "none is chosen", "no choice among mixes");
    refused("<often times=\"50\" per=\"1000\" source=\"4.21, table 1\"/>",
            "<often times=\"1\" of=\"4.15.4.1/SW_opr_cmd\" source=\"itself\"/>", ERR_SCOPE,
            "its own", "a rate by its own events");
}

/* A value that nobody gives takes its reading out of the totals and is told. */
static void test_missing(void)
{
    struct made m = make_changed("<parameter row=\"4.10.4.1\" name=\"See REQMTS Table\" "
                                 "value=\"0.025\" source=\"4.21, tables 1 and 2: 25 per 1000 "
                                 "meters\"/>",
                                 "");
    ok(noted(m.traffic, TRAFFIC_MISSING, "4.10.4.1/on-demand_Mtr-read_cmd", "See REQMTS Table") &&
           m.traffic->n_line == 11,
       "a how often that the document refers elsewhere is missing, not zero");
    unmake(&m);
    m = make_changed("<share percent=\"100\" source=\"4.21, table 4: no proportion\" "
                     "erratum=\"example-per-meter\"/>",
                     "");
    ok(m.traffic != NULL &&
           is(m.traffic->total[TRAFFIC_DOWN].events[TRAFFIC_SELECTED], 0.152 - 0.025 * 0.13),
       "without a share of its own a rate holds for the 87 %% that it counts");
    unmake(&m);
}

static void test_ratio(void)
{
    struct ratio a = ratio_of(6, -8);
    ok(a.num == -3 && a.den == 4, "fractions are reduced, with the sign above");
    a = ratio_times(ratio_of(INT64_MAX, 3), ratio_of(3, INT64_MAX));
    ok(a.num == 1 && a.den == 1, "a product is reduced before it is kept");
    ok(!ratio_holds(ratio_times(ratio_of(INT64_MAX, 1), ratio_of(2, 1))),
       "what is too great is told");
    ok(!ratio_holds(ratio_over(ratio_of(1, 2), ratio_of(0, 1))), "as is a division by nothing");
    a = ratio_plus(ratio_of(1, 6), ratio_of(1, 10));
    ok(a.num == 4 && a.den == 15, "1/6 + 1/10");
    ok(ratio_order(ratio_of(1, 3), ratio_of(33, 100)) > 0, "1/3 is more than 33/100");
}

int main(void)
{
    struct err e = ERR_INIT;
    if (table_load(NULL, &table, &e) != ERR_OK || !mutate_begin()) {
        printf("Bail out! %s\n", e.text);
        return 1;
    }
    test_printed();
    test_corrected();
    test_other_inputs();
    test_ranges();
    test_aggregated();
    test_effects();
    test_refused();
    test_missing();
    test_ratio();
    mutate_end();
    table_free(table);
    return done_testing();
}
