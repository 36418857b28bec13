/* facts - what the rest of a statement makes use of, so that answers can be held against it.
 *
 * Errors: none; a name that nobody knows is no fact.
 */
#ifndef HARNESS_PICS_FACTS_H
#define HARNESS_PICS_FACTS_H

#include <stdbool.h>

#include "harness/profile/statement.h"

struct fact {
    bool known;
    bool used;   /* the statement makes use of it */
    bool wanted; /* where it is supported, a statement makes use of it */
    long line;   /* where, or where it would */
    const char *how;
};

struct fact fact_of(const struct statement *s, const char *name);

#endif
