/* plan_read - the parts of the plan's reader that stand in files of their own. For plan_read*.c
 * only. */
#ifndef HARNESS_PLAN_READ_H
#define HARNESS_PLAN_READ_H

#include "harness/base/take.h"
#include "harness/plan/plan.h"

void plan_take_bindings(struct take *t, xmlNodePtr root, struct plan *p);
/* After the bindings: rows point at them. */
void plan_take_rows(struct take *t, xmlNodePtr root, struct plan *p);
/* After rows and groups: cases point at both. */
void plan_take_scenarios(struct take *t, xmlNodePtr root, struct plan *p);
/* Arrays stand in the file with their index; a line lost or doubled shows there. */
void plan_take_index(struct take *t, xmlNodePtr node, size_t index);

#endif
