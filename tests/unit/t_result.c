/* run.xml: what is written is read back, whatever bytes the equipment put into its strings; the
 * same result gives the same bytes; the schema holds. "t_result --sample PATH" writes the sample.
 */
#include <stdlib.h>
#include <unistd.h>

#include "harness/base/buf.h"
#include "harness/base/where.h"
#include "harness/score/result.h"
#include "tests/tap.h"

#define S INT64_C(1000000000)
#define T0 INT64_C(1795392000000000000) /* 2026-11-22T12:00:00Z */

static struct result_criterion none(enum criterion_kind kind, enum no_verdict status,
                                    const char *reason)
{
    return (struct result_criterion){.kind = kind,
                                     .status = status,
                                     .reason = reason,
                                     .clustering_ppm = -1,
                                     .ratio_ppb = -1,
                                     .low_ppb = -1,
                                     .high_ppb = -1,
                                     .limit_ns = -1,
                                     .limit_lax_ns = -1,
                                     .limit_min_bytes = -1,
                                     .limit_max_bytes = -1};
}

static struct result_criterion judged(enum criterion_kind kind, enum verdict verdict, uint32_t n,
                                      uint32_t bad, const char *reason)
{
    struct result_criterion c = none(kind, NO_VERDICT_GIVEN, reason);
    c.verdict = verdict;
    c.n = n;
    c.planned = 149;
    c.good = n - bad;
    c.bad = bad;
    c.decided_at = n;
    c.disturbed = 1;
    c.clustering_ppm = bad == 0 ? -1 : 412000;
    c.fail_at = 7;
    c.ratio_ppb = 980000000;
    c.low_ppb = 975544000 - 1000000 * (int64_t)bad;
    c.high_ppb = bad == 0 ? 1000000000 : 999000000;
    c.frame_first = 12;
    c.frame_last = 12 + 10 * n;
    return c;
}

static struct result_variant base_variant(const char *from, const char *to)
{
    struct result_variant v = {.leg = "1",
                               .mode = "",
                               .device_class = "",
                               .from = from,
                               .to = to,
                               .span = "end to end",
                               .measured = "tap on lo, both end actors beside it",
                               .role = "through the equipment",
                               .note = "extrapolated",
                               .interpretations = "I-LATENCY-PAIR",
                               .unit = "exchange",
                               .earlier = "412 outcomes of run 1a2b3c4d",
                               .first_ns = T0 + S,
                               .last_ns = T0 + 12 * S,
                               .size_least = -1,
                               .size_most = -1,
                               .body_least = -1,
                               .body_most = -1};
    for (size_t i = 0; i < RESULT_PERCENTILES; i++)
        v.percentile_ns[i] = v.percentile_low_ns[i] = v.percentile_high_ns[i] = -1;
    return v;
}

