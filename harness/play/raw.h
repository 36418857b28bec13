/* raw - HTTP spoken by hand over bare sockets, so that it can be broken on purpose.
 *
 * A listener that reads POSTs with Content-Length and hands them on; each is answered once, now or
 * later, in a chosen manner. And requests of its own, in the same manners. Everything but RAW_WHOLE
 * ends the connection. Not blocking, inside a libev loop.
 * Ownership: bodies in handlers are borrowed for the call, bodies given are copied.
 * Errors:    raw_new ERR_SYS for a port in use (address and port named).
 */
#ifndef HARNESS_RAW_H
#define HARNESS_RAW_H

#include <ev.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/err.h"

enum raw_manner {
    RAW_WHOLE = 0,
    RAW_DROP,  /* the connection is closed, nothing sent */
    RAW_DRIP,  /* byte by byte, drip_ms apart */
    RAW_RESET, /* half of the body, then RST */
    RAW_ENDLESS_HEADER,
    RAW_ENDLESS_BODY,
    RAW_GARBAGE,
    RAW_MANNER_COUNT
};

struct raw;
struct raw_link; /* a connection with a request that waits for its answer */

typedef void raw_request_fn(void *arg, struct raw_link *link, const char *path, const char *body,
                            size_t len);

/* *port 0 is filled in. */
enum err_code raw_new(struct ev_loop *loop, const char *address, uint16_t *port,
                      raw_request_fn *request, void *arg, struct raw **out, struct err *e);
void raw_answer(struct raw *r, struct raw_link *link, int status, const void *body, size_t len,
                enum raw_manner manner, int64_t drip_ms);
/* A POST to a numeric address; how it ends is not told. */
enum err_code raw_send(struct raw *r, const char *address, uint16_t port, const char *path,
                       const void *body, size_t len, enum raw_manner manner, int64_t drip_ms,
                       struct err *e);
void raw_free(struct raw *r);

#endif
