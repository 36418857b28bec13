#include "harness/campaign/ledger_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/file.h"
#include "harness/base/limits.h"

#define PATIENCE_NS (10 * NS_PER_S)
#define STAMP_BYTES 40

static enum err_code write_synced(int fd, const struct buf *text, const char *path, struct err *e)
{
    enum err_code rc = file_write(fd, text->data, text->len, path, e);
    if (rc == ERR_OK && fsync(fd) == -1)
        rc = err_sys(e, errno, "%s: cannot be brought to the disk", path);
    return rc;
}

/* A name is on the disk once its folder is. */
static enum err_code sync_folder(const char *path, struct err *e)
{
    char folder[PATH_MAX];
    (void)snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
        slash[slash == folder] = '\0';
    int fd = open(slash == NULL ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd == -1)
        return err_sys(e, errno, "%s: its folder cannot be opened", path);
    int rc = fsync(fd), saved = errno;
    (void)close(fd);
    /* Not every file system does this for folders. */
    return rc == -1 && saved != EINVAL ? err_sys(e, saved, "%s: its folder", path) : ERR_OK;
}

static enum err_code make_folders(const char *path, struct err *e)
{
    char part[PATH_MAX];
    (void)snprintf(part, sizeof part, "%s", path);
    for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        struct stat st;
        if (mkdir(part, 0777) == -1 && (errno != EEXIST || stat(part, &st) == -1))
            return err_sys(e, errno,
                           "%s: the ledger's folder cannot be made (--ledger names another)", part);
        *slash = '/';
    }
    return ERR_OK;
}

enum err_code ledger_create(const char *path, const struct ledger_identity *identity, struct err *e)
{
    char part[PATH_MAX], stamp[STAMP_BYTES], digest[SHA256_HEX_BYTES];
    struct buf text;
    if (access(path, F_OK) == 0)
        return ERR_OK;
    int n = snprintf(part, sizeof part, "%s.%ld.part", path, (long)getpid());
    if (n < 0 || (size_t)n >= sizeof part)
        return err_set(e, ERR_USAGE, "%s: path is too long", path);
    const struct ledger_entry open_entry = {
        .kind = LEDGER_OPEN,
        .number = 1,
        .before = LEDGER_NO_DIGEST,
        .at = clock_iso(clock_real_ns(), stamp, sizeof stamp),
    };
    buf_init(&text, LIMIT_LEDGER_LINE_BYTES);
    enum err_code rc = ledger_format(&open_entry, identity, &text, digest, e);
    if (rc == ERR_OK)
        rc = make_folders(path, e);
    if (rc == ERR_OK) {
        int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (fd == -1) {
            rc = err_sys(e, errno, "%s: the ledger cannot be made", path);
        } else {
            rc = write_synced(fd, &text, part, e);
            (void)close(fd);
            /* Another process may have been faster: its ledger is as good. Not every file system
             * has links. */
            if (rc == ERR_OK && link(part, path) == -1 && errno != EEXIST &&
                renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE) == -1 &&
                errno != EEXIST)
                rc = err_sys(e, errno, "%s: the ledger cannot be put in place", path);
            (void)unlink(part);
        }
    }
    if (rc == ERR_OK)
        rc = sync_folder(path, e);
    buf_release(&text);
    return rc;
}

static enum err_code take_lock(struct ledger_file *f, struct err *e)
{
    int64_t deadline = clock_mono_ns() + PATIENCE_NS;
    while (flock(f->fd, LOCK_EX | LOCK_NB) == -1) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return err_sys(e, errno, "%s: cannot be locked", f->path);
        if (clock_mono_ns() > deadline)
            return err_set(e, ERR_TIMEOUT, "%s: another process holds the ledger for %d s", f->path,
                           (int)(PATIENCE_NS / NS_PER_S));
        const struct timespec pause = {.tv_nsec = 20 * NS_PER_MS};
        (void)nanosleep(&pause, NULL);
    }
    return ERR_OK;
}

