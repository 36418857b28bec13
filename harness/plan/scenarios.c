#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/base/sha256.h"
#include "harness/plan/build_parts.h"

/* The file that drives a section: of a folder named by --suite, else below suites/. "" none. */
static void find_file(struct build *b, const char *section, char *out, size_t size)
{
    struct stat st;
    for (size_t i = 0; i < b->o->n_suite; i++) {
        (void)snprintf(out, size, "%s/%s.lua", b->o->suite[i], section);
        if (stat(out, &st) == 0)
            return;
    }
    char pattern[PATH_MAX];
    glob_t found = {0};
    (void)snprintf(pattern, sizeof pattern, "%ssuites/*/%s.lua", b->home, section);
    int rc = glob(pattern, 0, NULL, &found);
    (void)snprintf(out, size, "%s", rc == 0 ? found.gl_pathv[0] : "");
    globfree(&found);
}

/* What a scenario declares has to be in the table, and somebody has to know how it is carried. */
static void check(struct build *b, struct build_scenario *x)
{
    const struct scenario *s = x->script;
    size_t at = 0;
    x->row = build_room(b, s->n_payload * sizeof *x->row);
    if (build_use_case(b->table, s->use_case, &at) == NULL)
        build_fault(b, ERR_SCRIPT, "%s: use case \"%s\" is none of the requirement table", x->file,
                    s->use_case);
    for (size_t i = 0; i < s->n_payload && b->rc == ERR_OK; i++) {
        const struct scenario_payload *p = &s->payload[i];
        const char *section = p->row_section == NULL ? s->section : p->row_section;
        char id[300];
        (void)snprintf(id, sizeof id, "%s/%s", section, p->payload);
        x->row[i] = table_row_by_id(b->table, id);
        if (x->row[i] == NULL)
            build_fault(b, ERR_SCRIPT,
                        "%s: payload \"%s\", but section %s has no such row; a "
                        "supporting one names its section",
                        x->file, p->payload, section);
        else if (plan_binding_by_payload(b->plan, p->payload) == -1)
            build_fault(b, ERR_SCRIPT, "%s: payload \"%s\" has no binding in lua/bindings/",
                        x->file, p->payload);
    }
}

const struct scenario_payload *build_listed(const struct scenario *s, const char *payload)
{
    for (size_t i = 0; i < s->n_payload; i++)
        if (strcmp(s->payload[i].payload, payload) == 0)
            return &s->payload[i];
    return NULL;
}

static void load(struct build *b, const char *section, const char *path)
{
    struct build_scenario *x = &b->scenario[b->n_scenario];
    struct scenario *s = NULL;
    const char *slash = strrchr(path, '/');
    const char *folder = slash;
    while (folder > path && folder[-1] != '/')
        folder--;
    x->path = build_copy(b, path);
    x->file = build_relative(b, path);
    x->suite = build_text(b, "%.*s", (int)(slash - folder), folder);
    if (b->rc == ERR_OK)
        b->rc = sha256_file(path, x->digest, b->e);
    if (b->rc == ERR_OK)
        b->rc = scenario_load(b->script, x->path, &s, b->e);
    if (b->rc != ERR_OK)
        return;
    x->script = s;
    if (strcmp(s->section, section) != 0)
        build_fault(b, ERR_SCRIPT, "%s: says section \"%s\", expected \"%s\" as in its name",
                    x->file, s->section, section);
    check(b, x);
    if (b->rc == ERR_OK)
        build_leads(b, x);
    b->n_scenario++;
}

int build_scenario_of(struct build *b, const char *section)
{
    char path[PATH_MAX];
    for (size_t k = 0; k < b->n_scenario; k++)
        if (strcmp(b->scenario[k].script->section, section) == 0)
            return (int)k;
    find_file(b, section, path, sizeof path);
    if (path[0] == '\0')
        return -1;
    load(b, section, path);
    return (int)b->n_scenario - 1;
}

void build_scenarios(struct build *b)
{
    b->scenario = build_room(b, b->n_row * sizeof *b->scenario);
    for (size_t i = 0; i < b->n_row && b->rc == ERR_OK; i++)
        if (b->row[i].selected)
            b->row[i].scenario = build_scenario_of(b, b->row[i].source->section);
}
