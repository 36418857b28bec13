#include "harness/campaign/campaign.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "harness/base/limits.h"

struct ledger_identity campaign_identity(const struct plan *p)
{
    return (struct ledger_identity){p->vendor,       p->model,           p->hardware,
                                    p->firmware,     p->firmware_digest, p->profile_name,
                                    p->profile_label};
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n > m && strcmp(text + n - m, end) == 0;
}

enum err_code campaign_locate(const char *folder, const char *named, const char *id,
                              char out[PATH_MAX], struct err *e)
{
    char name[LEDGER_ID_BYTES + sizeof LEDGER_SUFFIX], above[PATH_MAX];
    struct stat st;
    (void)snprintf(name, sizeof name, "%s" LEDGER_SUFFIX, id);
    if (named != NULL) {
        bool there = stat(named, &st) == 0;
        if (there ? !S_ISDIR(st.st_mode) : ends_with(named, LEDGER_SUFFIX)) {
            (void)snprintf(out, PATH_MAX, "%s", named);
            return ERR_OK;
        }
        return file_in(out, named, name, e);
    }
    size_t len = strlen(folder);
    while (len > 1 && folder[len - 1] == '/')
        len--;
    size_t own = len;
    while (own > 0 && folder[own - 1] != '/')
        own--;
    bool dots = len > own && strspn(folder + own, ".") >= len - own;
    int n = dots ? snprintf(above, sizeof above, "%.*s/../ledger", (int)len, folder)
                 : snprintf(above, sizeof above, "%.*sledger", (int)own, folder);
    if (n < 0 || (size_t)n >= sizeof above)
        return err_set(e, ERR_USAGE, "%s: path is too long", folder);
    return file_in(out, above, name, e);
}

/* What about the ledger is not of this run. */
static enum err_code another(const struct ledger *l, const struct ledger_identity *own,
                             struct err *e)
{
    const struct ledger_identity *its = &l->identity;
    const struct {
        const char *what, *its, *own;
    } part[] = {
        {"vendor", its->vendor, own->vendor},
        {"model", its->model, own->model},
        {"hardware", its->hardware, own->hardware},
        {"firmware digest", its->firmware_digest, own->firmware_digest},
        {"profile", its->profile, own->profile},
        {"profile label", its->label, own->label},
    };
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++)
        if (strcmp(part[i].its, part[i].own) != 0)
            return err_set(e, ERR_DATA,
                           "%s: is the ledger of another campaign: its %s is \"%.100s\", that of "
                           "this run is \"%.100s\"",
                           l->path, part[i].what, part[i].its, part[i].own);
    return ERR_OK;
}

/* Whoever goes on with a run, or repeats a part of it, does so in that run's campaign. */
static enum err_code same_campaign(const struct ledger *l, const struct plan *p,
                                   const struct plan *then, struct err *e)
{
    const struct ledger_entry *begin = ledger_find(l, LEDGER_BEGIN, then->nonce);
    if (begin == NULL && then->campaign.id[0] != '\0')
        return err_set(e, ERR_USAGE,
                       "%s: does not have run %s, which this one follows; name its ledger with "
                       "--ledger",
                       l->path, then->nonce);
    if (p->n_earlier == 0)
        return ERR_OK;
    if (begin == NULL)
        return err_set(e, ERR_USAGE,
                       "run %s entered no campaign: what goes on with it can't either, give "
                       "--ledger none",
                       then->nonce);
    if (ledger_generation(l, begin) != l->generation)
        return err_set(e, ERR_USAGE,
                       "%s: run %s is of generation %u, and the campaign was started over: it "
                       "cannot be gone on with",
                       l->path, then->nonce, ledger_generation(l, begin));
    return ERR_OK;
}

enum err_code campaign_find(struct campaign *c, const struct plan *p, const char *folder,
                            const char *named, const struct plan *then, struct err *e)
{
    const struct ledger_identity own = campaign_identity(p);
    char id[LEDGER_ID_BYTES];
    struct ledger *l = NULL;
    *c = (struct campaign){.file = {.fd = -1}};
    enum err_code rc = ledger_id(&own, id, e);
    if (rc == ERR_OK)
        rc = campaign_locate(folder, named, id, c->path, e);
    if (rc == ERR_OK)
        rc = ledger_create(c->path, &own, e);
    if (rc == ERR_OK)
        rc = ledger_read(c->path, NULL, &l, e);
    if (rc == ERR_OK && access(c->path, W_OK) == -1)
        rc = err_sys(e, errno, "%s: the ledger cannot be written", c->path);
    if (rc == ERR_OK)
        rc = another(l, &own, e);
    if (rc == ERR_OK && then != NULL)
        rc = same_campaign(l, p, then, e);
    ledger_free(l);
    return rc;
}

enum err_code campaign_enter(struct campaign *c, struct plan *p, struct err *e)
{
    enum err_code rc = ledger_lock(c->path, &c->file, e);
    if (rc != ERR_OK)
        return rc;
    const struct ledger *l = c->file.ledger;
    p->campaign = (struct plan_campaign){
        .id = arena_strdup(&p->arena, l->id),
        .head = arena_strdup(&p->arena, l->head),
        .submission = l->submissions + 1,
        .generation = l->generation,
    };
    if (p->campaign.id == NULL || p->campaign.head == NULL) {
        rc = err_set(e, ERR_NOMEM, "no memory for the plan");
        campaign_release(c);
    }
    return rc;
}

