#include "harness/cmd/report_bundle.h"

#include <limits.h>
#include <stdio.h>

#include "harness/bundle/bundle.h"

enum err_code report_bundle(const struct report_bundle *o, const char *folder, const char *output,
                            struct err *e)
{
    char named[PATH_MAX];
    struct bundle_made made;
    int n = snprintf(named, sizeof named, "%s.%s.zip", folder,
                     o->publishable ? "publishable" : "bundle");
    if (n < 0 || (size_t)n >= sizeof named)
        return err_set(e, ERR_USAGE, "%s: path is too long", folder);
    const struct bundle_options bo = {.folder = folder,
                                      .output = output != NULL ? output : named,
                                      .key = o->key,
                                      .certificate = o->certificate,
                                      .ledger = o->ledger,
                                      .publishable = o->publishable};
    enum err_code rc = bundle_make(&bo, &made, e);
    if (rc == ERR_OK &&
        printf("%s: %s, %zu files, %llu bytes, %s\nSHA-256 %s\n", bo.output,
               o->publishable ? "publishable" : "full", made.files, (unsigned long long)made.bytes,
               made.is_signed ? "signed" : "not signed: it proves agreement, not who made it",
               made.sha256) < 0)
        rc = err_set(e, ERR_SYS, "standard output cannot be written");
    return rc;
}
