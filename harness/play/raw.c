#include "harness/play/raw.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/base/address.h"
#include "harness/base/buf.h"
#include "harness/base/limits.h"
#include "harness/base/num.h"
#include "probes/http/speak.h"

#define READ_BYTES 16384
#define FLOOD_BYTES 16384 /* of an endless message at a time */
#define FLOOD_EVERY_S 0.01
#define REQUEST_S 60.0 /* a request of ours is given up after so long */

struct raw_link {
    struct raw *raw;
    int fd;
    bool ours;   /* we connected */
    bool busy;   /* a request is with the handler */
    bool inside; /* its handler or reader runs: only marked dead, freed behind it */
    bool dead;
    bool last; /* close when out is written */
    enum raw_manner manner;
    struct ev_io reader, writer;
    struct ev_timer timer; /* drip, flood, end of patience */
    struct buf in, out;
    size_t written; /* of out */
    struct raw_link *next, *prev;
};

struct raw {
    struct ev_loop *loop;
    int fd;
    struct ev_io io;
    raw_request_fn *request;
    void *arg;
    struct raw_link *links;
};

/* Manners in which the timer writes. */
static bool is_timed(enum raw_manner manner)
{
    return manner == RAW_DRIP || manner == RAW_ENDLESS_HEADER || manner == RAW_ENDLESS_BODY;
}

static void link_free(struct raw_link *l)
{
    struct raw *r = l->raw;
    ev_io_stop(r->loop, &l->reader);
    ev_io_stop(r->loop, &l->writer);
    ev_timer_stop(r->loop, &l->timer);
    if (l->prev != NULL)
        l->prev->next = l->next;
    else
        r->links = l->next;
    if (l->next != NULL)
        l->next->prev = l->prev;
    (void)close(l->fd);
    buf_release(&l->in);
    buf_release(&l->out);
    free(l);
}

/* A request that waits with its handler keeps the link until it is answered. */
static void link_end(struct raw_link *l)
{
    l->dead = true;
    ev_io_stop(l->raw->loop, &l->reader);
    ev_io_stop(l->raw->loop, &l->writer);
    ev_timer_stop(l->raw->loop, &l->timer);
    if (!l->inside && !l->busy)
        link_free(l);
}

