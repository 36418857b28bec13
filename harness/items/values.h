/* values - the values of an item: blank-separated words, and ranges of whole numbers 1..100.
 *
 * Ownership: borrows the texts.
 * Errors:    none; a range that is none is a word.
 */
#ifndef HARNESS_VALUES_H
#define HARNESS_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first value supported that the allowed ones do not hold, its length in *len; NULL: all do. */
const char *values_beyond(const char *supported, const char *allowed, size_t *len);

/* Whether the values hold a number: as itself or in a range. */
bool values_hold(const char *values, uint64_t number);

#endif
