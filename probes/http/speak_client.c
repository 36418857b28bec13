/* The client half: one curl multi handle in the libev loop, easy handles pooled. */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/buf.h"
#include "harness/base/clock.h"
#include "harness/base/limits.h"
#include "probes/http/speak.h"

#define HTTP_SECRET_BYTES 4096
#define CACHED_CONNECTIONS 4096 /* kept alive when the caller sets no ceiling */
#define KEPT_BYTES (64u * 1024) /* a pooled transfer keeps buffers up to this */

struct transfer {
    struct http_client *client;
    CURL *easy;
    uint64_t token;
    struct buf request, answer;
    size_t head_bytes;            /* header bytes received, interim answers included */
    unsigned sends;               /* how often libcurl was about to write the request */
    struct transfer *next, *prev; /* in flight: both ways; pooled: next only */
};

struct http_client {
    struct ev_loop *loop;
    struct speaker_handlers handlers;
    void *arg;
    struct ev_timer timer;
    CURLM *multi;
    struct curl_slist *headers;
    struct transfer *pool, *flying;
    size_t n_flying;
    /* of the configuration */
    bool connection_per_exchange, tls;
    char *ca, *certificate, *key;
    uint32_t body_max_bytes;
    uint64_t *held_bytes;
    long timeout_ms;
};

struct watch { /* a socket of libcurl's */
    struct ev_io io;
    struct http_client *client;
};

static size_t on_body(char *data, size_t size, size_t n, void *arg)
{
    struct transfer *t = arg;
    return http_hold(&t->answer, t->client->held_bytes, data, size * n) ? size * n : 0;
}

static size_t on_head(char *data, size_t size, size_t n, void *arg)
{
    struct transfer *t = arg;
    (void)data;
    t->head_bytes += size * n;
    return t->head_bytes <= LIMIT_HTTP_HEAD_BYTES ? size * n : 0;
}

/* libcurl sends again by itself when a kept connection dies under a request; a second copy on the
 * wire would be ours, not the equipment's. */
static int on_request(void *arg, char *remote, char *local, int remote_port, int local_port)
{
    struct transfer *t = arg;
    (void)remote, (void)local, (void)remote_port, (void)local_port;
    return t->sends++ == 0 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static void transfer_free(struct transfer *t)
{
    curl_easy_cleanup(t->easy);
    buf_release(&t->request);
    buf_release(&t->answer);
    free(t);
}

static CURLcode set_tls(const struct http_client *c, CURL *h)
{
    CURLcode rc = CURLE_OK;
    if (c->ca != NULL)
        rc = curl_easy_setopt(h, CURLOPT_CAINFO, c->ca);
    if (rc == CURLE_OK && c->certificate != NULL)
        rc = curl_easy_setopt(h, CURLOPT_SSLCERT, c->certificate);
    if (rc == CURLE_OK && c->key != NULL)
        rc = curl_easy_setopt(h, CURLOPT_SSLKEY, c->key);
    if (rc == CURLE_OK)
        rc = curl_easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    return rc;
}

/* What holds for every use of a pooled handle. Verification of the peer is libcurl's default. */
static CURLcode set_up(const struct http_client *c, struct transfer *t)
{
    CURL *h = t->easy;
    CURLcode rc = c->tls ? set_tls(c, h) : CURLE_OK;
#define SET(option, value)                                                                         \
    if (rc == CURLE_OK)                                                                            \
    rc = curl_easy_setopt(h, option, value)
    SET(CURLOPT_PRIVATE, t);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_HTTPHEADER, c->headers);
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)c->body_max_bytes);
    SET(CURLOPT_TIMEOUT_MS, c->timeout_ms);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, t);
    SET(CURLOPT_HEADERFUNCTION, on_head);
    SET(CURLOPT_HEADERDATA, t);
    SET(CURLOPT_PREREQFUNCTION, on_request);
    SET(CURLOPT_PREREQDATA, t);
    SET(CURLOPT_FRESH_CONNECT, c->connection_per_exchange ? 1L : 0L);
    SET(CURLOPT_FORBID_REUSE, c->connection_per_exchange ? 1L : 0L);
#undef SET
    return rc;
}

static enum err_code transfer_new(struct http_client *c, struct transfer **out, struct err *e)
{
    struct transfer *t = calloc(1, sizeof *t);
    CURL *easy = t == NULL ? NULL : curl_easy_init();
    if (easy == NULL) {
        free(t);
        return err_set(e, ERR_NOMEM, "no memory for a transfer");
    }
    t->client = c;
    t->easy = easy;
    buf_init(&t->request, LIMIT_HTTP_BODY_BYTES);
    buf_init(&t->answer, c->body_max_bytes);
    CURLcode rc = set_up(c, t);
    if (rc != CURLE_OK) {
        transfer_free(t);
        return err_set(e, ERR_SYS, "libcurl refuses an option: %s", curl_easy_strerror(rc));
    }
    *out = t;
    return ERR_OK;
}

