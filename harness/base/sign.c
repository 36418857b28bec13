#include "harness/base/sign.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"

/* The first of OpenSSL's complaints, which is the cause; the queue is emptied. */
static const char *complaint(char *out, size_t size)
{
    unsigned long code = ERR_get_error();
    const char *reason = code == 0 ? NULL : ERR_reason_error_string(code);
    (void)snprintf(out, size, "%s", reason != NULL ? reason : "no reason given");
    ERR_clear_error();
    return out;
}

/* A passphrase is never asked for: nobody may sit there. */
static int no_passphrase(char *buf, int size, int writing, void *arg)
{
    (void)buf;
    (void)size;
    (void)writing;
    (void)arg;
    return -1;
}

static enum err_code read_key(const char *path, EVP_PKEY **out, struct err *e)
{
    char why[200];
    BIO *in = BIO_new_file(path, "r");
    *out = in == NULL ? NULL : PEM_read_bio_PrivateKey(in, NULL, no_passphrase, NULL);
    BIO_free(in);
    if (*out != NULL)
        return ERR_OK;
    return err_set(e, ERR_USAGE,
                   "%s: no private key can be read (%s); expected PEM without a "
                   "passphrase",
                   path, complaint(why, sizeof why));
}

/* The first certificate into first (NULL: with the others), the others into more. */
static enum err_code read_certificates(const char *path, X509 **first, STACK_OF(X509) * more,
                                       struct err *e)
{
    char why[200];
    BIO *in = BIO_new_file(path, "r");
    int n = 0;
    X509 *x = NULL;
    if (in == NULL)
        return err_set(e, ERR_USAGE, "%s: no certificate can be read (%s)", path,
                       complaint(why, sizeof why));
    while ((x = PEM_read_bio_X509(in, NULL, no_passphrase, NULL)) != NULL) {
        if (n++ == 0 && first != NULL) {
            *first = x;
        } else if (sk_X509_push(more, x) == 0) {
            X509_free(x);
            BIO_free(in);
            return err_set(e, ERR_NOMEM, "%s: no memory for a certificate", path);
        }
    }
    BIO_free(in);
    ERR_clear_error(); /* the end of the file is an error to PEM_read */
    if (n == 0)
        return err_set(e, ERR_USAGE, "%s: holds no certificate; expected PEM", path);
    return ERR_OK;
}

enum err_code sign_detached(const void *data, size_t len, const char *key, const char *certificate,
                            struct buf *out, struct err *e)
{
    const unsigned flags = CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP;
    char why[200];
    EVP_PKEY *pkey = NULL;
    X509 *x = NULL;
    CMS_ContentInfo *cms = NULL;
    BIO *content = NULL;
    unsigned char *der = NULL;
    int n;
    STACK_OF(X509) *chain = sk_X509_new_null();
    enum err_code rc = chain != NULL && len <= INT32_MAX
                           ? read_key(key, &pkey, e)
                           : err_set(e, ERR_NOMEM, "%zu bytes cannot be signed", len);
    if (rc == ERR_OK)
        rc = read_certificates(certificate, &x, chain, e);
    if (rc != ERR_OK)
        goto out;
    if (X509_check_private_key(x, pkey) != 1) {
        ERR_clear_error();
        rc = err_set(e, ERR_USAGE, "%s is not the certificate of the key %s", certificate, key);
        goto out;
    }
    if (!EVP_PKEY_is_a(pkey, "RSA") && !EVP_PKEY_is_a(pkey, "EC")) {
        rc = err_set(e, ERR_USAGE, "%s: a key of kind %s, RSA or EC was expected", key,
                     EVP_PKEY_get0_type_name(pkey));
        goto out;
    }
    content = BIO_new_mem_buf(data, (int)len);
    cms = CMS_sign(NULL, NULL, chain, NULL, flags | CMS_PARTIAL);
    if (content == NULL || cms == NULL ||
        CMS_add1_signer(cms, x, pkey, EVP_sha256(), flags | CMS_CADES) == NULL ||
        CMS_final(cms, content, NULL, flags) != 1 || (n = i2d_CMS_ContentInfo(cms, &der)) <= 0) {
        rc = err_set(e, ERR_USAGE, "%s: cannot sign: %s", key, complaint(why, sizeof why));
        goto out;
    }
    rc = buf_append(out, der, (size_t)n, e);
out:
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    BIO_free(content);
    sk_X509_pop_free(chain, X509_free);
    X509_free(x);
    EVP_PKEY_free(pkey);
    return rc;
}

