/* chain - the campaign's ledger in a bundle: as it stood when the run had ended.
 *
 * A ledger goes on growing; what of it belongs to a bundle ends with the run's own end (its
 * beginning, where it has no end), so that the same run gives the same bundle.
 * Errors: ERR_DATA when the ledger is not there; ERR_EVIDENCE when it does not hold, or does not
 *         name this run as the plan and the result do.
 */
#ifndef HARNESS_CHAIN_H
#define HARNESS_CHAIN_H

#include "harness/base/buf.h"
#include "harness/plan/plan.h"

/* Whether the run is in a ledger at all. */
bool chain_has(const struct plan *p);
/* "ledger/<campaign>.ledger". */
void chain_name(const struct plan *p, char *out, size_t size);

/* Appends the part of the ledger at path that belongs to the run. */
enum err_code chain_take(const struct plan *p, const char *path, struct buf *out, struct err *e);

/* That the part in the file holds and ends with this run. trust: whom the signers of resets must
 * lead to, NULL anybody. result, exchanges: SHA-256 of these files. entries: how many it has. */
enum err_code chain_check(const struct plan *p, const char *path, const char *trust,
                          const char *result, const char *exchanges, uint32_t *entries,
                          struct err *e);

#endif
