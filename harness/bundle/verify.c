#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "harness/base/limits.h"
#include "harness/base/xml.h"
#include "harness/bundle/bundle.h"
#include "harness/bundle/checks.h"
#include "harness/bundle/contents.h"
#include "harness/bundle/differ.h"
#include "harness/bundle/publish.h"
#include "harness/bundle/unpack.h"

/* What cannot be read in a bundle is no fault of how it was asked for. */
static enum err_code as_evidence(enum err_code rc, struct err *e)
{
    if (rc == ERR_DATA || rc == ERR_USAGE || rc == ERR_SCOPE || rc == ERR_LIMIT)
        rc = e->code = ERR_EVIDENCE;
    return rc;
}

/* The index as it lies there, its version before all else. Whether it can be read at all is asked
 * behind its signature. */
static enum err_code read_version(struct checking *c, struct err *e)
{
    char path[PATH_MAX];
    xmlDocPtr doc = NULL;
    enum err_code rc = file_in(path, c->folder, INDEX_NAME, e);
    if (rc == ERR_OK)
        rc = as_evidence(buf_read_file(&c->text, path, e), e);
    if (rc != ERR_OK || xml_parse(INDEX_NAME, 0, c->text.data == NULL ? "" : c->text.data,
                                  c->text.len, &doc, NULL) != ERR_OK)
        return rc;
    xmlNodePtr root = xmlDocGetRootElement(doc);
    const char *version = root == NULL ? NULL : xml_attr(root, "version");
    if (version != NULL && strcmp(version, INDEX_VERSION) != 0)
        rc = err_set(
            e, ERR_DATA,
            "%s: a bundle of version \"%.20s\"; this gridassay reads version " INDEX_VERSION,
            c->zip, version);
    xmlFreeDoc(doc);
    return rc;
}

static enum err_code read_index(struct checking *c, struct err *e)
{
    char path[PATH_MAX];
    enum err_code rc = file_in(path, c->folder, INDEX_NAME, e);
    return rc != ERR_OK ? rc : as_evidence(index_read(path, &c->index, e), e);
}

static enum err_code check_signature(struct checking *c, struct err *e)
{
    char path[PATH_MAX];
    struct buf signature;
    enum err_code rc = file_in(path, c->folder, INDEX_SIGNATURE, e);
    if (rc != ERR_OK)
        return rc;
    if (access(path, F_OK) == -1)
        return c->trust == NULL ? ERR_OK
                                : err_set(e, ERR_EVIDENCE,
                                          "%s is not signed; a signature trusted by %s was asked "
                                          "for",
                                          c->zip, c->trust);
    buf_init(&signature, SIGN_MOST_BYTES);
    rc = buf_read_file(&signature, path, e);
    if (rc == ERR_OK)
        rc = sign_verify(c->text.data, c->text.len, signature.data == NULL ? "" : signature.data,
                         signature.len, c->trust, &c->found->by, e);
    else
        rc = as_evidence(rc, e);
    c->found->is_signed = rc == ERR_OK;
    buf_release(&signature);
    if (rc == ERR_EVIDENCE)
        (void)err_wrap(e, "%s", INDEX_SIGNATURE);
    return rc;
}

/* The files unpacked are those of the index, no more, no fewer. */
static enum err_code check_set(struct checking *c, const struct unpacked *u, struct err *e)
{
    size_t at = 0;
    for (size_t i = 0; i < c->index.n; i++) {
        const struct index_file *f = &c->index.file[i];
        while (at < u->n &&
               (strcmp(u->name[at], INDEX_NAME) == 0 || strcmp(u->name[at], INDEX_SIGNATURE) == 0))
            at++;
        if (f->left_out)
            continue;
        int order = at < u->n ? strcmp(u->name[at], f->name) : 1;
        if (order > 0)
            return err_set(e, ERR_EVIDENCE, "%s is in the index, and not in the bundle", f->name);
        if (order < 0)
            return err_set(e, ERR_EVIDENCE, "%s is in the bundle, and not in its index",
                           u->name[at]);
        at++;
    }
    while (at < u->n &&
           (strcmp(u->name[at], INDEX_NAME) == 0 || strcmp(u->name[at], INDEX_SIGNATURE) == 0))
        at++;
    if (at < u->n)
        return err_set(e, ERR_EVIDENCE, "%s is in the bundle, and not in its index", u->name[at]);
    return ERR_OK;
}