enum err_code ledger_lock(const char *path, struct ledger_file *f, struct err *e)
{
    *f = (struct ledger_file){.fd = -1};
    struct stat st;
    int n = snprintf(f->path, sizeof f->path, "%s", path);
    if (n < 0 || (size_t)n >= sizeof f->path)
        return err_set(e, ERR_USAGE, "%s: path is too long", path);
    /* Not blocking: somebody may have put a pipe there. */
    f->fd = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK);
    if (f->fd == -1)
        return err_sys(e, errno, "%s: the ledger cannot be written", path);
    enum err_code rc = ERR_OK;
    if (fstat(f->fd, &st) == -1 || !S_ISREG(st.st_mode))
        rc = err_set(e, ERR_DATA, "%s: is no file, a ledger was expected", path);
    if (rc == ERR_OK)
        rc = take_lock(f, e);
    if (rc == ERR_OK)
        rc = ledger_read(path, NULL, &f->ledger, e);
    if (rc == ERR_OK) {
        f->last = f->ledger->entry[f->ledger->n_entry - 1].number;
        f->tail = f->ledger->tail_bytes > 0 || f->ledger->open_end;
    } else {
        ledger_unlock(f);
    }
    return rc;
}

/* entry in its place behind the last one. */
static enum err_code format_next(struct ledger_file *f, const struct ledger_entry *entry,
                                 struct buf *out, struct err *e)
{
    char stamp[STAMP_BYTES], digest[SHA256_HEX_BYTES];
    struct ledger_entry x = *entry;
    x.number = ++f->last;
    x.before = f->ledger->head;
    x.at = clock_iso(clock_real_ns(), stamp, sizeof stamp);
    enum err_code rc = ledger_format(&x, &f->ledger->identity, out, digest, e);
    if (rc == ERR_OK)
        memcpy(f->ledger->head, digest, sizeof digest);
    return rc;
}

static enum err_code append(struct ledger_file *f, const struct ledger_entry *entry, struct err *e)
{
    struct buf text;
    struct stat st;
    enum err_code rc = ERR_OK;
    const struct ledger *l = f->ledger;
    const struct ledger_entry cut = {
        .kind = LEDGER_CUT, .cut_digest = l->tail_digest, .cut_begin = l->tail_begin};
    if (fstat(f->fd, &st) == -1)
        return err_sys(e, errno, "%s: cannot be looked at", f->path);
    buf_init(&text, 4 * LIMIT_LEDGER_LINE_BYTES);
    if (f->tail)
        rc = buf_puts(&text, "\n", e);
    if (rc == ERR_OK && f->tail && l->tail_bytes > 0)
        rc = format_next(f, &cut, &text, e);
    if (rc == ERR_OK && entry != NULL)
        rc = format_next(f, entry, &text, e);
    if (rc == ERR_OK && (size_t)st.st_size > LIMIT_LEDGER_BYTES - text.len)
        rc = err_set(e, ERR_LIMIT, "%s: would pass its ceiling of %u bytes", f->path,
                     LIMIT_LEDGER_BYTES);
    if (rc == ERR_OK && text.len > 0) {
        rc = write_synced(f->fd, &text, f->path, e);
        /* Half a line of our own is taken back; where that fails too it is what a cut leaves. */
        if (rc != ERR_OK && ftruncate(f->fd, st.st_size) == -1)
            rc = err_wrap(e, "what was written stays");
    }
    f->tail = f->tail && rc != ERR_OK;
    buf_release(&text);
    return rc;
}

enum err_code ledger_mend(struct ledger_file *f, struct err *e)
{
    return append(f, NULL, e);
}

enum err_code ledger_append(struct ledger_file *f, const struct ledger_entry *entry, struct err *e)
{
    return append(f, entry, e);
}

void ledger_unlock(struct ledger_file *f)
{
    if (f->fd != -1)
        (void)close(f->fd);
    f->fd = -1;
    ledger_free(f->ledger);
    f->ledger = NULL;
}
