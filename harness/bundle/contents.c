#include "harness/bundle/contents.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "harness/base/limits.h"
#include "harness/base/where.h"
#include "harness/bundle/chain.h"
#include "harness/bundle/publish.h"
#include "harness/score/earlier.h"

#define BASENAME_MOST 120

static const struct {
    const char *name, *role;
} fixed[] = {{"plan.xml", "plan"},       {"journal", "journal"}, {"capture.pcapng", "capture"},
             {"exchanges", "exchanges"}, {"run.xml", "result"},  {"manifest.xml", "manifest"}};
#define N_FIXED (sizeof fixed / sizeof fixed[0])

/* "sources/007-4.10.4.1.lua": the place in the plan makes it the only one of its name. */
static void source_name(const struct plan *p, size_t i, char *out, size_t size)
{
    const char *slash = strrchr(p->source[i].path, '/');
    const char *base = slash == NULL ? p->source[i].path : slash + 1;
    int n = snprintf(out, size, "sources/%03zu-%.*s", i + 1, BASENAME_MOST, base);
    for (char *c = out; n > 0 && *c != '\0'; c++)
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/", *c) ==
            NULL)
            *c = '_';
}

static enum err_code name_sources(const struct plan *p, struct index *x, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < p->n_source && rc == ERR_OK; i++) {
        char name[BASENAME_MOST + 40];
        source_name(p, i, name, sizeof name);
        const struct index_file f = {
            .name = name, .role = "source", .kind = p->source[i].kind, .source = p->source[i].path};
        rc = index_add(x, &f, e);
    }
    return rc;
}

static enum err_code name_earlier(const struct plan *p, struct index *x, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < p->n_earlier && rc == ERR_OK; i++) {
        char name[80];
        (void)snprintf(name, sizeof name, "earlier/%.40s/plan.xml", p->earlier[i].nonce);
        rc = index_add(x, &(struct index_file){.name = name, .role = "earlier-plan"}, e);
        (void)snprintf(name, sizeof name, "earlier/%.40s/exchanges", p->earlier[i].nonce);
        if (rc == ERR_OK)
            rc = index_add(x, &(struct index_file){.name = name, .role = "earlier-exchanges"}, e);
    }
    return rc;
}

enum err_code contents_name(const struct plan *p, bool driven, struct index *x, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < N_FIXED && rc == ERR_OK; i++)
        if (driven || strcmp(fixed[i].role, "journal") != 0)
            rc =
                index_add(x, &(struct index_file){.name = fixed[i].name, .role = fixed[i].role}, e);
    if (rc == ERR_OK)
        rc = name_sources(p, x, e);
    if (rc == ERR_OK)
        rc = name_earlier(p, x, e);
    if (rc == ERR_OK && chain_has(p)) {
        char name[64];
        chain_name(p, name, sizeof name);
        rc = index_add(x, &(struct index_file){.name = name, .role = "ledger"}, e);
    }
    if (rc == ERR_OK && x->n + 2 > LIMIT_BUNDLE_FILES)
        rc = err_set(e, ERR_DATA, "the run has %zu files; a bundle holds at most %d", x->n,
                     LIMIT_BUNDLE_FILES - 2);
    index_sort(x);
    return rc;
}

