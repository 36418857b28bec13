/* write - the rows as a requirement file. */
#include <string.h>

#include "harness/base/limits.h"
#include "harness/base/xml.h"
#include "harness/base/xmlw.h"
#include "harness/import/rows.h"

#define GROUND                                                                                     \
    "The row of the spreadsheet as it stands; where it gives several values, each is admissible."

struct writing {
    const struct import_rows *r;
    struct buf *out;
    struct err *e;
    enum err_code rc;
};

static void put(struct writing *w, const char *text)
{
    if (w->rc == ERR_OK)
        w->rc = buf_puts(w->out, text, w->e);
}

static void attr(struct writing *w, const char *name, const char *value)
{
    if (w->rc == ERR_OK)
        w->rc = xmlw_put_attr(w->out, name, value, w->e);
}

static void escaped(struct writing *w, const char *text)
{
    if (w->rc == ERR_OK)
        w->rc = xmlw_escape(w->out, text, w->e);
}

static void element(struct writing *w, const char *indent, const char *name, const char *text)
{
    put(w, indent);
    put(w, "<");
    put(w, name);
    put(w, ">");
    escaped(w, text);
    put(w, "</");
    put(w, name);
    put(w, ">\n");
}

static const char *or_null(const char *text)
{
    return text[0] == '\0' ? NULL : text;
}

static void put_cell(struct writing *w, enum table_cell column, const char *text)
{
    struct arena a = ARENA_INIT;
    struct cell cell;
    const char *name = cell_column_name(column);
    put(w, "      <");
    put(w, name);
    put(w, "><written>");
    escaped(w, text);
    put(w, "</written>");
    if (w->rc == ERR_OK)
        w->rc = cell_parse(column, text, &a, &cell, w->e);
    for (size_t i = 0; w->rc == ERR_OK && i < cell.n_item; i++)
        w->rc = cell_item_write(&cell.item[i], w->out, w->e);
    put(w, "</");
    put(w, name);
    put(w, ">\n");
    arena_release(&a);
}

/* The members of a record's cell, quoted. */
static void put_quotes(struct writing *w, const struct entry *t, enum table_cell column)
{
    struct arena a = ARENA_INIT;
    struct cell cell;
    const char *name = cell_column_name(column);
    if (w->rc == ERR_OK)
        w->rc = cell_parse(column, t->cell[column], &a, &cell, w->e);
    for (size_t i = 0; w->rc == ERR_OK && i < cell.n_item; i++) {
        const struct cell_item *it = &cell.item[i];
        put(w, "<");
        put(w, name);
        if (it->text[0] == '\0') {
            attr(w, "why", "nothing is written here");
            put(w, "/>");
            continue;
        }
        put(w, ">");
        escaped(w, it->text);
        put(w, "</");
        put(w, name);
        put(w, ">");
    }
    arena_release(&a);
}

static void put_actors(struct writing *w, const struct entry *t, enum table_cell column)
{
    struct arena a = ARENA_INIT;
    struct names seen = {NULL, 0, 0};
    struct cell cell;
    const char *name = cell_column_name(column);
    if (w->rc == ERR_OK)
        w->rc = cell_parse(column, t->cell[column], &a, &cell, w->e);
    for (size_t i = 0; w->rc == ERR_OK && i < cell.n_item; i++) {
        struct spelled s = registry_actor(w->r->registry, &cell.item[i].text);
        for (size_t k = 0; k < s.n && w->rc == ERR_OK; k++) {
            if (s.reads[k][0] == '\0' || names_find(&seen, s.reads[k]) != NAMES_NONE)
                continue;
            if (!names_put(&seen, &a, s.reads[k], k))
                w->rc = err_set(w->e, ERR_NOMEM, "no memory for a row");
            put(w, "<");
            put(w, name);
            put(w, ">");
            escaped(w, s.reads[k]);
            put(w, "</");
            put(w, name);
            put(w, ">");
        }
    }
    arena_release(&a);
}

