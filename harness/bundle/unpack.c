#include "harness/bundle/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include "harness/base/file.h"
#include "harness/base/limits.h"

struct work {
    const char *path, *folder;
    zip_t *zip;
    uint64_t total;
};

bool unpack_name_good(const char *name)
{
    static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
    size_t len = strlen(name);
    if (len == 0 || len > LIMIT_BUNDLE_NAME_BYTES || strspn(name, good) != len)
        return false;
    for (const char *part = name;;) {
        size_t n = strcspn(part, "/");
        if (n == 0 || part[0] == '.')
            return false; /* also "..", and what hides */
        if (part[n] == '\0')
            return true;
        part += n + 1;
    }
}

static enum err_code open_zip(struct work *w, struct err *e)
{
    int code = 0;
    if (access(w->path, R_OK) == -1)
        return err_set(e, ERR_USAGE, "%s: cannot be read: %s", w->path, strerror(errno));
    w->zip = zip_open(w->path, ZIP_RDONLY | ZIP_CHECKCONS, &code);
    if (w->zip != NULL)
        return ERR_OK;
    zip_error_t why;
    zip_error_init_with_code(&why, code);
    enum err_code rc = code == ZIP_ER_MEMORY
                           ? err_set(e, ERR_NOMEM, "%s: no memory to read it", w->path)
                           : err_set(e, ERR_EVIDENCE, "%s: is no whole zip: %s", w->path,
                                     zip_error_strerror(&why));
    zip_error_fini(&why);
    return rc;
}

