/* sample_result - a small result made by hand, with hostile strings wherever the equipment or a
 * file has its say: markup, quotes, control characters, broken UTF-8, TAP and YAML syntax.
 *
 * Ownership: everything is static.
 */
#ifndef TESTS_SAMPLE_RESULT_H
#define TESTS_SAMPLE_RESULT_H

#include <string.h>

#include "harness/score/result.h"

#define HOSTILE                                                                                    \
    "<script>alert(1)</script>\"'&]]>\x1b[31m\x07\xff\xc3(\xe2\x80\xae\n...\n  ---\nnot ok 1 # "   \
    "TODO \\"

#define SAMPLE_T0 INT64_C(1795392000000000000)

/* A sequential rule for 99.5 %: passes at 894 with none failed, fails with 3 in 161. */
#define SAMPLE_ACCEPTS "894 1223 1553 1882 2212 2541 2871 3200 3530 3859 4189 4518 4707 4707"
#define SAMPLE_REJECTS "0 0 0 161 491 820 1150 1479 1809 2138 2468 2797 3126 3456"

static struct result_criterion sample_criterion(enum criterion_kind kind, enum verdict verdict,
                                                enum no_verdict status, const char *reason)
{
    return (struct result_criterion){.kind = kind,
                                     .verdict = verdict,
                                     .status = status,
                                     .reason = reason,
                                     .n = 598,
                                     .planned = 598,
                                     .good = verdict == VERDICT_PASS ? 598 : 558,
                                     .bad = verdict == VERDICT_PASS ? 0 : 38,
                                     .indeterminate = verdict == VERDICT_PASS ? 0 : 2,
                                     .fail_at = 14,
                                     .decided_at = verdict == VERDICT_PASS   ? 894
                                                   : verdict == VERDICT_FAIL ? 108
                                                                             : 0,
                                     .disturbed = 1,
                                     .clustering_ppm =
                                         verdict == VERDICT_INCONCLUSIVE ? 2100 : 412000,
                                     .ratio_ppb = 995000000,
                                     .low_ppb = 911454849,
                                     .high_ppb = 956454849,
                                     .limit_ns = kind == CRITERION_LATENCY ? 5000000000 : -1,
                                     .limit_lax_ns = kind == CRITERION_LATENCY ? 5000000000 : -1,
                                     .limit_min_bytes = kind == CRITERION_SIZE ? 25 : -1,
                                     .limit_max_bytes = kind == CRITERION_SIZE ? 278 : -1,
                                     .frame_first = verdict == VERDICT_NONE ? 0 : 12,
                                     .frame_last = verdict == VERDICT_NONE ? 0 : 8120};
}

static struct result_variant sample_variant(const char *leg, enum verdict verdict,
                                            enum no_verdict status)
{
    struct result_variant v = {
        .leg = leg,
        .mode = "",
        .device_class = "",
        .from = "2-Way Meter - Electr",
        .to = "CIS/Billing - Utility",
        .span = "end to end",
        .measured = "tap on lo",
        .role = "from the equipment",
        .note = "",
        .unit = "exchange",
        .earlier = "",
        .interpretations = "I-ONE I-TWO",
        .verdict = verdict,
        .status = status,
        .attempts = 609,
        .used = 598,
        .delivered = 590,
        .percentile_ns = {210417, 391022, 702111, 880200, 5000000001, 5000000001, 5000000001},
        .percentile_low_ns = {-1, 371022, 680010, 810333, 1502003, -1, -1},
        .percentile_high_ns = {-1, 402000, 733000, 5000000001, -1, -1, -1},
        .size_least = 24,
        .size_most = 279,
        .body_least = 610,
        .body_most = 622,
        .first_ns = SAMPLE_T0,
        .last_ns = SAMPLE_T0 + 12500000000,
        .n_example = 2};
    for (int k = 0; k < CRITERION_COUNT; k++)
        v.criterion[k] =
            k < CRITERION_ALWAYS
                ? sample_criterion((enum criterion_kind)k, verdict, status, "the reason")
                : sample_criterion((enum criterion_kind)k, VERDICT_NONE, NOT_APPLICABLE, "");
    v.n_clause = 1;
    v.clause[0] = (struct result_clause){.ratio_ppb = 995000000,
                                         .verdict = verdict,
                                         .rule = "sequential",
                                         .n = 4707,
                                         .fail_at = 14,
                                         .accepts = SAMPLE_ACCEPTS,
                                         .rejects = SAMPLE_REJECTS,
                                         .failed_at = verdict == VERDICT_FAIL ? "17 60 108" : "",
                                         .used = verdict == VERDICT_PASS   ? 894
                                                 : verdict == VERDICT_FAIL ? 108
                                                                           : 400,
                                         .failures = verdict == VERDICT_FAIL ? 3 : 0,
                                         .decided_at = verdict == VERDICT_PASS   ? 894
                                                       : verdict == VERDICT_FAIL ? 108
                                                                                 : 0};
    v.criterion[CRITERION_WINDOW] =
        sample_criterion(CRITERION_WINDOW, VERDICT_NONE, NOT_APPLICABLE, "24x7");
    v.by_cause[CAUSE_OK] = 560;
    v.by_cause[CAUSE_LATE] = 38;
    v.bin[30] = 589;
    v.bin[88] = 1;
    v.hour[13] = 598;
    v.example[0] = (struct result_example){.trial = 17,
                                           .cause = CAUSE_LATE,
                                           .correlation = "ga-" HOSTILE,
                                           .device = HOSTILE,
                                           .note = HOSTILE,
                                           .origin_ns = SAMPLE_T0,
                                           .end_ns = SAMPLE_T0 + 5000000001,
                                           .latency_ns = 5000000001,
                                           .size_bytes = 279,
                                           .frame_first = 400,
                                           .frame_last = 405};
    v.example[1] = v.example[0];
    v.example[1].cause = CAUSE_OK;
    v.example[1].trial = 99;
    v.example[1].size_bytes = 30;
    return v;
}

