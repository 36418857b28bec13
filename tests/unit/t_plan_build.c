/* The plan made of the shipped table, profile, statement and scenarios: which rows are in, and by
 * what limits; these are read off the document by hand. */
#include "harness/plan/build.h"

#include "harness/base/clock.h"
#include "tests/mutate.h"
#include "tests/tap.h"

#define STATEMENT "fixtures/equipment/meters.xml"
#define PROFILE "fixtures/profiles/demo.xml"
#define MIN (60 * NS_PER_S)
#define HOUR (3600 * NS_PER_S)

static char statement[4096], profile[4096];

static struct plan *build(const struct plan_options *o)
{
    struct err e = ERR_INIT;
    struct plan *p = NULL;
    if (plan_build(o, &p, &e) != ERR_OK)
        printf("# %s\n", e.text);
    return p;
}

static const struct plan_row *row(const struct plan *p, const char *id)
{
    for (size_t i = 0; i < p->n_row; i++)
        if (strcmp(p->row[i].id, id) == 0)
            return &p->row[i];
    printf("# no row %s\n", id);
    return NULL;
}

static const struct plan_variant *variant(const struct plan *p, const char *id, const char *leg)
{
    const struct plan_row *r = row(p, id);
    for (size_t i = 0; r != NULL && i < r->n_variant; i++)
        if (strcmp(r->variant[i].leg, leg) == 0)
            return &r->variant[i];
    printf("# no reading %s of %s\n", leg, id);
    return NULL;
}

static void scope(const struct plan *p)
{
    size_t in = 0, driven = 0, reasons = 0;
    for (size_t i = 0; i < p->n_row; i++) {
        in += p->row[i].role != PLAN_NOT_APPLICABLE;
        driven += p->row[i].scenario != -1;
        reasons += p->row[i].role == PLAN_NOT_APPLICABLE &&
                   strstr(p->row[i].reason, "is an actor of this EUT") != NULL;
    }
    is_int(p->n_row, 34, "4.10, 4.11 and 4.15 have 9, 5 and 18 rows, and two are in no table");
    is_int(in, 29, "29 of them concern meters");
    is_int(driven, 29, "and all of these are driven");
    is_int(reasons, 5, "the other five say that no end is an actor of this EUT");
    is_int(row(p, "4.15.4.1/SW_opr_cmd")->role, PLAN_TO_EUT, "a command goes to the meter");
    is_int(row(p, "4.11.4.4/Power_Quality_Event")->role, PLAN_FROM_EUT, "an event comes from it");
    is_int(row(p, "4.10.4.5/bulk_Mtr-read_cmd")->role, PLAN_NOT_APPLICABLE,
           "a bulk read is not its");
    is_int(row(p, "4.11.4.1/Audit_Application_Event")->cause, PLAN_CAUSE_STIMULUS,
           "events are provoked");
    is_str(row(p, "4.15.4.2/SW_opr_cancel_cmd")->reply, "SW_opr_cmd_ack",
           "a cancellation is proved by its acknowledgement");
    is_str(row(p, "4.10.4.1/on-demand_Mtr-read_cmd")->reply, "on-demand_Mtr-read_resp-data",
           "a read by its data");
}

