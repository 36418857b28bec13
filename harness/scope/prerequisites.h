/* prerequisites - which use cases cannot do without which others.
 *
 * Names of use cases are the table's own; its loader has seen to it that there are no circles.
 * Ownership: borrows the table.
 * Spec:      4.20.2.
 */
#ifndef HARNESS_PREREQUISITES_H
#define HARNESS_PREREQUISITES_H

#include "harness/table/table.h"

/* Whether the use case by that name needs the other one, itself or through what it needs. Not so
 * for a use case and itself. */
bool prerequisite_of(const struct table *t, const char *needed, const char *by);

/* Whether the actor is another service provider's (4.20.1). */
bool prerequisite_third_party(const struct table *t, const char *actor);

/* The table's entry of that name, NULL none. */
const struct table_use_case *prerequisite_use_case(const struct table *t, const char *name);

#endif
