/* The plan's file: what is written is read back, and no damaged file gets through. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/base64.h"
#include "harness/base/buf.h"
#include "harness/base/limits.h"
#include "harness/plan/method_io.h"
#include "harness/plan/plan.h"
#include "tests/tap.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static char folder[] = "/tmp/t_plan_io.XXXXXX";
static char path[64];

static const struct plan_source sources[] = {{"table", "fixtures/a & \"b\".xml", DIGEST}};
static const struct plan_endpoint endpoints[] = {
    {"meters", true, "127.0.0.1", 18480, "/meter", false, false},
    {"MDMS", false, "::1", 18490, "/mdms", true, true},
};
static const struct plan_device_group groups[] = {
    {"2-Way Meter - Electr", "residential", 0xFFFFFFFFFFFFFC00, 600, 0, true},
    {"2-Way Meter - Gas", "", 0x00124B0003000000, 1, 1, false},
};
static const struct binding bindings[] = {
    {.payload = "cmd",
     .element = "cmd",
     .kind = ENVELOPE_REQUEST,
     .verb = "get",
     .noun = "Reads",
     .identity = 0,
     .echo = -1,
     .n_field = 1,
     .field = {{"Meter ID", "MeterID", FIELD_EUI64, true, false}}},
    {.payload = "resp",
     .element = "resp",
     .kind = ENVELOPE_RESPONSE,
     .verb = "reply",
     .noun = "Reads",
     .reply_to = "cmd",
     .replies_to = {"cmd", "cancel"},
     .n_reply_to = 2,
     .identity = 0,
     .echo = 1,
     .proves = true,
     .n_field = 2,
     .field = {{"Meter ID", "MeterID", FIELD_EUI64, true, false},
               {"reading data", "Interval/Value", FIELD_FLOAT32, true, true}}},
};
static const uint32_t short_accept[7] = {149, 149}, none[7];
static const uint32_t sequential_accept[4] = {881, 1210, 1540, 3000};
static const uint32_t sequential_reject[4] = {0, 0, 12, 400};
static const uint32_t fixed_accept[2] = {60, 60}, fixed_reject[2] = {0, 0};

static const struct plan_variant variants[] = {{
    .leg = "1",
    .mode = "",
    .device_class = "residential",
    .from = "A, B",
    .to = "C <x>",
    .role = PLAN_THROUGH_EUT,
    .cause = PLAN_CAUSE_FORWARD,
    .population = 20,
    .after_ns = 90000000000,
    .after_event = "fault event",
    .note = "for 20 of 100,000",
    .rate_min = 1,
    .rate_max = 6,
    .rate_period_ns = 86400000000000,
    .latency_strict_ns = 15000000000,
    .latency_lax_ns = 3600000000000,
    .pair_strict_ns = -1,
    .pair_lax_ns = -1,
    .clause = {{980000000, 0, {RULE_SHORT, 149, 7, short_accept, none}},
               {995000000,
                172800000000000,
                {RULE_SEQUENTIAL, 3000, 4, sequential_accept, sequential_reject}}},
    .n_clause = 2,
    .lax_ppb = 900000000,
    .lax = {900000000, 0, {RULE_FIXED, 60, 2, fixed_accept, fixed_reject}},
    .size_min_bytes = -1,
    .size_max_bytes = 100,
    .window = {{25200, 79200}},
    .n_window = 1,
    .scored_window = PLAN_SCORED_NOT_APPLICABLE,
    .why_window = "an answer, \"inherits\"\nits time",
    .scored_confidentiality = PLAN_SCORED_NOT_APPLICABLE,
    .interpretations = "i-1 i-2",
    .span = "end to end",
    .share_ppm = 1000000,
    .trials = 598,
    .trials_least = 700,
    .trials_max = 1196,
    .give_up_ns = 3000000000,
    .unit = "event",
}};
static const struct plan_row rows[] = {
    {.id = "4.10.4.1/cmd",
     .section = "4.10.4.1",
     .payload = "cmd",
     .type = "cmd",
     .use_case = "Meter Reading",
     .role = PLAN_TO_EUT,
     .reason = "to it",
     .reply = "resp",
     .proof = PLAN_PROOF_READ_BACK,
     .unlisted = true,
     .variant = variants,
     .n_variant = 1,
     .operation = "power"},
    {.id = "4.10.4.1/other",
     .section = "4.10.4.1",
     .payload = "other",
     .type = "cmd",
     .use_case = "Meter Reading",
     .reason = "no actor",
     .binding = -1,
     .scenario = -1,
     .operation = ""},
};
static const uint32_t case_groups[] = {0, 1};
static const uint32_t case_peers[] = {1};
static const struct plan_target targets[] = {{0, 0, 1}};
static const struct plan_support supports[] = {
    {"resp", PLAN_FROM_EUT, PLAN_PROOF_NONE, 1, 1},
    {"cmd", PLAN_TO_EUT, PLAN_PROOF_REPLY, 0, -1},
};
static const struct plan_case cases[] = {{.mode = "poll",
                                          .group = case_groups,
                                          .n_group = 2,
                                          .target = targets,
                                          .n_target = 1,
                                          .support = supports,
                                          .n_support = 2,
                                          .use_case = "Meter Reading",
                                          .peer = case_peers,
                                          .n_peer = 1,
                                          .population = 20,
                                          .whole_day = true}};
static const struct plan_scenario scenarios[] = {{"suites/x.lua", "/data/suites/x.lua", DIGEST,
                                                  "4.10.4.1", "Meter Reading", "Meter Reading",
                                                  true, true, cases, 1}};
static const struct plan_stimulus stimuli[] = {{.name = "audit",
                                                .method = "POST",
                                                .url = "http://[::1]:1/?a=1&b={device}",
                                                .secret_env = "TOKEN"}};
static const struct plan_duty duties[] = {{.payload = "cmd",
                                           .most = 9,
                                           .spacing_ns = 1500000000,
                                           .used = 4,
                                           .last_ns = 1795392000000000000}};
static const struct plan_image images[] = {
    {"cmd", "/data/a & b.bin", "2.1 \"beta\"", DIGEST, 400000}};
static const struct plan_text texts[] = {{"i-1", "4.10.4.1", "reads so", "ground"}};
static const struct plan_earlier earlier[] = {{"00c0ffe0", "results/a & b", DIGEST, DIGEST}};
static const char tzif[44] = "TZif2";

static const struct method_decision decisions[] = {
    {"a", "CIS to \"head-end\"", "via MDMS", "code ACvIW"}};
static const struct method_value values[] = {
    {"parameter", "4.9.4.1", "xMB", "2 MB", "vendor & lab"}, {"policy", "*", "k", "1000", ""}};
static const struct method_way ways[] = {
    {"Meter Reading", "*", "1Ab + 1Ca + 1D", "AMI Head-End(j), DAP"}};
static const struct method_quantity quantities[] = {
    {"2-Way Meter - Electr", "residential", 9000000000, 600, "planning"}, {"DMS", "", 0, 1, ""}};
static const struct method_prerequisite needs[] = {{"Service Switch", "PrePay", true},
                                                   {"Meter Reading", "", false}};
static const struct method_limit limits[] = {{"label", "the profile has a <label>"}};

static struct plan whole(void)
{
    return (struct plan){
        .nonce = "00c0ffee",
        .source = sources,
        .n_source = 1,
        .profile_name = "demo",
        .profile_label = "",
        .claimable = true,
        .vendor = "v",
        .model = "m\303\274",
        .hardware = "h",
        .firmware = "f",
        .firmware_digest = DIGEST,
        .eut_actors = "A, B",
        .method = {.tool = "0.1.0-3-gabc",
                   .table = "the table",
                   .table_edition = "5.1",
                   .deployment = "ACvIW",
                   .actors = "A, B, C",
                   .certification = true,
                   .decision = decisions,
                   .n_decision = 1,
                   .value = values,
                   .n_value = 2,
                   .way = ways,
                   .n_way = 1,
                   .quantity = quantities,
                   .n_quantity = 2,
                   .prerequisite = needs,
                   .n_prerequisite = 2,
                   .limit = limits,
                   .n_limit = 1},
        .risks = {RULE_SEQUENTIAL, 50000, 100000, 2500, 3000, 10000, true},
        .laboratory = {.name = "Lab", .authorised_by = "N. N.", .clock = "PTP, \"GM 1\""},
        .campaign = {"0123456789abcdef", DIGEST, 3, 2},
        .earlier = earlier,
        .n_earlier = 1,
        .confidence_ppm = 950000,
        .uncertainty_ns = 100000,
        .linger_ns = 200000000,
        .zone = "America/Chicago",
        .tzif = tzif,
        .tzif_len = sizeof tzif,
        .time_shift_ns = -3600000000000,
        .window_strict = true,
        .time_factor = 1440,
        .pap02 = "highload",
        .pace_per_s = 500,
        .overlap_max = 1000,
        .connection_per_exchange = true,
        .reply_mode = "request",
        .tls_ca = "ca.pem",
        .interface = "lo",
        .filter = "tcp and port 18480",
        .endpoint = endpoints,
        .n_endpoint = 2,
        .group = groups,
        .n_group = 2,
        .binding = bindings,
        .n_binding = 2,
        .row = rows,
        .n_row = 2,
        .scenario = scenarios,
        .n_scenario = 1,
        .stimulus = stimuli,
        .n_stimulus = 1,
        .duty = duties,
        .n_duty = 1,
        .image = images,
        .n_image = 1,
        .interpretation = texts,
        .n_interpretation = 1,
    };
}

static void terms(const struct plan *q)
{
    const struct plan_risks *r = &q->risks;
    ok(r->kind == RULE_SEQUENTIAL && r->consumer_ppm == 50000 && r->producer_ppm == 100000 &&
           r->producer_own_ppm == 2500 && r->discrimination_milli == 3000 &&
           r->clustering_ppm == 10000 && r->spread,
       "the risks are kept");
    ok(strcmp(q->laboratory.name, "Lab") == 0 && strcmp(q->laboratory.address, "") == 0 &&
           strcmp(q->laboratory.authorised_by, "N. N.") == 0 &&
           strcmp(q->laboratory.clock, "PTP, \"GM 1\"") == 0,
       "so is the laboratory");
    ok(strcmp(q->campaign.id, "0123456789abcdef") == 0 && strcmp(q->campaign.head, DIGEST) == 0 &&
           q->campaign.submission == 3 && q->campaign.generation == 2,
       "so is the place in the ledger");
    ok(q->n_earlier == 1 && strcmp(q->earlier[0].nonce, "00c0ffe0") == 0 &&
           strcmp(q->earlier[0].path, earlier[0].path) == 0 &&
           strcmp(q->earlier[0].exchanges_digest, DIGEST) == 0,
       "so are earlier runs");
    is_str(q->row[0].variant[0].unit, "event", "so is the unit of independence");
}

static void method(const struct method *m)
{
    ok(strcmp(m->tool, "0.1.0-3-gabc") == 0 && strcmp(m->table, "the table") == 0 &&
           strcmp(m->table_edition, "5.1") == 0 && strcmp(m->deployment, "ACvIW") == 0 &&
           strcmp(m->actors, "A, B, C") == 0 && m->certification,
       "the method's head is kept");
    ok(m->n_decision == 1 && strcmp(m->decision[0].letter, "a") == 0 &&
           strcmp(m->decision[0].about, decisions[0].about) == 0 &&
           strcmp(m->decision[0].chosen, "via MDMS") == 0 &&
           strcmp(m->decision[0].source, "code ACvIW") == 0,
       "so are its decisions");
    ok(m->n_value == 2 && strcmp(m->value[0].kind, "parameter") == 0 &&
           strcmp(m->value[0].where, "4.9.4.1") == 0 && strcmp(m->value[0].name, "xMB") == 0 &&
           strcmp(m->value[0].text, "2 MB") == 0 &&
           strcmp(m->value[0].source, "vendor & lab") == 0 && m->value[1].source[0] == '\0',
       "its values");
    ok(m->n_way == 1 && strcmp(m->way[0].use_case, "Meter Reading") == 0 &&
           strcmp(m->way[0].where, "*") == 0 && strcmp(m->way[0].dataflow, "1Ab + 1Ca + 1D") == 0 &&
           strcmp(m->way[0].via, "AMI Head-End(j), DAP") == 0,
       "its ways");
    ok(m->n_quantity == 2 && m->quantity[0].deployment == 9000000000 &&
           m->quantity[0].tested == 600 &&
           strcmp(m->quantity[0].device_class, "residential") == 0 &&
           strcmp(m->quantity[1].actor, "DMS") == 0 && m->quantity[1].deployment == 0 &&
           strcmp(m->quantity[0].source, "planning") == 0,
       "its quantities");
    ok(m->n_prerequisite == 2 && strcmp(m->prerequisite[0].use_case, "Service Switch") == 0 &&
           strcmp(m->prerequisite[0].needed_by, "PrePay") == 0 && m->prerequisite[0].in_scope &&
           !m->prerequisite[1].in_scope,
       "its prerequisites");
    ok(m->n_limit == 1 && strcmp(m->limit[0].kind, "label") == 0 &&
           strcmp(m->limit[0].text, limits[0].text) == 0,
       "and its limits");
}

/* A copy has nothing of the original's memory. */
static void copied(const struct plan *q)
{
    struct arena arena = ARENA_INIT;
    struct method m;
    ok(method_copy(&arena, &q->method, &m) && m.tool != q->method.tool &&
           m.value[0].text != q->method.value[0].text && m.way != q->method.way,
       "a method is copied whole");
    method(&m);
    arena_release(&arena);
}

