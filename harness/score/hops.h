/* hops - how much of a reading's time each link and actor of the chain took, over its exchanges.
 *
 * Information beside the verdicts: what the equipment's own actors used of the end-to-end budget,
 * and what the links did that the tap sees. Of exchanges that were used, delivered and not
 * disturbed; the first HOPS_SAMPLE of them, so that percentiles are exact.
 * Ownership: hops_release frees.
 * Errors:    ERR_NOMEM.
 * Spec:      4.18: the latency of a way is that of its links and of the actors between.
 */
#ifndef HARNESS_HOPS_H
#define HARNESS_HOPS_H

#include "harness/plan/plan.h"
#include "harness/score/outcome.h"

#define HOPS_SAMPLE 20000

struct hop_sample {
    uint32_t endpoint;
    bool link;
    unsigned nth; /* of that endpoint and kind on one way: a chain can pass it twice */
    int64_t *took_ns;
    size_t n, cap;
};

struct hops {
    struct hop_sample hop[OUTCOME_STAGES];
    size_t n;
};

enum err_code hops_add(struct hops *h, const struct outcome *o, struct err *e);
/* Into the variant's result, in the order of the chain. */
enum err_code hops_result(struct hops *h, const struct plan *plan, const struct plan_variant *v,
                          struct arena *arena, struct result_variant *out);
void hops_release(struct hops *h);

#endif
