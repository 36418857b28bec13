/* Which rows go to, from and through equipment of any kind, to whom each reading goes, and what the
 * profile's values do to them: read off the document by hand. */
#include "harness/plan/build.h"

#include "harness/base/clock.h"
#include "tests/mutate.h"
#include "tests/tap.h"

#define SAMPLE "fixtures/profiles/sample.xml"
#define MIN (60 * NS_PER_S)

static char profile[4096];

static struct plan *plan_with(const char *profile_path, const char *statement_path)
{
    struct err e = ERR_INIT;
    struct plan *p = NULL;
    if (plan_build(&(struct plan_options){.profile = profile_path,
                                          .statement = statement_path,
                                          .arm = true},
                   &p, &e) != ERR_OK)
        printf("# %s\n", e.text);
    return p;
}

static struct plan *plan_of(const char *statement)
{
    char path[4096];
    struct err e = ERR_INIT;
    return where_data(statement, path, sizeof path, &e) == ERR_OK ? plan_with(profile, path) : NULL;
}

/* The row under a use case that begins so. */
static const struct plan_row *row(const struct plan *p, const char *id, const char *use_case)
{
    for (size_t i = 0; p != NULL && i < p->n_row; i++)
        if (strcmp(p->row[i].id, id) == 0 &&
            strncmp(p->row[i].use_case, use_case, strlen(use_case)) == 0)
            return &p->row[i];
    printf("# no row %s under %s\n", id, use_case);
    return NULL;
}

static const struct plan_variant *reading(const struct plan_row *r, const char *leg)
{
    for (size_t i = 0; r != NULL && i < r->n_variant; i++)
        if (strcmp(r->variant[i].leg, leg) == 0)
            return &r->variant[i];
    printf("# no reading %s of %s\n", leg, r == NULL ? "" : r->id);
    return NULL;
}

/* A case that has a reading as target, and the actor where that arrives: "" as the trial goes. */
static const struct plan_case *kase(const struct plan *p, const struct plan_row *r,
                                    const struct plan_variant *v, const char **arrives)
{
    *arrives = NULL;
    for (size_t s = 0; v != NULL && s < p->n_scenario; s++)
        for (size_t k = 0; k < p->scenario[s].n_case; k++)
            for (size_t t = 0; t < p->scenario[s].kase[k].n_target; t++) {
                const struct plan_target *g = &p->scenario[s].kase[k].target[t];
                if (&p->row[g->row] != r || &r->variant[g->variant] != v)
                    continue;
                *arrives = g->endpoint == -1 ? "" : p->endpoint[g->endpoint].actor;
                return &p->scenario[s].kase[k];
            }
    return NULL;
}

static bool stands(const struct plan *p, const char *id, const char *use_case, enum plan_role role,
                   enum plan_cause cause)
{
    const struct plan_row *r = row(p, id, use_case);
    return r != NULL && r->role == role && (r->scenario != -1 || role == PLAN_NOT_APPLICABLE) &&
           (r->n_variant == 0 || r->variant[0].cause == cause);
}

static enum plan_role support(const struct plan_case *c, const char *payload)
{
    for (size_t i = 0; c != NULL && i < c->n_support; i++)
        if (strcmp(c->support[i].payload, payload) == 0)
            return c->support[i].role;
    return PLAN_ROLE_COUNT;
}