static enum err_code check_digests(struct checking *c, struct err *e)
{
    for (size_t i = 0; i < c->index.n; i++) {
        struct index_file *f = &c->index.file[i];
        char path[PATH_MAX], have[SHA256_HEX_BYTES];
        struct stat st;
        if (f->left_out) {
            c->found->left_out++;
            continue;
        }
        enum err_code rc = file_in(path, c->folder, f->name, e);
        if (rc == ERR_OK)
            rc = sha256_file(path, have, e);
        if (rc != ERR_OK)
            return as_evidence(rc, e);
        uint64_t bytes = stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
        if (bytes != f->bytes)
            return err_set(e, ERR_EVIDENCE, "%s has %llu bytes, the index says %llu", f->name,
                           (unsigned long long)bytes, (unsigned long long)f->bytes);
        if (strcmp(have, f->sha256) != 0)
            return err_set(e, ERR_EVIDENCE, "%s has SHA-256 %.16s..., the index says %.16s...",
                           f->name, have, f->sha256);
        f->path = arena_strdup(&c->index.arena, path);
        if (f->path == NULL)
            return err_set(e, ERR_NOMEM, "no memory for the path of %s", f->name);
        c->found->files++;
        c->found->bytes += bytes;
    }
    return ERR_OK;
}

static enum err_code read_parts(struct checking *c, struct err *e)
{
    char path[PATH_MAX];
    enum err_code rc = file_in(path, checks_folder(c), "plan.xml", e);
    if (rc == ERR_OK)
        rc = plan_read(path, &c->plan, e);
    if (rc == ERR_OK)
        rc = file_in(path, checks_folder(c), "run.xml", e);
    if (rc == ERR_OK)
        rc = result_read(path, &c->found->result, e);
    return as_evidence(rc, e);
}

/* What the index says beside the digests follows from the files too. */
static enum err_code check_words(struct checking *c, struct err *e)
{
    struct buf again;
    const char *table = NULL;
    for (size_t i = 0; i < c->index.n; i++)
        if (c->index.file[i].kind != NULL && strcmp(c->index.file[i].kind, "table") == 0)
            table = c->index.file[i].path;
    if (table == NULL)
        return err_set(e, ERR_EVIDENCE, "%s holds no requirement table", c->zip);
    buf_init(&again, LIMIT_XML_FILE_BYTES);
    enum err_code rc = index_format(&c->index, c->found->result, table, &again, e);
    if (rc == ERR_OK)
        rc = differ_bytes(INDEX_NAME, c->text.data, c->text.len, again.data, again.len, e);
    buf_release(&again);
    return as_evidence(rc, e);
}

static enum err_code check_all(struct checking *c, struct err *e)
{
    struct unpacked u = {.arena = ARENA_INIT};
    enum err_code rc = unpack(c->zip, c->folder, &u, e);
    if (rc == ERR_OK)
        rc = read_version(c, e);
    if (rc == ERR_OK)
        rc = check_signature(c, e);
    if (rc == ERR_OK)
        rc = read_index(c, e);
    c->found->publishable = c->index.publishable;
    if (rc == ERR_OK)
        rc = file_in(c->published, c->folder, PUBLISH_FOLDER, e);
    if (rc == ERR_OK)
        rc = check_set(c, &u, e);
    unpack_release(&u);
    if (rc == ERR_OK)
        rc = check_digests(c, e);
    if (rc == ERR_OK)
        rc = read_parts(c, e);
    if (rc == ERR_OK)
        rc = as_evidence(checks_binding(c, e), e);
    if (rc == ERR_OK)
        rc = check_words(c, e);
    if (rc == ERR_OK)
        rc = as_evidence(c->index.publishable ? publish_score(c->published, c->again, e)
                                              : checks_score(c, e),
                         e);
    return rc;
}

/* Where it was unpacked says nothing to who reads of it. */
static void drop_folder(const char *folder, struct err *e)
{
    size_t len = strlen(folder) + 1;
    for (char *at; e != NULL && (at = strstr(e->text, folder)) != NULL && at[len - 1] == '/';)
        memmove(at, at + len, strlen(at + len) + 1);
}

enum err_code bundle_verify(const char *zip, const char *folder, const char *trust,
                            struct bundle_found *found, struct err *e)
{
    struct checking c = {.zip = zip, .trust = trust, .found = found};
    *found = (struct bundle_found){0};
    index_init(&c.index);
    buf_init(&c.text, LIMIT_XML_FILE_BYTES);
    enum err_code rc = file_in(c.folder, folder, "bundle", e);
    if (rc == ERR_OK)
        rc = file_in(c.again, folder, "again", e);
    if (rc == ERR_OK && (mkdir(c.folder, 0700) == -1 || mkdir(c.again, 0700) == -1))
        rc = err_set(e, ERR_SYS, "%s: folders in it cannot be made", folder);
    if (rc == ERR_OK)
        rc = check_all(&c, e);
    if (rc != ERR_OK)
        drop_folder(c.folder, e);
    plan_free(c.plan);
    buf_release(&c.text);
    index_release(&c.index);
    return rc;
}
