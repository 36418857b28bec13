/* xlsx_impl - inside a workbook, shared by the xlsx*.c files. */
#ifndef HARNESS_XLSX_IMPL_H
#define HARNESS_XLSX_IMPL_H

#include "harness/base/names.h"
#include "harness/base/unzip.h"
#include "harness/base/xmlstream.h"
#include "harness/import/xlsx.h"

/* A list of texts that grows. */
struct xlsx_texts {
    const char **text;
    size_t n, cap;
};

struct xlsx_sheet {
    const char *name, *part; /* part NULL: none is related */
};

struct xlsx {
    const char *path;
    struct unzip zip;
    struct names parts; /* numbers of the zip's entries */
    struct arena arena;
    struct xlsx_sheet *sheet;
    size_t n_sheet, cap_sheet;
    struct xlsx_texts strings, formats; /* formats: of each cell style */
    size_t text_bytes;
    bool since_1904;
};

enum err_code xlsx_texts_add(struct xlsx *x, struct xlsx_texts *list, const char *text, size_t len,
                             size_t most, struct err *e);
/* The text with _xHHHH_ read as the characters that they stand for, in place; the new length. */
size_t xlsx_unescape(char *text, size_t len);

/* Reads a part through handlers; ERR_DATA when there is none of that name. */
enum err_code xlsx_part(struct xlsx *x, const char *part, const struct xmlstream_handler *handler,
                        void *arg, struct err *e);

/* xlsx_strings.c, xlsx_styles.c */
enum err_code xlsx_strings(struct xlsx *x, const char *part, struct err *e);
enum err_code xlsx_styles(struct xlsx *x, const char *part, struct err *e);
/* xlsx_cells.c */
enum err_code xlsx_cells(struct xlsx *x, const char *part, struct sheet *out,
                         struct sheet_problems *problems, struct err *e);

#endif
