/* gridassay statement: the EUT statement as a document, checked, or a new one to fill in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cmd/cmd.h"
#include "harness/cmd/options.h"
#include "harness/cmd/show.h"
#include "harness/pics/check.h"
#include "harness/pics/document.h"
#include "harness/pics/template.h"

#define ACTORS_MAX 64

static const char help_head[] =
    "usage: gridassay statement FILE [--format text|html] [--out FILE] [--table FILE]\n"
    "       gridassay statement --check FILE [--certification] [--table FILE]\n"
    "       gridassay statement --new ACTOR... [--table FILE]\n"
    "       gridassay statement --actors [--table FILE]\n"
    "What a vendor declares about the equipment under test (PICS and PIXIT, ISO/IEC 9646-7):\n"
    "printed as a document, checked, or as a commented template to fill in.\n\n"
    "  --format FORM    text (the default) or html: one self-contained page\n"
    "  --out FILE       into this file instead of standard output\n"
    "  --check          messages FILE:LINE: NUMBER SENTENCE, E for an error, W for what a person\n"
    "                   should look at\n"
    "  --certification  what is unset, and what makes a claim partial, is an error\n"
    "  --new            a statement of equipment that is these actors, everything unset\n"
    "  --actors         the actors of the table\n"
    "  --table FILE     another requirement table\n"
    "  --help\n\n"
    "Exit status: 0, 1 the checker finds an error, 2 usage or a file that is none, 3 harness "
    "error.\n\n"
    "Messages of --check (* an error with --certification):\n";

struct request {
    struct options o;
    const char *file, *out, *actor[ACTORS_MAX];
    size_t n_actor;
    bool html, check, certification, create, actors;
};

static void print_help(void)
{
    (void)fputs(help_head, stdout);
    for (const struct pics_kind *k = pics_kind; k->number != 0; k++)
        (void)printf("  %c%03u%s %s\n", k->number < 100 ? 'E' : 'W', k->number,
                     k->certified && k->number > 100 ? "*" : " ", k->meaning);
}

/* -1: go on; else the exit status. */
static int read_arguments(int argc, char **argv, struct request *r)
{
    enum { FORMAT = OPTION_OWN, CHECK, CERTIFICATION, NEW, ACTORS };
    static const struct option table[] = {
        {"table", required_argument, NULL, OPTION_TABLE},
        {"out", required_argument, NULL, OPTION_OUT},
        {"format", required_argument, NULL, FORMAT},
        {"check", no_argument, NULL, CHECK},
        {"certification", no_argument, NULL, CERTIFICATION},
        {"new", no_argument, NULL, NEW},
        {"actors", no_argument, NULL, ACTORS},
        OPTIONS_END,
    };
    int c, status = -1;
    options_init(&r->o, argv[0], help_head);
    while (status == -1 && (c = getopt_long(argc, argv, OPTIONS_SHORT, table, NULL)) != -1)
        switch (c) {
        case OPTION_HELP:
            print_help();
            return EXIT_ALL_PASS;
        case FORMAT:
            r->html = strcmp(optarg, "html") == 0;
            if (!r->html && strcmp(optarg, "text") != 0)
                return options_usage(&r->o, "--format takes text or html, not", optarg);
            break;
        case CHECK:
            r->check = true;
            break;
        case CERTIFICATION:
            r->certification = true;
            break;
        case NEW:
            r->create = true;
            break;
        case ACTORS:
            r->actors = true;
            break;
        case OPTION_OUT:
            r->out = optarg;
            break;
        default:
            status = options_take(&r->o, c, argv);
        }
    if (status != -1)
        return status;
    if (r->check + r->create + r->actors > 1)
        return options_usage(&r->o, "only one of --check, --new,", "--actors");
    if (r->certification && !r->check)
        return options_usage(&r->o, "--certification goes with", "--check");
    for (; r->create && optind < argc; optind++) {
        if (r->n_actor == ACTORS_MAX)
            return options_usage(&r->o, "more than 64 actors, with", argv[optind]);
        r->actor[r->n_actor++] = argv[optind];
    }
    if (r->create && r->n_actor == 0)
        return options_usage(&r->o, "--new wants", "an actor");
    if (!r->create && !r->actors) {
        if (optind == argc)
            return options_usage(&r->o, "wanted:", "a statement");
        r->file = argv[optind++];
    }
    if (optind < argc)
        return options_usage(&r->o, "unexpected argument", argv[optind]);
    return -1;
}