static struct result_variant passing(void)
{
    struct result_variant v =
        base_variant("CIS/Billing - Utility", "2-Way Meter - Electr, 2-Way Meter - Gas");
    static const int64_t p[] = {210417, 391022, 702111, 880200, 1502003, 2004111, 2093000};
    v.verdict = VERDICT_PASS;
    v.criterion[0] = judged(CRITERION_RELIABILITY, VERDICT_PASS, 149, 0,
                            "all 149 of 149 succeeded: more than 98 % at 95 % confidence");
    v.criterion[1] = judged(CRITERION_LATENCY, VERDICT_PASS, 149, 0,
                            "149 of 149 within 15 s; worst 0.002093000 s");
    v.criterion[1].limit_ns = v.criterion[1].limit_lax_ns = 15 * S;
    v.criterion[2] = none(CRITERION_SIZE, NOT_APPLICABLE, "the equipment is not its origin");
    v.criterion[3] = none(CRITERION_WINDOW, NOT_APPLICABLE, "the harness is its origin");
    v.criterion[4] = none(CRITERION_RATE, NOT_APPLICABLE, "");
    v.criterion[5] = judged(CRITERION_CONFIDENTIALITY, VERDICT_PASS, 149, 0, "nothing readable");
    v.clause[0] = (struct result_clause){.ratio_ppb = 980000000,
                                         .period_ns = 0,
                                         .verdict = VERDICT_PASS,
                                         .n = 149,
                                         .fail_at = 7,
                                         .used = 149,
                                         .failures = 0,
                                         .indeterminate = 0,
                                         .rule = "short",
                                         .accepts = "",
                                         .rejects = "",
                                         .failed_at = ""};
    v.n_clause = 1;
    v.attempts = 160;
    v.used = 149;
    v.delivered = 160;
    v.by_cause[CAUSE_OK] = 149;
    memcpy(v.percentile_ns, p, sizeof p);
    v.percentile_low_ns[1] = 380000;
    v.percentile_high_ns[1] = 1300000;
    v.bin[31] = 60;
    v.bin[33] = 70;
    v.bin[37] = 25;
    v.bin[43] = 5;
    v.size_least = v.size_most = 15;
    v.body_least = 610;
    v.body_most = 622;
    v.canonical_bytes = 160 * 15;
    v.carried_bytes = 160 * 800;
    v.hour[7] = 160;
    v.example[0] = (struct result_example){41,
                                           0,
                                           CAUSE_OK,
                                           "ga-1f2e3d4c-0.0-41",
                                           "00124B0000000029",
                                           "",
                                           T0 + 4 * S,
                                           T0 + 4 * S + 2093000,
                                           2093000,
                                           15,
                                           421,
                                           424};
    v.n_example = 1;
    return v;
}

static struct result_variant failing(void)
{
    struct result_variant v =
        base_variant("2-Way Meter - Electr, 2-Way Meter - Gas", "CIS/Billing - Utility");
    static const int64_t p[] = {16001000000, 16002000000, 16003000000, 16003500000,
                                16004000000, 16004000000, 16004000000};
    v.verdict = VERDICT_FAIL;
    v.criterion[0] = judged(CRITERION_RELIABILITY, VERDICT_FAIL, 7, 7,
                            "7 failures in 7 exclude more than 98 % (6 late, 1 lost)");
    v.criterion[1] = judged(CRITERION_LATENCY, VERDICT_FAIL, 7, 7, "7 of 7 beyond 15 s + 15 s");
    v.criterion[1].limit_ns = v.criterion[1].limit_lax_ns = 15 * S;
    v.criterion[2] = judged(CRITERION_SIZE, VERDICT_INCONCLUSIVE, 6, 0, "6 of 149 outcomes");
    v.criterion[2].limit_max_bytes = 100;
    v.criterion[3] = none(CRITERION_WINDOW, NOT_APPLICABLE, "an answer has its command's time");
    v.criterion[4] = none(CRITERION_RATE, NOT_APPLICABLE, "");
    v.criterion[5] = none(CRITERION_CONFIDENTIALITY, NOT_APPLICABLE, "");
    v.clause[0] = (struct result_clause){.ratio_ppb = 980000000,
                                         .period_ns = 0,
                                         .verdict = VERDICT_FAIL,
                                         .n = 149,
                                         .fail_at = 7,
                                         .used = 7,
                                         .failures = 7,
                                         .indeterminate = 0,
                                         .rule = "short",
                                         .accepts = "",
                                         .rejects = "",
                                         .failed_at = ""};
    v.n_clause = 1;
    v.attempts = 9;
    v.used = 7;
    v.delivered = 8;
    v.by_cause[CAUSE_LATE] = 6;
    v.by_cause[CAUSE_LOST] = 1;
    memcpy(v.percentile_ns, p, sizeof p);
    v.bin[95] = 8;
    v.size_least = 24;
    v.size_most = 24;
    v.body_least = 700;
    v.body_most = 706;
    v.canonical_bytes = 8 * 24;
    v.carried_bytes = 8 * 890;
    v.hour[7] = 8;
    for (uint32_t i = 0; i < 7; i++)
        v.example[i] = (struct result_example){i,
                                               0,
                                               i == 3 ? CAUSE_LOST : CAUSE_LATE,
                                               i == 3 ? "ga-1f2e3d4c-0.0-3" : "ga-1f2e3d4c-0.0-1",
                                               "00124B0000000001",
                                               i == 3 ? "no answer by give-up" : "beyond 30 s",
                                               T0 + i * S,
                                               i == 3 ? 0 : T0 + (i + 16) * S,
                                               i == 3 ? -1 : 16 * S + 1000 * i,
                                               i == 3 ? -1 : 24,
                                               30 + 4 * i,
                                               i == 3 ? 0 : 33 + 4 * i};
    v.n_example = 7;
    return v;
}

