/* What an attempt's time is worth: disturbances, what our own side sent again, U, calibration. */
#include "tests/unit/attempts_bench.h"

static void disturbances(void)
{
    struct journal_record stall = {.type = JOURNAL_STALL};
    stall.u.stall.from_ns = T0 + 50 * MS;
    stall.u.stall.to_ns = T0 + 80 * MS;
    start("response", true);
    reply(60, command(0, 0, "ga-1"), B_REPLY, "ga-1", DEV, "kWh");
    (void)command(61, 1, "ga-2");
    record(&stall, 90);
    finish(9000);
    both("ok", "ok", "good by the capture's stamps stands through a stall");
    is_int(t.out[2].rec.cause, CAUSE_LOST, "a loss that it is too short to explain stands");

    start("response", true);
    stall.u.stall.to_ns = T0 + 3000 * MS;
    (void)command(61, 1, "ga-2");
    record(&stall, 3001);
    finish(9000);
    is_int(t.out[0].rec.cause, CAUSE_HARNESS, "a loss in a long stall is indeterminate");

    start("response", true);
    reply(60, command(0, 0, "ga-1"), B_REPLY, "ga-1", DEV, "kWh");
    struct journal_record late = {.type = JOURNAL_CLOCK};
    to(70);
    late.real_ns = T0 + 70 * MS + 500 * MS;
    late.mono_ns = 70 * MS;
    disturb_journal(&t.d, &late);
    (void)attempts_journal(t.a, &late, NULL);
    finish(9000);
    is_int(t.d.count[DISTURB_STEP] > 0, 1, "a step of the clock is seen");
    both("harness", "harness", "within it good is as doubtful as bad");

    start("response", true);
    reply(60, command(0, 0, "ga-1"), B_REPLY, "ga-1", DEV, "kWh");
    trial_over(61, 0, true);
    uint64_t token = command(200, 1, "ga-2");
    bare(201, token, 200);
    trial_over(202, 1, true);
    finish(9000);
    both("ok", "ok", "a script's fault takes no good outcome away");
    is_int(t.out[2].rec.cause, CAUSE_HARNESS, "but blames nobody for the others");
}

/* Late by a hair beyond both limits together, and sent again by our side so long behind the first
 * byte. */
static void late_and_sent_again(int64_t again_ms)
{
    int64_t limit_ms = LIMIT / MS;
    start("response", true);
    uint64_t token = command(0, 0, "ga-1");
    struct connection_event ev = {.kind = CONNECTION_RESENT,
                                  .endpoint = EP_EUT,
                                  .pair = token,
                                  .ts_ns = T0 + (1 + again_ms) * MS};
    to(1 + again_ms);
    attempts_connection(t.a, &ev);
    reply(1 + 2 * limit_ms + 10, token, B_REPLY, "ga-1", DEV, "kWh");
    finish(9000);
}

static void sent_again(void)
{
    late_and_sent_again(LIMIT / MS);
    both("harness", "harness", "what a copy of ours explains is indeterminate");
    is_int(rec_at(ROW_CMD)->doubt, DOUBT_SENT_AGAIN, "by our sending again");
    is_int(rec_at(ROW_REPLY)->timing, TIMING_BETWEEN, "in time or not, nothing tells");
    is_int(rec_at(ROW_CMD)->latency_ns, 2 * LIMIT + 10 * MS, "nothing is subtracted");
    late_and_sent_again(5);
    both("late", "late", "what it does not explain stands");
    is_int(rec_at(ROW_CMD)->doubt, 0, "without a doubt");

    start("response", true);
    (void)command(0, 0, "ga-1");
    uint64_t second = see(sight(1 + LIMIT / MS, B_CMD, "ga-1", DEV, "kWh"));
    reply(11 + 2 * LIMIT / MS, second, B_REPLY, "ga-1", DEV, "kWh");
    finish(9000);
    is_int(rec_at(ROW_CMD)->doubt, DOUBT_SENT_AGAIN, "a whole request sent again counts as well");

    start("response", true);
    uint64_t token = command(0, 0, "ga-1");
    struct connection_event ended = {
        .kind = CONNECTION_RESET, .endpoint = EP_EUT, .pair = token, .ts_ns = T0 + LIMIT};
    to(LIMIT / MS);
    attempts_connection(t.a, &ended);
    second = see(sight(1 + LIMIT / MS, B_CMD, "ga-1", DEV, "kWh"));
    reply(11 + 2 * LIMIT / MS, second, B_REPLY, "ga-1", DEV, "kWh");
    finish(9000);
    is_int(rec_at(ROW_CMD)->doubt, 0, "unless the equipment had ended the first one's connection");
}

static void uncertainty(void)
{
    start("response", true);
    attempts_uncertainty(t.a, 20 * MS);
    reply(1 + LIMIT / MS - 10, command(0, 0, "ga-1"), B_REPLY, "ga-1", DEV, "kWh");
    finish(9000);
    both("between", "between", "within a U that was measured it is indeterminate");
    is_int(rec_at(ROW_CMD)->doubt, DOUBT_UNCERTAINTY, "by our uncertainty");
    start("response", true);
    reply(1 + LIMIT / MS - 10, command(0, 0, "ga-1"), B_REPLY, "ga-1", DEV, "kWh");
    finish(9000);
    both("ok", "ok", "by the declared one it was in time");
    start("response", true);
    reply(1 + LIMIT / MS + 10, command(0, 0, "ga-1"), B_REPLY, "ga-1", DEV, "kWh");
    finish(9000);
    both("between", "between", "beyond one limit and within both together nothing is told");
    is_int(rec_at(ROW_CMD)->doubt, 0, "but that doubt is the document's");
}

static void calibration(void)
{
    struct journal_record r = {.type = JOURNAL_ATTEMPT};
    start("response", true);
    r.u.attempt.scenario = UINT32_MAX;
    r.u.attempt.row = JOURNAL_NO_ROW;
    r.u.attempt.endpoint = EP_CAL;
    r.u.attempt.give_up_ns = GIVE_UP;
    r.u.attempt.correlation = str("ga-0badcafe-cal-0");
    r.u.attempt.device = str("");
    record(&r, 0);
    struct sighting s = sight(1, -1, "ga-0badcafe-cal-0", "", "");
    s.endpoint = EP_CAL;
    s.envelope.kind = ENVELOPE_REQUEST;
    bare(2, see(s), 200);
    finish(100);
    is_int(t.calibration, 1 * MS, "a calibration exchange is timed");
    is_int(t.n, 0, "and judged by no rule");
}

int main(void)
{
    disturbances();
    sent_again();
    uncertainty();
    calibration();
    return done_testing();
}
