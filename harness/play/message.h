/* message - one payload that the reference equipment is about to send.
 *
 * Filled attribute by attribute, in the binding's words, or taken over from one that came; then
 * written as an envelope, with the defects that lie in the message itself.
 * Ownership: one scratch object is enough; message_start forgets the one before.
 * Errors:    an attribute that the binding does not know, or that finds no room, sets broken, told
 *            by message_write.
 */
#ifndef HARNESS_MESSAGE_H
#define HARNESS_MESSAGE_H

#include "harness/base/buf.h"
#include "harness/base/limits.h"
#include "harness/play/defect.h"
#include "harness/play/subject.h"
#include "harness/probe/binding.h"
#include "harness/probe/envelope.h"

struct message_field {
    const struct binding_field *declared; /* NULL: an element of another's */
    size_t path, value;                   /* where they stand in text */
};

struct message {
    const struct binding *binding;
    const char *command; /* payload that it answers, NULL */
    bool failed;         /* Reply/Result FAILED */
    const char *broken;  /* attribute that found no place, NULL */
    size_t n_field;
    struct message_field field[LIMIT_BODY_FIELDS];
    struct envelope_value value[LIMIT_BODY_FIELDS]; /* for writing */
    struct buf text;
};

void message_init(struct message *m);
void message_release(struct message *m);

void message_start(struct message *m, const struct binding *binding, const char *command);
void message_put(struct message *m, const char *attribute, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A field of the binding with that text. */
void message_put_text(struct message *m, const struct binding_field *f, const char *text,
                      size_t len);
/* Another text for the i-th field. */
void message_change(struct message *m, size_t i, const char *text, size_t len);
/* An element by its path, declared or not. */
void message_put_at(struct message *m, const char *path, const char *text);
/* All fields of a message that came. */
void message_take(struct message *m, const struct envelope *env);
bool message_has(const struct message *m, const struct binding_field *f);

/* Canonical length of all values put so far. */
int64_t message_canonical_bytes(const struct message *m);

struct message_context {
    const struct defect_set *defects;
    struct subject subject; /* whom it is about */
    enum envelope_kind kind;
    const char *source;        /* actor */
    const char *message_id;    /* of its own */
    const char *correlation;   /* NULL none */
    const char *reply_address; /* NULL none */
    bool async_reply;
    int64_t size_max_bytes; /* of the row, -1 none */
};
/* Replaces out by the whole document. */
enum err_code message_write(struct message *m, const struct message_context *c, struct buf *out,
                            struct err *e);

#endif
