/* gridassay score: judge a stored run again, or a capture that came from elsewhere. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/buf.h"
#include "harness/base/file.h"
#include "harness/base/limits.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/options.h"
#include "harness/cmd/show.h"
#include "harness/evidence/capfile.h"
#include "harness/journal/journal.h"
#include "harness/run/folder.h"
#include "harness/run/supervise.h"

static const char help[] =
    "usage: gridassay score RUN [OPTION]...\n"
    "       gridassay score CAPTURE --eut STATEMENT --profile PROFILE [OPTION]...\n"
    "Judges a stored run again (its folder), or a capture (pcap or pcapng) that came from "
    "elsewhere.\n"
    "Without a journal every command in the capture counts as an attempt, and the report says that "
    "the\n"
    "traffic was not driven by gridassay.\n\n"
    "  --eut FILE        the vendor's statement: who is the equipment\n"
    "  --profile FILE    the lab's deployment profile\n"
    "  --plan FILE       a frozen plan instead of statement and profile\n"
    "  --journal FILE    the driver's journal of the same run\n"
    "  --suite NAME, --row ID, --mode MODE, --table FILE   as for gridassay run\n"
    "  --out FOLDER      where the result goes (results/DATE-TIME-NONCE)\n"
    "  --force           replace a result that the folder holds\n"
    "  --tap FORM        13 (nested, the default), 14, flat or none, on standard output\n"
    "  --expected FILE   failures that are known, as for gridassay run\n"
    "  --help\n\n"
    "Exit status as gridassay run.\n";

struct score_options {
    struct options o;
    const char *subject, *plan_file, *journal;
};

static enum err_code show(const char *folder, const struct options *o, struct expected *expected,
                          int *status, struct err *e)
{
    struct result *r = NULL;
    enum err_code rc = show_result(folder, &r, e);
    if (rc == ERR_OK && expected != NULL)
        rc = expected_apply(expected, r, e);
    if (rc != ERR_OK) {
        result_free(r);
        return rc;
    }
    *status = show_status(r);
    if (o->tap_form >= 0) {
        struct text t;
        text_init(&t);
        report_tap(r, (enum tap_form)o->tap_form, &t);
        rc = show_text(&t, stdout, e);
        text_release(&t);
    }
    if (rc == ERR_OK)
        rc = show_conclusion(r, folder, NULL, expected, o->tap_form >= 0, e);
    result_free(r);
    return rc;
}

static enum err_code in_run(char *out, const char *folder, const char *name, struct err *e)
{
    enum err_code rc = file_in(out, folder, name, e);
    if (rc != ERR_OK)
        return rc;
    if (access(out, R_OK) == -1)
        return err_set(e, ERR_DATA, "%s: not there; expected the folder of a run", out);
    return ERR_OK;
}

/* Byte for byte: the journal names a frozen plan by its digest. */
static enum err_code copy_plan(const char *from, const char *to, struct err *e)
{
    struct buf text;
    buf_init(&text, LIMIT_XML_FILE_BYTES);
    enum err_code rc = buf_read_file(&text, from, e);
    if (rc == ERR_OK)
        rc = buf_write_file(to, text.data, text.len, e);
    buf_release(&text);
    return rc;
}

/* Whether the folder's file of that name is path itself, by whatever name. */
static bool is_own_file(const char *folder, const char *name, const char *path)
{
    char own[PATH_MAX];
    return file_in(own, folder, name, NULL) == ERR_OK && file_same(own, path);
}

/* A run of ours may have been killed before a file held anything; one that is named is meant to
 * hold something. */
static enum err_code check_named(const char *capture, const char *journal, struct err *e)
{
    struct capfile *c = NULL;
    struct journal_reader *j = NULL;
    struct journal_record r;
    enum err_code rc = capture == NULL ? ERR_OK : capfile_open(capture, false, &c, e);
    if (rc == ERR_OK && journal != NULL)
        rc = journal_open(journal, false, &j, e);
    if (rc == ERR_OK && journal != NULL)
        rc = journal_next(j, &r, e);
    capfile_close(c);
    journal_reader_close(j);
    return rc;
}

