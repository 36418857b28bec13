/* num - strict reading of numbers: the whole text or nothing, no sign games, no locale. */
#ifndef HARNESS_NUM_H
#define HARNESS_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decimal digits only, within [min, max]. */
bool num_u64(const char *text, size_t len, uint64_t min, uint64_t max, uint64_t *out);
bool num_i64(const char *text, size_t len, int64_t min, int64_t max, int64_t *out);
/* "12", "0.25", with at most 9 decimals, times scale (a power of ten up to 1e9), exactly. */
bool num_fixed(const char *text, size_t len, int64_t scale, int64_t *out);
bool num_hex64(const char *text, size_t len, uint64_t *out); /* 1 to 16 hex digits */

#endif
