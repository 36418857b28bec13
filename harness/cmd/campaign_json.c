#include "harness/cmd/campaign_json.h"

#include "harness/cmd/json.h"
#include "harness/report/words.h"

static void identity(struct json *j, const struct ledger_identity *i)
{
    json_begin(j, "equipment", "{");
    json_text(j, "vendor", i->vendor);
    json_text(j, "model", i->model);
    json_text(j, "hardware", i->hardware);
    json_text(j, "firmware", i->firmware);
    json_text(j, "firmware_sha256", i->firmware_digest);
    json_end(j, "}");
    json_text(j, "profile", i->profile);
    json_text(j, "label", i->label);
}

static void chain(struct json *j, const struct ledger *l)
{
    json_begin(j, "ledger", "{");
    json_text(j, "path", l->path);
    json_number(j, "entries", l->n_entry);
    json_text(j, "head", l->head);
    json_number(j, "cut_bytes", l->tail_bytes);
    json_end(j, "}");
    json_number(j, "generation", l->generation);
    json_number(j, "submissions", l->submissions);
}

static void resets(struct json *j, const struct ledger *l, bool trusted)
{
    json_begin(j, "resets", "[");
    for (size_t i = 0; i < l->n_entry; i++) {
        const struct ledger_entry *x = &l->entry[i];
        if (x->kind != LEDGER_RESET)
            continue;
        json_begin(j, NULL, "{");
        json_text(j, "at", x->at);
        json_text(j, "reason", x->reason);
        json_text(j, "signer", x->by.subject);
        json_bool(j, "trusted", trusted);
        json_end(j, "}");
    }
    json_end(j, "]");
}

static const char *const state_word[VIEW_STATE_COUNT] = {"counts", "not-driven", "absent",
                                                         "unscored", "altered"};

static void counts(struct json *j, const struct ledger_counts *c)
{
    json_begin(j, "rows", "{");
    json_number(j, "pass", c->pass);
    json_number(j, "fail", c->fail);
    json_number(j, "inconclusive", c->inconclusive);
    json_number(j, "error", c->error);
    json_number(j, "not_exercised", c->not_exercised);
    json_number(j, "not_scorable", c->not_scorable);
    json_number(j, "not_run", c->not_run);
    json_end(j, "}");
}

static void runs(struct json *j, const struct view *v)
{
    json_begin(j, "runs", "[");
    for (size_t i = 0; i < v->n_run; i++) {
        const struct view_run *run = &v->run[i];
        json_begin_line(j);
        json_number(j, "generation", run->generation);
        json_number(j, "submission", run->submission);
        json_text(j, "began", run->begin == NULL ? NULL : run->begin->at);
        json_text(j, "run", run->begin == NULL ? NULL : run->begin->nonce);
        json_text(j, "after",
                  run->begin == NULL || run->begin->after[0] == '\0' ? NULL : run->begin->after);
        json_text(j, "folder", run->folder);
        json_text(j, "state", state_word[run->state]);
        json_text(j, "note", run->note);
        json_text(j, "ended", run->end == NULL ? NULL : run->end->at);
        if (run->end != NULL) {
            json_number(j, "exit_status", (uint64_t)run->end->status);
            json_text(j, "verdict", run->end->verdict);
            counts(j, &run->end->rows);
        }
        json_end(j, "}");
    }
    json_end(j, "]");
}

static void rows(struct json *j, const struct view *v)
{
    json_begin(j, "rows", "[");
    for (size_t i = 0; i < v->n_row; i++) {
        const struct view_row *row = &v->row[i];
        json_begin_line(j);
        json_text(j, "id", row->id);
        json_text(j, "use_case", row->use_case);
        json_text(j, "outcome", outcome_name(outcome_of(row->verdict, row->status)));
        json_text(j, "reason", row->reason);
        json_end(j, "}");
    }
    json_end(j, "]");
}

enum err_code campaign_json(const struct view *v, bool trusted, struct buf *out, struct err *e)
{
    struct json j = {.out = out, .e = e};
    json_begin(&j, NULL, "{");
    json_text(&j, "campaign", v->ledger->id);
    json_text(&j, "outcome", outcome_name(view_outcome(v)));
    json_bool(&j, "verifies", v->n_wrong == 0);
    identity(&j, &v->ledger->identity);
    chain(&j, v->ledger);
    resets(&j, v->ledger, trusted);
    runs(&j, v);
    json_text(&j, "not_pooled", v->not_pooled[0] == '\0' ? NULL : v->not_pooled);
    rows(&j, v);
    json_begin(&j, "wrong", "[");
    for (size_t i = 0; i < v->n_wrong; i++)
        json_text(&j, NULL, v->wrong[i]);
    json_end(&j, "]");
    json_end(&j, "}");
    json_raw(&j, "\n");
    return j.rc;
}
