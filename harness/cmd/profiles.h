/* profiles - what the profiles command writes. For cmd_profiles.c.
 *
 * Ownership: book, deployment and table are borrowed; out grows.
 * Errors:    ERR_NOMEM, ERR_LIMIT; ERR_SCOPE where a deployment leaves no row.
 * Spec:      4.20.3.
 */
#ifndef HARNESS_PROFILES_H
#define HARNESS_PROFILES_H

#include "harness/base/buf.h"
#include "harness/scope/deployment.h"
#include "harness/table/table.h"

enum profiles_format { PROFILES_TABLE = 0, PROFILES_JSON, PROFILES_CSV, PROFILES_FORMS };

struct profiles_style {
    enum profiles_format format;
    size_t width; /* of a line, 0: any */
    bool colour;
};

/* Every profile that the document names, and how many that makes. */
enum err_code profiles_all(const struct deployment_book *b, const struct profiles_style *s,
                           struct buf *out, struct err *e);
/* The decisions and their options. */
enum err_code profiles_decisions(const struct deployment_book *b, const struct profiles_style *s,
                                 struct buf *out, struct err *e);
/* What a deployment decides, and what of the table that leaves. */
enum err_code profiles_one(const struct deployment *d, const struct table *t,
                           const struct profiles_style *s, struct buf *out, struct err *e);
/* Each row under each of its use cases. */
enum err_code profiles_rows(const struct deployment *d, const struct table *t,
                            const struct profiles_style *s, struct buf *out, struct err *e);

#endif