static void without_method(void)
{
    struct err e = ERR_INIT;
    struct plan p = whole(), *q = NULL;
    struct buf text;
    buf_init(&text, 1 << 20);
    p.method = (struct method){0};
    ok(plan_format(&p, &text, &e) == ERR_OK && strstr(text.data, "<method") == NULL,
       "a plan without a method has no element for one");
    ok(plan_write(&p, path, &e) == ERR_OK && plan_read(path, &q, &e) == ERR_OK, "and is read");
    if (q != NULL)
        ok(!method_given(&q->method) && q->method.tool[0] == '\0' && q->method.n_value == 0,
           "as one without");
    plan_free(q);
    buf_release(&text);
}

static void too_many(void)
{
    struct err e = ERR_INIT;
    struct plan p = whole(), *q = NULL;
    struct method_limit *many = calloc(LIMIT_METHOD_ITEMS + 1, sizeof *many);
    if (many == NULL)
        return;
    for (size_t i = 0; i <= LIMIT_METHOD_ITEMS; i++)
        many[i] = limits[0];
    p.method.limit = many;
    p.method.n_limit = LIMIT_METHOD_ITEMS + 1;
    ok(plan_write(&p, path, &e) == ERR_OK && plan_read(path, &q, &e) == ERR_DATA &&
           strstr(e.text, "65537 <limit>, expected at most 65536") != NULL,
       "more of it than there may be is refused: %s", e.text);
    plan_free(q);
    free(many);
}