static void put_leg(struct writing *w, const struct group *g, const struct entry *t)
{
    static const enum table_cell column[] = {CELL_RELIABILITY, CELL_LATENCY, CELL_WHEN,
                                             CELL_HOW_OFTEN, CELL_SIZE};
    const struct entry *first = &w->r->entry[g->first];
    put(w, "      <leg");
    attr(w, "id", t->leg);
    attr(w, "use-case", g->apart ? t->use_case[0] : NULL);
    if (t->trigger != first->trigger || strcmp(t->command, first->command) != 0) {
        attr(w, "trigger", table_trigger_name(t->trigger));
        attr(w, "command", or_null(t->command));
    }
    put(w, ">");
    put_actors(w, t, CELL_FROM);
    put_actors(w, t, CELL_TO);
    for (size_t i = 0; i < sizeof column / sizeof column[0]; i++)
        put_quotes(w, t, column[i]);
    put(w, "<ground>" GROUND "</ground></leg>\n");
}

static void put_requirement(struct writing *w, const struct entry *t, bool many)
{
    if (t->ref[0] == '\0' && t->requirement[0] == '\0')
        return;
    put(w, "      <requirement");
    attr(w, "ref", t->ref);
    attr(w, "word", table_asks_optional(t->requirement) ? "may" : "shall");
    attr(w, "leg", many ? t->leg : NULL);
    put(w, ">");
    escaped(w, t->requirement);
    put(w, "</requirement>\n");
}

/* Elements of that name among the readings declared. */
static void put_declared(struct writing *w, xmlNodePtr root, const char *name)
{
    for (xmlNodePtr n = xml_child(root, name); n != NULL && w->rc == ERR_OK;
         n = xml_next(n, name)) {
        put(w, "      ");
        if (w->rc == ERR_OK)
            w->rc = xml_write_node(n, w->out, w->e);
        put(w, "\n");
    }
}

/* The readings that the base table has for the very same cells, else NULL. */
static const char *base_readings(const struct import_rows *r, const struct group *g)
{
    const struct entry *t = &r->entry[g->first];
    if (g->n > 1 || t->base == NULL || t->base->unlisted != NULL ||
        strcmp(t->base->id, g->id) != 0 || r->in->columns->at[COLUMN_REGISTER] != SHEET_NOWHERE ||
        t->base->trigger != t->trigger || t->base->n_use_case != t->n_use_case)
        return NULL;
    bool same = true;
    struct arena a = ARENA_INIT;
    for (size_t i = 0; i < t->n_use_case; i++)
        same = same && strcmp(t->base->use_case[i], t->use_case[i]) == 0;
    for (size_t c = 0; c < CELL_COUNT && same; c++) {
        const char *x = cell_fold(&a, t->cell[c], strlen(t->cell[c])),
                   *y = cell_fold(&a, t->base->cell[c], strlen(t->base->cell[c]));
        same = x != NULL && y != NULL && strcmp(x, y) == 0;
    }
    arena_release(&a);
    return same ? t->base->readings : NULL;
}

/* One path, or all that its records name. */
static enum err_code dataflow(const struct import_rows *r, const struct group *g, struct buf *out,
                              struct err *e)
{
    struct arena a = ARENA_INIT;
    enum err_code rc = ERR_OK;
    size_t different = 0;
    for (int pass = 0; pass < 2; pass++) {
        struct names seen = {NULL, 0, 0};
        for (size_t i = g->first; i != NOTHING && rc == ERR_OK; i = r->entry[i].next) {
            const char *text = r->entry[i].dataflow;
            if (text[0] == '\0' || names_find(&seen, text) != NAMES_NONE)
                continue;
            if (pass == 1)
                rc = buf_printf(out, e, different > 1 ? "%s(%s)" : "%s%s", seen.n > 0 ? " or " : "",
                                text);
            if (!names_put(&seen, &a, text, i))
                rc = err_set(e, ERR_NOMEM, "no memory for a row");
        }
        different = seen.n;
    }
    arena_release(&a);
    return rc;
}

