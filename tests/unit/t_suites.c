/* Every scenario that ships: it loads, stands where its section and use case say, and declares what
 * its rows need. */
#include <glob.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/where.h"
#include "harness/script/script.h"
#include "harness/table/table.h"
#include "tests/tap.h"

#define MAX_ROWS 512

static struct table *table;
static const struct binding *bindings;
static size_t n_bindings;
static unsigned
    driven[MAX_ROWS]; /* per row: how many scenarios have it as a payload of their own */

static bool bound(const char *payload)
{
    for (size_t i = 0; i < n_bindings; i++)
        if (strcmp(bindings[i].payload, payload) == 0)
            return true;
    return false;
}

static const struct table_row *row_of(const char *section, const char *payload)
{
    for (size_t i = 0; i < table->n_row; i++)
        if (strcmp(table->row[i].section, section) == 0 &&
            strcmp(table->row[i].payload, payload) == 0)
            return &table->row[i];
    return NULL;
}

static void place(const struct scenario *s, const char *path)
{
    char copy[4096], want[300];
    (void)snprintf(copy, sizeof copy, "%s", path);
    (void)snprintf(want, sizeof want, "%s.lua", s->section);
    is_str(basename(copy), want, "%s: the file is named by its section", s->section);
    (void)snprintf(copy, sizeof copy, "%s", path);
    (void)snprintf(want, sizeof want, "%s", s->use_case);
    for (char *c = want; *c != '\0'; c++)
        if (*c == '/')
            *c = '-';
    is_str(basename(dirname(copy)), want, "%s: the folder is named by its use case", s->section);
}

static bool is_of(const struct table_row *r, const char *use_case)
{
    for (size_t i = 0; i < r->n_use_case; i++)
        if (strcmp(r->use_case[i], use_case) == 0)
            return true;
    return false;
}

/* Each payload has its row where the scenario says, and each row of the section its payload. */
static void rows(const struct scenario *s)
{
    for (size_t i = 0; i < s->n_payload; i++) {
        const struct scenario_payload *p = &s->payload[i];
        const char *section = p->row_section == NULL ? s->section : p->row_section;
        const struct table_row *r = row_of(section, p->payload);
        ok(bound(p->payload), "%s: %s has a binding", s->section, p->payload);
        if (!ok(r != NULL, "%s: %s has its row in %s", s->section, p->payload, section))
            continue;
        if (p->row_section == NULL) {
            driven[r - table->row]++;
            ok(is_of(r, s->use_case), "%s: %s is of the use case", s->section, p->payload);
        }
    }
}

static void scenario_is_whole(const struct scenario *s)
{
    rows(s);
    ok(strcmp(s->operation, "") == 0 || s->has_postamble || strcmp(s->operation, "power") != 0,
       "%s: what switches power leaves a safe state", s->section);
    ok(strcmp(s->operation, "") == 0 || s->exclusive,
       "%s: what is operated is operated by one trial at a time", s->section);
}

int main(void)
{
    struct err e = ERR_INIT;
    struct script *s = NULL;
    char path[4096];
    glob_t files;
    enum err_code rc = where_data("lua/bindings/http.lua", path, sizeof path, &e);
    if (rc == ERR_OK)
        rc = script_new(NULL, &s, &e);
    if (rc == ERR_OK)
        rc = bindings_load(s, path, &bindings, &n_bindings, &e);
    if (rc == ERR_OK)
        rc = table_load(NULL, &table, &e);
    if (rc == ERR_OK)
        rc = where_data("suites/*/*.lua", path, sizeof path, &e);
    if (rc != ERR_OK || glob(path, 0, NULL, &files) != 0) {
        ok(false, "suites, bindings and table are there");
        printf("# %s\n", e.text);
        script_free(s);
        return done_testing();
    }
    ok(table->n_row >= 206 + 4 && table->n_row <= MAX_ROWS, "the table has all rows");
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct scenario *sc = NULL;
        if (!ok(scenario_load(s, files.gl_pathv[i], &sc, &e) == ERR_OK, "%s loads",
                files.gl_pathv[i])) {
            printf("# %s\n", e.text);
            continue;
        }
        place(sc, files.gl_pathv[i]);
        scenario_is_whole(sc);
    }
    for (size_t i = 0; i < table->n_row && i < MAX_ROWS; i++)
        is_int(driven[i], 1, "%s: one scenario drives it", table->row[i].id);
    globfree(&files);
    table_free(table);
    script_free(s);
    return done_testing();
}
