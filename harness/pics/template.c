#include "harness/pics/template.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/items/items.h"

#define FIRST_PORT 18480
#define FIRST_ID UINT64_C(0x0200474200000000)
#define IDS_APART UINT64_C(0x1000000)

/* ---- actors of a table --------------------------------------------------------------------------
 */

struct actors {
    const char **name;
    size_t n;
};

static bool has(const struct actors *l, const char *name)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->name[i], name) == 0)
            return true;
    return false;
}

static void add(struct actors *l, const char *name)
{
    if (!has(l, name))
        l->name[l->n++] = name;
}

static size_t most_actors(const struct table *t)
{
    size_t n = 1;
    for (size_t i = 0; i < t->n_row; i++)
        for (size_t k = 0; k < t->row[i].n_leg; k++)
            n += t->row[i].leg[k].n_from + t->row[i].leg[k].n_to;
    return n;
}

static enum err_code actors_init(const struct table *t, struct actors *l, struct err *e)
{
    l->n = 0;
    l->name = calloc(most_actors(t), sizeof *l->name);
    return l->name != NULL ? ERR_OK : err_set(e, ERR_NOMEM, "no memory for the table's actors");
}

static void add_ends(struct actors *l, const struct table_leg *leg)
{
    for (size_t i = 0; i < leg->n_from; i++)
        add(l, leg->from[i]);
    for (size_t i = 0; i < leg->n_to; i++)
        add(l, leg->to[i]);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Every end of the table, and those that stand only in between. */
static enum err_code all_actors(const struct table *t, struct actors *l, struct err *e)
{
    enum err_code rc = actors_init(t, l, e);
    for (size_t i = 0; i < t->n_row && rc == ERR_OK; i++)
        for (size_t k = 0; k < t->row[i].n_leg; k++)
            add_ends(l, &t->row[i].leg[k]);
    if (rc == ERR_OK)
        qsort(l->name, l->n, sizeof *l->name, by_name);
    return rc;
}

enum err_code pics_actors(const struct table *t, struct text *out, struct err *e)
{
    struct actors l;
    enum err_code rc = all_actors(t, &l, e);
    for (size_t i = 0; i < l.n && rc == ERR_OK; i++)
        text_f(out, "%s\n", l.name[i]);
    free(l.name);
    return rc == ERR_OK ? text_done(out, e) : rc;
}

/* ---- the template -------------------------------------------------------------------------------
 */

struct template
{
    const struct table *table;
    const struct items *items;
    struct actors eut;
    struct text *out;
    unsigned port;
};

/* Inside a comment no two hyphens may meet. */
static void comment_text(struct text *t, const char *s)
{
    size_t before = t->buf.len;
    text_esc(t, TEXT_PLAIN, s);
    for (size_t i = before + 1; i < t->buf.len; i++)
        if (t->buf.data[i] == '-' && t->buf.data[i - 1] == '-')
            t->buf.data[i] = '_';
}

static void attr(struct text *t, const char *name, const char *value)
{
    text_f(t, " %s=\"", name);
    text_esc(t, TEXT_MARKUP, value);
    text_raw(t, "\"");
}

/* The classes of an actor's devices that readings tell apart, at most two there are: a class is
 * that of who sends. */
static size_t classes_of(const struct table *t, const char *actor, const char *class[2])
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_row; i++)
        for (size_t k = 0; k < t->row[i].n_leg; k++) {
            const struct table_leg *l = &t->row[i].leg[k];
            bool sends = false;
            for (size_t f = 0; f < l->n_from && l->device_class[0] != '\0'; f++)
                sends = sends || strcmp(l->from[f], actor) == 0;
            if (sends && n < 2 && (n == 0 || strcmp(class[0], l -> device_class) != 0))
                class[n++] = l->device_class;
        }
    return n;
}

static void put_groups(struct template *x)
{
    struct text *t = x->out;
    uint64_t id = FIRST_ID;
    text_raw(t, "  <!-- The devices under test: EUI-64 from first-id on. -->\n");
    for (size_t i = 0; i < x->eut.n; i++) {
        const char *class[2] = {"", ""};
        size_t n = classes_of(x->table, x->eut.name[i], class);
        for (size_t k = 0; k < (n == 0 ? 1 : n); k++, id += IDS_APART) {
            text_raw(t, "  <group");
            attr(t, "actor", x->eut.name[i]);
            if (n > 0)
                attr(t, "class", class[k]);
            text_f(t, " first-id=\"%016" PRIX64 "\" count=\"1\"/>\n", id);
        }
    }
}