static void without_terms(void)
{
    struct err e = ERR_INIT;
    struct plan p = whole(), *q = NULL;
    p.risks.consumer_ppm = 0;
    p.laboratory = (struct plan_laboratory){0};
    p.campaign = (struct plan_campaign){0};
    p.n_earlier = 0;
    ok(plan_write(&p, path, &e) == ERR_OK && plan_read(path, &q, &e) == ERR_OK,
       "a plan of an earlier version is read");
    if (q == NULL)
        return;
    ok(q->risks.kind == RULE_SHORT && q->risks.consumer_ppm == 50000 && !q->risks.spread &&
           strcmp(q->laboratory.clock, "") == 0 && strcmp(q->campaign.id, "") == 0 &&
           q->n_earlier == 0,
       "as one with the short plan, without laboratory and ledger");
    plan_free(q);
}

static void round_trip(struct buf *text)
{
    struct err e = ERR_INIT;
    struct plan p = whole(), *q = NULL;
    ok(plan_write(&p, path, &e) == ERR_OK, "a plan is written");
    if (!ok(plan_read(path, &q, &e) == ERR_OK, "and read back"))
        printf("# %s\n", e.text);
    if (q == NULL)
        return;
    is_str(q->digest, p.digest, "writer and reader agree on the digest");
    is_str(q->row[0].variant[0].why_window, variants[0].why_window, "quotes and line ends survive");
    is_str(q->model, p.model, "UTF-8 survives");
    ok(q->tzif_len == sizeof tzif && memcmp(q->tzif, tzif, sizeof tzif) == 0,
       "zone data come back byte for byte");
    ok(q->group[0].first_id == groups[0].first_id, "a large EUI-64 survives");
    ok(q->row[1].binding == -1 && q->row[1].command == NULL && q->tls_key == NULL &&
           q->endpoint[1].inside && !q->endpoint[0].inside,
       "what is absent stays absent");
    is_int(q->binding[1].field[1].type, FIELD_FLOAT32, "fields keep their types");
    ok(q->binding[1].n_reply_to == 2 && strcmp(q->binding[1].replies_to[1], "cancel") == 0 &&
           strcmp(q->binding[1].reply_to, "cmd") == 0 && q->binding[0].reply_to == NULL,
       "a binding keeps all that it answers");
    is_int(q->row[0].variant[0].scored_window, PLAN_SCORED_NOT_APPLICABLE,
           "what is judged is kept");
    ok(q->n_image == 1 && q->image[0].bytes == 400000 && strcmp(q->image[0].payload, "cmd") == 0 &&
           strcmp(q->image[0].path, images[0].path) == 0 &&
           strcmp(q->image[0].version, images[0].version) == 0 &&
           strcmp(q->image[0].digest, DIGEST) == 0,
       "so do the vendor's images");
    terms(q);
    method(&q->method);
    copied(q);
    (void)buf_read_file(text, path, &e);
    char again[80];
    (void)snprintf(again, sizeof again, "%s.again", path);
    ok(plan_write(q, again, &e) == ERR_OK && strcmp(q->digest, p.digest) == 0,
       "written again it has the same bytes");
    plan_free(q);
    (void)unlink(again);
}

