/* kinds - what the how-often cells count by: populations, periods and operations as data.
 *
 * fixtures/requirements/traffic.xml, checked against traffic.rng.
 * Ownership: kinds_free frees everything; all pointers are borrowed from it.
 * Errors:    ERR_DATA with file and line.
 */
#ifndef HARNESS_KINDS_H
#define HARNESS_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"
#include "harness/traffic/ratio.h"

struct kinds_member {
    const char *actor, *device_class; /* class "" all */
};

enum kinds_one_per { ONE_PER_MEMBER = 0, ONE_PER_AGGREGATOR, ONE_PER_DEPLOYMENT };

struct kinds_population {
    const char *name;
    enum kinds_one_per one_per;
    const struct kinds_member *member;
    size_t n_member;
};

struct kinds_period {
    const char *name;
    struct ratio days;
};

struct kinds_cause {
    const char *period, *payload;
};

struct kinds_tied { /* the range's most often goes with its least bytes, and the other way */
    const char *row, *leg;
};

struct kinds {
    const struct kinds_population *population;
    size_t n_population;
    const struct kinds_period *period;
    size_t n_period;
    const struct kinds_cause *cause;
    size_t n_cause;
    const struct kinds_tied *tied;
    size_t n_tied;
    struct arena arena; /* private */
};

enum err_code kinds_load(struct kinds **out, struct err *e);
void kinds_free(struct kinds *k);

/* NULL: none of that name. */
const struct kinds_population *kinds_population(const struct kinds *k, const char *name);
const struct kinds_period *kinds_period(const struct kinds *k, const char *name);
const struct kinds_cause *kinds_cause(const struct kinds *k, const char *period);
bool kinds_is_tied(const struct kinds *k, const char *row, const char *leg);

/* Whether that actor is among those that anything is counted by: a device in the field. */
bool kinds_is_field(const struct kinds *k, const char *actor);

#endif