/* What the zip says of an entry before it is unpacked. */
static enum err_code check_entry(struct work *w, zip_uint64_t i, zip_stat_t *st, struct err *e)
{
    zip_uint8_t system = 0;
    zip_uint32_t mode = 0;
    const zip_uint64_t needed =
        ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    if (zip_stat_index(w->zip, i, ZIP_FL_ENC_RAW, st) != 0 || (st->valid & needed) != needed)
        return err_set(e, ERR_EVIDENCE, "%s: entry %" PRIu64 " cannot be read", w->path, i);
    if (!unpack_name_good(st->name))
        return err_set(e, ERR_EVIDENCE,
                       "%s: entry %" PRIu64 " has the name \"%.100s\"; expected a relative one of "
                       "letters, digits, \"._-/\", no part of it with a leading \".\"",
                       w->path, i, st->name);
    if ((st->valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && st->encryption_method != ZIP_EM_NONE)
        return err_set(e, ERR_EVIDENCE, "%s: %s is encrypted", w->path, st->name);
    if (st->comp_method != ZIP_CM_DEFLATE && st->comp_method != ZIP_CM_STORE)
        return err_set(e, ERR_EVIDENCE, "%s: %s is packed by method %u; expected deflate or stored",
                       w->path, st->name, st->comp_method);
    if (zip_file_get_external_attributes(w->zip, i, 0, &system, &mode) == 0 &&
        system == ZIP_OPSYS_UNIX && (mode >> 16) != 0 && !S_ISREG((mode_t)(mode >> 16)))
        return err_set(e, ERR_EVIDENCE, "%s: %s is no plain file", w->path, st->name);
    if (st->size > LIMIT_BUNDLE_BYTES - w->total)
        return err_set(e, ERR_EVIDENCE, "%s: %s brings it above %llu bytes unpacked", w->path,
                       st->name, LIMIT_BUNDLE_BYTES);
    if (st->size > LIMIT_BUNDLE_RATIO_FROM_BYTES && st->size / LIMIT_BUNDLE_RATIO > st->comp_size)
        return err_set(e, ERR_EVIDENCE,
                       "%s: %s would grow from %" PRIu64 " to %" PRIu64 " bytes; more than %d "
                       "times is not unpacked",
                       w->path, st->name, st->comp_size, st->size, LIMIT_BUNDLE_RATIO);
    w->total += st->size;
    return ERR_OK;
}

/* The folders on the way to path, which begins with folder. */
static enum err_code make_folders(const char *folder, char *path, struct err *e)
{
    for (char *slash = strchr(path + strlen(folder) + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int made = mkdir(path, 0700);
        int problem = errno;
        struct stat st;
        bool there =
            made == 0 || (problem == EEXIST && lstat(path, &st) == 0 && S_ISDIR(st.st_mode));
        if (!there)
            return err_set(e, ERR_EVIDENCE, "%s: cannot be a folder: %s", path, strerror(problem));
        *slash = '/';
    }
    return ERR_OK;
}

static enum err_code copy(struct work *w, const zip_stat_t *st, zip_file_t *in, int fd,
                          const char *path, struct err *e)
{
    char block[65536];
    uint64_t taken = 0;
    for (;;) {
        zip_int64_t n = zip_fread(in, block, sizeof block);
        if (n == -1)
            return err_set(e, ERR_EVIDENCE, "%s: %s is damaged: %s", w->path, st->name,
                           zip_error_strerror(zip_file_get_error(in)));
        if (n == 0)
            break;
        taken += (uint64_t)n;
        if (taken > st->size)
            return err_set(e, ERR_EVIDENCE,
                           "%s: %s is longer than the %" PRIu64 " bytes it is said "
                           "to have",
                           w->path, st->name, st->size);
        enum err_code rc = file_write(fd, block, (size_t)n, path, e);
        if (rc != ERR_OK)
            return rc;
    }
    if (taken != st->size)
        return err_set(e, ERR_EVIDENCE, "%s: %s ends after %" PRIu64 " of %" PRIu64 " bytes",
                       w->path, st->name, taken, st->size);
    return ERR_OK;
}

static enum err_code extract(struct work *w, zip_uint64_t i, const zip_stat_t *st, struct err *e)
{
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/%s", w->folder, st->name);
    if (n < 0 || (size_t)n >= sizeof path)
        return err_set(e, ERR_USAGE, "%s: path is too long", w->folder);
    enum err_code rc = make_folders(w->folder, path, e);
    if (rc != ERR_OK)
        return rc;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd == -1 && (errno == EEXIST || errno == EISDIR))
        return err_set(e, ERR_EVIDENCE, "%s: %s is in it twice, or also a folder", w->path,
                       st->name);
    if (fd == -1)
        return err_sys(e, errno, "%s cannot be made", path);
    zip_file_t *in = zip_fopen_index(w->zip, i, 0);
    rc = in != NULL ? copy(w, st, in, fd, path, e)
                    : err_set(e, ERR_EVIDENCE, "%s: %s is damaged: %s", w->path, st->name,
                              zip_strerror(w->zip));
    if (in != NULL)
        (void)zip_fclose(in);
    if (close(fd) == -1 && rc == ERR_OK)
        rc = err_sys(e, errno, "%s cannot be written", path);
    return rc;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum err_code unpack_all(struct work *w, struct unpacked *out, struct err *e)
{
    zip_int64_t n = zip_get_num_entries(w->zip, 0);
    if (n <= 0 || n > LIMIT_BUNDLE_FILES)
        return err_set(e, ERR_EVIDENCE, "%s: holds %" PRId64 " files, expected 1 to %d", w->path, n,
                       LIMIT_BUNDLE_FILES);
    out->name = arena_alloc(&out->arena, (size_t)n * sizeof *out->name);
    enum err_code rc = ERR_OK;
    for (zip_uint64_t i = 0; rc == ERR_OK && out->name != NULL && i < (zip_uint64_t)n; i++) {
        zip_stat_t st;
        rc = check_entry(w, i, &st, e);
        if (rc == ERR_OK)
            rc = extract(w, i, &st, e);
        if (rc == ERR_OK)
            out->name[out->n++] = arena_strdup(&out->arena, st.name);
        if (rc == ERR_OK && out->name[i] == NULL)
            rc = err_set(e, ERR_NOMEM, "%s: no memory for its names", w->path);
    }
    if (out->name == NULL)
        return err_set(e, ERR_NOMEM, "%s: no memory for its names", w->path);
    if (rc == ERR_OK)
        qsort(out->name, out->n, sizeof *out->name, by_name);
    return rc;
}

enum err_code unpack(const char *zip, const char *folder, struct unpacked *out, struct err *e)
{
    struct work w = {.path = zip, .folder = folder};
    *out = (struct unpacked){.arena = ARENA_INIT};
    enum err_code rc = open_zip(&w, e);
    if (rc == ERR_OK)
        rc = unpack_all(&w, out, e);
    if (w.zip != NULL)
        zip_discard(w.zip);
    if (rc != ERR_OK)
        unpack_release(out);
    return rc;
}

void unpack_release(struct unpacked *u)
{
    arena_release(&u->arena);
    *u = (struct unpacked){.arena = ARENA_INIT};
}