static void control_centre(void)
{
    struct plan *p = plan_of("fixtures/equipment/dms.xml");
    const char *vvc = "4.4.1.5.1.2/FeederCapBank_close_cmd", *arrives;
    ok(stands(p, vvc, "Volt/VAR", PLAN_FROM_EUT, PLAN_CAUSE_STIMULUS),
       "a DMS is the origin of commands to feeder devices");
    ok(stands(p, "4.4.1.5.1.2/FeederCapBank_close_ack", "DSDR", PLAN_TO_EUT, PLAN_CAUSE_NONE),
       "and their acknowledgements go to it");
    const struct plan_row *a = row(p, vvc, "Volt/VAR"), *d = row(p, vvc, "DSDR");
    const struct plan_variant *x = a == NULL ? NULL : &a->variant[0],
                              *y = d == NULL ? NULL : &d->variant[0];
    ok(x != NULL && y != NULL && x->latency_lax_ns == 5 * NS_PER_S &&
           y->latency_lax_ns == 4 * NS_PER_S,
       "Volt/VAR has 5 s, DSDR 4 s for the same payload");
    const struct plan_case *c = kase(p, a, x, &arrives);
    ok(c != NULL && !p->group[c->group[0]].eut && c->n_peer == 0 && arrives[0] == '\0' &&
           strcmp(c->use_case, a->use_case) == 0,
       "its subject is played, and the command arrives there");
    ok(stands(p, "4.10.4.1/on-demand_Mtr-read_cmd", "Meter", PLAN_NOT_APPLICABLE, 0) &&
           strstr(row(p, "4.10.4.1/on-demand_Mtr-read_cmd", "Meter")->reason,
                  "is an actor of this EUT") != NULL,
       "meter reading is not its business");
    const struct plan_row *r =
        row(p, "4.4.1.7.3.2/circuit_device_status_resp-data", "FCIR \342\200\223");
    ok(r != NULL && r->role == PLAN_TO_EUT && r->variant[0].after_ns > 0 &&
           r->variant[0].scored_window == PLAN_SCORED_NOT_APPLICABLE,
       "what others send within so long of a fault is not its doing");
    plan_free(p);
    p = plan_of("fixtures/equipment/feeder-devices.xml");
    r = row(p, "4.4.1.7.3.1/circuit_device_oper_cmd_ack", "FCIR");
    ok(r != NULL && r->variant[0].after_ns == 90 * NS_PER_S && r->variant[0].window_judged &&
           strcmp(r->variant[0].after_event, "fault event") == 0,
       "a device's answer is: within 1.5 min of the fault");
    plan_free(p);
}

static void head_end(void)
{
    struct plan *p = plan_of("fixtures/equipment/head-end.xml");
    const char *arrives;
    const struct plan_row *r = row(p, "4.15.4.1/SW_opr_cmd_ack", "Service");
    const struct plan_variant *v = reading(r, "service-switch"),
                              *copy = reading(r, "service-switch to MDMS");
    ok(v != NULL && v->role == PLAN_THROUGH_EUT && v->cause == PLAN_CAUSE_FORWARD &&
           v->share_ppm == -1 && v->scored_size == PLAN_SCORED_NOT_APPLICABLE &&
           v->scored_window == PLAN_SCORED_NOT_APPLICABLE,
       "what a head-end passes on is judged by its latency and reliability");
    ok(kase(p, r, v, &arrives) != NULL && arrives[0] == '\0' && strstr(v->to, "MDMS") == NULL,
       "the requester gets the answer where it asked");
    ok(kase(p, r, copy, &arrives) != NULL && strcmp(arrives, "MDMS") == 0, "and MDMS its copy");
    r = row(p, "4.15.4.4/SW_opr_cmd_comm-err", "Service");
    v = reading(r, "dap");
    ok(kase(p, r, v, &arrives) != NULL && v->role == PLAN_TO_EUT && strcmp(arrives, "DAPjm") == 0,
       "a played DAP tells it of a communication error");
    v = reading(r, "head-end");
    ok(v != NULL && v->role == PLAN_FROM_EUT && v->cause == PLAN_CAUSE_COMMAND,
       "its own communication error answers the command that it could not deliver");
    r = row(p, "4.10.4.3/Mtr-read_data_resp-data", "Meter");
    ok(r != NULL && r->role == PLAN_TO_EUT && r->proof == PLAN_PROOF_READ_BACK,
       "meters' data go to it, and are read back");
    r = row(p, "4.9.4.9/metrology_firmware_update_broadcast_cmd", "Firmware");
    v = r == NULL || r->n_variant == 0 ? NULL : &r->variant[0];
    ok(v != NULL && v->role == PLAN_FROM_EUT && v->population == 20 &&
           v->latency_lax_ns == INT64_C(7) * 86400 * NS_PER_S / 100000 * 20 &&
           strstr(v->note, "extrapolated") != NULL,
       "7 days for 100,000 meters are 120.96 s for 20, and labelled so");
    const struct rule *rule = v == NULL ? NULL : &v->clause[0].rule;
    ok(rule != NULL && strcmp(v->unit, "event") == 0 && rule_least_accept(rule) == 222 &&
           rule_judge(rule, rule->n, rule_accepts_up_to(rule) + 1) == RULE_ENDS,
       "a broadcast is one cluster: 98 %% takes 222, where single ones take 221, and its end "
       "decides nothing");
    r = row(p, "4.12.4.1/otg_ntf_evnt_data", "ORM");
    v = reading(r, "small");
    ok(v != NULL && v->scored_reliability == PLAN_SCORED && v->clause[0].ratio_ppb == 800000000 &&
           strstr(v->note, "xx is 80 percent") != NULL,
       "a small outage takes the profile's share, with its source");
    const struct plan_case *c = kase(p, r, v, &arrives);
    ok(c != NULL && c->population == 20, "and is an outage of many at once");
    plan_free(p);
}

