#include "harness/base/unzip.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

enum err_code unzip_open(const char *path, const struct unzip_limits *limits, enum err_code fault,
                         struct unzip *u, struct err *e)
{
    int code = 0;
    *u = (struct unzip){.path = path, .limits = *limits, .fault = fault};
    if (access(path, R_OK) == -1)
        return err_set(e, ERR_USAGE, "%s: cannot be read: %s", path, strerror(errno));
    zip_t *zip = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code);
    if (zip == NULL) {
        zip_error_t why;
        zip_error_init_with_code(&why, code);
        enum err_code rc =
            code == ZIP_ER_MEMORY
                ? err_set(e, ERR_NOMEM, "%s: no memory to read it", path)
                : err_set(e, fault, "%s: is no whole zip: %s", path, zip_error_strerror(&why));
        zip_error_fini(&why);
        return rc;
    }
    u->zip = zip;
    zip_int64_t n = zip_get_num_entries(zip, 0);
    u->n = n < 0 ? 0 : (uint64_t)n;
    if (n <= 0 || u->n > limits->files) {
        unzip_close(u);
        return err_set(e, fault, "%s: holds %" PRId64 " files, expected 1 to %" PRIu64, path, n,
                       limits->files);
    }
    return ERR_OK;
}

void unzip_close(struct unzip *u)
{
    if (u->zip != NULL)
        zip_discard(u->zip);
    u->zip = NULL;
}

const char *unzip_name(const struct unzip *u, uint64_t index)
{
    return zip_get_name(u->zip, index, ZIP_FL_ENC_RAW);
}

enum err_code unzip_look(struct unzip *u, uint64_t index, struct unzip_entry *out, struct err *e)
{
    zip_stat_t st;
    zip_uint8_t system = 0;
    zip_uint32_t mode = 0;
    const zip_uint64_t needed =
        ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    if (zip_stat_index(u->zip, index, ZIP_FL_ENC_RAW, &st) != 0 || (st.valid & needed) != needed)
        return err_set(e, u->fault, "%s: entry %" PRIu64 " cannot be read", u->path, index);
    if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && st.encryption_method != ZIP_EM_NONE)
        return err_set(e, u->fault, "%s: %s is encrypted", u->path, st.name);
    if (st.comp_method != ZIP_CM_DEFLATE && st.comp_method != ZIP_CM_STORE)
        return err_set(e, u->fault, "%s: %s is packed by method %u; expected deflate or stored",
                       u->path, st.name, st.comp_method);
    if (zip_file_get_external_attributes(u->zip, index, 0, &system, &mode) == 0 &&
        system == ZIP_OPSYS_UNIX && (mode >> 16 & S_IFMT) != 0 && !S_ISREG((mode_t)(mode >> 16)))
        return err_set(e, u->fault, "%s: %s is no plain file", u->path, st.name);
    if (st.size > u->limits.bytes - u->total)
        return err_set(e, u->fault, "%s: %s brings it above %" PRIu64 " bytes unpacked", u->path,
                       st.name, u->limits.bytes);
    if (st.size > u->limits.ratio_from_bytes && st.size / u->limits.ratio > st.comp_size)
        return err_set(e, u->fault,
                       "%s: %s would grow from %" PRIu64 " to %" PRIu64 " bytes; more than %" PRIu64
                       " times is not unpacked",
                       u->path, st.name, st.comp_size, st.size, u->limits.ratio);
    u->total += st.size;
    *out = (struct unzip_entry){index, st.size, st.name};
    return ERR_OK;
}

static enum err_code read_all(struct unzip *u, const struct unzip_entry *entry, zip_file_t *in,
                              unzip_take_fn *take, void *arg, struct err *e)
{
    char block[65536];
    uint64_t taken = 0;
    for (;;) {
        zip_int64_t n = zip_fread(in, block, sizeof block);
        if (n == -1)
            return err_set(e, u->fault, "%s: %s is damaged: %s", u->path, entry->name,
                           zip_error_strerror(zip_file_get_error(in)));
        if (n == 0)
            break;
        taken += (uint64_t)n;
        if (taken > entry->bytes)
            return err_set(e, u->fault,
                           "%s: %s is longer than the %" PRIu64 " bytes it is said "
                           "to have",
                           u->path, entry->name, entry->bytes);
        enum err_code rc = take(arg, block, (size_t)n, e);
        if (rc != ERR_OK)
            return rc;
    }
    if (taken != entry->bytes)
        return err_set(e, u->fault, "%s: %s ends after %" PRIu64 " of %" PRIu64 " bytes", u->path,
                       entry->name, taken, entry->bytes);
    return ERR_OK;
}

enum err_code unzip_read(struct unzip *u, const struct unzip_entry *entry, unzip_take_fn *take,
                         void *arg, struct err *e)
{
    zip_file_t *in = zip_fopen_index(u->zip, entry->index, 0);
    if (in == NULL)
        return err_set(e, u->fault, "%s: %s is damaged: %s", u->path, entry->name,
                       zip_strerror(u->zip));
    enum err_code rc = read_all(u, entry, in, take, arg, e);
    (void)zip_fclose(in);
    return rc;
}
