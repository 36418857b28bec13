/* bundle - one zip that proves a run: made of its folder, and checked by whoever gets it.
 *
 * A full bundle holds all that the result follows from; checking it scores the capture again. A
 * publishable one leaves out what the lab, its customer and the vendor keep to themselves and is
 * scored again from its exchange records. README.md in this folder tells the format and what each
 * check finds.
 * Errors: ERR_EVIDENCE when something does not agree: the text names the first difference. ERR_DATA
 *         for a run that cannot be bundled, a bundle that is not there or of a newer version;
 *         ERR_USAGE (key, certificate, what exists already), ERR_SYS, ERR_NOMEM.
 */
#ifndef HARNESS_BUNDLE_H
#define HARNESS_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/err.h"
#include "harness/base/sign.h"
#include "harness/score/result.h"

struct bundle_options {
    const char *folder, *output;   /* of the run; the zip to make */
    const char *key, *certificate; /* PEM, both or neither */
    const char *ledger;            /* as for gridassay run; NULL: beside the folder */
    const char *capture;           /* that was scored, where it is not the run's own; NULL: it is */
    const char *work;              /* an empty folder of ours for what is made on the way */
    bool publishable;
};

struct bundle_made {
    size_t files;
    uint64_t bytes; /* of the files */
    bool is_signed;
    char sha256[SHA256_HEX_BYTES]; /* of the zip */
};

enum err_code bundle_make(const struct bundle_options *o, struct bundle_made *made, struct err *e);

struct bundle_found {
    bool publishable, is_signed;
    struct sign_by by;
    size_t files, left_out;
    uint64_t bytes;
    uint32_t ledger_entries; /* 0: no ledger in it */
    size_t earlier;          /* runs whose records go before this one's */
    struct result *result;   /* of the bundle; result_free */
};

/* folder: an empty one of ours to unpack into. trust: PEM, NULL for any signer and none. found is
 * filled as far as it went, also on an error. */
enum err_code bundle_verify(const char *zip, const char *folder, const char *trust,
                            struct bundle_found *found, struct err *e);

#endif
