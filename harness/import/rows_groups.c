/* rows_groups - parent records of one payload and section as the readings of one row. */
#include <stdio.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/base/xml.h"
#include "harness/import/rows.h"

#define ID_BYTES 48

static enum err_code no_memory(const struct import_rows *r, struct err *e)
{
    return err_set(e, ERR_NOMEM, "%s: no memory for its rows", r->in->sheet->path);
}

static bool good_id(const char *text)
{
    static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t n = strlen(text);
    return n > 0 && n < ID_BYTES && strspn(text, good) == n;
}

static enum err_code join(struct import_rows *r, size_t at, struct err *e)
{
    struct entry *t = &r->entry[at];
    size_t n = strlen(t->section) + strlen(t->payload) + 2;
    char *id = arena_alloc(&r->arena, n);
    if (id == NULL)
        return no_memory(r, e);
    (void)snprintf(id, n, "%s/%s", t->section, t->payload);
    size_t known = names_find(&r->groups, id);
    if (known != NAMES_NONE) {
        struct group *g = &r->group[known];
        r->entry[g->last].next = at;
        g->last = at;
        g->n++;
        t->group = known;
        return ERR_OK;
    }
    if (!names_put(&r->groups, &r->arena, id, r->n_group))
        return no_memory(r, e);
    t->group = r->n_group;
    r->group[r->n_group++] = (struct group){.id = id, .first = at, .last = at, .n = 1};
    return ERR_OK;
}

/* Readings are named by the spreadsheet's references where all have one of their own, else by
 * numbers. */
static enum err_code name_legs(struct import_rows *r, struct group *g, struct err *e)
{
    struct names seen = {NULL, 0, 0};
    bool refs = g->n > 1;
    size_t number = 0;
    for (size_t i = g->first; i != NOTHING && refs; i = r->entry[i].next) {
        refs = good_id(r->entry[i].ref) && names_find(&seen, r->entry[i].ref) == NAMES_NONE;
        if (refs && !names_put(&seen, &r->arena, r->entry[i].ref, i))
            return no_memory(r, e);
    }
    for (size_t i = g->first; i != NOTHING; i = r->entry[i].next) {
        char text[ID_BYTES];
        (void)snprintf(text, sizeof text, "%zu", ++number);
        r->entry[i].leg = refs ? r->entry[i].ref : arena_strdup(&r->arena, text);
        if (r->entry[i].leg == NULL)
            return no_memory(r, e);
    }
    return ERR_OK;
}

/* The different texts of a column, each once, so that the grammar takes them apart again. */
static enum err_code merge_cell(struct import_rows *r, struct group *g, size_t column,
                                struct err *e)
{
    struct arena a = ARENA_INIT;
    struct buf text;
    size_t n = 0;
    const char *first = r->entry[g->first].cell[column];
    buf_init(&text, CELL_BYTES * 4);
    enum err_code rc = ERR_OK;
    struct names seen = {NULL, 0, 0};
    for (size_t i = g->first; i != NOTHING && rc == ERR_OK; i = r->entry[i].next) {
        const char *cell = r->entry[i].cell[column];
        const char *folded = cell_fold(&a, cell, strlen(cell));
        if (folded != NULL && names_find(&seen, folded) != NAMES_NONE)
            continue;
        if (folded == NULL || !names_put(&seen, &a, folded, i))
            rc = no_memory(r, e);
        else
            rc = buf_printf(&text, e, "%s%s",
                            n++ == 0                   ? ""
                            : column == CELL_HOW_OFTEN ? "\n"
                                                       : ",",
                            folded);
    }
    if (rc == ERR_OK) {
        g->cell[column] = n == 1 ? first : arena_strdup(&r->arena, text.data);
        rc = g->cell[column] == NULL ? no_memory(r, e) : ERR_OK;
    } else if (rc == ERR_LIMIT) {
        rc = rows_problem(r, r->entry[g->first].record, rows_column((enum table_cell)column), e,
                          "the %zu rows of this payload and section have too many different values",
                          g->n);
    }
    buf_release(&text);
    arena_release(&a);
    return rc;
}

