/* gridassay run: drive, capture, score, report. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/bundle/contents.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/options.h"
#include "harness/cmd/plan_text.h"
#include "harness/cmd/run_campaign.h"
#include "harness/cmd/run_resume.h"
#include "harness/cmd/show.h"
#include "harness/plan/rule_io.h"
#include "harness/report/progress.h"
#include "harness/run/folder.h"
#include "harness/run/supervise.h"

static const char help[] =
    "usage: gridassay run --eut STATEMENT --profile PROFILE [OPTION]...\n"
    "       gridassay run --resume RUN [OPTION]...\n"
    "       gridassay run --failed RUN [OPTION]...\n"
    "Drives the equipment, captures the traffic, scores it and reports.\n\n"
    "  --eut FILE        the vendor's statement of the equipment under test\n"
    "  --profile FILE    the lab's deployment profile\n"
    "  --suite NAME      only this use case or section (may be repeated)\n"
    "  --row ID          only this row, such as 4.10.4.1/on-demand_Mtr-read_cmd (may be repeated)\n"
    "  --mode MODE       baseload or highload: only rows with that flag of PAP02\n"
    "  --trace FILE      with highload: send the payloads of this trace to the equipment, at its\n"
    "                    times, beside the trials (gridassay traffic --trace makes one)\n"
    "  --table FILE      another requirement table\n"
    "  --arm             allow operations that switch power\n"
    "  --trials-most N   a budget of N trials for each row\n"
    "  --out FOLDER      where the run goes (results/DATE-TIME-NONCE)\n"
    "  --force           replace a run that the folder holds\n"
    "  --ledger FOLDER   of the campaigns' ledgers (ledger, beside the run's folder), or one "
    "ledger's\n"
    "                    file; none: the run counts for no claim\n"
    "  --tap FORM        13 (nested, the default), 14, flat or none, on standard output\n"
    "  --expected FILE   failures that are known: each must fail in the way listed; then 0 says\n"
    "                    that nothing else failed, 1 that something did, or in another way, and 4\n"
    "                    that one passes, or something not listed is inconclusive or the like\n"
    "  --certification   only with the settings of one (exit 6 names what is not): the whole\n"
    "                    profile with the use cases that it cannot do without, no overlay without\n"
    "                    a source, the default risks or stricter, a ledger, a clean version of\n"
    "                    gridassay; recorded in the result\n"
    "  --resume RUN      go on with the run in that folder, which was cut short: the same inputs,\n"
    "                    a folder of its own; what RUN decided is not driven again, and what it\n"
    "                    cut stands against a pass\n"
    "  --failed RUN      only the rows of that run that did not pass, from their own start\n"
    "  --help\n\n"
    "Ctrl-C ends the run in order: open trials end, the equipment is put back, and what was "
    "captured\n"
    "is scored. A second one ends the driver at once.\n\n"
    "Exit status: 0 all rows in scope passed, 1 a row failed, 2 usage or configuration, 3 harness\n"
    "error, 4 something inconclusive, not exercised or not scorable, 5 the ledger or the evidence\n"
    "of RUN does not verify, 6 the scope contradicts itself, 77 nothing applicable.\n";

struct run_before { /* folders, NULL: not asked for */
    const char *resume, *failed;
};

struct live_report {
    const struct plan *plan;
    struct expected *expected; /* NULL: no list */
    struct text text;
    struct tap tap;
    bool tap_on;
    size_t next; /* the row that TAP waits for */
    bool *final; /* per row */
    struct progress progress;
    struct progress_numbers numbers;
};

static void tap_out(struct live_report *l)
{
    if (l->text.buf.len > 0)
        (void)fwrite(l->text.buf.data, 1, l->text.buf.len, stdout);
    (void)fflush(stdout);
    buf_reset(&l->text.buf);
}

/* Rows go out in plan order, so one that is final waits for those before it. */
static void tap_rows(struct live_report *l, const struct result *r, bool ended)
{
    if (!l->tap_on)
        return;
    while (l->next < r->n_row && (ended || l->final[l->next]))
        tap_row(&l->tap, &r->row[l->next++]);
    tap_out(l);
}

static void on_row_final(void *arg, uint32_t row, const char *verdict, const char *live_result)
{
    struct live_report *l = arg;
    if (l->final[row])
        return;
    l->final[row] = true;
    l->numbers.rows_done += l->plan->row[row].n_variant > 0;
    if (strcmp(verdict, "pass") == 0)
        l->numbers.pass++;
    else if (strcmp(verdict, "fail") == 0)
        l->numbers.fail++;
    else if (strcmp(verdict, "inconclusive") == 0)
        l->numbers.inconclusive++;
    else if (l->plan->row[row].n_variant > 0)
        l->numbers.other++;
    struct result *r = NULL;
    if (l->tap_on && row == l->next && result_read(live_result, &r, NULL) == ERR_OK &&
        (l->expected == NULL || expected_apply(l->expected, r, NULL) == ERR_OK))
        tap_rows(l, r, false);
    result_free(r);
}

