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

#include "harness/base/file.h"
#include "harness/base/limits.h"
#include "harness/base/unzip.h"

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

struct copy {
    const char *path;
    int fd;
};

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

static enum err_code copy(void *arg, const void *data, size_t len, struct err *e)
{
    const struct copy *c = arg;
    return file_write(c->fd, data, len, c->path, e);
}

static enum err_code extract(struct unzip *u, const struct unzip_entry *entry, const char *folder,
                             struct err *e)
{
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/%s", folder, entry->name);
    if (n < 0 || (size_t)n >= sizeof path)
        return err_set(e, ERR_USAGE, "%s: path is too long", folder);
    enum err_code rc = make_folders(folder, path, e);
    if (rc != ERR_OK)
        return rc;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd == -1 && (errno == EEXIST || errno == EISDIR))
        return err_set(e, ERR_EVIDENCE, "%s: %s is in it twice, or also a folder", u->path,
                       entry->name);
    if (fd == -1)
        return err_sys(e, errno, "%s cannot be made", path);
    rc = unzip_read(u, entry, copy, &(struct copy){path, fd}, e);
    if (close(fd) == -1 && rc == ERR_OK)
        rc = err_sys(e, errno, "%s cannot be written", path);
    return rc;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum err_code unpack_all(struct unzip *u, const char *folder, struct unpacked *out,
                                struct err *e)
{
    out->name = arena_alloc(&out->arena, (size_t)u->n * sizeof *out->name);
    enum err_code rc = ERR_OK;
    for (uint64_t i = 0; rc == ERR_OK && out->name != NULL && i < u->n; i++) {
        struct unzip_entry entry;
        const char *name = unzip_name(u, i);
        if (name != NULL && !unpack_name_good(name))
            return err_set(e, ERR_EVIDENCE,
                           "%s: entry %" PRIu64
                           " has the name \"%.100s\"; expected a relative one of "
                           "letters, digits, \"._-/\", no part of it with a leading \".\"",
                           u->path, i, name);
        rc = unzip_look(u, i, &entry, e);
        if (rc == ERR_OK)
            rc = extract(u, &entry, folder, e);
        if (rc == ERR_OK)
            out->name[out->n++] = arena_strdup(&out->arena, entry.name);
        if (rc == ERR_OK && out->name[i] == NULL)
            rc = err_set(e, ERR_NOMEM, "%s: no memory for its names", u->path);
    }
    if (out->name == NULL)
        return err_set(e, ERR_NOMEM, "%s: no memory for its names", u->path);
    if (rc == ERR_OK)
        qsort(out->name, out->n, sizeof *out->name, by_name);
    return rc;
}

enum err_code unpack(const char *zip, const char *folder, struct unpacked *out, struct err *e)
{
    static const struct unzip_limits limits = {LIMIT_BUNDLE_FILES, LIMIT_BUNDLE_BYTES,
                                               LIMIT_ZIP_RATIO, LIMIT_ZIP_RATIO_FROM_BYTES};
    struct unzip u;
    *out = (struct unpacked){.arena = ARENA_INIT};
    enum err_code rc = unzip_open(zip, &limits, ERR_EVIDENCE, &u, e);
    if (rc == ERR_OK)
        rc = unpack_all(&u, folder, out, e);
    unzip_close(&u);
    if (rc != ERR_OK)
        unpack_release(out);
    return rc;
}

void unpack_release(struct unpacked *u)
{
    arena_release(&u->arena);
    *u = (struct unpacked){.arena = ARENA_INIT};
}
