#include "harness/pics/facts.h"

#include <string.h>

/* The first endpoint with or without TLS; 0 none. */
static long endpoint_line(const struct statement *s, bool tls)
{
    if (s->eut.tls == tls)
        return s->http_line;
    for (size_t i = 0; i < s->n_peer; i++)
        if (s->peer[i].tls == tls)
            return s->peer[i].line;
    return 0;
}

/* Whether some <protocol> names HTTP in that role, or there is none at all. */
static bool speaks(const struct statement *s, const char *role)
{
    bool any = false;
    for (size_t i = 0; i < s->n_protocol; i++)
        any =
            any ||
            (strcmp(s->protocol[i].name, "HTTP") == 0 &&
             (strcmp(s->protocol[i].role, role) == 0 || strcmp(s->protocol[i].role, "both") == 0));
    return any;
}

struct fact fact_of(const struct statement *s, const char *name)
{
    const struct {
        const char *name;
        struct fact fact;
    } fact[] = {
        {"server", {true, true, false, s->http_line, "<http> is where it is reached"}},
        {"client", {true, speaks(s, "client"), false, s->http_line, "<protocol> says client"}},
        {"keep-alive",
         {true, !s->connection_per_exchange, false, s->http_line, "connection=\"keep-alive\""}},
        {"reply-response", {true, !s->reply_by_request, false, s->http_line, "reply=\"response\""}},
        {"reply-request", {true, s->reply_by_request, false, s->http_line, "reply=\"request\""}},
        {"read-back", {true, s->read_back, true, s->http_line, "read-back=\"yes\""}},
        {"clear",
         {true, endpoint_line(s, false) != 0, false, endpoint_line(s, false), "no tls=\"yes\""}},
        {"tls", {true, endpoint_line(s, true) != 0, true, endpoint_line(s, true), "tls=\"yes\""}},
        {"tls-client",
         {true, s->tls_certificate != NULL, true, s->http_line, "<tls> names a certificate"}},
        {"stimulus", {true, s->n_stimulus > 0, true, s->http_line, "<stimulus>"}},
        {"own-schedule", {true, s->own_schedule, true, s->http_line, "<own-schedule/>"}},
        {"push", {true, s->push, false, s->http_line, "<interval-reads> says push or both"}},
        {"poll", {true, s->poll, false, s->http_line, "<interval-reads> says poll or both"}},
    };
    for (size_t i = 0; i < sizeof fact / sizeof fact[0]; i++)
        if (strcmp(fact[i].name, name) == 0) {
            struct fact f = fact[i].fact;
            f.line = f.line == 0 ? s->http_line : f.line;
            return f;
        }
    return (struct fact){.known = false};
}
