/* rate - how often each originator sends a payload in a period of the deployment's clock.
 *
 * Of targets whose rate is judged: every message of theirs in the evidence counts, awaited or not;
 * one that comes again under its own id does not. Periods follow each other from the beginning of
 * the evidence, or from where the deployment's clock was set; only whole ones are judged. A count
 * that is off by one may be the edge of a period: alone it refutes nothing. Of a reading that the
 * plan only observes no more than the declared day counts, copies under one id do, and a device of
 * which nothing came all day is one that sent too little.
 * Ownership: rate_free frees; plan and deployment are borrowed. Memory is that of the originators,
 * of which no more than RATE_ORIGINATORS are counted.
 * Errors:    ERR_NOMEM.
 */
#ifndef HARNESS_RATE_H
#define HARNESS_RATE_H

#include "harness/exchange/sighting.h"
#include "harness/plan/plan.h"
#include "harness/score/deployment.h"

#define RATE_ORIGINATORS (1024u * 1024)

struct rate;

struct rate_count {
    uint64_t originators;
    uint64_t silent;                   /* originators that the plan knows and nothing was seen of */
    uint64_t periods, good, edge, bad; /* whole periods, all originators together */
    uint64_t frame_first, frame_last;
    bool dropped; /* the capture lost packets: what misses may be among them */
};

enum err_code rate_new(const struct plan *plan, const struct deployment *deployment,
                       struct rate **out, struct err *e);
void rate_free(struct rate *r);
/* Any sighting; only the equipment's own payloads count. first_ns: the evidence's beginning. */
enum err_code rate_seen(struct rate *r, const struct sighting *s, int64_t first_ns, struct err *e);
/* Readings that only observe and that the sighting counts for, one a call: from is 0 at first.
 * False: no further one. */
bool rate_observes(const struct rate *r, const struct sighting *s, size_t *from, uint32_t *row,
                   uint32_t *variant, uint64_t *device);
void rate_told(const struct rate *r, uint32_t row, uint32_t variant, int64_t first_ns,
               int64_t last_ns, struct rate_count *out);

#endif
