/* speak - the two halves of the http speaker, client and server, inside one libev loop.
 *
 * Only speak.c puts them together; harness/play/raw.c borrows http_listen.
 * Ownership: each half owns what it opened; the caller's config is borrowed during new only.
 */
#ifndef PROBES_HTTP_SPEAK_H
#define PROBES_HTTP_SPEAK_H

#include "harness/base/buf.h"
#include "harness/probe/speaker.h"

#define HTTP_CONTENT_TYPE "application/xml"

/* Client: libcurl. */
struct http_client;
enum err_code http_client_new(struct ev_loop *loop, const struct speaker_config *config,
                              const struct speaker_handlers *handlers, void *arg,
                              struct http_client **out, struct err *e);
enum err_code http_client_send(struct http_client *c, const char *url, const void *body, size_t len,
                               uint64_t token, struct err *e);
size_t http_client_pending(const struct http_client *c);
void http_client_free(struct http_client *c);

/* Server: libmicrohttpd, one daemon a listener. Ports of 0 in config are filled in. */
struct http_server;
enum err_code http_server_new(struct ev_loop *loop, struct speaker_config *config,
                              const struct speaker_handlers *handlers, void *arg,
                              struct http_server **out, struct err *e);
enum err_code http_server_answer(struct http_server *s, struct speaker_request *rq, int status,
                                 const void *body, size_t len, struct err *e);
/* Connections that its listeners' full queues have dropped so far; s may be NULL. */
uint64_t http_server_dropped(const struct http_server *s);
void http_server_free(struct http_server *s);

/* Adds to a body that is being received; false: one of the ceilings is met, or no memory. */
bool http_hold(struct buf *body, uint64_t *held_bytes, const void *data, size_t len);
/* The body is done with: no longer counted. */
void http_let_go(const struct buf *body, uint64_t *held_bytes);

/* A listening TCP socket, not blocking, TCP_NODELAY inherited by what it accepts; *port 0 is filled
 * in. ERR_SYS names address and port. */
enum err_code http_listen(const char *address, uint16_t *port, int *fd, struct err *e);
/* What the kernel counts as ListenDrops, of this socket alone; 0 where it does not tell. */
uint32_t http_listen_dropped(int fd);

#endif
