/* import - a utility's own requirement table out of a spreadsheet.
 *
 * Reads CSV or XLSX, whichever the file is, and makes the requirement file of it in memory, or says
 * what is wrong with each cell that cannot be read: nothing is imported by halves, no row is lost.
 * Ownership: import_release frees; options are borrowed for the call.
 * Errors:    ERR_DATA for a file that is no table at all; ERR_USAGE for a sheet that is not there;
 *            ERR_LIMIT, ERR_NOMEM. What is wrong with its contents stands in problems, and xml is
 *            empty then; notes are worth a look and no fault.
 * Spec:      2.2.2.2.1.
 */
#ifndef HARNESS_IMPORT_H
#define HARNESS_IMPORT_H

#include "harness/import/sheet.h"
#include "harness/table/table.h"

struct import_options {
    const char *path;
    const char *sheet;         /* of a workbook; NULL: Reqmts-Combined, or the first */
    const char *payload_sheet; /* NULL: Payload_attrib_LIC-CIA-rtnl, if there is one */
    const char *payloads;      /* a CSV or XLSX file with the payloads, NULL */
    const struct table *base;  /* what the spreadsheet does not say; NULL: nothing */
    const char *title;    /* what the table is called; NULL: as its register says, else its file */
    const char *edition;  /* NULL: as its register says, else "imported" */
    bool keep_unresolved; /* members outside the grammar are notes */
};

struct import_place {
    long xml_line, row, line; /* where a row begins in xml, and in the sheet */
};

struct import_result {
    struct sheet_problems problems, notes;
    struct buf xml;
    struct import_place *place;                   /* of each row, in order */
    char sheet[64];                               /* its name, "" */
    size_t n_record, n_parent, n_child, n_listed; /* records read; those that problems list */
    size_t n_row, n_optional, n_unresolved, n_untriggered;
    struct arena arena;
};

enum err_code import_table(const struct import_options *o, struct import_result *out,
                           struct err *e);
/* The place in the sheet that line xml_line was made of, NULL: none of a row. */
const struct import_place *import_place_of(const struct import_result *r, long xml_line);
void import_release(struct import_result *r);

#endif
