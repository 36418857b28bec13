/* gridassay compare: what got better or worse between two runs. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/num.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/options.h"
#include "harness/cmd/show.h"
#include "harness/report/compare.h"

static const char help[] =
    "usage: gridassay compare A B [OPTION]...\n"
    "Sets run B beside run A: rows that got better or worse, changed, are new or gone, and tests\n"
    "whether latencies and shares of successes differ by more than chance. A and B are folders of\n"
    "runs, or run.xml files: without the exchanges of both, latencies are not tested.\n\n"
    "  --level-percent P   of all tests together, after Holm (1)\n"
    "  --least-shift-percent P, --least-limit-percent P   a latency counts that moved by so much\n"
    "                    of what it was (10) and of its limit (0.1), and by more than the harness\n"
    "                    took\n"
    "  --partial         B is a part of A on purpose: what is gone is told, makes nothing worse\n"
    "  --expected FILE   failures that are known (gridassay run --help): one that B has in the\n"
    "                    way listed makes nothing worse\n"
    "  --format FORMAT   text (the default) or xml\n"
    "  --output FILE     instead of standard output\n"
    "  --help\n\n"
    "Exit status: 0 nothing worse, 1 something is: a verdict, a status, a row gone, or a\n"
    "significant change; 2 usage or an unusable file, 3 harness error, 4 nothing worse, but what\n"
    "is expected to fail passes.\n";

struct compare_command {
    const char *subject[2], *expected, *output;
    struct compare_options options;
    bool xml;
};

/* What there is of a run. */
struct run_files {
    char result[PATH_MAX], plan[PATH_MAX], exchanges[PATH_MAX]; /* "" not there */
};

static enum err_code join(char *out, const char *folder, const char *name, bool needed,
                          struct err *e)
{
    int n = snprintf(out, PATH_MAX, "%s/%s", folder, name);
    if (n < 0 || n >= PATH_MAX)
        return err_set(e, ERR_USAGE, "%s: path is too long", folder);
    if (!needed && access(out, F_OK) == -1)
        out[0] = '\0';
    return ERR_OK;
}

static enum err_code locate(const char *subject, struct run_files *f, struct err *e)
{
    struct stat st;
    *f = (struct run_files){.plan = ""};
    if (stat(subject, &st) == -1)
        return err_set(e, ERR_DATA, "%s: %s; expected a run's folder or its run.xml", subject,
                       strerror(errno));
    if (!S_ISDIR(st.st_mode)) {
        int n = snprintf(f->result, sizeof f->result, "%s", subject);
        return n < 0 || (size_t)n >= sizeof f->result
                   ? err_set(e, ERR_USAGE, "%s: path is too long", subject)
                   : ERR_OK;
    }
    enum err_code rc = join(f->result, subject, "run.xml", true, e);
    if (rc == ERR_OK)
        rc = join(f->plan, subject, "plan.xml", false, e);
    return rc == ERR_OK ? join(f->exchanges, subject, "exchanges", false, e) : rc;
}

static enum err_code make(const struct compare_command *o, const struct run_files file[2],
                          struct result *const r[2], struct plan *const plan[2], struct text *t,
                          int *status, struct err *e)
{
    struct compare *c = NULL;
    enum err_code rc = compare_new(r[0], r[1], &o->options, &c, e);
    bool both = file[0].exchanges[0] != '\0' && file[1].exchanges[0] != '\0';
    for (int i = 0; i < 2 && rc == ERR_OK && both; i++)
        rc = compare_exchanges(c, i == 1, file[i].exchanges, e);
    if (rc == ERR_OK)
        rc = compare_settings(c, plan[0], plan[1], e);
    if (rc == ERR_OK)
        rc = compare_conclude(c, e);
    if (rc == ERR_OK) {
        *status = compare_exit(c);
        if (o->xml)
            compare_xml(c, t);
        else
            compare_text(c, o->subject[0], o->subject[1], o->output == NULL && show_colour(stdout),
                         t);
    }
    compare_free(c);
    return rc;
}

