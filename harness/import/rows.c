/* rows - each record by itself. */
#include "harness/import/rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/limits.h"

#define OWN_SECTION "0" /* of rows that the base table does not hold */
#define OWN_USE_CASE "Own table"
#define USE_CASES_MOST 64

/* What is looked up again and again while records are read. */
struct reading {
    struct import_rows *r;
    struct names base_payloads;  /* number of the first row of the base table */
    struct names sheet_payloads; /* record of the payload sheet */
    struct names used;
};

enum column rows_column(enum table_cell cell)
{
    static const enum column column[CELL_COUNT] = {[CELL_ATTRIBUTES] = COLUMN_ATTRIBUTES,
                                                   [CELL_BASELOAD] = COLUMN_BASELOAD,
                                                   [CELL_HIGHLOAD] = COLUMN_HIGHLOAD,
                                                   [CELL_FROM] = COLUMN_FROM,
                                                   [CELL_TO] = COLUMN_TO,
                                                   [CELL_RELIABILITY] = COLUMN_RELIABILITY,
                                                   [CELL_LATENCY] = COLUMN_LATENCY,
                                                   [CELL_WHEN] = COLUMN_WHEN,
                                                   [CELL_HOW_OFTEN] = COLUMN_HOW_OFTEN,
                                                   [CELL_SIZE] = COLUMN_SIZE};
    return column[cell];
}

static enum err_code tell(struct import_rows *r, struct sheet_problems *to,
                          const struct sheet_record *record, enum column column, const char *text,
                          struct err *e)
{
    const struct sheet *s = r->in->sheet;
    size_t at = column == COLUMN_COUNT ? SHEET_NOWHERE : r->in->columns->at[column];
    const char *heading = NULL;
    if (at != SHEET_NOWHERE)
        heading = s->record[r->in->columns->heading].cell[at];
    else if (column != COLUMN_COUNT)
        heading = column_title(column);
    return problems_add(to, s, record->row, record->line, at, heading, e, "%s", text);
}

enum err_code rows_problem(struct import_rows *r, struct sheet_record *record, enum column column,
                           struct err *e, const char *fmt, ...)
{
    char text[1000];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (!record->listed) {
        record->listed = true;
        r->n_listed++;
    }
    return tell(r, r->problems, record, column, text, e);
}

static const char *trimmed(struct import_rows *r, const char *text)
{
    text += strspn(text, " \t\r\n");
    size_t n = strlen(text);
    while (n > 0 && strchr(" \t\r\n", text[n - 1]) != NULL)
        n--;
    return arena_strndup(&r->arena, text, n);
}

static enum err_code no_memory(const struct import_rows *r, struct err *e)
{
    return err_set(e, ERR_NOMEM, "%s: no memory for its rows", r->in->sheet->path);
}

/* The trimmed cell. */
static enum err_code take(struct import_rows *r, const struct sheet_record *record,
                          enum column column, const char **out, struct err *e)
{
    *out = trimmed(r, column_cell(r->in->columns, record, column));
    return *out == NULL ? no_memory(r, e) : ERR_OK;
}

static bool is_section(const char *text)
{
    for (const char *p = text;; p++) {
        size_t n = strspn(p, "0123456789");
        p += n;
        if (n == 0 || *p == '\0')
            return n > 0;
        if (*p != '.')
            return false;
    }
}

/* The base table's row of that payload: in that section, or the only one. */
static enum err_code find_base(struct reading *x, struct entry *t, struct err *e)
{
    const struct table *base = x->r->in->base;
    size_t at = names_find(&x->base_payloads, t->payload);
    if (base == NULL || at == NAMES_NONE)
        return ERR_OK;
    const struct table_row *other = NULL;
    for (size_t i = at; i < base->n_row; i++) {
        const struct table_row *row = &base->row[i];
        if (strcmp(row->payload, t->payload) != 0)
            continue;
        if (t->section[0] == '\0' || strcmp(row->section, t->section) == 0) {
            other = t->base == NULL ? other : row;
            t->base = t->base == NULL ? row : t->base;
        }
    }
    if (other != NULL)
        return rows_problem(x->r, t->record, COLUMN_SECTION, e,
                            "payload \"%s\" stands in %s and in %s; expected a column \"section\" "
                            "that says which is meant",
                            t->payload, t->base->section, other->section);
    if (t->base == NULL) /* in another section: its origin picks the time there as here */
        t->base = &base->row[at];
    return ERR_OK;
}

