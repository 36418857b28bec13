/* ledger_line - one line of a ledger: whether it is an entry, whole, and what it says.
 *
 * Private to this folder. A line is given without its end and borrowed.
 */
#ifndef HARNESS_LEDGER_LINE_H
#define HARNESS_LEDGER_LINE_H

#include "harness/campaign/ledger.h"

struct ledger_line {
    const char *text;
    size_t len;
    size_t number; /* in the file, from 1 */
};

/* It begins as an entry does: kind and stated digest (64 digits, borrowed, no closing 0). */
bool ledger_line_head(const struct ledger_line *line, enum ledger_kind *kind, const char **digest);
/* And its bytes give that digest. */
bool ledger_line_whole(const struct ledger_line *line);
/* What an append that was cut can leave: less than an entry, or nothing but zero bytes behind. */
bool ledger_line_cut(const struct ledger_line *line);
/* What was cut was, or may have been, a run's beginning. */
bool ledger_line_cut_begin(const struct ledger_line *line);
/* The number of an entry, 0 none. */
uint32_t ledger_line_number(const struct ledger_line *line);
/* Whether it is a cut entry that names left as what stands before it. */
bool ledger_line_names(const struct ledger_line *line, const struct ledger_line *left);

/* Takes a whole line in; of an open, identity. Chain and signature are not looked at. */
enum err_code ledger_line_read(const struct ledger_line *line, const char *path, struct arena *a,
                               struct ledger_identity *identity, char id[LEDGER_ID_BYTES],
                               struct ledger_entry *out, struct err *e);

#endif
