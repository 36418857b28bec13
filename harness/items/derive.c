#include "harness/items/derive.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define ID_BYTES 200

static bool names(const char *const *actor, size_t n, const char *wanted)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(actor[i], wanted) == 0)
            return true;
    return false;
}

void derive_ends(const struct table_row *row, const char *actor, const char *use_case, bool *sends,
                 bool *receives)
{
    *sends = *receives = false;
    for (size_t i = 0; i < row->n_leg; i++) {
        const struct table_leg *leg = &row->leg[i];
        if (use_case != NULL && leg->use_case[0] != '\0' && strcmp(leg->use_case, use_case) != 0)
            continue;
        *sends = *sends || names(leg->from, leg->n_from, actor);
        *receives = *receives || names(leg->to, leg->n_to, actor);
    }
}

static bool is_end(const struct table_row *row, const char *actor, const char *use_case)
{
    bool sends, receives;
    derive_ends(row, actor, use_case, &sends, &receives);
    return sends || receives;
}

/* "U." and the use case's name in lower case, what is no letter or digit as one "-". */
static const char *id_of(struct arena *arena, char kind, const char *name)
{
    char id[ID_BYTES];
    size_t n = 0;
    id[n++] = kind;
    id[n++] = '.';
    for (; *name != '\0' && n + 1 < sizeof id; name++)
        if (isalnum((unsigned char)*name))
            id[n++] = (char)tolower((unsigned char)*name);
        else if (n > 2 && id[n - 1] != '-')
            id[n++] = '-';
    while (n > 2 && id[n - 1] == '-')
        n--;
    return arena_strndup(arena, id, n);
}

struct deriving {
    const struct table *table;
    const struct catalogue *catalogue;
    struct arena *arena;
    struct item_list *list;
    size_t cap;
};

static struct item *add(struct deriving *d, const struct item *item)
{
    if (d->list->n_item == d->cap)
        return NULL;
    struct item *to = &d->list->item[d->list->n_item++];
    *to = *item;
    return to;
}

static const char *text(struct deriving *d, const char *before, const char *middle,
                        const char *after)
{
    char line[600];
    (void)snprintf(line, sizeof line, "%s%s%s", before, middle, after);
    return arena_strdup(d->arena, line);
}

static void add_use_case(struct deriving *d, const struct table_use_case *u, enum ask_kind kind)
{
    bool between = kind == ASK_FORWARD;
    (void)add(d, &(struct item){
                     .kind = kind,
                     .id = id_of(d->arena, between ? 'F' : 'U', u->name),
                     .status = between ? d->catalogue->forwarding : d->catalogue->use_cases,
                     .about = text(d, between ? "lets pass: " : "takes part in: ", u->name, ""),
                     .reference = u->section,
                     .allowed = "",
                     .fact = "",
                     .use_case = u->name});
}

static void add_use_cases(struct deriving *d)
{
    for (size_t i = 0; i < d->table->n_use_case; i++) {
        const struct table_use_case *u = &d->table->use_case[i];
        bool end = false;
        for (size_t k = 0; k < d->table->n_row && !end; k++) {
            const struct table_row *r = &d->table->row[k];
            end = names(r->use_case, r->n_use_case, u->name) && is_end(r, d->list->actor, u->name);
        }
        if (end)
            add_use_case(d, u, ASK_USE_CASE);
    }
    for (size_t i = 0; i < d->catalogue->n_between; i++) {
        const struct catalogue_between *b = &d->catalogue->between[i];
        for (size_t k = 0; strcmp(b->actor, d->list->actor) == 0 && k < b->n_use_case; k++) {
            size_t at = 0;
            const struct table_use_case *u = table_use_case_named(d->table, b->use_case[k], &at);
            if (u != NULL) /* an own table may do without it */
                add_use_case(d, u, ASK_FORWARD);
        }
    }
}

static bool has_mode(const struct deriving *d, const char *mode)
{
    for (size_t i = 0; i < d->table->n_row; i++)
        for (size_t k = 0; k < d->table->row[i].n_leg; k++) {
            const struct table_leg *l = &d->table->row[i].leg[k];
            if (strcmp(l->mode, mode) == 0 && (names(l->from, l->n_from, d->list->actor) ||
                                               names(l->to, l->n_to, d->list->actor)))
                return true;
        }
    return false;
}

static void add_modes(struct deriving *d)
{
    for (size_t i = 0; i < d->catalogue->n_mode; i++) {
        const struct catalogue_mode *m = &d->catalogue->mode[i];
        if (!has_mode(d, m->name))
            continue;
        (void)add(d, &(struct item){.kind = ASK_MODE,
                                    .id = m->item.id,
                                    .status = m->item.status,
                                    .about = m->item.about,
                                    .reference = m->item.reference,
                                    .allowed = m->item.allowed,
                                    .fact = m->item.fact,
                                    .mode = m->name});
    }
}

static void add_rows(struct deriving *d)
{
    for (size_t i = 0; i < d->table->n_row; i++) {
        const struct table_row *r = &d->table->row[i];
        bool sends, receives;
        derive_ends(r, d->list->actor, NULL, &sends, &receives);
        if (!sends && !receives)
            continue;
        d->list->sends = d->list->sends || sends;
        (void)add(d, &(struct item){.kind = ASK_ROW,
                                    .id = text(d, "R.", r->id, ""),
                                    .status = r->unlisted != NULL ? d->catalogue->readings
                                                                  : d->catalogue->rows,
                                    .about = text(d,
                                                  sends && receives ? "sends and takes "
                                                  : sends           ? "sends "
                                                                    : "takes ",
                                                  r->payload, ""),
                                    .reference = r->section,
                                    .allowed = "",
                                    .fact = "",
                                    .row = r,
                                    .sends = sends,
                                    .receives = receives});
    }
}

/* Whether all of it found room. */
static enum err_code whole(const struct item_list *l, struct err *e)
{
    for (size_t i = 0; l->item != NULL && i < l->n_item; i++)
        if (l->item[i].id == NULL || l->item[i].about == NULL)
            return err_set(e, ERR_NOMEM, "no memory for the items of a statement");
    return l->item != NULL ? ERR_OK
                           : err_set(e, ERR_NOMEM, "no memory for the items of a statement");
}

enum err_code derive_actor(const struct table *t, const struct catalogue *c, struct arena *arena,
                           struct item_list *l, struct err *e)
{
    struct deriving d = {t, c, arena, l, t->n_use_case * 2 + c->n_mode + t->n_row};
    for (size_t i = 0; i < c->n_between; i++)
        d.cap += c->between[i].n_use_case;
    l->item = arena_alloc(arena, (d.cap + 1) * sizeof *l->item);
    if (l->item == NULL)
        return whole(l, e);
    add_use_cases(&d);
    add_modes(&d);
    add_rows(&d);
    return whole(l, e);
}

enum err_code derive_equipment(const struct catalogue *c, struct arena *arena, struct item_list *l,
                               struct err *e)
{
    l->item = arena_alloc(arena, (c->n_equipment + 1) * sizeof *l->item);
    for (size_t i = 0; l->item != NULL && i < c->n_equipment; i++) {
        const struct catalogue_item *k = &c->equipment[i];
        l->item[l->n_item++] = (struct item){.kind = ASK_EQUIPMENT,
                                             .id = k->id,
                                             .status = k->status,
                                             .about = k->about,
                                             .reference = k->reference,
                                             .allowed = k->allowed,
                                             .fact = k->fact};
    }
    return whole(l, e);
}