static void put_row(struct writing *w, const struct group *g)
{
    const struct import_rows *r = w->r;
    const struct entry *first = &r->entry[g->first];
    const char *declared = first->readings[0] != '\0' ? first->readings : base_readings(r, g);
    xmlDocPtr doc = NULL;
    struct buf text;
    buf_init(&text, LIMIT_XML_FILE_BYTES);
    if (declared != NULL) {
        w->rc = buf_printf(&text, w->e, "<readings>%s</readings>", declared);
        if (w->rc == ERR_OK)
            w->rc = xml_parse("the readings", 0, text.data, text.len, &doc, w->e);
    }
    xmlNodePtr root = doc == NULL ? NULL : xmlDocGetRootElement(doc);
    put(w, "    <row");
    attr(w, "id", g->id);
    attr(w, "payload", first->payload);
    attr(w, "type", first->type);
    attr(w, "trigger", table_trigger_name(first->trigger));
    attr(w, "command", or_null(first->command));
    buf_reset(&text);
    if (w->rc == ERR_OK)
        w->rc = dataflow(r, g, &text, w->e);
    attr(w, "dataflow", text.len == 0 ? NULL : text.data);
    put(w, ">\n");
    struct names seen = {NULL, 0, 0};
    struct arena a = ARENA_INIT;
    for (size_t i = g->first; i != NOTHING; i = r->entry[i].next)
        for (size_t k = 0; k < r->entry[i].n_use_case && w->rc == ERR_OK; k++) {
            if (names_find(&seen, r->entry[i].use_case[k]) != NAMES_NONE)
                continue;
            if (!names_put(&seen, &a, r->entry[i].use_case[k], k))
                w->rc = err_set(w->e, ERR_NOMEM, "no memory for a row");
            element(w, "      ", "serves", r->entry[i].use_case[k]);
        }
    arena_release(&a);
    if (xml_child(root, "requirement") != NULL)
        put_declared(w, root, "requirement");
    else
        for (size_t i = g->first; i != NOTHING; i = r->entry[i].next)
            put_requirement(w, &r->entry[i], g->n > 1);
    put_declared(w, root, "unlisted");
    for (size_t c = 0; c < CELL_COUNT; c++)
        put_cell(w, (enum table_cell)c, g->cell[c]);
    put_declared(w, root, "leg");
    for (size_t i = g->first; i != NOTHING && declared == NULL; i = r->entry[i].next)
        put_leg(w, g, &r->entry[i]);
    put(w, "    </row>\n");
    xmlFreeDoc(doc);
    buf_release(&text);
}

static const char *child_cell(const struct writing *w, const struct child *c, enum column column)
{
    return column_cell(w->r->in->columns, c->record, column);
}

static void put_part(struct writing *w, const struct child *c)
{
    const struct import_rows *r = w->r;
    const struct entry *parent = c->parent == NOTHING ? NULL : &r->entry[c->parent];
    const struct group *g = parent == NULL ? NULL : &r->group[parent->group];
    const char *ref = child_cell(w, c, COLUMN_REF), *type = child_cell(w, c, COLUMN_TYPE),
               *when = child_cell(w, c, COLUMN_WHEN),
               *how_often = child_cell(w, c, COLUMN_HOW_OFTEN),
               *text = child_cell(w, c, COLUMN_REQUIREMENT), *leg = c->leg;
    if (g != NULL && g->n > 1 && !c->of_row)
        leg = parent->leg;
    put(w, "    <part");
    attr(w, "from", child_cell(w, c, COLUMN_FROM));
    attr(w, "to", child_cell(w, c, COLUMN_TO));
    attr(w, "latency", child_cell(w, c, COLUMN_LATENCY));
    attr(w, "reliability", child_cell(w, c, COLUMN_RELIABILITY));
    attr(w, "size", child_cell(w, c, COLUMN_SIZE));
    attr(w, "payload", or_null(c->payload));
    attr(w, "row", g == NULL ? NULL : g->id);
    attr(w, "dataflow", or_null(child_cell(w, c, COLUMN_DATAFLOW)));
    if (ref[0] == '\0' && type[0] == '\0' && when[0] == '\0' && how_often[0] == '\0' &&
        text[0] == '\0' && leg[0] == '\0') {
        put(w, "/>\n");
        return;
    }
    put(w, ">\n      <child");
    attr(w, "ref", ref);
    attr(w, "leg", leg);
    attr(w, "type", type);
    attr(w, "when", when);
    attr(w, "how_often", how_often);
    attr(w, "word", table_asks_optional(text) ? "may" : "shall");
    put(w, ">");
    escaped(w, text);
    put(w, "</child>\n    </part>\n");
}

