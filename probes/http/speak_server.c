/* The server half: one libmicrohttpd daemon a listener, its epoll descriptor watched by libev. */
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/buf.h"
#include "harness/base/limits.h"
#include "harness/base/num.h"
#include "probes/http/speak.h"

#define CONNECTIONS_MAX 16384u        /* a listener */
#define CONNECTION_BYTES (32u * 1024) /* header ceiling, and least memory of a connection */
#define IDLE_S 120u                   /* a connection that says nothing for so long is closed */
#define TLS_FILE_BYTES (1024u * 1024)

struct daemon {
    struct http_server *server;
    size_t index;
    struct MHD_Daemon *mhd;
    int fd; /* the listening socket, MHD's to close */
    struct ev_io io;
    struct ev_timer timer;
};

enum request_state {
    REQUEST_HEAD = 0, /* its handler was not called yet */
    REQUEST_BODY,
    REQUEST_ASKING,  /* inside the received handler */
    REQUEST_WAITING, /* suspended until answered */
    REQUEST_ANSWERED,
};

struct speaker_request {
    struct daemon *daemon;
    struct MHD_Connection *connection;
    enum request_state state;
    int status;                    /* 0: drop the connection */
    struct MHD_Response *response; /* NULL: the empty one */
    struct buf body;
    struct speaker_request *next, *prev; /* all that live */
    char path[];
};

struct http_server {
    struct ev_loop *loop;
    struct speaker_handlers handlers;
    void *arg;
    uint32_t body_max_bytes;
    uint64_t *held_bytes;
    struct MHD_Response *empty;
    struct speaker_request *living;
    struct buf key, certificate;
    struct daemon *daemon;
    size_t n_daemon;
};

/* Where the request line has been read; what it returns is the request's context from then on. */
static void *on_target(void *arg, const char *target, struct MHD_Connection *connection)
{
    struct daemon *d = arg;
    size_t len = strlen(target);
    struct speaker_request *rq = calloc(1, sizeof *rq + len + 1);
    if (rq == NULL)
        return NULL;
    memcpy(rq->path, target, len + 1);
    rq->daemon = d;
    rq->connection = connection;
    buf_init(&rq->body, d->server->body_max_bytes);
    rq->next = d->server->living;
    if (rq->next != NULL)
        rq->next->prev = rq;
    d->server->living = rq;
    return rq;
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode why)
{
    struct daemon *d = arg;
    struct speaker_request *rq = *context;
    (void)connection, (void)why;
    if (rq == NULL)
        return;
    *context = NULL;
    if (rq->prev != NULL)
        rq->prev->next = rq->next;
    else
        d->server->living = rq->next;
    if (rq->next != NULL)
        rq->next->prev = rq->prev;
    if (rq->response != NULL)
        MHD_destroy_response(rq->response);
    http_let_go(&rq->body, d->server->held_bytes);
    buf_release(&rq->body);
    free(rq);
}

static enum MHD_Result give_answer(struct speaker_request *rq)
{
    if (rq->status == 0)
        return MHD_NO; /* closes the connection */
    struct MHD_Response *r = rq->response != NULL ? rq->response : rq->daemon->server->empty;
    return MHD_queue_response(rq->connection, (unsigned)rq->status, r);
}