/* From the document: latency and reliability cells, and the rule at 95 % confidence. */
static void limits(const struct plan *p)
{
    static const struct {
        const char *id, *leg;
        int64_t strict, lax, pair_strict, pair_lax;
        int64_t ratio_ppb;
        uint32_t trials;
        int64_t size;
    } want[] = {
        {"4.10.4.1/on-demand_Mtr-read_cmd", "1", 15 * NS_PER_S, HOUR, 15 * NS_PER_S, 15 * NS_PER_S,
         980000000, 149, 25},
        {"4.10.4.1/on-demand_Mtr-read_resp-data", "1", 15 * NS_PER_S, 15 * NS_PER_S, 15 * NS_PER_S,
         HOUR, 980000000, 149, 100},
        {"4.10.4.2/on-demand_Mtr-read_cmd_err", "operations+ems+ipd", 5 * NS_PER_S, 15 * NS_PER_S,
         15 * NS_PER_S, HOUR, 980000000, 149, 50},
        {"4.10.4.3/Mtr-read_data_resp-data", "water", 4 * HOUR, 4 * HOUR, -1, -1, 980000000, 598,
         200},
        {"4.10.4.4/Mtr-read_multi-interval-data_resp-data", "push-electr-residential", 4 * HOUR,
         4 * HOUR, -1, -1, 900000000, 598, 2400},
        {"4.10.4.4/Mtr-read_multi-interval-data_resp-data", "push-electr-commercial-industrial",
         2 * HOUR, 2 * HOUR, -1, -1, 980000000, 598, 1600},
        {"4.10.4.4/Mtr-read_multi-interval-data_cmd", "electr", 15 * NS_PER_S, 15 * NS_PER_S,
         15 * NS_PER_S, 15 * NS_PER_S, 980000000, 149, 25},
        {"4.11.4.1/Audit_Application_Event", "electr", 4 * MIN, 4 * MIN, -1, -1, 980000000, 149,
         278},
        {"4.11.4.2/Configuration_Event", "gas", 2 * MIN, 4 * MIN, -1, -1, 980000000, 149, 278},
        {"4.11.4.5/Security_Event", "water", 2 * MIN, 2 * MIN, -1, -1, 980000000, 149, 278},
        {"4.15.4.1/SW_opr_cmd", "service-switch", MIN, MIN, MIN, 2 * MIN, 980000000, 149, 25},
        {"4.15.4.1/SW_opr_cmd_ack", "service-switch", MIN, 2 * MIN, MIN, MIN, 980000000, 149, 25},
        {"4.15.4.4/SW_opr_fail_cmd-err", "service-switch", MIN, 2 * MIN, MIN, MIN, 980000000, 149,
         50},
        {"4.15.4.5/SW_post-oper-info_resp-data", "service-switch to MDMS", MIN, MIN, -1, -1,
         980000000, 149, 100},
        {"4.15.4.8/valve_state_cmd_resp-data", "service-switch", MIN, 3 * MIN, MIN, MIN, 980000000,
         149, 100},
        {"4.15.4.9/valve_opr_fail_cmd-err", "service-switch", 2 * MIN, 3 * MIN, MIN, 2 * MIN,
         980000000, 149, 50},
    };
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        const struct plan_variant *v = variant(p, want[i].id, want[i].leg);
        if (!ok(v != NULL, "%s has reading %s", want[i].id, want[i].leg))
            continue;
        ok(v->latency_strict_ns == want[i].strict && v->latency_lax_ns == want[i].lax,
           "its latency");
        ok(v->pair_strict_ns == want[i].pair_strict && v->pair_lax_ns == want[i].pair_lax,
           "the limit of its other half");
        is_int(v->clause[0].ratio_ppb, want[i].ratio_ppb, "its first reliability");
        is_int(v->trials, want[i].trials, "its trials");
        is_int(v->size_max_bytes, want[i].size, "its size");
        is_int(v->give_up_ns, 2 * NS_PER_S, "its give-up time");
    }
}

static void coverage(const struct plan *p)
{
    const char *id = "4.10.4.4/Mtr-read_multi-interval-data_resp-data";
    const struct plan_variant *v = variant(p, id, "push-electr-residential");
    if (v == NULL)
        return;
    is_int(v->n_clause, 3, "residential electric meters have three clauses");
    ok(v->clause[0].period_ns == 6 * HOUR && v->clause[0].rule.n == 29 &&
           v->clause[1].period_ns == 24 * HOUR && v->clause[1].rule.n == 149 &&
           v->clause[2].period_ns == 48 * HOUR && v->clause[2].rule.n == 598 &&
           rule_rejects_from(&v->clause[2].rule) == 7,
       "90 %% in 6 h, 98 %% in a day, 99.5 %% in two, by 29, 149 and 598 trials");
    is_int(v->scored_latency, PLAN_SCORED_INFORMATION, "latency beside coverage is information");
    is_int(v->cause, PLAN_CAUSE_STIMULUS, "a push is provoked");
    v = variant(p, id, "poll-electr");
    ok(v != NULL && v->cause == PLAN_CAUSE_COMMAND && v->clause[0].ratio_ppb == 995000000 &&
           v->lax_ppb == 900000000 && v->lax.rule.n == 29 && v->scored_latency == PLAN_SCORED,
       "a polled read passes by 99.5 %%, fails by 90 %%, and its latency counts");
}

static void scored(const struct plan *p)
{
    const struct plan_variant *v = variant(p, "4.15.4.1/SW_opr_cmd", "service-switch");
    ok(v != NULL && v->scored_size == PLAN_SCORED_NOT_APPLICABLE &&
           v->scored_window == PLAN_SCORED_NOT_APPLICABLE && v->scored_latency == PLAN_SCORED &&
           v->scored_reliability == PLAN_SCORED,
       "of a command to the meter size and window say nothing");
    ok(v != NULL && v->n_window == 1 && v->window[0].from_s == 8 * 3600 &&
           v->window[0].to_s == 20 * 3600,
       "but the harness knows its window, 8AM - 8PM");
    v = variant(p, "4.11.4.1/Audit_Application_Event", "gas");
    ok(v != NULL && v->window_always && v->scored_window == PLAN_SCORED_NOT_APPLICABLE &&
           v->scored_size == PLAN_SCORED,
       "24x7 does not discriminate");
    v = variant(p, "4.15.4.5/SW_post-oper-info_resp-data", "service-switch to MDMS");
    ok(v != NULL && !v->window_judged && strstr(v->why_window, "provoked") != NULL,
       "a provoked event did not choose its time");
}

