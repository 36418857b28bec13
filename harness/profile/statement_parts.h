/* statement_parts - what the files that read a statement share. For statement*.c only. */
#ifndef HARNESS_STATEMENT_PARTS_H
#define HARNESS_STATEMENT_PARTS_H

#include "harness/base/take.h"
#include "harness/profile/statement.h"

/* A file named in the statement lies beside it, unless its path is absolute. */
const char *statement_beside(struct take *t, const char *name, const char *statement);
/* <protocol>, <credential> and <items>. */
void statement_take_items(struct take *t, xmlNodePtr root, struct statement *s);

#endif
