#include "harness/pics/check.h"

#include <stdio.h>
#include <string.h>

#include "harness/items/values.h"
#include "harness/pics/facts.h"

struct checking {
    const struct table *table;
    const struct statement *statement;
    const struct items *items;
    struct pics_report *report;
};

/* " of NAME", "" for the equipment as a whole. */
static const char *whose(const struct item_list *l, char *out, size_t size)
{
    (void)snprintf(out, size, "%s%s", l->actor == NULL ? "" : " of ",
                   l->actor == NULL ? "" : l->actor);
    return out;
}

/* What is wrong with where an answer stands. */
static void check_places(struct checking *c, const struct statement_items *given)
{
    const struct item_list *l = items_of_actor(c->items, c->table, given->actor);
    if (l == NULL) {
        pics_add(c->report, 4, given->line, "items of \"%s\": no group of the statement is of it",
                 given->actor);
        return;
    }
    if (l->given != given)
        pics_add(c->report, 3, given->line, "items of \"%s\" stand in line %ld already",
                 given->actor, l->given->line);
    for (size_t i = 0; i < given->n_answer; i++) {
        const struct statement_answer *a = &given->answer[i];
        const struct item *item = item_by_id(l, a->id);
        char who[200];
        if (item == NULL)
            pics_add(c->report, 2, a->line, "\"%s\" is no item%s", a->id,
                     whose(l, who, sizeof who));
        else if (item->answer != a && l->given == given)
            pics_add(c->report, 3, a->line, "item %s is answered in line %ld already", a->id,
                     item->answer->line);
    }
}

static void check_values(struct checking *c, const struct item *item)
{
    const struct statement_answer *a = item->answer;
    size_t len = 0;
    if (a->allowed[0] != '\0' && strcmp(a->allowed, item->allowed) != 0)
        pics_add(c->report, 6, a->line, "item %s: allowed=\"%s\", the list has \"%s\"", item->id,
                 a->allowed, item->allowed);
    if (item->allowed[0] == '\0') {
        if (a->values[strspn(a->values, " ")] != '\0')
            pics_add(c->report, 9, a->line, "item %s: values=\"%s\", but it takes none", item->id,
                     a->values);
        return;
    }
    const char *beyond = values_beyond(a->values, item->allowed, &len);
    if (beyond != NULL)
        pics_add(c->report, 8, a->line, "item %s: value \"%.*s\" is not allowed, expected: %s",
                 item->id, (int)len, beyond, item->allowed);
    else if (a->support == SUPPORT_YES && a->values[strspn(a->values, " ")] == '\0')
        pics_add(c->report, 9, a->line, "item %s: yes without values, expected some of: %s",
                 item->id, item->allowed);
}

/* What the answer says against what is asked. */
static void check_need(struct checking *c, const struct item_list *l, const struct item *item)
{
    const struct statement_answer *a = item->answer;
    char who[200];
    if (a->support == SUPPORT_YES && item->need == NEED_NOT_APPLICABLE)
        pics_add(c->report, 113, a->line, "item %s%s is not applicable (%s), and the answer is yes",
                 item->id, whose(l, who, sizeof who), item->status);
    if (a->support == SUPPORT_YES && item->need == NEED_EXCLUDED)
        pics_add(c->report, 7, a->line, "item %s%s is excluded (%s), and the answer is yes",
                 item->id, whose(l, who, sizeof who), item->about);
    if (a->support == SUPPORT_NO && item->need == NEED_MANDATORY)
        pics_add(c->report, 103, a->line,
                 "no to the mandatory item %s%s (%s): a claim can only be partial", item->id,
                 whose(l, who, sizeof who), item->about);
    bool telling = item->need == NEED_MANDATORY || item->need == NEED_OPTIONAL;
    if (a->support == SUPPORT_NO && telling && item->kind != ASK_EQUIPMENT && a->remark[0] == '\0')
        pics_add(c->report, 106, a->line, "no to item %s%s without a remark why", item->id,
                 whose(l, who, sizeof who));
}

