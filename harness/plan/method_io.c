#include "harness/plan/method_io.h"

#include "harness/base/limits.h"
#include "harness/base/xml.h"

bool method_given(const struct method *m)
{
    return m->tool != NULL && m->tool[0] != '\0';
}

/* ---- writing ----------------------------------------------------------------------------------
 */

/* Attributes are all there, so that a reader can tell "" from forgotten. */
static void put(struct xmlw *w, const char *name, const char *value)
{
    xmlw_attr(w, name, value == NULL ? "" : value);
}

static void write_decisions(struct xmlw *w, const struct method *m)
{
    for (size_t i = 0; i < m->n_decision; i++) {
        xmlw_open(w, "decision");
        put(w, "letter", m->decision[i].letter);
        put(w, "about", m->decision[i].about);
        put(w, "chosen", m->decision[i].chosen);
        put(w, "source", m->decision[i].source);
        xmlw_close(w, "decision");
    }
}

static void write_values(struct xmlw *w, const struct method *m)
{
    for (size_t i = 0; i < m->n_value; i++) {
        xmlw_open(w, "value");
        put(w, "kind", m->value[i].kind);
        put(w, "where", m->value[i].where);
        put(w, "name", m->value[i].name);
        put(w, "text", m->value[i].text);
        put(w, "source", m->value[i].source);
        xmlw_close(w, "value");
    }
}

static void write_ways(struct xmlw *w, const struct method *m)
{
    for (size_t i = 0; i < m->n_way; i++) {
        xmlw_open(w, "way");
        put(w, "use-case", m->way[i].use_case);
        put(w, "where", m->way[i].where);
        put(w, "dataflow", m->way[i].dataflow);
        put(w, "via", m->way[i].via);
        xmlw_close(w, "way");
    }
}

static void write_quantities(struct xmlw *w, const struct method *m)
{
    for (size_t i = 0; i < m->n_quantity; i++) {
        xmlw_open(w, "quantity");
        put(w, "actor", m->quantity[i].actor);
        put(w, "class", m->quantity[i].device_class);
        xmlw_attr_u64(w, "deployment", m->quantity[i].deployment);
        xmlw_attr_u64(w, "tested", m->quantity[i].tested);
        put(w, "source", m->quantity[i].source);
        xmlw_close(w, "quantity");
    }
}

static void write_closure(struct xmlw *w, const struct method *m)
{
    for (size_t i = 0; i < m->n_prerequisite; i++) {
        xmlw_open(w, "prerequisite");
        put(w, "use-case", m->prerequisite[i].use_case);
        put(w, "needed-by", m->prerequisite[i].needed_by);
        xmlw_attr_bool(w, "in-scope", m->prerequisite[i].in_scope);
        xmlw_close(w, "prerequisite");
    }
    for (size_t i = 0; i < m->n_limit; i++) {
        xmlw_open(w, "limit");
        put(w, "kind", m->limit[i].kind);
        put(w, "text", m->limit[i].text);
        xmlw_close(w, "limit");
    }
}

void method_write(struct xmlw *w, const struct method *m)
{
    if (!method_given(m))
        return;
    xmlw_open(w, "method");
    put(w, "tool", m->tool);
    put(w, "table", m->table);
    put(w, "table-edition", m->table_edition);
    put(w, "deployment", m->deployment);
    put(w, "actors", m->actors);
    xmlw_attr_bool(w, "certification", m->certification);
    write_decisions(w, m);
    write_values(w, m);
    write_ways(w, m);
    write_quantities(w, m);
    write_closure(w, m);
    xmlw_close(w, "method");
}

/* ---- reading ----------------------------------------------------------------------------------
 */

static void *items(struct take *t, xmlNodePtr node, const char *name, size_t bytes, size_t *n)
{
    void *room = take_array(t, node, name, bytes, n);
    if (*n > LIMIT_METHOD_ITEMS)
        take_fault(t, node, "%zu <%s>, expected at most %d", *n, name, LIMIT_METHOD_ITEMS);
    if (t->rc != ERR_OK)
        *n = 0;
    return room;
}

