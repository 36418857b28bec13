/* cmd_import - gridassay import: a requirement table of one's own out of a spreadsheet. */
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/show.h"
#include "harness/import/import.h"
#include "harness/scope/path_expr.h"

static const char usage_text[] =
    "usage: gridassay import FILE.csv|FILE.xlsx [--out TABLE.xml] [OPTION]...\n"
    "Make a requirement table for --table of run, plan, rows, coverage ... of a spreadsheet with\n"
    "the columns of section 2.2.2.2.1 of the specification, found by their headings in any order.\n"
    "Each cell has to parse; those that do not are listed with their place, and nothing is\n"
    "written. A CSV file that gridassay rows wrote gives the same table again.\n\n"
    "  --out TABLE.xml        where to write it (else to standard output)\n"
    "  --sheet NAME           the sheet of a workbook (else Reqmts-Combined, or the first)\n"
    "  --payload-sheet NAME   the sheet with the payloads' attributes and levels\n"
    "                         (else Payload_attrib_LIC-CIA-rtnl, if there is one)\n"
    "  --payloads FILE        another file with them, CSV or XLSX\n"
    "  --base TABLE.xml|none  the table that gives what the spreadsheet does not say, such as the\n"
    "                         trigger of a payload (else the specification's)\n"
    "  --title TEXT           what the table is called in reports and claims (else as an exported\n"
    "                         table says of itself, else the name of FILE)\n"
    "  --edition TEXT         its edition (else \"imported\")\n"
    "  --keep-unresolved      members outside the grammar are listed and kept without a value\n"
    "  --quiet                no notes on standard error\n\n"
    "Exit status: 0 imported, 2 usage, or something in the spreadsheet cannot be read, 3 harness\n"
    "error.\n";

struct request {
    struct import_options o;
    const char *out, *base;
    bool quiet, help;
};