static bool any_eut(const struct template *x, const char *const *actor, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (has(&x->eut, actor[i]))
            return true;
    return false;
}

/* Whether messages of the row go through an actor under test. */
static bool passes(const struct template *x, const struct table_row *row)
{
    for (size_t i = 1; i < x->items->n_list; i++)
        for (size_t k = 0; k < x->items->list[i].n_item; k++) {
            const struct item *item = &x->items->list[i].item[k];
            for (size_t u = 0; item->kind == ASK_FORWARD && u < row->n_use_case; u++)
                if (strcmp(row->use_case[u], item->use_case) == 0)
                    return true;
        }
    return false;
}

static enum err_code put_peers(struct template *x, struct err *e)
{
    struct text *t = x->out;
    struct actors peer;
    enum err_code rc = actors_init(x->table, &peer, e);
    for (size_t i = 0; i < x->table->n_row && rc == ERR_OK; i++) {
        const struct table_row *row = &x->table->row[i];
        for (size_t k = 0; k < row->n_leg; k++) {
            const struct table_leg *l = &row->leg[k];
            if (any_eut(x, l->from, l->n_from) || any_eut(x, l->to, l->n_to) || passes(x, row))
                add_ends(&peer, l);
        }
    }
    text_raw(t,
             "  <!-- Where the equipment sends what is meant for these: the harness listens there "
             "and plays them. Add\n"
             "       first-id and count for more than one device of a kind. -->\n");
    for (size_t i = 0; i < peer.n; i++) {
        const char *class[2];
        if (has(&x->eut, peer.name[i]))
            continue;
        size_t n = classes_of(x->table, peer.name[i], class);
        text_raw(t, "  <peer");
        attr(t, "actor", peer.name[i]);
        text_f(t, " address=\"127.0.0.1\" port=\"%u\" path=\"/p%zu\"", x->port++, i + 1);
        if (n > 0)
            attr(t, "class", class[0]);
        text_raw(t, "/>\n");
    }
    free(peer.name);
    return rc;
}

static void put_item(struct text *t, const struct item *item)
{
    text_raw(t, "    <item");
    attr(t, "id", item->id);
    attr(t, "status", item->status);
    text_raw(t, " support=\"unset\"");
    if (item->allowed[0] != '\0') {
        text_raw(t, " values=\"\"");
        attr(t, "allowed", item->allowed);
    }
    text_raw(t, "/>");
    if (item->kind != ASK_ROW) {
        text_raw(t, " <!-- ");
        comment_text(t, item->about);
        text_raw(t, " -->");
    }
    text_raw(t, "\n");
}

static void put_list(struct template *x, const struct item_list *l)
{
    struct text *t = x->out;
    enum ask_kind kind = ASK_KIND_COUNT;
    static const char *const title[ASK_KIND_COUNT] = {
        [ASK_EQUIPMENT] = NULL,
        [ASK_USE_CASE] = "Use cases that it takes part in.",
        [ASK_FORWARD] = "Use cases whose messages it lets pass.",
        [ASK_MODE] = "How interval data comes.",
        [ASK_ROW] = "Rows of the table that it is an end of: asked for where the use case is "
                    "supported.",
    };
    text_raw(t, "  <items");
    if (l->actor != NULL)
        attr(t, "actor", l->actor);
    text_raw(t, ">\n");
    for (size_t i = 0; i < l->n_item; i++) {
        if (l->item[i].kind != kind && title[l->item[i].kind] != NULL)
            text_f(t, "    <!-- %s -->\n", title[l->item[i].kind]);
        kind = l->item[i].kind;
        put_item(t, &l->item[i]);
    }
    text_raw(t, "  </items>\n");
}

static void put_legend(struct template *x)
{
    struct text *t = x->out;
    const struct catalogue *c = x->items->catalogue;
    text_raw(t,
             "  <!-- Answers: yes, no or unset; a remark=\"...\" says why. Values: those supported "
             "out of those allowed.\n"
             "       M mandatory, O optional, X excluded, N/A not applicable, and\n");
    for (size_t i = 0; i < c->n_choice; i++) {
        text_f(t, "       %s at least one of them: it ", c->choice[i].id);
        comment_text(t, c->choice[i].about);
        text_raw(t, "\n");
    }
    for (size_t i = 0; i < c->n_condition; i++) {
        const struct catalogue_condition *k = &c->condition[i];
        text_f(t, "       %s IF ", k->id);
        comment_text(t, k->when);
        text_f(t, " THEN %s ELSE %s\n", k->yes, k->otherwise);
    }
    text_raw(t, "       Let gridassay statement check it: that tells what is left. -->\n");
}

