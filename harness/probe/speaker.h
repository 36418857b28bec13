/* speaker - a protocol spoken live, both sides, inside a libev loop. Used by drive/ and play/.
 *
 * One speaker serves all endpoints of one process. Nothing blocks. Call order: open, then send and
 * answer at will, then close exactly once.
 * Ownership: bodies given to send and answer are copied; bodies in handlers are borrowed for the
 *            call.
 * Errors:    open: ERR_SYS for a port in use (address and port named), ERR_USAGE, ERR_DATA (TLS
 *            files). What happens to a sent message is no error: it arrives in the sent handler.
 */
#ifndef HARNESS_SPEAKER_H
#define HARNESS_SPEAKER_H

#include <ev.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/err.h"

struct speaker;
struct speaker_request; /* one received request that waits for its answer */

struct speaker_listener {
    const char *address; /* numeric IPv4 or IPv6 */
    uint16_t port;       /* 0: any; the real one is written back */
};

struct speaker_tls {
    const char *ca, *certificate, *key; /* PEM paths; NULL: none */
};

struct speaker_config {
    struct speaker_listener *listener; /* ports of 0 are filled in by open */
    size_t n_listener;
    bool connection_per_exchange;  /* else keep-alive */
    const struct speaker_tls *tls; /* client side; NULL: plain */
    const struct speaker_tls *server_tls;
    uint32_t max_connections; /* client side, 0: no ceiling of ours */
    uint32_t body_max_bytes;  /* ceiling on what is received */
    uint64_t
        *held_bytes;    /* counts unfinished bodies against LIMIT_HTTP_HELD_BYTES, for all speakers
                             that share it and outliving them; NULL: without a ceiling together */
    int64_t timeout_ns; /* for a whole sent exchange */
    const char *bearer; /* client side: shown as authorisation with each; copied; NULL none */
};

struct speaker_outcome {
    int errno_value; /* of a failed connect, 0 */
    int code;        /* protocol library's (CURLcode), 0 fine */
    int status;      /* HTTP, 0 none */
    uint16_t local_port;
    uint64_t sent_bytes, received_bytes;
    const void *body; /* answer's body, borrowed */
    size_t len;
};

struct speaker_handlers {
    /* The end of a send, exactly once per token, never from inside send. */
    void (*sent)(void *arg, uint64_t token, const struct speaker_outcome *o);
    /* A whole POST arrived at listener[listener]. Must be answered once, now or later. path is the
     * request target as sent, query included; it lives as long as rq. */
    void (*received)(void *arg, struct speaker_request *rq, size_t listener, const char *path,
                     const void *body, size_t len);
};

struct speaker_ops {
    const char *name;  /* "http" */
    const char *title; /* "HTTP/1.1 with XML bodies (IEC 61968-100 envelope)" */
    enum err_code (*open)(struct ev_loop *loop, struct speaker_config *config,
                          const struct speaker_handlers *handlers, void *arg, struct speaker **out,
                          struct err *e);
    /* url "http://127.0.0.1:18480/path"; a POST of body. token comes back in sent. */
    enum err_code (*send)(struct speaker *s, const char *url, const void *body, size_t len,
                          uint64_t token, struct err *e);
    /* Ends a request. status 0 drops the connection without an answer. body may be NULL. */
    enum err_code (*answer)(struct speaker *s, struct speaker_request *rq, int status,
                            const void *body, size_t len, struct err *e);
    /* Sends in flight. */
    size_t (*pending)(const struct speaker *s);
    /* Connections that the full queues of its listeners have dropped so far. */
    uint64_t (*dropped)(const struct speaker *s);
    /* Sends in flight end without a call; requests that wait are dropped. s NULL: nothing. */
    void (*close)(struct speaker *s);
};

extern const struct speaker_ops http_speaker; /* probes/http/speak.c */

#endif
