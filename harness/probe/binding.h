/* binding - how one payload is carried in an XML body, and how it is recognised.
 *
 * Declared as data in Lua (lua/bindings), frozen into plan.xml, compiled once by the reader of the
 * plan. Recognition goes by the local name of the element inside the envelope's Payload.
 * Ownership: a binding's strings belong to the plan that holds it.
 */
#ifndef HARNESS_BINDING_H
#define HARNESS_BINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BINDING_MAX_FIELDS 16
/* An acknowledgement can answer unicast, multicast and broadcast, and their cancellations. */
#define BINDING_MAX_REPLY_TO 8

/* Data types with their canonical lengths in bytes: what the value itself is worth, without the
 * encoding's accidents (design 4.2, Size). */
enum field_type {
    FIELD_TEXT = 0, /* its bytes (UTF-8) */
    FIELD_EUI64,    /* 16 hex digits: 8 */
    FIELD_TIME,     /* xs:dateTime: 4 */
    FIELD_CODE,     /* 0..255: 1 */
    FIELD_UINT16,   /* 2 */
    FIELD_UINT32,   /* 4 */
    FIELD_FLOAT32,  /* decimal text: 4 */
    FIELD_HEX,      /* hex digits: half as many */
    FIELD_IMAGE,    /* sent in blocks, see content.h: its Bytes */
    FIELD_TYPE_COUNT
};

struct binding_field {
    const char *name; /* the row's attribute, as the specification spells it */
    const char *path; /* below the payload element, "ReadingType" or "Interval/Value" */
    enum field_type type;
    bool required; /* an attribute of the row: must be present and not empty */
    bool many;     /* may occur more than once; lengths add up. Never an image */
};

enum envelope_kind { ENVELOPE_REQUEST = 0, ENVELOPE_RESPONSE, ENVELOPE_EVENT, ENVELOPE_KIND_COUNT };

struct binding {
    const char *payload;
    const char *element;     /* local name inside Payload */
    enum envelope_kind kind; /* root element: RequestMessage, ResponseMessage, EventMessage */
    const char *verb, *noun;
    const char *reply_to; /* payload it answers (the first of them), or NULL */
    /* all of them, [0] is reply_to: an acknowledgement can answer a command and its cancellation */
    const char *replies_to[BINDING_MAX_REPLY_TO];
    size_t n_reply_to;
    int identity; /* index of the field that names the EUT's device, -1 none */
    int echo;     /* index of a field that must equal the same-named one of the request, -1 */
    /* Index of the field that says when a long operation takes effect: its confirmation is timed
     * from there (binding_cut_over), -1 none. */
    int cut_over;
    bool proves; /* an answer that proves that its command was consumed */
    struct binding_field field[BINDING_MAX_FIELDS];
    size_t n_field;
};

/* The word for a type as written in bindings and plan.xml ("eui64"); the type for a word, -1. */
const char *field_type_name(enum field_type type);
int field_type_by_name(const char *word, size_t len);

/* Index of the image among the fields, of the declared cut-over time; -1 none. */
int binding_image(const struct binding *b);
int binding_cut_over(const struct binding *b);

/* Canonical length of a value (of an image: of its Bytes), or -1 when the text is no value of the
 * type. */
int64_t field_canonical_bytes(enum field_type type, const char *text, size_t len);

#endif
