#include "harness/score/result_fields.h"

#define F(type, member, kind, name)                                                                \
    {                                                                                              \
        name, kind, offsetof(struct type, member), false, 0                                        \
    }
/* One that older files lack. */
#define O(type, member, kind, name, fallback)                                                      \
    {                                                                                              \
        name, kind, offsetof(struct type, member), true, fallback                                  \
    }
#define END                                                                                        \
    {                                                                                              \
        NULL, RF_TEXT, 0, false, 0                                                                 \
    }

static const struct result_field run_field[] = {
    F(result, plan_digest, RF_TEXT, "plan-digest"),
    F(result, nonce, RF_TEXT, "nonce"),
    F(result, driven, RF_BOOL, "driven"),
    F(result, complete, RF_BOOL, "complete"),
    F(result, ended, RF_TEXT, "ended"),
    END,
};
const struct result_element result_run_element = {"run", run_field};

static const struct result_field claim_field[] = {
    F(result, profile_name, RF_TEXT, "profile"),
    F(result, profile_label, RF_TEXT, "label"),
    F(result, claimable, RF_BOOL, "claimable"),
    F(result, vendor, RF_TEXT, "vendor"),
    F(result, model, RF_TEXT, "model"),
    F(result, hardware, RF_TEXT, "hardware"),
    F(result, firmware, RF_TEXT, "firmware"),
    F(result, firmware_digest, RF_TEXT, "firmware-digest"),
    F(result, eut_actors, RF_TEXT, "actors"),
    END,
};
const struct result_element result_claim_element = {"claim", claim_field};

static const struct result_field rules_field[] = {
    F(result, confidence_ppm, RF_I64, "confidence-ppm"),
    F(result, uncertainty_ns, RF_I64, "uncertainty-ns"),
    F(result, time_shift_ns, RF_I64, "time-shift-ns"),
    F(result, zone, RF_TEXT, "zone"),
    O(result, uncertainty_from, RF_TEXT, "uncertainty-from", 0),
    O(result, rule, RF_TEXT, "rule", 0),
    O(result, consumer_ppm, RF_I64, "consumer-ppm", 0),
    O(result, producer_ppm, RF_I64, "producer-ppm", 0),
    O(result, producer_own_ppm, RF_I64, "producer-own-ppm", 0),
    O(result, discrimination_milli, RF_I64, "discrimination-milli", 0),
    O(result, clustering_ppm, RF_I64, "clustering-ppm", 0),
    O(result, spread, RF_BOOL, "spread", 0),
    O(result, judgements, RF_U32, "judgements", 0),
    O(result, producer_sum_ppm, RF_I64, "producer-sum-ppm", 0),
    O(result, pace_per_s, RF_I64, "pace-per-s", 0),
    O(result, connections, RF_TEXT, "connections", 0),
    END,
};
const struct result_element result_rules_element = {"rules", rules_field};

static const struct result_field laboratory_field[] = {
    O(result, laboratory, RF_TEXT, "name", 0),
    O(result, laboratory_address, RF_TEXT, "address", 0),
    O(result, accreditation, RF_TEXT, "accreditation", 0),
    O(result, authorised_by, RF_TEXT, "authorised-by", 0),
    O(result, customer, RF_TEXT, "customer", 0),
    O(result, clock_traced, RF_TEXT, "clock", 0),
    END,
};
const struct result_element result_laboratory_element = {"laboratory", laboratory_field};

static const struct result_field campaign_field[] = {
    O(result, campaign, RF_TEXT, "id", 0),
    O(result, ledger_head, RF_TEXT, "head", 0),
    O(result, submission, RF_U32, "submission", 0),
    O(result, generation, RF_U32, "generation", 0),
    END,
};
const struct result_element result_campaign_element = {"campaign", campaign_field};

static const struct result_field evidence_field[] = {
    F(result, interface, RF_TEXT, "interface"),
    F(result, filter, RF_TEXT, "filter"),
    F(result, first_ns, RF_I64, "first-ns"),
    F(result, last_ns, RF_I64, "last-ns"),
    F(result, frames, RF_U64, "frames"),
    F(result, flows, RF_U64, "flows"),
    F(result, messages, RF_U64, "messages"),
    F(result, retransmitted, RF_U64, "retransmitted"),
    F(result, gaps, RF_U64, "gaps"),
    F(result, unmatched, RF_U64, "unmatched"),
    F(result, capture_received, RF_U64, "received"),
    F(result, capture_dropped, RF_U64, "dropped"),
    F(result, stalls, RF_U64, "stalls"),
    F(result, clock_steps, RF_U64, "clock-steps"),
    END,
};
const struct result_element result_evidence_element = {"evidence", evidence_field};

