#include "harness/cmd/profiles_write.h"

void profiles_begin(struct profiles_sheet *s, const char *const *header, size_t n, struct err *e)
{
    *s = (struct profiles_sheet){.arena = ARENA_INIT, .e = e};
    grid_init(&s->grid, header, n);
}

const char *profiles_keep(struct profiles_sheet *s, const char *text)
{
    const char *copy = arena_strdup(&s->arena, text);
    if (copy == NULL)
        (void)err_set(s->e, ERR_NOMEM, "no memory for a list of profiles");
    return copy;
}

enum err_code profiles_add(struct profiles_sheet *s, const char *const *cell)
{
    for (size_t i = 0; i < s->grid.n_column; i++)
        if (cell[i] == NULL)
            return ERR_NOMEM;
    return grid_add(&s->grid, cell, s->e);
}

enum err_code profiles_end(struct profiles_sheet *s, enum err_code rc,
                           const struct profiles_style *style, bool notes, struct buf *out)
{
    if (rc == ERR_OK && style->format == PROFILES_JSON)
        rc = grid_json(&s->grid, out, s->e);
    else if (rc == ERR_OK && style->format == PROFILES_CSV)
        rc = grid_csv(&s->grid, out, s->e);
    else if (rc == ERR_OK && notes)
        rc = grid_notes(&s->grid, style->width, style->colour, out, s->e);
    else if (rc == ERR_OK)
        rc = grid_table(&s->grid, style->width, style->colour, out, s->e);
    grid_release(&s->grid);
    arena_release(&s->arena);
    return rc;
}
