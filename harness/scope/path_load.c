/* communication-paths.xml: its names are unique, and what they stand for exists. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/base/take.h"
#include "harness/base/where.h"
#include "harness/base/xml.h"
#include "harness/scope/path_map.h"

#define MAP_FILE "fixtures/requirements/communication-paths.xml"
#define MAP_SCHEMA "fixtures/requirements/communication-paths.rng"
#define FILE_BYTES 4096

static bool stated(struct take *t, xmlNodePtr node)
{
    return take_bool(t, node, "stated");
}

static const char *words(struct take *t, xmlNodePtr node)
{
    const char *text = node == NULL ? "" : xml_text(node);
    char *copy = take_room(t, strlen(text) + 1);
    if (copy == NULL)
        return "";
    memcpy(copy, text, strlen(text) + 1);
    return copy;
}

/* Names of the four vocabularies stand beside each other in one expression. */
static void take_name(struct take *t, xmlNodePtr node, const char *attr, const struct path_map *m,
                      const char **out)
{
    *out = take_text(t, node, attr);
    if (t->rc != ERR_OK)
        return;
    bool known = path_map_flow(m, *out) != NULL || path_map_value(m, *out) != NULL;
    for (size_t i = 0; i < m->n_option; i++)
        known = known || strcmp(m->option[i].name, *out) == 0;
    for (size_t i = 0; i < m->n_profile; i++)
        known = known || strcmp(m->profile[i].name, *out) == 0;
    if (known)
        take_fault(t, node, "\"%s\" has a meaning already, expected each name once", *out);
    if (strcmp(*out, "or") == 0)
        take_fault(t, node, "\"or\" joins paths, expected a name");
}

/* One single path whose names all are flows (or values of decisions). */
static void take_path(struct take *t, xmlNodePtr node, const char *attr, const struct path_map *m,
                      bool flows, struct path *out)
{
    struct path_expr x;
    struct path_set set = {.path = NULL};
    struct err cause = ERR_INIT;
    *out = (struct path){NULL, 0};
    const char *text = take_text(t, node, attr);
    if (t->rc != ERR_OK)
        return;
    enum err_code rc = path_expr_parse(text, &x, &cause);
    if (rc == ERR_OK) {
        rc = path_expand(&x, &set, &cause);
        path_expr_release(&x);
    }
    if (rc != ERR_OK)
        take_fault(t, node, "%s \"%s\": %s", attr, text, cause.text);
    else if (set.n != 1)
        take_fault(t, node, "%s \"%s\" is %zu paths, expected one", attr, text, set.n);
    for (size_t i = 0; t->rc == ERR_OK && i < set.path[0].n; i++) {
        const char *name = set.path[0].name[i];
        if ((flows ? (const void *)path_map_flow(m, name) : path_map_value(m, name)) == NULL)
            take_fault(t, node, "%s \"%s\": no %s \"%s\"", attr, text,
                       flows ? "data flow" : "decision's value", name);
    }
    const char **name = t->rc == ERR_OK ? take_room(t, set.path[0].n * sizeof *name) : NULL;
    for (size_t i = 0; name != NULL && i < set.path[0].n; i++, out->n++) {
        char *copy = take_room(t, strlen(set.path[0].name[i]) + 1);
        if (copy == NULL)
            break;
        memcpy(copy, set.path[0].name[i], strlen(set.path[0].name[i]) + 1);
        name[i] = copy;
    }
    out->name = name;
    path_set_release(&set);
}

static void take_flows(struct take *t, xmlNodePtr root, struct path_map *m)
{
    size_t n;
    struct path_flow *f = take_array(t, root, "flow", sizeof *f, &n);
    m->flow = f;
    xmlNodePtr node = xml_child(root, "flow");
    for (size_t i = 0; i < n && t->rc == ERR_OK; i++, node = xml_next(node, "flow")) {
        take_name(t, node, "name", m, &f[i].name);
        f[i].section = take_text(t, node, "section");
        f[i].interface = take_text_or(t, node, "interface", "");
        f[i].stated = stated(t, node);
        xmlNodePtr end = xml_child(node, "end");
        f[i].end[0] = words(t, end);
        f[i].end[1] = words(t, xml_next(end, "end"));
        f[i].ground = words(t, xml_child(node, "ground"));
        if (t->rc == ERR_OK && strcmp(f[i].end[0], f[i].end[1]) == 0)
            take_fault(t, node, "%s has \"%s\" at both ends", f[i].name, f[i].end[0]);
        m->n_flow++;
    }
}

