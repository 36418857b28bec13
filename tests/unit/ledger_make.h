/* ledger_make - a small ledger in memory, for tests, and a lab of the test's own that signs resets.
 */
#ifndef TESTS_LEDGER_MAKE_H
#define TESTS_LEDGER_MAKE_H

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/campaign/ledger.h"

#define MADE_AT "2026-11-23T07:00:00.000000001Z"
#define MADE_ZERO "0000000000000000000000000000000000000000000000000000000000000000"
#define MADE_SHA "b1d9b56f43f1f0ad23a2f6be37e0a1058cf7ee0aaec5ed5cca038545641406f0"

static const struct ledger_identity made_identity = {
    "vendor & \"co\"", "meter\nof two lines", "loopback", "1.0", MADE_SHA, "three use cases", ""};

static char made_folder[] = "/tmp/t_ledger.XXXXXX";
static char made_key[64], made_certificate[64];

/* A key and its own certificate. */
__attribute__((unused)) static bool made_lab(void)
{
    if (mkdtemp(made_folder) == NULL)
        return false;
    (void)snprintf(made_key, sizeof made_key, "%s/lab.key", made_folder);
    (void)snprintf(made_certificate, sizeof made_certificate, "%s/lab.pem", made_folder);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = X509_new();
    (void)X509_set_version(x, 2);
    (void)ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    (void)X509_gmtime_adj(X509_getm_notBefore(x), -3600);
    (void)X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    (void)X509_set_pubkey(x, key);
    (void)X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                                     (const unsigned char *)"Test Lab", -1, -1, 0);
    (void)X509_set_issuer_name(x, X509_get_subject_name(x));
    (void)X509_sign(x, key, EVP_sha256());
    FILE *k = fopen(made_key, "w"), *c = fopen(made_certificate, "w");
    bool done = k != NULL && c != NULL &&
                PEM_write_PrivateKey(k, key, NULL, NULL, 0, NULL, NULL) == 1 &&
                PEM_write_X509(c, x) == 1;
    if (k != NULL)
        (void)fclose(k);
    if (c != NULL)
        (void)fclose(c);
    X509_free(x);
    EVP_PKEY_free(key);
    return done;
}

__attribute__((unused)) static void made_clean(void)
{
    (void)unlink(made_key);
    (void)unlink(made_certificate);
    (void)rmdir(made_folder);
}

struct made {
    struct buf text;
    char head[SHA256_HEX_BYTES];
    uint32_t n;
    enum err_code rc;
    struct err e;
};

/* The next entry, bound to the one before. */
__attribute__((unused)) static void made_put(struct made *m, struct ledger_entry x)
{
    char before[SHA256_HEX_BYTES];
    memcpy(before, m->head, sizeof before);
    x.number = ++m->n;
    x.before = before;
    x.at = MADE_AT;
    if (m->rc == ERR_OK)
        m->rc = ledger_format(&x, &made_identity, &m->text, m->head, &m->e);
}

__attribute__((unused)) static void made_open(struct made *m)
{
    *m = (struct made){.head = MADE_ZERO};
    buf_init(&m->text, 1 << 20);
    made_put(m, (struct ledger_entry){.kind = LEDGER_OPEN});
}

__attribute__((unused)) static void made_begin(struct made *m, const char *nonce,
                                               uint32_t submission)
{
    made_put(m, (struct ledger_entry){.kind = LEDGER_BEGIN,
                                      .nonce = nonce,
                                      .submission = submission,
                                      .plan_digest = MADE_SHA,
                                      .profile_digest = MADE_SHA,
                                      .table_digest = MADE_SHA,
                                      .statement_digest = MADE_SHA,
                                      .folder = "../lab"});
}

__attribute__((unused)) static void made_end(struct made *m, const char *nonce, uint32_t fail)
{
    static const struct ledger_failed failed[] = {{"4.10.4.1/cmd", "Meter Reading"},
                                                  {"4.10.4.1/resp", "PrePay"}};
    made_put(m, (struct ledger_entry){.kind = LEDGER_END,
                                      .nonce = nonce,
                                      .status = fail > 0,
                                      .verdict = fail > 0 ? "fail" : "pass",
                                      .rows = {.pass = 2, .fail = fail},
                                      .failed = failed,
                                      .n_failed = fail,
                                      .result_digest = MADE_SHA,
                                      .exchanges_digest = MADE_SHA});
}

__attribute__((unused)) static void made_reset(struct made *m, const char *reason)
{
    char id[LEDGER_ID_BYTES];
    struct buf text, signature;
    struct ledger_entry x = {
        .kind = LEDGER_RESET, .reason = reason, .by = {.subject = "CN=Test Lab"}};
    buf_init(&text, 1 << 16);
    buf_init(&signature, SIGN_MOST_BYTES);
    if (m->rc == ERR_OK)
        m->rc = ledger_id(&made_identity, id, &m->e);
    if (m->rc == ERR_OK)
        m->rc = ledger_reset_text(id, m->head, reason, &text, &m->e);
    if (m->rc == ERR_OK)
        m->rc = sign_detached(text.data, text.len, made_key, made_certificate, &signature, &m->e);
    x.signature = (const uint8_t *)signature.data;
    x.signature_bytes = signature.len;
    made_put(m, x);
    buf_release(&text);
    buf_release(&signature);
}

#endif
