/* load - reading the requirement file, shared by the load_*.c files. */
#ifndef HARNESS_LOAD_H
#define HARNESS_LOAD_H

#include "harness/base/arena.h"
#include "harness/base/xml.h"
#include "harness/table/cell.h"
#include "harness/table/table.h"

struct load_spelling {
    enum table_cell column; /* CELL_FROM for actors, CELL_ATTRIBUTES */
    const char *written;
    const char *const *reads;
    size_t n_reads;
};

struct loading {
    struct arena arena;
    struct table *table;
    struct load_spelling *spelling;
    size_t n_spelling;
    const char *path;
    struct err *e;
};

/* Zeroed memory for n members; NULL with the fault told. n 0 gives a valid pointer. */
void *load_alloc(struct loading *l, size_t n, size_t size);
/* Copies of an attribute or a text; NULL with the fault told. attr NULL: the element's text. */
const char *load_string(struct loading *l, xmlNodePtr node, const char *attr);
/* The element's text, white space folded: paragraphs that people wrap. */
const char *load_words(struct loading *l, xmlNodePtr node);
/* As load_string for an attribute that may be absent: *out NULL then. */
enum err_code load_optional(struct loading *l, xmlNodePtr node, const char *attr, const char **out);
size_t load_count(xmlNodePtr parent, const char *name);
/* The texts of all children of that name. */
enum err_code load_strings(struct loading *l, xmlNodePtr parent, const char *name,
                           const char *const **out, size_t *n);

/* The names to use for a name as written: one or more. */
void load_spelled(const struct loading *l, enum table_cell column, const char *const *written,
                  const char *const **reads, size_t *n);

/* trigger and command of a row or leg, when it has them. */
enum err_code load_cause(struct loading *l, xmlNodePtr node, enum table_trigger *trigger,
                         const char **command);

/* load_use_case.c: the use cases with what they need, the third parties. */
enum err_code load_use_cases(struct loading *l, xmlNodePtr root);
/* load_cell.c: one cell element: as written, parsed, and equal to the form beside it. */
enum err_code load_cell(struct loading *l, xmlNodePtr node, enum table_cell column,
                        const char **written, struct cell *out);
/* load_own.c: what own tables have besides. */
enum err_code load_requirements(struct loading *l, xmlNodePtr node, struct table_row *row);
enum err_code load_part(struct loading *l, xmlNodePtr node, const char *section,
                        struct table_part *part);
/* The elements before the tables, and a row's readings, as XML text: no white space between
 * elements, comments left out. */
enum err_code load_definitions(struct loading *l, xmlNodePtr root);
/* load_leg.c: a leg of row, whose cells are loaded. */
enum err_code load_leg(struct loading *l, xmlNodePtr node, const struct table_row *row,
                       struct table_leg *leg);

#endif
