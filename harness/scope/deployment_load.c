#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/take.h"
#include "harness/base/where.h"
#include "harness/base/xml.h"
#include "harness/scope/deployment.h"

#define BOOK_FILE "fixtures/requirements/deployment-profiles.xml"
#define BOOK_SCHEMA "fixtures/requirements/deployment-profiles.rng"
#define MOST_COUNTED 1000000000

static int choice_at(const struct deployment_book *b, const char *id)
{
    for (size_t i = 0; i < b->n_choice; i++)
        if (strcmp(b->choice[i].id, id) == 0)
            return (int)i;
    return -1;
}

static uint64_t option_bit(const struct deployment_choice *c, const char *value)
{
    for (size_t i = 0; i < c->n_option; i++)
        if (strcmp(c->option[i].value, value) == 0)
            return UINT64_C(1) << i;
    return 0;
}

static void take_condition(struct take *t, xmlNodePtr node, const struct deployment_book *b,
                           struct deployment_condition *out)
{
    const char *id = take_text(t, node, "choice");
    int at = t->rc != ERR_OK ? -1 : choice_at(b, id);
    if (at == -1) {
        take_fault(t, node, "\"%s\" is no choice that stands above", id);
        return;
    }
    out->choice = (uint32_t)at;
    for (xmlNodePtr v = xml_child(node, "value"); v != NULL; v = xml_next(v, "value")) {
        uint64_t bit = option_bit(&b->choice[at], xml_text(v));
        if (bit == 0)
            take_fault(t, v, "\"%s\" is no option of \"%s\"", xml_text(v), id);
        out->any |= bit;
    }
}

static const struct deployment_condition *take_conditions(struct take *t, xmlNodePtr node,
                                                          const char *name,
                                                          const struct deployment_book *b,
                                                          size_t *n)
{
    struct deployment_condition *c = take_array(t, node, name, sizeof *c, n);
    xmlNodePtr child = xml_child(node, name);
    for (size_t i = 0; i < *n && t->rc == ERR_OK; i++, child = xml_next(child, name))
        take_condition(t, child, b, &c[i]);
    return c;
}

/* The attribute of each child of that name. */
static const char *const *take_words(struct take *t, xmlNodePtr node, const char *name,
                                     const char *attr, size_t *n)
{
    const char **w = take_array(t, node, name, sizeof *w, n);
    xmlNodePtr child = xml_child(node, name);
    for (size_t i = 0; i < *n && t->rc == ERR_OK; i++, child = xml_next(child, name))
        w[i] = take_text(t, child, attr);
    return w;
}

static void take_options(struct take *t, xmlNodePtr node, struct deployment_choice *c)
{
    struct deployment_option *o = take_array(t, node, "option", sizeof *o, &c->n_option);
    c->option = o;
    xmlNodePtr child = xml_child(node, "option");
    for (size_t i = 0; i < c->n_option && t->rc == ERR_OK; i++, child = xml_next(child, "option")) {
        o[i].value = take_text(t, child, "value");
        o[i].sign = take_text_or(t, child, "sign", "");
        o[i].note = take_text_or(t, child, "note", NULL);
        o[i].flow = take_words(t, child, "flow", "ref", &o[i].n_flow);
        o[i].off_path = take_words(t, child, "off-path", "actor", &o[i].n_off_path);
    }
}

/* The use cases as options of the choice that has none of its own. */
static void take_use_cases(struct take *t, xmlNodePtr root, struct deployment_choice *c)
{
    struct deployment_option *o = take_array(t, root, "use-case", sizeof *o, &c->n_option);
    c->option = o;
    xmlNodePtr child = xml_child(root, "use-case");
    for (size_t i = 0; i < c->n_option && t->rc == ERR_OK; i++, child = xml_next(child, "use-case"))
        o[i] = (struct deployment_option){.value = take_text(t, child, "name"), .sign = ""};
}

