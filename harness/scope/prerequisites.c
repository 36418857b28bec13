#include "harness/scope/prerequisites.h"

#include <string.h>

const struct table_use_case *prerequisite_use_case(const struct table *t, const char *name)
{
    for (size_t i = 0; i < t->n_use_case; i++)
        if (strcmp(t->use_case[i].name, name) == 0)
            return &t->use_case[i];
    return NULL;
}

/* Marks what the use case needs; each is walked once, whatever the ways to it. */
static void mark(const struct table *t, const struct table_use_case *u, bool *needed)
{
    for (size_t i = 0; i < u->n_needs; i++) {
        const struct table_use_case *n = prerequisite_use_case(t, u->needs[i]);
        if (n == NULL || needed[n - t->use_case])
            continue;
        needed[n - t->use_case] = true;
        mark(t, n, needed);
    }
}

bool prerequisite_of(const struct table *t, const char *needed, const char *by)
{
    const struct table_use_case *u = prerequisite_use_case(t, by),
                                *wanted = prerequisite_use_case(t, needed);
    bool marked[TABLE_USE_CASES_MAX] = {false};
    if (u == NULL || wanted == NULL || u == wanted)
        return false;
    mark(t, u, marked);
    return marked[wanted - t->use_case];
}

bool prerequisite_third_party(const struct table *t, const char *actor)
{
    for (size_t i = 0; i < t->n_third_party; i++)
        if (strcmp(t->third_party[i], actor) == 0)
            return true;
    return false;
}
