/* Signatures of the lab: made, found good, and found bad whatever is changed. */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/base/sign.h"
#include "tests/tap.h"

static char folder[] = "/tmp/t_sign.XXXXXX";
static char path_of[8][64];

static const char *path(int i, const char *name)
{
    (void)snprintf(path_of[i], sizeof path_of[i], "%s/%s", folder, name);
    return path_of[i];
}

static void extend(X509 *x, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
    X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    if (ext != NULL)
        (void)X509_add_ext(x, ext, -1);
    X509_EXTENSION_free(ext);
}

static X509 *certificate(EVP_PKEY *key, const char *name, X509 *issuer, EVP_PKEY *by)
{
    X509 *x = X509_new();
    (void)X509_set_version(x, 2);
    (void)ASN1_INTEGER_set(X509_get_serialNumber(x), issuer == NULL ? 1 : 2);
    (void)X509_gmtime_adj(X509_getm_notBefore(x), -3600);
    (void)X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    (void)X509_set_pubkey(x, key);
    (void)X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                                     (const unsigned char *)name, -1, -1, 0);
    (void)X509_set_issuer_name(x, X509_get_subject_name(issuer == NULL ? x : issuer));
    extend(x, issuer == NULL ? x : issuer, NID_basic_constraints,
           issuer == NULL ? "critical,CA:TRUE" : "CA:FALSE");
    (void)X509_sign(x, by, EVP_PKEY_is_a(by, "ED25519") ? NULL : EVP_sha256());
    return x;
}

static void write_pem(const char *to, EVP_PKEY *key, X509 *x, X509 *y)
{
    FILE *f = fopen(to, "w");
    if (f == NULL)
        return;
    if (key != NULL)
        (void)PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
    if (x != NULL)
        (void)PEM_write_X509(f, x);
    if (y != NULL)
        (void)PEM_write_X509(f, y);
    (void)fclose(f);
}

static void keys(void)
{
    EVP_PKEY *ca_key = EVP_EC_gen("P-256"), *lab_key = EVP_EC_gen("P-256");
    EVP_PKEY *other_key = EVP_RSA_gen(2048);
    EVP_PKEY *edwards_key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    X509 *ca = certificate(ca_key, "Lab CA", NULL, ca_key);
    X509 *lab = certificate(lab_key, "Signer, A.", ca, ca_key);
    X509 *other = certificate(other_key, "Other", NULL, other_key);
    X509 *edwards = certificate(edwards_key, "Edwards", NULL, edwards_key);
    write_pem(path(0, "ca.pem"), NULL, ca, NULL);
    write_pem(path(1, "lab.pem"), NULL, lab, NULL);
    write_pem(path(2, "lab.key"), lab_key, NULL, NULL);
    write_pem(path(3, "other.pem"), NULL, other, NULL);
    write_pem(path(4, "other.key"), other_key, NULL, NULL);
    write_pem(path(5, "none.pem"), NULL, NULL, NULL);
    write_pem(path(6, "edwards.pem"), edwards_key, edwards, NULL);
    X509_free(edwards);
    EVP_PKEY_free(edwards_key);
    X509_free(ca);
    X509_free(lab);
    X509_free(other);
    EVP_PKEY_free(ca_key);
    EVP_PKEY_free(lab_key);
    EVP_PKEY_free(other_key);
}

#define CA path_of[0]
#define LAB path_of[1]
#define LAB_KEY path_of[2]
#define OTHER path_of[3]
#define OTHER_KEY path_of[4]
#define NONE path_of[5]
#define EDWARDS path_of[6]

static const char text[] = "what is signed\n";
#define LEN (sizeof text - 1)

