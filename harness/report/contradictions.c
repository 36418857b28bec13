#include "harness/report/contradictions.h"

#include <inttypes.h>

#include "harness/report/html.h"

void contradictions_html(struct text *t, const struct result *r)
{
    if (r->n_contradiction == 0)
        return;
    text_raw(t,
             "<section class=\"card wide\" id=\"contradictions\"><h2>The capture contradicts the "
             "statement</h2>\n<div class=\"scroll\"><table class=\"ex\"><thead><tr><th>What</th>"
             "<th class=\"num\">Seen</th><th class=\"num\">First frame</th><th>About</th></tr>"
             "</thead><tbody>\n");
    for (size_t i = 0; i < r->n_contradiction; i++) {
        const struct result_contradiction *c = &r->contradiction[i];
        text_raw(t, "<tr><td>");
        text_clip(t, TEXT_MARKUP, c->text, 600);
        text_raw(t, "</td><td class=\"num\">");
        html_count(t, c->n);
        text_f(t, "</td><td class=\"num\">%" PRIu64 "</td><td>", c->frame);
        text_clip(t, TEXT_MARKUP, c->kind, 40);
        text_raw(t, ": ");
        text_clip(t, TEXT_MARKUP, c->what, 200);
        text_raw(t, "</td></tr>\n");
    }
    text_raw(t, "</tbody></table></div></section>\n");
}

void contradictions_lines(struct text *out, enum text_style style, const char *prefix,
                          const struct result *r)
{
    for (size_t i = 0; i < r->n_contradiction; i++) {
        const struct result_contradiction *c = &r->contradiction[i];
        text_raw(out, prefix);
        text_clip(out, style, c->text, 600);
        text_f(out, " (%" PRIu64 " seen, first in frame %" PRIu64 ")\n", c->n, c->frame);
    }
}

void contradictions_value(struct text *out, const struct result *r)
{
    text_f(out, "%zu", r->n_contradiction);
    for (size_t i = 0; i < r->n_contradiction; i++) {
        text_raw(out, i == 0 ? ": " : "; ");
        text_raw(out, r->contradiction[i].text);
    }
}
