/* Attempts by hand-made records and sightings: which attempt a message belongs to, the one cause of
 * each, when it resolves, and in which order outcomes come out. */
#include <stdlib.h>

#include "harness/score/attempts.h"
#include "harness/score/outcomes.h"
#include "tests/tap.h"

#define MS INT64_C(1000000)
#define S (1000 * MS)
#define T0 (1795348800 * S)
#define GIVE_UP (5 * S)
#define LINGER (50 * MS)
#define LIMIT (2 * S)

enum { B_CMD, B_REPLY, B_EVENT, B_ERROR, B_COUNT };
enum { ROW_CMD, ROW_REPLY, ROW_EVENT, ROW_ERROR, ROW_COUNT };
enum { EP_EUT, EP_OURS, EP_CAL };

static const struct binding binding[B_COUNT] = {
    [B_CMD] = {.payload = "read_cmd",
               .element = "read_cmd",
               .kind = ENVELOPE_REQUEST,
               .identity = 0,
               .echo = -1,
               .n_field = 2,
               .field = {{"Meter ID", "MeterID", FIELD_EUI64, true, false},
                         {"kind", "Kind", FIELD_TEXT, true, false}}},
    [B_REPLY] = {.payload = "read_resp",
                 .element = "read_resp",
                 .kind = ENVELOPE_RESPONSE,
                 .identity = 0,
                 .echo = 1,
                 .proves = true,
                 .n_field = 2,
                 .field = {{"Meter ID", "MeterID", FIELD_EUI64, true, false},
                           {"kind", "Kind", FIELD_TEXT, true, false}}},
    [B_EVENT] = {.payload = "alarm",
                 .element = "alarm",
                 .kind = ENVELOPE_EVENT,
                 .identity = 0,
                 .echo = -1,
                 .n_field = 2,
                 .field = {{"Meter ID", "MeterID", FIELD_EUI64, true, false},
                           {"code", "Code", FIELD_CODE, true, false}}},
    [B_ERROR] = {.payload = "read_err",
                 .element = "read_err",
                 .kind = ENVELOPE_RESPONSE,
                 .identity = 0,
                 .echo = -1,
                 .proves = true,
                 .n_field = 1,
                 .field = {{"Meter ID", "MeterID", FIELD_EUI64, true, false}}},
};
static const struct plan_endpoint endpoint[] = {
    {"Meter", true, "10.0.0.2", 1, "/", false},
    {"MDMS", false, "10.0.0.1", 2, "/", false},
    {"calibration responder", false, "10.0.0.1", 3, "/", false}};
static struct plan_variant variant[ROW_COUNT];
static struct plan_row row[ROW_COUNT];
static const struct plan_target target[] = {
    {ROW_CMD, 0, -1}, {ROW_REPLY, 0, -1}, {ROW_EVENT, 0, -1}};
static const struct plan_case kase = {.mode = "", .target = target, .n_target = 3};
static const struct plan_scenario scenario = {.kase = &kase, .n_case = 1};
static struct plan plan;

static void make_plan(const char *mode)
{
    for (int i = 0; i < ROW_COUNT; i++) {
        variant[i] = (struct plan_variant){.leg = "1",
                                           .device_class = "",
                                           .mode = "",
                                           .from = i == ROW_CMD ? "MDMS" : "Meter",
                                           .to = i == ROW_CMD ? "Meter" : "MDMS",
                                           .cause = i == ROW_EVENT ? PLAN_CAUSE_STIMULUS
                                                    : i == ROW_CMD ? PLAN_CAUSE_NONE
                                                                   : PLAN_CAUSE_COMMAND,
                                           .latency_strict_ns = LIMIT,
                                           .latency_lax_ns = LIMIT,
                                           .pair_strict_ns = LIMIT,
                                           .pair_lax_ns = LIMIT,
                                           .clause = {{.ratio_ppb = 980000000}},
                                           .n_clause = 1,
                                           .lax_ppb = -1,
                                           .give_up_ns = GIVE_UP};
        row[i] = (struct plan_row){.id = binding[i].payload,
                                   .payload = binding[i].payload,
                                   .role = i == ROW_CMD ? PLAN_TO_EUT : PLAN_FROM_EUT,
                                   .cause = variant[i].cause,
                                   .binding = i,
                                   .variant = &variant[i],
                                   .n_variant = 1,
                                   .command = i == ROW_REPLY || i == ROW_ERROR ? "read_cmd" : NULL,
                                   .reply = i == ROW_CMD ? "read_resp" : NULL};
    }
    variant[ROW_EVENT].pair_strict_ns = variant[ROW_EVENT].pair_lax_ns = -1;
    plan = (struct plan){.nonce = "0badcafe",
                         .uncertainty_ns = 1000,
                         .linger_ns = LINGER,
                         .reply_mode = mode,
                         .endpoint = endpoint,
                         .n_endpoint = 3,
                         .binding = binding,
                         .n_binding = B_COUNT,
                         .row = row,
                         .n_row = ROW_COUNT,
                         .scenario = &scenario,
                         .n_scenario = 1};
}