static struct result_variant inconclusive(void)
{
    struct result_variant v = base_variant("2-Way Meter - Electr", "AMI Head-End(j), MDMS");
    v.mode = "push";
    v.device_class = "residential";
    v.verdict = VERDICT_INCONCLUSIVE;
    v.criterion[0] = judged(CRITERION_RELIABILITY, VERDICT_INCONCLUSIVE, 598, 3,
                            "3 failures in 598: neither all succeeded nor 7 failed");
    v.criterion[0].planned = 598;
    v.criterion[0].ratio_ppb = 995000000;
    v.criterion[1] =
        none(CRITERION_LATENCY, INFORMATION, "coverage clauses: latency is information");
    v.criterion[2] = judged(CRITERION_SIZE, VERDICT_PASS, 598, 0, "all within 1600 bytes");
    v.criterion[2].limit_max_bytes = 1600;
    v.criterion[3] = none(CRITERION_WINDOW, NOT_APPLICABLE, "24x7 does not discriminate");
    v.criterion[4] = judged(CRITERION_RATE, VERDICT_PASS, 4, 0, "4 of 4 periods");
    v.criterion[5] = none(CRITERION_CONFIDENTIALITY, NOT_APPLICABLE, "");
    v.clause[0] = (struct result_clause){.ratio_ppb = 900000000,
                                         .period_ns = 6 * 3600 * S,
                                         .verdict = VERDICT_INCONCLUSIVE,
                                         .n = 29,
                                         .fail_at = 6,
                                         .used = 29,
                                         .failures = 1,
                                         .indeterminate = 0,
                                         .rule = "short",
                                         .accepts = "",
                                         .rejects = "",
                                         .failed_at = ""};
    v.clause[1] = (struct result_clause){.ratio_ppb = 980000000,
                                         .period_ns = 86400 * S,
                                         .verdict = VERDICT_INCONCLUSIVE,
                                         .n = 149,
                                         .fail_at = 7,
                                         .used = 149,
                                         .failures = 1,
                                         .indeterminate = 0,
                                         .rule = "short",
                                         .accepts = "",
                                         .rejects = "",
                                         .failed_at = ""};
    v.clause[2] = (struct result_clause){.ratio_ppb = 995000000,
                                         .period_ns = 2 * 86400 * S,
                                         .verdict = VERDICT_INCONCLUSIVE,
                                         .n = 598,
                                         .fail_at = 7,
                                         .used = 598,
                                         .failures = 3,
                                         .indeterminate = 0,
                                         .decided_at = 598,
                                         .rule = "sequential",
                                         .accepts = "881 1102 0",
                                         .rejects = "0 40 400",
                                         .failed_at = "17 18 301"};
    v.n_clause = 3;
    v.attempts = v.used = 598;
    v.delivered = 595;
    v.by_cause[CAUSE_OK] = 595;
    v.by_cause[CAUSE_LOST] = 3;
    v.bin[30] = 595;
    v.hour[12] = 598;
    return v;
}

static struct result_variant without(enum no_verdict status, const char *reason)
{
    struct result_variant v = base_variant("2-Way Meter - Water", "NMS");
    v.status = status;
    for (size_t i = 0; i < CRITERION_COUNT; i++)
        v.criterion[i] = none((enum criterion_kind)i, status, reason);
    return v;
}

