/* take - attributes and children of an XML element as typed values.
 *
 * The first fault sticks: later calls do nothing and give harmless values, so a reader takes a
 * whole element and tests rc once.
 * Ownership: what is handed out lives in the arena.
 * Errors:    rc ERR_DATA with file, line and what was expected; ERR_NOMEM.
 */
#ifndef HARNESS_TAKE_H
#define HARNESS_TAKE_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"

struct take {
    struct arena *arena;
    enum err_code rc;
    struct err *e;
};

/* A copy in the arena; a missing attribute is a fault. */
const char *take_text(struct take *t, xmlNodePtr node, const char *attr);
const char *take_text_or(struct take *t, xmlNodePtr node, const char *attr, const char *fallback);
int64_t take_i64(struct take *t, xmlNodePtr node, const char *attr, int64_t min, int64_t max);
int64_t take_i64_or(struct take *t, xmlNodePtr node, const char *attr, int64_t min, int64_t max,
                    int64_t fallback);
/* A decimal number times scale, exactly: "0.5" seconds as 500000000 ns. */
int64_t take_fixed(struct take *t, xmlNodePtr node, const char *attr, int64_t scale, int64_t min,
                   int64_t max);
int64_t take_fixed_or(struct take *t, xmlNodePtr node, const char *attr, int64_t scale, int64_t min,
                      int64_t max, int64_t fallback);
/* "yes" or "no"; missing is no. */
bool take_bool(struct take *t, xmlNodePtr node, const char *attr);
/* Index of the attribute's value among n words. */
int take_word(struct take *t, xmlNodePtr node, const char *attr, const char *const *word, int n);

/* Zeroed room for as many elements as node has children of that name; *n their number. NULL with
 * *n 0 when there are none. */
void *take_array(struct take *t, xmlNodePtr node, const char *name, size_t element_bytes,
                 size_t *n);
void *take_room(struct take *t, size_t bytes);

/* Notes a fault of the caller's own at the node, unless there is one already. */
void take_fault(struct take *t, xmlNodePtr node, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