static enum err_code pool_take(struct http_client *c, struct transfer **out, struct err *e)
{
    if (c->pool == NULL)
        return transfer_new(c, out, e);
    *out = c->pool;
    c->pool = (*out)->next;
    return ERR_OK;
}

static void pool_put(struct http_client *c, struct transfer *t)
{
    if (t->request.cap > KEPT_BYTES)
        buf_release(&t->request);
    if (t->answer.cap > KEPT_BYTES)
        buf_release(&t->answer);
    t->prev = NULL;
    t->next = c->pool;
    c->pool = t;
}

static void unlink_flying(struct http_client *c, struct transfer *t)
{
    (void)curl_multi_remove_handle(c->multi, t->easy);
    if (t->prev != NULL)
        t->prev->next = t->next;
    else
        c->flying = t->next;
    if (t->next != NULL)
        t->next->prev = t->prev;
    c->n_flying--;
    http_let_go(&t->answer, c->held_bytes);
}

static void finish(struct http_client *c, struct transfer *t, CURLcode code)
{
    struct speaker_outcome o = {.code = (int)code};
    long status = 0, port = 0, os_errno = 0, head_out = 0;
    curl_off_t body_out = 0, body_in = 0;
    (void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(t->easy, CURLINFO_LOCAL_PORT, &port);
    (void)curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &os_errno);
    (void)curl_easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &head_out);
    (void)curl_easy_getinfo(t->easy, CURLINFO_SIZE_UPLOAD_T, &body_out);
    (void)curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &body_in);
    if (t->sends > 1) /* the connection died without an answer, and nothing was sent again */
        o.code = CURLE_GOT_NOTHING;
    o.errno_value = code == CURLE_COULDNT_CONNECT ? (int)os_errno : 0;
    o.status = (int)status;
    o.local_port = (uint16_t)port;
    o.sent_bytes = (uint64_t)(head_out + body_out);
    o.received_bytes = (uint64_t)t->head_bytes + (uint64_t)body_in;
    o.body = t->answer.data;
    o.len = t->answer.len;
    unlink_flying(c, t);
    c->handlers.sent(c->arg, t->token, &o);
    pool_put(c, t);
}

static void take_finished(struct http_client *c)
{
    CURLMsg *m;
    int left;
    while ((m = curl_multi_info_read(c->multi, &left)) != NULL) {
        if (m->msg != CURLMSG_DONE)
            continue;
        char *private = NULL;
        CURLcode code = m->data.result;
        (void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &private);
        finish(c, (struct transfer *)private, code);
    }
}

static void on_ready(struct ev_loop *loop, struct ev_io *io, int events)
{
    struct watch *w = io->data;
    struct http_client *c = w->client;
    int running, what = (events & EV_READ ? CURL_CSELECT_IN : 0) |
                        (events & EV_WRITE ? CURL_CSELECT_OUT : 0);
    (void)loop;
    (void)curl_multi_socket_action(c->multi, io->fd, what, &running);
    take_finished(c);
}

static void on_timer(struct ev_loop *loop, struct ev_timer *timer, int events)
{
    struct http_client *c = timer->data;
    int running;
    (void)loop, (void)events;
    (void)curl_multi_socket_action(c->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    take_finished(c);
}

static int want_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *slot)
{
    struct http_client *c = arg;
    struct watch *w = slot;
    (void)easy;
    if (w != NULL)
        ev_io_stop(c->loop, &w->io);
    if (what == CURL_POLL_REMOVE) {
        free(w);
        (void)curl_multi_assign(c->multi, fd, NULL);
        return 0;
    }
    if (w == NULL) {
        w = calloc(1, sizeof *w);
        if (w == NULL)
            return -1;
        w->client = c;
        w->io.data = w;
        (void)curl_multi_assign(c->multi, fd, w);
    }
    ev_io_init(&w->io, on_ready, fd,
               (what & CURL_POLL_IN ? EV_READ : 0) | (what & CURL_POLL_OUT ? EV_WRITE : 0));
    w->io.data = w;
    ev_io_start(c->loop, &w->io);
    return 0;
}

static int want_timer(CURLM *multi, long timeout_ms, void *arg)
{
    struct http_client *c = arg;
    (void)multi;
    ev_timer_stop(c->loop, &c->timer);
    if (timeout_ms >= 0) {
        ev_timer_set(&c->timer, (double)timeout_ms / 1e3, 0.0);
        ev_timer_start(c->loop, &c->timer);
    }
    return 0;
}

static enum err_code copy_path(const char *path, char **out, struct err *e)
{
    if (path == NULL)
        return ERR_OK;
    if (access(path, R_OK) == -1)
        return err_set(e, ERR_DATA, "%s: cannot be read, expected a PEM file for TLS", path);
    *out = strdup(path);
    return *out == NULL ? err_set(e, ERR_NOMEM, "no memory for %s", path) : ERR_OK;
}

