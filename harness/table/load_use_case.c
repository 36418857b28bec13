/* Use cases of the document's list, and which of them need which (4.20.1, 4.20.2). */
#include <string.h>

#include "harness/table/load.h"

static size_t index_of(const struct table *t, const char *name)
{
    size_t i = 0;
    while (i < t->n_use_case && strcmp(t->use_case[i].name, name) != 0)
        i++;
    return i;
}

static enum err_code take_needs(struct loading *l, xmlNodePtr node, struct table_use_case *u)
{
    const char **name = load_alloc(l, load_count(node, "needs"), sizeof *name);
    if (name == NULL)
        return ERR_NOMEM;
    u->needs = name;
    for (xmlNodePtr n = xml_child(node, "needs"); n != NULL; n = xml_next(n, "needs")) {
        size_t at = index_of(l->table, xml_text(n));
        if (at == l->table->n_use_case)
            return xml_fault(n, l->e, "needs \"%s\", expected the name of a use case of this file",
                             xml_text(n));
        for (size_t i = 0; i < u->n_needs; i++)
            if (name[i] == l->table->use_case[at].name)
                return xml_fault(n, l->e, "\"%s\" needs \"%s\" twice", u->name, name[i]);
        name[u->n_needs++] = l->table->use_case[at].name;
    }
    return ERR_OK;
}

/* Walks what the use case at i needs. state: 0 not seen, 1 on the way, 2 done. The first that is
 * met again on its own way, n_use_case none. */
static size_t circle(const struct table *t, size_t i, unsigned char *state, size_t *by)
{
    size_t found = t->n_use_case;
    state[i] = 1;
    for (size_t k = 0; k < t->use_case[i].n_needs && found == t->n_use_case; k++) {
        size_t at = index_of(t, t->use_case[i].needs[k]);
        if (state[at] == 1) {
            *by = i;
            return at;
        }
        if (state[at] == 0)
            found = circle(t, at, state, by);
    }
    state[i] = 2;
    return found;
}

static enum err_code check_circles(struct loading *l, xmlNodePtr root)
{
    const struct table *t = l->table;
    unsigned char *state = load_alloc(l, t->n_use_case, 1);
    size_t by = 0;
    if (state == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < t->n_use_case; i++) {
        size_t at = state[i] == 0 ? circle(t, i, state, &by) : t->n_use_case;
        if (at == t->n_use_case)
            continue;
        xmlNodePtr n = xml_child(root, "use-case");
        for (size_t k = 0; k < by; k++)
            n = xml_next(n, "use-case");
        return xml_fault(
            n, l->e,
            "\"%s\" needs \"%s\", which in its turn cannot do without \"%s\": expected "
            "prerequisites that go in no circle",
            t->use_case[by].name, t->use_case[at].name, t->use_case[by].name);
    }
    return ERR_OK;
}

/* Actors of other service providers, which may be left out of a deployment. */
static enum err_code take_third_parties(struct loading *l, xmlNodePtr root)
{
    const char **name = load_alloc(l, load_count(root, "third-party"), sizeof *name);
    if (name == NULL)
        return ERR_NOMEM;
    l->table->third_party = name;
    for (xmlNodePtr n = xml_child(root, "third-party"); n != NULL; n = xml_next(n, "third-party")) {
        name[l->table->n_third_party] = load_string(l, n, "actor");
        if (name[l->table->n_third_party++] == NULL)
            return ERR_NOMEM;
    }
    return ERR_OK;
}

enum err_code load_use_cases(struct loading *l, xmlNodePtr root)
{
    struct table_use_case *u = load_alloc(l, load_count(root, "use-case"), sizeof *u);
    enum err_code rc = ERR_OK;
    if (u == NULL)
        return ERR_NOMEM;
    l->table->use_case = u;
    for (xmlNodePtr n = xml_child(root, "use-case"); n != NULL; n = xml_next(n, "use-case")) {
        struct table_use_case *own = &u[l->table->n_use_case];
        if (l->table->n_use_case == TABLE_USE_CASES_MAX)
            return xml_fault(n, l->e, "more than %d use cases", TABLE_USE_CASES_MAX);
        if (index_of(l->table, xml_attr_or(n, "name", "")) < l->table->n_use_case)
            return xml_fault(n, l->e, "use case \"%s\" twice", xml_attr(n, "name"));
        own->name = load_string(l, n, "name");
        own->section = load_string(l, n, "section");
        own->chapter = load_string(l, n, "chapter");
        own->third_party = strcmp(xml_attr_or(n, "third-party", "no"), "yes") == 0;
        if (own->name == NULL || own->section == NULL || own->chapter == NULL)
            return ERR_NOMEM;
        l->table->n_use_case++;
    }
    size_t i = 0;
    for (xmlNodePtr n = xml_child(root, "use-case"); n != NULL && rc == ERR_OK;
         n = xml_next(n, "use-case"))
        rc = take_needs(l, n, &u[i++]);
    if (rc == ERR_OK)
        rc = check_circles(l, root);
    return rc == ERR_OK ? take_third_parties(l, root) : rc;
}
