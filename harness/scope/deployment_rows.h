/* deployment_rows - the requirement table as a deployment leaves it.
 *
 * Ownership: everything lives in the deployment's arena or is the table's own.
 * Errors:    ERR_NOMEM.
 * Spec:      4.20.3.
 */
#ifndef HARNESS_DEPLOYMENT_ROWS_H
#define HARNESS_DEPLOYMENT_ROWS_H

#include "harness/scope/deployment.h"
#include "harness/table/table.h"

/* All rows of the table in their order, with the legs that have both ends in play, and of those the
 * actors that are. Where some devices of a leg are enrolled with a retail provider and others are
 * not, the provider's end gets a leg of its own. */
enum err_code deployment_rows(const struct deployment *d, const struct table *t,
                              const struct table_row **out, struct err *e);

/* Why nothing of a row is left under a use case: which decision leaves out what. "" something is.
 * whole is the table's row, left the one of deployment_rows. */
enum err_code deployment_row_out(const struct deployment *d, const struct table_row *whole,
                                 const struct table_row *left, const char *use_case,
                                 const char **why, struct err *e);

#endif
