/* Attempts by hand-made records and sightings: which attempt a message belongs to, the one cause of
 * each, when it resolves, and in which order outcomes come out. */
#include "harness/score/outcomes.h"
#include "tests/unit/attempts_bench.h"

static void answers_in_the_response(void)
{
    start("response", true);
    uint64_t token = command(0, 0, "ga-1");
    reply(101, token, B_REPLY, "ga-1", DEV, "kWh");
    to(102);
    is_int(t.n, 0, "nothing comes out before a heartbeat has told what disturbed it");
    beat(200);
    is_str(cause_at(ROW_CMD), "ok", "a command resolves with its proof");
    is_str(cause_at(ROW_REPLY), "ok", "a reply when copies were looked for");
    is_int(rec_at(ROW_CMD)->latency_ns, 100 * MS, "T is the turnaround");
    trial_over(201, 0, false);
    is_int(t.ends, 1, "its trial ends");
    is_int(attempts_open(t.a), 0, "and nothing stays open");
    finish(300);

    start("response", true);
    reply(101, command(0, 0, "ga-1"), B_REPLY, "ga-1", "00124b0000000001", "kWh");
    finish(9000);
    both("ok", "ok", "hex ids in either case");

    start("response", true);
    reply(101, command(0, 0, "ga-1"), B_REPLY, "ga-1", DEV, "Wh");
    finish(9000);
    both("ok", "wrong-content", "an echoed field that differs");

    start("response", true);
    reply(2501, command(0, 0, "ga-1"), B_REPLY, "ga-1", DEV, "");
    finish(9000);
    both("between", "incomplete", "a definite failure beats a doubt");

    start("response", true);
    (void)command(0, 0, "ga-1");
    finish(9000);
    both("lost", "lost", "no answer");

    start("response", true);
    (void)command(0, 0, "ga-1");
    finish(3000);
    both("cut", "cut", "the evidence ends before give-up");

    start("response", true);
    uint64_t a = command(0, 0, "ga-1"), b = command(2, 1, "ga-2");
    reply(100, a, B_REPLY, "ga-2", DEV, "kWh");
    reply(101, b, B_REPLY, "ga-1", DEV, "kWh");
    finish(9000);
    both("unproven", "wrong-correlation", "answers swapped on one connection");
    is_int(t.n, 4, "four outcomes for two commands");
    is_int(t.out[2].rec.cause + t.out[3].rec.cause, CAUSE_UNPROVEN + CAUSE_WRONG_CORRELATION,
           "the other one likewise");

    start("response", true);
    uint64_t first = command(0, 0, "ga-1");
    uint64_t second = see(sight(40, B_CMD, "ga-1", DEV, "kWh"));
    reply(100, first, B_REPLY, "ga-1", DEV, "kWh");
    reply(101, second, B_REPLY, "ga-1", DEV, "kWh");
    finish(9000);
    both("ok", "ok", "a command sent twice may be answered twice");

    start("response", true);
    trial(0, 0);
    attempt(0, 0, ROW_CMD, JOURNAL_SEND, "ga-1", DEV, NULL);
    reply(100, see(sight(1, B_CMD, "ga-1", DEV, "kWh")), B_REPLY, "ga-1", DEV, "kWh");
    attempt(150, 0, ROW_REPLY, JOURNAL_REPLY, "ga-1", DEV, NULL);
    finish(9000);
    both("ok", "ok", "an answer that came before somebody waited for it");

    start("response", true);
    struct connection_event reset = {
        .kind = CONNECTION_RESET, .pair = command(0, 0, "ga-1"), .ts_ns = T0 + 500 * MS};
    attempts_connection(t.a, &reset);
    beat(600);
    both("lost", "lost", "a reset ends the wait at once");
    finish(700);
}