/* Only POST is spoken; a body announced beyond the ceiling is refused before it comes. */
static enum MHD_Result begin(struct speaker_request *rq, const char *method)
{
    struct http_server *s = rq->daemon->server;
    rq->state = REQUEST_BODY;
    if (strcmp(method, MHD_HTTP_METHOD_POST) != 0)
        return MHD_queue_response(rq->connection, MHD_HTTP_METHOD_NOT_ALLOWED, s->empty);
    const char *length = MHD_lookup_connection_value(rq->connection, MHD_HEADER_KIND,
                                                     MHD_HTTP_HEADER_CONTENT_LENGTH);
    uint64_t n;
    if (length != NULL && !num_u64(length, strlen(length), 0, s->body_max_bytes, &n))
        return MHD_queue_response(rq->connection, MHD_HTTP_CONTENT_TOO_LARGE, s->empty);
    return MHD_YES;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_len, void **context)
{
    struct daemon *d = arg;
    struct http_server *s = d->server;
    struct speaker_request *rq = *context;
    (void)url, (void)version;
    if (rq == NULL)
        return MHD_NO; /* no memory for it */
    if (rq->state == REQUEST_HEAD)
        return begin(rq, method);
    if (rq->state == REQUEST_ANSWERED)
        return give_answer(rq);
    if (*upload_len > 0) {
        if (!http_hold(&rq->body, s->held_bytes, upload, *upload_len))
            return MHD_NO;
        *upload_len = 0;
        return MHD_YES;
    }
    rq->state = REQUEST_ASKING;
    s->handlers.received(s->arg, rq, d->index, rq->path, rq->body.data, rq->body.len);
    if (rq->state == REQUEST_ANSWERED)
        return give_answer(rq);
    rq->state = REQUEST_WAITING;
    MHD_suspend_connection(connection);
    return MHD_YES;
}

static void run(struct daemon *d)
{
    MHD_UNSIGNED_LONG_LONG ms;
    struct ev_loop *loop = d->server->loop;
    (void)MHD_run(d->mhd);
    ev_timer_stop(loop, &d->timer);
    if (MHD_get_timeout(d->mhd, &ms) == MHD_YES) {
        ev_timer_set(&d->timer, (double)ms / 1e3, 0.0);
        ev_timer_start(loop, &d->timer);
    }
}

static void on_ready(struct ev_loop *loop, struct ev_io *io, int events)
{
    (void)loop, (void)events;
    run(io->data);
}

static void on_timer(struct ev_loop *loop, struct ev_timer *timer, int events)
{
    (void)loop, (void)events;
    run(timer->data);
}

static struct MHD_Response *make_response(const void *body, size_t len)
{
    /* MHD copies here and never writes; it asks for a pointer without const */
    union {
        const void *in;
        void *out;
    } borrowed = {.in = body};
    struct MHD_Response *r =
        MHD_create_response_from_buffer(len, borrowed.out, MHD_RESPMEM_MUST_COPY);
    if (r != NULL && len > 0)
        (void)MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, HTTP_CONTENT_TYPE);
    return r;
}

enum err_code http_server_answer(struct http_server *s, struct speaker_request *rq, int status,
                                 const void *body, size_t len, struct err *e)
{
    enum err_code rc = ERR_OK;
    rq->status = status;
    if (status != 0 && len > 0 && (rq->response = make_response(body, len)) == NULL) {
        rq->status = 0;
        rc = err_set(e, ERR_NOMEM, "no memory for an answer of %zu bytes", len);
    }
    bool waiting = rq->state == REQUEST_WAITING;
    rq->state = REQUEST_ANSWERED;
    if (waiting) {
        struct ev_timer *timer = &rq->daemon->timer;
        MHD_resume_connection(rq->connection);
        ev_timer_stop(s->loop, timer);
        ev_timer_set(timer, 0.0, 0.0);
        ev_timer_start(s->loop, timer);
    }
    return rc;
}

static enum err_code start_daemon(struct http_server *s, size_t index,
                                  struct speaker_listener *listener, struct err *e)
{
    struct daemon *d = &s->daemon[index];
    int fd;
    d->server = s;
    d->index = index;
    enum err_code rc = http_listen(listener->address, &listener->port, &fd, e);
    if (rc != ERR_OK)
        return rc;
    const struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_KEY, 0, s->key.data},
        {MHD_OPTION_HTTPS_MEM_CERT, 0, s->certificate.data},
        {MHD_OPTION_END, 0, NULL},
    };
    const struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    bool secure = s->key.len > 0;
    d->mhd = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_SUPPRESS_DATE_NO_CLOCK |
            (secure ? MHD_USE_TLS : 0),
        listener->port, NULL, NULL, on_request, d, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, d, MHD_OPTION_NOTIFY_COMPLETED, on_completed, d,
        MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_BYTES, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S, MHD_OPTION_ARRAY,
        secure ? tls : none, MHD_OPTION_END);
    if (d->mhd == NULL) {
        (void)close(fd);
        return err_set(e, secure ? ERR_DATA : ERR_SYS, "no HTTP server at %s:%u%s",
                       listener->address, listener->port,
                       secure ? ": key and certificate do not fit or are no PEM" : "");
    }
    d->fd = fd;
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(d->mhd, MHD_DAEMON_INFO_EPOLL_FD);
    ev_io_init(&d->io, on_ready, info->epoll_fd, EV_READ);
    ev_timer_init(&d->timer, on_timer, 0.0, 0.0);
    d->io.data = d->timer.data = d;
    ev_io_start(s->loop, &d->io);
    ev_timer_start(s->loop, &d->timer);
    return ERR_OK;
}

