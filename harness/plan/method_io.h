/* method_io - the method as <method> of plan.xml and run.xml, and taken over from one to the other.
 *
 * One writer and one reader for both files. The element is optional: plans and results from before
 * it was thought of have none, and give none again.
 * Ownership: what is read or copied lives in the arena.
 * Errors:    ERR_DATA with file and line, ERR_NOMEM.
 */
#ifndef HARNESS_METHOD_IO_H
#define HARNESS_METHOD_IO_H

#include "harness/base/arena.h"
#include "harness/base/take.h"
#include "harness/base/xmlw.h"
#include "harness/plan/method.h"

/* Whether there is one at all. */
bool method_given(const struct method *m);
/* Nothing where none is given. */
void method_write(struct xmlw *w, const struct method *m);
/* The child <method> of root; where there is none, a method without anything: texts "", no tool. */
void method_read(struct take *t, xmlNodePtr root, struct method *m);
/* False: no memory; *to is then one without anything. */
bool method_copy(struct arena *arena, const struct method *from, struct method *to);

#endif
