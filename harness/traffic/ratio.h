/* ratio - exact fractions, so that a rate is the same number on every machine.
 *
 * Reduced, den > 0. What 64 bits cannot hold after reduction is den 0, which stays: ratio_holds
 * tells. Nothing here rounds but ratio_value.
 */
#ifndef HARNESS_RATIO_H
#define HARNESS_RATIO_H

#include <stdbool.h>
#include <stdint.h>

struct ratio {
    int64_t num, den;
};

struct ratio ratio_of(int64_t num, int64_t den); /* den 0: does not hold */
struct ratio ratio_times(struct ratio a, struct ratio b);
struct ratio ratio_over(struct ratio a, struct ratio b);
struct ratio ratio_plus(struct ratio a, struct ratio b);
int ratio_order(struct ratio a, struct ratio b); /* -1, 0, 1 */
bool ratio_holds(struct ratio a);
double ratio_value(struct ratio a); /* one division: correctly rounded */

#endif
