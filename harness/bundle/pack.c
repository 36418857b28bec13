#include "harness/bundle/pack.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zip.h>

#define DOS_DATE_1980_01_01 ((0 << 9) | (1 << 5) | 1)

struct pack {
    zip_t *zip;
    char *path;
};

enum err_code pack_open(const char *path, struct pack **out, struct err *e)
{
    int code = 0;
    struct pack *p = calloc(1, sizeof *p);
    *out = NULL;
    if (p == NULL || (p->path = strdup(path)) == NULL) {
        free(p);
        return err_set(e, ERR_NOMEM, "no memory to write %s", path);
    }
    p->zip = zip_open(path, ZIP_CREATE | ZIP_EXCL, &code);
    if (p->zip == NULL) {
        zip_error_t why;
        zip_error_init_with_code(&why, code);
        enum err_code rc =
            code == ZIP_ER_EXISTS
                ? err_set(e, ERR_USAGE,
                          "%s exists: it is not written over; name another file with --output",
                          path)
                : err_set(e, ERR_SYS, "%s cannot be made: %s", path, zip_error_strerror(&why));
        zip_error_fini(&why);
        free(p->path);
        free(p);
        return rc;
    }
    *out = p;
    return ERR_OK;
}

static enum err_code add(struct pack *p, const char *name, zip_source_t *from, struct err *e)
{
    zip_int64_t at = from == NULL ? -1 : zip_file_add(p->zip, name, from, ZIP_FL_ENC_UTF_8);
    if (at == -1) {
        zip_source_free(from);
        return err_set(e, ERR_SYS, "%s: cannot take %s: %s", p->path, name, zip_strerror(p->zip));
    }
    zip_uint64_t i = (zip_uint64_t)at;
    if (zip_set_file_compression(p->zip, i, ZIP_CM_DEFLATE, 6) != 0 ||
        zip_file_set_dostime(p->zip, i, 0, DOS_DATE_1980_01_01, 0) != 0 ||
        zip_file_set_external_attributes(p->zip, i, 0, ZIP_OPSYS_UNIX,
                                         (zip_uint32_t)(S_IFREG | 0644) << 16) != 0)
        return err_set(e, ERR_SYS, "%s: cannot take %s: %s", p->path, name, zip_strerror(p->zip));
    return ERR_OK;
}

enum err_code pack_file(struct pack *p, const char *name, const char *from, struct err *e)
{
    struct stat st;
    if (stat(from, &st) == -1 || !S_ISREG(st.st_mode))
        return err_set(e, ERR_DATA, "%s: is no plain file, one was expected for the bundle", from);
    return add(p, name, zip_source_file(p->zip, from, 0, -1), e);
}

enum err_code pack_bytes(struct pack *p, const char *name, const void *data, size_t len,
                         struct err *e)
{
    return add(p, name, zip_source_buffer(p->zip, data, len, 0), e);
}

static void release(struct pack *p)
{
    free(p->path);
    free(p);
}

enum err_code pack_close(struct pack *p, struct err *e)
{
    enum err_code rc = ERR_OK;
    if (zip_close(p->zip) != 0) {
        rc = err_set(e, ERR_SYS, "%s cannot be written: %s", p->path, zip_strerror(p->zip));
        zip_discard(p->zip);
    }
    release(p);
    return rc;
}

void pack_drop(struct pack *p)
{
    if (p == NULL)
        return;
    zip_discard(p->zip);
    release(p);
}
