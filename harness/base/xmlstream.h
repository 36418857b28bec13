/* xmlstream - large XML from anywhere, read as it comes, without a tree.
 *
 * No network, no HUGE; a document type declaration is refused, so there are no entities to expand.
 * Ownership: xmlstream_close frees; names, attributes and texts are borrowed for the call.
 * Errors:    ERR_DATA "name:line: ..." when it is not well-formed or declares a document type; what
 *            a handler returns, which ends the reading.
 */
#ifndef HARNESS_XMLSTREAM_H
#define HARNESS_XMLSTREAM_H

#include <stddef.h>

#include "harness/base/err.h"

struct xmlstream;
struct xmlstream_attrs;

/* Elements by their local names. */
struct xmlstream_handler {
    enum err_code (*start)(void *arg, const char *element, const struct xmlstream_attrs *attrs,
                           struct err *e);
    enum err_code (*text)(void *arg, const char *text, size_t len, struct err *e);
    enum err_code (*end)(void *arg, const char *element, struct err *e);
};

/* The attribute's value by its local name, cut to fit; "" when there is none. */
const char *xmlstream_attr_text(const struct xmlstream_attrs *attrs, const char *name, char *room,
                                size_t room_bytes);

enum err_code xmlstream_open(const char *name, const struct xmlstream_handler *handler, void *arg,
                             struct xmlstream **out, struct err *e);
enum err_code xmlstream_feed(struct xmlstream *x, const void *data, size_t len, struct err *e);
/* No more bytes come. */
enum err_code xmlstream_end(struct xmlstream *x, struct err *e);
void xmlstream_close(struct xmlstream *x);

#endif
