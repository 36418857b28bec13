/* zone - local time by the zone data that the plan carries, not by the machine's.
 *
 * Ownership: zone_free frees; the TZif bytes are not kept.
 * Errors:    ERR_DATA when the bytes are no zone data, with what was expected.
 * Spec:      RFC 8536 (TZif versions 1 to 4, POSIX TZ footer).
 */
#ifndef HARNESS_ZONE_H
#define HARNESS_ZONE_H

#include <stddef.h>
#include <stdint.h>

#include "harness/base/err.h"

struct zone;

enum err_code zone_new(const void *tzif, size_t len, struct zone **out, struct err *e);
void zone_free(struct zone *z);

/* Seconds east of UTC at a moment in seconds since 1970. Here and below z NULL is UTC. */
int32_t zone_offset_s(const struct zone *z, int64_t utc_s);
/* Second of the local day, 0 to 86399, at a moment in nanoseconds since 1970. */
int32_t zone_second_of_day(const struct zone *z, int64_t real_ns);

#endif
