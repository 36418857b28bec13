/* beat - how the driver shows the supervisor that its loop turns, and whose script it is in.
 *
 * A small file mapped by both. The driver counts up at least every 100 ms and writes the plan index
 * of the scenario before it resumes a script; a script stuck inside C (string.find) stops the
 * count.
 */
#ifndef HARNESS_BEAT_H
#define HARNESS_BEAT_H

#include <stdint.h>

#include "harness/base/err.h"

struct beat;

#define BEAT_NO_SCENARIO UINT32_MAX

enum err_code beat_create(const char *path, struct beat **out, struct err *e); /* supervisor */
enum err_code beat_open(const char *path, struct beat **out, struct err *e);   /* driver */
void beat_tick(struct beat *b);                                                /* b may be NULL */
void beat_enter(struct beat *b, uint32_t scenario);                            /* b may be NULL */
uint64_t beat_count(const struct beat *b);
uint32_t beat_scenario(const struct beat *b);
void beat_release(struct beat *b);

#endif
