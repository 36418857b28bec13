/* campaign - what a run does with the ledger: it enters before the first trial, and tells how it
 * ended.
 *
 * campaign_find looks whether there is a ledger to enter; campaign_enter locks it and gives the run
 * its place in the plan; campaign_begin, once the plan is written, notes its beginning and unlocks;
 * campaign_end comes after the result. A run that never comes so far has begun all the same, and
 * counts.
 * Ownership: campaign_release unlocks and frees; the plan's campaign lives in the plan's arena.
 * Errors:    ERR_SYS for a ledger that cannot be written, ERR_DATA for one that is no ledger, of
 *            another campaign or a newer version, ERR_EVIDENCE for one that does not hold.
 */
#ifndef HARNESS_CAMPAIGN_H
#define HARNESS_CAMPAIGN_H

#include "harness/campaign/ledger_file.h"
#include "harness/plan/plan.h"
#include "harness/score/result.h"

struct campaign {
    char path[PATH_MAX]; /* of the ledger, "" none */
    bool begun;          /* a beginning stands in it that wants an end */
    struct ledger_file file;
};

/* What the plan's campaign is about; borrowed from the plan. */
struct ledger_identity campaign_identity(const struct plan *p);

/* The ledger's file for a run in that folder: named is --ledger, a folder or a file; NULL: the
 * folder "ledger" beside the run's. */
enum err_code campaign_locate(const char *folder, const char *named, const char *id,
                              char out[PATH_MAX], struct err *e);

/* The ledger is made where there is none. then: the plan of an earlier run that this one goes on
 * with or repeats, which has to be in the same ledger; NULL none. */
enum err_code campaign_find(struct campaign *c, const struct plan *p, const char *folder,
                            const char *named, const struct plan *then, struct err *e);
enum err_code campaign_enter(struct campaign *c, struct plan *p, struct err *e);
enum err_code campaign_begin(struct campaign *c, const struct plan *p, const char *folder,
                             struct err *e);
/* r NULL: there is no result. Nothing, when no beginning was noted. */
enum err_code campaign_end(struct campaign *c, const struct plan *p, const char *folder,
                           const struct result *r, int status, struct err *e);
void campaign_release(struct campaign *c);

/* Starts over, signed. */
enum err_code campaign_reset(const char *path, const char *reason, const char *key,
                             const char *certificate, struct sign_by *by, struct err *e);

#endif
