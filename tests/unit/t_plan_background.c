/* What goes out beside the trials of a highload run, and how often: hand-derived from the
 * How often of the document, the declared devices and the letters of the profile. */
#include "harness/plan/build.h"

#include "harness/base/clock.h"
#include "tests/mutate.h"
#include "tests/tap.h"

#define SAMPLE "fixtures/profiles/sample.xml"
#define FEEDER "fixtures/equipment/feeder-devices.xml"
#define METERS "fixtures/equipment/meters.xml"
#define STATUS "4.4.1.4.1.7/FeederSensor_status_cmd"
#define SENSOR_DATA "4.4.1.4.1.5/FeederSensor_sensor_data_cmd"
#define CLOSE "4.4.1.5.1.2/FeederCapBank_close_cmd"
#define READ "4.10.4.1/on-demand_Mtr-read_cmd"
#define ASKED "<window policy=\"majority\"/>"
#define ON ASKED "<highload background=\"yes\"/>"
#define DAY (86400 * NS_PER_S)

static struct plan *build(const char *statement, const char *mode, bool arm)
{
    static const char *const row[] = {"4.4.1.4.1.7/FeederCapBank_status_cmd", READ};
    char path[4096];
    struct err e = ERR_INIT;
    struct plan *p = NULL;
    struct plan_options o = {.profile = mutate_path,
                             .row = strcmp(statement, FEEDER) == 0 ? &row[0] : &row[1],
                             .n_row = 1,
                             .statement = path,
                             .pap02 = mode,
                             .nonce = "00000000",
                             .arm = arm};
    if (where_data(statement, path, sizeof path, &e) != ERR_OK || plan_build(&o, &p, &e) != ERR_OK)
        printf("# %s\n", e.text);
    return p;
}

/* The nth message of a row by that reading. */
static const struct plan_background *message(const struct plan *p, const char *row, const char *leg,
                                             size_t nth)
{
    for (size_t i = 0; p != NULL && i < p->n_background; i++)
        if (strcmp(p->background[i].row, row) == 0 && strcmp(p->background[i].leg, leg) == 0 &&
            nth-- == 0)
            return &p->background[i];
    return NULL;
}

static bool is_rate(const struct plan_background *m, int64_t times, int64_t period_ns)
{
    if (m != NULL && (m->times != times || m->period_ns != period_ns))
        printf("# %s, %s: %lld in %lld ns\n", m->row, m->leg, (long long)m->times,
               (long long)m->period_ns);
    return m != NULL && m->times == times && m->period_ns == period_ns;
}

static const char *unsent(const struct plan *p, const char *row)
{
    for (size_t i = 0; p != NULL && i < p->n_unsent; i++)
        if (strcmp(p->unsent[i].row, row) == 0)
            return p->unsent[i].why;
    return "";
}

static void feeder(void)
{
    struct plan *p = build(FEEDER, "highload", false);
    const struct plan_background *m = message(p, STATUS, "1", 0);
    ok(is_rate(m, 50, 5 * NS_PER_S),
       "each of 50 sensors is asked every 5 s, outside the selection");
    ok(m != NULL && m->reads && !m->operates, "which only reads");
    ok(m != NULL && strcmp(p->group[m->group].actor, "Feeder Sensor") == 0 &&
           strcmp(p->endpoint[m->endpoint].actor, "DMS") == 0 &&
           strcmp(p->binding[m->binding].payload, "FeederSensor_status_cmd") == 0,
       "by the DMS, about the sensors");
    ok(is_rate(message(p, "4.4.1.4.1.7/FeederCapBank_status_cmd", "1", 0), 50, 300 * NS_PER_S),
       "the row under test is among it");
    ok(is_rate(message(p, SENSOR_DATA, "da-maint", 0), 50, 5 * NS_PER_S) &&
           is_rate(message(p, SENSOR_DATA, "dsdr", 0), 50, 900 * NS_PER_S),
       "readings of two use cases add up, each at its own rate");
    ok(message(p, CLOSE, "dsdr", 0) == NULL &&
           strcmp(unsent(p, CLOSE), "it switches power, which needs --arm") == 0,
       "what switches power is left out");
    ok(strstr(unsent(p, "4.4.1.7.3.2/circuit_device_status_cmd"), "is no fixed rate") != NULL,
       "and what goes with an event");
    is_str(unsent(p, "4.9.4.7/Fdr-dev-cntl_firmware_update_cmd"), "it carries an image",
           "and images");
    plan_free(p);
    p = build(FEEDER, "highload", true);
    m = message(p, CLOSE, "dsdr", 0);
    ok(is_rate(m, 50, 300 * NS_PER_S) && m->operates && !m->reads,
       "armed, capacitor banks are closed every 5 minutes");
    ok(message(p, CLOSE, "vvc", 0) == NULL, "but for the use case alone that has the flag");
    plan_free(p);
}

