/* gridassay verify: whether a bundle holds. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/base/clock.h"
#include "harness/bundle/bundle.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/options.h"
#include "harness/cmd/scratch.h"
#include "harness/cmd/show.h"
#include "harness/report/claim_text.h"
#include "harness/report/words.h"

static const char help[] =
    "usage: gridassay verify BUNDLE [OPTION]...\n"
    "Checks a bundle of gridassay report --format bundle: that it holds what its index lists and\n"
    "nothing else, byte for byte; its signature; that plan, journal, sources, earlier runs and\n"
    "ledger belong together; and that scoring the evidence again gives the very same result.\n"
    "Tells the verdict, and in one line the claim that this run makes.\n\n"
    "  --trust PEM      demand a signature by this certificate, or by one that leads to it\n"
    "  --keep FOLDER    unpack there, into a folder made for it, and leave it\n"
    "  --help\n\n"
    "Exit status: 0 it holds, whatever the verdict in it; 5 it does not, and the first difference\n"
    "is told; 2 usage, no such file, or a bundle of a newer version; 3 it could not be checked.\n";

static enum err_code make_folder(const char *keep, char *out, struct err *e)
{
    if (keep == NULL)
        return scratch_make("verify", out, e);
    int n = snprintf(out, PATH_MAX, "%s", keep);
    if (n < 0 || n >= PATH_MAX)
        return err_set(e, ERR_USAGE, "%s: path is too long", keep);
    if (mkdir(out, 0700) == -1)
        return err_set(e, ERR_USAGE, "%s cannot be made: %s; expected a new folder", out,
                       strerror(errno));
    return ERR_OK;
}

static void tell_signature(const struct bundle_found *f)
{
    char at[40];
    if (!f->is_signed) {
        (void)puts("signature  none: this shows that the parts agree, not who made them");
        return;
    }
    (void)printf("signature  good, by %s, %s\n", f->by.subject,
                 f->by.trusted ? "trusted" : "whom nobody asked to trust (--trust)");
    (void)printf("           certificate SHA-256 %s\n", f->by.fingerprint);
    if (f->by.at_ns != 0)
        (void)printf("           signed at %s\n", clock_iso(f->by.at_ns, at, sizeof at));
}

/* What may be claimed on the word of what was just scored again. */
static enum err_code tell_claim(const struct result *r, struct err *e)
{
    struct text t;
    text_init(&t);
    text_raw(&t, "claim      ");
    claim_line(&t, r);
    enum err_code rc = show_text(&t, stdout, e);
    text_release(&t);
    return rc;
}

static enum err_code tell(const char *zip, const struct bundle_found *f, struct err *e)
{
    const struct result *r = f->result;
    (void)printf("bundle     %s: %s, %zu files, %llu bytes\n", zip,
                 f->publishable ? "publishable" : "full", f->files, (unsigned long long)f->bytes);
    tell_signature(f);
    (void)printf("item       %s %s, hardware %s, firmware %s\n", r->vendor, r->model, r->hardware,
                 r->firmware);
    (void)printf("run        %s, profile \"%s\", ended: %s\n", r->nonce, r->profile_name, r->ended);
    if (f->earlier > 0)
        (void)printf("earlier    %zu run%s that it goes on with\n", f->earlier,
                     f->earlier == 1 ? "" : "s");
    if (f->ledger_entries > 0)
        (void)printf("ledger     campaign %s, %u entries up to this run, submission %u\n",
                     r->campaign, f->ledger_entries, r->submission);
    else if (r->campaign != NULL && r->campaign[0] != '\0')
        (void)printf("ledger     campaign %s, submission %u, head %.16s...; not in the bundle\n",
                     r->campaign, r->submission, r->ledger_head);
    if (f->publishable)
        (void)printf("left out   %zu files, their digests in the index\n", f->left_out);
    (void)printf("scored     again, from %s: the same\n",
                 f->publishable ? "the exchange records"
                 : r->driven    ? "journal and capture"
                                : "a capture that gridassay did not drive");
    (void)printf("verdict    %s: %u of %u applicable rows passed, %u failed\n",
                 outcome_label(words_whole(&r->summary)), r->summary.pass, r->summary.applicable,
                 r->summary.fail);
    enum err_code rc = tell_claim(r, e);
    if (rc == ERR_OK)
        (void)puts("VERIFIED");
    return rc;
}

int cmd_verify(int argc, char **argv)
{
    enum { TRUST = OPTION_OWN, KEEP };
    static const struct option options[] = {
        {"trust", required_argument, NULL, TRUST},
        {"keep", required_argument, NULL, KEEP},
        OPTIONS_END,
    };
    struct options common;
    const char *trust = NULL, *keep = NULL;
    int c;
    options_init(&common, argv[0], help);
    while ((c = getopt_long(argc, argv, OPTIONS_SHORT, options, NULL)) != -1)
        switch (c) {
        case TRUST:
            trust = optarg;
            break;
        case KEEP:
            keep = optarg;
            break;
        default:
            return options_take(&common, c, argv);
        }
    if (optind == argc)
        return options_usage(&common, "missing", "BUNDLE, the zip");
    if (optind + 1 < argc)
        return options_usage(&common, "unexpected argument", argv[optind + 1]);
    char folder[PATH_MAX];
    struct err e = ERR_INIT;
    struct bundle_found found = {0};
    enum err_code rc = make_folder(keep, folder, &e);
    if (rc == ERR_OK) {
        rc = bundle_verify(argv[optind], folder, trust, &found, &e);
        if (keep == NULL)
            scratch_remove(folder);
    }
    if (rc == ERR_OK)
        rc = tell(argv[optind], &found, &e);
    if (rc != ERR_OK)
        (void)fprintf(stderr, "gridassay: %s%s\n", rc == ERR_EVIDENCE ? "does not verify: " : "",
                      e.text);
    result_free(found.result);
    return rc == ERR_OK && fflush(stdout) == 0 ? 0 : err_exit(rc == ERR_OK ? ERR_SYS : rc);
}
