#include "harness/bundle/chain.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/campaign/campaign.h"

bool chain_has(const struct plan *p)
{
    return p->campaign.id != NULL && p->campaign.id[0] != '\0';
}

void chain_name(const struct plan *p, char *out, size_t size)
{
    (void)snprintf(out, size, "ledger/%.16s" LEDGER_SUFFIX, p->campaign.id);
}

/* Where the run's last entry is in the ledger; NULL: it does not have the run. */
static const struct ledger_entry *last_of(const struct ledger *l, const struct plan *p)
{
    const struct ledger_entry *end = ledger_find(l, LEDGER_END, p->nonce);
    return end != NULL ? end : ledger_find(l, LEDGER_BEGIN, p->nonce);
}

enum err_code chain_take(const struct plan *p, const char *path, struct buf *out, struct err *e)
{
    struct buf text;
    struct ledger *l = NULL;
    buf_init(&text, LIMIT_LEDGER_BYTES);
    enum err_code rc = buf_read_file(&text, path, e);
    if (rc == ERR_OK)
        rc = ledger_parse(path, text.data == NULL ? "" : text.data, text.len, NULL, &l, e);
    const struct ledger_entry *last = rc == ERR_OK ? last_of(l, p) : NULL;
    if (rc == ERR_OK && last == NULL)
        rc = err_set(e, ERR_EVIDENCE, "%s: does not have run %s", path, p->nonce);
    size_t at = 0;
    for (size_t line = 0; rc == ERR_OK && line < last->line && at < text.len; line++) {
        const char *end = memchr(text.data + at, '\n', text.len - at);
        at = end == NULL ? text.len : (size_t)(end - text.data) + 1;
    }
    if (rc == ERR_OK)
        rc = buf_append(out, text.data, at, e);
    ledger_free(l);
    buf_release(&text);
    return rc;
}

static enum err_code differs(const char *path, const struct ledger_entry *at, const char *what,
                             const char *have, const char *want, struct err *e)
{
    return err_set(e, ERR_EVIDENCE, "%s:%zu: %s is \"%.64s\", the run has \"%.64s\"", path,
                   at == NULL ? (size_t)1 : at->line, what, have, want);
}

static enum err_code check_begin(const struct plan *p, const struct ledger *l,
                                 const struct ledger_entry *begin, struct err *e)
{
    char have[16], want[16];
    if (strcmp(begin->plan_digest, p->digest) != 0)
        return differs(l->path, begin, "SHA-256 of the plan", begin->plan_digest, p->digest, e);
    if (strcmp(begin->before, p->campaign.head) != 0)
        return differs(l->path, begin, "the head before it", begin->before, p->campaign.head, e);
    (void)snprintf(have, sizeof have, "%u", begin->submission);
    (void)snprintf(want, sizeof want, "%u", p->campaign.submission);
    if (begin->submission != p->campaign.submission)
        return differs(l->path, begin, "the submission", have, want, e);
    (void)snprintf(have, sizeof have, "%u", ledger_generation(l, begin));
    (void)snprintf(want, sizeof want, "%u", p->campaign.generation);
    if (strcmp(have, want) != 0)
        return differs(l->path, begin, "the generation", have, want, e);
    return ERR_OK;
}

static enum err_code check(const struct plan *p, const struct ledger *l, const char *result,
                           const char *exchanges, struct err *e)
{
    char id[LEDGER_ID_BYTES];
    const struct ledger_identity own = campaign_identity(p);
    const struct ledger_entry *begin = ledger_find(l, LEDGER_BEGIN, p->nonce);
    const struct ledger_entry *end = ledger_find(l, LEDGER_END, p->nonce);
    enum err_code rc = ledger_id(&own, id, e);
    if (rc != ERR_OK)
        return rc;
    if (strcmp(id, l->id) != 0 || strcmp(id, p->campaign.id) != 0)
        return differs(l->path, NULL, "the campaign", l->id, id, e);
    if (begin == NULL)
        return err_set(e, ERR_EVIDENCE, "%s: does not have run %s", l->path, p->nonce);
    rc = check_begin(p, l, begin, e);
    if (rc == ERR_OK && end != NULL && strcmp(end->result_digest, result) != 0)
        rc = differs(l->path, end, "SHA-256 of run.xml", end->result_digest, result, e);
    if (rc == ERR_OK && end != NULL && strcmp(end->exchanges_digest, exchanges) != 0)
        rc = differs(l->path, end, "SHA-256 of exchanges", end->exchanges_digest, exchanges, e);
    if (rc == ERR_OK && (last_of(l, p) != &l->entry[l->n_entry - 1] || l->tail_bytes > 0))
        rc = err_set(e, ERR_EVIDENCE, "%s: goes on behind the last entry of run %s", l->path,
                     p->nonce);
    return rc;
}

enum err_code chain_check(const struct plan *p, const char *path, const char *trust,
                          const char *result, const char *exchanges, uint32_t *entries,
                          struct err *e)
{
    struct ledger *l = NULL;
    enum err_code rc = ledger_read(path, trust, &l, e);
    if (rc == ERR_OK)
        rc = check(p, l, result, exchanges, e);
    if (rc == ERR_OK)
        *entries = (uint32_t)l->n_entry;
    ledger_free(l);
    return rc;
}
