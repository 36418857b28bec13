#include "harness/scope/path_map.h"

#include <string.h>

#include "harness/base/limits.h"

const struct path_flow *path_map_flow(const struct path_map *m, const char *name)
{
    for (size_t i = 0; i < m->n_flow; i++)
        if (strcmp(m->flow[i].name, name) == 0)
            return &m->flow[i];
    return NULL;
}

const struct path_value *path_map_value(const struct path_map *m, const char *name)
{
    for (size_t i = 0; i < m->n_decision; i++)
        for (size_t k = 0; k < m->decision[i].n_value; k++)
            if (strcmp(m->decision[i].value[k].name, name) == 0)
                return &m->decision[i].value[k];
    return NULL;
}

static const struct path_alias *alias_of(const struct path_map *m, const char *name)
{
    for (size_t i = 0; i < m->n_option; i++)
        if (strcmp(m->option[i].name, name) == 0)
            return &m->option[i];
    for (size_t i = 0; i < m->n_profile; i++)
        if (strcmp(m->profile[i].name, name) == 0)
            return &m->profile[i];
    return NULL;
}

static const struct path_decision *group_of(const struct path_map *m, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; name[0] == '<' && i < m->n_decision; i++)
        if (strlen(m->decision[i].name) == len - 2 &&
            memcmp(m->decision[i].name, name + 1, len - 2) == 0)
            return &m->decision[i];
    return NULL;
}

/* ---- from any way of writing to data flows -----------------------------------------------------
 */

static enum err_code unknown(const struct path_map *m, const struct path_node *node, struct err *e)
{
    struct buf known;
    buf_init(&known, 480);
    enum err_code rc = ERR_OK;
    bool group = node->name[0] == '<';
    for (size_t i = 0; !group && i < m->n_flow && rc == ERR_OK; i++)
        rc = buf_printf(&known, e, "%s%s", i == 0 ? "" : " ", m->flow[i].name);
    for (size_t i = 0; i < m->n_decision && rc == ERR_OK; i++)
        for (size_t k = 0; !group && k < m->decision[i].n_value && rc == ERR_OK; k++)
            rc = buf_printf(&known, e, "%s%s", i + k == 0 ? ", decisions " : " ",
                            m->decision[i].value[k].name);
    for (size_t i = 0; group && i < m->n_decision && rc == ERR_OK; i++)
        rc = buf_printf(&known, e, "%s<%s>", i == 0 ? "" : " ", m->decision[i].name);
    if (rc == ERR_OK)
        rc = group ? err_set(e, ERR_DATA,
                             "column %zu: no group \"%.40s\" of decisions, expected "
                             "one of %s",
                             node->column, node->name, known.data)
                   : err_set(e, ERR_DATA,
                             "column %zu: \"%.40s\" is no data flow, decision, option or AMI "
                             "profile's code; data flows are %s, options 1 to %zu",
                             node->column, node->name, known.data, m->n_option);
    buf_release(&known);
    return rc;
}

static enum err_code put_flows(const struct path_value *v, struct buf *out, struct err *e)
{
    enum err_code rc = buf_puts(out, "(", e);
    if (rc == ERR_OK)
        rc = path_write(&v->flows, out, e);
    return rc == ERR_OK ? buf_puts(out, ")", e) : rc;
}

static enum err_code put_group(const struct path_decision *d, struct buf *out, struct err *e)
{
    enum err_code rc = buf_puts(out, "(", e);
    for (size_t i = 0; i < d->n_value && rc == ERR_OK; i++) {
        if (i > 0)
            rc = buf_puts(out, " or ", e);
        if (rc == ERR_OK)
            rc = put_flows(&d->value[i], out, e);
    }
    return rc == ERR_OK ? buf_puts(out, ")", e) : rc;
}

static enum err_code put_name(const struct path_map *m, const struct path_node *node, bool whole,
                              struct buf *out, struct err *e)
{
    const struct path_decision *group = group_of(m, node->name);
    const struct path_value *value = path_map_value(m, node->name);
    const struct path_alias *alias = alias_of(m, node->name);
    if (path_map_flow(m, node->name) != NULL)
        return buf_puts(out, node->name, e);
    if (value != NULL)
        return put_flows(value, out, e);
    if (group != NULL)
        return put_group(group, out, e);
    if (alias == NULL)
        return unknown(m, node, e);
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < alias->decisions.n && rc == ERR_OK; i++) {
        rc = buf_puts(out, i == 0 ? "(" : " + ", e);
        if (rc == ERR_OK)
            rc = put_flows(path_map_value(m, alias->decisions.name[i]), out, e);
    }
    for (size_t i = 0; whole && i < m->n_decision && rc == ERR_OK; i++)
        if (m->decision[i].deployment) {
            rc = buf_puts(out, " + ", e);
            if (rc == ERR_OK)
                rc = put_group(&m->decision[i], out, e);
        }
    return rc == ERR_OK ? buf_puts(out, ")", e) : rc;
}

