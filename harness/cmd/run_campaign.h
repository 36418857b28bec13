/* run_campaign - where a run meets the ledger of its campaign.
 *
 * Errors: as campaign.h; nothing was driven yet then.
 */
#ifndef HARNESS_RUN_CAMPAIGN_H
#define HARNESS_RUN_CAMPAIGN_H

#include "harness/campaign/campaign.h"

/* named is --ledger; "none": the run enters no campaign, and makes no claim. */
enum err_code run_campaign_enter(struct campaign *c, struct plan *p, const char *folder,
                                 const char *named, struct err *e);
/* The plan is written. */
enum err_code run_campaign_begin(struct campaign *c, const struct plan *p, const char *folder,
                                 struct err *e);
/* The run is over with that exit status; returns the one to end with. Tells what went wrong. */
int run_campaign_end(struct campaign *c, const struct plan *p, const char *folder, int status);

#endif
