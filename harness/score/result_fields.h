/* result_fields - the attributes of run.xml, one table an element: the writer and the reader walk
 * the same tables, so what is written is what is read.
 *
 * Private to result_write.c and result_read.c.
 */
#ifndef HARNESS_RESULT_FIELDS_H
#define HARNESS_RESULT_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/score/result.h"

#define RESULT_VERSION "1"

enum field_kind {
    RF_TEXT = 0,
    RF_I64,
    RF_U64,
    RF_U32,
    RF_INT,
    RF_BOOL,
    RF_VERDICT,
    RF_STATUS,
    RF_CRITERION,
    RF_CAUSE,
    RF_KIND_COUNT
};

struct result_field {
    const char *name;
    enum field_kind kind;
    size_t at; /* offset in its struct */
    /* Files of before it was thought of lack it: then it is this, a text "". */
    bool optional;
    int64_t fallback;
};

struct result_element {
    const char *name;
    const struct result_field *field; /* ends with name NULL */
};

extern const struct result_element result_run_element, result_claim_element, result_rules_element,
    result_laboratory_element, result_campaign_element, result_evidence_element,
    result_bias_element, result_summary_element, result_row_element, result_variant_element,
    result_criterion_element, result_clause_element, result_example_element, result_hop_element,
    result_interpretation_element, result_contradiction_element, result_source_element;

/* Attribute names of the percentiles, in the order of percentile_ns. */
extern const char *const result_percentile_name[RESULT_PERCENTILES];
/* Of their bounds. */
extern const char *const result_percentile_low_name[RESULT_PERCENTILES];
extern const char *const result_percentile_high_name[RESULT_PERCENTILES];

#endif
