/* defect - the named ways in which the reference equipment can be wrong.
 *
 * One table describes them all (defect.c). A defect may be confined to a payload: then it touches
 * messages with that payload and answers to it, and no others.
 * Errors:    ERR_USAGE naming the known ones.
 */
#ifndef HARNESS_DEFECT_H
#define HARNESS_DEFECT_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/base/buf.h"
#include "harness/base/err.h"

enum defect {
    DEFECT_LATE = 0,
    DEFECT_LOSSY,
    DEFECT_OVERSIZE,
    DEFECT_INCOMPLETE,
    DEFECT_DUPLICATE,
    DEFECT_WRONG_CORRELATION,
    DEFECT_WRONG_CONTENT,
    DEFECT_MALFORMED,
    DEFECT_SILENT,
    DEFECT_REORDER,
    DEFECT_SLOW_DRIP,
    DEFECT_RESET,
    DEFECT_ENDLESS_HEADER,
    DEFECT_ENDLESS_BODY,
    DEFECT_GARBAGE,
    DEFECT_DEEP_XML,
    DEFECT_ENTITY_BOMB,
    DEFECT_MANY_ELEMENTS,
    DEFECT_OUT_OF_WINDOW,
    DEFECT_COUNT
};

#define DEFECT_PAYLOAD_BYTES 128

struct defect_use {
    bool on;
    int64_t value;                   /* meaning by defect: ms, one in k, levels, elements */
    char only[DEFECT_PAYLOAD_BYTES]; /* payload, "" all */
};

struct defect_set {
    struct defect_use use[DEFECT_COUNT];
};

/* Reads "late", "late=200", "late@SW_opr_cmd_ack", "late=200@SW_opr_cmd_ack" into the set. */
enum err_code defect_parse(const char *text, struct defect_set *set, struct err *e);

/* Whether the defect touches a message of that payload that answers command (NULL: none). */
bool defect_touches(const struct defect_set *set, enum defect d, const char *payload,
                    const char *command);

/* Whether any defect of the set breaks HTTP itself, so that raw sockets must speak. */
bool defect_needs_raw(const struct defect_set *set);

const char *defect_name(enum defect d);

/* The table as text, a line a defect. */
enum err_code defect_describe(struct buf *out, struct err *e);

#endif
