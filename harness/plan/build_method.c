#include <string.h>

#include "harness/base/version.h"
#include "harness/plan/build_parts.h"

/* Of all rows of the profile's scope, whoever plays them. */
static const char *actors(struct build *b)
{
    const char *all = "";
    for (size_t i = 0; i < b->n_row && b->rc == ERR_OK; i++)
        for (size_t k = 0; k < b->row[i].source->n_leg && b->row[i].left_out == NULL; k++) {
            const struct table_leg *leg = &b->row[i].source->leg[k];
            if (!build_leg_serves(leg, b->row[i].use_case))
                continue;
            all = build_add_actors(b, all, leg->from, leg->n_from);
            all = build_add_actors(b, all, leg->to, leg->n_to);
        }
    return all;
}

void build_method(struct build *b)
{
    struct method *m = &b->plan->method;
    m->tool = version_text();
    m->table = build_copy(b, b->table->document);
    m->table_edition = build_copy(b, b->table->edition);
    m->deployment = m->deployment == NULL ? "" : m->deployment;
    m->actors = actors(b);
    build_method_values(b);
}
