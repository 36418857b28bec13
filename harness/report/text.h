/* text - the writer under all reports: appends to a buffer and escapes for the format at hand.
 *
 * The first fault sticks: later calls do nothing and text_done tells it, so that a report reads as
 * the sequence of its parts. Every string is hostile: invalid UTF-8, control characters and the
 * bidirectional overrides become U+FFFD, line ends and tabs a blank, in all styles.
 * Ownership: text_release frees the buffer; text_done lends it.
 * Errors:    ERR_NOMEM, ERR_LIMIT above TEXT_BYTES_MAX.
 */
#ifndef HARNESS_TEXT_H
#define HARNESS_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "harness/base/buf.h"
#include "harness/base/err.h"

#define TEXT_BYTES_MAX (512u * 1024 * 1024)

enum text_style {
    TEXT_PLAIN = 0, /* a terminal */
    TEXT_MARKUP,    /* HTML and XML, element text and quoted attributes */
    TEXT_TAP,       /* a TAP description or directive */
    TEXT_QUOTED,    /* inside a JSON-style double-quoted scalar */
    TEXT_STYLE_COUNT
};

struct text {
    struct buf buf;
    enum err_code rc;
    struct err err;
};

void text_init(struct text *t);
void text_release(struct text *t);
/* The first fault, copied to e, or ERR_OK. */
enum err_code text_done(const struct text *t, struct err *e);

void text_raw(struct text *t, const char *s);
/* Takes back what was written since the text was len bytes long. */
void text_cut(struct text *t, size_t len);
void text_f(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* s (NULL: nothing) escaped for style, at most max characters of it, then an ellipsis. */
void text_clip(struct text *t, enum text_style style, const char *s, size_t max);
void text_esc(struct text *t, enum text_style style, const char *s);
/* One CSV field (RFC 4180), quoted where needed; a text that a spreadsheet would run as a formula
 * gets an apostrophe in front. */
void text_csv(struct text *t, const char *s);

/* The next character of s, cleaned as said above; 0 at the end. */
uint32_t text_next(const char **s);

#endif
