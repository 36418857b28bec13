#include "harness/run/folder.h"

#include <errno.h>
#include <inttypes.h>
#include <libxml/xmlversion.h>
#include <libxml/xmlwriter.h>
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
#include "harness/base/sha256.h"
#include "harness/base/version.h"

/* What a run leaves, in the order of its making; the first three are the evidence. */
static const char *const files[] = {"plan.xml",   "journal",    "capture.pcapng", "exchanges",
                                    "run.xml",    "report.tap", "junit.xml",      "report.html",
                                    "report.csv"};
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

static enum err_code in_folder(char *out, const char *folder, const char *name, struct err *e)
{
    int n = snprintf(out, PATH_MAX, "%s/%s", folder, name);
    if (n < 0 || n >= PATH_MAX)
        return err_set(e, ERR_USAGE, "%s: path is too long", folder);
    return ERR_OK;
}

enum err_code folder_make(const char *folder, bool replace, struct err *e)
{
    char path[PATH_MAX];
    enum err_code rc = in_folder(path, folder, "manifest.xml", e);
    if (rc != ERR_OK)
        return rc;
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0777) == -1 && errno != EEXIST)
            return err_sys(e, errno, "folder %s cannot be made", path);
        *slash = '/';
    }
    if (replace && unlink(path) == -1 && errno != ENOENT)
        return err_sys(e, errno, "%s cannot be replaced", path);
    for (size_t i = 0; i < N_FILES; i++) {
        rc = in_folder(path, folder, files[i], e);
        if (rc != ERR_OK)
            return rc;
        if (replace && unlink(path) == -1 && errno != ENOENT)
            return err_sys(e, errno, "%s cannot be replaced", path);
        if (access(path, F_OK) == 0)
            return err_set(e, ERR_USAGE,
                           "%s exists: a run is never written over; name another folder with --out, "
                           "or give --force",
                           path);
    }
    return ERR_OK;
}

static void attr(xmlTextWriterPtr w, const char *name, const char *value)
{
    (void)xmlTextWriterWriteAttribute(w, (const xmlChar *)name, (const xmlChar *)value);
}

static void attr_u64(xmlTextWriterPtr w, const char *name, uint64_t value)
{
    (void)xmlTextWriterWriteFormatAttribute(w, (const xmlChar *)name, "%" PRIu64, value);
}

static void write_facts(xmlTextWriterPtr w, const struct run_end *end)
{
    char stamp[40];
    (void)xmlTextWriterStartElement(w, (const xmlChar *)"made");
    attr(w, "at", clock_iso(clock_real_ns(), stamp, sizeof stamp));
    attr(w, "gridassay", GRIDASSAY_VERSION);
    attr(w, "libxml2", LIBXML_DOTTED_VERSION);
    attr(w, "openssl", OpenSSL_version(OPENSSL_VERSION_STRING));
    attr(w, "lua", LUA_RELEASE);
    struct utsname u;
    if (uname(&u) == 0) {
        attr(w, "system", u.sysname);
        attr(w, "release", u.release);
        attr(w, "machine", u.machine);
    }
    (void)xmlTextWriterEndElement(w);

    struct timex tx = {0};
    int state = adjtimex(&tx);
    (void)xmlTextWriterStartElement(w, (const xmlChar *)"clock");
    attr(w, "synchronised", state == -1 || state == TIME_ERROR || (tx.status & STA_UNSYNC) ? "no" : "yes");
    if (state != -1)
        attr_u64(w, "largest-error-us", (uint64_t)tx.maxerror);
    (void)xmlTextWriterEndElement(w);

    if (end != NULL) {
        (void)xmlTextWriterStartElement(w, (const xmlChar *)"capture");
        attr_u64(w, "frames", end->frames);
        attr_u64(w, "received", end->received);
        attr_u64(w, "dropped", end->dropped);
        attr_u64(w, "dropped-by-interface", end->if_dropped);
        (void)xmlTextWriterEndElement(w);
    }
}

enum err_code folder_manifest(const char *folder, const struct run_end *end, struct err *e)
{
    char path[PATH_MAX], digest[SHA256_HEX_BYTES];
    enum err_code rc = ERR_OK;
    xmlBufferPtr text = xmlBufferCreate();
    xmlTextWriterPtr w = text == NULL ? NULL : xmlNewTextWriterMemory(text, 0);
    if (w == NULL) {
        rc = err_set(e, ERR_NOMEM, "no memory for the manifest of %s", folder);
        goto out;
    }
    (void)xmlTextWriterSetIndent(w, 1);
    (void)xmlTextWriterStartDocument(w, NULL, "UTF-8", NULL);
    (void)xmlTextWriterStartElementNS(w, NULL, (const xmlChar *)"manifest",
                                      (const xmlChar *)"urn:gridassay:manifest:1");
    attr(w, "version", "1");
    write_facts(w, end);
    for (size_t i = 0; i < N_FILES; i++) {
        rc = in_folder(path, folder, files[i], e);
        if (rc != ERR_OK)
            goto out;
        struct stat st;
        if (stat(path, &st) == -1)
            continue;
        rc = sha256_file(path, digest, e);
        if (rc != ERR_OK)
            goto out;
        (void)xmlTextWriterStartElement(w, (const xmlChar *)"file");
        attr(w, "name", files[i]);
        attr_u64(w, "bytes", (uint64_t)st.st_size);
        attr(w, "sha256", digest);
        (void)xmlTextWriterEndElement(w);
    }
    if (xmlTextWriterEndDocument(w) == -1 || xmlTextWriterFlush(w) == -1) {
        rc = err_set(e, ERR_NOMEM, "no memory for the manifest of %s", folder);
        goto out;
    }
    rc = in_folder(path, folder, "manifest.xml", e);
    if (rc == ERR_OK)
        rc = buf_write_file(path, xmlBufferContent(text), (size_t)xmlBufferLength(text), e);
out:
    xmlFreeTextWriter(w);
    xmlBufferFree(text);
    return rc;
}
