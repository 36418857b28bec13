#include "harness/traffic/kinds.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/sha256.h"
#include "harness/base/take.h"
#include "harness/base/where.h"
#include "harness/base/xml.h"

#define FILE_NAME "fixtures/requirements/traffic.xml"
#define SCHEMA "fixtures/requirements/traffic.rng"
#define DAY_PARTS 10000 /* days are given in ten-thousandths at most */
#define MOST_DAYS 36525

static void take_populations(struct take *t, xmlNodePtr root, struct kinds *w)
{
    static const char *const per[] = {"aggregator", "deployment"};
    struct kinds_population *p = take_array(t, root, "population", sizeof *p, &w->n_population);
    w->population = p;
    xmlNodePtr node = xml_child(root, "population");
    for (size_t i = 0; i < w->n_population; i++, node = xml_next(node, "population")) {
        p[i].name = take_text(t, node, "name");
        if (xml_attr(node, "one-per") != NULL)
            p[i].one_per = (enum kinds_one_per)(take_word(t, node, "one-per", per, 2) + 1);
        struct kinds_member *m = take_array(t, node, "member", sizeof *m, &p[i].n_member);
        p[i].member = m;
        xmlNodePtr child = xml_child(node, "member");
        for (size_t k = 0; k < p[i].n_member; k++, child = xml_next(child, "member"))
            m[k] = (struct kinds_member){take_text(t, child, "actor"),
                                         take_text_or(t, child, "class", "")};
    }
}

static void take_rest(struct take *t, xmlNodePtr root, struct kinds *w)
{
    struct kinds_period *p = take_array(t, root, "period", sizeof *p, &w->n_period);
    w->period = p;
    xmlNodePtr node = xml_child(root, "period");
    for (size_t i = 0; i < w->n_period; i++, node = xml_next(node, "period")) {
        p[i].name = take_text(t, node, "name");
        p[i].days =
            ratio_of(take_fixed(t, node, "days", DAY_PARTS, 1, MOST_DAYS * DAY_PARTS), DAY_PARTS);
    }
    struct kinds_cause *c = take_array(t, root, "cause", sizeof *c, &w->n_cause);
    w->cause = c;
    node = xml_child(root, "cause");
    for (size_t i = 0; i < w->n_cause; i++, node = xml_next(node, "cause"))
        c[i] = (struct kinds_cause){take_text(t, node, "period"), take_text(t, node, "payload")};
}

enum err_code kinds_load(struct kinds **out, struct err *e)
{
    char path[4096], digest[SHA256_HEX_BYTES];
    xmlDocPtr doc = NULL;
    *out = NULL;
    struct kinds *w = calloc(1, sizeof *w);
    if (w == NULL)
        return err_set(e, ERR_NOMEM, "no memory to read " FILE_NAME);
    struct take t = {&w->arena, ERR_OK, e};
    t.rc = where_data(FILE_NAME, path, sizeof path, e);
    if (t.rc == ERR_OK)
        t.rc = xml_load(path, SCHEMA, "1", &doc, digest, e);
    if (t.rc == ERR_OK) {
        take_populations(&t, xmlDocGetRootElement(doc), w);
        take_rest(&t, xmlDocGetRootElement(doc), w);
    }
    xmlFreeDoc(doc);
    if (t.rc == ERR_OK)
        *out = w;
    else
        kinds_free(w);
    return t.rc;
}

void kinds_free(struct kinds *w)
{
    if (w == NULL)
        return;
    arena_release(&w->arena);
    free(w);
}

const struct kinds_population *kinds_population(const struct kinds *w, const char *name)
{
    for (size_t i = 0; i < w->n_population; i++)
        if (strcmp(w->population[i].name, name) == 0)
            return &w->population[i];
    return NULL;
}

const struct kinds_period *kinds_period(const struct kinds *w, const char *name)
{
    for (size_t i = 0; i < w->n_period; i++)
        if (strcmp(w->period[i].name, name) == 0)
            return &w->period[i];
    return NULL;
}

const struct kinds_cause *kinds_cause(const struct kinds *w, const char *period)
{
    for (size_t i = 0; i < w->n_cause; i++)
        if (strcmp(w->cause[i].period, period) == 0)
            return &w->cause[i];
    return NULL;
}

bool kinds_is_field(const struct kinds *w, const char *actor)
{
    for (size_t i = 0; i < w->n_population; i++)
        for (size_t k = 0; k < w->population[i].n_member; k++)
            if (strcmp(w->population[i].member[k].actor, actor) == 0)
                return true;
    return false;
}
