#include "harness/import/columns.h"

#include <string.h>

#define LOOKED_THROUGH 20 /* records that headings are looked for in */
#define NAMES 4

static const struct {
    const char *title;
    const char *also[NAMES]; /* NULL behind the last */
} columns[COLUMN_COUNT] = {
    [COLUMN_REF] = {"Rqmt Ref", {"Requirement Ref", "Reqmt Ref"}},
    [COLUMN_ROW_TYPE] = {"Row Type", {NULL}},
    [COLUMN_DATAFLOW] = {"Data-Flow Ref", {"dataflow"}},
    [COLUMN_FROM] = {"Data Flow From Actor", {"from", "From Actor"}},
    [COLUMN_TO] = {"Data Flow to Actor", {"to", "To Actor"}},
    [COLUMN_REQUIREMENT] = {"Requirements", {"Requirement"}},
    [COLUMN_PAYLOAD] = {"Payload Name", {"payload"}},
    [COLUMN_TYPE] = {"Payload Type", {"type"}},
    [COLUMN_WHEN] = {"Daily Clock Periods of Primary Occurrence",
                     {"when", "Daily Clock Periods", "Daily Clock Period of Primary Occurrence"}},
    [COLUMN_HOW_OFTEN] = {"How Often", {NULL}},
    [COLUMN_RELIABILITY] = {"Reliability", {NULL}},
    [COLUMN_LATENCY] = {"Latency", {NULL}},
    [COLUMN_SIZE] = {"App Payload Size", {"size", "Application Payload Size"}},
    [COLUMN_ATTRIBUTES] = {"Payload Attributes", {"attributes"}},
    [COLUMN_LICS] = {"Security LICs - NISTIR 7628", {"lics", "Security LICs"}},
    [COLUMN_CIA] = {"Payload C-I-A Risk Values",
                    {"cia", "C-I-A Risk Values", "Security C-I-A Risk Values"}},
    [COLUMN_BASELOAD] = {"baseload", {NULL}},
    [COLUMN_HIGHLOAD] = {"highload", {NULL}},
    [COLUMN_SECTION] = {"section", {NULL}},
    [COLUMN_USE_CASE] = {"use case", {"use cases"}},
    [COLUMN_TRIGGER] = {"trigger", {NULL}},
    [COLUMN_COMMAND] = {"command", {NULL}},
    [COLUMN_PARENT] = {"parent", {NULL}},
    [COLUMN_READINGS] = {"readings", {NULL}},
    [COLUMN_UNRESOLVED] = {"unresolved", {NULL}},
    [COLUMN_REGISTER] = {"register", {NULL}},
};

const char *column_title(enum column column)
{
    return columns[column].title;
}

/* The next letter or digit from *p on, in lower case; '\0' at the end. */
static char next(const char **p)
{
    while (**p != '\0') {
        char c = *(*p)++;
        if (c >= 'A' && c <= 'Z')
            return (char)(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            return c;
    }
    return '\0';
}

bool column_same(const char *a, const char *b)
{
    for (;;) {
        char x = next(&a), y = next(&b);
        if (x != y)
            return false;
        if (x == '\0')
            return true;
    }
}

static enum column column_of(const char *heading)
{
    for (size_t c = 0; c < COLUMN_COUNT; c++) {
        if (column_same(heading, columns[c].title))
            return (enum column)c;
        for (size_t i = 0; i < NAMES && columns[c].also[i] != NULL; i++)
            if (column_same(heading, columns[c].also[i]))
                return (enum column)c;
    }
    return COLUMN_COUNT;
}

size_t columns_known(const struct sheet_record *record)
{
    bool seen[COLUMN_COUNT + 1] = {false};
    size_t n = 0;
    for (size_t i = 0; i < record->n; i++) {
        enum column c = column_of(record->cell[i]);
        n += c != COLUMN_COUNT && !seen[c];
        seen[c] = true;
    }
    return n;
}

static bool needed(enum column column, bool payloads)
{
    if (!payloads)
        return column <= COLUMN_SIZE;
    return column == COLUMN_PAYLOAD || column == COLUMN_ATTRIBUTES || column == COLUMN_LICS ||
           column == COLUMN_CIA;
}

/* The headings that are there, for a message. */
static enum err_code list(const struct sheet_record *r, struct buf *out, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < r->n && rc == ERR_OK && out->len < 600; i++)
        if (r->cell[i][0] != '\0')
            rc = buf_printf(out, e, "%s\"%.40s\"", out->len == 0 ? "" : ", ", r->cell[i]);
    return rc == ERR_OK && out->len == 0 ? buf_puts(out, "none", e) : rc;
}

/* Derived by gridassay rows, or texts that the table does not keep. */
static bool left_out(const char *heading)
{
    static const char *const name[] = {"id", "variants", "why", "unlisted"};
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
        if (column_same(heading, name[i]))
            return true;
    return false;
}

static enum err_code take(const struct sheet *s, const struct sheet_record *r, size_t at,
                          struct columns *out, struct sheet_problems *problems,
                          struct sheet_problems *notes, struct err *e)
{
    char name[8];
    const char *heading = r->cell[at];
    enum column c = column_of(heading);
    if (column_same(heading, "")) /* nothing, or nothing but signs */
        return ERR_OK;
    size_t before = SHEET_NOWHERE;
    for (size_t i = 0; i < at && before == SHEET_NOWHERE; i++)
        if (column_same(r->cell[i], heading) || (c != COLUMN_COUNT && column_of(r->cell[i]) == c))
            before = i;
    if (before != SHEET_NOWHERE)
        return problems_add(problems, s, r->row, r->line, at, heading, e,
                            "a second column of this meaning, the first is column %s \"%.60s\"",
                            sheet_column_name(before, name), r->cell[before]);
    if (c != COLUMN_COUNT)
        out->at[c] = at;
    else if (!left_out(heading))
        return problems_add(notes, s, r->row, r->line, at, heading, e,
                            "no column of the table, it is left out");
    return ERR_OK;
}

enum err_code columns_find(const struct sheet *s, bool payloads, struct columns *out,
                           struct sheet_problems *problems, struct sheet_problems *notes,
                           struct err *e)
{
    size_t best = 0;
    out->heading = 0;
    for (size_t c = 0; c < COLUMN_COUNT; c++)
        out->at[c] = SHEET_NOWHERE;
    for (size_t i = 0; i < s->n && i < LOOKED_THROUGH; i++) {
        size_t n = columns_known(&s->record[i]);
        if (n > best) {
            best = n;
            out->heading = i;
        }
    }
    if (s->n == 0)
        return problems_add(problems, s, 0, 0, SHEET_NOWHERE, NULL, e,
                            "is empty, expected a row of headings and rows of requirements");
    const struct sheet_record *r = &s->record[out->heading];
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < r->n && rc == ERR_OK; i++)
        rc = take(s, r, i, out, problems, notes, e);
    struct buf have;
    buf_init(&have, 4096);
    if (rc == ERR_OK)
        rc = list(r, &have, e);
    for (size_t c = 0; c < COLUMN_COUNT && rc == ERR_OK; c++)
        if (out->at[c] == SHEET_NOWHERE && needed((enum column)c, payloads))
            rc = problems_add(problems, s, r->row, r->line, SHEET_NOWHERE, NULL, e,
                              "no column \"%s\"; the headings here are %s", columns[c].title,
                              have.data);
    buf_release(&have);
    return rc;
}

const char *column_cell(const struct columns *c, const struct sheet_record *r, enum column column)
{
    size_t at = c->at[column];
    return at == SHEET_NOWHERE || at >= r->n ? "" : r->cell[at];
}
