/* Every scenario that ships: it loads, stands where its section and use case say, and declares what
 * its rows need. */
#include <glob.h>
#include <libgen.h>
#include <stdlib.h>

#include "harness/base/where.h"
#include "harness/script/script.h"
#include "harness/table/table.h"
#include "tests/tap.h"

#define SCENARIOS (5 + 5 + 10)

static struct table *table;
static const struct binding *bindings;
static size_t n_bindings;

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

static bool declares(const struct scenario *s, const char *payload)
{
    for (size_t i = 0; i < s->n_payload; i++)
        if (strcmp(s->payload[i].payload, payload) == 0 && s->payload[i].row_section == NULL)
            return true;
    return false;
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

static void scenario_is_whole(const struct scenario *s)
{
    bool all = true, any = false;
    for (size_t i = 0; i < s->n_payload; i++) {
        const struct scenario_payload *p = &s->payload[i];
        if (!ok(bound(p->payload), "%s: %s has a binding", s->section, p->payload))
            continue;
        /* 4.15.3 only describes payloads: the one place without rows */
        if (p->row_section != NULL && strcmp(p->row_section, "4.15.3") != 0)
            ok(row_of(p->row_section, p->payload) != NULL, "%s: %s has its row in %s", s->section,
               p->payload, p->row_section);
    }
    for (size_t i = 0; i < table->n_row; i++) {
        const struct table_row *r = &table->row[i];
        if (strcmp(r->section, s->section) != 0)
            continue;
        any = true;
        if (!declares(s, r->payload)) {
            printf("# %s is not declared\n", r->id);
            all = false;
        }
    }
    ok(any && all, "%s: every row of the section is declared", s->section);
    ok(s->has_preamble && s->has_postamble, "%s: it has preamble and postamble", s->section);
    ok(!s->power || s->exclusive, "%s: what switches power has its device for itself", s->section);
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
    is_int(files.gl_pathc, SCENARIOS, "there are %d scenarios", SCENARIOS);
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
    globfree(&files);
    table_free(table);
    script_free(s);
    return done_testing();
}