static void meters(void)
{
    struct plan *p = build(METERS, "highload", false);
    const char *const load = "4.6.4.1/Load_mgm_reqst";
    ok(is_rate(message(p, load, "1", 0), 60 * 600, 1000 * DAY), "60 for 1000 of 600 meters a day");
    ok(message(p, load, "1", 0) != NULL && !message(p, load, "1", 0)->reads, "is no reading");
    ok(is_rate(message(p, READ, "1", 0), 600, DAY), "a letter takes the profile's value");
    ok(message(p, READ, "1", 4) != NULL && message(p, READ, "1", 5) == NULL,
       "five groups, each once, although the row serves two use cases");
    ok(message(p, "4.6.4.1/Load_mgm_reqst_brdcst", "1", 0) == NULL, "no broadcast");
    plan_free(p);
}

/* As read back, it is the same. */
static void file(void)
{
    char path[sizeof mutate_folder + 16];
    struct err e = ERR_INIT;
    struct plan *p = build(FEEDER, "highload", true), *q = NULL;
    (void)snprintf(path, sizeof path, "%s/plan.xml", mutate_folder);
    bool same = p != NULL && plan_write(p, path, &e) == ERR_OK &&
                plan_read(path, &q, &e) == ERR_OK && q->n_background == p->n_background &&
                q->n_unsent == p->n_unsent;
    for (size_t i = 0; same && i < p->n_background; i++) {
        const struct plan_background *x = &p->background[i], *y = &q->background[i];
        same = strcmp(x->row, y->row) == 0 && strcmp(x->use_case, y->use_case) == 0 &&
               strcmp(x->leg, y->leg) == 0 && x->binding == y->binding && x->group == y->group &&
               x->endpoint == y->endpoint && x->times == y->times && x->period_ns == y->period_ns &&
               x->reads == y->reads && x->operates == y->operates;
    }
    for (size_t i = 0; same && i < p->n_unsent; i++)
        same = strcmp(p->unsent[i].row, q->unsent[i].row) == 0 &&
               strcmp(p->unsent[i].why, q->unsent[i].why) == 0;
    ok(same && p->n_background > 0 && p->n_unsent > 0, "the plan's file holds it all");
    if (e.code != ERR_OK)
        printf("# %s\n", e.text);
    plan_free(p);
    plan_free(q);
    (void)unlink(path);
}

static void nothing(const char *mode, const char *why)
{
    struct plan *p = build(FEEDER, mode, false);
    ok(p != NULL && p->n_background == 0 && p->n_unsent == 0, "%s", why);
    plan_free(p);
}

int main(void)
{
    if (!mutate_begin() || !mutate(SAMPLE, ASKED, ON))
        return 1;
    feeder();
    meters();
    file();
    nothing(NULL, "without --mode there is none");
    nothing("baseload", "nor with baseload");
    ok(mutate(SAMPLE, ASKED, ASKED "<highload background=\"no\"/>"), "a profile that does not ask");
    nothing("highload", "gets none");
    mutate_end();
    return done_testing();
}
