/* document - a statement as people read it: who, where, what it supports, what is to be looked
 * at. As a page in the style of the report, and for a terminal.
 *
 * A function of the statement and the table alone. Secrets are shown by their reference; a URL that
 * holds one is withheld.
 * Ownership: pics_document_release frees what pics_document_load has found.
 * Errors:    pics_document_load as statement_load; the writers' stick in out.
 */
#ifndef HARNESS_PICS_DOCUMENT_H
#define HARNESS_PICS_DOCUMENT_H

#include "harness/pics/check.h"
#include "harness/report/text.h"

struct pics_document {
    const char *path;
    struct statement *statement;
    struct table *table;
    struct items *items;
    struct pics_report found;
};

/* d->path is set. */
enum err_code pics_document_load(struct pics_document *d, const char *table, struct err *e);
void pics_document_release(struct pics_document *d);

void pics_html(const struct pics_document *d, struct text *out);
void pics_text(const struct pics_document *d, struct text *out);

/* How the answers of a statement stand. */
struct pics_count {
    size_t items, yes, no, unset, not_applicable;
};
struct pics_count pics_count(const struct items *items);
/* "errors", "unset", "partial" or "complete". */
const char *pics_state(const struct pics_document *d);
/* "mandatory", "optional", "excluded", "not applicable", "open". */
const char *pics_need(enum item_need need);

/* document_items.c: the lists and the legend, for pics_html. */
void pics_html_items(const struct pics_document *d, struct text *out);

#endif