static struct method method(void)
{
    static const struct method_decision decision[] = {
        {"a", "CIS to AMI Head-End", "via MDMS", "code ACvIW"},
        {"e", "AMI Head-End to DAP", "Internet, then WAN", "code ACvIW"}};
    static const struct method_value value[] = {
        {"parameter", "4.10.4.4", "x", "96", "metering guideline 7, table 2"},
        {"pace", "*", "trials started a second", "100", "profile"}};
    static const struct method_way way[] = {{"Meter Reading", "*", "1Aa + 1B + 1Cba + 1Cc + 1D",
                                             "MDMS, AMI Head-End(j), Internet/Extranet gateway, "
                                             "DAP"}};
    static const struct method_quantity quantity[] = {
        {"2-Way Meter - Electr", "residential", 40000, 16, "planning 2026"}, {"DAP", "", 0, 1, ""}};
    static const struct method_prerequisite need[] = {{"Meter Events", "", true},
                                                      {"Meter Reading", "PrePay", true},
                                                      {"Service Switch", "PrePay", false}};
    static const struct method_limit limit[] = {
        {"prerequisite", "Service Switch, which PrePay needs, is not in the profile"}};
    return (struct method){.tool = "0.1.0",
                           .table = "SG Network System Requirements Specification",
                           .table_edition = "5.1",
                           .deployment = "ACvIW",
                           .actors = "CIS/Billing - Utility, 2-Way Meter - Electr",
                           .decision = decision,
                           .n_decision = 2,
                           .value = value,
                           .n_value = 2,
                           .way = way,
                           .n_way = 1,
                           .quantity = quantity,
                           .n_quantity = 2,
                           .prerequisite = need,
                           .n_prerequisite = 3,
                           .limit = limit,
                           .n_limit = 1};
}