static void cases(const struct plan *p)
{
    uint32_t push = 0, poll = 0, mixed = 0;
    for (size_t s = 0; s < p->n_scenario; s++)
        for (size_t k = 0; k < p->scenario[s].n_case; k++) {
            const struct plan_case *c = &p->scenario[s].kase[k];
            push += strcmp(c->mode, "push") == 0;
            poll += strcmp(c->mode, "poll") == 0;
            for (size_t t = 1; t < c->n_target; t++)
                for (size_t u = 0; u < t; u++)
                    mixed += c->target[t].row == c->target[u].row &&
                             c->target[t].endpoint == c->target[u].endpoint;
            for (size_t t = 0; t < c->n_target; t++)
                mixed += p->row[c->target[t].row].scenario != (int)s;
        }
    is_int(p->n_scenario, 19, "19 of the 20 scenarios have something to drive");
    is_int(push, 4, "four classes push");
    is_int(poll, 2, "two media are polled");
    is_int(mixed, 0,
           "each case has one reading of a row for each destination, and rows of its scenario");
}

static void surroundings(const struct plan *p)
{
    is_str(p->filter, "tcp and host 127.0.0.1 and (port 18480 or portrange 18490-18504)",
           "the filter holds the endpoints and no others");
    is_str(p->endpoint[p->n_endpoint - 1].actor, "calibration responder",
           "the last endpoint is for calibration");
    is_str(p->nonce, "0badcafe", "the nonce is the one given");
    ok(p->claimable && p->profile_label[0] == '\0', "the demo profile can be claimed by");
    bool digests = p->n_source > 20;
    for (size_t i = 0; i < p->n_source; i++)
        digests = digests && strlen(p->source[i].digest) == 64 && p->source[i].path[0] != '/';
    ok(digests, "sources are named below the data folder, with digests");
    bool resolved = true;
    for (size_t r = 0; r < p->n_row; r++)
        for (size_t v = 0; v < p->row[r].n_variant; v++)
            for (const char *id = p->row[r].variant[v].interpretations; *id != '\0';) {
                size_t len = strcspn(id, " ");
                bool known = false;
                for (size_t i = 0; i < p->n_interpretation; i++)
                    known = known || (strlen(p->interpretation[i].id) == len &&
                                      memcmp(p->interpretation[i].id, id, len) == 0);
                resolved = resolved && known;
                id += len + (id[len] == ' ');
            }
    ok(resolved, "every interpretation that a reading leans on is in the plan");
}

static void arming(void)
{
    struct plan *p = build(&(struct plan_options){.profile = profile, .statement = statement});
    size_t not_run = 0;
    for (size_t i = 0; p != NULL && i < p->n_row; i++)
        not_run += p->row[i].role != PLAN_NOT_APPLICABLE && p->row[i].scenario == -1 &&
                   strstr(p->row[i].reason, "--arm") != NULL;
    ok(p != NULL && not_run > 0 && not_run < 27, "without --arm what switches power is not run");
    plan_free(p);
}

static void selection(void)
{
    const char *const rows[] = {"4.10.4.1/on-demand_Mtr-read_cmd"};
    const char *const suites[] = {"meter events", "4.15.4.3"};
    struct plan *p = build(&(struct plan_options){
        .profile = profile, .statement = statement, .row = rows, .n_row = 1});
    ok(p != NULL && p->n_scenario == 1 && p->scenario[0].kase[0].n_target == 1 && p->n_row == 34 &&
           strstr(p->row[5].reason, "selection") != NULL,
       "--row leaves one row to drive, and the others with the reason");
    plan_free(p);
    p = build(&(struct plan_options){
        .profile = profile, .statement = statement, .suite = suites, .n_suite = 2, .arm = true});
    ok(p != NULL && p->n_scenario == 6,
       "--suite takes use cases without regard to case, and sections");
    plan_free(p);
}

