/* calibrate - a responder without delay, to measure the harness's own latency against.
 *
 * Answers any POST with a small fixed ResponseMessage that copies the CorrelationID found in the
 * body. Errors:    ERR_SYS port in use.
 */
#ifndef HARNESS_CALIBRATE_H
#define HARNESS_CALIBRATE_H

#include <ev.h>
#include <stdint.h>

#include "harness/base/err.h"

struct calibrate;

/* *port 0 is filled in. */
enum err_code calibrate_open(struct ev_loop *loop, const char *address, uint16_t *port,
                             struct calibrate **out, struct err *e);
void calibrate_close(struct calibrate *c);

#endif