static struct result *sample(void)
{
    struct result *r = calloc(1, sizeof *r);
    static struct result_variant v[5];
    static struct result_row row[6];
    v[0] = passing();
    v[1] = failing();
    v[2] = inconclusive();
    v[3] = without(NOT_EXERCISED, "no exchange seen");
    v[4] = without(NOT_SCORABLE, "encrypted");
    static const char read[] = "Meter Reading", event[] = "Meter Events";
    row[0] = (struct result_row){.id = "4.10.4.1/on-demand_Mtr-read_cmd",
                                 .section = "4.10.4.1",
                                 .payload = "on-demand_Mtr-read_cmd",
                                 .type = "cmd",
                                 .use_case = read,
                                 .role = "to the equipment",
                                 .reason = "",
                                 .operation = "",
                                 .verdict = VERDICT_PASS,
                                 .status = NO_VERDICT_GIVEN,
                                 .variant = &v[0],
                                 .n_variant = 1};
    row[1] = (struct result_row){.id = "4.10.4.1/on-demand_Mtr-read_resp-data",
                                 .section = "4.10.4.1",
                                 .payload = "on-demand_Mtr-read_resp-data",
                                 .type = "resp-data",
                                 .use_case = read,
                                 .role = "from the equipment",
                                 .reason = "",
                                 .operation = "",
                                 .verdict = VERDICT_FAIL,
                                 .status = NO_VERDICT_GIVEN,
                                 .variant = &v[1],
                                 .n_variant = 1};
    row[2] = (struct result_row){.id = "4.10.4.4/Mtr-read_multi-interval-data_resp-data",
                                 .section = "4.10.4.4",
                                 .payload = "Mtr-read_multi-interval-data_resp-data",
                                 .type = "resp-data",
                                 .use_case = read,
                                 .role = "from the equipment",
                                 .reason = "",
                                 .operation = "",
                                 .verdict = VERDICT_INCONCLUSIVE,
                                 .status = NO_VERDICT_GIVEN,
                                 .variant = &v[2],
                                 .n_variant = 1};
    row[3] = (struct result_row){.id = "4.11.4.1/Mtr_alarm",
                                 .section = "4.11.4.1",
                                 .payload = "Mtr_alarm",
                                 .type = "alarm",
                                 .use_case = event,
                                 .role = "from the equipment",
                                 .reason = "",
                                 .operation = "",
                                 .verdict = VERDICT_NONE,
                                 .status = NOT_EXERCISED,
                                 .variant = &v[3],
                                 .n_variant = 1};
    row[4] = (struct result_row){.id = "4.11.4.2/Mtr_config",
                                 .section = "4.11.4.2",
                                 .payload = "Mtr_config",
                                 .type = "config",
                                 .use_case = event,
                                 .role = "from the equipment",
                                 .reason = "",
                                 .operation = "",
                                 .verdict = VERDICT_NONE,
                                 .status = NOT_SCORABLE,
                                 .variant = &v[4],
                                 .n_variant = 1};
    row[5] = (struct result_row){.id = "4.10.4.5/bulk_Mtr-read_cmd",
                                 .section = "4.10.4.5",
                                 .payload = "bulk_Mtr-read_cmd",
                                 .type = "cmd",
                                 .use_case = read,
                                 .role = "not applicable",
                                 .reason = "no actor of the equipment at either end",
                                 .operation = "",
                                 .verdict = VERDICT_NONE,
                                 .status = NOT_APPLICABLE,
                                 .variant = NULL,
                                 .n_variant = 0};
    for (size_t i = 0; i < 5; i++) {
        row[i].concerns = true;
        row[i].lacks = i == 0 ? "the statement gives no peer \"CIS/Billing - REPi\"" : "";
        v[i].endpoints = 16 - i;
        v[i].share_ppm = i == 0 ? -1 : 400000;
    }
    row[5].lacks = "";
    static const struct result_population population[] = {
        {"2-Way Meter - Electr", "residential", true, true, 16, 16},
        {"DAP", "", false, false, 1, 0}};
    static const struct result_text text = {"I-LATENCY-PAIR", "4.18",
                                            "command and reply share one turnaround",
                                            "a tap sees both halves"};
    static const struct result_source source[] = {
        {"table", "fixtures/requirements/sg-network-5.1.xml", "7ab1e"},
        {"statement", "/lab/a & b.xml", "57a7e"}};
    *r = (struct result){.plan_digest = "c0ffee",
                         .nonce = "1f2e3d4c",
                         .profile_name = "demo",
                         .profile_label = "",
                         .claimable = true,
                         .vendor = "Example & Sons",
                         .model = "<Meter 1>",
                         .hardware = "A",
                         .firmware = "1.0",
                         .firmware_digest = "",
                         .eut_actors = "2-Way Meter - Electr",
                         .method = method(),
                         .source = source,
                         .n_source = 2,
                         .population = population,
                         .n_population = 2,
                         .zone = "America/New_York",
                         .interface = "lo",
                         .filter = "tcp port 18480",
                         .driven = true,
                         .complete = true,
                         .ended = "complete",
                         .first_ns = T0,
                         .last_ns = T0 + 30 * S,
                         .confidence_ppm = 950000,
                         .uncertainty_ns = 140000,
                         .uncertainty_from = "p99 of 500 calibration exchanges",
                         .rule = "sequential",
                         .consumer_ppm = 50000,
                         .producer_ppm = 50000,
                         .producer_own_ppm = 6250,
                         .discrimination_milli = 3000,
                         .clustering_ppm = 10000,
                         .spread = true,
                         .judgements = 8,
                         .producer_sum_ppm = 50000,
                         .pace_per_s = 100,
                         .connections = "kept open",
                         .laboratory = "Grid & Co",
                         .laboratory_address = "1 Test Lane",
                         .accreditation = "L-0001",
                         .authorised_by = "A. Person",
                         .customer = "Utility",
                         .clock_traced = "UTC by PTP",
                         .campaign = "0123456789abcdef",
                         .ledger_head = "beef",
                         .submission = 2,
                         .generation = 1,
                         .frames = 8123,
                         .flows = 41,
                         .messages = 3333,
                         .capture_received = 8123,
                         .bias_n = 500,
                         .bias_p50_ns = 61000,
                         .bias_p99_ns = 140000,
                         .bias_worst_ns = 410000,
                         .row = row,
                         .n_row = 6,
                         .interpretation = &text,
                         .n_interpretation = 1};
    r->summary = (struct result_summary){.rows = 6,
                                         .applicable = 5,
                                         .pass = 1,
                                         .fail = 1,
                                         .inconclusive = 1,
                                         .not_exercised = 1,
                                         .not_scorable = 1,
                                         .not_applicable = 1,
                                         .verdict = VERDICT_FAIL};
    r->summary.exit_status = result_exit(&r->summary);
    return r;
}

