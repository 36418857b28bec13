#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/take.h"
#include "harness/base/xml.h"
#include "harness/report/expected_impl.h"

#define SCHEMA "fixtures/schemas/expected.rng"
#define VERSION "1"

static const char *trimmed(struct take *t, const char *text)
{
    static const char blanks[] = " \t\r\n";
    text += strspn(text, blanks);
    size_t n = strlen(text);
    while (n > 0 && strchr(blanks, text[n - 1]) != NULL)
        n--;
    char *out = take_room(t, n + 1);
    if (out != NULL)
        memcpy(out, text, n);
    return out == NULL ? "" : out;
}

static int criterion_by_name(const char *name)
{
    for (int k = 0; name != NULL && k < CRITERION_COUNT; k++)
        if (strcmp(name, criterion_name((enum criterion_kind)k)) == 0)
            return k;
    return -1;
}

static int cause_by_name(const char *name)
{
    for (int c = 0; name != NULL && c < CAUSE_COUNT; c++)
        if (strcmp(name, cause_name((enum cause)c)) == 0)
            return c;
    return -1;
}

static enum outcome outcome_by_name(const char *name)
{
    for (int o = 0; o < OUTCOME_COUNT; o++)
        if (strcmp(name, outcome_name((enum outcome)o)) == 0)
            return (enum outcome)o;
    return OUTCOME_COUNT;
}

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void read_entry(struct take *t, xmlNodePtr node, struct expected_entry *x)
{
    const char *verdict = xml_attr(node, "verdict"), *status = xml_attr(node, "status");
    x->line = (int)xmlGetLineNo(node);
    x->row = take_text(t, node, "row");
    x->use_case = take_text_or(t, node, "use-case", NULL);
    x->leg = take_text_or(t, node, "leg", NULL);
    x->until = take_text_or(t, node, "until", NULL);
    x->criterion = criterion_by_name(xml_attr(node, "criterion"));
    x->cause = cause_by_name(xml_attr(node, "cause"));
    x->outcome = outcome_by_name(verdict != NULL ? verdict : status);
    x->reason = trimmed(t, xml_text(node));
    const char *mostly = x->cause == -1 ? "" : ", mostly ";
    const char *cause = x->cause == -1 ? "" : cause_name((enum cause)x->cause);
    size_t size = strlen(outcome_label(x->outcome)) + strlen(mostly) + strlen(cause) + 1;
    char *what = take_room(t, size);
    if (what != NULL)
        (void)snprintf(what, size, "%s%s%s", outcome_label(x->outcome), mostly, cause);
    x->what = what;
}

enum err_code expected_read(const char *path, struct expected **out, struct err *e)
{
    *out = NULL;
    xmlDocPtr doc = NULL;
    enum err_code rc = xml_load(path, SCHEMA, VERSION, &doc, NULL, e);
    if (rc != ERR_OK)
        return rc;
    struct expected *x = calloc(1, sizeof *x);
    if (x == NULL) {
        xmlFreeDoc(doc);
        return err_set(e, ERR_NOMEM, "no memory to read %s", path);
    }
    struct take t = {&x->arena, ERR_OK, e};
    xmlNodePtr root = xmlDocGetRootElement(doc);
    x->path = arena_strdup(&x->arena, path);
    x->entry = take_array(&t, root, "failure", sizeof *x->entry, &x->n);
    size_t n = 0;
    for (xmlNodePtr c = xml_child(root, "failure"); c != NULL && t.rc == ERR_OK;
         c = xml_next(c, "failure")) {
        struct expected_entry *mine = &x->entry[n++];
        read_entry(&t, c, mine);
        for (size_t i = 0; i + 1 < n && t.rc == ERR_OK; i++)
            if (same(x->entry[i].row, mine->row) && same(x->entry[i].use_case, mine->use_case) &&
                same(x->entry[i].leg, mine->leg) && x->entry[i].criterion == mine->criterion)
                take_fault(&t, c, "line %d speaks of the same points already", x->entry[i].line);
    }
    if (t.rc == ERR_OK && x->path == NULL)
        t.rc = err_set(e, ERR_NOMEM, "no memory to read %s", path);
    xmlFreeDoc(doc);
    if (t.rc != ERR_OK)
        expected_free(x);
    else
        *out = x;
    return t.rc;
}

void expected_free(struct expected *x)
{
    if (x == NULL)
        return;
    arena_release(&x->arena);
    free(x);
}

/* A reading that exists; leg NULL: the row has none. */
static void exists(struct expected *x, const char *row, const char *use_case, const char *leg)
{
    for (size_t i = 0; i < x->n; i++) {
        struct expected_entry *mine = &x->entry[i];
        if (strcmp(mine->row, row) == 0 &&
            (mine->use_case == NULL || strcmp(mine->use_case, use_case) == 0) &&
            (mine->leg == NULL || leg == NULL || strcmp(mine->leg, leg) == 0))
            mine->known = true;
    }
}

static enum err_code unknown(const struct expected *x, struct err *e)
{
    for (size_t i = 0; i < x->n; i++) {
        const struct expected_entry *mine = &x->entry[i];
        if (mine->known)
            continue;
        return err_set(e, ERR_DATA, "%s:%d: there is no row %s%s%s%s%s", x->path, mine->line,
                       mine->row, mine->use_case == NULL ? "" : " of use case ",
                       mine->use_case == NULL ? "" : mine->use_case,
                       mine->leg == NULL ? "" : " with leg ", mine->leg == NULL ? "" : mine->leg);
    }
    return ERR_OK;
}

enum err_code expected_check(struct expected *x, const struct plan *plan, struct err *e)
{
    for (size_t i = 0; i < x->n; i++)
        x->entry[i].known = false;
    for (size_t i = 0; i < plan->n_row; i++) {
        const struct plan_row *row = &plan->row[i];
        if (row->n_variant == 0)
            exists(x, row->id, row->use_case, NULL);
        for (size_t k = 0; k < row->n_variant; k++)
            exists(x, row->id, row->use_case, row->variant[k].leg);
    }
    return unknown(x, e);
}

enum err_code expected_check_result(struct expected *x, const struct result *r, struct err *e)
{
    for (size_t i = 0; i < x->n; i++)
        x->entry[i].known = false;
    for (size_t i = 0; i < r->n_row; i++) {
        const struct result_row *row = &r->row[i];
        if (row->n_variant == 0)
            exists(x, row->id, row->use_case, NULL);
        for (size_t k = 0; k < row->n_variant; k++)
            exists(x, row->id, row->use_case, row->variant[k].leg);
    }
    return unknown(x, e);
}