static void take_values(struct take *t, xmlNodePtr node, const struct path_map *m,
                        struct path_decision *d)
{
    size_t n;
    struct path_value *v = take_array(t, node, "value", sizeof *v, &n);
    d->value = v;
    node = xml_child(node, "value");
    for (size_t i = 0; i < n && t->rc == ERR_OK; i++, node = xml_next(node, "value")) {
        take_name(t, node, "name", m, &v[i].name);
        v[i].chosen = take_text(t, node, "chosen");
        take_path(t, node, "dataflow", m, true, &v[i].flows);
        v[i].stated = stated(t, node);
        v[i].ground = words(t, xml_child(node, "ground"));
        d->n_value++;
    }
}

static void take_decisions(struct take *t, xmlNodePtr root, struct path_map *m)
{
    static const char *const kinds[] = {"path", "deployment"};
    size_t n;
    struct path_decision *d = take_array(t, root, "decision", sizeof *d, &n);
    m->decision = d;
    xmlNodePtr node = xml_child(root, "decision");
    if (t->rc == ERR_OK && n > PATH_DECISIONS)
        take_fault(t, node, "%zu decisions, at most %d", n, PATH_DECISIONS);
    for (size_t i = 0; i < n && t->rc == ERR_OK; i++, node = xml_next(node, "decision")) {
        d[i].name = take_text(t, node, "name");
        d[i].about = take_text(t, node, "about");
        d[i].deployment = take_word(t, node, "kind", kinds, 2) == 1;
        m->n_decision++; /* its first values are known to those behind them */
        take_values(t, node, m, &d[i]);
    }
}

static void take_aliases(struct take *t, xmlNodePtr root, struct path_map *m)
{
    size_t n;
    struct path_alias *a = take_array(t, root, "option", sizeof *a, &n);
    m->option = a;
    xmlNodePtr node = xml_child(root, "option");
    for (size_t i = 0; i < n && t->rc == ERR_OK; i++, node = xml_next(node, "option")) {
        take_name(t, node, "number", m, &a[i].name);
        take_path(t, node, "decisions", m, false, &a[i].decisions);
        a[i].stated = stated(t, node);
        a[i].ground = words(t, xml_child(node, "ground"));
        m->n_option++;
    }
    a = take_array(t, root, "profile", sizeof *a, &n);
    m->profile = a;
    node = xml_child(root, "profile");
    for (size_t i = 0; i < n && t->rc == ERR_OK; i++, node = xml_next(node, "profile")) {
        take_name(t, node, "code", m, &a[i].name);
        take_path(t, node, "decisions", m, false, &a[i].decisions);
        a[i].stated = true;
        a[i].ground = "";
        m->n_profile++;
    }
}

enum err_code path_map_load(const char *path, struct path_map **out, struct err *e)
{
    char own[FILE_BYTES];
    xmlDocPtr doc = NULL;
    *out = NULL;
    struct path_map *m = calloc(1, sizeof *m);
    if (m == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the communication paths");
    struct take t = {&m->arena, ERR_OK, e};
    if (path == NULL) {
        t.rc = where_data(MAP_FILE, own, sizeof own, e);
        path = own;
    }
    if (t.rc == ERR_OK)
        t.rc = xml_load(path, MAP_SCHEMA, "1", &doc, NULL, e);
    if (t.rc == ERR_OK) {
        xmlNodePtr root = xmlDocGetRootElement(doc);
        take_flows(&t, root, m);
        take_decisions(&t, root, m);
        take_aliases(&t, root, m);
    }
    xmlFreeDoc(doc);
    if (t.rc == ERR_OK)
        *out = m;
    else
        path_map_free(m);
    return t.rc;
}

void path_map_free(struct path_map *m)
{
    if (m == NULL)
        return;
    arena_release(&m->arena);
    free(m);
}
