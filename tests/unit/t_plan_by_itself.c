/* What equipment sends by itself: which readings a day of its clock is watched for, what is judged
 * of them, and what must be asked for and declared before. */
#include "harness/plan/build.h"

#include "harness/base/clock.h"
#include "tests/mutate.h"
#include "tests/tap.h"

#define SAMPLE "fixtures/profiles/sample.xml"
#define ASKED "<window policy=\"majority\"/>\n  <optional rate=\"yes\"/>"
#define OWN "<own-schedule/>\n  <stimulus name=\"*\""
#define INTERVALS "4.10.4.4/Mtr-read_multi-interval-data_resp-data"
#define SNAPSHOT "4.10.4.3/Mtr-read_data_resp-data"
#define BULK "4.3.4.4/bulk_Cust_Subset_Acct_Premise_Info_Util_data"
#define DAY_NS (86400 * NS_PER_S)

static char kept[sizeof mutate_folder + 16];

/* The plan of two fixtures, each with one piece of text replaced. */
static struct plan *plan_of(const char *from, const char *to, const char *fixture,
                            const char *from_too, const char *to_too)
{
    struct err e = ERR_INIT;
    struct plan *p = NULL;
    (void)snprintf(kept, sizeof kept, "%s/profile.xml", mutate_folder);
    if (!mutate(SAMPLE, from, to) || rename(mutate_path, kept) != 0 ||
        !mutate(fixture, from_too, to_too))
        printf("# a fixture does not hold what is to be replaced\n");
    else if (plan_build(
                 &(struct plan_options){.profile = kept, .statement = mutate_path, .arm = true}, &p,
                 &e) != ERR_OK)
        printf("# %s\n", e.text);
    (void)unlink(kept);
    return p;
}

static const struct plan_variant *reading(const struct plan *p, const char *id, const char *leg)
{
    for (size_t i = 0; p != NULL && i < p->n_row; i++)
        for (size_t k = 0; k < p->row[i].n_variant && strcmp(p->row[i].id, id) == 0; k++)
            if (strcmp(p->row[i].variant[k].leg, leg) == 0)
                return &p->row[i].variant[k];
    return NULL;
}

static size_t observed(const struct plan *p)
{
    size_t n = 0;
    for (size_t i = 0; p != NULL && i < p->n_row; i++)
        for (size_t k = 0; k < p->row[i].n_variant; k++)
            n += p->row[i].variant[k].observed;
    return n;
}

/* Cases of a reading: all of a whole day, about observed readings alone. */
static bool only_watched(const struct plan *p, const struct plan_variant *v)
{
    size_t n = 0;
    for (size_t s = 0; s < p->n_scenario; s++)
        for (size_t k = 0; k < p->scenario[s].n_case; k++) {
            const struct plan_case *c = &p->scenario[s].kase[k];
            bool here = false, others = false;
            for (size_t t = 0; t < c->n_target; t++) {
                const struct plan_variant *of =
                    &p->row[c->target[t].row].variant[c->target[t].variant];
                here = here || of == v;
                others = others || !of->observed;
            }
            if (here && (!c->whole_day || others || c->n_support > 0))
                return false;
            n += here;
        }
    return n > 0;
}

