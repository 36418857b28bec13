#include "harness/cmd/campaign_json.h"

#include <inttypes.h>

#include "harness/cmd/grid.h"
#include "harness/report/words.h"

/* The first fault sticks. */
struct json {
    struct buf *out;
    bool comma; /* before the next member or element */
    enum err_code rc;
    struct err *e;
};

static void raw(struct json *j, const char *text)
{
    if (j->rc == ERR_OK)
        j->rc = buf_puts(j->out, text, j->e);
}

static void name(struct json *j, const char *key)
{
    raw(j, j->comma ? ", " : "");
    if (key != NULL && j->rc == ERR_OK)
        j->rc = put_json_string(j->out, key, j->e);
    raw(j, key == NULL ? "" : ": ");
    j->comma = true;
}

static void text(struct json *j, const char *key, const char *value)
{
    name(j, key);
    if (j->rc == ERR_OK)
        j->rc = put_json_string(j->out, value, j->e);
}

static void number(struct json *j, const char *key, uint64_t value)
{
    name(j, key);
    if (j->rc == ERR_OK)
        j->rc = buf_printf(j->out, j->e, "%" PRIu64, value);
}

static void truth(struct json *j, const char *key, bool value)
{
    name(j, key);
    raw(j, value ? "true" : "false");
}

static void begin(struct json *j, const char *key, const char *bracket)
{
    name(j, key);
    raw(j, bracket);
    j->comma = false;
}

static void end(struct json *j, const char *bracket)
{
    raw(j, bracket);
    j->comma = true;
}

static void identity(struct json *j, const struct ledger_identity *i)
{
    begin(j, "equipment", "{");
    text(j, "vendor", i->vendor);
    text(j, "model", i->model);
    text(j, "hardware", i->hardware);
    text(j, "firmware", i->firmware);
    text(j, "firmware_sha256", i->firmware_digest);
    end(j, "}");
    text(j, "profile", i->profile);
    text(j, "label", i->label);
}

static void chain(struct json *j, const struct ledger *l)
{
    begin(j, "ledger", "{");
    text(j, "path", l->path);
    number(j, "entries", l->n_entry);
    text(j, "head", l->head);
    number(j, "cut_bytes", l->tail_bytes);
    end(j, "}");
    number(j, "generation", l->generation);
    number(j, "submissions", l->submissions);
}

static void resets(struct json *j, const struct ledger *l, bool trusted)
{
    begin(j, "resets", "[");
    for (size_t i = 0; i < l->n_entry; i++) {
        const struct ledger_entry *x = &l->entry[i];
        if (x->kind != LEDGER_RESET)
            continue;
        begin(j, NULL, "{");
        text(j, "at", x->at);
        text(j, "reason", x->reason);
        text(j, "signer", x->by.subject);
        truth(j, "trusted", trusted);
        end(j, "}");
    }
    end(j, "]");
}

static const char *const state_word[VIEW_STATE_COUNT] = {"counts", "not-driven", "absent",
                                                         "unscored", "altered"};

static void counts(struct json *j, const struct ledger_counts *c)
{
    begin(j, "rows", "{");
    number(j, "pass", c->pass);
    number(j, "fail", c->fail);
    number(j, "inconclusive", c->inconclusive);
    number(j, "error", c->error);
    number(j, "not_exercised", c->not_exercised);
    number(j, "not_scorable", c->not_scorable);
    number(j, "not_run", c->not_run);
    end(j, "}");
}

static void runs(struct json *j, const struct view *v)
{
    begin(j, "runs", "[");
    for (size_t i = 0; i < v->n_run; i++) {
        const struct view_run *run = &v->run[i];
        raw(j, j->comma ? ",\n  " : "\n  ");
        j->comma = false;
        begin(j, NULL, "{");
        number(j, "generation", run->generation);
        number(j, "submission", run->submission);
        text(j, "began", run->begin == NULL ? NULL : run->begin->at);
        text(j, "run", run->begin == NULL ? NULL : run->begin->nonce);
        text(j, "after",
             run->begin == NULL || run->begin->after[0] == '\0' ? NULL : run->begin->after);
        text(j, "folder", run->folder);
        text(j, "state", state_word[run->state]);
        text(j, "note", run->note);
        text(j, "ended", run->end == NULL ? NULL : run->end->at);
        if (run->end != NULL) {
            number(j, "exit_status", (uint64_t)run->end->status);
            text(j, "verdict", run->end->verdict);
            counts(j, &run->end->rows);
        }
        end(j, "}");
    }
    end(j, "]");
}

static void rows(struct json *j, const struct view *v)
{
    begin(j, "rows", "[");
    for (size_t i = 0; i < v->n_row; i++) {
        const struct view_row *row = &v->row[i];
        raw(j, j->comma ? ",\n  " : "\n  ");
        j->comma = false;
        begin(j, NULL, "{");
        text(j, "id", row->id);
        text(j, "use_case", row->use_case);
        text(j, "outcome", outcome_name(outcome_of(row->verdict, row->status)));
        text(j, "reason", row->reason);
        end(j, "}");
    }
    end(j, "]");
}

enum err_code campaign_json(const struct view *v, bool trusted, struct buf *out, struct err *e)
{
    struct json j = {.out = out, .e = e};
    begin(&j, NULL, "{");
    text(&j, "campaign", v->ledger->id);
    text(&j, "outcome", outcome_name(view_outcome(v)));
    truth(&j, "verifies", v->n_wrong == 0);
    identity(&j, &v->ledger->identity);
    chain(&j, v->ledger);
    resets(&j, v->ledger, trusted);
    runs(&j, v);
    text(&j, "not_pooled", v->not_pooled[0] == '\0' ? NULL : v->not_pooled);
    rows(&j, v);
    begin(&j, "wrong", "[");
    for (size_t i = 0; i < v->n_wrong; i++)
        text(&j, NULL, v->wrong[i]);
    end(&j, "]");
    end(&j, "}");
    raw(&j, "\n");
    return j.rc;
}
