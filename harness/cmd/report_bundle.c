#include "harness/cmd/report_bundle.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/bundle/bundle.h"
#include "harness/cmd/scratch.h"

enum err_code report_bundle(const struct report_bundle *o, const char *folder, const char *output,
                            struct err *e)
{
    char own[PATH_MAX], named[PATH_MAX + 32], work[PATH_MAX];
    struct bundle_made made;
    if (realpath(folder, own) == NULL)
        return err_sys(e, errno, "%s cannot be found", folder);
    (void)snprintf(named, sizeof named, "%s.%s.zip", strcmp(folder, ".") == 0 ? own : folder,
                   o->publishable ? "publishable" : "bundle");
    const struct bundle_options bo = {.folder = own,
                                      .output = output != NULL ? output : named,
                                      .key = o->key,
                                      .certificate = o->certificate,
                                      .ledger = o->ledger,
                                      .capture = o->capture,
                                      .work = work,
                                      .publishable = o->publishable};
    enum err_code rc = scratch_make("bundle", work, e);
    if (rc != ERR_OK)
        return rc;
    rc = bundle_make(&bo, &made, e);
    scratch_remove(work);
    if (rc == ERR_OK &&
        printf("%s: %s, %zu files, %llu bytes, %s\nSHA-256 %s\n", bo.output,
               o->publishable ? "publishable" : "full", made.files, (unsigned long long)made.bytes,
               made.is_signed ? "signed" : "not signed: it proves agreement, not who made it",
               made.sha256) < 0)
        rc = err_set(e, ERR_SYS, "standard output cannot be written");
    return rc;
}
