/* What the vendor's answers take out of the plan, or say against a whole claim. */
#include <string.h>

#include "harness/plan/build_parts.h"

void build_answers(struct build *b)
{
    const struct statement *s = b->statement;
    b->rc = items_make(b->table, s, NULL, &b->items, b->e);
    /* With an own table, answers about rows that it does not have mean nothing. */
    for (size_t i = 0; b->rc == ERR_OK && b->o->table == NULL && i < s->n_items; i++) {
        const struct item_list *l = items_of_actor(b->items, b->table, s->items[i].actor);
        for (size_t k = 0; l != NULL && k < s->items[i].n_answer; k++) {
            const struct statement_answer *a = &s->items[i].answer[k];
            if (a->support == SUPPORT_NO && item_by_id(l, a->id) == NULL)
                build_fault(b, ERR_DATA,
                            "%s:%ld: support=\"no\" to \"%s\", which is no item%s%s; gridassay "
                            "statement --check tells more",
                            s->path, a->line, a->id, l->actor == NULL ? "" : " of ",
                            l->actor == NULL ? "" : l->actor);
        }
    }
}

static const struct item_list *list_of(const struct build *b, const char *actor)
{
    for (size_t i = 1; actor != NULL && i < b->items->n_list; i++)
        if (strcmp(b->items->list[i].actor, actor) == 0)
            return &b->items->list[i];
    return NULL;
}

/* Whether the item is about that passage. */
static bool about(const struct item *item, const struct table_row *row, const char *use_case,
                  const struct table_leg *leg)
{
    switch (item->kind) {
    case ASK_FORWARD:
        return leg == NULL && strcmp(item->use_case, use_case) == 0;
    case ASK_USE_CASE:
        return leg != NULL && strcmp(item->use_case, use_case) == 0;
    case ASK_MODE:
        return leg != NULL && strcmp(item->mode, leg->mode) == 0;
    case ASK_ROW:
        return leg != NULL && strcmp(item->row->id, row->id) == 0;
    case ASK_EQUIPMENT:
    case ASK_KIND_COUNT:
        break;
    }
    return false;
}

const struct item *build_unclaimed(const struct build *b, const char *actor,
                                   const struct table_row *row, const char *use_case,
                                   const struct table_leg *leg)
{
    const struct item_list *l = list_of(b, actor);
    for (size_t i = 0; l != NULL && i < l->n_item; i++)
        if (l->item[i].support == SUPPORT_NO && about(&l->item[i], row, use_case, leg))
            return &l->item[i];
    return NULL;
}

/* What stands against each passage of a row, gathered; "" once one of them is claimed. */
struct against {
    struct build *b;
    const struct build_row *row;
    const char *text;     /* NULL so far nothing: "item X of A, B; item Y of C" */
    const char *id;       /* of the item named last */
    const char *actor[4]; /* named of it, as far as that goes */
    size_t n_actor;
    bool mandatory; /* one of the items is */
};

static void put(struct against *a, const char *actor, const struct table_leg *leg)
{
    const struct item *item = build_unclaimed(a->b, actor, a->row->source, a->row->use_case, leg);
    if (item == NULL || (a->text != NULL && a->text[0] == '\0')) {
        a->text = "";
        return;
    }
    a->mandatory = a->mandatory || item->need == NEED_MANDATORY;
    bool same = a->id != NULL && strcmp(a->id, item->id) == 0;
    if (same && build_names(a->actor, a->n_actor, actor))
        return;
    a->text = build_text(a->b, "%s%s%s%s%s", a->text == NULL ? "" : a->text,
                         a->text == NULL ? "item "
                         : same          ? ", "
                                         : "; item ",
                         same ? "" : item->id, same ? "" : " of ", actor);
    a->id = item->id;
    a->n_actor = same ? a->n_actor : 0;
    if (a->n_actor < sizeof a->actor / sizeof a->actor[0])
        a->actor[a->n_actor++] = actor;
}

