/* gridassay plan: what will run, how many trials, how long, and why a row is in or out. */
#include <stdio.h>
#include <string.h>

#include "harness/base/buf.h"
#include "harness/base/clock.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/options.h"
#include "harness/cmd/plan_text.h"
#include "harness/cmd/show.h"

static const char help[] =
    "usage: gridassay plan --eut STATEMENT --profile PROFILE [OPTION]...\n"
    "Shows what a run would do; drives nothing.\n\n"
    "  --eut FILE        the vendor's statement of the equipment under test\n"
    "  --profile FILE    the lab's deployment profile\n"
    "  --suite NAME      only this use case, section or folder of scenarios (may be repeated)\n"
    "  --row ID          only this row, such as 4.10.4.1/on-demand_Mtr-read_cmd (may be repeated)\n"
    "  --mode MODE       baseload or highload: only rows with that flag of PAP02\n"
    "  --trace FILE      with highload: send the payloads of this trace to the equipment, at its\n"
    "                    times, beside the trials (gridassay traffic --trace makes one)\n"
    "  --table FILE      another requirement table\n"
    "  --arm             allow operations that switch power\n"
    "  --trials-most N   a budget of N trials for each row\n"
    "  --certification   as gridassay run would take it (exit 6 names what is wrong)\n"
    "  --explain ID      one row: its readings, limits, rule, what each rests on; and why it is\n"
    "                    in or out, from the profile by its decisions to the role\n"
    "  --write FILE      write the plan itself, plan.xml\n"
    "  --format FORM     table (the default) or xml, on standard output\n"
    "  --help\n\n"
    "Exit status: 0 a plan was made, 2 usage or configuration, 3 harness error, 6 the scope\n"
    "contradicts itself, 77 nothing applicable.\n";

struct request {
    struct options o;
    const char *explain, *write;
    bool xml;
};

/* -1: go on; else the exit status. */
static int read_arguments(int argc, char **argv, struct request *r)
{
    enum { EXPLAIN = OPTION_OWN, WRITE, FORMAT };
    static const struct option table[] = {
        OPTIONS_OF_SCOPE,
        OPTION_TO_ARM,
        OPTION_OF_BUDGET,
        OPTION_OF_CERTIFICATION,
        {"explain", required_argument, NULL, EXPLAIN},
        {"write", required_argument, NULL, WRITE},
        {"format", required_argument, NULL, FORMAT},
        OPTIONS_END,
    };
    int c, status = -1;
    options_init(&r->o, argv[0], help);
    while (status == -1 && (c = getopt_long(argc, argv, OPTIONS_SHORT, table, NULL)) != -1)
        switch (c) {
        case EXPLAIN:
            r->explain = optarg;
            break;
        case WRITE:
            r->write = optarg;
            break;
        case FORMAT:
            r->xml = strcmp(optarg, "xml") == 0;
            if (!r->xml && strcmp(optarg, "table") != 0)
                return options_usage(&r->o, "--format takes table or xml, not", optarg);
            break;
        default:
            status = options_take(&r->o, c, argv);
        }
    if (status != -1)
        return status;
    if (optind < argc)
        return options_usage(&r->o, "unexpected argument", argv[optind]);
    if (r->o.plan.statement == NULL)
        return options_usage(&r->o, "missing", "--eut STATEMENT");
    if (r->o.plan.profile == NULL)
        return options_usage(&r->o, "missing", "--profile PROFILE");
    return options_certification(&r->o);
}

/* A row outside the profile is explained by the table alone. */
static enum err_code explain(const struct request *r, const struct plan *p, struct buf *out,
                             struct err *e)
{
    struct table *t = NULL;
    enum err_code rc = table_load(r->o.plan.table, &t, e);
    if (rc == ERR_OK)
        rc = plan_explain(p, t, r->explain, out, e);
    if (rc == ERR_OK)
        rc = plan_chain(p, t, r->o.plan.profile, r->explain, out, e);
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
        rc = plan_table(p, show_width(), &out, e);
    if (rc == ERR_OK)
        rc = show_bytes(&out, stdout, e);
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
    enum err_code rc = plan_build(&r.o.plan, &p, &e);
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
