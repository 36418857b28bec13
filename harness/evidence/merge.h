/* merge - journal and capture as one stream in evidence time: the only way the judge sees either.
 *
 * Order depends on what is in the two files alone, never on when they were read, so a live judge
 * and a later scoring see the same stream. Each file keeps its own order; its times count as their
 * running maximum (capture stamps step back a little now and then). Of the two next items the
 * earlier one is given, the journal's when they are equal. While a file still grows, nothing is
 * given before the other side has reached it: that is what the journal's heartbeat and the
 * capture's statistics blocks are for. A file that ends in the middle of a record, or is damaged
 * there, gives one MERGE_CUT in its place in the stream and counts as ended; everything before it
 * has been given, the other file goes on. Ownership: what an item points to is borrowed until the
 * next merge_next. Errors:    ERR_AGAIN (following: nothing to give yet); ERR_CLOSED at the end of
 * both; ERR_DATA when a file cannot be used at all (missing, empty, not of its kind); ERR_SYS,
 * ERR_NOMEM. Time:      CLOCK_REALTIME nanoseconds.
 */
#ifndef HARNESS_MERGE_H
#define HARNESS_MERGE_H

#include "harness/evidence/capfile.h"
#include "harness/journal/journal.h"

enum merge_kind { MERGE_FRAME = 0, MERGE_STATS, MERGE_JOURNAL, MERGE_CUT, MERGE_KIND_COUNT };

struct merge_cut {
    bool journal;     /* the journal is cut; else the capture */
    const char *text; /* path, byte offset, last whole item, what was expected */
};

struct merge_item {
    enum merge_kind kind;
    int64_t now_ns;                /* evidence time: never goes back from one item to the next */
    union {                        /* by kind */
        const struct frame *frame; /* its own ts_ns may lie a little before now_ns */
        const struct capture_stats *stats;
        const struct journal_record *journal;
        struct merge_cut cut;
    } u;
};

struct merge;

/* journal_path NULL: a foreign capture, frames alone. follow: both files may still grow. */
enum err_code merge_open(const char *capture_path, const char *journal_path, bool follow,
                         struct merge **out, struct err *e);
enum err_code merge_next(struct merge *m, struct merge_item *item, struct err *e);
/* Both files are complete now: what remains is given, then ERR_CLOSED. */
void merge_finish(struct merge *m);
void merge_close(struct merge *m);

#endif
