/* envelope - the message around a payload, after IEC 61968-100: header and payload in XML.
 *
 *   <RequestMessage xmlns="http://iec.ch/TC57/2011/schema/message">  (or Response-, EventMessage)
 *     <Header><Verb/><Noun/><Revision>2.0</Revision><Timestamp/><Source/><AsyncReplyFlag/>
 *             <ReplyAddress/><MessageID/><CorrelationID/></Header>
 *     <Reply><Result>OK|FAILED</Result></Reply>                        (ResponseMessage only)
 *     <Payload><ELEMENT xmlns="urn:gridassay:payload:1"><FIELD/>...</ELEMENT></Payload>
 *   </RequestMessage>
 *
 * Reading is SAX over a reused parser: no network, no entities, ceilings of limits.h on depth,
 * elements, fields and text. Local names count, prefixes and namespaces do not.
 * Ownership: a read envelope's slices live in the reader until its next read.
 * Errors:    ERR_PROTO malformed or not an envelope, ERR_LIMIT beyond a ceiling.
 */
#ifndef HARNESS_ENVELOPE_H
#define HARNESS_ENVELOPE_H

#include <stddef.h>
#include <stdint.h>

#include "harness/base/buf.h"
#include "harness/base/err.h"
#include "harness/probe/binding.h"

struct slice {
    const char *data; /* not 0-terminated */
    uint32_t len;
};

struct envelope_field {
    struct slice path;  /* "MeterID", "Interval/Value": local names below the payload element */
    struct slice value; /* leading and trailing white space removed */
};

struct envelope {
    enum envelope_kind kind;
    struct slice verb, noun, timestamp, source, reply_address, message_id, correlation_id, result;
    struct slice element;               /* local name of the payload element; empty: none */
    const struct envelope_field *field; /* leaf elements in document order */
    size_t n_field;
};

struct envelope_reader;

enum err_code envelope_reader_new(struct envelope_reader **out, struct err *e);
void envelope_reader_free(struct envelope_reader *r);
/* *out is valid until the next call. */
enum err_code envelope_read(struct envelope_reader *r, const void *body, size_t len,
                            struct envelope *out, struct err *e);

/* For writing: plain 0-terminated text; NULL leaves the element out. Field paths with one "/" nest,
 * and neighbours that share the outer name share the element unless the inner name repeats. */
struct envelope_value {
    const char *path, *value;
};
struct envelope_draft {
    enum envelope_kind kind;
    const char *verb, *noun, *source, *reply_address, *message_id, *correlation_id, *result;
    bool async_reply;     /* the answer is wanted as a later request to reply_address */
    int64_t timestamp_ns; /* real clock */
    const char *element;
    const struct envelope_value *field;
    size_t n_field;
};
/* Appends the whole document to out. */
enum err_code envelope_write(const struct envelope_draft *d, struct buf *out, struct err *e);

#endif