static void take_choices(struct take *t, xmlNodePtr root, struct deployment_book *b)
{
    size_t n;
    struct deployment_choice *c = take_array(t, root, "choice", sizeof *c, &n);
    xmlNodePtr node = xml_child(root, "choice");
    b->choice = c;
    if (n > DEPLOYMENT_CHOICES)
        take_fault(t, node, "%zu choices, at most %d are taken", n, DEPLOYMENT_CHOICES);
    for (size_t i = 0; i < n && t->rc == ERR_OK; i++, node = xml_next(node, "choice")) {
        c[i].id = take_text(t, node, "id");
        c[i].letter = take_text(t, node, "letter");
        c[i].about = take_text(t, node, "about");
        c[i].sign = take_text_or(t, node, "sign", "");
        c[i].many = take_bool(t, node, "many");
        c[i].open = take_bool(t, node, "open");
        c[i].enrols = take_bool(t, node, "enrols");
        if (t->rc == ERR_OK && choice_at(b, c[i].id) != -1)
            take_fault(t, node, "choice \"%s\" stands above already", c[i].id);
        c[i].when = take_conditions(t, node, "if", b, &c[i].n_when);
        take_options(t, node, &c[i]);
        c[i].use_cases = c[i].n_option == 0;
        if (c[i].use_cases)
            take_use_cases(t, root, &c[i]);
        if (c[i].n_option > DEPLOYMENT_OPTIONS)
            take_fault(t, node, "%zu options, at most %d are taken", c[i].n_option,
                       DEPLOYMENT_OPTIONS);
        b->n_choice = i + 1; /* conditions look back only */
    }
}

/* The letters that the code's options make. */
static void compose(const struct deployment_book *b, const struct deployment_code *c, char *out,
                    size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < b->n_choice; i++) {
        const struct deployment_choice *h = &b->choice[i];
        const char *before = h->sign;
        for (size_t o = 0; o < h->n_option; o++)
            if (c->chosen[i] & UINT64_C(1) << o && used < size) {
                used +=
                    (size_t)snprintf(out + used, size - used, "%s%s", before, h->option[o].sign);
                before = "";
            }
    }
}

static bool same_choices(const struct deployment_code *x, const struct deployment_code *y)
{
    return memcmp(x->chosen, y->chosen, sizeof x->chosen) == 0;
}

static void check_code(struct take *t, xmlNodePtr node, const struct deployment_book *b,
                       const struct deployment_code *c)
{
    char letters[200];
    compose(b, c, letters, sizeof letters);
    if (c->regular == NULL && strcmp(letters, c->name) != 0)
        take_fault(t, node, "code %s: its options make %s; expected <irregular> with the reason",
                   c->name, letters);
    else if (c->regular != NULL && strcmp(letters, c->regular) != 0)
        take_fault(t, node, "code %s: its options make %s, not %s", c->name, letters, c->regular);
    else if (c->regular != NULL && strcmp(letters, c->name) == 0)
        take_fault(t, node, "code %s is declared irregular and is not", c->name);
    for (const struct deployment_code *o = b->code; o < c && t->rc == ERR_OK; o++)
        if (strcmp(o->name, c->name) == 0)
            take_fault(t, node, "code %s stands above already", c->name);
        else if (same_choices(o, c))
            take_fault(t, node, "code %s decides what %s does", c->name, o->name);
}

static void take_codes(struct take *t, xmlNodePtr root, struct deployment_book *b)
{
    struct deployment_code *c = take_array(t, root, "code", sizeof *c, &b->n_code);
    xmlNodePtr node = xml_child(root, "code");
    b->code = c;
    for (size_t i = 0; i < b->n_code && t->rc == ERR_OK; i++, node = xml_next(node, "code")) {
        size_t n;
        const struct deployment_condition *is = take_conditions(t, node, "is", b, &n);
        xmlNodePtr odd = xml_child(node, "irregular");
        c[i].name = take_text(t, node, "name");
        c[i].table = take_text(t, node, "table");
        c[i].regular = odd == NULL ? NULL : take_text(t, odd, "regular");
        c[i].why = odd == NULL ? NULL : take_text(t, odd, "reason");
        for (size_t k = 0; k < n && t->rc == ERR_OK; k++) {
            const struct deployment_choice *h = &b->choice[is[k].choice];
            if (c[i].chosen[is[k].choice] != 0 || h->open ||
                (!h->many && (is[k].any & (is[k].any - 1)) != 0))
                take_fault(t, node, "code %s: \"%s\" is settled twice, or left open by codes",
                           c[i].name, h->id);
            c[i].chosen[is[k].choice] = is[k].any;
        }
        if (t->rc == ERR_OK)
            check_code(t, node, b, &c[i]);
    }
}

