/* message - the checker's numbered messages.
 *
 * Numbers never change their meaning. Up to 99 they are errors; from 101 on they are warnings, of
 * which some are errors where certification is asked for.
 * Ownership: pics_report_free frees all.
 * Errors:    a report that ran out of memory keeps that in rc.
 */
#ifndef HARNESS_PICS_MESSAGE_H
#define HARNESS_PICS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"

struct pics_kind {
    unsigned number;
    bool certified; /* an error in certification */
    const char *meaning;
};

/* Ends with number 0. */
extern const struct pics_kind pics_kind[];

struct pics_message {
    unsigned number;
    bool error;
    long line;
    const char *text; /* one sentence */
    size_t nth;       /* as found */
};

struct pics_report {
    bool certification;
    struct pics_message *message; /* by line */
    size_t n, cap;
    size_t errors, warnings;
    size_t unset; /* of them messages about what is unset: 101 and 102 */
    enum err_code rc;
    struct arena arena; /* private: the texts */
};

void pics_report_init(struct pics_report *r, bool certification);
void pics_report_release(struct pics_report *r);
void pics_add(struct pics_report *r, unsigned number, long line, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* In the order of the lines. */
void pics_sort(struct pics_report *r);
/* "E002" or "W101". */
const char *pics_code(const struct pics_message *m, char out[8]);

#endif
