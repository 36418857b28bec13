/* profiles_write - a grid with its cells, for profiles_*.c.
 *
 * Ownership: profiles_end frees everything.
 */
#ifndef HARNESS_PROFILES_WRITE_H
#define HARNESS_PROFILES_WRITE_H

#include "harness/base/arena.h"
#include "harness/cmd/grid.h"
#include "harness/cmd/profiles.h"

struct profiles_sheet {
    struct grid grid;
    struct arena arena;
    struct err *e;
};

void profiles_begin(struct profiles_sheet *s, const char *const *header, size_t n, struct err *e);
/* A copy that lives as long as the sheet; NULL: no memory. */
const char *profiles_keep(struct profiles_sheet *s, const char *text);
/* A NULL among the cells is a want of memory told before. */
enum err_code profiles_add(struct profiles_sheet *s, const char *const *cell);
/* Writes it unless rc is a fault already. notes: a paragraph a record. */
enum err_code profiles_end(struct profiles_sheet *s, enum err_code rc,
                           const struct profiles_style *style, bool notes, struct buf *out);

#endif