static void enterprise(void)
{
    struct plan *p = plan_of("fixtures/equipment/cis.xml");
    const char *arrives;
    const struct plan_row *r = row(p, "4.15.4.1/SW_opr_cmd_ack", "PrePay");
    ok(r != NULL && r->role == PLAN_TO_EUT && r->n_variant == 1,
       "PrePay runs the switch's rows too, and a CIS is told once");
    r = row(p, "4.7.4.6/prepay_msg_[1of10]_resp-data", "PrePay");
    ok(r != NULL && r->role == PLAN_FROM_EUT && r->cause == PLAN_CAUSE_STIMULUS,
       "its messages to customers are provoked");
    plan_free(p);
    p = plan_of("fixtures/equipment/odw.xml");
    r = row(p, "4.3.4.4/bulk_Cust_Subset_Acct_Premise_Info_Util_data", "Cust");
    const struct plan_variant *v = reading(r, "1 to Web Portal - Utility"),
                              *day = reading(r, "1 to Web Portal - Utility over a day");
    ok(v != NULL && v->cause == PLAN_CAUSE_STIMULUS && !v->window_judged && day != NULL &&
           day->cause == PLAN_CAUSE_OWN && day->window_judged && day->n_window == 1 &&
           day->window[0].from_s == 22 * 3600 && day->window[0].to_s == 6 * 3600,
       "nightly batches are judged after a stimulus, and by their hours over a day");
    const struct plan_case *c = kase(p, r, day, &arrives);
    ok(c != NULL && c->whole_day && p->time_factor > 1, "of a clock that runs faster");
    ok(v != NULL && v->size_max_bytes > 0 && strstr(v->note, "xMB is ") != NULL,
       "xMB has the profile's value");
    plan_free(p);
    p = plan_of("fixtures/equipment/nms.xml");
    r = row(p, "4.15.4.4/SW_opr_cmd_comm-err", "Service");
    ok(r != NULL && r->role == PLAN_TO_EUT && r->n_variant == 2,
       "either failing point tells an NMS, each by its own reading");
    plan_free(p);
}

static void premises(void)
{
    struct plan *p = plan_of("fixtures/equipment/han-devices.xml");
    const char *arrives;
    const struct plan_row *r = row(p, "4.6.4.1/Load_mgm_reqst_brdcst", "DR");
    const struct plan_variant *v = r == NULL || r->n_variant == 0 ? NULL : &r->variant[0];
    const struct plan_case *c = kase(p, r, v, &arrives);
    ok(c != NULL && c->population == 20 && c->n_peer == 4 && r->proof == PLAN_PROOF_REPLY &&
           support(c, "Load_mgm_req_ack") == PLAN_FROM_EUT,
       "four systems take turns to broadcast, and the acknowledgements prove it");
    r = row(p, "4.6.4.3/Load_mgm_opt_out", "DR");
    ok(r != NULL && r->n_variant == 4 && r->variant[0].cause == PLAN_CAUSE_STIMULUS,
       "an opt-out goes to each of the four");
    plan_free(p);
    p = plan_of("fixtures/equipment/phev.xml");
    r = row(p, "4.8.4.2/PHEV_pwr_chrg_rate_negot-thrd", "PHEV");
    v = reading(r, "to-phev");
    const struct plan_variant *back = reading(r, "from-phev");
    ok(v != NULL && back != NULL && v->role == PLAN_TO_EUT && back->role == PLAN_FROM_EUT &&
           kase(p, r, v, &arrives) == kase(p, r, back, &arrives),
       "a negotiation goes both ways in one case");
    plan_free(p);
    p = plan_of("fixtures/equipment/systems.xml");
    r = row(p, "4.10.4.5/bulk_Mtr-read_cmd", "Meter");
    ok(p != NULL && r != NULL && r->role != PLAN_NOT_APPLICABLE && p->n_scenario > 60,
       "a set of actors is one EUT");
    plan_free(p);
    p = plan_of("fixtures/equipment/meters.xml");
    r = row(p, "4.15.4.7/valve_opr_cancel_cmd", "Service");
    ok(r != NULL && r->unlisted && r->scenario != -1 &&
           r->variant[0].scored_latency == PLAN_SCORED_NOT_SCORABLE &&
           strstr(r->variant[0].note, "our reading") != NULL,
       "a payload of no table is driven, marked, and has no figures");
    plan_free(p);
}

