/* The items of a statement as tables, one for the equipment and one for each of its actors. */
#include <string.h>

#include "harness/pics/document.h"
#include "harness/report/html.h"

static void esc(struct text *t, const char *s)
{
    text_clip(t, TEXT_MARKUP, s, 1000);
}

static void chip(struct text *t, enum outcome o, const char *word)
{
    text_f(t, "<span class=\"v o-%s\">", outcome_name(o));
    html_icon(t, o);
    text_f(t, "%s</span>", word);
}

/* A no is bad only where it is not allowed, a yes only where it is excluded. */
static void answer(struct text *t, const struct item *item)
{
    if (item->need == NEED_NOT_APPLICABLE && item->support != SUPPORT_YES)
        chip(t, OUTCOME_NOT_APPLICABLE, "n/a");
    else if (item->support == SUPPORT_UNSET)
        chip(t, OUTCOME_INCONCLUSIVE, "unset");
    else if (item->support == SUPPORT_YES)
        chip(t,
             item->need == NEED_EXCLUDED || item->need == NEED_NOT_APPLICABLE ? OUTCOME_FAIL
                                                                              : OUTCOME_PASS,
             "yes");
    else
        chip(t, item->need == NEED_MANDATORY ? OUTCOME_FAIL : OUTCOME_INFORMATION, "no");
}

static void values(struct text *t, const struct item *item)
{
    const struct statement_answer *a = item->answer;
    if (a != NULL && a->values[0] != '\0')
        esc(t, a->values);
    if (item->allowed[0] != '\0') {
        text_raw(t, "<small>of ");
        esc(t, item->allowed);
        text_raw(t, "</small>");
    }
    if (a != NULL && a->remark[0] != '\0') {
        text_raw(t, "<small>");
        esc(t, a->remark);
        text_raw(t, "</small>");
    }
}

static void row(struct text *t, const struct item *item)
{
    bool idle = item->need == NEED_NOT_APPLICABLE && item->support != SUPPORT_YES;
    text_f(t, "<tr%s><th scope=\"row\">", idle ? " class=\"idle\"" : "");
    esc(t, item->about);
    text_raw(t, "</th><td><code>");
    esc(t, item->id);
    text_raw(t, "</code><small>");
    esc(t, item->reference);
    text_raw(t, "</small></td><td>");
    esc(t, item->status);
    if (strcmp(item->status, "N/A") != 0)
        text_f(t, "<small>%s</small>", pics_need(item->need));
    text_raw(t, "</td><td>");
    answer(t, item);
    text_raw(t, "</td><td>");
    values(t, item);
    text_raw(t, "</td></tr>\n");
}

static void list(struct text *t, const struct item_list *l)
{
    static const char *const title[ASK_KIND_COUNT] = {
        "Protocol and equipment", "Use cases", "Use cases that it lets pass",
        "How interval data comes", "Rows of the requirement table"};
    int kind = -1;
    text_raw(t, "<section class=\"card wide\"><h2>");
    esc(t, l->actor == NULL ? "The equipment as a whole" : l->actor);
    text_raw(t,
             "</h2>\n<div class=\"scroll\"><table class=\"items\"><thead><tr><th>Item</th><th>Id, "
             "reference</th><th>Status</th><th>Support</th><th>Values, remark</th></tr></thead>"
             "<tbody>\n");
    for (size_t i = 0; i < l->n_item; i++) {
        if ((int)l->item[i].kind != kind && l->actor != NULL)
            text_f(t, "<tr class=\"group\"><th colspan=\"5\" scope=\"rowgroup\">%s</th></tr>\n",
                   title[l->item[i].kind]);
        kind = (int)l->item[i].kind;
        row(t, &l->item[i]);
    }
    text_raw(t, "</tbody></table></div></section>\n");
}

static void legend(const struct pics_document *d, struct text *t)
{
    const struct catalogue *c = d->items->catalogue;
    text_raw(t, "<section class=\"card wide\"><h2>What the status means</h2>\n<dl class=\"reads\">"
                "<dt>M, O, X, N/A</dt><dd>mandatory, optional, excluded, not applicable "
                "<span class=\"ground\">(ISO/IEC 9646-7)</span></dd>");
    for (size_t i = 0; i < c->n_choice; i++) {
        text_f(t, "<dt>%s</dt><dd>optional, but at least one of them: it ", c->choice[i].id);
        esc(t, c->choice[i].about);
        text_raw(t, "</dd>");
    }
    for (size_t i = 0; i < c->n_condition; i++) {
        const struct catalogue_condition *k = &c->condition[i];
        text_f(t, "<dt>%s</dt><dd>if <code>", k->id);
        esc(t, k->when);
        text_f(t, "</code> then %s, else %s</dd>", k->yes, k->otherwise);
    }
    text_raw(t, "</dl><p class=\"small\"><code>use-case</code>: one of the row's use cases is "
                "supported. <code>originates</code>: an actor of the equipment sends a row.</p>"
                "</section>\n");
}

void pics_html_items(const struct pics_document *d, struct text *t)
{
    for (size_t i = 0; i < d->items->n_list; i++)
        list(t, &d->items->list[i]);
    legend(d, t);
}