static enum err_code take_section(struct reading *x, struct entry *t, struct err *e)
{
    enum err_code rc = take(x->r, t->record, COLUMN_SECTION, &t->section, e);
    if (rc == ERR_OK && t->section[0] != '\0' && !is_section(t->section))
        return rows_problem(x->r, t->record, COLUMN_SECTION, e,
                            "\"%s\", expected a number such as 4.10.4.1", t->section);
    if (rc == ERR_OK)
        rc = find_base(x, t, e);
    if (rc == ERR_OK && t->section[0] == '\0')
        t->section = t->base == NULL ? OWN_SECTION : t->base->section;
    return rc;
}

static enum err_code take_trigger(struct reading *x, struct entry *t, struct err *e)
{
    const char *name, *command;
    struct import_rows *r = x->r;
    enum err_code rc = take(r, t->record, COLUMN_TRIGGER, &name, e);
    if (rc == ERR_OK)
        rc = take(r, t->record, COLUMN_COMMAND, &command, e);
    if (rc != ERR_OK)
        return rc;
    t->command = "";
    if (name[0] == '\0') {
        t->trigger = t->base == NULL ? TRIGGER_EVENT : t->base->trigger;
        if (t->base != NULL && t->base->command != NULL)
            t->command = t->base->command;
        r->n_untriggered += t->base == NULL;
        return ERR_OK;
    }
    size_t i = 0;
    while (i < TRIGGER_COUNT && !column_same(name, table_trigger_name((enum table_trigger)i)))
        i++;
    if (i == TRIGGER_COUNT)
        return rows_problem(r, t->record, COLUMN_TRIGGER, e,
                            "\"%s\", expected command, schedule or event", name);
    t->trigger = (enum table_trigger)i;
    t->command = command;
    if ((t->trigger == TRIGGER_COMMAND) != (command[0] != '\0'))
        return rows_problem(r, t->record, COLUMN_COMMAND, e,
                            t->trigger == TRIGGER_COMMAND
                                ? "is empty, expected the payload that triggers it"
                                : "\"%s\" where the trigger is no command",
                            command);
    return ERR_OK;
}

static enum err_code add_use_case(struct reading *x, struct entry *t, const char **list,
                                  const char *written, struct err *e)
{
    struct import_rows *r = x->r;
    const char *name;
    bool own;
    if (t->n_use_case == USE_CASES_MOST)
        return rows_problem(r, t->record, COLUMN_USE_CASE, e, "more than %d use cases",
                            USE_CASES_MOST);
    enum err_code rc = registry_use_case(r->registry, written, t->section, &name, &own, e);
    if (rc != ERR_OK)
        return rc;
    if (own && names_find(&x->used, name) == NAMES_NONE) {
        char text[300];
        (void)snprintf(text, sizeof text,
                       "use case \"%.200s\" is none of the base table's, a new one", name);
        if (!names_put(&x->used, &r->arena, name, 0))
            return no_memory(r, e);
        rc = tell(r, r->notes, t->record, COLUMN_USE_CASE, text, e);
    }
    for (size_t i = 0; i < t->n_use_case; i++)
        if (strcmp(list[i], name) == 0)
            return rc;
    list[t->n_use_case++] = name;
    return rc;
}

static enum err_code take_use_cases(struct reading *x, struct entry *t, struct err *e)
{
    const char *text;
    const char *list[USE_CASES_MOST];
    enum err_code rc = take(x->r, t->record, COLUMN_USE_CASE, &text, e);
    for (const char *p = text; rc == ERR_OK && *p != '\0';) {
        size_t n = strcspn(p, ";");
        const char *part = arena_strndup(&x->r->arena, p, n);
        const char *name = part == NULL ? NULL : trimmed(x->r, part);
        if (name == NULL)
            return no_memory(x->r, e);
        if (name[0] != '\0')
            rc = add_use_case(x, t, list, name, e);
        p += n + (p[n] == ';');
    }
    for (size_t i = 0;
         rc == ERR_OK && text[0] == '\0' && t->base != NULL && i < t->base->n_use_case; i++)
        rc = add_use_case(x, t, list, t->base->use_case[i], e);
    if (rc == ERR_OK && t->n_use_case == 0)
        rc = add_use_case(x, t, list, OWN_USE_CASE, e);
    const char **kept = arena_alloc(&x->r->arena, t->n_use_case * sizeof *kept + 1);
    if (rc != ERR_OK)
        return rc;
    if (kept == NULL)
        return no_memory(x->r, e);
    memcpy(kept, list, t->n_use_case * sizeof *kept);
    t->use_case = kept;
    return ERR_OK;
}

