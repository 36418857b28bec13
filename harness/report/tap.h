/* tap - the Test Anything Protocol stream of a run, row by row in plan order.
 *
 * The live stream and the stored report come from the same calls, so they are equal byte for byte.
 * TAP_NESTED: plan first, a subtest per row, YAML diagnostics as TAP 14 has them, under the version
 *             line 13, because the prove of Perl 5.36 and older takes any higher one for a failure
 *             of the whole stream. TAP_STRICT: the same under "TAP version 14".
 * TAP_FLAT:   no subtests; a test point per row, reading and criterion.
 * pass is ok; fail, error, inconclusive, not exercised, not scorable and not run are not ok, the
 * severity says which; not applicable and information are ok with SKIP. With a list of expected
 * failures applied to the result, those that fail as listed are not ok with TODO and its reason,
 * those that pass ok with TODO.
 * Ownership: borrows the buffer of its struct text.
 */
#ifndef HARNESS_TAP_H
#define HARNESS_TAP_H

#include <stdint.h>

#include "harness/report/text.h"
#include "harness/score/result.h"

enum tap_form { TAP_NESTED = 0, TAP_STRICT, TAP_FLAT, TAP_FORM_COUNT };

/* What is fixed before the first row: from the plan for a live stream, else from the result. */
struct tap_terms {
    const char *rule; /* "short", "fixed", "sequential" */
    int64_t confidence_ppm, consumer_ppm, producer_ppm,
        clustering_ppm; /* producer's: of each rule */
};

struct tap {
    struct text *out;
    enum tap_form form;
    struct tap_terms terms;
    uint64_t number; /* of the last test point at the outer level */
};

/* "13" or "nested", "14", "flat"; -1 for another word. */
int tap_form_by_name(const char *name);

/* Test points that a row makes in this form; n_criteria: shown of all its variants together. */
uint64_t tap_points(enum tap_form form, size_t n_criteria);
/* Version and plan; points is the sum of tap_points over all rows. */
void tap_begin(struct tap *t, struct text *out, enum tap_form form, uint64_t points,
               const struct tap_terms *terms);
void tap_row(struct tap *t, const struct result_row *row);
/* Closing comments: the counts, the campaign. */
void tap_end(struct tap *t, const struct result *r);
/* What a list of expected failures makes of it, behind tap_end; nothing without one. */
void tap_expected(struct tap *t, const struct result *r);
/* "Bail out! reason": nothing can follow. */
void tap_bail(struct tap *t, const char *reason);

/* The whole stream of a stored result. */
void report_tap(const struct result *r, enum tap_form form, struct text *out);

#endif