/* The number of damaged texts that plan_read takes, which should be none. */
static int taken(const char *text, size_t len, struct err *e)
{
    struct plan *q = NULL;
    (void)buf_write_file(path, text, len, e);
    enum err_code rc = plan_read(path, &q, e);
    plan_free(q);
    if (rc != ERR_OK && (rc != ERR_DATA || strstr(e->text, path) == NULL))
        printf("# %s: %s\n", err_name(rc), e->text);
    return rc != ERR_DATA || strstr(e->text, path) == NULL;
}

static void truncations(const struct buf *text)
{
    struct err e = ERR_INIT;
    int n = 0;
    for (size_t len = 0; len + 1 < text->len; len += len < 200 ? 1 : 3)
        n += taken(text->data, len, &e);
    is_int(n, 0, "every truncation is refused with the file's name");
}

static void replaced(const struct buf *text, const char *from, const char *to, const char *expect)
{
    struct err e = ERR_INIT;
    const char *at = strstr(text->data, from);
    struct buf bad;
    buf_init(&bad, 1 << 20);
    if (!ok(at != NULL, "the plan holds %s", from))
        return;
    (void)buf_append(&bad, text->data, (size_t)(at - text->data), &e);
    (void)buf_puts(&bad, to, &e);
    (void)buf_puts(&bad, at + strlen(from), &e);
    int bad_ones = taken(bad.data, bad.len, &e);
    if (!ok(bad_ones == 0 && strstr(e.text, expect) != NULL, "%s is refused", to))
        printf("# %s\n", e.text);
    buf_release(&bad);
}

