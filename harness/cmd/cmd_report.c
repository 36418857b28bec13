/* gridassay report: any report of a stored run, derived again from its run.xml. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/limits.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/options.h"
#include "harness/cmd/report_bundle.h"
#include "harness/cmd/report_capture.h"
#include "harness/cmd/show.h"
#include "harness/report/report.h"
#include "harness/score/result.h"

static const char help[] =
    "usage: gridassay report RESULT [OPTION]...\n"
    "Writes a report of a stored run. RESULT is the folder of a run, or its run.xml. The same "
    "result\n"
    "always gives the same bytes.\n\n"
    "  --format FORMAT   summary (the default), tap, junit, html, csv, xml: run.xml itself,\n"
    "                    pcapng: a copy of the capture with comments at the packets of exchanges,\n"
    "                    or bundle: a zip of all that the result follows from, for gridassay\n"
    "                    verify\n"
    "  --tap FORM        with --format tap: 13 (nested, the default), 14 or flat\n"
    "  --output FILE     instead of standard output; a bundle: instead of RESULT.bundle.zip\n"
    "  --capture FILE    with --format pcapng or bundle: the capture that was scored, where it is\n"
    "                    not the run's own\n"
    "  --key PEM         with --format bundle: the lab's private key, to sign it\n"
    "  --certificate PEM of that key, with those that lead to its CA behind it\n"
    "  --publishable     a bundle without capture, journal and whatever tells of addresses,\n"
    "                    devices and contents; it is scored again from its exchange records\n"
    "  --ledger PATH     the campaign's ledger for a bundle, where it is not beside the run\n"
    "  --expected FILE   failures that are known, as for gridassay run\n"
    "  --exit-status     end with the run's own exit status\n"
    "  --help\n\n"
    "Exit status: 0 when the report was written (or the run's, on demand), 2 usage or an unusable\n"
    "result file, 3 when it could not be written, 5 a capture that is not the result's.\n";

enum format {
    FORMAT_SUMMARY = 0,
    FORMAT_TAP,
    FORMAT_JUNIT,
    FORMAT_HTML,
    FORMAT_CSV,
    FORMAT_XML,
    FORMAT_PCAPNG,
    FORMAT_BUNDLE,
    FORMAT_COUNT
};

static const char *const format_names[FORMAT_COUNT] = {"summary", "tap", "junit",  "html",
                                                       "csv",     "xml", "pcapng", "bundle"};

struct report_options {
    const char *subject, *output, *expected, *capture;
    enum format format;
    enum tap_form tap_form;
    bool run_status;
    struct report_bundle bundle;
};

/* The file itself, and the folder that reports point into ("" for a bare file). */
static enum err_code locate(const char *subject, char *file, char *folder, size_t size,
                            struct err *e)
{
    struct stat st;
    if (stat(subject, &st) == -1)
        return err_set(e, ERR_DATA, "%s: %s; expected a run's folder or its run.xml", subject,
                       strerror(errno));
    bool is_folder = S_ISDIR(st.st_mode);
    int n = snprintf(file, size, "%s%s", subject, is_folder ? "/run.xml" : "");
    int m = snprintf(folder, size, "%s", subject);
    if (n < 0 || (size_t)n >= size || m < 0 || (size_t)m >= size)
        return err_set(e, ERR_USAGE, "%s: path is too long", subject);
    char *slash = strrchr(folder, '/');
    if (!is_folder && slash != NULL)
        *slash = '\0';
    else if (!is_folder)
        folder[0] = '\0';
    size_t len = strlen(folder);
    while (len > 1 && folder[len - 1] == '/')
        folder[--len] = '\0';
    return ERR_OK;
}

static enum err_code copy_canonical(const char *file, struct text *t, struct err *e)
{
    struct buf b;
    buf_init(&b, LIMIT_XML_FILE_BYTES);
    enum err_code rc = buf_read_file(&b, file, e);
    if (rc == ERR_OK)
        rc = buf_append(&t->buf, b.data, b.len, e);
    buf_release(&b);
    return rc;
}

static enum err_code make(const struct report_options *o, const struct result *r,
                          const struct expected *expected, const char *file, const char *folder,
                          struct text *t, struct err *e)
{
    switch (o->format) {
    case FORMAT_SUMMARY:
        report_summary(r, folder, o->output == NULL && show_colour(stdout), t);
        expected_text(expected, r, t);
        break;
    case FORMAT_TAP:
        report_tap(r, o->tap_form, t);
        break;
    case FORMAT_JUNIT:
        report_junit(r, t);
        break;
    case FORMAT_HTML:
        report_html(r, t);
        break;
    case FORMAT_CSV:
        report_csv(r, t);
        break;
    case FORMAT_XML:
        return copy_canonical(file, t, e);
    case FORMAT_PCAPNG:
        return report_capture(r, folder, o->capture, o->output, e);
    case FORMAT_BUNDLE:
        return report_bundle(&o->bundle, folder[0] == '\0' ? "." : folder, o->output, e);
    case FORMAT_COUNT:
        break;
    }
    return text_done(t, e);
}