static void test_good(const struct buf *s)
{
    struct err e = ERR_INIT;
    struct sign_by by;
    is_int(sign_verify(text, LEN, s->data, s->len, NULL, &by, &e), ERR_OK,
           "a signature holds over what was signed");
    ok(!by.trusted && strlen(by.fingerprint) == 64 && by.at_ns > 0,
       "its signer has a fingerprint and a time, and is not called trusted");
    is_str(by.subject, "CN=Signer\\, A.", "he is named as RFC 2253 writes it");
    is_int(sign_verify(text, LEN, s->data, s->len, CA, &by, &e), ERR_OK,
           "it holds for who trusts the lab's CA");
    ok(by.trusted, "and then he is trusted");
    is_int(sign_verify(text, LEN, s->data, s->len, LAB, &by, &e), ERR_OK,
           "and for who trusts his certificate alone");
}

static void test_bad(struct buf *s)
{
    struct err e = ERR_INIT;
    is_int(sign_verify(text, LEN, s->data, s->len, OTHER, NULL, &e), ERR_EVIDENCE,
           "it does not hold for who trusts somebody else");
    ok(strstr(e.text, OTHER) != NULL, "the text names whom he trusts");
    is_int(sign_verify(text, LEN - 1, s->data, s->len, NULL, NULL, &e), ERR_EVIDENCE,
           "nor over a byte less");
    is_int(sign_verify(text, LEN, s->data, s->len, NONE, NULL, &e), ERR_USAGE,
           "a file without certificates can be trusted by nobody");
    is_int(sign_verify(text, LEN, "no signature", 12, NULL, NULL, &e), ERR_EVIDENCE,
           "what is no CMS is no signature");
    int held = 0, cut = 0;
    for (size_t i = 0; i < s->len; i++) {
        char was = s->data[i];
        s->data[i] = (char)(was ^ 1);
        if (sign_verify(text, LEN, s->data, s->len, NULL, NULL, NULL) == ERR_OK) {
            printf("# byte %zu of %zu changed from %02x: not seen\n", i, s->len,
                   (unsigned char)was);
            held++;
        }
        s->data[i] = was;
        cut += sign_verify(text, LEN, s->data, i, NULL, NULL, NULL) == ERR_OK;
    }
    is_int(held, 0, "it holds with none of its bytes changed");
    is_int(cut, 0, "nor cut anywhere");
    (void)buf_append(s, "x", 1, &e);
    is_int(sign_verify(text, LEN, s->data, s->len, NULL, NULL, &e), ERR_EVIDENCE,
           "nor with a byte behind it");
}

static void test_keys(void)
{
    struct err e = ERR_INIT;
    struct buf s;
    buf_init(&s, SIGN_MOST_BYTES);
    is_int(sign_detached(text, LEN, LAB_KEY, OTHER, &s, &e), ERR_USAGE,
           "a certificate of another key is refused");
    ok(strstr(e.text, "is not the certificate of the key") != NULL, "and the text says so");
    is_int(sign_detached(text, LEN, LAB, LAB, &s, &e), ERR_USAGE,
           "a file without a key is refused");
    is_int(sign_detached(text, LEN, "/nonexistent", LAB, &s, &e), ERR_USAGE,
           "a key that is not there is refused");
    is_int(sign_detached(text, LEN, EDWARDS, EDWARDS, &s, &e), ERR_USAGE,
           "a kind of key that no signature of ours takes is refused");
    ok(strstr(e.text, "ED25519, RSA or EC was expected") != NULL, "with what is taken");
    is_int(s.len, 0, "nothing was appended");
    is_int(sign_detached(text, LEN, OTHER_KEY, OTHER, &s, &e), ERR_OK, "an RSA key signs too");
    is_int(sign_verify(text, LEN, s.data, s.len, OTHER, NULL, &e), ERR_OK, "and that holds");
    buf_release(&s);
}

int main(void)
{
    struct err e = ERR_INIT;
    struct buf s;
    buf_init(&s, SIGN_MOST_BYTES);
    if (mkdtemp(folder) == NULL)
        return tap_skip_all("no temporary folder");
    keys();
    is_int(sign_detached(text, LEN, LAB_KEY, LAB, &s, &e), ERR_OK, "bytes are signed");
    test_good(&s);
    test_bad(&s);
    test_keys();
    buf_release(&s);
    for (int i = 0; i < 7; i++)
        (void)unlink(path_of[i]);
    (void)rmdir(folder);
    return done_testing();
}