static void read_decisions(struct take *t, xmlNodePtr node, struct method *m)
{
    struct method_decision *d = items(t, node, "decision", sizeof *d, &m->n_decision);
    m->decision = d;
    node = xml_child(node, "decision");
    for (size_t i = 0; i < m->n_decision; i++, node = xml_next(node, "decision")) {
        d[i].letter = take_text(t, node, "letter");
        d[i].about = take_text(t, node, "about");
        d[i].chosen = take_text(t, node, "chosen");
        d[i].source = take_text(t, node, "source");
    }
}

static void read_values(struct take *t, xmlNodePtr node, struct method *m)
{
    struct method_value *v = items(t, node, "value", sizeof *v, &m->n_value);
    m->value = v;
    node = xml_child(node, "value");
    for (size_t i = 0; i < m->n_value; i++, node = xml_next(node, "value")) {
        v[i].kind = take_text(t, node, "kind");
        v[i].where = take_text(t, node, "where");
        v[i].name = take_text(t, node, "name");
        v[i].text = take_text(t, node, "text");
        v[i].source = take_text(t, node, "source");
    }
}

static void read_ways(struct take *t, xmlNodePtr node, struct method *m)
{
    struct method_way *w = items(t, node, "way", sizeof *w, &m->n_way);
    m->way = w;
    node = xml_child(node, "way");
    for (size_t i = 0; i < m->n_way; i++, node = xml_next(node, "way")) {
        w[i].use_case = take_text(t, node, "use-case");
        w[i].where = take_text(t, node, "where");
        w[i].dataflow = take_text(t, node, "dataflow");
        w[i].via = take_text(t, node, "via");
    }
}

static void read_quantities(struct take *t, xmlNodePtr node, struct method *m)
{
    struct method_quantity *q = items(t, node, "quantity", sizeof *q, &m->n_quantity);
    m->quantity = q;
    node = xml_child(node, "quantity");
    for (size_t i = 0; i < m->n_quantity; i++, node = xml_next(node, "quantity")) {
        q[i].actor = take_text(t, node, "actor");
        q[i].device_class = take_text(t, node, "class");
        q[i].deployment = (uint64_t)take_i64(t, node, "deployment", 0, INT64_MAX);
        q[i].tested = (uint64_t)take_i64(t, node, "tested", 0, INT64_MAX);
        q[i].source = take_text(t, node, "source");
    }
}

static void read_closure(struct take *t, xmlNodePtr node, struct method *m)
{
    struct method_prerequisite *p = items(t, node, "prerequisite", sizeof *p, &m->n_prerequisite);
    struct method_limit *l = items(t, node, "limit", sizeof *l, &m->n_limit);
    m->prerequisite = p;
    m->limit = l;
    xmlNodePtr c = xml_child(node, "prerequisite");
    for (size_t i = 0; i < m->n_prerequisite; i++, c = xml_next(c, "prerequisite")) {
        p[i].use_case = take_text(t, c, "use-case");
        p[i].needed_by = take_text(t, c, "needed-by");
        p[i].in_scope = take_bool(t, c, "in-scope");
    }
    c = xml_child(node, "limit");
    for (size_t i = 0; i < m->n_limit; i++, c = xml_next(c, "limit")) {
        l[i].kind = take_text(t, c, "kind");
        l[i].text = take_text(t, c, "text");
    }
}

static const struct method nothing = {
    .tool = "", .table = "", .table_edition = "", .deployment = "", .actors = ""};