/* Its digest is good enough, and its algorithm is one of its key (which OpenSSL does not ask). */
static bool strong(CMS_SignerInfo *si, EVP_PKEY *key)
{
    X509_ALGOR *digest = NULL, *algorithm = NULL;
    CMS_SignerInfo_get0_algs(si, NULL, NULL, &digest, &algorithm);
    int nid = digest == NULL ? NID_undef : OBJ_obj2nid(digest->algorithm);
    int by = algorithm == NULL ? NID_undef : OBJ_obj2nid(algorithm->algorithm);
    int with = NID_undef, kind = NID_undef;
    if (nid != NID_sha256 && nid != NID_sha384 && nid != NID_sha512)
        return false;
    if (EVP_PKEY_get_base_id(key) == by)
        return true; /* an RSA signature names no digest of its own */
    return OBJ_find_sigid_algs(by, &with, &kind) == 1 && with == nid &&
           EVP_PKEY_type(kind) == EVP_PKEY_get_base_id(key);
}

/* Goes into (or past) the element at *p; false unless it has that tag. */
static bool step(const unsigned char **p, const unsigned char *end, int tag, bool into)
{
    long n = 0;
    int got = 0, class = 0;
    if (*p >= end || (ASN1_get_object(p, &n, &got, &class, end - *p) & 0x80) != 0 || got != tag)
        return false;
    if (!into)
        *p += n;
    return true;
}

static bool version_1(const unsigned char **p, const unsigned char *end)
{
    bool one = end - *p > 3 && memcmp(*p, "\x02\x01\x01", 3) == 0;
    *p += one ? 3 : 0;
    return one;
}

/* Signed data and its signer have version 1 in the form that sign_detached gives; OpenSSL reads
 * these numbers and compares them with nothing. */
static bool versions(const unsigned char *p, size_t n)
{
    const unsigned char *end = p + n;
    return step(&p, end, V_ASN1_SEQUENCE, true) && step(&p, end, V_ASN1_OBJECT, false) &&
           step(&p, end, 0, true) && step(&p, end, V_ASN1_SEQUENCE, true) && version_1(&p, end) &&
           step(&p, end, V_ASN1_SET, false) && step(&p, end, V_ASN1_SEQUENCE, false) &&
           step(&p, end, 0, false) && step(&p, end, V_ASN1_SET, true) &&
           step(&p, end, V_ASN1_SEQUENCE, true) && version_1(&p, end);
}

static int64_t signing_time_ns(CMS_SignerInfo *si)
{
    int at = CMS_signed_get_attr_by_NID(si, NID_pkcs9_signingTime, -1);
    X509_ATTRIBUTE *a = at == -1 ? NULL : CMS_signed_get_attr(si, at);
    ASN1_TYPE *t = a == NULL ? NULL : X509_ATTRIBUTE_get0_type(a, 0);
    struct tm tm;
    if (t == NULL || (t->type != V_ASN1_UTCTIME && t->type != V_ASN1_GENERALIZEDTIME) ||
        ASN1_TIME_to_tm(t->value.asn1_string, &tm) != 1)
        return 0;
    return (int64_t)timegm(&tm) * NS_PER_S;
}

/* The certificate inside is the very one that the signer meant: its digest is signed. Without it, a
 * certificate of the same key could be put in its place. */
static bool means(CMS_SignerInfo *si, X509 *signer)
{
    ASN1_OCTET_STRING *raw = CMS_signed_get0_data_by_OBJ(
        si, OBJ_nid2obj(NID_id_smime_aa_signingCertificateV2), -3, V_ASN1_SEQUENCE);
    const unsigned char *p = raw == NULL ? NULL : ASN1_STRING_get0_data(raw);
    ESS_SIGNING_CERT_V2 *v2 =
        p == NULL ? NULL : d2i_ESS_SIGNING_CERT_V2(NULL, &p, ASN1_STRING_length(raw));
    STACK_OF(X509) *chain = sk_X509_new_null();
    bool good = v2 != NULL && chain != NULL && sk_X509_push(chain, signer) > 0 &&
                OSSL_ESS_check_signing_certs(NULL, v2, chain, 1) > 0;
    sk_X509_free(chain);
    ESS_SIGNING_CERT_V2_free(v2);
    return good;
}

static enum err_code trusted(const char *trust, CMS_ContentInfo *cms, X509 *signer, int64_t at_ns,
                             struct err *e)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    STACK_OF(X509) *roots = sk_X509_new_null();
    STACK_OF(X509) *inside = CMS_get1_certs(cms);
    enum err_code rc = ERR_OK;
    if (store == NULL || ctx == NULL || roots == NULL) {
        rc = err_set(e, ERR_NOMEM, "%s: no memory to check it", trust);
        goto out;
    }
    rc = read_certificates(trust, NULL, roots, e);
    if (rc != ERR_OK)
        goto out;
    for (int i = 0; i < sk_X509_num(roots); i++)
        (void)X509_STORE_add_cert(store, sk_X509_value(roots, i));
    if (X509_STORE_CTX_init(ctx, store, signer, inside) != 1) {
        rc = err_set(e, ERR_NOMEM, "%s: no memory to check it", trust);
        goto out;
    }
    /* A certificate of its own can be named as trusted without the CA that gave it. */
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
    (void)X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
    if (at_ns != 0)
        X509_VERIFY_PARAM_set_time(param, (time_t)(at_ns / NS_PER_S));
    if (X509_verify_cert(ctx) != 1)
        rc = err_set(e, ERR_EVIDENCE, "the signer is not trusted by %s: %s", trust,
                     X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx)));
