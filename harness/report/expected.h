/* expected - a list of known failures, for a pipeline: each must fail, and in the way listed.
 *
 * It changes no verdict and no file of evidence: expected_apply notes in the result, in memory,
 * what the list says of each point; TAP and JUnit show that, and the exit status follows it. A
 * point is a criterion of a reading, or a row that has no reading. An entry without a criterion
 * speaks of all points that spoil its row. The cause is the most frequent one of the reading's
 * failures. An entry is dated by the evidence, not by the day of scoring. What is out of scope in
 * the result at hand is passed over.
 * Ownership: expected_free frees; the result borrows strings, so the list must outlive its use.
 * Errors:    ERR_DATA with file and line: no such row, use case or leg; an entry told twice.
 * Spec: fixtures/schemas/expected.rng.
 */
#ifndef HARNESS_EXPECTED_H
#define HARNESS_EXPECTED_H

#include "harness/plan/plan.h"
#include "harness/report/text.h"
#include "harness/score/result.h"

struct expected;

enum err_code expected_read(const char *path, struct expected **out, struct err *e);
void expected_free(struct expected *x);

/* All that the list names is there: asked before the first trial. */
enum err_code expected_check(struct expected *x, const struct plan *plan, struct err *e);

/* Fills the fields "expected" of the result, after checking that it has all that the list names. */
enum err_code expected_apply(struct expected *x, struct result *r, struct err *e);

/* What came of it, one line an entry that did not hold; nothing when no list was applied. */
void expected_text(const struct expected *x, const struct result *r, struct text *out);

/* "all failures are as expected": what the exit status of a result with a list says. */
const char *expected_exit_words(int status);

#endif