void method_read(struct take *t, xmlNodePtr root, struct method *m)
{
    xmlNodePtr node = xml_child(root, "method");
    *m = nothing;
    if (node == NULL)
        return;
    m->tool = take_text(t, node, "tool");
    m->table = take_text(t, node, "table");
    m->table_edition = take_text(t, node, "table-edition");
    m->deployment = take_text(t, node, "deployment");
    m->actors = take_text(t, node, "actors");
    m->certification = take_bool(t, node, "certification");
    read_decisions(t, node, m);
    read_values(t, node, m);
    read_ways(t, node, m);
    read_quantities(t, node, m);
    read_closure(t, node, m);
}

/* ---- copying ----------------------------------------------------------------------------------
 */

/* The first lack of memory sticks, as elsewhere. */
struct copier {
    struct arena *arena;
    bool no_memory;
};

static const char *text_of(struct copier *c, const char *text)
{
    const char *kept = arena_strdup(c->arena, text == NULL ? "" : text);
    c->no_memory = c->no_memory || kept == NULL;
    return kept;
}

static void *room_of(struct copier *c, size_t n, size_t bytes)
{
    void *room = arena_alloc(c->arena, n == 0 ? 1 : n * bytes);
    c->no_memory = c->no_memory || room == NULL;
    return room;
}

static void copy_chosen(struct copier *c, const struct method *from, struct method *to)
{
    struct method_decision *d = room_of(c, from->n_decision, sizeof *d);
    struct method_value *v = room_of(c, from->n_value, sizeof *v);
    if (c->no_memory)
        return;
    for (size_t i = 0; i < from->n_decision; i++)
        d[i] = (struct method_decision){
            text_of(c, from->decision[i].letter), text_of(c, from->decision[i].about),
            text_of(c, from->decision[i].chosen), text_of(c, from->decision[i].source)};
    for (size_t i = 0; i < from->n_value; i++)
        v[i] =
            (struct method_value){text_of(c, from->value[i].kind), text_of(c, from->value[i].where),
                                  text_of(c, from->value[i].name), text_of(c, from->value[i].text),
                                  text_of(c, from->value[i].source)};
    to->decision = d;
    to->value = v;
}

static void copy_scope(struct copier *c, const struct method *from, struct method *to)
{
    struct method_way *w = room_of(c, from->n_way, sizeof *w);
    struct method_quantity *q = room_of(c, from->n_quantity, sizeof *q);
    struct method_prerequisite *p = room_of(c, from->n_prerequisite, sizeof *p);
    struct method_limit *l = room_of(c, from->n_limit, sizeof *l);
    if (c->no_memory)
        return;
    for (size_t i = 0; i < from->n_way; i++)
        w[i] =
            (struct method_way){text_of(c, from->way[i].use_case), text_of(c, from->way[i].where),
                                text_of(c, from->way[i].dataflow), text_of(c, from->way[i].via)};
    for (size_t i = 0; i < from->n_quantity; i++) {
        q[i] = from->quantity[i];
        q[i].actor = text_of(c, q[i].actor);
        q[i].device_class = text_of(c, q[i].device_class);
        q[i].source = text_of(c, q[i].source);
    }
    for (size_t i = 0; i < from->n_prerequisite; i++) {
        p[i] = from->prerequisite[i];
        p[i].use_case = text_of(c, p[i].use_case);
        p[i].needed_by = text_of(c, p[i].needed_by);
    }
    for (size_t i = 0; i < from->n_limit; i++)
        l[i] =
            (struct method_limit){text_of(c, from->limit[i].kind), text_of(c, from->limit[i].text)};
    to->way = w;
    to->quantity = q;
    to->prerequisite = p;
    to->limit = l;
}

bool method_copy(struct arena *arena, const struct method *from, struct method *to)
{
    struct copier c = {arena, false};
    *to = *from;
    to->tool = text_of(&c, from->tool);
    to->table = text_of(&c, from->table);
    to->table_edition = text_of(&c, from->table_edition);
    to->deployment = text_of(&c, from->deployment);
    to->actors = text_of(&c, from->actors);
    copy_chosen(&c, from, to);
    copy_scope(&c, from, to);
    if (c.no_memory)
        *to = nothing;
    return !c.no_memory;
}
