/* The deployment's clock, and how often something happens by it. */
#include <stdlib.h>

#include "harness/score/rate.h"
#include "tests/tap.h"

#define S INT64_C(1000000000)
#define T0 (1795348800 * S) /* 2026-11-22 12:00 UTC */
#define DAY (86400 * S)

static void clock_of(void)
{
    struct deployment d = {0};
    is_int(deployment_ns(&d, T0), T0, "before anything is set it is the real clock");
    is_int(deployment_second(&d, T0), 12 * 3600, "noon");
    ok(deployment_set(&d, T0, 12 * 3600 * S, 1440), "set to midnight, a day a minute");
    is_int(deployment_second(&d, T0), 0, "midnight");
    is_int(deployment_second(&d, T0 + 15 * S), 6 * 3600, "15 s later it is six");
    is_int(deployment_second(&d, T0 - 1 * S), 12 * 3600 - 1, "what was before stays as it was");
    is_int(deployment_between(&d, T0, T0 + 60 * S), DAY, "60 s are a day");
    is_int(deployment_between(&d, T0 - 5 * S, T0 + 60 * S), 5 * S + DAY, "5 s before it are 5 s");
    ok(!deployment_whole_day(&d, 1, T0 - 100 * S, T0 + 59 * S), "59 s are no whole day");
    ok(deployment_whole_day(&d, 1, T0 - 100 * S, T0 + 60 * S), "60 s are");
    ok(!deployment_whole_day(&d, 0, T0 - 100 * S, T0 + 60 * S), "the time before is not");
    ok(deployment_set(&d, T0 + 90 * S, 0, 1), "set back");
    is_int(deployment_ns(&d, T0 + 100 * S), T0 + 100 * S, "to the real clock");
    is_int(deployment_between(&d, T0 + 60 * S, T0 + 100 * S), DAY / 2 + 10 * S,
           "a stretch over two settings");
    ok(deployment_set(&d, T0, 0, 1), "set while the real clock was stepped back");
    is_int(deployment_base(&d, T0 + 89 * S), 1, "it takes nothing from the one before that");
    is_int(deployment_base(&d, T0 + 90 * S), 3, "and holds from where the last one began");
    ok(!deployment_set(&d, T0 + 99 * S, 0, 0), "a clock that stands is refused");
}

/* ---- rate ---- */

static const struct binding binding = {.payload = "push",
                                       .element = "push",
                                       .identity = 0,
                                       .n_field = 1,
                                       .field = {{.path = "DeviceID", .type = FIELD_EUI64}}};
static const struct plan_endpoint endpoint[] = {{"Meter", true, "10.0.0.2", 1, "/", false, false},
                                                {"MDMS", false, "10.0.0.1", 2, "/", false, false},
                                                {"NMS", false, "10.0.0.1", 3, "/", false, false}};
static struct plan_variant variant = {.from = "Meter",
                                      .to = "MDMS",
                                      .device_class = "",
                                      .rate_min = 4,
                                      .rate_max = 6,
                                      .rate_period_ns = 3600 * S};
static const struct plan_row row = {.binding = 0, .variant = &variant, .n_variant = 1};
static const struct plan plan = {.endpoint = endpoint,
                                 .n_endpoint = 3,
                                 .binding = &binding,
                                 .n_binding = 1,
                                 .row = &row,
                                 .n_row = 1};
static struct deployment clock;
static struct rate *rate;
static struct rate_count told;

static void open_rate(void)
{
    memset(&clock, 0, sizeof clock);
    if (rate_new(&plan, &clock, &rate, NULL) != ERR_OK)
        abort();
}

static void push(int64_t at_s, const char *device, const char *id, int to)
{
    struct sighting s = {.endpoint = to, .last_ns = T0 + at_s * S, .first_frame = 3};
    s.last_frame = 4;
    s.field[0] = FIELD_FINE;
    s.value[0] = (struct slice){device, (uint32_t)strlen(device)};
    s.envelope.message_id = (struct slice){id, (uint32_t)strlen(id)};
    if (rate_seen(rate, &s, T0, NULL) != ERR_OK)
        abort();
}

static void pushes(int64_t from_s, unsigned n, const char *device)
{
    for (unsigned i = 0; i < n; i++)
        push(from_s + (int64_t)i * 10, device, "", 1);
}

static void tell(int64_t until_s)
{
    rate_told(rate, 0, 0, T0, T0 + until_s * S, &told);
}

#define DEV "00124B0000000001"
#define DEV2 "00124B0000000002"

static void how_often(void)
{
    open_rate();
    pushes(60, 5, DEV);
    tell(3599);
    is_int(told.periods, 0, "nothing is told before a period is whole");
    is_int(told.originators, 1, "but who sends");
    tell(3600);
    is_int(told.periods, 1, "then one is");
    is_int(told.good, 1, "and five are within four to six");
    pushes(2 * 3600 + 60, 7, DEV);
    tell(3 * 3600);
    is_int(told.good, 1, "a silent hour and one with seven");
    is_int(told.bad, 1, "nothing in an hour is no edge");
    is_int(told.edge, 1, "one too many may be");
    tell(2 * 3600 + 1800);
    is_int(told.periods, 2, "an hour that has only begun does not count");
    rate_free(rate);

    open_rate();
    pushes(60, 4, DEV);
    push(100, DEV, "again", 1);
    push(101, DEV, "again", 1);
    push(102, DEV, "", 2);
    push(103, DEV, "", 0);
    pushes(60, 2, DEV2);
    tell(3600);
    is_int(told.good, 1, "a message that comes again is one, to another address or from us none");
    is_int(told.bad, 1, "each originator counts for itself");
    is_int(told.frame_first, 3, "it leans on frames");
    rate_free(rate);

    open_rate();
    for (int h = 0; h < 4; h++)
        pushes(h * 3600 + 60, 3, DEV);
    tell(4 * 3600);
    is_int(told.edge, 4, "three in each of four hours are off by one each time");
    is_int(told.bad, 1, "but not all together: edges even out");
    rate_free(rate);

    open_rate();
    pushes(60, 5, DEV);
    (void)deployment_set(&clock, T0 + 1800 * S, 0, 3600);
    pushes(1800, 1, DEV);
    tell(1800 + 2);
    is_int(told.periods, 2, "where the clock was set periods begin anew, by its own pace");
    rate_free(rate);
    rate_free(NULL);
}

int main(void)
{
    clock_of();
    how_often();
    return done_testing();
}
