#include "harness/table/cell.h"

#include <string.h>

#include "harness/table/cell_scan.h"

/* How the members of a column are told apart. */
enum cut {
    CUT_NEVER,
    CUT_ALL,    /* at each comma outside brackets, all one group */
    CUT_GROUPS, /* as CUT_ALL; a comma that a blank follows stays in the group */
    CUT_VALUES, /* at each comma that is not inside a number, a group each */
    CUT_WHEN,   /* at tight commas a new group, at " or " the same */
    CUT_RATES   /* where a rate begins behind a comma or a line break */
};

static const struct column {
    const char *name;
    enum cut cut;
    item_fn *read;
} columns[CELL_COUNT] = {
    [CELL_ATTRIBUTES] = {"attributes", CUT_ALL, item_attribute},
    [CELL_BASELOAD] = {"baseload", CUT_NEVER, item_flag},
    [CELL_HIGHLOAD] = {"highload", CUT_NEVER, item_flag},
    [CELL_FROM] = {"from", CUT_GROUPS, item_actor},
    [CELL_TO] = {"to", CUT_GROUPS, item_actor},
    [CELL_RELIABILITY] = {"reliability", CUT_GROUPS, item_share},
    [CELL_LATENCY] = {"latency", CUT_VALUES, item_limit},
    [CELL_WHEN] = {"when", CUT_WHEN, item_when},
    [CELL_HOW_OFTEN] = {"how_often", CUT_RATES, item_rate},
    [CELL_SIZE] = {"size", CUT_VALUES, item_bytes},
};

const char *cell_column_name(enum table_cell column)
{
    return columns[column].name;
}

enum table_cell cell_column_by_name(const char *name)
{
    size_t i = 0;
    while (i < CELL_COUNT && strcmp(columns[i].name, name) != 0)
        i++;
    return (enum table_cell)i;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

char *cell_fold(struct arena *a, const char *text, size_t len)
{
    char *out = arena_alloc(a, len + 1);
    if (out == NULL)
        return NULL;
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (!is_blank(text[i]))
            out[n++] = text[i];
        else if (n > 0 && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    if (n > 0 && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    return out;
}

/* The comma of 100,000. */
static bool in_number(const char *text, size_t at, size_t len)
{
    return at > 0 && is_digit(text[at - 1]) && at + 3 < len && is_digit(text[at + 1]) &&
           is_digit(text[at + 2]) && is_digit(text[at + 3]) &&
           (at + 4 == len || !is_digit(text[at + 4]));
}

/* Whether a member ends at text[at]; *skip gets the separator's length, *group whether a new group
 * starts behind it. */
static bool cuts(enum cut cut, const char *text, size_t at, size_t len, size_t *skip, bool *group)
{
    bool comma = text[at] == ',';
    bool blank = at + 1 < len && text[at + 1] == ' ';
    *skip = 1;
    *group = true;
    switch (cut) {
    case CUT_NEVER:
        return false;
    case CUT_ALL:
        *group = false;
        return comma;
    case CUT_GROUPS:
        *group = !blank;
        return comma;
    case CUT_VALUES:
        return comma && !in_number(text, at, len);
    case CUT_WHEN:
        if (comma)
            return !blank;
        *group = false;
        *skip = 3;
        return at > 0 && is_blank(text[at - 1]) && at + 2 < len && text[at] == 'o' &&
               text[at + 1] == 'r' && is_blank(text[at + 2]);
    case CUT_RATES:
        while (comma && at + *skip < len && is_blank(text[at + *skip]))
            ++*skip;
        return (comma || text[at] == '\n') && item_rate_begins(text + at + *skip);
    }
    return false;
}

static enum err_code add_item(enum table_cell column, const char *text, size_t len, int group,
                              struct arena *a, struct cell_item *item, struct err *e)
{
    memset(item, 0, sizeof *item);
    item->group = group;
    const char *folded = item->text = cell_fold(a, text, len);
    if (folded == NULL)
        return err_set(e, ERR_NOMEM, "no memory for a cell");
    if (column >= CELL_RELIABILITY)
        item_parameters(item);
    if (folded[0] == '\0')
        item->why = "nothing is written here";
    else if (columns[column].read(a, folded, item))
        return ERR_OK;
    if (item->why == NULL)
        return err_set(e, ERR_NOMEM, "no memory for a cell");
    item->kind = ITEM_UNRESOLVED;
    return ERR_OK;
}

enum err_code cell_parse(enum table_cell column, const char *text, struct arena *a,
                         struct cell *out, struct err *e)
{
    memset(out, 0, sizeof *out);
    out->column = column;
    size_t len = strlen(text);
    if (len > CELL_BYTES)
        return err_set(e, ERR_LIMIT, "a cell of %zu bytes, at most %d are read", len, CELL_BYTES);
    enum cut cut = columns[column].cut;
    /* No more members than there are places to cut at. */
    size_t most = 1;
    for (size_t i = 0; i < len && most < CELL_ITEMS; i++)
        most += text[i] == ',' || text[i] == '\n' || text[i] == 'o';
    struct cell_item *item = arena_alloc(a, most * sizeof *item);
    if (item == NULL)
        return err_set(e, ERR_NOMEM, "no memory for a cell");
    out->item = item;
    size_t from = 0;
    int depth = 0;
    int group = 1;
    for (size_t at = 0; at <= len; at++) {
        size_t skip = 1;
        bool next_group = true;
        if (at < len) {
            depth += text[at] == '(';
            depth -= text[at] == ')' && depth > 0;
            if (depth > 0 || !cuts(cut, text, at, len, &skip, &next_group))
                continue;
        }
        size_t end = at;
        while (from < end && is_blank(text[from]))
            from++;
        while (end > from && is_blank(text[end - 1]))
            end--;
        /* A list may end in a comma: nothing is lost. Elsewhere an empty member is a fault. */
        bool empty_tail = end == from && at == len && out->n_item > 0;
        if (!empty_tail) {
            if (out->n_item == CELL_ITEMS)
                return err_set(e, ERR_LIMIT, "a cell of more than %d members", CELL_ITEMS);
            struct cell_item *it = &item[out->n_item];
            enum err_code rc = add_item(column, text + from, end - from, group, a, it, e);
            if (rc != ERR_OK)
                return rc;
            out->n_item++;
            if (out->why == NULL)
                out->why = it->why;
        }
        group += next_group;
        from = at + skip;
        at = from - 1;
    }
    return ERR_OK;
}