/* Whether the record says that people know of this column's members that do not parse. */
static bool is_known(const struct import_rows *r, const struct sheet_record *record,
                     enum table_cell cell)
{
    const char *name = cell_column_name(cell);
    size_t len = strlen(name);
    for (const char *p = column_cell(r->in->columns, record, COLUMN_UNRESOLVED); *p != '\0';) {
        p += strspn(p, "; ");
        size_t n = strcspn(p, "; ");
        if (n == len && memcmp(p, name, n) == 0)
            return true;
        p += n;
    }
    return false;
}

/* What of a cell does not parse. */
static enum err_code check_cell(struct import_rows *r, struct sheet_record *record,
                                enum table_cell column, const char *text, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct cell cell;
    enum err_code rc = cell_parse(column, text, &a, &cell, e);
    if (rc == ERR_LIMIT)
        rc = rows_problem(r, record, rows_column(column), e, "%s", e->text);
    else
        for (size_t i = 0; i < cell.n_item && rc == ERR_OK; i++) {
            const struct cell_item *it = &cell.item[i];
            char told[1000];
            if (it->kind != ITEM_UNRESOLVED)
                continue;
            (void)snprintf(told, sizeof told, "\"%.300s\": %s", it->text, it->why);
            if (r->in->keep_unresolved || is_known(r, record, column)) {
                r->n_unresolved++;
                rc = tell(r, r->notes, record, rows_column(column), told, e);
            } else {
                rc = rows_problem(r, record, rows_column(column), e, "%s", told);
            }
        }
    arena_release(&a);
    return rc;
}

/* A cell that the sheet of the payloads, or the base table, may have where the sheet has not. */
static const char *cell_of(const struct reading *x, const struct entry *t, enum table_cell column)
{
    const struct rows_input *in = x->r->in;
    const char *text = column_cell(in->columns, t->record, rows_column(column));
    if (column >= CELL_FROM || text[0] != '\0')
        return text;
    size_t at = names_find(&x->sheet_payloads, t->payload);
    if (column == CELL_ATTRIBUTES && at != NAMES_NONE)
        return column_cell(in->payload_columns, &in->payloads->record[at], COLUMN_ATTRIBUTES);
    return in->columns->at[rows_column(column)] == SHEET_NOWHERE && t->base != NULL
               ? t->base->cell[column]
               : text;
}

static enum err_code take_cells(struct reading *x, struct entry *t, struct err *e)
{
    struct import_rows *r = x->r;
    enum err_code rc = ERR_OK;
    for (size_t c = 0; c < CELL_COUNT && rc == ERR_OK; c++) {
        enum table_cell column = (enum table_cell)c;
        t->cell[c] = cell_of(x, t, column);
        /* Where no sheet has the column nothing was written that could be wrong. */
        bool nowhere = r->in->columns->at[rows_column(column)] == SHEET_NOWHERE;
        if (!nowhere ||
            (t->cell[c][0] != '\0' && (t->base == NULL || t->cell[c] != t->base->cell[c])))
            rc = check_cell(r, t->record, column, t->cell[c], e);
        bool end = column == CELL_FROM || column == CELL_TO;
        if (rc == ERR_OK && end && t->readings[0] == '\0' && !t->record->listed &&
            t->cell[c][strspn(t->cell[c], " \t\r\n,")] == '\0')
            rc = rows_problem(r, t->record, rows_column(column), e,
                              "names no actor, expected one at the least");
    }
    return rc;
}

static enum err_code take_facts(struct reading *x, struct entry *t, struct err *e)
{
    struct import_rows *r = x->r;
    const char *lics, *cia;
    enum payload_facts facts = FACTS_TAKEN;
    size_t at = names_find(&x->sheet_payloads, t->payload);
    enum err_code rc = take(r, t->record, COLUMN_LICS, &lics, e);
    if (rc == ERR_OK)
        rc = take(r, t->record, COLUMN_CIA, &cia, e);
    if (rc == ERR_OK && lics[0] == '\0' && cia[0] == '\0' && at != NAMES_NONE) {
        const struct sheet_record *p = &r->in->payloads->record[at];
        lics = trimmed(r, column_cell(r->in->payload_columns, p, COLUMN_LICS));
        cia = trimmed(r, column_cell(r->in->payload_columns, p, COLUMN_CIA));
        if (lics == NULL || cia == NULL)
            return no_memory(r, e);
    }
    if (rc == ERR_OK && cia[0] != '\0' && (strchr("HML", cia[0]) == NULL || cia[1] != '-'))
        return rows_problem(r, t->record, COLUMN_CIA, e, "\"%s\", expected levels such as H-M-L",
                            cia);
    if (rc == ERR_OK)
        rc = registry_payload(r->registry, t->payload, t->section, lics, cia, &facts, e);
    if (rc != ERR_OK || facts == FACTS_TAKEN)
        return rc;
    return rows_problem(r, t->record, COLUMN_CIA, e,
                        facts == FACTS_HALF
                            ? "categories and levels, expected both or neither"
                            : "other categories or levels than another row gives payload \"%s\"",
                        t->payload);
}

