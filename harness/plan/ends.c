#include <string.h>

#include "harness/plan/build_parts.h"

size_t build_n_group(const struct build *b)
{
    return b->statement->n_group + b->statement->n_peer;
}

const char *build_group_actor(const struct build *b, size_t group)
{
    const struct statement *s = b->statement;
    return group < s->n_group ? s->group[group].actor : s->peer[group - s->n_group].actor;
}

const char *build_group_class(const struct build *b, size_t group)
{
    const struct statement *s = b->statement;
    return group < s->n_group ? s->group[group].device_class
                              : s->peer[group - s->n_group].device_class;
}

uint32_t build_group_count(const struct build *b, size_t group)
{
    const struct statement *s = b->statement;
    return group < s->n_group ? s->group[group].count : s->peer[group - s->n_group].count;
}

bool build_is_eut(const struct build *b, const char *actor)
{
    for (size_t g = 0; g < b->statement->n_group; g++)
        if (strcmp(b->statement->group[g].actor, actor) == 0)
            return true;
    return false;
}

int build_peer(const struct build *b, const char *actor)
{
    for (size_t i = 0; i < b->statement->n_peer; i++)
        if (strcmp(b->statement->peer[i].actor, actor) == 0)
            return (int)i + 1; /* endpoint 0 is the equipment's */
    return -1;
}

bool build_names(const char *const *actor, size_t n, const char *wanted)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(actor[i], wanted) == 0)
            return true;
    return false;
}

const char *build_first_eut(const struct build *b, const char *const *actor, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (build_is_eut(b, actor[i]))
            return actor[i];
    return NULL;
}

const char *build_first_peer(const struct build *b, const char *const *actor, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!build_is_eut(b, actor[i]) && build_peer(b, actor[i]) != -1)
            return actor[i];
    return NULL;
}

const char *build_via(const struct build *b, const struct table_row *row, const char *use_case)
{
    for (size_t i = 0; i < b->n_way; i++) {
        const struct profile_path *w = &b->way[i];
        const struct table_use_case *u;
        bool meant = false;
        for (size_t at = 0; (u = build_use_case(b->table, w->use_case, &at)) != NULL;)
            meant = meant || strcmp(u->name, use_case) == 0;
        if (!meant || !profile_covers(w->row, row->id, row->section))
            continue;
        for (size_t k = 0; k < w->n_via; k++)
            if (build_is_eut(b, w->via[k]))
                return w->via[k];
    }
    return NULL;
}

const char *build_add_actors(struct build *b, const char *have, const char *const *actor, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool known = false;
        size_t len = strlen(actor[i]);
        for (const char *p = have; (p = strstr(p, actor[i])) != NULL && !known; p += len)
            known = (p == have || p[-1] == ' ') && (p[len] == '\0' || p[len] == ',');
        if (!known)
            have = build_text(b, "%s%s%s", have, have[0] == '\0' ? "" : ", ", actor[i]);
    }
    return have;
}