const char *build_unclaimed_row(struct build *b, const struct build_row *r, enum plan_role *role)
{
    struct against a = {.b = b, .row = r};
    if (*role == PLAN_THROUGH_EUT)
        put(&a, build_via(b, r->source, r->use_case), NULL);
    for (size_t i = 0; *role != PLAN_THROUGH_EUT && i < r->source->n_leg; i++) {
        const struct table_leg *l = &r->source->leg[i];
        for (size_t k = 0; build_leg_serves(l, r->use_case) && k < l->n_from + l->n_to; k++) {
            const char *actor = k < l->n_from ? l->from[k] : l->to[k - l->n_from];
            if (build_is_eut(b, actor))
                put(&a, actor, l);
        }
    }
    if (a.text == NULL || a.text[0] == '\0')
        return NULL;
    if (a.mandatory)
        return build_text(b, "not run: the vendor says no to what is mandatory (%s)", a.text);
    *role = PLAN_NOT_APPLICABLE;
    return build_text(b, "the vendor does not claim it (%s)", a.text);
}

/* ---- limits of a claim --------------------------------------------------------------------------
 */

/* Rows of the profile that an item of an actor is about. */
static size_t rows_about(struct build *b, const struct item_list *l, const struct item *item)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n_row; i++) {
        const struct build_row *r = &b->row[i];
        if (r->left_out != NULL)
            continue;
        const char *via = item->kind == ASK_FORWARD ? build_via(b, r->source, r->use_case) : NULL;
        bool concerned =
            via != NULL && strcmp(via, l->actor) == 0 && about(item, r->source, r->use_case, NULL);
        for (size_t k = 0; item->kind != ASK_FORWARD && k < r->source->n_leg; k++) {
            const struct table_leg *leg = &r->source->leg[k];
            concerned = concerned || (build_leg_serves(leg, r->use_case) &&
                                      about(item, r->source, r->use_case, leg) &&
                                      (build_names(leg->from, leg->n_from, l->actor) ||
                                       build_names(leg->to, leg->n_to, l->actor)));
        }
        n += concerned;
    }
    return n;
}

static void limit_item(struct build *b, const struct item_list *l, const struct item *item)
{
    const char *of = l->actor == NULL ? "the equipment" : l->actor;
    if (item->support == SUPPORT_YES && item->need == NEED_EXCLUDED)
        build_limit(b, "statement", "the statement says yes to the excluded item %s of %s (%s)",
                    item->id, of, item->about);
    if (item->support != SUPPORT_NO)
        return;
    if (item->need == NEED_MANDATORY && (item->kind == ASK_EQUIPMENT || rows_about(b, l, item) > 0))
        build_limit(b, "statement", "the vendor says no to the mandatory item %s of %s (%s)",
                    item->id, of, item->about);
    if (item->kind != ASK_USE_CASE && item->kind != ASK_FORWARD)
        return;
    size_t n = rows_about(b, l, item);
    if (n > 0)
        build_limit(b, "statement",
                    "the vendor does not claim that %s %s (item %s): %zu row%s of the profile", of,
                    item->about, item->id, n, n == 1 ? "" : "s");
}

static void limit_list(struct build *b, const struct item_list *l)
{
    size_t unset = 0;
    const char *first = NULL;
    for (size_t k = 0; k < l->n_item && b->rc == ERR_OK; k++) {
        const struct item *item = &l->item[k];
        limit_item(b, l, item);
        if (!item_is_unset(item) || (l->actor != NULL && rows_about(b, l, item) == 0))
            continue;
        first = unset++ == 0 ? item->id : first;
    }
    if (unset > 0)
        build_limit(b, "statement", "the statement leaves %zu item%s of %s unset, the first is %s",
                    unset, unset == 1 ? "" : "s", l->actor == NULL ? "the equipment" : l->actor,
                    first);
}

/* ---- what is said not to be sent ----------------------------------------------------------------
 */