/* Children in order, listed by the section that they belong to. */
struct parts {
    struct names sections;
    size_t *first, *last, *next; /* by section; by section; by child */
};

static enum err_code sort_parts(const struct import_rows *r, struct arena *a, struct parts *p,
                                struct err *e)
{
    size_t n = 0;
    p->first = arena_alloc(a, r->n_child * sizeof *p->first + 1);
    p->last = arena_alloc(a, r->n_child * sizeof *p->last + 1);
    p->next = arena_alloc(a, r->n_child * sizeof *p->next + 1);
    if (p->first == NULL || p->last == NULL || p->next == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the parts of rows");
    for (size_t i = 0; i < r->n_child; i++) {
        size_t at = names_find(&p->sections, r->child[i].section);
        p->next[i] = NOTHING;
        if (at == NAMES_NONE) {
            if (!names_put(&p->sections, a, r->child[i].section, n))
                return err_set(e, ERR_NOMEM, "no memory for the parts of rows");
            p->first[n] = p->last[n] = i;
            n++;
        } else {
            p->next[p->last[at]] = i;
            p->last[at] = i;
        }
    }
    return ERR_OK;
}

static long count_lines(const struct buf *out, size_t *from, long line)
{
    for (; *from < out->len; ++*from)
        line += out->data[*from] == '\n';
    return line;
}

static void put_tables(struct writing *w, long *line)
{
    const struct import_rows *r = w->r;
    struct arena a = ARENA_INIT;
    struct parts p = {.first = NULL};
    struct names last = {NULL, 0, 0}; /* section + the number of its last table, backwards */
    size_t at = 0;
    long now = 1;
    w->rc = w->rc == ERR_OK ? sort_parts(r, &a, &p, w->e) : w->rc;
    for (size_t i = r->n_group; i-- > 0 && w->rc == ERR_OK;)
        if (!names_put(&last, &a, r->entry[r->group[i].first].section, i))
            w->rc = err_set(w->e, ERR_NOMEM, "no memory for the parts of rows");
    const char *open = NULL;
    for (size_t i = 0; i < r->n_group && w->rc == ERR_OK; i++) {
        const char *section = r->entry[r->group[i].first].section;
        if (open == NULL || strcmp(open, section) != 0) {
            put(w, "\n  <table");
            attr(w, "section", section);
            put(w, ">\n");
            open = section;
        }
        now = count_lines(w->out, &at, now);
        line[i] = now;
        put_row(w, &r->group[i]);
        bool ends =
            i + 1 == r->n_group || strcmp(r->entry[r->group[i + 1].first].section, section) != 0;
        size_t list = names_find(&p.sections, section);
        if (names_find(&last, section) == i && list != NAMES_NONE)
            for (size_t c = p.first[list]; c != NOTHING; c = p.next[c])
                put_part(w, &r->child[c]);
        if (ends)
            put(w, "  </table>\n");
    }
    arena_release(&a);
}

enum err_code rows_write_table(const struct import_rows *r, struct buf *out, long *line,
                               struct err *e)
{
    struct writing w = {.r = r, .out = out, .e = e, .rc = ERR_OK};
    const struct registry *g = r->registry;
    put(&w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<requirements xmlns=\"urn:gridassay:requirements:1\" version=\"1\"");
    attr(&w, "document", g->document);
    attr(&w, "edition", g->edition);
    put(&w, ">\n");
    if (w.rc == ERR_OK)
        w.rc = registry_write(g, out, e);
    put_tables(&w, line);
    put(&w, "</requirements>\n");
    return w.rc;
}
