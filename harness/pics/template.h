/* template - a statement to fill in: loads and checks as it is, but for what is unset.
 *
 * Errors: ERR_USAGE for an actor that the table does not have, ERR_NOMEM.
 */
#ifndef HARNESS_PICS_TEMPLATE_H
#define HARNESS_PICS_TEMPLATE_H

#include "harness/report/text.h"
#include "harness/table/table.h"

/* For equipment that is these actors together. */
enum err_code pics_template(const struct table *t, const char *const *actor, size_t n_actor,
                            struct text *out, struct err *e);

/* All actors of the table in the order of their names, "A\nB\n". */
enum err_code pics_actors(const struct table *t, struct text *out, struct err *e);

#endif
