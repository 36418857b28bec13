/* What the readings are read from: the rows that the deployment leaves, and the ways they go. */
#include <string.h>

#include "harness/base/limits.h"
#include "harness/scope/deployment_profile.h"
#include "harness/scope/deployment_rows.h"
#include "harness/scope/path_map.h"
#include "harness/traffic/make.h"

static void take_deployment(struct making *m)
{
    struct traffic *t = m->t;
    m->deployment = make_room(m, sizeof *m->deployment);
    if (m->rc == ERR_OK)
        m->rc = deployment_book_load(NULL, &t->book, m->e);
    if (m->rc == ERR_OK)
        m->rc =
            deployment_of_profile(m->deployment, t->profile, t->table, t->book, &t->arena, m->e);
    if (m->rc == ERR_OK)
        m->rc = deployment_rows(m->deployment, t->table, &m->row, m->e);
}

/* ---- ways --------------------------------------------------------------------------------------
 */

/* The actors that the flows pass: of several paths those of all. */
static void follow(struct making *m, const struct path_map *map, struct profile_path *w)
{
    struct path_set set = {.path = NULL};
    struct err cause = ERR_INIT;
    enum err_code rc = path_map_resolve(map, w->dataflow, &set, &cause);
    const char **via = NULL;
    size_t most = 1, n = 0;
    for (size_t i = 0; rc == ERR_OK && i < set.n; i++)
        most += set.path[i].n;
    if (rc == ERR_OK)
        via = make_room(m, most * sizeof *via);
    for (size_t i = 0; via != NULL && rc == ERR_OK && i < set.n; i++) {
        const char *actor[LIMIT_PATH_NAMES + 1];
        rc = path_map_actors(map, &set.path[i], actor, &cause);
        for (size_t k = 1; rc == ERR_OK && k < set.path[i].n; k++) {
            bool there = false;
            for (size_t x = 0; x < n; x++)
                there = there || strcmp(via[x], actor[k]) == 0;
            if (!there)
                via[n++] = make_text(m, "%s", actor[k]);
        }
    }
    if (rc != ERR_OK)
        make_fault(m, rc, "%s:%ld: path dataflow \"%.200s\": %s", m->t->profile->path, w->line,
                   w->dataflow, cause.text);
    w->via = via;
    w->n_via = n;
    path_set_release(&set);
}

static void keep(struct making *m, struct profile_path *w)
{
    const char **via = make_room(m, w->n_via * sizeof *via);
    size_t n = 0;
    for (size_t i = 0; via != NULL && i < w->n_via; i++)
        if (deployment_on_path(m->deployment, w->via[i], NULL))
            via[n++] = w->via[i];
    w->via = via;
    w->n_via = n;
}

static bool has_own(const struct making *m, const char *use_case)
{
    for (size_t i = 0; i < m->t->profile->n_way; i++)
        if (make_means(m->t->table, m->t->profile->way[i].use_case, use_case))
            return true;
    return false;
}

static void take_ways(struct making *m)
{
    const struct profile *p = m->t->profile;
    struct path_map *map = NULL;
    size_t more = m->deployment == NULL ? 0 : m->t->book->n_way;
    struct profile_path *w = make_room(m, (p->n_way + more) * sizeof *w);
    for (size_t i = 0; i < p->n_way && m->rc == ERR_OK; i++) {
        struct profile_path *at = &w[m->n_way++];
        *at = p->way[i];
        if (at->dataflow[0] != '\0' && map == NULL)
            m->rc = path_map_load(NULL, &map, m->e);
        if (at->dataflow[0] != '\0' && m->rc == ERR_OK)
            follow(m, map, at);
        else if (m->deployment != NULL && m->rc == ERR_OK)
            keep(m, at);
    }
    for (size_t i = 0; i < more && m->rc == ERR_OK; i++) {
        const struct deployment_path *of = &m->t->book->way[i];
        if (has_own(m, of->use_case))
            continue;
        struct profile_path *at = &w[m->n_way++];
        *at = (struct profile_path){.use_case = of->use_case,
                                    .row = of->row,
                                    .dataflow = "",
                                    .via = of->via,
                                    .n_via = of->n_via};
        keep(m, at);
    }
    m->way = w;
    path_map_free(map);
}

void make_ground(struct making *m)
{
    m->row = m->t->table->row;
    if (m->t->profile->deployment != NULL)
        take_deployment(m);
    if (m->rc == ERR_OK)
        take_ways(m);
}

/* Rows that cross the interface, had the deployment's decisions not taken them out. */
void make_left_by_deployment(struct making *m)
{
    const struct table *t = m->t->table;
    for (size_t i = 0; m->deployment != NULL && i < t->n_row && m->rc == ERR_OK; i++) {
        const struct table_row *whole = &t->row[i], *left = &m->row[i];
        enum traffic_direction d;
        const char *far, *why = "";
        bool crosses = false;
        for (size_t k = 0; k < whole->n_leg && !crosses; k++)
            crosses = make_crosses(m, whole, &whole->leg[k], &d, &far);
        for (size_t k = 0; k < whole->n_use_case && crosses && m->rc == ERR_OK; k++) {
            m->rc = deployment_row_out(m->deployment, whole, left, whole->use_case[k], &why, m->e);
            if (m->rc == ERR_OK && why[0] != '\0')
                make_note(m, TRAFFIC_LEFT_OUT, whole, NULL, make_text(m, "not in play: %s", why));
        }
    }
}