static void link_reset(struct raw_link *l)
{
    const struct linger now = {.l_onoff = 1, .l_linger = 0};
    (void)setsockopt(l->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    link_end(l);
}

/* Writes at most n bytes of out. False: the link has ended. */
static bool put(struct raw_link *l, size_t n)
{
    size_t left = l->out.len - l->written;
    ssize_t w = send(l->fd, l->out.data + l->written, n < left ? n : left, MSG_NOSIGNAL);
    if (w == -1 && (errno == EAGAIN || errno == EINTR)) {
        ev_io_start(l->raw->loop, &l->writer);
        return true;
    }
    if (w == -1) {
        link_end(l);
        return false;
    }
    l->written += (size_t)w;
    return true;
}

static void flush(struct raw_link *l)
{
    if (!put(l, SIZE_MAX))
        return;
    if (l->written < l->out.len) {
        ev_io_start(l->raw->loop, &l->writer);
        return;
    }
    ev_io_stop(l->raw->loop, &l->writer);
    buf_reset(&l->out);
    l->written = 0;
    if (l->manner == RAW_RESET)
        link_reset(l);
    else if (l->last)
        link_end(l);
    else
        ev_io_start(l->raw->loop, &l->reader);
}

static void serve(struct raw_link *l);

static void on_writable(struct ev_loop *loop, struct ev_io *io, int events)
{
    struct raw_link *l = io->data;
    (void)events;
    if (is_timed(l->manner)) { /* connected, or room again: from here on the timer writes */
        ev_io_stop(loop, &l->writer);
        ev_timer_again(loop, &l->timer);
        return;
    }
    l->inside = true;
    flush(l);
    l->inside = false;
    if (l->dead)
        link_free(l);
    else
        serve(l);
}

/* The next piece of an endless message, made of valid lines or chunks. */
static void more_of_it(struct raw_link *l)
{
    char piece[2048 + 7];
    size_t len = l->manner == RAW_ENDLESS_HEADER ? 102 : sizeof piece;
    memset(piece, 'x', sizeof piece);
    memcpy(piece, l->manner == RAW_ENDLESS_HEADER ? "X-Filler: " : "800\r\n",
           l->manner == RAW_ENDLESS_HEADER ? 10 : 5);
    memcpy(piece + len - 2, "\r\n", 2);
    buf_reset(&l->out);
    l->written = 0;
    while (l->out.len < FLOOD_BYTES && buf_append(&l->out, piece, len, NULL) == ERR_OK)
        ;
}

static void on_timer(struct ev_loop *loop, struct ev_timer *timer, int events)
{
    struct raw_link *l = timer->data;
    (void)loop, (void)events;
    if (l->manner == RAW_DRIP) {
        if (put(l, 1) && l->written == l->out.len)
            link_end(l);
        return;
    }
    if (!is_timed(l->manner)) { /* a request of ours that took too long */
        link_end(l);
        return;
    }
    if (l->written == l->out.len)
        more_of_it(l);
    (void)put(l, SIZE_MAX);
}

/* The start of a message in its manner, into out. first: request or status line with its end. */
static enum err_code compose(struct raw_link *l, const char *first, const void *body, size_t len)
{
    enum err_code rc;
    if (l->manner == RAW_GARBAGE) {
        char noise[512];
        for (size_t i = 0; i < sizeof noise; i++)
            noise[i] = (char)(i * i * 31 + i * 7 + 0x80);
        return buf_append(&l->out, noise, sizeof noise, NULL);
    }
    rc = buf_puts(&l->out, first, NULL);
    if (rc == ERR_OK && l->manner == RAW_ENDLESS_HEADER)
        return rc;
    if (rc == ERR_OK && l->manner == RAW_ENDLESS_BODY)
        return buf_puts(
            &l->out, "Content-Type: application/xml\r\nTransfer-Encoding: chunked\r\n\r\n", NULL);
    if (rc == ERR_OK && len > 0)
        rc = buf_puts(&l->out, "Content-Type: application/xml\r\n", NULL);
    if (rc == ERR_OK)
        rc = buf_printf(&l->out, NULL, "Content-Length: %zu\r\n\r\n", len);
    if (rc == ERR_OK)
        rc = buf_append(&l->out, body, l->manner == RAW_RESET ? len / 2 : len, NULL);
    return rc;
}

static double timer_every_s(enum raw_manner manner, int64_t drip_ms)
{
    return manner == RAW_DRIP ? (double)drip_ms / 1e3
           : is_timed(manner) ? FLOOD_EVERY_S
                              : REQUEST_S;
}

static const char *reason(int status)
{
    return status == 200   ? "OK"
           : status == 202 ? "Accepted"
           : status == 204 ? "No Content"
                           : "Error";
}

void raw_answer(struct raw *r, struct raw_link *l, int status, const void *body, size_t len,
                enum raw_manner manner, int64_t drip_ms)
{
    char first[64];
    l->busy = false;
    if (l->dead || manner == RAW_DROP || status == 0) {
        link_end(l);
        return;
    }
    l->manner = manner;
    l->last = l->last || manner != RAW_WHOLE;
    (void)snprintf(first, sizeof first, "HTTP/1.1 %d %s\r\n", status, reason(status));
    if (compose(l, first, body, len) != ERR_OK) {
        link_end(l);
        return;
    }
    bool later = !l->inside;
    l->inside = true;
    if (is_timed(manner)) {
        l->timer.repeat = timer_every_s(manner, drip_ms);
        ev_timer_again(r->loop, &l->timer);
    } else {
        flush(l);
    }
    if (later) {
        l->inside = false;
        if (l->dead)
            link_free(l);
        else
            serve(l);
    }
}

/* The value of a header field among the lines of head, or NULL. */
static const char *header(const char *head, size_t len, const char *name, size_t *value_len)
{
    size_t name_len = strlen(name);
    for (const char *p = head, *end = head + len; p < end;) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        size_t line = nl == NULL ? (size_t)(end - p) : (size_t)(nl - p);
        if (line > name_len && p[name_len] == ':' && strncasecmp(p, name, name_len) == 0) {
            const char *v = p + name_len + 1, *v_end = p + line;
            while (v < v_end && *v == ' ')
                v++;
            while (v_end > v && (v_end[-1] == '\r' || v_end[-1] == ' '))
                v_end--;
            *value_len = (size_t)(v_end - v);
            return v;
        }
        p += line + 1;
    }
    return NULL;
}

/* Hands on the request that starts in, if it is whole. Its length; 0: more bytes are wanted. */
static size_t take_request(struct raw_link *l)
{
    char *end = memmem(l->in.data, l->in.len, "\r\n\r\n", 4);
    if (end == NULL) {
        if (l->in.len > LIMIT_HTTP_HEAD_BYTES)
            link_end(l);
        return 0;
    }
    size_t head = (size_t)(end - l->in.data) + 4, n;
    uint64_t body = 0;
    const char *value = header(l->in.data, head, "Content-Length", &n);
    char *path = memchr(l->in.data, ' ', head);
    char *path_end =
        path == NULL ? NULL : memchr(path + 1, ' ', head - (size_t)(path + 1 - l->in.data));
    if (strncmp(l->in.data, "POST ", 5) != 0 || path_end == NULL ||
        (value != NULL && !num_u64(value, n, 0, LIMIT_HTTP_BODY_BYTES, &body))) {
        link_end(l);
        return 0;
    }
    if (l->in.len - head < body)
        return 0;
    value = header(l->in.data, head, "Connection", &n);
    l->last = value != NULL && n == 5 && strncasecmp(value, "close", 5) == 0;
    *path_end = '\0';
    l->busy = true;
    ev_io_stop(l->raw->loop, &l->reader);
    l->raw->request(l->raw->arg, l, path + 1, l->in.data + head, (size_t)body);
    return head + (size_t)body;
}