static char folder[] = "/tmp/gridassay-t_result.XXXXXX";
static char path[200], path2[200];

static bool same_files(const char *a, const char *b)
{
    struct buf x, y;
    buf_init(&x, 1u << 24);
    buf_init(&y, 1u << 24);
    bool same = buf_read_file(&x, a, NULL) == ERR_OK && buf_read_file(&y, b, NULL) == ERR_OK &&
                x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
    buf_release(&x);
    buf_release(&y);
    return same;
}

static void round_trip(struct result *r)
{
    struct err e = ERR_INIT;
    ok(result_write(r, path, &e) == ERR_OK, "a result is written (%s)", e.text);
    struct result *back = NULL;
    ok(result_read(path, &back, &e) == ERR_OK, "and read back through its schema (%s)", e.text);
    if (back == NULL)
        return;
    ok(result_write(back, path2, &e) == ERR_OK && same_files(path, path2),
       "written again it is the same, byte for byte");
    is_int(back->n_row, 6, "all rows");
    is_str(back->row[1].payload, "on-demand_Mtr-read_resp-data", "texts");
    is_int(back->row[1].verdict, VERDICT_FAIL, "verdicts");
    is_int(back->row[3].status, NOT_EXERCISED, "statuses");
    is_int(back->row[0].variant[0].percentile_ns[6], 2093000, "percentiles");
    is_int(back->row[0].variant[0].bin[33], 70, "bins");
    is_int(back->row[0].variant[0].hour[7], 160, "hours");
    is_int(back->row[2].variant[0].clause[1].period_ns, 86400 * S, "clauses");
    is_str(back->row[2].variant[0].clause[2].accepts, "881 1102 0", "tables of a rule");
    is_str(back->row[2].variant[0].clause[2].failed_at, "17 18 301", "which units failed");
    is_int(back->row[2].variant[0].clause[2].decided_at, 598, "when a clause was decided");
    is_int(back->row[1].variant[0].criterion[0].clustering_ppm, 412000, "tests of clustering");
    is_int(back->row[0].variant[0].percentile_high_ns[1], 1300000, "bounds of percentiles");
    is_str(back->row[0].variant[0].unit, "exchange", "units");
    is_str(back->uncertainty_from, "p99 of 500 calibration exchanges", "where U is from");
    is_int(back->producer_own_ppm, 6250, "risks");
    is_str(back->laboratory, "Grid & Co", "the laboratory");
    is_int(back->submission, 2, "the campaign");
    ok(strcmp(back->method.deployment, "ACvIW") == 0 && back->method.n_decision == 2 &&
           back->method.n_value == 2 && back->method.n_way == 1 && back->method.n_quantity == 2 &&
           back->method.n_prerequisite == 3 && back->method.n_limit == 1 &&
           back->method.quantity[0].deployment == 40000 && !back->method.prerequisite[2].in_scope,
       "the method");
    ok(back->n_source == 2 && strcmp(back->source[1].path, "/lab/a & b.xml") == 0 &&
           strcmp(back->source[1].digest, "57a7e") == 0,
       "what the plan was made of");
    ok(back->row[0].concerns && !back->row[5].concerns &&
           strstr(back->row[0].lacks, "REPi") != NULL,
       "what concerns the equipment, and what of that was not driven");
    is_int(back->row[1].variant[0].endpoints, 15, "endpoints of a reading");
    is_int(back->row[1].variant[0].share_ppm, 400000, "its share of the budget");
    ok(back->n_population == 2 && back->population[0].reached == 16 &&
           back->population[0].subject && !back->population[1].equipment,
       "the population that exchanges reached");
    is_int(back->row[1].variant[0].by_cause[CAUSE_LATE], 6, "causes");
    is_int(back->row[1].variant[0].example[3].cause, CAUSE_LOST, "examples");
    is_int(back->summary.exit_status, 1, "a fail is exit 1");
    result_free(back);
}