out:
    sk_X509_pop_free(inside, X509_free);
    sk_X509_pop_free(roots, X509_free);
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    return rc;
}

static enum err_code signer_of(CMS_ContentInfo *cms, const char *trust, struct sign_by *by,
                               struct err *e)
{
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
    X509 *x = NULL;
    if (sk_CMS_SignerInfo_num(signers) != 1)
        return err_set(e, ERR_EVIDENCE, "the signature has %d signers, one was expected",
                       sk_CMS_SignerInfo_num(signers));
    CMS_SignerInfo *si = sk_CMS_SignerInfo_value(signers, 0);
    CMS_SignerInfo_get0_algs(si, NULL, &x, NULL, NULL);
    if (x == NULL || !strong(si, X509_get0_pubkey(x)))
        return err_set(e, ERR_EVIDENCE,
                       "the signature's algorithm is not one of its key with SHA-256 or better");
    if (!means(si, x))
        return err_set(e, ERR_EVIDENCE,
                       "the signature does not name the certificate that it holds");
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (X509_digest(x, EVP_sha256(), digest, &n) != 1)
        return err_set(e, ERR_NOMEM, "the signer's certificate cannot be read");
    for (unsigned i = 0; i < n && i < 32; i++)
        (void)snprintf(by->fingerprint + (size_t)2 * i, 3, "%02x", digest[i]);
    BIO *name = BIO_new(BIO_s_mem());
    if (name != NULL &&
        X509_NAME_print_ex(name, X509_get_subject_name(x), 0, XN_FLAG_RFC2253) >= 0) {
        int got = BIO_read(name, by->subject, sizeof by->subject - 1);
        by->subject[got > 0 ? got : 0] = '\0';
    }
    BIO_free(name);
    by->at_ns = signing_time_ns(si);
    enum err_code rc = trust == NULL ? ERR_OK : trusted(trust, cms, x, by->at_ns, e);
    by->trusted = trust != NULL && rc == ERR_OK;
    return rc;
}

enum err_code sign_verify(const void *data, size_t len, const void *signature, size_t n,
                          const char *trust, struct sign_by *by, struct err *e)
{
    char why[200];
    struct sign_by own = {0};
    struct sign_by *to = by != NULL ? by : &own;
    *to = own;
    if (len > INT32_MAX || n > SIGN_MOST_BYTES)
        return err_set(e, ERR_EVIDENCE, "the signature is too long: %zu bytes, at most %u expected",
                       n, SIGN_MOST_BYTES);
    const unsigned char *p = signature;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)n);
    /* Behind a filter: of a memory BIO OpenSSL 3.0 makes another one, and loses it on a fault. */
    BIO *filter = BIO_new(BIO_f_null()), *memory = BIO_new_mem_buf(data, (int)len);
    BIO *content = filter != NULL && memory != NULL ? BIO_push(filter, memory) : NULL;
    enum err_code rc;
    if (cms == NULL || OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)
        rc = err_set(e, ERR_EVIDENCE, "the signature is no CMS signed data in DER: %s",
                     complaint(why, sizeof why));
    else if (p != (const unsigned char *)signature + n)
        rc = err_set(e, ERR_EVIDENCE, "the signature has %zu bytes behind its end",
                     (size_t)((const unsigned char *)signature + n - p));
    else if (!versions(signature, n) || OBJ_obj2nid(CMS_get0_eContentType(cms)) != NID_pkcs7_data)
        rc = err_set(e, ERR_EVIDENCE, "the signature is not of version 1 over plain data");
    else if (CMS_is_detached(cms) != 1)
        rc = err_set(e, ERR_EVIDENCE,
                     "the signature brings what it signs; a detached one is expected");
    else if (content == NULL ||
             CMS_verify(cms, NULL, NULL, content, NULL,
                        CMS_DETACHED | CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) != 1)
        rc =
            err_set(e, ERR_EVIDENCE, "the signature does not hold: %s", complaint(why, sizeof why));
    else
        rc = signer_of(cms, trust, to, e);
    BIO_free(filter);
    BIO_free(memory);
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    return rc;
}