/* Takes requests one after another, as long as each is answered at once. */
static void serve(struct raw_link *l)
{
    l->inside = true;
    while (!l->dead && !l->busy && l->out.len == 0 && l->in.len > 0) {
        size_t used = take_request(l);
        if (used == 0)
            break;
        buf_consume(&l->in, used);
    }
    l->inside = false;
    if (l->dead && !l->busy)
        link_free(l);
}

static void on_readable(struct ev_loop *loop, struct ev_io *io, int events)
{
    struct raw_link *l = io->data;
    (void)loop, (void)events;
    if (buf_reserve(&l->in, READ_BYTES, NULL) != ERR_OK) {
        link_end(l);
        return;
    }
    ssize_t n = recv(l->fd, l->in.data + l->in.len, READ_BYTES, 0);
    if (n == -1 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0 || l->ours) { /* an answer to a request of ours is not read further */
        link_end(l);
        return;
    }
    l->in.len += (size_t)n;
    l->in.data[l->in.len] = '\0';
    serve(l);
}

static struct raw_link *link_new(struct raw *r, int fd)
{
    const int one = 1;
    struct raw_link *l = calloc(1, sizeof *l);
    if (l == NULL)
        return NULL;
    l->raw = r;
    l->fd = fd;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    buf_init(&l->in, LIMIT_HTTP_HEAD_BYTES + LIMIT_HTTP_BODY_BYTES + READ_BYTES);
    buf_init(&l->out, 2 * LIMIT_HTTP_BODY_BYTES);
    ev_io_init(&l->reader, on_readable, fd, EV_READ);
    ev_io_init(&l->writer, on_writable, fd, EV_WRITE);
    ev_timer_init(&l->timer, on_timer, 0.0, REQUEST_S);
    l->reader.data = l->writer.data = l->timer.data = l;
    l->next = r->links;
    if (l->next != NULL)
        l->next->prev = l;
    r->links = l;
    return l;
}

static void on_connection(struct ev_loop *loop, struct ev_io *io, int events)
{
    struct raw *r = io->data;
    (void)events;
    for (;;) {
        int fd = accept4(io->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd == -1)
            return;
        struct raw_link *l = link_new(r, fd);
        if (l == NULL)
            (void)close(fd);
        else
            ev_io_start(loop, &l->reader);
    }
}

enum err_code raw_new(struct ev_loop *loop, const char *address, uint16_t *port,
                      raw_request_fn *request, void *arg, struct raw **out, struct err *e)
{
    struct raw *r = calloc(1, sizeof *r);
    if (r == NULL)
        return err_set(e, ERR_NOMEM, "no memory for a listener");
    enum err_code rc = http_listen(address, port, &r->fd, e);
    if (rc != ERR_OK) {
        free(r);
        return rc;
    }
    r->loop = loop;
    r->request = request;
    r->arg = arg;
    ev_io_init(&r->io, on_connection, r->fd, EV_READ);
    r->io.data = r;
    ev_io_start(loop, &r->io);
    *out = r;
    return ERR_OK;
}

static int start_connect(const char *address, uint16_t port)
{
    struct sockaddr_storage to;
    socklen_t len = address_socket(address, port, &to);
    if (len == 0) {
        errno = EINVAL;
        return -1;
    }
    int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd == -1)
        return -1;
    int rc = connect(fd, (struct sockaddr *)&to, len);
    if (rc == -1 && errno != EINPROGRESS) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

enum err_code raw_send(struct raw *r, const char *address, uint16_t port, const char *path,
                       const void *body, size_t len, enum raw_manner manner, int64_t drip_ms,
                       struct err *e)
{
    char first[1024];
    int fd = start_connect(address, port);
    if (fd == -1)
        return err_sys(e, errno, "connect to %s:%u", address, port);
    struct raw_link *l = link_new(r, fd);
    if (l == NULL) {
        (void)close(fd);
        return err_set(e, ERR_NOMEM, "no memory for a connection");
    }
    l->ours = true;
    l->last = manner != RAW_WHOLE;
    l->manner = manner;
    (void)snprintf(first, sizeof first, "POST %s HTTP/1.1\r\nHost: %s:%u\r\n", path, address, port);
    if (compose(l, first, body, len) != ERR_OK) {
        link_free(l);
        return err_set(e, ERR_NOMEM, "no memory for a request");
    }
    l->timer.repeat = timer_every_s(manner, drip_ms);
    ev_io_start(r->loop, &l->writer); /* writable: connected */
    ev_timer_again(r->loop, &l->timer);
    return ERR_OK;
}

void raw_free(struct raw *r)
{
    if (r == NULL)
        return;
    while (r->links != NULL)
        link_free(r->links);
    ev_io_stop(r->loop, &r->io);
    (void)close(r->fd);
    free(r);
}