/* ---- a bench: attempts with everything that comes out kept
 * ---------------------------------------- */

static struct {
    struct attempts *a;
    struct disturb d;
    struct outcome out[64];
    size_t n;
    uint32_t sequence;
    size_t ends;
    int64_t calibration;
} t;

static void on_trial(void *arg, uint32_t s, uint32_t k, uint32_t n)
{
    (void)arg;
    (void)s;
    (void)k;
    (void)n;
}
static void on_opened(void *arg, uint32_t s, uint32_t k, uint32_t n, uint32_t r, uint32_t v)
{
    (void)arg;
    (void)s;
    (void)k;
    (void)n;
    (void)r;
    (void)v;
}
static void on_resolved(void *arg, const struct outcome *o)
{
    (void)arg;
    if (t.n < 64)
        t.out[t.n++] = *o;
}
static void on_end(void *arg, uint32_t s, uint32_t k, uint32_t n)
{
    (void)arg;
    (void)s;
    (void)k;
    (void)n;
    t.ends++;
}
static void on_calibrated(void *arg, int64_t ns)
{
    (void)arg;
    t.calibration = ns;
}

static void start(const char *mode, bool driven)
{
    struct attempts_handlers h = {on_trial,      on_opened, on_resolved, on_end,
                                  on_calibrated, NULL,      NULL};
    struct err e = ERR_INIT;
    make_plan(mode);
    memset(&t, 0, sizeof t);
    disturb_init(&t.d);
    disturb_begin(&t.d, T0);
    if (attempts_new(&plan, driven, &t.d, NULL, &h, &t.a, &e) != ERR_OK)
        abort();
}

static void to(int64_t ms)
{
    (void)attempts_advance(t.a, T0 + ms * MS, NULL);
}

static void record(struct journal_record *r, int64_t ms)
{
    to(ms);
    r->sequence = t.sequence++;
    r->real_ns = T0 + ms * MS;
    r->mono_ns = ms * MS;
    disturb_journal(&t.d, r);
    struct err e = ERR_INIT;
    if (attempts_journal(t.a, r, &e) != ERR_OK)
        printf("# %s\n", e.text);
}

static void beat(int64_t ms)
{
    struct journal_record r = {.type = JOURNAL_CLOCK};
    record(&r, ms);
    to(ms);
}

static void finish(int64_t ms)
{
    beat(ms);
    (void)attempts_finish(t.a, T0 + ms * MS, NULL);
    attempts_free(t.a);
}

static struct journal_text str(const char *s)
{
    return (struct journal_text){s, (uint32_t)strlen(s)};
}

static void trial(int64_t ms, uint32_t n)
{
    struct journal_record r = {.type = JOURNAL_TRIAL, .u.trial = {0, 0, n, T0 + ms * MS}};
    record(&r, ms);
}

static void trial_over(int64_t ms, uint32_t n, bool failed)
{
    struct journal_record r = {.type = JOURNAL_TRIAL_END, .u.trial_end = {0, 0, n, failed}};
    record(&r, ms);
}

static void attempt(int64_t ms, uint32_t n, uint32_t which, uint8_t role, const char *id,
                    const char *device, const char *code)
{
    struct journal_record r = {.type = JOURNAL_ATTEMPT};
    r.u.attempt.trial = n;
    r.u.attempt.row = which;
    r.u.attempt.role = role;
    r.u.attempt.binding = which;
    r.u.attempt.endpoint = role == JOURNAL_SEND ? EP_EUT : EP_OURS;
    r.u.attempt.give_up_ns = GIVE_UP;
    r.u.attempt.correlation = str(id);
    r.u.attempt.device = str(device);
    if (code != NULL) {
        r.u.attempt.n_expect = 1;
        r.u.attempt.expect[0].field = 1;
        r.u.attempt.expect[0].value = str(code);
    }
    record(&r, ms);
}

