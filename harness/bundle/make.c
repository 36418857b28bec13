#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/base/file.h"
#include "harness/base/limits.h"
#include "harness/bundle/bundle.h"
#include "harness/bundle/chain.h"
#include "harness/bundle/contents.h"
#include "harness/bundle/pack.h"
#include "harness/bundle/publish.h"
#include "harness/campaign/campaign.h"
#include "harness/plan/plan.h"

struct making {
    const struct bundle_options *o;
    struct plan *plan;
    struct result *result;
    struct index index;
    struct buf text, signature;
};

/* The run's part of its ledger, into a file of our own. */
static enum err_code take_ledger(struct making *m, char path[PATH_MAX], struct err *e)
{
    char from[PATH_MAX];
    struct buf part;
    path[0] = '\0';
    if (!chain_has(m->plan))
        return ERR_OK;
    buf_init(&part, LIMIT_LEDGER_BYTES);
    enum err_code rc = campaign_locate(m->o->folder, m->o->ledger, m->plan->campaign.id, from, e);
    if (rc == ERR_OK)
        rc = chain_take(m->plan, from, &part, e);
    if (rc == ERR_OK)
        rc = file_in(path, m->o->work, "ledger", e);
    if (rc == ERR_OK)
        rc = buf_write_file(path, part.data, part.len, e);
    buf_release(&part);
    return rc;
}

static enum err_code gather(struct making *m, struct err *e)
{
    char path[PATH_MAX], ledger[PATH_MAX];
    enum err_code rc = file_in(path, m->o->folder, "plan.xml", e);
    if (rc == ERR_OK)
        rc = plan_read(path, &m->plan, e);
    if (rc == ERR_OK)
        rc = file_in(path, m->o->folder, "run.xml", e);
    if (rc == ERR_OK)
        rc = result_read(path, &m->result, e);
    if (rc == ERR_OK)
        rc = take_ledger(m, ledger, e);
    if (rc == ERR_OK)
        rc = contents_name(m->plan, m->result->driven, &m->index, e);
    if (rc == ERR_OK)
        rc = contents_locate(m->plan, m->o->folder, ledger, m->o->capture, &m->index, e);
    if (rc == ERR_OK)
        rc = contents_sources(m->plan, &m->index, e);
    if (rc == ERR_OK)
        rc = file_in(path, m->o->folder, "manifest.xml", e);
    if (rc == ERR_OK)
        rc = contents_manifest(path, &m->index, e);
    return rc;
}

static enum err_code make_folder(const char *path, struct err *e)
{
    return mkdir(path, 0700) == -1 ? err_sys(e, errno, "%s cannot be made", path) : ERR_OK;
}

/* One run's plan and records, reduced, into a folder of its own. */
static enum err_code reduce(const char *plan, const char *exchanges, const char *folder,
                            struct err *e)
{
    char to[PATH_MAX];
    struct plan *p = NULL;
    enum err_code rc = plan_read(plan, &p, e);
    if (rc == ERR_OK)
        rc = make_folder(folder, e);
    if (rc == ERR_OK)
        rc = file_in(to, folder, "exchanges", e);
    if (rc == ERR_OK)
        rc = publish_records(p, exchanges, to, e);
    if (rc == ERR_OK)
        rc = file_in(to, folder, "plan.xml", e);
    if (rc == ERR_OK)
        rc = publish_plan(p, e);
    if (rc == ERR_OK)
        rc = plan_write(p, to, e);
    plan_free(p);
    return rc;
}

static enum err_code reduce_earlier(struct making *m, const char *folder, struct err *e)
{
    char to[PATH_MAX], name[80], part[100];
    enum err_code rc = file_in(to, folder, "earlier", e);
    if (rc == ERR_OK && m->plan->n_earlier > 0)
        rc = make_folder(to, e);
    for (size_t i = 0; i < m->plan->n_earlier && rc == ERR_OK; i++) {
        (void)snprintf(name, sizeof name, "earlier/%.40s", m->plan->earlier[i].nonce);
        rc = file_in(to, folder, name, e);
        (void)snprintf(part, sizeof part, "%s/plan.xml", name);
        const struct index_file *plan = index_find(&m->index, part);
        (void)snprintf(part, sizeof part, "%s/exchanges", name);
        const struct index_file *exchanges = index_find(&m->index, part);
        if (rc == ERR_OK && plan != NULL && exchanges != NULL)
            rc = reduce(plan->path, exchanges->path, to, e);
    }
    return rc;
}

