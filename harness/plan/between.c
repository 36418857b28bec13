/* Whether the profile says of equipment that may lie between the ends of rows if it does: where it
 * declares no path, what goes through the equipment is left out without a word. */
#include <string.h>

#include "harness/base/limits.h"
#include "harness/plan/build_parts.h"
#include "harness/scope/path_map.h"

#define MOST_ACTORS 64 /* of the map */

struct web {
    const struct path_map *map;
    const char *actor[MOST_ACTORS];
    size_t n;
    bool on_way[MOST_ACTORS], inside[MOST_ACTORS]; /* of a path that the document numbers */
};

static size_t index_of(const struct web *w, const char *actor)
{
    size_t i = 0;
    while (i < w->n && strcmp(w->actor[i], actor) != 0)
        i++;
    return i;
}

static void gather(struct web *w)
{
    for (size_t f = 0; f < w->map->n_flow; f++)
        for (int end = 0; end < 2; end++)
            if (index_of(w, w->map->flow[f].end[end]) == w->n && w->n < MOST_ACTORS)
                w->actor[w->n++] = w->map->flow[f].end[end];
}

/* Who stands where on the document's own options: billing begins each of them, a meter ends it. */
static enum err_code place(struct web *w, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t o = 0; o < w->map->n_option && rc == ERR_OK; o++) {
        struct path_set set;
        rc = path_map_resolve(w->map, w->map->option[o].name, &set, e);
        for (size_t i = 0; rc == ERR_OK && i < set.n; i++) {
            const char *all[LIMIT_PATH_NAMES + 1];
            rc = path_map_actors(w->map, &set.path[i], all, e);
            for (size_t k = 0; rc == ERR_OK && k <= set.path[i].n; k++) {
                size_t at = index_of(w, all[k]);
                if (at == w->n)
                    continue;
                w->on_way[at] = true;
                w->inside[at] = w->inside[at] || (k > 0 && k < set.path[i].n);
            }
        }
        path_set_release(&set);
    }
    return rc;
}

/* Whether some way over flows from at to the goal passes the actor and nobody twice. */
static bool passes(const struct web *w, size_t at, size_t goal, size_t actor, uint64_t seen)
{
    seen |= UINT64_C(1) << at;
    if (at == goal)
        return (seen & UINT64_C(1) << actor) != 0;
    for (size_t f = 0; f < w->map->n_flow; f++)
        for (int end = 0; end < 2; end++) {
            size_t from = index_of(w, w->map->flow[f].end[end]),
                   to = index_of(w, w->map->flow[f].end[1 - end]);
            if (from == at && to < w->n && (seen & UINT64_C(1) << to) == 0 &&
                passes(w, to, goal, actor, seen))
                return true;
        }
    return false;
}

static bool between_ends(const struct web *w, const struct table_leg *leg, const char *actor)
{
    size_t a = index_of(w, actor);
    if (a == w->n || (w->on_way[a] && !w->inside[a]))
        return false;
    for (size_t f = 0; f < leg->n_from; f++)
        for (size_t t = 0; t < leg->n_to; t++) {
            size_t from = index_of(w, leg->from[f]), to = index_of(w, leg->to[t]);
            if (from < w->n && to < w->n && from != to && from != a && to != a &&
                passes(w, from, to, a, 0))
                return true;
        }
    return false;
}

static bool has_way(const struct build *b, const struct table_use_case *use)
{
    for (size_t i = 0; i < b->n_way; i++) {
        const struct table_use_case *u;
        for (size_t at = 0; (u = build_use_case(b->table, b->way[i].use_case, &at)) != NULL;)
            if (u == use)
                return true;
    }
    return false;
}

static bool untold(const struct build *b, const struct web *w, const struct build_row *r,
                   const char *actor)
{
    if (r->use == NULL || r->left_out != NULL || has_way(b, r->use))
        return false;
    for (size_t i = 0; i < r->source->n_leg; i++) {
        const struct table_leg *leg = &r->source->leg[i];
        if (build_leg_serves(leg, r->use_case) &&
            build_first_eut(b, leg->from, leg->n_from) == NULL &&
            build_first_eut(b, leg->to, leg->n_to) == NULL && between_ends(w, leg, actor))
            return true;
    }
    return false;
}

void build_between(struct build *b)
{
    struct path_map *map = NULL;
    if (b->deployment != NULL)
        return; /* its decisions are about the paths */
    b->rc = path_map_load(NULL, &map, b->e);
    struct web w = {.map = map};
    if (b->rc == ERR_OK) {
        gather(&w);
        b->rc = place(&w, b->e);
    }
    for (size_t g = 0; g < b->statement->n_group && b->rc == ERR_OK; g++)
        for (size_t i = 0; i < b->n_row && b->rc == ERR_OK; i++)
            if (untold(b, &w, &b->row[i], b->statement->group[g].actor))
                build_limit(b, "path",
                            "the profile declares no communication path for use case %s: whether "
                            "\"%s\" lies between the ends of its rows nobody says",
                            b->row[i].use_case, b->statement->group[g].actor);
    path_map_free(map);
}