/* The use case for lack of which a row is not applicable, the row's own item where it is none. */
static const struct item *lacking(const struct item_list *l, const struct item *row)
{
    for (size_t i = 0; row->support != SUPPORT_NO && i < l->n_item; i++)
        if (l->item[i].kind == ASK_USE_CASE && l->item[i].support == SUPPORT_NO &&
            build_names(row->row->use_case, row->row->n_use_case, l->item[i].use_case))
            return &l->item[i];
    return row;
}

/* The item by which an actor does not send a payload at all: none of the rows that carry it is
 * supported, whatever the use case. */
static const struct item *not_sent(const struct item_list *l, const char *payload)
{
    const struct item *by = NULL;
    for (size_t i = 0; i < l->n_item; i++) {
        const struct item *item = &l->item[i];
        if (item->kind != ASK_ROW || !item->sends || strcmp(item->row->payload, payload) != 0)
            continue;
        if (item->support != SUPPORT_NO && item->need != NEED_NOT_APPLICABLE)
            return NULL;
        by = by == NULL ? lacking(l, item) : by;
    }
    return by;
}

static bool has_leg(const struct table_row *row, const char *actor, const char *mode)
{
    for (size_t k = 0; k < row->n_leg; k++)
        if (strcmp(row->leg[k].mode, mode) == 0 &&
            build_names(row->leg[k].from, row->leg[k].n_from, actor))
            return true;
    return false;
}

struct denials {
    struct build *b;
    struct plan_denied *out;
    size_t n, cap;
};

static void deny(struct denials *d, const struct item_list *l, const struct item *item,
                 const char *payload, const char *mode)
{
    int binding = plan_binding_by_payload(d->b->plan, payload);
    for (size_t i = 0; i < d->n; i++)
        if (d->out[i].binding == (uint32_t)binding && strcmp(d->out[i].actor, l->actor) == 0 &&
            strcmp(d->out[i].mode, mode) == 0)
            return;
    if (binding < 0 || d->n == d->cap)
        return;
    d->out[d->n++] =
        (struct plan_denied){build_copy(d->b, item->id), build_copy(d->b, l->actor),
                             build_copy(d->b, payload), build_copy(d->b, mode), (uint32_t)binding};
}

static void deny_list(struct denials *d, const struct item_list *l)
{
    for (size_t i = 0; i < l->n_item; i++) {
        const struct item *item = &l->item[i];
        const struct item *by =
            item->kind == ASK_ROW && item->sends ? not_sent(l, item->row->payload) : NULL;
        if (by != NULL)
            deny(d, l, by, item->row->payload, "");
        for (size_t k = 0; by == NULL && item->kind == ASK_ROW && k < l->n_item; k++) {
            const struct item *mode = &l->item[k];
            if (mode->kind == ASK_MODE && mode->support == SUPPORT_NO &&
                has_leg(item->row, l->actor, mode->mode))
                deny(d, l, mode, item->row->payload, mode->mode);
        }
    }
}

static void build_denied(struct build *b)
{
    struct denials d = {.b = b};
    for (size_t i = 1; i < b->items->n_list; i++)
        d.cap += b->items->list[i].n_item * 2;
    d.out = build_room(b, d.cap * sizeof *d.out);
    for (size_t i = 1; i < b->items->n_list && b->rc == ERR_OK; i++)
        deny_list(&d, &b->items->list[i]);
    b->plan->denied = d.out;
    b->plan->n_denied = b->rc == ERR_OK ? d.n : 0;
}

void build_unclaimed_limits(struct build *b)
{
    build_denied(b);
    for (size_t i = 0; i < b->items->n_list && b->rc == ERR_OK; i++)
        limit_list(b, &b->items->list[i]);
    for (size_t i = 0; i < b->items->n_unmet; i++) {
        const struct item_unmet *u = &b->items->unmet[i];
        if (!u->open)
            build_limit(b, "statement",
                        "no item of %s of %s is supported, of which one is needed (%s)",
                        u->choice->id, u->list->actor == NULL ? "the equipment" : u->list->actor,
                        u->choice->about);
    }
}
