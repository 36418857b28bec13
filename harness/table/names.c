#include <ctype.h>
#include <string.h>

#include "harness/table/table.h"

bool table_same_name(const char *x, const char *y)
{
    for (;;) {
        bool dash_x = strncmp(x, "\342\200\223", 3) == 0;
        bool dash_y = strncmp(y, "\342\200\223", 3) == 0;
        int a = dash_x ? '-' : tolower((unsigned char)*x);
        int c = dash_y ? '-' : tolower((unsigned char)*y);
        if (a != c || a == '\0')
            return a == c;
        x += dash_x ? 3 : 1;
        y += dash_y ? 3 : 1;
    }
}

static const char *actor_of_leg(const struct table_leg *l, const char *actor)
{
    for (size_t i = 0; i < l->n_from + l->n_to; i++) {
        const char *known = i < l->n_from ? l->from[i] : l->to[i - l->n_from];
        if (table_same_name(known, actor))
            return known;
    }
    return NULL;
}

const char *table_actor(const struct table *t, const char *name)
{
    for (size_t i = 0; i < t->n_row; i++)
        for (size_t k = 0; k < t->row[i].n_leg; k++) {
            const char *known = actor_of_leg(&t->row[i].leg[k], name);
            if (known != NULL)
                return known;
        }
    return NULL;
}

const struct table_use_case *table_use_case_named(const struct table *t, const char *name,
                                                  size_t *from)
{
    bool listed = false;
    for (size_t i = 0; i < t->n_use_case; i++)
        listed = listed || table_same_name(t->use_case[i].name, name);
    for (size_t i = *from; i < t->n_use_case; i++)
        if (table_same_name(listed ? t->use_case[i].name : t->use_case[i].chapter, name)) {
            *from = i + 1;
            return &t->use_case[i];
        }
    return NULL;
}