static enum err_code parse(int argc, char **argv, struct request *q, struct err *e)
{
    static const struct option options[] = {{"out", required_argument, NULL, 'o'},
                                            {"sheet", required_argument, NULL, 's'},
                                            {"payload-sheet", required_argument, NULL, 'S'},
                                            {"payloads", required_argument, NULL, 'p'},
                                            {"base", required_argument, NULL, 'b'},
                                            {"title", required_argument, NULL, 't'},
                                            {"edition", required_argument, NULL, 'e'},
                                            {"keep-unresolved", no_argument, NULL, 'k'},
                                            {"quiet", no_argument, NULL, 'q'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    opterr = 0;
    optind = 0;
    for (int at = 1, c; (c = getopt_long(argc, argv, ":h", options, NULL)) != -1; at = optind) {
        switch (c) {
        case 'o':
            q->out = optarg;
            break;
        case 's':
            q->o.sheet = optarg;
            break;
        case 'S':
            q->o.payload_sheet = optarg;
            break;
        case 'p':
            q->o.payloads = optarg;
            break;
        case 'b':
            q->base = optarg;
            break;
        case 't':
            q->o.title = optarg;
            break;
        case 'e':
            q->o.edition = optarg;
            break;
        case 'k':
            q->o.keep_unresolved = true;
            break;
        case 'q':
            q->quiet = true;
            break;
        case 'h':
            q->help = true;
            return ERR_OK;
        case ':':
            return err_set(e, ERR_USAGE, "%s needs a value", argv[optind - 1]);
        default:
            return err_set(e, ERR_USAGE, "unknown flag %s", argv[optind > at ? optind - 1 : at]);
        }
    }
    if (argc - optind != 1)
        return err_set(e, ERR_USAGE, "expected one spreadsheet, got %d", argc - optind);
    q->o.path = argv[optind];
    if ((q->o.title != NULL && q->o.title[0] == '\0') ||
        (q->o.edition != NULL && q->o.edition[0] == '\0'))
        return err_set(e, ERR_USAGE, "--title and --edition expect a text that is not empty");
    return ERR_OK;
}

/* The line of a fault "path:line: ...", 0: it has none. */
static long fault_line(const char *text, const char *path)
{
    size_t n = strlen(path);
    return strncmp(text, path, n) == 0 && text[n] == ':' ? strtol(text + n + 1, NULL, 10) : 0;
}

/* The pseudo code of its communication paths can be read; whether they fit, gridassay paths tells.
 * */
static enum err_code check_paths(const struct table *t, const char *path, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (size_t i = 0; i < t->n_row && rc == ERR_OK; i++) {
        const struct table_row *row = &t->row[i];
        struct path_expr x;
        struct err why = ERR_INIT;
        if (row->dataflow == NULL || path_expr_parse(row->dataflow, &x, &why) == ERR_OK) {
            if (row->dataflow != NULL)
                path_expr_release(&x);
            continue;
        }
        rc = why.code == ERR_NOMEM ? why.code : ERR_DATA;
        (void)err_set(e, rc, "%s:%d: data flow \"%.200s\": %s", path, row->line, row->dataflow,
                      why.text);
    }
    return rc;
}

/* What was made has to load; a fault is told by the row of the spreadsheet that it came from. */
static enum err_code check(const struct request *q, const struct import_result *r, const char *path,
                           struct err *e)
{
    struct table *t = NULL;
    struct err why = ERR_INIT;
    enum err_code rc = table_load(path, &t, &why);
    if (rc == ERR_OK)
        rc = check_paths(t, path, &why);
    table_free(t);
    if (rc == ERR_OK)
        return ERR_OK;
    long line = rc == ERR_DATA ? fault_line(why.text, path) : 0;
    const struct import_place *p = import_place_of(r, line);
    if (line == 0 || p == NULL)
        return err_set(e, rc, "%s: what it defines beside its rows does not hold: %s", q->o.path,
                       why.text + (line == 0 ? 0 : strlen(path) + 1));
    const char *text = strstr(why.text + strlen(path) + 1, ": ");
    char place[64] = "", sheet[100] = "";
    if (p->line > 0)
        (void)snprintf(place, sizeof place, ":%ld", p->line);
    if (r->sheet[0] != '\0')
        (void)snprintf(sheet, sizeof sheet, "sheet \"%s\", ", r->sheet);
    text = text == NULL ? why.text : text + 2;
    return err_set(
        e, rc, "%s%s: %srow %ld: %s%s", q->o.path, place, sheet, p->row,
        strncmp(text, "data flow ", 10) == 0 ? "" : "its readings do not fit its cells: ", text);
}

static void print_summary(const struct request *q, const struct import_result *r, FILE *to)
{
    (void)fprintf(to, "%zu row%s read (%zu P, %zu C): %zu row%s with %zu reading%s and %zu part%s",
                  r->n_record, r->n_record == 1 ? "" : "s", r->n_parent, r->n_child, r->n_row,
                  r->n_row == 1 ? "" : "s", r->n_parent, r->n_parent == 1 ? "" : "s", r->n_child,
                  r->n_child == 1 ? "" : "s");
    (void)fprintf(to, q->out == NULL ? "\n" : " in %s\n", q->out);
    if (r->n_optional > 0)
        (void)fprintf(to, "optional, their text says may: %zu\n", r->n_optional);
    if (r->n_unresolved > 0)
        (void)fprintf(to, "members outside the grammar, kept without a value: %zu\n",
                      r->n_unresolved);
    if (r->n_untriggered > 0)
        (void)fprintf(
            to,
            "payloads that neither the base table nor a column \"trigger\" knows a trigger "
            "of, taken as events of their origin: %zu\n",
            r->n_untriggered);
}

static enum err_code write_out(const struct request *q, struct import_result *r, struct err *e)
{
    char made[PATH_MAX];
    const char *folder = getenv("TMPDIR");
    int n = q->out != NULL ? snprintf(made, sizeof made, "%s.XXXXXX", q->out)
                           : snprintf(made, sizeof made, "%s/gridassay-import.XXXXXX",
                                      folder == NULL || folder[0] == '\0' ? "/tmp" : folder);
    if (n < 0 || (size_t)n >= sizeof made)
        return err_set(e, ERR_USAGE, "%s: path is too long", q->out == NULL ? folder : q->out);
    int fd = mkstemp(made);
    if (fd == -1)
        return err_set(e, ERR_USAGE, "%s: cannot be made: %m", made);
    enum err_code rc = file_write(fd, r->xml.data, r->xml.len, made, e);
    if (rc == ERR_OK && fchmod(fd, 0644) == -1)
        rc = err_set(e, ERR_SYS, "%s: cannot be opened to readers: %m", made);
    if (close(fd) == -1 && rc == ERR_OK)
        rc = err_set(e, ERR_SYS, "%s: cannot be written: %m", made);
    if (rc == ERR_OK && q->out != NULL)
        buf_release(&r->xml);
    if (rc == ERR_OK)
        rc = check(q, r, made, e);
    if (rc == ERR_OK && q->out == NULL)
        rc = show_bytes(&r->xml, stdout, e);
    if (rc == ERR_OK && q->out != NULL && rename(made, q->out) == -1)
        rc = err_set(e, ERR_USAGE, "%s: cannot be written: %m", q->out);
    if (rc != ERR_OK || q->out == NULL)
        (void)unlink(made);
    return rc;
}

static enum err_code run(struct request *q, struct err *e)
{
    struct table *base = NULL;
    struct import_result r;
    enum err_code rc = ERR_OK;
    if (q->base == NULL || strcmp(q->base, "none") != 0)
        rc = table_load(q->base, &base, e);
    q->o.base = base;
    if (rc == ERR_OK)
        rc = import_table(&q->o, &r, e);
    table_free(base);
    if (rc != ERR_OK)
        return rc;
    if (r.notes.n > 0 && !q->quiet)
        (void)fputs(r.notes.text.data, stderr);
    if (r.problems.n > 0) {
        (void)fputs(r.problems.text.data, stderr);
        char rows[80] = "";
        if (r.n_record > 0)
            (void)snprintf(rows, sizeof rows, ", in %zu of %zu rows", r.n_listed, r.n_record);
        rc = err_set(e, ERR_DATA, "%s: %zu thing%s cannot be read%s; nothing was imported",
                     q->o.path, r.problems.n, r.problems.n == 1 ? "" : "s", rows);
    } else {
        rc = write_out(q, &r, e);
    }
    if (rc == ERR_OK && !q->quiet)
        print_summary(q, &r, q->out == NULL ? stderr : stdout);
    import_release(&r);
    return rc;
}

int cmd_import(int argc, char **argv)
{
    struct err e = ERR_INIT;
    struct request q = {.out = NULL};
    enum err_code rc = parse(argc, argv, &q, &e);
    if (rc == ERR_OK && q.help) {
        (void)fputs(usage_text, stdout);
        return EXIT_ALL_PASS;
    }
    if (rc == ERR_OK)
        rc = run(&q, &e);
    if (rc == ERR_USAGE)
        (void)fprintf(stderr, "gridassay import: %s; gridassay import --help lists the flags\n",
                      e.text);
    else if (rc != ERR_OK)
        (void)fprintf(stderr, "gridassay import: %s\n", e.text);
    return rc == ERR_OK ? EXIT_ALL_PASS : rc == ERR_LIMIT ? EXIT_USAGE : (int)err_exit(rc);
}