static enum err_code take_payload(struct import_rows *r, struct sheet_record *record,
                                  const char **out, struct err *e)
{
    enum err_code rc = take(r, record, COLUMN_PAYLOAD, out, e);
    if (rc == ERR_OK && strpbrk(*out, " \t\r\n") != NULL)
        return rows_problem(r, record, COLUMN_PAYLOAD, e,
                            "\"%s\", expected the name of a payload, which has no blanks", *out);
    return rc;
}

static enum err_code parent(struct reading *x, struct sheet_record *record, struct err *e)
{
    struct import_rows *r = x->r;
    struct entry *t = &r->entry[r->n_entry++];
    *t = (struct entry){.record = record, .group = NOTHING, .next = NOTHING, .leg = ""};
    enum err_code rc = take_payload(r, record, &t->payload, e);
    if (rc == ERR_OK && t->payload[0] == '\0')
        rc = rows_problem(r, record, COLUMN_PAYLOAD, e, "is empty, expected the payload's name");
    if (rc == ERR_OK)
        rc = take(r, record, COLUMN_TYPE, &t->type, e);
    if (rc == ERR_OK && t->type[0] == '\0')
        rc = rows_problem(r, record, COLUMN_TYPE, e, "is empty, expected the payload's type");
    if (rc == ERR_OK)
        rc = take(r, record, COLUMN_REF, &t->ref, e);
    if (rc == ERR_OK)
        rc = take(r, record, COLUMN_DATAFLOW, &t->dataflow, e);
    t->requirement = column_cell(r->in->columns, record, COLUMN_REQUIREMENT);
    t->readings = column_cell(r->in->columns, record, COLUMN_READINGS);
    r->n_optional += rc == ERR_OK && table_asks_optional(t->requirement);
    if (rc == ERR_OK)
        rc = take_section(x, t, e);
    if (rc == ERR_OK)
        rc = take_trigger(x, t, e);
    if (rc == ERR_OK)
        rc = take_use_cases(x, t, e);
    if (rc == ERR_OK)
        rc = take_cells(x, t, e);
    return rc == ERR_OK ? take_facts(x, t, e) : rc;
}

static enum err_code part(struct reading *x, struct sheet_record *record, struct err *e)
{
    static const enum table_cell cell[] = {
        CELL_FROM, CELL_TO, CELL_RELIABILITY, CELL_LATENCY, CELL_WHEN, CELL_HOW_OFTEN, CELL_SIZE};
    struct import_rows *r = x->r;
    struct child *c = &r->child[r->n_child++];
    *c = (struct child){.record = record, .parent = NOTHING, .leg = ""};
    enum err_code rc = take_payload(r, record, &c->payload, e);
    if (rc == ERR_OK)
        rc = take(r, record, COLUMN_SECTION, &c->section, e);
    for (size_t i = 0; i < sizeof cell / sizeof cell[0] && rc == ERR_OK; i++) {
        const char *text = column_cell(r->in->columns, record, rows_column(cell[i]));
        bool blank = text[strspn(text, " \t\r\n")] == '\0';
        bool limit = cell[i] == CELL_RELIABILITY || cell[i] == CELL_LATENCY || cell[i] == CELL_SIZE;
        if (!blank)
            rc = check_cell(r, record, cell[i], text, e);
        else if (limit || (cell[i] <= CELL_TO && c->payload[0] != '\0'))
            rc = rows_problem(r, record, rows_column(cell[i]), e,
                              "is empty, expected what this part of the way has");
    }
    return rc;
}

