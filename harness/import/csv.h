/* csv - a CSV file as a sheet.
 *
 * RFC 4180 to the letter: a quote only around a whole field, all records as long as the first.
 * UTF-8 with or without a byte order mark; commas, semicolons or tabs, whichever gives the most
 * headings that are known. Line breaks within a field become \n.
 * Errors:    ERR_DATA with line and column of what is no CSV or no UTF-8; ERR_LIMIT, ERR_NOMEM.
 * Spec:      RFC 4180.
 */
#ifndef HARNESS_CSV_H
#define HARNESS_CSV_H

#include "harness/import/sheet.h"

/* How many columns' headings a record holds; NULL: all of its fields count. Asked of the first
 * CSV_HEAD records. */
#define CSV_HEAD 20
typedef size_t csv_known_fn(const struct sheet_record *record);

enum err_code csv_read(const char *path, csv_known_fn *known, struct sheet *out, struct err *e);
/* The same of bytes in memory; data[len] is a 0 byte. */
enum err_code csv_parse(const char *path, const char *data, size_t len, csv_known_fn *known,
                        struct sheet *out, struct err *e);

#endif
