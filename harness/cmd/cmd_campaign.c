/* gridassay campaign: all runs that count for a claim, whether their ledger holds, and what they
 * say together; and starting over. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/campaign/campaign.h"
#include "harness/campaign/tell.h"
#include "harness/cmd/campaign_json.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/options.h"
#include "harness/cmd/show.h"

#define LEDGERS "results/ledger"
#define REASON_MOST 2000

static const char help[] =
    "usage: gridassay campaign [LEDGER] [OPTION]...\n"
    "       gridassay campaign reset LEDGER --reason TEXT --key FILE --certificate FILE\n"
    "Shows a campaign: every run about one firmware of one equipment under one profile, whether "
    "the\n"
    "ledger that binds them holds and their folders agree with it, and what all of them say "
    "together\n"
    "about each row: a fail stays. LEDGER is a ledger, a folder of ledgers (" LEDGERS ")\n"
    "or of runs, or the folder of a run.\n\n"
    "  --trust FILE      PEM certificates that the signers of resets must lead to\n"
    "  --ledger FOLDER   with the folder of a run: where its ledger is, when not beside it\n"
    "  --format FORMAT   text (the default) or json: one campaign, for programs\n"
    "  --exit-status     end with the status of the verdict over all submissions\n"
    "  --help\n\n"
    "A new digest of the firmware is a new campaign. Otherwise only reset starts over: it appends "
    "the\n"
    "reason, signed with the lab's key.\n\n"
    "  --reason TEXT     why what was submitted so far shall not count\n"
    "  --key FILE        the lab's private key, PEM\n"
    "  --certificate FILE  its certificate, PEM, with those of its chain behind it\n\n"
    "Exit status: 0 the ledger holds (or the campaign's, on demand), 2 usage, or what is no "
    "ledger,\n"
    "3 harness error, 5 a link of it is missing or altered, or a run does not agree with it.\n";

struct campaign_options {
    const char *subject, *trust, *ledger, *reason, *key, *certificate;
    bool reset, exit_status, json;
};

struct page {
    const struct campaign_options *o;
    struct text text;
    int status;
    size_t n_wrong, n_beside;
    struct view *view; /* takes strays; NULL: they are told at once */
};

static enum err_code stray(void *arg, const char *text, struct err *e)
{
    struct page *p = arg;
    p->n_wrong++;
    if (p->view != NULL)
        return view_wrong(p->view, e, "%s", text);
    text_esc(&p->text, TEXT_PLAIN, text);
    text_raw(&p->text, "\n");
    return ERR_OK;
}

static enum err_code besides(void *arg, const char *text, struct err *e)
{
    struct page *p = arg;
    (void)e;
    text_raw(&p->text, p->n_beside++ == 0 ? "\n  " : "  ");
    text_esc(&p->text, TEXT_PLAIN, text);
    text_raw(&p->text, "\n");
    return ERR_OK;
}

