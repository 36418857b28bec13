/* content - what a read payload holds, held against its binding: states, values, size, digest.
 *
 * A field that occurs more often than its binding allows is invalid. With several occurrences the
 * worst state stands, and the first value.
 * Ownership: values are borrowed from the envelope.
 * Errors:    none.
 */
#ifndef HARNESS_CONTENT_H
#define HARNESS_CONTENT_H

#include <stdint.h>

#include "harness/probe/binding.h"
#include "harness/probe/envelope.h"

enum field_state { FIELD_ABSENT = 0, FIELD_EMPTY, FIELD_INVALID, FIELD_FINE };

/* Fills state[] and value[] for the b->n_field fields of the binding. Returns the canonical length
 * of all data elements: declared ones by their type; undeclared and invalid ones by their text. */
int64_t content_read(const struct binding *b, const struct envelope *env, uint8_t *state,
                     struct slice *value);

/* 64-bit digest of the payload's elements and values in document order. The same on every machine,
 * for ever: it is written to files. No proof against forgery. */
uint64_t content_digest(const struct envelope *env);

#endif