/* The answer against what the rest of the statement says. */
static void check_fact(struct checking *c, const struct item *item)
{
    const struct statement_answer *a = item->answer;
    struct fact f = fact_of(c->statement, item->fact);
    uint64_t devices = 0;
    if (f.known && f.used && a->support == SUPPORT_NO)
        pics_add(c->report, 10, a->line, "no to item %s (%s), but line %ld makes use of it: %s",
                 item->id, item->about, f.line, f.how);
    if (f.known && f.wanted && !f.used && a->support == SUPPORT_YES)
        pics_add(c->report, 105, a->line,
                 "item %s (%s) is supported, but nothing in the statement makes use of it: no %s",
                 item->id, item->about, f.how);
    if (strcmp(item->fact, "devices") != 0 || a->support != SUPPORT_YES)
        return;
    for (size_t i = 0; i < c->statement->n_group; i++)
        devices += c->statement->group[i].count;
    if (a->values[0] != '\0' && !values_hold(a->values, devices))
        pics_add(c->report, 10, a->line, "item %s: %llu devices stand in the groups, values=\"%s\"",
                 item->id, (unsigned long long)devices, a->values);
}

static void check_item(struct checking *c, const struct item_list *l, const struct item *item)
{
    const struct statement_answer *a = item->answer;
    char who[200];
    if (item_is_unset(item) && l->given != NULL)
        pics_add(c->report, 101, a == NULL ? l->given->line : a->line, "item %s%s is unset%s: %s",
                 item->id, whose(l, who, sizeof who), a == NULL ? " (no answer)" : "", item->about);
    if (a == NULL)
        return;
    if (a->status[0] != '\0' && strcmp(a->status, item->status) != 0)
        pics_add(c->report, 5, a->line, "item %s%s: status=\"%s\", the list has %s", item->id,
                 whose(l, who, sizeof who), a->status, item->status);
    check_values(c, item);
    check_need(c, l, item);
    check_fact(c, item);
}

static long list_line(const struct checking *c, const struct item_list *l)
{
    if (l->given != NULL)
        return l->given->line;
    for (size_t g = 0; l->actor != NULL && g < c->statement->n_group; g++) {
        const char *actor = table_actor(c->table, c->statement->group[g].actor);
        if (actor != NULL && strcmp(actor, l->actor) == 0)
            return c->statement->group[g].line;
    }
    return c->statement->http_line;
}

static void check_list(struct checking *c, const struct item_list *l)
{
    size_t unset = 0;
    char who[200];
    for (size_t k = 0; k < l->n_item; k++) {
        unset += item_is_unset(&l->item[k]);
        check_item(c, l, &l->item[k]);
    }
    if (l->given == NULL && unset > 0)
        pics_add(c->report, 101, list_line(c, l), "all %zu items%s are unset: no <items%s%s%s>",
                 unset, whose(l, who, sizeof who), l->actor == NULL ? "" : " actor=\"",
                 l->actor == NULL ? "" : l->actor, l->actor == NULL ? "" : "\"");
}

enum err_code pics_check(const struct table *t, const struct statement *s,
                         const struct items *items, struct pics_report *out, struct err *e)
{
    struct checking c = {t, s, items, out};
    pics_check_rest(t, s, out);
    for (size_t i = 0; i < s->n_items; i++)
        check_places(&c, &s->items[i]);
    for (size_t i = 0; i < items->n_list; i++)
        check_list(&c, &items->list[i]);
    for (size_t i = 0; i < items->n_unmet; i++) {
        const struct item_unmet *u = &items->unmet[i];
        char who[200];
        if (!u->open)
            pics_add(out, 104, list_line(&c, u->list),
                     "no item of %s%s is supported (%s): a claim can only be partial",
                     u->choice->id, whose(u->list, who, sizeof who), u->choice->about);
    }
    pics_sort(out);
    return out->rc == ERR_OK ? ERR_OK : err_set(e, out->rc, "no memory to check %s", s->path);
}

enum err_code pics_check_file(const char *statement, const char *table, struct pics_report *out,
                              struct err *e)
{
    struct statement *s = NULL;
    struct table *t = NULL;
    struct items *items = NULL;
    enum err_code rc = table_load(table, &t, e);
    if (rc == ERR_OK && (rc = statement_load(statement, &s, e)) == ERR_DATA) {
        pics_add(out, 1, 0, "%s", e->text);
        rc = ERR_OK;
    } else if (rc == ERR_OK) {
        rc = items_make(t, s, NULL, &items, e);
        if (rc == ERR_OK)
            rc = pics_check(t, s, items, out, e);
    }
    items_free(items);
    statement_free(s);
    table_free(t);
    return rc;
}
