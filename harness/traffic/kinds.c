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
#define TRAFFIC_TIMES 86400

static void take_populations(struct take *t, xmlNodePtr root, struct kinds *k)
{
    static const char *const per[] = {"aggregator", "deployment"};
    struct kinds_population *p = take_array(t, root, "population", sizeof *p, &k->n_population);
    k->population = p;
    xmlNodePtr node = xml_child(root, "population");
    for (size_t i = 0; i < k->n_population; i++, node = xml_next(node, "population")) {
        p[i].name = take_text(t, node, "name");
        if (xml_attr(node, "one-per") != NULL)
            p[i].one_per = (enum kinds_one_per)(take_word(t, node, "one-per", per, 2) + 1);
        struct kinds_member *m = take_array(t, node, "member", sizeof *m, &p[i].n_member);
        p[i].member = m;
        xmlNodePtr child = xml_child(node, "member");
        for (size_t j = 0; j < p[i].n_member; j++, child = xml_next(child, "member"))
            m[j] = (struct kinds_member){take_text(t, child, "actor"),
                                         take_text_or(t, child, "class", "")};
    }
}

static void take_rest(struct take *t, xmlNodePtr root, struct kinds *k)
{
    struct kinds_period *p = take_array(t, root, "period", sizeof *p, &k->n_period);
    k->period = p;
    xmlNodePtr node = xml_child(root, "period");
    for (size_t i = 0; i < k->n_period; i++, node = xml_next(node, "period")) {
        p[i].name = take_text(t, node, "name");
        p[i].days = ratio_of(take_fixed(t, node, "days", DAY_PARTS, 1, MOST_DAYS * DAY_PARTS),
                             DAY_PARTS * take_i64_or(t, node, "times", 1, TRAFFIC_TIMES, 1));
    }
    struct kinds_cause *c = take_array(t, root, "cause", sizeof *c, &k->n_cause);
    k->cause = c;
    node = xml_child(root, "cause");
    for (size_t i = 0; i < k->n_cause; i++, node = xml_next(node, "cause"))
        c[i] = (struct kinds_cause){take_text(t, node, "period"), take_text(t, node, "payload")};
    struct kinds_tied *d = take_array(t, root, "tied", sizeof *d, &k->n_tied);
    k->tied = d;
    node = xml_child(root, "tied");
    for (size_t i = 0; i < k->n_tied; i++, node = xml_next(node, "tied"))
        d[i] = (struct kinds_tied){take_text(t, node, "row"), take_text(t, node, "leg")};
}

enum err_code kinds_load(struct kinds **out, struct err *e)
{
    char path[4096], digest[SHA256_HEX_BYTES];
    xmlDocPtr doc = NULL;
    *out = NULL;
    struct kinds *k = calloc(1, sizeof *k);
    if (k == NULL)
        return err_set(e, ERR_NOMEM, "no memory to read " FILE_NAME);
    struct take t = {&k->arena, ERR_OK, e};
    t.rc = where_data(FILE_NAME, path, sizeof path, e);
    if (t.rc == ERR_OK)
        t.rc = xml_load(path, SCHEMA, "1", &doc, digest, e);
    if (t.rc == ERR_OK) {
        take_populations(&t, xmlDocGetRootElement(doc), k);
        take_rest(&t, xmlDocGetRootElement(doc), k);
    }
    xmlFreeDoc(doc);
    if (t.rc == ERR_OK)
        *out = k;
    else
        kinds_free(k);
    return t.rc;
}

void kinds_free(struct kinds *k)
{
    if (k == NULL)
        return;
    arena_release(&k->arena);
    free(k);
}

const struct kinds_population *kinds_population(const struct kinds *k, const char *name)
{
    for (size_t i = 0; i < k->n_population; i++)
        if (strcmp(k->population[i].name, name) == 0)
            return &k->population[i];
    return NULL;
}

const struct kinds_period *kinds_period(const struct kinds *k, const char *name)
{
    for (size_t i = 0; i < k->n_period; i++)
        if (strcmp(k->period[i].name, name) == 0)
            return &k->period[i];
    return NULL;
}

const struct kinds_cause *kinds_cause(const struct kinds *k, const char *period)
{
    for (size_t i = 0; i < k->n_cause; i++)
        if (strcmp(k->cause[i].period, period) == 0)
            return &k->cause[i];
    return NULL;
}

bool kinds_is_field(const struct kinds *k, const char *actor)
{
    for (size_t i = 0; i < k->n_population; i++)
        for (size_t j = 0; j < k->population[i].n_member; j++)
            if (strcmp(k->population[i].member[j].actor, actor) == 0)
                return true;
    return false;
}

bool kinds_is_tied(const struct kinds *k, const char *row, const char *leg)
{
    for (size_t i = 0; i < k->n_tied; i++)
        if (strcmp(k->tied[i].row, row) == 0 && strcmp(k->tied[i].leg, leg) == 0)
            return true;
    return false;
}
