/* often - how often one originator sends a payload, as the table and the deployment give it.
 *
 * Only a rate of one originator in a period of fixed length counts: so many for each thousand of
 * them, or in a month, are none. Letters of the document get the profile's value.
 * Ownership: the value that was taken is borrowed from the profile.
 */
#ifndef HARNESS_OFTEN_H
#define HARNESS_OFTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/profile/profile.h"
#include "harness/table/table.h"

struct often {
    int64_t times_min, times_max; /* in each period */
    int64_t period_ns;
    const struct profile_parameter *by; /* whose value it is, NULL the document's own */
};

/* False: the leg gives none, or the profile no value for its letter. */
bool often_of(const struct profile *p, const struct table_row *row, const struct table_leg *leg,
              struct often *out);

/* Whether a day shows it: whole periods of it make a day, and where it keeps to hours its period is
 * the day. NULL when it does, else why not. */
const char *often_hidden(const struct table_leg *leg, const struct often *o);

/* The profile's value of a letter for a row: the last one that covers it. NULL none. */
const struct profile_parameter *often_parameter(const struct profile *p,
                                                const struct table_row *row, const char *name);

#endif