static enum err_code compare(const struct compare_command *o, int *status, struct err *e)
{
    struct run_files file[2];
    struct result *r[2] = {NULL, NULL};
    struct plan *plan[2] = {NULL, NULL};
    struct expected *expected = NULL;
    struct text t;
    text_init(&t);
    enum err_code rc = ERR_OK;
    for (int i = 0; i < 2 && rc == ERR_OK; i++) {
        rc = locate(o->subject[i], &file[i], e);
        if (rc == ERR_OK)
            rc = result_read(file[i].result, &r[i], e);
        if (rc == ERR_OK && file[i].plan[0] != '\0')
            rc = plan_read(file[i].plan, &plan[i], e);
        if (rc == ERR_OK && plan[i] != NULL && strcmp(plan[i]->digest, r[i]->plan_digest) != 0)
            rc =
                err_set(e, ERR_DATA, "%s: run.xml beside it belongs to another plan", file[i].plan);
    }
    if (rc == ERR_OK)
        rc = show_expected(o->expected, &expected, e);
    if (rc == ERR_OK && expected != NULL)
        rc = expected_apply(expected, r[1], e);
    if (rc == ERR_OK)
        rc = make(o, file, r, plan, &t, status, e);
    if (rc == ERR_OK && !o->xml)
        expected_text(expected, r[1], &t);
    if (rc == ERR_OK)
        rc = text_done(&t, e);
    if (rc == ERR_OK && o->output != NULL)
        rc = buf_write_file(o->output, t.buf.data, t.buf.len, e);
    else if (rc == ERR_OK)
        rc = show_text(&t, stdout, e);
    text_release(&t);
    expected_free(expected);
    for (int i = 0; i < 2; i++) {
        plan_free(plan[i]);
        result_free(r[i]);
    }
    return rc;
}

/* Per cent with decimals, as parts per million. */
static bool percent(const char *text, int64_t least_ppm, int64_t most_ppm, int64_t *ppm)
{
    return num_fixed(text, strlen(text), 10000, ppm) && *ppm >= least_ppm && *ppm <= most_ppm;
}

int cmd_compare(int argc, char **argv)
{
    enum { LEVEL = OPTION_OWN, SHIFT, LIMIT, PARTIAL, FORMAT, OUTPUT };
    static const struct option table[] = {
        {"level-percent", required_argument, NULL, LEVEL},
        {"least-shift-percent", required_argument, NULL, SHIFT},
        {"least-limit-percent", required_argument, NULL, LIMIT},
        {"partial", no_argument, NULL, PARTIAL},
        {"expected", required_argument, NULL, OPTION_EXPECTED},
        {"format", required_argument, NULL, FORMAT},
        {"output", required_argument, NULL, OUTPUT},
        OPTIONS_END,
    };
    struct options common;
    struct compare_command o = {
        .options = {.level_ppm = 10000, .least_shift_ppm = 100000, .least_limit_ppm = 1000}};
    int c;
    options_init(&common, argv[0], help);
    while ((c = getopt_long(argc, argv, OPTIONS_SHORT, table, NULL)) != -1)
        switch (c) {
        case LEVEL:
            if (!percent(optarg, 1, 500000, &o.options.level_ppm))
                return options_usage(&common, "--level-percent takes 0.0001 to 50, not", optarg);
            break;
        case SHIFT:
            if (!percent(optarg, 0, 1000000000, &o.options.least_shift_ppm))
                return options_usage(&common, "--least-shift-percent takes 0 to 100000, not",
                                     optarg);
            break;
        case LIMIT:
            if (!percent(optarg, 0, 1000000, &o.options.least_limit_ppm))
                return options_usage(&common, "--least-limit-percent takes 0 to 100, not", optarg);
            break;
        case PARTIAL:
            o.options.partial = true;
            break;
        case FORMAT:
            o.xml = strcmp(optarg, "xml") == 0;
            if (!o.xml && strcmp(optarg, "text") != 0)
                return options_usage(&common, "--format takes text or xml, not", optarg);
            break;
        case OUTPUT:
            o.output = optarg;
            break;
        case OPTION_EXPECTED:
            o.expected = optarg;
            break;
        default:
            return options_take(&common, c, argv);
        }
    if (optind + 1 >= argc)
        return options_usage(&common, "missing", optind == argc ? "A and B" : "B");
    if (optind + 2 < argc)
        return options_usage(&common, "unexpected argument", argv[optind + 2]);
    o.subject[0] = argv[optind];
    o.subject[1] = argv[optind + 1];
    struct err e = ERR_INIT;
    int status = EXIT_ALL_PASS;
    enum err_code rc = compare(&o, &status, &e);
    if (rc == ERR_OK)
        return status;
    (void)fprintf(stderr, "gridassay: %s\n", e.text);
    return err_exit(rc);
}
