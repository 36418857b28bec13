#include "harness/items/items.h"

#include <stdlib.h>
#include <string.h>

#include "harness/items/condition.h"
#include "harness/items/derive.h"

const char *support_name(enum statement_support s)
{
    static const char *const name[SUPPORT_COUNT] = {"unset", "yes", "no"};
    return name[s];
}

static const struct item *find(const struct item_list *l, const char *id, size_t len)
{
    for (size_t i = 0; i < l->n_item; i++)
        if (strncmp(l->item[i].id, id, len) == 0 && l->item[i].id[len] == '\0')
            return &l->item[i];
    return NULL;
}

const struct item *item_by_id(const struct item_list *l, const char *id)
{
    return find(l, id, strlen(id));
}

const struct item_list *items_of_actor(const struct items *i, const struct table *t,
                                       const char *actor)
{
    if (actor[0] == '\0')
        return &i->list[0];
    const char *known = table_actor(t, actor);
    for (size_t k = 1; known != NULL && k < i->n_list; k++)
        if (strcmp(i->list[k].actor, known) == 0)
            return &i->list[k];
    return NULL;
}

bool item_is_unset(const struct item *item)
{
    return item->support == SUPPORT_UNSET && item->need != NEED_NOT_APPLICABLE;
}

/* ---- what an item asks for ----------------------------------------------------------------------
 */

struct asked {
    const struct items *items;
    const struct item_list *list;
    const struct item *item;
};

static enum condition_value supported(const struct item *item)
{
    return item->support == SUPPORT_YES  ? CONDITION_YES
           : item->support == SUPPORT_NO ? CONDITION_NO
                                         : CONDITION_OPEN;
}

/* Whether the actor takes part in one of the row's use cases as its end. */
static enum condition_value of_use_case(const struct asked *a)
{
    enum condition_value v = CONDITION_NO;
    const struct table_row *row = a->item->row;
    for (size_t i = 0; row != NULL && i < a->list->n_item; i++) {
        const struct item *u = &a->list->item[i];
        bool sends = false, receives = false, serves = false;
        for (size_t k = 0; u->kind == ASK_USE_CASE && k < row->n_use_case; k++)
            serves = serves || strcmp(row->use_case[k], u->use_case) == 0;
        if (serves)
            derive_ends(row, a->list->actor, u->use_case, &sends, &receives);
        if (!sends && !receives)
            continue;
        if (supported(u) == CONDITION_YES)
            return CONDITION_YES;
        if (supported(u) == CONDITION_OPEN)
            v = CONDITION_OPEN;
    }
    return v;
}

static enum condition_value value_of(void *arg, const char *id, size_t len)
{
    const struct asked *a = arg;
    if (len == strlen("use-case") && memcmp(id, "use-case", len) == 0)
        return of_use_case(a);
    if (len == strlen("originates") && memcmp(id, "originates", len) == 0) {
        for (size_t i = 0; i < a->items->n_list; i++)
            if (a->items->list[i].sends)
                return CONDITION_YES;
        return CONDITION_NO;
    }
    const struct item *item = find(a->list, id, len);
    if (item == NULL)
        item = find(&a->items->list[0], id, len);
    return item == NULL ? CONDITION_NO : supported(item);
}

static enum item_need plain(const char *status)
{
    return status[0] == 'M'             ? NEED_MANDATORY
           : status[0] == 'O'           ? NEED_OPTIONAL
           : status[0] == 'X'           ? NEED_EXCLUDED
           : strcmp(status, "N/A") == 0 ? NEED_NOT_APPLICABLE
                                        : NEED_OPEN;
}

static enum err_code evaluate(const struct items *s, const struct item_list *l, struct item *item,
                              struct err *e)
{
    const struct catalogue_condition *c = catalogue_condition(s->catalogue, item->status);
    struct asked a = {s, l, item};
    enum condition_value v = CONDITION_OPEN;
    enum err_code rc = c == NULL ? ERR_OK : condition_value(c->when, value_of, &a, &v, e);
    item->need = c == NULL            ? plain(item->status)
                 : v == CONDITION_YES ? plain(c->yes)
                 : v == CONDITION_NO  ? plain(c->otherwise)
                                      : NEED_OPEN;
    return rc;
}

