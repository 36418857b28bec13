/* What a statement has to answer: conditions in three values, allowed values, and the lists that
 * follow from the requirement table. */
#include "harness/items/items.h"

#include "harness/items/condition.h"
#include "harness/items/values.h"
#include "tests/mutate.h"
#include "tests/tap.h"

#define METERS "fixtures/equipment/meters.xml"
#define ITEMS "fixtures/requirements/statement-items.xml"

/* "Y..." yes, "N..." no, else open. */
static enum condition_value by_letter(void *arg, const char *id, size_t len)
{
    (void)arg;
    (void)len;
    return id[0] == 'Y' ? CONDITION_YES : id[0] == 'N' ? CONDITION_NO : CONDITION_OPEN;
}

static void conditions(void)
{
    static const struct {
        const char *text;
        enum condition_value is;
    } good[] = {
        {"Y", CONDITION_YES},
        {" N ", CONDITION_NO},
        {"U", CONDITION_OPEN},
        {"NOT Y", CONDITION_NO},
        {"NOT NOT Y", CONDITION_YES},
        {"NOT U", CONDITION_OPEN},
        {"Y AND N", CONDITION_NO},
        {"Y OR N", CONDITION_YES},
        {"N OR U", CONDITION_OPEN},
        {"Y OR U", CONDITION_YES},
        {"N AND U", CONDITION_NO},
        {"Y AND U", CONDITION_OPEN},
        {"N AND N OR Y", CONDITION_YES},
        {"N AND (N OR Y)", CONDITION_NO},
        {"NOT(N)AND(Y)", CONDITION_YES},
    };
    static const struct {
        const char *text, *expect;
    } bad[] = {
        {"", "column 1"},          {"Y Y", "column 3"},
        {"Y AND", "column 6"},     {"(Y", "column 3"},
        {"Y)", "column 2"},        {"AND Y", "column 1"},
        {"Y OR OR N", "column 6"}, {"(((((((((((((((((Y)))))))))))))))))", "16 brackets"},
    };
    enum condition_value v;
    struct err e = ERR_INIT;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        ok(condition_value(good[i].text, by_letter, NULL, &v, &e) == ERR_OK && v == good[i].is,
           "\"%s\" has its value", good[i].text);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (!ok(condition_value(bad[i].text, by_letter, NULL, &v, &e) != ERR_OK &&
                    strstr(e.text, bad[i].expect) != NULL,
                "\"%s\" is refused with its place", bad[i].text))
            printf("# %s\n", e.text);
}

static void values(void)
{
    size_t len = 0;
    ok(values_beyond("1.2", "1.2 1.3", &len) == NULL, "a word that is allowed");
    ok(values_beyond("1.2 1.3", "1.2 1.3", &len) == NULL, "all of them");
    const char *beyond = values_beyond("1.2 1.1 1.0", "1.2 1.3", &len);
    ok(beyond != NULL && len == 3 && strncmp(beyond, "1.1", 3) == 0, "the first that is not");
    ok(values_beyond("", "1.2", &len) == NULL, "none is beyond nothing");
    ok(values_beyond("5..7 100", "1..100", &len) == NULL, "ranges within a range");
    ok(values_beyond("5..101", "1..100", &len) != NULL, "and one that goes beyond it");
    ok(values_beyond("0", "1..100", &len) != NULL, "below it");
    ok(values_beyond("7..5", "1..100", &len) != NULL, "a range the wrong way round is a word");
    ok(values_hold("1..10 20", 20) && !values_hold("1..10 20", 15), "whether they hold a number");
}

static void meters(const struct table *t)
{
    struct err e = ERR_INIT;
    struct statement *s = NULL;
    struct items *i = NULL;
    char path[4096];
    if (!ok(where_data(METERS, path, sizeof path, &e) == ERR_OK &&
                statement_load(path, &s, &e) == ERR_OK && items_make(t, s, NULL, &i, &e) == ERR_OK,
            "the reference meters have their items"))
        printf("# %s\n", e.text);
    if (i == NULL)
        return;
    is_int(i->n_list, 4, "a list for the equipment, one for each of three actors");
    is_int(i->n_unmet, 0, "no choice is left without support");
    size_t unset = 0;
    for (size_t k = 0; k < i->n_list; k++)
        for (size_t n = 0; n < i->list[k].n_item; n++)
            unset += item_is_unset(&i->list[k].item[n]);
    is_int(unset, 0, "every item is answered");
    const struct item_list *electr = items_of_actor(i, t, "2-way meter \342\200\223 electr");
    ok(electr == &i->list[1], "an actor is found in any spelling");
    ok(items_of_actor(i, t, "DMS") == NULL, "one that it is not has none");
    const struct item *row = item_by_id(electr, "R.4.10.4.1/on-demand_Mtr-read_cmd");
    ok(row != NULL && row->receives && !row->sends && row->need == NEED_MANDATORY &&
           strcmp(row->status, "C.1") == 0,
       "a row of a supported use case is mandatory");
    const struct item *own = item_by_id(electr, "R.4.10.4.1/on-demand_Mtr-read_resp-data");
    ok(own != NULL && own->sends, "what it answers with it sends");
    ok(item_by_id(electr, "R.4.4.1.4.1/nothing") == NULL, "no other rows");
    const struct item *push = item_by_id(electr, "V.push");
    ok(push != NULL && strcmp(push->status, "O.2") == 0, "interval data has its two ways");
    ok(item_by_id(&i->list[3], "V.push") == NULL, "but not of water meters, which have none");
    ok(item_by_id(&i->list[0], "P.tls-old")->need == NEED_EXCLUDED, "old TLS is excluded");
    ok(item_by_id(&i->list[0], "P.tls-client")->need == NEED_NOT_APPLICABLE,
       "without TLS a client's certificate is not applicable");
    items_free(i);
    statement_free(s);
}

