/* columns - which column of a sheet is which, by its heading.
 *
 * Headings are the specification's or those that gridassay rows --format csv writes, in any order;
 * case, dashes, blanks and line breaks do not matter. Lines above the headings (a title) are
 * skipped.
 * Errors:    ERR_NOMEM; what is missing or twice becomes a problem.
 * Spec:      2.2.2.2.1.
 */
#ifndef HARNESS_COLUMNS_H
#define HARNESS_COLUMNS_H

#include "harness/import/sheet.h"

enum column {
    COLUMN_REF = 0,
    COLUMN_ROW_TYPE,
    COLUMN_DATAFLOW,
    COLUMN_FROM,
    COLUMN_TO,
    COLUMN_REQUIREMENT,
    COLUMN_PAYLOAD,
    COLUMN_TYPE,
    COLUMN_WHEN,
    COLUMN_HOW_OFTEN,
    COLUMN_RELIABILITY,
    COLUMN_LATENCY,
    COLUMN_SIZE, /* the last of those that a table of requirements has to have */
    COLUMN_ATTRIBUTES,
    COLUMN_LICS,
    COLUMN_CIA,
    COLUMN_BASELOAD,
    COLUMN_HIGHLOAD,
    COLUMN_SECTION,
    COLUMN_USE_CASE,
    COLUMN_TRIGGER,
    COLUMN_COMMAND,
    COLUMN_PARENT,
    COLUMN_READINGS,
    COLUMN_UNRESOLVED,
    COLUMN_REGISTER,
    COLUMN_COUNT
};

struct columns {
    size_t at[COLUMN_COUNT]; /* SHEET_NOWHERE: it has none */
    size_t heading;          /* the record with the headings; the table is behind it */
};

/* The heading as the specification has it, or ours. */
const char *column_title(enum column column);
/* How many headings of a table the record holds. */
size_t columns_known(const struct sheet_record *record);
/* payloads: the sheet of the payloads, which has to have other columns. Headings that are none of
 * ours are noted. */
enum err_code columns_find(const struct sheet *s, bool payloads, struct columns *out,
                           struct sheet_problems *problems, struct sheet_problems *notes,
                           struct err *e);
/* The cell of that column, "" where there is none. */
const char *column_cell(const struct columns *c, const struct sheet_record *r, enum column column);
/* Whether two headings or names are the same but for case and what is no letter or digit. */
bool column_same(const char *a, const char *b);

#endif
