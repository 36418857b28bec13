/* publish - what of a run may be shown to everybody, and scoring it again.
 *
 * Kept back: capture and journal, statement, profile, scripts and images; of the plan addresses,
 * ports, paths, URLs, keys' paths, devices' ids, images; of the records the devices' ids; of the
 * result the examples (correlation, device, note) and the filter; the customer's name. Rows,
 * rules, counts, times and sizes stay: the result follows from them.
 * Errors: ERR_EVIDENCE when scoring again gives something else; ERR_DATA for records that cannot be
 *         read; ERR_SYS, ERR_NOMEM.
 */
#ifndef HARNESS_PUBLISH_H
#define HARNESS_PUBLISH_H

#include "harness/plan/plan.h"
#include "harness/score/result.h"

#define PUBLISH_FOLDER "published"

/* A path as it may be seen: that of a data file of ours stays, of another its last part. */
const char *publish_path(const char *path);

/* Reduces in place. */
enum err_code publish_plan(struct plan *p, struct err *e);
enum err_code publish_result(struct result *r, struct err *e);
/* A copy of the records without the devices' ids: a device of group i becomes the same of reduced
 * group i. p is the plan before it was reduced. */
enum err_code publish_records(const struct plan *p, const char *from, const char *to,
                              struct err *e);

/* folder holds the reduced plan.xml, exchanges, run.xml, and those of earlier runs below earlier/.
 * Scores the records again into again/run.xml and compares. */
enum err_code publish_score(const char *folder, const char *again, struct err *e);

#endif