/* ".../x.ledger" in "...". */
static void folder_of(const char *path, char out[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        (void)snprintf(out, PATH_MAX, ".");
    else
        (void)snprintf(out, PATH_MAX, "%.*s", slash == path ? 1 : (int)(slash - path), path);
}

static enum err_code show_one(struct page *p, const char *path, struct err *e)
{
    char folder[PATH_MAX];
    struct ledger *l = NULL;
    folder_of(path, folder);
    enum err_code rc = ledger_read(path, p->o->trust, &l, e);
    if (rc == ERR_OK)
        rc = view_new(l, &p->view, e);
    if (rc == ERR_OK)
        rc = view_strays(folder, l->id, stray, p, e);
    if (rc == ERR_OK) {
        if (p->o->json)
            rc = campaign_json(p->view, p->o->trust != NULL, &p->text.buf, e);
        else
            tell_campaign(p->view, p->o->trust != NULL, show_colour(stdout), &p->text);
        if (rc == ERR_OK && !p->o->json)
            rc = view_besides(folder, l, besides, p, e);
        p->status = p->view->n_wrong > 0 ? EXIT_EVIDENCE
                    : p->o->exit_status  ? p->view->summary.exit_status
                                         : EXIT_ALL_PASS;
    }
    view_free(p->view);
    p->view = NULL;
    ledger_free(l);
    return rc;
}

static bool is_ledger(const char *name)
{
    size_t n = strlen(name), m = strlen(LEDGER_SUFFIX);
    return n > m && strcmp(name + n - m, LEDGER_SUFFIX) == 0;
}

static int by_ledger(const struct dirent *d)
{
    return is_ledger(d->d_name);
}

/* A line for each; what does not hold is told in its place. */
static enum err_code show_all(struct page *p, const char *folder, struct dirent **name, int n,
                              struct err *e)
{
    for (int i = 0; i < n; i++) {
        char path[PATH_MAX + NAME_MAX + 2];
        struct ledger *l = NULL;
        struct err why = ERR_INIT;
        (void)snprintf(path, sizeof path, "%s/%s", folder, name[i]->d_name);
        enum err_code rc = ledger_read(path, p->o->trust, &l, &why);
        if (rc == ERR_OK) {
            tell_line(l, show_colour(stdout), &p->text);
        } else {
            int status = err_exit(rc);
            p->status = p->status == EXIT_EVIDENCE ? p->status : status;
            text_esc(&p->text, TEXT_PLAIN, why.text);
            text_raw(&p->text, "\n");
        }
        ledger_free(l);
    }
    enum err_code rc = view_strays(folder, NULL, stray, p, e);
    if (p->n_wrong > 0)
        p->status = EXIT_EVIDENCE;
    return rc;
}

static enum err_code no_ledger(struct page *p, const char *folder, struct err *e)
{
    enum err_code rc = view_strays(folder, NULL, stray, p, e);
    if (rc == ERR_OK && p->n_wrong > 0)
        p->status = EXIT_EVIDENCE;
    else if (rc == ERR_OK)
        rc = err_set(e, ERR_DATA, "%s: no ledger in this folder", folder);
    return rc;
}

static enum err_code show_folder(struct page *p, const char *folder, struct err *e)
{
    struct dirent **name = NULL;
    char inner[PATH_MAX];
    int n = scandir(folder, &name, by_ledger, alphasort);
    (void)snprintf(inner, sizeof inner, "%s/ledger", folder);
    if (n == 0 && access(inner, F_OK) == 0) { /* a folder of runs */
        free(name);
        folder = inner;
        n = scandir(folder, &name, by_ledger, alphasort);
    }
    if (n == -1)
        return err_set(e, ERR_DATA, "%s: cannot be looked through: %s", folder, strerror(errno));
    enum err_code rc;
    if (n == 1) {
        char path[PATH_MAX + NAME_MAX + 2];
        (void)snprintf(path, sizeof path, "%s/%s", folder, name[0]->d_name);
        rc = show_one(p, path, e);
    } else if (p->o->json && n > 1) {
        rc = err_set(e, ERR_USAGE, "%s: holds %d ledgers; JSON is of one", folder, n);
    } else {
        rc = n == 0 ? no_ledger(p, folder, e) : show_all(p, folder, name, n, e);
    }
    for (int i = 0; i < n; i++)
        free(name[i]);
    free(name);
    return rc;
}

/* The ledger that a run says it stands in. */
static enum err_code locate_run(const struct campaign_options *o, const char *plan_path,
                                char path[PATH_MAX], struct err *e)
{
    struct plan *p = NULL;
    enum err_code rc = plan_read(plan_path, &p, e);
    if (rc != ERR_OK)
        return rc;
    const struct plan_campaign *c = &p->campaign;
    if (c->id[0] == '\0')
        rc = err_set(e, ERR_DATA, "%s: this run entered no campaign", plan_path);
    else
        rc = campaign_locate(o->subject, o->ledger, c->id, path, e);
    if (rc == ERR_OK && access(path, F_OK) == -1)
        rc = err_set(e, ERR_EVIDENCE,
                     "%s: is not there; run %s is submission %u of campaign %s, begun behind "
                     "%.16s...",
                     path, p->nonce, c->submission, c->id, c->head);
    plan_free(p);
    return rc;
}

static enum err_code show(struct page *p, struct err *e)
{
    const char *subject = p->o->subject == NULL ? LEDGERS : p->o->subject;
    char path[PATH_MAX];
    struct stat st;
    if (stat(subject, &st) == -1)
        return err_set(e, ERR_DATA,
                       "%s: %s; expected a ledger, a folder of ledgers or a run's folder", subject,
                       strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return show_one(p, subject, e);
    int n = snprintf(path, sizeof path, "%s/plan.xml", subject);
    if (n < 0 || (size_t)n >= sizeof path)
        return err_set(e, ERR_USAGE, "%s: path is too long", subject);
    if (stat(path, &st) == -1)
        return show_folder(p, subject, e);
    char ledger[PATH_MAX];
    enum err_code rc = locate_run(p->o, path, ledger, e);
    return rc == ERR_OK ? show_one(p, ledger, e) : rc;
}

/* The one ledger meant. */
static enum err_code locate_one(const char *subject, char path[PATH_MAX + NAME_MAX], struct err *e)
{
    struct stat st;
    struct dirent **name = NULL;
    (void)snprintf(path, PATH_MAX + NAME_MAX, "%s", subject);
    if (stat(subject, &st) == -1)
        return err_set(e, ERR_DATA, "%s: %s; expected a ledger", subject, strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return ERR_OK;
    int n = scandir(subject, &name, by_ledger, alphasort);
    if (n == 1)
        (void)snprintf(path, PATH_MAX + NAME_MAX, "%s/%s", subject, name[0]->d_name);
    for (int i = 0; i < n; i++)
        free(name[i]);
    free(name);
    return n == 1 ? ERR_OK
                  : err_set(e, ERR_USAGE, "%s: holds %d ledgers; name the one to reset", subject,
                            n < 0 ? 0 : n);
}

static enum err_code reset(struct page *p, struct err *e)
{
    const struct campaign_options *o = p->o;
    char path[PATH_MAX + NAME_MAX + 2];
    struct sign_by by;
    struct ledger *l = NULL;
    enum err_code rc = locate_one(o->subject, path, e);
    if (rc == ERR_OK)
        rc = campaign_reset(path, o->reason, o->key, o->certificate, &by, e);
    if (rc == ERR_OK)
        rc = ledger_read(path, NULL, &l, e);
    if (rc == ERR_OK) {
        text_f(&p->text, "campaign %s starts over: generation %u, signed by ", l->id,
               l->generation);
        text_esc(&p->text, TEXT_PLAIN, by.subject);
        text_f(&p->text, "\nhead %s\n", l->head);
    }
    ledger_free(l);
    return rc;
}

static const char *missing(const struct campaign_options *o)
{
    if (!o->reset)
        return NULL;
    return o->subject == NULL                              ? "LEDGER"
           : o->reason == NULL                             ? "--reason TEXT"
           : o->reason[strspn(o->reason, " \t\n")] == '\0' ? "a reason in --reason"
           : o->key == NULL                                ? "--key FILE"
           : o->certificate == NULL                        ? "--certificate FILE"
                                                           : NULL;
}

int cmd_campaign(int argc, char **argv)
{
    enum { TRUST = OPTION_OWN, FORMAT, STATUS, REASON, KEY, CERTIFICATE };
    static const struct option table[] = {
        OPTION_OF_LEDGER,
        {"trust", required_argument, NULL, TRUST},
        {"format", required_argument, NULL, FORMAT},
        {"exit-status", no_argument, NULL, STATUS},
        {"reason", required_argument, NULL, REASON},
        {"key", required_argument, NULL, KEY},
        {"certificate", required_argument, NULL, CERTIFICATE},
        OPTIONS_END,
    };
    struct options common;
    struct campaign_options o = {0};
    int c, status = -1;
    options_init(&common, argv[0], help);
    while (status == -1 && (c = getopt_long(argc, argv, OPTIONS_SHORT, table, NULL)) != -1)
        switch (c) {
        case TRUST:
            o.trust = optarg;
            break;
        case FORMAT:
            o.json = strcmp(optarg, "json") == 0;
            if (!o.json && strcmp(optarg, "text") != 0)
                status = options_usage(&common, "--format takes text or json, not", optarg);
            break;
        case STATUS:
            o.exit_status = true;
            break;
        case REASON:
            o.reason = optarg;
            break;
        case KEY:
            o.key = optarg;
            break;
        case CERTIFICATE:
            o.certificate = optarg;
            break;
        default:
            status = options_take(&common, c, argv);
        }
    if (status != -1)
        return status;
    o.ledger = common.ledger;
    if (optind < argc && strcmp(argv[optind], "reset") == 0) {
        o.reset = true;
        optind++;
    }
    if (optind < argc)
        o.subject = argv[optind++];
    if (optind < argc)
        return options_usage(&common, "unexpected argument", argv[optind]);
    if (!o.reset && (o.reason != NULL || o.key != NULL || o.certificate != NULL))
        return options_usage(&common, "--reason, --key and --certificate are for", "reset");
    if (missing(&o) != NULL)
        return options_usage(&common, "missing", missing(&o));
    if (o.reset && strlen(o.reason) > REASON_MOST)
        return options_usage(&common, "longer than 2000 bytes:", "--reason");
    if (o.trust != NULL && access(o.trust, R_OK) == -1) {
        (void)fprintf(stderr, "gridassay: %s: %s; expected certificates\n", o.trust,
                      strerror(errno));
        return EXIT_USAGE;
    }
    struct err e = ERR_INIT;
    struct page p = {.o = &o};
    text_init(&p.text);
    enum err_code rc = o.reset ? reset(&p, &e) : show(&p, &e);
    if (rc == ERR_OK)
        rc = show_text(&p.text, stdout, &e);
    text_release(&p.text);
    if (rc == ERR_OK)
        return p.status;
    (void)fprintf(stderr, "gridassay: %s\n", e.text);
    return err_exit(rc);
}
