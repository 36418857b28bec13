#include "harness/cmd/run_campaign.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/cmd/show.h"

#define NO_CLAIM "in no campaign: no claim"

static enum err_code no_campaign(struct plan *p, struct err *e)
{
    p->claimable = false;
    if (p->profile_label[0] == '\0')
        p->profile_label = arena_strdup(&p->arena, NO_CLAIM);
    return p->profile_label == NULL ? err_set(e, ERR_NOMEM, "no memory for the plan") : ERR_OK;
}

enum err_code run_campaign_find(struct campaign *c, struct plan *p, const char *folder,
                                const char *named, const char *before, struct err *e)
{
    struct plan *then = NULL;
    char path[PATH_MAX];
    if (named != NULL && strcmp(named, "none") == 0)
        return no_campaign(p, e);
    enum err_code rc = ERR_OK;
    if (before != NULL) {
        rc = file_in(path, before, "plan.xml", e);
        if (rc == ERR_OK)
            rc = plan_read(path, &then, e);
    }
    if (rc == ERR_OK)
        rc = campaign_find(c, p, before == NULL ? folder : before, named, then, e);
    plan_free(then);
    return rc;
}

enum err_code run_campaign_begin(struct campaign *c, struct plan *p, const char *folder,
                                 struct err *e)
{
    char path[PATH_MAX];
    const bool enters = c->path[0] != '\0';
    enum err_code rc = enters ? campaign_enter(c, p, e) : ERR_OK;
    if (rc == ERR_OK)
        rc = file_in(path, folder, "plan.xml", e);
    if (rc == ERR_OK)
        rc = plan_write(p, path, e);
    if (rc == ERR_OK && enters)
        rc = campaign_begin(c, p, folder, e);
    if (rc != ERR_OK)
        campaign_release(c);
    return rc;
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