static void yes_men(void)
{
    static const char *const mode[] = {"response", "request"};
    for (int m = 0; m < 2; m++)
        for (int status = 200; status <= 202; status += 2) {
            start(mode[m], true);
            bare(100, command(0, 0, "ga-1"), status);
            finish(9000);
            ok(strcmp(cause_at(ROW_CMD), "unproven") == 0 &&
                   strcmp(cause_at(ROW_REPLY), "lost") == 0,
               "%d to all, answers in the %s: unproven and lost", status, mode[m]);
            ok(((rec_at(ROW_CMD)->flags | rec_at(ROW_REPLY)->flags) & OUTCOME_DELIVERED) == 0,
               "nothing of it counts as delivered");
        }
    start("response", true);
    reply(100, command(0, 0, "ga-1"), B_CMD, "ga-1", DEV, "kWh");
    finish(9000);
    both("unproven", "wrong-content", "an echo");
    ok(((rec_at(ROW_CMD)->flags | rec_at(ROW_REPLY)->flags) & OUTCOME_DELIVERED) == 0,
       "nothing of it counts as delivered");
}

static void answers_as_requests(void)
{
    start("request", true);
    bare(2, command(0, 0, "ga-1"), 202);
    posted(300, B_REPLY, "ga-1", DEV, "kWh");
    posted(320, B_REPLY, "ga-1", DEV, "kWh");
    finish(9000);
    both("ok", "duplicate", "a copy within linger");

    start("request", true);
    bare(2, command(0, 0, "ga-1"), 202);
    posted(300, B_REPLY, "ga-1", DEV, "kWh");
    posted(360, B_REPLY, "ga-1", DEV, "kWh");
    finish(9000);
    both("ok", "ok", "one behind it is not looked for");

    start("request", true);
    bare(2, command(0, 0, "ga-1"), 202);
    posted(300, B_REPLY, "ga-x", DEV, "kWh");
    finish(9000);
    both("unproven", "wrong-correlation",
         "an id that nobody sent, from the device that owes an answer");

    start("request", true);
    bare(2, command(0, 0, "ga-1"), 202);
    struct sighting s = {.endpoint = EP_OURS,
                         .health = SIGHT_BAD,
                         .binding = -1,
                         .body_bytes = 100,
                         .first_ns = T0 + 300 * MS,
                         .last_ns = T0 + 300 * MS};
    (void)see(s);
    finish(9000);
    both("unproven", "malformed", "bytes that cannot be read");

    start("request", true);
    bare(2, command(0, 0, "ga-1"), 503);
    beat(200);
    both("refused", "lost", "an error status ends the wait");
    finish(300);
}

static void connections(void)
{
    struct journal_record failed = {.type = JOURNAL_OUTCOME};
    failed.u.outcome.correlation = str("ga-1");
    failed.u.outcome.errno_value = 111;
    start("response", true);
    trial(0, 0);
    attempt(1, 0, ROW_CMD, JOURNAL_SEND, "ga-1", DEV, NULL);
    attempt(1, 0, ROW_REPLY, JOURNAL_REPLY, "ga-1", DEV, NULL);
    struct connection_event ev = {.kind = CONNECTION_REFUSED,
                                  .endpoint = EP_EUT,
                                  .syn_ns = T0 + 2 * MS,
                                  .ts_ns = T0 + 3 * MS,
                                  .frame = 7};
    attempts_connection(t.a, &ev);
    record(&failed, 10);
    beat(100);
    both("refused", "refused", "a SYN refused");
    is_int(rec_at(ROW_CMD)->first_frame, 7, "the SYN's frame is the proof");
    finish(200);

    start("response", true);
    trial(0, 0);
    attempt(1, 0, ROW_CMD, JOURNAL_SEND, "ga-1", DEV, NULL);
    attempt(1, 0, ROW_REPLY, JOURNAL_REPLY, "ga-1", DEV, NULL);
    record(&failed, 10);
    beat(6000);
    is_str(cause_at(ROW_CMD), "unresolved", "a failed connection waits for the word on its SYN");
    ev.kind = CONNECTION_UNANSWERED;
    attempts_connection(t.a, &ev);
    finish(150000);
    both("refused", "refused", "a SYN unanswered");

    start("response", true);
    trial(0, 0);
    attempt(1, 0, ROW_CMD, JOURNAL_SEND, "ga-1", DEV, NULL);
    attempt(1, 0, ROW_REPLY, JOURNAL_REPLY, "ga-1", DEV, NULL);
    finish(9000);
    both("harness", "harness", "neither request nor SYN in the capture");

    start("response", true);
    trial(0, 0);
    attempt(1, 0, ROW_CMD, JOURNAL_SEND, "ga-1", DEV, NULL);
    struct sighting tls = {.endpoint = EP_EUT, .encrypted = true, .binding = -1};
    tls.first_ns = tls.last_ns = T0 + 5 * MS;
    tls.last_frame = 7;
    (void)see(tls);
    finish(9000);
    is_str(cause_at(ROW_CMD), "harness", "inside TLS nothing can be told");
    ok((rec_at(ROW_CMD)->flags & OUTCOME_ENCRYPTED) != 0, "and that is said");
}