static void stimulus(int64_t ms, uint32_t n, const char *device)
{
    struct journal_record r = {.type = JOURNAL_STIMULUS};
    r.u.stimulus.trial = n;
    r.u.stimulus.name = str("poke");
    r.u.stimulus.device = str(device);
    record(&r, ms);
}

static struct slice sl(const char *s)
{
    return (struct slice){s, (uint32_t)strlen(s)};
}

static struct sighting sight(int64_t ms, int b, const char *id, const char *device,
                             const char *second)
{
    struct sighting s = {.endpoint = EP_EUT,
                         .first_ns = T0 + ms * MS,
                         .last_ns = T0 + ms * MS,
                         .first_frame = (uint64_t)ms + 1,
                         .last_frame = (uint64_t)ms + 1,
                         .binding = b,
                         .has_envelope = true,
                         .canonical_bytes = 12,
                         .body_bytes = 400,
                         .message_bytes = 500,
                         .content_digest = (uint64_t)b * 1000 + strlen(second)};
    s.envelope.kind = b >= 0 ? binding[b].kind : ENVELOPE_RESPONSE;
    s.envelope.correlation_id = sl(id);
    s.field[0] = device[0] != '\0' ? FIELD_FINE : FIELD_ABSENT;
    s.value[0] = sl(device);
    s.field[1] = second[0] != '\0' ? FIELD_FINE : FIELD_EMPTY;
    s.value[1] = sl(second);
    return s;
}

static uint64_t see(struct sighting s)
{
    to((s.last_ns - T0) / MS);
    return attempts_sighting(t.a, &s);
}

#define DEV "00124B0000000001"
#define DEV2 "00124B0000000002"

static uint64_t command(int64_t ms, uint32_t n, const char *id)
{
    trial(ms, n);
    attempt(ms, n, ROW_CMD, JOURNAL_SEND, id, DEV, NULL);
    attempt(ms, n, ROW_REPLY, JOURNAL_REPLY, id, DEV, NULL);
    return see(sight(ms + 1, B_CMD, id, DEV, "kWh"));
}

static void reply(int64_t ms, uint64_t token, int b, const char *id, const char *device,
                  const char *second)
{
    struct sighting s = sight(ms, b, id, device, second);
    s.answer = true;
    s.pair = token;
    s.status = 200;
    (void)see(s);
}

static void bare(int64_t ms, uint64_t token, int status)
{
    struct sighting s = {.answer = true,
                         .pair = token,
                         .status = status,
                         .binding = -1,
                         .canonical_bytes = -1,
                         .first_ns = T0 + ms * MS,
                         .last_ns = T0 + ms * MS,
                         .last_frame = 9};
    (void)see(s);
}

static void posted(int64_t ms, int b, const char *id, const char *device, const char *second)
{
    struct sighting s = sight(ms, b, id, device, second);
    s.endpoint = EP_OURS;
    (void)see(s);
}

static const char *cause_at(uint32_t which)
{
    for (size_t i = 0; i < t.n; i++)
        if (t.out[i].rec.row == which)
            return cause_name((enum cause)t.out[i].rec.cause);
    return "unresolved";
}

static const struct exchange_record *rec_at(uint32_t which)
{
    static const struct exchange_record none = {.latency_ns = -99};
    for (size_t i = 0; i < t.n; i++)
        if (t.out[i].rec.row == which)
            return &t.out[i].rec;
    return &none;
}

/* One command and what the callback's caller then did, both causes told. */
#define both(command_cause, reply_cause, title)                                                    \
    do {                                                                                           \
        is_str(cause_at(ROW_CMD), command_cause, title ": command");                               \
        is_str(cause_at(ROW_REPLY), reply_cause, title ": reply");                                 \
    } while (0)

/* ---- tests
 * --------------------------------------------------------------------------------------- */

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

/* Late by a hair under both limits together, 2 * LIMIT, and sent again by our side so long behind the
 * first byte. */
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
    ok(rec_at(ROW_CMD) == NULL || rec_at(ROW_CMD)->doubt == 0,
       "unless the equipment had ended the first one's connection");
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
    disturbances();
    sent_again();
    uncertainty();
    foreign_captures();
    calibration();
    bad_records();
    planned_order();
    return done_testing();
}