static void fault(const char *fixture, const char *from, const char *to, enum err_code code,
                  const char *expect)
{
    struct err e = ERR_INIT;
    struct plan *p = NULL;
    bool in_statement = strcmp(fixture, STATEMENT) == 0;
    if (!ok(mutate(fixture, from, to), "%s holds %.50s", fixture, from))
        return;
    enum err_code rc =
        plan_build(&(struct plan_options){.profile = in_statement ? profile : mutate_path,
                                          .statement = in_statement ? mutate_path : statement},
                   &p, &e);
    if (!ok(rc == code && p == NULL && strstr(e.text, expect) != NULL, "%s: %s", err_name(code),
            expect))
        printf("# %s: %s\n", err_name(rc), e.text);
    plan_free(p);
}

/* A changed input, and one reading of the plan that comes of it. */
static struct plan *changed(const char *fixture, const char *from, const char *to)
{
    bool in_statement = strcmp(fixture, STATEMENT) == 0;
    if (!mutate(fixture, from, to))
        return NULL;
    return build(&(struct plan_options){.profile = in_statement ? profile : mutate_path,
                                        .statement = in_statement ? mutate_path : statement,
                                        .arm = true});
}

static void choices(void)
{
    const char *id = "4.10.4.1/on-demand_Mtr-read_cmd";
    struct plan *p = changed(PROFILE, "</profile>",
                             "  <interpretation id=\"4.10.4.1-latency-set\" "
                             "take=\"strictest\" reason=\"contract\"/>\n</profile>");
    const struct plan_variant *v = p == NULL ? NULL : variant(p, id, "1");
    ok(v != NULL && v->latency_lax_ns == 15 * NS_PER_S, "a profile may take the strictest reading");
    plan_free(p);
    p = changed(PROFILE, "</profile>",
                "  <share actor=\"2-Way Meter - Electr\" of=\"0.4\" "
                "source=\"plan\"/>\n</profile>");
    v = p == NULL ? NULL : variant(p, id, "1");
    ok(v != NULL && v->latency_strict_ns == 6 * NS_PER_S && v->latency_lax_ns == 24 * MIN &&
           v->pair_lax_ns == 6 * NS_PER_S && v->share_ppm == 400000,
       "a share of the budget is in the limits");
    plan_free(p);
    p = changed(PROFILE, "  <give-up after-s=\"2\"", "  <give-up row=\"4.11\" after-s=\"2\"");
    v = p == NULL ? NULL : variant(p, id, "1");
    ok(v != NULL && v->give_up_ns == HOUR + 15 * NS_PER_S,
       "without a declared time one waits as long as any reading could be met");
    plan_free(p);
    p = changed(STATEMENT, "payload=\"SW_opr_cmd\" most=\"10000\"",
                "payload=\"SW_opr_cmd\" most=\"100\"");
    v = p == NULL ? NULL : variant(p, "4.15.4.1/SW_opr_cmd", "service-switch");
    ok(v != NULL && v->trials == 100 && v->trials_max == 100 && v->clause[0].rule.n == 149 &&
           strstr(row(p, "4.15.4.1/SW_opr_cmd")->reason, "duty") != NULL,
       "duty limits cut the trials and not the rule, and say so");
    plan_free(p);
    p = changed(PROFILE, "  <driving ",
                "  <trials at-least=\"20\" reason=\"few\"/>\n"
                "  <trials row=\"4.15\" at-least=\"15000\" reason=\"soak\"/>\n"
                "  <trials row=\"4.10.4.1\" at-least=\"15000\" reason=\"soak\"/>\n  <driving ");
    v = p == NULL ? NULL : variant(p, "4.10.4.4/Mtr-read_multi-interval-data_cmd", "electr");
    ok(v != NULL && v->trials == 149 && v->trials_least == 20 && v->trials_max == 298,
       "a wish for few trials changes no rule");
    v = p == NULL ? NULL : variant(p, id, "1");
    ok(v != NULL && v->trials == 149 && v->trials_least == 15000 && v->trials_max == 15000 &&
           v->clause[0].rule.n == 149,
       "a soak drives more trials and leaves the rule alone");
    v = p == NULL ? NULL : variant(p, "4.15.4.1/SW_opr_cmd", "service-switch");
    ok(v != NULL && v->trials_least <= 10000 && v->trials_max <= 10000,
       "and stays within the declared duty");
    plan_free(p);
    p = changed(STATEMENT, "interval-reads mode=\"both\"", "interval-reads mode=\"poll\"");
    v = p == NULL ? NULL : &row(p, "4.10.4.4/Mtr-read_multi-interval-data_resp-data")->variant[0];
    ok(v != NULL && strcmp(v->leg, "poll-electr") == 0,
       "a meter that is polled has no pushes judged");
    plan_free(p);
    p = changed(STATEMENT, "<stimulus name=\"*\"", "<stimulus name=\"Security_Event\"");
    ok(p != NULL && row(p, "4.11.4.5/Security_Event")->scenario != -1 &&
           row(p, "4.11.4.1/Audit_Application_Event")->scenario == -1 &&
           strstr(row(p, "4.11.4.1/Audit_Application_Event")->reason,
                  "no stimulus \"Audit_Application_Event\"") != NULL,
       "a stimulus that nobody declares leaves its rows not run");
    plan_free(p);
}

