/* gridassay claim: what may be claimed on the word of one or several results. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/campaign/view.h"
#include "harness/cmd/claim_json.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/options.h"
#include "harness/cmd/show.h"
#include "harness/score/claim_join.h"

#define RESULTS_MOST 64
#define WHY_MAX 600
#define JSON_MOST (64u << 20)

static const char help[] =
    "usage: gridassay claim RESULT... [OPTION]...\n"
    "What may be claimed: the wording that follows from the results, each a run's folder or its\n"
    "run.xml, or a campaign's ledger (FILE.ledger: all of its runs as one); all of one profile\n"
    "and one requirement table. A claim is whole only where every row that the profile, with\n"
    "the use cases it cannot do without, asks of the equipment's actors has passed, and nothing\n"
    "limits it; whole ones that together are all actors of the profile make one without \"as\n"
    "actor(s)\". No option makes more of it.\n\n"
    "  --ledger PATH     the campaigns' ledgers, or one ledger's file; else those beside a run's\n"
    "                    folder (ledger): what came after a run counts as well\n"
    "  --rows            all rows, not only those that are not covered\n"
    "  --format FORMAT   text (the default) or json: with all rows, for programs\n"
    "  --help\n\n"
    "Exit status: 0 a whole claim, 1 a row failed, 2 usage or an unusable file, 3 harness error,\n"
    "4 a partial claim or none, and no row failed, 5 a ledger or result does not verify, 6 the\n"
    "results contradict each other.\n";

/* What a result is taken from, and freed with. */
struct subject {
    struct result *result;
    struct ledger *ledger; /* NULL: a run */
    struct view *view;
};

struct request {
    struct options o;
    const char *subject[RESULTS_MOST];
    size_t n;
    const char *ledger;
    bool rows, json;
};

/* -1: go on; else the exit status. */
static int read_arguments(int argc, char **argv, struct request *q)
{
    enum { ROWS = OPTION_OWN, FORMAT };
    static const struct option table[] = {OPTION_OF_LEDGER,
                                          {"rows", no_argument, NULL, ROWS},
                                          {"format", required_argument, NULL, FORMAT},
                                          OPTIONS_END};
    int c, status = -1;
    options_init(&q->o, argv[0], help);
    while (status == -1 && (c = getopt_long(argc, argv, OPTIONS_SHORT, table, NULL)) != -1)
        if (c == ROWS)
            q->rows = true;
        else if (c == FORMAT && strcmp(optarg, "text") != 0 && strcmp(optarg, "json") != 0)
            status = options_usage(&q->o, "--format takes text or json, not", optarg);
        else if (c == FORMAT)
            q->json = strcmp(optarg, "json") == 0;
        else
            status = options_take(&q->o, c, argv);
    q->ledger = q->o.ledger;
    for (; status == -1 && optind < argc; optind++) {
        if (q->n == RESULTS_MOST)
            return options_usage(&q->o, "more than 64 results:", argv[optind]);
        q->subject[q->n++] = argv[optind];
    }
    return status != -1 ? status : q->n == 0 ? options_usage(&q->o, "missing", "RESULT") : -1;
}

/* ---- ledgers ------------------------------------------------------------------------------------
 */

/* The ledger of a result: below the folder given, that file, or beside the run. False: none. */
static bool ledger_path(const char *given, const char *subject, const struct result *r, char *out)
{
    struct stat st;
    char real[PATH_MAX];
    int n = -1;
    if (given != NULL && stat(given, &st) == 0 && !S_ISDIR(st.st_mode))
        n = snprintf(out, PATH_MAX, "%s", given);
    else if (given != NULL)
        n = snprintf(out, PATH_MAX, "%s/%s%s", given, r->campaign, LEDGER_SUFFIX);
    else if (stat(subject, &st) == 0 && realpath(subject, real) != NULL) {
        for (int up = S_ISDIR(st.st_mode) ? 1 : 2; up > 0; up--) { /* folder; run.xml in it */
            char *slash = strrchr(real, '/');
            if (slash != NULL)
                *slash = '\0';
        }
        n = snprintf(out, PATH_MAX, "%s/ledger/%s%s", real, r->campaign, LEDGER_SUFFIX);
    }
    return n > 0 && n < PATH_MAX && access(out, R_OK) == 0;
}

