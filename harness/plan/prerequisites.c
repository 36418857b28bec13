#include "harness/scope/prerequisites.h"

#include <string.h>

#include "harness/plan/build_parts.h"

/* Chosen: rows of the profile run under it, be they out for this equipment. */
static bool chosen(const struct build *b, const struct table_use_case *use)
{
    for (size_t i = 0; i < b->n_row; i++)
        if (b->row[i].use == use && b->row[i].left_out == NULL)
            return true;
    return false;
}

/* Whose rows are chosen; a use case without rows in the table can't be driven, and is never asked
 * for. */
static bool has_rows(const struct table *t, const struct table_use_case *use)
{
    for (size_t i = 0; i < t->n_row; i++)
        if (build_names(t->row[i].use_case, t->row[i].n_use_case, use->name))
            return true;
    return false;
}

void build_prerequisites(struct build *b)
{
    const struct table *t = b->table;
    struct method *m = &b->plan->method;
    struct method_prerequisite *p = build_room(b, (t->n_use_case + 1) * sizeof *p);
    size_t n = 0;
    for (size_t i = 0; i < t->n_use_case && b->rc == ERR_OK; i++) {
        const struct table_use_case *use = &t->use_case[i];
        const char *by = "";
        for (size_t k = 0; k < t->n_use_case; k++)
            if (chosen(b, &t->use_case[k]) && prerequisite_of(t, use->name, t->use_case[k].name))
                by = build_text(b, "%s%s%s", by, by[0] == '\0' ? "" : ", ", t->use_case[k].name);
        bool in = chosen(b, use);
        if (!in && by[0] == '\0')
            continue;
        p[n++] = (struct method_prerequisite){build_copy(b, use->name), by, in};
        if (!in && has_rows(t, use))
            build_limit(b, "prerequisite",
                        "use case %s, which %s cannot do without, is not in the profile's scope",
                        use->name, by);
    }
    m->prerequisite = p;
    m->n_prerequisite = b->rc == ERR_OK ? n : 0;
}
