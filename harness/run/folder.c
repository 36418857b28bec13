#include "harness/run/folder.h"

#include <errno.h>
#include <libxml/xmlversion.h>
#include <limits.h>
#include <lua.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/buf.h"
#include "harness/base/clock.h"
#include "harness/base/file.h"
#include "harness/base/limits.h"
#include "harness/base/sha256.h"
#include "harness/base/version.h"
#include "harness/base/xmlw.h"

/* What a run leaves, in the order of its making; the first three are the evidence. */
static const char *const files[] = {"plan.xml",  "journal",     "capture.pcapng",
                                    "exchanges", "run.xml",     "report.tap",
                                    "junit.xml", "report.html", "report.csv"};
#define N_FILES (sizeof files / sizeof files[0])

void folder_name(const struct plan *p, char *out, size_t size)
{
    time_t now = time(NULL);
    struct tm tm;
    char stamp[32] = "run";
    if (gmtime_r(&now, &tm) != NULL)
        (void)strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &tm);
    (void)snprintf(out, size, "results/%s-%s", stamp, p->nonce);
}

enum err_code folder_make(const char *folder, bool replace, struct err *e)
{
    char path[PATH_MAX];
    struct stat st;
    enum err_code rc = file_in(path, folder, "manifest.xml", e);
    if (rc != ERR_OK)
        return rc;
    if (stat(folder, &st) == 0 && !S_ISDIR(st.st_mode))
        return err_set(e, ERR_USAGE, "%s: is no folder, one was expected for the run", folder);
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0777) == -1 && errno != EEXIST)
            return err_sys(e, errno, "folder %s cannot be made", path);
        *slash = '/';
    }
    if (replace && unlink(path) == -1 && errno != ENOENT)
        return err_sys(e, errno, "%s cannot be replaced", path);
    for (size_t i = 0; i < N_FILES; i++) {
        rc = file_in(path, folder, files[i], e);
        if (rc != ERR_OK)
            return rc;
        if (replace && unlink(path) == -1 && errno != ENOENT)
            return err_sys(e, errno, "%s cannot be replaced", path);
        if (access(path, F_OK) == 0)
            return err_set(
                e, ERR_USAGE,
                "%s exists: a run is never written over; name another folder with --out, "
                "or give --force",
                path);
    }
    return ERR_OK;
}

void folder_undo(const char *folder)
{
    char path[PATH_MAX];
    for (size_t i = 0; i < N_FILES; i++)
        if (file_in(path, folder, files[i], NULL) == ERR_OK)
            (void)unlink(path);
    (void)rmdir(folder); /* stays when it holds anything else */
}

static void write_facts(struct xmlw *w, const struct run_end *end)
{
    char stamp[40];
    xmlw_open(w, "made");
    xmlw_attr(w, "at", clock_iso(clock_real_ns(), stamp, sizeof stamp));
    xmlw_attr(w, "gridassay", version_text());
    xmlw_attr(w, "libxml2", LIBXML_DOTTED_VERSION);
    xmlw_attr(w, "openssl", OpenSSL_version(OPENSSL_VERSION_STRING));
    xmlw_attr(w, "lua", LUA_RELEASE);
    struct utsname u;
    if (uname(&u) == 0) {
        xmlw_attr(w, "system", u.sysname);
        xmlw_attr(w, "release", u.release);
        xmlw_attr(w, "machine", u.machine);
    }
    xmlw_close(w, "made");

    struct timex tx = {0};
    int state = adjtimex(&tx);
    bool loose = state == -1 || state == TIME_ERROR || (tx.status & STA_UNSYNC) != 0;
    xmlw_open(w, "clock");
    xmlw_attr(w, "synchronised", loose ? "no" : "yes");
    if (state != -1)
        xmlw_attr_u64(w, "largest-error-us", (uint64_t)tx.maxerror);
    xmlw_close(w, "clock");

    if (end != NULL) {
        xmlw_open(w, "capture");
        xmlw_attr_u64(w, "frames", end->frames);
        xmlw_attr_u64(w, "received", end->received);
        xmlw_attr_u64(w, "dropped", end->dropped);
        xmlw_attr_u64(w, "dropped-by-interface", end->if_dropped);
        xmlw_close(w, "capture");
    }
}

static enum err_code write_files(struct xmlw *w, const char *folder, struct err *e)
{
    char path[PATH_MAX], digest[SHA256_HEX_BYTES];
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < N_FILES && rc == ERR_OK; i++) {
        struct stat st;
        rc = file_in(path, folder, files[i], e);
        if (rc != ERR_OK || stat(path, &st) == -1)
            continue;
        rc = sha256_file(path, digest, e);
        xmlw_open(w, "file");
        xmlw_attr(w, "name", files[i]);
        xmlw_attr_u64(w, "bytes", (uint64_t)st.st_size);
        xmlw_attr(w, "sha256", digest);
        xmlw_close(w, "file");
    }
    return rc;
}

enum err_code folder_manifest(const char *folder, const struct run_end *end, struct err *e)
{
    char path[PATH_MAX];
    struct buf text;
    struct xmlw w;
    buf_init(&text, LIMIT_XML_FILE_BYTES);
    xmlw_begin(&w, &text, e);
    xmlw_open(&w, "manifest");
    xmlw_attr(&w, "xmlns", "urn:gridassay:manifest:1");
    xmlw_attr(&w, "version", "1");
    write_facts(&w, end);
    enum err_code rc = write_files(&w, folder, e);
    xmlw_close(&w, "manifest");
    if (rc == ERR_OK)
        rc = w.rc;
    if (rc == ERR_OK)
        rc = file_in(path, folder, "manifest.xml", e);
    if (rc == ERR_OK)
        rc = buf_write_file(path, text.data, text.len, e);
    buf_release(&text);
    return rc;
}
