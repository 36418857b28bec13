/* rule_parts - what the files that make rules share. For rule*.c only. */
#ifndef HARNESS_RULE_PARTS_H
#define HARNESS_RULE_PARTS_H

#include "harness/plan/rule.h"

/* ERR_USAGE for risks or a discrimination ratio out of range. */
enum err_code rule_check_terms(const struct rule_terms *t, struct err *e);
/* ERR_LIMIT. */
enum err_code rule_too_long(const struct rule_terms *t, struct err *e);
/* Whether any number of trials shows the ratio. */
bool rule_shows(const struct rule_terms *t);
/* Room for both tables, of so many steps each. */
enum err_code rule_tables(struct arena *a, uint32_t steps, uint32_t **accept, uint32_t **reject,
                          struct err *e);
/* The least (n, c) that keeps both risks. ERR_LIMIT when there is none. */
enum err_code rule_fixed_numbers(const struct rule_terms *t, bool clusters, uint32_t *n,
                                 uint32_t *c, struct err *e);

#endif
