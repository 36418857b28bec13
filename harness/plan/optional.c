/* What an own table asks for with "may": nothing of it can fail a claim, unless the profile names
 * the row and so makes it a requirement of this deployment. */
#include <string.h>

#include "harness/plan/build_parts.h"

static bool is_named(const struct build *b, const struct table_row *row)
{
    for (size_t i = 0; i < b->profile->n_scope; i++)
        if (b->profile->scope[i].kind == SCOPE_ROW &&
            strcmp(b->profile->scope[i].name, row->id) == 0)
            return true;
    return false;
}

static bool has_optional(const struct table_row *row)
{
    for (size_t i = 0; i < row->n_leg; i++)
        if (row->leg[i].optional)
            return true;
    return false;
}

/* The table's rows without the readings that are optional; the table loaded stays whole. */
void build_optional(struct build *b)
{
    bool any = false;
    for (size_t i = 0; i < b->table->n_row && !any; i++)
        any = has_optional(&b->table->row[i]);
    if (!any)
        return;
    struct table_row *row = build_room(b, b->table->n_row * sizeof *row);
    bool *optional = build_room(b, b->table->n_row * sizeof *optional);
    if (b->rc != ERR_OK)
        return;
    memcpy(row, b->table->row, b->table->n_row * sizeof *row);
    for (size_t i = 0; i < b->table->n_row && b->rc == ERR_OK; i++) {
        if (!has_optional(&row[i]) || is_named(b, &row[i]))
            continue;
        struct table_leg *leg = build_room(b, row[i].n_leg * sizeof *leg);
        size_t n = 0;
        for (size_t k = 0; k < row[i].n_leg && b->rc == ERR_OK; k++)
            if (!row[i].leg[k].optional)
                leg[n++] = row[i].leg[k];
        row[i].leg = leg;
        row[i].n_leg = n;
        optional[i] = n == 0;
    }
    b->table->row = row;
    b->optional = optional;
}

const char *build_why_optional(const struct build *b, const struct table_row *row)
{
    return b->optional != NULL && b->optional[row - b->table->row]
               ? "optional: its requirement says \"may\", and the profile does not name the row"
               : NULL;
}