/* to as seen from the folder that from lies in; absolute where they share nothing. */
static enum err_code relative(const char *from, const char *to, struct buf *out, struct err *e)
{
    char here[PATH_MAX], there[PATH_MAX];
    if (realpath(from, here) == NULL || realpath(to, there) == NULL)
        return err_sys(e, errno, "%s: its place cannot be told", to);
    size_t common = 0;
    for (size_t i = 0; here[i] != '\0' && here[i] == there[i]; i++)
        if (here[i] == '/')
            common = i + 1;
    if (common <= 1)
        return buf_puts(out, there, e);
    enum err_code rc = ERR_OK;
    for (const char *p = strchr(here + common, '/'); p != NULL && rc == ERR_OK;
         p = strchr(p + 1, '/'))
        rc = buf_puts(out, "../", e);
    return rc == ERR_OK ? buf_puts(out, there + common, e) : rc;
}

static const char *source_digest(const struct plan *p, const char *kind)
{
    for (size_t i = 0; i < p->n_source; i++)
        if (strcmp(p->source[i].kind, kind) == 0)
            return p->source[i].digest;
    return "";
}

enum err_code campaign_begin(struct campaign *c, const struct plan *p, const char *folder,
                             struct err *e)
{
    struct buf place;
    buf_init(&place, 2 * PATH_MAX);
    enum err_code rc = relative(c->path, folder, &place, e);
    if (rc == ERR_OK) {
        const struct ledger_entry begin = {
            .kind = LEDGER_BEGIN,
            .nonce = p->nonce,
            .submission = p->campaign.submission,
            .plan_digest = p->digest,
            .profile_digest = source_digest(p, "profile"),
            .table_digest = source_digest(p, "table"),
            .statement_digest = source_digest(p, "statement"),
            .folder = place.data,
            .after = p->n_earlier == 0 ? "" : p->earlier[p->n_earlier - 1].nonce,
        };
        rc = ledger_append(&c->file, &begin, e);
        c->begun = rc == ERR_OK;
    }
    ledger_unlock(&c->file);
    buf_release(&place);
    return rc;
}

/* "" where there is no such file. */
static enum err_code digest_of(const char *folder, const char *name, char hex[SHA256_HEX_BYTES],
                               struct err *e)
{
    char path[PATH_MAX];
    struct stat st;
    hex[0] = '\0';
    enum err_code rc = file_in(path, folder, name, e);
    if (rc == ERR_OK && stat(path, &st) == 0)
        rc = sha256_file(path, hex, e);
    return rc;
}

static struct ledger_counts counts_of(const struct result_summary *s)
{
    return (struct ledger_counts){s->pass,          s->fail,         s->inconclusive, s->error,
                                  s->not_exercised, s->not_scorable, s->not_run};
}

enum err_code campaign_end(struct campaign *c, const struct plan *p, const char *folder,
                           const struct result *r, int status, struct err *e)
{
    char result[SHA256_HEX_BYTES], exchanges[SHA256_HEX_BYTES];
    struct ledger_failed *failed = NULL;
    if (!c->begun)
        return ERR_OK;
    struct ledger_entry end = {.kind = LEDGER_END,
                               .nonce = p->nonce,
                               .status = status,
                               .ended = r == NULL || r->complete ? "" : r->ended,
                               .verdict = r == NULL ? "" : verdict_name(r->summary.verdict),
                               .result_digest = result,
                               .exchanges_digest = exchanges};
    enum err_code rc = digest_of(folder, "run.xml", result, e);
    if (rc == ERR_OK)
        rc = digest_of(folder, "exchanges", exchanges, e);
    if (rc == ERR_OK && r != NULL) {
        end.rows = counts_of(&r->summary);
        failed = calloc(r->n_row + 1, sizeof *failed);
        if (failed == NULL)
            rc = err_set(e, ERR_NOMEM, "no memory for %zu rows", r->n_row);
        for (size_t i = 0; i < r->n_row && rc == ERR_OK; i++)
            if (r->row[i].verdict == VERDICT_FAIL)
                failed[end.n_failed++] = (struct ledger_failed){r->row[i].id, r->row[i].use_case};
        end.failed = failed;
    }
    if (rc == ERR_OK)
        rc = ledger_lock(c->path, &c->file, e);
    if (rc == ERR_OK)
        rc = ledger_append(&c->file, &end, e);
    ledger_unlock(&c->file);
    free(failed);
    return rc;
}

void campaign_release(struct campaign *c)
{
    ledger_unlock(&c->file);
}

enum err_code campaign_reset(const char *path, const char *reason, const char *key,
                             const char *certificate, struct sign_by *by, struct err *e)
{
    struct ledger_file f;
    struct buf text, signature;
    buf_init(&text, LIMIT_LEDGER_LINE_BYTES);
    buf_init(&signature, SIGN_MOST_BYTES);
    enum err_code rc = ledger_lock(path, &f, e);
    if (rc != ERR_OK)
        goto out;
    /* What a cut append left is named first, so that the signature is over the entry before. */
    rc = ledger_mend(&f, e);
    if (rc == ERR_OK)
        rc = ledger_reset_text(f.ledger->id, f.ledger->head, reason, &text, e);
    if (rc == ERR_OK)
        rc = sign_detached(text.data, text.len, key, certificate, &signature, e);
    if (rc == ERR_OK)
        rc = sign_verify(text.data, text.len, signature.data, signature.len, NULL, by, e);
    if (rc == ERR_OK) {
        const struct ledger_entry reset = {.kind = LEDGER_RESET,
                                           .reason = reason,
                                           .by = *by,
                                           .signature = (const uint8_t *)signature.data,
                                           .signature_bytes = signature.len};
        rc = ledger_append(&f, &reset, e);
    }
out:
    ledger_unlock(&f);
    buf_release(&text);
    buf_release(&signature);
    return rc;
}
