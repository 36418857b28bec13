/* records - reads the exchanges file of a run, record after record.
 *
 * Context records (history.h) are passed over.
 * Ownership: records_close frees; records_next fills the caller's record.
 * Errors:    ERR_DATA with path and place: missing, another format, cut, a value out of range;
 *            ERR_CLOSED at the proper end.
 */
#ifndef HARNESS_RECORDS_H
#define HARNESS_RECORDS_H

#include "harness/base/infile.h"
#include "harness/score/outcome.h"

#define RECORDS_CONTEXT UINT32_MAX /* row of a record that is about no attempt */

struct records {
    struct infile in;
    uint64_t n; /* records given */
    const struct result *result;
};

/* result: the run.xml that the records lead to; row and variant of each record are in it. NULL: the
 * caller looks after that. */
enum err_code records_open(const char *path, const struct result *result, struct records *r,
                           struct err *e);
enum err_code records_next(struct records *r, struct exchange_record *out, struct err *e);
void records_close(struct records *r);

#endif