/* Of the reference meters with one text replaced: what an item of a list asks for. */
static enum item_need need_after(const struct table *t, const char *from, const char *to,
                                 size_t list, const char *id, size_t *n_unmet)
{
    struct err e = ERR_INIT;
    struct statement *s = NULL;
    struct items *i = NULL;
    enum item_need need = NEED_COUNT;
    if (!mutate(METERS, from, to) || statement_load(mutate_path, &s, &e) != ERR_OK ||
        items_make(t, s, NULL, &i, &e) != ERR_OK)
        printf("# %s\n", e.text);
    else
        need = item_by_id(&i->list[list], id)->need;
    *n_unmet = i == NULL ? 0 : i->n_unmet;
    items_free(i);
    statement_free(s);
    return need;
}

static void needs(const struct table *t)
{
    static const char *const audit = "R.4.11.4.1/Audit_Application_Event";
    static const char *const events = "id=\"U.meter-events\" status=\"O.1\" support=\"yes\"";
    size_t unmet;
    is_int(need_after(t, events, "id=\"U.meter-events\" support=\"no\"", 1, audit, &unmet),
           NEED_NOT_APPLICABLE, "rows of a use case that is not supported are not applicable");
    is_int(need_after(t, events, "id=\"U.meter-events\" support=\"unset\"", 1, audit, &unmet),
           NEED_OPEN, "of one that is unset they are open: three different things");
    is_int(need_after(t, "id=\"P.tls\" status=\"O.4\" support=\"no\"",
                      "id=\"P.tls\" support=\"yes\" values=\"1.3\"", 0, "P.tls-client", &unmet),
           NEED_OPTIONAL, "a condition on another item");
    is_int(unmet, 0, "with clear text and TLS the choice is met");
    (void)need_after(t, "id=\"P.clear\" status=\"O.4\" support=\"yes\"",
                     "id=\"P.clear\" support=\"no\"", 0, "P.clear", &unmet);
    is_int(unmet, 1, "with neither it is not");
}

/* Forwarders, and all that the table knows. */
static void actors(const struct table *t)
{
    struct err e = ERR_INIT;
    struct statement_group g[2] = {{.actor = "DAPjm"}, {.actor = "AMI Head-End(j)"}};
    struct statement s = {.group = g, .n_group = 2};
    struct items *i = NULL;
    if (!ok(items_make(t, &s, NULL, &i, &e) == ERR_OK, "items without a statement's answers"))
        return;
    const struct item *f = item_by_id(&i->list[1], "F.meter-reading");
    ok(f != NULL && f->kind == ASK_FORWARD && item_is_unset(f),
       "what stands in between has items for what it lets pass");
    ok(item_by_id(&i->list[2], "F.meter-reading") != NULL &&
           item_by_id(&i->list[2], "U.meter-reading") != NULL,
       "a head-end is an end as well");
    items_free(i);
}

static void catalogues(void)
{
    static const struct {
        const char *from, *to, *expect;
    } bad[] = {
        {"if=\"use-case\"", "if=\"use-case AND\"", "expected an item"},
        {"<rows status=\"C.1\"/>", "<rows status=\"C.9\"/>", "C.9"},
        {"status=\"O.4\"", "status=\"O.7\"", "O.7"},
        {"then=\"M\"", "then=\"Q\"", "statement-items.rng"},
        {"version=\"1\"", "version=\"7\"", "version \"7\""},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err e = ERR_INIT;
        struct catalogue *c = NULL;
        if (!ok(mutate(ITEMS, bad[i].from, bad[i].to) &&
                    catalogue_load(mutate_path, &c, &e) == ERR_DATA && c == NULL &&
                    strstr(e.text, mutate_path) != NULL && strstr(e.text, bad[i].expect) != NULL,
                "an item list is refused: %s", bad[i].to))
            printf("# %s\n", e.text);
        catalogue_free(c);
    }
}

int main(void)
{
    struct err e = ERR_INIT;
    struct table *t = NULL;
    conditions();
    values();
    if (!mutate_begin() || table_load(NULL, &t, &e) != ERR_OK) {
        printf("Bail out! %s\n", e.text);
        return 1;
    }
    meters(t);
    needs(t);
    actors(t);
    catalogues();
    table_free(t);
    mutate_end();
    return done_testing();
}