/* A file of before the method, the rules, the laboratory and the campaign were told. */
static void older_file(struct result *r)
{
    struct err e = ERR_INIT;
    struct buf text;
    struct result *back = NULL;
    buf_init(&text, 1u << 24);
    ok(result_write(r, path, &e) == ERR_OK && buf_read_file(&text, path, &e) == ERR_OK,
       "a file to take things out of (%s)", e.text);
    static const char *const cut[] = {"<method ",
                                      "<source ",
                                      "<limit ",
                                      "<part ",
                                      "<population ",
                                      " form=\"",
                                      " says=\"",
                                      " wording=\"",
                                      " lacks=\"",
                                      " endpoints=\"",
                                      " share-ppm=\"",
                                      " unit=\"",
                                      "<laboratory ",
                                      "<campaign ",
                                      " earlier=\"",
                                      " decided-at=\"",
                                      " clustering-ppm=\"",
                                      " accepts=\"",
                                      " judgements=\"",
                                      " uncertainty-from=\"",
                                      " rule=\"",
                                      " consumer-ppm=\"",
                                      " producer-ppm=\"",
                                      " pace-per-s=\"",
                                      " producer-own-ppm=\"",
                                      " discrimination-milli=\"",
                                      " spread=\"",
                                      " producer-sum-ppm=\"",
                                      " connections=\"",
                                      " least-low-ns=\"",
                                      " least-high-ns=\"",
                                      " p50-low-ns=\"",
                                      " p50-high-ns=\"",
                                      " p90-low-ns=\"",
                                      " p90-high-ns=\"",
                                      " p95-low-ns=\"",
                                      " p95-high-ns=\"",
                                      " p99-low-ns=\"",
                                      " p99-high-ns=\"",
                                      " p999-low-ns=\"",
                                      " p999-high-ns=\"",
                                      " worst-low-ns=\"",
                                      " worst-high-ns=\""};
    char *all = (char *)text.data;
    size_t len = text.len;
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++)
        for (char *at; (at = memmem(all, len, cut[i], strlen(cut[i]))) != NULL;) {
            const char *end = i == 0             ? strstr(at, "</method>") + 9
                              : cut[i][0] == '<' ? strstr(at, "/>") + 2
                                                 : strchr(strchr(at, '"') + 1, '"') + 1;
            size_t rest = (size_t)(all + len - end);
            memmove(at, end, rest + 1);
            len = (size_t)(at - all) + rest;
        }
    ok(buf_write_file(path, all, len, &e) == ERR_OK && result_read(path, &back, &e) == ERR_OK,
       "a file that lacks them is read (%s)", e.text);
    buf_release(&text);
    if (back == NULL)
        return;
    is_str(back->laboratory, "", "texts are empty then");
    ok(back->method.tool[0] == '\0' && back->method.n_value == 0 && back->n_source == 0,
       "there is no method");
    is_int(back->judgements, 0, "numbers none");
    is_int(back->row[1].variant[0].criterion[0].clustering_ppm, -1, "what was not asked is -1");
    is_int(back->row[0].variant[0].percentile_low_ns[1], -1, "and so are bounds");
    result_free(back);
}

