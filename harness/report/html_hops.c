/* Where the time of a reading went: each link and actor of the chain, against the budget. */
#include <inttypes.h>

#include "harness/report/html.h"

void html_hops(struct text *t, const struct result_variant *v)
{
    char a[WORDS_SIZE], b[WORDS_SIZE], c[WORDS_SIZE], share[WORDS_SIZE];
    uint64_t most = 0;
    if (v->n_hop == 0)
        return;
    text_raw(t,
             "<div class=\"block\"><h4>Where the time went</h4><table class=\"pcts hops\"><thead>"
             "<tr><th scope=\"col\">Link or actor</th><th scope=\"col\" class=\"num\">p50</th>"
             "<th scope=\"col\" class=\"num\">p99</th><th scope=\"col\" class=\"num\">Worst</th>");
    if (v->budget_ns > 0)
        text_raw(t, "<th scope=\"col\" class=\"num\">Of the budget, p99</th>"
                    "<th scope=\"col\" class=\"num\">worst</th>");
    text_raw(t, "</tr></thead><tbody>");
    for (size_t i = 0; i < v->n_hop; i++) {
        const struct result_hop *h = &v->hop[i];
        most = h->n > most ? h->n : most;
        text_f(t, "<tr%s><th scope=\"row\">%s", h->equipment ? " class=\"own\"" : "",
               h->link ? "link to " : "");
        text_esc(t, TEXT_MARKUP, h->at);
        text_f(t,
               "</th><td class=\"num\">%s</td><td class=\"num\">%s</td><td class=\"num\">%s</td>",
               words_duration(h->p50_ns, a, sizeof a), words_duration(h->p99_ns, b, sizeof b),
               words_duration(h->worst_ns, c, sizeof c));
        if (v->budget_ns > 0) {
            text_f(t, "<td class=\"num\">%s</td>",
                   words_part(h->p99_ns, v->budget_ns, share, sizeof share));
            text_f(t, "<td class=\"num\">%s</td>",
                   words_part(h->worst_ns, v->budget_ns, share, sizeof share));
        }
        text_raw(t, "</tr>");
    }
    text_f(t,
           "</tbody></table><p class=\"small\">Of %" PRIu64
           " exchange%s, from what the capture saw",
           most, most == 1 ? "" : "s");
    if (v->budget_ns > 0)
        text_f(t, "; the budget is %s from end to end", words_limit(v->budget_ns, a, sizeof a));
    text_raw(t, ". In the order of the chain; information, no verdict.</p></div>\n");
}
