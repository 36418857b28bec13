#include "harness/items/catalogue.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/take.h"
#include "harness/base/where.h"
#include "harness/base/xml.h"
#include "harness/items/condition.h"

#define CATALOGUE_FILE "fixtures/requirements/statement-items.xml"
#define CATALOGUE_SCHEMA "fixtures/requirements/statement-items.rng"

static enum condition_value left_open(void *arg, const char *id, size_t len)
{
    (void)arg;
    (void)id;
    (void)len;
    return CONDITION_OPEN;
}

static void take_conditions(struct take *t, xmlNodePtr root, struct catalogue *c)
{
    struct catalogue_condition *k = take_array(t, root, "condition", sizeof *k, &c->n_condition);
    c->condition = k;
    xmlNodePtr node = xml_child(root, "condition");
    for (size_t i = 0; i < c->n_condition; i++, node = xml_next(node, "condition")) {
        enum condition_value value;
        struct err e = ERR_INIT;
        k[i] = (struct catalogue_condition){take_text(t, node, "id"), take_text(t, node, "if"),
                                            take_text(t, node, "then"), take_text(t, node, "else")};
        if (t->rc == ERR_OK && condition_value(k[i].when, left_open, NULL, &value, &e) != ERR_OK)
            take_fault(t, node, "if: %s", e.text);
    }
}

static void take_choices(struct take *t, xmlNodePtr root, struct catalogue *c)
{
    struct catalogue_choice *k = take_array(t, root, "choice", sizeof *k, &c->n_choice);
    c->choice = k;
    xmlNodePtr node = xml_child(root, "choice");
    for (size_t i = 0; i < c->n_choice; i++, node = xml_next(node, "choice"))
        k[i] = (struct catalogue_choice){take_text(t, node, "id"), take_text(t, node, "about")};
}

/* The choice of a status O.n; NULL: it is none. */
static const struct catalogue_choice *choice_of(const struct catalogue *c, const char *status)
{
    for (size_t i = 0; i < c->n_choice; i++)
        if (strcmp(c->choice[i].id, status) == 0)
            return &c->choice[i];
    return NULL;
}

/* A status that refers to a condition or a choice needs it. */
static const char *take_status(struct take *t, xmlNodePtr node, const struct catalogue *c)
{
    const char *status = take_text(t, node, "status");
    if (t->rc == ERR_OK && ((status[0] == 'C' && catalogue_condition(c, status) == NULL) ||
                            (strncmp(status, "O.", 2) == 0 && choice_of(c, status) == NULL)))
        take_fault(t, node, "status=\"%s\" stands nowhere in this file", status);
    return status;
}

static void take_item(struct take *t, xmlNodePtr node, const struct catalogue *c,
                      struct catalogue_item *item)
{
    item->id = take_text(t, node, "id");
    item->status = take_status(t, node, c);
    item->about = take_text(t, node, "about");
    item->reference = take_text_or(t, node, "reference", "");
    item->allowed = take_text_or(t, node, "allowed", "");
    item->fact = take_text_or(t, node, "fact", "");
}

static void take_between(struct take *t, xmlNodePtr actors, struct catalogue *c)
{
    struct catalogue_between *b = take_array(t, actors, "between", sizeof *b, &c->n_between);
    c->between = b;
    xmlNodePtr node = xml_child(actors, "between");
    for (size_t i = 0; i < c->n_between; i++, node = xml_next(node, "between")) {
        const char **name = take_array(t, node, "use-case", sizeof *name, &b[i].n_use_case);
        b[i].actor = take_text(t, node, "actor");
        b[i].use_case = name;
        xmlNodePtr use = xml_child(node, "use-case");
        for (size_t k = 0; k < b[i].n_use_case; k++, use = xml_next(use, "use-case"))
            name[k] = take_text(t, use, "name");
    }
}

static void take_catalogue(struct take *t, xmlNodePtr root, struct catalogue *c)
{
    take_conditions(t, root, c);
    take_choices(t, root, c);
    xmlNodePtr equipment = xml_child(root, "equipment"), actors = xml_child(root, "actors");
    struct catalogue_item *item = take_array(t, equipment, "item", sizeof *item, &c->n_equipment);
    c->equipment = item;
    xmlNodePtr node = xml_child(equipment, "item");
    for (size_t i = 0; i < c->n_equipment; i++, node = xml_next(node, "item"))
        take_item(t, node, c, &item[i]);
    c->use_cases = take_status(t, xml_child(actors, "use-cases"), c);
    c->rows = take_status(t, xml_child(actors, "rows"), c);
    c->readings = take_status(t, xml_child(actors, "readings"), c);
    c->forwarding = take_status(t, xml_child(actors, "forwarding"), c);
    struct catalogue_mode *mode = take_array(t, actors, "mode", sizeof *mode, &c->n_mode);
    c->mode = mode;
    node = xml_child(actors, "mode");
    for (size_t i = 0; i < c->n_mode; i++, node = xml_next(node, "mode")) {
        mode[i].name = take_text(t, node, "name");
        take_item(t, node, c, &mode[i].item);
    }
    take_between(t, actors, c);
}

enum err_code catalogue_load(const char *path, struct catalogue **out, struct err *e)
{
    char own[PATH_MAX];
    xmlDocPtr doc = NULL;
    *out = NULL;
    struct catalogue *c = calloc(1, sizeof *c);
    if (c == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the items of a statement");
    struct take t = {&c->arena, ERR_OK, e};
    if (path == NULL) {
        t.rc = where_data(CATALOGUE_FILE, own, sizeof own, e);
        path = own;
    }
    if (t.rc == ERR_OK)
        t.rc = xml_load(path, CATALOGUE_SCHEMA, "1", &doc, NULL, e);
    if (t.rc == ERR_OK && (c->path = arena_strdup(&c->arena, path)) == NULL)
        t.rc = err_set(e, ERR_NOMEM, "no memory to read %s", path);
    if (t.rc == ERR_OK)
        take_catalogue(&t, xmlDocGetRootElement(doc), c);
    xmlFreeDoc(doc);
    if (t.rc == ERR_OK)
        *out = c;
    else
        catalogue_free(c);
    return t.rc;
}

void catalogue_free(struct catalogue *c)
{
    if (c == NULL)
        return;
    arena_release(&c->arena);
    free(c);
}

const struct catalogue_condition *catalogue_condition(const struct catalogue *c, const char *status)
{
    for (size_t i = 0; i < c->n_condition; i++)
        if (strcmp(c->condition[i].id, status) == 0)
            return &c->condition[i];
    return NULL;
}