static enum err_code take_tls(struct http_server *s, const struct speaker_tls *tls, struct err *e)
{
    if (tls->certificate == NULL || tls->key == NULL)
        return err_set(e, ERR_USAGE, "TLS on the server side needs a certificate and a key");
    if (tls->ca != NULL)
        return err_set(e, ERR_USAGE, "%s: client certificates are not asked for, so no CA is used",
                       tls->ca);
    enum err_code rc = buf_read_file(&s->certificate, tls->certificate, e);
    if (rc == ERR_OK)
        rc = buf_read_file(&s->key, tls->key, e);
    if (rc == ERR_OK && (s->key.len == 0 || s->certificate.len == 0))
        rc = err_set(e, ERR_DATA, "%s: is empty, expected a PEM file",
                     s->key.len == 0 ? tls->key : tls->certificate);
    return rc;
}

enum err_code http_server_new(struct ev_loop *loop, struct speaker_config *config,
                              const struct speaker_handlers *handlers, void *arg,
                              struct http_server **out, struct err *e)
{
    enum err_code rc = ERR_OK;
    struct http_server *s = calloc(1, sizeof *s);
    if (s == NULL)
        return err_set(e, ERR_NOMEM, "no memory for an http server");
    s->loop = loop;
    s->handlers = *handlers;
    s->arg = arg;
    s->body_max_bytes = config->body_max_bytes;
    s->held_bytes = config->held_bytes;
    buf_init(&s->key, TLS_FILE_BYTES);
    buf_init(&s->certificate, TLS_FILE_BYTES);
    s->empty = make_response("", 0);
    s->daemon = calloc(config->n_listener + 1, sizeof *s->daemon);
    if (s->empty == NULL || s->daemon == NULL)
        rc = err_set(e, ERR_NOMEM, "no memory for an http server");
    if (rc == ERR_OK && config->server_tls != NULL)
        rc = take_tls(s, config->server_tls, e);
    for (size_t i = 0; rc == ERR_OK && i < config->n_listener; i++) {
        rc = start_daemon(s, i, &config->listener[i], e);
        if (rc == ERR_OK)
            s->n_daemon++;
    }
    if (rc != ERR_OK) {
        http_server_free(s);
        return rc;
    }
    *out = s;
    return ERR_OK;
}

uint64_t http_server_dropped(const struct http_server *s)
{
    uint64_t sum = 0;
    for (size_t i = 0; s != NULL && i < s->n_daemon; i++)
        sum += http_listen_dropped(s->daemon[i].fd);
    return sum;
}

void http_server_free(struct http_server *s)
{
    if (s == NULL)
        return;
    /* MHD must not be stopped over suspended connections: what waits is dropped */
    for (struct speaker_request *rq = s->living; rq != NULL; rq = rq->next)
        if (rq->state == REQUEST_WAITING)
            (void)http_server_answer(s, rq, 0, NULL, 0, NULL);
    for (size_t i = 0; i < s->n_daemon; i++) {
        ev_io_stop(s->loop, &s->daemon[i].io);
        ev_timer_stop(s->loop, &s->daemon[i].timer);
        MHD_stop_daemon(s->daemon[i].mhd);
    }
    if (s->empty != NULL)
        MHD_destroy_response(s->empty);
    buf_release(&s->key);
    buf_release(&s->certificate);
    free(s->daemon);
    free(s);
}