static void events(void)
{
    start("response", true);
    trial(0, 0);
    attempt(1, 0, ROW_EVENT, JOURNAL_EVENT, "", DEV, "7");
    posted(2, B_EVENT, "", DEV, "7");
    stimulus(10, 0, DEV);
    posted(50, B_EVENT, "", DEV2, "7");
    posted(60, B_EVENT, "", DEV, "8");
    posted(70, B_EVENT, "", DEV, "07");
    finish(9000);
    is_str(cause_at(ROW_EVENT), "ok",
           "an event is that of its device and content, behind its stimulus");
    is_int(rec_at(ROW_EVENT)->latency_ns, 60 * MS, "timed from the stimulus");

    start("response", true);
    trial(0, 0);
    attempt(1, 0, ROW_EVENT, JOURNAL_EVENT, "", DEV, "7");
    stimulus(10, 0, DEV);
    posted(60, B_EVENT, "", DEV, "8");
    finish(9000);
    is_str(cause_at(ROW_EVENT), "wrong-content", "only another code came");

    start("response", true);
    trial(0, 0);
    attempt(1, 0, ROW_EVENT, JOURNAL_EVENT, "", DEV, "7");
    stimulus(10, 0, DEV);
    posted(60, B_EVENT, "", "", "7");
    finish(9000);
    is_str(cause_at(ROW_EVENT), "incomplete",
           "without its device it belongs to the oldest that waits");

    start("response", true);
    trial(0, 0);
    stimulus(5, 0, DEV);
    attempt(10, 0, ROW_EVENT, JOURNAL_EVENT, "", DEV, "7");
    posted(60, B_EVENT, "", DEV, "7");
    posted(70, B_EVENT, "", DEV, "7");
    finish(9000);
    is_str(cause_at(ROW_EVENT), "duplicate", "the same content again is a copy");

    start("response", true);
    trial(0, 0);
    attempt(1, 0, ROW_EVENT, JOURNAL_EVENT, "", DEV, "7");
    finish(9000);
    is_str(cause_at(ROW_EVENT), "harness", "never provoked is our fault");
}

/* "ga-<nonce>-bg-<n>" goes out beside the trials, and its answer may be late. */
#define BACKGROUND "ga-0badcafe-bg-7"