static enum err_code take_tls(struct http_client *c, const struct speaker_tls *tls, struct err *e)
{
    c->tls = true;
    enum err_code rc = copy_path(tls->ca, &c->ca, e);
    if (rc == ERR_OK)
        rc = copy_path(tls->certificate, &c->certificate, e);
    if (rc == ERR_OK)
        rc = copy_path(tls->key, &c->key, e);
    return rc;
}

static struct curl_slist *add_bearer(struct curl_slist *headers, const char *secret)
{
    char line[HTTP_SECRET_BYTES + 32];
    (void)snprintf(line, sizeof line, "Authorization: Bearer %s", secret);
    struct curl_slist *more = curl_slist_append(headers, line);
    explicit_bzero(line, sizeof line);
    return more;
}

enum err_code http_client_new(struct ev_loop *loop, const struct speaker_config *config,
                              const struct speaker_handlers *handlers, void *arg,
                              struct http_client **out, struct err *e)
{
    enum err_code rc = ERR_OK;
    struct http_client *c = calloc(1, sizeof *c);
    if (c == NULL)
        return err_set(e, ERR_NOMEM, "no memory for an http client");
    c->loop = loop;
    c->handlers = *handlers;
    c->arg = arg;
    c->connection_per_exchange = config->connection_per_exchange;
    c->body_max_bytes = config->body_max_bytes;
    c->held_bytes = config->held_bytes;
    int64_t ms = (config->timeout_ns + NS_PER_MS - 1) / NS_PER_MS;
    c->timeout_ms = ms > INT32_MAX ? INT32_MAX : (long)ms;
    ev_timer_init(&c->timer, on_timer, 0.0, 0.0);
    c->timer.data = c;
    if (config->tls != NULL)
        rc = take_tls(c, config->tls, e);
    if (rc != ERR_OK)
        goto fail;
    c->multi = curl_multi_init();
    c->headers = curl_slist_append(NULL, "Content-Type: " HTTP_CONTENT_TYPE);
    struct curl_slist *more = curl_slist_append(c->headers, "Expect:");
    if (more != NULL && config->bearer != NULL)
        more = add_bearer(c->headers, config->bearer);
    if (c->multi == NULL || c->headers == NULL || more == NULL) {
        rc = err_set(e, ERR_NOMEM, "no memory for an http client");
        goto fail;
    }
    long cached = config->max_connections > 0 ? (long)config->max_connections : CACHED_CONNECTIONS;
    (void)curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, want_socket);
    (void)curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
    (void)curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, want_timer);
    (void)curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
    (void)curl_multi_setopt(c->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    (void)curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, cached);
    (void)curl_multi_setopt(c->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
                            (long)config->max_connections);
    *out = c;
    return ERR_OK;
fail:
    http_client_free(c);
    return rc;
}

enum err_code http_client_send(struct http_client *c, const char *url, const void *body, size_t len,
                               uint64_t token, struct err *e)
{
    struct transfer *t = NULL;
    enum err_code rc = pool_take(c, &t, e);
    if (rc != ERR_OK)
        return rc;
    t->token = token;
    t->head_bytes = 0;
    t->sends = 0;
    buf_reset(&t->request);
    buf_reset(&t->answer);
    rc = buf_append(&t->request, body, len, e);
    if (rc != ERR_OK)
        goto fail;
    CURLcode code = curl_easy_setopt(t->easy, CURLOPT_URL, url);
    if (code == CURLE_OK)
        code = curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
    if (code == CURLE_OK)
        code = curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, t->request.data);
    CURLMcode added = code == CURLE_OK ? curl_multi_add_handle(c->multi, t->easy) : CURLM_OK;
    if (code != CURLE_OK || added != CURLM_OK) {
        rc = err_set(e, ERR_NOMEM, "libcurl takes no transfer to %s: %s", url,
                     code != CURLE_OK ? curl_easy_strerror(code) : curl_multi_strerror(added));
        goto fail;
    }
    t->prev = NULL;
    t->next = c->flying;
    if (c->flying != NULL)
        c->flying->prev = t;
    c->flying = t;
    c->n_flying++;
    return ERR_OK;
fail:
    pool_put(c, t);
    return rc;
}

size_t http_client_pending(const struct http_client *c)
{
    return c->n_flying;
}

void http_client_free(struct http_client *c)
{
    if (c == NULL)
        return;
    while (c->flying != NULL) {
        struct transfer *t = c->flying;
        unlink_flying(c, t);
        transfer_free(t);
    }
    while (c->pool != NULL) {
        struct transfer *t = c->pool;
        c->pool = t->next;
        transfer_free(t);
    }
    if (c->multi != NULL)
        (void)curl_multi_cleanup(c->multi);
    ev_timer_stop(c->loop, &c->timer);
    curl_slist_free_all(c->headers);
    free(c->ca);
    free(c->certificate);
    free(c->key);
    free(c);
}
