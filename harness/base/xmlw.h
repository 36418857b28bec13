/* xmlw - writing XML, one element a line, the same bytes for the same values.
 *
 * The first fault sticks: later calls do nothing, so a writer is run through and rc tested once.
 * Attributes follow their xmlw_open at once. Text that XML cannot hold (control characters, bytes
 * that are no UTF-8) is a fault, never silently changed, but for xmlw_attr_foreign.
 * Ownership: borrows the buffer.
 * Errors:    rc ERR_DATA for such text, ERR_LIMIT and ERR_NOMEM of the buffer.
 */
#ifndef HARNESS_XMLW_H
#define HARNESS_XMLW_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/base/buf.h"
#include "harness/base/err.h"

struct xmlw {
    struct buf *out;
    enum err_code rc;
    struct err *e;
    int depth;     /* of open elements */
    bool tag_open; /* the last start tag still takes attributes */
    bool has_text; /* the innermost element holds text: its end tag follows at once */
};

/* Begins with the XML declaration. */
void xmlw_begin(struct xmlw *w, struct buf *out, struct err *e);
void xmlw_open(struct xmlw *w, const char *element);
/* value NULL writes nothing. */
void xmlw_attr(struct xmlw *w, const char *name, const char *value);
/* What came from the equipment: each byte that XML cannot hold becomes U+FFFD; NULL is "". */
void xmlw_attr_foreign(struct xmlw *w, const char *name, const char *value);
void xmlw_attr_i64(struct xmlw *w, const char *name, int64_t value);
void xmlw_attr_u64(struct xmlw *w, const char *name, uint64_t value);
/* "yes", or nothing for false. */
void xmlw_attr_bool(struct xmlw *w, const char *name, bool value);
void xmlw_text(struct xmlw *w, const char *text);
void xmlw_close(struct xmlw *w, const char *element);

/* For those that put a file together themselves: text with entities where it needs them, and an
 * attribute with a blank before it (value NULL: nothing). */
enum err_code xmlw_escape(struct buf *out, const char *text, struct err *e);
enum err_code xmlw_put_attr(struct buf *out, const char *name, const char *value, struct err *e);
/* Bytes of the UTF-8 character at text (not empty) that XML 1.0 can hold, 0: it can't. */
size_t xmlw_char_bytes(const char *text);

#endif
