/* report_bundle - gridassay report --format bundle: the zip, and a line about it.
 *
 * Errors: as bundle_make.
 */
#ifndef HARNESS_REPORT_BUNDLE_H
#define HARNESS_REPORT_BUNDLE_H

#include <stdbool.h>

#include "harness/base/err.h"

struct report_bundle {
    const char *key, *certificate; /* both or neither */
    const char *ledger;            /* the file or its folder; NULL: where the run left it */
    const char *capture;           /* that was scored, where it is not the run's own */
    bool publishable;
};

/* folder: of the run. output NULL: "<folder>.bundle.zip" beside it, or
 * "<folder>.publishable.zip". */
enum err_code report_bundle(const struct report_bundle *o, const char *folder, const char *output,
                            struct err *e);

#endif
