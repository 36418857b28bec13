#include "harness/plan/terms.h"

#include "harness/base/xml.h"
#include "harness/plan/rule_io.h"

/* Of plans that do not say. */
#define DISCRIMINATION_MILLI 3000
#define CLUSTERING_PPM 10000

#define MOST_RISK_PPM 499999
#define LEAST_D_MILLI 1001
#define MOST_D_MILLI 1000000

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static void take_risks(struct take *t, xmlNodePtr root, struct plan *p)
{
    xmlNodePtr node = xml_child(root, "risks");
    struct plan_risks *r = &p->risks;
    *r = (struct plan_risks){.kind = RULE_SHORT,
                             .consumer_ppm = 1000000 - p->confidence_ppm,
                             .producer_ppm = 1000000 - p->confidence_ppm,
                             .producer_own_ppm = 1000000 - p->confidence_ppm,
                             .discrimination_milli = DISCRIMINATION_MILLI,
                             .clustering_ppm = CLUSTERING_PPM};
    if (node == NULL)
        return;
    r->kind = (enum rule_kind)take_word(t, node, "kind", rule_kind_word, RULE_KIND_COUNT);
    r->consumer_ppm = take_i64(t, node, "consumer-ppm", 1, MOST_RISK_PPM);
    r->producer_ppm = take_i64(t, node, "producer-ppm", 1, MOST_RISK_PPM);
    r->producer_own_ppm = take_i64(t, node, "producer-own-ppm", 1, MOST_RISK_PPM);
    r->discrimination_milli =
        take_i64(t, node, "discrimination-milli", LEAST_D_MILLI, MOST_D_MILLI);
    r->clustering_ppm = take_i64(t, node, "clustering-ppm", 1, MOST_RISK_PPM);
    r->spread = take_bool(t, node, "spread");
}

static void take_laboratory(struct take *t, xmlNodePtr root, struct plan *p)
{
    xmlNodePtr node = xml_child(root, "laboratory");
    struct plan_laboratory *l = &p->laboratory;
    *l = (struct plan_laboratory){"", "", "", "", "", ""};
    if (node == NULL)
        return;
    l->name = take_text_or(t, node, "name", "");
    l->address = take_text_or(t, node, "address", "");
    l->accreditation = take_text_or(t, node, "accreditation", "");
    l->authorised_by = take_text_or(t, node, "authorised-by", "");
    l->customer = take_text_or(t, node, "customer", "");
    l->clock = take_text_or(t, node, "clock", "");
}

static void take_campaign(struct take *t, xmlNodePtr root, struct plan *p)
{
    xmlNodePtr node = xml_child(root, "campaign");
    p->campaign = (struct plan_campaign){"", "", 0, 0};
    if (node != NULL) {
        p->campaign.id = take_text(t, node, "id");
        p->campaign.head = take_text(t, node, "head");
        p->campaign.submission = (uint32_t)take_i64(t, node, "submission", 1, UINT32_MAX);
        p->campaign.generation = (uint32_t)take_i64(t, node, "generation", 1, UINT32_MAX);
    }
    struct plan_earlier *e = take_array(t, root, "earlier", sizeof *e, &p->n_earlier);
    p->earlier = e;
    node = xml_child(root, "earlier");
    for (size_t i = 0; i < p->n_earlier; i++, node = xml_next(node, "earlier")) {
        e[i].nonce = take_text(t, node, "nonce");
        e[i].path = take_text(t, node, "path");
        e[i].plan_digest = take_text(t, node, "plan-sha256");
        e[i].exchanges_digest = take_text(t, node, "exchanges-sha256");
    }
}

void terms_take(struct take *t, xmlNodePtr root, struct plan *p)
{
    take_risks(t, root, p);
    take_laboratory(t, root, p);
    take_campaign(t, root, p);
}

const char *terms_take_unit(struct take *t, xmlNodePtr variant)
{
    static const char *const units[] = {"exchange", "connection", "event", "period"};
    return xml_attr(variant, "unit") == NULL
               ? units[0]
               : units[take_word(t, variant, "unit", units, COUNT_OF(units))];
}

static bool has(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static void put_text(struct xmlw *w, const char *name, const char *value)
{
    if (has(value))
        xmlw_attr(w, name, value);
}

static void put_risks(struct xmlw *w, const struct plan_risks *r)
{
    xmlw_open(w, "risks");
    xmlw_attr(w, "kind", rule_kind_word[r->kind]);
    xmlw_attr_i64(w, "consumer-ppm", r->consumer_ppm);
    xmlw_attr_i64(w, "producer-ppm", r->producer_ppm);
    xmlw_attr_i64(w, "producer-own-ppm", r->producer_own_ppm);
    xmlw_attr_i64(w, "discrimination-milli", r->discrimination_milli);
    xmlw_attr_i64(w, "clustering-ppm", r->clustering_ppm);
    xmlw_attr_bool(w, "spread", r->spread);
    xmlw_close(w, "risks");
}

void terms_put(struct xmlw *w, const struct plan *p)
{
    const struct plan_laboratory *l = &p->laboratory;
    if (p->risks.consumer_ppm > 0)
        put_risks(w, &p->risks);
    if (has(l->name) || has(l->address) || has(l->accreditation) || has(l->authorised_by) ||
        has(l->customer) || has(l->clock)) {
        xmlw_open(w, "laboratory");
        put_text(w, "name", l->name);
        put_text(w, "address", l->address);
        put_text(w, "accreditation", l->accreditation);
        put_text(w, "authorised-by", l->authorised_by);
        put_text(w, "customer", l->customer);
        put_text(w, "clock", l->clock);
        xmlw_close(w, "laboratory");
    }
    if (has(p->campaign.id)) {
        xmlw_open(w, "campaign");
        xmlw_attr(w, "id", p->campaign.id);
        xmlw_attr(w, "head", p->campaign.head);
        xmlw_attr_u64(w, "submission", p->campaign.submission);
        xmlw_attr_u64(w, "generation", p->campaign.generation);
        xmlw_close(w, "campaign");
    }
    for (size_t i = 0; i < p->n_earlier; i++) {
        xmlw_open(w, "earlier");
        xmlw_attr(w, "nonce", p->earlier[i].nonce);
        xmlw_attr(w, "path", p->earlier[i].path);
        xmlw_attr(w, "plan-sha256", p->earlier[i].plan_digest);
        xmlw_attr(w, "exchanges-sha256", p->earlier[i].exchanges_digest);
        xmlw_close(w, "earlier");
    }
}
