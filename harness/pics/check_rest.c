/* What is not about items: identity, actors, protocols, credentials, stimuli. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "harness/pics/check.h"
#include "harness/pics/secret.h"

#define EMPTY_DIGEST "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void check_identity(const struct statement *s, struct pics_report *r)
{
    const struct {
        const char *name, *value;
    } part[] = {{"vendor", s->vendor},
                {"model", s->model},
                {"hardware", s->hardware},
                {"firmware", s->firmware}};
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++)
        if (strcasecmp(part[i].value, "unset") == 0)
            pics_add(r, 102, s->identity_line, "%s is unset", part[i].name);
    if (strspn(s->firmware_digest, "0") == strlen(s->firmware_digest))
        pics_add(r, 102, s->identity_line, "firmware-sha256 is unset");
    if (strcmp(s->firmware_digest, EMPTY_DIGEST) == 0)
        pics_add(r, 111, s->identity_line, "firmware-sha256 is the digest of an empty file");
}

static void check_actors(const struct table *t, const struct statement *s, struct pics_report *r)
{
    for (size_t i = 0; i < s->n_group; i++)
        if (table_actor(t, s->group[i].actor) == NULL)
            pics_add(r, 11, s->group[i].line, "group of \"%s\": no actor of the requirement table",
                     s->group[i].actor);
    for (size_t i = 0; i < s->n_peer; i++)
        if (table_actor(t, s->peer[i].actor) == NULL)
            pics_add(r, 11, s->peer[i].line, "peer \"%s\": no actor of the requirement table",
                     s->peer[i].actor);
}

static bool is_group(const struct table *t, const struct statement *s, const char *actor)
{
    for (size_t i = 0; i < s->n_group; i++) {
        const char *known = table_actor(t, s->group[i].actor);
        if (known != NULL && strcmp(known, actor) == 0)
            return true;
    }
    return false;
}

static bool is_peer(const struct table *t, const struct statement *s, const char *actor)
{
    for (size_t i = 0; i < s->n_peer; i++) {
        const char *known = table_actor(t, s->peer[i].actor);
        if (known != NULL && strcmp(known, actor) == 0)
            return true;
    }
    return false;
}

/* A row that the equipment is an end of, and no leg of which has a played other end. */
static bool is_alone(const struct table *t, const struct statement *s, const struct table_row *row,
                     bool *event)
{
    bool concerned = false, met = false;
    for (size_t i = 0; i < row->n_leg; i++) {
        const struct table_leg *l = &row->leg[i];
        bool from = false, to = false, from_peer = false, to_peer = false;
        for (size_t k = 0; k < l->n_from; k++) {
            from = from || is_group(t, s, l->from[k]);
            from_peer = from_peer || is_peer(t, s, l->from[k]);
        }
        for (size_t k = 0; k < l->n_to; k++) {
            to = to || is_group(t, s, l->to[k]);
            to_peer = to_peer || is_peer(t, s, l->to[k]);
        }
        concerned = concerned || from || to;
        met = met || (from && to_peer) || (to && from_peer);
        *event = *event || (from && l->trigger == TRIGGER_EVENT);
    }
    return concerned && !met;
}

static void check_ends(const struct table *t, const struct statement *s, struct pics_report *r)
{
    size_t alone = 0;
    const struct table_row *first = NULL, *sends = NULL;
    for (size_t i = 0; i < t->n_row; i++) {
        bool event = false;
        if (is_alone(t, s, &t->row[i], &event)) {
            first = alone++ == 0 ? &t->row[i] : first;
            continue;
        }
        if (event && sends == NULL && statement_stimulus_by_name(s, t->row[i].payload) == NULL &&
            s->n_stimulus == 0)
            sends = &t->row[i];
    }
    if (alone > 0)
        pics_add(r, 108, s->http_line,
                 "%zu row%s, the first %s, ha%s no other end among the peers: nobody drives %s",
                 alone, alone == 1 ? "" : "s", first->id, alone == 1 ? "s" : "ve",
                 alone == 1 ? "it" : "them");
    if (sends != NULL)
        pics_add(r, 107, s->http_line,
                 "payloads are sent on events, the first %s, and there is no <stimulus>",
                 sends->id);
}

static void check_protocols(const struct statement *s, struct pics_report *r)
{
    bool spoken = s->n_protocol == 0;
    for (size_t i = 0; i < s->n_protocol; i++) {
        const struct statement_protocol *p = &s->protocol[i];
        bool http = strcmp(p->name, "HTTP") == 0 && strcmp(p->version, "1.1") == 0;
        spoken = spoken || http;
        if (!http)
            pics_add(r, 112, p->line,
                     "protocol %s %s: no probe speaks it, what it carries is not "
                     "tested",
                     p->name, p->version);
    }
    if (!spoken)
        pics_add(r, 12, s->protocol[0].line,
                 "no protocol of the statement is one that a probe "
                 "speaks: HTTP 1.1");
}

static void check_file(const char *what, const char *path, const char *given, long line,
                       struct pics_report *r)
{
    struct stat st;
    if (stat(path, &st) == -1 || !S_ISREG(st.st_mode))
        pics_add(r, 109, line, "%s: there is no file %s here", what, given);
    else if ((st.st_mode & (S_IRGRP | S_IROTH | S_IWGRP | S_IWOTH)) != 0)
        pics_add(r, 110, line, "%s: others than its owner may read %s", what, given);
}

static void check_secrets(const struct statement *s, struct pics_report *r)
{
    for (size_t i = 0; i < s->n_stimulus; i++) {
        const char *secret =
            strcmp(s->stimulus[i].method, "POST") == 0 ? pics_secret(s->stimulus[i].url) : NULL;
        if (secret != NULL)
            pics_add(r, 13, s->stimulus[i].line,
                     "stimulus \"%s\": its url holds %s, which every plan and bundle would show; "
                     "expected a reference: <credential>",
                     s->stimulus[i].name, secret);
    }
    for (size_t i = 0; i < s->n_credential; i++) {
        const struct statement_credential *c = &s->credential[i];
        const char *texts[] = {c->name, c->purpose, c->file};
        for (size_t k = 0; k < 3; k++)
            if (texts[k] != NULL && strstr(texts[k], "-----BEGIN") != NULL)
                pics_add(r, 13, c->line, "credential: a key stands in it, expected a reference");
        if (c->path != NULL)
            check_file(c->name, c->path, c->file, c->line, r);
        else if (c->env != NULL && getenv(c->env) == NULL)
            pics_add(r, 109, c->line, "%s: the environment has no variable %s", c->name, c->env);
    }
    if (s->tls_key != NULL)
        check_file("tls key", s->tls_key, s->tls_key, s->http_line, r);
}

void pics_check_rest(const struct table *t, const struct statement *s, struct pics_report *r)
{
    check_identity(s, r);
    check_actors(t, s, r);
    check_ends(t, s, r);
    check_protocols(s, r);
    check_secrets(s, r);
}