/* Of each O.n of a list at least one has to be supported. */
static enum err_code find_unmet(struct items *s, struct err *e)
{
    const struct catalogue *c = s->catalogue;
    s->unmet = arena_alloc(&s->arena, (s->n_list * c->n_choice + 1) * sizeof *s->unmet);
    if (s->unmet == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the items of a statement");
    for (size_t i = 0; i < s->n_list; i++)
        for (size_t k = 0; k < c->n_choice; k++) {
            bool any = false, met = false, open = false;
            for (size_t j = 0; j < s->list[i].n_item; j++) {
                const struct item *item = &s->list[i].item[j];
                if (strcmp(item->status, c->choice[k].id) != 0)
                    continue;
                any = true;
                met = met || item->support == SUPPORT_YES;
                open = open || item->support == SUPPORT_UNSET;
            }
            if (any && !met)
                s->unmet[s->n_unmet++] = (struct item_unmet){&s->list[i], &c->choice[k], open};
        }
    return ERR_OK;
}

/* ---- the lists of a statement -------------------------------------------------------------------
 */

static void give_answers(struct item_list *l, const struct statement_items *given)
{
    l->given = given;
    for (size_t k = 0; k < given->n_answer; k++)
        for (size_t i = 0; i < l->n_item; i++)
            if (l->item[i].answer == NULL && strcmp(l->item[i].id, given->answer[k].id) == 0) {
                l->item[i].answer = &given->answer[k];
                l->item[i].support = given->answer[k].support;
            }
}

static bool listed(const struct items *s, const char *actor)
{
    for (size_t i = 1; i < s->n_list; i++)
        if (strcmp(s->list[i].actor, actor) == 0)
            return true;
    return false;
}

static enum err_code make_lists(struct items *s, const struct table *t, const struct statement *st,
                                struct err *e)
{
    s->list = arena_alloc(&s->arena, (st->n_group + 1) * sizeof *s->list);
    if (s->list == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the items of a statement");
    s->n_list = 1;
    enum err_code rc = derive_equipment(s->catalogue, &s->arena, &s->list[0], e);
    for (size_t g = 0; g < st->n_group && rc == ERR_OK; g++) {
        const char *actor = table_actor(t, st->group[g].actor);
        if (actor == NULL || listed(s, actor)) /* unknown ones are told elsewhere */
            continue;
        s->list[s->n_list].actor = actor;
        rc = derive_actor(t, s->catalogue, &s->arena, &s->list[s->n_list++], e);
    }
    for (size_t i = 0; i < st->n_items && rc == ERR_OK; i++) {
        const struct item_list *l = items_of_actor(s, t, st->items[i].actor);
        if (l != NULL && l->given == NULL)
            give_answers(&s->list[l - s->list], &st->items[i]);
    }
    return rc;
}

enum err_code items_make(const struct table *t, const struct statement *st, const char *catalogue,
                         struct items **out, struct err *e)
{
    *out = NULL;
    struct items *s = calloc(1, sizeof *s);
    if (s == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the items of a statement");
    enum err_code rc = catalogue_load(catalogue, &s->catalogue, e);
    if (rc == ERR_OK)
        rc = make_lists(s, t, st, e);
    for (size_t i = 0; i < s->n_list && rc == ERR_OK; i++)
        for (size_t k = 0; k < s->list[i].n_item && rc == ERR_OK; k++)
            rc = evaluate(s, &s->list[i], &s->list[i].item[k], e);
    if (rc == ERR_OK)
        rc = find_unmet(s, e);
    if (rc == ERR_OK)
        *out = s;
    else
        items_free(s);
    return rc;
}

void items_free(struct items *s)
{
    if (s == NULL)
        return;
    catalogue_free(s->catalogue);
    arena_release(&s->arena);
    free(s);
}