/* What the ledger says of the run and of those behind it. */
static const char *object(const struct ledger *l, struct claim_source *s)
{
    static char text[300];
    const struct result *r = s->result;
    const struct ledger_entry *begin = ledger_find(l, LEDGER_BEGIN, r->nonce),
                              *end = ledger_find(l, LEDGER_END, r->nonce);
    text[0] = '\0';
    if (begin == NULL || strcmp(begin->plan_digest, r->plan_digest) != 0)
        (void)snprintf(text, sizeof text, "run %s, with this plan, is not in its campaign's ledger",
                       r->nonce);
    else if (end == NULL || strcmp(end->result_digest, s->digest) != 0)
        (void)snprintf(text, sizeof text,
                       "the result of run %s is not the one that its campaign's ledger holds",
                       r->nonce);
    else if (ledger_generation(l, begin) != l->generation)
        (void)snprintf(text, sizeof text, "the campaign of run %s was started over after it",
                       r->nonce);
    else if (l->submissions > begin->submission)
        (void)snprintf(text, sizeof text,
                       "%" PRIu32 " run%s of the same campaign came after run %s and count%s as "
                       "well: gridassay claim, on its ledger, tells what all make together",
                       l->submissions - begin->submission,
                       l->submissions - begin->submission == 1 ? "" : "s", r->nonce,
                       l->submissions - begin->submission == 1 ? "s" : "");
    return text[0] == '\0' ? NULL : text;
}

static enum err_code ask_ledger(const struct request *q, const char *subject,
                                struct claim_source *s, struct arena *a, struct err *e)
{
    char path[PATH_MAX];
    struct ledger *l = NULL;
    if (s->result->campaign[0] == '\0')
        return ERR_OK; /* the result's own claim says so */
    if (!ledger_path(q->ledger, subject, s->result, path)) {
        if (q->ledger != NULL)
            return err_set(e, ERR_USAGE, "%s: holds no ledger of campaign %s", q->ledger,
                           s->result->campaign);
        s->unasked = "no ledger lies beside it: what came after it, nobody asked";
        return ERR_OK;
    }
    enum err_code rc = ledger_read(path, NULL, &l, e);
    if (rc != ERR_OK)
        return rc;
    const char *text = strcmp(l->id, s->result->campaign) == 0
                           ? object(l, s)
                           : "the ledger given is another campaign's";
    s->objection = text == NULL ? NULL : arena_strdup(a, text);
    ledger_free(l);
    return text != NULL && s->objection == NULL ? err_set(e, ERR_NOMEM, "no memory for a ledger")
                                                : ERR_OK;
}

/* ---- telling ------------------------------------------------------------------------------------
 */

static void tell_rows(struct text *t, const struct claim *c, bool all)
{
    for (size_t i = 0; i < c->n_row; i++) {
        const struct claim_row *row = &c->row[i];
        if (row->part == CLAIM_COVERED && !all)
            continue;
        text_f(t, "    %-13s ", claim_part_name(row->part));
        text_clip(t, TEXT_PLAIN, row->row->id, 120);
        if (row->row->shared) {
            text_raw(t, " (");
            text_clip(t, TEXT_PLAIN, row->row->use_case, 80);
            text_raw(t, ")");
        }
        text_f(t, ", %" PRIu64 " endpoint%s", row->endpoints, row->endpoints == 1 ? "" : "s");
        if (row->why[0] != '\0') {
            text_raw(t, ": ");
            text_clip(t, TEXT_PLAIN, row->why, WHY_MAX);
        }
        text_raw(t, "\n");
    }
}

static void tell_limits(struct text *t, const struct method_limit *l, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        text_raw(t, "    - ");
        text_clip(t, TEXT_PLAIN, l[i].text, WHY_MAX);
        text_raw(t, "\n");
    }
}

static void tell_source(struct text *t, const struct claim_source *s, bool all)
{
    const struct result *r = s->result;
    text_raw(t, "\nrun ");
    text_clip(t, TEXT_PLAIN, r->nonce, 16);
    text_raw(t, "  ");
    text_clip(t, TEXT_PLAIN, s->path, 400);
    text_f(t, "\n  result  %s\n  plan    ", s->digest);
    text_clip(t, TEXT_PLAIN, r->plan_digest, 64);
    text_raw(t, "\n  ledger  ");
    text_clip(t, TEXT_PLAIN, r->ledger_head[0] == '\0' ? "none" : r->ledger_head, 64);
    text_f(t, ", submission %" PRIu32 ", generation %" PRIu32 "\n", r->submission, r->generation);
    if (s->unasked != NULL)
        text_f(t, "          %s\n", s->unasked);
    text_f(t, "  %s: ", claim_kind_name(s->claim.kind));
    text_clip(t, TEXT_PLAIN, s->claim.wording, 4000);
    text_raw(t, "\n");
    tell_limits(t, s->claim.limit, s->claim.n_limit);
    if (s->objection != NULL) {
        text_raw(t, "    - ");
        text_clip(t, TEXT_PLAIN, s->objection, WHY_MAX);
        text_raw(t, "\n");
    }
    tell_rows(t, &s->claim, all);
}

static enum err_code tell_text(const struct request *q, const struct claim_joined *j,
                               const struct claim_source *s, struct err *e)
{
    struct text t;
    text_init(&t);
    text_f(&t, "claim: %s\n", claim_kind_name(j->kind));
    text_clip(&t, TEXT_PLAIN, j->wording, 8000);
    text_raw(&t, "\n");
    tell_limits(&t, j->limit, j->n_limit);
    for (size_t i = 0; i < q->n; i++)
        tell_source(&t, &s[i], q->rows);
    enum err_code rc = show_text(&t, stdout, e);
    text_release(&t);
    return rc;
}

