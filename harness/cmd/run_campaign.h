/* run_campaign - where a run meets the ledger of its campaign.
 *
 * Errors: as campaign.h; nothing was driven yet then.
 */
#ifndef HARNESS_RUN_CAMPAIGN_H
#define HARNESS_RUN_CAMPAIGN_H

#include "harness/campaign/campaign.h"

/* named is --ledger; "none": the run enters no campaign, and makes no claim. before: the folder of
 * an earlier run that this one follows, whose ledger it shares; NULL none. */
enum err_code run_campaign_find(struct campaign *c, struct plan *p, const char *folder,
                                const char *named, const char *before, struct err *e);
/* The plan gets its place in the ledger, is written, and the run begins. */
enum err_code run_campaign_begin(struct campaign *c, struct plan *p, const char *folder,
                                 struct err *e);
/* The run is over with that exit status; returns the one to end with. Tells what went wrong. */
int run_campaign_end(struct campaign *c, const struct plan *p, const char *folder, int status);

#endif
