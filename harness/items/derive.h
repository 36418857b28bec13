/* derive - the items of one actor, from the requirement table. For items.c only. */
#ifndef HARNESS_DERIVE_H
#define HARNESS_DERIVE_H

#include "harness/items/items.h"

/* The rows that an actor is an end of, whether it sends or receives them under a use case (NULL:
 * any). */
void derive_ends(const struct table_row *row, const char *actor, const char *use_case, bool *sends,
                 bool *receives);

/* Fills l->item. ERR_NOMEM. */
enum err_code derive_actor(const struct table *t, const struct catalogue *c, struct arena *arena,
                           struct item_list *l, struct err *e);
enum err_code derive_equipment(const struct catalogue *c, struct arena *arena, struct item_list *l,
                               struct err *e);

#endif