/* The same expression with data flows in place of what stands for them. whole: nothing stands in
 * front of it or behind. */
static enum err_code put_node(const struct path_map *m, const struct path_node *node, bool whole,
                              struct buf *out, struct err *e)
{
    if (node->kind == PATH_NAME)
        return put_name(m, node, whole, out, e);
    bool choice = node->kind == PATH_CHOICE;
    enum err_code rc = buf_puts(out, "[", e);
    for (const struct path_node *p = node->part; p != NULL && rc == ERR_OK; p = p->next) {
        if (p != node->part)
            rc = buf_puts(out, choice ? " or " : " + ", e);
        if (rc == ERR_OK)
            rc = put_node(m, p, whole && choice, out, e);
    }
    return rc == ERR_OK ? buf_puts(out, "]", e) : rc;
}

enum err_code path_map_resolve(const struct path_map *m, const char *text, struct path_set *out,
                               struct err *e)
{
    struct path_expr written, flows = {.root = NULL};
    struct buf room;
    buf_init(&room, 64 * LIMIT_PATH_BYTES);
    *out = (struct path_set){.path = NULL};
    enum err_code rc = path_expr_parse(text, &written, e);
    if (rc != ERR_OK)
        return rc;
    rc = put_node(m, written.root, true, &room, e);
    if (rc == ERR_OK)
        rc = path_expr_parse(room.data, &flows, e);
    if (rc == ERR_OK)
        rc = path_expand(&flows, out, e);
    path_expr_release(&written);
    path_expr_release(&flows);
    buf_release(&room);
    return rc;
}

/* ---- from data flows to decisions, options and codes -------------------------------------------
 */

/* Whether these flows come next on the path. */
static bool comes_next(const struct path *flows, const struct path *p, size_t at)
{
    if (flows->n > p->n - at)
        return false;
    for (size_t i = 0; i < flows->n; i++)
        if (strcmp(flows->name[i], p->name[at + i]) != 0)
            return false;
    return true;
}

bool path_map_chosen(const struct path_map *m, const struct path *flows, struct path_chosen *out)
{
    size_t at = 0;
    *out = (struct path_chosen){.n = 0};
    for (size_t i = 0; i < m->n_decision && at < flows->n; i++) {
        const struct path_decision *d = &m->decision[i];
        const struct path_value *found = NULL;
        for (size_t k = 0; k < d->n_value && found == NULL; k++)
            if (comes_next(&d->value[k].flows, flows, at))
                found = &d->value[k];
        if (found == NULL)
            return false;
        at += found->flows.n;
        out->value[out->n++] = found;
    }
    return at == flows->n && out->n > 0;
}

const struct path_alias *path_map_alias(const struct path_alias *alias, size_t n,
                                        const struct path_chosen *chosen, size_t *from)
{
    while (*from < n) {
        const struct path_alias *a = &alias[(*from)++];
        bool same = a->decisions.n <= chosen->n;
        for (size_t i = 0; same && i < a->decisions.n; i++)
            same = strcmp(a->decisions.name[i], chosen->value[i]->name) == 0;
        if (same)
            return a;
    }
    return NULL;
}

/* ---- actors ------------------------------------------------------------------------------------
 */

static const char *other_end(const struct path_flow *f, const char *actor)
{
    return strcmp(f->end[0], actor) == 0   ? f->end[1]
           : strcmp(f->end[1], actor) == 0 ? f->end[0]
                                           : NULL;
}

enum err_code path_actors(const struct path_flow *const *flow, size_t n, const char **actor,
                          struct err *e)
{
    /* A first flow whose both ends fit is passed as it is written. */
    actor[0] = flow[0]->end[0];
    if (n > 1 && other_end(flow[1], flow[0]->end[1]) == NULL)
        actor[0] = flow[0]->end[1];
    actor[1] = other_end(flow[0], actor[0]);
    for (size_t i = 1; i < n; i++) {
        actor[i + 1] = other_end(flow[i], actor[i]);
        if (actor[i + 1] == NULL)
            return err_set(e, ERR_DATA,
                           "%s (%s, %s) does not go on where %s (%s, %s) ends: expected a data "
                           "flow of an actor at its end",
                           flow[i]->name, flow[i]->end[0], flow[i]->end[1], flow[i - 1]->name,
                           flow[i - 1]->end[0], flow[i - 1]->end[1]);
    }
    return ERR_OK;
}

enum err_code path_map_actors(const struct path_map *m, const struct path *p, const char **actor,
                              struct err *e)
{
    const struct path_flow *flow[LIMIT_PATH_NAMES];
    flow[0] = NULL;
    for (size_t i = 0; i < p->n; i++) {
        flow[i] = path_map_flow(m, p->name[i]);
        if (flow[i] == NULL)
            return err_set(e, ERR_DATA, "\"%s\" is no data flow", p->name[i]);
    }
    return path_actors(flow, p->n, actor, e);
}