static void background(void)
{
    start("request", true);
    attempt(0, 0, JOURNAL_NO_ROW, JOURNAL_SEND, BACKGROUND, DEV, NULL);
    bare(2, command(1, 0, "ga-1"), 202);
    posted(300, B_REPLY, BACKGROUND, DEV, "kWh");
    posted(400, B_REPLY, "ga-1", DEV, "kWh");
    finish(9000);
    is_str(cause_at(ROW_REPLY), "ok", "an answer to something beside the trial is none to its own");

    start("request", true);
    bare(2, command(0, 0, "ga-1"), 202);
    posted(300, B_REPLY, BACKGROUND, DEV, "kWh");
    finish(9000);
    both("unproven", "lost", "one whose command is forgotten is no wrong correlation");

    start("request", true);
    trial(0, 0);
    attempt(1, 0, ROW_EVENT, JOURNAL_EVENT, "", DEV, "7");
    stimulus(10, 0, DEV);
    posted(50, B_EVENT, BACKGROUND, DEV, "7");
    posted(60, B_EVENT, "", DEV, "7");
    finish(9000);
    is_str(cause_at(ROW_EVENT), "ok", "and none is an event");
    is_int(rec_at(ROW_EVENT)->latency_ns, 50 * MS, "of a trial");
}

static void foreign_captures(void)
{
    start("response", false);
    uint64_t token = see(sight(1, B_CMD, "vendor-1", DEV, "kWh"));
    reply(100, token, B_REPLY, "vendor-1", DEV, "kWh");
    token = see(sight(200, B_CMD, "vendor-2", DEV, "kWh"));
    reply(300, token, B_ERROR, "vendor-2", DEV, "x");
    finish(9000);
    both("ok", "ok", "a command seen is an attempt of its row and of its reply's");
    is_str(cause_at(ROW_ERROR), "ok", "answered by an error, of the error's row");
    is_int(t.n, 4, "four in all");

    start("response", false);
    posted(10, B_EVENT, "", DEV, "7");
    posted(20, B_EVENT, "", DEV, "7");
    posted(500, B_EVENT, "", DEV, "8");
    finish(9000);
    is_int(t.n, 2, "events seen are attempts, copies are not");
    is_str(cause_at(ROW_EVENT), "duplicate", "a copy counts against its first");
    ok((rec_at(ROW_EVENT)->flags & OUTCOME_UNPROVOKED) != 0, "nothing tells what was lost");
}

static void bad_records(void)
{
    start("response", true);
    struct journal_record r = {.type = JOURNAL_ATTEMPT};
    r.u.attempt.row = 99;
    r.u.attempt.correlation = str("x");
    r.u.attempt.device = str("");
    struct err e = ERR_INIT;
    is_int(attempts_journal(t.a, &r, &e), ERR_DATA,
           "a row beyond the plan is a fault of the file: %s", e.text);
    attempts_free(t.a);
}

/* ---- order
 * --------------------------------------------------------------------------------------- */

static uint32_t order[16];
static size_t n_order;

static void used(void *arg, const struct outcome *o, bool last)
{
    (void)arg;
    (void)last;
    order[n_order++ & 15] = o->rec.trial;
}

static void planned_order(void)
{
    struct outcomes *q;
    make_plan("response");
    if (outcomes_new(&plan, used, NULL, &q, NULL) != ERR_OK)
        abort();
    n_order = 0;
    for (uint32_t i = 0; i < 4; i++) {
        outcomes_trial(q, 0, 0, i);
        outcomes_opened(q, 0, 0, i, ROW_CMD, 0);
    }
    struct outcome o = {.rec = {.row = ROW_CMD}};
    static const uint32_t finished[] = {2, 1, 3, 0};
    for (size_t i = 0; i < 4; i++) {
        is_int(n_order, 0, "nothing is used while the first trial is open");
        o.rec.trial = finished[i];
        outcomes_trial_end(q, 0, 0, finished[i]);
        outcomes_resolved(q, &o);
    }
    ok(n_order == 4 && order[0] == 0 && order[1] == 1 && order[2] == 2 && order[3] == 3,
       "then all, in the order of their planned start");
    is_int(outcomes_waiting(q), 0, "and none is kept");
    outcomes_free(q);
}

int main(void)
{
    answers_in_the_response();
    yes_men();
    answers_as_requests();
    connections();
    events();
    background();
    foreign_captures();
    bad_records();
    planned_order();
    return done_testing();
}