static void sample_is_current(void)
{
    char home[4096];
    struct err e = ERR_INIT;
    if (where_data("tests/golden/sample-run.xml", home, sizeof home, &e) != ERR_OK)
        return;
    ok(same_files(home, path), "tests/golden/sample-run.xml is what is written today");
}

static void hostile_strings(struct result *r)
{
    struct err e = ERR_INIT;
    r->vendor = "a\x01"
                "b\xFF"
                "c\xC0\xAF"
                "d\xED\xA0\x80"
                "e<&\"'\n\t]]>\xEF\xBF\xBF";
    r->model = "\xE2\x82\xAC \xF0\x9F\x94\x8C fine";
    r->firmware = "cut \xE2\x82";
    struct result *back = NULL;
    ok(result_write(r, path, &e) == ERR_OK && result_read(path, &back, &e) == ERR_OK,
       "strings that XML cannot hold are written and read (%s)", e.text);
    if (back == NULL)
        return;
    is_str(back->vendor,
           "a\xEF\xBF\xBD"
           "b\xEF\xBF\xBD"
           "c\xEF\xBF\xBD\xEF\xBF\xBD"
           "d\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
           "e<&\"'\n\t]]>\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD",
           "each bad byte becomes one mark, markup and white space survive");
    is_str(back->model, "\xE2\x82\xAC \xF0\x9F\x94\x8C fine", "good UTF-8 is kept");
    is_str(back->firmware, "cut \xEF\xBF\xBD\xEF\xBF\xBD", "a cut sequence is marked");
    result_free(back);
}

static void bad_files(void)
{
    static const struct {
        const char *text, *want;
    } bad[] = {
        {"", "empty"},
        {"<run version=\"1\"", "not well-formed"},
        {"<run version=\"2\"/>", "version \"2\""},
        {"<run version=\"1\"/>", "does not match"},
        {"<table version=\"1\"/>", "does not match"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = ERR_INIT;
        struct result *r = NULL;
        (void)buf_write_file(path, bad[i].text, strlen(bad[i].text), NULL);
        ok(result_read(path, &r, &e) == ERR_DATA && r == NULL &&
               strstr(e.text, bad[i].want) != NULL,
           "a bad file is named and why: %s", e.text);
    }
}

static void exit_statuses(void)
{
    struct result_summary s = {.pass = 3};
    is_int(result_exit(&s), 0, "all pass: 0");
    s.not_scorable = 1;
    is_int(result_exit(&s), 4, "one not scorable: 4");
    s.error = 1;
    is_int(result_exit(&s), 3, "an error: 3");
    s.fail = 1;
    is_int(result_exit(&s), 1, "a fail also when an error followed: 1");
    s = (struct result_summary){.not_applicable = 9};
    is_int(result_exit(&s), 77, "nothing applicable: 77");
}

int main(int argc, char **argv)
{
    struct result *r = sample();
    if (argc == 3 && strcmp(argv[1], "--sample") == 0) {
        enum err_code rc = result_write(r, argv[2], NULL);
        result_free(r);
        return rc == ERR_OK ? 0 : 1;
    }
    if (mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(path, sizeof path, "%s/run.xml", folder);
    (void)snprintf(path2, sizeof path2, "%s/again.xml", folder);
    round_trip(r);
    sample_is_current();
    older_file(r);
    hostile_strings(r);
    bad_files();
    exit_statuses();
    for (unsigned i = 0; i < RESULT_BINS; i++)
        if (result_bin_edge_ns(i) >= result_bin_edge_ns(i + 1))
            ok(false, "bin edges ascend at %u", i);
    is_int(result_bin_edge_ns(0), 1000, "the first bin starts at a microsecond");
    is_int(result_bin_edge_ns(RESULT_BINS), (INT64_C(1000) << 40),
           "the last one ends at 12.7 days");
    result_free(r);
    (void)unlink(path);
    (void)unlink(path2);
    (void)rmdir(folder);
    return done_testing();
}
