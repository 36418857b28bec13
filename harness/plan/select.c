#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "harness/plan/build_parts.h"
#include "harness/table/cell.h"

#define LONGEST_NAME 120

/* Levenshtein distance without regard to case; far for long names. */
static size_t distance(const char *x, const char *y)
{
    size_t nx = strlen(x), ny = strlen(y);
    size_t line[LONGEST_NAME + 1];
    if (nx > LONGEST_NAME || ny > LONGEST_NAME)
        return LONGEST_NAME;
    for (size_t j = 0; j <= ny; j++)
        line[j] = j;
    for (size_t i = 1; i <= nx; i++) {
        size_t corner = line[0];
        line[0] = i;
        for (size_t j = 1; j <= ny; j++) {
            size_t change = corner + (strncasecmp(&x[i - 1], &y[j - 1], 1) != 0);
            size_t least = line[j] < line[j - 1] ? line[j] + 1 : line[j - 1] + 1;
            corner = line[j];
            line[j] = change < least ? change : least;
        }
    }
    return line[ny];
}

/* The three names nearest to a wrong one, gathered one by one. */
struct near {
    const char *wanted;
    const char *name[3];
    size_t far[3];
};

static void near_offer(struct near *n, const char *name)
{
    size_t far = strcasestr(name, n->wanted) != NULL ? 1 : distance(name, n->wanted);
    for (size_t i = 0; i < 3; i++)
        if (n->name[i] != NULL && strcmp(n->name[i], name) == 0)
            return;
    for (size_t i = 0; i < 3; i++) {
        if (n->name[i] != NULL && n->far[i] <= far)
            continue;
        for (size_t k = 2; k > i; k--) {
            n->name[k] = n->name[k - 1];
            n->far[k] = n->far[k - 1];
        }
        n->name[i] = name;
        n->far[i] = far;
        return;
    }
}

static void near_fault(struct build *b, const struct near *n, const char *kind)
{
    char list[400] = "";
    size_t used = 0;
    for (size_t i = 0; i < 3 && n->name[i] != NULL && used < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s\"%s\"", i == 0 ? "" : ", ",
                                 n->name[i]);
    build_fault(b, ERR_USAGE, "no %s \"%s\" in the profile's scope; nearest: %s", kind, n->wanted,
                list[0] == '\0' ? "none" : list);
}

/* By section ("4.10", "4.10.4.1"), use case, its folder, or a folder of scenarios of one's own. */
static bool suite_names(const char *suite, const struct build_row *r)
{
    const struct table_use_case *u = r->use;
    char folder[LONGEST_NAME], file[4096];
    struct stat st;
    if (profile_covers(suite, r->source->id, r->source->section) ||
        strcasecmp(suite, r->use_case) == 0)
        return true;
    for (int i = 0; u != NULL && i < 2; i++) {
        const char *name = i == 0 ? u->name : u->chapter;
        (void)snprintf(folder, sizeof folder, "%s", name);
        for (char *p = folder; *p != '\0'; p++)
            if (*p == '/')
                *p = '-';
        if (strcasecmp(suite, name) == 0 || strcasecmp(suite, folder) == 0)
            return true;
    }
    (void)snprintf(file, sizeof file, "%s/%s.lua", suite, r->source->section);
    return stat(file, &st) == 0;
}

static void check_suites(struct build *b)
{
    for (size_t i = 0; i < b->o->n_suite; i++) {
        struct near near = {b->o->suite[i], {NULL}, {0}};
        bool found = false;
        for (size_t k = 0; k < b->n_row && !found; k++) {
            found = suite_names(b->o->suite[i], &b->row[k]);
            near_offer(&near, b->row[k].use_case);
            near_offer(&near, b->row[k].source->section);
        }
        if (!found)
            near_fault(b, &near, "suite");
    }
}

static void check_rows(struct build *b)
{
    for (size_t i = 0; i < b->o->n_row; i++) {
        struct near near = {b->o->row[i], {NULL}, {0}};
        bool found = false;
        for (size_t k = 0; k < b->n_row && !found; k++) {
            found = strcmp(b->o->row[i], b->row[k].source->id) == 0;
            near_offer(&near, b->row[k].source->id);
        }
        if (!found)
            near_fault(b, &near, "row");
    }
}

/* "X - VVC" holds for Volt/VAR alone. */
static bool flag_holds(const char *mode, const char *use_case)
{
    return mode == NULL || strstr(use_case, mode) != NULL ||
           (strcmp(mode, "VVC") == 0 && strncmp(use_case, "Volt/VAR", 8) == 0);
}

/* Whether the row carries the flag of the PAP02 mode that is driven. */
static bool of_mode(const struct build_row *r, const char *pap02)
{
    bool high = pap02 != NULL && strcmp(pap02, "highload") == 0;
    const struct cell *c = &r->source->parsed[high ? CELL_HIGHLOAD : CELL_BASELOAD];
    for (size_t i = 0; pap02 != NULL && i < c->n_item; i++)
        if (c->item[i].kind == ITEM_FLAG && c->item[i].as.flag.set &&
            flag_holds(c->item[i].as.flag.mode, r->use_case))
            return true;
    return pap02 == NULL;
}

void build_select(struct build *b)
{
    const struct plan_options *o = b->o;
    check_suites(b);
    check_rows(b);
    for (size_t k = 0; k < b->n_row && b->rc == ERR_OK; k++) {
        bool suite = o->n_suite == 0, row = o->n_row == 0;
        for (size_t i = 0; i < o->n_suite && !suite; i++)
            suite = suite_names(o->suite[i], &b->row[k]);
        for (size_t i = 0; i < o->n_row && !row; i++)
            row = strcmp(o->row[i], b->row[k].source->id) == 0;
        bool mode = of_mode(&b->row[k], o->pap02);
        const char *left_out = b->row[k].left_out;
        b->row[k].of_mode = mode && left_out == NULL;
        b->row[k].selected = suite && row && mode && left_out == NULL;
        b->row[k].idle = left_out != NULL ? left_out
                         : !suite || !row ? PLAN_UNSELECTED
                         : !mode ? build_text(b, "its row has no %s flag (--mode)", o->pap02)
                                 : NULL;
    }
}