/* What may be shown of the run, made and scored again before it goes out. */
static enum err_code publish(struct making *m, struct err *e)
{
    char folder[PATH_MAX], again[PATH_MAX], path[PATH_MAX];
    const struct index_file *plan = index_find(&m->index, "plan.xml");
    const struct index_file *exchanges = index_find(&m->index, "exchanges");
    enum err_code rc = file_in(folder, m->o->work, PUBLISH_FOLDER, e);
    if (rc == ERR_OK)
        rc = file_in(again, m->o->work, "again", e);
    if (rc == ERR_OK)
        rc = reduce(plan->path, exchanges->path, folder, e);
    if (rc == ERR_OK)
        rc = reduce_earlier(m, folder, e);
    if (rc == ERR_OK)
        rc = publish_result(m->result, e);
    if (rc == ERR_OK)
        rc = file_in(path, folder, "run.xml", e);
    if (rc == ERR_OK)
        rc = result_write(m->result, path, e);
    if (rc == ERR_OK)
        rc = make_folder(again, e);
    if (rc == ERR_OK)
        rc = publish_score(folder, again, e);
    if (rc == ERR_OK)
        rc = contents_publish(m->plan, &m->index, e);
    if (rc == ERR_OK)
        rc = contents_measure_published(m->o->work, &m->index, e);
    m->index.tool[INDEX_TOOLS - 1] = ""; /* the lab's machine */
    return rc;
}

static enum err_code write_index(struct making *m, struct err *e)
{
    const char *table = NULL;
    for (size_t i = 0; i < m->index.n; i++)
        if (m->index.file[i].kind != NULL && strcmp(m->index.file[i].kind, "table") == 0)
            table = m->index.file[i].path;
    if (table == NULL)
        return err_set(e, ERR_DATA, "%s: its plan names no requirement table", m->o->folder);
    enum err_code rc = index_format(&m->index, m->result, table, &m->text, e);
    if (rc == ERR_OK && m->o->key != NULL)
        rc = sign_detached(m->text.data, m->text.len, m->o->key, m->o->certificate, &m->signature,
                           e);
    return rc;
}

static enum err_code write_zip(struct making *m, struct bundle_made *made, struct err *e)
{
    struct pack *zip = NULL;
    enum err_code rc = pack_open(m->o->output, &zip, e);
    if (rc == ERR_OK && m->signature.len > 0)
        rc = pack_bytes(zip, INDEX_SIGNATURE, m->signature.data, m->signature.len, e);
    if (rc == ERR_OK)
        rc = pack_bytes(zip, INDEX_NAME, m->text.data, m->text.len, e);
    for (size_t i = 0; i < m->index.n && rc == ERR_OK; i++) {
        const struct index_file *f = &m->index.file[i];
        if (f->left_out)
            continue;
        rc = pack_file(zip, f->name, f->path, e);
        made->files++;
        made->bytes += f->bytes;
    }
    if (rc != ERR_OK) {
        pack_drop(zip);
        return rc;
    }
    rc = pack_close(zip, e);
    return rc == ERR_OK ? sha256_file(m->o->output, made->sha256, e) : rc;
}

enum err_code bundle_make(const struct bundle_options *o, struct bundle_made *made, struct err *e)
{
    struct making m = {.o = o};
    *made = (struct bundle_made){.is_signed = o->key != NULL};
    index_init(&m.index);
    buf_init(&m.text, LIMIT_XML_FILE_BYTES);
    buf_init(&m.signature, SIGN_MOST_BYTES);
    enum err_code rc = gather(&m, e);
    if (rc == ERR_OK && o->publishable)
        rc = publish(&m, e);
    if (rc == ERR_OK)
        rc = write_index(&m, e);
    if (rc == ERR_OK)
        rc = write_zip(&m, made, e);
    index_release(&m.index);
    buf_release(&m.text);
    buf_release(&m.signature);
    result_free(m.result);
    plan_free(m.plan);
    return rc;
}
