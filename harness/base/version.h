/* version - of the tool: as the checkout describes it that it was built from, where there is one.
 *
 * "0.1.0+abc1234" of a clean checkout (git describe), "0.1.0+abc1234-dirty" of a changed one,
 * "0.1.0" without a checkout. It stands in manifests and --version, and in a result only as what
 * made the plan.
 */
#ifndef HARNESS_VERSION_H
#define HARNESS_VERSION_H

#include <stdbool.h>

const char *version_text(void);

/* Whether it names one state of the source: a clean checkout. */
bool version_clean(void);

#endif