static const struct result_field bias_field[] = {
    F(result, bias_n, RF_U64, "n"),
    F(result, bias_p50_ns, RF_I64, "p50-ns"),
    F(result, bias_p99_ns, RF_I64, "p99-ns"),
    F(result, bias_worst_ns, RF_I64, "worst-ns"),
    END,
};
const struct result_element result_bias_element = {"bias", bias_field};

static const struct result_field summary_field[] = {
    F(result_summary, verdict, RF_VERDICT, "verdict"),
    F(result_summary, exit_status, RF_INT, "exit"),
    F(result_summary, rows, RF_U32, "rows"),
    F(result_summary, applicable, RF_U32, "applicable"),
    F(result_summary, pass, RF_U32, "pass"),
    F(result_summary, fail, RF_U32, "fail"),
    F(result_summary, inconclusive, RF_U32, "inconclusive"),
    F(result_summary, error, RF_U32, "error"),
    F(result_summary, not_exercised, RF_U32, "not-exercised"),
    F(result_summary, not_scorable, RF_U32, "not-scorable"),
    F(result_summary, not_run, RF_U32, "not-run"),
    F(result_summary, not_applicable, RF_U32, "not-applicable"),
    F(result_summary, our_reading, RF_U32, "our-reading"),
    END,
};
const struct result_element result_summary_element = {"summary", summary_field};

static const struct result_field row_field[] = {
    F(result_row, id, RF_TEXT, "id"),
    F(result_row, section, RF_TEXT, "section"),
    F(result_row, payload, RF_TEXT, "payload"),
    F(result_row, type, RF_TEXT, "type"),
    F(result_row, use_case, RF_TEXT, "use-case"),
    F(result_row, role, RF_TEXT, "role"),
    F(result_row, operation, RF_TEXT, "operation"),
    F(result_row, unlisted, RF_BOOL, "unlisted"),
    F(result_row, verdict, RF_VERDICT, "verdict"),
    F(result_row, status, RF_STATUS, "status"),
    F(result_row, reason, RF_TEXT, "reason"),
    END,
};
const struct result_element result_row_element = {"row", row_field};

static const struct result_field variant_field[] = {
    F(result_variant, leg, RF_TEXT, "leg"),
    F(result_variant, mode, RF_TEXT, "mode"),
    F(result_variant, device_class, RF_TEXT, "class"),
    F(result_variant, from, RF_TEXT, "from"),
    F(result_variant, to, RF_TEXT, "to"),
    F(result_variant, role, RF_TEXT, "role"),
    F(result_variant, span, RF_TEXT, "span"),
    F(result_variant, measured, RF_TEXT, "measured"),
    F(result_variant, interpretations, RF_TEXT, "interpretations"),
    F(result_variant, note, RF_TEXT, "note"),
    O(result_variant, unit, RF_TEXT, "unit", 0),
    O(result_variant, earlier, RF_TEXT, "earlier", 0),
    F(result_variant, verdict, RF_VERDICT, "verdict"),
    F(result_variant, status, RF_STATUS, "status"),
    F(result_variant, attempts, RF_U64, "attempts"),
    F(result_variant, used, RF_U64, "used"),
    F(result_variant, delivered, RF_U64, "delivered"),
    F(result_variant, size_least, RF_I64, "size-least-bytes"),
    F(result_variant, size_most, RF_I64, "size-most-bytes"),
    F(result_variant, body_least, RF_I64, "body-least-bytes"),
    F(result_variant, body_most, RF_I64, "body-most-bytes"),
    F(result_variant, canonical_bytes, RF_U64, "canonical-bytes"),
    F(result_variant, carried_bytes, RF_U64, "carried-bytes"),
    F(result_variant, first_ns, RF_I64, "first-ns"),
    F(result_variant, last_ns, RF_I64, "last-ns"),
    END,
};
const struct result_element result_variant_element = {"variant", variant_field};

static const struct result_field criterion_field[] = {
    F(result_criterion, kind, RF_CRITERION, "kind"),
    F(result_criterion, verdict, RF_VERDICT, "verdict"),
    F(result_criterion, status, RF_STATUS, "status"),
    F(result_criterion, n, RF_U32, "n"),
    F(result_criterion, planned, RF_U32, "planned"),
    F(result_criterion, good, RF_U32, "good"),
    F(result_criterion, bad, RF_U32, "bad"),
    F(result_criterion, indeterminate, RF_U32, "indeterminate"),
    F(result_criterion, fail_at, RF_U32, "fail-at"),
    O(result_criterion, decided_at, RF_U32, "decided-at", 0),
    O(result_criterion, disturbed, RF_U32, "disturbed", 0),
    O(result_criterion, clustering_ppm, RF_I64, "clustering-ppm", -1),
    F(result_criterion, ratio_ppb, RF_I64, "ratio-ppb"),
    F(result_criterion, low_ppb, RF_I64, "low-ppb"),
    F(result_criterion, high_ppb, RF_I64, "high-ppb"),
    F(result_criterion, limit_ns, RF_I64, "limit-ns"),
    F(result_criterion, limit_lax_ns, RF_I64, "limit-lax-ns"),
    F(result_criterion, limit_min_bytes, RF_I64, "limit-min-bytes"),
    F(result_criterion, limit_max_bytes, RF_I64, "limit-max-bytes"),
    F(result_criterion, frame_first, RF_U64, "frame-first"),
    F(result_criterion, frame_last, RF_U64, "frame-last"),
    F(result_criterion, reason, RF_TEXT, "reason"),
    END,
};
const struct result_element result_criterion_element = {"criterion", criterion_field};

