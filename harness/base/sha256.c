#include "harness/base/sha256.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

static void to_hex(const unsigned char *digest, char hex[SHA256_HEX_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < 32; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[64] = '\0';
}

enum err_code sha256_bytes(const void *data, size_t len, char hex[SHA256_HEX_BYTES], struct err *e)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int n = 0;
    if (EVP_Digest(data, len, digest, &n, EVP_sha256(), NULL) != 1 || n != 32)
        return err_set(e, ERR_NOMEM, "SHA-256 of %zu bytes failed", len);
    to_hex(digest, hex);
    return ERR_OK;
}

enum err_code sha256_file(const char *path, char hex[SHA256_HEX_BYTES], struct err *e)
{
    enum err_code rc = ERR_OK;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int n = 0;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    FILE *f = fopen(path, "rbe");
    if (f == NULL) {
        rc = err_set(e, ERR_DATA, "%s: cannot be opened: %s", path, strerror(errno));
        goto out;
    }
    if (ctx == NULL || EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1) {
        rc = err_set(e, ERR_NOMEM, "SHA-256 of %s failed", path);
        goto out;
    }
    char block[65536];
    size_t got;
    while ((got = fread(block, 1, sizeof block, f)) > 0)
        if (EVP_DigestUpdate(ctx, block, got) != 1) {
            rc = err_set(e, ERR_NOMEM, "SHA-256 of %s failed", path);
            goto out;
        }
    if (ferror(f))
        rc = err_set(e, ERR_DATA, "%s: cannot be read: %s", path, strerror(errno));
    else if (EVP_DigestFinal_ex(ctx, digest, &n) != 1 || n != 32)
        rc = err_set(e, ERR_NOMEM, "SHA-256 of %s failed", path);
    else
        to_hex(digest, hex);
out:
    if (f != NULL)
        (void)fclose(f);
    EVP_MD_CTX_free(ctx);
    return rc;
}

/* The digest's own context stands for it: no object of ours beside it. */
struct sha256 *sha256_begin(void)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(ctx);
        ctx = NULL;
    }
    return (struct sha256 *)(void *)ctx;
}

bool sha256_add(struct sha256 *s, const void *data, size_t len)
{
    return EVP_DigestUpdate((EVP_MD_CTX *)(void *)s, data, len) == 1;
}

bool sha256_end(struct sha256 *s, char hex[SHA256_HEX_BYTES])
{
    EVP_MD_CTX *ctx = (EVP_MD_CTX *)(void *)s;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int n = 0;
    bool fine = ctx != NULL && hex != NULL && EVP_DigestFinal_ex(ctx, digest, &n) == 1 && n == 32;
    if (fine)
        to_hex(digest, hex);
    EVP_MD_CTX_free(ctx);
    return fine;
}
