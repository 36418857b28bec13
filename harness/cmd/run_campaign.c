#include "harness/cmd/run_campaign.h"

#include <stdio.h>
#include <string.h>

#include "harness/cmd/show.h"

#define NO_CLAIM "in no campaign: no claim"

enum err_code run_campaign_enter(struct campaign *c, struct plan *p, const char *folder,
                                 const char *named, struct err *e)
{
    if (named == NULL || strcmp(named, "none") != 0)
        return campaign_enter(c, p, folder, named, e);
    p->claimable = false;
    if (p->profile_label[0] == '\0')
        p->profile_label = arena_strdup(&p->arena, NO_CLAIM);
    return p->profile_label == NULL ? err_set(e, ERR_NOMEM, "no memory for the plan") : ERR_OK;
}

enum err_code run_campaign_begin(struct campaign *c, const struct plan *p, const char *folder,
                                 struct err *e)
{
    return c->path[0] == '\0' ? ERR_OK : campaign_begin(c, p, folder, e);
}

int run_campaign_end(struct campaign *c, const struct plan *p, const char *folder, int status)
{
    struct result *r = NULL;
    struct err e = ERR_INIT;
    if (c->begun) {
        (void)show_result(folder, &r, NULL); /* there may be none */
        if (campaign_end(c, p, folder, r, status, &e) != ERR_OK) {
            (void)fprintf(stderr, "gridassay: the run's end is not in the ledger: %s\n", e.text);
            if (status != EXIT_FAIL)
                status = err_exit(e.code);
        }
    }
    result_free(r);
    campaign_release(c);
    return status;
}