static enum err_code prepare(struct reading *x, struct err *e)
{
    struct import_rows *r = x->r;
    const struct rows_input *in = r->in;
    r->entry = arena_alloc(&r->arena, in->sheet->n * sizeof *r->entry + 1);
    r->child = arena_alloc(&r->arena, in->sheet->n * sizeof *r->child + 1);
    r->group = arena_alloc(&r->arena, in->sheet->n * sizeof *r->group + 1);
    if (r->entry == NULL || r->child == NULL || r->group == NULL)
        return no_memory(r, e);
    for (size_t i = 0; in->base != NULL && i < in->base->n_row; i++)
        if (!names_put(&x->base_payloads, &r->arena, in->base->row[i].payload, i))
            return no_memory(r, e);
    enum err_code rc = ERR_OK;
    for (size_t i = in->payloads == NULL ? 0 : in->payload_columns->heading + 1;
         rc == ERR_OK && in->payloads != NULL && i < in->payloads->n; i++) {
        const struct sheet_record *p = &in->payloads->record[i];
        const char *name = trimmed(r, column_cell(in->payload_columns, p, COLUMN_PAYLOAD));
        if (name == NULL)
            return no_memory(r, e);
        size_t at = names_find(&x->sheet_payloads, name);
        if (name[0] == '\0' || at != NAMES_NONE)
            rc = problems_add(r->problems, in->payloads, p->row, p->line,
                              in->payload_columns->at[COLUMN_PAYLOAD], "Payload Name", e,
                              name[0] == '\0' ? "is empty, expected the payload's name"
                                              : "\"%s\" a second time, it stands in row %ld",
                              name, at == NAMES_NONE ? 0 : in->payloads->record[at].row);
        else if (!names_put(&x->sheet_payloads, &r->arena, name, i))
            return no_memory(r, e);
    }
    return rc;
}

/* Payloads of their sheet that no row has would otherwise be lost without a word. */
static enum err_code note_unused(struct reading *x, struct err *e)
{
    struct import_rows *r = x->r;
    const struct rows_input *in = r->in;
    struct names used = {NULL, 0, 0};
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < r->n_entry; i++)
        if (!names_put(&used, &r->arena, r->entry[i].payload, i))
            return no_memory(r, e);
    for (size_t i = in->payloads == NULL ? 0 : in->payload_columns->heading + 1;
         rc == ERR_OK && in->payloads != NULL && i < in->payloads->n; i++) {
        const struct sheet_record *p = &in->payloads->record[i];
        const char *name = trimmed(r, column_cell(in->payload_columns, p, COLUMN_PAYLOAD));
        if (name == NULL)
            return no_memory(r, e);
        if (names_find(&used, name) == NAMES_NONE)
            rc = problems_add(r->notes, in->payloads, p->row, p->line,
                              in->payload_columns->at[COLUMN_PAYLOAD], NULL, e,
                              "no row has payload \"%s\", it is left out", name);
    }
    return rc;
}

/* A command has to be a payload of the table. */
static enum err_code check_commands(struct import_rows *r, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < r->n_entry && rc == ERR_OK; i++)
        if (r->entry[i].command != NULL && r->entry[i].command[0] != '\0' &&
            !registry_has_payload(r->registry, r->entry[i].command))
            rc = rows_problem(r, r->entry[i].record, COLUMN_COMMAND, e,
                              "\"%s\" is the payload of no row", r->entry[i].command);
    return rc;
}

enum err_code rows_read(struct import_rows *r, struct err *e)
{
    struct reading x = {.r = r};
    enum err_code rc = prepare(&x, e);
    const struct sheet *s = r->in->sheet;
    for (size_t i = r->in->columns->heading + 1; i < s->n && rc == ERR_OK; i++) {
        struct sheet_record *record = &s->record[i];
        const char *type;
        rc = take(r, record, COLUMN_ROW_TYPE, &type, e);
        if (rc != ERR_OK)
            break;
        if (column_same(type, "P") || column_same(type, "parent"))
            rc = parent(&x, record, e);
        else if (column_same(type, "C") || column_same(type, "child"))
            rc = part(&x, record, e);
        else
            rc = rows_problem(r, record, COLUMN_ROW_TYPE, e,
                              "\"%s\", expected P (parent) or C (child)", type);
    }
    if (rc == ERR_OK && r->n_entry == 0 && r->problems->n == 0)
        rc = problems_add(r->problems, s, 0, 0, SHEET_NOWHERE, NULL, e,
                          "has no parent row, expected one at the least");
    if (rc == ERR_OK)
        rc = check_commands(r, e);
    if (rc == ERR_OK)
        rc = note_unused(&x, e);
    return rc;
}

void rows_release(struct import_rows *r)
{
    arena_release(&r->arena);
}
