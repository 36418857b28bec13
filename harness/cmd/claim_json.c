#include "harness/cmd/claim_json.h"

#include "harness/cmd/json.h"

static void limits(struct json *j, const struct method_limit *l, size_t n)
{
    json_begin(j, "limits", "[");
    for (size_t i = 0; i < n; i++) {
        json_begin(j, NULL, "{");
        json_text(j, "kind", l[i].kind);
        json_text(j, "text", l[i].text);
        json_end(j, "}");
    }
    json_end(j, "]");
}

static void rows(struct json *j, const struct claim *c)
{
    json_begin(j, "rows", "[");
    for (size_t i = 0; i < c->n_row; i++) {
        const struct claim_row *row = &c->row[i];
        json_begin_line(j);
        json_text(j, "id", row->row->id);
        json_text(j, "use_case", row->row->use_case);
        json_text(j, "part", claim_part_name(row->part));
        json_number(j, "endpoints", row->endpoints);
        json_text(j, "why", row->why[0] == '\0' ? NULL : row->why);
        json_end(j, "}");
    }
    json_end(j, "]");
}

static void source(struct json *j, const struct claim_source *s)
{
    const struct result *r = s->result;
    json_begin_line(j);
    json_text(j, "path", s->path);
    json_text(j, "run", r->nonce);
    json_text(j, "sha256", s->digest);
    json_text(j, "plan_sha256", r->plan_digest);
    json_text(j, "ledger_head", r->ledger_head[0] == '\0' ? NULL : r->ledger_head);
    json_number(j, "submission", r->submission);
    json_number(j, "generation", r->generation);
    json_text(j, "claim", claim_kind_name(s->claim.kind));
    json_text(j, "wording", s->claim.wording);
    json_text(j, "objection", s->objection);
    json_text(j, "ledger_not_asked", s->unasked);
    limits(j, s->claim.limit, s->claim.n_limit);
    rows(j, &s->claim);
    json_end(j, "}");
}

enum err_code claim_json(const struct claim_joined *joined, const struct claim_source *s, size_t n,
                         struct buf *out, struct err *e)
{
    struct json j = {.out = out, .e = e};
    json_begin(&j, NULL, "{");
    json_text(&j, "claim", claim_kind_name(joined->kind));
    json_bool(&j, "all_actors", joined->system);
    json_text(&j, "wording", joined->wording);
    json_text(&j, "missing_actors", joined->missing[0] == '\0' ? NULL : joined->missing);
    limits(&j, joined->limit, joined->n_limit);
    json_begin(&j, "results", "[");
    for (size_t i = 0; i < n; i++)
        source(&j, &s[i]);
    json_end(&j, "]");
    json_end(&j, "}");
    json_raw(&j, "\n");
    return j.rc;
}
