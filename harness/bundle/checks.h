/* checks - whether the files of an unpacked bundle belong together, and say what the index says.
 *
 * Private to this folder. The digests agree with the index already.
 * Errors: ERR_EVIDENCE with the first thing that does not agree; ERR_DATA for a file that cannot be
 *         read, which the caller takes for the same.
 */
#ifndef HARNESS_CHECKS_H
#define HARNESS_CHECKS_H

#include <limits.h>

#include "harness/bundle/bundle.h"
#include "harness/bundle/index.h"
#include "harness/plan/plan.h"

struct checking {
    const char *zip, *trust;                /* PEM, NULL: anybody */
    char folder[PATH_MAX], again[PATH_MAX]; /* unpacked; what scoring again gives */
    char published[PATH_MAX];               /* the reduced files */
    struct index index;
    struct buf text; /* of bundle.xml */
    struct plan *plan;
    struct bundle_found *found;
};

/* Where plan and result lie that can be read: in a publishable bundle the reduced ones. */
static inline const char *checks_folder(const struct checking *c)
{
    return c->index.publishable ? c->published : c->folder;
}

/* Plan, journal, result, sources, manifest, earlier runs and ledger name each other by digest. */
enum err_code checks_binding(struct checking *c, struct err *e);
/* The judge, in a process of its own, comes to the same result byte for byte. */
enum err_code checks_score(struct checking *c, struct err *e);

#endif
