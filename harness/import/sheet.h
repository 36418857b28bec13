/* sheet - a sheet of a spreadsheet as texts in rows and columns, and what is wrong with it.
 *
 * Both readers (csv.c, xlsx.c) make the same of the same contents: numbers, shares, dates and times
 * as the text that a person would have typed. Rows without any text are left out.
 * Ownership: sheet_release frees everything; texts are borrowed from it. Problems own their texts.
 * Errors:    ERR_LIMIT above a ceiling of base/limits.h, ERR_NOMEM.
 */
#ifndef HARNESS_SHEET_H
#define HARNESS_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/arena.h"
#include "harness/base/buf.h"
#include "harness/base/err.h"

struct sheet_record {
    long row;          /* as a spreadsheet counts them, from 1 */
    long line;         /* of the file where it begins, 0: not of lines */
    const char **cell; /* n of them, "" where nothing is */
    size_t n;
    bool listed; /* a problem lists it */
};

struct sheet {
    const char *path; /* borrowed */
    const char *name; /* NULL: a file of one sheet */
    struct sheet_record *record;
    size_t n, cap;
    size_t text_bytes;
    struct arena arena;
};

/* What a person has to look at, in the order found: "t.xlsx: sheet "S", row 17, column K: ...". */
struct sheet_problems {
    struct buf text; /* a line each */
    size_t n;
};

void sheet_init(struct sheet *s, const char *path);
void sheet_release(struct sheet *s);
/* The next record, with n empty cells. */
enum err_code sheet_add(struct sheet *s, long row, long line, size_t n, struct sheet_record **out,
                        struct err *e);
/* A copy of text as the sheet's. */
enum err_code sheet_text(struct sheet *s, const char *text, size_t len, const char **out,
                         struct err *e);

/* "A" for 0, "AB" for 27. room holds 8. */
const char *sheet_column_name(size_t column, char *room);

void problems_init(struct sheet_problems *p);
void problems_release(struct sheet_problems *p);
/* row 0, column SHEET_NOWHERE, heading NULL where they do not matter. */
#define SHEET_NOWHERE ((size_t)-1)
enum err_code problems_add(struct sheet_problems *p, const struct sheet *s, long row, long line,
                           size_t column, const char *heading, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 8, 9)));

#endif
