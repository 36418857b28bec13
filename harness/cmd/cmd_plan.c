/* gridassay plan: what will run, how many trials, how long, and why a row is in or out. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/base/buf.h"
#include "harness/base/clock.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/plan_text.h"
#include "harness/plan/build.h"

#define NAMES_MAX 64

static const char help[] =
    "usage: gridassay plan --eut STATEMENT --profile PROFILE [OPTION]...\n"
    "Shows what a run would do; drives nothing.\n\n"
    "  --eut FILE        the vendor's statement of the equipment under test\n"
    "  --profile FILE    the lab's deployment profile\n"
    "  --suite NAME      only this use case, section or folder of scenarios (may be repeated)\n"
    "  --row ID          only this row, such as 4.10.4.1/on-demand_Mtr-read_cmd (may be repeated)\n"
    "  --table FILE      another requirement table\n"
    "  --arm             allow operations that switch power\n"
    "  --explain ID      one row: its readings, limits, rule, and what each rests on\n"
    "  --write FILE      write the plan itself, plan.xml\n"
    "  --format FORM     table (the default) or xml, on standard output\n"
    "  --help\n\n"
    "Exit status: 0 a plan was made, 2 usage or configuration, 3 harness error, 6 the scope\n"
    "contradicts itself, 77 nothing applicable.\n";

struct request {
    struct plan_options o;
    const char *suite[NAMES_MAX], *row[NAMES_MAX];
    const char *explain, *write;
    bool xml;
};

static int usage(const char *text, const char *what)
{
    (void)fprintf(stderr, "gridassay plan: %s%s; gridassay plan --help tells more\n", text, what);
    return EXIT_USAGE;
}

static bool add_name(const char **list, size_t *n, const char *name)
{
    if (*n == NAMES_MAX)
        return false;
    list[(*n)++] = name;
    return true;
}

/* -1: go on; else the exit status. */
static int read_arguments(int argc, char **argv, struct request *r)
{
    static const struct option options[] = {
        {"eut", required_argument, NULL, 'e'},
        {"profile", required_argument, NULL, 'p'},
        {"suite", required_argument, NULL, 's'},
        {"row", required_argument, NULL, 'r'},
        {"table", required_argument, NULL, 't'},
        {"arm", no_argument, NULL, 'a'},
        {"explain", required_argument, NULL, 'x'},
        {"write", required_argument, NULL, 'w'},
        {"format", required_argument, NULL, 'f'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int c;
    opterr = 0;
    optind = 1;
    while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
        bool room = true;
        switch (c) {
        case 'e':
            r->o.statement = optarg;
            break;
        case 'p':
            r->o.profile = optarg;
            break;
        case 's':
            room = add_name(r->suite, &r->o.n_suite, optarg);
            break;
        case 'r':
            room = add_name(r->row, &r->o.n_row, optarg);
            break;
        case 't':
            r->o.table = optarg;
            break;
        case 'a':
            r->o.arm = true;
            break;
        case 'x':
            r->explain = optarg;
            break;
        case 'w':
            r->write = optarg;
            break;
        case 'f':
            r->xml = strcmp(optarg, "xml") == 0;
            if (!r->xml && strcmp(optarg, "table") != 0)
                return usage("--format is table or xml, not ", optarg);
            break;
        case 'h':
            (void)fputs(help, stdout);
            return 0;
        case ':':
            return usage("an argument is missing behind ", argv[optind - 1]);
        default:
            return usage("unknown option ", argv[optind - 1]);
        }
        if (!room)
            return usage("too many names: ", optarg);
    }
    if (optind < argc)
        return usage("unexpected argument ", argv[optind]);
    if (r->o.statement == NULL)
        return usage("--eut STATEMENT is missing", "");
    if (r->o.profile == NULL)
        return usage("--profile PROFILE is missing", "");
    return -1;
}

static size_t terminal_width(void)
{
    struct winsize w;
    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0
               ? w.ws_col
               : 0;
}

/* A row outside the profile is explained by the table alone. */
static enum err_code explain(const struct request *r, const struct plan *p, struct buf *out,
                             struct err *e)
{
    struct table *t = NULL;
    enum err_code rc = table_load(r->o.table, &t, e);
    if (rc == ERR_OK)
        rc = plan_explain(p, t, r->explain, out, e);
    table_free(t);
    return rc;
}

static enum err_code show(const struct request *r, struct plan *p, struct err *e)
{
    struct buf out;
    buf_init(&out, 64u << 20);
    enum err_code rc = ERR_OK;
    if (r->write != NULL)
        rc = plan_write(p, r->write, e);
    if (rc == ERR_OK && r->explain != NULL)
        rc = explain(r, p, &out, e);
    else if (rc == ERR_OK && r->xml)
        rc = plan_format(p, &out, e);
    else if (rc == ERR_OK)
        rc = plan_table(p, terminal_width(), &out, e);
    if (rc == ERR_OK && out.len > 0 && fwrite(out.data, 1, out.len, stdout) != out.len)
        rc = err_set(e, ERR_SYS, "standard output can't be written");
    if (rc == ERR_OK && fflush(stdout) != 0)
        rc = err_set(e, ERR_SYS, "standard output can't be written");
    buf_release(&out);
    return rc;
}

static bool nothing_applies(const struct plan *p)
{
    for (size_t i = 0; i < p->n_row; i++)
        if (p->row[i].role != PLAN_NOT_APPLICABLE)
            return false;
    return true;
}

int cmd_plan(int argc, char **argv)
{
    struct request r = {0};
    struct err e = ERR_INIT;
    struct plan *p = NULL;
    int status = read_arguments(argc, argv, &r);
    if (status != -1)
        return status;
    r.o.suite = r.suite;
    r.o.row = r.row;
    enum err_code rc = plan_build(&r.o, &p, &e);
    if (rc == ERR_OK)
        rc = show(&r, p, &e);
    status = rc != ERR_OK ? (int)err_exit(rc) : nothing_applies(p) ? EXIT_NOTHING : EXIT_ALL_PASS;
    if (rc != ERR_OK)
        (void)fprintf(stderr, "gridassay plan: %s\n", e.text);
    else if (status == EXIT_NOTHING)
        (void)fprintf(stderr, "gridassay plan: no row of the profile applies to this equipment\n");
    plan_free(p);
    return status;
}
