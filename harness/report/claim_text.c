#include "harness/report/claim_text.h"

#include <inttypes.h>

#include "harness/plan/method_io.h"
#include "harness/score/claim.h"

#define WORDING_MAX 4000
#define WHY_MAX 600

static bool begin(struct text *out, const struct result *r, struct claim *c)
{
    if (!method_given(&r->method) || out->rc != ERR_OK)
        return false;
    out->rc = claim_make(r, c, &out->err);
    return out->rc == ERR_OK;
}

void claim_tap(struct text *out, const struct result *r)
{
    struct claim c;
    if (!begin(out, r, &c))
        return;
    text_f(out, "# claim: %s\n# ", claim_kind_name(c.kind));
    text_clip(out, TEXT_TAP, c.wording, WORDING_MAX);
    text_raw(out, "\n");
    claim_release(&c);
}

void claim_plain(struct text *out, const struct result *r)
{
    struct claim c;
    if (!begin(out, r, &c))
        return;
    text_f(out, "\nclaim: %s\n  ", claim_kind_name(c.kind));
    text_clip(out, TEXT_PLAIN, c.wording, WORDING_MAX);
    text_raw(out, "\n");
    for (size_t i = 0; i < c.n_limit; i++) {
        text_raw(out, "  - ");
        text_clip(out, TEXT_PLAIN, c.limit[i].text, WHY_MAX);
        text_raw(out, "\n");
    }
    claim_release(&c);
}

void claim_line(struct text *out, const struct result *r)
{
    struct claim c;
    if (!begin(out, r, &c)) {
        text_raw(out, "No claim: the result does not say how it was shown.\n");
        return;
    }
    text_clip(out, TEXT_PLAIN, c.wording, WORDING_MAX);
    text_raw(out, "\n");
    claim_release(&c);
}

static void property(struct text *out, const char *indent, const char *name, const char *value)
{
    text_f(out, "%s<property name=\"%s\" value=\"", indent, name);
    text_clip(out, TEXT_MARKUP, value, WORDING_MAX);
    text_raw(out, "\"/>\n");
}

void claim_junit(struct text *out, const struct result *r, const char *indent)
{
    struct claim c;
    if (!begin(out, r, &c))
        return;
    property(out, indent, "claim", claim_kind_name(c.kind));
    property(out, indent, "claim_wording", c.wording);
    claim_release(&c);
}

static void limits(struct text *out, const struct claim *c)
{
    if (c->n_limit == 0)
        return;
    text_f(out,
           "<details open><summary>%zu reason%s against a whole claim</summary>"
           "<ul class=\"dots\">\n",
           c->n_limit, c->n_limit == 1 ? "" : "s");
    for (size_t i = 0; i < c->n_limit; i++) {
        text_raw(out, "<li><b>");
        text_clip(out, TEXT_MARKUP, c->limit[i].kind, 40);
        text_raw(out, "</b>: ");
        text_clip(out, TEXT_MARKUP, c->limit[i].text, WHY_MAX);
        text_raw(out, "</li>\n");
    }
    text_raw(out, "</ul></details>\n");
}

/* All that a claim has to cover, what is missing first. */
static void rows(struct text *out, const struct claim *c)
{
    text_f(out,
           "<details><summary>%" PRIu32 " of %zu rows covered</summary>\n"
           "<div class=\"scroll\"><table class=\"mt\"><thead><tr>"
           "<th scope=\"col\">Row</th><th scope=\"col\">Use case</th><th scope=\"col\">Claim</th>"
           "<th scope=\"col\" class=\"num\">Shown for endpoints</th>"
           "<th scope=\"col\">Why not</th></tr></thead>"
           "<tbody>\n",
           c->of[CLAIM_COVERED], c->n_row);
    for (int covered = 0; covered < 2; covered++)
        for (size_t i = 0; i < c->n_row; i++) {
            const struct claim_row *row = &c->row[i];
            if ((row->part == CLAIM_COVERED) != (covered == 1))
                continue;
            text_raw(out, "<tr><td>");
            text_clip(out, TEXT_MARKUP, row->row->id, 200);
            text_raw(out, "</td><td>");
            text_clip(out, TEXT_MARKUP, row->row->use_case, 200);
            text_f(out, "</td><td>%s</td><td class=\"num\">%" PRIu64 "</td><td>",
                   claim_part_name(row->part), row->endpoints);
            text_clip(out, TEXT_MARKUP, row->why, WHY_MAX);
            text_raw(out, "</td></tr>\n");
        }
    text_raw(out, "</tbody></table></div></details>\n");
}

void claim_html(struct text *out, const struct result *r)
{
    static const char *const head[CLAIM_KIND_COUNT] = {"No claim", "Partial claim", "Claim"};
    static const char *const mark[CLAIM_KIND_COUNT] = {"not-applicable", "inconclusive", "pass"};
    struct claim c;
    if (!begin(out, r, &c))
        return;
    text_f(out,
           "<section class=\"card wide claim o-%s\" id=\"claim\"><h2>%s</h2>\n<p class=\"states\">",
           mark[c.kind], head[c.kind]);
    text_clip(out, TEXT_MARKUP, c.wording, WORDING_MAX);
    text_raw(out, "</p>\n");
    limits(out, &c);
    rows(out, &c);
    text_raw(out, "</section>\n");
    claim_release(&c);
}
