/* plan_numbers - what the rules of a plan take and risk, and for how long. For cmd/plan_*.c.
 *
 * Numbers of trials are those of a device without failures (least), and what is to be expected of
 * one at p0 and one at p1; of several rules in one reading or case the largest.
 * Ownership: the book borrows the plan; plan_book_release frees it.
 * Errors:    ERR_NOMEM, ERR_LIMIT.
 * Time:      nanoseconds.
 */
#ifndef HARNESS_PLAN_NUMBERS_H
#define HARNESS_PLAN_NUMBERS_H

#include "harness/base/buf.h"
#include "harness/plan/risk.h"

struct plan_fact { /* one rule, which many rows share */
    const struct plan_clause *clause;
    bool clusters;
    struct risk risk;
};

struct plan_book {
    const struct plan *plan;
    struct plan_fact *fact;
    size_t n, cap;
};

struct plan_numbers {
    double least, good, bad; /* trials */
};

enum err_code plan_book_make(const struct plan *p, struct plan_book *b, struct err *e);
void plan_book_release(struct plan_book *b);
const struct plan_fact *plan_book_of(const struct plan_book *b, const struct plan_clause *c);

struct plan_numbers plan_numbers_of(const struct plan_book *b, const struct plan_variant *v);
struct plan_numbers plan_numbers_of_case(const struct plan_book *b, const struct plan_case *c);

/* So many trials of a case at the plan's pace, under the declared duty; -1: more than it bears. */
double plan_case_ns(const struct plan *p, const struct plan_case *c, double trials);
/* The case that drives a reading, NULL none; its devices. */
const struct plan_case *plan_case_of(const struct plan *p, uint32_t row, uint32_t variant);
uint64_t plan_case_devices(const struct plan *p, const struct plan_case *c);
/* So many trials as often as the row has it from each of so many devices; -1 it does not say. */
double plan_natural_ns(const struct plan_variant *v, uint64_t devices, double trials);

/* "11 years", "3 weeks", "2 hours", "40 s": for people. */
const char *plan_long(double ns, char *out, size_t size);
/* How likely a device of some failure rates passes. */
enum err_code plan_characteristic(const struct plan_fact *f, char *out, size_t size, struct err *e);
/* What every rule is and does, and what the producer's risks add up to. */
enum err_code plan_rules_text(const struct plan_book *b, struct buf *out, struct err *e);

#endif
