#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/base64.h"
#include "harness/base/limits.h"
#include "harness/base/xmlw.h"
#include "harness/campaign/ledger.h"

static const char *const kind_word[LEDGER_KIND_COUNT] = {"open", "begin", "end", "reset", "cut"};

const char *ledger_kind_name(enum ledger_kind k)
{
    return kind_word[k];
}

/* One element on one line: the first fault sticks. */
struct line {
    struct buf text; /* without the element's name */
    enum err_code rc;
    struct err *e;
};

static void put(struct line *l, const char *name, const char *value)
{
    if (l->rc == ERR_OK && value != NULL && value[0] != '\0')
        l->rc = xmlw_put_attr(&l->text, name, value, l->e);
}

static void put_number(struct line *l, const char *name, uint64_t value)
{
    if (l->rc == ERR_OK)
        l->rc = buf_printf(&l->text, l->e, " %s=\"%" PRIu64 "\"", name, value);
}

static void raw(struct line *l, const char *text)
{
    if (l->rc == ERR_OK)
        l->rc = buf_puts(&l->text, text, l->e);
}

static void put_identity(struct line *l, const struct ledger_identity *i, const char *id)
{
    put(l, "version", LEDGER_VERSION);
    put(l, "campaign", id);
    put(l, "vendor", i->vendor);
    put(l, "model", i->model);
    put(l, "hardware", i->hardware);
    put(l, "firmware", i->firmware);
    put(l, "firmware-sha256", i->firmware_digest);
    put(l, "profile", i->profile);
    put(l, "label", i->label);
}

static void put_begin(struct line *l, const struct ledger_entry *x)
{
    put(l, "run", x->nonce);
    put_number(l, "submission", x->submission);
    put(l, "after", x->after);
    put(l, "plan", x->plan_digest);
    put(l, "profile", x->profile_digest);
    put(l, "table", x->table_digest);
    put(l, "statement", x->statement_digest);
    put(l, "folder", x->folder);
}

static void put_end(struct line *l, const struct ledger_entry *x)
{
    put(l, "run", x->nonce);
    put_number(l, "status", (uint64_t)x->status);
    put(l, "verdict", x->verdict);
    put(l, "ended", x->ended);
    put_number(l, "pass", x->rows.pass);
    put_number(l, "fail", x->rows.fail);
    put_number(l, "inconclusive", x->rows.inconclusive);
    put_number(l, "error", x->rows.error);
    put_number(l, "not-exercised", x->rows.not_exercised);
    put_number(l, "not-scorable", x->rows.not_scorable);
    put_number(l, "not-run", x->rows.not_run);
    put(l, "result", x->result_digest);
    put(l, "exchanges", x->exchanges_digest);
}

static void put_reset(struct line *l, const struct ledger_entry *x)
{
    put(l, "reason", x->reason);
    put(l, "signer", x->by.subject);
    raw(l, " signature=\"");
    if (l->rc == ERR_OK)
        l->rc = base64_write(x->signature, x->signature_bytes, &l->text, l->e);
    raw(l, "\"");
}

static void put_failed(struct line *l, const struct ledger_entry *x)
{
    raw(l, ">");
    for (size_t i = 0; i < x->n_failed; i++) {
        raw(l, "<failed");
        put(l, "row", x->failed[i].row);
        put(l, "use-case", x->failed[i].use_case);
        raw(l, "/>");
    }
    raw(l, "</end>");
}

enum err_code ledger_format(const struct ledger_entry *entry,
                            const struct ledger_identity *identity, struct buf *out,
                            char digest[SHA256_HEX_BYTES], struct err *e)
{
    struct line l = {.rc = ERR_OK, .e = e};
    struct sha256 *sum = NULL;
    char id[LEDGER_ID_BYTES] = "";
    const char *name = kind_word[entry->kind];
    buf_init(&l.text, LIMIT_LEDGER_LINE_BYTES);
    put_number(&l, "n", entry->number);
    put(&l, "before", entry->before);
    put(&l, "at", entry->at);
    switch (entry->kind) {
    case LEDGER_OPEN:
        l.rc = l.rc == ERR_OK ? ledger_id(identity, id, e) : l.rc;
        put_identity(&l, identity, id);
        break;
    case LEDGER_BEGIN:
        put_begin(&l, entry);
        break;
    case LEDGER_END:
        put_end(&l, entry);
        break;
    case LEDGER_RESET:
        put_reset(&l, entry);
        break;
    case LEDGER_CUT:
        put(&l, "left", entry->cut_digest);
        put(&l, "begin", entry->cut_begin ? "yes" : "");
        break;
    case LEDGER_KIND_COUNT:
        break;
    }
    if (entry->kind == LEDGER_END && entry->n_failed > 0)
        put_failed(&l, entry);
    else
        raw(&l, "/>");
    if (l.rc == ERR_OK) {
        sum = sha256_begin();
        bool good = sum != NULL && sha256_add(sum, "<", 1) && sha256_add(sum, name, strlen(name)) &&
                    sha256_add(sum, l.text.data, l.text.len);
        if (sum == NULL || !sha256_end(sum, digest) || !good)
            l.rc = err_set(e, ERR_NOMEM, "no digest for an entry of the ledger");
    }
    if (l.rc == ERR_OK)
        l.rc = buf_printf(out, e, "<%s sha256=\"%s\"%s\n", name, digest, l.text.data);
    buf_release(&l.text);
    return l.rc;
}

enum err_code ledger_reset_text(const char *id, const char *head, const char *reason,
                                struct buf *out, struct err *e)
{
    return buf_printf(out, e, "gridassay campaign reset\ncampaign %s\nhead %s\nreason %s\n", id,
                      head, reason);
}

enum err_code ledger_id(const struct ledger_identity *i, char id[LEDGER_ID_BYTES], struct err *e)
{
    const char *part[] = {i->vendor,          i->model,   i->hardware,
                          i->firmware_digest, i->profile, i->label};
    char hex[SHA256_HEX_BYTES];
    struct sha256 *sum = sha256_begin();
    bool good = sum != NULL;
    for (size_t k = 0; k < sizeof part / sizeof part[0] && good; k++)
        good = sha256_add(sum, part[k], strlen(part[k]) + 1);
    if (sum == NULL || !sha256_end(sum, hex) || !good)
        return err_set(e, ERR_NOMEM, "no digest for a campaign");
    (void)snprintf(id, LEDGER_ID_BYTES, "%.16s", hex);
    return ERR_OK;
}
