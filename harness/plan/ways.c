/* The communication paths of the profile: those given as data flows get the actors that these
 * pass. */
#include <string.h>

#include "harness/base/limits.h"
#include "harness/plan/build_parts.h"
#include "harness/scope/path_map.h"

/* The actors between the ends of one path: n - 1 of n flows. */
static enum err_code between(const struct path_map *map, const struct path *p, const char **actor,
                             struct err *e)
{
    const char *all[LIMIT_PATH_NAMES + 1];
    enum err_code rc = path_map_actors(map, p, all, e);
    for (size_t i = 1; rc == ERR_OK && i < p->n; i++)
        actor[i - 1] = all[i];
    return rc == ERR_OK && p->n < 2
               ? err_set(e, ERR_DATA, "one data flow alone passes no actor in between")
               : rc;
}

/* Several paths that differ only at their ends (which meter) are one way. */
static enum err_code one_way(const struct path_map *map, const struct path_set *set,
                             const char **actor, struct err *e)
{
    enum err_code rc = between(map, &set->path[0], actor, e);
    for (size_t i = 1; i < set->n && rc == ERR_OK; i++) {
        const char *other[LIMIT_PATH_NAMES];
        bool same = set->path[i].n == set->path[0].n;
        rc = between(map, &set->path[i], other, e);
        for (size_t k = 1; same && rc == ERR_OK && k < set->path[i].n; k++)
            same = strcmp(other[k - 1], actor[k - 1]) == 0;
        if (rc == ERR_OK && !same)
            rc = err_set(e, ERR_DATA,
                         "%zu paths that pass different actors, expected one way: the profile "
                         "decides",
                         set->n);
    }
    return rc;
}

/* One of the paths has to be the deployment's: a flow of another decision contradicts it. */
static void check_flows(struct build *b, const struct path_set *set, const struct profile_path *w)
{
    struct deployment_cause cause = {0, ""}, first = {0, ""};
    const char *flow = NULL;
    for (size_t i = 0; i < set->n; i++) {
        const struct path *p = &set->path[i];
        size_t k = 0;
        while (k < p->n && deployment_has_flow(b->deployment, p->name[k], &cause))
            k++;
        if (k == p->n)
            return;
        if (flow == NULL) {
            flow = p->name[k];
            first = cause;
        }
    }
    if (flow != NULL)
        build_fault(b, ERR_SCOPE,
                    "%s:%ld: path dataflow \"%.200s\" has %s, which the deployment has "
                    "not: %s",
                    b->profile->path, w->line, w->dataflow, flow,
                    deployment_because(b->deployment, first.choice, b->e));
}

static void take_flows(struct build *b, const struct path_map *map, struct profile_path *w)
{
    const char *actor[LIMIT_PATH_NAMES];
    struct path_set set = {.path = NULL};
    struct err cause = ERR_INIT;
    enum err_code rc = path_map_resolve(map, w->dataflow, &set, &cause);
    if (rc == ERR_OK)
        rc = one_way(map, &set, actor, &cause);
    if (rc != ERR_OK)
        build_fault(b, rc == ERR_LIMIT ? ERR_DATA : rc, "%s:%ld: path dataflow \"%.200s\": %s",
                    b->profile->path, w->line, w->dataflow, cause.text);
    else if (b->deployment != NULL)
        check_flows(b, &set, w);
    const char **via = b->rc == ERR_OK ? build_room(b, set.path[0].n * sizeof *via) : NULL;
    for (size_t i = 1; via != NULL && i < set.path[0].n; i++)
        via[w->n_via++] = build_copy(b, actor[i - 1]);
    w->via = via;
    path_set_release(&set);
}

void build_ways(struct build *b)
{
    const struct profile *p = b->profile;
    struct path_map *map = NULL;
    struct profile_path *w = build_room(b, (p->n_way + 1) * sizeof *w);
    struct method_way *m = build_room(b, (p->n_way + 1) * sizeof *m);
    b->way = w;
    for (size_t i = 0; i < p->n_way && b->rc == ERR_OK; i++) {
        w[i] = p->way[i];
        if (w[i].dataflow[0] != '\0' && map == NULL)
            b->rc = path_map_load(NULL, &map, b->e);
        if (w[i].dataflow[0] != '\0' && b->rc == ERR_OK)
            take_flows(b, map, &w[i]);
        build_deployment_via(b, &w[i]);
        if (b->rc != ERR_OK)
            break;
        b->n_way++;
        m[i] = (struct method_way){build_copy(b, w[i].use_case), build_copy(b, w[i].row),
                                   build_copy(b, w[i].dataflow),
                                   build_join(b, w[i].via, w[i].n_via, ", ")};
    }
    b->plan->method.way = m;
    b->plan->method.n_way = b->n_way;
    b->by_flows = map != NULL;
    path_map_free(map);
}

bool build_on_paths(struct build *b, const char *actor)
{
    struct path_map *map = NULL;
    bool found = false;
    if (b->rc == ERR_OK)
        b->rc = path_map_load(NULL, &map, b->e);
    for (size_t i = 0; map != NULL && i < map->n_flow; i++)
        found = found || strcmp(map->flow[i].end[0], actor) == 0 ||
                strcmp(map->flow[i].end[1], actor) == 0;
    path_map_free(map);
    return found;
}
