/* json - objects and lists of the commands that answer programs, written member by member.
 *
 * Errors: the first one sticks in rc: ERR_NOMEM, ERR_LIMIT.
 * Spec:   RFC 8259.
 */
#ifndef HARNESS_JSON_H
#define HARNESS_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/base/buf.h"

struct json {
    struct buf *out;
    bool comma; /* before the next member or element */
    enum err_code rc;
    struct err *e;
};

/* key NULL: an element of a list, or the whole. */
void json_begin(struct json *j, const char *key, const char *bracket);
void json_end(struct json *j, const char *bracket);
/* value NULL: null. */
void json_text(struct json *j, const char *key, const char *value);
void json_number(struct json *j, const char *key, uint64_t value);
void json_bool(struct json *j, const char *key, bool value);
/* An object in a list that begins on a line of its own. */
void json_begin_line(struct json *j);
void json_raw(struct json *j, const char *text);

#endif
