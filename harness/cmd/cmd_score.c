/* gridassay score: judge a stored run again, or a capture that came from elsewhere. */
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/cmd/cmd.h"
#include "harness/plan/build.h"
#include "harness/report/report.h"
#include "harness/run/folder.h"
#include "harness/run/supervise.h"
#include "harness/score/result.h"

#define NAMES_MAX 64

static const char help[] =
    "usage: gridassay score RUN [OPTION]...\n"
    "       gridassay score CAPTURE --eut STATEMENT --profile PROFILE [OPTION]...\n"
    "Judges a stored run again (its folder), or a capture (pcap or pcapng) that came from elsewhere.\n"
    "Without a journal every command in the capture counts as an attempt, and the report says that the\n"
    "traffic was not driven by gridassay.\n\n"
    "  --eut FILE        the vendor's statement: who is the equipment\n"
    "  --profile FILE    the lab's deployment profile\n"
    "  --plan FILE       a frozen plan instead of statement and profile\n"
    "  --journal FILE    the driver's journal of the same run\n"
    "  --suite NAME, --row ID, --table FILE   as for gridassay run\n"
    "  --out FOLDER      where the result goes (results/DATE-TIME-NONCE)\n"
    "  --force           replace a result that the folder holds\n"
    "  --tap FORM        13 (nested, the default), 14, flat or none, on standard output\n"
    "  --help\n\n"
    "Exit status as gridassay run.\n";

struct score_options {
    struct plan_options plan;
    const char *subject, *plan_file, *journal, *out;
    bool force;
    int tap_form;
};

static enum err_code show(const char *folder, const struct score_options *o, int *status,
                          struct err *e)
{
    char path[PATH_MAX + 16];
    (void)snprintf(path, sizeof path, "%s/run.xml", folder);
    struct result *r = NULL;
    struct text t;
    text_init(&t);
    enum err_code rc = result_read(path, &r, e);
    if (rc != ERR_OK)
        goto out;
    *status = result_exit(&r->summary);
    rc = report_write_all(r, folder, e);
    if (rc == ERR_OK)
        rc = folder_manifest(folder, NULL, e);
    if (rc != ERR_OK)
        goto out;
    if (o->tap_form >= 0) {
        report_tap(r, (enum tap_form)o->tap_form, &t);
        rc = text_done(&t, e);
        if (rc == ERR_OK)
            (void)fwrite(t.buf.data, 1, t.buf.len, stdout);
        (void)fflush(stdout);
        buf_reset(&t.buf);
    }
    if (rc == ERR_OK && (o->tap_form < 0 || isatty(STDERR_FILENO))) {
        FILE *to = o->tap_form < 0 ? stdout : stderr;
        report_summary(r, folder, isatty(fileno(to)) && getenv("NO_COLOR") == NULL, &t);
        rc = text_done(&t, e);
        if (rc == ERR_OK)
            (void)fwrite(t.buf.data, 1, t.buf.len, to);
    }
out:
    text_release(&t);
    result_free(r);
    return rc;
}

static enum err_code in_run(char *out, const char *folder, const char *name, struct err *e)
{
    int n = snprintf(out, PATH_MAX, "%s/%s", folder, name);
    if (n < 0 || n >= PATH_MAX)
        return err_set(e, ERR_USAGE, "%s: path is too long", folder);
    if (access(out, R_OK) == -1)
        return err_set(e, ERR_DATA, "%s: not there; expected the folder of a run", out);
    return ERR_OK;
}

