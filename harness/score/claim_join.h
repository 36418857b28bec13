/* claim_join - the claim of several results together, of one profile and one requirement table.
 *
 * Whole results that cover all actors of the profile, and whose shares of each row's end-to-end
 * budget add up to no more than it, make a claim for the profile without "as actor(s)". Anything
 * less keeps to what each shows. Each result is named by its nonce and digests.
 * Ownership: claim_join_release frees; results are borrowed until then.
 * Errors:    ERR_SCOPE where the results contradict each other: other profiles, tables, or another
 *            firmware of the same actor; one run twice. ERR_NOMEM.
 * Spec:      4.20.2.
 */
#ifndef HARNESS_CLAIM_JOIN_H
#define HARNESS_CLAIM_JOIN_H

#include "harness/base/sha256.h"
#include "harness/score/claim.h"

struct claim_source {
    const struct result *result;
    const char *path;
    char digest[SHA256_HEX_BYTES]; /* of the file */
    const char *objection; /* what its campaign's ledger holds against it now; NULL nothing */
    const char *unasked;   /* why no ledger was asked; NULL it was */
    struct claim claim;    /* filled by claim_join */
};

struct claim_joined {
    enum claim_kind kind;
    bool system; /* all actors of the profile: no "as actor(s)" */
    const char *wording;
    const char *missing;              /* actors of the profile that no result is about, "" none */
    const struct method_limit *limit; /* beside those of the results */
    size_t n_limit;
    struct arena arena; /* private */
};

enum err_code claim_join(struct claim_source *s, size_t n, struct claim_joined *out, struct err *e);
void claim_join_release(struct claim_joined *j, struct claim_source *s, size_t n);

#endif
