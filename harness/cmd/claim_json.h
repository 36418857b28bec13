/* claim_json - the claim of one or several results for programs: one JSON object.
 *
 * All rows of each result, covered or not.
 * Errors: ERR_NOMEM, ERR_LIMIT.
 * Spec:   RFC 8259.
 */
#ifndef HARNESS_CLAIM_JSON_H
#define HARNESS_CLAIM_JSON_H

#include "harness/base/buf.h"
#include "harness/score/claim_join.h"

enum err_code claim_json(const struct claim_joined *joined, const struct claim_source *s, size_t n,
                         struct buf *out, struct err *e);

#endif