/* "FILE:LINE: E005 sentence", then a line that counts them. */
static enum err_code check(const struct request *r, struct text *out, int *status, struct err *e)
{
    struct pics_report found;
    char code[8];
    pics_report_init(&found, r->certification);
    enum err_code rc = pics_check_file(r->file, r->o.plan.table, &found, e);
    bool unread = found.n == 1 && found.message[0].number == 1;
    for (size_t i = 0; i < found.n && rc == ERR_OK; i++) {
        const struct pics_message *m = &found.message[i];
        if (unread) { /* the loader has named the place already */
            text_esc(out, TEXT_PLAIN, m->text);
            text_f(out, ": %s\n", pics_code(m, code));
            continue;
        }
        text_esc(out, TEXT_PLAIN, r->file);
        text_f(out, ":%ld: %s ", m->line, pics_code(m, code));
        text_esc(out, TEXT_PLAIN, m->text);
        text_raw(out, "\n");
    }
    if (rc == ERR_OK)
        text_f(out, "%zu error%s, %zu warning%s, %zu of them about what is unset\n", found.errors,
               found.errors == 1 ? "" : "s", found.warnings, found.warnings == 1 ? "" : "s",
               found.unset);
    *status = unread ? EXIT_USAGE : found.errors > 0 ? EXIT_FAIL : EXIT_ALL_PASS;
    pics_report_release(&found);
    return rc == ERR_OK ? text_done(out, e) : rc;
}

static enum err_code document(const struct request *r, struct text *out, struct err *e)
{
    struct pics_document d = {.path = r->file};
    enum err_code rc = pics_document_load(&d, r->o.plan.table, e);
    if (rc == ERR_OK && r->html)
        pics_html(&d, out);
    else if (rc == ERR_OK)
        pics_text(&d, out);
    pics_document_release(&d);
    return rc == ERR_OK ? text_done(out, e) : rc;
}

static enum err_code from_table(const struct request *r, struct text *out, struct err *e)
{
    struct table *t = NULL;
    enum err_code rc = table_load(r->o.plan.table, &t, e);
    if (rc == ERR_OK)
        rc = r->actors ? pics_actors(t, out, e) : pics_template(t, r->actor, r->n_actor, out, e);
    table_free(t);
    return rc;
}

int cmd_statement(int argc, char **argv)
{
    struct request r = {.file = NULL};
    struct err e = ERR_INIT;
    struct text out;
    int status = read_arguments(argc, argv, &r);
    if (status != -1)
        return status;
    status = EXIT_ALL_PASS;
    text_init(&out);
    enum err_code rc = r.check                ? check(&r, &out, &status, &e)
                       : r.create || r.actors ? from_table(&r, &out, &e)
                                              : document(&r, &out, &e);
    if (rc == ERR_OK && r.out != NULL)
        rc = buf_write_file(r.out, out.buf.data == NULL ? "" : out.buf.data, out.buf.len, &e);
    else if (rc == ERR_OK)
        rc = show_text(&out, stdout, &e);
    text_release(&out);
    if (rc == ERR_USAGE)
        return options_usage(&r.o, "", e.text);
    if (rc != ERR_OK)
        (void)fprintf(stderr, "gridassay statement: %s\n", e.text);
    return rc == ERR_OK ? status : (int)err_exit(rc);
}
