/* Steps 1 and 2: use cases in scope, the interface, and what crosses it. */
#include <string.h>

#include "harness/scope/path_map.h"
#include "harness/traffic/make.h"

static bool is_listed(const struct table *t, const char *name)
{
    for (size_t i = 0; i < t->n_use_case; i++)
        if (table_same_name(t->use_case[i].name, name))
            return true;
    return false;
}

bool make_means(const struct table *t, const char *name, const char *use_case)
{
    if (is_listed(t, name))
        return table_same_name(name, use_case);
    for (size_t i = 0; i < t->n_use_case; i++)
        if (table_same_name(t->use_case[i].name, use_case))
            return table_same_name(t->use_case[i].chapter, name);
    return false;
}

bool make_in_scope(const struct making *m, const struct table_row *row, const char *use_case)
{
    const struct profile *p = m->t->profile;
    if (m->deployment != NULL && !deployment_has_use_case(m->deployment, use_case, NULL))
        return false;
    for (size_t i = 0; i < p->n_scope; i++)
        if (p->scope[i].kind == SCOPE_USE_CASE
                ? make_means(m->t->table, p->scope[i].name, use_case)
                : profile_covers(p->scope[i].name, row->id, row->section))
            return true;
    return p->n_scope == 0;
}

/* ---- the interface -----------------------------------------------------------------------------
 */

static void add_pair(struct making *m, const char *ref, const char *near, const char *far)
{
    if (m->t->n_pair == MAKE_PAIRS)
        make_fault(m, ERR_LIMIT, "more than %d data flows over one interface", MAKE_PAIRS);
    else if (m->rc == ERR_OK)
        m->pair[m->t->n_pair++] = (struct traffic_pair){ref, near, far};
}

/* The end that is in the field is the far one; else the second. */
static void add_flow(struct making *m, const struct path_flow *f)
{
    int far =
        kinds_is_field(m->t->kinds, f->end[0]) && !kinds_is_field(m->t->kinds, f->end[1]) ? 0 : 1;
    add_pair(m, make_text(m, "%s", f->name), make_text(m, "%s", f->end[1 - far]),
             make_text(m, "%s", f->end[far]));
}

/* A data flow's name, or that of a network interface with all its flows. */
static void add_named(struct making *m, const struct path_map *map,
                      const struct profile_interface *at)
{
    const char *name = at->dataflow != NULL ? at->dataflow : at->name;
    const struct path_flow *flow = at->dataflow == NULL ? NULL : path_map_flow(map, name);
    size_t before = m->t->n_pair;
    if (flow != NULL)
        add_flow(m, flow);
    for (size_t i = 0; i < map->n_flow && at->name != NULL && flow == NULL; i++)
        if (strcmp(map->flow[i].interface, name) == 0)
            add_flow(m, &map->flow[i]);
    if (m->t->n_pair == before)
        make_fault(m, ERR_DATA,
                   "%s:%ld: there is no %s \"%s\"; fixtures/requirements/communication-paths.xml "
                   "has them",
                   m->t->profile->path, at->by.line,
                   at->name == NULL       ? "data flow"
                   : at->dataflow == NULL ? "network interface"
                                          : "data flow or network interface",
                   name);
}

void make_interface(struct making *m, const struct profile_interface *at, size_t n)
{
    const char *all = "";
    struct path_map *map = NULL;
    if (n == 0)
        make_fault(m, ERR_USAGE,
                   "%s says of no interface, expected <traffic> with <interface>, or --interface, "
                   "or --near and --far",
                   m->t->profile->path);
    if (m->rc == ERR_OK)
        m->rc = path_map_load(NULL, &map, m->e);
    for (size_t i = 0; i < n && m->rc == ERR_OK; i++) {
        const char *name = at[i].dataflow != NULL ? at[i].dataflow : at[i].name;
        if (name != NULL) {
            add_named(m, map, &at[i]);
        } else {
            add_pair(m, "", at[i].near, at[i].far);
            name = make_text(m, "%s to %s", at[i].near, at[i].far);
        }
        all = i == 0 ? name : make_text(m, "%s, %s", all, name);
    }
    m->t->interface = all;
    path_map_free(map);
}

