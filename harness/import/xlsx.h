/* xlsx - a workbook in Office Open XML: which sheets it has, and each as texts.
 *
 * Shared and inline strings, numbers by their formats (number.h), truth values, formulas by the
 * value that was stored with them. What a table must not have is a problem with its place: merged
 * cells, a formula without a value, an error value.
 * Ownership: xlsx_close frees; names are borrowed until then.
 * Errors:    ERR_DATA for what is no workbook (damaged, encrypted, a bomb, a document type
 *            declared), ERR_LIMIT, ERR_NOMEM, ERR_USAGE when there is no such file.
 * Spec:      ECMA-376 parts 1 and 2.
 */
#ifndef HARNESS_XLSX_H
#define HARNESS_XLSX_H

#include "harness/import/sheet.h"

struct xlsx;

enum err_code xlsx_open(const char *path, struct xlsx **out, struct err *e);
void xlsx_close(struct xlsx *x);
size_t xlsx_n_sheet(const struct xlsx *x);
const char *xlsx_sheet_name(const struct xlsx *x, size_t at);
enum err_code xlsx_read(struct xlsx *x, size_t at, struct sheet *out,
                        struct sheet_problems *problems, struct err *e);

#endif