static enum err_code report(const struct report_options *o, int *status, struct err *e)
{
    char file[PATH_MAX], folder[PATH_MAX];
    struct result *r = NULL;
    struct expected *expected = NULL;
    struct text t;
    text_init(&t);
    enum err_code rc = locate(o->subject, file, folder, sizeof file, e);
    if (rc == ERR_OK)
        rc = show_expected(o->expected, &expected, e);
    if (rc == ERR_OK)
        rc = result_read(file, &r, e);
    if (rc == ERR_OK && expected != NULL)
        rc = expected_apply(expected, r, e);
    if (rc == ERR_OK)
        rc = make(o, r, expected, file, folder, &t, e);
    if (rc != ERR_OK)
        goto out;
    if (o->format == FORMAT_PCAPNG || o->format == FORMAT_BUNDLE)
        rc = ERR_OK; /* written piece by piece */
    else if (o->output != NULL)
        rc = buf_write_file(o->output, t.buf.data, t.buf.len, e);
    else
        rc = show_text(&t, stdout, e);
    if (o->run_status)
        *status = show_status(r);
out:
    text_release(&t);
    result_free(r);
    expected_free(expected);
    return rc;
}

static int format_by_name(const char *name)
{
    for (int i = 0; i < FORMAT_COUNT; i++)
        if (strcmp(name, format_names[i]) == 0)
            return i;
    return -1;
}

int cmd_report(int argc, char **argv)
{
    enum {
        FORMAT = OPTION_OWN,
        TAP,
        OUTPUT,
        STATUS,
        EXPECTED,
        CAPTURE,
        KEY,
        CERTIFICATE,
        PUBLISHABLE,
        LEDGER
    };
    static const struct option options[] = {
        {"format", required_argument, NULL, FORMAT},
        {"tap", required_argument, NULL, TAP},
        {"output", required_argument, NULL, OUTPUT},
        {"exit-status", no_argument, NULL, STATUS},
        {"expected", required_argument, NULL, EXPECTED},
        {"capture", required_argument, NULL, CAPTURE},
        {"key", required_argument, NULL, KEY},
        {"certificate", required_argument, NULL, CERTIFICATE},
        {"publishable", no_argument, NULL, PUBLISHABLE},
        {"ledger", required_argument, NULL, LEDGER},
        OPTIONS_END,
    };
    struct options common;
    struct report_options o = {.format = FORMAT_SUMMARY, .tap_form = TAP_NESTED};
    bool tap_given = false;
    int c, n;
    options_init(&common, argv[0], help);
    while ((c = getopt_long(argc, argv, OPTIONS_SHORT, options, NULL)) != -1)
        switch (c) {
        case FORMAT:
            if ((n = format_by_name(optarg)) == -1)
                return options_usage(
                    &common,
                    "--format takes summary, tap, junit, html, csv, xml, pcapng or bundle, not",
                    optarg);
            o.format = (enum format)n;
            break;
        case TAP:
            if ((n = tap_form_by_name(optarg)) == -1)
                return options_usage(&common, "--tap takes 13, 14 or flat, not", optarg);
            o.tap_form = (enum tap_form)n;
            tap_given = true;
            break;
        case OUTPUT:
            o.output = optarg;
            break;
        case STATUS:
            o.run_status = true;
            break;
        case KEY:
            o.bundle.key = optarg;
            break;
        case CERTIFICATE:
            o.bundle.certificate = optarg;
            break;
        case PUBLISHABLE:
            o.bundle.publishable = true;
            break;
        case LEDGER:
            o.bundle.ledger = optarg;
            break;
        case EXPECTED:
            o.expected = optarg;
            break;
        case CAPTURE:
            o.capture = optarg;
            break;
        default:
            return options_take(&common, c, argv);
        }
    if (optind == argc)
        return options_usage(&common, "missing", "RESULT, the folder of a run or its run.xml");
    if (optind + 1 < argc)
        return options_usage(&common, "unexpected argument", argv[optind + 1]);
    if (o.capture != NULL && o.format != FORMAT_PCAPNG && o.format != FORMAT_BUNDLE)
        return options_usage(&common, "--capture says nothing without",
                             "--format pcapng or bundle");
    o.bundle.capture = o.capture;
    if (tap_given && o.format != FORMAT_TAP)
        return options_usage(&common, "--tap says nothing without", "--format tap");
    const struct report_bundle *b = &o.bundle;
    if (o.format != FORMAT_BUNDLE &&
        (b->key != NULL || b->certificate != NULL || b->publishable || b->ledger != NULL))
        return options_usage(&common,
                             "--key, --certificate, --publishable and --ledger say nothing without",
                             "--format bundle");
    if ((b->key == NULL) != (b->certificate == NULL))
        return options_usage(&common, "a signature needs",
                             b->key == NULL ? "--key too" : "--certificate too");
    o.subject = argv[optind];
    struct err e = ERR_INIT;
    int status = 0;
    enum err_code rc = report(&o, &status, &e);
    if (rc == ERR_OK)
        return status;
    (void)fprintf(stderr, "gridassay: %s\n", e.text);
    return err_exit(rc);
}