static void meters(void)
{
    struct plan *p = plan_of("<window policy=\"majority\"/>", ASKED,
                             "fixtures/equipment/meters.xml", "<stimulus name=\"*\"", OWN);
    const struct plan_variant *v =
        reading(p, INTERVALS, "push-electr-residential by itself over a day");
    if (!ok(v != NULL && v->observed && v->cause == PLAN_CAUSE_OWN, "interval data by themselves"))
        return;
    ok(v->scored_rate == PLAN_SCORED && v->rate_min == 4 && v->rate_max == 6 &&
           v->rate_period_ns == DAY_NS,
       "4 to 6 a day of each meter");
    ok(v->scored_reliability == PLAN_SCORED_NOT_APPLICABLE && v->why_reliability != NULL &&
           v->scored_latency == PLAN_SCORED_NOT_APPLICABLE && v->why_latency != NULL,
       "nothing announces them: neither reliability nor latency, with the reason");
    ok(v->scored_window == PLAN_SCORED_NOT_APPLICABLE && v->scored_size == PLAN_SCORED,
       "at any hour, and 600 meters make a sample of the size");
    ok(v->trials == 1 && v->trials_max == 1 && only_watched(p, v),
       "one trial that lasts the day, with nothing to send");
    v = reading(p, INTERVALS, "push-electr-residential");
    ok(v != NULL && !v->observed && v->scored_reliability == PLAN_SCORED &&
           v->scored_rate == PLAN_SCORED_NOT_APPLICABLE,
       "beside them the reading after a stimulus, which has all but the rate");
    v = reading(p, SNAPSHOT, "gas by itself over a day");
    ok(v != NULL && v->rate_min == 1 && v->rate_max == 1, "a snapshot once a day");
    size_t n = observed(p);
    char path[sizeof mutate_folder + 16];
    struct err e = ERR_INIT;
    struct plan *again = NULL;
    (void)snprintf(path, sizeof path, "%s/plan.xml", mutate_folder);
    ok(n >= 7 && plan_write(p, path, &e) == ERR_OK && plan_read(path, &again, &e) == ERR_OK &&
           observed(again) == n,
       "all %zu are in the plan's file", n);
    (void)unlink(path);
    plan_free(again);
    plan_free(p);
}

static void nightly(void)
{
    struct plan *p = plan_of("<window policy=\"majority\"/>", ASKED, "fixtures/equipment/odw.xml",
                             "<stimulus name=\"*\"", OWN);
    const struct plan_variant *v =
        reading(p, BULK, "1 to Web Portal - Utility by itself over a day");
    ok(v != NULL && v->scored_rate == PLAN_SCORED && v->scored_window == PLAN_SCORED &&
           v->window_judged && v->n_window == 1 && v->window[0].from_s == 22 * 3600,
       "a nightly batch has hours as well");
    ok(v != NULL && v->scored_size == PLAN_SCORED_INFORMATION && v->why_size != NULL,
       "a few systems make no sample of the size");
    ok(reading(p, BULK, "1 to Web Portal - Utility over a day") == NULL,
       "it is not provoked over a day, which would add to its rate");
    plan_free(p);
}

static void asked_for(void)
{
    struct plan *p = plan_of("<window policy=\"majority\"/>", ASKED, "fixtures/equipment/odw.xml",
                             "<stimulus name=\"*\"", "<stimulus name=\"*\"");
    ok(p != NULL && observed(p) == 0 && reading(p, BULK, "1 to Web Portal - Utility over a day"),
       "without own-schedule the day is one of stimuli");
    plan_free(p);
    p = plan_of("<window policy=\"majority\"/>", "<window policy=\"majority\"/>",
                "fixtures/equipment/odw.xml", "<stimulus name=\"*\"", OWN);
    ok(p != NULL && observed(p) == 0, "so it is where the profile does not ask for the rate");
    plan_free(p);
    p = plan_of("<window policy=\"majority\"/>", ASKED, "fixtures/equipment/dms.xml",
                "<stimulus name=\"*\"", OWN);
    const struct plan_variant *v =
        reading(p, "4.4.1.4.1.5/FeederFault_Detector_sensor_data_cmd", "1");
    ok(p != NULL && observed(p) == 0 && v != NULL && v->why_rate != NULL &&
           strstr(v->why_rate, "longer than the day") != NULL,
       "what it asks of others is not its own doing; once a week no day shows");
    plan_free(p);
}

int main(void)
{
    if (!mutate_begin())
        return 1;
    meters();
    nightly();
    asked_for();
    mutate_end();
    return done_testing();
}
