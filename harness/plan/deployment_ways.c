/* The communication paths of a deployment: the profile's, or where it declares none for a use case
 * those of the book, without the actors that the decisions leave out or take off the paths. */
#include <string.h>

#include "harness/plan/build_parts.h"

static bool has_own(const struct build *b, const struct deployment_path *w)
{
    for (size_t i = 0; i < b->profile->n_way; i++) {
        const struct table_use_case *u;
        const char *name = b->profile->way[i].use_case;
        for (size_t at = 0; (u = build_use_case(b->table, name, &at)) != NULL;)
            if (table_same_name(u->name, w->use_case))
                return true;
    }
    return false;
}

/* Whether anything of it is on the deployment's paths. */
static bool applies(const struct build *b, const struct deployment_path *w)
{
    if (!deployment_has_use_case(b->deployment, w->use_case, NULL))
        return false;
    for (size_t i = 0; i < w->n_via; i++)
        if (deployment_on_path(b->deployment, w->via[i], NULL))
            return true;
    return false;
}

void build_deployment_ways(struct build *b)
{
    struct profile *p = b->profile;
    if (b->deployment == NULL)
        return;
    struct profile_path *all = build_room(b, (p->n_way + b->book->n_way) * sizeof *all);
    size_t n = 0;
    for (; n < p->n_way && b->rc == ERR_OK; n++)
        all[n] = p->way[n];
    for (size_t i = 0; i < b->book->n_way && b->rc == ERR_OK; i++) {
        const struct deployment_path *w = &b->book->way[i];
        if (!has_own(b, w) && applies(b, w))
            all[n++] = (struct profile_path){.use_case = w->use_case,
                                             .row = w->row,
                                             .dataflow = "",
                                             .via = w->via,
                                             .n_via = w->n_via};
    }
    p->way = all;
    p->n_way = b->rc == ERR_OK ? n : 0;
}

void build_deployment_via(struct build *b, struct profile_path *w)
{
    if (b->deployment == NULL || b->rc != ERR_OK)
        return;
    const char **via = build_room(b, w->n_via * sizeof *via);
    size_t n = 0;
    for (size_t i = 0; i < w->n_via && via != NULL; i++)
        if (deployment_on_path(b->deployment, w->via[i], NULL))
            via[n++] = w->via[i];
    w->via = via;
    w->n_via = n;
}