/* Each member of a record's cell has to be one of the row's cell, else readings cannot quote it. */
static enum err_code check_merged(struct import_rows *r, struct group *g, size_t column,
                                  struct err *e)
{
    struct arena a = ARENA_INIT;
    struct cell all, one;
    enum err_code rc = cell_parse((enum table_cell)column, g->cell[column], &a, &all, e);
    if (rc == ERR_LIMIT)
        rc = rows_problem(r, r->entry[g->first].record, rows_column((enum table_cell)column), e,
                          "the %zu rows of this payload and section together: %s", g->n, e->text);
    for (size_t i = g->first; i != NOTHING && rc == ERR_OK; i = r->entry[i].next) {
        rc = cell_parse((enum table_cell)column, r->entry[i].cell[column], &a, &one, e);
        bool found = true;
        for (size_t k = 0; k < one.n_item && found && rc == ERR_OK; k++) {
            found = false;
            for (size_t m = 0; m < all.n_item && !found; m++)
                found = strcmp(all.item[m].text, one.item[k].text) == 0;
        }
        if (rc == ERR_OK && !found)
            rc = rows_problem(r, r->entry[i].record, rows_column((enum table_cell)column), e,
                              "cannot stand with what row %ld of the same payload and section has; "
                              "expected the same there, or a section of its own",
                              r->entry[g->first].record->row);
    }
    arena_release(&a);
    return rc;
}

/* A leg holds clauses or plain shares, one population, one event, one campaign. */
static enum err_code check_reading(struct import_rows *r, struct entry *t, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct cell c;
    size_t clauses = 0, plain = 0, after = 0, campaigns = 0;
    bool per = false;
    enum err_code rc = cell_parse(CELL_RELIABILITY, t->cell[CELL_RELIABILITY], &a, &c, e);
    for (size_t i = 0; i < c.n_item && rc == ERR_OK; i++) {
        clauses += c.item[i].kind == ITEM_SHARE && c.item[i].as.share.period_max_s >= 0;
        plain += c.item[i].kind == ITEM_SHARE && c.item[i].as.share.period_max_s < 0;
    }
    if (rc == ERR_OK)
        rc = cell_parse(CELL_LATENCY, t->cell[CELL_LATENCY], &a, &c, e);
    for (size_t i = 0; i < c.n_item && rc == ERR_OK; i++)
        per = per || (c.item[i].kind == ITEM_LIMIT && c.item[0].kind == ITEM_LIMIT &&
                      c.item[i].as.limit.per != c.item[0].as.limit.per);
    if (rc == ERR_OK)
        rc = cell_parse(CELL_WHEN, t->cell[CELL_WHEN], &a, &c, e);
    for (size_t i = 0; i < c.n_item && rc == ERR_OK; i++) {
        after += c.item[i].kind == ITEM_AFTER;
        campaigns += c.item[i].kind == ITEM_CAMPAIGN;
    }
    arena_release(&a);
    if (rc == ERR_OK && clauses > 0 && plain > 0)
        rc = rows_problem(r, t->record, COLUMN_RELIABILITY, e,
                          "shares of a period beside a plain share, expected rows of their own");
    if (rc == ERR_OK && per)
        rc = rows_problem(r, t->record, COLUMN_LATENCY, e,
                          "limits for different populations, expected rows of their own");
    if (rc == ERR_OK && (after > 1 || campaigns > 1))
        rc =
            rows_problem(r, t->record, COLUMN_WHEN, e,
                         "two periods after an event or two campaigns, expected rows of their own");
    return rc;
}

static bool serves(const struct entry *t, const char *use_case)
{
    for (size_t i = 0; i < t->n_use_case; i++)
        if (strcmp(t->use_case[i], use_case) == 0)
            return true;
    return false;
}

static bool same_use_cases(const struct entry *a, const struct entry *b)
{
    bool same = a->n_use_case == b->n_use_case;
    for (size_t i = 0; i < a->n_use_case && same; i++)
        same = serves(b, a->use_case[i]);
    return same;
}