/* Rows: 0 pass, 1 fail (two readings), 2 not applicable, 3 not exercised, 4 pass with a criterion
 * that is not scorable, 5 error. */
__attribute__((unused)) static const struct result *sample_result(void)
{
    static struct result r;
    static struct result_row row[6];
    static struct result_variant good[2], bad[2], mixed, broken;
    static struct result_text text[2];
    good[0] = sample_variant("1", VERDICT_PASS, NO_VERDICT_GIVEN);
    good[0].percentile_ns[4] = good[0].percentile_ns[5] = good[0].percentile_ns[6] = 1502003;
    bad[0] = sample_variant("residential", VERDICT_FAIL, NO_VERDICT_GIVEN);
    bad[0].criterion[CRITERION_RELIABILITY].reason = HOSTILE;
    bad[1] = sample_variant(HOSTILE, VERDICT_INCONCLUSIVE, NO_VERDICT_GIVEN);
    bad[1].unit = HOSTILE;
    bad[1].earlier = HOSTILE;
    bad[1].clause[0].failed_at = HOSTILE;
    bad[1].clause[0].accepts = HOSTILE;
    mixed = sample_variant("1", VERDICT_PASS, NO_VERDICT_GIVEN);
    mixed.criterion[CRITERION_SIZE] =
        sample_criterion(CRITERION_SIZE, VERDICT_NONE, NOT_SCORABLE, "size is xMB");
    broken = sample_variant("1", VERDICT_ERROR, NO_VERDICT_GIVEN);
    row[0] = (struct result_row){.id = "4.10.4.1/read_cmd",
                                 .section = "4.10.4.1",
                                 .payload = "read_cmd",
                                 .type = "cmd",
                                 .use_case = "Meter Reading",
                                 .role = "to the equipment",
                                 .reason = "",
                                 .operation = "",
                                 .verdict = VERDICT_PASS,
                                 .variant = good,
                                 .n_variant = 1};
    row[1] = row[0];
    row[1].id = "4.10.4.1/read_resp#data";
    row[1].payload = "read_resp#data";
    row[1].verdict = VERDICT_FAIL;
    row[1].variant = bad;
    row[1].n_variant = 2;
    row[2] = (struct result_row){.id = "4.10.4.3/bulk_cmd",
                                 .section = "4.10.4.3",
                                 .payload = "bulk_cmd",
                                 .type = "cmd",
                                 .use_case = "Meter Reading",
                                 .role = "none",
                                 .reason = HOSTILE,
                                 .operation = "",
                                 .status = NOT_APPLICABLE};
    row[3] = row[2];
    row[3].id = "4.11.4.1/alarm";
    row[3].section = "4.11.4.1";
    row[3].payload = "alarm";
    row[3].use_case = "Meter Events";
    row[3].status = NOT_EXERCISED;
    row[4] = row[0];
    row[4].id = "4.11.4.2/tamper";
    row[4].section = "4.11.4.2";
    row[4].variant = &mixed;
    row[5] = row[0];
    row[5].id = "4.15.4.1/switch";
    row[5].section = "4.15.4.1";
    row[5].use_case = HOSTILE;
    row[5].verdict = VERDICT_ERROR;
    row[5].variant = &broken;
    text[0] = (struct result_text){"I-ONE", "4.18", "reading of one", HOSTILE};
    text[1] = (struct result_text){"I-TWO", "4.18", HOSTILE, "ground of two"};
    static const struct method_decision decision = {"a", HOSTILE, HOSTILE, HOSTILE};
    static const struct method_value value[] = {
        {"scope", "*", "use case", "Meter Reading", "the profile"},
        {"scope", "*", "use case", "Price", "the profile"},
        {"parameter", "4.14", "x", "60", HOSTILE},
        {HOSTILE, HOSTILE, HOSTILE, HOSTILE, ""}};
    static const struct method_way way[] = {{HOSTILE, "*", "", "DAPjm"},
                                            {"Price", HOSTILE, "1Ab + 1Ca + 1D", HOSTILE}};
    static const struct method_quantity quantity[] = {{HOSTILE, HOSTILE, 40000, 16, HOSTILE},
                                                      {"DAPjm", "", 0, 1, ""}};
    static const struct method_prerequisite need[] = {{"PrePay", "", true},
                                                      {HOSTILE, HOSTILE, false}};
    static const struct method_limit limit = {HOSTILE, HOSTILE};
    static const struct result_source source[] = {{"table", "t.xml", "7ab1e"},
                                                  {HOSTILE, HOSTILE, HOSTILE}};
    r = (struct result){.plan_digest = "c0ffee",
                        .nonce = "1f2e3d4c",
                        .profile_name = "demo",
                        .profile_label = HOSTILE,
                        .vendor = HOSTILE,
                        .model = "Model",
                        .hardware = "",
                        .firmware = "1.0",
                        .firmware_digest = "",
                        .eut_actors = "2-Way Meter - Electr",
                        .method = {.tool = HOSTILE,
                                   .table = HOSTILE,
                                   .table_edition = "5.1",
                                   .deployment = HOSTILE,
                                   .actors = HOSTILE,
                                   .decision = &decision,
                                   .n_decision = 1,
                                   .value = value,
                                   .n_value = 4,
                                   .way = way,
                                   .n_way = 2,
                                   .quantity = quantity,
                                   .n_quantity = 2,
                                   .prerequisite = need,
                                   .n_prerequisite = 2,
                                   .limit = &limit,
                                   .n_limit = 1},
                        .source = source,
                        .n_source = 2,
                        .zone = "America/New_York",
                        .interface = "lo",
                        .filter = HOSTILE,
                        .driven = true,
                        .complete = false,
                        .ended = HOSTILE,
                        .first_ns = SAMPLE_T0,
                        .last_ns = SAMPLE_T0 + 61000000000,
                        .confidence_ppm = 950000,
                        .uncertainty_ns = 50000,
                        .uncertainty_from = HOSTILE,
                        .rule = "sequential",
                        .consumer_ppm = 50000,
                        .producer_ppm = 50000,
                        .producer_own_ppm = 6250,
                        .discrimination_milli = 3000,
                        .clustering_ppm = 10000,
                        .spread = true,
                        .judgements = 8,
                        .producer_sum_ppm = 50000,
                        .pace_per_s = 400,
                        .connections = HOSTILE,
                        .laboratory = HOSTILE,
                        .laboratory_address = HOSTILE,
                        .accreditation = "",
                        .authorised_by = HOSTILE,
                        .customer = HOSTILE,
                        .clock_traced = HOSTILE,
                        .campaign = "0123456789abcdef",
                        .ledger_head =
                            "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
                        .submission = 3,
                        .generation = 1,
                        .frames = 8123,
                        .bias_n = 500,
                        .bias_p50_ns = 27100,
                        .bias_p99_ns = 45900,
                        .bias_worst_ns = 410000,
                        .summary = {.rows = 6,
                                    .applicable = 5,
                                    .pass = 2,
                                    .fail = 1,
                                    .error = 1,
                                    .not_exercised = 1,
                                    .not_applicable = 1,
                                    .verdict = VERDICT_ERROR,
                                    .exit_status = EXIT_FAIL},
                        .row = row,
                        .n_row = 6,
                        .interpretation = text,
                        .n_interpretation = 2};
    return &r;
}

#endif
