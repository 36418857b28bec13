/* campaign_json - a campaign for programs: one JSON object.
 *
 * Errors: ERR_NOMEM, ERR_LIMIT.
 * Spec:   RFC 8259.
 */
#ifndef HARNESS_CAMPAIGN_JSON_H
#define HARNESS_CAMPAIGN_JSON_H

#include "harness/campaign/view.h"

enum err_code campaign_json(const struct view *v, bool trusted, struct buf *out, struct err *e);

#endif
