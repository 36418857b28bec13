/* words - how numbers, limits, verdicts and rules read in every report, so that all say the same.
 *
 * Integer arithmetic only: the same result gives the same bytes on every machine and locale.
 * Ownership: functions that take out and size fill and return out.
 */
#ifndef HARNESS_WORDS_H
#define HARNESS_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/report/text.h"
#include "harness/score/result.h"

#define WORDS_SIZE 96 /* enough for every out below */

/* A verdict, or the status that stands for one. */
enum outcome {
    OUTCOME_PASS = 0,
    OUTCOME_FAIL,
    OUTCOME_INCONCLUSIVE,
    OUTCOME_ERROR, /* also neither verdict nor status: that is our fault */
    OUTCOME_NOT_EXERCISED,
    OUTCOME_NOT_SCORABLE,
    OUTCOME_NOT_RUN,
    OUTCOME_NOT_APPLICABLE,
    OUTCOME_INFORMATION,
    OUTCOME_COUNT
};

enum outcome outcome_of(enum verdict v, enum no_verdict s);
const char *outcome_name(enum outcome o);  /* "not-exercised" */
const char *outcome_label(enum outcome o); /* "not exercised" */
/* Neither good nor out of scope: spoils exit status 0. */
bool outcome_spoils(enum outcome o);

/* "41.2 ms": three digits, rounded; "-" below 0. */
char *words_duration(int64_t ns, char *out, size_t size);
/* As words_duration, but exact where rounding would put it onto or across the limit (<= 0: none).
 */
char *words_against(int64_t ns, int64_t limit_ns, char *out, size_t size);
/* "5 s", "4 h", "0.25 s": exact. */
char *words_limit(int64_t ns, char *out, size_t size);
/* "5.000123 s" rounded up to the microsecond, so that what is late never reads as in time. */
char *words_exact(int64_t ns, char *out, size_t size);
/* "99.5 %", exact. */
char *words_ratio(int64_t ppb, char *out, size_t size);
/* A bound of an interval with three decimals, rounded outward (up: the upper one). */
char *words_bound(int64_t ppb, bool up, char *out, size_t size);
/* Four decimals at most, cut off: only all of them is 100 %. "-" for n 0. */
char *words_share(uint64_t good, uint64_t n, char *out, size_t size);
/* "1204 to 1219", "1204" or "". */
char *words_frames(uint64_t first, uint64_t last, char *out, size_t size);
/* "545 000" with narrow no-break blanks. */
char *words_count(uint64_t n, char *out, size_t size);

/* "> 99.5 %", "< 5 s", "<= 278 bytes", "25 to 278 bytes", "" when there is no limit. */
void words_required(struct text *t, const struct result_variant *v, enum criterion_kind k);
/* What was measured for a criterion: "598 of 598", "p99 41.2 ms", "48 to 50 bytes". */
void words_measured(struct text *t, const struct result_variant *v, enum criterion_kind k);
/* The row's id; with its use case in brackets where the id alone does not name one row. */
void words_row(struct text *t, enum text_style style, const struct result_row *row);
/* Which reading of the row: "leg gas, mode on-demand", with role or ends where others differ in
 * these alone; "" when there is nothing to tell apart. */
void words_variant(struct text *t, enum text_style style, const struct result_row *row,
                   size_t variant);

/* "5 %", "0.238096 %": exact. */
char *words_risk(int64_t ppm, char *out, size_t size);
/* What an exit status says. */
const char *words_exit(int status);
/* "vendor model", or "equipment not named". */
void words_equipment(struct text *t, enum text_style style, const struct result *r);

enum outcome words_row_outcome(const struct result_row *row);
/* The whole run in one word, the one that its exit status stands for: a run whose rows passed but
 * for one that was never exercised did not pass. */
enum outcome words_whole(const struct result_summary *s);

/* ---- words_rule.c: how it was decided */

#define WORDS_RULE_SIZE 800

/* "a truncated sequential test"; word: "short", "fixed" or "sequential", another counts as short,
 * which older results do not name. */
const char *words_rule_name(const char *word);
bool words_is_short(const char *word);
/* The decision rule of this run, as sentences of plain text; NULL after the last. out has room for
 * WORDS_RULE_SIZE. */
const char *words_rule(const struct result *r, unsigned i, char *out, size_t size);
/* What the producer's risks of all judgements add up to: "25 %", "certainty (805 %)". */
char *words_risk_sum(const struct result *r, char *out, size_t size);
/* The rule of a clause: "at most 4707; passes from 894 with none failed; 14 failed always fail".
 */
void words_clause_rule(struct text *t, const struct result_clause *k);
/* What a reading's reliability came to: "none of 894 failed: > 99.5 % at 5 % consumer's risk,
 * decided after 894"; nothing where no rule was asked. */
void words_decision(struct text *t, const struct result *r, const struct result_variant *v);
/* "exchanges", "events"...: what a rule counts; n: of how many. */
const char *words_unit(const struct result_variant *v, uint64_t n);
/* A chance in parts per million, "less than 0.0001 %" for 0. */
char *words_chance(int64_t ppm, char *out, size_t size);
/* Whether a row's rule judges it: window, rate and confidentiality have their own ways. */
bool words_ruled(enum criterion_kind k);
/* How likely failures come so close together by chance, and the level; nothing where it was not
 * asked. */
void words_clustering(struct text *t, const struct result *r, const struct result_criterion *c);
/* How much of the 1 % that may be indeterminate was used, and by what: "3 of 881 (0.34 %), 2 of
 * them by the harness's own doing"; nothing for none. */
void words_indeterminate(struct text *t, const struct result_criterion *c);
/* The campaign's place: "0123456789abcdef, submission 3 of generation 1"; nothing without ledger.
 */
void words_campaign(struct text *t, enum text_style style, const struct result *r);
/* Unique for each run and plan: "1f2e3d4c-c0ffee0011223344". */
char *words_report_id(const struct result *r, char *out, size_t size);

/* One criterion of one reading as a test point. The points of a row agree with the row, so that
 * what a TAP or JUnit reader makes of them is the run's exit status: in a row that spoils nothing
 * no point does, and in one that spoils at least one does. */
struct words_point {
    enum outcome outcome;
    bool spoils;
    const char *reason;
    const struct result_expected *expected; /* what a list of known failures says, NULL nothing */
};
struct words_point words_point(const struct result_row *row, size_t variant, enum criterion_kind k);

/* Whether this exchange is what a bad verdict on the criterion rests on. */
bool words_proves(const struct result_variant *v, const struct result_example *x,
                  enum criterion_kind k);

/* words_hops.c: "12.5 %" of a budget; a chain's links and actors in one line. */
char *words_part(int64_t ns, int64_t of_ns, char *out, size_t size);
void words_hops(struct text *out, const struct result_variant *v);

#endif
