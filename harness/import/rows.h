/* rows - the records of a sheet as rows of a requirement table with their readings and parts.
 *
 * Parent records of one payload and section are the readings of one row, as the specification's own
 * tables fold them; child records are parts of the parent above that has the same payload, or of
 * the one that the column "parent" names. What a record does not say, the trigger among it, is
 * taken from the row of the same payload in the base table.
 * Ownership: rows_release frees; texts are borrowed from the sheets and the base table.
 * Errors:    ERR_NOMEM, ERR_LIMIT; everything that is wrong with the records becomes a problem.
 * Spec:      2.2.2.2.1.
 */
#ifndef HARNESS_IMPORT_ROWS_H
#define HARNESS_IMPORT_ROWS_H

#include "harness/import/columns.h"
#include "harness/import/registry.h"
#include "harness/table/cell.h"

#define NOTHING ((size_t)-1)

/* A parent record. */
struct entry {
    struct sheet_record *record;
    const struct table_row *base;                   /* NULL */
    const char *section, *payload, *type, *command; /* command "": none */
    enum table_trigger trigger;
    const char *const *use_case;
    size_t n_use_case;
    const char *cell[CELL_COUNT];
    const char *ref, *dataflow, *requirement, *readings; /* "" */
    const char *leg;                                     /* id of its reading, once grouped */
    size_t group, next;                                  /* next of the same group, NOTHING */
};

/* A row: its records. */
struct group {
    const char *id;
    size_t first, last, n;
    bool apart;                   /* they serve a use case each */
    const char *cell[CELL_COUNT]; /* of all of them together */
};

struct child {
    struct sheet_record *record;
    const char *section, *payload;
    size_t parent;   /* an entry, NOTHING: a part of the section's table */
    const char *leg; /* "": the parent's */
    bool of_row;     /* of the whole row of that entry, whichever its readings */
};

struct rows_input {
    const struct sheet *sheet;
    const struct columns *columns;
    const struct sheet *payloads; /* NULL */
    const struct columns *payload_columns;
    const struct table *base; /* NULL: none */
    bool keep_unresolved;
};

struct import_rows {
    const struct rows_input *in;
    struct registry *registry;
    struct sheet_problems *problems, *notes;
    struct arena arena;
    struct entry *entry;
    struct group *group;
    struct child *child;
    size_t n_entry, n_group, n_child;
    size_t n_listed; /* records that problems list */
    size_t n_untriggered, n_unresolved, n_optional;
    struct names groups;
};

enum err_code rows_read(struct import_rows *r, struct err *e);
void rows_release(struct import_rows *r);

/* rows_parts.c: ties children to parents. */
enum err_code rows_tie(struct import_rows *r, struct err *e);
/* rows_groups.c: folds the parents. */
enum err_code rows_fold(struct import_rows *r, struct err *e);

/* A problem of the record, in a column or (COLUMN_COUNT) in none. */
enum err_code rows_problem(struct import_rows *r, struct sheet_record *record, enum column column,
                           struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* The column that a cell of a row comes from. */
enum column rows_column(enum table_cell cell);

/* write.c: the whole file; line[i] is where group i begins. */
enum err_code rows_write_table(const struct import_rows *r, struct buf *out, long *line,
                               struct err *e);

#endif