/* ---- crossing ----------------------------------------------------------------------------------
 */

static bool among(const char *const *actor, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(actor[i], name) == 0)
            return true;
    return false;
}

/* Where the actor stands on a declared way of the row, -1: on none. */
static int on_way(const struct making *m, const struct table_row *row, const char *actor)
{
    for (size_t i = 0; i < m->n_way; i++) {
        const struct profile_path *w = &m->way[i];
        bool meant = false;
        for (size_t k = 0; k < row->n_use_case; k++)
            meant = meant || make_means(m->t->table, w->use_case, row->use_case[k]);
        if (!meant || !profile_covers(w->row, row->id, row->section))
            continue;
        for (size_t k = 0; k < w->n_via; k++)
            if (strcmp(w->via[k], actor) == 0)
                return (int)k;
    }
    return -1;
}

/* Whether a data flow's name stands in the pseudo code as a name of its own. */
static bool names_flow(const char *code, const char *ref)
{
    static const char of_names[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    size_t n = strlen(ref);
    for (const char *at = code; (at = strstr(at, ref)) != NULL; at += n)
        if ((at == code || strchr(of_names, at[-1]) == NULL) &&
            (at[n] == '\0' || strchr(of_names, at[n]) == NULL))
            return true;
    return false;
}

static bool any_field(const struct making *m, const char *const *actor, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (kinds_is_field(m->t->kinds, actor[i]))
            return true;
    return false;
}

static bool any_system(const struct making *m, const char *const *actor, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!kinds_is_field(m->t->kinds, actor[i]))
            return true;
    return false;
}

static bool crosses(const struct making *m, const struct table_row *row,
                    const struct table_leg *leg, const struct traffic_pair *p,
                    enum traffic_direction *out)
{
    int near = on_way(m, row, p->near), far = on_way(m, row, p->far);
    if (row->dataflow != NULL && p->ref[0] != '\0') {
        if (!names_flow(row->dataflow, p->ref))
            return false;
        near = near < 0 ? 0 : near; /* both are on it, whatever the profile's ways are */
        far = far < 0 ? near + 1 : far;
    }
    bool near_from = among(leg->from, leg->n_from, p->near),
         near_to = among(leg->to, leg->n_to, p->near),
         far_from = among(leg->from, leg->n_from, p->far),
         far_to = among(leg->to, leg->n_to, p->far);
    bool device = kinds_is_field(m->t->kinds, p->far);
    if (far_to && near_from)
        *out = TRAFFIC_DOWN;
    else if (far_from && near_to)
        *out = TRAFFIC_UP;
    else if (device && far_to && near >= 0)
        *out = TRAFFIC_DOWN;
    else if (device && far_from && near >= 0)
        *out = TRAFFIC_UP;
    else if ((near_from || (near >= 0 && any_system(m, leg->from, leg->n_from))) &&
             (far_to || (far >= 0 && any_field(m, leg->to, leg->n_to))))
        *out = TRAFFIC_DOWN;
    else if ((near_to || (near >= 0 && any_system(m, leg->to, leg->n_to))) &&
             (far_from || (far >= 0 && any_field(m, leg->from, leg->n_from))))
        *out = TRAFFIC_UP;
    else
        return false;
    /* Ways are declared from the systems on; an interface may be named from either side. */
    if (near >= 0 && far >= 0 && near > far && !near_from && !near_to && !far_from && !far_to)
        *out = *out == TRAFFIC_DOWN ? TRAFFIC_UP : TRAFFIC_DOWN;
    return true;
}

bool make_crosses(struct making *m, const struct table_row *row, const struct table_leg *leg,
                  enum traffic_direction *direction, const char **far)
{
    for (size_t i = 0; i < m->t->n_pair; i++)
        if (crosses(m, row, leg, &m->t->pair[i], direction)) {
            *far = m->t->pair[i].far;
            return true;
        }
    return false;
}
