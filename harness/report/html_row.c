#include <inttypes.h>
#include <string.h>

#include "harness/report/html.h"

/* What the search looks through: lower-cased by the page itself. */
static void search_text(struct text *t, const struct result_row *row)
{
    const char *part[] = {row->id, row->use_case, row->type, row->role, row->reason};
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
        text_clip(t, TEXT_MARKUP, part[i], 300);
        text_raw(t, " ");
    }
    for (size_t i = 0; i < row->n_variant; i++) {
        words_variant(t, TEXT_MARKUP, row, i);
        text_raw(t, " ");
        text_clip(t, TEXT_MARKUP, row->variant[i].from, 200);
        text_raw(t, " ");
        text_clip(t, TEXT_MARKUP, row->variant[i].to, 200);
        text_raw(t, " ");
    }
}

/* The id as an anchor: what is not a letter, digit, dot, line or minus becomes a minus. */
static void slug(struct text *t, const char *id)
{
    for (; *id != '\0'; id++) {
        bool keep = (*id >= 'a' && *id <= 'z') || (*id >= 'A' && *id <= 'Z') ||
                    (*id >= '0' && *id <= '9') || strchr("._-", *id) != NULL;
        text_f(t, "%c", keep ? *id : '-');
    }
}

static enum outcome worse(enum outcome a, enum outcome b)
{
    static const int rank[OUTCOME_COUNT] = {
        [OUTCOME_NOT_APPLICABLE] = 0, [OUTCOME_INFORMATION] = 1,  [OUTCOME_PASS] = 2,
        [OUTCOME_NOT_RUN] = 3,        [OUTCOME_NOT_SCORABLE] = 4, [OUTCOME_NOT_EXERCISED] = 5,
        [OUTCOME_INCONCLUSIVE] = 6,   [OUTCOME_FAIL] = 7,         [OUTCOME_ERROR] = 8,
    };
    return rank[a] >= rank[b] ? a : b;
}

/* One cell of the overview: the worst reading's outcome and measurement. */
static void criterion_cell(struct text *t, const struct result_row *row, enum criterion_kind k)
{
    static const char *const heads[CRITERION_ALWAYS] = {"Reliability", "Latency", "Size", "Window"};
    text_f(t, "<td data-h=\"%s\">", heads[k]);
    if (row->n_variant > 0) {
        const struct result_variant *worst = &row->variant[0];
        enum outcome o = OUTCOME_NOT_APPLICABLE;
        for (size_t i = 0; i < row->n_variant; i++) {
            const struct result_criterion *c = &row->variant[i].criterion[k];
            enum outcome mine = outcome_of(c->verdict, c->status);
            if (i == 0 || worse(mine, o) != o)
                worst = &row->variant[i];
            o = i == 0 ? mine : worse(mine, o);
        }
        text_f(t, "<span class=\"cell o-%s\">", outcome_name(o));
        html_icon(t, o);
        size_t before = t->buf.len;
        if (o != OUTCOME_NOT_APPLICABLE)
            words_measured(t, worst, k);
        if (o == OUTCOME_NOT_APPLICABLE)
            text_raw(t, "<abbr title=\"not applicable\">n/a</abbr>");
        else if (t->buf.len == before)
            text_raw(t, outcome_label(o));
        else
            text_f(t, "<span class=\"vh\">, %s</span>", outcome_label(o));
        text_raw(t, "</span>");
    }
    text_raw(t, "</td>");
}

/* Those of the readings where they differ, else the row's. */
static void roles(struct text *t, const struct result_row *row)
{
    bool any = false;
    for (size_t i = 0; i < row->n_variant; i++) {
        const char *role = row->variant[i].role;
        bool first = role != NULL && role[0] != '\0';
        for (size_t k = 0; k < i && first; k++)
            first = strcmp(role, row->variant[k].role) != 0;
        if (first) {
            text_raw(t, any ? ", " : "");
            text_esc(t, TEXT_MARKUP, role);
            any = true;
        }
    }
    if (!any)
        text_esc(t, TEXT_MARKUP, row->role);
}

