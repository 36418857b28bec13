/* message - one payload that the reference equipment is about to send.
 *
 * Filled attribute by attribute, in the binding's words; then written as an envelope, with the
 * defects that lie in the message itself.
 * Ownership: one scratch object is enough; message_start forgets the one before.
 * Errors:    an attribute that the binding does not know sets broken, told by message_write.
 */
#ifndef HARNESS_MESSAGE_H
#define HARNESS_MESSAGE_H

#include "harness/base/buf.h"
#include "harness/play/defect.h"
#include "harness/play/meter.h"
#include "harness/probe/binding.h"
#include "harness/probe/envelope.h"

#define MESSAGE_FIELDS 1536
#define MESSAGE_TEXT_BYTES (24u * 1024)

struct message {
    const struct binding *binding;
    const char *command; /* payload that it answers, NULL */
    bool failed;         /* Reply/Result FAILED */
    const char *broken;  /* attribute that found no place, NULL */
    size_t n_field, used;
    struct envelope_value field[MESSAGE_FIELDS];
    char text[MESSAGE_TEXT_BYTES];
};

void message_start(struct message *m, const struct binding *binding, const char *command);
void message_put(struct message *m, const char *attribute, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Canonical length of all values put so far. */
int64_t message_canonical_bytes(const struct message *m);

struct message_context {
    const struct defect_set *defects;
    const struct meter *meter;
    const char *correlation; /* of the command; NULL: an event */
    uint64_t serial;         /* makes the message id */
    int64_t size_max_bytes;  /* of the row, -1 none */
};
/* Replaces out by the whole document. */
enum err_code message_write(struct message *m, const struct message_context *c, struct buf *out,
                            struct err *e);

#endif