static bool asks_mode(const struct template *x)
{
    for (size_t i = 1; i < x->items->n_list; i++)
        for (size_t k = 0; k < x->items->list[i].n_item; k++)
            if (x->items->list[i].item[k].kind == ASK_MODE)
                return true;
    return false;
}

static enum err_code put_all(struct template *x, struct err *e)
{
    struct text *t = x->out;
    text_raw(t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- The statement of equipment that "
                "is");
    for (size_t i = 0; i < x->eut.n; i++) {
        text_raw(t, i == 0 ? " " : ", ");
        comment_text(t, x->eut.name[i]);
    }
    text_raw(t,
             ". Replace what is unset, and\n"
             "     the addresses, ports and ids by those of the bench. -->\n"
             "<statement xmlns=\"urn:gridassay:statement:1\" version=\"1\">\n"
             "  <!-- firmware-sha256: of the image that runs in it. -->\n"
             "  <identity vendor=\"unset\" model=\"unset\" hardware=\"unset\" firmware=\"unset\"\n"
             "            firmware-sha256=\"");
    text_f(t, "%064d\"/>\n", 0);
    put_groups(x);
    text_f(t,
           "  <!-- Where it is reached. connection: keep-alive or per-exchange; reply: response or "
           "request (to the\n"
           "       reply address); read-back=\"yes\" where it tells what it has consumed; "
           "tls=\"yes\" needs a <tls>. -->\n"
           "  <http address=\"127.0.0.1\" port=\"%u\" path=\"/eut\" connection=\"keep-alive\" "
           "reply=\"response\"/>\n",
           x->port++);
    enum err_code rc = put_peers(x, e);
    if (asks_mode(x))
        text_raw(t, "  <!-- How interval data comes: push, poll or both; <own-schedule/> behind it "
                    "where it does so by itself. -->\n"
                    "  <interval-reads mode=\"both\"/>\n");
    text_raw(t,
             "  <!-- How it is provoked: by a person at the bench, or method=\"POST\" with a "
             "url=\"http://...\".\n"
             "       {stimulus}, {device} and {value} are replaced. -->\n"
             "  <stimulus name=\"*\" method=\"prompt\" text=\"Provoke {stimulus} at {device}\"/>\n"
             "  <!-- What it bears, and what is really written into it:\n"
             "  <duty payload=\"...\" most=\"100\" spacing-s=\"60\" why=\"...\"/>\n"
             "  <image payload=\"...\" file=\"image.bin\" version=\"...\"/> -->\n"
             "  <protocol name=\"HTTP\" version=\"1.1\" role=\"both\"/>\n"
             "  <!-- Secrets by reference alone:\n"
             "  <credential name=\"bench\" purpose=\"the bench's own interface\" "
             "env=\"BENCH_TOKEN\"/> -->\n");
    put_legend(x);
    for (size_t i = 0; i < x->items->n_list; i++)
        put_list(x, &x->items->list[i]);
    text_raw(t, "</statement>\n");
    return rc;
}

/* The table's spelling of each actor. */
static enum err_code take_actors(struct template *x, const char *const *actor, size_t n,
                                 struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        const char *known = table_actor(x->table, actor[i]);
        if (known == NULL)
            return err_set(e, ERR_USAGE,
                           "\"%s\" is no actor of the requirement table; --actors lists them",
                           actor[i]);
        add(&x->eut, known);
    }
    return ERR_OK;
}

enum err_code pics_template(const struct table *t, const char *const *actor, size_t n_actor,
                            struct text *out, struct err *e)
{
    struct template x = {.table = t, .out = out, .port = FIRST_PORT};
    struct items *items = NULL;
    struct statement_group *group = calloc(n_actor + 1, sizeof *group);
    x.eut.name = calloc(n_actor + 1, sizeof *x.eut.name);
    enum err_code rc = group == NULL || x.eut.name == NULL
                           ? err_set(e, ERR_NOMEM, "no memory for a template")
                           : take_actors(&x, actor, n_actor, e);
    struct statement stub = {.group = group, .n_group = x.eut.n};
    for (size_t i = 0; rc == ERR_OK && i < x.eut.n; i++)
        group[i].actor = x.eut.name[i];
    if (rc == ERR_OK)
        rc = items_make(t, &stub, NULL, &items, e);
    x.items = items;
    if (rc == ERR_OK)
        rc = put_all(&x, e);
    items_free(items);
    free(group);
    free(x.eut.name);
    return rc == ERR_OK ? text_done(out, e) : rc;
}