/* What records have to agree in to be readings of one row. */
static enum err_code check_group(struct import_rows *r, struct group *g, struct err *e)
{
    const struct entry *first = &r->entry[g->first];
    enum err_code rc = ERR_OK;
    bool same = true, single = true;
    for (size_t i = g->first; i != NOTHING && rc == ERR_OK; i = r->entry[i].next) {
        struct entry *t = &r->entry[i];
        if (g->n > 1 && t->readings[0] != '\0')
            rc = rows_problem(r, t->record, COLUMN_READINGS, e,
                              "declares readings, but %zu rows have this payload and section; "
                              "expected one row, or no declaration",
                              g->n);
        if (rc == ERR_OK && strcmp(t->type, first->type) != 0)
            rc = rows_problem(r, t->record, COLUMN_TYPE, e,
                              "\"%s\", where row %ld of the same payload and section has \"%s\"",
                              t->type, first->record->row, first->type);
        same = same && same_use_cases(t, first);
        g->apart = !same;
        single = single && t->n_use_case == 1;
        if (rc == ERR_OK && !same && !single)
            rc = rows_problem(r, t->record, COLUMN_USE_CASE, e,
                              "rows of one payload and section serve different use cases, "
                              "expected one use case a row then");
    }
    return rc;
}

/* Readings with requirements of their own stand beside the columns, which show the same. */
static enum err_code compare_requirements(struct import_rows *r, struct entry *t, xmlNodePtr root,
                                          struct err *e)
{
    struct buf ref, text;
    enum err_code rc = ERR_OK;
    buf_init(&ref, LIMIT_SHEET_CELL_BYTES);
    buf_init(&text, LIMIT_SHEET_CELL_BYTES);
    for (xmlNodePtr n = xml_child(root, "requirement"); n != NULL && rc == ERR_OK;
         n = xml_next(n, "requirement")) {
        bool first = n == xml_child(root, "requirement");
        rc = buf_printf(&ref, e, "%s%s", first ? "" : "; ", xml_attr_or(n, "ref", ""));
        if (rc == ERR_OK)
            rc = buf_printf(&text, e, "%s%s", first ? "" : "\n", xml_text(n));
    }
    bool same = ref.data == NULL ||
                (strcmp(ref.data, t->ref) == 0 && strcmp(text.data, t->requirement) == 0);
    if (rc == ERR_OK && !same)
        rc = rows_problem(r, t->record, COLUMN_REQUIREMENT, e,
                          "reference or text is not what \"readings\" declares, expected the same, "
                          "or no declaration");
    buf_release(&ref);
    buf_release(&text);
    return rc;
}

static enum err_code check_declared(struct import_rows *r, struct entry *t, struct err *e)
{
    struct buf text;
    struct err why = ERR_INIT;
    xmlDocPtr doc = NULL;
    buf_init(&text, LIMIT_SHEET_CELL_BYTES * 2);
    enum err_code rc = buf_printf(&text, e, "<readings>%s</readings>", t->readings);
    if (rc == ERR_OK) {
        rc = xml_parse("its XML", 0, text.data, text.len, &doc, &why);
        xmlNodePtr root = doc == NULL ? NULL : xmlDocGetRootElement(doc);
        if (rc == ERR_DATA)
            rc = rows_problem(r, t->record, COLUMN_READINGS, e, "%s", why.text);
        else if (rc != ERR_OK)
            rc = no_memory(r, e);
        else if (xml_child(root, "leg") == NULL)
            rc = rows_problem(r, t->record, COLUMN_READINGS, e,
                              "declares no leg, expected one at the least, or nothing");
        else
            rc = compare_requirements(r, t, root, e);
    }
    xmlFreeDoc(doc);
    buf_release(&text);
    return rc;
}

enum err_code rows_fold(struct import_rows *r, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < r->n_entry && rc == ERR_OK; i++)
        rc = join(r, i, e);
    for (size_t i = 0; i < r->n_group && rc == ERR_OK; i++) {
        struct group *g = &r->group[i];
        rc = name_legs(r, g, e);
        if (rc == ERR_OK)
            rc = check_group(r, g, e);
        for (size_t c = 0; c < CELL_COUNT && rc == ERR_OK; c++) {
            rc = merge_cell(r, g, c, e);
            if (rc == ERR_OK && g->n > 1 && g->cell[c] != NULL)
                rc = check_merged(r, g, c, e);
        }
    }
    for (size_t i = 0; i < r->n_entry && rc == ERR_OK; i++)
        rc = r->entry[i].readings[0] == '\0' ? check_reading(r, &r->entry[i], e)
                                             : check_declared(r, &r->entry[i], e);
    return rc;
}