static const struct result_field clause_field[] = {
    F(result_clause, ratio_ppb, RF_I64, "ratio-ppb"),
    F(result_clause, period_ns, RF_I64, "period-ns"),
    F(result_clause, verdict, RF_VERDICT, "verdict"),
    F(result_clause, n, RF_U32, "n"),
    F(result_clause, fail_at, RF_U32, "fail-at"),
    F(result_clause, used, RF_U32, "used"),
    F(result_clause, failures, RF_U32, "failures"),
    F(result_clause, indeterminate, RF_U32, "indeterminate"),
    O(result_clause, decided_at, RF_U32, "decided-at", 0),
    O(result_clause, rule, RF_TEXT, "rule", 0),
    O(result_clause, accepts, RF_TEXT, "accepts", 0),
    O(result_clause, rejects, RF_TEXT, "rejects", 0),
    O(result_clause, failed_at, RF_TEXT, "failed-at", 0),
    END,
};
const struct result_element result_clause_element = {"clause", clause_field};

static const struct result_field hop_field[] = {
    F(result_hop, link, RF_BOOL, "link"),
    F(result_hop, equipment, RF_BOOL, "equipment"),
    F(result_hop, at, RF_TEXT, "at"),
    F(result_hop, n, RF_U64, "n"),
    F(result_hop, p50_ns, RF_I64, "p50-ns"),
    F(result_hop, p99_ns, RF_I64, "p99-ns"),
    F(result_hop, worst_ns, RF_I64, "worst-ns"),
    END,
};
const struct result_element result_hop_element = {"hop", hop_field};

static const struct result_field example_field[] = {
    F(result_example, trial, RF_U32, "trial"),
    F(result_example, sub, RF_U32, "sub"),
    F(result_example, cause, RF_CAUSE, "cause"),
    F(result_example, correlation, RF_TEXT, "correlation"),
    F(result_example, device, RF_TEXT, "device"),
    F(result_example, origin_ns, RF_I64, "origin-ns"),
    F(result_example, end_ns, RF_I64, "end-ns"),
    F(result_example, latency_ns, RF_I64, "latency-ns"),
    F(result_example, size_bytes, RF_I64, "size-bytes"),
    F(result_example, frame_first, RF_U64, "frame-first"),
    F(result_example, frame_last, RF_U64, "frame-last"),
    F(result_example, note, RF_TEXT, "note"),
    END,
};
const struct result_element result_example_element = {"example", example_field};

static const struct result_field source_field[] = {
    F(result_source, kind, RF_TEXT, "kind"),
    F(result_source, path, RF_TEXT, "path"),
    F(result_source, digest, RF_TEXT, "sha256"),
    END,
};
const struct result_element result_source_element = {"source", source_field};

static const struct result_field interpretation_field[] = {
    F(result_text, id, RF_TEXT, "id"),
    F(result_text, section, RF_TEXT, "section"),
    F(result_text, reading, RF_TEXT, "reading"),
    F(result_text, ground, RF_TEXT, "ground"),
    END,
};
const struct result_element result_interpretation_element = {"interpretation",
                                                             interpretation_field};

static const struct result_field contradiction_field[] = {
    F(result_contradiction, kind, RF_TEXT, "kind"),  F(result_contradiction, what, RF_TEXT, "what"),
    F(result_contradiction, text, RF_TEXT, "text"),  F(result_contradiction, n, RF_U64, "n"),
    F(result_contradiction, frame, RF_U64, "frame"), END,
};
const struct result_element result_contradiction_element = {"contradiction", contradiction_field};

const char *const result_percentile_name[RESULT_PERCENTILES] = {
    "least-ns", "p50-ns", "p90-ns", "p95-ns", "p99-ns", "p999-ns", "worst-ns",
};
const char *const result_percentile_low_name[RESULT_PERCENTILES] = {
    "least-low-ns", "p50-low-ns",  "p90-low-ns",   "p95-low-ns",
    "p99-low-ns",   "p999-low-ns", "worst-low-ns",
};
const char *const result_percentile_high_name[RESULT_PERCENTILES] = {
    "least-high-ns", "p50-high-ns",  "p90-high-ns",   "p95-high-ns",
    "p99-high-ns",   "p999-high-ns", "worst-high-ns",
};
