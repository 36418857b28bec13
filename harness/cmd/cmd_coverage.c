/* gridassay coverage: how each row of the table is exercised, and what can be scored. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/where.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/coverage.h"
#include "harness/cmd/options.h"
#include "harness/cmd/show.h"

#define STATEMENTS_MAX 64
#define PATH_BYTES 4096
#define NONCE "00000000"

static const char help[] =
    "usage: gridassay coverage [OPTION]...\n"
    "How each row of the table is exercised: by which statements, whether to, from or through the\n"
    "equipment, by what kind of exchange, which criteria are scored, and why not where not. Makes\n"
    "the plans; drives nothing.\n\n"
    "  --eut FILE        a statement (may be repeated); default: all in fixtures/equipment\n"
    "  --profile FILE    default: fixtures/profiles/sample.xml\n"
    "  --suite NAME      only this use case, section or folder of scenarios (may be repeated)\n"
    "  --row ID          only this row (may be repeated)\n"
    "  --table FILE      another requirement table\n"
    "  --format FORM     table (the default) or markdown, as the README has it\n"
    "  --help\n\n"
    "Exit status: 0 every row is exercised, 2 usage or configuration, 3 harness error, 4 a row is\n"
    "not exercised, 6 the scope contradicts itself.\n";

struct request {
    struct options o;
    char statement[STATEMENTS_MAX][PATH_BYTES];
    size_t n_statement;
    char profile[PATH_BYTES];
    bool markdown;
};

static int take_statement(struct request *r, const char *path)
{
    size_t len = strlen(path);
    if (r->n_statement == STATEMENTS_MAX)
        return options_usage(&r->o, "more than 64 statements, with", path);
    if (len >= PATH_BYTES)
        return options_usage(&r->o, "a path that is too long:", path);
    memcpy(r->statement[r->n_statement++], path, len + 1);
    return -1;
}

/* -1: go on; else the exit status. */
static int read_arguments(int argc, char **argv, struct request *r)
{
    enum { FORMAT = OPTION_OWN };
    static const struct option table[] = {
        OPTIONS_OF_SCOPE,
        {"format", required_argument, NULL, FORMAT},
        OPTIONS_END,
    };
    int c, status = -1;
    options_init(&r->o, argv[0], help);
    while (status == -1 && (c = getopt_long(argc, argv, OPTIONS_SHORT, table, NULL)) != -1)
        switch (c) {
        case FORMAT:
            r->markdown = strcmp(optarg, "markdown") == 0;
            if (!r->markdown && strcmp(optarg, "table") != 0)
                return options_usage(&r->o, "--format takes table or markdown, not", optarg);
            break;
        case OPTION_EUT:
            status = take_statement(r, optarg);
            break;
        default:
            status = options_take(&r->o, c, argv);
        }
    if (status == -1 && optind < argc)
        return options_usage(&r->o, "unexpected argument", argv[optind]);
    return status;
}

static int is_xml(const struct dirent *d)
{
    size_t len = strlen(d->d_name);
    return len > 4 && strcmp(d->d_name + len - 4, ".xml") == 0;
}

/* All statements that are shipped, by name. */
static enum err_code all_statements(struct request *r, struct err *e)
{
    char folder[PATH_BYTES];
    struct dirent **entry = NULL;
    enum err_code rc = where_data("fixtures/equipment", folder, sizeof folder, e);
    if (rc != ERR_OK)
        return rc;
    int n = scandir(folder, &entry, is_xml, alphasort);
    if (n < 0)
        return err_set(e, ERR_DATA, "%s: cannot be listed", folder);
    for (int i = 0; i < n; i++) {
        if (rc == ERR_OK && r->n_statement == STATEMENTS_MAX)
            rc = err_set(e, ERR_LIMIT, "%s: more than %d statements", folder, STATEMENTS_MAX);
        else if (rc == ERR_OK && snprintf(r->statement[r->n_statement++], PATH_BYTES, "%s/%s",
                                          folder, entry[i]->d_name) >= PATH_BYTES)
            rc = err_set(e, ERR_LIMIT, "%s/%s: the path is too long", folder, entry[i]->d_name);
        free(entry[i]);
    }
    free(entry);
    return rc;
}

/* "dms" for "fixtures/equipment/dms.xml". */
static void short_name(const char *path, char *out, size_t size)
{
    const char *base = strrchr(path, '/');
    base = base == NULL ? path : base + 1;
    size_t len = strlen(base);
    if (len > 4 && strcmp(base + len - 4, ".xml") == 0)
        len -= 4;
    (void)snprintf(out, size, "%.*s", (int)len, base);
}

static enum err_code collect(struct request *r, struct coverage *c, struct err *e)
{
    enum err_code rc = r->n_statement == 0 ? all_statements(r, e) : ERR_OK;
    if (rc == ERR_OK && r->o.plan.profile == NULL) {
        rc = where_data("fixtures/profiles/sample.xml", r->profile, sizeof r->profile, e);
        r->o.plan.profile = r->profile;
    }
    r->o.plan.arm = true; /* nothing is driven */
    r->o.plan.nonce = NONCE;
    for (size_t i = 0; i < r->n_statement && rc == ERR_OK; i++) {
        char name[256];
        struct plan *p = NULL;
        r->o.plan.statement = r->statement[i];
        rc = plan_build(&r->o.plan, &p, e);
        short_name(r->statement[i], name, sizeof name);
        if (rc == ERR_OK)
            rc = coverage_add(c, p, name, e);
        plan_free(p);
    }
    return rc;
}

static enum err_code show(const struct request *r, const struct coverage *c, struct err *e)
{
    struct buf out;
    buf_init(&out, 64u << 20);
    enum err_code rc =
        r->markdown ? coverage_markdown(c, &out, e) : coverage_table(c, show_width(), &out, e);
    if (rc == ERR_OK)
        rc = show_bytes(&out, stdout, e);
    buf_release(&out);
    return rc;
}

int cmd_coverage(int argc, char **argv)
{
    struct err e = ERR_INIT;
    struct coverage c = {0};
    struct request *r = calloc(1, sizeof *r);
    if (r == NULL) {
        (void)fputs("gridassay coverage: no memory\n", stderr);
        return EXIT_HARNESS;
    }
    int status = read_arguments(argc, argv, r);
    if (status == -1) {
        enum err_code rc = collect(r, &c, &e);
        if (rc == ERR_OK)
            rc = show(r, &c, &e);
        status = rc == ERR_OK ? EXIT_ALL_PASS : err_exit(rc);
        if (rc != ERR_OK)
            (void)fprintf(stderr, "gridassay coverage: %s\n", e.text);
        for (size_t i = 0; i < c.n_row && status == EXIT_ALL_PASS; i++)
            if (!coverage_exercised(&c.row[i]))
                status = EXIT_INCONCLUSIVE;
    }
    coverage_release(&c);
    free(r);
    return status;
}