static enum err_code score(const struct score_options *o, int *status, struct err *e)
{
    struct plan *plan = NULL;
    char folder[PATH_MAX], plan_file[PATH_MAX + 16], capture[PATH_MAX], journal[PATH_MAX];
    const char *journal_at = o->journal;
    struct stat st;
    enum err_code rc = ERR_OK;
    if (stat(o->subject, &st) == -1)
        return err_set(e, ERR_DATA, "%s: not there; expected a run's folder or a capture", o->subject);
    bool stored = S_ISDIR(st.st_mode);
    (void)snprintf(capture, sizeof capture, "%s", o->subject);
    if (stored) {
        if (o->plan.statement != NULL || o->plan.profile != NULL)
            return err_set(e, ERR_USAGE, "a stored run has its plan: --eut and --profile say nothing");
        rc = in_run(capture, o->subject, "capture.pcapng", e);
        if (rc == ERR_OK && journal_at == NULL) {
            rc = in_run(journal, o->subject, "journal", e);
            journal_at = journal;
        }
        if (rc != ERR_OK)
            return rc;
    }
    char from[PATH_MAX] = "";
    if (o->plan_file != NULL)
        (void)snprintf(from, sizeof from, "%s", o->plan_file);
    else if (stored)
        rc = in_run(from, o->subject, "plan.xml", e);
    if (rc == ERR_OK)
        rc = from[0] != '\0' ? plan_read(from, &plan, e) : plan_build(&o->plan, &plan, e);
    if (rc != ERR_OK)
        goto out;
    if (o->out != NULL)
        (void)snprintf(folder, sizeof folder, "%s", o->out);
    else
        folder_name(plan, folder, sizeof folder);
    rc = folder_make(folder, o->force, e);
    (void)snprintf(plan_file, sizeof plan_file, "%s/plan.xml", folder);
    if (rc == ERR_OK)
        rc = plan_write(plan, plan_file, e);
    if (rc == ERR_OK)
        rc = run_judge(plan_file, capture, journal_at, folder, e);
    if (rc == ERR_OK)
        rc = show(folder, o, status, e);
out:
    plan_free(plan);
    return rc;
}

static int bad_usage(const char *problem, const char *what)
{
    (void)fprintf(stderr, "gridassay score: %s %s; gridassay score --help lists the options\n",
                  problem, what);
    return EXIT_USAGE;
}

int cmd_score(int argc, char **argv)
{
    enum { EUT = 256, PROFILE, SUITE, ROW, TABLE, PLAN, JOURNAL, OUT, FORCE, TAP, HELP };
    static const struct option options[] = {
        {"eut", required_argument, NULL, EUT},         {"profile", required_argument, NULL, PROFILE},
        {"suite", required_argument, NULL, SUITE},     {"row", required_argument, NULL, ROW},
        {"table", required_argument, NULL, TABLE},     {"plan", required_argument, NULL, PLAN},
        {"journal", required_argument, NULL, JOURNAL}, {"out", required_argument, NULL, OUT},
        {"force", no_argument, NULL, FORCE},           {"tap", required_argument, NULL, TAP},
        {"help", no_argument, NULL, HELP},             {NULL, 0, NULL, 0},
    };
    const char *suite[NAMES_MAX], *row[NAMES_MAX];
    struct score_options o = {
        .plan = {.suite = suite, .row = row, .arm = true, .nonce = NULL}, .tap_form = TAP_NESTED};
    int c;
    opterr = 0;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
        switch (c) {
        case EUT:
            o.plan.statement = optarg;
            break;
        case PROFILE:
            o.plan.profile = optarg;
            break;
        case SUITE:
        case ROW:
            if ((c == SUITE ? o.plan.n_suite : o.plan.n_row) == NAMES_MAX)
                return bad_usage("more than 64 times", c == SUITE ? "--suite" : "--row");
            if (c == SUITE)
                suite[o.plan.n_suite++] = optarg;
            else
                row[o.plan.n_row++] = optarg;
            break;
        case TABLE:
            o.plan.table = optarg;
            break;
        case PLAN:
            o.plan_file = optarg;
            break;
        case JOURNAL:
            o.journal = optarg;
            break;
        case OUT:
            o.out = optarg;
            break;
        case FORCE:
            o.force = true;
            break;
        case TAP:
            o.tap_form = strcmp(optarg, "none") == 0 ? -1 : tap_form_by_name(optarg);
            if (o.tap_form == -1 && strcmp(optarg, "none") != 0)
                return bad_usage("--tap takes 13, 14, flat or none, not", optarg);
            break;
        case HELP:
            (void)fputs(help, stdout);
            return 0;
        default:
            return bad_usage("unknown or incomplete option", argv[optind - 1]);
        }
    if (optind >= argc)
        return bad_usage("missing", "RUN or CAPTURE");
    o.subject = argv[optind++];
    if (optind < argc)
        return bad_usage("unexpected argument", argv[optind]);
    struct stat st;
    bool folder = stat(o.subject, &st) == 0 && S_ISDIR(st.st_mode);
    if (!folder && o.plan_file == NULL && (o.plan.statement == NULL || o.plan.profile == NULL))
        return bad_usage("a capture needs", "--eut and --profile, or --plan");
    struct err e = ERR_INIT;
    int status = 0;
    enum err_code rc = score(&o, &status, &e);
    if (rc != ERR_OK) {
        (void)fprintf(stderr, "gridassay: %s\n", e.text);
        return status == EXIT_FAIL ? EXIT_FAIL : err_exit(rc);
    }
    return status;
}
