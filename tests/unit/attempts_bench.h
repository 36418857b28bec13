/* attempts_bench - a small plan, and attempts fed by hand-made records and sightings on a made-up
 * clock: milliseconds from T0. Everything that comes out is kept.
 */
#ifndef TESTS_ATTEMPTS_BENCH_H
#define TESTS_ATTEMPTS_BENCH_H

#include <stdlib.h>

#include "harness/score/attempts.h"
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
    {"Meter", true, "10.0.0.2", 1, "/", false, false},
    {"MDMS", false, "10.0.0.1", 2, "/", false, false},
    {"calibration responder", false, "10.0.0.1", 3, "/", false, false}};
static struct plan_variant variant[ROW_COUNT];
static struct plan_row row[ROW_COUNT];
static const struct plan_target target[] = {
    {ROW_CMD, 0, -1}, {ROW_REPLY, 0, -1}, {ROW_EVENT, 0, -1}};
static const struct plan_case kase = {.mode = "", .target = target, .n_target = 3};
static const struct plan_scenario scenario = {.kase = &kase, .n_case = 1};
static struct plan plan;

__attribute__((unused)) static void make_plan(const char *mode)
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

/* ---- everything that comes out is kept ---- */

static struct {
    struct attempts *a;
    struct disturb d;
    struct outcome out[64];
    size_t n;
    uint32_t sequence;
    size_t ends;
    int64_t calibration;
} t;

__attribute__((unused)) static void on_trial(void *arg, uint32_t s, uint32_t k, uint32_t n)
{
    (void)arg;
    (void)s;
    (void)k;
    (void)n;
}
__attribute__((unused)) static void on_opened(void *arg, uint32_t s, uint32_t k, uint32_t n,
                                              uint32_t r, uint32_t v)
{
    (void)arg;
    (void)s;
    (void)k;
    (void)n;
    (void)r;
    (void)v;
}
__attribute__((unused)) static void on_resolved(void *arg, const struct outcome *o)
{
    (void)arg;
    if (t.n < 64)
        t.out[t.n++] = *o;
}
__attribute__((unused)) static void on_end(void *arg, uint32_t s, uint32_t k, uint32_t n)
{
    (void)arg;
    (void)s;
    (void)k;
    (void)n;
    t.ends++;
}
__attribute__((unused)) static void on_calibrated(void *arg, int64_t ns)
{
    (void)arg;
    t.calibration = ns;
}

__attribute__((unused)) static void start(const char *mode, bool driven)
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

__attribute__((unused)) static void to(int64_t ms)
{
    (void)attempts_advance(t.a, T0 + ms * MS, NULL);
}

__attribute__((unused)) static void record(struct journal_record *r, int64_t ms)
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

__attribute__((unused)) static void beat(int64_t ms)
{
    struct journal_record r = {.type = JOURNAL_CLOCK};
    record(&r, ms);
    to(ms);
}

__attribute__((unused)) static void finish(int64_t ms)
{
    beat(ms);
    (void)attempts_finish(t.a, T0 + ms * MS, NULL);
    attempts_free(t.a);
}

__attribute__((unused)) static struct journal_text str(const char *s)
{
    return (struct journal_text){s, (uint32_t)strlen(s)};
}

__attribute__((unused)) static void trial(int64_t ms, uint32_t n)
{
    struct journal_record r = {.type = JOURNAL_TRIAL, .u.trial = {0, 0, n, T0 + ms * MS}};
    record(&r, ms);
}

__attribute__((unused)) static void trial_over(int64_t ms, uint32_t n, bool failed)
{
    struct journal_record r = {.type = JOURNAL_TRIAL_END, .u.trial_end = {0, 0, n, failed}};
    record(&r, ms);
}

__attribute__((unused)) static void attempt(int64_t ms, uint32_t n, uint32_t which, uint8_t role,
                                            const char *id, const char *device, const char *code)
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

__attribute__((unused)) static void stimulus(int64_t ms, uint32_t n, const char *device)
{
    struct journal_record r = {.type = JOURNAL_STIMULUS};
    r.u.stimulus.trial = n;
    r.u.stimulus.name = str("poke");
    r.u.stimulus.device = str(device);
    record(&r, ms);
}

__attribute__((unused)) static struct slice sl(const char *s)
{
    return (struct slice){s, (uint32_t)strlen(s)};
}

__attribute__((unused)) static struct sighting sight(int64_t ms, int b, const char *id,
                                                     const char *device, const char *second)
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

__attribute__((unused)) static uint64_t see(struct sighting s)
{
    to((s.last_ns - T0) / MS);
    return attempts_sighting(t.a, &s);
}

#define DEV "00124B0000000001"
#define DEV2 "00124B0000000002"

__attribute__((unused)) static uint64_t command(int64_t ms, uint32_t n, const char *id)
{
    trial(ms, n);
    attempt(ms, n, ROW_CMD, JOURNAL_SEND, id, DEV, NULL);
    attempt(ms, n, ROW_REPLY, JOURNAL_REPLY, id, DEV, NULL);
    return see(sight(ms + 1, B_CMD, id, DEV, "kWh"));
}

__attribute__((unused)) static void reply(int64_t ms, uint64_t token, int b, const char *id,
                                          const char *device, const char *second)
{
    struct sighting s = sight(ms, b, id, device, second);
    s.answer = true;
    s.pair = token;
    s.status = 200;
    (void)see(s);
}

__attribute__((unused)) static void bare(int64_t ms, uint64_t token, int status)
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

__attribute__((unused)) static void posted(int64_t ms, int b, const char *id, const char *device,
                                           const char *second)
{
    struct sighting s = sight(ms, b, id, device, second);
    s.endpoint = EP_OURS;
    (void)see(s);
}

__attribute__((unused)) static const char *cause_at(uint32_t which)
{
    for (size_t i = 0; i < t.n; i++)
        if (t.out[i].rec.row == which)
            return cause_name((enum cause)t.out[i].rec.cause);
    return "unresolved";
}

__attribute__((unused)) static const struct exchange_record *rec_at(uint32_t which)
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

#endif
