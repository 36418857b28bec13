/* rows_parts - whose parts the child records are. */
#include <string.h>

#include "harness/import/rows.h"

struct tying {
    struct import_rows *r;
    struct names refs, sections; /* the first parent of that reference, of that section */
    struct names payloads;       /* into seen */
    struct seen {
        size_t last, n;
        size_t first;
    } * seen;
};

static enum err_code no_memory(const struct import_rows *r, struct err *e)
{
    return err_set(e, ERR_NOMEM, "%s: no memory for its rows", r->in->sheet->path);
}

/* "4.10.4.1/x", "4.10.4.1/x#17", "4.5.4.2" or the reference of a parent. */
static enum err_code named(struct tying *t, struct child *c, const char *name, struct err *e)
{
    struct import_rows *r = t->r;
    size_t at = names_find(&r->groups, name);
    const char *hash = strrchr(name, '#');
    if (at == NAMES_NONE && hash != NULL) {
        const char *id = arena_strndup(&r->arena, name, (size_t)(hash - name));
        if (id == NULL)
            return no_memory(r, e);
        at = names_find(&r->groups, id);
        c->leg = at == NAMES_NONE ? "" : hash + 1;
    }
    if (at != NAMES_NONE) {
        c->parent = r->group[at].first;
        c->of_row = true;
        return ERR_OK;
    }
    at = names_find(&t->refs, name);
    if (at != NAMES_NONE) {
        c->parent = at;
        return ERR_OK;
    }
    at = names_find(&t->sections, name);
    if (at != NAMES_NONE) {
        c->section = r->entry[at].section;
        return ERR_OK;
    }
    return rows_problem(r, c->record, COLUMN_PARENT, e,
                        "\"%s\", expected the id or reference of a parent row, or a section", name);
}

/* The parent above of the same payload; where that stands below, the only one. */
static enum err_code by_payload(struct tying *t, struct child *c, struct err *e)
{
    struct import_rows *r = t->r;
    size_t at = names_find(&t->payloads, c->payload);
    if (at == NAMES_NONE)
        return rows_problem(r, c->record, COLUMN_PAYLOAD, e,
                            "a child of payload \"%s\", which no parent row has", c->payload);
    const struct seen *s = &t->seen[at];
    if (s->last != NOTHING)
        c->parent = s->last;
    else if (s->n == 1)
        c->parent = s->first;
    else
        return rows_problem(r, c->record, COLUMN_PAYLOAD, e,
                            "no parent row of payload \"%s\" stands above, and %zu stand below; "
                            "expected one above, or a column \"parent\"",
                            c->payload, s->n);
    return ERR_OK;
}

static enum err_code gather(struct tying *t, struct err *e)
{
    struct import_rows *r = t->r;
    t->seen = arena_alloc(&r->arena, r->n_entry * sizeof *t->seen + 1);
    if (t->seen == NULL)
        return no_memory(r, e);
    size_t n = 0;
    for (size_t i = 0; i < r->n_entry; i++) {
        const struct entry *p = &r->entry[i];
        size_t at = names_find(&t->payloads, p->payload);
        if (at == NAMES_NONE) {
            at = n++;
            t->seen[at] = (struct seen){NOTHING, 0, i};
            if (!names_put(&t->payloads, &r->arena, p->payload, at))
                return no_memory(r, e);
        }
        t->seen[at].n++;
        if (!names_put(&t->sections, &r->arena, p->section, i))
            return no_memory(r, e);
        if (p->ref[0] != '\0' && !names_put(&t->refs, &r->arena, p->ref, i))
            return no_memory(r, e);
    }
    return ERR_OK;
}

enum err_code rows_tie(struct import_rows *r, struct err *e)
{
    struct tying t = {.r = r};
    enum err_code rc = gather(&t, e);
    size_t next = 0; /* entry that stands below */
    for (size_t i = 0; i < r->n_child && rc == ERR_OK; i++) {
        struct child *c = &r->child[i];
        for (; next < r->n_entry && r->entry[next].record < c->record; next++)
            t.seen[names_find(&t.payloads, r->entry[next].payload)].last = next;
        const char *parent = column_cell(r->in->columns, c->record, COLUMN_PARENT);
        rc = parent[0] != '\0' ? named(&t, c, parent, e) : by_payload(&t, c, e);
        if (rc == ERR_OK && c->parent != NOTHING)
            c->section = r->entry[c->parent].section;
    }
    return rc;
}