static void through(void)
{
    struct plan *p =
        changed(STATEMENT, "  <group actor=\"2-Way Meter - Electr\" class=\"residential\"",
                "  <group actor=\"DAPjm\"");
    ok(p != NULL && row(p, "4.10.4.2/on-demand_Mtr-read_cmd_comm_err")->role == PLAN_FROM_EUT,
       "a data aggregation point is the origin of communication errors");
    plan_free(p);
}

static void faults(void)
{
    const char *const rows[] = {"4.10.4.1/on-demand_Mtr-read_cmdd"}, *const suites[] = {
                                                                         "Meter Eventz"};
    struct err e = ERR_INIT;
    struct plan *p = NULL;
    ok(plan_build(
           &(struct plan_options){
               .profile = profile, .statement = statement, .row = rows, .n_row = 1},
           &p, &e) == ERR_USAGE &&
           strstr(e.text, "\"4.10.4.1/on-demand_Mtr-read_cmd\"") != NULL,
       "an unknown row is told with the nearest ones");
    ok(plan_build(
           &(struct plan_options){
               .profile = profile, .statement = statement, .suite = suites, .n_suite = 1},
           &p, &e) == ERR_USAGE &&
           strstr(e.text, "\"Meter Events\"") != NULL,
       "an unknown suite likewise");
    ok(plan_build(
           &(struct plan_options){.profile = profile, .statement = statement, .nonce = "xyz"}, &p,
           &e) == ERR_USAGE,
       "a nonce is 8 hex digits");
    fault(STATEMENT, "actor=\"2-Way Meter - Water\"", "actor=\"2-Way Meter - Beer\"", ERR_SCOPE,
          "no actor of the requirement table");
    fault(STATEMENT, "port=\"18492\"", "port=\"18491\"", ERR_SCOPE, "shares 127.0.0.1:18491");
    fault(STATEMENT, "port=\"18492\"", "port=\"18480\"", ERR_SCOPE, "share 127.0.0.1:18480");
    fault(STATEMENT, "peer actor=\"NMS\"", "peer actor=\"MDMS\"", ERR_SCOPE, "already");
    fault(STATEMENT, "peer actor=\"NMS\"", "peer actor=\"2-Way Meter - Gas\"", ERR_SCOPE,
          "under test");
    fault(STATEMENT, "class=\"commercial-industrial\"", "class=\"residential\"", ERR_SCOPE,
          "already");
    fault(STATEMENT, "payload=\"SW_opr_cmd\"", "payload=\"SW_opr\"", ERR_SCOPE,
          "duty of \"SW_opr\"");
    fault(PROFILE, "name=\"Meter Events\"", "name=\"Meter Sounds\"", ERR_DATA, ":5: use case");
    fault(PROFILE, "</profile>",
          "<interpretation id=\"nope\" take=\"all\" reason=\"x\"/></profile>", ERR_DATA,
          "interpretation register");
    fault(PROFILE, "  <driving ",
          "  <trials row=\"9.9\" at-least=\"5\" reason=\"soak\"/>\n  <driving ", ERR_DATA,
          ":16: \"9.9\" is no row");
    fault(PROFILE, "overlap=\"2000\"", "overlap=\"2000\" calibration-port=\"18480\"", ERR_SCOPE,
          "calibration");
}

int main(void)
{
    struct err e = ERR_INIT;
    if (where_data(STATEMENT, statement, sizeof statement, &e) != ERR_OK ||
        where_data(PROFILE, profile, sizeof profile, &e) != ERR_OK || !mutate_begin())
        return 1;
    struct plan *p = build(&(struct plan_options){
        .profile = profile, .statement = statement, .arm = true, .nonce = "0badcafe"});
    if (ok(p != NULL, "a plan is made of what ships")) {
        scope(p);
        limits(p);
        coverage(p);
        scored(p);
        cases(p);
        surroundings(p);
    }
    plan_free(p);
    arming();
    selection();
    choices();
    through();
    faults();
    mutate_end();
    return done_testing();
}