static void base64(void)
{
    struct err e = ERR_INIT;
    static const char *const vector[][2] = {
        {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof vector / sizeof vector[0]; i++) {
        struct buf b;
        uint8_t back[16];
        size_t len = 99;
        buf_init(&b, 100);
        (void)base64_write(vector[i][0], strlen(vector[i][0]), &b, &e);
        ok(strcmp(b.len == 0 ? "" : b.data, vector[i][1]) == 0 &&
               base64_read(vector[i][1], back, &len) && len == strlen(vector[i][0]) &&
               memcmp(back, vector[i][0], len) == 0,
           "RFC 4648 vector \"%s\"", vector[i][0]);
        buf_release(&b);
    }
    static const char *const bad[] = {"Z", "Zg=", "Zg==x", "Zg=x", "=", "Zm9v!", "Zm9vY"};
    uint8_t out[16];
    size_t len;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ok(!base64_read(bad[i], out, &len), "\"%s\" is no base64", bad[i]);
}

int main(void)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    if (mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(path, sizeof path, "%s/plan.xml", folder);
    base64();
    round_trip(&text);
    if (text.len > 0) {
        truncations(&text);
        replaced(&text, "count=\"600\" endpoint=\"0\"", "count=\"600\" endpoint=\"2\"", "endpoint");
        replaced(&text, "binding=\"0\"", "binding=\"2\"", "binding");
        replaced(&text, "scenario=\"0\"", "scenario=\"1\"", "scenario");
        replaced(&text, "groups=\"0 1\"", "groups=\"0 7\"", "\"7\" is no index");
        replaced(&text, "<target row=\"0\" variant=\"0\"", "<target row=\"0\" variant=\"1\"",
                 "variant");
        replaced(&text, "<target row=\"0\"", "<target row=\"2\"", "row");
        replaced(&text, "<target row=\"0\"", "<target row=\"1\"", "variant");
        replaced(&text, "identity=\"0\"", "identity=\"1\"", "identity");
        replaced(&text, "<row index=\"1\"", "<row index=\"3\"", "index 3, expected 1");
        replaced(&text, "type=\"float32\"", "type=\"float99\"", "float99");
        replaced(&text, "version=\"1\" nonce", "version=\"2\" nonce", "version");
        replaced(&text, "nonce=\"00c0ffee\"", "nonce=\"zz\"", "plan.rng");
        replaced(&text, "<tzif>VFpp", "<tzif>QUFB", "RFC 8536");
        replaced(&text, "<tzif>VFpp", "<tzif>V!pp", "RFC 4648");
        replaced(&text, "address=\"::1\"", "address=\"lo\"", "numeric");
        replaced(&text, "bytes=\"400000\"", "bytes=\"0\"", "bytes=");
        replaced(&text, "bytes=\"400000\"", "bytes=\"99999999\"", "bytes=");
        replaced(&text, "lax-ppb=\"900000000\"", "lax-ppb=\"-1\"", "go together");
        replaced(&text, "consumer-ppm=\"50000\"", "consumer-ppm=\"500001\"", "consumer-ppm");
        replaced(&text, "discrimination-milli=\"3000\"", "discrimination-milli=\"1000\"",
                 "discrimination-milli");
        replaced(&text, "id=\"0123456789abcdef\"", "id=\"0123\"", "plan.rng");
        replaced(&text, "letter=\"a\"", "letter=\"q\"", "Element decision");
        replaced(&text, "tested=\"600\"", "tested=\"-1\"", "plan.rng");
        replaced(&text, "deployment=\"9000000000\"", "deployment=\"99999999999999999999\"",
                 "deployment=");
        replaced(&text, "unit=\"event\"", "unit=\"week\"", "plan.rng");
    }
    without_terms();
    without_method();
    too_many();
    struct err e = ERR_INIT;
    struct plan p = whole();
    p.vendor = "bell\007";
    ok(plan_write(&p, path, &e) == ERR_DATA, "text that XML cannot hold is not written");
    buf_release(&text);
    (void)unlink(path);
    (void)rmdir(folder);
    return done_testing();
}
