/* The settings of a certification: the whole profile, nothing relaxed, by a tool that is known. */
#include <stdio.h>
#include <string.h>

#include "harness/base/version.h"
#include "harness/plan/build_parts.h"

/* Default risks or stricter. */
#define MOST_RISK_PPM 50000
#define MOST_DISCRIMINATION_MILLI 3000
#define LEAST_CLUSTERING_PPM 10000

/* All that is wrong, in one fault: "a; b". */
struct refusal {
    char text[700];
    unsigned n;
};

static void refuse(struct refusal *r, const char *what)
{
    size_t used = strlen(r->text);
    (void)snprintf(r->text + used, sizeof r->text - used, "%s%s", r->n++ == 0 ? "" : "; ", what);
}

static void check_risks(const struct build *b, struct refusal *r)
{
    const struct plan_risks *k = &b->plan->risks;
    char text[120];
    if (b->plan->confidence_ppm < 1000000 - MOST_RISK_PPM || k->consumer_ppm > MOST_RISK_PPM) {
        (void)snprintf(text, sizeof text, "a consumer's risk of %lld ppm, expected 50000 or less",
                       (long long)k->consumer_ppm);
        refuse(r, text);
    }
    if (k->producer_ppm > MOST_RISK_PPM) {
        (void)snprintf(text, sizeof text, "a producer's risk of %lld ppm, expected 50000 or less",
                       (long long)k->producer_ppm);
        refuse(r, text);
    }
    if (k->kind != RULE_SHORT && k->discrimination_milli > MOST_DISCRIMINATION_MILLI)
        refuse(r, "a discrimination ratio above 3");
    if (k->clustering_ppm < LEAST_CLUSTERING_PPM)
        refuse(r, "the test that failures do not come together is weaker than 1 %");
}

static void check_tool(struct refusal *r)
{
    if (version_clean())
        return;
    char text[200];
    (void)snprintf(text, sizeof text,
                   "this is gridassay %s, expected one built from a clean checkout of a tag or "
                   "commit",
                   version_text());
    refuse(r, text);
}

void build_certify(struct build *b)
{
    const struct profile *f = b->profile;
    struct method *m = &b->plan->method;
    struct refusal r = {{0}, 0};
    if (!b->o->certification)
        return;
    if (b->o->trials_most > 0)
        refuse(&r, "a budget of trials (--trials-most)");
    for (size_t i = 0; i < f->n_overlay; i++)
        if (f->overlay[i].source[0] == '\0') {
            refuse(&r, build_text(b, "an overlay without a source (line %ld)", f->overlay[i].line));
            break;
        }
    check_risks(b, &r);
    check_tool(&r);
    /* Quantities are shown, or not, by the run. */
    for (size_t i = 0; i < m->n_limit; i++)
        if (strcmp(m->limit[i].kind, "quantity") != 0)
            refuse(&r, m->limit[i].text);
    if (r.n > 0)
        build_fault(b, ERR_SCOPE, "%s: no certification with: %s", f->path, r.text);
    m->certification = true;
}
