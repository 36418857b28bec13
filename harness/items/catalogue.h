/* catalogue - the rules by which a statement's items follow from the requirement table.
 *
 * Loaded from fixtures/requirements/statement-items.xml; the conditions in it can be read.
 * Ownership: catalogue_free frees everything; strings are borrowed from it.
 * Errors:    ERR_DATA with file and line.
 * Spec:      ISO/IEC 9646-7
 */
#ifndef HARNESS_CATALOGUE_H
#define HARNESS_CATALOGUE_H

#include "harness/base/arena.h"
#include "harness/base/err.h"

struct catalogue_condition { /* C.n */
    const char *id, *when, *yes, *otherwise;
};

struct catalogue_choice { /* O.n */
    const char *id, *about;
};

struct catalogue_item {
    const char *id, *status, *about, *reference;
    const char *allowed; /* "" it takes no values */
    const char *fact;    /* what in a statement uses it, "" nothing */
};

struct catalogue_mode { /* an item of actors with rows in that mode */
    const char *name;
    struct catalogue_item item;
};

struct catalogue_between {
    const char *actor;
    const char *const *use_case;
    size_t n_use_case;
};

struct catalogue {
    const char *path;
    const struct catalogue_condition *condition;
    size_t n_condition;
    const struct catalogue_choice *choice;
    size_t n_choice;
    const struct catalogue_item *equipment;
    size_t n_equipment;
    const char *use_cases, *rows, *readings, *forwarding; /* status of items of that kind */
    const struct catalogue_mode *mode;
    size_t n_mode;
    const struct catalogue_between *between;
    size_t n_between;
    struct arena arena; /* private */
};

/* path NULL: the one that ships with gridassay. */
enum err_code catalogue_load(const char *path, struct catalogue **out, struct err *e);
void catalogue_free(struct catalogue *c);

/* The condition of a status C.n; NULL: it is none. */
const struct catalogue_condition *catalogue_condition(const struct catalogue *c,
                                                      const char *status);

#endif