static void row_body(struct text *t, const struct result *r, size_t i)
{
    const struct result_row *row = &r->row[i];
    enum outcome o = words_row_outcome(row);
    text_f(t, "<tbody class=\"row%s o-%s\" data-o=\"%s\" data-u=\"",
           row->n_variant == 0 ? " bare" : "", outcome_name(o), outcome_name(o));
    text_esc(t, TEXT_MARKUP, row->use_case);
    text_raw(t, "\" data-t=\"");
    search_text(t, row);
    text_raw(t, "\" id=\"");
    slug(t, row->id);
    if (row->shared) {
        text_raw(t, "-");
        slug(t, row->use_case);
    }
    text_f(t,
           "\">\n<tr class=\"sum\"><th scope=\"row\"><button type=\"button\" class=\"tog\" "
           "aria-expanded=\"true\" aria-controls=\"d%zu\"><svg aria-hidden=\"true\" "
           "viewBox=\"0 0 12 12\"><path d=\"M4 2l4 4-4 4\"/></svg><span class=\"vh\">Details of "
           "</span></button><span class=\"pay\">",
           i);
    text_esc(t, TEXT_MARKUP, row->payload);
    text_raw(t, "</span><span class=\"sec\">");
    text_esc(t, TEXT_MARKUP, row->section);
    text_raw(t, " &middot; ");
    text_esc(t, TEXT_MARKUP, row->use_case);
    if (row->unlisted)
        text_raw(t, " &middot; <abbr class=\"own\" title=\"no table of the document holds this "
                    "row\">our reading</abbr>");
    text_raw(t, "</span></th><td data-h=\"Role\"><span class=\"role\">");
    roles(t, row);
    text_raw(t, "</span></td>");
    if (row->n_variant == 0) {
        text_raw(t, "<td colspan=\"4\" class=\"why\">");
        text_clip(t, TEXT_MARKUP, row->reason, 400);
        text_raw(t, "</td>");
    } else {
        for (int k = 0; k < CRITERION_ALWAYS; k++) /* the others: in the details */
            criterion_cell(t, row, (enum criterion_kind)k);
    }
    text_raw(t, "<td data-h=\"Verdict\">");
    html_chip(t, o);
    text_f(t, "</td></tr>\n<tr class=\"det\" id=\"d%zu\"><td colspan=\"7\">", i);
    html_detail(t, r, row);
    text_raw(t, "</td></tr>\n</tbody>\n");
}

static void filters(struct text *t, const struct result *r)
{
    uint32_t n[OUTCOME_COUNT] = {0};
    for (size_t i = 0; i < r->n_row; i++)
        n[words_row_outcome(&r->row[i])]++;
    text_raw(t,
             "<div class=\"tools\" role=\"search\">\n<input id=\"q\" type=\"search\" "
             "placeholder=\"Search rows, actors, reasons\" aria-label=\"Search rows\">\n"
             "<select id=\"u\" aria-label=\"Use case\"><option value=\"\">All use cases</option>");
    for (size_t i = 0; i < r->n_row; i++) {
        bool first = true;
        for (size_t j = 0; j < i && first; j++)
            first = strcmp(r->row[i].use_case, r->row[j].use_case) != 0;
        if (!first)
            continue;
        text_raw(t, "<option>");
        text_esc(t, TEXT_MARKUP, r->row[i].use_case);
        text_raw(t, "</option>");
    }
    text_raw(t, "</select>\n<span class=\"chips\" role=\"group\" aria-label=\"Show verdicts\">");
    for (int o = 0; o < OUTCOME_COUNT; o++) {
        if (n[o] == 0)
            continue;
        text_f(t,
               "<button type=\"button\" class=\"chip o-%s\" data-f=\"%s\" aria-pressed=\"true\">",
               outcome_name((enum outcome)o), outcome_name((enum outcome)o));
        html_icon(t, (enum outcome)o);
        text_f(t, "%s <b>%" PRIu32 "</b></button>", outcome_label((enum outcome)o), n[o]);
    }
    text_raw(t, "</span>\n<button type=\"button\" class=\"plain\" id=\"all\">Open all</button>\n"
                "<output id=\"shown\" aria-live=\"polite\"></output>\n</div>\n");
}

void html_rows(struct text *t, const struct result *r)
{
    text_raw(t, "<section id=\"rows\" aria-labelledby=\"rows-h\">\n<h2 id=\"rows-h\">Rows</h2>\n");
    filters(t, r);
    text_raw(
        t, "<table class=\"rows\">\n<caption class=\"vh\">Every row of the plan with its verdict; "
           "details follow each row</caption>\n<thead><tr><th scope=\"col\">Payload</th>"
           "<th scope=\"col\">Role</th><th scope=\"col\">Reliability</th>"
           "<th scope=\"col\">Latency</th><th scope=\"col\">Size</th>"
           "<th scope=\"col\">Window</th><th scope=\"col\">Verdict</th></tr></thead>\n");
    for (size_t i = 0; i < r->n_row; i++)
        row_body(t, r, i);
    text_raw(t, "</table>\n<p id=\"none\" hidden>No row matches.</p>\n</section>\n");
}