static enum err_code measure(struct index *x, struct index_file *f, const char *path, struct err *e)
{
    struct stat st;
    f->path = arena_strdup(&x->arena, path);
    if (f->path == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the path of %s", f->name);
    if (stat(path, &st) == -1 || !S_ISREG(st.st_mode))
        return err_set(e, ERR_DATA, "%s: not there; expected %s of the run%s", path, f->name,
                       strcmp(f->role, "capture") == 0 ? ", or --capture FILE" : "");
    f->bytes = (uint64_t)st.st_size;
    return sha256_file(path, f->sha256, e);
}

static bool is_it(const char *path, const char *digest)
{
    char have[SHA256_HEX_BYTES];
    return access(path, R_OK) == 0 && sha256_file(path, have, NULL) == ERR_OK &&
           strcmp(have, digest) == 0;
}

/* Where the i-th source lies: kept in the run's folder (NULL: not looked for); in the data folder
 * where the plan's path is one of it; as it was given to the run. The digest tells. */
static enum err_code find_source(const struct plan *p, size_t i, const char *folder,
                                 char out[PATH_MAX], struct err *e)
{
    const struct plan_source *s = &p->source[i];
    char name[BASENAME_MOST + 40];
    source_name(p, i, name, sizeof name);
    if (folder != NULL && file_in(out, folder, name, NULL) == ERR_OK && is_it(out, s->digest))
        return ERR_OK;
    if (s->path[0] != '/' && where_data(s->path, out, PATH_MAX, NULL) == ERR_OK &&
        is_it(out, s->digest))
        return ERR_OK;
    int n = snprintf(out, PATH_MAX, "%s", s->path);
    if (n > 0 && n < PATH_MAX && is_it(out, s->digest))
        return ERR_OK;
    return err_set(e, ERR_EVIDENCE,
                   "%s %s: is not there, or is no longer what the run was planned from (SHA-256 "
                   "%.16s...); of another release GRIDASSAY_HOME names the folder",
                   s->kind, s->path, s->digest);
}

static enum err_code locate_source(const struct plan *p, const char *folder, struct index *x,
                                   struct index_file *f, struct err *e)
{
    char path[PATH_MAX], name[BASENAME_MOST + 40];
    for (size_t i = 0; i < p->n_source; i++) {
        source_name(p, i, name, sizeof name);
        if (strcmp(name, f->name) != 0)
            continue;
        enum err_code rc = find_source(p, i, folder, path, e);
        return rc == ERR_OK ? measure(x, f, path, e) : rc;
    }
    return err_set(e, ERR_DATA, "%s: no source of the plan", f->name);
}

/* One of our own data files, as this release has it. */
static bool is_shipped(const struct plan_source *s)
{
    char path[PATH_MAX];
    return s->path[0] != '/' && where_data(s->path, path, sizeof path, NULL) == ERR_OK &&
           is_it(path, s->digest);
}

enum err_code contents_keep(const struct plan *p, const char *folder, struct err *e)
{
    char from[PATH_MAX], to[PATH_MAX], name[BASENAME_MOST + 40];
    struct buf text;
    buf_init(&text, LIMIT_IMAGE_BYTES);
    enum err_code rc = file_in(to, folder, "sources", e);
    if (rc == ERR_OK && mkdir(to, 0777) == -1 && errno != EEXIST)
        rc = err_sys(e, errno, "folder %s cannot be made", to);
    for (size_t i = 0; i < p->n_source && rc == ERR_OK; i++) {
        if (is_shipped(&p->source[i]))
            continue;
        buf_reset(&text);
        source_name(p, i, name, sizeof name);
        rc = find_source(p, i, NULL, from, e);
        if (rc == ERR_OK)
            rc = buf_read_file(&text, from, e);
        if (rc == ERR_OK)
            rc = file_in(to, folder, name, e);
        if (rc == ERR_OK)
            rc = buf_write_file(to, text.data == NULL ? "" : text.data, text.len, e);
    }
    buf_release(&text);
    return rc;
}

void contents_unkeep(const struct plan *p, const char *folder)
{
    char path[PATH_MAX], name[BASENAME_MOST + 40];
    for (size_t i = 0; i < p->n_source; i++) {
        source_name(p, i, name, sizeof name);
        if (file_in(path, folder, name, NULL) == ERR_OK)
            (void)unlink(path);
    }
    if (file_in(path, folder, "sources", NULL) == ERR_OK)
        (void)rmdir(path);
}

static enum err_code locate_earlier(const struct plan *p, const char *folder, struct index *x,
                                    struct index_file *f, struct err *e)
{
    char path[PATH_MAX], capture[PATH_MAX];
    const char *nonce = f->name + sizeof "earlier/" - 1;
    size_t len = strcspn(nonce, "/");
    for (size_t i = 0; i < p->n_earlier; i++)
        if (strncmp(p->earlier[i].nonce, nonce, len) == 0) {
            enum err_code rc = file_in(capture, folder, "capture.pcapng", e);
            if (rc == ERR_OK)
                rc = earlier_file(p, i, capture, nonce + len + 1, path, sizeof path, e);
            return rc == ERR_OK ? measure(x, f, path, e) : rc;
        }
    return err_set(e, ERR_DATA, "%s: no earlier run of the plan", f->name);
}

enum err_code contents_locate(const struct plan *p, const char *folder, const char *ledger,
                              const char *capture, struct index *x, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < x->n && rc == ERR_OK; i++) {
        struct index_file *f = &x->file[i];
        char path[PATH_MAX];
        if (strcmp(f->role, "source") == 0)
            rc = locate_source(p, folder, x, f, e);
        else if (strncmp(f->role, "earlier-", 8) == 0)
            rc = locate_earlier(p, folder, x, f, e);
        else if (strcmp(f->role, "ledger") == 0)
            rc = measure(x, f, ledger, e);
        else if (strcmp(f->role, "capture") == 0 && capture != NULL)
            rc = measure(x, f, capture, e);
        else if ((rc = file_in(path, folder, f->name, e)) == ERR_OK)
            rc = measure(x, f, path, e);
    }
    return rc;
}