static enum err_code score(const struct score_options *s, int *status, struct err *e)
{
    struct plan *plan = NULL;
    struct expected *expected = NULL;
    char folder[PATH_MAX], plan_file[PATH_MAX + 16], capture[PATH_MAX], journal[PATH_MAX];
    char from[PATH_MAX] = "";
    const char *journal_at = s->journal;
    struct stat st;
    enum err_code rc = ERR_OK;
    if (stat(s->subject, &st) == -1)
        return err_set(e, ERR_DATA, "%s: not there; expected a run's folder or a capture",
                       s->subject);
    bool stored = S_ISDIR(st.st_mode);
    (void)snprintf(capture, sizeof capture, "%s", s->subject);
    if (stored) {
        if (s->o.plan.statement != NULL || s->o.plan.profile != NULL)
            return err_set(e, ERR_USAGE,
                           "a stored run has its plan: --eut and --profile say nothing");
        rc = in_run(from, s->subject, "plan.xml", e);
        if (rc == ERR_OK)
            rc = run_evidence(s->subject, capture, journal, e);
        if (rc != ERR_OK)
            return rc;
        if (journal_at == NULL)
            journal_at = journal;
    }
    rc = check_named(stored ? NULL : capture, s->journal, e);
    if (rc != ERR_OK)
        return rc;
    if (s->plan_file != NULL)
        (void)snprintf(from, sizeof from, "%s", s->plan_file);
    if (rc == ERR_OK)
        rc = from[0] != '\0' ? plan_read(from, &plan, e) : plan_build(&s->o.plan, &plan, e);
    if (rc == ERR_OK)
        rc = show_expected(s->o.expected, &expected, e);
    if (rc == ERR_OK && expected != NULL)
        rc = expected_check(expected, plan, e);
    if (rc != ERR_OK)
        goto out;
    if (s->o.out != NULL)
        (void)snprintf(folder, sizeof folder, "%s", s->o.out);
    else
        folder_name(plan, folder, sizeof folder);
    if (is_own_file(folder, "capture.pcapng", capture) || is_own_file(folder, "plan.xml", from) ||
        (journal_at != NULL && is_own_file(folder, "journal", journal_at))) {
        rc = err_set(e, ERR_USAGE,
                     "%s: holds the evidence, which is never written over; name "
                     "another folder with --out",
                     folder);
        goto out;
    }
    rc = folder_make(folder, s->o.force, e);
    (void)snprintf(plan_file, sizeof plan_file, "%s/plan.xml", folder);
    if (rc == ERR_OK)
        rc = from[0] != '\0' ? copy_plan(from, plan_file, e) : plan_write(plan, plan_file, e);
    if (rc != ERR_OK)
        goto out;
    rc = run_judge(plan_file, capture, journal_at, folder, e);
    if (rc == ERR_DATA || rc == ERR_SCOPE || rc == ERR_EVIDENCE) { /* the judge has told why */
        folder_undo(folder);
        *e = (struct err)ERR_INIT;
    }
    if (rc == ERR_OK)
        rc = show(folder, &s->o, expected, status, e);
out:
    expected_free(expected);
    plan_free(plan);
    return rc;
}

int cmd_score(int argc, char **argv)
{
    enum { PLAN = OPTION_OWN, JOURNAL };
    static const struct option table[] = {
        OPTIONS_OF_SCOPE,
        OPTIONS_OF_RESULT,
        {"plan", required_argument, NULL, PLAN},
        {"journal", required_argument, NULL, JOURNAL},
        OPTIONS_END,
    };
    struct score_options s = {0};
    int c, status = -1;
    options_init(&s.o, argv[0], help);
    s.o.plan.arm = true;
    while (status == -1 && (c = getopt_long(argc, argv, OPTIONS_SHORT, table, NULL)) != -1)
        switch (c) {
        case PLAN:
            s.plan_file = optarg;
            break;
        case JOURNAL:
            s.journal = optarg;
            break;
        default:
            status = options_take(&s.o, c, argv);
        }
    if (status != -1)
        return status;
    if (optind >= argc)
        return options_usage(&s.o, "missing", "RUN or CAPTURE");
    s.subject = argv[optind++];
    if (optind < argc)
        return options_usage(&s.o, "unexpected argument", argv[optind]);
    struct stat st;
    bool folder = stat(s.subject, &st) == 0 && S_ISDIR(st.st_mode);
    if (!folder && s.plan_file == NULL && (s.o.plan.statement == NULL || s.o.plan.profile == NULL))
        return options_usage(&s.o, "a capture needs", "--eut and --profile, or --plan");
    struct err e = ERR_INIT;
    status = 0;
    enum err_code rc = score(&s, &status, &e);
    if (rc != ERR_OK) {
        if (e.text[0] != '\0')
            (void)fprintf(stderr, "gridassay: %s\n", e.text);
        return status == EXIT_FAIL ? EXIT_FAIL : err_exit(rc);
    }
    return status;
}
