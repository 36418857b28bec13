/* cell_scan - reading the text of one member, piece by piece. For the cell_*.c files only.
 *
 * Each scan_ function either takes its piece and says true, or leaves the position and says false.
 * Ownership: borrows the text.
 */
#ifndef HARNESS_CELL_SCAN_H
#define HARNESS_CELL_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/table/cell.h"

#define CELL_REFERENCE "See REQMTS Table" /* to a spreadsheet that the document lacks */

struct scan {
    const char *p, *end;
};

struct scan scan_make(const char *text);
bool scan_done(struct scan *s);                   /* nothing but blanks left */
bool scan_word(struct scan *s, const char *word); /* blanks, then exactly these bytes */
/* 12, 2,000; at most 1e12. */
bool scan_int(struct scan *s, int64_t *out);
/* "1.5" times scale, exactly. */
bool scan_fixed(struct scan *s, int64_t scale, int64_t *out);
/* sec, min, hr, hour, hours, day, week as seconds. */
bool scan_unit(struct scan *s, int64_t *out_s);
/* A letter that stands for a number: x, y, z, xx; not the begin of a longer word. */
bool scan_letter(struct scan *s, char out[3]);
/* Text in brackets at the position, without them. */
bool scan_bracket(struct scan *s, const char **text, size_t *len);

/* Keeps the text folded in *dst. False with out->why NULL when memory is out. */
bool scan_keep(struct arena *a, const char *text, size_t len, const char **dst,
               struct cell_item *out);
/* As scan_keep for all that is left, which is taken. */
bool scan_rest(struct scan *s, struct arena *a, const char **dst, struct cell_item *out);

/* Column parsers: each fills one item from the folded member text. False when it does not fit, with
 * the reason in out->why, or NULL there when memory is out. */
typedef bool item_fn(struct arena *a, const char *text, struct cell_item *out);

item_fn item_attribute, item_flag, item_actor; /* cell_names.c */
item_fn item_share, item_limit, item_bytes;    /* cell_limits.c */
item_fn item_when, item_rate;                  /* cell_times.c */

/* The letters of the member that stand for values, each once. */
void item_parameters(struct cell_item *out);

/* Whether a rate ("3 per", "x per") begins at the position: where a list of rates may be cut. */
bool item_rate_begins(const char *text);

#endif