static enum err_code add_published(struct index *x, const char *name, const char *role,
                                   struct err *e)
{
    char full[120];
    (void)snprintf(full, sizeof full, PUBLISH_FOLDER "/%s", name);
    return index_add(x, &(struct index_file){.name = full, .role = role}, e);
}

enum err_code contents_publish(const struct plan *p, struct index *x, struct err *e)
{
    for (size_t i = 0; i < x->n; i++) {
        struct index_file *f = &x->file[i];
        f->left_out = f->kind == NULL || strcmp(f->kind, "table") != 0;
        f->source = f->source == NULL ? NULL : publish_path(f->source);
    }
    enum err_code rc = add_published(x, "plan.xml", "reduced-plan", e);
    if (rc == ERR_OK)
        rc = add_published(x, "exchanges", "reduced-exchanges", e);
    if (rc == ERR_OK)
        rc = add_published(x, "run.xml", "reduced-result", e);
    for (size_t i = 0; i < p->n_earlier && rc == ERR_OK; i++) {
        char name[80];
        (void)snprintf(name, sizeof name, "earlier/%.40s/plan.xml", p->earlier[i].nonce);
        rc = add_published(x, name, "reduced-earlier-plan", e);
        (void)snprintf(name, sizeof name, "earlier/%.40s/exchanges", p->earlier[i].nonce);
        if (rc == ERR_OK)
            rc = add_published(x, name, "reduced-earlier-exchanges", e);
    }
    x->publishable = true;
    index_sort(x);
    return rc;
}

enum err_code contents_measure_published(const char *folder, struct index *x, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < x->n && rc == ERR_OK; i++) {
        char path[PATH_MAX];
        if (strncmp(x->file[i].role, "reduced-", 8) != 0)
            continue;
        rc = file_in(path, folder, x->file[i].name, e);
        if (rc == ERR_OK)
            rc = measure(x, &x->file[i], path, e);
    }
    return rc;
}

enum err_code contents_sources(const struct plan *p, const struct index *x, struct err *e)
{
    for (size_t i = 0; i < p->n_source; i++) {
        char name[BASENAME_MOST + 40];
        source_name(p, i, name, sizeof name);
        const struct index_file *f = index_find(x, name);
        if (f == NULL)
            return err_set(e, ERR_EVIDENCE, "%s is not in the bundle: the plan was made from %s",
                           name, p->source[i].path);
        if (strcmp(f->sha256, p->source[i].digest) != 0)
            return err_set(e, ERR_EVIDENCE,
                           "%s is not the %s that the plan was made from: SHA-256 %.16s..., the "
                           "plan says %.16s...",
                           name, p->source[i].kind, f->sha256, p->source[i].digest);
    }
    return ERR_OK;
}
