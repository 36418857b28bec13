#include "probes/http/speak.h"

#include <curl/curl.h>
#include <stdlib.h>

#include "harness/base/limits.h"

struct speaker {
    struct http_client *client;
    struct http_server *server;
};

bool http_hold(struct buf *body, uint64_t *held_bytes, const void *data, size_t len)
{
    if (held_bytes != NULL && body->len + len > LIMIT_HTTP_SMALL_BYTES &&
        *held_bytes + len > LIMIT_HTTP_HELD_BYTES)
        return false;
    if (buf_append(body, data, len, NULL) != ERR_OK)
        return false;
    if (held_bytes != NULL)
        *held_bytes += len;
    return true;
}

void http_let_go(const struct buf *body, uint64_t *held_bytes)
{
    if (held_bytes != NULL)
        *held_bytes -= body->len;
}

static void http_close(struct speaker *s)
{
    if (s == NULL)
        return;
    http_server_free(s->server);
    http_client_free(s->client);
    free(s);
    curl_global_cleanup();
}

static enum err_code http_open(struct ev_loop *loop, struct speaker_config *config,
                               const struct speaker_handlers *handlers, void *arg,
                               struct speaker **out, struct err *e)
{
    *out = NULL;
    struct speaker *s = calloc(1, sizeof *s);
    if (s == NULL)
        return err_set(e, ERR_NOMEM, "no memory for an http speaker");
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(s);
        return err_set(e, ERR_SYS, "libcurl cannot be initialised");
    }
    enum err_code rc = http_client_new(loop, config, handlers, arg, &s->client, e);
    if (rc == ERR_OK)
        rc = http_server_new(loop, config, handlers, arg, &s->server, e);
    if (rc != ERR_OK) {
        http_close(s);
        return rc;
    }
    *out = s;
    return ERR_OK;
}

static enum err_code http_send(struct speaker *s, const char *url, const void *body, size_t len,
                               uint64_t token, struct err *e)
{
    return http_client_send(s->client, url, body, len, token, e);
}

static enum err_code http_answer(struct speaker *s, struct speaker_request *rq, int status,
                                 const void *body, size_t len, struct err *e)
{
    return http_server_answer(s->server, rq, status, body, len, e);
}

static size_t http_pending(const struct speaker *s)
{
    return http_client_pending(s->client);
}

static uint64_t http_dropped(const struct speaker *s)
{
    return http_server_dropped(s->server);
}

const struct speaker_ops http_speaker = {
    .name = "http",
    .title = "HTTP/1.1 with XML bodies (IEC 61968-100 envelope)",
    .open = http_open,
    .send = http_send,
    .answer = http_answer,
    .pending = http_pending,
    .dropped = http_dropped,
    .close = http_close,
};
