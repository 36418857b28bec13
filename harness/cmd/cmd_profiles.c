/* gridassay profiles: the deployment profiles of the document, and what their decisions leave. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "harness/cmd/cmd.h"
#include "harness/cmd/profiles.h"
#include "harness/cmd/show.h"

#define MOST_DECISIONS 64

struct request {
    struct profiles_style style;
    const char *code, *table;
    const char *decide[MOST_DECISIONS]; /* "d=via MDMS" */
    size_t n_decide;
    bool decisions, rows;
};

static const char help[] =
    "usage: gridassay profiles [CODE] [--decide LETTER=VALUE]... [--rows] [--table FILE]\n"
    "       gridassay profiles --decisions\n"
    "Deployment profiles (4.20.3 of the specification): those that it names, and how many there\n"
    "would be; or what one decides, and what that leaves in play.\n\n"
    "  CODE              such as ACvIW, DCSIRsF, or one of AMI + one of DA: ACdIW+DCSIRsF\n"
    "  --decide L=VALUE  a decision beside the code, for what it leaves open, or instead of one:\n"
    "                    the code is found then where the document names such a profile.\n"
    "                    \"VALUE+\" is in programs of retail providers, \"VALUE-\" is not (may\n"
    "                    be repeated)\n"
    "  --decisions       the decisions a to k and their options\n"
    "  --rows            each row under each of its use cases: in, or what leaves it out\n"
    "  --table FILE      another requirement table\n"
    "  --format FORM     table (the default), json or csv\n"
    "  --help\n\n"
    "Exit status: 0 shown, 2 usage or configuration, 3 harness error, 6 the decisions contradict\n"
    "each other or leave no row.\n";

static int usage(const char *problem, const char *what)
{
    (void)fprintf(stderr, "gridassay profiles: %s %s; gridassay profiles --help tells more\n",
                  problem, what);
    return EXIT_USAGE;
}

/* -1: go on; else the exit status. */
static int read_arguments(int argc, char **argv, struct request *r)
{
    static const struct option table[] = {{"decide", required_argument, NULL, 'd'},
                                          {"decisions", no_argument, NULL, 'D'},
                                          {"rows", no_argument, NULL, 'r'},
                                          {"table", required_argument, NULL, 'T'},
                                          {"format", required_argument, NULL, 'f'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    static const char *const form[] = {"table", "json", "csv"};
    int c;
    opterr = 0;
    for (int at = 1; (c = getopt_long(argc, argv, ":h", table, NULL)) != -1; at = optind)
        switch (c) {
        case 'd':
            if (r->n_decide == MOST_DECISIONS)
                return usage("too many", "--decide");
            r->decide[r->n_decide++] = optarg;
            break;
        case 'D':
            r->decisions = true;
            break;
        case 'r':
            r->rows = true;
            break;
        case 'T':
            r->table = optarg;
            break;
        case 'f':
            r->style.format = PROFILES_FORMS;
            for (int i = 0; i < PROFILES_FORMS; i++)
                if (strcmp(form[i], optarg) == 0)
                    r->style.format = (enum profiles_format)i;
            if (r->style.format == PROFILES_FORMS)
                return usage("--format takes table, json or csv, not", optarg);
            break;
        case 'h':
            (void)fputs(help, stdout);
            return 0;
        case ':':
            return usage("no value for", argv[optind - 1]);
        default:
            return usage("unknown option", argv[optind > at ? optind - 1 : at]);
        }
    if (optind < argc)
        r->code = argv[optind++];
    if (optind < argc)
        return usage("unexpected argument", argv[optind]);
    if (r->rows && r->code == NULL && r->n_decide == 0)
        return usage("--rows needs", "CODE or --decide");
    if (r->decisions && (r->code != NULL || r->n_decide > 0))
        return usage("--decisions goes without", "CODE and --decide");
    return -1;
}

/* "f=electr+": decision f, electric meters, enrolled. */
static enum err_code decide(struct deployment *d, const char *text, struct err *e)
{
    char letter[2] = {text[0], '\0'}, value[200], where[240];
    size_t len = strlen(text);
    if (len < 3 || text[1] != '=' || len - 2 >= sizeof value)
        return err_set(e, ERR_USAGE, "--decide %.200s: expected LETTER=VALUE, such as d=direct",
                       text);
    (void)snprintf(where, sizeof where, "--decide %s", text);
    (void)snprintf(value, sizeof value, "%s", text + 2);
    char mark = value[len - 3];
    bool marked = len > 3 && (mark == '+' || mark == '-');
    if (marked)
        value[len - 3] = '\0';
    enum err_code rc = deployment_take(d, letter, value, "--decide", where, e);
    return rc == ERR_OK && marked ? deployment_enrol(d, letter, value, mark == '+', where, e) : rc;
}

static enum err_code show_one(const struct request *r, const struct deployment_book *b,
                              struct buf *out, struct err *e)
{
    struct arena arena = ARENA_INIT;
    struct table *t = NULL;
    struct deployment d;
    const char *what = r->code == NULL ? "the decisions" : r->code;
    deployment_start(&d, b, &arena);
    enum err_code rc = table_load(r->table, &t, e);
    if (rc == ERR_OK && r->code != NULL)
        rc = deployment_take_code(&d, r->code, "CODE", e);
    for (size_t i = 0; i < r->n_decide && rc == ERR_OK; i++)
        rc = decide(&d, r->decide[i], e);
    if (rc == ERR_OK)
        rc = deployment_settle(&d, what, e);
    if (rc == ERR_OK)
        rc = r->rows ? profiles_rows(&d, t, &r->style, out, e)
                     : profiles_one(&d, t, &r->style, out, e);
    table_free(t);
    arena_release(&arena);
    return rc;
}

int cmd_profiles(int argc, char **argv)
{
    struct request r = {.style = {.width = show_width(), .colour = show_colour(stdout)}};
    struct err e = ERR_INIT;
    struct deployment_book *b = NULL;
    struct buf out;
    int status = read_arguments(argc, argv, &r);
    if (status != -1)
        return status;
    buf_init(&out, 16u << 20);
    enum err_code rc = deployment_book_load(NULL, &b, &e);
    if (rc == ERR_OK && r.decisions)
        rc = profiles_decisions(b, &r.style, &out, &e);
    else if (rc == ERR_OK && (r.code != NULL || r.n_decide > 0))
        rc = show_one(&r, b, &out, &e);
    else if (rc == ERR_OK)
        rc = profiles_all(b, &r.style, &out, &e);
    if (out.len > 0) {
        struct err late = ERR_INIT;
        enum err_code shown = show_bytes(&out, stdout, rc == ERR_OK ? &e : &late);
        rc = rc == ERR_OK ? shown : rc;
    }
    buf_release(&out);
    deployment_book_free(b);
    if (rc != ERR_OK)
        (void)fprintf(stderr, "gridassay profiles: %s\n", e.text);
    return rc == ERR_OK ? 0 : (int)err_exit(rc);
}
