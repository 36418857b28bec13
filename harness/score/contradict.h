/* contradict - what the capture shows against what the statement declares.
 *
 * Payloads that it says the equipment does not send, TLS and clear text, connections, ids, firmware
 * versions, addresses. Each is told once, with how often and the frame where it was seen first;
 * none is a verdict.
 * Ownership: contradict_free frees everything; the plan is borrowed.
 * Errors:    ERR_NOMEM when it is made; later lack of memory: connections are not counted.
 * Time:      capture stamps.
 */
#ifndef HARNESS_CONTRADICT_H
#define HARNESS_CONTRADICT_H

#include "harness/exchange/sighting.h"
#include "harness/score/result.h"

struct contradict;

enum err_code contradict_new(const struct plan *plan, struct contradict **out, struct err *e);
void contradict_free(struct contradict *c);

void contradict_seen(struct contradict *c, const struct sighting *s);
void contradict_connection(struct contradict *c, const struct connection_event *ev);

/* Fills r->contradiction from what was seen so far; false when memory is out. */
bool contradict_told(const struct contradict *c, struct result *r);

#endif
