/* effects - two traffic declarations that differ by errata: what each erratum does to the totals.
 *
 * Starting from the first declaration, each erratum is applied alone, and all in turn: values that
 * name it are dropped from the first and taken from the second.
 * Ownership: effects_free frees everything; table and profiles are borrowed for as long.
 * Errors:    as traffic_make.
 */
#ifndef HARNESS_EFFECTS_H
#define HARNESS_EFFECTS_H

#include "harness/traffic/traffic.h"

#define EFFECTS_MOST 64

struct effect {
    const struct table_erratum *erratum;
    struct traffic_sum alone[TRAFFIC_DIRECTIONS];   /* the first, with this one mended */
    struct traffic_sum in_turn[TRAFFIC_DIRECTIONS]; /* with this one and those before */
};

struct effects {
    struct traffic *from, *to;
    struct effect *effect;
    size_t n;
    bool whole; /* with all of them applied the first gives what the second gives */
};

enum err_code effects_make(const struct table *table, const struct profile *from,
                           const struct profile *to, struct effects **out, struct err *e);
void effects_free(struct effects *x);

#endif