static void on_progress(void *arg, const struct run_counts *c)
{
    struct live_report *l = arg;
    l->numbers.done = c->done;
    l->numbers.open = c->open;
    progress_update(&l->progress, &l->numbers, clock_mono_ns());
}

static void on_note(void *arg, const char *text)
{
    struct live_report *l = arg;
    progress_clear(&l->progress);
    (void)fprintf(stderr, "gridassay: %s\n", text);
}

/* How many criteria the row's result will show. */
static size_t asked_criteria(const struct plan_row *row)
{
    size_t n = 0;
    for (size_t i = 0; i < row->n_variant; i++) {
        const struct plan_variant *v = &row->variant[i];
        n += CRITERION_ALWAYS + plan_asked(v->scored_rate, v->why_rate) +
             plan_asked(v->scored_confidentiality, v->why_confidentiality);
    }
    return n;
}

static enum err_code live_begin(struct live_report *l, const struct plan *p, int tap_form,
                                struct err *e)
{
    l->plan = p;
    l->tap_on = tap_form >= 0;
    text_init(&l->text);
    l->final = calloc(p->n_row + 1, sizeof *l->final);
    if (l->final == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %zu rows", p->n_row);
    uint64_t points = 0;
    for (size_t i = 0; i < p->n_row; i++) {
        if (l->tap_on)
            points += tap_points((enum tap_form)tap_form, asked_criteria(&p->row[i]));
        l->numbers.rows += p->row[i].n_variant > 0;
    }
    for (size_t i = 0; i < p->n_scenario; i++)
        for (size_t k = 0; k < p->scenario[i].n_case; k++)
            l->numbers.planned += plan_case_trials(p, &p->scenario[i].kase[k]);
    if (l->tap_on) {
        const struct tap_terms terms = {rule_kind_word[p->risks.kind], p->confidence_ppm,
                                        p->risks.consumer_ppm, p->risks.producer_own_ppm,
                                        p->risks.clustering_ppm};
        tap_begin(&l->tap, &l->text, (enum tap_form)tap_form, points, &terms);
        tap_out(l);
    }
    progress_begin(&l->progress, STDERR_FILENO, clock_mono_ns());
    return ERR_OK;
}

/* What is told when all is over; the exit status. */
static int conclude(struct live_report *l, const char *folder, const struct run_end *end,
                    struct err *e)
{
    struct result *r = NULL;
    enum err_code rc = show_result(folder, &r, e);
    if (rc == ERR_OK && l->expected != NULL)
        rc = expected_apply(l->expected, r, e);
    if (rc != ERR_OK) {
        result_free(r);
        return err_exit(rc);
    }
    if (l->tap_on) {
        tap_rows(l, r, true);
        tap_end(&l->tap, r);
        tap_expected(&l->tap, r);
        tap_out(l);
    }
    int status = show_status(r);
    rc = show_conclusion(r, folder, end, l->expected, l->tap_on, e);
    result_free(r);
    /* A fail once decided survives a later error. */
    if (status != EXIT_FAIL && (rc != ERR_OK || end->harness_fault))
        status = EXIT_HARNESS;
    if (rc == ERR_OK && end->harness_fault)
        (void)fprintf(stderr,
                      "gridassay: exit status %d: the harness failed on the way; what was "
                      "captured is scored in %s\n",
                      status, folder);
    return rc != ERR_OK && status != EXIT_FAIL ? err_exit(rc) : status;
}

/* The plan of the run: made anew, or with regard to an earlier one. */
static enum err_code make_plan(const struct options *o, const struct run_before *before,
                               struct plan **out, struct err *e)
{
    if (before->resume != NULL)
        return resume_plan(before->resume, &o->plan, out, e);
    if (before->failed != NULL)
        return failed_plan(before->failed, &o->plan, out, e);
    return plan_build(&o->plan, out, e);
}

/* Not even with --force does a run replace the one that it follows. */
static enum err_code check_apart(const struct run_before *before, const char *folder, struct err *e)
{
    const char *run = before->resume != NULL ? before->resume : before->failed;
    struct stat x, y;
    if (run == NULL || stat(run, &x) == -1 || stat(folder, &y) == -1 || x.st_dev != y.st_dev ||
        x.st_ino != y.st_ino)
        return ERR_OK;
    return err_set(e, ERR_USAGE,
                   "%s: holds the earlier run, which is never written over; name another folder "
                   "with --out",
                   folder);
}

static int run(const struct options *o, const struct run_before *before, struct err *e)
{
    struct plan *plan = NULL;
    struct live_report live = {0};
    struct run_end end = {0};
    struct campaign campaign = {.file = {.fd = -1}};
    char folder[PATH_MAX];
    int status;
    enum err_code rc = show_expected(o->expected, &live.expected, e);
    if (rc == ERR_OK)
        rc = make_plan(o, before, &plan, e);
    if (rc == ERR_OK && live.expected != NULL)
        rc = expected_check(live.expected, plan, e);
    if (rc == ERR_CLOSED) {
        (void)fprintf(stderr, "gridassay: all rows of %s passed; nothing is run\n", before->failed);
        expected_free(live.expected);
        return EXIT_NOTHING;
    }
    if (rc != ERR_OK)
        goto out;
    if (plan->n_scenario == 0) {
        (void)fprintf(stderr, "gridassay: no row in scope concerns this equipment; "
                              "gridassay plan tells why\n");
        expected_free(live.expected);
        plan_free(plan);
        return EXIT_NOTHING;
    }
    if (o->out != NULL)
        (void)snprintf(folder, sizeof folder, "%s", o->out);
    else
        folder_name(plan, folder, sizeof folder);
    rc = check_apart(before, folder, e);
    if (rc != ERR_OK)
        goto out;
    rc = run_campaign_find(&campaign, plan, folder, o->ledger,
                           before->resume != NULL ? before->resume : before->failed, e);
    if (rc == ERR_OK)
        rc = folder_make(folder, o->force, e);
    if (rc != ERR_OK) /* what it holds is another run's */
        goto out;
    if (before->resume != NULL)
        rc = resume_keep(before->resume, folder, plan, e);
    if (rc == ERR_OK)
        rc = contents_keep(plan, folder, e);
    if (rc == ERR_OK)
        rc = run_campaign_begin(&campaign, plan, folder, e);
    if (rc != ERR_OK) {
        resume_undo(folder, plan);
        contents_unkeep(plan, folder);
        folder_undo(folder);
    } else
        rc = live_begin(&live, plan, o->tap_form, e);
    if (rc != ERR_OK)
        goto out;
    const struct run_observer observer = {on_row_final, on_progress, on_note, &live};
    const struct run_options ro = {
        .plan = plan, .folder = folder, .arm = o->plan.arm, .observer = &observer};
    rc = run_supervise(&ro, &end, e);
    progress_end(&live.progress);
    if (rc != ERR_OK && live.tap_on) {
        tap_bail(&live.tap, e->text);
        tap_out(&live);
    }
out:
    status = rc == ERR_OK ? conclude(&live, folder, &end, e) : err_exit(rc);
    status = run_campaign_end(&campaign, plan, folder, status);
    if (e->code != ERR_OK)
        (void)fprintf(stderr, "gridassay: %s\n", e->text);
    text_release(&live.text);
    free(live.final);
    expected_free(live.expected);
    plan_free(plan);
    return status;
}

/* What goes with --resume and --failed, and what each needs. -1: fine. */
static int check(const struct options *o, const struct run_before *before)
{
    bool scope =
        o->plan.n_suite > 0 || o->plan.n_row > 0 || o->plan.pap02 != NULL || o->plan.trace != NULL;
    if (o->plan.certification && before->failed != NULL)
        return options_usage(o, "--certification and --failed", "exclude each other");
    if (o->plan.certification && before->resume != NULL)
        return options_usage(o, "--certification", "is that of the earlier run");
    if (options_certification(o) != -1)
        return EXIT_USAGE;
    if (before->resume != NULL && before->failed != NULL)
        return options_usage(o, "--resume and --failed", "exclude each other");
    if ((before->resume != NULL || before->failed != NULL) && scope)
        return options_usage(o, "--suite, --row, --mode and --trace",
                             "are those of the earlier run");
    if (before->resume != NULL || before->failed != NULL)
        return -1;
    if (o->plan.statement == NULL || o->plan.profile == NULL)
        return options_usage(o, "missing",
                             o->plan.statement == NULL ? "--eut FILE" : "--profile FILE");
    return -1;
}

int cmd_run(int argc, char **argv)
{
    enum { RESUME = OPTION_OWN, FAILED };
    static const struct option table[] = {
        OPTIONS_OF_SCOPE,
        OPTION_TO_ARM,
        OPTION_OF_BUDGET,
        OPTION_OF_LEDGER,
        OPTION_OF_CERTIFICATION,
        OPTIONS_OF_RESULT,
        {"resume", required_argument, NULL, RESUME},
        {"failed", required_argument, NULL, FAILED},
        OPTIONS_END,
    };
    struct options o;
    struct run_before before = {NULL, NULL};
    int c, status = -1;
    options_init(&o, argv[0], help);
    while (status == -1 && (c = getopt_long(argc, argv, OPTIONS_SHORT, table, NULL)) != -1)
        if (c == RESUME)
            before.resume = optarg;
        else if (c == FAILED)
            before.failed = optarg;
        else
            status = options_take(&o, c, argv);
    if (status == -1 && optind < argc)
        status = options_usage(&o, "unexpected argument", argv[optind]);
    if (status == -1)
        status = check(&o, &before);
    if (status != -1)
        return status;
    struct err e = ERR_INIT;
    return run(&o, &before, &e);
}
