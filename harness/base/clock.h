/* clock - nanosecond times and how they are written and read.
 *
 * Two clocks, named apart everywhere: real (CLOCK_REALTIME, nanoseconds since 1970, what captures
 * carry) and mono (CLOCK_MONOTONIC, for deadlines).
 */
#ifndef HARNESS_CLOCK_H
#define HARNESS_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#define NS_PER_S INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)

int64_t clock_real_ns(void);
int64_t clock_mono_ns(void);
/* Both at one moment: read again when the process was held up between them, which would look like
 * a step of the clock. */
void clock_both_ns(int64_t *real_ns, int64_t *mono_ns);

/* "2026-11-23T00:29:22.123456789Z" into out (at least 31 bytes). Returns out. */
char *clock_iso(int64_t real_ns, char *out, size_t size);

/* Seconds with nine decimals and no exponent, sign kept: "0.000045000". Returns out. */
char *clock_seconds(int64_t ns, char *out, size_t size);

#endif
