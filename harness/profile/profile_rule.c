#include "harness/base/xml.h"
#include "harness/profile/profile_parts.h"

#define PPM_PER_PERCENT 10000
#define WHOLE_PPM 1000000
#define LEAST_CONFIDENCE_PPM 500001
#define MOST_RISK_PPM 499999
#define LEAST_D_MILLI 1001
#define MOST_D_MILLI 1000000
#define MOST_TRIALS 10000000

static int64_t take_risk(struct take *t, xmlNodePtr node, const char *attr, int64_t fallback)
{
    return take_fixed_or(t, node, attr, PPM_PER_PERCENT, 1, MOST_RISK_PPM, fallback);
}

void profile_take_rule(struct take *t, xmlNodePtr root, struct profile *p)
{
    static const char *const kinds[PROFILE_RULE_COUNT] = {"sequential", "fixed", "short"};
    xmlNodePtr node = xml_child(root, "rule");
    p->confidence_ppm = take_fixed(t, node, "confidence-percent", PPM_PER_PERCENT,
                                   LEAST_CONFIDENCE_PPM, WHOLE_PPM - 1);
    p->rule = PROFILE_RULE_SEQUENTIAL;
    if (t->rc == ERR_OK && xml_attr(node, "kind") != NULL)
        p->rule = (enum profile_rule)take_word(t, node, "kind", kinds, PROFILE_RULE_COUNT);
    if (t->rc == ERR_OK && p->rule == PROFILE_RULE_SHORT &&
        (xml_attr(node, "consumer-risk-percent") != NULL ||
         xml_attr(node, "producer-risk-percent") != NULL ||
         xml_attr(node, "spread-producer-risk") != NULL))
        take_fault(t, node,
                   "kind=\"short\" with risks of its own, expected none: both follow from "
                   "confidence-percent");
    p->consumer_ppm = take_risk(t, node, "consumer-risk-percent", WHOLE_PPM - p->confidence_ppm);
    p->producer_ppm =
        take_risk(t, node, "producer-risk-percent",
                  p->rule == PROFILE_RULE_SHORT ? p->consumer_ppm : PROFILE_PRODUCER_PPM);
    p->discrimination_milli = take_fixed_or(t, node, "discrimination", 1000, LEAST_D_MILLI,
                                            MOST_D_MILLI, PROFILE_DISCRIMINATION_MILLI);
    p->clustering_ppm = take_risk(t, node, "clustering-level-percent", PROFILE_CLUSTERING_PPM);
    p->silent.rule = t->rc == ERR_OK && xml_attr(node, "kind") == NULL;
    p->silent.consumer = t->rc == ERR_OK && xml_attr(node, "consumer-risk-percent") == NULL;
    p->silent.producer = t->rc == ERR_OK && xml_attr(node, "producer-risk-percent") == NULL;
    p->silent.discrimination = t->rc == ERR_OK && xml_attr(node, "discrimination") == NULL;
    p->silent.clustering = t->rc == ERR_OK && xml_attr(node, "clustering-level-percent") == NULL;
    p->spread_producer = take_bool(t, node, "spread-producer-risk");
    p->trials_most = (uint32_t)take_i64_or(t, node, "trials-most", 1, MOST_TRIALS, 0);
}

void profile_take_laboratory(struct take *t, xmlNodePtr root, struct profile *p)
{
    xmlNodePtr node = xml_child(root, "laboratory");
    p->lab = (struct profile_laboratory){"", "", "", "", "", ""};
    if (node == NULL)
        return;
    p->lab.name = take_text_or(t, node, "name", "");
    p->lab.address = take_text_or(t, node, "address", "");
    p->lab.accreditation = take_text_or(t, node, "accreditation", "");
    p->lab.authorised_by = take_text_or(t, node, "authorised-by", "");
    p->lab.customer = take_text_or(t, node, "customer", "");
    p->lab.clock = take_text_or(t, node, "clock", "");
}
