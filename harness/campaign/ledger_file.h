/* ledger_file - appending to a ledger: one process at a time, whole lines, on the disk at once.
 *
 * An append is one write and an fsync. What a power cut leaves of one stays where it is: the next
 * append ends that line and puts an entry behind it that names what was left, digest and all.
 * Ownership: ledger_unlock frees; f->ledger is as it was read, its head follows what is appended.
 * Errors:    ERR_TIMEOUT when another process holds it for 10 s; ERR_SYS (cannot be written:
 *            nothing is, then); ERR_EVIDENCE and ERR_DATA as ledger_read.
 */
#ifndef HARNESS_LEDGER_FILE_H
#define HARNESS_LEDGER_FILE_H

#include <limits.h>

#include "harness/campaign/ledger.h"

struct ledger_file {
    int fd; /* -1: not open */
    char path[PATH_MAX];
    struct ledger *ledger;
    uint32_t last; /* number of the last entry */
    bool tail;     /* the next append has to deal with what the last one left */
};

/* A new one with its first entry, which appears whole or not at all; its folder is made. One that
 * is there already is left alone. */
enum err_code ledger_create(const char *path, const struct ledger_identity *identity,
                            struct err *e);

/* Opens, locks, reads and checks. */
enum err_code ledger_lock(const char *path, struct ledger_file *f, struct err *e);
/* Ends the line that a cut append left and names it, where there is one. */
enum err_code ledger_mend(struct ledger_file *f, struct err *e);
/* Mends, then appends: entry's number, before and at are filled here; ledger->head is the new one
 * then. */
enum err_code ledger_append(struct ledger_file *f, const struct ledger_entry *entry, struct err *e);
void ledger_unlock(struct ledger_file *f);

#endif
