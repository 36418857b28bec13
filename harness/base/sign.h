/* sign - detached signatures of the lab: CMS in DER, one signer, his certificate inside.
 *
 * What is signed is never in the signature; "openssl cms -verify -binary -inform DER -content FILE"
 * takes it too. The signature binds the signer's certificate (signing-certificate attribute of
 * RFC 5035) and the time of signing. SHA-256 and better only.
 * Ownership: out is the caller's buffer; nothing else is kept.
 * Errors:    ERR_USAGE for a key or certificate of ours that cannot be used; ERR_EVIDENCE when
 *            a signature does not hold (the text says why); ERR_NOMEM.
 * Time:      nanoseconds since 1970.
 * Spec:      RFC 5652; RFC 5035 section 3.
 */
#ifndef HARNESS_SIGN_H
#define HARNESS_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/buf.h"
#include "harness/base/sha256.h"

#define SIGN_MOST_BYTES (64u * 1024) /* of a signature */

struct sign_by {
    char subject[256];                  /* of his certificate, RFC 2253 */
    char fingerprint[SHA256_HEX_BYTES]; /* SHA-256 of it */
    int64_t at_ns;                      /* when he says that he signed, 0 unsaid */
    bool trusted; /* his certificate leads to the trusted one; false: nobody asked */
};

/* Appends the signature over data. key and certificate are PEM files; certificates behind the first
 * in its file go along as its chain. */
enum err_code sign_detached(const void *data, size_t len, const char *key, const char *certificate,
                            struct buf *out, struct err *e);

/* Whether signature is one over data. trust NULL: any signer's, whose name by then is nothing but
 * what the certificate says. Else a PEM file of certificates: his must be or lead to one of them at
 * the time of signing. by may be NULL. */
enum err_code sign_verify(const void *data, size_t len, const void *signature, size_t n,
                          const char *trust, struct sign_by *by, struct err *e);

#endif