static enum err_code tell_json(const struct request *q, const struct claim_joined *j,
                               const struct claim_source *s, struct err *e)
{
    struct buf out;
    buf_init(&out, JSON_MOST);
    enum err_code rc = claim_json(j, s, q->n, &out, e);
    if (rc == ERR_OK)
        rc = show_bytes(&out, stdout, e);
    buf_release(&out);
    return rc;
}

static int tell(const struct request *q, struct claim_source *s, struct err *e)
{
    struct claim_joined j;
    bool failed = false;
    enum err_code rc = claim_join(s, q->n, &j, e);
    if (rc != ERR_OK)
        return err_exit(rc);
    for (size_t i = 0; i < q->n; i++)
        failed = failed || s[i].claim.of[CLAIM_FAILED] > 0;
    rc = q->json ? tell_json(q, &j, s, e) : tell_text(q, &j, s, e);
    int status = rc != ERR_OK            ? (int)err_exit(rc)
                 : failed                ? EXIT_FAIL
                 : j.kind == CLAIM_WHOLE ? EXIT_ALL_PASS
                                         : EXIT_INCONCLUSIVE;
    claim_join_release(&j, s, q->n);
    return status;
}

static bool is_ledger(const char *path)
{
    size_t n = strlen(path), suffix = sizeof LEDGER_SUFFIX - 1;
    return n > suffix && strcmp(path + n - suffix, LEDGER_SUFFIX) == 0;
}

/* A campaign: its ledger, with the folders of its runs. */
static enum err_code take_campaign(const char *path, struct claim_source *s, struct subject *of,
                                   struct arena *a, struct err *e)
{
    s->path = arena_strdup(a, path);
    enum err_code rc = s->path == NULL ? err_set(e, ERR_NOMEM, "no memory for %s", path) : ERR_OK;
    if (rc == ERR_OK)
        rc = ledger_read(path, NULL, &of->ledger, e);
    if (rc == ERR_OK)
        rc = view_new(of->ledger, &of->view, e);
    if (rc == ERR_OK && of->view->n_wrong > 0)
        rc = err_set(e, ERR_EVIDENCE, "%s", of->view->wrong[0]);
    if (rc == ERR_OK)
        rc = view_result(of->view, &s->result, e);
    return rc == ERR_OK ? sha256_file(path, s->digest, e) : rc;
}

/* A run's folder or its run.xml. */
static enum err_code take_subject(const struct request *q, size_t at, struct claim_source *s,
                                  struct subject *of, struct arena *a, struct err *e)
{
    struct stat st;
    char path[PATH_MAX];
    const char *subject = q->subject[at];
    if (is_ledger(subject))
        return take_campaign(subject, s, of, a, e);
    bool folder = stat(subject, &st) == 0 && S_ISDIR(st.st_mode);
    int n = snprintf(path, sizeof path, "%s%s", subject, folder ? "/run.xml" : "");
    if (n < 0 || (size_t)n >= sizeof path)
        return err_set(e, ERR_USAGE, "%s: path is too long", subject);
    s->path = arena_strdup(a, path);
    enum err_code rc = s->path == NULL ? err_set(e, ERR_NOMEM, "no memory for %s", path) : ERR_OK;
    if (rc == ERR_OK)
        rc = result_read(path, &of->result, e);
    if (rc == ERR_OK)
        rc = sha256_file(path, s->digest, e);
    s->result = of->result;
    return rc == ERR_OK ? ask_ledger(q, subject, s, a, e) : rc;
}

int cmd_claim(int argc, char **argv)
{
    struct request q = {.n = 0};
    struct err e = ERR_INIT;
    struct arena a = ARENA_INIT;
    struct subject of[RESULTS_MOST] = {{NULL, NULL, NULL}};
    int status = read_arguments(argc, argv, &q);
    if (status != -1)
        return status;
    struct claim_source *s = arena_alloc(&a, q.n * sizeof *s);
    enum err_code rc = s == NULL ? err_set(&e, ERR_NOMEM, "no memory for results") : ERR_OK;
    for (size_t i = 0; i < q.n && rc == ERR_OK; i++)
        rc = take_subject(&q, i, &s[i], &of[i], &a, &e);
    status = rc == ERR_OK ? tell(&q, s, &e) : (int)err_exit(rc);
    if (e.code != ERR_OK)
        (void)fprintf(stderr, "gridassay claim: %s\n", e.text);
    for (size_t i = 0; i < q.n; i++) {
        view_free(of[i].view);
        ledger_free(of[i].ledger);
        result_free(of[i].result);
    }
    arena_release(&a);
    return status;
}
