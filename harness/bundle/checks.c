#include "harness/bundle/checks.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/bundle/chain.h"
#include "harness/bundle/contents.h"
#include "harness/bundle/differ.h"
#include "harness/journal/journal.h"
#include "harness/run/supervise.h"

static bool same_or_none(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The index lists what the plan demands, and each under its role. */
static enum err_code check_contents(struct checking *c, struct err *e)
{
    struct index want;
    index_init(&want);
    enum err_code rc = contents_name(c->plan, c->found->result->driven, &want, e);
    if (rc == ERR_OK && c->index.publishable)
        rc = contents_publish(c->plan, &want, e);
    for (size_t i = 0; i < want.n && rc == ERR_OK; i++) {
        const struct index_file *w = &want.file[i], *f = index_find(&c->index, w->name);
        if (f == NULL)
            rc = err_set(e, ERR_EVIDENCE, "%s is missing: the plan demands it", w->name);
        else if (f->left_out != w->left_out)
            rc = err_set(e, ERR_EVIDENCE, "%s: %s left out", w->name,
                         w->left_out ? "should have been" : "must not be");
        else if (!same_or_none(f->role, w->role) || !same_or_none(f->kind, w->kind) ||
                 !same_or_none(f->source, w->source))
            rc = err_set(e, ERR_EVIDENCE, "%s: the index calls it %s %s, the plan %s %s", w->name,
                         f->role, f->source == NULL ? "" : f->source, w->role,
                         w->source == NULL ? "" : w->source);
    }
    if (rc == ERR_OK && want.n != c->index.n)
        rc = err_set(e, ERR_EVIDENCE, "the index lists %zu files, the plan knows of %zu",
                     c->index.n, want.n);
    index_release(&want);
    return rc;
}

static bool text_is(const struct journal_text *t, const char *want)
{
    return t->len == strlen(want) && memcmp(t->data, want, t->len) == 0;
}

/* The driver wrote down which plan it followed, before its first trial. */
static enum err_code check_journal(struct checking *c, struct err *e)
{
    char path[PATH_MAX];
    struct journal_reader *r = NULL;
    struct journal_record rec;
    enum err_code rc = file_in(path, c->folder, "journal", e);
    if (rc == ERR_OK)
        rc = journal_open(path, false, &r, e);
    if (rc == ERR_OK)
        rc = journal_next(r, &rec, e);
    if (rc == ERR_OK && rec.type != JOURNAL_BEGIN)
        rc = err_set(e, ERR_EVIDENCE, "journal: does not begin with its BEGIN");
    if (rc == ERR_OK && !text_is(&rec.u.begin.plan_digest, c->plan->digest))
        rc = err_set(e, ERR_EVIDENCE,
                     "journal: belongs to another plan, SHA-256 %.*s...; plan.xml has %.16s...",
                     rec.u.begin.plan_digest.len < 16 ? (int)rec.u.begin.plan_digest.len : 16,
                     rec.u.begin.plan_digest.data, c->plan->digest);
    if (rc == ERR_OK && !text_is(&rec.u.begin.nonce, c->plan->nonce))
        rc = err_set(e, ERR_EVIDENCE, "journal: has another nonce than plan.xml, %s",
                     c->plan->nonce);
    journal_reader_close(r);
    return rc == ERR_CLOSED ? err_set(e, ERR_EVIDENCE, "journal: is empty") : rc;
}

/* The plan that the run followed: of a publishable bundle only its digest is there. */
static const char *followed(const struct checking *c)
{
    const struct index_file *f = index_find(&c->index, "plan.xml");
    return c->index.publishable && f != NULL ? f->sha256 : c->plan->digest;
}

static enum err_code check_result(struct checking *c, struct err *e)
{
    const struct result *r = c->found->result;
    if (strcmp(r->plan_digest, followed(c)) != 0)
        return err_set(e, ERR_EVIDENCE,
                       "run.xml: is the result of another plan, SHA-256 %.16s...; plan.xml has "
                       "%.16s...",
                       r->plan_digest, followed(c));
    if (strcmp(r->nonce, c->plan->nonce) != 0)
        return err_set(e, ERR_EVIDENCE, "run.xml: has nonce %s, plan.xml %s", r->nonce,
                       c->plan->nonce);
    return ERR_OK;
}

static enum err_code check_earlier(struct checking *c, struct err *e)
{
    for (size_t i = 0; i < c->plan->n_earlier; i++) {
        const struct plan_earlier *was = &c->plan->earlier[i];
        const char *const file[] = {"plan.xml", "exchanges"};
        const char *const digest[] = {was->plan_digest, was->exchanges_digest};
        for (size_t k = 0; k < 2; k++) {
            char name[80];
            (void)snprintf(name, sizeof name, "earlier/%.40s/%s", was->nonce, file[k]);
            const struct index_file *f = index_find(&c->index, name);
            if (f == NULL || strcmp(f->sha256, digest[k]) != 0)
                return err_set(e, ERR_EVIDENCE,
                               "%s: is not that of the run that this one goes on "
                               "with: SHA-256 %.16s..., the plan says %.16s...",
                               name, f == NULL ? "none" : f->sha256, digest[k]);
        }
    }
    c->found->earlier = c->plan->n_earlier;
    return ERR_OK;
}

static enum err_code check_ledger(struct checking *c, struct err *e)
{
    char name[64], path[PATH_MAX];
    if (!chain_has(c->plan) || c->index.publishable)
        return ERR_OK;
    const struct index_file *run = index_find(&c->index, "run.xml");
    const struct index_file *exchanges = index_find(&c->index, "exchanges");
    chain_name(c->plan, name, sizeof name);
    enum err_code rc = file_in(path, c->folder, name, e);
    if (rc == ERR_OK && run != NULL && exchanges != NULL)
        rc = chain_check(c->plan, path, c->trust, run->sha256, exchanges->sha256,
                         &c->found->ledger_entries, e);
    return rc;
}

enum err_code checks_binding(struct checking *c, struct err *e)
{
    char path[PATH_MAX];
    enum err_code rc = check_result(c, e);
    if (rc == ERR_OK)
        rc = check_contents(c, e);
    if (rc == ERR_OK)
        rc = contents_sources(c->plan, &c->index, e);
    if (rc == ERR_OK && !c->index.publishable && c->found->result->driven)
        rc = check_journal(c, e);
    if (rc == ERR_OK)
        rc = check_earlier(c, e);
    if (rc == ERR_OK)
        rc = check_ledger(c, e);
    if (rc != ERR_OK || c->index.publishable)
        return rc;
    rc = file_in(path, c->folder, "manifest.xml", e);
    /* The versions that the manifest tells go to the index's own, which check_words compares. */
    if (rc == ERR_OK)
        rc = contents_manifest(path, &c->index, e);
    return rc;
}

enum err_code checks_score(struct checking *c, struct err *e)
{
    char plan[PATH_MAX], capture[PATH_MAX], journal[PATH_MAX], run[PATH_MAX], exchanges[PATH_MAX];
    char run_again[PATH_MAX], exchanges_again[PATH_MAX];
    enum err_code rc = file_in(plan, c->folder, "plan.xml", e);
    if (rc == ERR_OK)
        rc = file_in(capture, c->folder, "capture.pcapng", e);
    if (rc == ERR_OK)
        rc = file_in(journal, c->folder, "journal", e);
    if (rc == ERR_OK)
        rc = file_in(run, c->folder, "run.xml", e);
    if (rc == ERR_OK)
        rc = file_in(exchanges, c->folder, "exchanges", e);
    if (rc == ERR_OK)
        rc = file_in(run_again, c->again, "run.xml", e);
    if (rc == ERR_OK)
        rc = file_in(exchanges_again, c->again, "exchanges", e);
    if (rc == ERR_OK)
        rc = run_judge(plan, capture, c->found->result->driven ? journal : NULL, c->again, e);
    if (rc == ERR_OK)
        rc = differ_text("run.xml", run, run_again, e);
    if (rc == ERR_OK)
        rc = differ_records("exchanges", exchanges, exchanges_again, e);
    return rc;
}