static const struct deployment_subject *take_subjects(struct take *t, xmlNodePtr root,
                                                      const char *name,
                                                      const struct deployment_book *b, size_t *n)
{
    struct deployment_subject *s = take_array(t, root, name, sizeof *s, n);
    xmlNodePtr node = xml_child(root, name);
    for (size_t i = 0; i < *n && t->rc == ERR_OK; i++, node = xml_next(node, name)) {
        s[i].name = take_text(t, node, "name");
        s[i].provider = take_bool(t, node, "provider");
        for (size_t k = 0; k < i && t->rc == ERR_OK; k++)
            if (strcmp(s[k].name, s[i].name) == 0)
                take_fault(t, node, "%s \"%s\" stands above already", name, s[i].name);
        struct deployment_where *w = take_array(t, node, "where", sizeof *w, &s[i].n_where);
        s[i].where = w;
        xmlNodePtr child = xml_child(node, "where");
        for (size_t k = 0; k < s[i].n_where && t->rc == ERR_OK;
             k++, child = xml_next(child, "where")) {
            w[k].ground = take_text(t, child, "ground");
            w[k].is = take_conditions(t, child, "is", b, &w[k].n_is);
        }
    }
    return s;
}

static void take_ways(struct take *t, xmlNodePtr root, struct deployment_book *b)
{
    struct deployment_path *w = take_array(t, root, "path", sizeof *w, &b->n_way);
    xmlNodePtr node = xml_child(root, "path");
    b->way = w;
    for (size_t i = 0; i < b->n_way && t->rc == ERR_OK; i++, node = xml_next(node, "path")) {
        w[i].use_case = take_text(t, node, "use-case");
        w[i].row = take_text_or(t, node, "row", "*");
        w[i].via = take_words(t, node, "via", "actor", &w[i].n_via);
    }
}

static void take_counted(struct take *t, xmlNodePtr root, struct deployment_book *b)
{
    xmlNodePtr node = xml_child(root, "counted");
    b->counted_ami = (uint64_t)take_i64(t, node, "ami", 1, MOST_COUNTED);
    b->counted_da = (uint64_t)take_i64(t, node, "da", 1, MOST_COUNTED);
    b->counted = (uint64_t)take_i64(t, node, "all", 1, INT64_MAX);
    b->counted_file = take_text(t, node, "file");
    if (t->rc == ERR_OK &&
        b->counted != b->counted_ami + b->counted_da + b->counted_ami * b->counted_da)
        take_fault(t, node, "%llu and %llu, combined and alone, are not %llu",
                   (unsigned long long)b->counted_ami, (unsigned long long)b->counted_da,
                   (unsigned long long)b->counted);
}

enum err_code deployment_book_load(const char *path, struct deployment_book **out, struct err *e)
{
    char own[PATH_MAX];
    xmlDocPtr doc = NULL;
    *out = NULL;
    if (path == NULL && where_data(BOOK_FILE, own, sizeof own, e) != ERR_OK)
        return e->code;
    path = path == NULL ? own : path;
    struct deployment_book *b = calloc(1, sizeof *b);
    if (b == NULL)
        return err_set(e, ERR_NOMEM, "no memory to read %s", path);
    struct take t = {&b->arena, ERR_OK, e};
    t.rc = xml_load(path, BOOK_SCHEMA, "1", &doc, NULL, e);
    if (t.rc == ERR_OK && (b->path = arena_strdup(&b->arena, path)) == NULL)
        t.rc = err_set(e, ERR_NOMEM, "no memory to read %s", path);
    if (t.rc == ERR_OK) {
        xmlNodePtr root = xmlDocGetRootElement(doc);
        take_counted(&t, root, b);
        take_choices(&t, root, b);
        take_codes(&t, root, b);
        b->actor = take_subjects(&t, root, "actor", b, &b->n_actor);
        b->use_case = take_subjects(&t, root, "use-case", b, &b->n_use_case);
        take_ways(&t, root, b);
    }
    xmlFreeDoc(doc);
    if (t.rc == ERR_OK)
        *out = b;
    else
        deployment_book_free(b);
    return t.rc;
}

void deployment_book_free(struct deployment_book *b)
{
    if (b == NULL)
        return;
    arena_release(&b->arena);
    free(b);
}
