/* rule_io - a rule as attributes of an element of plan.xml.
 *
 * The short plan by its three numbers: n, fail-at, accept (none: 0). The others as kind, n and the
 * two tables, numbers with blanks between: accepts, rejects.
 * Errors: as harness/base/take.h.
 */
#ifndef HARNESS_RULE_IO_H
#define HARNESS_RULE_IO_H

#include "harness/base/take.h"
#include "harness/base/xmlw.h"
#include "harness/plan/rule.h"

extern const char *const rule_kind_word[RULE_KIND_COUNT];

void rule_take(struct take *t, xmlNodePtr node, struct rule *out);
void rule_put(struct xmlw *w, const struct rule *r);

/* Any but the short one, from the two lists as written. ERR_DATA: they are none. */
enum err_code rule_of_lists(struct arena *a, enum rule_kind kind, uint32_t n, const char *accepts,
                            const char *rejects, struct rule *out, struct err *e);

#endif
