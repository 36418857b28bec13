#include <inttypes.h>
#include <string.h>

#include "harness/pics/document.h"
#include "harness/pics/secret.h"

/* Escaped, and blanks behind it up to so many bytes. */
static void padded(struct text *t, const char *s, size_t width)
{
    size_t before = t->buf.len;
    text_esc(t, TEXT_PLAIN, s);
    do
        text_raw(t, " ");
    while (t->rc == ERR_OK && t->buf.len - before < width);
}

static void line(struct text *t, const char *name, const char *value)
{
    text_f(t, "  %-14s ", name);
    text_esc(t, TEXT_PLAIN, value);
    text_raw(t, "\n");
}

static void place(struct text *t, const char *name, const struct statement_endpoint *p)
{
    bool six = strchr(p->address, ':') != NULL;
    text_raw(t, "  ");
    padded(t, name, 28);
    text_f(t, "%s%s", p->tls ? "https://" : "http://", six ? "[" : "");
    text_esc(t, TEXT_PLAIN, p->address);
    text_f(t, "%s:%u", six ? "]" : "", p->port);
    text_esc(t, TEXT_PLAIN, p->path);
    text_raw(t, "\n");
}

static void about(const struct statement *s, struct text *t)
{
    text_raw(t, "Identity\n");
    line(t, "vendor", s->vendor);
    line(t, "model", s->model);
    line(t, "hardware", s->hardware);
    line(t, "firmware", s->firmware);
    line(t, "its SHA-256", s->firmware_digest);
    text_raw(t, "\nRoles\n");
    for (size_t i = 0; i < s->n_group; i++) {
        const struct statement_group *g = &s->group[i];
        text_raw(t, "  ");
        padded(t, g->actor, 28);
        text_f(t, "%" PRIu32 " from %016" PRIX64 "%s%s\n", g->count, g->first_id,
               g->device_class[0] == '\0' ? "" : ", ", g->device_class);
    }
    text_raw(t, "\nProtocols and endpoints\n");
    for (size_t i = 0; i < s->n_protocol; i++) {
        const struct statement_protocol *p = &s->protocol[i];
        text_raw(t, "  ");
        padded(t, p->name, 1);
        padded(t, p->version, 1);
        text_f(t, "as %s\n", strcmp(p->role, "both") == 0 ? "server and client" : p->role);
    }
    place(t, "the equipment", &s->eut);
    text_f(t, "  connections %s, answers %s, read-back %s\n",
           s->connection_per_exchange ? "one for each exchange" : "kept open",
           s->reply_by_request ? "by request" : "in the response", s->read_back ? "yes" : "no");
    for (size_t i = 0; i < s->n_peer; i++)
        place(t, s->peer[i].actor, &s->peer[i]);
}

static void tested(const struct statement *s, struct text *t)
{
    if (s->n_stimulus > 0)
        text_raw(t, "\nStimuli\n");
    for (size_t i = 0; i < s->n_stimulus; i++) {
        const struct statement_stimulus *m = &s->stimulus[i];
        bool withheld = strcmp(m->method, "POST") == 0 && pics_secret(m->url) != NULL;
        text_raw(t, "  ");
        padded(t, m->name, 28);
        text_f(t, "%s ", m->method);
        text_esc(t, TEXT_PLAIN, withheld ? "(withheld: it holds a secret)" : m->url);
        text_raw(t, "\n");
    }
    if (s->n_credential > 0)
        text_raw(t, "\nCredentials, by reference\n");
    for (size_t i = 0; i < s->n_credential; i++) {
        const struct statement_credential *c = &s->credential[i];
        text_raw(t, "  ");
        padded(t, c->name, 28);
        text_raw(t, c->file != NULL ? "file " : "environment ");
        text_esc(t, TEXT_PLAIN, c->file != NULL ? c->file : c->env);
        text_raw(t, " (");
        text_esc(t, TEXT_PLAIN, c->purpose);
        text_raw(t, ")\n");
    }
}

static void list(const struct item_list *l, struct text *t)
{
    text_f(t, "\n%s\n", l->actor == NULL ? "The equipment as a whole" : l->actor);
    for (size_t i = 0; i < l->n_item; i++) {
        const struct item *item = &l->item[i];
        bool idle = item->need == NEED_NOT_APPLICABLE && item->support != SUPPORT_YES;
        text_f(t, "  %-5s %-5s %-14s %s", item->status, idle ? "n/a" : support_name(item->support),
               pics_need(item->need), item->id);
        if (item->answer != NULL && item->answer->values[0] != '\0') {
            text_raw(t, " = ");
            text_esc(t, TEXT_PLAIN, item->answer->values);
        }
        if (item->answer != NULL && item->answer->remark[0] != '\0') {
            text_raw(t, " (");
            text_esc(t, TEXT_PLAIN, item->answer->remark);
            text_raw(t, ")");
        }
        text_raw(t, "\n");
    }
}

void pics_text(const struct pics_document *d, struct text *t)
{
    struct pics_count n = pics_count(d->items);
    about(d->statement, t);
    tested(d->statement, t);
    for (size_t i = 0; i < d->items->n_list; i++)
        list(&d->items->list[i], t);
    text_f(t,
           "\n%s: %zu items, %zu supported, %zu not supported, %zu unset, %zu not applicable; %zu "
           "error%s, %zu warning%s (--check)\n",
           pics_state(d), n.items, n.yes, n.no, n.unset, n.not_applicable, d->found.errors,
           d->found.errors == 1 ? "" : "s", d->found.warnings, d->found.warnings == 1 ? "" : "s");
}