/* The sample profile with one piece of text replaced. */
static struct plan *with(const char *from, const char *to, const char *statement)
{
    char path[4096];
    struct err e = ERR_INIT;
    if (!mutate(SAMPLE, from, to) || where_data(statement, path, sizeof path, &e) != ERR_OK)
        return NULL;
    return plan_with(mutate_path, path);
}

static void values(void)
{
    const char *odw = "fixtures/equipment/odw.xml",
               *bulk = "4.3.4.4/bulk_Cust_Subset_Acct_Premise_Info_Util_data";
    struct plan *p = with("name=\"xMB\" value", "row=\"4.3.4.1\" name=\"xMB\" value", odw);
    const struct plan_variant *v = reading(row(p, bulk, "Cust"), "1 to Web Portal - Utility");
    ok(v != NULL && v->scored_size == PLAN_SCORED_NOT_SCORABLE &&
           strstr(v->why_size, "\"xMB\"") != NULL,
       "a value for another row is none for this one");
    plan_free(p);
    p = with("  <extrapolation source=\"example: updates go to all meters at one rate\"/>", "",
             "fixtures/equipment/head-end.xml");
    const struct plan_row *r =
        row(p, "4.9.4.9/metrology_firmware_update_broadcast_cmd", "Firmware");
    v = r == NULL || r->n_variant == 0 ? NULL : &r->variant[0];
    ok(v != NULL && v->scored_latency == PLAN_SCORED_NOT_SCORABLE &&
           strstr(v->why_latency, "declares no extrapolation") != NULL,
       "what nobody extrapolates is not scorable");
    plan_free(p);
    p = with("</profile>",
             "<share actor=\"AMI Head-End(j)\" of=\"0.25\" source=\"design\"/></profile>",
             "fixtures/equipment/head-end.xml");
    v = reading(row(p, "4.15.4.1/SW_opr_cmd", "Service"), "service-switch");
    ok(v != NULL && v->share_ppm == 250000 && v->latency_strict_ns == 15 * NS_PER_S,
       "forwarding is held to the declared share of the budget");
    plan_free(p);
    p = with("</profile>", "<overlay row=\"4.3.4.4\" latency-s=\"5\" source=\"bench\"/></profile>",
             odw);
    ok(p == NULL, "overlaid limits need a label");
    plan_free(p);
    p = with("version=\"1\" name=", "version=\"1\" label=\"no claim\" name=", odw);
    ok(p != NULL && !p->claimable, "a labelled profile makes no claim");
    plan_free(p);
    p = with("via actor=\"DAPjm\"", "via actor=\"nobody\"", odw);
    ok(p == NULL, "a way over an actor that nobody knows is refused");
    plan_free(p);
    p = with("  <window policy=\"majority\"/>",
             "  <window policy=\"majority\"/>\n  <optional rate=\"yes\" confidentiality=\"yes\"/>",
             odw);
    v = reading(row(p, bulk, "Cust"), "1 to Web Portal - Utility");
    ok(v != NULL && v->scored_rate == PLAN_SCORED_NOT_APPLICABLE && v->why_rate != NULL &&
           (v->scored_confidentiality == PLAN_SCORED || v->why_confidentiality != NULL),
       "rate and confidentiality are there when asked for, each with its reason");
    plan_free(p);
    p = plan_of(odw);
    v = reading(row(p, bulk, "Cust"), "1 to Web Portal - Utility");
    ok(v != NULL && !plan_asked(v->scored_rate, v->why_rate) &&
           !plan_asked(v->scored_confidentiality, v->why_confidentiality),
       "and not otherwise");
    plan_free(p);
}

int main(void)
{
    struct err e = ERR_INIT;
    if (where_data(SAMPLE, profile, sizeof profile, &e) != ERR_OK || !mutate_begin())
        return 1;
    control_centre();
    head_end();
    enterprise();
    premises();
    values();
    mutate_end();
    return done_testing();
}
